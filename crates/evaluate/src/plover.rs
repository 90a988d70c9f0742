//! PLOVER gold records and CASE-2021: what sort of event is the sentence about?

use crate::CodePoints;
use crate::gold::{each_line, report, string};
use headwater_domain::kind::{EventKind, EventStatus, Mode, Plover, SubEvent};
use headwater_domain::reading::{Claim, EventProposition, Proposition, Reading, Role, SpeechActKind};
use headwater_domain::text::Span;
use headwater_reader::Reader;
use headwater_reader::developments::{Development, weigh, weigh_acts};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// Answers the gold records: the event of the sentence, under the names of PLOVER 0.5, and the
/// phrases in their parts.
pub fn predict_gold_records(
    reader: Reader,
    gold: &mut dyn BufRead,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    each_line(gold, out, |record| {
        let text = string(record, "text");
        let report = report(string(record, "id"), text, Some(string(record, "date")), None, None);
        let reading = reader.read(&report);
        let points = CodePoints::new(text);
        let principal = principal(&reading).map(|(_, event)| event);
        let label = act_of(text, principal).map(old_name);
        let Some(event) = principal else {
            return Ok(json!({"id": record["id"], "event": label, "spans": []}));
        };
        let phrase = |role: &str, span: Span| {
            let (start, end) = points.of(span);
            json!({"role": role, "start": start, "end": end})
        };
        let in_roles = |role: &'static str, roles: &'static [Role]| {
            let mentions = event.arguments.iter().filter(move |argument| roles.contains(&argument.role));
            mentions
                .filter_map(|argument| reading.mention(argument.mention))
                .map(|mention| phrase(role, mention.span))
                .collect::<Vec<Value>>()
        };
        let mut spans = vec![phrase("EVT", event.trigger)];
        spans.extend(in_roles("SRC", &[Role::Actor]));
        spans.extend(in_roles("TAR", &[Role::Target, Role::Victim, Role::Detained]));
        spans.extend(in_roles("LOC", &[Role::Place]));
        Ok(json!({"id": record["id"], "event": label, "spans": spans}))
    })
}

/// The event that the text is most about: a main one, the most certain, the first.
fn principal(reading: &Reading) -> Option<(&Claim, &EventProposition)> {
    reading.events().min_by(|(left_claim, left), (right_claim, right)| {
        let key = |event: &EventProposition| {
            (!event.main, event.status == EventStatus::Hypothetical, event.status == EventStatus::Background)
        };
        key(left)
            .cmp(&key(right))
            .then_with(|| right_claim.score.get().total_cmp(&left_claim.score.get()))
            .then_with(|| left.trigger.cmp(&right.trigger))
    })
}

/// What the sentence as a whole speaks for, with what was read word by word.
fn act_of(text: &str, read: Option<&EventProposition>) -> Option<EventKind> {
    let read = read.map(|event| event.kind);
    let with_reading = |(kind, weight): &(EventKind, f32)| {
        weight + if Some(kind.event) == read.map(|read| read.event) { READ_WEIGHT } else { 0.0 }
    };
    let weighed = weigh_acts(text);
    let best = weighed.iter().max_by(|one, other| with_reading(one).total_cmp(&with_reading(other)));
    best.map(|(kind, _)| *kind).or(read)
}

/// Names of PLOVER 0.5, which had 18 events.
fn old_name(kind: EventKind) -> &'static str {
    match (kind.event, kind.mode, kind.sub_event) {
        (Plover::Request, ..) => "DEMAND",
        (Plover::Accuse, Some(Mode::Investigate), _) => "INVESTIGATE",
        (Plover::Accuse, ..) => "DISAPPROVE",
        // Conventional military force was FIGHT; what is now ASSAULT was kept for the rest.
        (Plover::Assault, Some(Mode::HeavyWeapons | Mode::Aerial | Mode::Drone), _) => "FIGHT",
        (
            Plover::Assault,
            _,
            Some(SubEvent::ArmedClash | SubEvent::GovernmentRegains | SubEvent::NonStateOvertakes),
        ) => "FIGHT",
        (event, ..) => event.word(),
    }
}

