//! Builders of test data: reports whose reading is marked in their text.
//!
//! ```
//! let report = headwater_testkit::told("Harbour News", "2031-03-03", "
//!     [Gunmen]{actor} [attacked]{event} [a convoy]{target} in [Brisa]{place:XBR}.
//!     [A police spokesman]{voice} said that [three]{killed:3} were killed.");
//! assert_eq!(report.resolution.incidents.len(), 1);
//! ```

use headwater_domain::count::{Count, Counted, Harm, PerpetratorsCounted};
use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, ReportId};
use headwater_domain::kind::{EventKind, EventStatus, Plover};
use headwater_domain::marking::{Level, Marking};
use headwater_domain::picture::{Assessment, Credibility, Event, Origin};
use headwater_domain::reading::{
    Argument, Attribution, AttributionIndex, Chain, ChainIndex, Claim, CountMention, EventProposition,
    Mention, MentionIndex, Proposition, ReaderVersion, Reading, RelationKind, Role, Score, SourceKind,
    Stance, ThingKind, TimeMention, Timex, TimexKind,
};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{
    ActorMention, ActorRef, Fingerprint, Incident, PlaceRef, Precision, RelationClaim, Resolution, Saying,
    Toll, Voice,
};
use headwater_domain::text::{Evidence, Sentence, Span, Text};
use headwater_domain::time::{Period, Published};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A marked stretch of a text: `[words]{label}` or `[words]{label:value}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The words.
    pub span: Span,
    /// What they are marked as.
    pub label: String,
    /// What stands after the colon.
    pub value: Option<String>,
}

/// Takes the marks out of a text. Each line is one sentence; space around lines goes.
///
/// # Panics
///
/// If a mark has no end or no words.
pub fn marked(text: &str) -> (Text, Vec<Mark>) {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let text = lines.join("\n");
    let mut plain = String::new();
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('[') {
        let (words, after) = after.split_once("]{").expect("a mark has words and a label");
        let (label, after) = after.split_once('}').expect("a label has an end");
        plain.push_str(before);
        found.push((plain.len()..plain.len() + words.len(), label));
        plain.push_str(words);
        rest = after;
    }
    plain.push_str(rest);
    let text = Text::new(&plain);
    let marks = found.into_iter().map(|(range, label)| {
        let (label, value) = match label.split_once(':') {
            Some((label, value)) => (label, Some(value.to_owned())),
            None => (label, None),
        };
        Mark { span: text.span(range).expect("marks have words"), label: label.to_owned(), value }
    });
    let marks = marks.collect();
    (text, marks)
}

/// A report with its bytes, its reading and what that is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The report.
    pub report: Report,
    /// Who published it.
    pub source: Source,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// What is marked in it, as a reading.
    pub reading: Reading,
    /// What that is about.
    pub resolution: Resolution,
}

/// Builds the first version of a report on this day; its id comes from source and day.
///
/// Labels: `event` (with a PLOVER event, else `ASSAULT`), `actor`, `target`, `place` (with a
/// country), `voice` (with a kind of speaker), `killed` (with a number), `time` (with an EDTF
/// expression), `hostile` for words that set the line's actor against its target.
///
/// # Panics
///
/// If a day or value cannot be read.
pub fn told(source: &str, day: &str, text: &str) -> Told {
    told_again(source, day, 1, text)
}

/// Builds a later version of the report that [`told`] builds.
///
/// # Panics
///
/// If a day or value cannot be read.
pub fn told_again(source: &str, day: &str, version: u32, text: &str) -> Told {
    let (text, marks) = marked(text);
    let source = Source::named(source);
    let day: Date = day.parse().expect("a day such as 2031-03-03");
    let raw = text.as_str().as_bytes().to_vec();
    let report = Report {
        id: ReportId::of(&[source.name.as_bytes(), day.to_string().as_bytes()]),
        version,
        given_id: None,
        title: text.as_str().lines().next().map(str::to_owned),
        text,
        source: Some(source.id),
        carrier: None,
        wire: None,
        dateline: None,
        author: None,
        url: None,
        language: Some("en".to_owned()),
        published: Some(Published::Day(day)),
        updated: None,
        received: Timestamp::from_second(1_900_000_000 + i64::from(version)).expect("in range"),
        marking: Marking::at(Level::Green),
        raw: BlobId::of(&[&raw]),
        origin: format!("test/{day}/{version}"),
        extra: BTreeMap::new(),
    };
    let (reading, resolution) = Builder { report: &report, marks: &marks, day }.build();
    Told { report, source, raw, reading, resolution }
}

/// An actor by this name.
pub fn actor(name: &str) -> ActorRef {
    ActorRef {
        id: ActorId::of(&[name.to_lowercase().as_bytes()]),
        name: name.to_owned(),
        named: name.starts_with(char::is_uppercase),
        kind: ThingKind::ArmedGroup,
        known: None,
    }
}

/// A town by this name.
pub fn place(name: &str, country: Option<&str>) -> PlaceRef {
    PlaceRef {
        key: None,
        name: name.to_owned(),
        words: name.to_owned(),
        country: country.map(str::to_owned),
        division: None,
        within: Vec::new(),
        precision: Precision::Town,
        position: None,
        radius_km: None,
    }
}

/// The event that these tellings amount to, taken from the first of them.
///
/// # Panics
///
/// If there are none.
pub fn event_of(incidents: &[&Incident]) -> Event {
    let first = incidents.first().expect("an event has tellings");
    let founding = incidents.iter().map(|incident| incident.claim).min().expect("checked above");
    let mut reports: Vec<ReportId> = incidents.iter().map(|incident| incident.evidence.report).collect();
    reports.sort();
    reports.dedup();
    let assessment = Assessment {
        reports: reports.len() as u32,
        publishers: reports.len() as u32,
        origins: reports
            .iter()
            .map(|report| Origin {
                label: "itself".to_owned(),
                certain: true,
                claims: incidents
                    .iter()
                    .filter(|incident| incident.evidence.report == *report)
                    .map(|incident| incident.claim)
                    .collect(),
                reports: vec![*report],
            })
            .collect(),
        at_most: false,
        credibility: Credibility::PossiblyTrue,
        fields: Vec::new(),
        conflicts: Vec::new(),
        reasons: Vec::new(),
    };
    Event {
        id: EventId::founded_by(founding),
        kind: first.kind,
        status: first.status,
        when: first.when.clone(),
        window: first.window.clone(),
        place: first.place.clone(),
        actors: first.actors.clone(),
        targets: first.targets.clone(),
        main: first.main,
        aggregate: first.aggregate,
        title: first.word.clone(),
        assessment,
        marking: incidents
            .iter()
            .map(|incident| incident.marking.clone())
            .fold(first.marking.clone(), |left, right| left.join(&right)),
    }
}

/// A number that stands for some words, the same on every run.
pub fn number_of(words: &str) -> u64 {
    let digest = *BlobId::of(&[words.as_bytes()]).as_bytes();
    digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

struct Builder<'a> {
    report: &'a Report,
    marks: &'a [Mark],
    day: Date,
}

impl Builder<'_> {
    fn build(&self) -> (Reading, Resolution) {
        let reader = ReaderVersion("marks/1".to_owned());
        let mut reading = Reading::empty(self.report.id, self.report.version, reader);
        let mut resolution = Resolution {
            actors: Vec::new(),
            incidents: Vec::new(),
            relations: Vec::new(),
            sayings: Vec::new(),
            fingerprint: Fingerprint::default(),
        };
        let mut start = 0;
        for line in self.report.text.as_str().split_inclusive('\n') {
            let words = start..start + line.trim_end().len();
            start += line.len();
            if let Some(span) = self.report.text.span(words) {
                self.add_sentence(span, &mut reading, &mut resolution);
            }
        }
        (reading, resolution)
    }

    fn words(&self, span: Span) -> &str {
        self.report.text.passage(span).expect("the span is of this text")
    }

    /// Marks with this label inside a span.
    fn labelled<'b>(&'b self, within: Span, label: &'b str) -> impl Iterator<Item = &'b Mark> {
        self.marks.iter().filter(move |mark| mark.label == label && within.contains(mark.span))
    }

    fn claim_id(&self, is: &str, span: Span) -> ClaimId {
        let version = self.report.version.to_string();
        let start = span.start().to_string();
        let report = self.report.id.to_string();
        ClaimId::of(&[report.as_bytes(), version.as_bytes(), is.as_bytes(), start.as_bytes()])
    }

    fn evidence(&self, sentence: Span) -> Evidence {
        Evidence::new(self.report.id, self.report.version, sentence)
    }

    fn add_sentence(&self, sentence: Span, reading: &mut Reading, resolution: &mut Resolution) {
        reading.sentences.push(Sentence { span: sentence, paragraph: 0 });
        resolution.fingerprint.bands.push(number_of(self.words(sentence)));
        let mut arguments = Vec::new();
        for (label, kind, role) in [
            ("actor", ThingKind::ArmedGroup, Role::Actor),
            ("target", ThingKind::ArmedGroup, Role::Target),
            ("place", ThingKind::Place, Role::Place),
            ("voice", ThingKind::SecurityForce, Role::Actor),
        ] {
            for mark in self.labelled(sentence, label) {
                let mention = self.add_mention(mark, kind, reading);
                if label != "voice" {
                    arguments.push(Argument { role, mention, score: Score::new(1.0) });
                }
                if kind != ThingKind::Place {
                    self.add_actor(mark, resolution);
                }
            }
        }
        for mark in self.labelled(sentence, "time") {
            reading.times.push(self.time(mark));
        }
        for mark in self.labelled(sentence, "killed") {
            reading.counts.push(self.count(mark));
        }
        if let Some(mark) = self.labelled(sentence, "voice").next() {
            self.add_saying(sentence, mark, reading, resolution);
        }
        for mark in self.labelled(sentence, "event") {
            self.add_incident(sentence, mark, &arguments, reading, resolution);
        }
        for mark in self.labelled(sentence, "hostile") {
            self.add_relation(sentence, mark, resolution);
        }
    }

    fn add_mention(&self, mark: &Mark, kind: ThingKind, reading: &mut Reading) -> MentionIndex {
        let mention = MentionIndex(reading.mentions.len() as u32);
        let chain = ChainIndex(reading.chains.len() as u32);
        reading.mentions.push(Mention { span: mark.span, head: mark.span, kind, chain });
        reading.chains.push(Chain {
            kind,
            name: self.words(mark.span).to_owned(),
            named: true,
            known: Vec::new(),
            usual: None,
            country: None,
            mentions: vec![mention],
        });
        mention
    }

    fn add_actor(&self, mark: &Mark, resolution: &mut Resolution) {
        let actor = actor(self.words(mark.span));
        if let Some(known) = resolution.actors.iter_mut().find(|known| known.actor.id == actor.id) {
            known.spans.push(mark.span);
            return;
        }
        resolution.actors.push(ActorMention {
            names: vec![actor.name.clone()],
            actor,
            spans: vec![mark.span],
            because: "it is marked".to_owned(),
        });
    }

    fn time(&self, mark: &Mark) -> TimeMention {
        let value = mark.value.as_deref().expect("a time has a value");
        TimeMention {
            span: mark.span,
            timex: Timex { kind: TimexKind::Date, value: value.to_owned() },
            period: Period::parse(value),
        }
    }

    fn count(&self, mark: &Mark) -> CountMention {
        let number =
            mark.value.as_deref().and_then(|value| value.parse().ok()).expect("a count has a number");
        CountMention {
            span: mark.span,
            phrase: mark.span,
            count: Count::exactly(number),
            harm: Harm::Killed,
            counted: Counted::Unspecified,
            perpetrators: PerpetratorsCounted::Unclear,
            cumulative: false,
        }
    }

    fn voice(&self, mark: &Mark) -> Voice {
        let named = mark.value.as_deref().and_then(SourceKind::from_word);
        Voice {
            words: Some(self.words(mark.span).to_owned()),
            actor: Some(actor(self.words(mark.span))),
            kind: named.unwrap_or(SourceKind::Official),
            stance: Stance::Asserts,
        }
    }

    fn add_saying(&self, sentence: Span, mark: &Mark, reading: &mut Reading, resolution: &mut Resolution) {
        let attribution = AttributionIndex(reading.attributions.len() as u32);
        let voice = self.voice(mark);
        reading.attributions.push(Attribution {
            source: Some(mark.span),
            speaker: None,
            source_kind: voice.kind,
            cue: None,
            content: sentence,
            stance: Stance::Asserts,
            hedge: None,
            quoted: false,
            within: None,
            score: Score::new(1.0),
        });
        let claim = Claim {
            id: self.claim_id("statement", sentence),
            proposition: Proposition::Statement(sentence),
            said_by: vec![attribution],
            stance: Stance::Asserts,
            hedge: None,
            evidence: self.evidence(sentence),
            score: Score::new(1.0),
        };
        resolution.sayings.push(Saying {
            claim: claim.id,
            source: self.report.source,
            published: Some(self.day),
            is: claim.proposition.word().to_owned(),
            act: None,
            voice: Some(voice),
            stance: Stance::Asserts,
            addressee: None,
            hedged: false,
            quoted: false,
            content: sentence,
            about: Vec::new(),
            wording: number_of(self.words(sentence)),
            evidence: claim.evidence.clone(),
            marking: self.report.marking.clone(),
        });
        reading.claims.push(claim);
    }

    fn add_incident(
        &self,
        sentence: Span,
        mark: &Mark,
        arguments: &[Argument],
        reading: &mut Reading,
        resolution: &mut Resolution,
    ) {
        let plover = match &mark.value {
            Some(word) => Plover::from_word(word).expect("a PLOVER event"),
            None => Plover::Assault,
        };
        let when =
            self.labelled(sentence, "time").next().and_then(|mark| Period::parse(mark.value.as_deref()?));
        let actors =
            |label| self.labelled(sentence, label).map(|mark| actor(self.words(mark.span))).collect();
        let word = self.words(mark.span).to_lowercase();
        let claim = Claim {
            id: self.claim_id("event", mark.span),
            proposition: Proposition::Event(EventProposition {
                kind: EventKind::of(plover),
                trigger: mark.span,
                more_triggers: Vec::new(),
                arguments: arguments.to_vec(),
                when: when.clone(),
                times: Vec::new(),
                tolls: Vec::new(),
                status: EventStatus::Happened,
                main: reading.sentences.len() == 1,
                aggregate: false,
            }),
            said_by: Vec::new(),
            stance: Stance::Asserts,
            hedge: None,
            evidence: self.evidence(sentence),
            score: Score::new(1.0),
        };
        let mut words: Vec<String> = self.words(sentence).split_whitespace().map(str::to_lowercase).collect();
        words.sort();
        words.dedup();
        resolution.incidents.push(Incident {
            claim: claim.id,
            also: Vec::new(),
            source: self.report.source,
            wire: None,
            published: Some(self.day),
            kind: EventKind::of(plover),
            status: EventStatus::Happened,
            main: reading.sentences.len() == 1,
            aggregate: false,
            window: Some(when.clone().unwrap_or_else(|| Period::day(self.day))),
            when,
            place: self
                .labelled(sentence, "place")
                .next()
                .map(|mark| place(self.words(mark.span), mark.value.as_deref())),
            actors: actors("actor"),
            targets: actors("target"),
            weapon: None,
            tolls: self.labelled(sentence, "killed").map(|mark| toll(self.count(mark))).collect(),
            voices: self.labelled(sentence, "voice").map(|mark| self.voice(mark)).collect(),
            answers: Vec::new(),
            hedged: false,
            word,
            trigger: mark.span,
            words,
            wording: number_of(self.words(sentence)),
            alike: number_of(self.words(sentence)),
            evidence: claim.evidence.clone(),
            marking: self.report.marking.clone(),
            score: Score::new(1.0),
        });
        reading.claims.push(claim);
    }

    fn add_relation(&self, sentence: Span, mark: &Mark, resolution: &mut Resolution) {
        let first = |label| self.labelled(sentence, label).next().map(|mark| actor(self.words(mark.span)));
        let (Some(from), Some(to)) = (first("actor"), first("target")) else { return };
        resolution.relations.push(RelationClaim {
            claim: self.claim_id("relation", mark.span),
            source: self.report.source,
            wire: None,
            published: Some(self.day),
            from,
            to,
            kind: RelationKind::Hostile,
            negated: false,
            voices: Vec::new(),
            hedged: false,
            wording: number_of(self.words(sentence)),
            evidence: self.evidence(sentence),
            marking: self.report.marking.clone(),
        });
    }
}

fn toll(count: CountMention) -> Toll {
    Toll {
        harm: count.harm,
        count: count.count,
        counted: count.counted,
        perpetrators: count.perpetrators,
        span: count.span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_leave_the_words_and_nothing_else() {
        let (text, marks) = marked("\n   [Gunmen]{actor} took [Brisa]{place:XBR}.\n   All is calm.\n");
        assert_eq!(text.as_str(), "Gunmen took Brisa.\nAll is calm.");
        let words: Vec<_> = marks.iter().map(|mark| text.passage(mark.span).unwrap()).collect();
        assert_eq!(words, ["Gunmen", "Brisa"]);
        assert_eq!(marks[1].value.as_deref(), Some("XBR"));
    }

    #[test]
    fn what_is_marked_is_told() {
        let told = told(
            "Harbour News",
            "2031-03-03",
            "[Gunmen]{actor} [attacked]{event} [a convoy]{target} in [Brisa]{place:XBR}.
             [A police spokesman]{voice} said that it was over.",
        );
        let [incident] = told.resolution.incidents.as_slice() else { panic!("one incident") };
        assert_eq!(incident.actors[0].name, "Gunmen");
        assert_eq!(incident.place.as_ref().unwrap().country.as_deref(), Some("XBR"));
        assert_eq!(told.resolution.sayings.len(), 1);
        assert_eq!(told.reading.claims.len(), 2);
    }
}
