//! The words of the lexicon: which phrases count people, and which tell what happened to them?

use crate::document::Document;
use headwater_domain::count::{Counted, Harm};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// The lexicon of `lexicons/en/counts.toml`.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let source: Source = toml::from_str(include_str!("../../../../lexicons/en/counts.toml"))
        .expect("the lexicon is part of the program, and a test reads it");
    Lexicon::new(source)
});

/// Phrases with what they mean.
#[derive(Debug)]
pub struct Lexicon {
    /// Words for numbers that are not named.
    pub vague: Phrases<Vague>,
    /// "at least", "more than", "about".
    pub qualifiers: Phrases<Qualifier>,
    /// Words that tell what happened.
    pub cues: Phrases<Cue>,
    /// "including", "of whom".
    pub part: Phrases<()>,
    /// "not counting".
    pub excluded: Phrases<()>,
    /// "so far this year".
    pub cumulative: Phrases<()>,
    people: BTreeMap<String, Counted>,
    things: BTreeSet<String>,
    between: BTreeSet<String>,
}

/// The numbers that a vague word allows.
#[derive(Debug, Clone, Copy)]
pub struct Vague {
    /// Lowest.
    pub low: u32,
    /// Highest, if the word sets a limit.
    pub high: Option<u32>,
}

/// How a number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Qualifier {
    /// "at least".
    AtLeast,
    /// "more than".
    MoreThan,
    /// "up to".
    UpTo,
    /// "fewer than".
    FewerThan,
    /// "about".
    About,
    /// "another": the number stays as it is.
    Plain,
}

/// What a word tells and where those harmed stand.
#[derive(Debug, Clone, Copy)]
pub struct Cue {
    /// What happened.
    pub harm: Harm,
    /// "killed": its object, or the subject of its passive.
    pub object: bool,
    /// "killing": its object only.
    pub active: bool,
    /// "died": its subject.
    pub subject: bool,
    /// "dead": said of those before it.
    pub state: bool,
    /// "deaths": counted itself.
    pub noun: bool,
    /// "death": those named after "of".
    pub of: bool,
}

impl Lexicon {
    /// What sort of people a word names, if people at all. "Mine workers" are, "a mine" is not.
    pub fn people(&self, word: &str) -> Option<Counted> {
        self.people.get(word).copied().or_else(|| {
            let (_, last) = word.rsplit_once('-')?;
            self.people.get(last).copied()
        })
    }

    /// Tells whether a word names a thing.
    pub fn is_thing(&self, word: &str) -> bool {
        self.things.contains(word)
    }

    /// Tells whether a word may stand between people and what is said of them.
    pub fn is_between(&self, word: &str) -> bool {
        self.between.contains(word)
    }

    fn new(source: Source) -> Self {
        let mut cues: BTreeMap<String, Cue> = BTreeMap::new();
        for entry in source.harm {
            let none = Cue {
                harm: entry.harm,
                object: false,
                active: false,
                subject: false,
                state: false,
                noun: false,
                of: false,
            };
            let mut mark = |words: Vec<String>, place: fn(&mut Cue)| {
                for word in words {
                    place(cues.entry(word).or_insert(none));
                }
            };
            mark(entry.object, |cue| cue.object = true);
            mark(entry.active, |cue| cue.active = true);
            mark(entry.subject, |cue| cue.subject = true);
            mark(entry.state, |cue| cue.state = true);
            mark(entry.noun, |cue| cue.noun = true);
            mark(entry.of, |cue| cue.of = true);
        }
        let vague = source.vague.into_iter().flat_map(|entry| {
            entry.words.into_iter().map(move |word| (word, Vague { low: entry.low, high: entry.high }))
        });
        let qualifiers = [
            (source.qualifiers.at_least, Qualifier::AtLeast),
            (source.qualifiers.more_than, Qualifier::MoreThan),
            (source.qualifiers.up_to, Qualifier::UpTo),
            (source.qualifiers.fewer_than, Qualifier::FewerThan),
            (source.qualifiers.about, Qualifier::About),
            (source.qualifiers.plain, Qualifier::Plain),
        ];
        let mut people = BTreeMap::new();
        for (words, counted) in [
            (source.people.civilians, Counted::Civilians),
            (source.people.unspecified, Counted::Unspecified),
            (source.people.combatants, Counted::Combatants),
            (source.people.perpetrators, Counted::Perpetrators),
        ] {
            people.extend(words.into_iter().map(|word| (word, counted)));
        }
        let unvalued = |words: Vec<String>| Phrases::new(words.into_iter().map(|word| (word, ())));
        Self {
            vague: Phrases::new(vague),
            qualifiers: Phrases::new(
                qualifiers
                    .into_iter()
                    .flat_map(|(words, sense)| words.into_iter().map(move |word| (word, sense))),
            ),
            cues: Phrases::new(cues),
            part: unvalued(source.part.words),
            excluded: unvalued(source.perpetrators.excluded),
            cumulative: unvalued(source.cumulative.phrases),
            people,
            things: source.things.words.into_iter().collect(),
            between: source.between.words.into_iter().collect(),
        }
    }
}

