//! The whole flow: a report arrives, or somebody decides; what is believed follows.
//!
//! ```text
//! found ── report_of ── read ── keep ──┐
//!                                      ├── settle ── events, lineages
//! judgement ────────────────── judge ──┘
//! ```

use crate::identity::report_of;
use headwater_analysis::assess;
use headwater_analysis::assess::origins::Publishers;
use headwater_analysis::lineage;
use headwater_analysis::policy::Policy;
use headwater_analysis::resolve::resolve;
use headwater_analysis::settle::{self, Key, Known, Settled};
use headwater_domain::id::{ActorId, ClaimId, EventId, ReportId, SourceId};
use headwater_domain::judgement::{Judgement, Verdict};
use headwater_domain::marking::Marking;
use headwater_domain::picture::Relation;
use headwater_domain::reading::Reading;
use headwater_domain::record::Failure;
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{Incident, Lineage, RelationClaim, Resolution};
use headwater_intake::{FailReason, Failed, Found, Item};
use headwater_reader::Reader;
use headwater_store::query::{EventQuery, Page, ReportQuery};
use headwater_store::{Kept, MemoryStore, Near, Settlement, Store, StoreError, Taken};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Settling waits until at least so many tellings are new, since settling many at once costs little
/// more than settling one.
const SETTLE_FROM: u64 = 2_000;
/// How many tellings are settled in one go at most. Bounds memory.
const SETTLE_AT_ONCE: usize = 20_000;

/// Everything that a report passes through.
pub struct Pipeline {
    store: Arc<dyn Store>,
    reader: Arc<Reader>,
    policy: Policy,
    marking: Marking,
    user: String,
    threads: usize,
    /// How many new tellings are awaited before they are settled: a share of what there is, so that
    /// the cost of a report does not grow with the store.
    settle_from: AtomicU64,
}

/// A report with its reading, before it is kept.
#[derive(Debug)]
pub struct Prepared {
    taken: Taken,
}

/// A kept version of a report with what is derived from it.
#[derive(Debug)]
pub struct Derived {
    /// The version.
    pub report: Report,
    /// Who published it.
    pub source: Option<Source>,
    /// What the reader finds in it.
    pub reading: Reading,
    /// What it says about the world.
    pub resolution: Resolution,
}

/// What preparing came to.
#[derive(Debug)]
pub enum Preparation {
    /// Read, and to be kept.
    Read(Box<Prepared>),
    /// Kept before, with the same words.
    Unchanged,
    /// Not to be taken in.
    Failed(Failed),
}

/// What taking something in came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A report not seen before.
    New,
    /// Other words of a report seen before.
    NewVersion,
    /// Nothing new.
    Unchanged,
    /// Kept as a failure.
    Failed(Failure),
}

impl Pipeline {
    /// Puts the parts together.
    pub fn new(store: Arc<dyn Store>, policy: Policy, marking: Marking, user: &str, threads: usize) -> Self {
        Self {
            store,
            reader: Arc::new(Reader::new()),
            policy,
            marking,
            user: user.to_owned(),
            threads,
            settle_from: AtomicU64::new(SETTLE_FROM),
        }
    }

    /// The same pipeline over another store.
    #[must_use]
    pub fn over(&self, store: Arc<dyn Store>) -> Self {
        Self {
            store,
            reader: Arc::clone(&self.reader),
            policy: self.policy.clone(),
            marking: self.marking.clone(),
            user: self.user.clone(),
            threads: self.threads,
            settle_from: AtomicU64::new(SETTLE_FROM),
        }
    }

