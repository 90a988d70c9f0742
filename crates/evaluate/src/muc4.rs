//! MUC-4: terrorist incidents as templates, made of the reader's events.
//!
//! The reader tells which acts a report tells of and who takes part. The guidelines of MUC-4 want less
//! and more: only acts against civilians, officials and property, one template an incident however often
//! it is told, and fillers as the shortest telling phrase. This module chooses and merges; it reads no text.

mod incident;
mod slots;

use crate::gold::{each_line, report, string};
use headwater_knowledge::places::{Gazetteer, Weights};
use headwater_reader::Reader;
use incident::Article;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// Answers each document with its templates.
pub fn predict(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let reader = Reader::new();
    each_line(gold, out, |record| {
        let id = string(record, "docid");
        let dateline = &record["dateline"];
        let report = report(id, string(record, "text"), dateline["date"].as_str(), None, None);
        let reading = reader.read(&report);
        let sent_from = dateline["place"].as_str().unwrap_or("").to_lowercase();
        let home = Gazetteer::shared().likeliest(&sent_from, &Weights::default());
        let article = Article::new(&report, &reading, home);
        let templates: Vec<Value> =
            article.incidents().iter().map(|incident| article.template(incident)).collect();
        Ok(json!({"docid": id, "templates": templates}))
    })
}
