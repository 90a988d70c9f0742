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
pub fn predict(reader: Reader, gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn templates(text: &str) -> Vec<Value> {
        let gold = json!({"docid": "d", "text": text, "dateline": {"date": "1990-05-04", "place": "LIMA"}});
        let mut out = Vec::new();
        predict(Reader::new(), &mut gold.to_string().as_bytes(), &mut out).unwrap();
        let answer: Value = serde_json::from_slice(&out).unwrap();
        answer["templates"].as_array().unwrap().clone()
    }

    #[test]
    fn an_incident_told_twice_is_one_template_with_all_that_was_told() {
        let told = templates(
            "unidentified gunmen murdered mayor hernan belloza in lima yesterday. the attack on belloza shocked the town.",
        );
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0]["incident_type"], "attack");
        assert_eq!(told[0]["Victim"], json!([["hernan belloza"]]));
        assert_eq!(told[0]["PerpInd"], json!([["unidentified gunmen"]]));
        assert_eq!(told[0]["slots"]["incident_date"], json!(["1990-05-03"]));
    }

    #[test]
    fn combat_between_armed_forces_is_no_incident() {
        assert_eq!(
            templates("guerrillas attacked an army battalion near lima and killed four soldiers."),
            [Value::Null; 0]
        );
    }
}
