//! Arguments, configuration, exit codes, completions and the manual page.

use super::scene::Scene;

#[test]
fn exit_codes_are_those_of_the_manual() {
    let scene = Scene::new();
    scene.run(&["picture"]).ends(4);
    scene.run(&["no-such-command"]).ends(2);
    scene.run(&["picture", "--clearance", "purple"]).ends(2);
    scene.run(&["picture", "--store", "postgres:somewhere"]).ends(2);
    scene.run(&["--help"]).ends(0);
    scene.run(&["--version"]).ends(0);
    assert!(scene.run(&["--help"]).out.contains("130 interrupted"));
}

#[test]
fn the_configuration_is_read_in_layers_and_knows_its_keys() {
    let scene = Scene::new();
    scene.file("config/headwater/config.toml", "clearence = \"green\"\n");
    let ran = scene.run(&["picture"]).ends(2);
    assert!(ran.err.contains("hint: did you mean clearance?"), "{}", ran.err);
    scene.file("config/headwater/config.toml", "marking = \"green\"\n");
    scene.report("in/1.md", "Harbour News", "2024-03-05", "Gunmen killed two people in Kabul on Monday.");
    scene.run(&["take-in", "in"]).ends(0);
    assert_eq!(scene.ask(&["reports"])[0]["marking"]["level"], "green");
    let printed = scene.run(&["config"]).ends(0).out;
    scene.file("config/headwater/config.toml", &printed.replace("store = \"\"", "# store"));
    scene.run(&["reports"]).ends(0);
}

#[test]
fn completions_and_manual_pages_are_written() {
    let scene = Scene::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(scene.run(&["completions", shell]).ends(0).out.contains("take-in"), "{shell}");
    }
    assert!(scene.run(&["man"]).ends(0).out.contains(".TH headwater"));
    scene.run(&["man", "--out", "man"]).ends(0);
    assert!(scene.path("man/headwater-take-in.1").exists());
}

#[test]
fn there_is_no_colour_where_nobody_sees_it() {
    let scene = Scene::with_reports();
    assert!(!scene.run(&["picture"]).ends(0).out.contains('\u{1b}'));
}

#[test]
fn quiet_says_nothing_but_the_answer() {
    let scene = Scene::new();
    scene.report("in/1.md", "Harbour News", "2024-03-05", "Gunmen killed two people in Kabul on Monday.");
    let ran = scene.run(&["take-in", "in", "--quiet"]).ends(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn an_answer_is_no_wider_than_the_page() {
    let scene = Scene::with_reports();
    let out = scene.run(&["picture"]).ends(0).out;
    assert!(out.lines().all(|line| line.chars().count() <= 100), "{out}");
}
