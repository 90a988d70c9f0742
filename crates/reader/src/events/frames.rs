//! Who plays which part? What stands before the verb, behind it, and behind its prepositions.

use crate::document::Document;
use crate::mentions::Mentions;
use crate::pos::{Syntax, Tag, VerbForm, verb_lemma};
use headwater_domain::reading::{Role, ThingKind};
use serde::Deserialize;
use std::ops::Range;

use super::triggers::{Lexicon, Trigger};

/// How far to the right of an act its participants may stand, in tokens.
const REACH_TOKENS_MAX: usize = 32;
/// How many mentions back a pronoun may reach.
const PRONOUN_REACH: usize = 14;
/// Most members of a list of participants.
const LIST_MAX: usize = 8;
/// Longest apposition between a subject and its verb, in tokens.
const APPOSITION_TOKENS_MAX: usize = 22;

/// Which role stands where around a word for an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Frame {
    /// Subject acts on object; *on*, *against* name the target.
    Strike,
    /// Both sides act: subject and *with*, *between … and …*.
    Clash,
    /// Object is harmed.
    Harm,
    /// Subject is harmed.
    Die,
    /// Object is the weapon: "fired rockets at".
    Launch,
    /// Subject is the weapon: "a bomb exploded".
    Explode,
    /// Object is held.
    Detain,
    /// Object is the place or thing taken.
    Take,
    /// Subject protests *against* the target.
    Protest,
    /// Subject turns to the object.
    Ask,
    /// Object is what is moved; *to* names the place.
    Deploy,
    /// Subject goes; *from* names the place.
    Leave,
    /// Object is tried, *by* the court.
    Trial,
}

/// A filled role: the mention and how far to trust it.
pub type Filled = (Role, usize, f32);

/// The roles around a trigger, from its own clause.
pub fn arguments(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &Mentions,
    trigger: &Trigger,
    frame: Frame,
) -> Vec<Filled> {
    let around = Around { document, syntax, mentions };
    let mut filled = Vec::new();
    if trigger.verbal {
        around.verbal(trigger, frame, &mut filled);
    } else {
        around.nominal(trigger, frame, &mut filled);
    }
    filled.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.2.total_cmp(&a.2)));
    filled.dedup_by_key(|filled| (filled.0, filled.1));
    filled
}

/// What a verb is done to: its objects, or its subject in the passive.
pub fn undergoers(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &Mentions,
    tokens: &Range<usize>,
    head: usize,
) -> Vec<usize> {
    let around = Around { document, syntax, mentions };
    around.undergoers(tokens, head)
}

/// Tells whether a pronoun for people stands where what a verb is done to does.
pub fn undergone_by_pronoun(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &Mentions,
    head: usize,
) -> bool {
    let Some(group) = syntax.verb_at(head) else { return false };
    let around = Around { document, syntax, mentions };
    let is_personal = |at: usize| {
        matches!(
            document.lower(at),
            "he" | "him" | "she" | "her" | "they" | "them" | "who" | "us" | "we" | "me" | "i"
        )
    };
    let before = group.tokens.start.checked_sub(1);
    match (group.passive, around.sentence_of(head)) {
        (_, None) => false,
        (true, Some(_)) => before.is_some_and(is_personal),
        (false, Some(sentence)) => head + 1 < sentence.end && is_personal(head + 1),
    }
}

/// Who does what a verb says.
pub fn doers(document: &Document<'_>, syntax: &Syntax, mentions: &Mentions, head: usize) -> Vec<usize> {
    let around = Around { document, syntax, mentions };
    around.doers(head)
}

struct Around<'a> {
    document: &'a Document<'a>,
    syntax: &'a Syntax,
    mentions: &'a Mentions,
}

