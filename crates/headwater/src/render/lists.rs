//! Lists: many things, one row each.

use super::words::{plural, short};
use super::{Line, Page, Render, overview, sheets};
use crate::overview::{CopyRow, DisputeRow, EventRow, RelationRow, SayingRow};
use headwater_domain::judgement::Judgement;
use headwater_domain::record::Failure;
use headwater_domain::report::Reliability;
use headwater_store::query::{ActorSummary, ReportSummary};
use serde::Serialize;

/// Rows of one kind.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct List<T>(pub Vec<T>);

/// A source with how many reports it has.
#[derive(Debug, Serialize)]
pub struct SourceRow {
    /// The source's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its grade as decided last.
    pub grade: Reliability,
    /// The family it belongs to.
    pub parent: Option<String>,
    /// How many reports it has.
    pub reports: u64,
}

/// Something that has a row.
pub trait Row {
    /// What to say where there is none.
    const NONE: &'static str;
    /// Lays it out.
    fn row(&self, page: &mut Page);
}

impl<T: Row> Render for List<T> {
    fn render(&self, page: &mut Page) {
        if self.0.is_empty() {
            page.wrapped(0, 2, Line::new().faint(T::NONE));
        }
        for each in &self.0 {
            each.row(page);
        }
    }
}

macro_rules! rows {
    ($($type:ty, $none:literal, $row:path;)+) => {
        $(impl Row for $type {
            const NONE: &'static str = $none;
            fn row(&self, page: &mut Page) {
                $row(self, page);
            }
        })+
    };
}

rows! {
    EventRow, "No such events.", overview::event;
    SayingRow, "No such claims.", overview::saying;
    ActorSummary, "No such actors.", overview::actor;
    RelationRow, "No such relations.", overview::relation;
    CopyRow, "No copies found.", overview::copy;
    DisputeRow, "Nothing contradicts anything.", overview::dispute;
    ReportSummary, "No such reports.", report;
    SourceRow, "No named sources.", source;
    Failure, "Everything could be taken in.", failure;
    Judgement, "Nothing has been decided.", sheets::judgement;
}

/// A report in one row.
pub fn report(report: &ReportSummary, page: &mut Page) {
    let day = report.published.map_or_else(|| "no date".to_owned(), |published| published.date().to_string());
    let mut line = Line::new().id(short(&report.id)).plain(format!("  {day:<10}  "));
    let name = report.title.as_deref().or(report.given_id.as_deref()).unwrap_or("without a headline");
    line = line.strong(name);
    if let Some(source) = &report.source_name {
        line = line.plain(format!(" · {source}"));
    }
    line = match &report.not_read {
        Some(reason) => line.doubt(format!(" · not read: {reason}")),
        None => line.faint(format!(
            " · {}, {}",
            plural(report.events, "event", "events"),
            plural(report.sayings, "claim", "claims")
        )),
    };
    if report.sayings_unnamed > 0 {
        line = line.faint(format!(" ({} unnamed)", report.sayings_unnamed));
    }
    if report.version > 1 {
        line = line.faint(format!(" · version {}", report.version));
    }
    page.wrapped(1, 12, line);
}

fn source(source: &SourceRow, page: &mut Page) {
    let mut line = Line::new().id(short(&source.id)).plain("  ").strong(&source.name);
    line =
        line.plain(format!(" · grade {:?} · {}", source.grade, plural(source.reports, "report", "reports")));
    if let Some(parent) = &source.parent {
        line = line.faint(format!(" · belongs to {parent}"));
    }
    page.wrapped(1, 12, line);
}

fn failure(failure: &Failure, page: &mut Page) {
    let mut line = Line::new().strong(&failure.origin).plain(": ").bad(&failure.reason);
    if !failure.detail.is_empty() {
        line = line.faint(format!(" ({})", failure.detail));
    }
    page.wrapped(1, 2, line);
    if !failure.hint.is_empty() {
        page.wrapped(3, 2, Line::new().faint(format!("hint: {}", failure.hint)));
    }
}
