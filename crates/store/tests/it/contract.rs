//! What every store promises, run against each.

use headwater_domain::id::{ClaimId, EventId, ReportId, SourceId};
use headwater_domain::judgement::{Author, Judgement, Verdict};
use headwater_domain::kind::Family;
use headwater_domain::marking::{Level, Marking};
use headwater_domain::record::{Action, Deed, Failure};
use headwater_domain::report::Source;
use headwater_domain::resolution::{Incident, Lineage, LineageKind, Sketch};
use headwater_domain::time::Period;
use headwater_store::query::{EventQuery, Page, ReportQuery, SayingQuery};
use headwater_store::sqlite::Options;
use headwater_store::verify::{Flaw, verify};
use headwater_store::{
    FIRST_OF_BAND, Kept, MemoryStore, Near, Relatives, Settlement, SqliteStore, Store, Taken,
};
use headwater_testkit::{Told, actor, event_of, told, told_again};
use jiff::Timestamp;
use jiff::civil::date;
use std::collections::BTreeSet;

const ATTACK: &str = "[Gunmen]{actor} [attacked]{event} [a convoy]{target} in [Brisa]{place:XBR}.
    [A police spokesman]{voice} said that [three]{killed:3} were killed.";

pub fn taken(told: &Told) -> Taken {
    let Told { report, source, raw, reading, resolution } = told.clone();
    Taken { report, source: Some(source), raw, reading, resolution, by: "anna".to_owned() }
}

fn keep(store: &dyn Store, told: &Told) -> Kept {
    store.keep_report(&taken(told)).unwrap()
}

fn keep_all<'a>(store: &dyn Store, all: impl IntoIterator<Item = &'a Told>) {
    for told in all {
        keep(store, told);
    }
}

/// Settles these incidents as one event.
pub fn settle_as_one(store: &dyn Store, incidents: &[&Incident]) -> EventId {
    let event = event_of(incidents);
    let (id, component) = (event.id, event.id.founding_claim());
    let settled: Vec<_> = incidents.iter().map(|incident| (incident.claim, id, component)).collect();
    // Another process may settle at the same time.
    loop {
        let settlement = Settlement {
            generation: store.generation().unwrap(),
            settled: settled.clone(),
            events: vec![(event.clone(), Vec::new())],
            gone: Vec::new(),
        };
        if store.settle(&settlement).unwrap() {
            break;
        }
    }
    id
}

fn claims(incidents: &[Incident]) -> Vec<ClaimId> {
    incidents.iter().map(|incident| incident.claim).collect()
}

fn sketched(sketches: &[Sketch]) -> Vec<ClaimId> {
    sketches.iter().map(|sketch| sketch.claim).collect()
}

fn sorted(mut claims: Vec<ClaimId>) -> Vec<ClaimId> {
    claims.sort();
    claims
}

fn what_is_kept_is_found_again(store: &dyn Store) {
    let told = told("Harbour News", "2031-03-03", ATTACK);
    assert_eq!(keep(store, &told), Kept::New);
    let id = told.report.id;
    assert_eq!(store.latest_version(id).unwrap().as_ref(), Some(&told.report));
    assert_eq!(store.report(id, Some(1)).unwrap().as_ref(), Some(&told.report));
    assert_eq!(store.report(id, Some(2)).unwrap(), None);
    assert_eq!(store.reading(id, None).unwrap().as_ref(), Some(&told.reading));
    assert_eq!(store.raw(told.report.raw).unwrap().as_ref(), Some(&told.raw));
    assert_eq!(store.sources().unwrap(), std::slice::from_ref(&told.source));
    assert_eq!(store.source(told.source.id).unwrap(), Some(told.source.clone()));
    assert_eq!(store.source(SourceId::of(&[b"nobody"])).unwrap(), None);
    assert_eq!(store.sayings(&SayingQuery::default(), Page::ALL).unwrap(), told.resolution.sayings);
    let gunmen = actor("Gunmen");
    assert_eq!(store.actor_mentions(gunmen.id).unwrap(), [(id, told.resolution.actors[0].clone())]);
    let claim = told.reading.claims[0].id;
    assert_eq!(store.report_of_claim(claim).unwrap(), Some((id, 1)));
    assert_eq!(store.all_versions().unwrap(), [(id, 1)]);
    let totals = store.totals().unwrap();
    assert_eq!((totals.reports, totals.sayings, totals.actors, totals.entries), (1, 1, 3, 1));
    assert_eq!(totals.published, Some((date(2031, 3, 3), date(2031, 3, 3))));
}

