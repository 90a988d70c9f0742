//! The store in memory: the reference, as simple as can be.
//!
//! It is what the others are held to, and it is used where a picture is derived that is not to be
//! kept: as it was known at some time, or as a clearance admits it.

use crate::query::{
    ActorSummary, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery, Totals, search_words,
};
use crate::{FIRST_OF_BAND, Kept, Near, Relatives, Settlement, Store, StoreError, Taken, rules};
use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, JudgementId, ReportId, SourceId};
use headwater_domain::judgement::Judgement;
use headwater_domain::kind::Family;
use headwater_domain::picture::{Dossier, Event};
use headwater_domain::reading::Reading;
use headwater_domain::record::{Deed, Entry, Failure};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{
    ActorMention, Incident, Lineage, RelationClaim, Resolution, Saying, Sketch,
};
use headwater_domain::time::Published;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A store in memory.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    // Kept.
    sources: BTreeMap<SourceId, Source>,
    raw: BTreeMap<BlobId, Vec<u8>>,
    versions: BTreeMap<ReportId, BTreeMap<u32, Version>>,
    intake: Vec<(ReportId, u32)>,
    judgements: Vec<Judgement>,
    failures: BTreeMap<String, Failure>,
    entries: Vec<Entry>,
    /// Where each claim ever read stands, and what took its place.
    claims: BTreeMap<ClaimId, ClaimPlace>,
    // Derived from each reading.
    resolved: BTreeMap<ReportId, Resolved>,
    incidents: BTreeMap<ClaimId, Telling>,
    nearby: BTreeMap<(Family, Option<String>), BTreeSet<ClaimId>>,
    unsettled: BTreeSet<ClaimId>,
    components: BTreeMap<ClaimId, BTreeSet<ClaimId>>,
    tellings: BTreeMap<EventId, BTreeSet<ClaimId>>,
    alike: BTreeMap<u64, BTreeSet<ClaimId>>,
    /// Earliest published first.
    bands: BTreeMap<u64, BTreeSet<(i32, ReportId)>>,
    untraced: BTreeSet<ReportId>,
    // Derived from all.
    generation: u64,
    events: BTreeMap<EventId, Event>,
    /// By their ends and the event that showed them; nothing for those that tracing showed.
    lineages: BTreeMap<Shown, Lineage>,
    lineages_of: BTreeMap<ReportId, BTreeSet<Shown>>,
    shown_by: BTreeMap<EventId, BTreeSet<Shown>>,
}

/// Both ends of a lineage, and the event that showed it.
type Shown = (ReportId, ReportId, Option<EventId>);

struct Version {
    /// Its place in the order of intake.
    number: usize,
    report: Report,
    reading: Reading,
}

struct ClaimPlace {
    report: ReportId,
    version: u32,
    successor: Option<ClaimId>,
}

struct Resolved {
    version: u32,
    /// Its place in its bands.
    day: i32,
    resolution: Resolution,
}

struct Telling {
    incident: Incident,
    /// Where it was settled last.
    settled: Option<(EventId, ClaimId)>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a report version in, under the number it has, without bytes and without an entry in the
    /// record: for deriving a picture from some of what another store keeps, in the order of intake.
    pub fn put(&self, report: Report, reading: Reading, resolution: Resolution) {
        self.state().put(report, reading, resolution);
    }

