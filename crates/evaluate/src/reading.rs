//! The benchmark `reading`: modern reports annotated in Headwater's own terms.

use crate::CodePoints;
use crate::gold::{each_line, report, string};
use headwater_domain::count::{CountForm, Harm};
use headwater_domain::kind::{EventKind, EventStatus, Mode, Plover};
use headwater_domain::reading::{
    Claim, CountMention, EventProposition, Proposition, Reading, RelationKind, Role, SourceKind,
    SpeechActKind, Stance,
};
use headwater_domain::text::Span;
use headwater_knowledge::places::{Gazetteer, Weights};
use headwater_reader::Reader;
use serde_json::{Map, Value, json};
use std::io::{BufRead, Write};

/// Reads each document of the benchmark and writes what was read in the form of its scorer.
pub fn predict(reader: Reader, mut gold: impl BufRead, mut out: impl Write) -> anyhow::Result<()> {
    each_line(&mut gold, &mut out, |record| {
        let (id, text) = (string(record, "id"), string(record, "text"));
        let published = record.get("published").and_then(Value::as_str);
        let report = report(id, text, published, None, None);
        Ok(document(id, text, &reader.read(&report)))
    })
}

fn document(id: &str, text: &str, reading: &Reading) -> Value {
    let points = CodePoints::new(text);
    let at = |span: Span| json!(points.of(span));
    let entities: Vec<Value> = reading
        .chains
        .iter()
        .enumerate()
        .map(|(index, chain)| {
            let mentions: Vec<Value> = chain
                .mentions
                .iter()
                .filter_map(|&mention| reading.mention(mention))
                .map(|mention| at(mention.span))
                .collect();
            json!({"id": format!("a{index}"), "type": chain.kind.word(), "name": chain.name, "mentions": mentions})
        })
        .collect();
    let places = Places::of(text, reading);
    let mut events: Vec<Value> =
        reading.events().map(|(_, event)| event_value(reading, event, text, &at, &places)).collect();
    events.extend(reading.claims.iter().filter_map(|claim| claimed(reading, claim, &at)));
    let attributions: Vec<Value> = reading
        .attributions
        .iter()
        .map(|attribution| {
            json!({
                "source": attribution.source.map(at),
                "cue": attribution.cue.map(at),
                "content": at(attribution.content),
                "stance": stance_word(attribution.stance),
                "source_kind": source_word(attribution.source_kind),
                "hedged": attribution.hedge.is_some(),
            })
        })
        .collect();
    let relations: Vec<Value> = reading
        .claims
        .iter()
        .filter_map(|claim| match &claim.proposition {
            Proposition::Relation(relation) => {
                let side = |mention| reading.mention(mention).map(|mention| format!("a{}", mention.chain.0));
                Some(json!({
                    "a": side(relation.from)?,
                    "b": side(relation.to)?,
                    "sign": relation_word(relation.kind)?,
                    "evidence": at(claim.evidence.first()),
                    "said_by": null,
                }))
            }
            _ => None,
        })
        .collect();
    json!({"id": id, "entities": entities, "events": events, "attributions": attributions, "relations": relations})
}

fn event_value(
    reading: &Reading,
    event: &EventProposition,
    text: &str,
    at: &dyn Fn(Span) -> Value,
    places: &Places,
) -> Value {
    let mut args: Map<String, Value> = Map::new();
    for (role, name) in [
        (Role::Actor, "actor"),
        (Role::Target, "target"),
        (Role::Victim, "victim"),
        (Role::Place, "place"),
        (Role::Weapon, "weapon"),
        (Role::Detained, "detained"),
    ] {
        let spans: Vec<Value> = event
            .in_role(role)
            .filter_map(|mention| reading.mention(mention))
            .map(|mention| at(mention.span))
            .collect();
        if !spans.is_empty() {
            args.insert(name.to_owned(), Value::Array(spans));
        }
    }
    let times: Vec<Value> = event
        .times
        .iter()
        .filter_map(|time| reading.times.get(time.0 as usize))
        .map(|time| at(time.span))
        .collect();
    args.insert("time".to_owned(), Value::Array(times));
    let mut value = json!({
        "trigger": at(event.trigger),
        "type": type_word(event.kind),
        "kind": event.kind.sub_event.map_or("", |sub_event| sub_event.word()),
        "status": status_word(event.status),
        "main": event.main,
        "date": event.when.as_ref().map(|when| {
            when.single_day().map_or_else(|| when.edtf().to_owned(), |day| day.to_string())
        }),
        "country": places.country_of(reading, event),
        "same_as": event.more_triggers.iter().map(|&span| at(span)).collect::<Vec<_>>(),
    });
    for (harm, name) in [(Harm::Killed, "killed"), (Harm::Injured, "injured")] {
        let counts: Vec<_> = event
            .tolls
            .iter()
            .filter_map(|toll| reading.counts.get(toll.0 as usize))
            .filter(|count| count.harm == harm && !count.cumulative)
            .collect();
        if let Some(most) = counts.iter().max_by_key(|count| count.count.low) {
            value[name] = bounds(most, text);
        }
        if !counts.is_empty() {
            args.insert(name.to_owned(), counts.iter().map(|count| at(count.phrase)).collect());
        }
    }
    value["args"] = Value::Object(args);
    value
}

