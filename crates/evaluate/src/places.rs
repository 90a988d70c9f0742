//! Geoparsing: which names of places stand in a text, and where are they?

use crate::gold::{each_line, string};
use headwater_knowledge::places::{FindOptions, Gazetteer, Weights};
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::ops::Range;

/// Finds the names of places and gives them points.
pub fn predict(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    answer(gold, out, false)
}

/// Gives points to the names that the benchmark marks.
pub fn predict_given_spans(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    answer(gold, out, true)
}

fn answer(gold: &mut dyn BufRead, out: &mut dyn Write, given: bool) -> anyhow::Result<()> {
    let gazetteer = Gazetteer::shared();
    each_line(gold, out, |document| {
        let text = string(document, "text");
        // The benchmark counts code points, the gazetteer bytes.
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let names: Vec<Range<usize>> = if given {
            let offset = |name: &Value, key: &str| {
                usize::try_from(name[key].as_u64()?).ok().and_then(|point| starts.get(point)).copied()
            };
            let names = document["toponyms"].as_array().map_or(&[][..], Vec::as_slice);
            names.iter().filter_map(|name| Some(offset(name, "start")?..offset(name, "end")?)).collect()
        } else {
            // The corpora mark names inside other names and the names of peoples too.
            let options = FindOptions { inside_names: true, peoples: true };
            gazetteer.find(text, options).into_iter().map(|found| found.range).collect()
        };
        let places = gazetteer.resolve(&gazetteer.document_places(text, &names), &Weights::default());
        let toponyms = names.iter().zip(places).map(|(range, place)| {
            let start = starts.partition_point(|&at| at < range.start);
            let end = starts.partition_point(|&at| at < range.end);
            let Some(found) = place else { return json!({"start": start, "end": end}) };
            let place = gazetteer.place(found.key);
            json!({"start": start, "end": end, "lat": place.latitude, "lon": place.longitude,
                   "country": place.country, "geonameid": gazetteer.geoname_id(found.key)})
        });
        Ok(json!({"id": document["id"], "toponyms": toponyms.collect::<Vec<Value>>()}))
    })
}
