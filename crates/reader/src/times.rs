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
                    || matches!(document.word(end), ")" | "(" | "—" | "–" | "-" | "--" | ":" | "/" | "|" | "]");
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
        "will" | "shall" | "'ll" | "scheduled" | "expected" | "upcoming" | "plans" | "planned" | "slated" | "due" | "set"
        | "forthcoming" | "intends" | "ahead" => return Tense::Future,
        "was" | "were" | "had" | "did" | "said" | "told" | "began" | "took" | "came" | "went" | "left" | "shot" | "has" | "have"
        | "broke" | "met" | "struck" | "fell" | "rose" | "hit" | "blew" | "fled" | "died" | "got" | "gave" | "ago" | "since"
        | "made" | "saw" | "held" | "led" | "won" | "lost" | "fought" | "sent" | "found" | "became" | "put" => return Tense::Past,
        _ => {}
    }
    let shape = document.tokens.get(at).map(|token| token.shape);
    let past = word.len() > 4 && word.ends_with("ed") && shape == Some(Shape::Lower);
    if past && !matches!(word, "united" | "armed" | "wounded" | "hundred" | "indeed" | "alleged") { Tense::Past } else { Tense::Unknown }
}
