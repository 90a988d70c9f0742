//! Time: when did it happen, and how precisely is that known? (EDTF, ISO 8601-2)

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, date, time};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A stretch of time as far as it is known: an EDTF expression with its bounds.
///
/// Bounds are civil times at the place of the event, since reports rarely give a zone. A missing
/// bound is open: nothing is known beyond it, and nothing may be invented.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    edtf: String,
    earliest: Option<DateTime>,
    latest: Option<DateTime>,
}

fn start_of(day: Date) -> DateTime {
    day.to_datetime(Time::MIN)
}

fn end_of(day: Date) -> DateTime {
    day.to_datetime(time(23, 59, 59, 0))
}

impl Period {
    /// One day.
    pub fn day(day: Date) -> Self {
        Self { edtf: day.to_string(), earliest: Some(start_of(day)), latest: Some(end_of(day)) }
    }

    /// One month of a year, or nothing if there is no such month.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self {
            edtf: format!("{year:04}-{month:02}"),
            earliest: Some(start_of(first)),
            latest: Some(end_of(first.last_of_month())),
        })
    }

    /// One year, or nothing outside the years 0 to 9999.
    pub fn year(year: i16) -> Option<Self> {
        if year < 0 {
            return None;
        }
        let (first, last) = (Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?);
        Some(Self { edtf: format!("{year:04}"), earliest: Some(start_of(first)), latest: Some(end_of(last)) })
    }

    /// From the first day to the last, both included; one day if they are the same.
    pub fn days(first: Date, last: Date) -> Self {
        if first == last {
            return Self::day(first);
        }
        let (first, last) = (first.min(last), first.max(last));
        Self { edtf: format!("{first}/{last}"), earliest: Some(start_of(first)), latest: Some(end_of(last)) }
    }

    /// Between two moments, such as a night.
    pub fn between(earliest: DateTime, latest: DateTime) -> Self {
        let (earliest, latest) = (earliest.min(latest), earliest.max(latest));
        Self { edtf: format!("{earliest}/{latest}"), earliest: Some(earliest), latest: Some(latest) }
    }

    /// On or before a day; when it began is not known.
    pub fn until(last: Date) -> Self {
        Self { edtf: format!("../{last}"), earliest: None, latest: Some(end_of(last)) }
    }

    /// On or after a day; when it ended is not known.
    pub fn since(first: Date) -> Self {
        Self { edtf: format!("{first}/.."), earliest: Some(start_of(first)), latest: None }
    }

    /// Marks the expression approximate (`~`), widening its bounds by `days` on both sides.
    #[must_use]
    pub fn about(mut self, days: i32) -> Self {
        self.edtf = self
            .edtf
            .split('/')
            .map(|part| if part == ".." { part.to_owned() } else { format!("{part}~") })
            .collect::<Vec<_>>()
            .join("/");
        self.earliest = self.earliest.and_then(|at| at.checked_sub(days.days()).ok());
        self.latest = self.latest.and_then(|at| at.checked_add(days.days()).ok());
        self
    }

    /// The EDTF expression.
    pub fn edtf(&self) -> &str {
        &self.edtf
    }

    /// The first moment possible; nothing if open.
    pub fn earliest(&self) -> Option<DateTime> {
        self.earliest
    }

    /// The last moment possible; nothing if open.
    pub fn latest(&self) -> Option<DateTime> {
        self.latest
    }

    /// The one day it lies in, if it is known that precisely.
    pub fn single_day(&self) -> Option<Date> {
        let (earliest, latest) = (self.earliest?.date(), self.latest?.date());
        (earliest == latest).then_some(earliest)
    }

    /// Number of days it may lie in, both ends counted; nothing if open.
    pub fn days_long(&self) -> Option<i32> {
        let (earliest, latest) = (self.earliest?.date(), self.latest?.date());
        Some((latest - earliest).get_days() + 1)
    }

    /// Tells whether both can be true of one moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        let before = |left: Option<DateTime>, right: Option<DateTime>| match (left, right) {
            (Some(left), Some(right)) => left < right,
            _ => false,
        };
        !before(self.latest, other.earliest) && !before(other.latest, self.earliest)
    }

    /// Tells whether all of `other` lies inside.
    pub fn contains(&self, other: &Self) -> bool {
        let after = self.earliest.is_none_or(|mine| other.earliest.is_some_and(|theirs| mine <= theirs));
        let before = self.latest.is_none_or(|mine| other.latest.is_some_and(|theirs| theirs <= mine));
        after && before
    }

    /// Days between the two, 0 when they overlap or a bound is open.
    pub fn days_apart(&self, other: &Self) -> i32 {
        let gap = |first: &Self, second: &Self| match (first.latest, second.earliest) {
            (Some(end), Some(begin)) if end < begin => (begin.date() - end.date()).get_days(),
            _ => 0,
        };
        gap(self, other).max(gap(other, self))
    }

    /// Returns the period in which both hold, if any: the narrower bounds of the two.
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        if !self.overlaps(other) {
            return None;
        }
        if self.contains(other) {
            return Some(other.clone());
        }
        if other.contains(self) {
            return Some(self.clone());
        }
        let earliest = self.earliest.max(other.earliest);
        let latest = match (self.latest, other.latest) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (bound, None) | (None, bound) => bound,
        };
        match (earliest, latest) {
            (Some(earliest), Some(latest))
                if earliest.time() == Time::MIN && latest.time() == time(23, 59, 59, 0) =>
            {
                Some(Self::days(earliest.date(), latest.date()))
            }
            (Some(earliest), Some(latest)) => Some(Self::between(earliest, latest)),
            (Some(earliest), None) => Some(Self::since(earliest.date())),
            (None, Some(latest)) => Some(Self::until(latest.date())),
            (None, None) => None,
        }
    }

    /// Reads the level 0 and 1 forms that Headwater itself writes: a day, month or year, with or
    /// without `~`, and intervals of these with open ends.
    pub fn parse(edtf: &str) -> Option<Self> {
        let single = |text: &str| -> Option<Self> {
            let bare = text.trim_end_matches(['~', '?', '%']);
            if let Ok(at) = bare.parse::<DateTime>()
                && bare.contains('T')
            {
                return Some(Self { edtf: bare.to_owned(), earliest: Some(at), latest: Some(at) });
            }
            let number = |part: &str| part.parse::<i16>().ok();
            match bare.split('-').collect::<Vec<_>>().as_slice() {
                [year] if year.len() == 4 => Self::year(number(year)?),
                [year, month] if year.len() == 4 => Self::month(number(year)?, month.parse().ok()?),
                [_, _, _] => Some(Self::day(bare.parse().ok()?)),
                _ => None,
            }
        };
        let parsed = match edtf.split_once('/') {
            None => single(edtf)?,
            Some(("..", last)) => Self { edtf: String::new(), earliest: None, latest: single(last)?.latest },
            Some((first, "..")) => {
                Self { edtf: String::new(), earliest: single(first)?.earliest, latest: None }
            }
            Some((first, last)) => {
                let (earliest, latest) = (single(first)?.earliest, single(last)?.latest);
                if earliest > latest {
                    return None;
                }
                Self { edtf: String::new(), earliest, latest }
            }
        };
        Some(Self { edtf: edtf.to_owned(), ..parsed })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.edtf)
    }
}