fn the_same_report_again_changes_nothing(store: &dyn Store) {
    let first = told("Harbour News", "2031-03-03", ATTACK);
    keep(store, &first);
    let mut again = first.clone();
    again.report.received = Timestamp::from_second(2_000_000_000).unwrap();
    again.report.origin = "elsewhere".to_owned();
    assert_eq!(keep(store, &again), Kept::Unchanged);
    assert_eq!(store.report(first.report.id, None).unwrap(), Some(first.report));
    assert_eq!(store.entries(0, 10).unwrap().len(), 1);
}

fn a_stricter_marking_is_kept_as_a_new_version(store: &dyn Store) {
    let first = told("Harbour News", "2031-03-03", ATTACK);
    keep(store, &first);
    let mut stricter = first.clone();
    stricter.report.marking = Marking::at(Level::Red);
    assert_eq!(keep(store, &stricter), Kept::NewVersion(2));
    assert_eq!(keep(store, &first), Kept::Unchanged, "nothing is loosened by taking it in again");
    assert_eq!(store.report(first.report.id, None).unwrap().unwrap().marking.level, Level::Red);
}

fn a_report_numbered_wrongly_is_numbered_rightly_throughout(store: &dyn Store) {
    keep(store, &told("Harbour News", "2031-03-03", ATTACK));
    let other = told("Harbour News", "2031-03-03", &ATTACK.replace("Gunmen", "Bandits"));
    assert_eq!(keep(store, &other), Kept::NewVersion(2));
    let id = other.report.id;
    assert_eq!(store.report(id, None).unwrap().unwrap().version, 2);
    assert!(store.reading(id, None).unwrap().unwrap().claims.iter().all(|claim| claim.evidence.version == 2));
    let open: Vec<ClaimId> = store.unsettled().unwrap().iter().map(|sketch| sketch.claim).collect();
    assert!(store.incidents(&open).unwrap().iter().all(|incident| incident.evidence.version == 2));
    assert_eq!(verify(store, &mut |_| {}).unwrap().problems, []);
}

fn a_new_version_takes_the_place_of_what_the_old_one_told(store: &dyn Store) {
    let first = told("Harbour News", "2031-03-03", ATTACK);
    let other = told("Brisa Post", "2031-03-03", ATTACK);
    keep(store, &first);
    keep(store, &other);
    let (mine, theirs) = (&first.resolution.incidents[0], &other.resolution.incidents[0]);
    let event = settle_as_one(store, &[mine, theirs]);
    let told_anew = format!("{ATTACK}\n[Residents]{{actor}} [protested]{{event:PROTEST}}.");
    let second = told_again("Harbour News", "2031-03-03", 2, &told_anew);
    assert_eq!(keep(store, &second), Kept::NewVersion(2));

    let expected = claims(&second.resolution.incidents).into_iter().chain([theirs.claim]).collect();
    assert_eq!(sketched(&store.unsettled().unwrap()), sorted(expected), "companions are settled again");
    assert_eq!(store.report(first.report.id, Some(1)).unwrap().as_ref(), Some(&first.report));
    assert_eq!(store.reading(first.report.id, Some(1)).unwrap().as_ref(), Some(&first.reading));
    assert_eq!(store.report_of_claim(mine.claim).unwrap(), Some((first.report.id, 1)));
    let of_report = SayingQuery { report: Some(first.report.id), ..SayingQuery::default() };
    assert_eq!(store.sayings(&of_report, Page::ALL).unwrap(), second.resolution.sayings);
    assert_eq!(store.actor_mentions(actor("Gunmen").id).unwrap().len(), 2);
    assert_eq!(store.relatives(other.report.id).unwrap().like, [first.report.id]);
    assert!(store.dossier(event).unwrap().is_some(), "an event stays until its other tellings are settled");

    let now = settle_as_one(store, &[&second.resolution.incidents[0], theirs]);
    assert_eq!(store.dossier(EventId::founded_by(mine.claim)).unwrap().unwrap().event.id, now);
    assert_eq!(store.settled_as(&[mine.claim]).unwrap(), [(mine.claim, now, now.founding_claim())]);
    assert_eq!(store.event_count(&EventQuery::default()).unwrap(), 1);
}

fn an_event_that_nobody_tells_any_more_is_gone(store: &dyn Store) {
    let first = told("Harbour News", "2031-03-03", ATTACK);
    keep(store, &first);
    let event = settle_as_one(store, &[&first.resolution.incidents[0]]);
    keep(store, &told_again("Harbour News", "2031-03-03", 2, "The earlier report was withdrawn."));
    assert_eq!(store.dossier(event).unwrap(), None);
    assert_eq!(store.event_count(&EventQuery::default()).unwrap(), 0);
    assert_eq!(store.unsettled_count().unwrap(), 0);
    assert_eq!(store.settled_as(&[first.resolution.incidents[0].claim]).unwrap(), []);
}

