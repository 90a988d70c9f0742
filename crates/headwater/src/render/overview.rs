//! The overview on one screen.

use super::words::{self, plural, short};
use super::{Line, Page, Render, brief, brief_around};
use crate::overview::{
    AlikeRow, CopyRow, DisputeRow, EventRow, Overview, RelationRow, SayingRow, Section, Told, UnnamedRow,
};
use headwater_domain::kind::EventStatus;
use headwater_domain::picture::Comparison;
use headwater_domain::resolution::LineageKind;
use headwater_store::query::ActorSummary;

/// Names of one actor that are shown in a row.
const NAMES_MAX: usize = 6;
/// Speakers of one report that are shown in a row.
const SPEAKERS_MAX: usize = 8;
/// Characters of the named speakers of one report that are shown in a row.
const NAMED_MAX: usize = 60;
/// Reports that are named in a row.
const REPORTS_MAX: usize = 3;
/// Tellers of one reading of a relation that are shown in a row.
const TELLERS_MAX: usize = 4;
/// Characters of a quotation that are shown in a row.
const QUOTE_MAX: usize = 130;
/// Where the second line of a row begins: under the words, past the id.
const UNDER: usize = 13;

impl Render for Overview {
    fn render(&self, page: &mut Page) {
        head(self, page);
        section(page, "EVENTS", &self.events, "headwater events", event);
        imagined(self, page);
        section(
            page,
            "PLANNED, THREATENED, FOILED",
            &self.ahead,
            "headwater events --status planned|threatened|foiled",
            event,
        );
        section(page, "ACTORS", &self.actors, "headwater actors", actor);
        section(page, "RELATIONS", &self.relations, "headwater relations", relation);
        section(page, "NOBODY NAMED BEHIND IT", &self.unnamed, "headwater claims --by unnamed", unnamed);
        section(
            page,
            "PROMISES, DENIALS, CLAIMS OF RESPONSIBILITY",
            &self.acts,
            "headwater claims --is speech-act",
            saying,
        );
        section(page, "ASSESSMENTS", &self.assessments, "headwater claims --is assessment", saying);
        section(page, "OUTLOOK", &self.outlooks, "headwater claims --is outlook", saying);
        section(page, "COPIES AND SHARED WORDING", &self.copies, "headwater copies", copy);
        section(
            page,
            "TOLD ALIKE, NEITHER CITING THE OTHER",
            &self.told_alike,
            "headwater events --most-reported",
            alike,
        );
        section(page, "DISPUTES", &self.disputes, "headwater disputes", dispute);
        if self.totals.reports > 0 {
            page.gap();
            page.wrapped(
                0,
                2,
                Line::new().faint("`headwater show ID` opens any row with the sentences behind it."),
            );
        }
    }
}

fn head(overview: &Overview, page: &mut Page) {
    let totals = &overview.totals;
    if totals.reports == 0 {
        page.wrapped(0, 2, "No reports yet.");
        page.wrapped(0, 2, Line::new().faint("Begin with `headwater take-in FOLDER`."));
        return;
    }
    let mut line = Line::new()
        .strong(plural(totals.reports, "report", "reports"))
        .plain(format!(" from {}", plural(totals.sources, "named source", "named sources")));
    line = match totals.published {
        Some((first, last)) if first == last => line.plain(format!(", published {first}")),
        Some((first, last)) => line.plain(format!(", published {first} to {last}")),
        None => line.plain(", none with a date"),
    };
    if totals.not_read > 0 {
        line = line.doubt(format!(" · {} not read", totals.not_read));
    }
    if totals.failures > 0 {
        line =
            line.bad(format!(" · {} could not be taken in", totals.failures)).faint(" (headwater failures)");
    }
    if let Some(at) = overview.as_of {
        line = line.doubt(format!(" · as of {at}"));
    } else if overview.limited {
        line = line.doubt(" · limited by clearance");
    }
    page.wrapped(0, 2, line);
}

/// Writes a section with its rows and how to see the rest; nothing where there is nothing.
fn section<T>(page: &mut Page, name: &str, section: &Section<T>, more: &str, row: impl Fn(&T, &mut Page)) {
    if section.total == 0 {
        return;
    }
    page.heading(name, &section.total.to_string());
    for each in &section.rows {
        row(each, page);
    }
    let left = section.total.saturating_sub(section.rows.len() as u64);
    if left > 0 {
        page.wrapped(1, 2, Line::new().faint(format!("… {left} more: {more}")));
    }
}

