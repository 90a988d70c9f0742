//! `show`: anything by its id, with the passages behind every value.

use super::Session;
use crate::arguments::Show;
use crate::exit::{Exit, Problem};
use crate::named::{self, Named};
use crate::sheets::{ActorSheet, ClaimSheet, EventSheet, RelationSheet, ReportSheet, SourceSheet};
use anyhow::Result;

/// Shows one thing.
pub fn show(session: &Session, what: &Show) -> Result<Exit> {
    let view = session.view()?;
    let gone = || {
        let hint = "the lists show ids; some may not be seen under this clearance or as of this time";
        Problem::not_found(format!("cannot find {}", what.id), hint)
    };
    match named::thing(&view, &what.id)? {
        Named::Report(id) => {
            session.answer(&ReportSheet::of(&view, id, what.version, what.text)?.ok_or_else(gone)?)
        }
        Named::Event(id) => {
            let dossier = view.dossier(id)?.ok_or_else(gone)?;
            session.answer(&EventSheet::of(&view, dossier)?)
        }
        Named::Claim(id) => session.answer(&ClaimSheet::of(&view, id)?.ok_or_else(gone)?),
        Named::Actor(id) => session.answer(&ActorSheet::of(&view, id)?.ok_or_else(gone)?),
        Named::Relation(id) => session.answer(&RelationSheet::of(&view, id)?.ok_or_else(gone)?),
        Named::Source(id) => session.answer(&SourceSheet::of(&view, id)?.ok_or_else(gone)?),
        Named::Judgement(id) => {
            let judgement = view.judgements()?.into_iter().find(|judgement| judgement.id == id);
            session.answer(&judgement.ok_or_else(gone)?)
        }
    }
}
