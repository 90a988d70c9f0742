//! Quantities: which words say how many people, before it is known what happened to them?

use crate::counts::lexicon::{LEXICON, Qualifier};
use crate::counts::number;
use crate::document::{Document, Shape};
use headwater_domain::count::{Count, CountForm, Counted};
use std::ops::Range;

/// Most tokens between a number and the noun that it counts.
const NOUN_TOKENS: usize = 6;

/// A number of people, or of nobody knows what yet.
#[derive(Debug, Clone)]
pub struct Quantity {
    /// The number with its qualifiers.
    pub number: Range<usize>,
    /// One past the last token of the noun counted.
    pub end: usize,
    /// How many.
    pub count: Count,
    /// Who, where a noun says so.
    pub counted: Option<Counted>,
    /// Whether a noun stands behind the number at all.
    pub bare: bool,
}

/// Finds the quantities of a sentence. `taken` tells the tokens that say when instead.
pub fn find(
    document: &Document,
    sentence: Range<usize>,
    taken: impl Fn(usize) -> Option<usize>,
) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut at = sentence.start;
    while at < sentence.end {
        if let Some(end) = taken(at) {
            at = end.max(at + 1);
            continue;
        }
        match quantity(document, at, sentence.clone()) {
            Some(quantity) => {
                // Nothing is read twice, and what is behind the number may hold another one.
                at = quantity.end.max(at + 1);
                found.push(quantity);
            }
            None => at += 1,
        }
    }
    found
}

fn quantity(document: &Document, at: usize, sentence: Range<usize>) -> Option<Quantity> {
    let limit = sentence.end;
    if let Some(zero) = zero(document, at, limit) {
        return Some(zero);
    }
    let (start, number_at, qualifiers) = qualifiers(document, at, limit);
    let (number_end, count) = match counted(document, number_at, limit, &qualifiers) {
        Some(found) => found,
        None => another(document, at, limit)?,
    };
    if is_no_number(document, start, number_at, number_end, sentence) {
        return None;
    }
    let (end, noun) = noun(document, number_end, limit);
    let counted = match noun {
        Noun::Thing => return None,
        Noun::People(counted) => Some(counted),
        Noun::Unknown | Noun::None => None,
    };
    Some(Quantity { number: start..number_end, end, count, counted, bare: noun == Noun::None })
}

/// Reads the qualifiers before a number: where they begin, where the number is, and how it is meant.
fn qualifiers(document: &Document, at: usize, limit: usize) -> (usize, usize, Vec<Qualifier>) {
    let mut next = at;
    let mut start = None;
    let mut senses = Vec::new();
    for _ in 0..4 {
        let Some((end, sense)) = LEXICON.qualifiers.at(document, next, limit) else { break };
        // "the 12" and "all 12" are 12; "another 12" is too, but the word belongs to the number.
        let silent =
            matches!(document.lower(next), "the" | "all" | "these" | "those" | "both" | "only" | "just");
        if !silent && start.is_none() {
            start = Some(next);
        }
        senses.push(sense);
        next = end;
    }
    (start.unwrap_or(next), next, senses)
}

/// The number itself, as an interval.
fn counted(document: &Document, at: usize, limit: usize, qualifiers: &[Qualifier]) -> Option<(usize, Count)> {
    let pair = |from: usize, links: &[&str]| {
        let (middle, low) = number::read(document, from, limit)?;
        links.contains(&document.lower(middle)).then_some(())?;
        let (end, high) = number::read(document, middle + 1, limit)?;
        (low < high).then_some((end, Count::between(low, high)))
    };
    match document.lower(at) {
        "between" => return pair(at + 1, &["and"]),
        "from" if !is_rise(document, at) => return pair(at + 1, &["to"]),
        _ => {}
    }
    // "rose from 207 to 253" are two figures, not a range.
    let rising = at > 0 && document.lower(at - 1) == "from" && is_rise(document, at - 1);
    if let Some((first, last)) = document.lower(at).split_once('-')
        && let (Some(low), Some(high)) = (number::whole(first), number::whole(last))
    {
        return (low < high).then(|| (at + 1, Count::between(low, high)));
    }
    if !rising && let Some(range) = pair(at, &["to", "or", "-", "–"]) {
        return Some(range);
    }
    let qualifier = qualifiers.iter().copied().find(|sense| *sense != Qualifier::Plain);
    let vague = LEXICON.vague.at(document, at, limit);
    if let Some((mut end, number)) = number::read(document, at, limit) {
        let longer_vague = vague.filter(|(vague_end, _)| *vague_end > end);
        if longer_vague.is_none() {
            // "12 or more", "12 people or more"
            let or_more = |at: usize| document.lower(at) == "or" && document.lower(at + 1) == "more";
            if or_more(end) {
                return Some((end + 2, Count::at_least(number)));
            }
            if or_more(end + 1) && LEXICON.people(document.lower(end)).is_some() {
                return Some((end, Count::at_least(number)));
            }
            // "two of the attackers"
            end = skip_of(document, end, limit);
            return Some((end, qualified(number, qualifier)));
        }
    }
    let (mut end, vague) = vague?;
    let (mut low, mut high) = (vague.low, vague.high);
    // "several hundred", "a few dozen"
    let scale = match document.lower(end) {
        "dozen" => Some(12),
        "hundred" => Some(100),
        "thousand" => Some(1000),
        "million" => Some(1_000_000),
        _ => None,
    };
    if let Some(scale) = scale {
        end += 1;
        low = low.saturating_mul(scale);
        high = high.map(|high| high.saturating_mul(scale).saturating_add(scale - 1));
    }
    let form = CountForm::Vague;
    let count = match qualifier {
        _ if low == 12 && high == Some(12) => qualified(12, qualifier),
        _ if low == 6 && high == Some(6) => qualified(6, qualifier),
        _ if low == 2 && high == Some(2) => qualified(2, qualifier),
        Some(Qualifier::AtLeast | Qualifier::MoreThan) => Count { low, high: None, form },
        Some(Qualifier::UpTo | Qualifier::FewerThan) => Count { low: 0, high, form },
        _ => Count { low, high, form },
    };
    Some((skip_of(document, end, limit), count))
}

