//! Actors: who is that?

use crate::wording;
use headwater_domain::id::ActorId;
use headwater_domain::reading::{Chain, ChainIndex, MentionIndex, Reading, ThingKind};
use headwater_domain::report::Report;
use headwater_domain::resolution::{ActorMention, ActorRef, PlaceRef};
use headwater_knowledge::actors::{Context, KnownActors};
use headwater_knowledge::places::Gazetteer;
use std::collections::{BTreeMap, BTreeSet};

/// Tells who each chain that acts is, and why.
pub fn actors(
    report: &Report,
    reading: &Reading,
    places: &BTreeMap<MentionIndex, PlaceRef>,
) -> BTreeMap<ChainIndex, (ActorRef, String)> {
    let countries = countries(reading, places);
    let year = report.published.map(|published| published.date().year());
    let everybody: BTreeSet<&str> = reading
        .chains
        .iter()
        .filter(|chain| chain.known.len() == 1)
        .flat_map(|chain| &chain.known)
        .map(String::as_str)
        .collect();
    (0..)
        .map(ChainIndex)
        .zip(&reading.chains)
        .filter(|(_, chain)| chain.kind.acts() && !is_time(reading, chain))
        .filter_map(|(index, chain)| Some((index, actor(chain, &countries, &everybody, year)?)))
        .collect()
}

/// Countries that the report names, or whose people it names, as alpha-3 codes, most named first.
fn countries(reading: &Reading, places: &BTreeMap<MentionIndex, PlaceRef>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let of_peoples =
        reading.chains.iter().filter_map(|chain| Some((chain.country.as_deref()?, chain.mentions.len())));
    let of_places = places.values().filter_map(|place| Some((place.country.as_deref()?, 1)));
    for (country, times) in of_peoples.chain(of_places) {
        *counts.entry(country).or_default() += times;
    }
    let mut countries: Vec<(&str, usize)> = counts.into_iter().collect();
    countries.sort_by_key(|&(country, times)| (std::cmp::Reverse(times), country));
    countries.into_iter().map(|(country, _)| country.to_owned()).collect()
}

/// Tells whether what looks like a name is part of a date: "Easter Sunday".
fn is_time(reading: &Reading, chain: &Chain) -> bool {
    let mut mentions = chain.mentions.iter().filter_map(|&mention| reading.mention(mention));
    mentions.all(|mention| reading.times.iter().any(|time| time.span.overlaps(mention.span)))
}

/// Words before a noun that say how many and not who.
const NUMBER_WORDS: &[&str] = &[
    "about",
    "almost",
    "another",
    "around",
    "at",
    "dozen",
    "dozens",
    "eight",
    "eighteen",
    "eleven",
    "fewer",
    "fifteen",
    "fifty",
    "five",
    "forty",
    "four",
    "fourteen",
    "hundred",
    "hundreds",
    "least",
    "less",
    "many",
    "million",
    "more",
    "most",
    "nearly",
    "nine",
    "nineteen",
    "ninety",
    "of",
    "one",
    "other",
    "over",
    "same",
    "scores",
    "seven",
    "seventeen",
    "seventy",
    "several",
    "six",
    "sixteen",
    "sixty",
    "some",
    "ten",
    "tens",
    "than",
    "thirteen",
    "thirty",
    "thousand",
    "thousands",
    "three",
    "to",
    "twelve",
    "twenty",
    "two",
    "up",
];

/// Words for people that only say what became of them.
const STATES: &[&str] = &["casualties", "dead", "injured", "killed", "missing", "victims", "wounded"];

/// Who a description is about, without the number: "gunmen" of "at least ten gunmen"; nothing of "the dead".
fn described(name: &str) -> Option<String> {
    let is_number = |word: &str| {
        let lower = word.to_lowercase();
        let first = lower.split('-').next().unwrap_or(&lower);
        NUMBER_WORDS.binary_search(&first).is_ok()
            || lower.starts_with(|letter: char| letter.is_ascii_digit())
    };
    let rest: Vec<&str> = name.split_whitespace().skip_while(|word| is_number(word)).collect();
    let says_who = rest.iter().any(|word| STATES.binary_search(&word.to_lowercase().as_str()).is_err());
    let described = rest.join(" ");
    (says_who && !super::report::is_pronoun(&described)).then_some(described)
}

