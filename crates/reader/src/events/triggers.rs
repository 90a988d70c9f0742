//! Which words name an act, and which only look as if they did?

use crate::document::{Document, Shape};
use crate::mentions::Mentions;
use crate::pos::{Syntax, Tag, noun_lemma, verb_lemma};
use headwater_domain::kind::{EventKind, Mode, Plover, SubEvent};
use headwater_domain::reading::ThingKind;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::frames::{Frame, undergoers};

/// Words on each side of a trigger in which a word of another field rules it out.
const NEAR_TOKENS: usize = 9;
/// Longest gap in tokens inside a phrase: "took ten foreign engineers hostage".
const GAP_TOKENS_MAX: usize = 5;

/// One word, or fixed phrase, that names an act.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// Its entry in the lexicon.
    pub entry: usize,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The word that inflects or heads the phrase.
    pub head: usize,
    /// Whether it is a verb.
    pub verbal: bool,
    /// The sentence it stands in.
    pub sentence: usize,
}

/// One sort of act and the words for it.
#[derive(Debug)]
pub struct Entry {
    /// Names the entry in tests.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test that runs the examples names the entry"))]
    pub name: String,
    /// What the words alone say of the kind.
    pub kind: EventKind,
    /// Whether who takes the place decides the sub-event.
    pub by_taker: bool,
    /// Which role stands where.
    pub frame: Frame,
    /// Whether it counts only near other signs of violence.
    pub weak: bool,
    /// Whether an object makes another thing of the verb: "demonstrate skill".
    intransitive: bool,
    objects: Vec<ThingKind>,
    subjects: Vec<ThingKind>,
    not_before: Vec<String>,
    not_after: Vec<String>,
    not_near: BTreeSet<String>,
    /// Sentences that must give this entry.
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    pub matches: Vec<String>,
    /// Sentences that must not.
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    pub near_misses: Vec<String>,
}

/// The lexicon of acts.
#[derive(Debug)]
pub struct Lexicon {
    /// Its entries.
    pub entries: Vec<Entry>,
    verbs: BTreeMap<String, Vec<usize>>,
    nouns: BTreeMap<String, Vec<usize>>,
    phrases: BTreeMap<String, Vec<(Vec<String>, usize)>>,
    refine: BTreeMap<String, (Mode, Option<SubEvent>)>,
    back: BTreeSet<String>,
    light_verbs: BTreeSet<String>,
    aggregate: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconFile {
    entry: Vec<EntryFile>,
    refine: BTreeMap<Mode, RefineFile>,
    back: BackFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    name: String,
    event: Plover,
    mode: Option<Mode>,
    sub_event: Option<String>,
    frame: Frame,
    #[serde(default)]
    weak: bool,
    #[serde(default)]
    intransitive: bool,
    #[serde(default)]
    verbs: String,
    #[serde(default)]
    nouns: String,
    #[serde(default)]
    phrases: Vec<String>,
    #[serde(default)]
    object: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    not_before: Vec<String>,
    #[serde(default)]
    not_after: Vec<String>,
    #[serde(default)]
    not_near: Vec<String>,
    matches: Vec<String>,
    near_misses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefineFile {
    sub_event: Option<SubEvent>,
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackFile {
    nouns: String,
    light_verbs: String,
    aggregate: String,
}

fn kinds(list: &str) -> Vec<ThingKind> {
    list.split_whitespace()
        .flat_map(|word| match word {
            "acts" => ThingKind::ALL.iter().copied().filter(|kind| kind.acts()).collect(),
            word => ThingKind::from_word(word).into_iter().collect::<Vec<_>>(),
        })
        .collect()
}

fn words(list: &str) -> BTreeSet<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: LexiconFile = toml::from_str(include_str!("../../../../lexicons/en/events.toml"))
        .expect("the lexicon is compiled in, and a test reads it");
    let mut lexicon = Lexicon {
        entries: Vec::new(),
        verbs: BTreeMap::new(),
        nouns: BTreeMap::new(),
        phrases: BTreeMap::new(),
        refine: BTreeMap::new(),
        back: words(&file.back.nouns),
        light_verbs: words(&file.back.light_verbs),
        aggregate: words(&file.back.aggregate),
    };
    for (mode, refine) in file.refine {
        for word in refine.words.split_whitespace() {
            lexicon.refine.insert(word.to_owned(), (mode, refine.sub_event));
        }
    }
    for entry in file.entry {
        let index = lexicon.entries.len();
        for verb in entry.verbs.split_whitespace() {
            lexicon.verbs.entry(verb.to_owned()).or_default().push(index);
        }
        for noun in entry.nouns.split_whitespace() {
            lexicon.nouns.entry(noun.to_owned()).or_default().push(index);
        }
        for phrase in &entry.phrases {
            let parts: Vec<String> = phrase.split_whitespace().map(str::to_owned).collect();
            if let Some(first) = parts.first() {
                lexicon.phrases.entry(first.clone()).or_default().push((parts.clone(), index));
            }
        }
        let sub_event = entry.sub_event.as_deref();
        lexicon.entries.push(Entry {
            name: entry.name,
            kind: EventKind {
                event: entry.event,
                mode: entry.mode,
                sub_event: sub_event.and_then(SubEvent::from_word),
            },
            by_taker: sub_event == Some("by-taker"),
            frame: entry.frame,
            weak: entry.weak,
            intransitive: entry.intransitive,
            objects: kinds(&entry.object),
            subjects: kinds(&entry.subject),
            not_before: entry.not_before,
            not_after: entry.not_after,
            not_near: entry.not_near.into_iter().collect(),
            matches: entry.matches,
            near_misses: entry.near_misses,
        });
    }
    for phrases in lexicon.phrases.values_mut() {
        // Longer before shorter, and words before gaps.
        phrases
            .sort_by_key(|(parts, _)| (std::cmp::Reverse(parts.len()), parts.iter().any(|part| part == "_")));
    }
    lexicon
});

impl Lexicon {
    /// The lexicon compiled into the program.
    pub fn shared() -> &'static Self {
        &LEXICON
    }

