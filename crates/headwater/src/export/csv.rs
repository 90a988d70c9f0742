//! One row an event, in ACLED's manner, with the origins and the evidence beside.
//!
//! Nothing is filled in that nobody states: an undated event has no `event_date`, a toll that nobody
//! gives is empty and not 0, and `fatalities` is the lowest number that the best value allows.

use super::each_dossier;
use crate::render::words;
use crate::texts::Texts;
use crate::view::View;
use anyhow::Result;
use headwater_domain::kind::{Family, SubEvent};
use headwater_domain::picture::{Dossier, Event, Field, Value};
use headwater_domain::resolution::{ActorRef, Precision};
use headwater_domain::time::Period;
use std::io::Write;

const COLUMNS: [&str; 33] = [
    "event_id",
    "event_date",
    "event_date_edtf",
    "event_date_latest",
    "year",
    "time_precision",
    "disorder_type",
    "event_type",
    "sub_event_type",
    "plover_event",
    "plover_mode",
    "status",
    "actor1",
    "actor2",
    "country",
    "admin1",
    "location",
    "latitude",
    "longitude",
    "radius_km",
    "geo_precision",
    "fatalities",
    "fatalities_low",
    "fatalities_high",
    "injured_low",
    "injured_high",
    "reports",
    "origins",
    "origins_at_most",
    "credibility",
    "source",
    "notes",
    "evidence",
];

/// Writes all events.
pub fn write(view: &View, out: &mut dyn Write) -> Result<()> {
    let texts = Texts::of(view)?;
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    each_dossier(view, |dossier| {
        table.write_record(row(&texts, &dossier)?)?;
        Ok(())
    })?;
    table.flush()?;
    Ok(())
}

fn row(texts: &Texts<'_>, dossier: &Dossier) -> Result<Vec<String>> {
    let event = &dossier.event;
    let assessment = &event.assessment;
    let place = event.place.as_ref();
    let day = event.when.as_ref().and_then(Period::single_day);
    let text = |value: Option<String>| value.unwrap_or_default();
    let (killed, injured) = (toll(event, Field::Killed), toll(event, Field::Injured));
    let low = |toll: &Option<(u32, Option<u32>)>| text(toll.map(|(low, _)| low.to_string()));
    let high = |toll: &Option<(u32, Option<u32>)>| {
        text(toll.and_then(|(_, high)| high).map(|high| high.to_string()))
    };
    let mut evidence = Vec::new();
    let mut publishers = Vec::new();
    for incident in &dossier.incidents {
        if let Some(quote) = texts.quote(&incident.evidence, &[])? {
            let at = format!("{}#{}-{}", quote.report, quote.start, quote.end);
            evidence
                .push(format!("“{}” ({at})", quote.text.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
        publishers.extend(incident.source.and_then(|source| texts.source_name(source)));
    }
    publishers.sort_unstable();
    publishers.dedup();
    let (disorder, event_type) = acled_types(event);
    Ok(vec![
        event.id.to_string(),
        text(day.map(|day| day.to_string())),
        text(event.when.as_ref().map(|when| when.edtf().to_owned())),
        text(event.window.as_ref().and_then(Period::latest).map(|latest| latest.date().to_string())),
        text(year(event.when.as_ref())),
        time_precision(event.when.as_ref()).to_owned(),
        disorder.to_owned(),
        event_type.to_owned(),
        event.kind.sub_event.map_or("", SubEvent::word).to_owned(),
        event.kind.event.to_string(),
        text(event.kind.mode.map(|mode| mode.to_string())),
        event.status.to_string(),
        names(&event.actors),
        names(&event.targets),
        text(place.and_then(|place| place.country.clone())),
        text(place.and_then(|place| place.division.clone())),
        text(place.map(|place| place.name.clone())),
        text(place.and_then(|place| place.position).map(|(latitude, _)| latitude.to_string())),
        text(place.and_then(|place| place.position).map(|(_, longitude)| longitude.to_string())),
        text(place.and_then(|place| place.radius_km).map(|radius| radius.to_string())),
        place.map_or("", |place| geo_precision(place.precision)).to_owned(),
        low(&killed),
        low(&killed),
        high(&killed),
        low(&injured),
        high(&injured),
        assessment.reports.to_string(),
        assessment.origins.len().to_string(),
        assessment.at_most.to_string(),
        (assessment.credibility as u8).to_string(),
        publishers.join("; "),
        format!("{} · {}", words::what(event), assessment.support()),
        evidence.join(" | "),
    ])
}

fn names(actors: &[ActorRef]) -> String {
    actors.iter().map(|actor| actor.name.as_str()).collect::<Vec<_>>().join("; ")
}

/// The best value of a toll.
pub fn toll(event: &Event, field: Field) -> Option<(u32, Option<u32>)> {
    match &event.assessment.field(field)?.values.first()?.value {
        Value::Count(count) => Some((count.low, count.high)),
        _ => None,
    }
}

fn year(when: Option<&Period>) -> Option<String> {
    let (earliest, latest) = (when?.earliest()?.date().year(), when?.latest()?.date().year());
    (earliest == latest).then(|| earliest.to_string())
}

/// ACLED: 1 the day, 2 the week, 3 the month; empty where even that is not known.
fn time_precision(when: Option<&Period>) -> &'static str {
    match when.and_then(Period::days_long) {
        Some(1) => "1",
        Some(2..=7) => "2",
        Some(8..=31) => "3",
        _ => "",
    }
}

/// ACLED: 1 a town, 2 a small area, 3 a larger region; empty where only the country is known.
fn geo_precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Town => "1",
        Precision::District => "2",
        Precision::Province => "3",
        Precision::Country | Precision::Unknown => "",
    }
}

/// ACLED's disorder type and event type of a sub-event.
fn acled_types(event: &Event) -> (&'static str, &'static str) {
    let Some(sub_event) = event.kind.sub_event else {
        return match event.kind.family() {
            Family::Violence => ("Political violence", ""),
            Family::Protest => ("Demonstrations", ""),
            _ => ("", ""),
        };
    };
    match sub_event {
        SubEvent::GovernmentRegains | SubEvent::NonStateOvertakes | SubEvent::ArmedClash => {
            ("Political violence", "Battles")
        }
        SubEvent::ChemicalWeapon
        | SubEvent::AirStrike
        | SubEvent::SuicideBomb
        | SubEvent::Shelling
        | SubEvent::RemoteExplosive
        | SubEvent::Grenade => ("Political violence", "Explosions/Remote violence"),
        SubEvent::SexualViolence | SubEvent::Attack | SubEvent::Abduction => {
            ("Political violence", "Violence against civilians")
        }
        SubEvent::PeacefulProtest | SubEvent::ProtestWithIntervention => ("Demonstrations", "Protests"),
        SubEvent::ExcessiveForce => ("Political violence; Demonstrations", "Protests"),
        SubEvent::ViolentDemonstration => ("Demonstrations", "Riots"),
        SubEvent::MobViolence => ("Political violence", "Riots"),
        SubEvent::Agreement
        | SubEvent::Arrests
        | SubEvent::GroupChange
        | SubEvent::DisruptedWeapons
        | SubEvent::BaseEstablished
        | SubEvent::PropertyDestruction
        | SubEvent::TerritoryTransfer
        | SubEvent::Other => ("Strategic developments", "Strategic developments"),
    }
}