    /// Where everything is kept.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// See [`Self::store`].
    pub fn shared_store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store)
    }

    /// How many reports may be read at once.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Under which name things are done.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// Takes in one thing: reads it, keeps it. What it changes is believed once it is settled.
    pub fn take_in(&self, item: Item, at: Timestamp) -> Result<Outcome, StoreError> {
        let prepared = self.prepare(item, at)?;
        self.keep(prepared, at)
    }

    /// The part of taking in that can be done for many reports at once.
    pub fn prepare(&self, item: Item, at: Timestamp) -> Result<Preparation, StoreError> {
        let found = match item {
            Ok(found) => found,
            Err(failed) => return Ok(Preparation::Failed(failed)),
        };
        let mut report = report_of(&found, at, &self.marking);
        if let Some(before) = self.store.latest_version(report.id)? {
            if brings_nothing(&before, &report) {
                return Ok(Preparation::Unchanged);
            }
            report.version = before.version + 1;
        }
        // A report that the reader cannot cope with stops that report and not the run.
        let origin = found.origin.clone();
        match catch_unwind(AssertUnwindSafe(|| self.read(report, found))) {
            Ok(taken) => Ok(Preparation::Read(Box::new(Prepared { taken }))),
            Err(_) => {
                let detail = "the reader of texts failed".to_owned();
                Ok(Preparation::Failed(Failed { origin, reason: FailReason::ReaderFailed, detail }))
            }
        }
    }

    /// The part of taking in that is done in order.
    pub fn keep(&self, preparation: Preparation, at: Timestamp) -> Result<Outcome, StoreError> {
        let mut taken = match preparation {
            Preparation::Read(prepared) => prepared.taken,
            Preparation::Unchanged => return Ok(Outcome::Unchanged),
            Preparation::Failed(failed) => {
                let failure = failure(&failed, at);
                self.store.keep_failure(&failure, &self.user)?;
                return Ok(Outcome::Failed(failure));
            }
        };
        // Another version may have been kept since this one was read.
        let before = self.store.latest_version(taken.report.id)?;
        if before.as_ref().is_some_and(|before| brings_nothing(before, &taken.report)) {
            return Ok(Outcome::Unchanged);
        }
        let version = before.map_or(1, |before| before.version + 1);
        if version != taken.report.version {
            self.read_as(&mut taken, version);
        }
        let outcome = match self.store.keep_report(&taken)? {
            Kept::Unchanged => return Ok(Outcome::Unchanged),
            Kept::New => Outcome::New,
            Kept::NewVersion(kept) => {
                // And another process may have kept one even later.
                if kept != taken.report.version {
                    self.read_as(&mut taken, kept);
                    self.store.keep_reading(&taken.reading, &taken.resolution)?;
                }
                Outcome::NewVersion
            }
        };
        self.store.clear_failure(&taken.report.origin)?;
        self.trace(&taken.report, &taken.resolution)?;
        self.settle_if_much()?;
        Ok(outcome)
    }

    /// Records a decision; what it changes is believed once it is settled.
    pub fn judge(&self, judgement: &Judgement) -> Result<(), StoreError> {
        let touched = self.touched(&judgement.verdict)?;
        self.store.keep_judgement(judgement, &touched.into_iter().collect::<Vec<_>>())
    }

    /// Settles if there is so much unsettled that waiting would cost more later.
    fn settle_if_much(&self) -> Result<(), StoreError> {
        if self.store.unsettled_count()? >= self.settle_from.load(Ordering::Relaxed) {
            self.settle_what_is_left()?;
        }
        Ok(())
    }

    /// Settles whatever is unsettled: at the end of a run, and before a view after a crash.
    pub fn settle_what_is_left(&self) -> Result<(), StoreError> {
        let mut gone_through = self.settle_from.load(Ordering::Relaxed);
        loop {
            let unsettled = self.store.unsettled(SETTLE_AT_ONCE)?;
            if unsettled.is_empty() {
                break;
            }
            gone_through += unsettled.len() as u64;
            let (sources, judgements) = (self.store.sources()?, self.store.judgements()?);
            let known = Lookups(self.store());
            let settled = settle::settle(unsettled, &known, &sources, &judgements, &self.policy)?;
            self.keep_settled(settled)?;
        }
        // Each settling waits for as many tellings as all before it took, so that what hangs together
        // is gone through a bounded number of times however large the run.
        self.settle_from.store(SETTLE_FROM.max(gone_through), Ordering::Relaxed);
        Ok(())
    }

    /// Derives again what one kept version of a report says: from its text, or from the reading kept.
    pub fn derive(&self, id: ReportId, version: u32, read_anew: bool) -> Result<Option<Derived>, StoreError> {
        let Some(report) = self.store.report(id, Some(version))? else { return Ok(None) };
        let source = report.source.map(|id| self.store.source(id)).transpose()?.flatten();
        let kept = if read_anew { None } else { self.store.reading(id, Some(version))? };
        let reading = kept.unwrap_or_else(|| self.reader.read(&report));
        let resolution = resolve(&report, &reading);
        Ok(Some(Derived { report, source, reading, resolution }))
    }

    /// Puts what was derived again in place of what was derived before.
    pub fn keep_again(&self, derived: &Derived) -> Result<(), StoreError> {
        self.store.keep_reading(&derived.reading, &derived.resolution)?;
        self.trace(&derived.report, &derived.resolution)?;
        self.settle_if_much()
    }

    /// Keeps a version of a report that another store has, to derive a picture of its own.
    pub fn keep_elsewhere(&self, store: &MemoryStore, derived: Derived) -> Result<(), StoreError> {
        let Derived { report, source, reading, resolution } = derived;
        source.into_iter().for_each(|source| store.put_source(source));
        store.put(report.clone(), reading, resolution.clone());
        self.trace(&report, &resolution)?;
        self.settle_if_much()
    }

    /// How actors stand to one another by these claims.
    pub fn relations(&self, claims: &[RelationClaim]) -> Result<Vec<Relation>, StoreError> {
        let reports: BTreeSet<ReportId> = claims.iter().map(|claim| claim.evidence.report).collect();
        let lineages = self.store.lineages_among(&reports.into_iter().collect::<Vec<_>>())?;
        let sources = self.store.sources()?;
        Ok(assess::relations(claims, &lineages, &Publishers::new(&sources), &self.policy))
    }

    fn read(&self, report: Report, found: Found) -> Taken {
        let source = found.publisher.as_deref().map(Source::named);
        let reading = self.reader.read(&report);
        let resolution = resolve(&report, &reading);
        Taken { report, source, raw: found.raw, reading, resolution, by: self.user.clone() }
    }

    fn read_as(&self, taken: &mut Taken, version: u32) {
        taken.report.version = version;
        taken.reading = self.reader.read(&taken.report);
        taken.resolution = resolve(&taken.report, &taken.reading);
    }

    /// Finds which kept reports this one derives from, or which derive from it.
    fn trace(&self, report: &Report, resolution: &Resolution) -> Result<(), StoreError> {
        let mut lineages = Vec::new();
        for id in self.store.similar(report.id, &resolution.fingerprint.bands)? {
            if let Some(other) = self.store.report(id, None)? {
                lineages.extend(lineage::compare(report, &other, &self.policy));
            }
        }
        self.store.keep_lineages(report.id, &lineages)
    }

    fn keep_settled(&self, settled: Settled) -> Result<(), StoreError> {
        let mut found: BTreeMap<ReportId, Vec<Lineage>> = BTreeMap::new();
        for lineage in settled.lineages {
            found.entry(lineage.to).or_default().push(lineage);
        }
        for (report, more) in found {
            let mut lineages = self.store.lineages(Some(report))?;
            lineages.extend(more);
            self.store.keep_lineages(report, &lineages)?;
        }
        let Settled { claims, events, gone, .. } = settled;
        self.store.settle(&Settlement { settled: claims, events, gone })
    }

    /// The claims whose events a verdict is about.
    fn touched(&self, verdict: &Verdict) -> Result<BTreeSet<ClaimId>, StoreError> {
        let mut touched = BTreeSet::new();
        match *verdict {
            Verdict::SameEvent(left, right) | Verdict::DistinctEvents(left, right) => {
                touched.extend(self.claims_of_event(left)?);
                touched.extend(self.claims_of_event(right)?);
            }
            Verdict::SameActor(left, right) | Verdict::DistinctActors(left, right) => {
                touched.extend(self.claims_of_actor(left)?);
                touched.extend(self.claims_of_actor(right)?);
            }
            Verdict::ClaimStands(claim) | Verdict::ClaimFails(claim) => {
                touched.extend(self.claims_of_event(EventId::founded_by(claim))?);
                touched.insert(claim);
            }
            Verdict::SourceRated(source, _) => touched.extend(self.claims_of_source(source)?),
            Verdict::SourceBelongs(left, right) => {
                touched.extend(self.claims_of_source(left)?);
                touched.extend(self.claims_of_source(right)?);
            }
            Verdict::Withdrawn(id) => {
                let earlier = self.store.judgements()?.into_iter().find(|judgement| judgement.id == id);
                // A withdrawal of a withdrawal would go in circles.
                if let Some(earlier) =
                    earlier.filter(|earlier| !matches!(earlier.verdict, Verdict::Withdrawn(_)))
                {
                    touched = self.touched(&earlier.verdict)?;
                }
            }
        }
        Ok(touched)
    }

    fn claims_of_event(&self, id: EventId) -> Result<Vec<ClaimId>, StoreError> {
        let incidents = self.store.dossier(id)?.map(|dossier| dossier.incidents).unwrap_or_default();
        Ok(incidents.into_iter().map(|incident| incident.claim).collect())
    }

    fn claims_of_events(&self, query: &EventQuery) -> Result<Vec<ClaimId>, StoreError> {
        let mut claims = Vec::new();
        for event in self.store.events(query, Page::ALL)? {
            claims.extend(self.claims_of_event(event.id)?);
        }
        Ok(claims)
    }

    fn claims_of_actor(&self, actor: ActorId) -> Result<Vec<ClaimId>, StoreError> {
        self.claims_of_events(&EventQuery { actor: Some(actor), ..EventQuery::default() })
    }

    fn claims_of_source(&self, source: SourceId) -> Result<Vec<ClaimId>, StoreError> {
        let mut claims = Vec::new();
        for report in
            self.store.reports(&ReportQuery { source: Some(source), ..ReportQuery::default() }, Page::ALL)?
        {
            claims.extend(
                self.claims_of_events(&EventQuery { report: Some(report.id), ..EventQuery::default() })?,
            );
        }
        Ok(claims)
    }
}

