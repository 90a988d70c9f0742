//! Overview: what does somebody need to see first?

use crate::render::words;
use crate::texts::Texts;
use crate::view::View;
use anyhow::Result;
use headwater_analysis::assess::{Responsibility, responsibility};
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::kind::EventStatus;
use headwater_domain::picture::{Comparison, Dossier, Event, Relation, RelationReading};
use headwater_domain::reading::{SourceKind, SpeechActKind};
use headwater_domain::resolution::{ActorRef, Incident, Lineage, LineageKind, Saying, Voice};
use headwater_store::query::{
    ActorSummary, EventOrder, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery, Totals,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the overview shows.
#[derive(Debug, Serialize)]
pub struct Overview {
    /// As of when; nothing for now.
    pub as_of: Option<jiff::Timestamp>,
    /// Whether something may be left out for want of clearance or because it came later.
    pub limited: bool,
    /// How much there is.
    pub totals: Totals,
    /// How many events have which status.
    pub statuses: Vec<(EventStatus, u64)>,
    /// What happened, or is said to have.
    pub events: Section<EventRow>,
    /// What is planned or threatened, or was prevented.
    pub ahead: Section<EventRow>,
    /// Who is named.
    pub actors: Section<ActorSummary>,
    /// How they stand to one another, what is disputed first.
    pub relations: Section<RelationRow>,
    /// Reports that rest on speakers whom nobody names.
    pub unnamed: Section<UnnamedRow>,
    /// Promises, denials, claims of responsibility.
    pub acts: Section<SayingRow>,
    /// What writers and speakers make of it.
    pub assessments: Section<SayingRow>,
    /// What they expect.
    pub outlooks: Section<SayingRow>,
    /// Which report derives from which.
    pub copies: Section<CopyRow>,
    /// Reports that tell of the same without citing one another.
    pub told_alike: Section<AlikeRow>,
    /// What does not go together.
    pub disputes: Section<DisputeRow>,
}

/// The first rows of something, and how many there are.
#[derive(Debug, Serialize)]
pub struct Section<T> {
    /// How many there are.
    pub total: u64,
    /// The first of them.
    pub rows: Vec<T>,
}

impl<T> Section<T> {
    fn first_of(mut rows: Vec<T>, limit: usize) -> Self {
        let total = rows.len() as u64;
        rows.truncate(limit);
        Self { total, rows }
    }

    /// Only the rows that are shown are worked out.
    fn shown<A>(all: Vec<A>, limit: usize, row: impl Fn(A) -> Result<T>) -> Result<Self> {
        let total = all.len() as u64;
        Ok(Self { total, rows: all.into_iter().take(limit).map(row).collect::<Result<_>>()? })
    }
}

/// An event in one row.
#[derive(Debug, Serialize)]
pub struct EventRow {
    /// The event.
    pub event: Event,
    /// How the reports tell it.
    pub told: Told,
    /// The reports, by name.
    pub reports: Vec<String>,
    /// Who is said to have done it, where that is more than told as fact: in words, each once.
    pub responsibility: Vec<String>,
}

/// How many reports tell something in which manner; a report counts once, in its firmest manner.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Told {
    /// In their own words, as fact.
    pub as_fact: u32,
    /// In somebody's words.
    pub attributed: u32,
    /// In words that withhold commitment.
    pub hedged: u32,
}

/// A relation in one row.
#[derive(Debug, Serialize)]
pub struct RelationRow {
    /// The relation.
    pub relation: Relation,
    /// Each way that it is told, and by whom.
    pub told: Vec<(String, Vec<String>)>,
}

/// How far a report rests on speakers whom nobody names.
#[derive(Debug, Serialize)]
pub struct UnnamedRow {
    /// The report.
    pub report: ReportId,
    /// Its name.
    pub label: String,
    /// How many of its claims are told in somebody's words.
    pub attributed: u32,
    /// How many of these are told in the words of nobody in particular.
    pub unnamed: u32,
    /// Who is named behind the others, documents included.
    pub named: Vec<String>,
    /// Whether it carries a date.
    pub dated: bool,
    /// The unnamed speakers as the report words them, with how often.
    pub speakers: Vec<(String, u32)>,
}

