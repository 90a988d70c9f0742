//! `export`: the picture leaves in four forms.

use super::scene::Scene;
use serde_json::Value;

fn lines(scene: &Scene, form: &str) -> Vec<Value> {
    let out = scene.run(&["export", "--as", form, "--out", "-"]).ends(0).out;
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn the_picture_has_a_line_a_report_and_one_for_what_crosses_them() {
    let scene = Scene::new();
    let text = "Café owners in Zürich watched. Gunmen attacked a market in Maiduguri on Monday, killing at least 12 people.";
    let record =
        serde_json::json!({"id": "d1", "source": "Harbour News", "date": "2024-03-05", "text": text});
    scene.file("in.jsonl", &format!("{record}\n"));
    scene.run(&["take-in", "in.jsonl"]).ends(0);
    let lines = lines(&scene, "picture");
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["doc_id"], "d1");
    let characters: Vec<char> = text.chars().collect();
    let anchor = &lines[0]["events"][0]["anchor"];
    let at = |name: &str| usize::try_from(anchor[name].as_u64().unwrap()).unwrap();
    let words: String = characters[at("start")..at("end")].iter().collect();
    assert_eq!(anchor["text"], Value::from(words), "offsets count code points");
    assert_eq!(lines[0]["events"][0]["killed"]["low"], 12);
    assert_eq!(lines[0]["events"][0]["killed"]["high"], Value::Null);
    for name in ["clusters", "copies", "contradictions", "corroborations"] {
        assert!(lines[1][name].is_array(), "{name}");
    }
}

#[test]
fn dossiers_carry_their_passages() {
    let scene = Scene::with_reports();
    let lines = lines(&scene, "jsonl");
    assert_eq!(lines.len(), scene.ask(&["events", "-n", "0"]).as_array().unwrap().len());
    assert!(
        lines.iter().all(|line| !line["tellings"][0]["passages"][0]["text"].as_str().unwrap().is_empty())
    );
}

#[test]
fn a_map_has_a_point_only_where_the_place_is_known() {
    let scene = Scene::with_reports();
    scene.run(&["export", "--as", "geojson", "--out", "map.geojson"]).ends(0);
    let map: Value =
        serde_json::from_str(&std::fs::read_to_string(scene.path("map.geojson")).unwrap()).unwrap();
    assert_eq!(map["type"], "FeatureCollection");
    let features = map["features"].as_array().unwrap();
    let attack = features.iter().find(|feature| feature["properties"]["place"] == "Maiduguri").unwrap();
    let point = attack["geometry"]["coordinates"].as_array().unwrap();
    let (longitude, latitude) = (point[0].as_f64().unwrap(), point[1].as_f64().unwrap());
    assert!((12.0..15.0).contains(&longitude) && (11.0..13.0).contains(&latitude), "{point:?}");
}

#[test]
fn a_table_leaves_empty_what_nobody_states() {
    let scene = Scene::new();
    let text = "Gunmen attacked a market in Maiduguri, witnesses said.";
    scene.report("in/1.md", "Harbour News", "2024-03-05", text);
    scene.run(&["take-in", "in"]).ends(0);
    let out = scene.run(&["export", "--as", "csv", "--out", "-"]).ends(0).out;
    let mut table = csv::Reader::from_reader(out.as_bytes());
    let head = table.headers().unwrap().clone();
    let row = table.records().next().unwrap().unwrap();
    let cell = |name: &str| &row[head.iter().position(|column| column == name).unwrap()];
    assert_eq!((cell("event_date"), cell("fatalities")), ("", ""));
    assert_eq!(cell("country"), "NGA");
    assert!(cell("evidence").contains("Gunmen attacked a market in Maiduguri"));
}

#[test]
fn an_export_that_fails_leaves_no_file() {
    let scene = Scene::with_reports();
    scene.run(&["export", "--as", "csv", "--out", "no-such-folder/out.csv"]).ends(1);
    scene.run(&["export", "--as", "csv", "--out", "out.csv", "--store", "none.sqlite"]).ends(4);
    assert!(!scene.path("out.csv").exists());
}