fn an_event_is_found_by_each_of_its_claims(store: &dyn Store) {
    let (first, other) = (told("A", "2031-03-03", ATTACK), told("B", "2031-03-02", ATTACK));
    keep(store, &first);
    keep(store, &other);
    let (left, right) = (&first.resolution.incidents[0], &other.resolution.incidents[0]);
    settle_as_one(store, &[left, right]);
    for claim in [left.claim, right.claim] {
        let dossier = store.dossier(EventId::founded_by(claim)).unwrap().unwrap();
        assert_eq!(claims(&dossier.incidents), [right.claim, left.claim], "in order of publication");
    }
    assert_eq!(store.dossier(EventId::founded_by(first.resolution.sayings[0].claim)).unwrap(), None);
}

fn events_that_are_folded_leave_none_behind(store: &dyn Store) {
    let (first, other) = (told("A", "2031-03-03", ATTACK), told("B", "2031-03-02", ATTACK));
    keep(store, &first);
    keep(store, &other);
    let (left, right) = (&first.resolution.incidents[0], &other.resolution.incidents[0]);
    settle_as_one(store, &[left]);
    settle_as_one(store, &[right]);
    assert_eq!(store.event_count(&EventQuery::default()).unwrap(), 2);
    settle_as_one(store, &[left, right]);
    assert_eq!(store.event_count(&EventQuery::default()).unwrap(), 1);
    let component = left.claim.min(right.claim);
    assert_eq!(sketched(&store.of_components(&[component]).unwrap()), sorted(vec![left.claim, right.claim]));
    assert_eq!(store.of_components(&[left.claim.max(right.claim)]).unwrap(), []);
}

fn a_judgement_has_what_it_touches_settled_again(store: &dyn Store) {
    let (first, other) = (told("A", "2031-03-03", ATTACK), told("B", "2031-03-02", ATTACK));
    keep(store, &first);
    keep(store, &other);
    let (left, right) = (&first.resolution.incidents[0], &other.resolution.incidents[0]);
    settle_as_one(store, &[left, right]);
    let verdict = Verdict::ClaimFails(left.claim);
    let judgement =
        Judgement::new(verdict, Author::Analyst("berta".to_owned()), "misread", Timestamp::UNIX_EPOCH)
            .unwrap();
    store.keep_judgement(&judgement, &[left.claim]).unwrap();
    store.keep_judgement(&judgement, &[left.claim]).unwrap();
    assert_eq!(store.judgements().unwrap(), [judgement]);
    assert_eq!(store.unsettled_count().unwrap(), 2);
    assert_eq!(store.entries(2, 9).unwrap().len(), 1);
    assert_eq!(store.of_components(&[left.claim.min(right.claim)]).unwrap(), []);
}

fn what_is_near_is_found_once(store: &dyn Store) {
    let cases = [
        ("A", "2031-03-03", "[Gunmen]{actor} [attacked]{event} [Brisa]{place:XBR}."),
        ("B", "2031-03-09", "[Gunmen]{actor} [attacked]{event} [Brisa]{place:XBR} anew."),
        ("C", "2031-03-03", "[Gunmen]{actor} [attacked]{event} [Merin]{place:XME}."),
        ("D", "2031-03-03", "[Gunmen]{actor} [attacked]{event} a village."),
        ("E", "2031-03-20", "[Gunmen]{actor} [attacked]{event} [Brisa]{place:XBR} in [2031]{time:2031}."),
        ("F", "2031-03-03", "[Residents]{actor} [protested]{event:PROTEST} in [Brisa]{place:XBR}."),
    ];
    let all: Vec<Told> = cases.iter().map(|(source, day, text)| told(source, day, text)).collect();
    keep_all(store, &all);
    settle_as_one(store, &[&all[0].resolution.incidents[0]]);
    let found = |key: &Near| {
        let near = store.near(&[key.clone(), key.clone()]).unwrap();
        assert!(near.is_sorted());
        let sketches = store.alike(&near).unwrap();
        let incidents = store.incidents(&sketched(&sketches)).unwrap();
        assert!(incidents.iter().all(|incident| key.finds(incident)));
        let settled = all[0].resolution.incidents[0].claim;
        for (sketch, incident) in sketches.iter().zip(&incidents) {
            let known = (sketch.claim == settled).then_some((EventId::founded_by(settled), settled));
            let open = known.is_none();
            assert_eq!(*sketch, Sketch { settled: known, open, ..Sketch::of(incident) });
        }
        let of = |told: &&Told| sketches.iter().any(|sketch| sketch.report == told.report.id);
        all.iter().filter(of).map(|told| told.source.name.as_str()).collect::<String>()
    };
    let key = Near {
        family: Family::Violence,
        country: Some("XBR".to_owned()),
        earliest: Some(date(2031, 3, 2)),
        latest: Some(date(2031, 3, 4)),
    };
    assert_eq!(found(&key), "ADE");
    assert_eq!(found(&Near { country: None, ..key.clone() }), "ACDE");
    assert_eq!(found(&Near { latest: None, ..key.clone() }), "ABDE");
    assert_eq!(found(&Near { earliest: None, latest: None, ..key.clone() }), "ABDE");
    assert_eq!(found(&Near { family: Family::Protest, ..key }), "F");
    assert!(store.near(&[]).unwrap().is_empty());
}