    /// Puts a source in, or in place of what was known of it.
    pub fn put_source(&self, source: Source) {
        self.state().sources.insert(source.id, source);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn put(&mut self, report: Report, reading: Reading, resolution: Resolution) {
        let (id, version) = (report.id, report.version);
        let number = self.intake.len();
        self.intake.push((id, version));
        self.versions.entry(id).or_default().insert(version, Version { number, report, reading });
        self.resolve(id, version, resolution);
    }

    /// Puts what a report contributes in place of what it contributed before.
    fn resolve(&mut self, report: ReportId, version: u32, resolution: Resolution) {
        let gone = self.take_back(report);
        let place = ClaimPlace { report, version, successor: None };
        for incident in &resolution.incidents {
            let claim = incident.claim;
            self.nearby.entry(near_key(incident)).or_default().insert(claim);
            self.alike.entry(incident.alike).or_default().insert(claim);
            self.unsettled.insert(claim);
            self.incidents.insert(claim, Telling { incident: incident.clone(), settled: None });
        }
        let read = self.versions.get(&report).and_then(|versions| versions.get(&version));
        let read = read.into_iter().flat_map(|version| &version.reading.claims).map(|claim| claim.id);
        let told = resolution.incidents.iter().map(|incident| incident.claim);
        let said = resolution.sayings.iter().map(|saying| saying.claim);
        let related = resolution.relations.iter().map(|relation| relation.claim);
        let claims: BTreeSet<ClaimId> = read.chain(told).chain(said).chain(related).collect();
        self.claims.extend(claims.into_iter().map(|claim| (claim, ClaimPlace { ..place })));
        for incident in gone {
            if !self.incidents.contains_key(&incident.claim)
                && let Some(place) = self.claims.get_mut(&incident.claim)
            {
                place.successor = rules::successor(&incident, &resolution.incidents);
            }
        }
        let day = self
            .version(report, Some(version))
            .map_or(rules::NO_DAY, |version| rules::band_day(&version.report));
        for &band in &resolution.fingerprint.bands {
            self.bands.entry(band).or_default().insert((day, report));
        }
        self.untraced.insert(report);
        self.resolved.insert(report, Resolved { version, day, resolution });
    }

    /// Takes back what a report contributes; its former companions are to be settled again.
    fn take_back(&mut self, report: ReportId) -> Vec<Incident> {
        let Some(Resolved { resolution, day, .. }) = self.resolved.remove(&report) else { return Vec::new() };
        self.generation += 1;
        let mut components = BTreeSet::new();
        for incident in &resolution.incidents {
            let claim = incident.claim;
            let Some(telling) = self.incidents.remove(&claim) else { continue };
            remove(&mut self.nearby, &near_key(incident), claim);
            remove(&mut self.alike, &incident.alike, claim);
            self.unsettled.remove(&claim);
            if let Some((event, component)) = telling.settled {
                remove(&mut self.tellings, &event, claim);
                remove(&mut self.components, &component, claim);
                components.insert(component);
                self.remove_event_without_tellings(event);
            }
        }
        for component in components {
            self.unsettle(component);
        }
        for band in &resolution.fingerprint.bands {
            remove(&mut self.bands, band, (day, report));
            // Whoever moves up among the first has more relatives now.
            let risen = self.bands.get(band).and_then(|members| members.iter().nth(FIRST_OF_BAND - 1));
            self.untraced.extend(risen.map(|&(_, id)| id));
        }
        self.untraced.remove(&report);
        for shown in self.lineages_of.get(&report).cloned().unwrap_or_default() {
            self.remove_lineage(shown);
        }
        resolution.incidents
    }

    fn unsettle(&mut self, component: ClaimId) {
        let members = self.components.get(&component).into_iter().flatten();
        self.unsettled.extend(members);
    }

    fn remove_event_without_tellings(&mut self, event: EventId) {
        if !self.tellings.contains_key(&event) {
            self.remove_event(event);
        }
    }

    fn remove_event(&mut self, event: EventId) {
        self.events.remove(&event);
        for shown in self.shown_by.get(&event).cloned().unwrap_or_default() {
            self.remove_lineage(shown);
        }
    }

    fn put_lineage(&mut self, lineage: &Lineage, event: Option<EventId>) {
        let shown = (lineage.from, lineage.to, event);
        self.lineages.insert(shown, lineage.clone());
        self.lineages_of.entry(lineage.from).or_default().insert(shown);
        self.lineages_of.entry(lineage.to).or_default().insert(shown);
        if let Some(event) = event {
            self.shown_by.entry(event).or_default().insert(shown);
        }
    }

    fn remove_lineage(&mut self, shown: Shown) {
        self.lineages.remove(&shown);
        remove(&mut self.lineages_of, &shown.0, shown);
        remove(&mut self.lineages_of, &shown.1, shown);
        if let Some(event) = shown.2 {
            remove(&mut self.shown_by, &event, shown);
        }
    }

    fn among(&self, reports: &[ReportId], wanted: impl Fn(Option<EventId>) -> bool) -> Vec<Lineage> {
        let reports: BTreeSet<&ReportId> = reports.iter().collect();
        let mut found: BTreeMap<(ReportId, ReportId), &Lineage> = BTreeMap::new();
        for &&from in &reports {
            for shown in self.lineages_of.get(&from).into_iter().flatten() {
                if shown.0 == from && reports.contains(&shown.1) && wanted(shown.2) {
                    found.entry((shown.0, shown.1)).or_insert(&self.lineages[shown]);
                }
            }
        }
        found.into_values().cloned().collect()
    }

    fn sketch(&self, claim: ClaimId) -> Option<Sketch> {
        let telling = self.incidents.get(&claim)?;
        Some(Sketch {
            settled: telling.settled,
            open: self.unsettled.contains(&claim),
            ..Sketch::of(&telling.incident)
        })
    }

    fn record(&mut self, deed: Deed) {
        self.entries.push(Entry::following(self.entries.last(), deed));
    }

    fn latest(&self, report: ReportId) -> Option<&Version> {
        self.versions.get(&report)?.values().next_back()
    }

    fn version(&self, report: ReportId, version: Option<u32>) -> Option<&Version> {
        match version {
            Some(version) => self.versions.get(&report)?.get(&version),
            None => self.latest(report),
        }
    }

    /// Resolutions in the order of intake.
    fn resolutions(&self) -> Vec<(ReportId, &Resolution)> {
        let mut all: Vec<(usize, ReportId, &Resolution)> = self
            .resolved
            .iter()
            .filter_map(|(&report, resolved)| {
                let number = self.version(report, Some(resolved.version))?.number;
                Some((number, report, &resolved.resolution))
            })
            .collect();
        all.sort_by_key(|(number, ..)| *number);
        all.into_iter().map(|(_, report, resolution)| (report, resolution)).collect()
    }

    fn settled_as(&self, claim: ClaimId) -> Option<(EventId, ClaimId)> {
        let mut current = claim;
        let mut met = BTreeSet::new();
        // A report's wording may go back to an earlier one, so that successors run in a circle.
        while met.insert(current) {
            match self.incidents.get(&current) {
                Some(telling) => return telling.settled,
                None => current = self.claims.get(&current)?.successor?,
            }
        }
        None
    }

    fn matching(&self, query: &EventQuery) -> Vec<&Event> {
        let of_report: Option<BTreeSet<EventId>> = query.report.map(|report| {
            let resolved = self.resolved.get(&report).into_iter();
            let incidents = resolved.flat_map(|resolved| &resolved.resolution.incidents);
            incidents.filter_map(|incident| Some(self.settled_as(incident.claim)?.0)).collect()
        });
        let mut found: Vec<&Event> = self
            .events
            .values()
            .filter(|event| of_report.as_ref().is_none_or(|told| told.contains(&event.id)))
            .filter(|event| query.matches(event))
            .collect();
        found.sort_by_key(|event| (query.order.key(event), event.id));
        found
    }

    fn summary(&self, version: &Version) -> ReportSummary {
        let report = &version.report;
        let resolution = self.resolved.get(&report.id).map(|resolved| &resolved.resolution);
        let incidents = resolution.into_iter().flat_map(|resolution| &resolution.incidents);
        let events: BTreeSet<EventId> =
            incidents.filter_map(|incident| Some(self.settled_as(incident.claim)?.0)).collect();
        let sayings = resolution.map_or(&[][..], |resolution| &resolution.sayings);
        ReportSummary {
            id: report.id,
            version: report.version,
            given_id: report.given_id.clone(),
            title: report.title.clone(),
            source: report.source,
            source_name: report.source.and_then(|id| self.sources.get(&id)).map(|source| source.name.clone()),
            published: report.published,
            language: report.language.clone(),
            not_read: version.reading.not_read.as_ref().map(rules::not_read_words),
            events: events.len() as u32,
            sayings: sayings.len() as u32,
            sayings_unnamed: sayings.iter().filter(|saying| rules::is_unnamed(saying)).count() as u32,
            marking: report.marking.clone(),
        }
    }
}

fn near_key(incident: &Incident) -> (Family, Option<String>) {
    (incident.kind.family(), incident.place.as_ref().and_then(|place| place.country.clone()))
}

/// Removes a member of a group, and the group with its last.
fn remove<K: Ord, V: Ord>(groups: &mut BTreeMap<K, BTreeSet<V>>, key: &K, member: V) {
    if let Some(group) = groups.get_mut(key) {
        group.remove(&member);
        if group.is_empty() {
            groups.remove(key);
        }
    }
}

fn page_of<T>(items: impl IntoIterator<Item = T>, page: Page) -> Vec<T> {
    items.into_iter().skip(page.skip).take(page.limit).collect()
}

fn day_of(report: &Report) -> Option<jiff::civil::Date> {
    report.published.map(Published::date)
}

/// Words as an index of words has them: runs of letters and digits in lower case.
fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// Tells whether title or text hold each of these words; one with a hyphen is several in a row.
fn holds_words(report: &Report, words: &[&str]) -> bool {
    let texts = [tokens(report.title.as_deref().unwrap_or_default()), tokens(report.text.as_str())];
    words
        .iter()
        .map(|word| tokens(word))
        .all(|word| texts.iter().any(|text| text.windows(word.len()).any(|run| run == word.as_slice())))
}

impl Store for MemoryStore {
    fn latest_version(&self, report: ReportId) -> Result<Option<Report>, StoreError> {
        self.report(report, None)
    }

