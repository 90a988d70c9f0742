//! Expressions of time: which words say when, and which stretch of the calendar do they mean?

mod grammar;
mod value;
mod words;

use crate::document::{Casing, Document, Shape};
use grammar::{Meaning, Words};
use headwater_domain::reading::{TimeMention, TimexKind};
use jiff::civil::Date;
use value::{Anchors, Tense};

/// How many tokens to either side of an expression may tell its tense.
const TENSE_TOKENS: usize = 10;

/// Finds every expression of time and sets it against the publication date, or against the date in
/// the dateline where the publication date is not known.
///
/// What the words and that date do not give stays missing: the period is then nothing.
pub fn find(document: &Document, published: Option<Date>) -> Vec<TimeMention> {
    let report = published.or_else(|| dateline_date(document));
    let mut found = Vec::new();
    let mut story = None;
    // The day last named, and the sentence that named it.
    let mut day: Option<(usize, Date)> = None;
    for paragraph in paragraphs(document) {
        let words = Words { document, end: paragraph.end };
        let mut at = paragraph.start;
        while at < paragraph.end {
            let Some((end, meaning)) = grammar::expression(words, at) else {
                at += 1;
                continue;
            };
            let sentence = document.sentence_of(at).unwrap_or(0);
            let named = day.filter(|(named_in, _)| *named_in == sentence).map(|(_, day)| day);
            let anchors = Anchors { report, story, day: named.or(report) };
            let value = value::evaluate(&meaning, anchors, tense(document, at, end));
            if let (Some(value), Some(span)) = (value, document.span(at..end)) {
                if let Some(told) = value.story {
                    story = Some(told);
                    let one_day = value.period.as_ref().is_some_and(|period| period.single_day().is_some());
                    if one_day && value.timex.kind == TimexKind::Date {
                        day = Some((sentence, told));
                    }
                }
                found.push(TimeMention { span, timex: value.timex, period: value.period });
            }
            at = end;
        }
    }
    found
}

/// The date in the dateline: "KABUL, Aug. 26, 2011 (Wire) —", "ISLAMABAD — March 3, 2019".
///
/// Only a full date counts, near the top, with nothing before it in its paragraph but names.
pub fn dateline_date(document: &Document) -> Option<Date> {
    const PARAGRAPHS: usize = 8;
    const TOKENS_BEFORE: usize = 9;
    for paragraph in paragraphs(document).into_iter().take(PARAGRAPHS) {
        let words = Words { document, end: paragraph.end };
        for at in paragraph.start..paragraph.end.min(paragraph.start + TOKENS_BEFORE) {
            if let Some((end, meaning)) = grammar::expression(words, at) {
                let day = match meaning {
                    Meaning::Day { year: Some(year), month, day } => Date::new(year, month, day).ok(),
                    _ => None,
                };
                let closed = end == paragraph.end
                    || matches!(
                        document.word(end),
                        ")" | "(" | "—" | "–" | "-" | "--" | ":" | "/" | "|" | "]"
                    );
                if closed && day.is_some() {
                    return day;
                }
                break;
            }
            let token = document.tokens.get(at)?;
            let name_like = document.casing == Casing::Lower || token.shape != Shape::Lower;
            if !name_like || token.lower == "." && !abbreviates(document, at) {
                break;
            }
        }
    }
    None
}

fn abbreviates(document: &Document, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| document.lower(before).len() <= 5)
}

/// The paragraphs as ranges of tokens.
fn paragraphs(document: &Document) -> Vec<std::ops::Range<usize>> {
    let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
    let mut last = None;
    for sentence in &document.sentences {
        match ranges.last_mut() {
            Some(range) if last == Some(sentence.paragraph) => range.end = sentence.tokens.end,
            _ => ranges.push(sentence.tokens.clone()),
        }
        last = Some(sentence.paragraph);
    }
    ranges
}

/// Which way the clause around an expression looks: the nearest verb that tells, first to the left,
/// then to the right.
fn tense(document: &Document, start: usize, end: usize) -> Tense {
    let Some(sentence) = document.sentence_of(start).and_then(|index| document.sentences.get(index)) else {
        return Tense::Unknown;
    };
    let left = (sentence.tokens.start.max(start.saturating_sub(TENSE_TOKENS))..start).rev();
    for at in left {
        match verb_tense(document, at) {
            Tense::Unknown => {}
            told => return told,
        }
    }
    for at in end..sentence.tokens.end.min(end + TENSE_TOKENS) {
        match verb_tense(document, at) {
            Tense::Unknown => {}
            told => return told,
        }
    }
    Tense::Unknown
}

