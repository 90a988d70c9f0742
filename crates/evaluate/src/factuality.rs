//! Factuality: how sure does the reader make us that something happened, in the scorer's form.

use crate::CodePoints;
use anyhow::Context;
use headwater_reader::Reader;
use headwater_reader::document::Document;
use headwater_reader::modality;
use headwater_reader::pos::Syntax;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::io::{BufRead, Write};

#[derive(Deserialize)]
struct Item {
    id: serde_json::Value,
    text: String,
    targets: Vec<Target>,
}

#[derive(Deserialize, Serialize)]
struct Target {
    start: usize,
    end: usize,
    score: f32,
}

/// Reads sentences with marked events, one sentence a line, and writes how sure each event is.
///
/// # Errors
/// If a line is no such sentence or the answer cannot be written.
pub fn predict(reader: Reader, gold: impl BufRead, mut out: impl Write) -> anyhow::Result<()> {
    for line in gold.lines() {
        let line = line.context("cannot read the sentences")?;
        if line.trim().is_empty() {
            continue;
        }
        let item: Item = serde_json::from_str(&line).context("cannot read a sentence")?;
        let document = Document::new(&item.text);
        let syntax = Syntax::of(&document);
        let perception = reader.perceive(&document);
        let points = CodePoints::new(&item.text);
        let starts: Vec<usize> = document.tokens.iter().map(|token| points.of(token.span).1).collect();
        let targets: Vec<Target> = item
            .targets
            .iter()
            .map(|target| {
                // The first token that ends behind the start of the target.
                let token = starts.partition_point(|end| *end <= target.start);
                let by_rule = modality::of(&document, &syntax, token).certainty;
                let perceived = perception.as_ref().and_then(|perception| perception.certainty(token));
                // Rules and tagger err on different words: their mean is better than either.
                let certainty = perceived.map_or(by_rule, |perceived| (perceived + by_rule) / 2.0);
                Target { start: target.start, end: target.end, score: certainty }
            })
            .collect();
        writeln!(out, "{}", json!({"id": item.id, "targets": targets})).context("cannot write an answer")?;
    }
    Ok(())
}
