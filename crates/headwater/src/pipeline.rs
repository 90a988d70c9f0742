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
use headwater_analysis::policy::Policy;
use headwater_analysis::resolve::resolve;
use headwater_analysis::settle::{self, Key, Known};
use headwater_domain::id::{ActorId, ClaimId, EventId, ReportId, SourceId};
use headwater_domain::judgement::{Judgement, Verdict};
use headwater_domain::marking::Marking;
use headwater_domain::picture::Relation;
use headwater_domain::reading::Reading;
use headwater_domain::record::Failure;
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{Incident, Lineage, RelationClaim, Resolution, Sketch};
use headwater_intake::{FailReason, Failed, Found, Item};
use headwater_reader::Reader;
use headwater_store::query::{EventQuery, Page, ReportQuery};
use headwater_store::{Kept, MemoryStore, Near, Settlement, Store, StoreError, Taken};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Settling waits until at least so many tellings are new, since settling many at once costs little
/// more than settling one.
const SETTLE_FROM: u64 = 2_000;
/// How many reports are traced in one go at most. Bounds memory.
const TRACE_AT_ONCE: usize = 2_000;

/// Everything that a report passes through.
pub struct Pipeline {
    store: Arc<dyn Store>,
    reader: Reader,
    policy: Policy,
    marking: Marking,
    user: String,
    threads: usize,
    /// How many new tellings are awaited before they are settled: as many as were gone through
    /// before, so that the cost of a report does not grow with the run.
    settle_from: AtomicU64,
    /// How many tellings were kept since.
    waiting: AtomicU64,
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
    pub fn new(
        store: Arc<dyn Store>,
        reader: Reader,
        policy: Policy,
        marking: Marking,
        user: &str,
        threads: usize,
    ) -> Self {
        Self {
            store,
            reader,
            policy,
            marking,
            user: user.to_owned(),
            threads,
            settle_from: AtomicU64::new(SETTLE_FROM),
            waiting: AtomicU64::new(0),
        }
    }

