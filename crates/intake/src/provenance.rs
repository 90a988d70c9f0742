//! Who wrote this and where, by the text's own opening and closing words?
//!
//! Evidence rather than fact: each finding has its place in the text, so that a reader can check it.

use std::sync::LazyLock;

use regex::Regex;

use crate::found::{Dateline, Found, WireCredit};
use crate::text::{one_line, prefix};

/// How much of the beginning may hold a byline, dateline or opening credit.
const OPENING_BYTES: usize = 1200;
/// How much of the end may hold a closing credit.
const CLOSING_BYTES: usize = 1200;

/// Fills in what the text itself says about where it comes from.
pub(crate) fn read_credits(found: &mut Found) {
    found.dateline = dateline(&found.text);
    found.wire = wire_credit(&found.text);
    found.byline = byline(&found.text);
}

/// Returns the "PLACE, date (AGENCY) —" with which one of the first lines begins.
fn dateline(text: &str) -> Option<Dateline> {
    static OPENING: LazyLock<Regex> = LazyLock::new(|| {
        let place = r"\p{Lu}[\p{Lu}\p{M}'’.-]+(?:[ /]\p{Lu}[\p{Lu}\p{M}'’.-]*){0,4}(?:,\s+\p{Lu}[\p{L}\p{M}.'’-]+(?:\s\p{Lu}[\p{L}.'’-]+){0,2})??";
        let mixed = r"\p{Lu}[\p{L}\p{M}'’.-]+(?:[ /]\p{Lu}[\p{L}\p{M}'’.-]+){0,3}(?:,\s+\p{Lu}[\p{L}\p{M}.'’-]+(?:\s\p{Lu}[\p{L}.'’-]+){0,2})??";
        let month = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?";
        let date = format!(r"(?:{month}\s+\d{{1,2}}|\d{{1,2}}\s+{month})(?:,?\s+\d{{4}})?");
        let agency = r"\s*[(\[](?P<agency>[\p{L}][\p{L}\p{M} /.&-]{1,40})[)\]]";
        let dash = r"\s*(?:[—–―:]|--?)\s*";
        Regex::new(&format!(
            "^[ \t]*(?:(?P<p1>{place})(?:,?\\s+(?P<d1>{date}))?(?:{agency})?{dash}|(?P<p2>{mixed}),?\\s+(?P<d2>{date})(?:{})?{dash}|(?P<p3>{mixed})(?:{}){dash})\\S",
            agency.replace("agency", "agency2"),
            agency.replace("agency", "agency3"),
        ))
        .expect("the pattern is a constant")
    });
    // Labels in capitals that open a line as a place would.
    const NO_PLACES: [&str; 14] = [
        "BREAKING",
        "UPDATE",
        "EXCLUSIVE",
        "WATCH",
        "ANALYSIS",
        "OPINION",
        "EXPLAINER",
        "NOTE",
        "CORRECTION",
        "SUMMARY",
        "LIVE",
        "VIDEO",
        "PHOTOS",
        "BREAKING NEWS",
    ];
    for (start, line) in opening_lines(text) {
        let Some(found) = OPENING.captures(line) else { continue };
        let place = ["p1", "p2", "p3"].iter().find_map(|name| found.name(name))?;
        let agency = ["agency", "agency2", "agency3"].iter().find_map(|name| found.name(name));
        let agency_known = agency.is_none_or(|agency| agency_named(agency.as_str()).is_some());
        // Only capitals, a date or a known agency tell a place from the first words of a sentence.
        if !agency_known || NO_PLACES.contains(&place.as_str()) || place.as_str().chars().count() < 3 {
            continue;
        }
        let date = ["d1", "d2"].iter().find_map(|name| found.name(name));
        let end = [Some(place), date, agency].into_iter().flatten().map(|part| part.end()).max()?;
        let end = end + usize::from(agency.is_some());
        return Some(Dateline {
            place: one_line(place.as_str()),
            date_words: date.map(|date| one_line(date.as_str())),
            span: start + place.start()..start + end,
        });
    }
    None
}

