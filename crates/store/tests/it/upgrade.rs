//! Files of every format stay readable.

use crate::contract::{settle_as_one, taken};
use headwater_domain::judgement::{Author, Judgement, Verdict};
use headwater_store::query::{EventQuery, Page, SayingQuery};
use headwater_store::sqlite::Options;
use headwater_store::verify::verify;
use headwater_store::{SqliteStore, Store};
use headwater_testkit::{Told, told};
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// Set to write the file anew: only before the first release, or for a new format.
const WRITE: &str = "HEADWATER_WRITE_FIXTURE";

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/format-1.sqlite")
}

fn content() -> [Told; 2] {
    let text = "[Gunmen]{actor} [attacked]{event} [a convoy]{target} near [Brisa]{place:XBR} on [Sunday]{time:2031-03-02}.
        [The Zürich envoy]{voice} said that [three]{killed:3} were killed.
        The [Brisa Front]{actor} has [fought]{hostile} the [Coastal Guard]{target} for years.";
    [told("Harbour News", "2031-03-03", text), told("Brisa Post", "2031-03-04", text)]
}

fn judgement() -> Judgement {
    let claim = content()[1].resolution.incidents[0].claim;
    let by = Author::Analyst("anna".to_owned());
    Judgement::new(Verdict::ClaimStands(claim), by, "seen on film", Timestamp::UNIX_EPOCH).unwrap()
}

fn fill(path: &Path) {
    let store = SqliteStore::open(path, Options { create: true, ..Options::default() }).unwrap();
    let all = content();
    for told in &all {
        store.keep_report(&taken(told)).unwrap();
    }
    store.keep_judgement(&judgement(), &[]).unwrap();
    let incidents = all.iter().map(|told| &told.resolution.incidents[0]);
    settle_as_one(&store, &incidents.collect::<Vec<_>>());
}

fn check(path: &Path) {
    let store = SqliteStore::open(path, Options::default()).unwrap();
    assert_eq!(verify(&store, &mut |_| {}).unwrap().problems, []);
    for told in content() {
        let id = told.report.id;
        assert_eq!(store.report(id, Some(1)).unwrap(), Some(told.report));
        assert_eq!(store.reading(id, Some(1)).unwrap(), Some(told.reading));
        let of_report = SayingQuery { report: Some(id), ..SayingQuery::default() };
        assert_eq!(store.sayings(&of_report, Page::ALL).unwrap(), told.resolution.sayings);
    }
    assert_eq!(store.judgements().unwrap(), [judgement()]);
    let events = store.events(&EventQuery::default(), Page::ALL).unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(store.dossier(events[0].id).unwrap().unwrap().incidents.len(), 2);
}

#[test]
fn a_store_of_format_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    if std::env::var_os(WRITE).is_some() {
        fill(&path);
        let file = rusqlite::Connection::open(&path).unwrap();
        // Small pages: most tables hold next to nothing.
        file.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;").unwrap();
        std::fs::copy(&path, fixture()).unwrap();
    }
    std::fs::copy(fixture(), &path).unwrap();
    check(&path);
}

#[test]
fn a_new_store_holds_what_the_stored_one_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    fill(&path);
    check(&path);
}
