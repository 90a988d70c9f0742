//! Developments: what is a short passage mainly about?
//!
//! Events are read word by word; this looks at a passage as a whole and names one class for it: a sub-event
//! of ACLED, or one of the things that a text of conflict is easily confused with (an accident, a disaster, a
//! common crime). Signs are patterns with hand-set weights in `lexicons/en/developments.toml`.

use headwater_domain::kind::{EventKind, Mode, Plover, SubEvent};
use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;
use std::sync::LazyLock;

/// Signs that begin within this many bytes of the start weigh more: a passage opens with its news.
const OPENING_BYTES: usize = 110;
/// How much more.
const OPENING_FACTOR: f32 = 1.25;
/// Longest stretch of a passage that is looked at, in bytes.
const PASSAGE_BYTES_MAX: usize = 2_000;
/// Largest compiled pattern, in bytes; all of them together may take ten times as much.
const PATTERN_BYTES_MAX: usize = 8 << 20;

/// What a passage is mainly about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Development {
    /// Something that ACLED has a sub-event for.
    Of(SubEvent),
    /// Common or organised crime without a political side.
    Crime,
    /// Forces of nature and disease.
    Disaster,
    /// Accidents of traffic, industry and buildings.
    Accident,
    /// Measures and words between states.
    Diplomacy,
    /// Who owns, denies or is blamed for something.
    Responsibility,
}

impl Development {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "crime" => Self::Crime,
            "disaster" => Self::Disaster,
            "accident" => Self::Accident,
            "diplomacy" => Self::Diplomacy,
            "responsibility" => Self::Responsibility,
            name => Self::Of(SubEvent::from_word(name)?),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconFile {
    #[serde(alias = "development", alias = "act")]
    class: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    signs: Vec<(f32, String)>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
}

struct Sign {
    class: usize,
    weight: f32,
    pattern: Regex,
}

struct Lexicon<T> {
    classes: Vec<T>,
    signs: Vec<Sign>,
    /// All patterns at once tell which of them are worth looking for.
    any: RegexSet,
}

const DEVELOPMENTS: &str = include_str!("../../../lexicons/en/developments.toml");
const ACTS: &str = include_str!("../../../lexicons/en/acts.toml");

static BY_DEVELOPMENT: LazyLock<Lexicon<Development>> =
    LazyLock::new(|| Lexicon::of(DEVELOPMENTS, Development::from_name));
static BY_ACT: LazyLock<Lexicon<EventKind>> = LazyLock::new(|| Lexicon::of(ACTS, act_from_name));

/// Reads "ACCUSE investigate": an event of PLOVER, and a mode where one is told apart.
fn act_from_name(name: &str) -> Option<EventKind> {
    let (event, mode) = match name.split_once(' ') {
        Some((event, mode)) => (event, Some(Mode::from_word(mode)?)),
        None => (name, None),
    };
    Some(EventKind { event: Plover::from_word(event)?, mode, sub_event: None })
}

/// The developments that signs in a passage speak for, the strongest first, with their weights.
///
/// Looks at the first 2,000 bytes and takes time linear in them.
pub fn weigh(passage: &str) -> Vec<(Development, f32)> {
    BY_DEVELOPMENT.weigh(passage)
}

/// The events of PLOVER that signs in a sentence speak for, the strongest first, with their weights.
///
/// Looks at the first 2,000 bytes and takes time linear in them.
pub fn weigh_acts(sentence: &str) -> Vec<(EventKind, f32)> {
    BY_ACT.weigh(sentence)
}

impl<T: Copy> Lexicon<T> {
    fn of(file: &str, class_of: impl Fn(&str) -> Option<T>) -> Self {
        let file: LexiconFile = toml::from_str(file).expect("a test reads the lexicon");
        let mut classes = Vec::new();
        let mut patterns = Vec::new();
        let mut signs = Vec::new();
        for (class, entry) in file.class.iter().enumerate() {
            classes.push(class_of(&entry.name).expect("a test reads every name"));
            for (weight, pattern) in &entry.signs {
                let pattern = format!(r"\b(?:{})\b", pattern.replace('~', r"\w*"));
                let compiled = RegexBuilder::new(&pattern)
                    .unicode(false)
                    .dot_matches_new_line(true)
                    .size_limit(PATTERN_BYTES_MAX)
                    .build()
                    .expect("a test compiles every pattern");
                signs.push(Sign { class, weight: *weight, pattern: compiled });
                patterns.push(pattern);
            }
        }
        let any = RegexSetBuilder::new(&patterns)
            .unicode(false)
            .dot_matches_new_line(true)
            .size_limit(10 * PATTERN_BYTES_MAX)
            .build()
            .expect("a test compiles every pattern");
        Self { classes, signs, any }
    }

    fn weigh(&self, passage: &str) -> Vec<(T, f32)> {
        let end = (0..=PASSAGE_BYTES_MAX.min(passage.len())).rev().find(|&at| passage.is_char_boundary(at));
        let lower = passage.get(..end.unwrap_or(0)).unwrap_or("").to_lowercase();
        let mut weights = vec![0.0f32; self.classes.len()];
        for index in self.any.matches(lower.as_bytes()) {
            let sign = &self.signs[index];
            if let Some(found) = sign.pattern.find(lower.as_bytes()) {
                let factor = if found.start() < OPENING_BYTES { OPENING_FACTOR } else { 1.0 };
                weights[sign.class] += sign.weight * factor;
            }
        }
        let mut weighed: Vec<(T, f32)> =
            self.classes.iter().copied().zip(weights).filter(|(_, weight)| *weight > 0.0).collect();
        // Stable: of equals, the one that the lexicon names first.
        weighed.sort_by(|one, other| other.1.total_cmp(&one.1));
        weighed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_example_comes_out_as_its_class() {
        let each = |file: &str, best: &dyn Fn(&str) -> Option<String>| {
            let file: LexiconFile = toml::from_str(file).unwrap();
            for entry in file.class {
                assert!(!entry.matches.is_empty(), "{} has no example", entry.name);
                for example in &entry.matches {
                    assert_eq!(best(example).as_ref(), Some(&entry.name), "{example}");
                }
            }
        };
        let name = |development: Development| match development {
            Development::Of(sub_event) => sub_event.word().to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        each(DEVELOPMENTS, &|example| weigh(example).first().map(|(found, _)| name(*found)));
        let act = |kind: EventKind| {
            let mode = kind.mode.map(|mode| format!(" {mode}"));
            format!("{}{}", kind.event, mode.unwrap_or_default())
        };
        each(ACTS, &|example| weigh_acts(example).first().map(|(found, _)| act(*found)));
    }

    #[test]
    fn a_text_without_signs_is_about_nothing() {
        assert_eq!(weigh("The choir sang well and the cake was good."), []);
        assert_eq!(weigh(""), []);
    }

    proptest! {
        #[test]
        fn whatever_the_text_it_is_weighed(text in "\\PC{0,400}") {
            weigh(&text.repeat(8));
            weigh_acts(&text);
        }
    }
}