/// Phrases of one or more words, found by their first word.
#[derive(Debug)]
pub struct Phrases<T> {
    by_first: BTreeMap<String, Vec<(Vec<String>, T)>>,
}

impl<T: Copy> Phrases<T> {
    fn new(entries: impl IntoIterator<Item = (String, T)>) -> Self {
        let mut by_first: BTreeMap<String, Vec<(Vec<String>, T)>> = BTreeMap::new();
        for (phrase, sense) in entries {
            let words: Vec<String> = phrase.split(' ').map(str::to_owned).collect();
            let first = words.first().cloned().unwrap_or_default();
            by_first.entry(first).or_default().push((words, sense));
        }
        for same in by_first.values_mut() {
            same.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
        }
        Self { by_first }
    }

    /// The longest phrase that starts at a token, and one past its last token.
    pub fn at(&self, document: &Document, at: usize, limit: usize) -> Option<(usize, T)> {
        let same = self.by_first.get(document.lower(at))?;
        same.iter()
            .find(|(words, _)| {
                at + words.len() <= limit
                    && words.iter().enumerate().all(|(ahead, word)| document.lower(at + ahead) == word)
            })
            .map(|(words, sense)| (at + words.len(), *sense))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    vague: Vec<VagueSource>,
    qualifiers: QualifierSource,
    harm: Vec<HarmSource>,
    people: PeopleSource,
    things: WordList,
    part: WordList,
    perpetrators: PerpetratorSource,
    cumulative: CumulativeSource,
    between: WordList,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VagueSource {
    words: Vec<String>,
    low: u32,
    high: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct QualifierSource {
    at_least: Vec<String>,
    more_than: Vec<String>,
    up_to: Vec<String>,
    fewer_than: Vec<String>,
    about: Vec<String>,
    plain: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct HarmSource {
    harm: Harm,
    #[serde(default)]
    object: Vec<String>,
    #[serde(default)]
    active: Vec<String>,
    #[serde(default)]
    subject: Vec<String>,
    #[serde(default)]
    state: Vec<String>,
    #[serde(default)]
    noun: Vec<String>,
    #[serde(default)]
    of: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeopleSource {
    civilians: Vec<String>,
    unspecified: Vec<String>,
    combatants: Vec<String>,
    perpetrators: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PerpetratorSource {
    excluded: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CumulativeSource {
    phrases: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordList {
    words: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_can_be_read_and_gives_each_word_one_sense() {
        assert!(LEXICON.people("soldiers") == Some(Counted::Combatants));
        assert!(LEXICON.people("villages").is_none() && LEXICON.is_thing("villages"));
        let both: Vec<&String> = LEXICON.people.keys().filter(|word| LEXICON.is_thing(word)).collect();
        assert!(both.is_empty(), "people and things: {both:?}");
    }
}