/// Tells whether a verb of change stands before "from".
fn is_rise(document: &Document, from: usize) -> bool {
    let before = from.checked_sub(1).map_or("", |before| document.lower(before));
    matches!(
        before,
        "rose"
            | "risen"
            | "rises"
            | "rising"
            | "increased"
            | "climbed"
            | "jumped"
            | "up"
            | "grew"
            | "revised"
            | "went"
            | "fell"
            | "down"
            | "lowered"
            | "raised"
            | "dropped"
            | "toll"
            | "dead"
            | "killed"
    )
}

/// Takes in "of", "of the", "of them" behind a number.
fn skip_of(document: &Document, end: usize, limit: usize) -> usize {
    if end + 1 < limit && document.lower(end) == "of" {
        match document.lower(end + 1) {
            "the" | "his" | "her" | "their" | "its" | "these" | "those" | "our" => return end + 2,
            _ if LEXICON.people(document.lower(end + 1)).is_some() => return end + 1,
            _ => {}
        }
    }
    end
}

fn qualified(number: u32, qualifier: Option<Qualifier>) -> Count {
    match qualifier {
        Some(Qualifier::AtLeast) => Count::at_least(number),
        Some(Qualifier::MoreThan) => Count::at_least(number.saturating_add(1)),
        Some(Qualifier::UpTo) => Count { low: 0, high: Some(number), form: CountForm::AtMost },
        Some(Qualifier::FewerThan) => {
            Count { low: 0, high: Some(number.saturating_sub(1)), form: CountForm::AtMost }
        }
        Some(Qualifier::About) => Count { form: CountForm::About, ..Count::exactly(number) },
        Some(Qualifier::Plain) | None => Count::exactly(number),
    }
}

/// "no casualties", "nobody", "none of them".
fn zero(document: &Document, at: usize, limit: usize) -> Option<Quantity> {
    let number_end = match (document.lower(at), document.lower(at + 1)) {
        ("nobody" | "none", _) => at + 1,
        ("no", "one") | ("no-one", _) => {
            if document.lower(at) == "no" {
                at + 2
            } else {
                at + 1
            }
        }
        ("no", next) if !matches!(next, "fewer" | "less" | "more") => {
            let (end, noun) = noun(document, at + 1, limit);
            let counted = if let Noun::People(counted) = noun { Some(counted) } else { None };
            if matches!(noun, Noun::Thing) || number::read(document, at + 1, limit).is_some() {
                return None;
            }
            return Some(Quantity {
                number: at..at + 1,
                end,
                count: Count::exactly(0),
                counted,
                bare: noun == Noun::None,
            });
        }
        _ => return None,
    };
    let of = if document.lower(number_end) == "of" { number_end + 2 } else { number_end };
    (of <= limit).then(|| Quantity {
        number: at..number_end,
        end: of,
        count: Count::exactly(0),
        counted: None,
        bare: true,
    })
}

/// "another was wounded": one more.
fn another(document: &Document, at: usize, limit: usize) -> Option<(usize, Count)> {
    let word = document.lower(at);
    let next = document.lower(at + 1);
    (word == "another" && at + 1 < limit).then_some(())?;
    let follows = LEXICON.people(next).is_some()
        || matches!(next, "was" | "is" | "who" | "has")
        || LEXICON.cues.at(document, at + 1, limit).is_some();
    follows.then(|| (at + 1, Count::exactly(1)))
}