/// Something said, in one row.
#[derive(Debug, Serialize)]
pub struct SayingRow {
    /// The claim.
    pub claim: ClaimId,
    /// The report, by name.
    pub report: String,
    /// The act, if it is one.
    pub act: Option<SpeechActKind>,
    /// Who says it; nothing where the writer does.
    pub voice: Option<Voice>,
    /// To whom, or who is blamed.
    pub addressee: Option<String>,
    /// What is said, in the report's words; for an act the sentence in which it is done.
    pub content: String,
    /// Where in these words the act is done, in bytes; 0 where it is no act.
    pub at: usize,
    /// Whether it withholds commitment.
    pub hedged: bool,
    /// The events that it is about.
    pub about: Vec<(EventId, String)>,
}

/// A lineage in one row.
#[derive(Debug, Serialize)]
pub struct CopyRow {
    /// The lineage.
    pub lineage: Lineage,
    /// The name of the one that was there first, where that is known.
    pub from: String,
    /// The name of the other.
    pub to: String,
}

/// Reports that tell of the same event without citing one another.
#[derive(Debug, Serialize)]
pub struct AlikeRow {
    /// The event.
    pub event: EventId,
    /// What it is.
    pub title: String,
    /// The reports, by name.
    pub reports: Vec<String>,
}

/// Something that does not go together.
#[derive(Debug, Serialize)]
pub struct DisputeRow {
    /// What to show for more.
    pub id: String,
    /// What it is about.
    pub about: String,
    /// The field, or `relation`.
    pub field: String,
    /// How the sides compare.
    pub comparison: Comparison,
    /// In words.
    pub text: String,
}

/// What reports tell to have been, the past included.
const TOLD: [EventStatus; 4] =
    [EventStatus::Happened, EventStatus::Alleged, EventStatus::Denied, EventStatus::Background];

/// How many events are searched for reports that tell alike.
const ALIKE_EVENTS_MAX: usize = 200;

impl Overview {
    /// Gathers the first rows of everything.
    pub fn of(view: &View, rows: usize) -> Result<Self> {
        let texts = Texts::of(view)?;
        let reports = view.reports(&ReportQuery::default(), Page::ALL)?;
        let statuses = statuses(view)?;
        let relations = relations_in_order(view)?;
        let disputes = dispute_rows(view, &relations)?;
        let copies = lineages_in_order(view)?;
        // What is most asked for gets most room.
        let (more, some) = (rows, rows.div_ceil(2));
        Ok(Self {
            as_of: view.as_of,
            limited: view.limited,
            totals: view.totals()?,
            events: events(view, &texts, &statuses, more)?,
            ahead: ahead(view, &texts, &statuses, some)?,
            statuses,
            actors: actors(view, more)?,
            relations: Section::shown(relations, more, |relation| relation_row(&texts, relation))?,
            unnamed: unnamed(view, &texts, &reports, some)?,
            acts: acts(view, &texts, more)?,
            assessments: sayings(view, &texts, "assessment", some)?,
            outlooks: sayings(view, &texts, "outlook", some)?,
            copies: Section::shown(copies, some, |lineage| copy_row(&texts, lineage))?,
            told_alike: Section::first_of(alike_rows(view, &texts)?, some),
            disputes: Section::first_of(disputes, more),
        })
    }
}

fn statuses(view: &View) -> Result<Vec<(EventStatus, u64)>> {
    let count = |status| {
        Ok((status, view.event_count(&EventQuery { status: Some(status), ..EventQuery::default() })?))
    };
    EventStatus::ALL.iter().map(|&status| count(status)).collect()
}

fn of_status(
    view: &View,
    texts: &Texts<'_>,
    wanted: &[EventStatus],
    all: &[(EventStatus, u64)],
    rows: usize,
) -> Result<Section<EventRow>> {
    let mut events = Vec::new();
    for &status in wanted {
        let query =
            EventQuery { status: Some(status), order: EventOrder::MostReported, ..EventQuery::default() };
        events.extend(view.events(&query, Page::first(rows))?);
    }
    // What several reports tell before the rest, force before words, what a report exists to tell
    // before what it mentions, the present before the past.
    events.sort_by_key(|event| {
        let reports = std::cmp::Reverse(event.assessment.reports);
        let past = event.status == EventStatus::Background;
        (std::cmp::Reverse(event.assessment.reports.min(2)), event.kind.family(), !event.main, past, reports)
    });
    events.truncate(rows);
    let total = all.iter().filter(|(status, _)| wanted.contains(status)).map(|(_, count)| count).sum();
    let rows = events.into_iter().map(|event| event_row(view, texts, event)).collect::<Result<_>>()?;
    Ok(Section { total, rows })
}

