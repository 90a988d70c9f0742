//! Clearances and times: what a reader may not see does not show in any number either.

use super::scene::Scene;
use serde_json::Value;

fn marked() -> Scene {
    let scene = Scene::new();
    let open = "Gunmen attacked a market in Maiduguri on Monday, killing at least 12 people, police said.";
    let secret =
        "At least 40 people were killed when gunmen attacked a market in Maiduguri on Monday, a source said.";
    scene.report("open/1.md", "Harbour News", "2024-03-05", open);
    scene.report("secret/2.md", "Brisa Post", "2024-03-06", secret);
    scene.run(&["take-in", "open", "--marking", "clear"]).ends(0);
    scene.run(&["take-in", "secret", "--marking", "red"]).ends(0);
    scene
}

#[test]
fn a_clearance_hides_reports_and_everything_derived_from_them() {
    let scene = marked();
    let open = Scene::new();
    open.file("open/1.md", &std::fs::read_to_string(scene.path("open/1.md")).unwrap());
    open.run(&["take-in", "open", "--marking", "clear"]).ends(0);
    // Those with the clearance see exactly what they would see had the other report never come.
    for list in ["events", "claims", "actors", "sources", "relations", "disputes", "copies"] {
        let seen = scene.ask(&[list, "--clearance", "green"]);
        assert_eq!(seen, open.ask(&[list, "--clearance", "green"]), "{list}");
    }
    let picture = scene.run(&["picture", "--clearance", "green"]).ends(0).out;
    assert!(!picture.contains("Brisa") && !picture.contains("40"), "{picture}");
    let all = scene.ask(&["picture"]);
    assert_eq!(all["totals"]["reports"], 2);
}

#[test]
fn a_hidden_report_cannot_be_told_from_one_that_does_not_exist() {
    let scene = marked();
    let all = scene.ask(&["reports"]);
    let hidden = all.as_array().unwrap().iter().find(|row| row["source_name"] == "Brisa Post").unwrap();
    let id = hidden["id"].as_str().unwrap();
    scene.run(&["show", id]).ends(0);
    let refused = scene.run(&["show", id, "--clearance", "amber"]).ends(4);
    let unknown = scene.run(&["show", "rep-0000000000000000", "--clearance", "amber"]).ends(4);
    assert_eq!(refused.err.replace(id, "ID"), unknown.err.replace("rep-0000000000000000", "ID"));
}

#[test]
fn the_picture_as_of_a_time_knows_nothing_that_came_later() {
    let scene = Scene::new();
    scene.report("1.md", "Harbour News", "2024-03-05", "Gunmen killed 12 people in Maiduguri on Monday.");
    scene.report("2.md", "Brisa Post", "2024-03-06", "A bomb killed three people in Mogadishu on Tuesday.");
    scene.run(&["take-in", "1.md"]).ends(0);
    let before = scene.ask(&["events"]);
    let at = jiff::Timestamp::now().to_string();
    scene.run(&["take-in", "2.md"]).ends(0);
    assert_ne!(scene.ask(&["events"]), before);
    assert_eq!(scene.ask(&["events", "--as-of", &at]), before);
    assert_eq!(scene.ask(&["picture", "--as-of", "2000-01-01"])["totals"]["reports"], Value::from(0));
    scene.run(&["take-in", "2.md", "--as-of", &at]).ends(2);
}
