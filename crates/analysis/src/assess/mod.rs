//! Assess: how sure, and why?

pub mod agreement;
pub mod origins;
mod relations;

pub use relations::relations;

use crate::policy::Policy;
use agreement::Told;
use headwater_domain::id::{ClaimId, EventId, ReportId};
use headwater_domain::kind::{EventStatus, Mode, Plover, SubEvent};
use headwater_domain::marking::Marking;
use headwater_domain::picture::{
    Assessment, Comparison, Conflict, Credibility, Event, Field, FieldPicture, Reason, Value, ValuePicture,
};
use headwater_domain::reading::{SourceKind, SpeechActKind};
use headwater_domain::resolution::{ActorRef, Incident, Lineage};
use headwater_domain::time::Period;
use origins::{Publishers, Telling};
use std::collections::{BTreeMap, BTreeSet};

/// Makes an event of its tellings, which must be sorted with the founding one first; nothing of
/// none.
pub fn assess(
    members: &[&Incident],
    lineages: &[Lineage],
    publishers: &Publishers,
    policy: &Policy,
) -> Option<Event> {
    let founding = members.first()?;
    let tellings: Vec<Telling<'_>> = members.iter().map(|&incident| Telling::from(incident)).collect();
    let groups = origins::group(&tellings, lineages, publishers, policy.prose_coverage_min);
    let mut origin_of = vec![0; members.len()];
    for (number, group) in groups.iter().enumerate() {
        for &index in &group.members {
            origin_of[index] = number;
        }
    }
    let fields = fields(members, &origin_of, policy);
    let best =
        |field: Field| fields.iter().find(|(told, _)| *told == field).and_then(|(_, values)| values.first());

    let kind = commonest(members.iter().map(|incident| incident.kind)).unwrap_or(founding.kind);
    let status = match best(Field::Occurrence).map(|told| &told.value) {
        Some(Value::Status(status)) => *status,
        _ => founding.status,
    };
    let when = match best(Field::When).map(|told| &told.value) {
        Some(Value::When(period)) => Some(period.clone()),
        _ => None,
    };
    let place = match best(Field::Where).map(|told| &told.value) {
        Some(Value::Place(place)) => Some(place.clone()),
        _ => None,
    };
    let actors_of = |field: Field| -> Vec<ActorRef> {
        let values = fields.iter().find(|(told, _)| *told == field).map_or(&[][..], |(_, values)| values);
        values
            .iter()
            .filter_map(|told| match &told.value {
                Value::Actor(actor) => Some(actor.clone()),
                _ => None,
            })
            .collect()
    };
    let (mut actors, mut targets) = (actors_of(Field::Responsible), actors_of(Field::Target));
    // "People" of one report and "people" of another need no telling apart within one event.
    for list in [&mut actors, &mut targets] {
        let mut seen = BTreeSet::new();
        list.retain(|actor| actor.named || seen.insert(actor.name.to_lowercase()));
    }

    let reports: BTreeSet<ReportId> = members.iter().map(|incident| incident.evidence.report).collect();
    let families: BTreeSet<_> =
        members.iter().map(|incident| incident.source.map(|id| publishers.family(id))).collect();
    let at_most = groups.len() > 1
        && groups.iter().any(|group| {
            !group.certain || group.members.iter().all(|&index| members[index].voices.is_empty())
        });
    let mut conflicts = conflicts(&fields, members);
    conflicts.extend(denials(members, &actors));
    let credibility = credibility(members, &groups, &conflicts, status);
    let reasons = reasons(members, &groups, at_most, credibility, policy);
    let fields = fields.into_iter().map(|(field, values)| picture(field, values, members, policy)).collect();
    let assessment = Assessment {
        reports: u32::try_from(reports.len()).unwrap_or(u32::MAX),
        publishers: u32::try_from(families.len()).unwrap_or(u32::MAX),
        origins: groups.iter().map(|group| group.origin(&tellings)).collect(),
        at_most,
        credibility,
        fields,
        conflicts,
        reasons,
    };
    let marking = members
        .iter()
        .skip(1)
        .fold(founding.marking.clone(), |so_far: Marking, incident| so_far.join(&incident.marking));
    let mut event = Event {
        id: EventId::founded_by(founding.claim),
        kind,
        status,
        window: when.clone().or_else(|| window(members)),
        when,
        place,
        actors,
        targets,
        main: members.iter().any(|incident| incident.main),
        aggregate: members.iter().filter(|incident| incident.aggregate).count() * 2 > members.len(),
        title: String::new(),
        assessment,
        marking,
    };
    event.title = title(&event);
    Some(event)
}

