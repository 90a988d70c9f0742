//! What can happen to a file: it is not ours, it is too new, it is full, it is damaged.

use crate::contract::{settle_as_one, taken};
use headwater_store::sqlite::Options;
use headwater_store::verify::{Flaw, verify};
use headwater_store::{SqliteStore, Store, StoreError};
use headwater_testkit::{Told, told};
use rusqlite::Connection;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn create() -> Options {
    Options { create: true, ..Options::default() }
}

fn paper(number: usize) -> Told {
    let line = format!("[Gunmen]{{actor}} [attacked]{{event}} [Brisa {number}]{{place:XBR}}.\n");
    let lines = format!("{line}[Police]{{voice}} said so.\n").repeat(20);
    told(&format!("Paper {number}"), "2031-03-03", &lines)
}

fn outcome(path: &Path, options: Options) -> Option<StoreError> {
    SqliteStore::open(path, options).err()
}

#[test]
fn a_file_that_is_no_store_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("notes.txt");
    fs::write(&text, "Notes of a long day, and nothing else. ".repeat(100)).unwrap();
    let other = folder.path().join("other.sqlite");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE note (words TEXT)").unwrap();
    for path in [&text, &other] {
        let before = fs::read(path).unwrap();
        for options in [create(), Options::default()] {
            assert!(matches!(outcome(path, options), Some(StoreError::NotAStore)));
        }
        assert_eq!(fs::read(path).unwrap(), before);
    }
}

#[test]
fn a_store_is_made_only_when_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    assert!(matches!(outcome(&path, Options::default()), Some(StoreError::Missing)));
    assert!(!path.exists());
    fs::write(&path, "").unwrap();
    assert!(matches!(outcome(&path, Options::default()), Some(StoreError::NotAStore)));
    assert!(outcome(&path, create()).is_none());
    assert!(outcome(&path, Options::default()).is_none());
}

#[test]
fn a_file_of_a_newer_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    drop(SqliteStore::open(&path, create()).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(outcome(&path, create()), Some(StoreError::TooNew { found: 99, known: 1 })));
}

#[test]
fn a_full_disk_stops_one_report_and_harms_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let small = Options { pages_max: Some(120), ..create() };
    let store = SqliteStore::open(&path, small).unwrap();
    let mut kept = 0;
    let refused = loop {
        match store.keep_report(&taken(&paper(kept))) {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Full));
    assert!(kept > 0);
    assert_eq!(store.report(paper(kept).report.id, None).unwrap(), None);
    let verification = verify(&store, &mut |_| {}).unwrap();
    assert_eq!((verification.versions, verification.problems), (kept as u64, Vec::new()));
    drop(store);
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    store.keep_report(&taken(&paper(kept))).unwrap();
    assert_eq!(store.all_versions().unwrap().len(), kept + 1);
}

#[test]
fn a_store_in_use_by_a_writer_is_busy_for_another_and_open_to_readers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let impatient = Options { busy_timeout: Duration::from_millis(10), ..create() };
    let store = SqliteStore::open(&path, impatient).unwrap();
    store.keep_report(&taken(&paper(0))).unwrap();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(matches!(store.keep_report(&taken(&paper(1))), Err(StoreError::Busy)));
    assert_eq!(store.totals().unwrap().reports, 1);
    other.execute_batch("ROLLBACK").unwrap();
    store.keep_report(&taken(&paper(1))).unwrap();
}

