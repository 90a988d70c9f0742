//! Events: what is said to have happened, who took part, and which words tell of the same act?
//!
//! Words of the lexicon propose acts; frames fill their parts from the clause around them; then words
//! for one act are folded together, so that a document has one event for each real act.

mod frames;
mod triggers;

pub(crate) use triggers::names_act;

use crate::document::Document;
use crate::mentions::Mentions;
use crate::modality;
use crate::perception::{Perception, Seen};
use crate::pos::{Syntax, Tag, verb_lemma};
use frames::{Filled, Frame};
use headwater_domain::count::Harm;
use headwater_domain::kind::{EventKind, EventStatus, Family, Mode, Plover, SubEvent};
use headwater_domain::reading::{
    Argument, CountIndex, CountMention, EventProposition, MentionIndex, Role, Score, ThingKind, TimeIndex,
    TimeMention, TimexKind,
};
use headwater_domain::text::Span;
use headwater_domain::time::Period;
use jiff::civil::Date;
use std::collections::BTreeSet;
use triggers::{Entry, Lexicon, Trigger};

/// An act at least this many days before publication is told as history.
const BACKGROUND_DAYS: i32 = 7;
/// Sentences at the start of a report that tell what it exists for.
const MAIN_SENTENCES: usize = 3;
/// Below this a word of the lexicon names no act to the tagger.
const ACT_MIN: f32 = 0.05;
/// At least this sure the tagger must be of an act that the lexicon does not know.
const NEW_ACT_MIN: f32 = 0.5;
/// At least this sure the tagger must be that an act is of another sort.
const KIND_MIN: f32 = 0.8;
/// At least this sure the tagger must be of a participant.
const PART_MIN: f32 = 0.5;
/// At least this sure the tagger must be that a participant of the rules is none, or another.
const PART_DOUBT: f32 = 0.8;
/// At least this sure the tagger must be of a party to violence that no act claims.
const PARTY_MIN: f32 = 0.5;
/// How many sentences away a participant may be.
const PART_SENTENCES_MAX: usize = 3;
/// How many sentences back a later word may refer to an act.
const BACK_SENTENCES_MAX: usize = 12;

/// An event with what later steps need to know about it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The event.
    pub proposition: EventProposition,
    /// The token of its trigger that inflects or heads it.
    pub head: usize,
    /// The sentences that tell of it, in order.
    pub sentences: Vec<usize>,
    /// What withholds commitment.
    pub hedge: Option<headwater_domain::reading::Hedge>,
    /// How far to trust it.
    pub score: f32,
}

/// An event while it is put together.
struct Draft {
    kind: EventKind,
    frame: Frame,
    trigger: Trigger,
    more: Vec<Span>,
    filled: Vec<Filled>,
    sentences: Vec<usize>,
    times: Vec<usize>,
    tolls: Vec<usize>,
    aggregate: bool,
    modality: modality::Modality,
    weak: bool,
}

impl Draft {
    fn has(&self, role: Role) -> bool {
        self.filled.iter().any(|filled| filled.0 == role)
    }

    fn in_role(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.filled.iter().filter(move |filled| filled.0 == role).map(|filled| filled.1)
    }
}

/// What the opening sentences of a report tell of.
struct News {
    told_early: bool,
    harmed: BTreeSet<Option<usize>>,
}

/// What the steps look at together.
struct Scene<'a> {
    document: &'a Document<'a>,
    syntax: &'a Syntax,
    mentions: &'a Mentions,
    times: &'a [TimeMention],
    counts: &'a [CountMention],
    published: Option<Date>,
    perception: Option<&'a Perception<'a>>,
    /// The sentences that tell of an act.
    acting: BTreeSet<usize>,
}

