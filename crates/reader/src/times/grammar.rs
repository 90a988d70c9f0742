//! Words to meanings: which tokens speak of time, and what do they say?

use crate::counts::number;
use crate::document::{Document, Shape};
use crate::times::words::{self, Cycle, Holiday, Part, Reference, Season, Unit};
use jiff::civil::Weekday;

/// What an expression says before it is set against a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// A day of a month: "3 March 2019", "March 3".
    Day { year: Option<i16>, month: i8, day: i8 },
    /// Several days on end: "March 3-5".
    Days { year: Option<i16>, month: i8, first: i8, last: i8 },
    /// "3/4/2019", where day and month could be either.
    EitherDay { year: i16, one: i8, other: i8 },
    /// "the 15th".
    DayOfMonth { day: i8 },
    /// "March 2019", "March", "last March".
    Month { year: Option<i16>, month: i8, which: Which },
    /// "2019".
    Year(i16),
    /// "2003-04".
    Years { first: i16, last: i16 },
    /// "the 1990s".
    Decade(i16),
    /// "the 19th century".
    Century(i16),
    /// "the third quarter of 2019".
    Quarter { year: Option<i16>, quarter: i8 },
    /// "summer 2021", "last winter".
    Season { year: Option<i16>, season: Season, which: Which },
    /// "fiscal year 2007".
    FiscalYear(i16),
    /// "on Thursday", "next Friday".
    Weekday { day: Weekday, which: Which },
    /// "Easter", "Christmas Day 2015"; `eve` days before it.
    Holiday { holiday: Holiday, year: Option<i16>, eve: bool },
    /// "today", "last month": so many units from the publication date.
    Shift { unit: Unit, by: i32 },
    /// "the next day", "two days earlier": so many units from the last date told.
    StoryShift { unit: Unit, by: i32 },
    /// "three weeks ago", "in two days".
    Ago { unit: Unit, by: i32 },
    /// "early 2019", "mid-May", "the end of the year".
    Portion { portion: Portion, of: Box<Meaning> },
    /// "Thursday night", "this morning".
    PartOfDay { part: Part, of: Option<Box<Meaning>> },
    /// "overnight".
    Overnight { of: Option<Box<Meaning>> },
    /// "9:30 p.m. on Friday".
    Clock { hour: i8, minute: i8, of: Option<Box<Meaning>> },
    /// "two days"; a number that is not told is nothing.
    Length { amount: Option<u32>, unit: Unit, towards: Towards },
    /// "daily", "every Friday".
    Set(Cycle),
    /// "now", "recently", "in the future".
    Reference(Reference),
    /// "ten years old": shaped like a time, but none.
    NoTime,
}

/// Which of the things that come round again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The words do not say.
    Any,
    /// "last".
    Last,
    /// "this".
    This,
    /// "next".
    Next,
}

/// Which side of the publication date a stretch lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// A bare length.
    Nowhere,
    /// "the past two weeks".
    Past,
    /// "the next two weeks".
    Future,
}

/// A portion of a stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portion {
    /// "early", "the beginning of".
    Early,
    /// "mid", "the middle of".
    Mid,
    /// "late", "the end of".
    Late,
}

/// The tokens to read, up to the end of a paragraph.
#[derive(Clone, Copy)]
pub struct Words<'d> {
    /// The document.
    pub document: &'d Document<'d>,
    /// One past the last token.
    pub end: usize,
}

type Found = Option<(usize, Meaning)>;

