//! Which day do these words name?

use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use regex::Regex;

use crate::found::PublishedAt;

/// Returns the date that the whole of `words` names, or none if it is unclear.
///
/// `03/04/2031` is unclear, since half of the world reads it the other way; `13/04/2031` is not.
pub fn parse(words: &str) -> Option<PublishedAt> {
    let words = words.trim();
    if words.len() > 80 {
        return None;
    }
    let (date, rest) = leading_date(words)?;
    let (time, offset_minutes) = time_and_zone(rest)?;
    Some(PublishedAt { text: words.to_owned(), date, time, offset_minutes })
}

/// Returns the date of seconds or milliseconds since 1970, as some exports write it.
pub(crate) fn from_epoch(number: i64) -> Option<PublishedAt> {
    let seconds = if number.abs() >= 100_000_000_000 { number / 1000 } else { number };
    let moment = jiff::Timestamp::from_second(seconds).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let date = plausible(i64::from(moment.year()), i64::from(moment.month()), i64::from(moment.day()))?;
    (number >= 100_000_000).then(|| PublishedAt {
        text: number.to_string(),
        date,
        time: Some(moment.time()),
        offset_minutes: Some(0),
    })
}

/// Returns the ISO date with which `text` begins, as in "2031-03-03 Brisa".
pub(crate) fn iso_at_start(text: &str) -> Option<PublishedAt> {
    static ISO: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"^(\d{4})-(\d{2})-(\d{2})(?:\s|$)").expect("the pattern is a constant"));
    let found = ISO.captures(text)?;
    let date = plausible(number(&found, 1)?, number(&found, 2)?, number(&found, 3)?)?;
    Some(PublishedAt { text: found[0].trim().to_owned(), date, time: None, offset_minutes: None })
}

fn leading_date(words: &str) -> Option<(Date, &str)> {
    static SHAPES: LazyLock<[Regex; 5]> = LazyLock::new(|| {
        [
            // 2031-03-03, 2031/3/3, 2031.03.03
            r"^(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})",
            // 20310303
            r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:$|T)",
            // Mon, 3 March 2031
            r"^(?:\p{L}{2,10}\.?,?\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:of\s+)?(?P<n>\p{L}{3,10})\.?,?[\s-]+(?P<y>\d{4})",
            // Monday, March 3rd, 2031
            r"^(?:\p{L}{2,10}\.?,?\s+)?(?P<n>\p{L}{3,10})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})",
            // 13.03.2031, 13/03/2031
            r"^(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})[./-](?P<y>\d{4})",
        ]
        .map(|shape| Regex::new(shape).expect("the pattern is a constant"))
    });
    for shape in SHAPES.iter() {
        let Some(found) = shape.captures(words) else { continue };
        let digits = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i64>().ok());
        let year = digits("y")?;
        let (month, day) = match (digits("m"), digits("d"), found.name("n")) {
            (Some(month), Some(day), _) => (month, day),
            (None, Some(day), Some(name)) => (month_named(name.as_str())?, day),
            _ => {
                let (first, second) = (digits("a")?, digits("b")?);
                let dotted = &found["s"] == ".";
                match (first, second) {
                    (day, month) if dotted || day > 12 || day == month => (month, day),
                    (month, day) if day > 12 => (month, day),
                    _ => return None,
                }
            }
        };
        let rest = words.get(found[0].trim_end_matches('T').len()..)?;
        return Some((plausible(year, month, day)?, rest));
    }
    None
}

/// Returns the time and zone in what follows a date; none at all if it is something else.
fn time_and_zone(rest: &str) -> Option<(Option<Time>, Option<i16>)> {
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?xi)^(?:T|[\s,]+(?:at\s+|um\s+)?|\s*[-–|•]\s*)
            (?P<h>\d{1,2})[:.](?P<min>\d{2})(?:[:.](?P<s>\d{2})(?:[.,]\d+)?)?
            \s*(?P<half>[ap]\.?m\.?)?
            \s*\(?(?P<zone>[A-Z]{1,4}|(?:GMT|UTC)?\s*[+-]\d{1,2}(?::?\d{2})?)?\)?
            (?:\s*\([A-Z]{2,5}\)|\s*\[[A-Za-z/_]+\])?\s*$",
        )
        .expect("the pattern is a constant")
    });
    if rest.trim_matches([' ', ',', '.', 'Z']).is_empty() {
        return Some((None, None));
    }
    let found = CLOCK.captures(rest)?;
    let digits = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i8>().ok());
    let mut hour = digits("h")?;
    if let Some(half) = found.name("half") {
        let afternoon = half.as_str().starts_with(['p', 'P']);
        hour = hour % 12 + if afternoon { 12 } else { 0 };
    }
    let time = Time::new(hour, digits("min")?, digits("s").unwrap_or(0).min(59), 0).ok()?;
    let offset = found.name("zone").and_then(|zone| offset_minutes(zone.as_str()));
    Some((Some(time), offset))
}

