//! Modality: does the text say that it happened, will, may, or did not?
//!
//! The words that decide stand around an event word in a fixed order: in its own verb group, in what
//! governs it (a verb, noun or adjective and its complement), and in its clause. They are read from
//! the inside out, and each changes what the inner ones left.

use crate::document::Document;
use crate::pos::{Syntax, Tag, VerbForm, VerbGroup, is_be, noun_lemma, verb_lemma};
use headwater_domain::kind::EventStatus;
use headwater_domain::reading::Hedge;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Governors above governors that are followed: "plans to try to prevent an attack".
const DEPTH_MAX: usize = 4;
/// Tokens looked back for what governs an event.
const REACH_MAX: usize = 25;

/// What a text makes of whether something happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Modality {
    /// Whether it is said not to be so.
    pub negated: bool,
    /// Where it stands; never [`EventStatus::Background`], which time decides.
    pub status: EventStatus,
    /// What withholds commitment.
    pub hedge: Option<Hedge>,
    /// Whether it is only asked.
    pub question: bool,
    /// How sure the words make a reader: −3 (did not happen) over 0 (open) to 3 (happened).
    pub certainty: f32,
}

/// Reads what the text around a word makes of the event that it names.
pub fn of(document: &Document<'_>, syntax: &Syntax, token: usize) -> Modality {
    let mut scope = Scope { document, syntax, cues: Vec::new() };
    scope.read(token, 0);
    scope.read_sentence(token);
    scope.weigh()
}

/// What a word makes of the event in its scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Makes {
    Foils,
    Fails,
    Succeeds,
    Plans,
    Wants,
    Threatens,
    Fears,
    Attempts,
    Doubts,
    Denies,
    Believes,
    Alleges,
    Enables,
    Likely,
    #[serde(skip)]
    Not,
    #[serde(skip)]
    Will,
    #[serde(skip)]
    May,
    #[serde(skip)]
    Would,
    #[serde(skip)]
    If,
    #[serde(skip)]
    Question,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HedgesFile {
    word: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    makes: Makes,
    #[serde(default)]
    strength: u8,
    #[serde(default)]
    verbs: String,
    #[serde(default)]
    nouns: String,
    #[serde(default)]
    adjectives: String,
    #[serde(default)]
    adverbs: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    misses: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    #[serde(rename = "event")]
    event: String,
}

#[derive(Default)]
struct Lexicon {
    verbs: BTreeMap<String, Makes>,
    nouns: BTreeMap<String, Makes>,
    adjectives: BTreeMap<String, (Makes, u8)>,
    adverbs: BTreeMap<String, u8>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: HedgesFile = toml::from_str(include_str!("../../../lexicons/en/hedges.toml"))
        .expect("the lexicon is compiled in, and a test reads it");
    let mut lexicon = Lexicon::default();
    for entry in &file.word {
        for verb in entry.verbs.split_whitespace() {
            lexicon.verbs.entry(verb.to_owned()).or_insert(entry.makes);
        }
        for noun in entry.nouns.split_whitespace() {
            lexicon.nouns.entry(noun.to_owned()).or_insert(entry.makes);
        }
        for adjective in entry.adjectives.split_whitespace() {
            lexicon.adjectives.entry(adjective.to_owned()).or_insert((entry.makes, entry.strength));
        }
        for adverb in entry.adverbs.split_whitespace() {
            lexicon.adverbs.entry(adverb.to_owned()).or_insert(entry.strength);
        }
    }
    lexicon
});

struct Scope<'a> {
    document: &'a Document<'a>,
    syntax: &'a Syntax,
    /// What was met, from the inside out, and the word it was met in.
    cues: Vec<(Makes, usize, u8)>,
}

