//! The vocabulary of the calendar: which word is which month, unit, season or holiday?

use jiff::civil::Weekday;

/// A unit of time, from the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Nights, which count like days.
    Night,
    /// Saturday and Sunday.
    Weekend,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
    /// Quarters of a year.
    Quarter,
    /// Years.
    Year,
    /// Ten years.
    Decade,
    /// A hundred years.
    Century,
}

impl Unit {
    /// Its singular.
    pub fn word(self) -> &'static str {
        match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Night => "night",
            Self::Weekend => "weekend",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Decade => "decade",
            Self::Century => "century",
        }
    }
}

/// The unit that a singular or plural names.
pub fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "second" | "seconds" => Unit::Second,
        "minute" | "minutes" => Unit::Minute,
        "hour" | "hours" => Unit::Hour,
        "day" | "days" => Unit::Day,
        "night" | "nights" => Unit::Night,
        "weekend" | "weekends" => Unit::Weekend,
        "week" | "weeks" => Unit::Week,
        "month" | "months" => Unit::Month,
        "quarter" | "quarters" => Unit::Quarter,
        "year" | "years" => Unit::Year,
        "decade" | "decades" => Unit::Decade,
        "century" | "centuries" => Unit::Century,
        _ => return None,
    })
}

/// The month that a name or a short form means, 1 to 12.
pub fn month(word: &str) -> Option<i8> {
    Some(match word {
        "january" | "jan" => 1,
        "february" | "feb" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// Tells whether a month's or weekday's word is at least as often something else.
pub fn is_doubtful(word: &str) -> bool {
    matches!(word, "may" | "march" | "mar" | "jan" | "dec" | "sat" | "sun" | "wed" | "mon")
}

/// The weekday that a word means, and whether it is a short form.
pub fn weekday(word: &str) -> Option<(Weekday, bool)> {
    Some(match word {
        "monday" => (Weekday::Monday, false),
        "tuesday" => (Weekday::Tuesday, false),
        "wednesday" => (Weekday::Wednesday, false),
        "thursday" => (Weekday::Thursday, false),
        "friday" => (Weekday::Friday, false),
        "saturday" => (Weekday::Saturday, false),
        "sunday" => (Weekday::Sunday, false),
        "mon" => (Weekday::Monday, true),
        "tue" | "tues" => (Weekday::Tuesday, true),
        "wed" => (Weekday::Wednesday, true),
        "thu" | "thur" | "thurs" => (Weekday::Thursday, true),
        "fri" => (Weekday::Friday, true),
        "sat" => (Weekday::Saturday, true),
        "sun" => (Weekday::Sunday, true),
        _ => return None,
    })
}

/// A part of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// From before dawn to noon.
    Morning,
    /// Noon.
    Noon,
    /// Noon to six.
    Afternoon,
    /// Five to ten.
    Evening,
    /// Dark, until the next morning.
    Night,
    /// First light.
    Dawn,
    /// Last light.
    Dusk,
    /// Midnight.
    Midnight,
}

/// The part of the day that a word names.
pub fn part(word: &str) -> Option<Part> {
    Some(match word {
        "morning" => Part::Morning,
        "noon" | "midday" => Part::Noon,
        "afternoon" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" => Part::Night,
        "dawn" | "daybreak" | "sunrise" | "predawn" | "pre-dawn" => Part::Dawn,
        "dusk" | "sunset" | "nightfall" => Part::Dusk,
        "midnight" => Part::Midnight,
        _ => return None,
    })
}

/// A season, as it falls north of the equator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Season {
    /// March to May.
    Spring,
    /// June to August.
    Summer,
    /// September to November.
    Autumn,
    /// December to February.
    Winter,
}

/// The season that a word names.
pub fn season(word: &str) -> Option<Season> {
    Some(match word {
        "spring" => Season::Spring,
        "summer" => Season::Summer,
        "autumn" | "fall" => Season::Autumn,
        "winter" => Season::Winter,
        _ => return None,
    })
}

/// A holiday whose date can be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holiday {
    /// The same day every year.
    Fixed { month: i8, day: i8 },
    /// So many days after Easter Sunday.
    Easter { after: i32 },
    /// Follows another calendar or is set by decree.
    Elsewhere,
}