    /// The first plain entry for a kind of act: for words that the lexicon does not have.
    pub fn plain_entry(&self, kind: EventKind, verbal: bool) -> Option<usize> {
        let usual = |entry: &(usize, &Entry)| {
            let frame = entry.1.frame;
            !verbal
                || matches!(frame, Frame::Strike | Frame::Detain | Frame::Protest | Frame::Ask | Frame::Trial)
        };
        let fits = || {
            self.entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| entry.kind.event == kind.event && !entry.weak && !entry.by_taker)
        };
        fits()
            .filter(|(_, entry)| kind.mode.is_none_or(|mode| entry.kind.mode == Some(mode)))
            .find(usual)
            .or_else(|| fits().next())
            .map(|(index, _)| index)
    }

    /// Tells whether a noun may refer back to an act told before.
    pub fn refers_back(&self, word: &str) -> bool {
        self.back.contains(word) || self.back.contains(&noun_lemma(word))
    }

    /// Tells whether a verb only carries the act that its object names.
    pub fn is_light(&self, lemma: &str) -> bool {
        self.light_verbs.contains(lemma)
    }

    /// Tells whether a word makes a wave or a total of a plural.
    pub fn makes_aggregate(&self, word: &str) -> bool {
        self.aggregate.contains(word)
    }

    /// What a word before the head makes of the act.
    pub fn refined(&self, word: &str) -> Option<(Mode, Option<SubEvent>)> {
        self.refine.get(word).copied()
    }

    /// Finds the triggers of a document, in order, none inside another.
    pub fn triggers(&self, document: &Document<'_>, syntax: &Syntax, mentions: &Mentions) -> Vec<Trigger> {
        let mut found = Vec::new();
        for (sentence, tokens) in document.sentences.iter().enumerate() {
            let mut at = tokens.tokens.start;
            while at < tokens.tokens.end {
                let trigger = self
                    .phrase_at(document, syntax, mentions, at, &tokens.tokens, sentence)
                    .or_else(|| self.word_at(document, syntax, mentions, at, &tokens.tokens, sentence));
                match trigger {
                    Some(trigger) => {
                        // A gap in a phrase may hold another trigger, so go on behind its first word.
                        at += 1;
                        if found.last().is_none_or(|last: &Trigger| !last.tokens.contains(&trigger.head)) {
                            found.push(trigger);
                        }
                    }
                    None => at += 1,
                }
            }
        }
        self.drop_compounded(syntax, &mut found);
        self.drop_weak(document, &mut found);
        found
    }

    fn phrase_at(
        &self,
        document: &Document<'_>,
        syntax: &Syntax,
        mentions: &Mentions,
        at: usize,
        sentence: &Range<usize>,
        index: usize,
    ) -> Option<Trigger> {
        if matches!(document.tokens[at].shape, Shape::Mark | Shape::Number | Shape::Quote) {
            return None;
        }
        let word = document.lower(at);
        let verb = verb_lemma(word);
        let noun = noun_lemma(word);
        let mut forms = vec![word, verb];
        if noun != word {
            forms.push(&noun);
        }
        forms.dedup();
        for form in forms {
            for (parts, entry) in self.phrases.get(form).into_iter().flatten() {
                // A verb may not stand where a noun does: "a call for".
                if let Some(end) = matched(document, parts, at, sentence.end)
                    && self.allowed(
                        document,
                        syntax,
                        mentions,
                        *entry,
                        at..end,
                        at,
                        syntax.tag(at).is_verb(),
                        sentence,
                    )
                {
                    let verbal = syntax.tag(at).is_verb();
                    let head = if verbal { at } else { end - 1 };
                    return Some(Trigger { entry: *entry, tokens: at..end, head, verbal, sentence: index });
                }
            }
        }
        None
    }

    fn word_at(
        &self,
        document: &Document<'_>,
        syntax: &Syntax,
        mentions: &Mentions,
        at: usize,
        sentence: &Range<usize>,
        index: usize,
    ) -> Option<Trigger> {
        let word = document.lower(at);
        let tag = syntax.tag(at);
        let verbal = tag.is_verb();
        let entries = if verbal {
            self.verbs.get(verb_lemma(word))
        } else if tag == Tag::Noun || (tag == Tag::Proper && self.nouns.contains_key(word)) {
            self.nouns.get(word).or_else(|| self.nouns.get(&noun_lemma(word)))
        } else {
            None
        };
        // "the bombing killed": a gerund taken for a verb may be a noun of the lexicon.
        let entries = entries.or_else(|| (tag == Tag::Gerund).then(|| self.nouns.get(word)).flatten());
        let entry = entries?.iter().copied().find(|&entry| {
            self.allowed(document, syntax, mentions, entry, at..at + 1, at, verbal, sentence)
        })?;
        Some(Trigger { entry, tokens: at..at + 1, head: at, verbal, sentence: index })
    }

    #[expect(clippy::too_many_arguments, reason = "where the words stand")]
    fn allowed(
        &self,
        document: &Document<'_>,
        syntax: &Syntax,
        mentions: &Mentions,
        entry: usize,
        tokens: Range<usize>,
        head: usize,
        verbal: bool,
        sentence: &Range<usize>,
    ) -> bool {
        let entry = &self.entries[entry];
        let next = if tokens.end < sentence.end { document.lower(tokens.end) } else { "" };
        let before = if tokens.start > sentence.start { document.lower(tokens.start - 1) } else { "" };
        if entry.not_before.iter().any(|word| word == next)
            || entry.not_after.iter().any(|word| word == before)
        {
            return false;
        }
        let near = tokens.start.saturating_sub(NEAR_TOKENS).max(sentence.start)
            ..(tokens.end + NEAR_TOKENS).min(sentence.end);
        if !entry.not_near.is_empty()
            && near.clone().any(|at| !tokens.contains(&at) && entry.not_near.contains(document.lower(at)))
        {
            return false;
        }
        if entry.intransitive && verbal && syntax.noun_index(tokens.end).is_some() {
            return false;
        }
        if !entry.objects.is_empty() && verbal {
            let fits = entry.objects.contains(&ThingKind::Person)
                && super::frames::undergone_by_pronoun(document, syntax, mentions, head)
                || undergoers(document, syntax, mentions, &tokens, head)
                    .into_iter()
                    .any(|mention| mentions.kind(mention).is_some_and(|kind| entry.objects.contains(&kind)));
            if !fits {
                return false;
            }
        }
        if !entry.subjects.is_empty() && verbal {
            let doers = super::frames::doers(document, syntax, mentions, head);
            if !doers.is_empty()
                && !doers
                    .iter()
                    .any(|&mention| mentions.kind(mention).is_some_and(|kind| entry.subjects.contains(&kind)))
            {
                return false;
            }
        }
        true
    }

    /// "bomb attack", "shooting spree", "murder charge": within one noun phrase only the last act counts.
    fn drop_compounded(&self, syntax: &Syntax, found: &mut Vec<Trigger>) {
        let mut keep = vec![true; found.len()];
        for pair in 0..found.len().saturating_sub(1) {
            let (first, second) = (&found[pair], &found[pair + 1]);
            if !first.verbal
                && !second.verbal
                && syntax.noun_index(first.head).is_some()
                && syntax.noun_index(first.head) == syntax.noun_index(second.head)
            {
                keep[pair] = false;
            }
        }
        let mut index = 0;
        found.retain(|_| {
            index += 1;
            keep[index - 1]
        });
    }

    /// Weak words count where a strong one stands in the same or the neighbouring sentence, or where
    /// the report tells of several acts.
    fn drop_weak(&self, document: &Document<'_>, found: &mut Vec<Trigger>) {
        let strong = |trigger: &Trigger| {
            let entry = &self.entries[trigger.entry];
            !entry.weak && entry.kind.event == Plover::Assault
        };
        let mut signs = vec![0usize; document.sentences.len() + 2];
        for trigger in found.iter().filter(|trigger| strong(trigger)) {
            signs[trigger.sentence + 1] += 1;
        }
        for (index, sentence) in document.sentences.iter().enumerate() {
            signs[index + 1] += usize::from(sentence.tokens.clone().any(|token| {
                crate::lexicon::kind_of_noun(document.lower(token))
                    .is_some_and(|kind| matches!(kind, ThingKind::ArmedGroup | ThingKind::Weapon))
            }));
        }
        let all: usize = signs.iter().sum();
        found.retain(|trigger| {
            !self.entries[trigger.entry].weak
                || all >= 6
                || (trigger.sentence..trigger.sentence + 3)
                    .any(|sentence| signs.get(sentence).is_some_and(|&n| n > 0))
        });
    }
}

