//! `show` and the lists: every value leads to the words it rests on.

use super::scene::Scene;
use serde_json::Value;

/// The text of a report as it is kept.
fn text_of(scene: &Scene, report: &str) -> String {
    scene.ask(&["show", report, "--text"])["text"].as_str().unwrap().to_owned()
}

#[test]
fn an_event_quotes_the_exact_words_of_each_report() {
    let scene = Scene::with_reports();
    let events = scene.ask(&["events", "--place", "Maiduguri", "--family", "violence"]);
    let id = events[0]["event"]["id"].as_str().unwrap();
    let sheet = scene.ask(&["show", id]);
    let tellings = sheet["tellings"].as_array().unwrap();
    assert!(!tellings.is_empty());
    let mut marked = 0;
    for quote in tellings.iter().flat_map(|telling| telling["quotes"].as_array().unwrap()) {
        let text = text_of(&scene, quote["report"].as_str().unwrap());
        let at = |name: &str| usize::try_from(quote[name].as_u64().unwrap()).unwrap();
        assert_eq!(&text[at("start")..at("end")], quote["text"].as_str().unwrap());
        marked += quote["marks"].as_array().unwrap().len();
    }
    assert!(marked > 0, "{sheet}");
}

#[test]
fn a_report_shows_what_changed_between_its_versions() {
    let scene = Scene::new();
    let head = "---\nsource: Harbour News\nurl: https://harbour.example/1\n---\n\n";
    let kept = "The airport was closed.";
    scene.file("in/1.md", &format!("{head}Two bombs exploded in Kabul on Monday. {kept}\n"));
    scene.run(&["take-in", "in"]).ends(0);
    scene.file("in/1.md", &format!("{head}One bomb exploded in Kabul on Monday. {kept}\n"));
    scene.run(&["take-in", "in"]).ends(0);
    let report = scene.ask(&["reports"])[0]["id"].as_str().unwrap().to_owned();
    let versions = &scene.ask(&["show", &report])["versions"];
    assert_eq!(versions[1]["removed"], serde_json::json!(["Two bombs exploded in Kabul on Monday."]));
    assert_eq!(versions[1]["added"], serde_json::json!(["One bomb exploded in Kabul on Monday."]));
    let old = scene.ask(&["show", &report, "--version", "1", "--text"]);
    assert!(old["text"].as_str().unwrap().contains("Two bombs"));
}

#[test]
fn everything_that_the_picture_shows_can_be_opened_by_the_id_it_shows() {
    let scene = Scene::with_reports();
    let picture = scene.run(&["picture"]).ends(0).out;
    let mut opened = 0;
    for word in picture.split_whitespace() {
        let is_id = ["evt-", "act-", "clm-", "rel-", "rep-"].iter().any(|prefix| word.starts_with(prefix));
        if is_id && word.len() == 10 {
            scene.run(&["show", word]).ends(0);
            opened += 1;
        }
    }
    assert!(opened > 5, "{picture}");
}

#[test]
fn a_claim_shows_who_says_it() {
    let scene = Scene::with_reports();
    let claims = scene.ask(&["claims", "--by", "unnamed"]);
    let words: Vec<&Value> =
        claims.as_array().unwrap().iter().map(|claim| &claim["voice"]["words"]).collect();
    assert!(words.contains(&&Value::from("Security experts")), "{words:?}");
    let id = claims[0]["claim"].as_str().unwrap();
    let shown = scene.run(&["show", id]).ends(0).out;
    assert!(shown.contains("said by Security experts (unnamed)"), "{shown}");
}

#[test]
fn a_date_that_nobody_states_is_not_shown() {
    let scene = Scene::new();
    let text = "The militants have carried out attacks on embassies in Kabul. Officials fear more.";
    scene.report("in/1.md", "Harbour News", "2024-03-28", text);
    scene.run(&["take-in", "in"]).ends(0);
    for event in scene.ask(&["events"]).as_array().unwrap() {
        assert_eq!(event["event"]["when"], Value::Null, "{event}");
    }
    let shown = scene.run(&["events"]).ends(0).out;
    assert!(shown.contains("date not stated (published by 2024-03-28)"), "{shown}");
}

#[test]
fn an_id_that_is_unknown_or_too_short_is_told_apart() {
    let scene = Scene::with_reports();
    let unknown = scene.run(&["show", "evt-0000000000000000"]).ends(4);
    assert!(unknown.err.contains("hint: "), "{}", unknown.err);
    let ambiguous = scene.run(&["show", "rep-"]).ends(2);
    assert!(ambiguous.err.contains("several ids begin like this"), "{}", ambiguous.err);
}
