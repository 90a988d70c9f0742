//! The picture: one line a report with its events, claims and relations, and a last line with what
//! crosses reports. Offsets count code points of the report's text.

use super::each_dossier;
use crate::view::View;
use anyhow::Result;
use headwater_analysis::resolve::resolve;
use headwater_domain::count::{Counted, Harm};
use headwater_domain::id::{ClaimId, ReportId};
use headwater_domain::picture::{Comparison, Dossier, Field};
use headwater_domain::reading::{
    Attribution, Claim, EventProposition, MentionIndex, Reading, RelationKind, RelationProposition, Role,
    SourceKind, Stance, ThingKind,
};
use headwater_domain::report::Report;
use headwater_domain::resolution::{ActorRef, Incident, LineageKind, PlaceRef, Resolution};
use headwater_domain::text::Span;
use headwater_domain::time::Period;
use headwater_evaluate::CodePoints;
use headwater_store::query::{Page, ReportQuery};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

/// Writes all reports and what crosses them.
pub fn write(view: &View, out: &mut dyn Write) -> Result<()> {
    let mut names = BTreeMap::new();
    for summary in view.reports(&ReportQuery::default(), Page::ALL)? {
        let Some(report) = view.report(summary.id, None)? else { continue };
        let name = report.given_id.clone().unwrap_or_else(|| report.id.to_string());
        if let Some(reading) = view.reading(summary.id, None)? {
            let resolution = resolve(&report, &reading);
            serde_json::to_writer(&mut *out, &Document::new(&report, &reading, &resolution).line(&name))?;
            out.write_all(b"\n")?;
        }
        names.insert(summary.id, name);
    }
    serde_json::to_writer(&mut *out, &across(view, &names)?)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// One report while its line is written.
struct Document<'r> {
    report: &'r Report,
    reading: &'r Reading,
    points: CodePoints<'r>,
    actors: BTreeMap<Span, &'r ActorRef>,
    incidents: BTreeMap<ClaimId, &'r Incident>,
}

impl<'r> Document<'r> {
    fn new(report: &'r Report, reading: &'r Reading, resolution: &'r Resolution) -> Self {
        let spans = resolution.actors.iter().flat_map(|met| met.spans.iter().map(|span| (*span, &met.actor)));
        Self {
            report,
            reading,
            points: CodePoints::new(report.text.as_str()),
            actors: spans.collect(),
            incidents: resolution.incidents.iter().map(|incident| (incident.claim, incident)).collect(),
        }
    }

    fn line(&self, name: &str) -> Value {
        let relations = self.reading.claims.iter().filter_map(|claim| match &claim.proposition {
            headwater_domain::reading::Proposition::Relation(relation) => {
                Some(self.relation(claim, relation))
            }
            _ => None,
        });
        json!({
            "doc_id": name,
            "events": self.events(),
            "claims": self.claims(),
            "relations": relations.collect::<Vec<_>>(),
        })
    }

    fn span(&self, span: Span) -> Value {
        let (start, end) = self.points.of(span);
        json!({"start": start, "end": end, "text": self.report.text.passage(span)})
    }

    fn mention(&self, index: MentionIndex) -> Option<Value> {
        let mention = self.reading.mention(index)?;
        let chain = self.reading.chain_of(index)?;
        let known = self.actors.get(&mention.span);
        let mut value = self.span(mention.span);
        value["canonical"] = json!(known.map_or(&chain.name, |actor| &actor.name));
        value["named"] = json!(known.map_or(chain.named, |actor| actor.named));
        Some(value)
    }

    fn name(&self, index: MentionIndex) -> Option<String> {
        let mention = self.reading.mention(index)?;
        let known = self.actors.get(&mention.span).map(|actor| actor.name.clone());
        known.or_else(|| Some(self.reading.chain_of(index)?.name.clone()))
    }