    fn keep_reports(&self, taken: &[Taken]) -> Result<Vec<Kept>, StoreError> {
        taken.iter().map(|taken| self.keep_report(taken)).collect()
    }

    fn keep_report(&self, taken: &Taken) -> Result<Kept, StoreError> {
        let mut state = self.state();
        let latest = state.latest(taken.report.id).map(|latest| &latest.report);
        if latest.is_some_and(|latest| rules::is_unchanged(latest, &taken.report)) {
            return Ok(Kept::Unchanged);
        }
        let number = latest.map_or(1, |latest| latest.version + 1);
        let taken = rules::numbered(taken, number);
        if let Some(source) = &taken.source {
            state.sources.entry(source.id).or_insert_with(|| source.clone());
        }
        state.record(rules::deed_of_report(&taken, number == 1));
        state.failures.remove(&taken.report.origin);
        state.raw.entry(taken.report.raw).or_insert(taken.raw);
        state.put(taken.report, taken.reading, taken.resolution);
        Ok(if number == 1 { Kept::New } else { Kept::NewVersion(number) })
    }

    fn keep_failure(&self, failure: &Failure, by: &str) -> Result<(), StoreError> {
        let mut state = self.state();
        state.failures.insert(failure.origin.clone(), failure.clone());
        state.record(rules::deed_of_failure(failure, by));
        Ok(())
    }