/// The holiday that begins with the word at 0, and how many tokens name it without "Day" or "Eve".
pub fn holiday<'t>(word: impl Fn(usize) -> &'t str) -> Option<(usize, Holiday)> {
    let next = word(1);
    let is_eve_or_day = |at: usize| matches!(word(at), "day" | "eve");
    let fixed = |length, month, day| Some((length, Holiday::Fixed { month, day }));
    let easter = |length, after| Some((length, Holiday::Easter { after }));
    match word(0) {
        "new" if next == "year" && word(2) == "'s" && is_eve_or_day(3) => fixed(3, 1, 1),
        "new" if next == "year" && is_eve_or_day(2) => fixed(2, 1, 1),
        "christmas" => fixed(1, 12, 25),
        "boxing" if next == "day" => fixed(1, 12, 26),
        "valentine" if next == "'s" && word(2) == "day" => fixed(2, 2, 14),
        "halloween" => fixed(1, 10, 31),
        "may" if next == "day" => fixed(1, 5, 1),
        "good" if next == "friday" => easter(2, -2),
        "palm" if next == "sunday" => easter(2, -7),
        "ash" if next == "wednesday" => easter(2, -46),
        "maundy" if next == "thursday" => easter(2, -3),
        "easter" => match next {
            "sunday" => easter(2, 0),
            "monday" => easter(2, 1),
            "saturday" => easter(2, -1),
            _ => easter(1, 0),
        },
        "ascension" if next == "day" => easter(1, 39),
        "ramadan" | "ashura" | "nowruz" | "diwali" | "arbaeen" => Some((1, Holiday::Elsewhere)),
        "eid" => {
            let length = match next {
                "al-fitr" | "al-adha" | "ul-fitr" | "ul-adha" => 2,
                _ => 1,
            };
            Some((length, Holiday::Elsewhere))
        }
        _ => None,
    }
}

/// What comes round again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cycle {
    /// Every so many units.
    Every { unit: Unit, number: u32 },
    /// Every Friday.
    On(Weekday),
}

/// The cycle that one word names.
pub fn cycle(word: &str) -> Option<Cycle> {
    let (unit, number) = match word {
        "hourly" => (Unit::Hour, 1),
        "daily" | "nightly" => (Unit::Day, 1),
        "weekly" => (Unit::Week, 1),
        "fortnightly" => (Unit::Week, 2),
        "monthly" => (Unit::Month, 1),
        "quarterly" => (Unit::Quarter, 1),
        "yearly" | "annual" | "annually" => (Unit::Year, 1),
        _ => return None,
    };
    Some(Cycle::Every { unit, number })
}

/// Before, at or after the time of writing, with no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// "recently".
    Past,
    /// "now".
    Present,
    /// "soon".
    Future,
}

/// The reference that begins with the word at 0, and how many tokens it takes.
pub fn reference<'t>(word: impl Fn(usize) -> &'t str) -> Option<(usize, Reference)> {
    let next = word(1);
    Some(match word(0) {
        "now" | "currently" | "nowadays" | "presently" => (1, Reference::Present),
        "recently" | "lately" => (1, Reference::Past),
        "at" if next == "present" => (2, Reference::Present),
        "at" if matches!(next, "the" | "this") && matches!(word(2), "moment") => (3, Reference::Present),
        "at" if next == "this" && word(2) == "point" => (3, Reference::Present),
        "soon" => (1, Reference::Future),
        "the" if next == "past" && !matches!(word(2), "few" | "several") && unit(word(2)).is_none() => {
            (2, Reference::Past)
        }
        "the" if next == "future" => (2, Reference::Future),
        "the" if next == "near" && word(2) == "future" => (3, Reference::Future),
        _ => return None,
    })
}

/// Tells whether a word counts people, so that a number before it is no year.
pub fn is_people(word: &str) -> bool {
    matches!(
        word,
        "people"
            | "persons"
            | "civilians"
            | "soldiers"
            | "troops"
            | "men"
            | "women"
            | "children"
            | "fighters"
            | "militants"
            | "police"
            | "policemen"
            | "officers"
            | "refugees"
            | "families"
            | "prisoners"
            | "protesters"
            | "workers"
            | "victims"
            | "deaths"
            | "casualties"
            | "dead"
            | "killed"
            | "wounded"
            | "injured"
            | "members"
            | "students"
            | "villagers"
            | "residents"
            | "homes"
            | "houses"
            | "others"
            | "men's"
            | "rebels"
            | "insurgents"
            | "guerrillas"
            | "demonstrators"
            | "peasants"
            | "votes"
    )
}