fn what_says_the_same_is_found_by_it(store: &dyn Store) {
    let (first, copy) = (told("A", "2031-03-03", ATTACK), told("B", "2031-03-04", ATTACK));
    let other = told("C", "2031-03-04", "[Gunmen]{actor} [attacked]{event} a village.");
    keep_all(store, [&first, &copy, &other]);
    let incident = &first.resolution.incidents[0];
    let found = store.alike(&[incident.alike, incident.alike]).unwrap();
    assert_eq!(sketched(&found), sorted(vec![incident.claim, copy.resolution.incidents[0].claim]));
    assert_eq!(store.alike(&[]).unwrap(), []);
    assert_eq!(store.incidents(&[incident.claim]).unwrap(), std::slice::from_ref(incident));
    assert_eq!(store.incidents(&[first.resolution.sayings[0].claim]).unwrap(), []);
}

fn copies_meet_by_their_bands(store: &dyn Store) {
    let (first, copy) = (told("A", "2031-03-03", ATTACK), told("B", "2031-03-04", ATTACK));
    let apart = told("C", "2031-03-04", "All was calm on Tuesday.");
    keep_all(store, [&first, &copy, &apart]);
    assert_eq!(store.untraced(9).unwrap().len(), 3);
    assert_eq!(store.relatives(first.report.id).unwrap().like, [copy.report.id]);
    assert_eq!(store.relatives(apart.report.id).unwrap(), Relatives::default());
    assert_eq!(store.relatives(ReportId::of(&[b"nobody's"])).unwrap(), Relatives::default());
}

fn of_a_story_told_by_thousands_only_the_first_have_all_as_relatives(store: &dyn Store) {
    let paper =
        |number: usize, day: usize| told(&format!("Paper {number}"), &format!("2031-03-{day:02}"), ATTACK);
    let trace = |told: &Told| store.keep_traced(&[(told.report.id, Vec::new())]).unwrap();
    let all: Vec<Told> = (0..20).map(|number| paper(number, 2 + number)).collect();
    keep_all(store, &all);
    all.iter().for_each(trace);
    let count = |told: &Told| store.relatives(told.report.id).unwrap().like.len();
    assert_eq!(count(&all[0]), 19);
    assert_eq!(count(&all[FIRST_OF_BAND - 1]), 19);
    assert_eq!(count(&all[FIRST_OF_BAND]), FIRST_OF_BAND);

    // An earlier one arrives last and takes the place of one of the first.
    let earliest = paper(99, 1);
    keep(store, &earliest);
    assert_eq!(store.untraced(99).unwrap(), [earliest.report.id]);
    let relatives = store.relatives(earliest.report.id).unwrap();
    assert_eq!(relatives.like.len(), 20);
    assert_eq!(relatives.displaced, [all[FIRST_OF_BAND - 1].report.id]);
    assert_eq!(count(&all[FIRST_OF_BAND - 1]), FIRST_OF_BAND);
    trace(&earliest);

    // It takes back what it told, and the other is among the first again.
    keep(store, &told_again("Paper 99", "2031-03-01", 2, "All was calm."));
    let untraced: BTreeSet<ReportId> = store.untraced(99).unwrap().into_iter().collect();
    assert_eq!(untraced, [earliest.report.id, all[FIRST_OF_BAND - 1].report.id].into());
    assert_eq!(count(&all[FIRST_OF_BAND - 1]), 19);
}

