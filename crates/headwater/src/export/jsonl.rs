//! One line an event, with all its tellings and the passages.

use super::each_dossier;
use crate::texts::{Quote, Texts};
use crate::view::View;
use anyhow::Result;
use headwater_domain::picture::Event;
use headwater_domain::resolution::Incident;
use serde::Serialize;
use std::io::Write;

#[derive(Serialize)]
struct Row<'e> {
    event: &'e Event,
    tellings: Vec<Telling<'e>>,
}

#[derive(Serialize)]
struct Telling<'e> {
    incident: &'e Incident,
    passages: Vec<Quote>,
}

/// Writes all events.
pub fn write(view: &View, out: &mut dyn Write) -> Result<()> {
    let texts = Texts::of(view)?;
    each_dossier(view, |dossier| {
        let mut tellings = Vec::new();
        for incident in &dossier.incidents {
            let mut passages = Vec::new();
            for span in incident.evidence.spans() {
                passages.extend(texts.quote_span(&incident.evidence, span, &[incident.trigger])?);
            }
            tellings.push(Telling { incident, passages });
        }
        serde_json::to_writer(&mut *out, &Row { event: &dossier.event, tellings })?;
        out.write_all(b"\n")?;
        Ok(())
    })
}
