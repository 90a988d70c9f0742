//! Sentences beside their reading, for a person to judge both.

use crate::report;
use headwater_domain::reading::{Reading, Role};
use headwater_reader::Reader;

/// Writes each event on a line: its sub-event or event, status, day, toll and who plays which part.
fn read(text: &str) -> Vec<String> {
    let reading = Reader::by_rules().read(&report(text, Some("2031-03-05")));
    reading.events().map(|(_, event)| line(text, &reading, event)).collect()
}

fn line(text: &str, reading: &Reading, event: &headwater_domain::reading::EventProposition) -> String {
    let mut line = format!(
        "{} {}",
        event.kind.sub_event.map_or(event.kind.event.word(), |sub_event| sub_event.word()),
        event.status
    );
    if let Some(when) = &event.when {
        line += &format!(" on {when}");
    }
    for toll in &event.tolls {
        line += &format!(" toll {}", reading.counts[toll.0 as usize].count);
    }
    for role in Role::ALL {
        let fillers: Vec<&str> = event
            .in_role(*role)
            .map(|mention| &text[reading.mention(mention).expect("arguments point to mentions").span.range()])
            .collect();
        if !fillers.is_empty() {
            line += &format!(" {role}={}", fillers.join("+"));
        }
    }
    line
}

#[test]
fn gunmen_on_a_village() {
    assert_eq!(
        read("Gunmen attacked a village near Kabul on Monday. The attack killed 12 people."),
        ["Attack happened on 2031-03-03 toll 12 actor=Gunmen target=village victim=12 people place=Kabul"]
    );
}

#[test]
fn what_is_done_in_the_passive() {
    assert_eq!(
        read("Two engineers were kidnapped by rebels in Herat on Tuesday."),
        [
            "Abduction/forced disappearance happened on 2031-03-04 toll 2 actor=rebels target=Two engineers place=Herat detained=Two engineers"
        ]
    );
}

#[test]
fn the_subject_stands_before_its_apposition() {
    assert_eq!(
        read("Omar Haddad, a teacher at the school, was arrested by police on Tuesday."),
        ["Arrests happened on 2031-03-04 toll 1 actor=police target=Omar Haddad detained=Omar Haddad"]
    );
}

#[test]
fn a_noun_for_an_act_takes_its_parts_from_its_phrase() {
    assert_eq!(
        read("A Taliban attack on an army base in Kunduz left six soldiers dead."),
        ["Armed clash happened toll 6 actor=Taliban target=army base victim=six soldiers place=Kunduz"]
    );
}

#[test]
fn lower_case_is_read_like_any_other() {
    assert_eq!(
        read(
            "guerrillas attacked an army post near san miguel today. three soldiers were killed in the attack."
        ),
        [
            "Armed clash happened on 2031-03-05 toll 3 actor=guerrillas target=army post victim=three soldiers place=san miguel"
        ]
    );
}

#[test]
fn sport_and_hearts_are_left_alone() {
    assert_eq!(
        read("The striker led the attack and scored two goals.\nHe later died of a heart attack."),
        [""; 0]
    );
}