fn commonest<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|&(value, count)| (count, std::cmp::Reverse(value))).map(|(value, _)| value)
}

/// What all tellings' windows allow, as far as they go together.
fn window(members: &[&Incident]) -> Option<Period> {
    members.iter().filter_map(|incident| incident.window.clone()).reduce(|so_far, next| {
        let both = so_far.intersection(&next);
        both.unwrap_or(so_far)
    })
}

/// Field by field, the values told, best first.
fn fields(members: &[&Incident], origin_of: &[usize], policy: &Policy) -> Vec<(Field, Vec<Told>)> {
    let mut told: BTreeMap<Field, Vec<Told>> = BTreeMap::new();
    for (index, incident) in members.iter().enumerate() {
        let mut add = |field: Field, value: Value, toll: Option<&headwater_domain::resolution::Toll>| {
            let values = told.entry(field).or_default();
            let same = values.iter_mut().find(|known| {
                same_value(&known.value, &value)
                    && known.toll.as_ref().map(|toll| (toll.harm, toll.counted, toll.perpetrators))
                        == toll.map(|toll| (toll.harm, toll.counted, toll.perpetrators))
            });
            let published = incident.published.map(|day| (day, day));
            match same {
                Some(known) => {
                    if known.tellings.last() != Some(&index) {
                        known.tellings.push(index);
                    }
                    if !known.origins.contains(&origin_of[index]) {
                        known.origins.push(origin_of[index]);
                    }
                    known.published = match (known.published, published) {
                        (Some((first, last)), Some((day, _))) => Some((first.min(day), last.max(day))),
                        (known, new) => known.or(new),
                    };
                }
                None => values.push(Told {
                    value,
                    toll: toll.cloned(),
                    tellings: vec![index],
                    origins: vec![origin_of[index]],
                    published,
                }),
            }
        };
        add(Field::Occurrence, Value::Status(incident.status), None);
        if let Some(when) = &incident.when {
            add(Field::When, Value::When(when.clone()), None);
        }
        if let Some(place) = &incident.place {
            add(Field::Where, Value::Place(place.clone()), None);
        }
        for actor in &incident.actors {
            add(Field::Responsible, Value::Actor(actor.clone()), None);
        }
        for target in &incident.targets {
            add(Field::Target, Value::Actor(target.clone()), None);
        }
        if let Some(weapon) = &incident.weapon {
            add(Field::Weapon, Value::Weapon(weapon.clone()), None);
        }
        for toll in &incident.tolls {
            if let Some(field) = Field::of_harm(toll.harm) {
                add(field, Value::Count(toll.count), Some(toll));
            }
        }
    }
    for values in told.values_mut() {
        agreement::rank(values, policy.best);
    }
    told.into_iter().collect()
}

/// The same place under two wordings is one value, as is one actor; all else must be equal.
fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Place(left), Value::Place(right)) => match (&left.key, &right.key) {
            (Some(left), Some(right)) => left == right,
            (None, None) => left.name.eq_ignore_ascii_case(&right.name),
            _ => false,
        },
        (Value::Actor(left), Value::Actor(right)) => left.id == right.id,
        (left, right) => left == right,
    }
}

fn claims(told: &Told, members: &[&Incident]) -> Vec<ClaimId> {
    told.tellings.iter().map(|&index| members[index].claim).collect()
}