    /// The same pipeline over another store.
    #[must_use]
    pub fn over(&self, store: Arc<dyn Store>) -> Self {
        Self {
            store,
            reader: self.reader,
            policy: self.policy.clone(),
            marking: self.marking.clone(),
            user: self.user.clone(),
            threads: self.threads,
            settle_from: AtomicU64::new(SETTLE_FROM),
            waiting: AtomicU64::new(0),
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
        let mut outcomes = self.keep(vec![prepared], at)?;
        Ok(outcomes.pop().unwrap_or(Outcome::Unchanged))
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

    /// The part of taking in that is done in order: what comes together is kept together, and
    /// counts as taken in once this returns.
    pub fn keep(&self, preparations: Vec<Preparation>, at: Timestamp) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::with_capacity(preparations.len());
        let mut together: Vec<Taken> = Vec::new();
        for preparation in preparations {
            match preparation {
                Preparation::Read(prepared) => together.push(prepared.taken),
                Preparation::Unchanged => {
                    self.keep_together(&mut together, &mut outcomes)?;
                    outcomes.push(Outcome::Unchanged);
                }
                Preparation::Failed(failed) => {
                    self.keep_together(&mut together, &mut outcomes)?;
                    let failure = failure(&failed, at);
                    self.store.keep_failure(&failure, &self.user)?;
                    outcomes.push(Outcome::Failed(failure));
                }
            }
        }
        self.keep_together(&mut together, &mut outcomes)?;
        self.settle_if_much()?;
        Ok(outcomes)
    }

    fn keep_together(
        &self,
        together: &mut Vec<Taken>,
        outcomes: &mut Vec<Outcome>,
    ) -> Result<(), StoreError> {
        if together.is_empty() {
            return Ok(());
        }
        let kept = self.store.keep_reports(together)?;
        for (mut taken, kept) in together.drain(..).zip(kept) {
            outcomes.push(match kept {
                Kept::Unchanged => Outcome::Unchanged,
                Kept::New => Outcome::New,
                Kept::NewVersion(version) => {
                    // Another version was kept since this one was read.
                    if version != taken.report.version {
                        self.read_as(&mut taken, version);
                        self.store.keep_reading(&taken.reading, &taken.resolution)?;
                    }
                    Outcome::NewVersion
                }
            });
            self.awaits(&taken.resolution);
        }
        Ok(())
    }

    /// Records a decision; what it changes is believed once it is settled.
    pub fn judge(&self, judgement: &Judgement) -> Result<(), StoreError> {
        let touched = self.touched(&judgement.verdict)?;
        self.store.keep_judgement(judgement, &touched.into_iter().collect::<Vec<_>>())
    }

    /// Counts what waits to be settled.
    fn awaits(&self, resolution: &Resolution) {
        self.waiting.fetch_add(resolution.incidents.len() as u64, Ordering::Relaxed);
    }

    /// Settles if there is so much unsettled that waiting would cost more later.
    fn settle_if_much(&self) -> Result<(), StoreError> {
        if self.waiting.load(Ordering::Relaxed) >= self.settle_from.load(Ordering::Relaxed) {
            self.settle_what_is_left()?;
        }
        Ok(())
    }

    /// Settles whatever is unsettled: at the end of a run, and before a view after a crash.
    pub fn settle_what_is_left(&self) -> Result<(), StoreError> {
        let mut gone_through = self.settle_from.load(Ordering::Relaxed);
        loop {
            self.trace_what_is_left()?;
            let generation = self.store.generation()?;
            let open = self.store.unsettled()?;
            if open.is_empty() {
                break;
            }
            gone_through += open.len() as u64;
            let (sources, judgements) = (self.store.sources()?, self.store.judgements()?);
            let settled = settle::settle(open, &Lookups(self.store()), &sources, &judgements, &self.policy)?;
            let settle::Settled { claims, events, gone } = settled;
            // If somebody decided or settled meanwhile, nothing is put in place and all is looked at again.
            self.store.settle(&Settlement { generation, settled: claims, events, gone })?;
        }
        // Each settling waits for as many tellings as all before it took, so that what hangs together
        // is gone through a bounded number of times however large the run.
        self.settle_from.store(SETTLE_FROM.max(gone_through), Ordering::Relaxed);
        self.waiting.store(0, Ordering::Relaxed);
        Ok(())
    }

    /// Finds from which kept reports the new ones derive, or which derive from them.
    fn trace_what_is_left(&self) -> Result<(), StoreError> {
        loop {
            let untraced = self.store.untraced(TRACE_AT_ONCE)?;
            if untraced.is_empty() {
                return Ok(());
            }
            let (mut pairs, mut displaced) =
                (Vec::with_capacity(untraced.len()), BTreeSet::<ReportId>::new());
            for &id in &untraced {
                let relatives = self.store.relatives(id)?;
                displaced.extend(relatives.displaced);
                pairs.push((id, relatives.like));
            }
            for id in displaced.difference(&untraced.into_iter().collect()).copied() {
                pairs.push((id, self.store.relatives(id)?.like));
            }
            self.store.keep_traced(&settle::trace(&pairs, &Lookups(self.store()), &self.policy)?)?;
        }
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
        self.awaits(&derived.resolution);
        self.settle_if_much()
    }

    /// Keeps a version of a report that another store has, to derive a picture of its own.
    pub fn keep_elsewhere(&self, store: &MemoryStore, derived: Derived) -> Result<(), StoreError> {
        let Derived { report, source, reading, resolution } = derived;
        source.into_iter().for_each(|source| store.put_source(source));
        self.awaits(&resolution);
        store.put(report, reading, resolution);
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

    fn near(&self, keys: &[Key]) -> Result<Vec<u64>, StoreError> {
        let near = |key: &Key| Near {
            family: key.family,
            country: key.country.clone(),
            earliest: key.earliest,
            latest: key.latest,
        };
        self.0.near(&keys.iter().map(near).collect::<Vec<_>>())
    }

    fn alike(&self, alike: &[u64]) -> Result<Vec<Sketch>, StoreError> {
        self.0.alike(alike)
    }

    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Sketch>, StoreError> {
        self.0.of_components(components)
    }

    fn incidents(&self, claims: &[ClaimId]) -> Result<Vec<Incident>, StoreError> {
        self.0.incidents(claims)
    }

    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, StoreError> {
        self.0.settled_as(claims)
    }

    fn traced_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
        self.0.traced_among(reports)
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