fn lineage(from: ReportId, to: ReportId) -> Lineage {
    Lineage {
        from,
        to,
        kind: LineageKind::Identical,
        directed: true,
        coverage: 1.0,
        prose_coverage: 1.0,
        because: "the same words".to_owned(),
    }
}

fn lineages_of_a_report_are_put_in_place_of_earlier_ones(store: &dyn Store) {
    let all =
        [told("A", "2031-03-03", ATTACK), told("B", "2031-03-04", ATTACK), told("C", "2031-03-05", ATTACK)];
    keep_all(store, &all);
    let [a, b, c] = all.each_ref().map(|told| told.report.id);
    store.keep_traced(&[(b, vec![lineage(a, b)]), (c, vec![lineage(a, c), lineage(b, c)])]).unwrap();
    assert_eq!(store.lineages(None).unwrap().len(), 3);
    assert_eq!(store.lineages(Some(b)).unwrap().len(), 2);
    assert_eq!(store.lineages_among(&[a, b]).unwrap(), [lineage(a, b)]);
    assert_eq!(store.untraced(9).unwrap(), [a]);
    let event = settle_as_one(store, &[&all[1].resolution.incidents[0]]);
    assert_eq!(store.unsettled_count().unwrap(), 2);
    store.keep_traced(&[(c, vec![lineage(b, c)])]).unwrap();
    assert_eq!(store.traced_among(&[a, b, c]).unwrap().len(), 2);
    assert_eq!(store.unsettled_count().unwrap(), 2);
    store.keep_traced(&[(b, vec![lineage(b, c)])]).unwrap();
    assert_eq!(store.unsettled_count().unwrap(), 3, "what rested on a lineage is settled again");
    assert!(store.dossier(event).unwrap().is_some());
    keep(store, &told_again("C", "2031-03-05", 2, "All was calm."));
    assert_eq!(store.lineages(None).unwrap(), [], "another wording is another copy");
}

fn lineages_that_telling_an_event_showed_go_with_it(store: &dyn Store) {
    let all = [told("A", "2031-03-03", ATTACK), told("B", "2031-03-04", ATTACK)];
    keep_all(store, &all);
    let [a, b] = all.each_ref().map(|told| told.report.id);
    let [first, other] = all.each_ref().map(|told| &told.resolution.incidents[0]);
    let settle = |together: &[&Incident], lineages: Vec<Lineage>, gone: Vec<EventId>| {
        let event = event_of(together);
        let settled = together.iter().map(|incident| (incident.claim, event.id, event.id.founding_claim()));
        let settled = settled.collect();
        let generation = store.generation().unwrap();
        let events = vec![(event.clone(), lineages)];
        assert!(store.settle(&Settlement { generation, settled, events, gone }).unwrap());
        event.id
    };
    let one = settle(&[first, other], vec![lineage(a, b)], Vec::new());
    assert_eq!(store.lineages(None).unwrap(), [lineage(a, b)]);
    assert_eq!(store.lineages_among(&[a, b]).unwrap(), [lineage(a, b)]);
    assert_eq!(store.traced_among(&[a, b]).unwrap(), []);
    settle(&[first, other], Vec::new(), Vec::new());
    assert_eq!(store.lineages(None).unwrap(), [], "each telling of an event takes the place of the last");
    settle(&[first, other], vec![lineage(a, b)], Vec::new());
    let apart = settle(&[other], Vec::new(), vec![one]);
    assert_eq!(store.lineages(Some(b)).unwrap(), []);
    assert!(store.dossier(apart).unwrap().is_some());
}

fn a_settlement_that_was_overtaken_changes_nothing(store: &dyn Store) {
    let (first, other) = (told("A", "2031-03-03", ATTACK), told("B", "2031-03-02", ATTACK));
    keep(store, &first);
    keep(store, &other);
    let (left, right) = (&first.resolution.incidents[0], &other.resolution.incidents[0]);
    let event = event_of(&[left, right]);
    let begun = Settlement {
        generation: store.generation().unwrap(),
        settled: vec![(left.claim, event.id, left.claim), (right.claim, event.id, left.claim)],
        events: vec![(event, Vec::new())],
        gone: Vec::new(),
    };
    settle_as_one(store, &[left]);
    settle_as_one(store, &[right]);
    let by = Author::Analyst("berta".to_owned());
    let verdict = Verdict::ClaimFails(left.claim);
    let judgement = Judgement::new(verdict, by, "misread", Timestamp::UNIX_EPOCH).unwrap();
    store.keep_judgement(&judgement, &[left.claim]).unwrap();
    assert!(!store.settle(&begun).unwrap());
    assert_eq!(store.event_count(&EventQuery::default()).unwrap(), 2);
    assert_eq!(store.unsettled_count().unwrap(), 1, "what the judgement opened is still open");
    let again = Settlement { generation: store.generation().unwrap(), ..begun };
    assert!(store.settle(&again).unwrap());
    assert_eq!(store.unsettled_count().unwrap(), 0);
}

