//! Finds and places the names of a corpus of texts: reads lines of JSON, writes the scorer's lines of JSON.
//!
//! usage: geoparse [--given-spans] [--split NAME] < corpus.jsonl > predictions.jsonl

use std::io::{BufRead, Write};
use std::ops::Range;

use headwater_knowledge::places::{FindOptions, Gazetteer, Weights};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let given = arguments.iter().any(|a| a == "--given-spans");
    let split = arguments.iter().position(|a| a == "--split").and_then(|at| arguments.get(at + 1));
    let gazetteer = Gazetteer::shared();
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let document: Value = serde_json::from_str(&line?)?;
        if split.is_some_and(|split| document["split"] != split.as_str()) {
            continue;
        }
        let text = document["text"].as_str().unwrap_or_default();
        // The scorer counts characters, the gazetteer bytes.
        let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let names: Vec<Range<usize>> = if given {
            let toponyms = document["toponyms"].as_array().map(Vec::as_slice).unwrap_or_default();
            let offset = |t: &Value, key: &str| starts.get(t[key].as_u64()? as usize).copied();
            toponyms.iter().filter_map(|t| Some(offset(t, "start")?..offset(t, "end")?)).collect()
        } else {
            let options =
                FindOptions { inside_names: true, peoples: !arguments.iter().any(|a| a == "--no-peoples") };
            gazetteer.find(text, options).into_iter().map(|f| f.range).collect()
        };
        let places = gazetteer.resolve(&gazetteer.document_places(text, &names), &Weights::default());
        let toponyms: Vec<Value> = names
            .iter()
            .zip(places)
            .map(|(range, place)| {
                let start = starts.partition_point(|&at| at < range.start);
                let end = starts.partition_point(|&at| at < range.end);
                match place {
                    Some(found) => {
                        let place = gazetteer.place(found.key);
                        json!({"start": start, "end": end, "lat": place.latitude, "lon": place.longitude,
                               "country": place.country, "geonameid": gazetteer.geoname_id(found.key),
                               "name": place.name, "reason": found.reason})
                    }
                    None => json!({"start": start, "end": end}),
                }
            })
            .collect();
        writeln!(out, "{}", json!({"id": document["id"], "toponyms": toponyms}))?;
    }
    Ok(())
}
