//! Sheets: everything about one thing, with the passages behind every value.

use crate::overview::{
    CopyRow, EventRow, RelationRow, SayingRow, copy_row, event_row, relation_row, saying_row,
};
use crate::render::words;
use crate::texts::{Quote, Texts, quote_of};
use crate::view::View;
use anyhow::Result;
use headwater_analysis::assess::{Responsibility, responsibility};
use headwater_domain::count::{Count, Counted, Harm};
use headwater_domain::id::{ActorId, ClaimId, EventId, RelationId, ReportId, SourceId};
use headwater_domain::judgement::{Judgement, Verdict};
use headwater_domain::picture::{Conflict, Dossier, Field, FieldPicture, Origin, Reason, ValuePicture};
use headwater_domain::reading::{Claim, Proposition, Reading};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{ActorMention, ActorRef, Incident};
use headwater_domain::text::Span;
use headwater_store::query::{
    ActorSummary, EventOrder, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything about one event.
#[derive(Debug, Serialize)]
pub struct EventSheet {
    /// The event and how it is told.
    pub row: EventRow,
    /// All tellings, in order of publication.
    pub tellings: Vec<Telling>,
    /// Field by field, the values told.
    pub fields: Vec<FieldSheet>,
    /// Who is said to have done it, and by how many.
    pub responsibility: Vec<Blame>,
    /// The independent origins.
    pub origins: Vec<Origin>,
    /// What does not go together.
    pub conflicts: Vec<Conflict>,
    /// Why it is believed so far.
    pub reasons: Vec<Reason>,
    /// Tolls in order of publication.
    pub tolls: Vec<TollRow>,
    /// Decisions on it.
    pub judgements: Vec<Judgement>,
}

/// One telling of an event.
#[derive(Debug, Serialize)]
pub struct Telling {
    /// Its number on the sheet, from 1.
    pub number: usize,
    /// The claim.
    pub claim: ClaimId,
    /// The report.
    pub report: ReportId,
    /// The report's name.
    pub label: String,
    /// Whether it took place, as told here.
    pub status: String,
    /// Through whom it is told; empty where the report tells it itself.
    pub voices: String,
    /// Whether it withholds commitment.
    pub hedged: bool,
    /// The passages, the one to show first; the trigger and the tolls are marked.
    pub quotes: Vec<Quote>,
}

/// A field of an event.
#[derive(Debug, Serialize)]
pub struct FieldSheet {
    /// The field.
    pub field: Field,
    /// The rule that chose the first value.
    pub rule: String,
    /// Lowest and highest number told.
    pub range: Option<(u32, Option<u32>)>,
    /// The values, best first, each with the numbers of its tellings.
    pub values: Vec<(ValuePicture, Vec<usize>)>,
}

/// Who is said to have done it.
#[derive(Debug, Serialize)]
pub struct Blame {
    /// The actor.
    pub actor: ActorRef,
    /// In how many reports as fact.
    pub as_fact: usize,
    /// In how many in others' words or with reserve.
    pub attributed: usize,
    /// How often it says that it did.
    pub claimed: usize,
    /// How often it says that it did not.
    pub denied: usize,
}

/// A toll as one report has it.
#[derive(Debug, Serialize)]
pub struct TollRow {
    /// When it was published.
    pub published: Option<String>,
    /// The report's name.
    pub label: String,
    /// What happened to them.
    pub harm: Harm,
    /// How many.
    pub count: Count,
    /// Who they are.
    pub counted: Counted,
    /// Who says so; empty where the report does.
    pub voices: String,
    /// The number of the telling on the sheet.
    pub telling: usize,
    /// The words.
    pub words: String,
}

impl EventSheet {
    /// Gathers the sheet of an event.
    pub fn of(view: &View, dossier: Dossier) -> Result<Self> {
        let texts = Texts::of(view)?;
        let Dossier { event, incidents } = dossier;
        let tellings: Vec<Telling> = incidents
            .iter()
            .enumerate()
            .map(|(index, incident)| telling(view, &texts, index + 1, incident))
            .collect::<Result<_>>()?;
        let numbers: BTreeMap<ClaimId, usize> =
            tellings.iter().map(|telling| (telling.claim, telling.number)).collect();
        let assessment = event.assessment.clone();
        Ok(Self {
            fields: assessment.fields.into_iter().map(|field| field_sheet(field, &numbers)).collect(),
            responsibility: event.actors.iter().map(|actor| blame(actor, &incidents)).collect(),
            origins: assessment.origins,
            conflicts: assessment.conflicts,
            reasons: assessment.reasons,
            tolls: toll_rows(&texts, &incidents)?,
            judgements: judgements_on_event(view, event.id, &numbers)?,
            row: event_row(view, &texts, event)?,
            tellings,
        })
    }
}

fn telling(view: &View, texts: &Texts<'_>, number: usize, incident: &Incident) -> Result<Telling> {
    let evidence = &incident.evidence;
    let mut marks = vec![incident.trigger];
    marks.extend(incident.tolls.iter().map(|toll| toll.span));
    let mut spans: Vec<Span> = evidence.spans().collect();
    let outside: Vec<Span> =
        marks.iter().copied().filter(|mark| !spans.iter().any(|span| span.contains(*mark))).collect();
    if !outside.is_empty()
        && let Some(reading) = view.reading(evidence.report, Some(evidence.version))?
    {
        spans.extend(outside.into_iter().filter_map(|mark| Some(reading.sentence_of(mark)?.span)));
        spans.dedup();
    }
    let mut quotes = Vec::new();
    for span in spans {
        quotes.extend(texts.quote_span(evidence, span, &marks)?);
    }
    Ok(Telling {
        number,
        claim: incident.claim,
        report: evidence.report,
        label: texts.label(evidence.report)?,
        status: words::status(incident.status).to_owned(),
        voices: words::voices(&incident.voices),
        hedged: incident.hedged,
        quotes,
    })
}

fn field_sheet(picture: FieldPicture, numbers: &BTreeMap<ClaimId, usize>) -> FieldSheet {
    let cited = |value: &ValuePicture| {
        let mut cited: Vec<usize> =
            value.claims.iter().filter_map(|claim| numbers.get(claim)).copied().collect();
        cited.sort_unstable();
        cited
    };
    let values = picture.values.into_iter().map(|value| (value.clone(), cited(&value))).collect();
    FieldSheet { field: picture.field, rule: picture.rule, range: picture.range, values }
}

fn blame(actor: &ActorRef, incidents: &[Incident]) -> Blame {
    let Responsibility { as_fact, attributed, claimed, denied } = responsibility(actor, incidents);
    Blame {
        actor: actor.clone(),
        as_fact: as_fact.len(),
        attributed: attributed.len(),
        claimed: claimed.len(),
        denied: denied.len(),
    }
}

fn toll_rows(texts: &Texts<'_>, incidents: &[Incident]) -> Result<Vec<TollRow>> {
    let mut rows = Vec::new();
    for (index, incident) in incidents.iter().enumerate() {
        for toll in &incident.tolls {
            rows.push(TollRow {
                published: incident.published.map(|day| day.to_string()),
                label: texts.label(incident.evidence.report)?,
                harm: toll.harm,
                count: toll.count,
                counted: toll.counted,
                voices: words::voices(&incident.voices),
                telling: index + 1,
                words: texts.words(&incident.evidence, toll.span)?,
            });
        }
    }
    // Undated ones last.
    rows.sort_by(|left, right| {
        (left.published.is_none(), &left.published).cmp(&(right.published.is_none(), &right.published))
    });
    Ok(rows)
}

fn judgements_on_event(
    view: &View,
    id: EventId,
    claims: &BTreeMap<ClaimId, usize>,
) -> Result<Vec<Judgement>> {
    let member = |event: EventId| event == id || claims.contains_key(&event.founding_claim());
    let concerns = |verdict: &Verdict| match *verdict {
        Verdict::SameEvent(left, right) | Verdict::DistinctEvents(left, right) => {
            member(left) || member(right)
        }
        Verdict::ClaimStands(claim) | Verdict::ClaimFails(claim) => claims.contains_key(&claim),
        _ => false,
    };
    Ok(view.judgements()?.into_iter().filter(|judgement| concerns(&judgement.verdict)).collect())
}

/// Everything about one report.
#[derive(Debug, Serialize)]
pub struct ReportSheet {
    /// The report in one row.
    pub summary: ReportSummary,
    /// The report's name.
    pub label: String,
    /// Where its bytes were found.
    pub origin: String,
    /// Where it was published.
    pub url: Option<String>,
    /// The author's line.
    pub author: Option<String>,
    /// Where it says it was written.
    pub dateline: Option<String>,
    /// The agency that it credits.
    pub wire: Option<String>,
    /// Who passed it on.
    pub carrier: Option<String>,
    /// When it was taken in.
    pub received: jiff::Timestamp,
    /// The text, or its beginning.
    pub text: String,
    /// Whether the text goes on.
    pub text_goes_on: bool,
    /// Its versions, and what changed.
    pub versions: Vec<VersionRow>,
    /// What it tells of.
    pub events: Vec<EventRow>,
    /// What it has people say, and says itself.
    pub sayings: Vec<SayingRow>,
    /// What it derives from, and what derives from it.
    pub lineages: Vec<CopyRow>,
}

/// A version of a report.
#[derive(Debug, Serialize)]
pub struct VersionRow {
    /// Its number.
    pub version: u32,
    /// When it was taken in.
    pub received: jiff::Timestamp,
    /// Its headline, where it differs from the version before.
    pub title: Option<String>,
    /// Sentences that the version before had.
    pub removed: Vec<String>,
    /// Sentences that the version before had not.
    pub added: Vec<String>,
}

/// Characters of a report's text that are shown unless all of it is asked for.
const TEXT_HEAD: usize = 1_200;

impl ReportSheet {
    /// Gathers the sheet of a report.
    pub fn of(view: &View, id: ReportId, version: Option<u32>, whole: bool) -> Result<Option<Self>> {
        let texts = Texts::of(view)?;
        let Some(report) = texts.report(id, version)? else { return Ok(None) };
        let Some(summary) = summary_of(view, id)? else { return Ok(None) };
        let text = report.text.as_str();
        let head: String = if whole { text.to_owned() } else { text.chars().take(TEXT_HEAD).collect() };
        let query = EventQuery { report: Some(id), ..EventQuery::default() };
        let events = view.events(&query, Page::ALL)?.into_iter().map(|event| event_row(view, &texts, event));
        let sayings = view.sayings(&SayingQuery { report: Some(id), ..SayingQuery::default() }, Page::ALL)?;
        let lineages = view.lineages(Some(id))?.into_iter().map(|lineage| copy_row(&texts, lineage));
        Ok(Some(Self {
            label: texts.label_of(&report),
            origin: report.origin.clone(),
            url: report.url.clone(),
            author: report.author.clone(),
            dateline: report.dateline.and_then(|span| report.text.passage(span)).map(str::to_owned),
            wire: report.wire.as_ref().map(|wire| wire.agency.clone()),
            carrier: report.carrier.clone(),
            received: report.received,
            text_goes_on: head.len() < text.len(),
            text: head,
            versions: versions(view, id)?,
            events: events.collect::<Result<_>>()?,
            sayings: sayings.iter().map(|saying| saying_row(view, &texts, saying)).collect::<Result<_>>()?,
            lineages: lineages.collect::<Result<_>>()?,
            summary,
        }))
    }
}

fn summary_of(view: &View, id: ReportId) -> Result<Option<ReportSummary>> {
    Ok(view.reports(&ReportQuery::default(), Page::ALL)?.into_iter().find(|summary| summary.id == id))
}

fn versions(view: &View, id: ReportId) -> Result<Vec<VersionRow>> {
    let mut rows = Vec::new();
    let mut before: Option<(Report, Vec<String>)> = None;
    for (_, version) in view.all_versions()?.into_iter().filter(|(report, _)| *report == id) {
        let Some(report) = view.report(id, Some(version))? else { continue };
        let sentences = sentences(&report, view.reading(id, Some(version))?.as_ref());
        let (mut removed, mut added, mut title) = (Vec::new(), Vec::new(), None);
        if let Some((earlier, earlier_sentences)) = &before {
            let only_in = |these: &[String], those: &[String]| {
                these.iter().filter(|sentence| !those.contains(sentence)).cloned().collect::<Vec<_>>()
            };
            removed = only_in(earlier_sentences, &sentences);
            added = only_in(&sentences, earlier_sentences);
            title = report.title.clone().filter(|_| report.title != earlier.title);
        }
        rows.push(VersionRow { version, received: report.received, title, removed, added });
        before = Some((report, sentences));
    }
    Ok(rows)
}

/// The sentences of a report; its lines where it was not read.
fn sentences(report: &Report, reading: Option<&Reading>) -> Vec<String> {
    let flat = |passage: &str| passage.split_whitespace().collect::<Vec<_>>().join(" ");
    match reading.filter(|reading| !reading.sentences.is_empty()) {
        Some(reading) => reading
            .sentences
            .iter()
            .filter_map(|sentence| report.text.passage(sentence.span))
            .map(flat)
            .collect(),
        None => report.text.as_str().lines().map(flat).filter(|line| !line.is_empty()).collect(),
    }
}

/// Everything about one claim.
#[derive(Debug, Serialize)]
pub struct ClaimSheet {
    /// The claim as it was read.
    pub claim: Claim,
    /// The report.
    pub report: ReportId,
    /// The version in which it stands, and the latest.
    pub version: (u32, u32),
    /// The report's name.
    pub label: String,
    /// The passages; what is claimed is marked.
    pub quotes: Vec<Quote>,
    /// Through whom, outermost first: the speaker's words, the words that say it is said, what is done.
    pub speakers: Vec<(String, String, String)>,
    /// Who and what takes part, each with its part.
    pub parts: Vec<(String, String)>,
    /// The event that it tells of, as it stands now.
    pub event: Option<EventRow>,
    /// Decisions on it.
    pub judgements: Vec<Judgement>,
}

impl ClaimSheet {
    /// Gathers the sheet of a claim.
    pub fn of(view: &View, id: ClaimId) -> Result<Option<Self>> {
        let texts = Texts::of(view)?;
        let Some((report_id, version)) = view.report_of_claim(id)? else { return Ok(None) };
        let Some(report) = texts.report(report_id, Some(version))? else { return Ok(None) };
        let Some(reading) = view.reading(report_id, Some(version))? else { return Ok(None) };
        let Some(claim) = reading.claims.iter().find(|claim| claim.id == id).cloned() else {
            return Ok(None);
        };
        let latest = texts.report(report_id, None)?.map_or(version, |report| report.version);
        let event = match (&claim.proposition, view.dossier(EventId::founded_by(id))?) {
            (Proposition::Event(_), Some(dossier)) => Some(event_row(view, &texts, dossier.event)?),
            _ => None,
        };
        let on_it = |judgement: &Judgement| matches!(judgement.verdict, Verdict::ClaimStands(claim) | Verdict::ClaimFails(claim) if claim == id);
        Ok(Some(Self {
            report: report_id,
            version: (version, latest),
            label: texts.label_of(&report),
            quotes: claim
                .evidence
                .spans()
                .filter_map(|span| quote_of(&report, span, &marks(&claim)))
                .collect(),
            speakers: speakers(&report, &reading, &claim),
            parts: parts(&report, &reading, &claim),
            event,
            judgements: view.judgements()?.into_iter().filter(on_it).collect(),
            claim,
        }))
    }
}

fn marks(claim: &Claim) -> Vec<Span> {
    let mut marks = vec![claim.proposition.anchor()];
    marks.extend(claim.hedge.map(|hedge| hedge.cue));
    marks
}

fn speakers(report: &Report, reading: &Reading, claim: &Claim) -> Vec<(String, String, String)> {
    let words =
        |span: Option<Span>| span.and_then(|span| report.text.passage(span)).unwrap_or_default().to_owned();
    let attributions = claim.said_by.iter().filter_map(|index| reading.attributions.get(index.0 as usize));
    attributions
        .map(|said| {
            let speaker = if said.source.is_some() {
                format!("{} ({})", words(said.source), words::speaker_kind(said.source_kind))
            } else {
                "nobody named".to_owned()
            };
            (speaker, words(said.cue), said.stance.to_string())
        })
        .collect()
}

fn parts(report: &Report, reading: &Reading, claim: &Claim) -> Vec<(String, String)> {
    let words = |span: Span| report.text.passage(span).unwrap_or_default().to_owned();
    let mention = |index| reading.mention(index).map(|mention| words(mention.span));
    let mut parts: Vec<(String, Option<String>)> = Vec::new();
    match &claim.proposition {
        Proposition::Event(event) => {
            parts.push(("kind".to_owned(), Some(words::kind(event.kind))));
            parts.push(("status".to_owned(), Some(words::status(event.status).to_owned())));
            let period = event.when.as_ref().map(|when| when.edtf().to_owned());
            parts.push(("when".to_owned(), Some(period.unwrap_or_else(|| "not stated".to_owned()))));
            for argument in &event.arguments {
                parts.push((argument.role.to_string(), mention(argument.mention)));
            }
            for toll in event.tolls.iter().filter_map(|index| reading.counts.get(index.0 as usize)) {
                parts.push(("toll".to_owned(), Some(format!("{} ({})", words(toll.phrase), toll.count))));
            }
        }
        Proposition::Relation(relation) => {
            parts.push(("from".to_owned(), mention(relation.from)));
            let not = if relation.negated { "not " } else { "" };
            parts.push(("relation".to_owned(), Some(format!("{not}{}", relation.kind))));
            parts.push(("to".to_owned(), mention(relation.to)));
        }
        Proposition::SpeechAct(act) => {
            parts.push(("act".to_owned(), Some(words::act(act.kind).to_owned())));
            parts.push(("speaker".to_owned(), act.speaker.and_then(mention)));
            parts.push(("addressee".to_owned(), act.addressee.and_then(mention)));
        }
        Proposition::Assessment(_) | Proposition::Outlook(_) | Proposition::Statement(_) => {}
    }
    parts.into_iter().filter_map(|(part, words)| Some((part, words?))).collect()
}

/// Everything about one actor.
#[derive(Debug, Serialize)]
pub struct ActorSheet {
    /// The actor, its names and how often it is met.
    pub summary: ActorSummary,
    /// Where it is mentioned, and why these names are taken for it.
    pub mentions: Vec<(ReportId, String, ActorMention)>,
    /// Events with it on either side, told by most reports first.
    pub events: Vec<EventRow>,
    /// How it stands to others.
    pub relations: Vec<RelationRow>,
    /// What it says.
    pub sayings: Vec<SayingRow>,
}

impl ActorSheet {
    /// Gathers the sheet of an actor.
    pub fn of(view: &View, id: ActorId) -> Result<Option<Self>> {
        let texts = Texts::of(view)?;
        let met = view.actor_mentions(id)?;
        let Some((_, first)) = met.first() else { return Ok(None) };
        let names: BTreeSet<String> =
            met.iter().flat_map(|(_, mention)| mention.names.iter().cloned()).collect();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let summary = ActorSummary {
            actor: first.actor.clone(),
            names: names.into_iter().collect(),
            reports: count(met.len()),
            mentions: count(met.iter().map(|(_, mention)| mention.spans.len()).sum()),
        };
        let query = EventQuery { actor: Some(id), order: EventOrder::MostReported, ..EventQuery::default() };
        let events = view.events(&query, Page::ALL)?.into_iter().map(|event| event_row(view, &texts, event));
        let relations = view.relations(Some(id))?.into_iter().map(|relation| relation_row(&texts, relation));
        let sayings =
            view.sayings(&SayingQuery { speaker: Some(id), ..SayingQuery::default() }, Page::ALL)?;
        let mentions = met.into_iter().map(|(report, mention)| Ok((report, texts.label(report)?, mention)));
        Ok(Some(Self {
            mentions: mentions.collect::<Result<_>>()?,
            events: events.collect::<Result<_>>()?,
            relations: relations.collect::<Result<_>>()?,
            sayings: sayings.iter().map(|saying| saying_row(view, &texts, saying)).collect::<Result<_>>()?,
            summary,
        }))
    }
}

/// Everything about how two actors stand to one another.
#[derive(Debug, Serialize)]
pub struct RelationSheet {
    /// The relation and who tells of it how.
    pub row: RelationRow,
    /// Each telling: how they stand, who says so, the passage.
    pub tellings: Vec<RelationTelling>,
}

/// One telling of how two actors stand to one another.
#[derive(Debug, Serialize)]
pub struct RelationTelling {
    /// The claim.
    pub claim: ClaimId,
    /// How they stand.
    pub how: String,
    /// Who is said to stand so to whom.
    pub between: (String, String),
    /// The report's name.
    pub label: String,
    /// Through whom; empty where the report says it itself.
    pub voices: String,
    /// Whether it withholds commitment.
    pub hedged: bool,
    /// The passages.
    pub quotes: Vec<Quote>,
}

impl RelationSheet {
    /// Gathers the sheet of a relation.
    pub fn of(view: &View, id: RelationId) -> Result<Option<Self>> {
        let texts = Texts::of(view)?;
        let Some(relation) = view.relations(None)?.into_iter().find(|relation| relation.id == id) else {
            return Ok(None);
        };
        let row = relation_row(&texts, relation)?;
        let mut tellings = Vec::new();
        for reading in &row.relation.readings {
            let how =
                if reading.negated { format!("not {}", reading.kind) } else { reading.kind.to_string() };
            for claim in &reading.claims {
                let mut quotes = Vec::new();
                for span in claim.evidence.spans() {
                    quotes.extend(texts.quote_span(&claim.evidence, span, &[])?);
                }
                tellings.push(RelationTelling {
                    claim: claim.claim,
                    how: how.clone(),
                    between: (claim.from.name.clone(), claim.to.name.clone()),
                    label: texts.label(claim.evidence.report)?,
                    voices: words::voices(&claim.voices),
                    hedged: claim.hedged,
                    quotes,
                });
            }
        }
        Ok(Some(Self { row, tellings }))
    }
}

/// Everything about one source.
#[derive(Debug, Serialize)]
pub struct SourceSheet {
    /// The source.
    pub source: Source,
    /// The name of the family it belongs to.
    pub parent: Option<String>,
    /// Its grade: the one decided last, else the one it came with.
    pub grade: headwater_domain::report::Reliability,
    /// Its reports.
    pub reports: Vec<ReportSummary>,
    /// Decisions on it.
    pub judgements: Vec<Judgement>,
}

impl SourceSheet {
    /// Gathers the sheet of a source.
    pub fn of(view: &View, id: SourceId) -> Result<Option<Self>> {
        let sources = view.sources()?;
        let Some(source) = sources.iter().find(|source| source.id == id).cloned() else { return Ok(None) };
        let reports = view.reports(&ReportQuery { source: Some(id), ..ReportQuery::default() }, Page::ALL)?;
        let concerns = |judgement: &Judgement| match judgement.verdict {
            Verdict::SourceRated(other, _) => other == id,
            Verdict::SourceBelongs(left, right) => left == id || right == id,
            _ => false,
        };
        let judgements: Vec<Judgement> = view.judgements()?.into_iter().filter(concerns).collect();
        let mut grade = source.reliability;
        let mut parent = source.parent;
        for verdict in headwater_analysis::settle::standing(&judgements) {
            match *verdict {
                Verdict::SourceRated(_, decided) => grade = decided,
                Verdict::SourceBelongs(child, of) if child == id => parent = Some(of),
                _ => {}
            }
        }
        let name_of =
            |id: SourceId| sources.iter().find(|other| other.id == id).map(|other| other.name.clone());
        Ok(Some(Self { parent: parent.and_then(name_of), grade, reports, judgements, source }))
    }
}
