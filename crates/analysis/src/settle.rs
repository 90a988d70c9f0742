//! Settle: what changes in the picture when something new is known?
//!
//! New tellings are compared with what is known near them; whatever hangs together with them is
//! sorted into events anew. What this gives depends only on the tellings, lineages and judgements
//! that there are, so settling report by report and settling all at once come to the same.

use crate::assess::assess;
use crate::assess::origins::Publishers;
use crate::lineage::{self, Ready};
use crate::policy::Policy;
use crate::resolve::events::{self, Copies, Decisions, Firsts};
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::judgement::{Judgement, Verdict};
use headwater_domain::kind::Family;
use headwater_domain::picture::Event;
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{Incident, Lineage, Sketch};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Where to look for tellings that may be of the same event.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The family of kinds.
    pub family: Family,
    /// The country, alpha-3; tellings without one are near to all.
    pub country: Option<String>,
    /// The days it may lie in, open where missing.
    pub earliest: Option<Date>,
    /// See `earliest`.
    pub latest: Option<Date>,
}

/// What is known already; the program looks it up in its store.
pub trait Known {
    /// Why a look-up may fail.
    type Error;
    /// What tellings that any of the keys finds say: [`Incident::alike`], each once.
    fn near(&self, keys: &[Key]) -> Result<Vec<u64>, Self::Error>;
    /// All tellings that say any of this.
    fn alike(&self, alike: &[u64]) -> Result<Vec<Sketch>, Self::Error>;
    /// All tellings of these components.
    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Sketch>, Self::Error>;
    /// The tellings by these claims.
    fn incidents(&self, claims: &[ClaimId]) -> Result<Vec<Incident>, Self::Error>;
    /// The events that these tellings were settled in before, with the component.
    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, Self::Error>;
    /// Lineages between these reports that were found by their fingerprints.
    fn traced_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, Self::Error>;
    /// The latest version of a report.
    fn report(&self, id: ReportId) -> Result<Option<Report>, Self::Error>;
}

/// What takes the place of what was believed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// Each telling whose place changed or was open, with its event and its component.
    pub claims: Vec<(ClaimId, EventId, ClaimId)>,
    /// Events, new or told anew, each with the lineages that comparing its reports showed.
    pub events: Vec<(Event, Vec<Lineage>)>,
    /// Events that are no more.
    pub gone: Vec<EventId>,
}

/// Settles tellings that are open: new ones, and those whose surroundings changed.
///
/// Tellings are gone through as sketches; read are only those that stand for others, to compare
/// them, and those of events that something new tells of.
pub fn settle<K: Known>(
    open: Vec<Sketch>,
    known: &K,
    sources: &[Source],
    judgements: &[Judgement],
    policy: &Policy,
) -> Result<Settled, K::Error> {
    let verdicts = standing(judgements);
    let decisions = Decisions::of(verdicts.iter().copied());
    let failed: BTreeSet<ClaimId> = failed_claims(&verdicts);
    let mut settled = Settled::default();
    let (together, mut firsts) = together(open, known, &decisions, &failed, policy)?;
    let before: BTreeSet<EventId> =
        together.iter().filter_map(|sketch| sketch.settled).map(|(event, _)| event).collect();
    let mut told_before: BTreeMap<EventId, usize> = BTreeMap::new();
    for (event, _) in together.iter().filter_map(|sketch| sketch.settled) {
        *told_before.entry(event).or_default() += 1;
    }
    // What an analyst struck out is settled too: in no event.
    let (struck, standing): (Vec<&Sketch>, Vec<&Sketch>) =
        together.iter().partition(|sketch| failed.contains(&sketch.claim));
    for sketch in struck {
        place(&mut settled.claims, sketch, EventId::founded_by(sketch.claim), sketch.claim);
    }

    let copies = events::copies(standing);
    read_firsts(&copies, known, &mut firsts)?;
    let components = events::cluster_copies(&copies, &firsts, &decisions, policy);
    drop(firsts);
    let publishers = Publishers::new(&rated(sources, &verdicts));
    let mut comparisons = Comparisons::new(known, policy);
    let mut now: BTreeSet<EventId> = BTreeSet::new();
    for component in &components {
        for tellings in &component.events {
            let Some(founding) = tellings.first() else { continue };
            let id = EventId::founded_by(founding.claim);
            now.insert(id);
            for sketch in tellings {
                place(&mut settled.claims, sketch, id, component.id);
            }
            let is_as_before = told_before.get(&id) == Some(&tellings.len())
                && tellings
                    .iter()
                    .all(|sketch| !sketch.open && sketch.settled.is_some_and(|(event, _)| event == id));
            if is_as_before {
                continue;
            }
            let claims: Vec<ClaimId> = tellings.iter().map(|sketch| sketch.claim).collect();
            let incidents = known.incidents(&claims)?;
            let mut by_claim: BTreeMap<ClaimId, &Incident> =
                incidents.iter().map(|incident| (incident.claim, incident)).collect();
            let members: Vec<&Incident> = claims.iter().filter_map(|claim| by_claim.remove(claim)).collect();
            let (lineages, found) = comparisons.lineages(&members)?;
            settled
                .events
                .extend(assess(&members, &lineages, &publishers, policy).map(|event| (event, found)));
        }
    }
    settled.gone = before.difference(&now).copied().collect();
    Ok(settled)
}

