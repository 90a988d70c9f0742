//! `take-in` and `failures`.

use super::scene::{Scene, samples};
use std::io::Write as _;
use std::process::Stdio;
use std::time::Duration;

#[test]
fn the_same_reports_twice_change_nothing() {
    let scene = Scene::with_reports();
    let before = scene.ask(&["picture"]);
    let again = scene.ask(&["take-in", "in"]);
    assert_eq!((&again["new"], &again["unchanged"]), (&0.into(), &3.into()));
    assert_eq!(scene.ask(&["picture"]), before);
}

#[test]
fn a_corrected_report_at_the_same_address_is_a_new_version() {
    let scene = Scene::new();
    let report = |text: &str| {
        let head = "---\nsource: Harbour News\nurl: https://harbour.example/1\ndate: 2024-03-05\n---\n\n";
        scene.file("in/1.md", &format!("{head}{text}\n"))
    };
    report("Two bombs exploded in Kabul on Monday, killing five people.");
    scene.run(&["take-in", "in"]).ends(0);
    report("One bomb exploded in Kabul on Monday, killing four people.");
    let taken = scene.ask(&["take-in", "in"]);
    assert_eq!((&taken["new"], &taken["new_versions"]), (&0.into(), &1.into()));
    assert_eq!(scene.ask(&["picture"])["totals"]["reports"], 1);
}

#[test]
fn reports_come_from_standard_input_too() {
    let scene = Scene::new();
    let line = r#"{"id": "1", "source": "Harbour News", "date": "2024-03-05", "text": "Gunmen killed two people in Kabul on Monday."}"#;
    scene.run_with(&["take-in", "-"], &format!("{line}\n")).ends(0);
    assert_eq!(scene.ask(&["reports"])[0]["given_id"], "1");
}

#[test]
fn what_cannot_be_taken_in_is_listed_and_tried_again() {
    let scene = Scene::new();
    scene.report("in/1.md", "Harbour News", "2024-03-05", "Gunmen killed two people in Kabul on Monday.");
    scene.file("in/2.txt", "");
    let ran = scene.run(&["take-in", "in"]).ends(3);
    assert!(ran.out.contains("1 could not be taken in"), "{}", ran.out);
    assert!(scene.run(&["failures"]).ends(0).out.contains("2.txt"));
    scene.file("in/2.txt", "Soldiers shot dead three protesters in Khartoum on Sunday, doctors said.");
    scene.run(&["failures", "--retry"]).ends(0);
    assert_eq!(scene.ask(&["failures"]), serde_json::json!([]));
    assert_eq!(scene.ask(&["picture"])["totals"]["reports"], 2);
}

#[test]
fn nothing_at_all_to_take_in_is_a_failure() {
    let ran = Scene::new().run(&["take-in", "no-such-folder"]).ends(1);
    assert!(ran.err.contains("cannot take in any of it"), "{}", ran.err);
}

#[test]
fn two_processes_take_in_at_once_and_lose_nothing() {
    let scene = Scene::new();
    for number in 0..20 {
        let folder = if number % 2 == 0 { "even" } else { "odd" };
        let text = format!("Gunmen killed {} people in Kabul on Monday, police said.", number + 2);
        scene.report(&format!("{folder}/{number}.md"), &format!("Outlet {number}"), "2024-03-05", &text);
    }
    // One makes the store; then both write to it.
    scene.run(&["take-in", "even/0.md"]).ends(0);
    let spawn = |folder: &str| {
        scene.command(&["take-in", folder]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let (even, odd) = (spawn("even"), spawn("odd"));
    for child in [even, odd] {
        super::scene::Ran::from(child.wait_with_output().unwrap()).ends(0);
    }
    assert_eq!(scene.ask(&["picture"])["totals"]["reports"], 20);
    scene.run(&["verify"]).ends(0);
    scene.run(&["rebuild", "--check"]).ends(0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_it_has_and_goes_on_when_repeated() {
    const REPORTS: usize = 60;
    let scene = Scene::new();
    let line = |number: usize| {
        format!(
            "{{\"id\": \"{number}\", \"source\": \"Harbour News\", \"text\": \"Gunmen killed {} people in Kabul.\"}}\n",
            number + 2
        )
    };
    let mut command = scene.command(&["take-in", "-"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all((0..REPORTS / 2).map(line).collect::<String>().as_bytes()).unwrap();
    input.flush().unwrap();
    // The store is opened after the program has begun to listen.
    while !scene.path("store.sqlite").exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    std::thread::sleep(Duration::from_millis(50));
    // The pipe may be closed already: the program has heard enough.
    let _ = input.write_all((REPORTS / 2..REPORTS).map(line).collect::<String>().as_bytes());
    drop(input);
    let ran = super::scene::Ran::from(child.wait_with_output().unwrap()).ends(130);
    assert!(ran.out.contains("repeat the command to go on"), "{}", ran.out);

    scene.file("all.jsonl", &(0..REPORTS).map(line).collect::<String>());
    let rest = scene.ask(&["take-in", "all.jsonl"]);
    let count = |name: &str| rest[name].as_u64().unwrap();
    assert_eq!(count("new") + count("unchanged"), REPORTS as u64);
    assert!(count("new") > 0, "it was not stopped: {rest}");
    assert_eq!(scene.ask(&["picture"])["totals"]["reports"], REPORTS);
}

#[test]
fn the_samples_are_all_taken_in_and_one_is_not_read() {
    let scene = Scene::new();
    let taken = scene.ask(&["take-in", samples().to_str().unwrap()]);
    assert_eq!(taken["failed"], serde_json::json!([]));
    let totals = &scene.ask(&["picture"])["totals"];
    // 58 reports, of which one is the correction of another; the French one is kept and not read.
    assert_eq!(
        (&totals["versions"], &totals["reports"], &totals["not_read"]),
        (&58.into(), &57.into(), &1.into())
    );
}