fn offset_minutes(zone: &str) -> Option<i16> {
    let zone = zone.trim().to_ascii_uppercase();
    let hours = match zone.as_str() {
        "Z" | "UT" | "UTC" | "GMT" | "WET" => 0,
        "BST" | "CET" | "WAT" | "WEST" => 1,
        "CEST" | "EET" | "CAT" | "SAST" => 2,
        "EEST" | "EAT" | "MSK" | "TRT" => 3,
        "PKT" => 5,
        "JST" | "KST" => 9,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => return numeric_offset(zone.trim_start_matches("GMT").trim_start_matches("UTC").trim()),
    };
    Some(hours * 60)
}

fn numeric_offset(zone: &str) -> Option<i16> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i16>().ok()?, 0),
        4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn month_named(name: &str) -> Option<i64> {
    // English, and the languages of agencies that English-speaking desks read most.
    const MONTHS: [&[&str]; 12] = [
        &["jan", "january", "januar", "janvier", "enero", "janeiro", "gennaio", "января"],
        &["feb", "february", "februar", "février", "febrero", "fevereiro", "febbraio", "февраля"],
        &["mar", "march", "märz", "mars", "marzo", "março", "марта"],
        &["apr", "april", "avril", "abril", "aprile", "апреля"],
        &["may", "mai", "mayo", "maio", "maggio", "мая"],
        &["jun", "june", "juni", "juin", "junio", "junho", "giugno", "июня"],
        &["jul", "july", "juli", "juillet", "julio", "julho", "luglio", "июля"],
        &["aug", "august", "août", "agosto", "августа"],
        &["sep", "sept", "september", "septembre", "septiembre", "setembro", "settembre", "сентября"],
        &["oct", "october", "okt", "oktober", "octobre", "octubre", "outubro", "ottobre", "октября"],
        &["nov", "november", "novembre", "noviembre", "novembro", "ноября"],
        &["dec", "december", "dez", "dezember", "décembre", "diciembre", "dezembro", "dicembre", "декабря"],
    ];
    let name = name.to_lowercase();
    MONTHS.iter().zip(1..).find(|(names, _)| names.contains(&name.as_str())).map(|(_, month)| month)
}

fn number(found: &regex::Captures<'_>, group: usize) -> Option<i64> {
    found.get(group)?.as_str().parse().ok()
}

/// Returns the date if it exists and a report could bear it.
fn plausible(year: i64, month: i64, day: i64) -> Option<Date> {
    if !(1900..=2100).contains(&year) {
        return None;
    }
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &str) -> Option<String> {
        parse(words).map(|at| match (at.time, at.offset_minutes) {
            (Some(time), Some(offset)) => format!("{} {time} {offset}", at.date),
            (Some(time), None) => format!("{} {time}", at.date),
            _ => at.date.to_string(),
        })
    }

    #[test]
    fn the_usual_ways_to_write_a_date_are_understood() {
        for (words, expected) in [
            ("2031-03-03", "2031-03-03"),
            ("2031-03-03T10:20:30Z", "2031-03-03 10:20:30 0"),
            ("2031-03-03T10:20:30.123+0430", "2031-03-03 10:20:30 270"),
            ("2031-03-03 10:20:30 UTC", "2031-03-03 10:20:30 0"),
            ("20310303", "2031-03-03"),
            ("Mon, 03 Mar 2031 10:20:30 GMT", "2031-03-03 10:20:30 0"),
            ("Mon, 3 Mar 2031 10:20:30 -0500", "2031-03-03 10:20:30 -300"),
            ("3 March 2031", "2031-03-03"),
            ("March 3rd, 2031", "2031-03-03"),
            ("Monday, March 3, 2031 at 9:05 PM EDT", "2031-03-03 21:05:00 -240"),
            ("13/03/2031", "2031-03-13"),
            ("03/13/2031", "2031-03-13"),
            ("03.04.2031", "2031-04-03"),
            ("Mon, 03 Mar 2031 10:20:30 +0000 (UTC)", "2031-03-03 10:20:30 0"),
        ] {
            assert_eq!(shown(words).as_deref(), Some(expected), "{words}");
        }
    }

    #[test]
    fn an_unclear_or_impossible_date_is_no_date() {
        for words in
            ["03/04/2031", "2031-02-30", "yesterday", "March 2031", "2031-03-03 in Brisa", "", "9999-01-01"]
        {
            assert_eq!(shown(words), None, "{words}");
        }
    }

    #[test]
    fn seconds_and_milliseconds_are_told_apart() {
        assert_eq!(from_epoch(1_900_000_000).unwrap().date.to_string(), "2030-03-17");
        assert_eq!(from_epoch(1_900_000_000_000).unwrap().date.to_string(), "2030-03-17");
        assert_eq!(from_epoch(12), None);
    }
}
