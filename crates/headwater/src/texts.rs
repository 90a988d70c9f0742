//! Texts: which words does a value rest on, and in which report do they stand?

use crate::view::View;
use headwater_domain::id::{ReportId, SourceId};
use headwater_domain::report::{Report, Source};
use headwater_domain::text::{Evidence, Span};
use headwater_store::StoreError;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How many characters of a file's name are enough to tell reports apart by.
const FILE_NAME_MAX: usize = 16;

type Versions = BTreeMap<(ReportId, Option<u32>), Option<Rc<Report>>>;

/// Reports as they are needed, each read from the store once.
pub struct Texts<'v> {
    view: &'v View,
    sources: BTreeMap<SourceId, Source>,
    reports: RefCell<Versions>,
}

/// The exact words of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// The report.
    pub report: ReportId,
    /// Its version.
    pub version: u32,
    /// First byte in the report's text.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The words.
    pub text: String,
    /// Parts of the words that matter most, in bytes from the first.
    pub marks: Vec<(usize, usize)>,
}

impl<'v> Texts<'v> {
    /// Begins with the sources known.
    pub fn of(view: &'v View) -> Result<Self, StoreError> {
        let sources = view.sources()?.into_iter().map(|source| (source.id, source)).collect();
        Ok(Self { view, sources, reports: RefCell::default() })
    }

    /// A version of a report; the latest if none is named.
    pub fn report(&self, id: ReportId, version: Option<u32>) -> Result<Option<Rc<Report>>, StoreError> {
        if let Some(known) = self.reports.borrow().get(&(id, version)) {
            return Ok(known.clone());
        }
        let report = self.view.report(id, version)?.map(Rc::new);
        self.reports.borrow_mut().insert((id, version), report.clone());
        Ok(report)
    }

    /// The name of a source.
    pub fn source_name(&self, id: SourceId) -> Option<&str> {
        self.sources.get(&id).map(|source| source.name.as_str())
    }

    /// A source.
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(&id)
    }

    /// How a report is called in a line: by publisher and day, else by the name of its file.
    pub fn label(&self, id: ReportId) -> Result<String, StoreError> {
        Ok(self.report(id, None)?.map_or_else(|| "a report".to_owned(), |report| self.label_of(&report)))
    }

    /// See [`Self::label`].
    pub fn label_of(&self, report: &Report) -> String {
        let day = report.published.map(|published| published.date().to_string());
        match report.source.and_then(|source| self.source_name(source)) {
            Some(name) => [Some(name.to_owned()), day].into_iter().flatten().collect::<Vec<_>>().join(" "),
            None => own_name(report),
        }
    }

    /// The first passage of the evidence, with these parts marked.
    pub fn quote(&self, evidence: &Evidence, marks: &[Span]) -> Result<Option<Quote>, StoreError> {
        self.quote_span(evidence, evidence.first(), marks)
    }

    /// One passage of the evidence, with these parts marked.
    pub fn quote_span(
        &self,
        evidence: &Evidence,
        span: Span,
        marks: &[Span],
    ) -> Result<Option<Quote>, StoreError> {
        let Some(report) = self.report(evidence.report, Some(evidence.version))? else { return Ok(None) };
        Ok(quote_of(&report, span, marks))
    }

    /// The first passage of the evidence, flattened to one line, and where in it these words begin.
    pub fn words_around(&self, evidence: &Evidence, span: Span) -> Result<(String, usize), StoreError> {
        let sentence = evidence.first();
        let report = self.report(evidence.report, Some(evidence.version))?;
        let before = report
            .filter(|_| sentence.contains(span))
            .and_then(|report| report.text.as_str().get(sentence.start()..span.start()).map(flat))
            .unwrap_or_default();
        Ok((self.words(evidence, sentence)?, before.len()))
    }

    /// These words of a report, flattened to one line.
    pub fn words(&self, evidence: &Evidence, span: Span) -> Result<String, StoreError> {
        let report = self.report(evidence.report, Some(evidence.version))?;
        let words = report.as_ref().and_then(|report| report.text.passage(span)).unwrap_or_default();
        Ok(flat(words))
    }
}

fn flat(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A passage of a report with parts of it marked.
pub fn quote_of(report: &Report, span: Span, marks: &[Span]) -> Option<Quote> {
    let text = report.text.passage(span)?.to_owned();
    let inside = marks.iter().filter(|mark| span.contains(**mark));
    let mut marks: Vec<_> =
        inside.map(|mark| (mark.start() - span.start(), mark.end() - span.start())).collect();
    marks.sort_unstable();
    marks.dedup();
    Some(Quote {
        report: report.id,
        version: report.version,
        start: span.start(),
        end: span.end(),
        text,
        marks,
    })
}

fn own_name(report: &Report) -> String {
    if let Some(given) = &report.given_id {
        return given.chars().take(FILE_NAME_MAX).collect();
    }
    let last = report.origin.rsplit(['/', '\\', '!']).next().unwrap_or(&report.origin);
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    if stem.is_empty() || stem == "-" {
        return report.title.as_deref().unwrap_or("unnamed report").chars().take(FILE_NAME_MAX).collect();
    }
    stem.chars().take(FILE_NAME_MAX).collect()
}
