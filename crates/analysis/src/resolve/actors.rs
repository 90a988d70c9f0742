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
        .filter(|(_, chain)| chain.kind.acts())
        .map(|(index, chain)| (index, actor(chain, &countries, &everybody, year)))
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

fn actor(
    chain: &Chain,
    countries: &[String],
    everybody: &BTreeSet<&str>,
    year: Option<i16>,
) -> (ActorRef, String) {
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
            return (actor, choice.reason);
        }
    }
    let folded = wording::words(&chain.name).collect::<Vec<_>>().join(" ");
    if chain.named {
        let actor = ActorRef {
            id: ActorId::of(&[b"name", folded.as_bytes()]),
            name: chain.name.clone(),
            named: true,
            kind: chain.kind,
            known: None,
        };
        return (actor, "a name that the knowledge base does not hold".to_owned());
    }
    // "Gunmen" of two countries have nothing in common but the word.
    let country = chain.country.clone().or_else(|| countries.first().map(|country| (*country).to_owned()));
    let shown = match chain.country.as_deref().and_then(|code| Gazetteer::shared().country(code)) {
        Some(country) if chain.kind != ThingKind::Person && !chain.name.contains(country.name) => {
            format!("{} ({})", chain.name, country.name)
        }
        _ => chain.name.clone(),
    };
    let actor = ActorRef {
        id: ActorId::of(&[b"description", folded.as_bytes(), country.unwrap_or_default().as_bytes()]),
        name: shown,
        named: false,
        kind: chain.kind,
        known: None,
    };
    (actor, "a description, not a name".to_owned())
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