impl Scope<'_> {
    fn lower(&self, token: usize) -> &str {
        self.document.lower(token)
    }

    fn tag(&self, token: usize) -> Tag {
        self.syntax.tag(token)
    }

    fn sentence_start(&self, token: usize) -> usize {
        self.document.sentence_of(token).map_or(token, |index| self.document.sentences[index].tokens.start)
    }

    fn sentence_end(&self, token: usize) -> usize {
        self.document.sentence_of(token).map_or(token, |index| self.document.sentences[index].tokens.end)
    }

    /// Reads an event word or governor, then what governs it.
    fn read(&mut self, token: usize, depth: usize) {
        if depth > DEPTH_MAX {
            return;
        }
        let group = self.syntax.verb_at(token).filter(|group| group.head == token).cloned();
        match group {
            Some(group) if self.tag(token).is_verb() || self.tag(token) == Tag::Auxiliary => {
                self.read_verb(&group, depth)
            }
            _ => self.read_noun(token, depth),
        }
    }

    fn read_verb(&mut self, group: &VerbGroup, depth: usize) {
        if group.negated {
            self.cues.push((Makes::Not, group.tokens.start, 0));
        } else if let Some(before) = group.tokens.start.checked_sub(1)
            && matches!(self.lower(before), "not" | "never" | "n't" | "without")
        {
            self.cues.push((Makes::Not, before, 0));
        }
        let negative = group.tokens.clone().find(|&token| {
            matches!(
                self.lower(token),
                "won't"
                    | "can't"
                    | "couldn't"
                    | "wouldn't"
                    | "shouldn't"
                    | "didn't"
                    | "don't"
                    | "doesn't"
                    | "isn't"
                    | "wasn't"
                    | "weren't"
                    | "aren't"
                    | "hasn't"
                    | "haven't"
                    | "hadn't"
                    | "cannot"
                    | "barely"
            )
        });
        if let Some(token) = negative
            && !group.negated
        {
            self.cues.push((Makes::Not, token, 0));
        }
        let modal = group
            .tokens
            .clone()
            .find(|&token| self.tag(token) == Tag::Modal || matches!(self.lower(token), "may" | "might"));
        if let Some(modal) = modal {
            match self.lower(modal) {
                "will" | "'ll" | "shall" | "wo" | "won't" => self.cues.push((Makes::Will, modal, 1)),
                "would" | "'d" | "wouldn't" => self.cues.push((Makes::Would, modal, 2)),
                "should" | "must" | "shouldn't" => self.cues.push((Makes::Wants, modal, 3)),
                "can" | "ca" | "can't" | "cannot" => self.cues.push((Makes::Enables, modal, 3)),
                _ => self.cues.push((Makes::May, modal, 3)),
            }
        }
        let start = group.tokens.start;
        let infinitive = group.form == VerbForm::Infinitive
            || self.lower(start) == "to"
            || start.checked_sub(1).is_some_and(|before| self.lower(before) == "to");
        if infinitive {
            let to = if self.lower(start) == "to" { start } else { start.saturating_sub(1) };
            // "is to attack", "are to meet"
            if group.tokens.clone().any(|token| is_be(self.lower(token))) && self.tag(start) == Tag::Auxiliary
            {
                self.cues.push((Makes::Plans, start, 1));
            }
            self.read_governor_of_infinitive(to, depth);
            return;
        }
        if matches!(group.form, VerbForm::Gerund) {
            self.read_governor_of_gerund(group.head, depth);
            return;
        }
        if modal.is_none()
            && group.tokens.len() == 1
            && let Some(first) = self.first_of_row(start)
        {
            // "could cross, threaten and attack": the first verb of the row carries what holds for all.
            if depth < DEPTH_MAX {
                self.read(first, depth + 1);
            }
            return;
        }
        self.read_subject(group);
        self.read_clause(start, depth);
    }

    /// The head of the verb that a verb without subject or modal of its own goes on from.
    fn first_of_row(&self, start: usize) -> Option<usize> {
        let tag = self.tag(start);
        let lowest = self.sentence_start(start).max(start.saturating_sub(REACH_MAX));
        let before = start.checked_sub(1)?;
        if !matches!(self.lower(before), "and" | "or" | ",")
            || !matches!(tag, Tag::Base | Tag::Participle | Tag::Gerund)
        {
            return None;
        }
        (lowest..before).rev().find(|&token| {
            self.tag(token) == tag && self.syntax.verb_at(token).is_some_and(|group| group.head == token)
        })
    }

    /// "No soldier died", "nobody was hurt".
    fn read_subject(&mut self, group: &VerbGroup) {
        let Some(before) = group.tokens.start.checked_sub(1) else { return };
        let Some(noun) = self.syntax.noun_at(before) else { return };
        let first = noun.start;
        if matches!(self.lower(first), "no" | "nobody" | "none" | "neither" | "nothing") {
            self.cues.push((Makes::Not, first, 0));
        }
    }

    fn governor(&self, token: usize) -> Option<(Makes, u8)> {
        let word = self.lower(token);
        let tag = self.tag(token);
        if let Some(&(makes, strength)) = LEXICON.adjectives.get(word)
            && !(tag.is_verb() && LEXICON.verbs.contains_key(verb_lemma(word)))
        {
            return Some((makes, strength));
        }
        if (tag.is_verb() || tag == Tag::Adjective)
            && let Some(&makes) = LEXICON.verbs.get(verb_lemma(word))
        {
            return Some((makes, 0));
        }
        if tag.is_nominal()
            && let Some(&makes) = LEXICON.nouns.get(noun_lemma(word).as_str())
        {
            return Some((makes, 0));
        }
        None
    }

    fn govern(&mut self, token: usize, depth: usize) -> bool {
        let Some((makes, strength)) = self.governor(token) else { return false };
        self.cues.push((makes, token, strength));
        self.read(token, depth + 1);
        true
    }

    /// "failed to", "plan to", "urged both sides to", "unable to".
    fn read_governor_of_infinitive(&mut self, to: usize, depth: usize) {
        let lowest = self.sentence_start(to);
        let mut at = to;
        let mut steps = 0;
        while at > lowest && steps < 12 {
            at -= 1;
            steps += 1;
            let tag = self.tag(at);
            if matches!(self.lower(at), "not" | "never") {
                self.cues.push((Makes::Not, at, 0));
                continue;
            }
            if steps == 1 && self.lower(at) == "order" {
                // "in order to": a purpose.
                self.cues.push((Makes::Wants, at, 2));
                return;
            }
            if self.govern(at, depth) {
                return;
            }
            if tag.is_verb() || tag == Tag::Auxiliary {
                if tag.is_verb() && steps > 1 {
                    // "They went to the square to protest": a purpose.
                    self.cues.push((Makes::Wants, to, 2));
                }
                if let Some(group) = self.syntax.verb_at(at).cloned() {
                    self.read_group_only(&group, depth);
                }
                return;
            }
            if matches!(tag, Tag::Mark | Tag::Quote | Tag::Subordinator | Tag::Conjunction)
                && steps > 1
                && tag != Tag::Conjunction
            {
                break;
            }
        }
        self.cues.push((Makes::Wants, to, 2));
    }

    /// The verb group that governs without changing anything itself: only what stands in and above it.
    fn read_group_only(&mut self, group: &VerbGroup, depth: usize) {
        if depth < DEPTH_MAX {
            self.read_verb(group, depth + 1);
        }
    }

    /// "accused of attacking", "by attacking", "stop attacking", "without attacking".
    fn read_governor_of_gerund(&mut self, head: usize, depth: usize) {
        let lowest = self.sentence_start(head);
        let mut at = head;
        let mut steps = 0;
        while at > lowest && steps < 6 {
            at -= 1;
            steps += 1;
            let tag = self.tag(at);
            if self.lower(at) == "without" {
                self.cues.push((Makes::Not, at, 0));
                return;
            }
            if steps <= 4 && self.govern(at, depth) {
                return;
            }
            if matches!(tag, Tag::Mark | Tag::Quote) {
                return;
            }
            if tag.is_verb() || tag == Tag::Auxiliary {
                if let Some(group) = self.syntax.verb_at(at).cloned() {
                    self.read_group_only(&group, depth);
                }
                return;
            }
        }
    }

    fn read_noun(&mut self, token: usize, depth: usize) {
        let noun = self.syntax.noun_at(token).cloned();
        let (start, end) = noun.as_ref().map_or((token, token + 1), |noun| (noun.start, noun.tokens.end));
        for at in (start..token).rev() {
            let word = self.lower(at);
            if word == "no" || word == "neither" {
                self.cues.push((Makes::Not, at, 0));
            } else if word == "any" {
                self.cues.push((Makes::May, at, 3));
            } else if let Some(&(makes, strength)) = LEXICON.adjectives.get(word) {
                self.cues.push((makes, at, strength));
            }
        }
        // "bomb plot", "suicide attempt": a governor behind the event word in one phrase.
        for at in token + 1..end {
            if let Some(makes) = LEXICON.nouns.get(noun_lemma(self.lower(at)).as_str()).copied()
                && matches!(
                    makes,
                    Makes::Plans | Makes::Attempts | Makes::Threatens | Makes::Fears | Makes::Alleges
                )
                && self.tag(at).is_nominal()
            {
                self.cues.push((makes, at, 0));
            }
        }
        if self.read_governor_of_noun(start, depth) {
            return;
        }
        // The subject of a verb that says what became of it: "the attack was foiled", "did not happen".
        if let Some(group) = self.next_group(end) {
            let head = self.lower(group.head).to_owned();
            let lemma = verb_lemma(&head).to_owned();
            let governs = LEXICON
                .verbs
                .get(lemma.as_str())
                .copied()
                .or_else(|| LEXICON.adjectives.get(head.as_str()).map(|&(makes, _)| makes));
            // "The attack was imminent."
            if is_be(&head)
                && let Some(&(makes, strength)) = LEXICON.adjectives.get(self.lower(group.head + 1))
            {
                self.cues.push((makes, group.head + 1, strength));
                return;
            }
            if let Some(makes) = governs
                && (group.passive || matches!(makes, Makes::Fails))
            {
                self.cues.push((makes, group.head, 0));
                if group.negated {
                    self.cues.push((Makes::Not, group.tokens.start, 0));
                }
                return;
            }
            let happens = matches!(
                lemma.as_str(),
                "happen"
                    | "occur"
                    | "begin"
                    | "start"
                    | "continue"
                    | "be"
                    | "take"
                    | "come"
                    | "follow"
                    | "resume"
                    | "kill"
                    | "break"
                    | "erupt"
                    | "result"
            ) || group.passive;
            if happens && depth <= 1 {
                self.read_verb(&group, depth + 1);
            } else if depth <= 1 {
                self.read_modal_of(&group);
            }
        }
    }

    fn read_modal_of(&mut self, group: &VerbGroup) {
        if let Some(modal) = group.modal {
            match self.lower(modal) {
                "will" | "'ll" | "shall" => self.cues.push((Makes::Will, modal, 1)),
                "would" => self.cues.push((Makes::Would, modal, 2)),
                "could" | "may" | "might" => self.cues.push((Makes::May, modal, 3)),
                _ => {}
            }
        }
    }

    /// The verb group directly behind a noun phrase and the phrases that hang on it.
    fn next_group(&self, end: usize) -> Option<VerbGroup> {
        let limit = self.sentence_end(end.saturating_sub(1)).min(end + 12);
        let mut at = end;
        while at < limit {
            if let Some(group) = self.syntax.verb_at(at) {
                return match group.form {
                    VerbForm::Finite => Some(group.clone()),
                    VerbForm::Reduced if at == end => Some(group.clone()),
                    _ => None,
                };
            }
            if matches!(
                self.tag(at),
                Tag::Mark | Tag::Quote | Tag::Conjunction | Tag::Subordinator | Tag::Relative
            ) {
                return None;
            }
            at += 1;
        }
        None
    }

    /// "risk of an attack", "foiled an attack", "called for an attack"; true if something governs.
    fn read_governor_of_noun(&mut self, start: usize, depth: usize) -> bool {
        let lowest = self.sentence_start(start);
        let mut at = start;
        let mut steps = 0;
        let mut nouns = 0;
        while at > lowest && steps < 14 {
            at -= 1;
            steps += 1;
            let tag = self.tag(at);
            let word = self.lower(at);
            if matches!(word, "without") {
                self.cues.push((Makes::Not, at, 0));
                return true;
            }
            if matches!(tag, Tag::Quote | Tag::Subordinator | Tag::Relative)
                || tag == Tag::Mark && word != "-"
            {
                return false;
            }
            if tag.is_nominal() {
                nouns += 1;
                // The object of something else: "the man who killed".
                if nouns == 1
                    && matches!(
                        self.lower(at + 1),
                        "of" | "for" | "to" | "about" | "over" | "against" | "that"
                    )
                    && self.govern(at, depth)
                {
                    return true;
                }
                continue;
            }
            if tag == Tag::Adjective && steps <= 3 && self.lower(at + 1) == "of" && self.govern(at, depth) {
                return true;
            }
            if tag.is_verb() || tag == Tag::Auxiliary {
                let Some(group) = self.syntax.verb_at(at).cloned() else { return false };
                // A verb directly before, or with its preposition: the event is its object.
                let object = nouns == 0 || self.lower(at + 1) == "for" || self.lower(at + 1) == "of";
                if nouns > 1 && !object {
                    return false;
                }
                if !object
                    && nouns == 1
                    && !matches!(
                        self.lower(start.saturating_sub(1)),
                        "of" | "in" | "with" | "to" | "for" | "from"
                    )
                {
                    return false;
                }
                if object
                    && !(group.passive
                        && self.lower(at + 1) != "of"
                        && self.lower(at + 1) != "for"
                        && self.lower(at + 1) != "to")
                    && self.govern(at, depth)
                {
                    return true;
                }
                // Any other verb: what happened to the verb happened to its object.
                if object || nouns == 1 {
                    self.read_group_only(&group, depth);
                    return true;
                }
                return false;
            }
        }
        false
    }

    /// What governs a whole clause: "denied that", "fears that", "if", "unlikely that".
    fn read_clause(&mut self, start: usize, depth: usize) {
        let lowest = self.sentence_start(start).max(start.saturating_sub(REACH_MAX));
        let mut at = start;
        let mut comma = false;
        while at > lowest {
            at -= 1;
            let word = self.lower(at);
            match word {
                "if" | "unless" | "whether" | "lest" => {
                    self.cues.push((Makes::If, at, 3));
                    return;
                }
                "when" | "while" | "because" | "after" | "although" | "since" | "as"
                    if !comma && self.tag(at) == Tag::Subordinator =>
                {
                    return;
                }
                "before" | "until" if !comma => return,
                "who" | "which" => return,
                _ => {}
            }
            if matches!(word, ";" | ":" | "(") || self.tag(at) == Tag::Quote {
                return;
            }
            comma |= word == ",";
            if self.tag(at) == Tag::Conjunction && comma {
                return;
            }
            let verb = self.tag(at).is_verb();
            if (verb || self.tag(at).is_nominal() || self.tag(at) == Tag::Adjective)
                && !comma
                && let Some((makes, strength)) = self.governor(at)
            {
                let takes_clause = self.lower(at + 1) == "that"
                    || verb
                        && !matches!(self.lower(at + 1), "to" | "of" | "for")
                        && matches!(
                            makes,
                            Makes::Believes
                                | Makes::Fears
                                | Makes::Doubts
                                | Makes::Denies
                                | Makes::Alleges
                                | Makes::Wants
                                | Makes::Plans
                        );
                if takes_clause {
                    self.cues.push((makes, at, strength));
                    if depth < DEPTH_MAX {
                        self.read(at, depth + 1);
                    }
                    return;
                }
            }
            // Another finite verb between: what stands before it governs that one.
            if verb && matches!(self.tag(at), Tag::Past | Tag::Present) {
                return;
            }
        }
    }

    /// Adverbs of the clause, and questions.
    fn read_sentence(&mut self, token: usize) {
        let Some(index) = self.document.sentence_of(token) else { return };
        let sentence = self.document.sentences[index].tokens.clone();
        let from = token.saturating_sub(12).max(sentence.start);
        let to = (token + 5).min(sentence.end);
        for at in from..to {
            let between = if at < token { at..token } else { token..at };
            if let Some(&strength) = LEXICON.adverbs.get(self.lower(at))
                && !between
                    .clone()
                    .any(|between| matches!(self.lower(between), "," | ";" | "and" | "but" | "that"))
                && self.tag(at) != Tag::Noun
            {
                self.cues.push((Makes::Likely, at, strength));
            }
        }
        let last = self.document.word(sentence.end.saturating_sub(1));
        let question = last == "?" || self.document.word(sentence.end.saturating_sub(2)) == "?";
        if question {
            self.cues.push((Makes::Question, sentence.start, 3));
        }
    }

    /// Puts together what was met, from the inside out.
    fn weigh(&self) -> Modality {
        let mut status = EventStatus::Happened;
        let mut certainty: f32 = CERTAIN;
        let mut negated = false;
        let mut question = false;
        let mut hedge: Option<(usize, u8)> = None;
        let withhold = |token: usize, strength: u8, hedge: &mut Option<(usize, u8)>| {
            if hedge.is_none_or(|(_, before)| before < strength) {
                *hedge = Some((token, strength));
            }
        };
        for &(makes, token, strength) in &self.cues {
            match makes {
                Makes::Not => {
                    certainty = match status {
                        EventStatus::Denied | EventStatus::Foiled => CERTAIN,
                        EventStatus::Happened => -CERTAIN,
                        _ => -certainty.abs().max(1.2),
                    };
                    negated = !negated;
                    status = match status {
                        EventStatus::Denied | EventStatus::Foiled => EventStatus::Happened,
                        _ => EventStatus::Denied,
                    };
                }
                Makes::Foils | Makes::Fails => {
                    let was = status;
                    status = match (makes, was) {
                        (_, EventStatus::Denied) => EventStatus::Happened,
                        (Makes::Foils, _) => EventStatus::Foiled,
                        _ => EventStatus::Denied,
                    };
                    certainty = if was == EventStatus::Denied { 1.5 } else { -2.0 };
                }
                Makes::Succeeds => {}
                Makes::Plans => {
                    if status == EventStatus::Happened || status == EventStatus::Hypothetical {
                        status = EventStatus::Planned;
                    }
                    certainty = certainty.clamp(-1.2, 1.3);
                }
                Makes::Will => {
                    if status == EventStatus::Happened {
                        status = EventStatus::Planned;
                    }
                    certainty = certainty.clamp(-2.0, 2.0);
                }
                Makes::Wants => {
                    if matches!(status, EventStatus::Happened | EventStatus::Planned) {
                        status = EventStatus::Planned;
                    }
                    certainty = certainty.clamp(-1.0, 0.9);
                }
                Makes::Threatens => {
                    if status != EventStatus::Denied {
                        status = EventStatus::Threatened;
                    }
                    certainty = certainty.clamp(-1.0, 0.8);
                }
                Makes::Fears | Makes::May | Makes::If => {
                    if status != EventStatus::Denied && status != EventStatus::Foiled {
                        status = EventStatus::Hypothetical;
                    }
                    certainty = certainty.clamp(-1.0, 0.8);
                    withhold(token, strength.max(3), &mut hedge);
                }
                Makes::Would => {
                    if status == EventStatus::Happened {
                        status = EventStatus::Hypothetical;
                    }
                    certainty = certainty.clamp(-1.5, 1.0);
                }
                Makes::Enables => {
                    if status == EventStatus::Happened {
                        status = EventStatus::Hypothetical;
                    }
                    certainty = certainty.clamp(-2.0, 1.2);
                }
                Makes::Attempts => {
                    if status == EventStatus::Happened {
                        status = EventStatus::Foiled;
                    }
                    certainty = certainty.clamp(-1.0, 0.8);
                }
                Makes::Doubts => {
                    status = EventStatus::Hypothetical;
                    certainty = (-certainty).clamp(-1.2, 0.5);
                    withhold(token, 4, &mut hedge);
                }
                Makes::Denies => {
                    status = if status == EventStatus::Denied {
                        EventStatus::Alleged
                    } else {
                        EventStatus::Denied
                    };
                    certainty = -certainty.clamp(-1.5, 1.5);
                }
                Makes::Believes | Makes::Alleges => {
                    if status == EventStatus::Happened {
                        status = EventStatus::Alleged;
                    }
                    certainty = certainty.clamp(-1.6, 1.6);
                    withhold(token, 2, &mut hedge);
                }
                Makes::Likely => {
                    if status == EventStatus::Happened {
                        status = EventStatus::Alleged;
                    }
                    let most = if strength >= 3 { 0.9 } else { 1.4 };
                    certainty = certainty.clamp(-most, most);
                    withhold(token, strength, &mut hedge);
                }
                Makes::Question => {
                    question = true;
                    if status == EventStatus::Happened {
                        status = EventStatus::Hypothetical;
                    }
                    certainty = certainty.clamp(-1.0, 0.9);
                    withhold(token, 3, &mut hedge);
                }
            }
        }
        let hedge = hedge.and_then(|(token, strength)| {
            Some(Hedge { cue: self.document.tokens.get(token)?.span, strength })
        });
        Modality { negated, status, hedge, question, certainty }
    }
}