/// Answers CASE-2021: one of its 30 classes for each snippet.
pub fn predict_case2021(reader: Reader, gold: &mut dyn BufRead, out: &mut dyn Write) -> anyhow::Result<()> {
    each_line(gold, out, |record| {
        let text = string(record, "text");
        let reading = reader.read(&report(&record["id"].to_string(), text, None, None, None));
        Ok(json!({"id": record["id"], "label": case_label(text, &reading)}))
    })
}

/// How much the event that was read word by word adds to what the passage as a whole speaks for.
const READ_WEIGHT: f32 = 1.5;

fn case_label(text: &str, reading: &Reading) -> &'static str {
    let read = read_as(reading);
    let weighed = weigh(text);
    let with_reading =
        |(found, weight): &(Development, f32)| weight + if Some(*found) == read { READ_WEIGHT } else { 0.0 };
    let best = weighed
        .iter()
        .max_by(|one, other| with_reading(one).total_cmp(&with_reading(other)))
        .map(|(found, weight)| (*found, with_reading(&(*found, *weight))));
    match (best, read) {
        (Some((found, weight)), _) if weight >= READ_WEIGHT => case_name(found),
        (_, Some(read)) => case_name(read),
        (Some((found, _)), None) => case_name(found),
        (None, None) => "OTHER",
    }
}

/// What the reading makes of the passage.
fn read_as(reading: &Reading) -> Option<Development> {
    let claims_responsibility = reading.claims.iter().any(|claim| {
        matches!(&claim.proposition, Proposition::SpeechAct(act)
            if matches!(act.kind, SpeechActKind::ClaimsResponsibility | SpeechActKind::DeniesResponsibility))
    });
    if claims_responsibility {
        return Some(Development::Responsibility);
    }
    let (_, event) = principal(reading)?;
    Some(match (event.kind.sub_event, event.kind.event) {
        (Some(sub_event), _) => Development::Of(sub_event),
        (None, Plover::Assault) => Development::Of(SubEvent::Attack),
        (None, Plover::Protest) => Development::Of(SubEvent::PeacefulProtest),
        (None, Plover::Coerce) => Development::Of(SubEvent::Arrests),
        (None, Plover::Agree | Plover::Retreat) => Development::Of(SubEvent::Agreement),
        (None, Plover::Mobilize) => Development::Of(SubEvent::Other),
        (None, _) => Development::Diplomacy,
    })
}

fn case_name(development: Development) -> &'static str {
    match development {
        Development::Crime => "ORG_CRIME",
        Development::Disaster => "NATURAL_DISASTER",
        Development::Accident => "MAN_MADE_DISASTER",
        Development::Diplomacy => "DIPLO",
        Development::Responsibility => "ATTRIB",
        Development::Of(sub_event) => match sub_event {
            SubEvent::GovernmentRegains => "GOV_REGAINS_TERIT",
            SubEvent::NonStateOvertakes => "NON_STATE_ACTOR_OVERTAKES_TER",
            SubEvent::ArmedClash => "ARMED_CLASH",
            SubEvent::ChemicalWeapon => "CHEM_WEAP",
            SubEvent::AirStrike => "AIR_STRIKE",
            SubEvent::SuicideBomb => "SUIC_BOMB",
            SubEvent::Shelling => "ART_MISS_ATTACK",
            SubEvent::RemoteExplosive => "REM_EXPLOS",
            SubEvent::Grenade => "GRENADE",
            SubEvent::SexualViolence => "SEX_VIOL",
            SubEvent::Attack => "ATTACK",
            SubEvent::Abduction => "ABDUCT_DISSAP",
            SubEvent::PeacefulProtest => "PEACE_PROTEST",
            SubEvent::ProtestWithIntervention => "PROTEST_WITH_INTER",
            SubEvent::ExcessiveForce => "FORCE_AGAINST_PROTEST",
            SubEvent::ViolentDemonstration => "VIOL_DEMONSTR",
            SubEvent::MobViolence => "MOB_VIOL",
            SubEvent::Agreement => "AGREEMENT",
            SubEvent::Arrests => "ARREST",
            SubEvent::GroupChange => "CHANGE_TO_GROUP_ACT",
            SubEvent::DisruptedWeapons => "DISR_WEAP",
            SubEvent::BaseEstablished => "HQ_ESTABLISHED",
            SubEvent::PropertyDestruction => "PROPERTY_DISTRUCT",
            SubEvent::TerritoryTransfer => "NON_VIOL_TERRIT_TRANSFER",
            SubEvent::Other => "OTHER",
        },
    }
}