/// Notes where a telling is settled, unless it is settled there already.
fn place(claims: &mut Vec<(ClaimId, EventId, ClaimId)>, sketch: &Sketch, event: EventId, component: ClaimId) {
    if sketch.open || sketch.settled != Some((event, component)) {
        claims.push((sketch.claim, event, component));
    }
}

/// Everything that hangs together with something open, by links or by decisions, and the incidents
/// that were read to find out.
fn together<K: Known>(
    open: Vec<Sketch>,
    known: &K,
    decisions: &Decisions,
    failed: &BTreeSet<ClaimId>,
    policy: &Policy,
) -> Result<(Vec<Sketch>, Firsts), K::Error> {
    let mut members: BTreeMap<ClaimId, Sketch> =
        open.into_iter().map(|sketch| (sketch.claim, sketch)).collect();
    let mut components: BTreeSet<ClaimId> = BTreeSet::new();
    let claims: Vec<ClaimId> = members.keys().copied().collect();
    let partners: Vec<ClaimId> = claims.iter().flat_map(|&claim| decisions.partners(claim)).collect();
    components.extend(known.settled_as(&partners)?.into_iter().map(|(_, _, component)| component));
    components.extend(members.values().filter_map(|sketch| sketch.settled).map(|(_, component)| component));

    // With what is open come its copies, with what is new among them whatever is near.
    let said: BTreeSet<u64> = members.values().map(|sketch| sketch.alike).collect();
    let mut around: BTreeMap<ClaimId, Sketch> = BTreeMap::new();
    let look_up = |said: &BTreeSet<u64>, around: &mut BTreeMap<ClaimId, Sketch>| -> Result<(), K::Error> {
        let said: Vec<u64> = said.iter().copied().collect();
        let found = known.alike(&said)?.into_iter().filter(|sketch| !failed.contains(&sketch.claim));
        around.extend(found.map(|sketch| (sketch.claim, sketch)));
        Ok(())
    };
    look_up(&said, &mut around)?;
    components.extend(around.values().filter_map(|sketch| sketch.settled).map(|(_, component)| component));
    let mut firsts = Firsts::new();
    let mut copies = events::copies(around.values());
    copies.retain(|group| group.first().open);
    read_firsts(&copies, known, &mut firsts)?;
    let near: BTreeSet<u64> =
        known.near(&merged(firsts.values().map(|incident| key(incident, policy))))?.into_iter().collect();
    look_up(&near.difference(&said).copied().collect(), &mut around)?;

    let copies = events::copies(around.values());
    read_firsts(&copies, known, &mut firsts)?;
    for (left, right) in events::linked(&copies, &firsts, policy) {
        let linked = [&copies[left], &copies[right]].into_iter().flat_map(|group| &group.members);
        components.extend(linked.filter_map(|sketch| sketch.settled).map(|(_, component)| component));
    }
    drop(copies);
    let together = known.of_components(&components.into_iter().collect::<Vec<_>>())?;
    members.extend(together.into_iter().map(|sketch| (sketch.claim, sketch)));
    firsts.retain(|claim, _| members.contains_key(claim));
    Ok((members.into_values().collect(), firsts))
}