fn what_is_derived_can_be_thrown_away_and_derived_again(store: &dyn Store) {
    let first = told("A", "2031-03-03", ATTACK);
    let second = told_again("A", "2031-03-03", 2, &ATTACK.replace("a convoy", "a long convoy"));
    keep(store, &first);
    keep(store, &second);
    settle_as_one(store, &[&second.resolution.incidents[0]]);
    let before = (store.totals().unwrap(), store.events(&EventQuery::default(), Page::ALL).unwrap());
    store.clear_derived().unwrap();
    assert_eq!(store.totals().unwrap().events, 0);
    assert_eq!(store.totals().unwrap().sayings, 0);
    assert_eq!(store.unsettled_count().unwrap(), 0);
    assert_eq!(store.reading(first.report.id, None).unwrap().as_ref(), Some(&second.reading));
    let old = first.resolution.incidents[0].claim;
    assert_eq!(store.report_of_claim(old).unwrap(), Some((first.report.id, 1)));
    for told in [&first, &second] {
        store.keep_reading(&told.reading, &told.resolution).unwrap();
    }
    let event = settle_as_one(store, &[&second.resolution.incidents[0]]);
    assert_eq!((store.totals().unwrap(), store.events(&EventQuery::default(), Page::ALL).unwrap()), before);
    assert_eq!(store.dossier(EventId::founded_by(old)).unwrap().unwrap().event.id, event);
    store.keep_reading(&first.reading, &first.resolution).unwrap();
    assert_eq!(store.unsettled_count().unwrap(), 0, "an older version does not come back");
    let unknown = told("B", "2031-03-03", ATTACK);
    assert!(store.keep_reading(&unknown.reading, &unknown.resolution).is_err());
}

fn reports_are_listed_latest_first_and_found_by_their_words(store: &dyn Store) {
    let mut undated = told("C", "2031-03-01", "Nothing is known of when.");
    undated.report.published = None;
    let old = told("A", "2031-03-03", ATTACK);
    let new = told(
        "B",
        "2031-03-05",
        "[Experts]{voice:unnamed} said that al-Brisa \"AND\" its (market) were calm.",
    );
    keep_all(store, [&undated, &old, &new]);
    settle_as_one(store, &[&old.resolution.incidents[0]]);
    let found = |query: &ReportQuery| {
        let reports = store.reports(query, Page::ALL).unwrap();
        reports.iter().map(|report| report.source_name.clone().unwrap_or_default()).collect::<String>()
    };
    let all = ReportQuery::default();
    assert_eq!(found(&all), "BAC");
    assert_eq!(found(&ReportQuery { since: Some(date(2031, 3, 5)), ..all.clone() }), "B");
    assert_eq!(found(&ReportQuery { until: Some(date(2031, 3, 4)), ..all.clone() }), "A");
    assert_eq!(found(&ReportQuery { source: Some(Source::id_of("a")), ..all.clone() }), "A");
    let by_words = |words: &str| found(&ReportQuery { words: Some(words.to_owned()), ..all.clone() });
    assert_eq!(by_words("CONVOY police"), "A");
    assert_eq!(by_words("convoy market"), "");
    assert_eq!(by_words("al-Brisa"), "B");
    assert_eq!(by_words("\"AND (mar*ket* NEAR"), "");
    assert_eq!(by_words("(market) AND - \" title:\0"), "");
    assert_eq!(by_words(" - "), "BAC");
    assert_eq!(by_words("\"and\" (market)"), "B");
    let page = store.reports(&all, Page { skip: 1, limit: 1 }).unwrap();
    assert_eq!((page[0].id, page[0].events, page[0].sayings), (old.report.id, 1, 1));
    assert_eq!(store.reports(&all, Page::first(1)).unwrap()[0].sayings_unnamed, 1);
    keep(store, &told_again("A", "2031-03-03", 2, "Nothing was confirmed."));
    assert_eq!(by_words("convoy"), "", "words of older versions are not found");
    assert_eq!(by_words("confirmed"), "A");
}