#[test]
fn what_is_altered_behind_our_back_is_found() {
    let tamper: [(&str, &[Flaw]); 6] = [
        ("UPDATE blob SET body = x'00' WHERE no = 1", &[Flaw::NoBytes]),
        ("DELETE FROM reading WHERE version = 1", &[Flaw::NoReading]),
        (
            "UPDATE reading SET body = (SELECT body FROM reading WHERE version = 2) WHERE version = 1",
            &[Flaw::PassageOfAnother],
        ),
        (
            "DROP TRIGGER entry_is_kept; UPDATE entry SET by = 'berta' WHERE sequence = 1",
            &[Flaw::EntryAltered],
        ),
        (
            "DROP TRIGGER entry_stays; DELETE FROM entry WHERE sequence = 1",
            &[Flaw::ChainBroken, Flaw::NoEntry],
        ),
        (
            "DROP TRIGGER version_stays; PRAGMA foreign_keys = OFF; DELETE FROM version WHERE no = 2",
            &[Flaw::Gone],
        ),
    ];
    for (sql, flaws) in tamper {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        let store = SqliteStore::open(&path, create()).unwrap();
        for number in 0..2 {
            store.keep_report(&taken(&paper(number))).unwrap();
        }
        assert_eq!(verify(&store, &mut |_| {}).unwrap().problems, []);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let found: Vec<Flaw> =
            verify(&store, &mut |_| {}).unwrap().problems.iter().map(|problem| problem.flaw).collect();
        assert_eq!(found, flaws, "after {sql}");
    }
}

#[test]
fn kept_things_cannot_be_edited_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    SqliteStore::open(&path, create()).unwrap().keep_report(&taken(&paper(0))).unwrap();
    let other = Connection::open(&path).unwrap();
    for sql in [
        "UPDATE entry SET by = ''",
        "DELETE FROM entry",
        "UPDATE version SET number = 2",
        "DELETE FROM version",
    ] {
        assert!(other.execute(sql, []).is_err(), "{sql}");
    }
}

#[test]
fn looking_at_much_never_reads_a_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let store = SqliteStore::open(&path, create()).unwrap();
    let told = paper(0);
    store.keep_report(&taken(&told)).unwrap();
    settle_as_one(&store, &[&told.resolution.incidents[0]]);
    let connection = Connection::open(&path).unwrap();
    let plan = |sql: &str| -> String {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let count = statement.parameter_count();
        let nulls = rusqlite::params_from_iter(vec![rusqlite::types::Null; count]);
        let rows = statement.query_map(nulls, |row| row.get::<_, String>(3)).unwrap();
        rows.collect::<rusqlite::Result<Vec<_>>>().unwrap().join("; ")
    };
    for sql in [
        "SELECT alike FROM incident WHERE family = ?1 AND country = ?2 AND long = ?3
         AND latest BETWEEN ?4 AND ?5 AND earliest <= ?6",
        "SELECT claim FROM incident WHERE component = ?1 AND settled = 1",
        "SELECT claim FROM incident WHERE alike = ?1",
        "SELECT body FROM claim JOIN telling ON telling.incident = claim.incident WHERE claim.id = ?1",
        "SELECT claim, body FROM incident JOIN telling ON incident = no WHERE event = ?1",
        "SELECT id FROM band WHERE band = ?1 ORDER BY day, id LIMIT ?2",
        "SELECT id FROM claim WHERE id BETWEEN ?1 AND ?2 ORDER BY 1 LIMIT ?3",
        "SELECT body FROM relation WHERE left_actor = ?1 OR right_actor = ?1",
        "SELECT earlier, later, body FROM lineage WHERE earlier = ?1
         UNION ALL SELECT earlier, later, body FROM lineage WHERE later = ?1",
        "DELETE FROM lineage WHERE event = ?1 AND event <> x''",
    ] {
        let plan = plan(sql);
        assert!(plan.contains("SEARCH") && !plan.contains("SCAN"), "{sql}: {plan}");
    }
    for sql in [
        "SELECT claim FROM incident WHERE settled = 0",
        "SELECT id, body FROM event ORDER BY rank, id LIMIT ? OFFSET ?",
        "SELECT id, body FROM event ORDER BY reports DESC, rank, id LIMIT ? OFFSET ?",
        "SELECT id, body FROM event WHERE country = ? ORDER BY rank, id LIMIT ? OFFSET ?",
        "SELECT latest FROM report ORDER BY rank, no LIMIT ? OFFSET ?",
        "SELECT claim FROM saying ORDER BY day, version, start, claim LIMIT ? OFFSET ?",
    ] {
        let plan = plan(sql);
        assert!(plan.contains("USING INDEX") || plan.contains("USING COVERING INDEX"), "{sql}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}
