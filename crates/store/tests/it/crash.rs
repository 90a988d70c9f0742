//! Whatever ends a process, what it said was kept is kept.

use crate::contract::{settle_as_one, taken};
use headwater_domain::id::ReportId;
use headwater_store::sqlite::Options;
use headwater_store::verify::verify;
use headwater_store::{SqliteStore, Store};
use headwater_testkit::told;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const PATH: &str = "HEADWATER_TEST_STORE";
const NAME: &str = "HEADWATER_TEST_WRITER";
const COUNT: &str = "HEADWATER_TEST_REPORTS";

/// The work of a child process: keeps reports and says so; nothing unless it is told where.
#[test]
fn a_child_says_what_it_has_kept() {
    let (Ok(path), Ok(name), Ok(count)) = (std::env::var(PATH), std::env::var(NAME), std::env::var(COUNT))
    else {
        return;
    };
    let store = SqliteStore::open(Path::new(&path), Options { create: true, ..Options::default() }).unwrap();
    let text = "[Gunmen]{actor} [attacked]{event} [Brisa]{place:XBR}.\n[Police]{voice} said so.\n".repeat(10);
    for number in 0..count.parse::<usize>().unwrap() {
        let told = told(&format!("{name} {number}"), "2031-03-03", &text);
        store.keep_report(&taken(&told)).unwrap();
        println!("kept {}", told.report.id);
        settle_as_one(&store, &told.resolution.incidents.iter().collect::<Vec<_>>());
    }
}

fn writer(path: &Path, name: &str, count: usize) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::a_child_says_what_it_has_kept", "--nocapture"])
        .env(PATH, path)
        .env(NAME, name)
        .env(COUNT, count.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The reports that a child says it has kept, as it says so.
fn kept(child: &mut Child) -> impl Iterator<Item = ReportId> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| line.rsplit_once("kept ")?.1.parse().ok())
}

#[test]
fn a_killed_writer_loses_nothing_that_it_said_was_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut said = Vec::new();
    for (run, before_kill) in [1, 7, 30, 60].into_iter().enumerate() {
        let mut child = writer(&path, &format!("Run {run}"), usize::MAX);
        let mut saying = kept(&mut child);
        said.extend(saying.by_ref().take(before_kill));
        child.kill().unwrap();
        said.extend(saying);
        child.wait().unwrap();
        let store = SqliteStore::open(&path, Options::default()).unwrap();
        let verification = verify(&store, &mut |_| {}).unwrap();
        assert_eq!(verification.problems, []);
        assert!(verification.versions >= said.len() as u64);
        for &report in &said {
            assert!(store.report(report, None).unwrap().is_some());
        }
    }
    assert!(said.len() >= 98);
}

#[test]
fn two_processes_write_to_one_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    let mut children = ["Left", "Right"].map(|name| writer(&path, name, 40));
    let said: Vec<ReportId> = children.each_mut().map(|child| kept(child).collect::<Vec<_>>()).concat();
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(said.len(), 80);
    let store = SqliteStore::open(&path, Options::default()).unwrap();
    let verification = verify(&store, &mut |_| {}).unwrap();
    assert_eq!((verification.versions, verification.problems), (80, Vec::new()));
    assert_eq!(store.unsettled_count().unwrap(), 0);
}