/// Reads the incidents that stand for these copies, as far as they have not been read.
fn read_firsts<K: Known>(copies: &[Copies<'_>], known: &K, firsts: &mut Firsts) -> Result<(), K::Error> {
    let missing: Vec<ClaimId> =
        copies.iter().map(|group| group.first().claim).filter(|claim| !firsts.contains_key(claim)).collect();
    firsts.extend(known.incidents(&missing)?.into_iter().map(|incident| (incident.claim, incident)));
    Ok(())
}

/// Where to look for what may be the same event as this telling.
fn key(incident: &Incident, policy: &Policy) -> Key {
    let (earliest, latest) = events::days(incident, policy);
    Key {
        family: incident.kind.family(),
        country: incident.place.as_ref().and_then(|place| place.country.clone()),
        // Days that touch are near enough.
        earliest: earliest.map(|day| day.yesterday().unwrap_or(day)),
        latest: latest.map(|day| day.tomorrow().unwrap_or(day)),
    }
}

/// Keys that find all that these find, and little more: those of one country are merged where
/// their days touch.
fn merged(keys: impl Iterator<Item = Key>) -> Vec<Key> {
    let mut sorted: Vec<Key> = keys.collect();
    sorted.sort_unstable();
    let mut merged: Vec<Key> = Vec::new();
    for key in sorted {
        match merged.last_mut() {
            Some(last)
                if (last.family, &last.country) == (key.family, &key.country)
                    && last
                        .latest
                        .is_none_or(|latest| key.earliest.is_none_or(|earliest| earliest <= latest)) =>
            {
                last.latest = last.latest.zip(key.latest).map(|(one, other)| one.max(other));
            }
            _ => merged.push(key),
        }
    }
    merged
}

/// Finds how reports derive from those whose fingerprints are like theirs.
pub fn trace<K: Known>(
    pairs: &[(ReportId, Vec<ReportId>)],
    known: &K,
    policy: &Policy,
) -> Result<Vec<(ReportId, Vec<Lineage>)>, K::Error> {
    let mut comparisons = Comparisons::new(known, policy);
    let mut traced = Vec::with_capacity(pairs.len());
    for (report, others) in pairs {
        let mut lineages = Vec::new();
        for other in others {
            lineages.extend(comparisons.compare(*report, *other)?);
        }
        traced.push((*report, lineages));
    }
    Ok(traced)
}

/// Texts kept ready for comparing at one time, so that memory stays bounded.
const READY_MAX: usize = 12_000;

/// Comparisons of reports within one settling: each text is made ready once, each pair compared once.
struct Comparisons<'a, K> {
    known: &'a K,
    policy: &'a Policy,
    ready: BTreeMap<ReportId, Option<Ready>>,
    pairs: BTreeMap<(ReportId, ReportId), Option<Lineage>>,
}

impl<'a, K: Known> Comparisons<'a, K> {
    fn new(known: &'a K, policy: &'a Policy) -> Self {
        Self { known, policy, ready: BTreeMap::new(), pairs: BTreeMap::new() }
    }