/// Finds the events of a document. Takes time linear in its length.
///
/// Where there is a tagger, it strikes out words of the lexicon that name no act here, adds words that the
/// lexicon does not know, and has its say on who takes part and how the act stands.
pub fn find(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &Mentions,
    times: &[TimeMention],
    counts: &[CountMention],
    published: Option<Date>,
    perception: Option<&Perception<'_>>,
) -> Vec<Found> {
    let mut scene =
        Scene { document, syntax, mentions, times, counts, published, perception, acting: BTreeSet::new() };
    let lexicon = Lexicon::shared();
    let mut drafts: Vec<Draft> = Vec::new();
    let mut triggers = lexicon.triggers(document, syntax, mentions);
    if let Some(perception) = perception {
        triggers = scene.perceived(lexicon, triggers, perception);
    }
    scene.acting = triggers.iter().map(|trigger| trigger.sentence).collect();
    for trigger in triggers {
        let draft = scene.draft(lexicon, trigger);
        match scene.same_act(lexicon, &drafts, &draft) {
            Some(index) => fold(&mut drafts[index], draft, document),
            None => drafts.push(draft),
        }
    }
    scene.give_tolls(&mut drafts);
    scene.give_parties(&mut drafts);
    if let Some(perception) = perception {
        scene.give_perceived_parties(&mut drafts, perception);
    }
    scene.give_places(&mut drafts);
    // What the opening sentences tell of is the news; violence against others, told later, is context.
    let opening: Vec<&Draft> = drafts
        .iter()
        .filter(|draft| draft.kind.event == Plover::Assault && draft.trigger.sentence < MAIN_SENTENCES)
        .collect();
    let harmed: BTreeSet<Option<usize>> = opening
        .iter()
        .flat_map(|draft| draft.in_role(Role::Target).chain(draft.in_role(Role::Victim)))
        .map(|mention| mentions.chain(mention))
        .collect();
    let news = News { told_early: !opening.is_empty(), harmed };
    drafts.into_iter().filter_map(|draft| scene.settle(draft, &news)).collect()
}

