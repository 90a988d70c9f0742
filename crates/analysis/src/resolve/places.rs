//! Places: where is that?

use headwater_domain::reading::{Mention, MentionIndex, Reading, ThingKind};
use headwater_domain::report::Report;
use headwater_domain::resolution::{PlaceRef, Precision};
use headwater_knowledge::places::{DocumentPlaces, FindOptions, Gazetteer, PlaceKey, PlaceKind, Weights};
use std::collections::BTreeMap;
use std::ops::Range;

/// Resolves all places that a reading mentions, together: they tell on one another. Beside them stands
/// the region or country of the dateline.
pub fn places(report: &Report, reading: &Reading) -> (BTreeMap<MentionIndex, PlaceRef>, Option<PlaceRef>) {
    let gazetteer = Gazetteer::shared();
    let text = report.text.as_str();
    let indexed = || (0..).map(MentionIndex).zip(&reading.mentions);
    // "The island" and "a border town" name no place, however much they sound like one.
    let is_named =
        |mention: &Mention| reading.chains.get(mention.chain.0 as usize).is_some_and(|chain| chain.named);
    let mut asked: Vec<(Range<usize>, Option<MentionIndex>)> = Vec::new();
    for (index, mention) in indexed() {
        match mention.kind {
            ThingKind::Place if is_named(mention) => asked.push((mention.span.range(), Some(index))),
            // "Olmo district" names its district, though the whole is a description.
            ThingKind::Place => {
                let words = text.get(mention.span.range()).unwrap_or_default();
                asked.extend(
                    name_before_kind(words)
                        .map(|name| (mention.span.start()..mention.span.start() + name.len(), Some(index))),
                );
            }
            // "Kabul airport" lies in Kabul.
            ThingKind::Facility => {
                let start = mention.span.start();
                let words = text.get(mention.span.range()).unwrap_or_default();
                let inside = gazetteer.find(words, FindOptions { inside_names: true, peoples: false });
                asked.extend(
                    inside
                        .into_iter()
                        .take(1)
                        .map(|found| (start + found.range.start..start + found.range.end, Some(index))),
                );
            }
            _ => {}
        }
    }
    let dateline = dateline(report);
    asked.extend(dateline.clone().map(|range| (range, None)));
    asked.sort_by_key(|(range, index)| (range.start, range.end, *index));
    asked.dedup_by(|later, earlier| later.0 == earlier.0 && later.1.is_none());
    let names: Vec<Range<usize>> = asked.iter().map(|(range, _)| range.clone()).collect();
    let dateline_at = dateline.clone();
    let dateline = dateline.and_then(|range| text.get(range)).map(str::to_owned);
    let document = DocumentPlaces { dateline, ..gazetteer.document_places(text, &names) };
    let resolved: Vec<Option<PlaceKey>> = gazetteer
        .resolve(&document, &Weights::default())
        .into_iter()
        .map(|resolution| resolution.map(|resolution| resolution.key))
        .collect();
    let country_of = |key: Option<PlaceKey>| key.and_then(|key| gazetteer.place(key).country);
    let is_facility = |index: &Option<MentionIndex>| {
        index
            .and_then(|index| reading.mention(index))
            .is_some_and(|mention| mention.kind == ThingKind::Facility)
    };
    let mut countries: BTreeMap<&str, usize> = BTreeMap::new();
    for ((_, index), key) in asked.iter().zip(&resolved) {
        if let (false, Some(country)) = (is_facility(index), country_of(*key)) {
            *countries.entry(country).or_default() += 1;
        }
    }
    let usual = countries.iter().max_by_key(|(_, times)| **times).map(|(country, _)| *country);
    let mut places: BTreeMap<MentionIndex, PlaceRef> = asked
        .iter()
        .zip(&resolved)
        // Zion Church is no church in Jerusalem when the report is from elsewhere.
        .filter(|((_, index), key)| {
            !is_facility(index) || (key.is_some() && (usual.is_none() || country_of(**key) == usual))
        })
        .filter_map(|((range, index), key)| {
            let words = text.get(range.clone()).unwrap_or_default().to_owned();
            // A district of a city is rarely listed; its namesake in a country that the report does not
            // name otherwise is another place.
            let only = country_of(*key).is_some_and(|country| countries.get(country) == Some(&1));
            let stray = only && country_of(*key) != usual && is_district(text, range.end);
            let place = match key {
                Some(key) if !stray => known_place(gazetteer, *key, words),
                _ => unknown_place(words),
            };
            Some(((*index)?, place))
        })
        .collect();
    // "The village", "the Somali capital": the one that was named.
    for (index, mention) in
        indexed().filter(|(_, mention)| mention.kind == ThingKind::Place && !is_named(mention))
    {
        if places.contains_key(&index) {
            continue;
        }
        let words = text.get(mention.span.range()).unwrap_or_default();
        let before = asked.partition_point(|(range, _)| range.end <= mention.span.start());
        let towns = resolved.get(..before).unwrap_or_default().iter().rev().flatten().copied();
        if let Some(key) = meant(gazetteer, words, towns) {
            places.insert(index, known_place(gazetteer, key, words.to_owned()));
        }
    }
    let sent_from = asked.iter().zip(&resolved).find(|((range, _), _)| Some(range) == dateline_at.as_ref());
    let sent_from = sent_from.and_then(|((range, _), key)| {
        let country = gazetteer.country(country_of(*key)?)?.key;
        // Correspondents sit in capitals: what they write from there may be anywhere in the country.
        let region =
            gazetteer.division1((*key)?).filter(|_| !key.is_some_and(|key| gazetteer.place(key).is_capital));
        Some(known_place(gazetteer, region.unwrap_or(country), text.get(range.clone())?.to_owned()))
    });
    (places, sent_from)
}

