//! `events`, `claims`, `actors` and so on: many things, one row each.

use super::Session;
use crate::arguments::{
    ClaimFilter, CopyFilter, EventFilter, Length, RelationFilter, ReportFilter, Sort, TextFilter,
};
use crate::exit::{Exit, Problem};
use crate::named;
use crate::overview::{
    copy_row, dispute_rows, event_row, lineages_in_order, relation_row, relations_in_order, saying_row,
};
use crate::render::lists::{List, SourceRow};
use crate::sheets::SourceSheet;
use crate::texts::Texts;
use anyhow::Result;
use headwater_domain::marking::Clearance;
use headwater_store::query::{EventOrder, EventQuery, Page, ReportQuery, SayingQuery};

impl Length {
    fn page(self) -> Page {
        Page { skip: self.skip, limit: if self.limit == 0 { usize::MAX } else { self.limit } }
    }

    fn of<T>(self, rows: Vec<T>) -> Vec<T> {
        let page = self.page();
        rows.into_iter().skip(page.skip).take(page.limit).collect()
    }
}

/// Lists events.
pub fn events(session: &Session, filter: &EventFilter) -> Result<Exit> {
    let view = session.view()?;
    let texts = Texts::of(&view)?;
    let query = EventQuery {
        family: filter.family,
        status: filter.status,
        country: filter.country.as_deref().map(str::to_uppercase),
        place: filter.place.clone(),
        actor: filter.actor.as_deref().map(|text| named::id(&view, text)).transpose()?,
        since: filter.since,
        until: filter.until,
        origins_min: filter.origins,
        disputed: filter.disputed,
        main: filter.main,
        text: filter.text.clone(),
        report: filter.report.as_deref().map(|text| named::id(&view, text)).transpose()?,
        order: if filter.most_reported { EventOrder::MostReported } else { EventOrder::Latest },
    };
    let events = view.events(&query, filter.length.page())?;
    let rows = events.into_iter().map(|event| event_row(&view, &texts, event)).collect::<Result<_>>()?;
    session.answer(&List(rows))
}

/// Lists what is said.
pub fn claims(session: &Session, filter: &ClaimFilter) -> Result<Exit> {
    let view = session.view()?;
    let texts = Texts::of(&view)?;
    let query = SayingQuery {
        report: filter.report.as_deref().map(|text| named::id(&view, text)).transpose()?,
        speaker: filter.speaker.as_deref().map(|text| named::id(&view, text)).transpose()?,
        source_kind: filter.by,
        stance: filter.stance,
        act: filter.act,
        is: filter.is.map(Sort::word).map(str::to_owned),
    };
    let sayings = view.sayings(&query, filter.length.page())?;
    let rows = sayings.iter().map(|saying| saying_row(&view, &texts, saying)).collect::<Result<_>>()?;
    session.answer(&List(rows))
}

/// Lists who is mentioned.
pub fn actors(session: &Session, filter: &TextFilter) -> Result<Exit> {
    session.answer(&List(session.view()?.actors(filter.text.as_deref(), filter.length.page())?))
}

/// Lists how actors stand to one another.
pub fn relations(session: &Session, filter: &RelationFilter) -> Result<Exit> {
    let view = session.view()?;
    let texts = Texts::of(&view)?;
    let relations = match &filter.actor {
        None => relations_in_order(&view)?,
        Some(text) => view.relations(Some(named::id(&view, text)?))?,
    };
    let rows = filter.length.of(relations).into_iter().map(|relation| relation_row(&texts, relation));
    session.answer(&List(rows.collect::<Result<_>>()?))
}

/// Lists reports.
pub fn reports(session: &Session, filter: &ReportFilter) -> Result<Exit> {
    let view = session.view()?;
    let query = ReportQuery {
        source: filter.source.as_deref().map(|text| named::source(&view, text)).transpose()?,
        since: filter.since,
        until: filter.until,
        words: filter.words.clone(),
    };
    session.answer(&List(view.reports(&query, filter.length.page())?))
}

/// Lists outlets and agencies.
pub fn sources(session: &Session, length: Length) -> Result<Exit> {
    let view = session.view()?;
    let mut rows = Vec::new();
    for source in length.of(view.sources()?) {
        let Some(sheet) = SourceSheet::of(&view, source.id)? else { continue };
        rows.push(SourceRow {
            id: source.id.to_string(),
            name: source.name,
            grade: sheet.grade,
            parent: sheet.parent,
            reports: sheet.reports.len() as u64,
        });
    }
    session.answer(&List(rows))
}

/// Lists which report derives from which.
pub fn copies(session: &Session, filter: &CopyFilter) -> Result<Exit> {
    let view = session.view()?;
    let texts = Texts::of(&view)?;
    let lineages = match &filter.report {
        None => lineages_in_order(&view)?,
        Some(text) => view.lineages(Some(named::id(&view, text)?))?,
    };
    let rows = filter.length.of(lineages).into_iter().map(|lineage| copy_row(&texts, lineage));
    session.answer(&List(rows.collect::<Result<_>>()?))
}

/// Lists what does not go together.
pub fn disputes(session: &Session, length: Length) -> Result<Exit> {
    let view = session.view()?;
    let relations = relations_in_order(&view)?;
    session.answer(&List(length.of(dispute_rows(&view, &relations)?)))
}

/// Lists what could not be taken in. It has no marking, so only those who may see everything see it.
pub fn failures(session: &Session) -> Result<Exit> {
    if Clearance::up_to(session.settings.clearance) != Clearance::full() {
        let message = "cannot list failures under a clearance, since they carry no marking";
        return Err(Problem::usage(message, "leave out --clearance").into());
    }
    session.answer(&List(session.pipeline.store().failures()?))
}
