//! Queries: values whose meaning is the plain function `matches`.

use headwater_domain::id::{ActorId, ReportId, SourceId};
use headwater_domain::kind::{EventStatus, Family};
use headwater_domain::marking::Marking;
use headwater_domain::picture::Event;
use headwater_domain::reading::{SourceKind, SpeechActKind, Stance};
use headwater_domain::resolution::{ActorRef, Saying};
use headwater_domain::time::Published;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which part of a long answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many to leave out first.
    pub skip: usize,
    /// How many to give.
    pub limit: usize,
}

impl Page {
    /// Everything.
    pub const ALL: Self = Self { skip: 0, limit: usize::MAX };

    /// The first so many.
    pub fn first(limit: usize) -> Self {
        Self { skip: 0, limit }
    }
}

/// Which events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventQuery {
    /// Only of this family of kinds.
    pub family: Option<Family>,
    /// Only with this status.
    pub status: Option<EventStatus>,
    /// Only in this country, alpha-3.
    pub country: Option<String>,
    /// Only where the place, its division or its words contain this, whatever the case.
    pub place: Option<String>,
    /// Only with this actor on either side.
    pub actor: Option<ActorId>,
    /// Only if it may have been on or after this day.
    pub since: Option<Date>,
    /// Only if it may have been on or before this day.
    pub until: Option<Date>,
    /// Only with at least so many independent origins.
    pub origins_min: Option<u32>,
    /// Only with conflicts.
    pub disputed: bool,
    /// Only what some report exists to tell of.
    pub main: bool,
    /// Only where title, actors or place contain this, whatever the case.
    pub text: Option<String>,
    /// Only those told by this report.
    pub report: Option<ReportId>,
    /// In which order.
    pub order: EventOrder,
}

/// In which order events are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EventOrder {
    /// Latest first, undated last; then by id.
    #[default]
    Latest,
    /// What is told by most reports first; then as above.
    MostReported,
}

impl EventQuery {
    /// Tells whether an event is asked for. `report` is the store's to check: it knows who tells what.
    pub fn matches(&self, event: &Event) -> bool {
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let place_matches = |part: &str| {
            event.place.as_ref().is_some_and(|place| {
                holds(&place.name, part)
                    || holds(&place.words, part)
                    || place.division.as_deref().is_some_and(|division| holds(division, part))
            })
        };
        let everybody = || event.actors.iter().chain(&event.targets);
        let text_matches = |part: &str| {
            holds(&event.title, part)
                || everybody().any(|actor| holds(&actor.name, part))
                || place_matches(part)
        };
        let may_be_since = |day: Date| {
            event
                .window
                .as_ref()
                .is_some_and(|window| window.latest().is_none_or(|latest| latest.date() >= day))
        };
        let may_be_until = |day: Date| {
            event
                .window
                .as_ref()
                .is_some_and(|window| window.earliest().is_none_or(|earliest| earliest.date() <= day))
        };
        self.family.is_none_or(|family| event.kind.family() == family)
            && self.status.is_none_or(|status| event.status == status)
            && self.country.as_ref().is_none_or(|country| {
                event.place.as_ref().and_then(|place| place.country.as_ref()) == Some(country)
            })
            && self.place.as_deref().is_none_or(place_matches)
            && self.actor.is_none_or(|id| everybody().any(|actor| actor.id == id))
            && self.since.is_none_or(may_be_since)
            && self.until.is_none_or(may_be_until)
            && self.origins_min.is_none_or(|least| event.assessment.origins.len() >= least as usize)
            && (!self.disputed || !event.assessment.conflicts.is_empty())
            && (!self.main || event.main)
            && self.text.as_deref().is_none_or(text_matches)
    }
}

/// Which reports.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportQuery {
    /// Only of this source.
    pub source: Option<SourceId>,
    /// Only published on or after this day.
    pub since: Option<Date>,
    /// Only published on or before this day.
    pub until: Option<Date>,
    /// Only with these words in title or text (full-text search where the store has it).
    pub words: Option<String>,
}

/// The words of a search: what stands between spaces, as far as it holds a letter or digit.
pub(crate) fn search_words(text: &str) -> Vec<&str> {
    let between = |letter: char| letter.is_whitespace() || letter.is_control();
    text.split(between).filter(|word| word.contains(char::is_alphanumeric)).collect()
}

/// What a list of reports shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportSummary {
    /// The report.
    pub id: ReportId,
    /// Its latest version.
    pub version: u32,
    /// The id it was given where it came from.
    pub given_id: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Who published it.
    pub source: Option<SourceId>,
    /// The name of who published it.
    pub source_name: Option<String>,
    /// When.
    pub published: Option<Published>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Why it was not read, if it was not.
    pub not_read: Option<String>,
    /// How many events it tells of.
    pub events: u32,
    /// How many sayings it holds.
    pub sayings: u32,
    /// How many of them have nobody named behind them.
    pub sayings_unnamed: u32,
    /// Who may see it.
    pub marking: Marking,
}

/// Which sayings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SayingQuery {
    /// Only of this report.
    pub report: Option<ReportId>,
    /// Only what this actor says.
    pub speaker: Option<ActorId>,
    /// Only by speakers of this kind.
    pub source_kind: Option<SourceKind>,
    /// Only with this stance.
    pub stance: Option<Stance>,
    /// Only this act.
    pub act: Option<SpeechActKind>,
    /// Only of this sort: `event`, `relation`, `speech-act`, `assessment`, `outlook`, `statement`.
    pub is: Option<String>,
}

impl SayingQuery {
    /// Tells whether a saying is asked for.
    pub fn matches(&self, saying: &Saying) -> bool {
        let voice = saying.voice.as_ref();
        self.report.is_none_or(|report| saying.evidence.report == report)
            && self.speaker.is_none_or(|id| {
                voice.and_then(|voice| voice.actor.as_ref()).is_some_and(|actor| actor.id == id)
            })
            && self.source_kind.is_none_or(|kind| voice.is_some_and(|voice| voice.kind == kind))
            && self.stance.is_none_or(|stance| saying.stance == stance)
            && self.act.is_none_or(|act| saying.act == Some(act))
            && self.is.as_ref().is_none_or(|is| &saying.is == is)
    }
}

/// An actor with how often it is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorSummary {
    /// The actor.
    pub actor: ActorRef,
    /// All names that reports give it.
    pub names: Vec<String>,
    /// How many reports mention it.
    pub reports: u32,
    /// How many times it is mentioned.
    pub mentions: u32,
}

/// How much there is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Reports.
    pub reports: u64,
    /// Versions of reports.
    pub versions: u64,
    /// Reports that were not read.
    pub not_read: u64,
    /// Sources.
    pub sources: u64,
    /// Events.
    pub events: u64,
    /// Sayings.
    pub sayings: u64,
    /// Actors that are mentioned.
    pub actors: u64,
    /// Judgements.
    pub judgements: u64,
    /// Things that could not be taken in.
    pub failures: u64,
    /// Entries of the record.
    pub entries: u64,
    /// Earliest and latest day of publication.
    pub published: Option<(Date, Date)>,
}
