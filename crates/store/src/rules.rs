//! What do all stores agree on? Plain functions that give the trait's promises their exact meaning.

use crate::query::EventOrder;
use crate::{Near, Taken};
use headwater_domain::id::ClaimId;
use headwater_domain::judgement::{Author, Judgement};
use headwater_domain::marking::Marking;
use headwater_domain::picture::Event;
use headwater_domain::reading::{NotRead, SourceKind};
use headwater_domain::record::{Action, Deed, Failure, hex_digest};
use headwater_domain::report::Report;
use headwater_domain::resolution::{ActorMention, Incident, Saying};
use jiff::civil::{Date, date};
use serde::Serialize;

/// Sorts after every day.
pub(crate) const NO_DAY: i32 = i32::MAX;

/// Days since 1970-01-01.
pub(crate) fn day_number(day: Date) -> i32 {
    (day - date(1970, 1, 1)).get_days()
}

/// The day with this number.
pub(crate) fn day_of(number: i32) -> Option<Date> {
    use jiff::ToSpan as _;
    date(1970, 1, 1).checked_add(number.days()).ok()
}

/// Sorts the latest day first and what has no day last.
pub(crate) fn latest_first(day: Option<Date>) -> i32 {
    day.map_or(NO_DAY, |day| -day_number(day))
}

/// The day that sorts an event: the last on which it may have been, else the first.
pub(crate) fn event_day(event: &Event) -> Option<Date> {
    let window = event.window.as_ref()?;
    window.latest().or(window.earliest()).map(|at| at.date())
}

impl EventOrder {
    /// What events sort by, ascending; the id comes after it.
    pub(crate) fn key(self, event: &Event) -> (i64, i32) {
        let rank = latest_first(event_day(event));
        match self {
            Self::Latest => (0, rank),
            Self::MostReported => (-i64::from(event.assessment.reports), rank),
        }
    }
}

/// First and last day of an incident's or event's window, with the ends of time where it is open.
pub(crate) fn window_days(window: Option<&headwater_domain::time::Period>) -> (i32, i32) {
    let earliest = window.and_then(|window| window.earliest());
    let latest = window.and_then(|window| window.latest());
    (
        earliest.map_or(i32::MIN, |at| day_number(at.date())),
        latest.map_or(i32::MAX, |at| day_number(at.date())),
    )
}

/// First and last day that an incident may be looked for: as stated, else as bounded by publication.
pub(crate) fn telling_days(incident: &Incident) -> (i32, i32) {
    window_days(incident.when.as_ref().or(incident.window.as_ref()))
}

/// What reports are sorted by within a band: publication, undated ones last.
pub(crate) fn band_day(report: &Report) -> i32 {
    report.published.map_or(NO_DAY, |published| day_number(published.date()))
}

impl Near {
    /// Tells whether this key finds an incident: what is not known on either side keeps nothing apart.
    pub fn finds(&self, incident: &Incident) -> bool {
        let country = incident.place.as_ref().and_then(|place| place.country.as_deref());
        let same_country = match (self.country.as_deref(), country) {
            (Some(wanted), Some(country)) => wanted == country,
            _ => true,
        };
        let (earliest, latest) = telling_days(incident);
        self.family == incident.kind.family()
            && same_country
            && self.latest.is_none_or(|last| earliest <= day_number(last))
            && self.earliest.is_none_or(|first| latest >= day_number(first))
    }
}

/// Tells whether a report brings nothing that is not kept already. A stricter marking counts as
/// new, or a report could not be marked more strictly by taking it in again.
pub(crate) fn is_unchanged(kept: &Report, new: &Report) -> bool {
    kept.text == new.text
        && kept.title == new.title
        && kept.published == new.published
        && kept.updated == new.updated
        && kept.source == new.source
        && kept.marking.join(&new.marking) == kept.marking
}

/// The same with this version number throughout, where it was numbered otherwise.
pub(crate) fn numbered(taken: &Taken, version: u32) -> Taken {
    let mut taken = taken.clone();
    taken.report.version = version;
    taken.reading.version = version;
    taken.reading.claims.iter_mut().for_each(|claim| claim.evidence.version = version);
    let resolution = &mut taken.resolution;
    resolution.incidents.iter_mut().for_each(|incident| incident.evidence.version = version);
    resolution.relations.iter_mut().for_each(|relation| relation.evidence.version = version);
    resolution.sayings.iter_mut().for_each(|saying| saying.evidence.version = version);
    taken
}

