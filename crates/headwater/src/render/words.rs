//! Words: how is a value put for a person?

use headwater_domain::kind::{EventKind, EventStatus};
use headwater_domain::picture::{Assessment, Credibility, Event, Field};
use headwater_domain::reading::{SourceKind, SpeechActKind, Stance};
use headwater_domain::resolution::{ActorRef, PlaceRef, Precision, Voice};
use headwater_domain::time::Period;
use std::fmt::Display;

/// Characters of an id that are shown: its prefix and enough of the rest to be almost surely unique.
const SHORT_ID: usize = 10;

/// The beginning of an id, enough for `show`.
pub fn short(id: &impl Display) -> String {
    id.to_string().chars().take(SHORT_ID).collect()
}

/// "1 report", "2 reports".
pub fn plural(count: impl Into<u64>, one: &str, many: &str) -> String {
    match count.into() {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

/// When it was; where nobody says, that nobody says, with the bound that publication sets.
pub fn when(stated: Option<&Period>, window: Option<&Period>) -> String {
    if let Some(period) = stated {
        return period.edtf().replace("/..", " or later").replace("../", "by ").replace('/', " to ");
    }
    match window.and_then(Period::latest) {
        Some(latest) => format!("date not stated (published by {})", latest.date()),
        None => "date not stated".to_owned(),
    }
}

/// Where it was, with the country where the name does not say it.
pub fn place(place: Option<&PlaceRef>) -> String {
    let Some(place) = place else { return "place not stated".to_owned() };
    let mut words = place.name.clone();
    for larger in [&place.division, &place.country].into_iter().flatten() {
        if !words.contains(larger.as_str()) {
            words = format!("{words}, {larger}");
        }
    }
    words
}

/// How precisely a place is known.
pub fn precision(precision: Precision) -> &'static str {
    match precision {
        Precision::Town => "town",
        Precision::District => "district",
        Precision::Province => "province",
        Precision::Country => "country",
        Precision::Unknown => "unknown",
    }
}

/// What sort of event: PLOVER's event and mode, such as "assault, explosives".
pub fn kind(kind: EventKind) -> String {
    let event = kind.event.word().to_lowercase();
    match kind.mode {
        Some(mode) => format!("{event}, {mode}"),
        None => event,
    }
}

/// Names, at most `limit` of them.
pub fn names(actors: &[ActorRef], limit: usize) -> String {
    let mut names: Vec<&str> = actors.iter().take(limit).map(|actor| actor.name.as_str()).collect();
    let more = format!("{} more", actors.len().saturating_sub(limit));
    if actors.len() > limit {
        names.push(&more);
    }
    names.join(", ")
}

/// The tolls of an event: "killed: at least 133; injured: 20 to 30".
pub fn tolls(assessment: &Assessment) -> String {
    let toll = |field: Field| {
        let picture = assessment.field(field)?;
        let best = picture.values.first()?;
        let range = match picture.range {
            Some((low, Some(high))) if picture.values.len() > 1 && low != high => {
                format!(" (told: {low} to {high})")
            }
            Some((low, None)) if picture.values.len() > 1 => format!(" (told: {low} or more)"),
            _ => String::new(),
        };
        Some(format!("{}: {}{range}", field.word(), best.words))
    };
    [Field::Killed, Field::Injured, Field::Taken].into_iter().filter_map(toll).collect::<Vec<_>>().join("; ")
}

/// The status as an analyst says it.
pub fn status(status: EventStatus) -> &'static str {
    match status {
        EventStatus::Happened => "told as fact",
        EventStatus::Alleged => "alleged",
        EventStatus::Denied => "denied",
        EventStatus::Planned => "planned",
        EventStatus::Foiled => "foiled",
        EventStatus::Threatened => "threatened",
        EventStatus::Hypothetical => "only imagined",
        EventStatus::Background => "background",
    }
}

/// Admiralty credibility with its number, since the number alone invites arithmetic.
pub fn credibility(credibility: Credibility) -> String {
    let words = match credibility {
        Credibility::Confirmed => "confirmed by independent origins",
        Credibility::ProbablyTrue => "probably true",
        Credibility::PossiblyTrue => "possibly true",
        Credibility::Doubtful => "doubtful",
        Credibility::Improbable => "improbable",
        Credibility::CannotBeJudged => "truth cannot be judged",
    };
    format!("{} {words}", credibility as u8)
}

/// What sort of speaker, as a remark behind its words.
pub fn speaker_kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::NamedPerson | SourceKind::NamedOrganisation => "named",
        SourceKind::Official => "unnamed official",
        SourceKind::Unnamed => "unnamed",
        SourceKind::Media => "another outlet",
        SourceKind::Document => "a document",
        SourceKind::Author => "the writer",
    }
}

/// A voice: its words, and what sort of speaker unless it is named.
pub fn voice(voice: &Voice) -> String {
    match (&voice.words, voice.kind) {
        (Some(words), SourceKind::NamedPerson | SourceKind::NamedOrganisation) => words.clone(),
        (Some(words), kind) => format!("“{words}” ({})", speaker_kind(kind)),
        (None, SourceKind::Author) => "the writer".to_owned(),
        (None, _) => "nobody named".to_owned(),
    }
}

/// The voices through whom something is told, outermost first; nothing where the report tells it itself.
pub fn voices(voices: &[Voice]) -> String {
    voices.iter().map(voice).collect::<Vec<_>>().join(", citing ")
}

/// What a speaker does, as a verb.
pub fn stance(stance: Stance) -> &'static str {
    match stance {
        Stance::Asserts => "says",
        Stance::Denies => "denies",
        Stance::ClaimsResponsibility => "claims responsibility",
        Stance::Accuses => "accuses",
        Stance::Predicts => "predicts",
        Stance::Speculates => "speculates",
        Stance::Demands => "demands",
        Stance::Promises => "promises",
    }
}

/// What is done by saying something, as a verb.
pub fn act(act: SpeechActKind) -> &'static str {
    match act {
        SpeechActKind::ClaimsResponsibility => "claims responsibility",
        SpeechActKind::DeniesResponsibility => "denies responsibility",
        SpeechActKind::Denies => "denies",
        SpeechActKind::Accuses => "accuses",
        SpeechActKind::Confirms => "confirms",
        SpeechActKind::DisputesDetail => "disputes",
        SpeechActKind::Threatens => "threatens",
        SpeechActKind::SetsUltimatum => "sets an ultimatum",
        SpeechActKind::Promises => "promises",
        SpeechActKind::Demands => "demands",
        SpeechActKind::Announces => "announces",
        SpeechActKind::WithdrawsClaim => "withdraws its claim",
    }
}

/// Who did what to whom, in one line.
pub fn what(event: &Event) -> String {
    let mut words = event.title.clone();
    for (preposition, actors) in [("by", &event.actors), ("against", &event.targets)] {
        let missing: Vec<ActorRef> =
            actors.iter().filter(|actor| !event.title.contains(&actor.name)).cloned().collect();
        if missing.len() == actors.len() && !actors.is_empty() {
            words = format!("{words}, {preposition} {}", names(&missing, 3));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_that_nobody_states_is_not_invented() {
        let published = Period::until(date(2024, 3, 28));
        assert_eq!(when(None, Some(&published)), "date not stated (published by 2024-03-28)");
        assert_eq!(when(None, None), "date not stated");
        assert_eq!(when(Some(&Period::day(date(2024, 3, 22))), Some(&published)), "2024-03-22");
        assert_eq!(
            when(Some(&Period::days(date(2024, 3, 22), date(2024, 3, 24))), None),
            "2024-03-22 to 2024-03-24"
        );
    }
}
