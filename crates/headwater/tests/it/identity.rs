//! Which words of a report tell of one event, and whose numbers are they?

use super::scene::Scene;
use serde_json::Value;

/// Events of violence that were told, with what they say.
fn told(text: &str) -> Vec<Value> {
    let scene = Scene::new();
    scene.report("in/1.md", "Harbour News", "2024-03-05", text);
    scene.run(&["take-in", "in"]).ends(0);
    let events = scene.ask(&["events", "--family", "violence"]);
    events.as_array().unwrap().iter().map(|row| row["event"].clone()).collect()
}

/// The numbers of dead of an event, best first.
fn dead(event: &Value) -> Vec<String> {
    let fields = event["assessment"]["fields"].as_array().unwrap();
    let killed = fields.iter().find(|field| field["field"] == "killed");
    let values = killed.and_then(|field| field["values"].as_array());
    values.into_iter().flatten().map(|value| value["words"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_blast_and_the_attack_go_back_to_the_bombing_of_the_first_sentence() {
    let events = told(
        "A suicide bomber killed 12 people at a market in Maiduguri on Monday, police said.\n\nThe blast shook \
         houses far away. Five people were wounded.\n\nNo group has claimed the attack.",
    );
    assert_eq!(events.len(), 1, "{events:#?}");
    assert_eq!(dead(&events[0]), ["12"]);
}

#[test]
fn what_is_told_in_parts_adds_up_and_a_part_of_a_number_does_not_stand_for_it() {
    let parts = told(
        "Five soldiers and seven civilians were killed when gunmen attacked a convoy near Maiduguri on Monday, \
         police said.",
    );
    assert_eq!(dead(&parts[0]), ["12"]);
    let part = told(
        "Gunmen killed 12 people at a market in Maiduguri on Monday, police said.\n\nFour of those who died \
         were traders.",
    );
    assert_eq!(dead(&part[0]), ["12"]);
}

#[test]
fn another_attack_stays_another_and_keeps_its_own_dead() {
    let events = told(
        "A bomb killed nine people at a market in Maiduguri on Monday, police said.\n\nIn another attack, \
         gunmen killed four soldiers in Damboa on Monday.",
    );
    let mut dead: Vec<Vec<String>> = events.iter().map(dead).collect();
    dead.sort();
    assert_eq!(dead, [["4"], ["9"]], "{events:#?}");
}

#[test]
fn where_somebody_comes_from_is_not_where_it_happened() {
    let events = told(
        "Gunmen killed three policemen and a woman visiting from Canada on Sunday in an attack in Karak, Jordan, \
         officials said.",
    );
    assert!(events.iter().all(|event| event["place"]["country"] != "CAN"), "{events:#?}");
}
