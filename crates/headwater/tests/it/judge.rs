//! `judge`: decisions are recorded with their reason, change the picture, and can be taken back.

use super::scene::Scene;

#[test]
fn a_rejected_claim_no_longer_counts_until_that_is_taken_back() {
    let scene = Scene::with_reports();
    let of_mogadishu = || scene.ask(&["events", "--place", "Mogadishu", "--family", "violence"]);
    let before = of_mogadishu();
    let event = before[0]["event"]["id"].as_str().unwrap();
    let judged = scene.ask(&["judge", "reject", event, "--because", "it is an exercise"]);
    let id = judged[0]["id"].as_str().unwrap().to_owned();
    assert_ne!(of_mogadishu(), before);
    scene.run(&["judge", "withdraw", &id, "--because", "it was none"]).ends(0);
    assert_eq!(of_mogadishu(), before);
    let list = scene.run(&["judge", "list"]).ends(0).out;
    assert!(
        list.contains("it is an exercise") && list.contains("it was none") && list.contains("anna"),
        "{list}"
    );
}

#[test]
fn events_are_joined_and_parted_by_decision() {
    let scene = Scene::with_reports();
    let ids = || -> Vec<String> {
        let events = scene.ask(&["events", "--family", "violence"]);
        events.as_array().unwrap().iter().map(|row| row["event"]["id"].as_str().unwrap().to_owned()).collect()
    };
    let event_of = |id: &str| scene.ask(&["show", id])["row"]["event"]["id"].clone();
    let before = ids();
    let (first, second) = (&before[0], &before[1]);
    assert_ne!(event_of(first), event_of(second));
    scene.run(&["judge", "same", first, second, "--because", "one campaign"]).ends(0);
    assert_eq!(event_of(first), event_of(second));
    scene.run(&["judge", "not-same", first, second, "--because", "two towns after all"]).ends(0);
    assert_eq!(ids(), before);
}

#[test]
fn a_source_is_graded_by_name() {
    let scene = Scene::with_reports();
    scene.run(&["judge", "rate", "harbour news", "B", "--because", "ten years of good work"]).ends(0);
    let sources = scene.ask(&["sources"]);
    let grade =
        sources.as_array().unwrap().iter().find(|row| row["name"] == "Harbour News").unwrap()["grade"]
            .clone();
    assert_eq!(grade, "B");
}

#[test]
fn nothing_is_decided_without_a_reason() {
    let scene = Scene::with_reports();
    scene.run(&["judge", "rate", "Harbour News", "B"]).ends(2);
    scene.run(&["judge", "rate", "Harbour News", "B", "--because", " "]).ends(2);
    assert_eq!(scene.ask(&["judge", "list"]), serde_json::json!([]));
}