impl Around<'_> {
    fn verbal(&self, trigger: &Trigger, frame: Frame, filled: &mut Vec<Filled>) {
        let mut doers = self.doers(trigger.head);
        let mut undergoers = self.undergoers(&trigger.tokens, trigger.head);
        // "Four shot at a party": headlines leave out *were*.
        let bare = self.syntax.verb_at(trigger.head).is_some_and(|group| {
            group.tokens.len() == 1 && self.document.lower(group.head).ends_with(['d', 't', 'n'])
        });
        if bare && undergoers.is_empty() && matches!(frame, Frame::Harm | Frame::Detain | Frame::Trial) {
            std::mem::swap(&mut doers, &mut undergoers);
        }
        let (doer, undergoer) = match frame {
            Frame::Die => (Role::Victim, Role::Victim),
            Frame::Explode => (Role::Weapon, Role::Weapon),
            Frame::Clash => (Role::Actor, Role::Actor),
            Frame::Harm => (Role::Actor, Role::Victim),
            Frame::Launch => (Role::Actor, Role::Weapon),
            Frame::Detain => (Role::Actor, Role::Detained),
            _ => (Role::Actor, Role::Target),
        };
        for mention in doers {
            self.fill(doer, mention, frame, 0.8, filled);
        }
        for mention in undergoers {
            self.fill(undergoer, mention, frame, 0.8, filled);
        }
        self.behind(trigger.tokens.end, frame, filled);
    }

    /// Puts a mention into a role if its kind can play it; otherwise into the role that it can play.
    fn fill(&self, role: Role, mention: usize, frame: Frame, score: f32, filled: &mut Vec<Filled>) {
        let Some(kind) = self.mentions.kind(mention) else { return };
        let mut push = |role| filled.push((role, mention, score));
        match (role, kind) {
            (Role::Actor, ThingKind::Weapon) => push(Role::Weapon),
            (Role::Actor, ThingKind::Facility | ThingKind::Place) => {
                if matches!(frame, Frame::Ask | Frame::Clash) {
                    push(Role::Actor);
                }
            }
            (Role::Weapon, ThingKind::Weapon) => push(Role::Weapon),
            (Role::Weapon, ThingKind::Facility) => push(Role::Weapon),
            (Role::Weapon, ThingKind::People | ThingKind::Person) => push(Role::Actor),
            (Role::Weapon, _) => {}
            (Role::Victim, ThingKind::Facility | ThingKind::Place | ThingKind::Organisation) => {
                push(Role::Target)
            }
            (Role::Victim, ThingKind::Weapon) => {}
            (Role::Victim, _) => push(Role::Victim),
            (Role::Detained, ThingKind::Facility | ThingKind::Place | ThingKind::Organisation) => {
                push(Role::Target)
            }
            (Role::Detained, ThingKind::Weapon) => push(Role::Target),
            (Role::Detained, _) => {
                push(Role::Detained);
                push(Role::Target);
            }
            (Role::Target, ThingKind::Person | ThingKind::People) if matches!(frame, Frame::Strike) => {
                push(Role::Target);
                push(Role::Victim);
            }
            (Role::Target, ThingKind::Place) if matches!(frame, Frame::Take) => {
                push(Role::Target);
                push(Role::Place);
            }
            (Role::Target, ThingKind::Place) if matches!(frame, Frame::Strike) => {
                push(Role::Target);
                // "attacked a village near Brisa": the name says where.
                if self
                    .mentions
                    .chain(mention)
                    .and_then(|chain| self.mentions.chains.get(chain))
                    .is_some_and(|chain| chain.named)
                {
                    push(Role::Place);
                }
            }
            (Role::Place, ThingKind::Place | ThingKind::Facility) => push(Role::Place),
            (Role::Place, _) => {}
            (role, _) => push(role),
        }
    }

    /// Reads the prepositional phrases behind an act.
    fn behind(&self, start: usize, frame: Frame, filled: &mut Vec<Filled>) {
        let Some(sentence) = self.sentence_of(start.saturating_sub(1)) else { return };
        let end = sentence.end.min(start + REACH_TOKENS_MAX);
        let mut at = start;
        while at < end {
            let tag = self.syntax.tag(at);
            let word = self.document.lower(at);
            match tag {
                Tag::Subordinator | Tag::Relative | Tag::Quote => break,
                Tag::Mark if matches!(word, ";" | ":" | "." | "(") => break,
                Tag::Past | Tag::Present | Tag::Modal | Tag::Auxiliary => break,
                Tag::Preposition | Tag::To => {
                    let role = match (word, frame) {
                        ("by", Frame::Trial) => Some(Role::Actor),
                        ("by", _) => Some(Role::Actor),
                        ("with", Frame::Clash | Frame::Ask) => Some(Role::Actor),
                        ("with", _) => Some(Role::Weapon),
                        ("using", _) => Some(Role::Weapon),
                        ("between", Frame::Clash) => Some(Role::Actor),
                        ("against", Frame::Clash) => Some(Role::Target),
                        ("on" | "against" | "at" | "upon" | "into" | "toward" | "towards", _) => {
                            Some(Role::Target)
                        }
                        ("of", Frame::Harm | Frame::Die) => Some(Role::Victim),
                        ("of", Frame::Detain) => Some(Role::Detained),
                        ("of", Frame::Strike | Frame::Take | Frame::Trial | Frame::Ask) => Some(Role::Target),
                        ("of", Frame::Leave) => Some(Role::Actor),
                        ("of", Frame::Deploy) => Some(Role::Actor),
                        ("to", Frame::Deploy) => Some(Role::Place),
                        ("to", Frame::Ask | Frame::Leave) => Some(Role::Target),
                        ("from", Frame::Leave) => Some(Role::Place),
                        (
                            "in" | "near" | "outside" | "inside" | "around" | "across" | "throughout"
                            | "from",
                            _,
                        ) => Some(Role::Place),
                        _ => None,
                    };
                    if let Some(role) = role
                        && let Some(phrase) = self.phrase_from(at + 1)
                    {
                        let listed = self.listed(phrase);
                        // "in Brisa, Santander": what follows the comma only says where Brisa is.
                        let wanted = if role == Role::Place { listed.len().min(1) } else { listed.len() };
                        for &mention in listed.iter().take(wanted) {
                            self.behind_fill(role, word, mention, frame, filled);
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn behind_fill(&self, role: Role, word: &str, mention: usize, frame: Frame, filled: &mut Vec<Filled>) {
        let Some(kind) = self.mentions.kind(mention) else { return };
        match (role, kind) {
            // "on Monday" is no mention; "at a checkpoint" is both where and what.
            (Role::Target, ThingKind::Place) => filled.push((Role::Place, mention, 0.7)),
            (Role::Target, ThingKind::Facility) if matches!(frame, Frame::Strike | Frame::Launch) => {
                filled.push((Role::Target, mention, 0.7));
                if word == "at" {
                    filled.push((Role::Place, mention, 0.5));
                }
            }
            (Role::Target, ThingKind::Facility) => filled.push((Role::Place, mention, 0.6)),
            (Role::Weapon, kind) if kind != ThingKind::Weapon => {}
            (Role::Actor, ThingKind::Weapon) => filled.push((Role::Weapon, mention, 0.6)),
            (Role::Actor, ThingKind::Facility | ThingKind::Place) => {}
            (role, _) => self.fill(role, mention, frame, 0.7, filled),
        }
    }

    fn nominal(&self, trigger: &Trigger, frame: Frame, filled: &mut Vec<Filled>) {
        let lexicon = Lexicon::shared();
        // Inside the phrase: "a Taliban attack", "the embassy bombing".
        if let Some(phrase) = self.syntax.noun_at(trigger.head) {
            for mention in
                self.mentions.within(phrase.tokens.start..trigger.tokens.start.max(phrase.tokens.start))
            {
                match self.mentions.kind(mention) {
                    Some(ThingKind::Place) => filled.push((Role::Place, mention, 0.6)),
                    Some(ThingKind::Facility) => filled.push((Role::Target, mention, 0.6)),
                    Some(ThingKind::Weapon) => filled.push((Role::Weapon, mention, 0.6)),
                    Some(_) => filled.push((Role::Actor, mention, 0.6)),
                    None => {}
                }
            }
            // "the group's attack"
            if phrase.start >= 2
                && let Some(owner) =
                    self.syntax.noun_at(phrase.tokens.start.saturating_sub(2)).filter(|owner| owner.possessor)
                && let Some(mention) = self.mentions.at(owner.head)
            {
                let role = match frame {
                    Frame::Harm | Frame::Die => Role::Victim,
                    Frame::Detain => Role::Detained,
                    Frame::Trial => Role::Target,
                    _ => Role::Actor,
                };
                self.fill(role, mention, frame, 0.7, filled);
            }
            // "carried out an attack": whoever did the carrying.
            if let Some(group) = self.governing_verb(phrase.start)
                && lexicon.is_light(verb_lemma(self.document.lower(group)))
            {
                for mention in self.doers(group) {
                    self.fill(Role::Actor, mention, frame, 0.7, filled);
                }
            }
        }
        self.behind(trigger.tokens.end, frame, filled);
        // "the attack killed 12 soldiers", "an attack was carried out by rebels"
        if let Some(next) =
            self.syntax.verb_at(trigger.tokens.end).or_else(|| self.verb_after(trigger.tokens.end))
        {
            let lemma = verb_lemma(self.document.lower(next.head));
            if matches!(
                lemma,
                "kill" | "wound" | "injure" | "claim" | "leave" | "hit" | "target" | "strike" | "destroy"
            ) && !next.passive
            {
                for mention in self.objects(next.head + 1) {
                    let role = if matches!(lemma, "hit" | "target" | "strike" | "destroy") {
                        Role::Target
                    } else {
                        Role::Victim
                    };
                    if self.mentions.kind(mention) == Some(ThingKind::People)
                        || role == Role::Target
                        || lemma != "claim"
                    {
                        self.fill(role, mention, frame, 0.6, filled);
                    }
                }
            } else if next.passive && lexicon.is_light(lemma) {
                self.behind(next.tokens.end, frame, filled);
            }
        }
    }

    fn sentence_of(&self, token: usize) -> Option<Range<usize>> {
        let sentence = self.document.sentence_of(token)?;
        Some(self.document.sentences[sentence].tokens.clone())
    }

    /// The head of the verb group of which a phrase is the object.
    fn governing_verb(&self, start: usize) -> Option<usize> {
        let mut at = start.checked_sub(1)?;
        // Over particles and "a series of": "carried out a series of attacks".
        for _ in 0..4 {
            if let Some(group) = self.syntax.verb_at(at) {
                return Some(group.head);
            }
            if !matches!(
                self.syntax.tag(at),
                Tag::Adverb | Tag::Preposition | Tag::Determiner | Tag::Noun | Tag::Adjective
            ) {
                return None;
            }
            at = at.checked_sub(1)?;
        }
        None
    }

    fn verb_after(&self, start: usize) -> Option<&crate::pos::VerbGroup> {
        let sentence = self.sentence_of(start.saturating_sub(1))?;
        (start..sentence.end.min(start + 12)).find_map(|at| match self.syntax.tag(at) {
            Tag::Mark | Tag::Subordinator => None,
            _ => self.syntax.verb_at(at).filter(|group| group.form == VerbForm::Finite),
        })
    }

    /// Index of the noun phrase that begins at or just behind a token.
    fn phrase_from(&self, start: usize) -> Option<usize> {
        (start..start + 3).find_map(|at| {
            if at > start
                && !matches!(
                    self.syntax.tag(at - 1),
                    Tag::Determiner | Tag::Adverb | Tag::Adjective | Tag::Quote
                )
            {
                return None;
            }
            self.syntax.noun_index(at)
        })
    }

    /// The mentions of a phrase and of those listed with it: "soldiers, police and civilians".
    fn listed(&self, phrase: usize) -> Vec<usize> {
        let mut listed = Vec::new();
        let mut index = phrase;
        for _ in 0..LIST_MAX {
            let Some(noun) = self.syntax.nouns.get(index) else { break };
            if noun.possessor {
                index += 1;
                continue;
            }
            if let Some(mention) = self.mention_of(index)
                && !listed.contains(&mention)
            {
                listed.push(mention);
            }
            let mut next = noun.tokens.end;
            let mut joined = false;
            while matches!(self.document.lower(next), "and" | "," | "or" | "&") && next < noun.tokens.end + 2
            {
                joined = true;
                next += 1;
            }
            if !joined || self.syntax.noun_index(next) != Some(index + 1) {
                // "the leader of the group": the phrase behind *of* belongs to the first.
                break;
            }
            // A clause of its own follows, not another member.
            let after = self.syntax.nouns.get(index + 1).map_or(0, |noun| noun.tokens.end);
            if self.syntax.verb_at(after).is_some_and(|group| group.form == VerbForm::Finite) {
                break;
            }
            index += 1;
        }
        listed
    }

    /// The mention of a noun phrase; for a pronoun the nearest mention that it can mean.
    fn mention_of(&self, phrase: usize) -> Option<usize> {
        let noun = self.syntax.nouns.get(phrase)?;
        if !noun.pronoun {
            return self.mentions.at(noun.head);
        }
        let fits: &dyn Fn(ThingKind) -> bool = match self.document.lower(noun.head) {
            "he" | "him" | "himself" | "she" | "her" | "herself" => &|kind| kind == ThingKind::Person,
            "they" | "them" | "themselves" => &|kind| {
                matches!(
                    kind,
                    ThingKind::ArmedGroup
                        | ThingKind::SecurityForce
                        | ThingKind::People
                        | ThingKind::Organisation
                )
            },
            "it" | "itself" => &|kind| kind.is_organised(),
            _ => return None,
        };
        let before = self.mentions.tokens.partition_point(|tokens| tokens.start < noun.head);
        (before.saturating_sub(PRONOUN_REACH)..before)
            .rev()
            .find(|&mention| self.mentions.kind(mention).is_some_and(fits))
    }

    fn objects(&self, start: usize) -> Vec<usize> {
        let mut at = start;
        while matches!(self.syntax.tag(at), Tag::Adverb) || self.document.lower(at) == "down" {
            at += 1;
        }
        match self.syntax.noun_index(at) {
            Some(phrase) => self.listed(phrase),
            None => Vec::new(),
        }
    }

    fn undergoers(&self, tokens: &Range<usize>, head: usize) -> Vec<usize> {
        let Some(group) = self.syntax.verb_at(head) else { return Vec::new() };
        if group.passive {
            return self.subject(head, 0);
        }
        // "shot two guards dead": the object stands inside the phrase.
        let inside: Vec<usize> = self
            .mentions
            .within(head + 1..tokens.end)
            .filter(|&mention| self.mentions.tokens[mention].end < tokens.end)
            .collect();
        if !inside.is_empty() {
            return inside;
        }
        let objects = self.objects(tokens.end.max(group.head + 1));
        if !objects.is_empty() {
            return objects;
        }
        if matches!(self.syntax.tag(tokens.end), Tag::Preposition | Tag::To)
            && matches!(self.document.lower(tokens.end), "on" | "at" | "against" | "into" | "upon")
            && let Some(phrase) = self.phrase_from(tokens.end + 1)
        {
            return self.listed(phrase);
        }
        Vec::new()
    }

    fn doers(&self, head: usize) -> Vec<usize> {
        let Some(group) = self.syntax.verb_at(head) else { return Vec::new() };
        if group.passive { Vec::new() } else { self.subject(head, 0) }
    }

    /// The grammatical subject of the verb group with this head.
    fn subject(&self, head: usize, depth: usize) -> Vec<usize> {
        let Some(group) = self.syntax.verb_at(head) else { return Vec::new() };
        let Some(sentence) = self.sentence_of(head) else { return Vec::new() };
        if depth > 3 {
            return Vec::new();
        }
        let mut at = group.tokens.start;
        if let Some(named) = self.before_apposition(at, sentence.start) {
            return self.members(named);
        }
        let mut joined = false;
        while at > sentence.start {
            at -= 1;
            let tag = self.syntax.tag(at);
            match tag {
                Tag::Adverb | Tag::Negation | Tag::Quote | Tag::Preposition | Tag::To => continue,
                Tag::Mark => {
                    if matches!(self.document.lower(at), ";" | ":") {
                        break;
                    }
                    continue;
                }
                Tag::Conjunction => {
                    joined = true;
                    continue;
                }
                Tag::Subordinator => break,
                Tag::Relative => {
                    let Some(before) = at.checked_sub(1) else { break };
                    let before =
                        if self.document.word(before) == "," { before.saturating_sub(1) } else { before };
                    return self
                        .syntax
                        .noun_index(before)
                        .map(|phrase| self.members(phrase))
                        .unwrap_or_default();
                }
                _ => {}
            }
            if let Some(other) = self.syntax.verb_at(at) {
                let own_clause = matches!(other.form, VerbForm::Finite | VerbForm::Infinitive);
                if joined || matches!(group.form, VerbForm::Infinitive | VerbForm::Gerund) {
                    // A passive that is joined on shares the subject too.
                    return self.subject(other.head, depth + 1);
                }
                if !own_clause || self.in_relative(other.tokens.start, sentence.start) {
                    at = other.tokens.start;
                    continue;
                }
                break;
            }
            if let Some(phrase) = self.syntax.noun_index(at) {
                let noun = &self.syntax.nouns[phrase];
                at = noun.start;
                if matches!(group.form, VerbForm::Reduced) {
                    return self.members(phrase);
                }
                let before = at.checked_sub(1).filter(|&before| before >= sentence.start);
                let of_preposition = before
                    .is_some_and(|before| matches!(self.syntax.tag(before), Tag::Preposition | Tag::To));
                if of_preposition {
                    // "the leader of the group attacked": go on to the left of the preposition.
                    at = at.saturating_sub(1);
                    continue;
                }
                if before.is_some_and(|before| self.document.lower(before) == "'s") {
                    return self.members(phrase);
                }
                // ", a spokesman," behind a name: the name is the subject.
                if before.is_some_and(|before| self.document.word(before) == ",")
                    && let Some(named) = self.syntax.noun_index(at.saturating_sub(2))
                    && self.syntax.tag(self.syntax.nouns[named].head) == Tag::Proper
                    && !matches!(self.document.lower(noun.tokens.end), "and")
                {
                    return self.members(named);
                }
                return self.members(phrase);
            }
        }
        Vec::new()
    }

    /// ", a tennis player ranked 27th, was arrested": the phrase before the first of the two commas.
    fn before_apposition(&self, verb: usize, sentence: usize) -> Option<usize> {
        let close = verb.checked_sub(1).filter(|&at| at > sentence && self.document.word(at) == ",")?;
        let first = close.saturating_sub(APPOSITION_TOKENS_MAX).max(sentence);
        let open = (first..close).rev().find(|&at| self.document.word(at) == ",")?;
        let phrase = self.syntax.noun_index(open.checked_sub(1).filter(|&at| at >= sentence)?)?;
        // A list or an adverbial before the subject is no apposition.
        let listed = matches!(self.document.lower(open + 1), "and" | "or");
        let noun = self.syntax.nouns.get(phrase)?;
        let adverbial =
            noun.start > sentence && matches!(self.syntax.tag(noun.start - 1), Tag::Preposition | Tag::To);
        (!listed && !adverbial && noun.tokens.end == open).then_some(phrase)
    }

    /// A phrase and those joined to its left: "the army and the police".
    fn members(&self, phrase: usize) -> Vec<usize> {
        let mut members: Vec<usize> = self.mention_of(phrase).into_iter().collect();
        let mut index = phrase;
        let mut listing = false;
        for _ in 0..LIST_MAX {
            let Some(noun) = self.syntax.nouns.get(index) else { break };
            let Some(before) = noun.start.checked_sub(1) else { break };
            let joins =
                self.document.lower(before) == "and" || (listing && self.document.word(before) == ",");
            if !joins || index == 0 {
                break;
            }
            listing = true;
            let other = &self.syntax.nouns[index - 1];
            if other.tokens.end != before
                && !(other.tokens.end + 1 == before && self.document.word(other.tokens.end) == ",")
            {
                break;
            }
            index -= 1;
            members.extend(self.mention_of(index));
        }
        members
    }

    fn in_relative(&self, start: usize, sentence: usize) -> bool {
        start > sentence && self.syntax.tag(start - 1) == Tag::Relative
    }
}
