//! News reuse: which texts are copies, and which share only a quotation?

use crate::gold::{report, string};
use anyhow::Context as _;
use headwater_analysis::lineage;
use headwater_analysis::policy::Policy;
use headwater_domain::report::Report;
use headwater_domain::resolution::LineageKind;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

struct Documents {
    reports: Vec<Report>,
    ids: Vec<String>,
    splits: Vec<String>,
}

fn documents(gold: &mut dyn BufRead) -> anyhow::Result<Documents> {
    let mut documents = Documents { reports: Vec::new(), ids: Vec::new(), splits: Vec::new() };
    for line in gold.lines() {
        let record: Value = serde_json::from_str(&line?).context("cannot read a document")?;
        let id = string(&record, "id");
        documents.reports.push(report(id, string(&record, "text"), None, None, None));
        documents.ids.push(id.to_owned());
        documents.splits.push(string(&record, "split").to_owned());
    }
    Ok(documents)
}

/// Pairs that meet by their fingerprints, as they do in a store, each once, in order.
fn meeting(documents: &Documents) -> BTreeSet<(usize, usize)> {
    let mut by_band: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, report) in documents.reports.iter().enumerate() {
        for band in lineage::fingerprint(report.text.as_str()).bands {
            by_band.entry(band).or_default().push(index);
        }
    }
    let mut pairs = BTreeSet::new();
    for together in by_band.values() {
        for (position, &left) in together.iter().enumerate() {
            let others = together[position + 1..]
                .iter()
                .filter(|&&right| documents.splits[left] == documents.splits[right]);
            pairs.extend(others.map(|&right| (left, right)));
        }
    }
    pairs
}

/// Scores each pair of texts that meet: how much of the shorter one is taken over.
pub fn predict_pairs(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let documents = documents(gold)?;
    for (left, right) in meeting(&documents) {
        let overlap =
            lineage::overlap(documents.reports[left].text.as_str(), documents.reports[right].text.as_str());
        let score = (overlap.coverage() + overlap.prose) / 2.0;
        writeln!(out, "{}", json!({"a": documents.ids[left], "b": documents.ids[right], "score": score}))?;
    }
    Ok(())
}

/// Puts texts into clusters of copies.
pub fn predict_copies(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let documents = documents(gold)?;
    let mut cluster: Vec<usize> = (0..documents.reports.len()).collect();
    for (left, right) in meeting(&documents) {
        let overlap =
            lineage::overlap(documents.reports[left].text.as_str(), documents.reports[right].text.as_str());
        if overlap.coverage() >= 0.8 {
            let (into, from) = (cluster[left].min(cluster[right]), cluster[left].max(cluster[right]));
            cluster.iter_mut().filter(|mine| **mine == from).for_each(|mine| *mine = into);
        }
    }
    for (id, cluster) in documents.ids.iter().zip(cluster) {
        writeln!(out, "{}", json!({"id": id, "cluster": documents.ids[cluster]}))?;
    }
    Ok(())
}

/// Labels pairs by the lineage between their texts. `gold` is the list of documents; `pairs` names
/// the pairs to label.
pub fn predict_judged(
    gold: &mut dyn BufRead,
    pairs: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let documents = documents(gold)?;
    let by_id: BTreeMap<&str, &Report> =
        documents.ids.iter().map(String::as_str).zip(&documents.reports).collect();
    let policy = Policy::default();
    for line in pairs.lines() {
        let pair: Value = serde_json::from_str(&line?).context("cannot read a pair")?;
        let (Some(left), Some(right)) = (by_id.get(string(&pair, "a")), by_id.get(string(&pair, "b"))) else {
            continue;
        };
        let overlap = lineage::overlap(left.text.as_str(), right.text.as_str());
        let label = match lineage::compare(left, right, &policy).map(|lineage| lineage.kind) {
            None => "none",
            Some(LineageKind::SharedQuoteOnly) => "quotes",
            Some(LineageKind::RewrittenWithQuotes) => "derived",
            Some(_) => "copy",
        };
        writeln!(out, "{}", json!({"a": pair["a"], "b": pair["b"], "label": label, "score": overlap.prose}))?;
    }
    Ok(())
}