fn actors_are_listed_by_how_many_reports_mention_them(store: &dyn Store) {
    keep(
        store,
        &told(
            "A",
            "2031-03-03",
            "[Gunmen]{actor} [fought]{hostile} [Rebels]{target}.\n[Gunmen]{actor} left.",
        ),
    );
    keep(store, &told("B", "2031-03-04", "[Rebels]{actor} [attacked]{event} [Brisa]{place}."));
    let listed = |text: Option<&str>| -> Vec<(String, u32, u32)> {
        let actors = store.actors(text, Page::ALL).unwrap();
        actors.into_iter().map(|actor| (actor.actor.name, actor.reports, actor.mentions)).collect()
    };
    assert_eq!(listed(None), [("Rebels".to_owned(), 2, 2), ("Gunmen".to_owned(), 1, 2)]);
    assert_eq!(listed(Some("GUN")), [("Gunmen".to_owned(), 1, 2)]);
    assert_eq!(listed(Some("%")), []);
    assert_eq!(store.relation_claims(None).unwrap().len(), 1);
    assert_eq!(store.relation_claims(Some(actor("rebels").id)).unwrap().len(), 1);
    assert_eq!(store.relation_claims(Some(actor("nobody").id)).unwrap(), []);
}

fn sayings_are_given_as_matches_has_them(store: &dyn Store) {
    for (source, day) in [("B", "2031-03-04"), ("A", "2031-03-03")] {
        keep(store, &told(source, day, "[Police]{voice} said no.\n[Experts]{voice:unnamed} said yes."));
    }
    let all = store.sayings(&SayingQuery::default(), Page::ALL).unwrap();
    assert_eq!(all.len(), 4);
    assert!(all.is_sorted_by_key(|saying| (saying.published, saying.content.start())));
    let queries = [
        SayingQuery { report: Some(all[0].evidence.report), ..SayingQuery::default() },
        SayingQuery { speaker: Some(actor("Police").id), ..SayingQuery::default() },
        SayingQuery { source_kind: all[1].voice.as_ref().map(|voice| voice.kind), ..SayingQuery::default() },
        SayingQuery {
            stance: Some(all[0].stance),
            is: Some("statement".to_owned()),
            ..SayingQuery::default()
        },
        SayingQuery { is: Some("outlook".to_owned()), ..SayingQuery::default() },
    ];
    for query in queries {
        let expected: Vec<_> = all.iter().filter(|saying| query.matches(saying)).cloned().collect();
        assert_eq!(store.sayings(&query, Page::ALL).unwrap(), expected);
        let page = Page { skip: 1, limit: 1 };
        let on_page: Vec<_> = expected.into_iter().skip(1).take(1).collect();
        assert_eq!(store.sayings(&query, page).unwrap(), on_page);
    }
}

fn ids_are_found_by_their_beginnings(store: &dyn Store) {
    let told = told("A", "2031-03-03", ATTACK);
    keep(store, &told);
    let event = settle_as_one(store, &[&told.resolution.incidents[0]]);
    let ids = [
        told.report.id.to_string(),
        told.source.id.to_string(),
        told.report.raw.to_string(),
        told.reading.claims[0].id.to_string(),
        event.to_string(),
        actor("Gunmen").id.to_string(),
    ];
    for id in ids {
        assert_eq!(store.ids_beginning(&id[..12]).unwrap(), std::slice::from_ref(&id));
        assert_eq!(store.ids_beginning(&id).unwrap(), std::slice::from_ref(&id));
        assert!(store.ids_beginning(&id[..4]).unwrap().contains(&id));
    }
    for other in ["", "rep", "rep-ü", "xyz-1", "rep-uuuu", "rep-0000000000000000000000000"] {
        assert_eq!(store.ids_beginning(other).unwrap(), Vec::<String>::new());
    }
}

fn a_failure_is_kept_until_it_is_cleared(store: &dyn Store) {
    let failure = |detail: &str| Failure {
        origin: "inbox/broken.pdf".to_owned(),
        reason: "damaged".to_owned(),
        detail: detail.to_owned(),
        hint: "fetch it again".to_owned(),
        at: Timestamp::UNIX_EPOCH,
    };
    store.keep_failure(&failure("cut short"), "anna").unwrap();
    store.keep_failure(&failure("still cut short"), "anna").unwrap();
    assert_eq!(store.failures().unwrap(), [failure("still cut short")]);
    store.clear_failure("inbox/broken.pdf").unwrap();
    store.clear_failure("inbox/unknown.pdf").unwrap();
    assert_eq!(store.failures().unwrap(), []);
    assert_eq!(store.entries(0, 9).unwrap().len(), 2, "the record keeps that it failed");
}