/// What is only imagined is counted, so that it is not overlooked, and not listed.
fn imagined(overview: &Overview, page: &mut Page) {
    let of_status = |(status, _): &&(EventStatus, u64)| *status == EventStatus::Hypothetical;
    if let Some((status, count)) = overview.statuses.iter().find(of_status).filter(|(_, count)| *count > 0) {
        let remark = format!("besides, {count} only imagined: headwater events --status {status}");
        page.wrapped(1, 2, Line::new().faint(remark));
    }
}

/// An event in three lines: when and where, what, how sure.
pub fn event(row: &EventRow, page: &mut Page) {
    let event = &row.event;
    let when = words::when(event.when.as_ref(), event.window.as_ref());
    let mut first = Line::new().id(short(&event.id)).plain("  ");
    first = if event.when.is_some() { first.strong(when) } else { first.doubt(when) };
    first = first.plain(" · ");
    first = match &event.place {
        Some(_) => first.strong(words::place(event.place.as_ref())),
        None => first.doubt(words::place(None)),
    };
    page.wrapped(1, UNDER - 1, first);
    let mut second = Line::new().plain(words::what(event));
    let tolls = words::tolls(&event.assessment);
    second = if tolls.is_empty() {
        second.faint(" · no toll stated")
    } else {
        second.strong(format!(" · {tolls}"))
    };
    if event.aggregate {
        second = second.faint(" · several events or a total");
    }
    page.wrapped(UNDER, 2, second);
    let mut third = status(event.status);
    third = third.plain(format!(" · {}", event.assessment.support()));
    let told = told(&row.told);
    // Of one report that tells a thing as fact, nothing is left to say.
    if event.assessment.reports > 1 || row.told.as_fact == 0 {
        third = third.plain(format!("; {told}"));
    }
    third = third.faint(format!(" · {}", words::credibility(event.assessment.credibility)));
    if !event.assessment.conflicts.is_empty() {
        third = third
            .bad(format!(" · {}", plural(event.assessment.conflicts.len() as u64, "conflict", "conflicts")));
    }
    third = third.faint(format!(
        " · {}",
        row.reports.iter().take(REPORTS_MAX).cloned().collect::<Vec<_>>().join(", ")
    ));
    if row.reports.len() > REPORTS_MAX {
        third = third.faint(format!(" and {} more", row.reports.len() - REPORTS_MAX));
    }
    page.wrapped(UNDER, 2, third);
    if !row.responsibility.is_empty() {
        let words = format!("responsibility: {}", row.responsibility.join("; "));
        page.wrapped(UNDER, 2, Line::new().doubt(words));
    }
}

fn status(status: EventStatus) -> Line {
    let words = words::status(status);
    match status {
        EventStatus::Happened => Line::new().good(words),
        EventStatus::Denied => Line::new().bad(words),
        _ => Line::new().doubt(words),
    }
}