/// What analysis looks up, answered by a store.
struct Lookups<'s>(&'s dyn Store);

impl Known for Lookups<'_> {
    type Error = StoreError;

    fn near(&self, keys: &[Key]) -> Result<Vec<(Incident, Option<ClaimId>)>, StoreError> {
        let near = |key: &Key| Near {
            family: key.family,
            country: key.country.clone(),
            earliest: key.earliest,
            latest: key.latest,
        };
        self.0.near(&keys.iter().map(near).collect::<Vec<_>>())
    }

    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Incident>, StoreError> {
        self.0.of_components(components)
    }

    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, StoreError> {
        self.0.settled_as(claims)
    }

    fn lineages_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
        self.0.lineages_among(reports)
    }

    fn report(&self, id: ReportId) -> Result<Option<Report>, StoreError> {
        self.0.report(id, None)
    }
}

/// Tells whether nothing new is brought, so that it need not even be read. The store has the last word.
fn brings_nothing(before: &Report, new: &Report) -> bool {
    before.text == new.text
        && before.title == new.title
        && before.published == new.published
        && before.updated == new.updated
        && before.source == new.source
        && before.marking.join(&new.marking) == before.marking
}

fn failure(failed: &Failed, at: Timestamp) -> Failure {
    Failure {
        origin: failed.origin.to_string(),
        reason: failed.reason.to_string(),
        detail: failed.detail.clone(),
        hint: failed.hint().to_owned(),
        at,
    }
}