fn verb_tense(document: &Document, at: usize) -> Tense {
    let word = document.lower(at);
    // "to be held" and "will be released" look ahead; "held" and "released" look back.
    let before = at.checked_sub(1).map_or("", |before| document.lower(before));
    if before == "be" {
        return Tense::Future;
    }
    match word {
        "will" | "shall" | "'ll" | "scheduled" | "expected" | "upcoming" | "plans" | "planned" | "slated"
        | "due" | "set" | "forthcoming" | "intends" | "ahead" => return Tense::Future,
        "was" | "were" | "had" | "did" | "said" | "told" | "began" | "took" | "came" | "went" | "left"
        | "shot" | "has" | "have" | "broke" | "met" | "struck" | "fell" | "rose" | "hit" | "blew"
        | "fled" | "died" | "got" | "gave" | "ago" | "since" | "made" | "saw" | "held" | "led" | "won"
        | "lost" | "fought" | "sent" | "found" | "became" | "put" => return Tense::Past,
        _ => {}
    }
    let shape = document.tokens.get(at).map(|token| token.shape);
    let past = word.len() > 4 && word.ends_with("ed") && shape == Some(Shape::Lower);
    if past && !matches!(word, "united" | "armed" | "wounded" | "hundred" | "indeed" | "alleged") {
        Tense::Past
    } else {
        Tense::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    /// Wednesday.
    const PUBLISHED: Date = date(2019, 3, 20);

    fn read(text: &str, published: Option<Date>) -> Vec<(String, String, String)> {
        find(&Document::new(text), published)
            .into_iter()
            .map(|mention| {
                let words = text[mention.span.range()].to_owned();
                let period = mention.period.map_or_else(String::new, |period| period.edtf().to_owned());
                (words, mention.timex.value, period)
            })
            .collect()
    }

    /// Every line: a text, then the words expected, their value and their period.
    fn check(cases: &[(&str, &str, &str, &str)]) {
        for (text, words, value, period) in cases {
            let found = read(text, Some(PUBLISHED));
            let expected = ((*words).to_owned(), (*value).to_owned(), (*period).to_owned());
            assert!(found.contains(&expected), "{text}: {found:?}");
        }
    }

    #[test]
    fn a_calendar_date_is_read_however_it_is_written() {
        check(&[
            ("Rebels attacked on 3 March 2019.", "3 March 2019", "2019-03-03", "2019-03-03"),
            ("Rebels attacked on March 3rd, 2019.", "March 3rd, 2019", "2019-03-03", "2019-03-03"),
            (
                "Rebels attacked on the 3rd of March 2019.",
                "the 3rd of March 2019",
                "2019-03-03",
                "2019-03-03",
            ),
            ("Dated 2019-03-03 in the log.", "2019-03-03", "2019-03-03", "2019-03-03"),
            ("Seen on 25/2/2019 there.", "25/2/2019", "2019-02-25", "2019-02-25"),
            ("An army post fell on 12 Mar 89.", "12 Mar 89", "1989-03-12", "1989-03-12"),
            (
                "Contact at 031430Z MAR 19 near the ford.",
                "031430Z MAR 19",
                "2019-03-03T14:30",
                "2019-03-03T14:30:00/2019-03-03T14:30:00",
            ),
            ("It lasted from March 3-5 there.", "March 3-5", "2019-03-03", "2019-03-03/2019-03-05"),
        ]);
    }

    #[test]
    fn a_date_without_a_year_is_the_one_nearest_to_the_report_on_the_side_the_verb_tells() {
        check(&[
            ("Police were attacked on Jan. 3 in the town.", "Jan. 3", "2019-01-03", "2019-01-03"),
            ("The vote will be held on June 17.", "June 17", "2019-06-17", "2019-06-17"),
            ("The army was attacked in November.", "November", "2018-11", "2018-11"),
            ("It happened in May.", "May", "2018-05", "2018-05"),
        ]);
    }

    #[test]
    fn a_day_and_month_that_could_be_either_way_round_keep_both_bounds() {
        check(&[("It was signed on 3/4/2015 there.", "3/4/2015", "2015", "2015-03-04/2015-04-03")]);
    }

    #[test]
    fn a_weekday_is_the_last_one_unless_the_words_look_ahead() {
        check(&[
            ("Gunmen killed two on Thursday.", "Thursday", "2019-03-14", "2019-03-14"),
            ("Gunmen killed two on Wednesday.", "Wednesday", "2019-03-20", "2019-03-20"),
            ("Talks will resume on Thursday.", "Thursday", "2019-03-21", "2019-03-21"),
            ("Talks resume next Friday.", "next Friday", "2019-03-22", "2019-03-22"),
            (
                "Shelling went on Thursday night.",
                "Thursday night",
                "2019-03-14TNI",
                "2019-03-14T17:00:00/2019-03-15T06:00:00",
            ),
        ]);
    }

    #[test]
    fn a_relative_expression_is_measured_from_the_report() {
        check(&[
            ("It came yesterday.", "yesterday", "2019-03-19", "2019-03-19"),
            ("It came last month.", "last month", "2019-02", "2019-02"),
            ("It came last week.", "last week", "2019-W11", "2019-03-11/2019-03-17"),
            ("It came two days ago.", "two days ago", "2019-03-18", "2019-03-18"),
            ("It came about three years ago.", "about three years ago", "2016", "2016~"),
            (
                "Troops moved overnight.",
                "overnight",
                "2019-03-20TNI",
                "2019-03-19T17:00:00/2019-03-20T09:00:00",
            ),
            ("Fighting in recent weeks spread.", "recent weeks", "PAST_REF", "../2019-03-20"),
            ("Forty died in the past week.", "the past week", "P1W", "2019-03-13/2019-03-20"),
        ]);
    }

    #[test]
    fn earlier_and_later_are_measured_from_the_last_date_told() {
        check(&[
            (
                "The post fell on 10 February 2018. Two days earlier, rebels had cut the road.",
                "Two days earlier",
                "2018-02-08",
                "2018-02-08",
            ),
            (
                "The post fell on 10 February 2018. The next day it was retaken.",
                "The next day",
                "2018-02-11",
                "2018-02-11",
            ),
        ]);
        let alone = read("Two days earlier, rebels had cut the road.", Some(PUBLISHED));
        assert_eq!(alone[0].2, "");
    }

    #[test]
    fn longer_stretches_keep_their_width() {
        check(&[
            ("In the summer of 2021 it grew.", "the summer of 2021", "2021-SU", "2021-06-01~/2021-08-31~"),
            ("It began in the 1990s there.", "the 1990s", "199", "1990-01-01/1999-12-31"),
            ("It fell in early 2018.", "early 2018", "2018", "2018-01-01/2018-06-13"),
            ("War raged from 2003–04 there.", "2003–04", "2003/2004", "2003-01-01/2004-12-31"),
            (
                "It fell in the third quarter of 2018.",
                "the third quarter of 2018",
                "2018-Q3",
                "2018-07-01/2018-09-30",
            ),
            ("They held it for two years.", "two years", "P2Y", ""),
            ("Patrols pass every Friday.", "every Friday", "XXXX-WXX-5", ""),
            (
                "Shots were heard at 9:30 p.m. on Friday.",
                "9:30 p.m. on Friday",
                "2019-03-15T21:30",
                "2019-03-15T21:30:00/2019-03-15T21:30:00",
            ),
        ]);
    }

    #[test]
    fn a_computable_holiday_has_a_day_and_another_calendar_has_none() {
        check(&[
            ("Bombs were thrown on Easter Sunday 2019.", "Easter Sunday 2019", "2019-04-21", "2019-04-21"),
            ("They were killed on Christmas Eve.", "Christmas Eve", "2018-12-24", "2018-12-24"),
            ("Attacks rose during Ramadan.", "Ramadan", "XXXX-XX-XX", ""),
        ]);
    }

    #[test]
    fn verbs_names_ages_and_numbers_are_no_dates() {
        for text in [
            "The army may march on the second town.",
            "may march to the city and he sat in the sun.",
            "A ten years old boy and a 34-year-old man ran.",
            "Prime Minister Theresa May spoke.",
            "About 2000 people fled.",
            "Route 1998 is closed.",
            "The 31st division left.",
        ] {
            assert_eq!(read(text, Some(PUBLISHED)), [], "{text}");
        }
    }

    #[test]
    fn without_a_publication_date_nothing_is_made_up() {
        for text in
            ["It came yesterday.", "It came on Thursday.", "It came on Jan. 3.", "It came two weeks ago."]
        {
            let found = read(text, None);
            assert!(
                !found.is_empty() && found.iter().all(|(_, _, period)| period.is_empty()),
                "{text}: {found:?}"
            );
        }
        assert_eq!(read("It came on 3 March 2019.", None)[0].2, "2019-03-03");
    }

    #[test]
    fn the_dateline_stands_in_for_a_missing_publication_date() {
        for (text, expected) in [
            ("KABUL, Aug. 26, 2011 (Wire) — Police fired.", Some(date(2011, 8, 26))),
            ("ISLAMABAD — March 3, 2019 — Troops left.", Some(date(2019, 3, 3))),
            (
                "For Immediate Release\n\nKABUL, Afghanistan (Oct. 7, 2011)\n\nTroops left yesterday.",
                Some(date(2011, 10, 7)),
            ),
            ("KABUL, Aug. 26 (Wire) — Police fired.", None),
            ("The war that began on March 3, 2019 goes on.", None),
        ] {
            assert_eq!(dateline_date(&Document::new(text)), expected, "{text}");
        }
        assert_eq!(read("KABUL (Oct. 7, 2011) — It came yesterday.", None)[1].2, "2011-10-06");
    }

    proptest! {
        #[test]
        fn any_text_gives_mentions_in_order_that_quote_it(text in "([ -~“”’\n–.éА中]{0,6}|[0-9]{1,4}|[ ]|March|may|the|of|last|two|weeks|ago|early|Friday|night|/|:){0,60}") {
            let document = Document::new(&text);
            let found = find(&document, Some(PUBLISHED));
            for pair in found.windows(2) {
                prop_assert!(pair[0].span.end() <= pair[1].span.start());
            }
            for mention in &found {
                prop_assert!(text.get(mention.span.range()).is_some());
                prop_assert!(!mention.timex.value.is_empty());
            }
            prop_assert_eq!(find(&document, Some(PUBLISHED)), found);
        }
    }
}