fn events(
    view: &View,
    texts: &Texts<'_>,
    all: &[(EventStatus, u64)],
    rows: usize,
) -> Result<Section<EventRow>> {
    of_status(view, texts, &TOLD, all, rows)
}

fn ahead(
    view: &View,
    texts: &Texts<'_>,
    all: &[(EventStatus, u64)],
    rows: usize,
) -> Result<Section<EventRow>> {
    of_status(view, texts, &[EventStatus::Planned, EventStatus::Threatened, EventStatus::Foiled], all, rows)
}

/// Adds to an event how its reports tell it.
pub fn event_row(view: &View, texts: &Texts<'_>, event: Event) -> Result<EventRow> {
    let incidents = view.dossier(event.id)?.map(|dossier| dossier.incidents).unwrap_or_default();
    let told = told(&incidents);
    let ids: BTreeSet<ReportId> = incidents.iter().map(|incident| incident.evidence.report).collect();
    let reports = ids.into_iter().map(|id| texts.label(id)).collect::<Result<_, _>>()?;
    let named = event.actors.iter().filter(|actor| actor.named).take(RESPONSIBLE_MAX);
    let responsibility = named.filter_map(|actor| responsible(actor, &incidents)).collect();
    Ok(EventRow { event, told, reports, responsibility })
}

/// Named actors whose responsibility is spelt out in a row.
const RESPONSIBLE_MAX: usize = 3;

/// Says how an actor's responsibility is told, unless every report simply tells it as fact.
fn responsible(actor: &ActorRef, incidents: &[Incident]) -> Option<String> {
    let Responsibility { as_fact, attributed, claimed, denied } = responsibility(actor, incidents);
    if attributed.is_empty() && claimed.is_empty() && denied.is_empty() {
        return None;
    }
    let part = |count: usize, words: &str| (count > 0).then(|| format!("{words} by {count}"));
    let own = |claims: &[ClaimId], words: &str| (!claims.is_empty()).then(|| words.to_owned());
    let parts = [
        part(as_fact.len(), "told as fact"),
        part(attributed.difference(&as_fact).count(), "attributed"),
        own(&claimed, "claimed by itself"),
        own(&denied, "denied by itself"),
    ];
    Some(format!("{}: {}", actor.name, parts.into_iter().flatten().collect::<Vec<_>>().join(", ")))
}

/// Counts the manners in which reports tell something.
pub fn told(incidents: &[Incident]) -> Told {
    let mut firmest: BTreeMap<ReportId, u8> = BTreeMap::new();
    for incident in incidents {
        let manner = match (incident.hedged, incident.voices.is_empty()) {
            (false, true) => 0,
            (_, false) => 1,
            (true, true) => 2,
        };
        let known = firmest.entry(incident.evidence.report).or_insert(manner);
        *known = manner.min(*known);
    }
    let count = |wanted| {
        u32::try_from(firmest.values().filter(|&&manner| manner == wanted).count()).unwrap_or(u32::MAX)
    };
    Told { as_fact: count(0), attributed: count(1), hedged: count(2) }
}

fn actors(view: &View, rows: usize) -> Result<Section<ActorSummary>> {
    let named = view
        .actors(None, Page::ALL)?
        .into_iter()
        .filter(|summary| summary.actor.named && summary.actor.kind.acts());
    Ok(Section::first_of(named.collect(), rows))
}

/// Relations: what is disputed first, then those between named actors, then what most claims tell.
pub fn relations_in_order(view: &View) -> Result<Vec<Relation>> {
    let mut relations = view.relations(None)?;
    let claims =
        |relation: &Relation| relation.readings.iter().map(|reading| reading.claims.len()).sum::<usize>();
    let described = |relation: &Relation| !(relation.left.named && relation.right.named);
    relations.sort_by_key(|relation| {
        (!relation.disputed, described(relation), std::cmp::Reverse(claims(relation)), relation.id)
    });
    Ok(relations)
}

/// Adds to a relation who tells of it, and how.
pub fn relation_row(texts: &Texts<'_>, relation: Relation) -> Result<RelationRow> {
    let told = relation.readings.iter().map(|reading| told_by(texts, reading)).collect::<Result<_>>()?;
    Ok(RelationRow { relation, told })
}

fn told_by(texts: &Texts<'_>, reading: &RelationReading) -> Result<(String, Vec<String>)> {
    let how = if reading.negated { format!("not {}", reading.kind) } else { reading.kind.to_string() };
    let mut who = BTreeSet::new();
    for claim in &reading.claims {
        let mut words = texts.label(claim.evidence.report)?;
        if !claim.voices.is_empty() {
            words = format!("{words}: {}", words::voices(&claim.voices));
        }
        if claim.hedged {
            words.push_str(", hedged");
        }
        who.insert(words);
    }
    Ok((how, who.into_iter().collect()))
}

