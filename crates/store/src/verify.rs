//! Can it be shown that what is kept is what was taken in, and that every value quotes its text?

use crate::{Store, StoreError, rules};
use headwater_domain::id::{BlobId, ReportId};
use headwater_domain::reading::{Proposition, Reading};
use headwater_domain::record::{Action, Entry, hex_digest};
use headwater_domain::report::Report;
use headwater_domain::text::Span;
use std::collections::BTreeMap;

/// What was checked, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verification {
    /// Entries of the record whose hash and place in the chain were checked.
    pub entries: u64,
    /// Versions of reports whose bytes were checked against the record.
    pub versions: u64,
    /// Readings whose passages were looked up.
    pub readings: u64,
    /// Passages that were looked up.
    pub spans: u64,
    /// Judgements that were checked against the record.
    pub judgements: u64,
    /// Hash of the last entry: written down elsewhere, it shows later that nothing was cut off.
    pub head: Option<String>,
    /// What is wrong, in the order in which it was found; nothing if all is well.
    pub problems: Vec<Problem>,
}

/// Something that is not as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it concerns, by id.
    pub object: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Flaw {
    /// The entry's content is not what its hash was made of.
    #[error("the entry was altered")]
    EntryAltered,
    /// The entry does not follow the one before it.
    #[error("the record is broken before this entry")]
    ChainBroken,
    /// It is kept, and the record knows nothing of it.
    #[error("it is kept without an entry in the record")]
    NoEntry,
    /// The record has it, and it is not kept.
    #[error("the record has it, but it is not kept")]
    Gone,
    /// It cannot be read back.
    #[error("it cannot be read back")]
    Unreadable,
    /// The bytes are missing.
    #[error("its bytes are missing")]
    NoBytes,
    /// The bytes or words are not those of the record.
    #[error("it differs from what the record says was kept")]
    Altered,
    /// The reading is missing.
    #[error("its reading is missing")]
    NoReading,
    /// A passage lies outside the text, or cuts a character.
    #[error("a passage of its reading does not stand in its text")]
    PassageOutside,
    /// Evidence names another report or version.
    #[error("a passage of its reading is of another text")]
    PassageOfAnother,
}

/// How far verifying has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Report versions done.
    pub done: u64,
    /// Report versions in all.
    pub total: u64,
}

/// Checks everything kept: the chain of the record, each report's bytes and judgement against its
/// entry, and each passage of each reading against its text. An error means that the check could
/// not be finished; what is wrong with the store is told as problems.
pub fn verify(store: &dyn Store, progress: &mut dyn FnMut(Progress)) -> Result<Verification, StoreError> {
    let mut found = Verification::default();
    let mut recorded = check_record(store, &mut found)?;
    let versions = store.all_versions()?;
    let total = versions.len() as u64;
    for (&(report, version), done) in versions.iter().zip(0..) {
        progress(Progress { done, total });
        let digest = recorded.reports.remove(&(report, version));
        check_version(store, report, version, digest.as_deref(), &mut found)?;
    }
    progress(Progress { done: total, total });
    for judgement in store.judgements()? {
        let object = judgement.id.to_string();
        found.judgements += 1;
        match recorded.judgements.remove(&object) {
            None => found.problem(&object, Flaw::NoEntry),
            Some(digest) if digest != hex_digest(&rules::canonical(&judgement)) => {
                found.problem(&object, Flaw::Altered);
            }
            Some(_) => {}
        }
    }
    for (report, version) in recorded.reports.keys() {
        found.problem(&name(*report, *version), Flaw::Gone);
    }
    for object in recorded.unknown_reports.iter().chain(recorded.judgements.keys()) {
        found.problem(object, Flaw::Gone);
    }
    Ok(found)
}

/// What the record says was kept, with its digest.
#[derive(Default)]
struct Recorded {
    reports: BTreeMap<(ReportId, u32), String>,
    judgements: BTreeMap<String, String>,
    unknown_reports: Vec<String>,
}

impl Verification {
    fn problem(&mut self, object: &str, flaw: Flaw) {
        self.problems.push(Problem { object: object.to_owned(), flaw });
    }
}

fn name(report: ReportId, version: u32) -> String {
    format!("{report} version {version}")
}

/// Entries read at a time.
const ENTRIES: usize = 1000;