    /// Lineages between the reports of one event: those traced and, where the event has few reports,
    /// all that a comparison of their texts shows. The latter come again by themselves.
    fn lineages(&mut self, members: &[&Incident]) -> Result<(Vec<Lineage>, Vec<Lineage>), K::Error> {
        let ids: BTreeSet<ReportId> = members.iter().map(|incident| incident.evidence.report).collect();
        let ids: Vec<ReportId> = ids.into_iter().collect();
        if ids.len() < 2 {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut lineages = self.known.traced_among(&ids)?;
        if ids.len() > self.policy.compare_reports_max {
            return Ok((lineages, Vec::new()));
        }
        let traced: BTreeSet<(ReportId, ReportId)> = lineages
            .iter()
            .map(|lineage| (lineage.from.min(lineage.to), lineage.from.max(lineage.to)))
            .collect();
        let mut found = Vec::new();
        for (position, &one) in ids.iter().enumerate() {
            for &other in &ids[position + 1..] {
                if !traced.contains(&(one, other)) {
                    found.extend(self.compare(one, other)?);
                }
            }
        }
        lineages.extend(found.iter().cloned());
        Ok((lineages, found))
    }

    fn compare(&mut self, one: ReportId, other: ReportId) -> Result<Option<Lineage>, K::Error> {
        let pair = (one.min(other), one.max(other));
        if let Some(compared) = self.pairs.get(&pair) {
            return Ok(compared.clone());
        }
        if self.ready.len() + 2 > READY_MAX {
            self.ready.clear();
        }
        self.make_ready(one)?;
        self.make_ready(other)?;
        let ready = |id: ReportId| self.ready.get(&id).and_then(Option::as_ref);
        let compared = match (ready(one), ready(other)) {
            (Some(one), Some(other)) => lineage::compare_ready(one, other, self.policy),
            _ => None,
        };
        self.pairs.insert(pair, compared.clone());
        Ok(compared)
    }

    fn make_ready(&mut self, id: ReportId) -> Result<(), K::Error> {
        if !self.ready.contains_key(&id) {
            let ready = self.known.report(id)?.as_ref().map(Ready::of);
            self.ready.insert(id, ready);
        }
        Ok(())
    }
}

/// The verdicts that stand: not withdrawn, in order.
pub fn standing(judgements: &[Judgement]) -> Vec<&Verdict> {
    let withdrawn: BTreeSet<_> = judgements
        .iter()
        .filter_map(|judgement| match &judgement.verdict {
            Verdict::Withdrawn(id) => Some(*id),
            _ => None,
        })
        .collect();
    judgements
        .iter()
        .filter(|judgement| !withdrawn.contains(&judgement.id))
        .map(|judgement| &judgement.verdict)
        .collect()
}

/// Claims that an analyst struck out; the last word on a claim counts.
pub fn failed_claims(verdicts: &[&Verdict]) -> BTreeSet<ClaimId> {
    let mut failed = BTreeSet::new();
    for verdict in verdicts {
        match verdict {
            Verdict::ClaimFails(claim) => {
                failed.insert(*claim);
            }
            Verdict::ClaimStands(claim) => {
                failed.remove(claim);
            }
            _ => {}
        }
    }
    failed
}

/// Sources with the grades and families that analysts gave them.
pub fn rated(sources: &[Source], verdicts: &[&Verdict]) -> Vec<Source> {
    let mut sources = sources.to_vec();
    for verdict in verdicts {
        match verdict {
            Verdict::SourceRated(id, reliability) => {
                sources
                    .iter_mut()
                    .filter(|source| source.id == *id)
                    .for_each(|source| source.reliability = *reliability);
            }
            Verdict::SourceBelongs(id, parent) => {
                sources
                    .iter_mut()
                    .filter(|source| source.id == *id)
                    .for_each(|source| source.parent = Some(*parent));
            }
            _ => {}
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_domain::count::{Count, Counted, Harm, PerpetratorsCounted};
    use headwater_domain::id::ActorId;
    use headwater_domain::judgement::Author;
    use headwater_domain::kind::{EventKind, EventStatus, Mode, Plover, SubEvent};
    use headwater_domain::marking::Marking;
    use headwater_domain::reading::{Score, ThingKind};
    use headwater_domain::resolution::{ActorRef, PlaceRef, Precision, Toll};
    use headwater_domain::text::{Evidence, Span};
    use headwater_domain::time::Period;
    use jiff::civil::date;
    use std::cell::RefCell;
    use std::convert::Infallible;

    /// Keeps what was settled, as a store would, and finds everything near everything.
    #[derive(Default)]
    struct Kept {
        incidents: RefCell<Vec<Incident>>,
        settled: RefCell<BTreeMap<ClaimId, (EventId, ClaimId)>>,
        events: RefCell<BTreeMap<EventId, Event>>,
    }

    impl Kept {
        fn sketches(&self, wanted: impl Fn(&Sketch) -> bool) -> Vec<Sketch> {
            let settled = self.settled.borrow();
            let sketch = |incident: &Incident| {
                let settled = settled.get(&incident.claim).copied();
                Sketch { open: settled.is_none(), settled, ..Sketch::of(incident) }
            };
            self.incidents.borrow().iter().map(sketch).filter(wanted).collect()
        }
    }

    impl Known for Kept {
        type Error = Infallible;
        fn near(&self, _: &[Key]) -> Result<Vec<u64>, Infallible> {
            Ok(self.sketches(|_| true).iter().map(|sketch| sketch.alike).collect())
        }
        fn alike(&self, alike: &[u64]) -> Result<Vec<Sketch>, Infallible> {
            Ok(self.sketches(|sketch| alike.contains(&sketch.alike)))
        }
        fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Sketch>, Infallible> {
            Ok(self.sketches(|sketch| {
                sketch.settled.is_some_and(|(_, component)| components.contains(&component))
            }))
        }
        fn incidents(&self, claims: &[ClaimId]) -> Result<Vec<Incident>, Infallible> {
            let kept = self.incidents.borrow();
            Ok(kept.iter().filter(|incident| claims.contains(&incident.claim)).cloned().collect())
        }
        fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, Infallible> {
            let settled = self.settled.borrow();
            let of =
                |claim: &ClaimId| settled.get(claim).map(|(event, component)| (*claim, *event, *component));
            Ok(claims.iter().filter_map(of).collect())
        }
        fn traced_among(&self, _: &[ReportId]) -> Result<Vec<Lineage>, Infallible> {
            Ok(Vec::new())
        }
        fn report(&self, _: ReportId) -> Result<Option<Report>, Infallible> {
            Ok(None)
        }
    }

    impl Kept {
        /// Gives the events that were told anew.
        fn take_in(&self, incidents: Vec<Incident>, judgements: &[Judgement]) -> Vec<EventId> {
            let open = incidents.iter().map(Sketch::of).collect();
            self.incidents.borrow_mut().extend(incidents);
            let settled = settle(open, self, &[], judgements, &Policy::default()).unwrap();
            for (claim, event, component) in settled.claims {
                self.settled.borrow_mut().insert(claim, (event, component));
            }
            settled.gone.iter().for_each(|id| drop(self.events.borrow_mut().remove(id)));
            let told = settled.events.iter().map(|(event, _)| event.id).collect();
            let events = settled.events.into_iter().map(|(event, _)| (event.id, event));
            self.events.borrow_mut().extend(events);
            told
        }

        /// Reports of each event, by the letter that names them.
        fn events(&self) -> BTreeSet<String> {
            let mut events: BTreeMap<EventId, String> = BTreeMap::new();
            let mut incidents = self.incidents.borrow().clone();
            incidents.sort_by_key(|incident| incident.word.clone());
            for incident in incidents {
                let (event, _) = self.settled.borrow()[&incident.claim];
                events.entry(event).or_default().push_str(&incident.word);
            }
            events.into_values().collect()
        }
    }

    /// A telling of a bombing, named by a letter that also names its report.
    fn telling(letter: &str, town: &str, when: Option<Period>, dead: u32) -> Incident {
        let span = Span::within("some words", 0..4).unwrap();
        let report = ReportId::of(&[letter.as_bytes()]);
        let place = PlaceRef {
            key: Some(town.to_owned()),
            name: town.to_owned(),
            words: town.to_owned(),
            country: Some("XAA".to_owned()),
            division: None,
            within: vec!["XAA".to_owned()],
            precision: Precision::Town,
            position: Some((if town == "Brisa" { 1.0 } else { 5.0 }, 1.0)),
            radius_km: Some(5.0),
        };
        let toll = Toll {
            harm: Harm::Killed,
            count: Count::exactly(dead),
            counted: Counted::Unspecified,
            perpetrators: PerpetratorsCounted::Unclear,
            span,
        };
        let incident = Incident {
            claim: ClaimId::of(&[letter.as_bytes()]),
            also: Vec::new(),
            source: None,
            wire: None,
            published: Some(date(2031, 3, 5)),
            kind: EventKind {
                event: Plover::Assault,
                mode: Some(Mode::Explosives),
                sub_event: Some(SubEvent::RemoteExplosive),
            },
            status: EventStatus::Happened,
            main: true,
            aggregate: false,
            window: when.clone(),
            when,
            place: Some(place),
            actors: vec![ActorRef {
                id: ActorId::of(&[b"front"]),
                name: "Brisa Front".to_owned(),
                named: true,
                kind: ThingKind::ArmedGroup,
                known: None,
            }],
            targets: Vec::new(),
            weapon: None,
            tolls: vec![toll],
            voices: Vec::new(),
            answers: Vec::new(),
            hedged: false,
            word: letter.to_owned(),
            trigger: span,
            words: Vec::new(),
            wording: crate::wording::wording(letter),
            alike: 0,
            evidence: Evidence::new(report, 1, span),
            marking: Marking::default(),
            score: Score::new(1.0),
        };
        Incident { alike: events::alike(&incident), ..incident }
    }

    fn day(day: i8) -> Option<Period> {
        Some(Period::day(date(2031, 3, day)))
    }

    fn tellings() -> Vec<Incident> {
        vec![
            telling("a", "Brisa", day(3), 11),
            telling("b", "Brisa", day(3), 12),
            telling("c", "Olmo", day(3), 11),
            telling("d", "Brisa", day(1), 4),
            telling("e", "Brisa", None, 11),
        ]
    }

    #[test]
    fn two_towns_on_one_day_are_two_events_and_so_are_two_days_in_one_town() {
        let kept = Kept::default();
        kept.take_in(tellings(), &[]);
        assert_eq!(kept.events(), ["abe", "c", "d"].map(str::to_owned).into());
    }

    #[test]
    fn the_order_of_arrival_changes_nothing() {
        let all_at_once = Kept::default();
        all_at_once.take_in(tellings(), &[]);
        for rotation in 0..5 {
            let mut order = tellings();
            order.rotate_left(rotation);
            if rotation % 2 == 1 {
                order.reverse();
            }
            let one_by_one = Kept::default();
            order.into_iter().for_each(|incident| drop(one_by_one.take_in(vec![incident], &[])));
            assert_eq!(*one_by_one.events.borrow(), *all_at_once.events.borrow());
        }
    }

    #[test]
    fn keys_of_one_country_whose_days_touch_are_merged() {
        let key = |country: &str, from: Option<i8>, to: Option<i8>| Key {
            family: Family::Violence,
            country: Some(country.to_owned()),
            earliest: from.map(|day| date(2031, 3, day)),
            latest: to.map(|day| date(2031, 3, day)),
        };
        let keys = [
            key("XAA", Some(9), Some(9)),
            key("XAA", Some(1), Some(3)),
            key("XAA", Some(2), Some(2)),
            key("XAA", Some(3), Some(4)),
            key("XBB", None, Some(4)),
            key("XBB", Some(4), None),
        ];
        let expected = [key("XAA", Some(1), Some(4)), key("XAA", Some(9), Some(9)), key("XBB", None, None)];
        assert_eq!(merged(keys.into_iter()), expected);
    }

    #[test]
    fn an_event_of_which_nothing_new_is_told_stays_as_it_is() {
        let kept = Kept::default();
        let tellings = tellings();
        kept.take_in(tellings[..4].to_vec(), &[]);
        let told = kept.take_in(tellings[4..].to_vec(), &[]);
        assert_eq!(told.len(), 1, "the bombing of which report e tells");
        assert_eq!(kept.events.borrow().len(), 3);
    }

    #[test]
    fn a_judgement_parts_what_a_rule_joined_and_its_withdrawal_joins_it_again() {
        let id = |letter: &str| EventId::founded_by(ClaimId::of(&[letter.as_bytes()]));
        let judge = |verdict| {
            Judgement::new(
                verdict,
                Author::Analyst("anna".to_owned()),
                "seen both",
                jiff::Timestamp::UNIX_EPOCH,
            )
            .unwrap()
        };
        let apart = judge(Verdict::DistinctEvents(id("a"), id("b")));
        let kept = Kept::default();
        kept.take_in(tellings(), std::slice::from_ref(&apart));
        assert!(kept.events().iter().all(|event| !(event.contains('a') && event.contains('b'))));
        let withdrawn = judge(Verdict::Withdrawn(apart.id));
        let again = Kept::default();
        again.take_in(tellings(), &[apart, withdrawn]);
        assert!(again.events().contains("abe"));
    }

    #[test]
    fn a_claim_that_an_analyst_struck_out_is_in_no_event() {
        let kept = Kept::default();
        let verdict = Verdict::ClaimFails(ClaimId::of(&[b"a"]));
        let strike = Judgement::new(
            verdict,
            Author::Analyst("anna".to_owned()),
            "misread",
            jiff::Timestamp::UNIX_EPOCH,
        )
        .unwrap();
        kept.take_in(tellings(), &[strike]);
        let events = kept.events.borrow();
        let reports: u32 = events.values().map(|event| event.assessment.reports).sum();
        assert_eq!(reports, 4);
    }
}