fn told(told: &Told) -> String {
    let part = |count: u32, words: &str| (count > 0).then(|| format!("{words} by {count}"));
    let parts = [
        part(told.as_fact, "told as fact"),
        part(told.attributed, "attributed to others"),
        part(told.hedged, "told with reserve"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// An actor with the names that reports give it.
pub fn actor(summary: &ActorSummary, page: &mut Page) {
    let mut line = Line::new().id(short(&summary.actor.id)).plain("  ").strong(&summary.actor.name);
    let others: Vec<&str> =
        summary.names.iter().filter(|name| **name != summary.actor.name).map(String::as_str).collect();
    if !others.is_empty() {
        let shown =
            others.iter().take(NAMES_MAX).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
        let more = if others.len() > NAMES_MAX { ", …" } else { "" };
        line = line.plain(format!(" as {shown}{more}"));
    }
    let count = format!(
        " · {}, {}",
        plural(summary.reports, "report", "reports"),
        plural(summary.mentions, "mention", "mentions")
    );
    page.wrapped(1, UNDER - 1, line.faint(count));
}

/// A relation with who tells of it how.
pub fn relation(row: &RelationRow, page: &mut Page) {
    let relation = &row.relation;
    let mut line = Line::new()
        .id(short(&relation.id))
        .plain("  ")
        .strong(&relation.left.name)
        .plain(" – ")
        .strong(&relation.right.name)
        .plain(": ");
    if relation.disputed {
        line = line.bad("disputed: ");
    }
    for (position, (how, who)) in row.told.iter().enumerate() {
        if position > 0 {
            line = line.plain(" / ");
        }
        let shown = who.iter().take(TELLERS_MAX).cloned().collect::<Vec<_>>().join("; ");
        let more = if who.len() > TELLERS_MAX {
            format!("; {} more", who.len() - TELLERS_MAX)
        } else {
            String::new()
        };
        line = line.plain(how).faint(format!(" ({shown}{more})"));
    }
    page.wrapped(1, UNDER - 1, line);
}

fn unnamed(row: &UnnamedRow, page: &mut Page) {
    let mut line = Line::new().id(short(&row.report)).plain("  ").strong(&row.label);
    let of = plural(row.attributed, "attributed claim", "attributed claims");
    line = line.plain(format!(": {} of {of} rest on unnamed speakers", row.unnamed));
    let shown: Vec<String> = row
        .speakers
        .iter()
        .take(SPEAKERS_MAX)
        .map(|(words, count)| if *count > 1 { format!("“{words}” ×{count}") } else { format!("“{words}”") })
        .collect();
    let more = if row.speakers.len() > SPEAKERS_MAX { ", …" } else { "" };
    line = line.plain(format!(": {}{more}", shown.join(", ")));
    line = match row.named.as_slice() {
        [] => line.bad(" · no named speaker or document"),
        named => line.faint(format!(" · named: {}", brief(&named.join(", "), NAMED_MAX))),
    };
    if !row.dated {
        line = line.bad(" · no date");
    }
    page.wrapped(1, UNDER - 1, line);
}

/// Something said: who, to whom, what, where.
pub fn saying(row: &SayingRow, page: &mut Page) {
    let mut line = Line::new().id(short(&row.claim)).plain("  ");
    let who = row.voice.as_ref().map_or_else(|| "the writer".to_owned(), words::voice);
    line = line.strong(who);
    if let Some(act) = row.act {
        line = line.plain(format!(" {}", words::act(act)));
    } else if let Some(voice) = &row.voice {
        line = line.plain(format!(" {}", words::stance(voice.stance)));
    }
    if let Some(addressee) = &row.addressee {
        line = line.plain(format!(" ({addressee})"));
    }
    line = line.plain(format!(": “{}”", brief_around(&row.content, row.at, QUOTE_MAX)));
    if row.hedged {
        line = line.doubt(" hedged");
    }
    if let Some((event, title)) = row.about.first() {
        line = line.faint(format!(" → {} {}", short(event), brief(title, 50)));
    }
    page.wrapped(1, UNDER - 1, line.faint(format!(" · {}", row.report)));
}

/// Which report derives from which.
pub fn copy(row: &CopyRow, page: &mut Page) {
    let lineage = &row.lineage;
    let verb = match (lineage.kind, lineage.directed) {
        (LineageKind::SharedQuoteOnly, _) => "shares quotations with",
        (_, true) => "derives from",
        (_, false) => "shares its wording with",
    };
    let line = Line::new()
        .id(short(&lineage.to))
        .plain("  ")
        .strong(&row.to)
        .plain(format!(" {verb} "))
        .strong(&row.from)
        .plain(" ")
        .id(short(&lineage.from))
        .plain(format!(" · {}", lineage.kind.word()))
        .faint(format!(" · {}", lineage.because));
    page.wrapped(1, UNDER - 1, line);
}

fn alike(row: &AlikeRow, page: &mut Page) {
    let line = Line::new()
        .id(short(&row.event))
        .plain("  ")
        .plain(&row.title)
        .faint(" · ")
        .strong(row.reports.join(", "));
    page.wrapped(1, UNDER - 1, line);
}

/// Something that does not go together.
pub fn dispute(row: &DisputeRow, page: &mut Page) {
    let comparison = row.comparison.word();
    let mut line =
        Line::new().id(short(&row.id)).plain("  ").strong(&row.about).plain(format!(" · {} · ", row.field));
    line = if row.comparison == Comparison::Contradiction {
        line.bad(comparison)
    } else {
        line.doubt(comparison)
    };
    page.wrapped(1, UNDER - 1, line.plain(format!(": {}", row.text)));
}