    /// The events as they are told in sum: what tells of one again adds its parts to it.
    fn events(&self) -> Vec<Value> {
        let told: BTreeMap<ClaimId, &EventProposition> =
            self.reading.events().map(|(claim, event)| (claim.id, event)).collect();
        let of_claims = |claim: ClaimId| Some((self.incidents.get(&claim)?, told.get(&claim)?));
        let founding = self.reading.events().filter_map(|(claim, _)| of_claims(claim.id));
        founding
            .map(|(incident, event)| {
                let again = incident.also.iter().filter_map(|claim| told.get(claim).copied());
                self.event(incident, event, &again.collect::<Vec<_>>())
            })
            .collect()
    }

    fn event(&self, incident: &Incident, event: &EventProposition, again: &[&EventProposition]) -> Value {
        let in_roles = |roles: &[Role]| {
            let mut seen = BTreeSet::new();
            let all = std::iter::once(&event).chain(again);
            let mentions = all.flat_map(|event| roles.iter().flat_map(|role| event.in_role(*role)));
            let fresh = mentions.filter(|index| seen.insert(*index)).collect::<Vec<_>>();
            fresh.into_iter().filter_map(|index| self.mention(index)).collect::<Vec<_>>()
        };
        json!({
            "id": incident.claim,
            "type": incident.kind.event,
            "mode": incident.kind.mode,
            "acled_sub_event": incident.kind.sub_event,
            "anchor": self.span(event.trigger),
            "actors": in_roles(&[Role::Actor]),
            "victims": in_roles(&[Role::Target, Role::Victim, Role::Detained]),
            "place": self.place(std::iter::once(event).chain(again.iter().copied()), incident.place.as_ref()),
            "date": incident.when.as_ref().and_then(date),
            "killed": self.toll(incident, Harm::Killed),
            "injured": self.toll(incident, Harm::Injured),
            "weapon": incident.weapon,
            "status": incident.status,
            "main_event": incident.main,
            "aggregate": incident.aggregate,
            "optional": false,
            "evidence": incident.evidence.spans().map(|span| self.span(span)).collect::<Vec<_>>(),
        })
    }

    fn place<'e>(
        &self,
        events: impl Iterator<Item = &'e EventProposition>,
        place: Option<&PlaceRef>,
    ) -> Value {
        let of_event =
            |event: &'e EventProposition| event.in_role(Role::Place).chain(event.in_role(Role::Target));
        let mention = events.flat_map(of_event).filter_map(|index| self.reading.mention(index));
        // The mention that the place was taken from, where it can be told.
        let mention = mention
            .filter(|mention| matches!(mention.kind, ThingKind::Place | ThingKind::Facility))
            .find(|mention| {
                place.is_none_or(|place| self.report.text.passage(mention.span) == Some(&place.words))
            });
        let mut value = match (mention, place) {
            (None, None) => return Value::Null,
            (Some(mention), _) => self.span(mention.span),
            (None, Some(_)) => json!({"start": null, "end": null, "text": null}),
        };
        value["country"] = json!(place.and_then(|place| place.country.as_ref()));
        value["lat"] = json!(place.and_then(|place| place.position).map(|(latitude, _)| latitude));
        value["lon"] = json!(place.and_then(|place| place.position).map(|(_, longitude)| longitude));
        value["radius_km"] = json!(place.and_then(|place| place.radius_km));
        value
    }

    /// All tolls of one harm as one interval. Dead attackers are left out while others are told.
    fn toll(&self, incident: &Incident, harm: Harm) -> Value {
        let mut tolls: Vec<_> = incident.tolls.iter().filter(|toll| toll.harm == harm).collect();
        if tolls.iter().any(|toll| toll.counted != Counted::Perpetrators) {
            tolls.retain(|toll| toll.counted != Counted::Perpetrators);
        }
        let Some(low) = tolls.iter().map(|toll| toll.count.low).min() else { return Value::Null };
        let open = tolls.iter().any(|toll| toll.count.high.is_none());
        let high = if open { None } else { tolls.iter().filter_map(|toll| toll.count.high).max() };
        json!({
            "low": low,
            "high": high,
            "spans": tolls.iter().map(|toll| self.span(toll.span)).collect::<Vec<_>>(),
        })
    }

    fn claims(&self) -> Vec<Value> {
        self.reading.attributions.iter().enumerate().map(|(index, said)| self.claim(index, said)).collect()
    }

    fn claim(&self, index: usize, said: &Attribution) -> Value {
        json!({
            "id": format!("c{index}"),
            "content": self.span(said.content),
            "source": said.source.map(|span| self.span(span)),
            "cue": said.cue.map(|span| self.span(span)),
            "source_name": said.speaker.and_then(|speaker| self.name(speaker)),
            "source_kind": source_kind(said.source_kind),
            "stance": stance(said.stance),
            "hedged": said.hedge.is_some(),
            "optional": false,
        })
    }

    fn relation(&self, claim: &Claim, relation: &RelationProposition) -> Value {
        let said = claim.said_by.last().and_then(|index| self.reading.attributions.get(index.0 as usize));
        let speaker = said.and_then(|said| {
            let words = said.source.and_then(|span| self.report.text.passage(span)).map(str::to_owned);
            said.speaker.and_then(|speaker| self.name(speaker)).or(words)
        });
        json!({
            "id": claim.id,
            "actor_a": self.name(relation.from),
            "relation": relation_word(relation),
            "actor_b": self.name(relation.to),
            "evidence": claim.evidence.spans().map(|span| self.span(span)).collect::<Vec<_>>(),
            "attributed_to": speaker,
            "optional": false,
        })
    }
}