/// What readers make of a plain statement.
const CERTAIN: f32 = 2.8;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at_word(text: &str, word: &str) -> Modality {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let token = (0..document.tokens.len())
            .find(|&token| document.lower(token).starts_with(word))
            .unwrap_or_else(|| panic!("no {word} in {text}"));
        of(&document, &syntax, token)
    }

    fn makes(text: &str, word: &str) -> Vec<Makes> {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let token =
            (0..document.tokens.len()).rev().find(|&token| document.lower(token).starts_with(word)).unwrap();
        let mut scope = Scope { document: &document, syntax: &syntax, cues: Vec::new() };
        scope.read(token, 0);
        scope.read_sentence(token);
        scope.cues.iter().map(|cue| cue.0).collect()
    }

    #[test]
    fn every_lexicon_entry_matches_its_examples_and_not_its_near_misses() {
        let file: HedgesFile = toml::from_str(include_str!("../../../lexicons/en/hedges.toml")).unwrap();
        let mut wrong = Vec::new();
        for entry in &file.word {
            assert!(!entry.matches.is_empty() && !entry.misses.is_empty());
            for (examples, expected) in [(&entry.matches, true), (&entry.misses, false)] {
                for text in examples {
                    let found = makes(text, &entry.event);
                    if found.contains(&entry.makes) != expected {
                        wrong.push(format!("{text}: {:?} expected {expected}, found {found:?}", entry.makes));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn the_same_word_stands_differently_in_each_frame() {
        for (text, status) in [
            ("Gunmen attacked the port.", EventStatus::Happened),
            ("Gunmen did not attack the port.", EventStatus::Denied),
            ("The army denied that it attacked the port.", EventStatus::Denied),
            ("Gunmen planned to attack the port.", EventStatus::Planned),
            ("Gunmen threatened to attack the port.", EventStatus::Threatened),
            ("Police foiled an attack on the port.", EventStatus::Foiled),
            ("Gunmen may attack the port.", EventStatus::Hypothetical),
            ("If gunmen attack the port, ships will leave.", EventStatus::Hypothetical),
            ("There is a risk of an attack on the port.", EventStatus::Hypothetical),
            ("Gunmen are believed to have attacked the port.", EventStatus::Alleged),
            ("Gunmen reportedly attacked the port.", EventStatus::Alleged),
            ("Gunmen failed to attack the port.", EventStatus::Denied),
            ("Gunmen managed to attack the port.", EventStatus::Happened),
        ] {
            assert_eq!(at_word(text, "attack").status, status, "{text}");
        }
    }

    #[test]
    fn verbs_in_a_row_share_their_modal() {
        let text = "Militants could cross the border, threaten traders and attack the port.";
        assert_eq!(at_word(text, "attack").status, EventStatus::Hypothetical);
    }

    proptest! {
        #[test]
        fn whatever_the_text_certainty_stays_on_its_scale(words in proptest::collection::vec(
            prop_oneof![
                Just("not"), Just("to"), Just("attack"), Just("attacked"), Just("plan"), Just("failed"), Just("if"), Just("may"),
                Just("the"), Just("of"), Just("risk"), Just("denied"), Just("that"), Just(","), Just("."), Just("?"), Just("was"),
                Just("“"), Just("no"), Just("without"), Just("reportedly"), Just("prevent"), Just("and")
            ], 1..40)) {
            let text = words.join(" ");
            let document = Document::new(&text);
            let syntax = Syntax::of(&document);
            for token in 0..=document.tokens.len() {
                let modality = of(&document, &syntax, token);
                prop_assert!(modality.certainty.abs() <= 3.0);
            }
        }
    }
}