fn picture(field: Field, values: Vec<Told>, members: &[&Incident], policy: &Policy) -> FieldPicture {
    let counts = || {
        values.iter().filter_map(|told| match told.value {
            Value::Count(count) => Some(count),
            _ => None,
        })
    };
    let range = counts().map(|count| count.low).min().map(|low| {
        let open = counts().any(|count| count.high.is_none());
        (low, if open { None } else { counts().filter_map(|count| count.high).max() })
    });
    let best = values.first().cloned();
    let values = values
        .iter()
        .map(|told| {
            let reports: BTreeSet<ReportId> =
                told.tellings.iter().map(|&index| members[index].evidence.report).collect();
            ValuePicture {
                value: told.value.clone(),
                words: words(&told.value),
                claims: claims(told, members),
                reports: u32::try_from(reports.len()).unwrap_or(u32::MAX),
                origins: u32::try_from(told.origins.len()).unwrap_or(u32::MAX),
                against_best: best.as_ref().map_or(Comparison::Same, |best| agreement::compare(told, best)),
            }
        })
        .collect();
    FieldPicture { field, values, range, rule: policy.best.word().to_owned() }
}

fn words(value: &Value) -> String {
    match value {
        Value::Status(status) => status.to_string(),
        Value::When(period) => period.to_string(),
        Value::Place(place) => place.name.clone(),
        Value::Actor(actor) => actor.name.clone(),
        Value::Weapon(weapon) => weapon.clone(),
        Value::Count(count) => count.to_string(),
    }
}

fn conflicts(fields: &[(Field, Vec<Told>)], members: &[&Incident]) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for (field, values) in fields {
        // Targets add up: an attack may be on a school and on the soldiers in it.
        if *field == Field::Target {
            continue;
        }
        for (position, left) in values.iter().enumerate() {
            for right in &values[position + 1..] {
                // One report that names two culprits means that both took part.
                let together = left.tellings.iter().any(|index| right.tellings.contains(index));
                if agreement::compare(left, right) == Comparison::Contradiction && !together {
                    conflicts.push(Conflict {
                        field: *field,
                        comparison: Comparison::Contradiction,
                        text: format!("{} against {}", words(&left.value), words(&right.value)),
                        left: claims(left, members),
                        right: claims(right, members),
                    });
                }
            }
        }
    }
    conflicts
}

/// Denials of responsibility stand beside the tellings that name whoever denies it.
fn denials(members: &[&Incident], actors: &[ActorRef]) -> Vec<Conflict> {
    let mut denials: BTreeMap<String, Conflict> = BTreeMap::new();
    for incident in members {
        for answer in
            incident.answers.iter().filter(|answer| answer.act == SpeechActKind::DeniesResponsibility)
        {
            let who =
                answer.speaker.as_ref().map(|actor| actor.name.clone()).or_else(|| answer.words.clone());
            let who = who.unwrap_or_else(|| "somebody unnamed".to_owned());
            let accused =
                answer.speaker.as_ref().filter(|speaker| actors.iter().any(|actor| actor.id == speaker.id));
            let left = members
                .iter()
                .filter(|other| {
                    accused.is_some_and(|accused| other.actors.iter().any(|actor| actor.id == accused.id))
                })
                .map(|other| other.claim)
                .collect();
            let conflict = denials.entry(who.clone()).or_insert_with(|| Conflict {
                field: Field::Responsible,
                comparison: Comparison::Contradiction,
                text: format!("{who} denies responsibility"),
                left,
                right: Vec::new(),
            });
            conflict.right.push(answer.claim);
        }
    }
    denials.into_values().collect()
}

fn credibility(
    members: &[&Incident],
    groups: &[origins::Group],
    conflicts: &[Conflict],
    status: EventStatus,
) -> Credibility {
    use EventStatus::{Alleged, Background, Denied, Happened};
    if !matches!(status, Happened | Alleged | Denied | Background) {
        return Credibility::CannotBeJudged;
    }
    let contested = conflicts.iter().any(|conflict| conflict.field == Field::Occurrence);
    let certain = groups.iter().filter(|group| group.certain).count();
    let as_fact =
        members.iter().any(|incident| matches!(incident.status, Happened | Background) && !incident.hedged);
    match (status, contested) {
        (Denied, _) => Credibility::Improbable,
        (_, true) => Credibility::Doubtful,
        _ if certain >= 2 && as_fact => Credibility::Confirmed,
        _ if groups.len() >= 2 && as_fact => Credibility::ProbablyTrue,
        _ if as_fact => Credibility::PossiblyTrue,
        _ if certain >= 2 => Credibility::PossiblyTrue,
        _ => Credibility::Doubtful,
    }
}

