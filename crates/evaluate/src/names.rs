//! Names: is that the same person or organisation under another name?

use crate::gold::{each_line, string};
use anyhow::Context as _;
use headwater_knowledge::names::{NameIndex, Transliterations, similarity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

/// Answers a search gives at most.
const HITS_MAX: usize = 10;

/// Scores pairs of names.
pub fn predict_pairs(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    each_line(gold, out, |pair| {
        Ok(json!({"id": pair["id"], "score": similarity(string(pair, "a"), string(pair, "b"))}))
    })
}

/// Looks each query up in a list of entries.
pub fn predict_search(
    entries: &mut dyn BufRead,
    queries: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let entries = rows(entries)?;
    let mut names = Vec::new();
    for (number, entry) in entries.iter().enumerate() {
        let of_entry = entry["names"].as_array().into_iter().flatten();
        names.extend(of_entry.filter_map(Value::as_str).map(|name| (number, name)));
    }
    let index = NameIndex::new(names);
    each_line(queries, out, |query| {
        let hits = index.search(string(query, "query"), HITS_MAX);
        let ranked: Vec<&Value> = hits.iter().map(|hit| &entries[hit.entry]["id"]).collect();
        Ok(json!({"id": query["id"], "ranked": ranked}))
    })
}

/// Finds the Latin form of each name among those of its script.
pub fn predict_transliteration(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let words = rows(gold)?;
    let mut scripts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for word in &words {
        scripts.entry(string(word, "script")).or_default().push(string(word, "latin"));
    }
    let scripts: BTreeMap<&str, Transliterations> =
        scripts.into_iter().map(|(script, names)| (script, Transliterations::new(names))).collect();
    for word in &words {
        let ranked = scripts[string(word, "script")].search(string(word, "native"), HITS_MAX);
        writeln!(out, "{}", json!({"id": word["id"], "ranked": ranked}))?;
    }
    Ok(())
}

fn rows(lines: &mut dyn BufRead) -> anyhow::Result<Vec<Value>> {
    let mut rows = Vec::new();
    for line in lines.lines() {
        rows.push(serde_json::from_str(&line?).context("cannot read a line of the benchmark")?);
    }
    Ok(rows)
}