/// Numbers of money, shares, ages and sections are numbers of something else.
fn is_no_number(
    document: &Document,
    start: usize,
    number: usize,
    end: usize,
    sentence: Range<usize>,
) -> bool {
    let before = if start > sentence.start { document.lower(start - 1) } else { "" };
    let after = if end < sentence.end { document.lower(end) } else { "" };
    let adjoins = |at: usize| {
        at > 0
            && match (document.tokens.get(at - 1), document.tokens.get(at)) {
                (Some(left), Some(right)) => left.span.end() == right.span.start(),
                _ => false,
            }
    };
    let money = matches!(
        before,
        "$" | "€"
            | "£"
            | "¥"
            | "₹"
            | "us$"
            | "rs"
            | "usd"
            | "eur"
            | "no"
            | "#"
            | "aged"
            | "age"
            | "article"
            | "section"
            | "chapter"
            | "highway"
            | "route"
            | "flight"
            | "unit"
            | "number"
            | "room"
            | "block"
            | "zone"
            | "p"
            | "vol"
    );
    let share = matches!(after, "%" | "percent" | "pc" | "per" | "$" | "€" | "°" | "/")
        || (after == "-" && adjoins(end))
        || (after == ":" && adjoins(end));
    let fused = adjoins(number) && matches!(before, "/" | ":" | "-" | "." | "'" | "ak");
    // "Omar Malik, 45, was killed"
    let age = before == ","
        && matches!(after, "," | "." | ")")
        && end == number + 1
        && start >= 2
        && matches!(
            document.tokens.get(start - 2).map(|token| token.shape),
            Some(Shape::Capitalised | Shape::Capitals | Shape::Mixed)
        );
    let bracketed = before == "(" && after == ")" && end == number + 1;
    money || share || fused || age || bracketed
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noun {
    /// People of some sort.
    People(Counted),
    /// Houses, vehicles, attacks.
    Thing,
    /// Some noun, perhaps the name of a people.
    Unknown,
    /// The number stands alone.
    None,
}

/// Reads the noun phrase that follows a number, and what sort of noun heads it.
fn noun(document: &Document, at: usize, limit: usize) -> (usize, Noun) {
    let mut end = at;
    let mut best = Noun::None;
    for next in at..limit.min(at + NOUN_TOKENS) {
        let word = document.lower(next);
        let Some(token) = document.tokens.get(next) else { break };
        if matches!(word, "them" | "whom" | "us") {
            return (next + 1, best);
        }
        let mark = matches!(token.shape, Shape::Mark | Shape::Quote | Shape::Number);
        if (mark && word != "-") || stops(word) {
            break;
        }
        if let Some((_, cue)) = LEXICON.cues.at(document, next, limit) {
            // "12 wounded soldiers", "12 displaced people": the people follow.
            let adjective = best == Noun::None
                && (cue.object || cue.state)
                && LEXICON.people(document.lower(next + 1)).is_some();
            if !adjective {
                break;
            }
            continue;
        }
        match LEXICON.people(word) {
            Some(counted) => {
                // "civilian passengers", "police officers", "suicide bombers": the more telling word wins.
                best = match best {
                    Noun::People(before @ (Counted::Combatants | Counted::Perpetrators)) => {
                        Noun::People(before)
                    }
                    Noun::People(Counted::Civilians) if counted == Counted::Unspecified => best,
                    _ => Noun::People(counted),
                };
                end = next + 1;
            }
            None if matches!(best, Noun::People(_)) => break,
            None => {
                let thing = LEXICON.is_thing(word);
                best = match best {
                    Noun::Thing => Noun::Thing,
                    _ if thing => Noun::Thing,
                    _ => Noun::Unknown,
                };
                end = next + 1;
            }
        }
    }
    if best == Noun::Unknown {
        // Without a known noun only the next word is likely to belong to the number.
        end = end.min(at + 2);
    }
    (end, best)
}

/// Words that end a noun phrase.
fn stops(word: &str) -> bool {
    matches!(
        word,
        "was"
            | "were"
            | "is"
            | "are"
            | "be"
            | "been"
            | "being"
            | "has"
            | "have"
            | "had"
            | "in"
            | "on"
            | "at"
            | "of"
            | "by"
            | "from"
            | "to"
            | "for"
            | "with"
            | "near"
            | "after"
            | "before"
            | "when"
            | "while"
            | "as"
            | "during"
            | "and"
            | "or"
            | "but"
            | "who"
            | "that"
            | "which"
            | "whose"
            | "including"
            | "into"
            | "inside"
            | "outside"
            | "about"
            | "following"
            | "since"
            | "the"
            | "a"
            | "an"
            | "his"
            | "her"
            | "their"
            | "its"
            | "did"
            | "do"
            | "does"
            | "will"
            | "would"
            | "could"
            | "can"
            | "may"
            | "might"
            | "should"
            | "also"
            | "because"
            | "among"
            | "between"
            | "this"
            | "then"
            | "there"
            | "so"
            | "if"
            | "under"
            | "around"
            | "died"
            | "left"
            | "out"
            | "off"
            | "over"
            | "it"
            | "they"
            | "he"
            | "she"
            | "we"
            | "not"
            | "took"
            | "said"
            | "according"
            | "last"
            | "yesterday"
            | "today"
            | "overnight"
            | "early"
            | "late"
            | "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "'s"
            | "across"
            | "against"
            | "aboard"
            | "per"
            | "along"
            | "apiece"
            | "each"
    )
}