/// Returns the agency credited at the beginning, else the one credited at the end.
fn wire_credit(text: &str) -> Option<WireCredit> {
    static SHAPES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let forms: Vec<String> =
            AGENCIES.iter().flat_map(|(_, forms)| forms).map(|form| regex::escape(form)).collect();
        let agency = format!("(?P<agency>{})", forms.join("|"));
        [
            format!(r"[(\[]{agency}(?:/[\p{{L}} ]{{2,20}})?[)\]]"),
            format!(r"(?:^|\n)[ \t]*{agency}\s*(?:[—–―]|--?)\s+\S"),
            format!(r"(?i:©|\(c\)|copyright|source:|quelle:|fuente:)\s*(?:\d{{4}}\s*)?(?:The\s+)?{agency}\b"),
            format!(r"(?i:with|via|from|mit|con|avec)\s+(?i:reporting\s+by\s+|material\s+(?:from|von)\s+)?{agency}[ \t.)\]]*(?:\n|$)"),
            format!(r"(?i:contributed|reported)\s+by\s+(?:the\s+)?{agency}\b"),
            format!(r"(?:^|\n)[ \t]*{agency}(?:/[\p{{L}}-]{{1,20}})*[ \t]*(?:\n|$)"),
        ]
        .iter()
        .map(|shape| Regex::new(shape).expect("the pattern is made of constants and escaped names"))
        .collect()
    });
    static REUTERS_CLOSING: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\((?:Additional )?[Rr]eporting by [^()\n]{3,300}; ?(?:[Ww]riting|[Ee]diting) by [^()\n]{3,200}\)")
            .expect("the pattern is a constant")
    });
    let opening = prefix(text, OPENING_BYTES);
    let closing = suffix(text, CLOSING_BYTES);
    for part in [opening, closing] {
        let base = if std::ptr::eq(part.as_ptr(), opening.as_ptr()) { 0 } else { text.len() - closing.len() };
        for shape in SHAPES.iter() {
            let Some(found) = shape.captures(part) else { continue };
            let Some(credit) = found.name("agency") else { continue };
            let agency = agency_named(credit.as_str())?;
            return Some(WireCredit {
                agency: agency.to_owned(),
                span: base + credit.start()..base + credit.end(),
            });
        }
    }
    // "(Reporting by …; Editing by …)" is how Reuters alone closes its stories.
    let found = REUTERS_CLOSING.find(closing)?;
    let base = text.len() - closing.len();
    Some(WireCredit { agency: "Reuters".into(), span: base + found.start()..base + found.end() })
}

/// Returns the writer named by a line "By …" before or right after the headline.
fn byline(text: &str) -> Option<String> {
    static BY: LazyLock<Regex> = LazyLock::new(|| {
        let name = r"\p{Lu}[\p{L}\p{M}'’.-]*(?:\s+(?:(?:al|bin|da|de|del|der|di|el|la|van|von)\s+)?\p{Lu}[\p{L}\p{M}'’.-]*){1,4}";
        Regex::new(&format!(r"^[ \t]*(?:By|BY|Von|Por)[: ]\s*(?P<who>{name}(?:(?:,\s+|\s+(?:and|und|y|&)\s+){name}){{0,5}})[ \t]*(?:[,|•(–—-].{{0,60}})?$"))
            .expect("the pattern is a constant")
    });
    opening_lines(text).find_map(|(_, line)| BY.captures(line)).map(|found| one_line(&found["who"]))
}

/// Returns the first lines with where they begin.
fn opening_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    let lines = prefix(text, OPENING_BYTES).split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line.trim_end())
    });
    lines.filter(|(_, line)| !line.is_empty()).take(6)
}

fn suffix(text: &str, bytes_max: usize) -> &str {
    let mut start = text.len().saturating_sub(bytes_max);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}

