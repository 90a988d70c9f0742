//! One thing with everything about it.

use super::overview::{copy, event, relation, saying};
use super::words::{self, plural, short};
use super::{Line, Page, Render, brief};
use crate::sheets::{
    ActorSheet, ClaimSheet, EventSheet, RelationSheet, ReportSheet, SourceSheet, Telling, VersionRow,
};
use crate::texts::Quote;
use headwater_domain::count::Harm;
use headwater_domain::judgement::{Author, Judgement, Verdict};
use headwater_domain::picture::Comparison;

/// Rows of a kind that a sheet shows before it only counts.
const ROWS_MAX: usize = 20;

impl Render for EventSheet {
    fn render(&self, page: &mut Page) {
        page.heading("EVENT", &self.row.event.id.to_string());
        event(&self.row, page);
        page.wrapped(
            1,
            2,
            Line::new().faint(format!("{} · {}", words::kind(self.row.event.kind), self.row.event.marking)),
        );
        page.heading("WHAT IS TOLD", "each value with its tellings; the first is the best by the rule");
        for field in &self.fields {
            for (position, (value, cited)) in field.values.iter().enumerate() {
                let name = if position == 0 { field.field.word() } else { "" };
                let cited = cited.iter().map(|number| format!("[{number}]")).collect::<String>();
                let mut line =
                    Line::new().plain(format!("{name:<12}")).strong(&value.words).plain(format!(" {cited}"));
                line = line.faint(format!(
                    " · {}, {}",
                    plural(value.reports, "report", "reports"),
                    plural(value.origins, "origin", "origins")
                ));
                line = match value.against_best {
                    _ if position == 0 && field.values.len() > 1 => {
                        line.faint(format!(" · by {}", field.rule))
                    }
                    _ if position == 0 => line,
                    Comparison::Contradiction => line.bad(" · contradiction"),
                    other => line.doubt(format!(" · {}", other.word())),
                };
                page.wrapped(1, 14, line);
            }
        }
        blames(self, page);
        page.heading("TELLINGS", "the report's exact words, with their place in its text in bytes");
        for each in &self.tellings {
            telling(each, page);
        }
        tolls(self, page);
        if !self.conflicts.is_empty() {
            page.heading("CONFLICTS", "");
            for conflict in &self.conflicts {
                let line = Line::new().strong(conflict.field.word()).plain(": ");
                let word = conflict.comparison.word();
                let line = if conflict.comparison == Comparison::Contradiction {
                    line.bad(word)
                } else {
                    line.doubt(word)
                };
                page.wrapped(1, 2, line.plain(format!(": {}", conflict.text)));
            }
        }
        page.heading("ORIGINS", &self.row.event.assessment.support());
        for origin in &self.origins {
            let certain = if origin.certain { "" } else { " · cannot be told apart for certain" };
            let reports = plural(origin.reports.len() as u64, "report", "reports");
            page.wrapped(1, 2, Line::new().plain(&origin.label).faint(format!(" · {reports}{certain}")));
        }
        if !self.reasons.is_empty() {
            page.heading("WHY", &words::credibility(self.row.event.assessment.credibility));
            for reason in &self.reasons {
                page.wrapped(1, 2, Line::new().plain(&reason.text).faint(format!(" ({})", reason.rule)));
            }
        }
        judgements(&self.judgements, page);
    }
}

