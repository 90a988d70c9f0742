//! The benchmark `isaf`: press releases as an expert coded them.

use crate::gold::{each_line, report, string};
use headwater_domain::count::{Counted, Harm};
use headwater_domain::kind::EventStatus;
use headwater_domain::reading::{CountMention, Reading, ThingKind};
use headwater_domain::text::Span;
use headwater_knowledge::actors::{Case, KnownActors};
use headwater_knowledge::places::{Gazetteer, Weights};
use headwater_reader::Reader;
use headwater_reader::document::Document;
use headwater_reader::times;
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};

/// Keys of the actors that the expert coded, with the coder's names.
const GROUPS: &[(&str, &str)] = &[
    ("afghan-taliban", "taliban"),
    ("al-qaeda", "aq"),
    ("haqqani-network", "haqqani"),
    ("hig", "hig"),
    ("iju", "iju"),
    ("imu", "imu"),
    ("let", "let"),
    ("ttp", "ttp"),
];

/// Provinces that the expert spells another way.
const PROVINCES: &[(&str, &str)] = &[
    ("daykundi", "day_kundi"),
    ("paktia", "paktya"),
    ("sar-e pol", "sar-e pul"),
    ("sar-e pul", "sar-e pul"),
    ("sari pul", "sar-e pul"),
    ("jawzjan", "jowzjan"),
    ("oruzgan", "uruzgan"),
    ("urozgan", "uruzgan"),
    ("maidan wardak", "wardak"),
    ("hirat", "herat"),
    ("hilmand", "helmand"),
    ("khowst", "khost"),
    ("konar", "kunar"),
    ("lowgar", "logar"),
    ("vardak", "wardak"),
    ("wilayat-e baghlan", "baghlan"),
    ("nimruz", "nimroz"),
    ("ghaznī", "ghazni"),
    ("velāyat-e khowst", "khost"),
];

/// Reads each release and writes what was read in the form of the scorer.
pub fn predict(reader: Reader, mut gold: impl BufRead, mut out: impl Write) -> anyhow::Result<()> {
    each_line(&mut gold, &mut out, |record| {
        let (id, text) = (string(record, "id"), string(record, "text"));
        let released = release_date(text);
        let day = released.map(|day| day.to_string());
        let reading = reader.read(&report(id, text, day.as_deref(), None, None));
        Ok(json!({
            "id": id,
            "start_date": start_date(text, &reading, released).map(|day| day.to_string()),
            "province": provinces(text, &reading),
            "target_group": groups(text),
            "min_killed": lowest(text, &reading, Harm::Killed),
            "min_captured": lowest(text, &reading, Harm::Detained),
            "airstrike": airstrike(text, &reading),
        }))
    })
}

/// The date in the dateline; its year may stand only in the number of the release ("2010-07-CA-144").
fn release_date(text: &str) -> Option<Date> {
    let document = Document::new(text);
    if let Some(day) = times::dateline_date(&document) {
        return Some(day);
    }
    let number = text.split_whitespace().take(60).find_map(|word| {
        let (year, rest) = word.split_once('-')?;
        let month: i8 = rest.get(..2)?.parse().ok()?;
        (year.len() == 4 && rest.get(2..3) == Some("-")).then_some(())?;
        Date::new(year.parse().ok()?, month, 1).ok()
    })?;
    let dateline = times::find(&document, None).into_iter().find_map(|mention| {
        let value = mention.timex.value.replace("XXXX-", &format!("{:04}-", number.year()));
        value.parse::<Date>().ok().filter(|day| day.first_of_month() == number)
    });
    dateline.or(Some(number))
}

/// The first day told after the dateline that lies at most a week back; else the day of release.
fn start_date(text: &str, reading: &Reading, released: Option<Date>) -> Option<Date> {
    const DAYS_BACK_MAX: i32 = 7;
    let released = released?;
    let body = text.find(['—', '–', ')']).unwrap_or(0);
    reading
        .times
        .iter()
        .filter(|mention| mention.span.start() >= body)
        .filter_map(|mention| {
            let period = mention.period.as_ref()?;
            (period.days_long()? <= 2).then(|| period.earliest().map(|earliest| earliest.date()))?
        })
        .find(|day| (0..=DAYS_BACK_MAX).contains(&(released - *day).get_days()))
        .or(Some(released))
}

