//! Writes predictions for a set of name-matching questions, one JSON object a line.
//!
//! `names pairs PAIRS`, `names search ENTRIES QUERIES` or `names translit WORDS`.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufWriter, Write};

use headwater_knowledge::names::{NameIndex, Transliterations, similarity};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = BufWriter::new(std::io::stdout().lock());
    match arguments.as_slice() {
        ["pairs", pairs] => {
            for pair in rows(pairs)? {
                let score = similarity(text(&pair, "a"), text(&pair, "b"));
                writeln!(out, "{}", json!({"id": pair["id"], "score": score}))?;
            }
        }
        ["search", entries, queries] => search(&mut out, &rows(entries)?, &rows(queries)?)?,
        ["translit", words] => transliterate(&mut out, &rows(words)?)?,
        _ => return Err("cannot tell what to do; see the first lines of this example".into()),
    }
    Ok(())
}

fn search(out: &mut impl Write, entries: &[Value], queries: &[Value]) -> Result<(), Box<dyn Error>> {
    let mut names = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let of_entry = entry["names"].as_array().into_iter().flatten();
        names.extend(of_entry.filter_map(Value::as_str).map(|name| (number, name)));
    }
    let index = NameIndex::new(names);
    for query in queries {
        let hits = index.search(text(query, "query"), 10);
        let ranked: Vec<&Value> = hits.iter().map(|hit| &entries[hit.entry]["id"]).collect();
        writeln!(out, "{}", json!({"id": query["id"], "ranked": ranked}))?;
    }
    Ok(())
}

fn transliterate(out: &mut impl Write, words: &[Value]) -> Result<(), Box<dyn Error>> {
    let mut scripts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for word in words {
        scripts.entry(text(word, "script")).or_default().push(text(word, "latin"));
    }
    let scripts: BTreeMap<&str, Transliterations> =
        scripts.into_iter().map(|(script, names)| (script, Transliterations::new(names))).collect();
    for word in words {
        let ranked = scripts[text(word, "script")].search(text(word, "native"), 10);
        writeln!(out, "{}", json!({"id": word["id"], "ranked": ranked}))?;
    }
    Ok(())
}

fn rows(path: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    #[expect(clippy::disallowed_methods, reason = "an example is a program and does its own input")]
    let content = std::fs::read_to_string(path)?;
    Ok(content.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}