    fn clear_failure(&self, origin: &str) -> Result<(), StoreError> {
        self.state().failures.remove(origin);
        Ok(())
    }

    fn keep_judgement(&self, judgement: &Judgement, touches: &[ClaimId]) -> Result<(), StoreError> {
        let mut state = self.state();
        if state.judgements.iter().any(|kept| kept.id == judgement.id) {
            return Ok(());
        }
        state.judgements.push(judgement.clone());
        state.generation += 1;
        for &claim in touches {
            if let Some((_, component)) = state.settled_as(claim) {
                state.unsettle(component);
            }
        }
        state.record(rules::deed_of_judgement(judgement));
        Ok(())
    }

    fn record(&self, deed: Deed) -> Result<(), StoreError> {
        self.state().record(deed);
        Ok(())
    }

    fn generation(&self) -> Result<u64, StoreError> {
        Ok(self.state().generation)
    }

    fn unsettled_count(&self) -> Result<u64, StoreError> {
        Ok(self.state().unsettled.len() as u64)
    }

    fn unsettled(&self) -> Result<Vec<Sketch>, StoreError> {
        let state = self.state();
        Ok(state.unsettled.iter().filter_map(|&claim| state.sketch(claim)).collect())
    }

    fn near(&self, keys: &[Near]) -> Result<Vec<u64>, StoreError> {
        let state = self.state();
        let mut found = BTreeSet::new();
        for key in keys {
            let of_family = (key.family, None)..;
            let groups = state.nearby.range(of_family).take_while(|((family, _), _)| *family == key.family);
            for ((_, country), claims) in groups {
                if key.country.is_some() && country.is_some() && key.country != *country {
                    continue;
                }
                let incidents = claims.iter().filter_map(|claim| state.incidents.get(claim));
                let near = incidents.filter(|telling| key.finds(&telling.incident));
                found.extend(near.map(|telling| telling.incident.alike));
            }
        }
        Ok(found.into_iter().collect())
    }