fn actor(
    chain: &Chain,
    countries: &[String],
    everybody: &BTreeSet<&str>,
    year: Option<i16>,
) -> Option<(ActorRef, String)> {
    let known = KnownActors::shared();
    let candidates: Vec<&str> = chain.known.iter().map(String::as_str).collect();
    let others: Vec<&str> = everybody.iter().copied().filter(|key| !candidates.contains(key)).collect();
    let countries: Vec<&str> = countries.iter().map(String::as_str).collect();
    let context = Context {
        countries: &countries,
        other_actors: &others,
        year,
        usual: chain.usual.as_deref(),
        ..Context::default()
    };
    if !candidates.is_empty() {
        let choice = known.choose(&candidates, &context);
        if let Some(entry) = choice.key.and_then(|key| known.get(&key)) {
            let actor = ActorRef {
                id: ActorId::of(&[b"known", entry.key.as_bytes()]),
                name: entry.name.clone(),
                named: true,
                kind: chain.kind,
                known: Some(entry.key.clone()),
            };
            return Some((actor, choice.reason));
        }
    }
    let name = if chain.named { chain.name.clone() } else { described(&chain.name)? };
    let folded = wording::words(&name).collect::<Vec<_>>().join(" ");
    if chain.named {
        let actor = ActorRef {
            id: ActorId::of(&[b"name", folded.as_bytes()]),
            name: chain.name.clone(),
            named: true,
            kind: chain.kind,
            known: None,
        };
        return Some((actor, "a name that the knowledge base does not hold".to_owned()));
    }
    // "Gunmen" of two countries have nothing in common but the word.
    let country = chain.country.clone().or_else(|| countries.first().map(|country| (*country).to_owned()));
    let shown = match chain.country.as_deref().and_then(|code| Gazetteer::shared().country(code)) {
        Some(country) if chain.kind != ThingKind::Person && !name.contains(country.name) => {
            format!("{name} ({})", country.name)
        }
        _ => name,
    };
    let actor = ActorRef {
        id: ActorId::of(&[b"description", folded.as_bytes(), country.unwrap_or_default().as_bytes()]),
        name: shown,
        named: false,
        kind: chain.kind,
        known: None,
    };
    Some((actor, "a description, not a name".to_owned()))
}

/// The actors that a report mentions, each once, with the names it uses.
pub fn mentioned(
    report: &Report,
    reading: &Reading,
    actors: &BTreeMap<ChainIndex, (ActorRef, String)>,
) -> Vec<ActorMention> {
    let mut mentioned: BTreeMap<ActorId, ActorMention> = BTreeMap::new();
    for (index, (actor, because)) in actors {
        let Some(chain) = reading.chains.get(index.0 as usize) else { continue };
        let entry = mentioned.entry(actor.id).or_insert_with(|| ActorMention {
            actor: actor.clone(),
            names: Vec::new(),
            spans: Vec::new(),
            because: because.clone(),
        });
        for mention in chain.mentions.iter().filter_map(|&mention| reading.mention(mention)) {
            if let Some(name) = report.text.passage(mention.span)
                && !entry.names.iter().any(|known| known == name)
            {
                entry.names.push(name.to_owned());
            }
            entry.spans.push(mention.span);
        }
    }
    let mut mentioned: Vec<ActorMention> = mentioned.into_values().collect();
    for mention in &mut mentioned {
        mention.spans.sort_unstable();
        mention.spans.dedup();
    }
    mentioned
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_stand_in_order_so_that_they_are_found() {
        assert!(NUMBER_WORDS.is_sorted() && STATES.is_sorted());
    }

    #[test]
    fn a_number_of_people_is_nobody_in_particular() {
        assert_eq!(described("least ten armed gunmen").as_deref(), Some("armed gunmen"));
        assert_eq!(described("about 450"), None);
        assert_eq!(described("seven dead"), None);
        assert_eq!(described("one of them"), None);
        assert_eq!(described("twenty-two civilians").as_deref(), Some("civilians"));
    }
}
