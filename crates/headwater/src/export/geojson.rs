//! Events on the map (RFC 7946). Events without a position have no geometry, and stay in the file.

use super::csv::toll;
use super::each_dossier;
use crate::render::words;
use crate::view::View;
use anyhow::Result;
use headwater_domain::picture::{Event, Field};
use serde_json::{Value, json};
use std::io::Write;

/// Writes all events as one collection.
pub fn write(view: &View, out: &mut dyn Write) -> Result<()> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut separator = "\n";
    each_dossier(view, |dossier| {
        out.write_all(separator.as_bytes())?;
        separator = ",\n";
        serde_json::to_writer(&mut *out, &feature(&dossier.event))?;
        Ok(())
    })?;
    out.write_all(b"\n]}\n")?;
    Ok(())
}

fn feature(event: &Event) -> Value {
    let place = event.place.as_ref();
    // Longitude first, as the format wants it.
    let geometry = place
        .and_then(|place| place.position)
        .map(|(latitude, longitude)| json!({"type": "Point", "coordinates": [longitude, latitude]}));
    let names = |actors: &[headwater_domain::resolution::ActorRef]| {
        actors.iter().map(|actor| actor.name.clone()).collect::<Vec<_>>()
    };
    let range = |field| toll(event, field).map(|(low, high)| json!({"low": low, "high": high}));
    json!({
        "type": "Feature",
        "id": event.id,
        "geometry": geometry,
        "properties": {
            "title": event.title,
            "kind": words::kind(event.kind),
            "sub_event": event.kind.sub_event,
            "status": event.status,
            "when": event.when.as_ref().map(|when| when.edtf()),
            "published_by": event.window.as_ref().and_then(|window| window.latest()).map(|at| at.date()),
            "place": place.map(|place| &place.name),
            "country": place.and_then(|place| place.country.as_ref()),
            "precision": place.map(|place| words::precision(place.precision)),
            "radius_km": place.and_then(|place| place.radius_km),
            "actors": names(&event.actors),
            "targets": names(&event.targets),
            "killed": range(Field::Killed),
            "injured": range(Field::Injured),
            "reports": event.assessment.reports,
            "origins": event.assessment.origins.len(),
            "origins_at_most": event.assessment.at_most,
            "credibility": event.assessment.credibility as u8,
            "conflicts": event.assessment.conflicts.len(),
            "marking": event.marking.to_string(),
        },
    })
}
