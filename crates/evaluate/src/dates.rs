//! The benchmark `dates-timelines`: where do expressions of time stand, and what is their value?

use crate::CodePoints;
use crate::gold::{each_line, string};
use headwater_reader::document::Document;
use headwater_reader::times;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// Finds the expressions of time of each article, set against the article's date.
pub fn predict(mut gold: impl BufRead, mut out: impl Write) -> anyhow::Result<()> {
    each_line(&mut gold, &mut out, |record| {
        let (id, text) = (string(record, "id"), string(record, "text"));
        let published: Option<Date> = string(record, "dct").get(..10).and_then(|day| day.parse().ok());
        let document = Document::new(text);
        let points = CodePoints::new(text);
        let timexes: Vec<Value> = times::find(&document, published)
            .into_iter()
            .map(|mention| {
                let (start, end) = points.of(mention.span);
                json!({"start": start, "end": end, "type": mention.timex.kind.word(), "value": mention.timex.value})
            })
            .collect();
        Ok(json!({"id": id, "timexes": timexes}))
    })
}