    fn alike(&self, alike: &[u64]) -> Result<Vec<Sketch>, StoreError> {
        let state = self.state();
        let claims: BTreeSet<ClaimId> =
            alike.iter().filter_map(|alike| state.alike.get(alike)).flatten().copied().collect();
        Ok(claims.into_iter().filter_map(|claim| state.sketch(claim)).collect())
    }

    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Sketch>, StoreError> {
        let state = self.state();
        let members: BTreeSet<ClaimId> = components
            .iter()
            .filter_map(|component| state.components.get(component))
            .flatten()
            .copied()
            .collect();
        let sketches = members.into_iter().filter_map(|claim| state.sketch(claim));
        Ok(sketches.filter(|sketch| !sketch.open).collect())
    }

    fn incidents(&self, claims: &[ClaimId]) -> Result<Vec<Incident>, StoreError> {
        let state = self.state();
        Ok(claims.iter().filter_map(|claim| Some(state.incidents.get(claim)?.incident.clone())).collect())
    }

    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, StoreError> {
        let state = self.state();
        let settled = claims.iter().filter_map(|&claim| {
            let (event, component) = state.settled_as(claim)?;
            Some((claim, event, component))
        });
        Ok(settled.collect())
    }

    fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        let mut guard = self.state();
        let state = &mut *guard;
        if state.generation != settlement.generation {
            return Ok(false);
        }
        state.generation += 1;
        let mut left = BTreeSet::new();
        for &(claim, event, component) in &settlement.settled {
            let Some(telling) = state.incidents.get_mut(&claim) else { continue };
            if let Some((before, component_before)) = telling.settled.replace((event, component)) {
                remove(&mut state.tellings, &before, claim);
                remove(&mut state.components, &component_before, claim);
                left.insert(before);
            }
            state.tellings.entry(event).or_default().insert(claim);
            state.components.entry(component).or_default().insert(claim);
            state.unsettled.remove(&claim);
        }
        for &event in &settlement.gone {
            state.remove_event(event);
        }
        for (event, lineages) in &settlement.events {
            state.remove_event(event.id);
            state.events.insert(event.id, event.clone());
            for lineage in lineages {
                state.put_lineage(lineage, Some(event.id));
            }
            left.insert(event.id);
        }
        for event in left {
            state.remove_event_without_tellings(event);
        }
        Ok(true)
    }

    fn untraced(&self, limit: usize) -> Result<Vec<ReportId>, StoreError> {
        Ok(self.state().untraced.iter().take(limit).copied().collect())
    }

    fn relatives(&self, report: ReportId) -> Result<Relatives, StoreError> {
        let state = self.state();
        let Some(resolved) = state.resolved.get(&report) else { return Ok(Relatives::default()) };
        let (mut like, mut displaced) = (BTreeSet::new(), BTreeSet::new());
        for band in &resolved.resolution.fingerprint.bands {
            let Some(members) = state.bands.get(band) else { continue };
            let ids = || members.iter().map(|&(_, id)| id);
            if ids().take(FIRST_OF_BAND).any(|id| id == report) {
                let came = ids().take(FIRST_OF_BAND).filter(|id| state.untraced.contains(id)).count();
                displaced.extend(ids().skip(FIRST_OF_BAND).take(came));
                like.extend(ids());
            } else {
                like.extend(ids().take(FIRST_OF_BAND));
            }
        }
        like.remove(&report);
        Ok(Relatives { like: like.into_iter().collect(), displaced: displaced.into_iter().collect() })
    }