/// The usual name of each agency, and the forms of it that texts use.
static AGENCIES: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let lines = include_str!("../data/agencies.tsv").lines().filter(|line| !line.starts_with('#'));
    let entry =
        |line: &'static str| line.split_once('\t').map(|(name, forms)| (name, forms.split('|').collect()));
    lines.filter_map(entry).collect()
});

fn agency_named(form: &str) -> Option<&'static str> {
    let form = form.split('/').next().unwrap_or(form).trim();
    AGENCIES.iter().find(|(_, forms)| forms.contains(&form)).map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_and_date(text: &str) -> Option<(String, Option<String>)> {
        let found = dateline(text)?;
        assert!(text.get(found.span.clone()).unwrap().starts_with(&found.place));
        Some((found.place, found.date_words))
    }

    #[test]
    fn datelines_are_found_where_they_stand() {
        for (text, place, date) in [
            ("BRISA, March 3 (Reuters) - Gunmen attacked.", "BRISA", Some("March 3")),
            ("BRISA (AP) — Gunmen attacked.", "BRISA", None),
            ("PORT BRISA, Avaland — Gunmen attacked.", "PORT BRISA, Avaland", None),
            ("Brisa, 3 March 2031 (AFP) - Gunmen attacked.", "Brisa", Some("3 March 2031")),
            ("Brisa (dpa) - Bewaffnete griffen an.", "Brisa", None),
            ("Headline here\n\nBRISA: Gunmen attacked.", "BRISA", None),
            ("  BRISA — Gunmen attacked.", "BRISA", None),
        ] {
            assert_eq!(place_and_date(text), Some((place.to_owned(), date.map(str::to_owned))), "{text}");
        }
    }

    #[test]
    fn opening_words_that_name_no_place_are_no_dateline() {
        for text in [
            "Gunmen attacked a convoy - and fled.",
            "UPDATE: Gunmen attacked.",
            "Brisa: Gunmen attacked.",
            "The army (which was absent) - said nothing.",
            "BRISA saw gunmen attack.",
            "Officials (Ministry of Defence) - said nothing.",
        ] {
            assert_eq!(dateline(text), None, "{text}");
        }
    }

    #[test]
    fn wire_credits_are_found_with_their_span() {
        for (text, agency, words) in [
            ("BRISA, March 3 (Reuters) - Gunmen attacked.", "Reuters", "Reuters"),
            ("AFP — Gunmen attacked a convoy.", "Agence France-Presse", "AFP"),
            ("Gunmen attacked.\n\n© 2031 AFP", "Agence France-Presse", "AFP"),
            ("Gunmen attacked.\n\nwith AP", "Associated Press", "AP"),
            ("Gunmen attacked.\n\ndpa/lno", "Deutsche Presse-Agentur", "dpa"),
            (
                "Gunmen attacked.\n(Reporting by A. Writer; Editing by B. Reader)",
                "Reuters",
                "(Reporting by A. Writer; Editing by B. Reader)",
            ),
        ] {
            let found = wire_credit(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.agency.as_str(), text.get(found.span).unwrap()), (agency, words), "{text}");
        }
    }

    #[test]
    fn an_agency_in_the_story_is_no_credit() {
        for text in [
            "A photographer with AP was hurt in Brisa.",
            "Gunmen attacked the TASS office.",
            "The APA of Brisa met.",
        ] {
            assert_eq!(wire_credit(text), None, "{text}");
        }
    }

    #[test]
    fn bylines_name_people_only() {
        assert_eq!(
            byline("Attack in Brisa\nBy Ana Brandt and Jon Vey\n\nGunmen").unwrap(),
            "Ana Brandt and Jon Vey"
        );
        assert_eq!(byline("By Monday the gunmen had left."), None);
        assert_eq!(byline("By order of the court, Brisa was closed."), None);
    }
}
