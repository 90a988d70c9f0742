//! What every store promises, run against each.

use headwater_domain::resolution::Incident;
use headwater_store::query::{EventQuery, Page, ReportQuery};
use headwater_store::sqlite::Options;
use headwater_store::{Kept, MemoryStore, Settlement, SqliteStore, Store, Taken};
use headwater_testkit::{Told, event_of, told};

const ATTACK: &str = "[Gunmen]{actor} [attacked]{event} [a convoy]{target} in [Brisa]{place:XBR}.
    [A police spokesman]{voice} said that [three]{killed:3} were killed.";

pub fn taken(told: Told) -> Taken {
    let Told { report, source, raw, reading, resolution } = told;
    Taken { report, source: Some(source), raw, reading, resolution, by: "anna".to_owned() }
}

/// Settles these incidents as one event.
pub fn settle_as_one(store: &dyn Store, incidents: &[&Incident]) {
    let event = event_of(incidents);
    let component = event.id.founding_claim();
    let settled = incidents.iter().map(|incident| (incident.claim, event.id, component)).collect();
    store.settle(&Settlement { settled, events: vec![event], gone: Vec::new() }).unwrap();
}

fn what_is_kept_is_found_again(store: &dyn Store) {
    let told = told("Harbour News", "2031-03-03", ATTACK);
    assert_eq!(store.keep_report(&taken(told.clone())).unwrap(), Kept::New);
    assert_eq!(store.keep_report(&taken(told.clone())).unwrap(), Kept::Unchanged);
    let id = told.report.id;
    assert_eq!(store.report(id, None).unwrap().as_ref(), Some(&told.report));
    assert_eq!(store.reading(id, Some(1)).unwrap().as_ref(), Some(&told.reading));
    assert_eq!(store.raw(told.report.raw).unwrap(), Some(told.raw));
    assert_eq!(store.unsettled(10).unwrap(), told.resolution.incidents);
    settle_as_one(store, &[&told.resolution.incidents[0]]);
    assert_eq!(store.unsettled_count().unwrap(), 0);
    let events = store.events(&EventQuery::default(), Page::ALL).unwrap();
    assert_eq!(events.len(), 1);
    let dossier = store.dossier(events[0].id).unwrap().unwrap();
    assert_eq!(dossier.incidents, told.resolution.incidents);
    let words = ReportQuery { words: Some("\"convoy\" police".to_owned()), ..ReportQuery::default() };
    assert_eq!(store.reports(&words, Page::ALL).unwrap().len(), 1);
}

const PROMISES: &[fn(&dyn Store)] = &[what_is_kept_is_found_again];

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