fn the_record_holds_each_deed_in_a_chain(store: &dyn Store) {
    keep(store, &told("A", "2031-03-03", ATTACK));
    keep(store, &told_again("A", "2031-03-03", 2, "Nothing was confirmed."));
    store
        .record(Deed {
            at: Timestamp::UNIX_EPOCH,
            by: "anna".to_owned(),
            action: Action::Rebuild,
            object: "everything".to_owned(),
            digest: String::new(),
            marking: Marking::default(),
        })
        .unwrap();
    let entries = store.entries(0, 99).unwrap();
    let actions: Vec<Action> = entries.iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [Action::TakeIn, Action::NewVersion, Action::Rebuild]);
    assert_eq!(store.entries(1, 1).unwrap(), [entries[1].clone()]);
    let verification = verify(store, &mut |_| {}).unwrap();
    assert_eq!(verification.problems, []);
    assert_eq!((verification.entries, verification.versions, verification.readings), (3, 2, 2));
    assert_eq!(verification.head, Some(entries[2].hash.clone()));
}

fn a_passage_that_does_not_stand_in_the_text_is_told(store: &dyn Store) {
    let mut cut = told("A", "2031-03-03", ATTACK);
    cut.report.text = headwater_domain::text::Text::new("Gunmen.");
    keep(store, &cut);
    let mut other = told("B", "2031-03-03", ATTACK);
    other.raw = b"other bytes".to_vec();
    keep(store, &other);
    let flaws: Vec<Flaw> =
        verify(store, &mut |_| {}).unwrap().problems.into_iter().map(|problem| problem.flaw).collect();
    assert_eq!(flaws, [Flaw::PassageOutside, Flaw::Altered]);
}

fn windows_without_end_and_days_before_1970_are_kept(store: &dyn Store) {
    let mut told = told("A", "1969-07-20", ATTACK);
    told.resolution.incidents[0].window = Some(Period::since(date(1969, 7, 20)));
    keep(store, &told);
    settle_as_one(store, &[&told.resolution.incidents[0]]);
    let since = |day| EventQuery { since: Some(day), ..EventQuery::default() };
    assert_eq!(store.event_count(&since(date(2031, 1, 1))).unwrap(), 1);
    let until = EventQuery { until: Some(date(1969, 7, 19)), ..EventQuery::default() };
    assert_eq!(store.event_count(&until).unwrap(), 0);
    let near =
        Near { family: Family::Violence, country: None, earliest: Some(date(2031, 1, 1)), latest: None };
    assert_eq!(store.near(&[near]).unwrap().len(), 1);
    assert_eq!(store.totals().unwrap().published, Some((date(1969, 7, 20), date(1969, 7, 20))));
}

const PROMISES: &[fn(&dyn Store)] = &[
    what_is_kept_is_found_again,
    the_same_report_again_changes_nothing,
    a_stricter_marking_is_kept_as_a_new_version,
    a_report_numbered_wrongly_is_numbered_rightly_throughout,
    a_new_version_takes_the_place_of_what_the_old_one_told,
    an_event_that_nobody_tells_any_more_is_gone,
    an_event_is_found_by_each_of_its_claims,
    events_that_are_folded_leave_none_behind,
    a_judgement_has_what_it_touches_settled_again,
    what_is_near_is_found_once,
    what_says_the_same_is_found_by_it,
    copies_meet_by_their_bands,
    of_a_story_told_by_thousands_only_the_first_have_all_as_relatives,
    lineages_that_telling_an_event_showed_go_with_it,
    a_settlement_that_was_overtaken_changes_nothing,
    lineages_of_a_report_are_put_in_place_of_earlier_ones,
    what_is_derived_can_be_thrown_away_and_derived_again,
    reports_are_listed_latest_first_and_found_by_their_words,
    actors_are_listed_by_how_many_reports_mention_them,
    sayings_are_given_as_matches_has_them,
    ids_are_found_by_their_beginnings,
    a_failure_is_kept_until_it_is_cleared,
    the_record_holds_each_deed_in_a_chain,
    a_passage_that_does_not_stand_in_the_text_is_told,
    windows_without_end_and_days_before_1970_are_kept,
];

#[test]
fn the_memory_store_keeps_every_promise() {
    for promise in PROMISES {
        promise(&MemoryStore::new());
    }
}

#[test]
fn the_sqlite_store_keeps_every_promise() {
    for promise in PROMISES {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { create: true, ..Options::default() };
        promise(&SqliteStore::open(&folder.path().join("store"), options).unwrap());
    }
}