fn reasons(
    members: &[&Incident],
    groups: &[origins::Group],
    at_most: bool,
    credibility: Credibility,
    policy: &Policy,
) -> Vec<Reason> {
    let reason = |rule: &str, text: String| Reason { rule: rule.to_owned(), text };
    let reports: BTreeSet<ReportId> = members.iter().map(|incident| incident.evidence.report).collect();
    let labels = groups.iter().take(4).map(|group| group.label.as_str()).collect::<Vec<_>>().join("; ");
    let more = if groups.len() > 4 { "; and others" } else { "" };
    let at_most = if at_most { "at most " } else { "" };
    let mut reasons = vec![reason(
        "origins",
        format!("{} report(s) rest on {at_most}{} origin(s): {labels}{more}", reports.len(), groups.len()),
    )];
    reasons.push(reason("telling", how_told(members)));
    if members
        .iter()
        .all(|incident| incident.voices.last().is_some_and(|voice| voice.kind == SourceKind::Unnamed))
    {
        reasons.push(reason("unnamed", "nobody named stands behind any telling".to_owned()));
    }
    reasons.push(reason(
        "credibility",
        format!("graded {} by origins, voices and contradictions", credibility as u8),
    ));
    reasons.push(reason("best", format!("best values chosen by the rule {}", policy.best.word())));
    reasons
}

/// "told as fact by 2 reports, in another's words by 1".
fn how_told(members: &[&Incident]) -> String {
    let mut as_fact: BTreeSet<ReportId> = BTreeSet::new();
    let mut in_words: BTreeSet<ReportId> = BTreeSet::new();
    for incident in members {
        if incident.voices.is_empty() && !incident.hedged { &mut as_fact } else { &mut in_words }
            .insert(incident.evidence.report);
    }
    let in_words = in_words.difference(&as_fact).count();
    match (as_fact.len(), in_words) {
        (fact, 0) => format!("told as fact by {fact}"),
        (0, words) => format!("told only in others' words or with reserve, by {words}"),
        (fact, words) => format!("told as fact by {fact}, in others' words or with reserve by {words}"),
    }
}

/// How responsibility of one actor is told: by how many reports as fact, by how many as somebody's
/// word, who claims it and who denies it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Responsibility {
    /// Reports that say it themselves.
    pub as_fact: BTreeSet<ReportId>,
    /// Reports that have somebody else say it, or hedge.
    pub attributed: BTreeSet<ReportId>,
    /// Claims in which the actor says "we did it".
    pub claimed: Vec<ClaimId>,
    /// Claims in which the actor says "it was not us".
    pub denied: Vec<ClaimId>,
}

/// Tells who says that this actor did it.
pub fn responsibility(actor: &ActorRef, incidents: &[Incident]) -> Responsibility {
    let mut told = Responsibility::default();
    for incident in incidents {
        let is_actor = |other: &Option<ActorRef>| other.as_ref().is_some_and(|other| other.id == actor.id);
        let mut only_said = !incident.voices.is_empty() || incident.hedged;
        for answer in &incident.answers {
            match answer.act {
                SpeechActKind::ClaimsResponsibility if is_actor(&answer.speaker) => {
                    told.claimed.push(answer.claim);
                    only_said = true;
                }
                SpeechActKind::DeniesResponsibility if is_actor(&answer.speaker) => {
                    told.denied.push(answer.claim)
                }
                SpeechActKind::Accuses if is_actor(&answer.addressee) => only_said = true,
                _ => {}
            }
        }
        if incident.actors.iter().any(|other| other.id == actor.id) {
            if only_said { &mut told.attributed } else { &mut told.as_fact }.insert(incident.evidence.report);
        }
    }
    told
}