/// A day, month, year or closed interval; nothing where a bound is open, since that says too little.
fn date(period: &Period) -> Option<String> {
    period.earliest()?;
    period.latest()?;
    match period.single_day() {
        Some(day) => Some(day.to_string()),
        None if period.edtf().contains('T') => {
            Some(format!("{}/{}", period.earliest()?.date(), period.latest()?.date()))
        }
        None => Some(period.edtf().replace(['~', '?'], "")),
    }
}

/// The form knows five kinds of speaker.
fn source_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::NamedPerson => "named-person",
        SourceKind::NamedOrganisation => "named-organisation",
        SourceKind::Official | SourceKind::Unnamed => "unnamed",
        SourceKind::Media | SourceKind::Document => "document/media",
        SourceKind::Author => "author",
    }
}

/// The form knows six stances.
fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts | Stance::Demands | Stance::Promises => "asserts",
        other => other.word(),
    }
}

/// The form has no affiliation, which it counts as an alliance, and no negation but of links.
fn relation_word(relation: &RelationProposition) -> &'static str {
    match (relation.kind, relation.negated) {
        (RelationKind::Allied | RelationKind::Affiliated | RelationKind::Controls, true) => "denies-link",
        (RelationKind::Affiliated, false) => "allied",
        (kind, _) => kind.word(),
    }
}

/// What crosses reports: events told by several, copies, contradictions, corroborations.
fn across(view: &View, names: &BTreeMap<ReportId, String>) -> Result<Value> {
    let (mut clusters, mut contradictions, mut corroborations) = (Vec::new(), Vec::new(), Vec::new());
    each_dossier(view, |dossier| {
        let sides = sides(&dossier, names);
        if sides.len() > 1 {
            let events: Vec<Value> =
                sides.iter().map(|(claim, doc)| json!({"doc": doc, "event": claim})).collect();
            clusters.push(json!({"id": dossier.event.id, "events": events}));
        }
        contradictions.extend(contradicting(&dossier, &sides));
        corroborations.extend(corroborating(&dossier, &sides));
        Ok(())
    })?;
    let mut copies = Vec::new();
    for lineage in view.lineages(None)?.into_iter().filter(|lineage| lineage.kind.is_copy()) {
        if let (Some(a), Some(b)) = (names.get(&lineage.from), names.get(&lineage.to)) {
            copies.push(json!({"a": a, "b": b, "kind": copy_word(lineage.kind)}));
        }
    }
    Ok(json!({
        "clusters": clusters,
        "copies": copies,
        "contradictions": contradictions,
        "corroborations": corroborations,
    }))
}