/// The first province named, or the one in which the first place lies.
fn provinces(text: &str, reading: &Reading) -> Vec<String> {
    let gazetteer = Gazetteer::shared();
    let spans: Vec<Span> = reading
        .mentions
        .iter()
        .filter(|mention| mention.kind == ThingKind::Place)
        .map(|mention| mention.span)
        .collect();
    let ranges: Vec<_> = spans.iter().map(|span| span.range()).collect();
    let resolved = gazetteer.resolve(&gazetteer.document_places(text, &ranges), &Weights::default());
    let coded = |name: &str| {
        let name = name.to_lowercase();
        let name = name.strip_suffix(" province").unwrap_or(&name).to_owned();
        PROVINCES
            .iter()
            .find(|(spelt, _)| *spelt == name)
            .map_or(name.clone(), |(_, coded)| (*coded).to_owned())
    };
    let body = text.find(['—', '–', ')']).unwrap_or(0);
    let found: Vec<(bool, String)> = spans
        .iter()
        .zip(resolved)
        .filter(|(span, _)| span.start() >= body)
        .filter_map(|(span, found)| {
            let division = gazetteer.division1(found?.key)?;
            let place = gazetteer.place(division);
            (place.country == Some("AF")).then_some(())?;
            let named = text
                .get(span.end()..)
                .is_some_and(|rest| rest.trim_start().to_lowercase().starts_with("province"));
            Some((named, coded(place.name)))
        })
        .collect();
    let first = found.iter().find(|(named, _)| *named).or(found.first());
    first.map(|(_, province)| vec![province.clone()]).unwrap_or_default()
}

/// The group named first.
fn groups(text: &str) -> Vec<&'static str> {
    KnownActors::shared()
        .find(text, Case::Cased)
        .iter()
        .find_map(|found| {
            GROUPS.iter().find(|(key, _)| found.candidates.contains(key)).map(|(_, group)| vec![*group])
        })
        .unwrap_or_default()
}

/// The lowest number that the text supports: the most that one sentence adds up to, and those whom
/// later sentences say were taken besides.
fn lowest(text: &str, reading: &Reading, harm: Harm) -> u32 {
    let unreal: Vec<usize> = reading
        .events()
        .filter(|(_, event)| !matches!(event.status, EventStatus::Happened | EventStatus::Alleged))
        .flat_map(|(_, event)| event.tolls.iter().map(|toll| toll.0 as usize))
        .collect();
    let mut by_sentence: BTreeMap<usize, u32> = BTreeMap::new();
    let mut besides: BTreeMap<usize, u32> = BTreeMap::new();
    for (index, mention) in reading.counts.iter().enumerate() {
        let civilians = mention.counted == Counted::Civilians && harm == Harm::Killed;
        if mention.harm != harm
            || mention.cumulative
            || civilians
            || unreal.contains(&index)
            || is_aim(text, mention)
        {
            continue;
        }
        let sentence = reading.sentence_of(mention.span).map_or(0, |sentence| sentence.span.start());
        let words = text.get(sentence..mention.phrase.end()).unwrap_or("").to_lowercase();
        // One killing is often told twice; those detained are told of one after the other.
        let more = harm == Harm::Detained
            && words
                .split_whitespace()
                .any(|word| matches!(word, "also" | "additional" | "another" | "other" | "second"));
        let sums = if more { &mut besides } else { &mut by_sentence };
        let sum = sums.entry(sentence).or_default();
        *sum = sum.saturating_add(coded_low(text, mention));
    }
    let besides = besides.into_values().fold(0, u32::saturating_add);
    by_sentence.into_values().max().unwrap_or(0).saturating_add(besides)
}

/// The coder took "numerous" and "a number of" as four.
fn coded_low(text: &str, mention: &CountMention) -> u32 {
    let words = text.get(mention.span.range()).unwrap_or("").to_lowercase();
    if words.contains("number of") || words.contains("numerous") { 4 } else { mention.count.low }
}

/// "an operation to capture a leader": what was wanted, not what happened.
fn is_aim(text: &str, mention: &CountMention) -> bool {
    let before = text.get(..mention.phrase.start()).unwrap_or("");
    let mut words = before.split_whitespace().rev();
    words.next();
    words.next() == Some("to")
}

/// Whether an air strike is told of.
fn airstrike(text: &str, reading: &Reading) -> bool {
    reading.events().any(|(_, event)| {
        let trigger = text.get(event.trigger.range()).unwrap_or("").to_lowercase();
        event.status == EventStatus::Happened && trigger.contains("air") && trigger.contains("strike")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn the_number_of_a_release_gives_the_year_that_its_dateline_lacks() {
        let text = "Leader Held\n2010-07-CA-900\nKABUL, Afghanistan (July 22) - Forces held a man yesterday.";
        assert_eq!(release_date(text), Some(jiff::civil::date(2010, 7, 22)));
    }

    #[test]
    fn a_sentence_adds_up_and_an_aim_does_not_count() {
        let text = "KABUL (Oct. 7, 2011) — Forces detained one leader and two insurgents yesterday. \
                    The operation was to capture five men.";
        let mut out = Vec::new();
        let line = serde_json::to_string(&json!({"id": "x", "text": text})).unwrap();
        predict(Reader::new(), line.as_bytes(), &mut out).unwrap();
        let answer: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(answer["min_captured"], 3);
        assert_eq!(answer["start_date"], "2011-10-06");
    }
}