    fn keep_traced(&self, traced: &[(ReportId, Vec<Lineage>)]) -> Result<(), StoreError> {
        let mut guard = self.state();
        let state = &mut *guard;
        for (report, lineages) in traced {
            let of_report = state.lineages_of.get(report).into_iter().flatten();
            let before: BTreeSet<Shown> = of_report.filter(|shown| shown.2.is_none()).copied().collect();
            let now: BTreeSet<Shown> =
                lineages.iter().map(|lineage| (lineage.from, lineage.to, None)).collect();
            for &shown in before.difference(&now) {
                state.remove_lineage(shown);
            }
            lineages.iter().for_each(|lineage| state.put_lineage(lineage, None));
            if before != now {
                let incidents = state.resolved.get(report).map(|resolved| &resolved.resolution.incidents);
                let claims = incidents.into_iter().flatten().map(|incident| incident.claim);
                let settled = |claim: &ClaimId| {
                    state.incidents.get(claim).is_some_and(|telling| telling.settled.is_some())
                };
                let opened = state.unsettled.len();
                state.unsettled.extend(claims.filter(settled));
                state.generation += u64::from(state.unsettled.len() > opened);
            }
            state.untraced.remove(report);
        }
        Ok(())
    }

    fn traced_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
        Ok(self.state().among(reports, |event| event.is_none()))
    }

    fn lineages_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
        Ok(self.state().among(reports, |_| true))
    }

    fn clear_derived(&self) -> Result<(), StoreError> {
        let mut state = self.state();
        state.resolved.clear();
        state.incidents.clear();
        state.nearby.clear();
        state.alike.clear();
        state.untraced.clear();
        state.shown_by.clear();
        state.generation += 1;
        state.unsettled.clear();
        state.components.clear();
        state.tellings.clear();
        state.bands.clear();
        state.events.clear();
        state.lineages.clear();
        state.lineages_of.clear();
        Ok(())
    }

    fn keep_reading(&self, reading: &Reading, resolution: &Resolution) -> Result<(), StoreError> {
        let mut state = self.state();
        let (report, version) = (reading.report, reading.version);
        let kept = state.versions.get_mut(&report).and_then(|versions| versions.get_mut(&version));
        let Some(kept) = kept else {
            return Err(StoreError::Damaged { what: format!("{report} version {version}") });
        };
        kept.reading = reading.clone();
        if state.resolved.get(&report).is_none_or(|resolved| resolved.version <= version) {
            state.resolve(report, version, resolution.clone());
        }
        Ok(())
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        let state = self.state();
        let latest = || state.versions.values().filter_map(|versions| versions.values().next_back());
        let days: BTreeSet<_> = latest().filter_map(|version| day_of(&version.report)).collect();
        let resolutions = || state.resolved.values().map(|resolved| &resolved.resolution);
        let actors: BTreeSet<ActorId> =
            resolutions().flat_map(|resolution| &resolution.actors).map(|mention| mention.actor.id).collect();
        Ok(Totals {
            reports: state.versions.len() as u64,
            versions: state.intake.len() as u64,
            not_read: latest().filter(|version| version.reading.not_read.is_some()).count() as u64,
            sources: state.sources.len() as u64,
            events: state.events.len() as u64,
            sayings: resolutions().map(|resolution| resolution.sayings.len() as u64).sum(),
            actors: actors.len() as u64,
            judgements: state.judgements.len() as u64,
            failures: state.failures.len() as u64,
            entries: state.entries.len() as u64,
            published: days.first().copied().zip(days.last().copied()),
        })
    }

    fn reports(&self, query: &ReportQuery, page: Page) -> Result<Vec<ReportSummary>, StoreError> {
        let state = self.state();
        let words = query.words.as_deref().map(search_words).unwrap_or_default();
        let mut found: Vec<(i32, usize, &Version)> = state
            .versions
            .values()
            .filter_map(|versions| {
                let (first, latest) = (versions.values().next()?, versions.values().next_back()?);
                Some((rules::latest_first(day_of(&latest.report)), first.number, latest))
            })
            .filter(|(_, _, version)| {
                let report = &version.report;
                let day = day_of(report);
                query.source.is_none_or(|source| report.source == Some(source))
                    && query.since.is_none_or(|since| day.is_some_and(|day| day >= since))
                    && query.until.is_none_or(|until| day.is_some_and(|day| day <= until))
                    && (words.is_empty() || holds_words(report, &words))
            })
            .collect();
        found.sort_by_key(|&(rank, number, _)| (rank, number));
        Ok(page_of(found, page).into_iter().map(|(_, _, version)| state.summary(version)).collect())
    }

    fn all_versions(&self) -> Result<Vec<(ReportId, u32)>, StoreError> {
        Ok(self.state().intake.clone())
    }

    fn report(&self, id: ReportId, version: Option<u32>) -> Result<Option<Report>, StoreError> {
        Ok(self.state().version(id, version).map(|version| version.report.clone()))
    }

    fn reading(&self, id: ReportId, version: Option<u32>) -> Result<Option<Reading>, StoreError> {
        Ok(self.state().version(id, version).map(|version| version.reading.clone()))
    }

    fn raw(&self, id: BlobId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.state().raw.get(&id).cloned())
    }

    fn sources(&self) -> Result<Vec<Source>, StoreError> {
        Ok(self.state().sources.values().cloned().collect())
    }

    fn events(&self, query: &EventQuery, page: Page) -> Result<Vec<Event>, StoreError> {
        Ok(page_of(self.state().matching(query), page).into_iter().cloned().collect())
    }

    fn event_count(&self, query: &EventQuery) -> Result<u64, StoreError> {
        Ok(self.state().matching(query).len() as u64)
    }

    fn dossier(&self, id: EventId) -> Result<Option<Dossier>, StoreError> {
        let state = self.state();
        let direct = state.events.get(&id);
        let founded = || state.events.get(&state.settled_as(id.founding_claim())?.0);
        let Some(event) = direct.or_else(founded) else { return Ok(None) };
        let tellings = state.tellings.get(&event.id).into_iter().flatten();
        let mut incidents: Vec<Incident> =
            tellings.filter_map(|claim| Some(state.incidents.get(claim)?.incident.clone())).collect();
        incidents.sort_by_key(rules::telling_order);
        Ok(Some(Dossier { event: event.clone(), incidents }))
    }

    fn sayings(&self, query: &SayingQuery, page: Page) -> Result<Vec<Saying>, StoreError> {
        let state = self.state();
        let mut found: Vec<(usize, &Saying)> = state
            .resolutions()
            .into_iter()
            .enumerate()
            .flat_map(|(number, (_, resolution))| {
                resolution.sayings.iter().map(move |saying| (number, saying))
            })
            .filter(|(_, saying)| query.matches(saying))
            .collect();
        found.sort_by_key(|(number, saying)| {
            let day = saying.published.map_or(rules::NO_DAY, rules::day_number);
            (day, *number, saying.content.start(), saying.claim)
        });
        Ok(page_of(found, page).into_iter().map(|(_, saying)| saying.clone()).collect())
    }

    fn relation_claims(&self, of: Option<ActorId>) -> Result<Vec<RelationClaim>, StoreError> {
        let state = self.state();
        let relations = state.resolutions().into_iter().flat_map(|(_, resolution)| &resolution.relations);
        let of_actor = |relation: &&RelationClaim| {
            of.is_none_or(|actor| relation.from.id == actor || relation.to.id == actor)
        };
        Ok(relations.filter(of_actor).cloned().collect())
    }

    fn actors(&self, text: Option<&str>, page: Page) -> Result<Vec<ActorSummary>, StoreError> {
        let state = self.state();
        let mut met: BTreeMap<ActorId, (BTreeSet<ReportId>, Vec<&ActorMention>)> = BTreeMap::new();
        for (report, resolution) in state.resolutions() {
            for mention in &resolution.actors {
                let (reports, mentions) = met.entry(mention.actor.id).or_default();
                reports.insert(report);
                mentions.push(mention);
            }
        }
        let mut summaries: Vec<ActorSummary> = met
            .into_values()
            .filter(|(_, mentions)| {
                text.is_none_or(|text| mentions.iter().any(|mention| rules::is_called(mention, text)))
            })
            .filter_map(|(reports, mentions)| {
                let names: BTreeSet<&String> = mentions.iter().flat_map(|mention| &mention.names).collect();
                Some(ActorSummary {
                    actor: mentions.first()?.actor.clone(),
                    names: names.into_iter().cloned().collect(),
                    reports: reports.len() as u32,
                    mentions: mentions.iter().map(|mention| mention.spans.len() as u32).sum(),
                })
            })
            .collect();
        summaries.sort_by_key(|summary| (std::cmp::Reverse(summary.reports), summary.actor.id));
        Ok(page_of(summaries, page))
    }

    fn actor_mentions(&self, id: ActorId) -> Result<Vec<(ReportId, ActorMention)>, StoreError> {
        let state = self.state();
        let mentions = state.resolutions().into_iter().flat_map(|(report, resolution)| {
            resolution.actors.iter().map(move |mention| (report, mention.clone()))
        });
        Ok(mentions.filter(|(_, mention)| mention.actor.id == id).collect())
    }

    fn lineages(&self, of: Option<ReportId>) -> Result<Vec<Lineage>, StoreError> {
        let state = self.state();
        let of_report = |lineage: &&Lineage| of.is_none_or(|id| lineage.from == id || lineage.to == id);
        // One pair may be shown by several events, always alike.
        let mut found: Vec<Lineage> = state.lineages.values().filter(of_report).cloned().collect();
        found.dedup_by_key(|lineage| (lineage.from, lineage.to));
        Ok(found)
    }

    fn judgements(&self) -> Result<Vec<Judgement>, StoreError> {
        Ok(self.state().judgements.clone())
    }

    fn failures(&self) -> Result<Vec<Failure>, StoreError> {
        Ok(self.state().failures.values().cloned().collect())
    }

    fn entries(&self, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        Ok(self.state().entries.iter().skip(after).take(limit).cloned().collect())
    }

    fn ids_beginning(&self, beginning: &str) -> Result<Vec<String>, StoreError> {
        let state = self.state();
        let actors = state.resolved.values().flat_map(|resolved| &resolved.resolution.actors);
        let actors: BTreeSet<ActorId> = actors.map(|mention| mention.actor.id).collect();
        let judgements: BTreeSet<JudgementId> =
            state.judgements.iter().map(|judgement| judgement.id).collect();
        macro_rules! found {
            ($id:ty, $ids:expr) => {
                rules::id_range::<$id>(beginning).map_or_else(Vec::new, |(from, to)| {
                    let within = $ids.filter(|&&id| from <= id && id <= to);
                    within.take(rules::IDS_MAX).map(|id| id.to_string()).collect()
                })
            };
        }
        Ok(match beginning.split('-').next().unwrap_or_default() {
            ReportId::PREFIX => found!(ReportId, state.versions.keys()),
            SourceId::PREFIX => found!(SourceId, state.sources.keys()),
            ClaimId::PREFIX => found!(ClaimId, state.claims.keys()),
            BlobId::PREFIX => found!(BlobId, state.raw.keys()),
            JudgementId::PREFIX => found!(JudgementId, judgements.iter()),
            ActorId::PREFIX => found!(ActorId, actors.iter()),
            EventId::PREFIX => found!(EventId, state.events.keys()),
            _ => Vec::new(),
        })
    }

    fn report_of_claim(&self, claim: ClaimId) -> Result<Option<(ReportId, u32)>, StoreError> {
        Ok(self.state().claims.get(&claim).map(|place| (place.report, place.version)))
    }

    fn source(&self, id: SourceId) -> Result<Option<Source>, StoreError> {
        Ok(self.state().sources.get(&id).cloned())
    }
}
