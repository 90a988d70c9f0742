//! Word lists of things: what does the head of a phrase say it is?

use headwater_domain::reading::ThingKind;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThingsFile {
    nouns: NounLists,
    armed_modifiers: Modifiers,
    titles: TitleList,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NounLists {
    armed_group: String,
    security_force: String,
    government: String,
    organisation: String,
    armed_or_organisation: String,
    people: String,
    facility: String,
    weapon: String,
    place: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Modifiers {
    words: String,
    security_words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TitleList {
    words: String,
}

struct Things {
    kinds: BTreeMap<String, ThingKind>,
    armed_or_organisation: BTreeSet<String>,
    armed_words: BTreeSet<String>,
    security_words: BTreeSet<String>,
    titles: BTreeSet<String>,
}

fn words(list: &str) -> BTreeSet<String> {
    list.split_whitespace().map(str::to_owned).collect()
}

static THINGS: LazyLock<Things> = LazyLock::new(|| {
    let file: ThingsFile = toml::from_str(include_str!("../../../lexicons/en/things.toml"))
        .expect("the word lists are compiled in, and a test reads them");
    let mut kinds = BTreeMap::new();
    // The first list that names a word decides, so the order goes from specific to general.
    for (list, kind) in [
        (&file.nouns.armed_group, ThingKind::ArmedGroup),
        (&file.nouns.security_force, ThingKind::SecurityForce),
        (&file.nouns.government, ThingKind::Government),
        (&file.nouns.people, ThingKind::People),
        (&file.nouns.weapon, ThingKind::Weapon),
        (&file.nouns.facility, ThingKind::Facility),
        (&file.nouns.organisation, ThingKind::Organisation),
        (&file.nouns.armed_or_organisation, ThingKind::Organisation),
        (&file.nouns.place, ThingKind::Place),
    ] {
        for word in list.split_whitespace() {
            kinds.entry(word.to_owned()).or_insert(kind);
        }
    }
    Things {
        kinds,
        armed_or_organisation: words(&file.nouns.armed_or_organisation),
        armed_words: words(&file.armed_modifiers.words),
        security_words: words(&file.armed_modifiers.security_words),
        titles: words(&file.titles.words),
    }
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenNamesFile {
    spanish_and_portuguese: String,
    english_and_others: String,
    arabic_asian_and_slavic: String,
}

static GIVEN_NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let file: GivenNamesFile = toml::from_str(include_str!("../../../lexicons/en/given_names.toml"))
        .expect("the word lists are compiled in, and a test reads them");
    [file.spanish_and_portuguese, file.english_and_others, file.arabic_asian_and_slavic]
        .iter()
        .flat_map(|list| words(list))
        .collect()
});

/// Tells whether a word is a given name and seldom anything else.
pub fn is_given_name(word: &str) -> bool {
    GIVEN_NAMES.contains(word)
}

/// What a head noun names, in the singular or plural, where the word lists know it.
pub fn kind_of_noun(word: &str) -> Option<ThingKind> {
    THINGS.kinds.get(word).or_else(|| THINGS.kinds.get(&crate::pos::noun_lemma(word))).copied()
}

/// Tells whether a noun for people stands for one person: "man", but not "men" or "crowd".
pub fn is_single_person(word: &str) -> bool {
    crate::pos::noun_lemma(word) == word
        && !matches!(
            word,
            "crowd"
                | "mob"
                | "community"
                | "family"
                | "staff"
                | "population"
                | "youth"
                | "people"
                | "couple"
                | "public"
                | "other"
                | "casualty"
                | "minority"
                | "audience"
        )
}

/// Tells whether a word of government names whoever holds an office rather than a body.
pub fn is_office_holder(word: &str) -> bool {
    matches!(
        word,
        "president"
            | "mayor"
            | "governor"
            | "judge"
            | "minister"
            | "ambassador"
            | "diplomat"
            | "premier"
            | "lawmaker"
            | "legislator"
            | "senator"
            | "congressman"
            | "spokesman"
            | "spokeswoman"
            | "spokesperson"
            | "prosecutor"
            | "councillor"
            | "king"
            | "emir"
            | "sultan"
            | "monarch"
            | "chancellor"
            | "official"
            | "secretary"
    )
}

/// Tells whether a word is a common noun of the word lists.
pub fn is_common_noun(word: &str) -> bool {
    kind_of_noun(word).is_some()
}

/// Tells whether a head such as *group* may be an armed group or an organisation.
pub fn may_be_armed(word: &str) -> bool {
    THINGS.armed_or_organisation.contains(&crate::pos::noun_lemma(word))
}

/// Tells whether a word before the head makes an armed group of it: "rebel commander".
pub fn is_armed_word(word: &str) -> bool {
    THINGS.armed_words.contains(word) || THINGS.armed_words.contains(&crate::pos::noun_lemma(word))
}

/// Tells whether a word before the head makes a force of a state of it: "police chief".
pub fn is_security_word(word: &str) -> bool {
    THINGS.security_words.contains(word)
}

/// Tells whether a word is a rank or office that stands before a name.
pub fn is_title(word: &str) -> bool {
    THINGS.titles.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_the_same_thing() {
        assert_eq!(kind_of_noun("militants"), Some(ThingKind::ArmedGroup));
        assert_eq!(kind_of_noun("policemen"), Some(ThingKind::SecurityForce));
        assert_eq!(kind_of_noun("weather"), None);
    }
}