fn unnamed(
    view: &View,
    texts: &Texts<'_>,
    reports: &[ReportSummary],
    rows: usize,
) -> Result<Section<UnnamedRow>> {
    let mut resting: Vec<&ReportSummary> =
        reports.iter().filter(|report| report.sayings_unnamed > 0).collect();
    resting.sort_by_key(|report| (std::cmp::Reverse(report.sayings_unnamed), report.id));
    let total = resting.len() as u64;
    let rows = resting
        .into_iter()
        .take(rows)
        .map(|report| unnamed_row(view, texts, report))
        .collect::<Result<_>>()?;
    Ok(Section { total, rows })
}

fn unnamed_row(view: &View, texts: &Texts<'_>, report: &ReportSummary) -> Result<UnnamedRow> {
    let query = SayingQuery { report: Some(report.id), ..SayingQuery::default() };
    let mut speakers: BTreeMap<String, u32> = BTreeMap::new();
    let (mut attributed, mut unnamed, mut named) = (0, 0, BTreeSet::new());
    for saying in view.sayings(&query, Page::ALL)? {
        let Some(voice) = &saying.voice else { continue };
        match voice.kind {
            SourceKind::Author => continue,
            SourceKind::Unnamed => {
                unnamed += 1;
                *speakers.entry(voice.words.clone().unwrap_or_else(|| "nobody".to_owned())).or_default() += 1;
            }
            SourceKind::NamedPerson | SourceKind::NamedOrganisation | SourceKind::Document => {
                named.extend(voice.words.clone());
            }
            SourceKind::Official | SourceKind::Media => {}
        }
        attributed += 1;
    }
    let mut speakers: Vec<_> = speakers.into_iter().collect();
    speakers.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let label = texts.label(report.id)?;
    let (named, dated) = (named.into_iter().collect(), report.published.is_some());
    Ok(UnnamedRow { report: report.id, label, attributed, unnamed, named, dated, speakers })
}

/// Acts that bind or burden somebody, in the order in which an analyst wants them.
const ACTS: [SpeechActKind; 12] = [
    SpeechActKind::ClaimsResponsibility,
    SpeechActKind::WithdrawsClaim,
    SpeechActKind::DeniesResponsibility,
    SpeechActKind::Denies,
    SpeechActKind::SetsUltimatum,
    SpeechActKind::Threatens,
    SpeechActKind::Promises,
    SpeechActKind::Accuses,
    SpeechActKind::DisputesDetail,
    SpeechActKind::Confirms,
    SpeechActKind::Announces,
    SpeechActKind::Demands,
];

fn acts(view: &View, texts: &Texts<'_>, rows: usize) -> Result<Section<SayingRow>> {
    let mut sections: Vec<std::vec::IntoIter<Saying>> = Vec::new();
    let mut total = 0;
    for act in ACTS {
        let sayings = view.sayings(&SayingQuery { act: Some(act), ..SayingQuery::default() }, Page::ALL)?;
        total += sayings.len() as u64;
        sections.push(sayings.into_iter());
    }
    // One of each act in turn, so that the many do not crowd out the few.
    let mut chosen = Vec::new();
    while chosen.len() < rows {
        let before = chosen.len();
        chosen.extend(sections.iter_mut().filter_map(Iterator::next));
        if chosen.len() == before {
            break;
        }
    }
    chosen.truncate(rows);
    chosen.sort_by_key(|saying| ACTS.iter().position(|&act| Some(act) == saying.act));
    let rows = chosen.iter().map(|saying| saying_row(view, texts, saying)).collect::<Result<_>>()?;
    Ok(Section { total, rows })
}

/// The first of each report in turn, so that all writers are heard.
fn sayings(view: &View, texts: &Texts<'_>, is: &str, rows: usize) -> Result<Section<SayingRow>> {
    let sayings =
        view.sayings(&SayingQuery { is: Some(is.to_owned()), ..SayingQuery::default() }, Page::ALL)?;
    let total = sayings.len() as u64;
    let mut turns: BTreeMap<ReportId, usize> = BTreeMap::new();
    let mut ordered: Vec<(usize, &Saying)> = Vec::new();
    for saying in &sayings {
        let turn = turns.entry(saying.evidence.report).or_default();
        ordered.push((*turn, saying));
        *turn += 1;
    }
    ordered.sort_by_key(|(turn, _)| *turn);
    let chosen = ordered.into_iter().take(rows);
    let rows = chosen.map(|(_, saying)| saying_row(view, texts, saying)).collect::<Result<_>>()?;
    Ok(Section { total, rows })
}

