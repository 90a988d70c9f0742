//! One report: what does its reading contribute, in terms of the world?

use super::{actors, events, places, within};
use crate::policy::Policy;
use crate::{lineage, wording};
use headwater_domain::kind::{EventStatus, Family};
use headwater_domain::reading::{
    AttributionIndex, ChainIndex, Claim, EventProposition, MentionIndex, Proposition, Reading,
    RelationProposition, Role, SourceKind, SpeechActKind, ThingKind,
};
use headwater_domain::report::Report;
use headwater_domain::resolution::{
    ActorRef, Answer, Incident, PlaceRef, RelationClaim, Resolution, Saying, Voice,
};
use headwater_domain::text::Span;
use headwater_domain::time::Period;
use std::collections::BTreeMap;

/// Says what a reading is about: who, where, when, and what it has happen and be said.
pub fn resolve(report: &Report, reading: &Reading) -> Resolution {
    let (places, sent_from) = places::places(report, reading);
    let actors = actors::actors(report, reading, &places);
    let around = Around { report, reading, places: &places, actors: &actors };
    let told = reading
        .events()
        .map(|(claim, event)| within::Told { claim, event, incident: around.incident(claim, event) })
        .collect();
    let policy = Policy::default();
    let mut incidents = within::fold(
        &within::Around { report, reading, places: &places, sent_from: sent_from.as_ref(), policy: &policy },
        told,
    );
    // Copies are told by what is known of them when all is folded.
    for incident in &mut incidents {
        incident.alike = events::alike(incident);
    }
    let founding = within::founding(&incidents);
    let mut sayings: Vec<Saying> = reading.claims.iter().filter_map(|claim| around.saying(claim)).collect();
    for saying in &mut sayings {
        for claim in &mut saying.about {
            *claim = founding.get(claim).copied().unwrap_or(*claim);
        }
        saying.about.dedup();
    }
    Resolution {
        actors: actors::mentioned(report, reading, &actors),
        incidents,
        relations: reading.claims.iter().filter_map(|claim| around.relation(claim)).collect(),
        sayings,
        fingerprint: lineage::fingerprint(report.text.as_str()),
    }
}

/// Words for people who tell of events.
const SPEAKERS: &[&str] = &[
    "analyst",
    "analysts",
    "official",
    "officials",
    "resident",
    "residents",
    "spokesman",
    "spokesmen",
    "spokesperson",
    "spokeswoman",
    "witness",
    "witnesses",
];

/// Attributions scored lower are attitudes, or things that show something, rather than speech.
const SPEECH_SCORE_MIN: f32 = 0.5;

/// What a claim is resolved with.
struct Around<'a> {
    report: &'a Report,
    reading: &'a Reading,
    places: &'a BTreeMap<MentionIndex, PlaceRef>,
    actors: &'a BTreeMap<ChainIndex, (ActorRef, String)>,
}