/// The claims of an event with the names of their reports.
fn sides(dossier: &Dossier, names: &BTreeMap<ReportId, String>) -> BTreeMap<ClaimId, String> {
    let named = |incident: &Incident| Some((incident.claim, names.get(&incident.evidence.report)?.clone()));
    dossier.incidents.iter().filter_map(named).collect()
}

/// Pairs of claims that differ. The form has no word for a toll that a later report revises: whatever two
/// reports count differently stands as a contradiction in it.
fn contradicting(dossier: &Dossier, sides: &BTreeMap<ClaimId, String>) -> Vec<Value> {
    let assessment = &dossier.event.assessment;
    let mut pairs: BTreeSet<(Field, ClaimId, ClaimId)> = BTreeSet::new();
    let mut add = |field: Field, left: &[ClaimId], right: &[ClaimId]| {
        let all = left.iter().flat_map(|one| right.iter().map(move |other| (field, *one, *other)));
        pairs.extend(all.take(PAIRS_MAX));
    };
    for conflict in &assessment.conflicts {
        if conflict.comparison == Comparison::Contradiction {
            add(conflict.field, &conflict.left, &conflict.right);
        }
    }
    for field in
        assessment.fields.iter().filter(|field| matches!(field.field, Field::Killed | Field::Injured))
    {
        let best = field.values.first().map_or(&[][..], |best| &best.claims);
        for value in field.values.iter().filter(|value| value.against_best == Comparison::Update) {
            add(field.field, best, &value.claims);
        }
    }
    pairs.into_iter().filter_map(|(field, left, right)| pair(sides, left, right, field)).collect()
}

/// Pairs of claims of one field and two values that are written.
const PAIRS_MAX: usize = 16;

/// Values that two independent origins give: one claim of each origin.
fn corroborating(dossier: &Dossier, sides: &BTreeMap<ClaimId, String>) -> Vec<Value> {
    let assessment = &dossier.event.assessment;
    let mut pairs = Vec::new();
    for field in &assessment.fields {
        for value in field.values.iter().filter(|value| value.origins > 1) {
            let of_origin = |origin: &headwater_domain::picture::Origin| {
                origin.claims.iter().copied().find(|claim| value.claims.contains(claim))
            };
            let mut claims = assessment.origins.iter().filter_map(of_origin);
            if let (Some(left), Some(right)) = (claims.next(), claims.next()) {
                pairs.extend(pair(sides, left, right, field.field));
            }
        }
    }
    pairs
}

fn pair(sides: &BTreeMap<ClaimId, String>, left: ClaimId, right: ClaimId, field: Field) -> Option<Value> {
    let side = |claim: ClaimId| {
        Some(json!({"doc": sides.get(&claim)?, "kind": "event", "id": claim, "field": field_word(field)}))
    };
    Some(json!({"a": side(left)?, "b": side(right)?, "field": field_word(field)}))
}

fn field_word(field: Field) -> &'static str {
    match field {
        Field::When => "date",
        Field::Where => "fact",
        Field::Responsible => "perpetrator",
        Field::Taken => "count",
        Field::Occurrence | Field::Target | Field::Weapon | Field::Killed | Field::Injured => field.word(),
    }
}

fn copy_word(kind: LineageKind) -> &'static str {
    match kind {
        LineageKind::Identical => "verbatim",
        LineageKind::NearIdentical | LineageKind::Trimmed | LineageKind::Extended => "near-copy",
        LineageKind::RewrittenWithQuotes | LineageKind::SharedQuoteOnly => "paraphrase",
    }
}
