//! Places: where is that?

use headwater_domain::reading::{Mention, MentionIndex, Reading, ThingKind};
use headwater_domain::report::Report;
use headwater_domain::resolution::{PlaceRef, Precision};
use headwater_knowledge::places::{DocumentPlaces, Gazetteer, PlaceKey, PlaceKind, Weights};
use std::collections::BTreeMap;
use std::ops::Range;

/// Resolves all places that a reading mentions, together: they tell on one another.
pub fn places(report: &Report, reading: &Reading) -> BTreeMap<MentionIndex, PlaceRef> {
    let gazetteer = Gazetteer::shared();
    let text = report.text.as_str();
    let indexed = || (0..).map(MentionIndex).zip(&reading.mentions);
    // "The island" and "a border town" name no place, however much they sound like one.
    let is_named =
        |mention: &Mention| reading.chains.get(mention.chain.0 as usize).is_some_and(|chain| chain.named);
    let asked: Vec<(MentionIndex, Range<usize>)> = indexed()
        .filter(|(_, mention)| mention.kind == ThingKind::Place && is_named(mention))
        .map(|(index, mention)| (index, mention.span.range()))
        .collect();
    let names: Vec<Range<usize>> = asked.iter().map(|(_, range)| range.clone()).collect();
    let dateline = report.dateline.and_then(|span| report.text.passage(span)).map(|words| {
        // "KABUL, Afghanistan": the town is the first part.
        words.split(',').next().unwrap_or(words).trim().to_owned()
    });
    let document = DocumentPlaces { dateline, ..gazetteer.document_places(text, &names) };
    let resolved = gazetteer.resolve(&document, &Weights::default());
    asked
        .into_iter()
        .zip(resolved)
        .map(|((index, range), resolution)| {
            let words = text.get(range).unwrap_or_default().to_owned();
            let place = match resolution {
                Some(resolution) => known_place(gazetteer, resolution.key, words),
                None => unknown_place(words),
            };
            (index, place)
        })
        .collect()
}

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