/// "Suicide bombing in Peshawar", "Threat", "Arrests in Vienna".
fn title(event: &Event) -> String {
    let what = what(event);
    match &event.place {
        Some(place) => format!("{what} in {}", place.name),
        None => what.to_owned(),
    }
}

fn what(event: &Event) -> &'static str {
    let many = event.aggregate;
    match (event.kind.event, event.kind.mode, event.kind.sub_event) {
        (Plover::Assault, Some(Mode::SuicideAttack), _) | (_, _, Some(SubEvent::SuicideBomb)) => {
            "Suicide bombing"
        }
        (Plover::Assault, Some(Mode::Drone), _) => "Drone strike",
        (Plover::Assault, Some(Mode::Aerial), _) | (_, _, Some(SubEvent::AirStrike)) => "Air strike",
        (Plover::Assault, Some(Mode::HeavyWeapons), _) | (_, _, Some(SubEvent::Shelling)) => "Shelling",
        (_, _, Some(SubEvent::Grenade)) => "Grenade attack",
        (Plover::Assault, Some(Mode::Unconventional), _) => "Chemical attack",
        (Plover::Assault, Some(Mode::Explosives), _) => "Bombing",
        (Plover::Assault, Some(Mode::Abduct), _) => "Abduction",
        (Plover::Assault, Some(Mode::Sexual), _) => "Sexual violence",
        (Plover::Assault, Some(Mode::Torture), _) => "Torture",
        (Plover::Assault, Some(Mode::Destroy), _) => "Destruction",
        (_, _, Some(SubEvent::ArmedClash)) => "Clash",
        (_, _, Some(SubEvent::GovernmentRegains | SubEvent::NonStateOvertakes)) => "Capture of territory",
        (_, _, Some(SubEvent::ExcessiveForce)) => "Force against protesters",
        (_, _, Some(SubEvent::MobViolence)) => "Mob violence",
        (Plover::Assault, Some(Mode::Targeted), _) => "Killing",
        (Plover::Assault, Some(Mode::Firearms), _) if !many => "Shooting",
        (Plover::Assault, ..) if many => "Attacks",
        (Plover::Assault, ..) => "Attack",
        (Plover::Protest, Some(Mode::Riot), _) => "Riot",
        (Plover::Protest, Some(Mode::Strike), _) => "Strike",
        (Plover::Protest, ..) => "Protest",
        (Plover::Coerce, Some(Mode::Arrest), _) => "Arrests",
        (Plover::Coerce, Some(Mode::Curfew), _) => "Curfew",
        (Plover::Coerce, Some(Mode::MartialLaw), _) => "Emergency rule",
        (Plover::Coerce, Some(Mode::Seize), _) => "Seizure",
        (Plover::Coerce, Some(Mode::Deport), _) => "Deportation",
        (Plover::Coerce, ..) => "Restriction",
        (Plover::Sanction, Some(Mode::Convict), _) => "Trial",
        (Plover::Sanction, ..) => "Sanction",
        (Plover::Threaten, ..) => "Threat",
        (Plover::Mobilize, ..) => "Mobilization",
        (Plover::Retreat | Plover::Agree, Some(Mode::Ceasefire), _) => "Ceasefire",
        (Plover::Retreat, Some(Mode::Release), _) => "Release",
        (Plover::Retreat, Some(Mode::Withdraw), _) => "Withdrawal",
        (Plover::Retreat, ..) => "Retreat",
        (Plover::Agree, ..) => "Agreement",
        (Plover::Concede, ..) => "Concession",
        (Plover::Cooperate, ..) => "Cooperation",
        (Plover::Aid, ..) => "Aid",
        (Plover::Consult, ..) => "Talks",
        (Plover::Support, ..) => "Support",
        (Plover::Request, ..) => "Demand",
        (Plover::Accuse, Some(Mode::Investigate), _) => "Investigation",
        (Plover::Accuse, ..) => "Accusation",
        (Plover::Reject, ..) => "Rejection",
    }
}