/// The benchmark's bounds: "more than 20" has 20 as its lower one, "dozens" no upper one.
fn bounds(mention: &CountMention, text: &str) -> Value {
    let words = text.get(mention.span.range()).unwrap_or("").to_lowercase();
    let more = words.starts_with("more than") || words.starts_with("over ");
    let low = mention.count.low - u32::from(more && mention.count.low > 0);
    let high = mention.count.high.filter(|_| mention.count.form != CountForm::Vague);
    json!({"low": low, "high": high})
}

/// A claim of responsibility, which the benchmark keeps among the events.
fn claimed(reading: &Reading, claim: &Claim, at: &dyn Fn(Span) -> Value) -> Option<Value> {
    let Proposition::SpeechAct(act) = &claim.proposition else { return None };
    if act.kind != SpeechActKind::ClaimsResponsibility {
        return None;
    }
    let actor: Vec<Value> = act
        .speaker
        .and_then(|speaker| reading.mention(speaker))
        .map(|mention| at(mention.span))
        .into_iter()
        .collect();
    Some(json!({
        "trigger": at(act.anchor), "type": "CLAIM", "kind": "", "status": "happened", "main": false,
        "date": null, "country": null, "same_as": [], "args": {"actor": actor},
    }))
}

/// The countries of the places of a document.
struct Places {
    countries: Vec<(Span, String)>,
    /// The country that most places of the document lie in.
    usual: Option<String>,
}

impl Places {
    fn of(text: &str, reading: &Reading) -> Self {
        let gazetteer = Gazetteer::shared();
        let names: Vec<_> = reading
            .mentions
            .iter()
            .filter(|mention| mention.kind == headwater_domain::reading::ThingKind::Place)
            .map(|mention| mention.span)
            .collect();
        let ranges: Vec<_> = names.iter().map(|span| span.range()).collect();
        let resolved = gazetteer.resolve(&gazetteer.document_places(text, &ranges), &Weights::default());
        let countries = names
            .into_iter()
            .zip(resolved)
            .filter_map(|(span, found)| {
                let place = gazetteer.place(found?.key);
                let country = gazetteer.country(place.country?)?;
                Some((span, country.alpha3.to_owned()))
            })
            .collect::<Vec<_>>();
        let mut often = std::collections::BTreeMap::new();
        for (_, country) in &countries {
            *often.entry(country.clone()).or_insert(0) += 1;
        }
        let usual = often.into_iter().max_by_key(|(_, times)| *times).map(|(country, _)| country);
        Self { countries, usual }
    }

    fn country_of(&self, reading: &Reading, event: &EventProposition) -> Option<String> {
        let own =
            event.in_role(Role::Place).filter_map(|mention| reading.mention(mention)).find_map(|mention| {
                let found = self.countries.iter().find(|(span, _)| *span == mention.span)?;
                Some(found.1.clone())
            });
        own.or_else(|| self.usual.clone())
    }
}

fn type_word(kind: EventKind) -> &'static str {
    match (kind.event, kind.mode) {
        (_, Some(Mode::Claim)) => "CLAIM",
        (Plover::Sanction, Some(Mode::Convict)) => "TRIAL",
        (Plover::Retreat | Plover::Concede, _) => "YIELD",
        (event, _) => event.word(),
    }
}

fn status_word(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Background => "background",
        status => status.word(),
    }
}

fn stance_word(stance: Stance) -> &'static str {
    match stance {
        Stance::ClaimsResponsibility => "claims_responsibility",
        stance => stance.word(),
    }
}

fn source_word(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::NamedPerson => "named_person",
        SourceKind::NamedOrganisation => "named_organisation",
        kind => kind.word(),
    }
}

fn relation_word(kind: RelationKind) -> Option<&'static str> {
    match kind {
        RelationKind::Hostile | RelationKind::Accuses => Some("hostile"),
        RelationKind::Allied | RelationKind::Affiliated => Some("cooperative"),
        RelationKind::Negotiating => Some("negotiating"),
        RelationKind::DeniesLink => Some("denies_link"),
        RelationKind::Controls => Some("controls"),
    }
}
