//! Settle: what changes in the picture when something new is known?
//!
//! New tellings are compared with what is known near them; whatever hangs together with them is
//! sorted into events anew. What this gives depends only on the tellings, lineages and judgements
//! that there are, so settling report by report and settling all at once come to the same.

use crate::assess::assess;
use crate::assess::origins::Publishers;
use crate::lineage::{self, Wording};
use crate::policy::Policy;
use crate::resolve::events::{self, Decisions};
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::judgement::{Judgement, Verdict};
use headwater_domain::kind::Family;
use headwater_domain::picture::Event;
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{Incident, Lineage};
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
    /// Tellings that any of the keys finds, with the component that each was settled in.
    fn near(&self, keys: &[Key]) -> Result<Vec<(Incident, Option<ClaimId>)>, Self::Error>;
    /// All tellings of these components.
    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Incident>, Self::Error>;
    /// The events that these tellings were settled in before, with the component.
    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, Self::Error>;
    /// Lineages between these reports.
    fn lineages_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, Self::Error>;
    /// The latest version of a report.
    fn report(&self, id: ReportId) -> Result<Option<Report>, Self::Error>;
}

/// What takes the place of what was believed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// Each telling with its event and its component.
    pub claims: Vec<(ClaimId, EventId, ClaimId)>,
    /// Events, new or changed.
    pub events: Vec<Event>,
    /// Events that are no more.
    pub gone: Vec<EventId>,
    /// Lineages found by comparing reports of one event.
    pub lineages: Vec<Lineage>,
}

/// Settles tellings that are new or whose surroundings changed.
pub fn settle<K: Known>(
    unsettled: Vec<Incident>,
    known: &K,
    sources: &[Source],
    judgements: &[Judgement],
    policy: &Policy,
) -> Result<Settled, K::Error> {
    let verdicts = standing(judgements);
    let decisions = Decisions::of(verdicts.iter().copied());
    let failed: BTreeSet<ClaimId> = failed_claims(&verdicts);

    // Everything that hangs together with something unsettled, by links or by decisions.
    let mut members: BTreeMap<ClaimId, Incident> =
        unsettled.into_iter().map(|incident| (incident.claim, incident)).collect();
    let mut components: BTreeSet<ClaimId> = BTreeSet::new();
    let keys: BTreeSet<Key> = members.values().map(|incident| key(incident, policy)).collect();
    let near = known.near(&keys.into_iter().collect::<Vec<_>>())?;
    components.extend(linked_components(&members, &near, policy));
    let partners: Vec<ClaimId> = members.keys().flat_map(|&claim| decisions.partners(claim)).collect();
    components.extend(known.settled_as(&partners)?.into_iter().map(|(_, _, component)| component));
    let own: Vec<ClaimId> = members.keys().copied().collect();
    components.extend(known.settled_as(&own)?.into_iter().map(|(_, _, component)| component));
    let together = known.of_components(&components.into_iter().collect::<Vec<_>>())?;
    members.extend(together.into_iter().map(|incident| (incident.claim, incident)));

    let claims: Vec<ClaimId> = members.keys().copied().collect();
    let before: BTreeSet<EventId> =
        known.settled_as(&claims)?.into_iter().map(|(_, event, _)| event).collect();
    let incidents: Vec<Incident> =
        members.into_values().filter(|incident| !failed.contains(&incident.claim)).collect();
    let publishers = Publishers::new(&rated(sources, &verdicts));
    let mut settled = Settled::default();
    // What an analyst struck out is settled too: in no event.
    for &claim in claims.iter().filter(|claim| failed.contains(claim)) {
        settled.claims.push((claim, EventId::founded_by(claim), claim));
    }
    let mut comparisons = Comparisons { known, policy, ready: BTreeMap::new(), pairs: BTreeMap::new() };
    for component in events::cluster(&incidents, &decisions, policy) {
        for tellings in &component.events {
            let lineages = comparisons.lineages(tellings)?;
            let Some(event) = assess(tellings, &lineages, &publishers, policy) else { continue };
            settled.claims.extend(tellings.iter().map(|incident| (incident.claim, event.id, component.id)));
            settled.events.push(event);
        }
    }
    settled.lineages = comparisons.pairs.into_values().flatten().collect();
    let now: BTreeSet<EventId> = settled.events.iter().map(|event| event.id).collect();
    settled.gone = before.difference(&now).copied().collect();
    Ok(settled)
}

/// Where to look for what may be the same event as this telling.
fn key(incident: &Incident, policy: &Policy) -> Key {
    let (earliest, latest) = events::days(incident, policy);
    Key {
        family: incident.kind.family(),
        country: incident.place.as_ref().and_then(|place| place.country.clone()),
        earliest,
        latest,
    }
}

