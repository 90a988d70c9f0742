//! `rebuild` and `verify`: the picture follows from what was kept, whatever the order.

use super::scene::{Scene, samples};

#[test]
fn a_rebuilt_picture_is_the_same_picture() {
    let scene = Scene::with_reports();
    let before = scene.ask(&["events"]);
    let rebuilt = scene.ask(&["rebuild"]);
    assert_eq!(rebuilt["differences"], serde_json::json!([]));
    assert_eq!(scene.ask(&["events"]), before);
    scene.run(&["verify"]).ends(0);
}

#[test]
fn the_samples_give_the_same_picture_in_every_order() {
    let scene = Scene::new();
    scene.run(&["take-in", samples().to_str().unwrap()]).ends(0);
    let checked = scene.ask(&["rebuild", "--check"]);
    assert_eq!(checked["differences"], serde_json::json!([]));
}

#[test]
fn reports_taken_in_one_by_one_backwards_give_the_same_picture() {
    let forwards = Scene::with_reports();
    let backwards = Scene::new();
    for name in ["in/3.md", "in/2.md", "in/1.md"] {
        backwards.file(name, &std::fs::read_to_string(forwards.path(name)).unwrap());
        backwards.run(&["take-in", name]).ends(0);
    }
    let digest = |scene: &Scene| scene.ask(&["rebuild", "--check"])["digest"].clone();
    assert_eq!(digest(&forwards), digest(&backwards));
}

/// Sentences of which each report tells some: with a day or without, with a place or without.
const SENTENCES: &[&str] = &[
    "Gunmen killed eleven people at a market in Maiduguri on Tuesday.",
    "At least nine people were killed when gunmen attacked a market in Maiduguri, police said.",
    "A bomb exploded near a mosque in Kandahar on Sunday, killing four soldiers.",
    "The Taliban claimed responsibility for the bombing in Kandahar.",
    "Militants attacked a military base near Gao, and twelve soldiers were killed.",
    "“We will find those who did this and bring them before a court of law,” the governor said.",
    "Residents said that fighters had burned houses in a village north of the town.",
    "Soldiers shelled rebel positions near Goma on 2 March 2031, an army spokesman said.",
    "Rebels attacked soldiers near Goma in early March, and both sides said that they had won.",
    "Police arrested seven men in Mogadishu on Friday over an attack on a hotel.",
    "Al-Shabaab fighters stormed a hotel in Mogadishu last week and killed fifteen people.",
    "Protesters marched in Benghazi on Monday against the killings.",
    "The army denied that its troops had killed civilians in the village.",
    "An air strike on a school in Idlib killed six children on Wednesday, hospital officials said.",
    "Officials warned that militants were planning an attack on the capital.",
    "A roadside bomb killed three police officers in Quetta.",
];

#[test]
fn reports_that_share_sentences_give_the_same_picture_in_every_order() {
    let scene = Scene::new();
    let mut lines = String::new();
    for number in 0..64_usize {
        // Each sentence is told by many reports; the last two dozen reports are copies of one story.
        let told = if number < 40 { number } else { 40 };
        let sentence = |step: usize| SENTENCES[(told * 7 + step * (1 + told % 5)) % SENTENCES.len()];
        let text: Vec<&str> = (0..8).map(sentence).collect();
        let record = serde_json::json!({
            "id": number.to_string(),
            "source": format!("Paper {}", number % 27),
            "published": format!("2031-03-{:02}", 1 + number * 11 % 28),
            "text": text.join(" "),
        });
        lines.push_str(&format!("{record}\n"));
    }
    scene.file("in.jsonl", &lines);
    scene.run(&["take-in", "in.jsonl"]).ends(0);
    let checked = scene.ask(&["rebuild", "--check"]);
    assert_eq!(checked["differences"], serde_json::json!([]));
    assert_eq!(checked["versions"], 64);
}

#[test]
fn verifying_names_the_head_of_the_record() {
    let scene = Scene::with_reports();
    let verified = scene.ask(&["verify"]);
    assert_eq!(verified["damage"], serde_json::json!([]));
    assert_eq!(verified["versions"], 3);
    assert_eq!(verified["head"].as_str().unwrap().len(), 64);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_no_store_is_refused_with_a_way_out() {
    let scene = Scene::new();
    scene.file("notes.txt", "this is not a store, and it is long enough not to be taken for an empty one");
    let ran = scene.run(&["verify", "--store", "notes.txt"]).ends(1);
    assert!(ran.err.contains("hint: name another file with --store"), "{}", ran.err);
}
