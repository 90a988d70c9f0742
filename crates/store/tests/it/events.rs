//! SQLite gives the events that `matches` gives, whatever is asked.

use crate::contract::taken;
use headwater_domain::kind::{EventKind, EventStatus, Family, Plover};
use headwater_domain::picture::{Comparison, Conflict, Event, Field};
use headwater_domain::time::Period;
use headwater_store::query::{EventOrder, EventQuery, Page};
use headwater_store::sqlite::Options;
use headwater_store::{MemoryStore, Settlement, SqliteStore, Store};
use headwater_testkit::{Told, actor, event_of, place, told};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

const PLACES: [&str; 4] = ["Brisa", "Zürich Ost", "İstan", "costa ALTA"];
const ACTORS: [&str; 3] = ["Gunmen", "Coastal Guard", "ΟΔΟΣ Front"];
const PARTS: [&str; 9] = ["brisa", "ZÜRICH", "a", "guard", "οδος", "%", "_", "i\u{307}stan", "attacked by"];
const COUNTRIES: [&str; 2] = ["XBR", "XME"];
const KINDS: [Plover; 4] = [Plover::Assault, Plover::Protest, Plover::Agree, Plover::Accuse];
const REPORTS: usize = 3;

fn day() -> impl Strategy<Value = Date> {
    (-5..25i32).prop_map(|days| date(2031, 3, 1) + days.days())
}

fn window() -> impl Strategy<Value = Option<Period>> {
    let bounded = prop_oneof![
        day().prop_map(Period::day),
        (day(), day()).prop_map(|(first, last)| Period::days(first, last)),
        day().prop_map(Period::since),
        day().prop_map(Period::until),
    ];
    weighted(0.8, bounded)
}

/// What an event is changed to.
#[derive(Debug, Clone)]
struct Change {
    kind: Plover,
    status: EventStatus,
    window: Option<Period>,
    disputed: bool,
    main: bool,
    reports: u32,
    town: Option<&'static str>,
    country: Option<&'static str>,
    who: Option<&'static str>,
}

impl Change {
    fn apply(&self, event: &mut Event) {
        event.kind = EventKind::of(self.kind);
        event.status = self.status;
        event.window = self.window.clone();
        event.place = self.town.map(|town| place(town, self.country));
        event.actors = self.who.map(actor).into_iter().collect();
        event.title = format!("attacked by {}", self.who.unwrap_or("nobody"));
        event.main = self.main;
        event.assessment.reports = self.reports;
        let origin = event.assessment.origins[0].clone();
        event.assessment.origins = vec![origin; self.reports as usize];
        if self.disputed {
            event.assessment.conflicts.push(Conflict {
                field: Field::When,
                comparison: Comparison::Contradiction,
                text: String::new(),
                left: Vec::new(),
                right: Vec::new(),
            });
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let what =
        (select(&KINDS[..]), select(EventStatus::ALL), window(), any::<bool>(), any::<bool>(), 0..4u32);
    let town = weighted(0.7, select(&PLACES[..]));
    let who = (town, weighted(0.7, select(&COUNTRIES[..])), weighted(0.7, select(&ACTORS[..])));
    (what, who).prop_map(|((kind, status, window, disputed, main, reports), (town, country, who))| Change {
        kind,
        status,
        window,
        disputed,
        main,
        reports,
        town,
        country,
        who,
    })
}

fn query() -> impl Strategy<Value = (EventQuery, Option<usize>, Page)> {
    const SELDOM: f64 = 0.2;
    let columns = (
        weighted(SELDOM, select(Family::ALL)),
        weighted(SELDOM, select(EventStatus::ALL)),
        weighted(SELDOM, select(&COUNTRIES[..])),
        weighted(SELDOM, day()),
        weighted(SELDOM, day()),
        weighted(SELDOM, 0..4u32),
        proptest::bool::weighted(SELDOM),
        proptest::bool::weighted(SELDOM),
    );
    let others = (
        weighted(SELDOM, select(&PARTS[..])),
        weighted(SELDOM, select(&PARTS[..])),
        weighted(SELDOM, select(&ACTORS[..])),
        weighted(SELDOM, 0..REPORTS),
        any::<bool>(),
        prop_oneof![Just(Page::ALL), (0..6usize, 0..6usize).prop_map(|(skip, limit)| Page { skip, limit })],
    );
    (columns, others).prop_map(|(columns, (place, text, who, report, most, page))| {
        let (family, status, country, since, until, origins_min, disputed, main) = columns;
        let query = EventQuery {
            family,
            status,
            country: country.map(str::to_owned),
            place: place.map(str::to_owned),
            actor: who.map(|name| actor(name).id),
            since,
            until,
            origins_min,
            disputed,
            main,
            text: text.map(str::to_owned),
            report: None,
            order: if most { EventOrder::MostReported } else { EventOrder::Latest },
        };
        (query, report, page)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn sqlite_gives_the_events_that_match(
        changes in prop::collection::vec(change(), 0..20),
        queries in prop::collection::vec(query(), 1..30),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let options = Options { create: true, ..Options::default() };
        let sqlite = SqliteStore::open(&folder.path().join("store"), options).unwrap();
        let memory = MemoryStore::new();
        let lines = "[Gunmen]{actor} [attacked]{event} [Brisa]{place:XBR}.\n".repeat(changes.len().div_ceil(REPORTS));
        let reports: Vec<Told> =
            (0..REPORTS).map(|number| told(&format!("Paper {number}"), "2031-03-03", &lines)).collect();
        let incidents = reports.iter().flat_map(|told| &told.resolution.incidents);
        let mut settlement = Settlement::default();
        for (incident, change) in incidents.zip(&changes) {
            let mut event = event_of(&[incident]);
            change.apply(&mut event);
            settlement.settled.push((incident.claim, event.id, incident.claim));
            settlement.events.push((event, Vec::new()));
        }
        for store in [&sqlite as &dyn Store, &memory] {
            for told in &reports {
                store.keep_report(&taken(told)).unwrap();
            }
            store.settle(&settlement).unwrap();
        }
        for (mut query, report, page) in queries {
            query.report = report.map(|number| reports[number].report.id);
            let expected = memory.events(&query, page).unwrap();
            prop_assert!(expected.iter().all(|event| query.matches(event)));
            prop_assert_eq!(sqlite.events(&query, page).unwrap(), expected, "{:?} {:?}", query, page);
            prop_assert_eq!(sqlite.event_count(&query).unwrap(), memory.event_count(&query).unwrap());
        }
    }
}
