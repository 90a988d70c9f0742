//! Expressions of time, for TempEval-3 and MEANTIME: where do they stand, and what is their value?

use crate::CodePoints;
use anyhow::Context as _;
use headwater_reader::document::Document;
use headwater_reader::times;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize)]
struct Article {
    id: String,
    dct: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Answer<'a> {
    id: &'a str,
    timexes: Vec<Expression>,
}

#[derive(Debug, Serialize)]
struct Expression {
    start: usize,
    end: usize,
    r#type: &'static str,
    value: String,
}

/// Answers one line of the benchmark with one line of predictions.
pub fn predict(line: &str) -> anyhow::Result<String> {
    let article: Article = serde_json::from_str(line).context("cannot read an article of the benchmark")?;
    let published: Option<Date> = article.dct.get(..10).and_then(|day| day.parse().ok());
    let document = Document::new(&article.text);
    let points = CodePoints::new(&article.text);
    let timexes = times::find(&document, published)
        .into_iter()
        .map(|mention| {
            let (start, end) = points.of(mention.span);
            Expression { start, end, r#type: mention.timex.kind.word(), value: mention.timex.value }
        })
        .collect();
    Ok(serde_json::to_string(&Answer { id: &article.id, timexes })?)
}