/// Tells whether a noun names an act and so is no participant.
pub(crate) fn names_act(word: &str) -> bool {
    LEXICON.nouns.contains_key(word) || LEXICON.nouns.contains_key(&noun_lemma(word))
}

/// Tells where a phrase that begins at a token ends.
fn matched(document: &Document<'_>, parts: &[String], at: usize, end: usize) -> Option<usize> {
    let mut next = at + 1;
    let mut gap = 0;
    for part in &parts[1..] {
        if part == "_" {
            gap = GAP_TOKENS_MAX;
            continue;
        }
        loop {
            if next >= end {
                return None;
            }
            let word = document.lower(next);
            if word == part || noun_lemma(word) == *part {
                next += 1;
                break;
            }
            // "air-strike": the hyphen is no word.
            let stops = document.tokens[next].shape == Shape::Mark && word != "-";
            if gap == 0 || stops {
                return None;
            }
            gap -= 1;
            next += 1;
        }
        gap = 0;
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries_of(text: &str) -> Vec<&'static str> {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let mentions = crate::mentions::find(&document, &syntax, None);
        let lexicon = Lexicon::shared();
        lexicon
            .triggers(&document, &syntax, &mentions)
            .iter()
            .map(|trigger| lexicon.entries[trigger.entry].name.as_str())
            .collect()
    }

    #[test]
    fn every_entry_matches_its_examples_and_not_its_near_misses() {
        let mut wrong = Vec::new();
        for entry in &Lexicon::shared().entries {
            for text in &entry.matches {
                if !entries_of(text).contains(&entry.name.as_str()) {
                    wrong.push(format!("{} misses: {text} {:?}", entry.name, entries_of(text)));
                }
            }
            for text in &entry.near_misses {
                if entries_of(text).contains(&entry.name.as_str()) {
                    wrong.push(format!("{} takes: {text}", entry.name));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