/// Adds to a saying its words and what it is about.
pub fn saying_row(view: &View, texts: &Texts<'_>, saying: &Saying) -> Result<SayingRow> {
    let mut about = Vec::new();
    for &claim in &saying.about {
        if let Some(dossier) = view.dossier(EventId::founded_by(claim))? {
            about.push((dossier.event.id, dossier.event.title));
        }
    }
    about.dedup();
    let (content, at) = match saying.act {
        Some(_) => texts.words_around(&saying.evidence, saying.content)?,
        None => (texts.words(&saying.evidence, saying.content)?, 0),
    };
    Ok(SayingRow {
        claim: saying.claim,
        report: texts.label(saying.evidence.report)?,
        act: saying.act,
        voice: saying.voice.clone(),
        addressee: saying.addressee.as_ref().map(|actor| actor.name.clone()),
        content,
        at,
        hedged: saying.hedged,
        about,
    })
}

/// Lineages, the closest first.
pub fn lineages_in_order(view: &View) -> Result<Vec<Lineage>> {
    let mut lineages = view.lineages(None)?;
    lineages.sort_by_key(|lineage| (lineage.kind, lineage.to, lineage.from));
    Ok(lineages)
}

/// Adds to a lineage the names of both ends.
pub fn copy_row(texts: &Texts<'_>, lineage: Lineage) -> Result<CopyRow> {
    Ok(CopyRow { from: texts.label(lineage.from)?, to: texts.label(lineage.to)?, lineage })
}

/// Events told by reports none of which is known to derive from another.
fn alike_rows(view: &View, texts: &Texts<'_>) -> Result<Vec<AlikeRow>> {
    let query = EventQuery { order: EventOrder::MostReported, ..EventQuery::default() };
    let mut rows = Vec::new();
    for event in view.events(&query, Page::first(ALIKE_EVENTS_MAX))? {
        if event.assessment.reports < 2 {
            break;
        }
        let Some(dossier) = view.dossier(event.id)? else { continue };
        let reports = underived(view, &dossier)?;
        if reports.len() > 1 && event.assessment.at_most {
            let names = reports.into_iter().map(|id| texts.label(id)).collect::<Result<_, _>>()?;
            rows.push(AlikeRow { event: event.id, title: event.title, reports: names });
        }
    }
    Ok(rows)
}

/// The reports of an event that neither derive from another of them nor credit an agency.
fn underived(view: &View, dossier: &Dossier) -> Result<BTreeSet<ReportId>> {
    let all: BTreeSet<ReportId> = dossier
        .incidents
        .iter()
        .filter(|incident| incident.wire.is_none())
        .map(|incident| incident.evidence.report)
        .collect();
    let mut derived = BTreeSet::new();
    for &report in &all {
        for lineage in view.lineages(Some(report))? {
            if lineage.kind != LineageKind::SharedQuoteOnly && all.contains(&lineage.from) {
                derived.insert(lineage.to);
            }
        }
    }
    Ok(all.difference(&derived).copied().collect())
}

/// Everything that does not go together: events first, contradictions before the rest.
pub fn dispute_rows(view: &View, relations: &[Relation]) -> Result<Vec<DisputeRow>> {
    let query = EventQuery { disputed: true, order: EventOrder::MostReported, ..EventQuery::default() };
    let mut rows = Vec::new();
    for relation in relations.iter().filter(|relation| relation.disputed) {
        rows.push(DisputeRow {
            id: relation.id.to_string(),
            about: format!("{} – {}", relation.left.name, relation.right.name),
            field: "relation".to_owned(),
            comparison: Comparison::Contradiction,
            text: relation.summary.clone(),
        });
    }
    for event in view.events(&query, Page::ALL)? {
        for conflict in &event.assessment.conflicts {
            rows.push(DisputeRow {
                id: event.id.to_string(),
                about: event.title.clone(),
                field: conflict.field.word().to_owned(),
                comparison: conflict.comparison,
                text: conflict.text.clone(),
            });
        }
    }
    rows.sort_by_key(|row| row.comparison != Comparison::Contradiction);
    Ok(rows)
}