impl Around<'_> {
    fn actor(&self, mention: MentionIndex) -> Option<ActorRef> {
        let chain = self.reading.mention(mention)?.chain;
        self.actors.get(&chain).map(|(actor, _)| actor.clone())
    }

    fn words(&self, span: Span) -> &str {
        self.report.text.passage(span).unwrap_or("")
    }

    fn in_roles(&self, event: &EventProposition, roles: &[Role]) -> Vec<ActorRef> {
        let mut found: Vec<ActorRef> = Vec::new();
        for argument in event.arguments.iter().filter(|argument| roles.contains(&argument.role)) {
            if let Some(actor) = self.actor(argument.mention)
                && !found.iter().any(|known| known.id == actor.id)
            {
                found.push(actor);
            }
        }
        found
    }

    /// Who did it. An unnamed spokesman or witness tells of violence and does none, whatever the
    /// grammar says.
    fn doers(&self, event: &EventProposition) -> Vec<ActorRef> {
        let only_tells = |actor: &ActorRef| {
            let last = actor.name.rsplit(' ').next().unwrap_or_default().to_lowercase();
            !actor.named && SPEAKERS.contains(&last.as_str())
        };
        let mut doers = self.in_roles(event, &[Role::Actor]);
        if event.kind.family() == Family::Violence {
            doers.retain(|actor| !only_tells(actor));
        }
        doers
    }

    fn incident(&self, claim: &Claim, event: &EventProposition) -> Incident {
        let sentence = claim.evidence.first();
        let published = self.report.published.map(|published| published.date());
        // What is past when it is told was over when it was published; plans may lie ahead.
        let is_past = matches!(
            event.status,
            EventStatus::Happened
                | EventStatus::Alleged
                | EventStatus::Denied
                | EventStatus::Foiled
                | EventStatus::Background
        );
        let bound = published.filter(|_| is_past).map(Period::until);
        let window = match (&event.when, bound) {
            (Some(when), Some(bound)) => when.intersection(&bound).or_else(|| Some(when.clone())),
            (Some(when), None) => Some(when.clone()),
            (None, bound) => bound,
        };
        Incident {
            claim: claim.id,
            also: Vec::new(),
            source: self.report.source,
            wire: self.report.wire.as_ref().map(|wire| wire.agency.clone()),
            published,
            kind: event.kind,
            status: event.status,
            main: event.main,
            aggregate: event.aggregate,
            when: event.when.clone(),
            window,
            place: self.place(event),
            actors: self.doers(event),
            targets: self.in_roles(event, &[Role::Target, Role::Victim, Role::Detained]),
            weapon: event
                .in_role(Role::Weapon)
                .find_map(|mention| self.reading.mention(mention))
                .map(|mention| self.words(mention.head).to_lowercase()),
            // Numbers are given out when it is known which words tell of one event.
            tolls: Vec::new(),
            voices: self.voices(&claim.said_by),
            answers: self.answers(claim),
            hedged: claim.hedge.is_some(),
            word: stem(self.words(event.trigger)),
            trigger: event.trigger,
            words: wording::content_words(self.words(sentence)),
            wording: wording::wording(self.words(sentence)),
            alike: 0,
            evidence: claim.evidence.clone(),
            marking: self.report.marking.clone(),
            score: claim.score,
        }
    }

    /// The most precise of the places named, since a town says more than its country.
    fn place(&self, event: &EventProposition) -> Option<PlaceRef> {
        let in_role = |role: Role| {
            let here = event.in_role(role).filter(|&mention| !self.is_origin(mention));
            let named = here.filter_map(|mention| self.places.get(&mention));
            named.min_by_key(|place| (place.key.is_none(), place.precision))
        };
        match (in_role(Role::Place), in_role(Role::Target)) {
            // A town that is attacked is where the attack is.
            (None, Some(target)) => Some(target.clone()),
            (Some(place), Some(target))
                if target.key.is_some()
                    && target.within.iter().any(|key| Some(key) == place.key.as_ref()) =>
            {
                Some(target.clone())
            }
            (place, _) => place.cloned(),
        }
    }

    /// "A woman from Canada": where somebody comes from is not where it happened.
    fn is_origin(&self, mention: MentionIndex) -> bool {
        let start = self.reading.mention(mention).map_or(0, |mention| mention.span.start());
        let before = self.report.text.as_str().get(..start).unwrap_or("");
        before.trim_end().ends_with(" from")
    }

    fn voices(&self, said_by: &[AttributionIndex]) -> Vec<Voice> {
        said_by.iter().filter_map(|&index| self.voice(index)).collect()
    }

    /// Who speaks; nothing where the words only show an attitude, or a thing "shows" something.
    fn voice(&self, index: AttributionIndex) -> Option<Voice> {
        let attribution = self.reading.attributions.get(index.0 as usize)?;
        if attribution.score.get() < SPEECH_SCORE_MIN {
            return None;
        }
        let actor = attribution.speaker.and_then(|speaker| self.actor(speaker));
        let words = attribution.source.map(|span| self.words(span).to_owned());
        Some(Voice {
            // A pronoun tells nobody who speaks.
            words: words.filter(|words| !is_pronoun(words)).or_else(|| Some(actor.as_ref()?.name.clone())),
            actor,
            kind: attribution.source_kind,
            stance: attribution.stance,
        })
    }

    /// Speech acts of the report that are about this event.
    fn answers(&self, event: &Claim) -> Vec<Answer> {
        let acts = self.reading.claims.iter().filter_map(|claim| match &claim.proposition {
            Proposition::SpeechAct(act) if act.about.contains(&event.id) => Some((claim, act)),
            _ => None,
        });
        acts.map(|(claim, act)| {
            let voice = claim.said_by.last().and_then(|&index| self.voice(index));
            let speaker = act.speaker.and_then(|speaker| self.reading.mention(speaker));
            Answer {
                act: act.kind,
                words: speaker
                    .map(|mention| self.words(mention.span).to_owned())
                    .or_else(|| voice.as_ref().and_then(|voice| voice.words.clone())),
                speaker: act
                    .speaker
                    .and_then(|speaker| self.actor(speaker))
                    .or_else(|| voice.and_then(|voice| voice.actor)),
                addressee: act.addressee.and_then(|addressee| self.actor(addressee)),
                claim: claim.id,
            }
        })
        .collect()
    }

    fn relation(&self, claim: &Claim) -> Option<RelationClaim> {
        let Proposition::Relation(RelationProposition { kind, from, to, negated, .. }) = &claim.proposition
        else {
            return None;
        };
        let (from, to) = (self.actor(*from)?, self.actor(*to)?);
        // How "gunmen" stand to "police" says nothing that lasts.
        if from.id == to.id || !(from.named && to.named) {
            return None;
        }
        Some(RelationClaim {
            claim: claim.id,
            source: self.report.source,
            wire: self.report.wire.as_ref().map(|wire| wire.agency.clone()),
            published: self.report.published.map(|published| published.date()),
            from,
            to,
            kind: *kind,
            negated: *negated,
            voices: self.voices(&claim.said_by),
            hedged: claim.hedge.is_some(),
            wording: wording::wording(self.words(claim.evidence.first())),
            evidence: claim.evidence.clone(),
            marking: self.report.marking.clone(),
        })
    }

    fn saying(&self, claim: &Claim) -> Option<Saying> {
        let (act, addressee, speaker, about) = match &claim.proposition {
            Proposition::Event(_) | Proposition::Relation(_) => return None,
            Proposition::SpeechAct(act) => (Some(act.kind), act.addressee, act.speaker, act.about.clone()),
            Proposition::Assessment(_) | Proposition::Outlook(_) | Proposition::Statement(_) => {
                (None, None, None, Vec::new())
            }
        };
        let innermost = claim.said_by.last().copied();
        let attribution = innermost.and_then(|index| self.reading.attributions.get(index.0 as usize));
        let voice = innermost.and_then(|index| self.voice(index)).or_else(|| {
            let mention = self.reading.mention(speaker?)?;
            let actor = self.actor(speaker?);
            let kind = match (&actor, mention.kind) {
                (Some(actor), ThingKind::Person) if actor.named => SourceKind::NamedPerson,
                (Some(actor), _) if actor.named => SourceKind::NamedOrganisation,
                (_, ThingKind::SecurityForce | ThingKind::Government) => SourceKind::Official,
                _ => SourceKind::Unnamed,
            };
            Some(Voice {
                words: Some(self.words(mention.span).to_owned()),
                actor,
                kind,
                stance: claim.stance,
            })
        });
        // A statement that nobody utters is no statement.
        if matches!(claim.proposition, Proposition::Statement(_)) && voice.is_none() {
            return None;
        }
        let voice = match (&claim.proposition, voice) {
            // Nobody demands by what "the stakes" demand.
            (Proposition::SpeechAct(act), None) if act.kind == SpeechActKind::Demands => return None,
            // An act whose doer is not named is somebody's all the same, not the writer's.
            (Proposition::SpeechAct(_), None) => {
                Some(Voice { words: None, actor: None, kind: SourceKind::Unnamed, stance: claim.stance })
            }
            (_, voice) => voice,
        };
        let content = claim.proposition.anchor();
        Some(Saying {
            claim: claim.id,
            source: self.report.source,
            published: self.report.published.map(|published| published.date()),
            is: claim.proposition.word().to_owned(),
            act,
            voice,
            stance: claim.stance,
            addressee: addressee.and_then(|addressee| self.actor(addressee)),
            hedged: claim.hedge.is_some(),
            quoted: attribution.is_some_and(|attribution| attribution.quoted),
            content,
            about,
            wording: wording::wording(self.words(content)),
            evidence: claim.evidence.clone(),
            marking: self.report.marking.clone(),
        })
    }
}

/// Words that stand for somebody and name nobody.
const PRONOUNS: &[&str] = &[
    "another",
    "each",
    "everybody",
    "everyone",
    "he",
    "her",
    "him",
    "himself",
    "his",
    "i",
    "it",
    "itself",
    "me",
    "nobody",
    "none",
    "one",
    "others",
    "she",
    "some",
    "somebody",
    "someone",
    "that",
    "their",
    "them",
    "themselves",
    "these",
    "they",
    "this",
    "those",
    "us",
    "we",
    "which",
    "who",
    "whom",
    "whose",
    "you",
];

/// Tells whether words are a bare pronoun.
pub(super) fn is_pronoun(words: &str) -> bool {
    PRONOUNS.binary_search(&words.to_lowercase().as_str()).is_ok()
}

/// A crude dictionary form, so that "attacked", "attacks" and "attack" compare as one word.
fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    for ending in ["ings", "ing", "ers", "er", "ed", "es", "s"] {
        if let Some(stem) = lower.strip_suffix(ending).filter(|stem| stem.chars().count() >= 4) {
            return stem.to_owned();
        }
    }
    lower
}
