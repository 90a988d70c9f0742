//! Gold lines: how is a benchmark's document given to the program?

use anyhow::Context as _;
use headwater_domain::id::{BlobId, ReportId};
use headwater_domain::marking::Marking;
use headwater_domain::report::{Report, Source};
use headwater_domain::text::Text;
use headwater_domain::time::Published;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

/// Answers a benchmark line by line: a gold object in, an answer out.
pub fn each_line(
    gold: &mut dyn BufRead,
    out: &mut dyn Write,
    mut answer: impl FnMut(&Value) -> anyhow::Result<Value>,
) -> anyhow::Result<()> {
    for (number, line) in gold.lines().enumerate() {
        let line = line.with_context(|| format!("cannot read line {} of the benchmark", number + 1))?;
        if line.trim().is_empty() {
            continue;
        }
        let record: Value = serde_json::from_str(&line)
            .with_context(|| format!("cannot read line {} as JSON", number + 1))?;
        writeln!(out, "{}", answer(&record)?).context("cannot write an answer")?;
    }
    Ok(())
}

/// The string in a field, or an empty one.
pub fn string<'a>(record: &'a Value, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

/// Makes a report of a benchmark's text, as intake would.
pub fn report(
    id: &str,
    text: &str,
    published: Option<&str>,
    title: Option<&str>,
    source: Option<&str>,
) -> Report {
    let day = published.and_then(|text| text.get(..10)).and_then(|day| day.parse().ok());
    Report {
        id: ReportId::of(&[id.as_bytes()]),
        version: 1,
        given_id: Some(id.to_owned()),
        title: title.map(str::to_owned),
        text: Text::new(text),
        source: source.map(Source::id_of),
        carrier: None,
        wire: None,
        dateline: None,
        author: None,
        url: None,
        language: Some("en".to_owned()),
        published: day.map(Published::Day),
        updated: None,
        received: Timestamp::UNIX_EPOCH,
        marking: Marking::default(),
        raw: BlobId::of(&[text.as_bytes()]),
        origin: "benchmark".to_owned(),
        extra: BTreeMap::new(),
    }
}
