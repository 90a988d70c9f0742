//! Developments: what is a short passage mainly about?
//!
//! Events are read word by word; this looks at a passage as a whole and names one class for it: a sub-event
//! of ACLED, or one of the things that a text of conflict is easily confused with (an accident, a disaster, a
//! common crime). Signs are patterns with hand-set weights in `lexicons/en/developments.toml`.

use headwater_domain::kind::SubEvent;
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
    development: Vec<Entry>,
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

struct Lexicon {
    classes: Vec<Development>,
    signs: Vec<Sign>,
    /// All patterns at once tell which of them are worth looking for.
    any: RegexSet,
}

const FILE: &str = include_str!("../../../lexicons/en/developments.toml");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: LexiconFile = toml::from_str(FILE).expect("a test reads the lexicon");
    let mut classes = Vec::new();
    let mut patterns = Vec::new();
    let mut signs = Vec::new();
    for (class, entry) in file.development.iter().enumerate() {
        classes.push(Development::from_name(&entry.name).expect("a test reads every name"));
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
    Lexicon { classes, signs, any }
});

/// The developments that signs in a passage speak for, the strongest first, with their weights.
///
/// Looks at the first 2,000 bytes and takes time linear in them.
pub fn weigh(passage: &str) -> Vec<(Development, f32)> {
    let end = (0..=PASSAGE_BYTES_MAX.min(passage.len())).rev().find(|&at| passage.is_char_boundary(at));
    let lower = passage.get(..end.unwrap_or(0)).unwrap_or("").to_lowercase();
    let mut weights = vec![0.0f32; LEXICON.classes.len()];
    for index in LEXICON.any.matches(lower.as_bytes()) {
        let sign = &LEXICON.signs[index];
        if let Some(found) = sign.pattern.find(lower.as_bytes()) {
            let factor = if found.start() < OPENING_BYTES { OPENING_FACTOR } else { 1.0 };
            weights[sign.class] += sign.weight * factor;
        }
    }
    let mut weighed: Vec<(Development, f32)> =
        LEXICON.classes.iter().copied().zip(weights).filter(|(_, weight)| *weight > 0.0).collect();
    // Stable: of equals, the one that the lexicon names first.
    weighed.sort_by(|one, other| other.1.total_cmp(&one.1));
    weighed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_example_comes_out_as_its_development() {
        let file: LexiconFile = toml::from_str(FILE).unwrap();
        for entry in file.development {
            let expected = Development::from_name(&entry.name).unwrap();
            assert!(!entry.matches.is_empty(), "{} has no example", entry.name);
            for example in &entry.matches {
                let weighed = weigh(example);
                assert_eq!(weighed.first().map(|(found, _)| *found), Some(expected), "{example}: {weighed:?}");
            }
        }
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
        }
    }
}