fn blames(sheet: &EventSheet, page: &mut Page) {
    if sheet.responsibility.is_empty() {
        return;
    }
    page.heading("WHO IS SAID TO HAVE DONE IT", "");
    for blame in &sheet.responsibility {
        let part = |count: usize, words: &str| (count > 0).then(|| format!("{words} {count}"));
        let parts: Vec<String> = [
            part(blame.as_fact, "as fact by"),
            part(blame.attributed, "in others' words or with reserve by"),
            part(blame.claimed, "claims it:"),
            part(blame.denied, "denies it:"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let line = Line::new().id(short(&blame.actor.id)).plain("  ").strong(&blame.actor.name);
        page.wrapped(1, 2, line.plain(format!(" · {}", parts.join(", "))));
    }
}

fn tolls(sheet: &EventSheet, page: &mut Page) {
    if sheet.tolls.is_empty() {
        return;
    }
    page.heading("TOLLS OVER TIME", "");
    let rows = sheet
        .tolls
        .iter()
        .map(|toll| {
            let said = if toll.voices.is_empty() { String::new() } else { format!(", by {}", toll.voices) };
            vec![
                Line::new().plain(toll.published.as_deref().unwrap_or("no date")),
                Line::new().plain(harm(toll.harm)),
                Line::new().strong(toll.count.to_string()),
                Line::new()
                    .plain(format!("“{}” [{}]{said}", toll.words, toll.telling))
                    .faint(format!(" · {}", toll.label)),
            ]
        })
        .collect();
    page.table(1, rows);
}

fn harm(harm: Harm) -> &'static str {
    match harm {
        Harm::Killed => "killed",
        Harm::Injured => "injured",
        Harm::KilledOrInjured => "killed or injured",
        Harm::Missing => "missing",
        Harm::Abducted => "abducted",
        Harm::Detained => "detained",
        Harm::Displaced => "displaced",
    }
}

fn telling(telling: &Telling, page: &mut Page) {
    let mut line = Line::new()
        .strong(format!("[{}] ", telling.number))
        .id(short(&telling.claim))
        .plain(format!("  {}", telling.label))
        .faint(format!(" {}", short(&telling.report)))
        .plain(format!(" · {}", telling.status));
    if !telling.voices.is_empty() {
        line = line.doubt(format!(" · through {}", telling.voices));
    }
    if telling.hedged {
        line = line.doubt(" · with reserve");
    }
    page.wrapped(1, 4, line);
    for each in &telling.quotes {
        quote(each, 5, page);
    }
}

/// A passage with the words meant marked, and where it stands.
fn quote(quote: &Quote, indent: usize, page: &mut Page) {
    let mut line = Line::new().plain("“");
    let mut done = 0;
    for &(start, end) in &quote.marks {
        // Marks may overlap; what is shown already is not shown again.
        let start = start.max(done);
        if let (Some(before), Some(marked)) =
            (quote.text.get(done..start), quote.text.get(start..end.max(start)))
        {
            line = line.plain(before).mark(marked);
            done = end.max(start);
        }
    }
    line = line.plain(quote.text.get(done..).unwrap_or_default()).plain("”");
    line = line.faint(format!(
        " ({}, version {}, bytes {}–{})",
        short(&quote.report),
        quote.version,
        quote.start,
        quote.end
    ));
    page.wrapped(indent, 2, line);
}

impl Render for ReportSheet {
    fn render(&self, page: &mut Page) {
        page.heading("REPORT", &self.summary.id.to_string());
        page.wrapped(1, 2, Line::new().strong(self.summary.title.as_deref().unwrap_or(&self.label)));
        let published = self.summary.published.map_or_else(|| "not known".to_owned(), |at| at.to_string());
        let mut rows = vec![
            ("source", self.summary.source_name.clone().unwrap_or_else(|| "not known".to_owned())),
            ("published", published),
        ];
        let version = format!(
            "{} of {}",
            self.summary.version,
            plural(self.versions.len() as u64, "version", "versions")
        );
        for (name, value) in [
            ("agency", &self.wire),
            ("carried by", &self.carrier),
            ("author", &self.author),
            ("dateline", &self.dateline),
            ("address", &self.url),
            ("given id", &self.summary.given_id),
            ("language", &self.summary.language),
            ("not read", &self.summary.not_read),
        ] {
            rows.extend(value.clone().map(|value| (name, value)));
        }
        rows.extend([
            ("found at", self.origin.clone()),
            ("taken in", self.received.to_string()),
            ("marking", self.summary.marking.to_string()),
            ("version", version),
        ]);
        page.table(
            1,
            rows.into_iter().map(|(name, value)| vec![Line::new().faint(name), value.into()]).collect(),
        );
        let more = if self.text_goes_on { "the beginning; --text shows all" } else { "" };
        page.heading("TEXT", more);
        for paragraph in self.text.lines() {
            page.wrapped(1, 0, paragraph);
        }
        versions(&self.versions, page);
        rows_of(page, "EVENTS", &self.events, event);
        rows_of(page, "WHAT IS SAID", &self.sayings, saying);
        rows_of(page, "COPIES AND SHARED WORDING", &self.lineages, copy);
    }
}

fn rows_of<T>(page: &mut Page, name: &str, rows: &[T], row: impl Fn(&T, &mut Page)) {
    if rows.is_empty() {
        return;
    }
    page.heading(name, &rows.len().to_string());
    for each in rows.iter().take(ROWS_MAX) {
        row(each, page);
    }
    if rows.len() > ROWS_MAX {
        page.wrapped(
            1,
            2,
            Line::new().faint(format!("… {} more: add --json for all", rows.len() - ROWS_MAX)),
        );
    }
}

fn versions(rows: &[VersionRow], page: &mut Page) {
    if rows.len() < 2 {
        return;
    }
    page.heading("VERSIONS", "what changed from one to the next");
    for row in rows {
        page.wrapped(
            1,
            2,
            Line::new()
                .strong(format!("version {}", row.version))
                .faint(format!(" taken in {}", row.received)),
        );
        if let Some(title) = &row.title {
            page.wrapped(3, 2, Line::new().plain("headline now: ").strong(title));
        }
        for sentence in &row.removed {
            page.wrapped(3, 2, Line::new().bad("− ").plain(sentence));
        }
        for sentence in &row.added {
            page.wrapped(3, 2, Line::new().good("+ ").plain(sentence));
        }
    }
}

impl Render for ClaimSheet {
    fn render(&self, page: &mut Page) {
        page.heading("CLAIM", &self.claim.id.to_string());
        let mut line =
            Line::new().strong(self.claim.proposition.word()).plain(format!(" · {}", self.claim.stance));
        if self.claim.hedge.is_some() {
            line = line.doubt(" · with reserve");
        }
        let (version, latest) = self.version;
        line = line.plain(format!(" · {} {}", self.label, short(&self.report)));
        if version < latest {
            line = line.bad(format!(" · stands in version {version} and no longer in version {latest}"));
        }
        page.wrapped(1, 2, line.faint(format!(" · reading {:.2}", self.claim.score.get())));
        for (speaker, cue, stance) in &self.speakers {
            let cue = if cue.is_empty() { String::new() } else { format!(" “{cue}”") };
            page.wrapped(
                1,
                2,
                Line::new().plain("said by ").strong(speaker).plain(format!("{cue} ({stance})")),
            );
        }
        for each in &self.quotes {
            quote(each, 1, page);
        }
        page.table(
            1,
            self.parts
                .iter()
                .map(|(part, words)| vec![Line::new().faint(part), words.as_str().into()])
                .collect(),
        );
        rows_of(page, "EVENT", self.event.as_slice(), event);
        judgements(&self.judgements, page);
    }
}

impl Render for ActorSheet {
    fn render(&self, page: &mut Page) {
        page.heading("ACTOR", &self.summary.actor.id.to_string());
        super::overview::actor(&self.summary, page);
        let known =
            self.summary.actor.known.as_deref().map_or_else(String::new, |key| format!(" · known as {key}"));
        page.wrapped(1, 2, Line::new().faint(format!("{}{known}", self.summary.actor.kind)));
        page.heading("WHERE IT IS MENTIONED, AND WHY IT IS TAKEN FOR THIS ACTOR", "");
        for (report, label, mention) in self.mentions.iter().take(ROWS_MAX) {
            let names = mention.names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
            let line = Line::new().id(short(report)).plain(format!("  {label}: {names}"));
            let times = plural(mention.spans.len() as u64, "time", "times");
            page.wrapped(1, 12, line.faint(format!(" · {times} · {}", mention.because)));
        }
        rows_of(page, "EVENTS", &self.events, event);
        rows_of(page, "RELATIONS", &self.relations, relation);
        rows_of(page, "WHAT IT SAYS", &self.sayings, saying);
    }
}

impl Render for RelationSheet {
    fn render(&self, page: &mut Page) {
        page.heading("RELATION", &self.row.relation.id.to_string());
        relation(&self.row, page);
        page.wrapped(1, 2, self.row.relation.summary.as_str());
        page.heading("TELLINGS", "");
        for telling in &self.tellings {
            let mut line = Line::new()
                .id(short(&telling.claim))
                .plain(format!("  {} ", telling.between.0))
                .strong(&telling.how)
                .plain(format!(" {} · {}", telling.between.1, telling.label));
            if !telling.voices.is_empty() {
                line = line.doubt(format!(" · through {}", telling.voices));
            }
            if telling.hedged {
                line = line.doubt(" · with reserve");
            }
            page.wrapped(1, 4, line);
            for each in &telling.quotes {
                quote(each, 5, page);
            }
        }
    }
}

impl Render for SourceSheet {
    fn render(&self, page: &mut Page) {
        page.heading("SOURCE", &self.source.id.to_string());
        let mut line = Line::new().strong(&self.source.name).plain(format!(" · grade {:?}", self.grade));
        if let Some(parent) = &self.parent {
            line = line.plain(format!(" · belongs to {parent}"));
        }
        page.wrapped(1, 2, line);
        rows_of(page, "REPORTS", &self.reports, super::lists::report);
        judgements(&self.judgements, page);
    }
}

impl Render for Judgement {
    fn render(&self, page: &mut Page) {
        page.heading("JUDGEMENT", &self.id.to_string());
        judgement(self, page);
    }
}

fn judgements(all: &[Judgement], page: &mut Page) {
    rows_of(page, "JUDGEMENTS", all, judgement);
}

/// A judgement in one row.
pub fn judgement(judgement: &Judgement, page: &mut Page) {
    let author = match &judgement.by {
        Author::Analyst(name) => name.clone(),
        Author::Rule(name) => format!("rule {name}"),
    };
    let line = Line::new().id(short(&judgement.id)).plain("  ").strong(verdict(&judgement.verdict));
    let line = line.plain(format!(": {}", brief(&judgement.because, 200)));
    page.wrapped(1, 12, line.faint(format!(" · {author}, {}", judgement.at)));
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::SameEvent(left, right) => format!("{} and {} are one event", short(left), short(right)),
        Verdict::DistinctEvents(left, right) => {
            format!("{} and {} are two events", short(left), short(right))
        }
        Verdict::SameActor(left, right) => format!("{} and {} are one actor", short(left), short(right)),
        Verdict::DistinctActors(left, right) => {
            format!("{} and {} are two actors", short(left), short(right))
        }
        Verdict::ClaimStands(claim) => format!("{} stands", short(claim)),
        Verdict::ClaimFails(claim) => format!("{} fails", short(claim)),
        Verdict::SourceRated(source, grade) => format!("{} is graded {grade:?}", short(source)),
        Verdict::SourceBelongs(source, to) => format!("{} belongs to {}", short(source), short(to)),
        Verdict::Withdrawn(earlier) => format!("{} is taken back", short(earlier)),
    }
}