/// The longest expression of time that starts at a token, and one past its last token.
pub fn expression<'d>(words: Words<'d>, at: usize) -> Found {
    let readers: [fn(Words<'d>, usize) -> Found; 6] =
        [Words::qualified_length, Words::moment, Words::set, Words::overnight, Words::reference, Words::age];
    let mut longest: Found = None;
    for reader in readers {
        if let Some((end, meaning)) = reader(words, at)
            && end <= words.end
            && end > at
            && longest.as_ref().is_none_or(|(other, _)| end > *other)
        {
            longest = Some((end, meaning));
        }
    }
    longest
}

impl<'d> Words<'d> {
    fn lower(self, at: usize) -> &'d str {
        if at < self.end { self.document.lower(at) } else { "" }
    }

    fn before(self, at: usize) -> &'d str {
        at.checked_sub(1).map_or("", |before| self.document.lower(before))
    }

    fn shape(self, at: usize) -> Option<Shape> {
        (at < self.end).then(|| self.document.tokens.get(at).map(|token| token.shape))?
    }

    /// Tells whether a token is written with a capital where capitals mean something.
    fn capital(self, at: usize) -> bool {
        matches!(self.shape(at), Some(Shape::Capitalised | Shape::Capitals | Shape::Mixed))
    }

    fn starts_sentence(self, at: usize) -> bool {
        self.document
            .sentence_of(at)
            .and_then(|sentence| self.document.sentences.get(sentence))
            .is_none_or(|sentence| sentence.tokens.start == at)
    }

    /// Skips one token if it is this word.
    fn skip(self, at: usize, choices: &[&str]) -> usize {
        if choices.contains(&self.lower(at)) { at + 1 } else { at }
    }

    fn adjoins(self, at: usize) -> bool {
        let tokens = &self.document.tokens;
        match (at.checked_sub(1).and_then(|before| tokens.get(before)), tokens.get(at)) {
            (Some(before), Some(token)) => before.span.end() == token.span.start(),
            _ => false,
        }
    }

    /// "2 p.m. Thursday", "Thursday at 9:30", "Thursday night", "on the night of 3 March", a bare day.
    fn moment(self, at: usize) -> Found {
        self.clock_first(at).or_else(|| self.part_first(at)).or_else(|| {
            let (end, meaning) = self.stretch(at)?;
            Some(self.with_time_of_day(end, meaning))
        })
    }

    fn with_time_of_day(self, end: usize, meaning: Meaning) -> (usize, Meaning) {
        if !meaning.is_day() {
            return (end, meaning);
        }
        if let Some(part) = words::part(self.lower(end))
            && !(self.lower(end) == "noon" && self.before(end) == "after")
        {
            return (end + 1, Meaning::PartOfDay { part, of: Some(Box::new(meaning)) });
        }
        if self.lower(end) == "overnight" {
            return (end + 1, Meaning::Overnight { of: Some(Box::new(meaning)) });
        }
        let comma = self.skip(end, &[","]);
        let at = self.skip(self.skip(comma, &["at"]), &["around", "about"]);
        if at > end
            && let Some((clock_end, hour, minute)) = self.clock(at, self.lower(comma) == "at")
        {
            return (clock_end, Meaning::Clock { hour, minute, of: Some(Box::new(meaning)) });
        }
        (end, meaning)
    }

    /// A clock time, perhaps with its day behind it.
    fn clock_first(self, at: usize) -> Found {
        let after = ["at", "around", "about", "after", "before", "by", "until", "from", "between"];
        let (end, hour, minute) = self.clock(at, after.contains(&self.before(at)))?;
        let mut day_at = self.skip(end, &["on", ","]);
        if self.lower(end) == "in"
            && self.lower(end + 1) == "the"
            && words::part(self.lower(end + 2)).is_some()
        {
            day_at = self.skip(end + 3, &["on"]);
        }
        if self.lower(day_at) == "this" && words::part(self.lower(day_at + 1)).is_some() {
            let today = Meaning::Shift { unit: Unit::Day, by: 0 };
            return Some((day_at + 2, Meaning::Clock { hour, minute, of: Some(Box::new(today)) }));
        }
        if let Some((day_end, day)) = self.stretch(day_at)
            && day.is_day()
        {
            let day_end = if words::part(self.lower(day_end)).is_some() { day_end + 1 } else { day_end };
            return Some((day_end, Meaning::Clock { hour, minute, of: Some(Box::new(day)) }));
        }
        Some((end, Meaning::Clock { hour, minute, of: None }))
    }

    /// "9:30 p.m.", "21:30", "9am", "0900 GMT", "noon"; bare "2115" only where the words ask for a time.
    fn clock(self, at: usize, asked: bool) -> Option<(usize, i8, i8)> {
        let word = self.lower(at);
        match word {
            "noon" | "midday" if self.before(at) != "after" => return Some((at + 1, 12, 0)),
            "midnight" => return Some((at + 1, 0, 0)),
            _ => {}
        }
        if self.shape(at) != Some(Shape::Number) || self.adjoins(at) && self.before(at) == ":" {
            return None;
        }
        let fused = word.trim_end_matches(['a', 'p', 'm', '.', 'h', 'r', 's', 'z']);
        let mut suffix = &word[fused.len()..];
        let (mut hour, mut minute, mut end, mut sure) = match fused.split_once('.') {
            Some((hour, minutes)) if minutes.len() == 2 => {
                (number::whole(hour)?, number::whole(minutes)?, at + 1, false)
            }
            Some(_) => return None,
            None if fused.len() == 4 => {
                let number = number::whole(fused)?;
                (number / 100, number % 100, at + 1, false)
            }
            None if fused.len() <= 2 => (number::whole(fused)?, 0, at + 1, false),
            None => return None,
        };
        let colon = fused.len() <= 2 && self.lower(end) == ":" && self.adjoins(end) && self.adjoins(end + 1);
        if colon {
            let written = self.lower(end + 1);
            let digits = written.get(..2).unwrap_or("");
            minute = number::whole(digits)?;
            suffix = &written[digits.len()..];
            end += 2;
            sure = true;
            if self.lower(end) == ":" && self.adjoins(end) && number::whole(self.lower(end + 1)).is_some() {
                end += 2;
            }
        }
        if suffix.is_empty() {
            let next = self.lower(end);
            if matches!(next, "am" | "pm" | "a.m" | "p.m" | "a.m." | "p.m.") {
                suffix = next;
                end += 1;
                if matches!(next, "a.m" | "p.m") && self.lower(end) == "." && self.adjoins(end) {
                    end += 1;
                }
            } else if next == "o'clock"
                || (matches!(next, "hours" | "hrs" | "h") && (fused.len() == 4 || colon))
            {
                end += 1;
                sure = true;
            }
        }
        match suffix {
            "am" | "a.m" | "a.m." => {
                hour = if hour == 12 { 0 } else { hour };
                sure = true;
            }
            "pm" | "p.m" | "p.m." => {
                hour = if hour < 12 { hour + 12 } else { hour };
                sure = true;
            }
            "" => {}
            "h" | "hrs" | "z" if fused.len() == 4 => sure = true,
            _ => return None,
        }
        let zone = self.skip(end, &["gmt", "utc", "est", "edt", "cet", "et", "bst", "local"]);
        if zone > end {
            sure |= fused.len() == 4 || colon;
            end = if self.lower(end) == "local" { self.skip(zone, &["time"]) } else { zone };
        }
        // "at 2115" is an hour; "at 1989" is more likely a year.
        let hour_only = fused.len() == 4 && asked && !(1900..2050).contains(&(hour * 100 + minute));
        (hour < 24 && minute < 60 && (sure || hour_only)).then_some(())?;
        Some((end, i8::try_from(hour).ok()?, i8::try_from(minute).ok()?))
    }

    /// "the night of 3 March", "this morning", "tonight", "yesterday evening" begins elsewhere.
    fn part_first(self, at: usize) -> Found {
        let word = self.lower(at);
        let today = |by| Some(Box::new(Meaning::Shift { unit: Unit::Day, by }));
        match word {
            "tonight" => return Some((at + 1, Meaning::PartOfDay { part: Part::Night, of: today(0) })),
            "this" | "last" => {
                let middle = self.skip(at + 1, &["early", "late"]);
                let part = words::part(self.lower(middle))?;
                let by = if word == "last" { -1 } else { 0 };
                return Some((middle + 1, Meaning::PartOfDay { part, of: today(by) }));
            }
            _ => {}
        }
        let early = self.skip(self.skip(at, &["the"]), &["early", "late", "pre"]);
        let part = words::part(self.lower(early))?;
        // "the night of 3 March", "the early morning hours of Friday", "the morning on Friday".
        let mut of = early + 1;
        of = self.skip(of, &["hours"]);
        if matches!(self.lower(of), "of" | "on")
            && let Some((end, day)) = self.stretch(of + 1)
            && day.is_day()
        {
            return Some((end, Meaning::PartOfDay { part, of: Some(Box::new(day)) }));
        }
        let led = matches!(
            self.before(at),
            "in" | "on" | "at" | "before" | "after" | "around" | "during" | "by" | "since" | "until" | "of"
        );
        let alone = early > at && led && (self.lower(at) == "the" || early > at + 1);
        let bare = matches!(self.lower(early), "dawn" | "dusk" | "noon" | "midnight") && led;
        (alone || bare).then_some((of, Meaning::PartOfDay { part, of: None }))
    }

    fn overnight(self, at: usize) -> Found {
        (self.lower(at) == "overnight").then_some(())?;
        if matches!(
            self.lower(at + 1),
            "raid" | "curfew" | "raids" | "operation" | "operations" | "train" | "stay"
        ) {
            return Some((at + 1, Meaning::Overnight { of: None }));
        }
        let on = self.skip(at + 1, &["on"]);
        if let Some((end, day)) = self.stretch(on)
            && day.is_day()
        {
            return Some((end, Meaning::Overnight { of: Some(Box::new(day)) }));
        }
        Some((at + 1, Meaning::Overnight { of: None }))
    }

    /// Any stretch of the calendar, perhaps only a portion of it.
    fn stretch(self, at: usize) -> Found {
        self.portion(at)
            .or_else(|| self.calendar_day(at))
            .or_else(|| self.weekday(at))
            .or_else(|| self.holiday(at))
            .or_else(|| self.story(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.quarter(at))
            .or_else(|| self.season(at))
            .or_else(|| self.month(at))
            .or_else(|| self.decade(at))
            .or_else(|| self.year(at))
    }

    /// "early 2019", "mid-May", "the end of the year", "later this month".
    fn portion(self, at: usize) -> Found {
        let word = self.lower(at);
        let simple = match word {
            "early" | "earlier" => Some(Portion::Early),
            "mid" => Some(Portion::Mid),
            "late" | "later" => Some(Portion::Late),
            _ => None,
        };
        if let Some(portion) = simple {
            let next = self.skip(self.skip(at + 1, &["-", "–"]), &["in"]);
            let next = if self.lower(next) == "the" { next + 1 } else { next };
            let (end, of) = self.whole(next)?;
            let of = Box::new(of);
            // "earlier this year" and "later this week" only say on which side of now.
            return Some((
                end,
                if matches!(word, "earlier" | "later") { *of } else { Meaning::Portion { portion, of } },
            ));
        }
        if let Some(rest) = word.strip_prefix("mid-") {
            let month = words::month(rest);
            let year = number::whole(rest).and_then(year_number);
            let of = match (month, year) {
                (Some(month), _) => {
                    let (end, year) = self.year_behind(at + 1);
                    return Some((
                        end,
                        Meaning::Portion {
                            portion: Portion::Mid,
                            of: Box::new(Meaning::Month { year, month, which: Which::Any }),
                        },
                    ));
                }
                (None, Some(year)) => Meaning::Year(year),
                (None, None) if rest == "week" => Meaning::Shift { unit: Unit::Week, by: 0 },
                (None, None) => match decade_word(rest, true) {
                    Some(decade) => Meaning::Decade(decade),
                    None => return None,
                },
            };
            return Some((at + 1, Meaning::Portion { portion: Portion::Mid, of: Box::new(of) }));
        }
        let the = self.skip(self.skip(at, &["the"]), &["very"]);
        let portion = match self.lower(the) {
            "beginning" | "start" | "outset" => Portion::Early,
            "middle" => Portion::Mid,
            "end" | "close" => Portion::Late,
            _ => return None,
        };
        (self.lower(the + 1) == "of").then_some(())?;
        let (end, of) = self.whole(the + 2)?;
        Some((end, Meaning::Portion { portion, of: Box::new(of) }))
    }

    /// A day or anything longer, but no portion.
    fn whole(self, at: usize) -> Found {
        let sure_year = |at: usize| {
            let year = year_number(number::whole(self.lower(at))?)?;
            Some((at + 1, Meaning::Year(year)))
        };
        let of_the = || {
            (matches!(self.lower(at), "the")).then_some(())?;
            let unit = words::unit(self.lower(at + 1)).filter(|unit| *unit >= Unit::Week)?;
            Some((at + 2, Meaning::Shift { unit, by: 0 }))
        };
        self.weekday(at)
            .or_else(|| self.relative(at))
            .or_else(|| self.season(at))
            .or_else(|| self.sure_month(at))
            .or_else(|| self.decade(at))
            .or_else(of_the)
            .or_else(|| sure_year(at))
    }

    /// "3 March 2019", "March 3rd, 2019", "2019-03-03", "3/4/2019", "031200Z MAR 19".
    fn calendar_day(self, at: usize) -> Found {
        self.iso(at)
            .or_else(|| self.slashed(at))
            .or_else(|| self.day_first(at))
            .or_else(|| self.month_first(at))
            .or_else(|| self.date_time_group(at))
            .or_else(|| self.bare_ordinal(at))
    }

    fn iso(self, at: usize) -> Found {
        let word = self.lower(at);
        let date = word.get(..10)?;
        let mut parts = date.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        (parts.next().is_none() && year.len() == 4 && month.len() == 2 && day.len() == 2).then_some(())?;
        let rest = &word[10..];
        let time = rest.is_empty()
            || (rest.starts_with('t') && rest.len() > 1 && rest[1..].bytes().all(|b| b.is_ascii_digit()));
        time.then_some(())?;
        let meaning = Meaning::Day {
            year: Some(year_number(number::whole(year)?)?),
            month: month_number(number::whole(month)?)?,
            day: day_number(number::whole(day)?)?,
        };
        let Some(hour) = rest.get(1..).and_then(number::whole).filter(|hour| *hour < 24) else {
            return Some((at + 1, meaning));
        };
        // "2019-03-12T14:05:00Z"
        let mut end = at + 1;
        let mut minute = 0;
        while self.lower(end) == ":" && self.adjoins(end) && self.adjoins(end + 1) {
            if end == at + 1 {
                minute = number::whole(self.lower(end + 1).get(..2).unwrap_or("")).unwrap_or(0);
            }
            end += 2;
        }
        Some((
            end.min(self.end),
            Meaning::Clock {
                hour: i8::try_from(hour).ok()?,
                minute: i8::try_from(minute.min(59)).ok()?,
                of: Some(Box::new(meaning)),
            },
        ))
    }

    fn slashed(self, at: usize) -> Found {
        let word = self.lower(at);
        let (first, second, third, end) = if word.matches('.').count() == 2 {
            let mut parts = word.split('.');
            (parts.next()?, parts.next()?, parts.next()?, at + 1)
        } else if self.lower(at + 1) == "/" && self.adjoins(at + 1) && self.adjoins(at + 2) {
            if word == "9" && self.lower(at + 2) == "11" && self.lower(at + 3) != "/" {
                return Some((at + 3, Meaning::Day { year: Some(2001), month: 9, day: 11 }));
            }
            (self.lower(at + 3) == "/" && self.adjoins(at + 3) && self.adjoins(at + 4)).then_some(())?;
            (word, self.lower(at + 2), self.lower(at + 4), at + 5)
        } else {
            return None;
        };
        if first.len() == 4 {
            let (year, month, day) = (number::whole(first)?, number::whole(second)?, number::whole(third)?);
            return Some((
                end,
                Meaning::Day {
                    year: Some(year_number(year)?),
                    month: month_number(month)?,
                    day: day_number(day)?,
                },
            ));
        }
        (first.len() <= 2 && second.len() <= 2 && matches!(third.len(), 2 | 4)).then_some(())?;
        let year = if third.len() == 4 {
            year_number(number::whole(third)?)?
        } else {
            short_year(number::whole(third)?)
        };
        let (one, other) = (day_number(number::whole(first)?)?, day_number(number::whole(second)?)?);
        let meaning = match (one, other) {
            (one, other) if one > 12 && other > 12 => return None,
            (day, month) if day > 12 => Meaning::Day { year: Some(year), month, day },
            (month, day) if day > 12 || month == day => Meaning::Day { year: Some(year), month, day },
            // With full stops the day always comes first.
            (day, month) if word.contains('.') => Meaning::Day { year: Some(year), month, day },
            (one, other) => Meaning::EitherDay { year, one, other },
        };
        Some((end, meaning))
    }

    /// "3 March 2019", "the 3rd of March", "3-5 March".
    fn day_first(self, at: usize) -> Found {
        let the = self.skip(at, &["the"]);
        let (first, last, mut next) = self.day_numbers(the, the > at)?;
        next = self.skip(next, &["of"]);
        let (after, month) = self.month_word(next)?;
        // "12 May said", "3 March on": with the number before it the month is sure.
        let (end, year) = self.year_behind(after);
        let meaning = if first == last {
            Meaning::Day { year, month, day: first }
        } else {
            Meaning::Days { year, month, first, last }
        };
        Some((end, meaning))
    }

    /// The day or days of a month at a token.
    fn day_numbers(self, at: usize, article: bool) -> Option<(i8, i8, usize)> {
        let word = self.lower(at);
        if let Some((first, last)) = word.split_once('-')
            && let (Some(first), Some(last)) = (number::whole(first), number::whole(last))
        {
            let (first, last) = (day_number(first)?, day_number(last)?);
            return (first < last).then_some((first, last, at + 1));
        }
        let single = |at: usize| {
            let word = self.lower(at);
            let ordinal = number::ordinal(word)
                .filter(|_| article || word.starts_with(|first: char| first.is_ascii_digit()));
            ordinal.or_else(|| number::whole(word).filter(|_| word.len() <= 2)).and_then(day_number)
        };
        let first = single(at)?;
        if matches!(self.lower(at + 1), "-" | "–" | "—" | "and" | "to" | "or")
            && let Some(last) = single(at + 2).filter(|last| *last > first)
            && (self.month_word(self.skip(at + 3, &["of"])).is_some()
                || self.month_word(at.wrapping_sub(1)).is_some())
            && (matches!(self.lower(at + 1), "-" | "–" | "—") || self.lower(at + 1) == "and")
        {
            return Some((first, last, at + 3));
        }
        Some((first, first, at + 1))
    }

    /// "March 3rd, 2019", "March 3-5".
    fn month_first(self, at: usize) -> Found {
        let (after, month) = self.month_word(at)?;
        let the = self.skip(after, &["the"]);
        let (first, last, next) = self.day_numbers(the, the > after)?;
        // "March 3 percent", "may 10 people": a number of something else.
        let ambiguous = words::is_doubtful(self.lower(at)) && !self.capital(at);
        if ambiguous
            && !matches!(
                self.lower(next),
                "" | "," | "." | ")" | "(" | "and" | "to" | "in" | "at" | "by" | "when"
            )
        {
            return None;
        }
        // "May 10:30" is an hour.
        if self.lower(next) == ":" && self.adjoins(next) && number::whole(self.lower(next + 1)).is_some() {
            return None;
        }
        let (end, year) = self.year_behind(next);
        let meaning = if first == last {
            Meaning::Day { year, month, day: first }
        } else {
            Meaning::Days { year, month, first, last }
        };
        Some((end, meaning))
    }

    /// A month's name or short form with its full stop.
    fn month_word(self, at: usize) -> Option<(usize, i8)> {
        let word = self.lower(at);
        let month = words::month(word)?;
        let short = word.len() <= 4 && !matches!(word, "may" | "june" | "july");
        let dot = short && self.lower(at + 1) == "." && self.adjoins(at + 1);
        Some((if dot { at + 2 } else { at + 1 }, month))
    }

    /// A year that belongs to the date before it: ", 2019", "2019", "of 2019", "89".
    fn year_behind(self, at: usize) -> (usize, Option<i16>) {
        let comma = self.skip(at, &[",", "of"]);
        let word = self.lower(comma);
        if word.len() == 4
            && let Some(year) = number::whole(word).and_then(year_number)
            && !matches!(
                self.lower(comma + 1),
                "people" | "civilians" | "soldiers" | "gmt" | "hours" | "local" | ":"
            )
        {
            return (comma + 1, Some(year));
        }
        // "12 Mar 89"
        if comma == at
            && word.len() == 2
            && let Some(year) = number::whole(word).filter(|year| *year > 31)
            && !matches!(self.lower(at + 1), "people" | "percent" | "%" | "killed" | "dead" | "wounded")
        {
            return (at + 1, Some(short_year(year)));
        }
        if matches!(word, "this") && self.lower(comma + 1) == "year" {
            return (comma + 2, None);
        }
        (at, None)
    }

    /// "121430Z MAR 10"
    fn date_time_group(self, at: usize) -> Found {
        let word = self.lower(at);
        let digits = word.get(..6)?;
        (word.len() <= 8
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && word[6..].bytes().all(|b| b.is_ascii_alphabetic()))
        .then_some(())?;
        let day = day_number(number::whole(&digits[..2])?)?;
        let (hour, minute) = (number::whole(&digits[2..4])?, number::whole(&digits[4..6])?);
        (hour < 24 && minute < 60).then_some(())?;
        let (after, month) = self.month_word(at + 1)?;
        let year = number::whole(self.lower(after)).filter(|_| matches!(self.lower(after).len(), 2 | 4))?;
        let year = if year < 100 { short_year(year) } else { year_number(year)? };
        let day = Meaning::Day { year: Some(year), month, day };
        Some((
            after + 1,
            Meaning::Clock {
                hour: i8::try_from(hour).ok()?,
                minute: i8::try_from(minute).ok()?,
                of: Some(Box::new(day)),
            },
        ))
    }

    /// "on the 15th", where nothing follows that could be fifteenth.
    fn bare_ordinal(self, at: usize) -> Found {
        (self.lower(at) == "the" && matches!(self.before(at), "on" | "until" | "since" | "by"))
            .then_some(())?;
        let word = self.lower(at + 1);
        (word.starts_with(|first: char| first.is_ascii_digit())).then_some(())?;
        let day = day_number(number::ordinal(word)?)?;
        match self.lower(at + 2) {
            "" | "." | "," | ";" | ")" | "when" | "by" | "and" => Some((at + 2, Meaning::DayOfMonth { day })),
            "of" if matches!(self.lower(at + 3), "this" | "the") && self.lower(at + 4) == "month" => {
                Some((at + 5, Meaning::DayOfMonth { day }))
            }
            _ => None,
        }
    }

    /// "Thursday", "last Thursday", "Thursday, March 15", "Thursday last week".
    fn weekday(self, at: usize) -> Found {
        let (which, name) = self.which(at);
        let day = self.weekday_name(name)?;
        let dot = self.lower(name).len() <= 5 && self.lower(name + 1) == "." && self.adjoins(name + 1);
        let after = if dot { name + 2 } else { name + 1 };
        let comma = self.skip(after, &[","]);
        for next in [comma, self.skip(comma, &["the"])] {
            if let Some((end, date @ (Meaning::Day { .. } | Meaning::EitherDay { .. }))) =
                self.calendar_day(next)
            {
                return Some((end, date));
            }
        }
        let of = self.skip(after, &["of"]);
        match (self.lower(of), self.lower(of + 1)) {
            ("last", "week") => return Some((of + 2, Meaning::Weekday { day, which: Which::Last })),
            ("this", "week") => return Some((of + 2, Meaning::Weekday { day, which: Which::This })),
            ("next", "week") => return Some((of + 2, Meaning::Weekday { day, which: Which::Next })),
            _ => {}
        }
        Some((after, Meaning::Weekday { day, which }))
    }

    fn weekday_name(self, at: usize) -> Option<Weekday> {
        let (day, short) = words::weekday(self.lower(at))?;
        if short {
            // "sat", "sun", "wed" are words too: they need a date, a full stop or a preposition beside them.
            let next = self.lower(at + 1);
            let dated = matches!(next, "." | ",")
                || self.month_word(at + 1).is_some()
                || number::whole(next).is_some();
            let dot = next == "." && self.adjoins(at + 1) && !words::is_doubtful(self.lower(at));
            let dated = dated && (self.month_word(at + 2).is_some() || self.calendar_day(at + 2).is_some());
            (dated
                || self.calendar_day(at + 1).is_some()
                || (self.capital(at) && (self.before(at) == "on" || dot)))
                .then_some(())?;
        }
        Some(day)
    }

    fn which(self, at: usize) -> (Which, usize) {
        match self.lower(at) {
            "last" | "past" | "previous" => (Which::Last, at + 1),
            "this" | "current" => (Which::This, at + 1),
            "next" | "coming" | "upcoming" => (Which::Next, at + 1),
            "the" => match self.lower(at + 1) {
                "last" | "past" | "previous" => (Which::Last, at + 2),
                "next" | "coming" | "upcoming" => (Which::Next, at + 2),
                "current" => (Which::This, at + 2),
                _ => (Which::Any, at),
            },
            _ => (Which::Any, at),
        }
    }

    fn holiday(self, at: usize) -> Found {
        let mut next = at;
        let mut eve = false;
        if self.lower(at) == "the" && self.lower(at + 1) == "eve" && self.lower(at + 2) == "of" {
            (next, eve) = (at + 3, true);
        }
        let (length, holiday) = words::holiday(|ahead| self.lower(next + ahead))?;
        let mut end = next + length;
        if self.lower(end) == "day" {
            end += 1;
        } else if self.lower(end) == "eve" {
            (end, eve) = (end + 1, true);
        }
        // "Easter Island" is a place.
        let named = self.document.casing == crate::document::Casing::Mixed
            && self.shape(end) == Some(Shape::Capitalised)
            && words::weekday(self.lower(end)).is_none()
            && words::month(self.lower(end)).is_none();
        if named {
            return None;
        }
        let (end, year) = self.year_behind(end);
        Some((end, Meaning::Holiday { holiday, year, eve }))
    }

    /// "the next day", "two days earlier", "the same day", "a week later".
    fn story(self, at: usize) -> Found {
        let the = self.skip(at, &["the"]);
        let by = match self.lower(the) {
            "same" | "very" => Some(0),
            "following" | "next" => Some(1),
            "previous" | "preceding" => Some(-1),
            _ => None,
        };
        let article = the > at || matches!(self.lower(at), "that");
        if let Some(by) = by
            && article
            && let Some(unit) = words::unit(self.lower(the + 1))
            && self.lower(the + 1) == unit.word()
        {
            let day = unit == Unit::Day;
            // "the next month" and "the previous year" too, but "the next week" is next week.
            if day || by == 0 || matches!(self.lower(the), "following" | "preceding" | "previous") {
                let meaning = Meaning::StoryShift { unit, by };
                return Some((the + 2, meaning));
            }
        }
        if matches!(self.lower(at), "the" | "a")
            && let Some(unit) =
                words::unit(self.lower(at + 1)).filter(|unit| unit.word() == self.lower(at + 1))
            && unit >= Unit::Day
        {
            let by = match self.lower(at + 2) {
                "before" | "earlier" => -1,
                "after" | "later" => 1,
                _ => 0,
            };
            if by != 0 && (matches!(self.lower(at + 2), "earlier" | "later") || self.clause_ends(at + 3)) {
                return Some((at + 3, Meaning::StoryShift { unit, by }));
            }
        }
        if self.lower(at) == "that"
            && let Some(unit) =
                words::unit(self.lower(at + 1)).filter(|unit| unit.word() == self.lower(at + 1))
            && unit >= Unit::Day
            && matches!(
                self.before(at),
                "on" | "of" | "in" | "during" | "until" | "by" | "earlier" | "later" | ""
            )
        {
            return Some((at + 2, Meaning::StoryShift { unit, by: 0 }));
        }
        let (after, amount) = self.amount(at)?;
        let unit = words::unit(self.lower(after)).filter(|unit| *unit >= Unit::Day)?;
        let by = i32::try_from(amount?).ok().filter(|by| *by < 10_000)?;
        let sign = match self.lower(after + 1) {
            "earlier" | "prior" | "previously" => -1,
            "later" | "afterwards" | "afterward" => 1,
            "before" if self.clause_ends(after + 2) => -1,
            "after" if self.clause_ends(after + 2) => 1,
            _ => return None,
        };
        // "two weeks prior to the vote" measures from the vote.
        if self.lower(after + 1) == "prior" && self.lower(after + 2) == "to" {
            return None;
        }
        Some((after + 2, Meaning::StoryShift { unit, by: sign * by }))
    }

    fn clause_ends(self, at: usize) -> bool {
        matches!(
            self.lower(at),
            "" | "." | "," | ";" | ":" | ")" | "and" | "but" | "in" | "at" | "on" | "when" | "”" | "\""
        )
    }

    /// "today", "last month", "two weeks ago", "in three days".
    fn relative(self, at: usize) -> Found {
        let shift = |end, by| Some((end, Meaning::Shift { unit: Unit::Day, by }));
        match self.lower(at) {
            "today" => return shift(at + 1, 0),
            "yesterday" => return shift(at + 1, -1),
            "tomorrow" => return shift(at + 1, 1),
            "the" if self.lower(at + 1) == "day" && matches!(self.lower(at + 2), "before" | "after") => {
                match self.lower(at + 3) {
                    "yesterday" => return shift(at + 4, -2),
                    "tomorrow" => return shift(at + 4, 2),
                    _ => {}
                }
            }
            _ => {}
        }
        let (which, name) = self.which(at);
        let by = match which {
            Which::Any => 0,
            Which::Last => -1,
            Which::This => 0,
            Which::Next => 1,
        };
        if which != Which::Any
            && let Some(unit) = words::unit(self.lower(name)).filter(|unit| unit.word() == self.lower(name))
            && unit >= Unit::Day
        {
            // "the past week" is a length that ends now; "last week" is a week of the calendar.
            let length = matches!(self.lower(name - 1), "past" | "coming")
                || (unit == Unit::Decade && self.lower(at) == "the")
                || (self.lower(at) == "the"
                    && matches!(unit, Unit::Week | Unit::Month | Unit::Year)
                    && by < 0
                    && self.lower(name - 1) == "last");
            let meaning = if length && by != 0 {
                Meaning::Length {
                    amount: Some(1),
                    unit,
                    towards: if by < 0 { Towards::Past } else { Towards::Future },
                }
            } else if unit == Unit::Day && by == 0 {
                return None;
            } else {
                Meaning::Shift { unit, by }
            };
            return Some((name + 1, meaning));
        }
        let (after, amount) = self.amount(at)?;
        let unit = words::unit(self.lower(after))?;
        if matches!(self.lower(after + 1), "ago" | "back") || self.lower(after + 1) == "beforehand" {
            let Some(amount) = amount else { return Some((after + 2, Meaning::Reference(Reference::Past))) };
            let by = i32::try_from(amount).ok().filter(|by| *by < 100_000)?;
            return Some((after + 2, Meaning::Ago { unit, by: -by }));
        }
        if self.lower(after + 1) == "from" && matches!(self.lower(after + 2), "now" | "today") {
            let by = i32::try_from(amount?).ok().filter(|by| *by < 100_000)?;
            return Some((after + 3, Meaning::Ago { unit, by }));
        }
        None
    }

    fn quarter(self, at: usize) -> Found {
        let the = self.skip(at, &["the", "its"]);
        let fiscal = self.skip(the + 1, &["fiscal"]);
        let (quarter, after) = match self.lower(the) {
            "q1" | "q2" | "q3" | "q4" => (self.lower(the)[1..].parse().ok()?, the + 1),
            word if self.lower(fiscal) == "quarter" => match word.strip_suffix("-quarter").unwrap_or(word) {
                "first" | "1st" => (1, fiscal + 1),
                "second" | "2nd" => (2, fiscal + 1),
                "third" | "3rd" => (3, fiscal + 1),
                "fourth" | "4th" | "final" => (4, fiscal + 1),
                _ => return None,
            },
            "first-quarter" => (1, the + 1),
            "second-quarter" => (2, the + 1),
            "third-quarter" => (3, the + 1),
            "fourth-quarter" => (4, the + 1),
            _ => {
                let fiscal = matches!(self.lower(the), "fiscal" | "financial");
                if fiscal && self.lower(the + 1) == "year" {
                    let year = number::whole(self.lower(the + 2)).and_then(year_number)?;
                    return Some((the + 3, Meaning::FiscalYear(year)));
                }
                if fiscal {
                    let year = number::whole(self.lower(the + 1)).and_then(year_number)?;
                    return Some((the + 2, Meaning::FiscalYear(year)));
                }
                return None;
            }
        };
        let (end, year) = self.year_behind(after);
        Some((end, Meaning::Quarter { year, quarter }))
    }

    fn season(self, at: usize) -> Found {
        let (which, name) = self.which(at);
        let mut name = if which == Which::Any { self.skip(at, &["the"]) } else { name };
        let article = name > at;
        if self.lower(name) == "early" || self.lower(name) == "late" {
            name += 1;
        }
        let season = words::season(self.lower(name))?;
        let (end, year) = self.year_behind(name + 1);
        let led = matches!(
            self.before(at),
            "in" | "since" | "by" | "until" | "last" | "this" | "next" | "during" | "of"
        );
        // "fall" and "spring" are verbs and nouns first.
        let sure = year.is_some() || which != Which::Any || (led && self.clause_ends(end));
        let sure = sure || (article && led && !matches!(self.lower(name), "fall" | "spring"));
        sure.then_some((end, Meaning::Season { year, season, which }))
    }

    /// A month with or without its year, where it is sure to be one.
    fn month(self, at: usize) -> Found {
        let (which, name) = self.which(at);
        let (_, month) = self.month_word(name)?;
        let (end, found) = self.sure_month(name)?;
        if let Meaning::Month { year: Some(year), .. } = found {
            return Some((end, Meaning::Month { year: Some(year), month, which: Which::Any }));
        }
        let unsure = words::is_doubtful(self.lower(name)) || end - name > 1 || self.lower(name).len() <= 3;
        // "this may help", "last march on": the word before proves nothing in lower case.
        let doubtful = unsure && (which == Which::Any || !self.capital(name));
        if doubtful && !self.month_evidence(name, end) {
            return None;
        }
        if which == Which::Any && self.is_name_part(name, end) {
            return None;
        }
        Some((end, Meaning::Month { year: None, month, which }))
    }

    /// A month where the words before it leave no doubt.
    fn sure_month(self, at: usize) -> Found {
        let (which, name) = self.which(at);
        let (after, month) = self.month_word(name)?;
        let (end, year) = self.year_behind(after);
        Some((end, Meaning::Month { year, month, which }))
    }

    fn month_evidence(self, at: usize, end: usize) -> bool {
        let led = matches!(
            self.before(at),
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "of"
                | "during"
                | "from"
                | "between"
                | "through"
                | "early"
                | "late"
                | "mid"
                | "to"
                | "before"
                | "after"
                | "and"
        );
        let verb_like = matches!(self.lower(at), "may" | "march" | "mar" | "sat" | "sun");
        if self.document.casing == crate::document::Casing::Mixed {
            self.capital(at) && (led || (!verb_like && !self.starts_sentence(at)))
        } else {
            led && (!verb_like
                || (self.before(at) != "to" && self.before(at) != "and" && self.clause_ends(end)))
        }
    }

    /// "April Smith", "Theresa May".
    fn is_name_part(self, at: usize, end: usize) -> bool {
        if self.document.casing != crate::document::Casing::Mixed {
            return false;
        }
        if !self.capital(at) {
            return true;
        }
        matches!(self.lower(at), "april" | "june" | "august" | "may" | "jan")
            && self.shape(end) == Some(Shape::Capitalised)
            && !matches!(self.before(at), "in" | "since" | "last" | "of" | "by" | "until")
    }

    /// "the 1990s", "the nineties", "the 19th century".
    fn decade(self, at: usize) -> Found {
        let the = self.skip(at, &["the"]);
        let portion = match self.lower(the) {
            "early" => Some(Portion::Early),
            "mid" => Some(Portion::Mid),
            "late" => Some(Portion::Late),
            _ => None,
        };
        let name = if portion.is_some() { self.skip(the + 1, &["-"]) } else { the };
        let (end, mut meaning) = if let Some(rank) = number::ordinal(self.lower(name))
            && self.lower(name + 1) == "century"
        {
            (name + 2, Meaning::Century(i16::try_from(rank).ok()?))
        } else if let Some(rest) = self.lower(name).strip_suffix("-century") {
            (name + 1, Meaning::Century(i16::try_from(number::ordinal(rest)?).ok()?))
        } else {
            (name + 1, Meaning::Decade(decade_word(self.lower(name), the > at)?))
        };
        if let Some(portion) = portion {
            meaning = Meaning::Portion { portion, of: Box::new(meaning) };
        }
        Some((end, meaning))
    }

    /// A year that stands by itself.
    fn year(self, at: usize) -> Found {
        let word = self.lower(at);
        if let Some((first, last)) = word.split_once('-') {
            let first = (first.len() == 4).then(|| number::whole(first).and_then(year_number))??;
            let short = number::whole(last)?;
            let last = match last.len() {
                4 => year_number(short)?,
                2 => first - first % 100 + i16::try_from(short).ok()?,
                _ => return None,
            };
            if last <= first {
                // "2019-03" is a month.
                let month = month_number(short).filter(|_| word.len() == 7)?;
                return Some((at + 1, Meaning::Month { year: Some(first), month, which: Which::Any }));
            }
            return (last - first < 100).then_some((at + 1, Meaning::Years { first, last }));
        }
        let year = (word.len() == 4).then(|| number::whole(word).and_then(year_number))??;
        let next = self.lower(at + 1);
        if matches!(next, "–" | "-" | "/") && self.adjoins(at + 1) && self.adjoins(at + 2) {
            let last = self.lower(at + 2);
            if let Some(short) = number::whole(last) {
                let last = match last.len() {
                    4 => year_number(short)?,
                    2 => year - year % 100 + i16::try_from(short).ok()?,
                    _ => return None,
                };
                return (year < last && last - year < 100)
                    .then_some((at + 3, Meaning::Years { first: year, last }));
            }
        }
        let before = self.before(at);
        let joined = self.adjoins(at) && !matches!(before, "(" | "[" | "“" | "\"" | "–" | "—" | "'");
        if joined
            || matches!(
                before,
                "$" | "€"
                    | "£"
                    | "no"
                    | "#"
                    | "-"
                    | "route"
                    | "flight"
                    | "rs"
                    | "at"
                    | "section"
                    | "resolution"
            )
            || matches!(
                next,
                "%" | "percent"
                    | "km"
                    | "kg"
                    | "metres"
                    | "meters"
                    | "miles"
                    | "feet"
                    | "dollars"
                    | "euros"
                    | "pounds"
                    | "gmt"
                    | "hours"
                    | "hrs"
                    | "troops"
                    | "years"
                    | "million"
                    | "billion"
            )
            || words::weekday(next).is_some_and(|(_, short)| !short)
        {
            return None;
        }
        let led = matches!(
            before,
            "in" | "since"
                | "until"
                | "till"
                | "by"
                | "from"
                | "during"
                | "before"
                | "after"
                | "early"
                | "late"
                | "mid"
                | "throughout"
                | "circa"
                | "through"
                | "for"
                | "of"
        );
        let joined_years = matches!(before, "to" | "and" | "or" | "," | "–" | "-")
            && at >= 2
            && number::whole(self.document.lower(at - 2)).and_then(year_number).is_some();
        let counts_people = words::is_people(next)
            || (self.shape(at + 1) == Some(Shape::Lower) && words::is_people(self.lower(at + 2)));
        let plausible = (1800..=2060).contains(&year);
        let led_enough =
            led && (!counts_people || (before == "in" && year % 50 != 0)) && (plausible || before == "in");
        let bare = (1900..=2060).contains(&year)
            && !counts_people
            && (year % 100 != 0 || before == "(")
            && (before == "the"
                || before == "'s"
                || before == "("
                || before == "a"
                || self.capital(at.wrapping_sub(1))
                || at == 0
                || matches!(next, ")")
                || self.capital(at + 1) && !self.starts_sentence(at));
        (led_enough || joined_years || bare).then_some((at + 1, Meaning::Year(year)))
    }

    /// "two days", "several weeks", "the past two years", "more than a week", "three-year".
    fn qualified_length(self, at: usize) -> Found {
        let qualified = self.qualifier(at);
        if qualified > at
            && let Some((end, away)) = self.stretch(qualified)
            && matches!(away, Meaning::Ago { .. } | Meaning::StoryShift { .. })
        {
            return Some((end, away));
        }
        // "just a year" is a year.
        (qualified == at || self.lower(at) != "just").then(|| self.length(qualified))?
    }

    fn qualifier(self, at: usize) -> usize {
        match (self.lower(at), self.lower(at + 1)) {
            ("more" | "less" | "fewer" | "longer", "than") | ("at", "least" | "most") | ("up", "to") => {
                at + 2
            }
            ("as", "long" | "little" | "many" | "much") if self.lower(at + 2) == "as" => at + 3,
            ("no", "more" | "less" | "longer") if self.lower(at + 2) == "than" => at + 3,
            (
                "about" | "around" | "nearly" | "almost" | "roughly" | "approximately" | "over" | "just"
                | "some" | "only" | "under" | "barely" | "exactly",
                next,
            ) => {
                let certain = number::read(self.document, at + 1, self.end).is_some()
                    || matches!(next, "a" | "an" | "the" | "half")
                    || self.qualifier_only(at + 1);
                if certain && self.lower(at) != "only" { at + 1 } else { at }
            }
            _ => at,
        }
    }

    fn qualifier_only(self, at: usize) -> bool {
        matches!(self.lower(at), "several" | "few" | "many")
    }

    fn length(self, at: usize) -> Found {
        // "the past two years", "the next few days"
        let (which, name) = self.which(at);
        let recent = self.lower(self.skip(at, &["the"]));
        let mut towards = match which {
            Which::Last => Towards::Past,
            Which::Next => Towards::Future,
            Which::This | Which::Any => Towards::Nowhere,
        };
        let mut start = if towards == Towards::Nowhere { at } else { name };
        if recent == "following"
            || recent == "previous"
            || recent == "first"
            || recent == "final"
            || recent == "preceding"
        {
            start = self.skip(at, &["the"]) + 1;
            towards = Towards::Nowhere;
        }
        if matches!(recent, "recent" | "coming" | "past")
            && let Some(unit) = words::unit(self.lower(self.skip(at, &["the"]) + 1))
            && self.lower(self.skip(at, &["the"]) + 1) != unit.word()
        {
            let end = self.skip(at, &["the"]) + 2;
            return Some((
                end,
                Meaning::Reference(if recent == "coming" { Reference::Future } else { Reference::Past }),
            ));
        }
        let word = self.lower(start);
        // "three-year", "24-hour", "decades-long", "week-long"
        if let Some((number, unit)) = word.rsplit_once('-') {
            if unit == "long" || unit == "old" {
                if unit == "old" {
                    return None;
                }
                if let Some((number, unit)) = number.rsplit_once('-') {
                    let unit = words::unit(unit)?;
                    return Some((
                        start + 1,
                        Meaning::Length { amount: Some(self.fused(number)?), unit, towards },
                    ));
                }
                let unit = words::unit(number)?;
                let amount = (unit.word() == number).then_some(1);
                return Some((start + 1, Meaning::Length { amount, unit, towards }));
            }
            if let Some(unit) = words::unit(unit)
                && self.lower(start + 1) != "old"
                && let Some(amount) = self.fused(number)
            {
                return Some((start + 1, Meaning::Length { amount: Some(amount), unit, towards }));
            }
            return None;
        }
        for (whole, unit) in [
            ("weeklong", Unit::Week),
            ("yearlong", Unit::Year),
            ("monthlong", Unit::Month),
            ("daylong", Unit::Day),
        ] {
            if word == whole {
                return Some((start + 1, Meaning::Length { amount: Some(1), unit, towards }));
            }
        }
        let Some((mut after, mut amount)) = self.amount(start) else {
            // "for years", "within hours"
            let unit = words::unit(word).filter(|unit| unit.word() != word && *unit > Unit::Second)?;
            let led = matches!(
                self.before(start),
                "for"
                    | "in"
                    | "within"
                    | "of"
                    | "after"
                    | "over"
                    | "last"
                    | "past"
                    | "next"
                    | "took"
                    | "take"
                    | "spent"
            );
            let ago =
                matches!(self.lower(start + 1), "of" | "ago" | "later" | "earlier" | "before" | "after");
            if matches!(self.lower(start + 1), "ago") {
                return Some((start + 2, Meaning::Reference(Reference::Past)));
            }
            return (led || ago || start > at)
                .then_some((start + 1, Meaning::Length { amount: None, unit, towards }));
        };
        // "two and a half years", "half a year"
        if self.lower(after) == "and" && self.lower(after + 1) == "a" && self.lower(after + 2) == "half" {
            after += 3;
        }
        after = self.skip(
            after,
            &[
                "full",
                "consecutive",
                "straight",
                "more",
                "long",
                "other",
                "additional",
                "whole",
                "calendar",
                "working",
                "business",
            ],
        );
        let word = self.lower(after);
        let unit = words::unit(word)?;
        if unit == Unit::Second && word == "second" {
            return None;
        }
        let singular_article =
            start < after && matches!(self.lower(start), "a" | "an" | "one" | "every" | "each");
        if unit.word() == word && !singular_article && amount != Some(1) && self.lower(start) != "half" {
            // "the 12 month period" is fine; "two second" is not.
            amount = amount.filter(|_| unit >= Unit::Day)?.into();
        }
        if matches!(self.lower(after + 1), "old" | "-")
            || (self.lower(after + 1) == "of" && self.lower(after + 2) == "age")
        {
            return None;
        }
        let mut end = after + 1;
        // "a year" after an amount of money or a rate is how often.
        if towards == Towards::Nowhere
            && singular_article
            && matches!(self.lower(start), "a" | "an")
            && start == at
        {
            let rate = matches!(
                self.before(at),
                "times" | "twice" | "once" | "million" | "billion" | "people" | "percent" | "%"
            ) || self.shape(at.wrapping_sub(1)) == Some(Shape::Number);
            if rate && self.shape(at.wrapping_sub(1)).is_some() {
                return Some((end, Meaning::Set(Cycle::Every { unit, number: 1 })));
            }
        }
        if self.lower(end) == "or" && self.lower(end + 1) == "so" {
            end += 2;
        }
        Some((end, Meaning::Length { amount, unit, towards }))
    }

    /// A number that is fused with its unit: "three" of "three-year".
    fn fused(self, number: &str) -> Option<u32> {
        if let Some(value) = number::whole(number) {
            return Some(value);
        }
        let document = Document::new(number);
        let (end, value) = number::read(&document, 0, document.tokens.len())?;
        (end == document.tokens.len()).then_some(value)
    }

    /// "two", "a", "several", "a few", "half a"; nothing where how many is left open.
    fn amount(self, at: usize) -> Option<(usize, Option<u32>)> {
        if let Some((end, value)) = number::read(self.document, at, self.end) {
            // "two to three days", "10 or 12 years": how many is left open.
            if matches!(self.lower(end), "to" | "or" | "-" | "–")
                && let Some((end, _)) = number::read(self.document, end + 1, self.end)
            {
                return Some((end, None));
            }
            // "two dozen years" aside, a number behind a number sign or a currency is no length.
            if matches!(self.before(at), "$" | "€" | "£" | ":") {
                return None;
            }
            return Some((end, Some(value)));
        }
        match self.lower(at) {
            "a" | "an" => match self.lower(at + 1) {
                "few" | "couple" | "number" => {
                    let of = self.skip(at + 2, &["of"]);
                    Some((of, if self.lower(at + 1) == "couple" { Some(2) } else { None }))
                }
                "half" => Some((at + 2, None)),
                "whole" | "full" | "single" => Some((at + 2, Some(1))),
                _ => Some((at + 1, Some(1))),
            },
            "several" | "many" | "few" | "numerous" => Some((at + 1, None)),
            "half" if matches!(self.lower(at + 1), "a" | "an") => Some((at + 2, None)),
            _ => None,
        }
    }

    /// "daily", "every Friday", "twice a week", "Fridays".
    fn set(self, at: usize) -> Found {
        let word = self.lower(at);
        // "the Daily Mail"
        let named = self.capital(at)
            && !self.starts_sentence(at)
            && self.document.casing == crate::document::Casing::Mixed;
        if let Some(cycle) = words::cycle(word)
            && !named
        {
            return Some((at + 1, Meaning::Set(cycle)));
        }
        if let Some(singular) = word.strip_suffix('s')
            && let Some((day, false)) = words::weekday(singular)
        {
            return Some((at + 1, Meaning::Set(Cycle::On(day))));
        }
        if !matches!(word, "every" | "each" | "per") {
            return None;
        }
        let other = self.skip(at + 1, &["other"]);
        if let Some((day, false)) = words::weekday(self.lower(other)) {
            let end = if words::part(self.lower(other + 1)).is_some() { other + 2 } else { other + 1 };
            return Some((end, Meaning::Set(Cycle::On(day))));
        }
        if words::part(self.lower(other)).is_some() {
            return Some((other + 1, Meaning::Set(Cycle::Every { unit: Unit::Day, number: 1 })));
        }
        let (after, number) = match number::read(self.document, other, self.end) {
            Some((after, number)) => (after, number),
            None => (self.skip(other, &["few"]), if other > at + 1 { 2 } else { 1 }),
        };
        let unit = words::unit(self.lower(after))?;
        Some((after + 1, Meaning::Set(Cycle::Every { unit, number })))
    }

    fn reference(self, at: usize) -> Found {
        let (length, reference) = words::reference(|ahead| self.lower(at + ahead))?;
        // "as soon as they could" is no date.
        if self.lower(at) == "soon"
            && (self.before(at) == "as" || matches!(self.lower(at + 1), "as" | "after" | "before"))
        {
            return None;
        }
        Some((at + length, Meaning::Reference(reference)))
    }

    /// "ten years old", "aged 12 years", "34 years of age": taken, so that nothing inside is read.
    fn age(self, at: usize) -> Found {
        if matches!(self.lower(at), "aged" | "age") {
            let at = self.skip(at + 1, &["of"]);
            let (end, _) = number::read(self.document, at, self.end)?;
            let unit = words::unit(self.lower(end)).map_or(end, |_| end + 1);
            return Some((unit, Meaning::NoTime));
        }
        let (end, _) = number::read(self.document, at, self.end)?;
        let _ = words::unit(self.lower(end))?;
        if self.lower(end + 1) == "old" {
            return Some((end + 2, Meaning::NoTime));
        }
        (self.lower(end + 1) == "of" && self.lower(end + 2) == "age").then_some((end + 3, Meaning::NoTime))
    }
}

impl Meaning {
    /// Tells whether the expression means one day, so that a time of day can belong to it.
    pub fn is_day(&self) -> bool {
        match self {
            Self::Day { .. }
            | Self::EitherDay { .. }
            | Self::DayOfMonth { .. }
            | Self::Weekday { .. }
            | Self::Holiday { .. } => true,
            Self::Shift { unit, .. } | Self::StoryShift { unit, .. } => *unit == Unit::Day,
            Self::Portion { of, .. } => of.is_day(),
            _ => false,
        }
    }
}

fn year_number(number: u32) -> Option<i16> {
    (1000..=2999).contains(&number).then(|| i16::try_from(number).ok())?
}

fn month_number(number: u32) -> Option<i8> {
    (1..=12).contains(&number).then(|| i8::try_from(number).ok())?
}

fn day_number(number: u32) -> Option<i8> {
    (1..=31).contains(&number).then(|| i8::try_from(number).ok())?
}

/// The year that two digits mean: from 1950 to 2049.
fn short_year(number: u32) -> i16 {
    let number = i16::try_from(number % 100).unwrap_or(0);
    if number >= 50 { 1900 + number } else { 2000 + number }
}

/// "1990s", "'90s" and "nineties" as the first year.
fn decade_word(word: &str, article: bool) -> Option<i16> {
    const NAMES: &[(&str, i16)] = &[
        ("twenties", 1920),
        ("thirties", 1930),
        ("forties", 1940),
        ("fifties", 1950),
        ("sixties", 1960),
        ("seventies", 1970),
        ("eighties", 1980),
        ("nineties", 1990),
    ];
    if let Some((_, decade)) = NAMES.iter().find(|(name, _)| *name == word) {
        return article.then_some(*decade);
    }
    let digits = word.strip_suffix('s')?;
    let number = number::whole(digits).filter(|number| number % 10 == 0)?;
    match digits.len() {
        4 => year_number(number),
        // "in his 30s" is an age.
        2 if article => Some(1900 + i16::try_from(number).ok()?),
        _ => None,
    }
}
