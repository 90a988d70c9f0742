//! Extracts every page of a folder and prints one JSON object a line, for scoring.
//!
//! usage: extract_pages GOLD.jsonl FOLDER > PREDICTIONS.jsonl

use std::io::Write;

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [gold, folder] = arguments.as_slice() else {
        return Err(std::io::Error::other("usage: extract_pages GOLD.jsonl FOLDER"));
    };
    let mut out = std::io::stdout().lock();
    for line in std::fs::read_to_string(gold)?.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let id = row["id"].as_str().unwrap_or_default();
        let bytes = std::fs::read(std::path::Path::new(folder).join(id))?;
        let page = headwater_intake::extract_page(&bytes, row["url"].as_str()).unwrap_or_default();
        let date = page.published.map(|at| at.date.to_string());
        let prediction = serde_json::json!({
            "id": id, "text": page.text, "title": page.title, "date": date, "author": page.author,
        });
        writeln!(out, "{prediction}")?;
    }
    Ok(())
}