fn check_record(store: &dyn Store, found: &mut Verification) -> Result<Recorded, StoreError> {
    let mut recorded = Recorded::default();
    let mut newest_versions: BTreeMap<ReportId, u32> = BTreeMap::new();
    let mut previous: Option<Entry> = None;
    loop {
        let entries = store.entries(previous.as_ref().map_or(0, |entry| entry.sequence), ENTRIES)?;
        if entries.is_empty() {
            found.head = previous.map(|entry| entry.hash);
            return Ok(recorded);
        }
        for entry in entries {
            found.entries += 1;
            let object = format!("entry {}", entry.sequence);
            if entry.computed_hash() != entry.hash {
                found.problem(&object, Flaw::EntryAltered);
            }
            let follows = match &previous {
                None => entry.sequence == 1 && entry.previous.is_empty(),
                Some(before) => entry.sequence == before.sequence + 1 && entry.previous == before.hash,
            };
            if !follows {
                found.problem(&object, Flaw::ChainBroken);
            }
            match entry.action {
                Action::TakeIn | Action::NewVersion => match entry.object.parse::<ReportId>() {
                    // Versions are numbered as they come, so the record need not name the number.
                    Ok(report) => {
                        let version = newest_versions.entry(report).or_default();
                        *version += 1;
                        recorded.reports.insert((report, *version), entry.digest.clone());
                    }
                    Err(_) => recorded.unknown_reports.push(entry.object.clone()),
                },
                Action::Judge => {
                    recorded.judgements.insert(entry.object.clone(), entry.digest.clone());
                }
                Action::ReadAgain | Action::Failed | Action::Rebuild => {}
            }
            previous = Some(entry);
        }
    }
}

/// The value, nothing where it is damaged; other errors end the check.
fn readable<T>(outcome: Result<Option<T>, StoreError>) -> Result<Option<T>, StoreError> {
    match outcome {
        Err(StoreError::Damaged { .. }) => Ok(None),
        outcome => outcome,
    }
}

fn check_version(
    store: &dyn Store,
    id: ReportId,
    version: u32,
    digest: Option<&str>,
    found: &mut Verification,
) -> Result<(), StoreError> {
    let object = name(id, version);
    found.versions += 1;
    let Some(report) = readable(store.report(id, Some(version)))? else {
        found.problem(&object, Flaw::Unreadable);
        return Ok(());
    };
    match (readable(store.raw(report.raw))?, digest) {
        (None, _) => found.problem(&object, Flaw::NoBytes),
        (_, None) => found.problem(&object, Flaw::NoEntry),
        (Some(raw), Some(digest)) => {
            if hex_digest(&raw) != digest || BlobId::of(&[&raw]) != report.raw {
                found.problem(&object, Flaw::Altered);
            }
        }
    }
    match readable(store.reading(id, Some(version)))? {
        None => found.problem(&object, Flaw::NoReading),
        Some(reading) => check_reading(&report, &reading, &object, found),
    }
    Ok(())
}

/// Looks up every passage; tells of a report's flaw once, however many passages have it.
fn check_reading(report: &Report, reading: &Reading, object: &str, found: &mut Verification) {
    found.readings += 1;
    let spans = spans_of(report, reading);
    found.spans += spans.len() as u64;
    if spans.iter().any(|&span| report.text.passage(span).is_none_or(str::is_empty)) {
        found.problem(object, Flaw::PassageOutside);
    }
    let of_this = |id: ReportId, version: u32| id == report.id && version == report.version;
    let evidence = reading.claims.iter().map(|claim| &claim.evidence);
    let mut named = evidence.map(|evidence| (evidence.report, evidence.version));
    if !of_this(reading.report, reading.version) || !named.all(|(id, version)| of_this(id, version)) {
        found.problem(object, Flaw::PassageOfAnother);
    }
}

fn spans_of(report: &Report, reading: &Reading) -> Vec<Span> {
    let mut spans: Vec<Span> = reading.sentences.iter().map(|sentence| sentence.span).collect();
    spans.extend(report.dateline);
    spans.extend(report.wire.as_ref().and_then(|wire| wire.span));
    spans.extend(reading.mentions.iter().flat_map(|mention| [mention.span, mention.head]));
    spans.extend(reading.times.iter().map(|time| time.span));
    spans.extend(reading.counts.iter().flat_map(|count| [count.span, count.phrase]));
    for attribution in &reading.attributions {
        spans.push(attribution.content);
        spans.extend(attribution.source);
        spans.extend(attribution.cue);
        spans.extend(attribution.hedge.map(|hedge| hedge.cue));
    }
    for claim in &reading.claims {
        spans.push(claim.proposition.anchor());
        if let Proposition::Event(event) = &claim.proposition {
            spans.extend(&event.more_triggers);
        }
        spans.extend(claim.hedge.map(|hedge| hedge.cue));
        spans.extend(claim.evidence.spans());
    }
    spans
}