/// The town named before that a description means, the nearest first.
fn meant(gazetteer: &Gazetteer, words: &str, mut named: impl Iterator<Item = PlaceKey>) -> Option<PlaceKey> {
    let lower = words.to_lowercase();
    let capital = match lower.rsplit(' ').next().unwrap_or(&lower) {
        "capital" => true,
        "city" | "town" | "village" | "settlement" => false,
        _ => return None,
    };
    let country = words.split(' ').find_map(|word| gazetteer.country_by_demonym(word));
    named.find(|&key| {
        let place = gazetteer.place(key);
        matches!(place.kind, PlaceKind::Populated | PlaceKind::Feature)
            && (!capital || place.is_capital)
            && country.as_ref().is_none_or(|country| place.country == Some(country.alpha2))
    })
}

/// Tells whether a name is followed by a word for part of a city.
fn is_district(text: &str, end: usize) -> bool {
    let after = text.get(end..).unwrap_or_default().trim_start();
    ["district", "neighbourhood", "neighborhood", "quarter", "suburb"]
        .iter()
        .any(|kind| after.starts_with(kind))
}

/// The name in "Olmo district", where a name and no people's stands before what it is.
fn name_before_kind(words: &str) -> Option<&str> {
    let (name, kind) = words.rsplit_once(' ')?;
    let is_kind = matches!(
        kind,
        "district"
            | "province"
            | "village"
            | "township"
            | "town"
            | "region"
            | "county"
            | "neighbourhood"
            | "neighborhood"
    );
    let is_name = name.split(' ').all(|word| word.starts_with(char::is_uppercase));
    (is_kind && is_name && Gazetteer::shared().country_by_demonym(name).is_none()).then_some(name)
}

/// Where the town of a dateline stands: as intake has it, or in capitals before a dash at the start of
/// the text ("BRISA (Coast Wire) - ").
fn dateline(report: &Report) -> Option<Range<usize>> {
    let text = report.text.as_str();
    let span = match report.dateline {
        Some(span) => span.range(),
        None => {
            let line = text.lines().next().unwrap_or_default();
            let end = [" - ", " – ", " — "].iter().filter_map(|dash| line.find(dash)).min()?;
            let head = line.get(..end)?;
            head.char_indices().nth(DATELINE_MAX).is_none().then_some(0..end)?
        }
    };
    // "KABUL, Afghanistan": the town is the first part.
    let words = text.get(span.clone())?;
    let town = words.split([',', '(']).next().unwrap_or(words).trim_end();
    let in_capitals = town.chars().filter(|letter| letter.is_alphabetic()).all(char::is_uppercase);
    (!town.is_empty() && (in_capitals || report.dateline.is_some()))
        .then(|| span.start..span.start + town.len())
}

/// A dateline has no more letters than this.
const DATELINE_MAX: usize = 60;

fn known_place(gazetteer: &Gazetteer, key: PlaceKey, words: String) -> PlaceRef {
    let place = gazetteer.place(key);
    let precision = match place.kind {
        PlaceKind::Populated | PlaceKind::Feature => Precision::Town,
        PlaceKind::Division2 => Precision::District,
        PlaceKind::Division1 | PlaceKind::Region => Precision::Province,
        PlaceKind::Country => Precision::Country,
        PlaceKind::Water => Precision::Unknown,
    };
    let country = place.country.and_then(|code| gazetteer.country(code));
    PlaceRef {
        key: Some(gazetteer.id(key)),
        name: place.name.to_owned(),
        words,
        country: country.map(|country| country.alpha3.to_owned()),
        division: gazetteer.division1(key).map(|division| gazetteer.place(division).name.to_owned()),
        within: gazetteer
            .within(key)
            .into_iter()
            .filter(|&outer| outer != key)
            .map(|outer| gazetteer.id(outer))
            .collect(),
        precision,
        position: Some((place.latitude, place.longitude)),
        radius_km: Some(place.radius_km),
    }
}

/// A country by its alpha-3 code, as the place of what is told without one; the words are the report's.
pub fn country(alpha3: &str, words: &str) -> Option<PlaceRef> {
    let gazetteer = Gazetteer::shared();
    let country = gazetteer.country(alpha3)?;
    Some(known_place(gazetteer, country.key, words.to_owned()))
}

/// A place that the gazetteer does not know keeps its name; it has no point on a map.
fn unknown_place(words: String) -> PlaceRef {
    PlaceRef {
        key: None,
        name: words.clone(),
        words,
        country: None,
        division: None,
        within: Vec::new(),
        precision: Precision::Unknown,
        position: None,
        radius_km: None,
    }
}