/// The settled components with which some new telling has a link.
fn linked_components(
    new: &BTreeMap<ClaimId, Incident>,
    near: &[(Incident, Option<ClaimId>)],
    policy: &Policy,
) -> BTreeSet<ClaimId> {
    let component_of: BTreeMap<ClaimId, ClaimId> =
        near.iter().filter_map(|(incident, component)| Some((incident.claim, (*component)?))).collect();
    let mut all: Vec<Incident> = new.values().cloned().collect();
    all.extend(
        near.iter()
            .filter(|(incident, _)| !new.contains_key(&incident.claim))
            .map(|(incident, _)| incident.clone()),
    );
    let claims: BTreeSet<ClaimId> = new.keys().copied().collect();
    events::linked(&claims, &all, policy)
        .into_iter()
        .filter(|set| set.iter().any(|claim| new.contains_key(claim)))
        .flatten()
        .filter_map(|claim| component_of.get(&claim).copied())
        .collect()
}

/// Texts kept ready for comparing at one time, so that memory stays bounded.
const READY_MAX: usize = 2_000;

/// Comparisons of reports within one settling: each text is made ready once, each pair compared once.
struct Comparisons<'a, K> {
    known: &'a K,
    policy: &'a Policy,
    ready: BTreeMap<ReportId, Option<(Report, Wording)>>,
    pairs: BTreeMap<(ReportId, ReportId), Option<Lineage>>,
}

impl<K: Known> Comparisons<'_, K> {
    /// Lineages between the reports of one event: those known, and where the event has few reports
    /// all that a comparison of their texts shows.
    fn lineages(&mut self, tellings: &[&Incident]) -> Result<Vec<Lineage>, K::Error> {
        let ids: BTreeSet<ReportId> = tellings.iter().map(|incident| incident.evidence.report).collect();
        let ids: Vec<ReportId> = ids.into_iter().collect();
        if ids.len() < 2 {
            return Ok(Vec::new());
        }
        let mut lineages = self.known.lineages_among(&ids)?;
        if ids.len() > self.policy.compare_reports_max {
            return Ok(lineages);
        }
        for (position, &one) in ids.iter().enumerate() {
            for &other in &ids[position + 1..] {
                let is_pair = |lineage: &Lineage| {
                    (lineage.from == one && lineage.to == other)
                        || (lineage.from == other && lineage.to == one)
                };
                if !lineages.iter().any(is_pair) {
                    lineages.extend(self.compare(one, other)?);
                }
            }
        }
        Ok(lineages)
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
        let ready = |id: ReportId| {
            self.ready.get(&id).and_then(Option::as_ref).map(|(report, wording)| (report, wording))
        };
        let compared = match (ready(one), ready(other)) {
            (Some(one), Some(other)) => lineage::compare_ready(one, other, self.policy),
            _ => None,
        };
        self.pairs.insert(pair, compared.clone());
        Ok(compared)
    }

    fn make_ready(&mut self, id: ReportId) -> Result<(), K::Error> {
        if self.ready.contains_key(&id) {
            return Ok(());
        }
        let report = self.known.report(id)?;
        let ready = report.map(|report| {
            let wording = Wording::of(report.text.as_str());
            (report, wording)
        });
        self.ready.insert(id, ready);
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

    impl Known for Kept {
        type Error = Infallible;
        fn near(&self, _: &[Key]) -> Result<Vec<(Incident, Option<ClaimId>)>, Infallible> {
            let settled = self.settled.borrow();
            let component =
                |incident: &Incident| settled.get(&incident.claim).map(|(_, component)| *component);
            Ok(self
                .incidents
                .borrow()
                .iter()
                .map(|incident| (incident.clone(), component(incident)))
                .collect())
        }
        fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Incident>, Infallible> {
            let near = self.near(&[])?;
            let wanted = |component: Option<ClaimId>| component.is_some_and(|id| components.contains(&id));
            Ok(near
                .into_iter()
                .filter(|(_, component)| wanted(*component))
                .map(|(incident, _)| incident)
                .collect())
        }
        fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, Infallible> {
            let settled = self.settled.borrow();
            let of =
                |claim: &ClaimId| settled.get(claim).map(|(event, component)| (*claim, *event, *component));
            Ok(claims.iter().filter_map(of).collect())
        }
        fn lineages_among(&self, _: &[ReportId]) -> Result<Vec<Lineage>, Infallible> {
            Ok(Vec::new())
        }
        fn report(&self, _: ReportId) -> Result<Option<Report>, Infallible> {
            Ok(None)
        }
    }

    impl Kept {
        fn take_in(&self, incidents: Vec<Incident>, judgements: &[Judgement]) {
            self.incidents.borrow_mut().extend(incidents.iter().cloned());
            let settled = settle(incidents, self, &[], judgements, &Policy::default()).unwrap();
            for (claim, event, component) in settled.claims {
                self.settled.borrow_mut().insert(claim, (event, component));
            }
            settled.gone.iter().for_each(|id| drop(self.events.borrow_mut().remove(id)));
            self.events.borrow_mut().extend(settled.events.into_iter().map(|event| (event.id, event)));
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
        Incident {
            claim: ClaimId::of(&[letter.as_bytes()]),
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
            evidence: Evidence::new(report, 1, span),
            marking: Marking::default(),
            score: Score::new(1.0),
        }
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
            order.into_iter().for_each(|incident| one_by_one.take_in(vec![incident], &[]));
            assert_eq!(*one_by_one.events.borrow(), *all_at_once.events.borrow());
        }
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
