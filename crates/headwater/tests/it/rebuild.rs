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