impl Scene<'_> {
    /// The triggers that the tagger agrees with, those of another sort where it is sure of that, and those
    /// that only the tagger sees.
    fn perceived(&self, lexicon: &Lexicon, known: Vec<Trigger>, perception: &Perception<'_>) -> Vec<Trigger> {
        let mut triggers: Vec<Trigger> = Vec::new();
        for mut trigger in known {
            if perception.names_act(trigger.head) < ACT_MIN {
                continue;
            }
            if let Some((kind, sure)) = perception.kind_at(trigger.head)
                && sure >= KIND_MIN
                && kind.event != lexicon.entries[trigger.entry].kind.event
                && let Some(entry) = lexicon.plain_entry(kind, trigger.verbal)
            {
                trigger.entry = entry;
            }
            triggers.push(trigger);
        }
        for Seen { tokens, kind, score } in perception.seen() {
            let Some(sentence) = self.document.sentence_of(tokens.start) else { continue };
            let taken = triggers
                .iter()
                .any(|known| known.tokens.start < tokens.end && tokens.start < known.tokens.end);
            if taken || score < NEW_ACT_MIN {
                continue;
            }
            let verb = tokens.clone().find(|&token| self.syntax.tag(token).is_verb());
            let verbal = verb.is_some();
            let Some(entry) = lexicon.plain_entry(kind, verbal) else { continue };
            let head = verb.unwrap_or(tokens.end - 1);
            triggers.push(Trigger { entry, tokens, head, verbal, sentence });
        }
        triggers.sort_by_key(|trigger| (trigger.tokens.start, trigger.tokens.end));
        triggers
    }

    /// The participants that the tagger sees around a trigger, and those of the rules that it does not doubt.
    fn perceived_parts(
        &self,
        trigger: &Trigger,
        by_rule: Vec<Filled>,
        perception: &Perception<'_>,
    ) -> Vec<Filled> {
        let mut filled: Vec<Filled> = Vec::new();
        let first = trigger.sentence.saturating_sub(PART_SENTENCES_MAX);
        let last = (trigger.sentence + PART_SENTENCES_MAX).min(self.document.sentences.len() - 1);
        let around = self.document.sentences[first].tokens.start..self.document.sentences[last].tokens.end;
        for mention in self.mentions.within(around) {
            let start = self.mentions.tokens[mention].start;
            // Whoever stands beside another act belongs to that one.
            let sentence = self.document.sentence_of(start);
            if sentence != Some(trigger.sentence)
                && sentence.is_some_and(|sentence| self.acting.contains(&sentence))
            {
                continue;
            }
            let Some((label, sure)) = perception.part(trigger.tokens.start, start) else { continue };
            if let Some(role) = Role::from_word(label)
                && sure >= PART_MIN
                && self.mentions.kind(mention).is_some_and(|kind| fits(role, kind))
            {
                filled.push((role, mention, sure));
            }
        }
        for (role, mention, score) in by_rule {
            let start = self.mentions.tokens[mention].start;
            let doubted = perception
                .part(trigger.tokens.start, start)
                .is_some_and(|(label, sure)| label != role.word() && sure >= PART_DOUBT);
            if !doubted && !filled.iter().any(|known| known.1 == mention) {
                filled.push((role, mention, score));
            }
        }
        filled.sort_by_key(|filled| (filled.0, filled.1));
        filled
    }

    fn draft(&self, lexicon: &Lexicon, trigger: Trigger) -> Draft {
        let entry = &lexicon.entries[trigger.entry];
        let mut filled = frames::arguments(self.document, self.syntax, self.mentions, &trigger, entry.frame);
        if let Some(perception) = self.perception {
            filled = self.perceived_parts(&trigger, filled, perception);
        }
        let kind = self.kind(lexicon, entry, &trigger, &filled);
        let aggregate = self.is_aggregate(lexicon, &trigger);
        let times = self.times_of(&trigger);
        Draft {
            kind,
            frame: entry.frame,
            modality: modality::of(self.document, self.syntax, trigger.head),
            more: Vec::new(),
            sentences: vec![trigger.sentence],
            times,
            tolls: Vec::new(),
            aggregate,
            weak: entry.weak,
            filled,
            trigger,
        }
    }

    /// The kind that the words give, made finer by the words before the head and by who takes part.
    fn kind(&self, lexicon: &Lexicon, entry: &Entry, trigger: &Trigger, filled: &[Filled]) -> EventKind {
        let mut kind = entry.kind;
        if kind.event != Plover::Assault {
            return kind;
        }
        let refinable = matches!(
            kind.mode,
            None | Some(
                Mode::Explosives | Mode::Firearms | Mode::Targeted | Mode::Aerial | Mode::HeavyWeapons
            )
        );
        if refinable {
            let start =
                self.syntax.noun_at(trigger.head).map_or(trigger.tokens.start, |phrase| phrase.tokens.start);
            let before = if trigger.verbal { 0..0 } else { start..trigger.tokens.end };
            let words = before.map(|token| self.document.lower(token).to_owned());
            let weapons = filled
                .iter()
                .filter(|filled| filled.0 == Role::Weapon)
                .flat_map(|filled| self.mentions.tokens[filled.1].clone())
                .map(|token| crate::pos::noun_lemma(self.document.lower(token)));
            let mut refined: Vec<_> =
                words.chain(weapons).filter_map(|word| lexicon.refined(&word)).collect();
            // A suicide attack by car bomb is a suicide attack.
            refined.sort_by_key(|(mode, _)| *mode != Mode::SuicideAttack);
            if let Some((mode, sub_event)) = refined.first() {
                kind.mode = Some(*mode);
                kind.sub_event = *sub_event;
            }
        }
        let kinds = |role| {
            filled
                .iter()
                .filter(move |filled| filled.0 == role)
                .filter_map(|filled| self.mentions.kind(filled.1))
        };
        let armed = |kind: ThingKind| matches!(kind, ThingKind::ArmedGroup | ThingKind::SecurityForce);
        let actor_armed = kinds(Role::Actor).any(armed);
        // "an army post": whoever attacks it meets its garrison.
        let garrisoned = filled.iter().any(|filled| {
            filled.0 == Role::Target
                && self.mentions.kind(filled.1) == Some(ThingKind::Facility)
                && self.mentions.tokens[filled.1]
                    .clone()
                    .any(|token| crate::lexicon::is_security_word(self.document.lower(token)))
        });
        let other_armed = garrisoned || kinds(Role::Target).chain(kinds(Role::Victim)).any(armed);
        let civilians = kinds(Role::Target)
            .chain(kinds(Role::Victim))
            .any(|kind| matches!(kind, ThingKind::People | ThingKind::Person));
        if entry.by_taker {
            let state = kinds(Role::Actor)
                .any(|kind| matches!(kind, ThingKind::SecurityForce | ThingKind::Government));
            kind.sub_event =
                Some(if state { SubEvent::GovernmentRegains } else { SubEvent::NonStateOvertakes });
        }
        if kind.sub_event.is_none() || kind.sub_event == Some(SubEvent::Attack) {
            let people_act = kinds(Role::Actor).any(|kind| kind == ThingKind::People);
            kind.sub_event = Some(if other_armed && (actor_armed || !civilians) {
                SubEvent::ArmedClash
            } else if people_act && !actor_armed && civilians && entry.frame == Frame::Strike {
                SubEvent::MobViolence
            } else {
                SubEvent::Attack
            });
        }
        kind
    }

    fn is_aggregate(&self, lexicon: &Lexicon, trigger: &Trigger) -> bool {
        let word = self.document.lower(trigger.head);
        let plural = !trigger.verbal && crate::pos::noun_lemma(word) != word;
        if !plural {
            return false;
        }
        let Some(sentence) = self.document.sentences.get(trigger.sentence) else { return false };
        let near = trigger.tokens.start.saturating_sub(4).max(sentence.tokens.start)
            ..(trigger.tokens.end + 4).min(sentence.tokens.end);
        near.into_iter().any(|token| lexicon.makes_aggregate(self.document.lower(token)))
    }

    /// The expressions of time that go with a trigger: the nearest of its clause, else of its sentence.
    fn times_of(&self, trigger: &Trigger) -> Vec<usize> {
        let (Some(sentence), Some(token)) =
            (self.document.sentences.get(trigger.sentence), self.document.tokens.get(trigger.head))
        else {
            return Vec::new();
        };
        let first = self.times.partition_point(|time| time.span.start() < sentence.span.start());
        let mut best: Option<(usize, usize)> = None;
        for (index, time) in self.times.iter().enumerate().skip(first) {
            if time.span.start() >= sentence.span.end() {
                break;
            }
            if !matches!(time.timex.kind, TimexKind::Date | TimexKind::Time) {
                continue;
            }
            let (from, to) = if time.span.start() < token.span.start() {
                (time.span.end(), token.span.start())
            } else {
                (token.span.end(), time.span.start())
            };
            let between = self.document.text.get(from..to.max(from)).unwrap_or("");
            // Every verb between may have a time of its own.
            let tokens = Span::within(self.document.text, from..to.max(from))
                .map(|span| self.document.tokens_in(span))
                .unwrap_or_default();
            let verbs = tokens
                .filter(|&token| {
                    matches!(
                        self.syntax.tag(token),
                        Tag::Past | Tag::Present | Tag::Auxiliary | Tag::Subordinator
                    )
                })
                .count();
            // A day says more than an hour, whose day must be guessed.
            let hour = usize::from(
                time.timex.kind == TimexKind::Time
                    && time.period.as_ref().is_none_or(|period| period.single_day().is_none()),
            );
            let distance = between.len() + verbs * 40 + hour * 60;
            if best.is_none_or(|(nearest, _)| distance < nearest) {
                best = Some((distance, index));
            }
        }
        best.map(|(_, index)| vec![index]).unwrap_or_default()
    }

    /// The earlier event of which a new draft tells again, if any.
    fn same_act(&self, lexicon: &Lexicon, drafts: &[Draft], draft: &Draft) -> Option<usize> {
        let family = draft.kind.family();
        let word = self.document.lower(draft.trigger.head);
        let definite = self.is_definite(&draft.trigger);
        let back_noun = !draft.trigger.verbal && lexicon.refers_back(word);
        let recent = |other: &Draft| {
            other.sentences.last().is_some_and(|&last| draft.trigger.sentence <= last + BACK_SENTENCES_MAX)
        };
        let candidates = drafts.iter().enumerate().rev().take(24).filter(|(_, other)| {
            other.kind.family() == family && recent(other) && !self.times_differ(other, draft)
        });
        for (index, other) in candidates {
            let same_sentence = other.sentences.contains(&draft.trigger.sentence);
            let next_sentence =
                other.sentences.last().is_some_and(|&last| draft.trigger.sentence <= last + 1);
            let shares = |role: Role| self.share_chain(other, draft, role);
            let opposed = |role: Role| draft.has(role) && other.has(role) && !shares(role);
            let same_kind = other.kind.event == draft.kind.event
                && (other.kind.sub_event == draft.kind.sub_event || other.frame == draft.frame);
            let headline = other.trigger.sentence == 0
                && self.has_headline()
                && draft.trigger.sentence <= 2
                && other.kind.event == draft.kind.event
                && other.kind.mode == draft.kind.mode
                && !opposed(Role::Actor);
            let told = headline
                || match family {
                    Family::Violence => {
                        let harm = matches!(draft.frame, Frame::Harm | Frame::Die);
                        let in_steps = draft.trigger.verbal
                            && matches!(draft.frame, Frame::Strike | Frame::Explode | Frame::Launch);
                        // "attacked the base and killed two"
                        let harmed_in_it = harm && same_sentence && !opposed(Role::Actor);
                        // "Two people were killed." behind the attack
                        let harmed_after =
                            harm && next_sentence && !draft.has(Role::Actor) && !opposed(Role::Victim);
                        let referred_to = back_noun && definite && !opposed(Role::Place);
                        // "drove to the gate and opened fire": one act in steps
                        let next_step =
                            in_steps && same_sentence && !opposed(Role::Actor) && !opposed(Role::Victim);
                        let blast_after =
                            draft.frame == Frame::Explode && next_sentence && !opposed(Role::Place);
                        let same_harmed = same_kind
                            && (shares(Role::Victim) || shares(Role::Target) || shares(Role::Detained))
                            && !opposed(Role::Actor);
                        harmed_in_it || harmed_after || referred_to || next_step || blast_after || same_harmed
                    }
                    _ => {
                        let party = shares(Role::Target)
                            || shares(Role::Detained)
                            || (shares(Role::Actor) && !opposed(Role::Target));
                        let same_word = verb_lemma(word)
                            == verb_lemma(self.document.lower(other.trigger.head))
                            || crate::pos::noun_lemma(word)
                                == crate::pos::noun_lemma(self.document.lower(other.trigger.head));
                        same_kind
                            && (party
                                || (definite && back_noun)
                                || (same_word
                                    && !opposed(Role::Target)
                                    && !opposed(Role::Actor)
                                    && !opposed(Role::Place)))
                            && other.kind.mode == draft.kind.mode
                    }
                };
            if told {
                return Some(index);
            }
        }
        None
    }

    /// Tells whether the first sentence is a headline, which the next sentences tell again.
    fn has_headline(&self) -> bool {
        self.document.sentences.first().is_some_and(|sentence| {
            sentence.tokens.len() < 25 && self.document.word(sentence.tokens.end - 1) != "."
        })
    }

    fn is_definite(&self, trigger: &Trigger) -> bool {
        self.syntax.noun_at(trigger.head).is_some_and(|phrase| {
            phrase.start < phrase.tokens.start
                && matches!(
                    self.document.lower(phrase.tokens.start - 1),
                    "the" | "this" | "that" | "these" | "both"
                )
        })
    }

    fn share_chain(&self, left: &Draft, right: &Draft, role: Role) -> bool {
        left.in_role(role).any(|one| {
            right
                .in_role(role)
                .any(|other| one == other || self.mentions.chain(one) == self.mentions.chain(other))
        })
    }

    fn times_differ(&self, left: &Draft, right: &Draft) -> bool {
        match (self.period(&left.times), self.period(&right.times)) {
            (Some(left), Some(right)) => !left.overlaps(&right),
            _ => false,
        }
    }

    fn period(&self, times: &[usize]) -> Option<Period> {
        times.iter().find_map(|&time| self.times.get(time)?.period.clone())
    }

    /// Gives each number of people harmed to the act that harmed them: the nearest of its sentence,
    /// else the last one told before.
    fn give_tolls(&self, drafts: &mut [Draft]) {
        for (index, count) in self.counts.iter().enumerate() {
            let wanted = |draft: &Draft| match count.harm {
                Harm::Detained => draft.frame == Frame::Detain || draft.kind.family() == Family::Coercion,
                Harm::Abducted => draft.kind.mode == Some(Mode::Abduct),
                _ => draft.kind.event == Plover::Assault,
            };
            let token = self.document.tokens_in(count.span).start;
            let Some(sentence) = self.document.sentence_of(token) else { continue };
            let part = match count.harm {
                Harm::Killed => "killed",
                Harm::Injured => "injured",
                Harm::Detained | Harm::Abducted => "detained",
                Harm::KilledOrInjured | Harm::Missing | Harm::Displaced => "",
            };
            // What stands beside an act belongs to it, whatever others may be likelier.
            let told_here = drafts.iter().any(|draft| wanted(draft) && draft.sentences.contains(&sentence));
            let perceived = self.perception.and_then(|perception| {
                drafts
                    .iter()
                    .enumerate()
                    .filter(|(_, draft)| wanted(draft))
                    .filter(|(_, draft)| !told_here || draft.sentences.contains(&sentence))
                    .map(|(index, draft)| {
                        (index, perception.has_part(draft.trigger.tokens.start, token, part))
                    })
                    .filter(|(_, sure)| *sure >= PART_MIN)
                    .max_by(|one, other| one.1.total_cmp(&other.1))
            });
            if let Some((found, _)) = perceived {
                drafts[found].tolls.push(index);
                if !drafts[found].sentences.contains(&sentence) {
                    drafts[found].sentences.push(sentence);
                }
                continue;
            }
            let here = drafts
                .iter()
                .enumerate()
                .filter(|(_, draft)| draft.sentences.contains(&sentence) && wanted(draft))
                .min_by_key(|(_, draft)| self.distance(draft, count.span));
            let before = || {
                drafts.iter().enumerate().rev().find(|(_, draft)| {
                    wanted(draft)
                        && draft.sentences.last().is_some_and(|&last| last < sentence && sentence <= last + 2)
                })
            };
            if let Some((found, _)) = here.or_else(before) {
                drafts[found].tolls.push(index);
                if !drafts[found].sentences.contains(&sentence) {
                    drafts[found].sentences.push(sentence);
                }
            }
        }
    }

    fn distance(&self, draft: &Draft, span: Span) -> usize {
        let own = self.document.span(draft.trigger.tokens.clone());
        own.into_iter()
            .chain(draft.more.iter().copied())
            .map(|trigger| {
                span.start().saturating_sub(trigger.end()).max(trigger.start().saturating_sub(span.end()))
            })
            .min()
            .unwrap_or(usize::MAX)
    }

    /// Gives acts what their clause leaves out: whoever is counted as harmed, a weapon of the sentence,
    /// and the only armed party of the sentence where nobody is said to have acted.
    fn give_parties(&self, drafts: &mut [Draft]) {
        for draft in drafts
            .iter_mut()
            .filter(|draft| matches!(draft.kind.family(), Family::Violence | Family::Coercion))
        {
            let violent = draft.kind.event == Plover::Assault;
            for &toll in &draft.tolls {
                let Some(count) = self.counts.get(toll) else { continue };
                let role = match count.harm {
                    Harm::Killed | Harm::Injured | Harm::KilledOrInjured => Role::Victim,
                    Harm::Detained | Harm::Abducted => Role::Detained,
                    Harm::Missing | Harm::Displaced => continue,
                };
                let tokens = self.document.tokens_in(count.phrase);
                let counted = tokens.rev().find_map(|token| self.mentions.at(token));
                if let Some(mention) = counted
                    && self.mentions.kind(mention).is_some_and(ThingKind::acts)
                    && !draft.filled.iter().any(|filled| filled.1 == mention)
                {
                    draft.filled.push((role, mention, 0.6));
                }
            }
            let Some(sentence) = self.document.sentences.get(draft.trigger.sentence) else { continue };
            let here = self.mentions.within(sentence.tokens.clone());
            let free = |draft: &Draft, mention: usize| {
                let chain = self.mentions.chain(mention);
                !draft.filled.iter().any(|filled| self.mentions.chain(filled.1) == chain)
            };
            if violent && !draft.has(Role::Weapon) {
                let weapon = here
                    .clone()
                    .filter(|&mention| self.mentions.kind(mention) == Some(ThingKind::Weapon))
                    .min_by_key(|&mention| self.mentions.tokens[mention].start.abs_diff(draft.trigger.head));
                draft.filled.extend(weapon.map(|mention| (Role::Weapon, mention, 0.4)));
            }
            if !draft.has(Role::Actor) {
                let wanted = if violent { ThingKind::ArmedGroup } else { ThingKind::SecurityForce };
                let mut parties = here
                    .filter(|&mention| self.mentions.kind(mention) == Some(wanted) && free(draft, mention));
                if let (Some(only), None) = (parties.next(), parties.next()) {
                    draft.filled.push((Role::Actor, only, 0.35));
                }
            }
        }
    }

    /// Gives violence the parties that the tagger sees in it: to the nearest act of the sentence, else to the
    /// last one told before.
    fn give_perceived_parties(&self, drafts: &mut [Draft], perception: &Perception<'_>) {
        for (role, _, tokens, score) in perception.parties() {
            if score < PARTY_MIN {
                continue;
            }
            let Some(mention) = tokens.clone().rev().find_map(|token| self.mentions.at(token)) else {
                continue;
            };
            let Some(sentence) = self.document.sentence_of(tokens.start) else { continue };
            let chain = self.mentions.chain(mention);
            let nearest = drafts
                .iter()
                .enumerate()
                .filter(|(_, draft)| draft.kind.event == Plover::Assault)
                .filter_map(|(index, draft)| {
                    let away = draft.sentences.iter().map(|&told| {
                        // What comes behind an act is likelier its own than what comes before.
                        if told <= sentence { 2 * (sentence - told) } else { 2 * (told - sentence) + 1 }
                    });
                    Some((away.min()?, draft.trigger.head.abs_diff(tokens.start), index))
                })
                .min();
            if let Some((away, _, index)) = nearest
                && away <= 2 * PART_SENTENCES_MAX
                && !drafts[index].filled.iter().any(|filled| self.mentions.chain(filled.1) == chain)
            {
                drafts[index].filled.push((role, mention, score * 0.8));
            }
        }
    }

    /// Gives each act that has no place one from its sentence, else from the sentence before.
    fn give_places(&self, drafts: &mut [Draft]) {
        for draft in drafts {
            if draft.has(Role::Place)
                || !matches!(
                    draft.kind.family(),
                    Family::Violence | Family::Protest | Family::Coercion | Family::Mobilization
                )
            {
                continue;
            }
            let head = draft.trigger.head;
            let own =
                self.document.sentences.get(draft.trigger.sentence).map(|sentence| sentence.tokens.clone());
            let before = draft
                .trigger
                .sentence
                .checked_sub(1)
                .and_then(|before| self.document.sentences.get(before))
                .map(|sentence| sentence.tokens.clone());
            let located = |tokens: std::ops::Range<usize>| {
                self.mentions
                    .within(tokens)
                    .filter(|&mention| self.mentions.kind(mention) == Some(ThingKind::Place))
                    .filter(|&mention| self.is_located(mention))
                    .min_by_key(|&mention| self.mentions.tokens[mention].start.abs_diff(head))
            };
            let here = own.and_then(located).map(|mention| (mention, 0.5));
            let earlier = || {
                (draft.kind.family() == Family::Violence)
                    .then(|| before.and_then(located).map(|mention| (mention, 0.3)))
                    .flatten()
            };
            if let Some((mention, score)) = here.or_else(earlier) {
                draft.filled.push((Role::Place, mention, score));
            }
        }
    }

    /// Tells whether a preposition of place stands before a mention, or it opens a line with a dateline.
    fn is_located(&self, mention: usize) -> bool {
        let start = self.mentions.tokens[mention].start;
        (1..4).any(|back| {
            start.checked_sub(back).is_some_and(|at| {
                matches!(
                    self.document.lower(at),
                    "in" | "at"
                        | "near"
                        | "outside"
                        | "inside"
                        | "across"
                        | "around"
                        | "of"
                        | "from"
                        | "between"
                ) && (at + 1..start).all(|between| {
                    matches!(
                        self.syntax.tag(between),
                        Tag::Determiner | Tag::Adjective | Tag::Noun | Tag::Proper
                    )
                })
            })
        })
    }

    /// Tells whether the words before a noun call it recent: "the latest Brisa market attack".
    fn is_called_recent(&self, trigger: usize) -> bool {
        (trigger.saturating_sub(4)..trigger)
            .rev()
            .take_while(|&at| {
                matches!(self.syntax.tag(at), Tag::Adjective | Tag::Noun | Tag::Proper)
                    || self.document.lower(at) == "most"
            })
            .any(|at| matches!(self.document.lower(at), "recent" | "latest"))
    }

    fn settle(&self, draft: Draft, news: &News) -> Option<Found> {
        // "conflict", "violence" with nobody in it tells of no act.
        let vague = draft.weak
            && matches!(draft.frame, Frame::Clash | Frame::Die)
            && draft.tolls.is_empty()
            && draft.more.is_empty()
            && !draft.filled.iter().any(|filled| filled.0 != Role::Place);
        if vague {
            return None;
        }
        let trigger = self.document.span(draft.trigger.tokens.clone())?;
        let when = self.period(&draft.times);
        let old = match (&when, self.published) {
            (Some(when), Some(published)) => {
                let latest = when.latest().or(when.earliest()).map(jiff::civil::DateTime::date);
                latest.is_some_and(|latest| (published - latest).get_days() >= BACKGROUND_DAYS)
            }
            _ => false,
        };
        // Violence told late in a report and without a recent day is there for context.
        let recent = when.as_ref().is_some_and(|when| when.single_day().is_some())
            || self.is_called_recent(draft.trigger.tokens.start);
        let of_news = draft
            .in_role(Role::Target)
            .chain(draft.in_role(Role::Victim))
            .any(|mention| news.harmed.contains(&self.mentions.chain(mention)));
        let context = draft.kind.event == Plover::Assault
            && draft.sentences.first().is_some_and(|&first| first >= MAIN_SENTENCES)
            && !recent
            && news.told_early
            && !of_news;
        // "had been arrested", "years ago"
        let open = when.as_ref().is_some_and(|when| when.earliest().is_none());
        let past_perfect = self.syntax.verb_at(draft.trigger.head).is_some_and(|group| {
            group.perfect && group.tokens.clone().any(|token| self.document.lower(token) == "had")
        });
        let old = old || context || open || (past_perfect && draft.trigger.sentence > 0 && !recent);
        let status = match draft.modality.status {
            EventStatus::Happened | EventStatus::Alleged if old => EventStatus::Background,
            status => status,
        };
        let status = self
            .perception
            .and_then(|perception| perception.status(draft.trigger.tokens.start))
            .map_or(status, |(perceived, _)| perceived);
        let main = draft.trigger.sentence < MAIN_SENTENCES
            && status != EventStatus::Background
            && !draft.aggregate
            && matches!(
                draft.kind.family(),
                Family::Violence | Family::Protest | Family::Coercion | Family::Cooperation | Family::Threat
            );
        let mut arguments: Vec<Argument> = Vec::new();
        let mut seen = BTreeSet::new();
        for (role, mention, score) in &draft.filled {
            // One filler a thing and role is enough.
            if seen.insert((*role, self.mentions.chain(*mention))) {
                arguments.push(Argument {
                    role: *role,
                    mention: MentionIndex(u32::try_from(*mention).ok()?),
                    score: Score::new(*score),
                });
            }
        }
        let mut score: f32 = if draft.weak { 0.55 } else { 0.75 };
        score += if arguments.is_empty() { -0.2 } else { 0.1 };
        Some(Found {
            head: draft.trigger.head,
            sentences: draft.sentences,
            hedge: draft.modality.hedge,
            score: score.clamp(0.05, 0.95),
            proposition: EventProposition {
                kind: draft.kind,
                trigger,
                more_triggers: draft.more,
                arguments,
                when,
                times: draft
                    .times
                    .iter()
                    .filter_map(|&time| u32::try_from(time).ok().map(TimeIndex))
                    .collect(),
                tolls: draft
                    .tolls
                    .iter()
                    .filter_map(|&toll| u32::try_from(toll).ok().map(CountIndex))
                    .collect(),
                status,
                main,
                aggregate: draft.aggregate,
            },
        })
    }
}

