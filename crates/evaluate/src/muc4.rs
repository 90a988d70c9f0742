//! MUC-4: terrorist incidents as templates, made of the reader's events.

use crate::gold::{each_line, report, string};
use headwater_domain::kind::{EventStatus, Mode, Plover};
use headwater_domain::reading::{EventProposition, MentionIndex, Reading, Role, ThingKind};
use headwater_domain::report::Report;
use headwater_reader::Reader;
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// Answers each document with its templates.
pub fn predict(gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    let reader = Reader::new();
    each_line(gold, out, |record| {
        let id = string(record, "docid");
        let date = record["dateline"]["date"].as_str();
        let report = report(id, string(record, "text"), date, None, None);
        let reading = reader.read(&report);
        let templates: Vec<Value> = reading
            .events()
            .filter(|(_, event)| is_incident(event))
            .map(|(_, event)| template(&report, &reading, event))
            .collect();
        Ok(json!({"docid": id, "templates": templates}))
    })
}

/// The guidelines ask for acts of violence in the news: carried out, tried or threatened, not history
/// and not what might be.
fn is_incident(event: &EventProposition) -> bool {
    event.kind.event == Plover::Assault
        && !event.aggregate
        && !matches!(event.status, EventStatus::Hypothetical | EventStatus::Background | EventStatus::Denied)
}

fn incident_type(event: &EventProposition) -> &'static str {
    match event.kind.mode {
        Some(Mode::Explosives | Mode::SuicideAttack) => "bombing",
        Some(Mode::Abduct) => "kidnapping",
        _ => "attack",
    }
}

fn template(report: &Report, reading: &Reading, event: &EventProposition) -> Value {
    let is = |kinds: &'static [ThingKind]| {
        move |mention: &MentionIndex| reading.mention(*mention).is_some_and(|mention| kinds.contains(&mention.kind))
    };
    let named = |mention: &MentionIndex| reading.chain_of(*mention).is_some_and(|chain| chain.named);
    let harmed = || event.in_role(Role::Victim).chain(event.in_role(Role::Target)).chain(event.in_role(Role::Detained));
    let people = is(&[ThingKind::Person]);
    let organised = |mention: &MentionIndex| {
        named(mention) && is(&[ThingKind::ArmedGroup, ThingKind::Organisation, ThingKind::SecurityForce])(mention)
    };
    json!({
        "incident_type": incident_type(event),
        "PerpInd": strings(report, reading, event.in_role(Role::Actor).filter(|mention| !named(mention))),
        "PerpOrg": strings(report, reading, event.in_role(Role::Actor).filter(organised)),
        "Target": strings(report, reading, harmed().filter(is(&[ThingKind::Facility]))),
        "Victim": strings(report, reading, harmed().filter(|mention| people(mention) && named(mention))),
        "Weapon": strings(report, reading, event.in_role(Role::Weapon)),
    })
}

/// Each thing once, by the words of its mention in this event.
fn strings(report: &Report, reading: &Reading, mentions: impl Iterator<Item = MentionIndex>) -> Vec<Vec<String>> {
    let mut seen = Vec::new();
    let mut fillers = Vec::new();
    for mention in mentions.filter_map(|index| reading.mention(index)) {
        if !seen.contains(&mention.chain) {
            seen.push(mention.chain);
            fillers.push(vec![report.text.passage(mention.span).unwrap_or_default().to_owned()]);
        }
    }
    fillers
}
