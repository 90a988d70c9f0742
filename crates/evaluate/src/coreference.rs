//! ECB+: which mentions in which reports speak of the same event?

use crate::CodePoints;
use crate::gold::{report, string};
use anyhow::Context as _;
use headwater_analysis::assess::origins::Publishers;
use headwater_analysis::policy::Policy;
use headwater_analysis::resolve::{events, resolve};
use headwater_domain::id::{ClaimId, EventId};
use headwater_domain::reading::Reading;
use headwater_domain::resolution::Incident;
use headwater_domain::text::Span;
use headwater_reader::Reader;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

/// Answers with gold mentions, as is usual: a mention that stands where the reader saw an event gets
/// that event's cluster, any other stands alone.
pub fn predict(reader: Reader, gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let policy = Policy::default();
    let mut documents: Vec<(Value, Reading)> = Vec::new();
    let mut incidents: Vec<Incident> = Vec::new();
    for line in gold.lines() {
        let record: Value = serde_json::from_str(&line?).context("cannot read a document")?;
        let report = report(string(&record, "doc_id"), string(&record, "text"), None, None, None);
        let reading = reader.read(&report);
        incidents.extend(resolve(&report, &reading).incidents);
        documents.push((record, reading));
    }
    let mut event_of: BTreeMap<ClaimId, EventId> = BTreeMap::new();
    for component in events::cluster(&incidents, &events::Decisions::default(), &policy) {
        for tellings in &component.events {
            let event = headwater_analysis::assess::assess(tellings, &[], &Publishers::default(), &policy);
            if let Some(event) = event {
                for incident in tellings {
                    let claims = incident.also.iter().copied().chain([incident.claim]);
                    event_of.extend(claims.map(|claim| (claim, event.id)));
                }
            }
        }
    }
    for (record, reading) in &documents {
        let points = CodePoints::new(string(record, "text"));
        let mentions = record["mentions"].as_array().map_or(&[][..], Vec::as_slice);
        let answers: Vec<Value> = mentions
            .iter()
            .filter(|mention| mention["kind"] == "event")
            .map(|mention| {
                let (start, end) =
                    (mention["start"].as_u64().unwrap_or(0), mention["end"].as_u64().unwrap_or(0));
                let stands_there = |span: Span| {
                    let (from, to) = points.of(span);
                    (from as u64) < end && start < to as u64
                };
                let claim = reading.events().find(|(_, event)| {
                    stands_there(event.trigger) || event.more_triggers.iter().any(|&span| stands_there(span))
                });
                let cluster = claim.and_then(|(claim, _)| event_of.get(&claim.id)).map_or_else(
                    || format!("alone-{}-{start}-{end}", string(record, "doc_id")),
                    EventId::to_string,
                );
                json!({"start": start, "end": end, "cluster": cluster})
            })
            .collect();
        writeln!(out, "{}", json!({"doc_id": record["doc_id"], "mentions": answers}))?;
    }
    Ok(())
}