/// Tells whether a thing of this kind may have a role: no place acts, and no person is a place.
fn fits(role: Role, kind: ThingKind) -> bool {
    match role {
        Role::Place => matches!(kind, ThingKind::Place | ThingKind::Facility),
        Role::Weapon => matches!(kind, ThingKind::Weapon | ThingKind::Facility),
        Role::Actor | Role::Victim | Role::Detained => kind.acts(),
        Role::Target => true,
    }
}

/// Folds what a later word tells into the event that it tells of.
fn fold(event: &mut Draft, again: Draft, document: &Document<'_>) {
    if let Some(span) = document.span(again.trigger.tokens.clone()) {
        event.more.push(span);
    }
    if !event.sentences.contains(&again.trigger.sentence) {
        event.sentences.push(again.trigger.sentence);
    }
    for filled in again.filled {
        if !event.filled.iter().any(|known| known.0 == filled.0 && known.1 == filled.1) {
            event.filled.push(filled);
        }
    }
    if event.times.is_empty() {
        event.times = again.times;
    }
    let finer = |kind: &EventKind| {
        matches!(
            kind.sub_event,
            Some(
                SubEvent::SuicideBomb
                    | SubEvent::RemoteExplosive
                    | SubEvent::AirStrike
                    | SubEvent::Shelling
                    | SubEvent::SexualViolence
                    | SubEvent::ChemicalWeapon
            )
        )
    };
    if finer(&again.kind) && !finer(&event.kind) {
        event.kind = again.kind;
    }
}