/// When a report was published: a day, or a moment with its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Published {
    /// Only the day is known.
    Day(Date),
    /// The moment is known.
    At(jiff::Timestamp),
}

impl Published {
    /// The day, in UTC where the moment is known.
    pub fn date(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::At(at) => at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        }
    }

    /// A moment to sort by: the start of the day where only that is known.
    pub fn sort_key(self) -> (Date, Option<jiff::Timestamp>) {
        match self {
            Self::Day(day) => (day, None),
            Self::At(at) => (self.date(), Some(at)),
        }
    }
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::At(at) => write!(f, "{at}"),
        }
    }
}

/// The day that stands for "no day known" when things are sorted by time.
pub const NO_DAY: Date = date(9999, 12, 31);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period() -> impl Strategy<Value = Period> {
        let day = |n: i32| date(2024, 1, 1).checked_add(n.days()).unwrap();
        prop_oneof![
            (0..900i32).prop_map(move |n| Period::day(day(n))),
            (0..900i32, 0..60i32).prop_map(move |(n, more)| Period::days(day(n), day(n + more))),
            (2020i16..2026, 1i8..13).prop_map(|(year, month)| Period::month(year, month).unwrap()),
            (2020i16..2026).prop_map(|year| Period::year(year).unwrap()),
            (0..900i32).prop_map(move |n| Period::until(day(n))),
            (0..900i32).prop_map(move |n| Period::since(day(n))),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(period in period()) {
            prop_assert_eq!(Period::parse(period.edtf()), Some(period));
        }

        #[test]
        fn an_intersection_lies_inside_both(left in period(), right in period()) {
            prop_assert_eq!(left.overlaps(&right), right.overlaps(&left));
            if let Some(both) = left.intersection(&right) {
                prop_assert!(left.contains(&both) && right.contains(&both));
            } else {
                prop_assert!(left.days_apart(&right) > 0);
            }
        }
    }

    #[test]
    fn about_a_month_is_wider_than_the_month() {
        let march = Period::month(2024, 3).unwrap();
        let about = march.clone().about(5);
        assert_eq!(about.edtf(), "2024-03~");
        assert!(about.contains(&march) && !march.contains(&about));
    }
}
