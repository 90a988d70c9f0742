//! View: what may this reader see, and as of when?
//!
//! Commands that show something get a [`View`] and nothing else, and a view is opened with a
//! clearance. Where something must be hidden, the picture is derived again from what may be seen, so
//! that counts, origins and conclusions cannot give away what is hidden.

use crate::pipeline::Pipeline;
use crate::worker;
use anyhow::Result;
use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, ReportId};
use headwater_domain::judgement::{Judgement, Verdict};
use headwater_domain::marking::Clearance;
use headwater_domain::picture::{Dossier, Event, Relation};
use headwater_domain::reading::Reading;
use headwater_domain::record::{Entry, Failure};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{ActorMention, Lineage, RelationClaim, Saying};
use headwater_store::query::{
    ActorSummary, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery, Totals,
};
use headwater_store::{MemoryStore, Store, StoreError};
use jiff::Timestamp;
use std::sync::Arc;

/// The picture as one reader may see it.
pub struct View {
    /// Over what may be seen, and nothing else.
    pipeline: Pipeline,
    /// Whether something may have been left out.
    pub limited: bool,
    /// As of when; nothing for now.
    pub as_of: Option<Timestamp>,
}

impl View {
    /// Opens the picture for a reader, as of a time.
    pub fn open(pipeline: &Pipeline, clearance: &Clearance, as_of: Option<Timestamp>) -> Result<Self> {
        if as_of.is_none() && admits_everything(pipeline.store(), clearance)? {
            pipeline.settle_what_is_left()?;
            return Ok(Self { pipeline: pipeline.over(pipeline.shared_store()), limited: false, as_of });
        }
        Ok(Self { pipeline: derive(pipeline, clearance, as_of)?, limited: true, as_of })
    }

    /// How actors stand to one another: all, or those of one actor.
    pub fn relations(&self, of: Option<ActorId>) -> Result<Vec<Relation>, StoreError> {
        self.pipeline.relations(&self.pipeline.store().relation_claims(of)?)
    }
}

/// Passes questions on to the store; nothing here can change it.
macro_rules! pass_on {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*) -> $answer:ty;)+) => {
        impl View {
            $($(#[$doc])* pub fn $name(&self $(, $arg: $type)*) -> Result<$answer, StoreError> {
                self.pipeline.store().$name($($arg),*)
            })+
        }
    };
}

pass_on! {
    /// Totals of everything.
    totals() -> Totals;
    /// Reports, latest version each.
    reports(query: &ReportQuery, page: Page) -> Vec<ReportSummary>;
    /// Every report and version in the order of intake.
    all_versions() -> Vec<(ReportId, u32)>;
    /// A version of a report; the latest if none is named.
    report(id: ReportId, version: Option<u32>) -> Option<Report>;
    /// What was read in it.
    reading(id: ReportId, version: Option<u32>) -> Option<Reading>;
    /// The bytes as they came.
    raw(id: BlobId) -> Option<Vec<u8>>;
    /// Sources by id.
    sources() -> Vec<Source>;
    /// Events that match.
    events(query: &EventQuery, page: Page) -> Vec<Event>;
    /// How many events match.
    event_count(query: &EventQuery) -> u64;
    /// An event with its tellings.
    dossier(id: EventId) -> Option<Dossier>;
    /// Sayings that match.
    sayings(query: &SayingQuery, page: Page) -> Vec<Saying>;
    /// Relation claims, all or those of one actor.
    relation_claims(of: Option<ActorId>) -> Vec<RelationClaim>;
    /// Actors, most reports first.
    actors(text: Option<&str>, page: Page) -> Vec<ActorSummary>;
    /// Where an actor is mentioned.
    actor_mentions(id: ActorId) -> Vec<(ReportId, ActorMention)>;
    /// Lineages of one report, or all.
    lineages(of: Option<ReportId>) -> Vec<Lineage>;
    /// Judgements in order.
    judgements() -> Vec<Judgement>;
    /// What could not be taken in.
    failures() -> Vec<Failure>;
    /// Entries of the record.
    entries(after: u64, limit: usize) -> Vec<Entry>;
    /// Full ids that begin like this.
    ids_beginning(beginning: &str) -> Vec<String>;
    /// Which report a claim belongs to.
    report_of_claim(claim: ClaimId) -> Option<(ReportId, u32)>;
}

/// Goes by the record, which has the marking of everything that was ever kept.
fn admits_everything(store: &dyn Store, clearance: &Clearance) -> Result<bool, StoreError> {
    const ENTRIES_AT_ONCE: usize = 5_000;
    if *clearance == Clearance::full() {
        return Ok(true);
    }
    let mut after = 0;
    loop {
        let entries = store.entries(after, ENTRIES_AT_ONCE)?;
        let Some(last) = entries.last() else { return Ok(true) };
        after = last.sequence;
        if entries.iter().any(|entry| !clearance.admits(&entry.marking)) {
            return Ok(false);
        }
    }
}

/// Derives a picture in memory from what was received by then and may be seen.
fn derive(pipeline: &Pipeline, clearance: &Clearance, as_of: Option<Timestamp>) -> Result<Pipeline> {
    let by_then = |at: Timestamp| as_of.is_none_or(|limit| at <= limit);
    let kept = pipeline.store();
    let memory = Arc::new(MemoryStore::new());
    let derived = pipeline.over(Arc::clone(&memory) as Arc<dyn Store>);
    let read = |(id, version)| pipeline.derive(id, version, false);
    worker::in_order(pipeline.threads(), kept.all_versions()?.into_iter(), read, |seen| -> Result<()> {
        let admitted = |report: &Report| by_then(report.received) && clearance.admits(&report.marking);
        if let Some(seen) = seen?.filter(|seen| admitted(&seen.report)) {
            derived.keep_elsewhere(&memory, seen)?;
        }
        Ok(())
    })?;
    derived.settle_what_is_left()?;
    for judgement in kept.judgements()?.into_iter().filter(|judgement| by_then(judgement.at)) {
        if is_about_what_is_seen(&judgement, derived.store())? {
            derived.judge(&judgement)?;
        }
    }
    derived.settle_what_is_left()?;
    Ok(derived)
}

/// Tells whether everything that a judgement names may be seen; its reason could give the rest away.
fn is_about_what_is_seen(judgement: &Judgement, seen: &dyn Store) -> Result<bool, StoreError> {
    let event = |id: EventId| seen.dossier(id).map(|found| found.is_some());
    let actor = |id: ActorId| seen.actor_mentions(id).map(|found| !found.is_empty());
    let claim = |id: ClaimId| seen.report_of_claim(id).map(|found| found.is_some());
    let source = |id| seen.source(id).map(|found| found.is_some());
    Ok(match judgement.verdict {
        Verdict::SameEvent(left, right) | Verdict::DistinctEvents(left, right) => {
            event(left)? && event(right)?
        }
        Verdict::SameActor(left, right) | Verdict::DistinctActors(left, right) => {
            actor(left)? && actor(right)?
        }
        Verdict::ClaimStands(id) | Verdict::ClaimFails(id) => claim(id)?,
        Verdict::SourceRated(id, _) => source(id)?,
        Verdict::SourceBelongs(left, right) => source(left)? && source(right)?,
        Verdict::Withdrawn(id) => seen.judgements()?.iter().any(|earlier| earlier.id == id),
    })
}