/// The claim of a newer reading that tells what this incident told: the same word in the same
/// wording, else the only one of the same kind by the same word.
pub(crate) fn successor(gone: &Incident, new: &[Incident]) -> Option<ClaimId> {
    let same_word = |incident: &&Incident| incident.word == gone.word;
    if let Some(copy) = new.iter().filter(same_word).find(|incident| incident.wording == gone.wording) {
        return Some(copy.claim);
    }
    let mut alike = new.iter().filter(same_word).filter(|incident| incident.kind == gone.kind);
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only.claim),
        _ => None,
    }
}

/// Tells whether a saying has a speaker whom nobody could name.
pub(crate) fn is_unnamed(saying: &Saying) -> bool {
    saying.voice.as_ref().is_some_and(|voice| voice.kind == SourceKind::Unnamed)
}

/// Why a report was not read, in words.
pub(crate) fn not_read_words(why: &NotRead) -> String {
    match why {
        NotRead::Language(language) => format!("written in a language that is not read: {language}"),
        NotRead::NoText => "holds no text".to_owned(),
    }
}

/// Tells whether an actor is mentioned by a name that contains this, whatever the case.
pub(crate) fn is_called(mention: &ActorMention, part: &str) -> bool {
    let part = part.to_lowercase();
    let mut names = std::iter::once(&mention.actor.name).chain(&mention.names);
    names.any(|name| name.to_lowercase().contains(&part))
}

/// The bytes of which the record keeps the digest: JSON with fields as they are declared, no spaces.
pub(crate) fn canonical<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("plain values with text keys always serialise")
}

/// What the record says of a report taken in.
pub(crate) fn deed_of_report(taken: &Taken, first: bool) -> Deed {
    Deed {
        at: taken.report.received,
        by: taken.by.clone(),
        action: if first { Action::TakeIn } else { Action::NewVersion },
        object: taken.report.id.to_string(),
        digest: hex_digest(&taken.raw),
        marking: taken.report.marking.clone(),
    }
}

/// What the record says of a judgement.
pub(crate) fn deed_of_judgement(judgement: &Judgement) -> Deed {
    let by = match &judgement.by {
        Author::Rule(name) | Author::Analyst(name) => name.clone(),
    };
    Deed {
        at: judgement.at,
        by,
        action: Action::Judge,
        object: judgement.id.to_string(),
        digest: hex_digest(&canonical(judgement)),
        marking: Marking::default(),
    }
}

/// What the record says of something that could not be taken in.
pub(crate) fn deed_of_failure(failure: &Failure, by: &str) -> Deed {
    Deed {
        at: failure.at,
        by: by.to_owned(),
        action: Action::Failed,
        object: failure.origin.clone(),
        digest: hex_digest(&canonical(failure)),
        marking: Marking::default(),
    }
}

/// The least and greatest id of a kind that begin with this text, prefix and hyphen included.
pub(crate) fn id_range<Id: std::str::FromStr>(beginning: &str) -> Option<(Id, Id)> {
    const LENGTH: usize = "rep-".len() + 16;
    let filled = |with: char| -> Option<Id> {
        let missing = LENGTH.checked_sub(beginning.len())?;
        let text: String = beginning.chars().chain(std::iter::repeat_n(with, missing)).collect();
        text.parse().ok()
    };
    Some((filled('0')?, filled('z')?))
}

/// How many ids [`crate::Store::ids_beginning`] gives at most.
pub(crate) const IDS_MAX: usize = 10;

/// What the tellings of an event are sorted by: publication, undated ones last.
pub(crate) fn telling_order(incident: &Incident) -> (i32, ClaimId) {
    (incident.published.map_or(NO_DAY, day_number), incident.claim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_domain::id::ReportId;

    #[test]
    fn every_id_lies_in_the_range_of_its_beginnings() {
        let id = ReportId::of(&[b"harbour-news", b"1"]);
        let text = id.to_string();
        for length in 4..=text.len() {
            let (from, to) = id_range::<ReportId>(&text[..length]).unwrap();
            assert!(from <= id && id <= to);
        }
        assert!(id_range::<ReportId>("rep-u").is_none(), "u is not a letter of ids");
        assert!(id_range::<ReportId>("evt-4").is_none());
        assert!(id_range::<ReportId>("rep").is_none());
    }

    #[test]
    fn later_days_sort_first_and_no_day_last() {
        let mut days = [None, Some(date(2024, 3, 1)), Some(date(2024, 3, 2)), Some(date(1969, 1, 1))];
        days.sort_by_key(|day| latest_first(*day));
        assert_eq!(days, [Some(date(2024, 3, 2)), Some(date(2024, 3, 1)), Some(date(1969, 1, 1)), None]);
    }
}
