//! Meanings to values: which stretch of the calendar is meant?

use crate::times::grammar::{Meaning, Portion, Towards, Which};
use crate::times::words::{Cycle, Holiday, Part, Reference, Season, Unit};
use headwater_domain::reading::{Timex, TimexKind};
use headwater_domain::time::Period;
use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, ISOWeekDate, Weekday, time};

/// Which way the words around an expression look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tense {
    /// "was killed".
    Past,
    /// "will be held".
    Future,
    /// Neither.
    Unknown,
}

/// The dates that an expression may be measured from.
#[derive(Debug, Clone, Copy)]
pub struct Anchors {
    /// When the report was published.
    pub report: Option<Date>,
    /// The last date that the text told.
    pub story: Option<Date>,
    /// The day that a bare time of day belongs to, and whether the sentence names it.
    pub day: Option<Date>,
}

/// What an expression comes to.
#[derive(Debug, Clone)]
pub struct Value {
    /// Type and value.
    pub timex: Timex,
    /// The stretch meant.
    pub period: Option<Period>,
    /// The day that "the next day" would be measured from hereafter.
    pub story: Option<Date>,
}

impl Value {
    fn new(kind: TimexKind, value: impl Into<String>, period: Option<Period>) -> Self {
        Self { timex: Timex { kind, value: value.into() }, period, story: None }
    }

    fn date(value: impl Into<String>, period: Option<Period>) -> Self {
        Self::new(TimexKind::Date, value, period)
    }

    fn day(day: Date) -> Self {
        Self { story: Some(day), ..Self::date(day.to_string(), Some(Period::day(day))) }
    }

    fn unknown() -> Self {
        Self::date("XXXX-XX-XX", None)
    }
}

/// Sets a meaning against the calendar; nothing if it names no stretch of time at all, such as the
/// 31st of June.
pub fn evaluate(meaning: &Meaning, anchors: Anchors, tense: Tense) -> Option<Value> {
    match meaning {
        Meaning::NoTime => None,
        Meaning::Day { year: Some(year), month, day } => Date::new(*year, *month, *day).ok().map(Value::day),
        Meaning::Day { year: None, month, day } => {
            // A leap year stands for all, so that 29 February is a day.
            Date::new(2000, *month, *day).ok()?;
            let chosen = anchors
                .report
                .and_then(|report| choose(report, tense, |year| Date::new(year, *month, *day).ok()));
            Some(chosen.map_or_else(|| Value::date(format!("XXXX-{month:02}-{day:02}"), None), Value::day))
        }
        Meaning::Days { year, month, first, last } => {
            let begin = evaluate(&Meaning::Day { year: *year, month: *month, day: *first }, anchors, tense)?;
            let Some(begin_day) = begin.story else { return Some(begin) };
            let end_day = Date::new(begin_day.year(), *month, *last).ok()?;
            let period = Period::days(begin_day, end_day);
            Some(Value { story: Some(end_day), ..Value::date(begin.timex.value, Some(period)) })
        }
        Meaning::EitherDay { year, one, other } => either_day(*year, *one, *other, anchors.report),
        Meaning::DayOfMonth { day } => {
            let Some(report) = anchors.report else {
                return Some(Value::date(format!("XXXX-XX-{day:02}"), None));
            };
            let months = [-1, 0, 1].into_iter().filter_map(|by| {
                let first = report.first_of_month().checked_add(by.months()).ok()?;
                Date::new(first.year(), first.month(), *day).ok()
            });
            Some(nearest(report, tense, months).map_or_else(Value::unknown, Value::day))
        }
        Meaning::Month { year, month, which } => {
            Some(month_value(*year, *month, *which, anchors.report, tense))
        }
        Meaning::Year(year) => Some(Value::date(format!("{year:04}"), Period::year(*year))),
        Meaning::Years { first, last } => {
            let (begin, end) = (Date::new(*first, 1, 1).ok()?, Date::new(*last, 12, 31).ok()?);
            Some(Value::date(format!("{first:04}/{last:04}"), Some(Period::days(begin, end))))
        }
        Meaning::Decade(first) => {
            let period = years(*first, first + 9);
            Some(Value::date(format!("{:03}", first / 10), period))
        }
        Meaning::Century(rank) => {
            let first = rank.checked_sub(1)?.checked_mul(100).filter(|first| (0..=9800).contains(first))?;
            // The 19th century is counted from 1801 or 1800; the wider stretch holds both.
            Some(Value::date(format!("{:02}", first / 100), years(first, first + 100)))
        }
        Meaning::Quarter { year, quarter } => {
            let Some(year) = year.or_else(|| {
                let report = anchors.report?;
                let now = (report.month() - 1) / 3 + 1;
                let later = *quarter > now || (*quarter == now && tense == Tense::Past);
                Some(if later && tense != Tense::Future { report.year() - 1 } else { report.year() })
            }) else {
                return Some(Value::date(format!("XXXX-Q{quarter}"), None));
            };
            Some(quarter_value(year, *quarter))
        }
        Meaning::Season { year, season, which } => {
            Some(season_value(*year, *season, *which, anchors.report, tense))
        }
        Meaning::FiscalYear(year) => {
            // Where the fiscal year begins is not said: it may reach into the year before or after.
            let period =
                Some(Period::days(Date::new(year - 1, 1, 2).ok()?, Date::new(year + 1, 12, 30).ok()?));
            Some(Value::date(format!("FY{year:04}"), period))
        }
        Meaning::Weekday { day, which } => {
            let Some(report) = anchors.report else {
                return Some(Value::date(format!("XXXX-WXX-{}", day.to_monday_one_offset()), None));
            };
            Some(weekday_value(report, *day, *which, tense).map_or_else(Value::unknown, Value::day))
        }
        Meaning::Holiday { holiday, year, eve } => {
            Some(holiday_value(*holiday, *year, *eve, anchors.report, tense))
        }
        Meaning::Shift { unit, by } => Some(match anchors.report {
            Some(report) => shift(report, *unit, *by).unwrap_or_else(Value::unknown),
            None => Value::unknown(),
        }),
        Meaning::StoryShift { unit, by } => Some(match anchors.story {
            Some(story) => {
                let value = shift(story, *unit, *by).unwrap_or_else(Value::unknown);
                if *unit == Unit::Day || by.abs() <= 1 { value } else { blur(value, *unit) }
            }
            None => Value::unknown(),
        }),
        Meaning::Ago { unit, by } => Some(match anchors.report {
            Some(report) => ago(report, *unit, *by),
            None => Value::unknown(),
        }),
        Meaning::Portion { portion, of } => {
            let whole = evaluate(of, anchors, tense)?;
            let period = whole
                .period
                .as_ref()
                .and_then(|period| portion_of(period, *portion))
                .or(whole.period.clone());
            Some(Value { period, ..whole })
        }
        Meaning::PartOfDay { part, of } => {
            let day = match of {
                Some(of) => evaluate(of, anchors, tense)?,
                None => anchors.day.map_or_else(Value::unknown, Value::day),
            };
            Some(part_of_day(&day, *part))
        }
        Meaning::Overnight { of } => Some(overnight(of.as_deref(), anchors, tense)),
        Meaning::Clock { hour, minute, of } => {
            let day = match of {
                Some(of) => evaluate(of, anchors, tense)?,
                None => anchors.day.map_or_else(Value::unknown, Value::day),
            };
            let value = format!("{}T{hour:02}:{minute:02}", day.timex.value);
            let moment = day
                .story
                .filter(|_| day.period.is_some())
                .map(|on| on.to_datetime(time(*hour, *minute, 0, 0)));
            let period = moment.map(|moment| Period::between(moment, moment)).or(day.period);
            Some(Value { story: day.story, ..Value::new(TimexKind::Time, value, period) })
        }
        Meaning::Length { amount, unit, towards } => Some(length(*amount, *unit, *towards, anchors.report)),
        Meaning::Set(cycle) => Some(Value::new(TimexKind::Set, cycle_value(*cycle), None)),
        Meaning::Reference(reference) => {
            let (value, period) = match reference {
                Reference::Past => ("PAST_REF", anchors.report.map(Period::until)),
                Reference::Present => ("PRESENT_REF", None),
                Reference::Future => ("FUTURE_REF", anchors.report.map(Period::since)),
            };
            Some(Value::date(value, period))
        }
    }
}

fn years(first: i16, last: i16) -> Option<Period> {
    Some(Period::days(Date::new(first.max(1), 1, 1).ok()?, Date::new(last, 12, 31).ok()?))
}

/// The date in the year before, of or after the report that the tense asks for.
fn choose(report: Date, tense: Tense, on: impl Fn(i16) -> Option<Date>) -> Option<Date> {
    nearest(report, tense, (report.year() - 8..=report.year() + 8).filter_map(on))
}

/// The date that lies nearest to the report on the side that the tense asks for, or on the other side
/// if that is far: a date ten months back would be told with its year.
fn nearest(report: Date, tense: Tense, dates: impl Iterator<Item = Date>) -> Option<Date> {
    const DAYS_FAR: i32 = 300;
    dates.min_by_key(|date| {
        let away = (*date - report).get_days();
        let asked = match tense {
            Tense::Past => away <= 0,
            Tense::Future => away >= 0,
            // What was is told more often than what will be.
            Tense::Unknown => return (if away > 0 { away * 2 } else { -away }, away),
        };
        (if asked { away.abs() } else { away.abs() + DAYS_FAR - 1 }, away)
    })
}

/// Where day and month could be either, the one near the report; if that does not tell, both bounds.
fn either_day(year: i16, one: i8, other: i8, report: Option<Date>) -> Option<Value> {
    let (left, right) = (Date::new(year, one, other), Date::new(year, other, one));
    let (left, right) = match (left, right) {
        (Ok(left), Ok(right)) => (left, right),
        (Ok(day), Err(_)) | (Err(_), Ok(day)) => return Some(Value::day(day)),
        (Err(_), Err(_)) => return None,
    };
    let close = |day: Date| report.is_some_and(|report| (0..=10).contains(&(report - day).get_days()));
    Some(match (close(left), close(right)) {
        (true, false) => Value::day(left),
        (false, true) => Value::day(right),
        _ => Value::date(format!("{year:04}"), Some(Period::days(left, right))),
    })
}

fn month_value(year: Option<i16>, month: i8, which: Which, report: Option<Date>, tense: Tense) -> Value {
    let year = year.or_else(|| {
        let report = report?;
        let this = report.year();
        Some(match which {
            Which::Last => {
                if month < report.month() {
                    this
                } else {
                    this - 1
                }
            }
            Which::Next => {
                if month > report.month() {
                    this
                } else {
                    this + 1
                }
            }
            Which::This => this,
            Which::Any => match tense {
                Tense::Past => {
                    if month <= report.month() {
                        this
                    } else {
                        this - 1
                    }
                }
                Tense::Future => {
                    if month >= report.month() {
                        this
                    } else {
                        this + 1
                    }
                }
                Tense::Unknown => {
                    let ahead = month - report.month();
                    if ahead > 4 {
                        this - 1
                    } else if ahead < -8 {
                        this + 1
                    } else {
                        this
                    }
                }
            },
        })
    });
    let Some(year) = year else { return Value::date(format!("XXXX-{month:02}"), None) };
    Value {
        story: Date::new(year, month, 1).ok(),
        ..Value::date(format!("{year:04}-{month:02}"), Period::month(year, month))
    }
}

fn quarter_value(year: i16, quarter: i8) -> Value {
    let first = Date::new(year, 3 * (quarter.clamp(1, 4) - 1) + 1, 1).ok();
    let period = first
        .and_then(|first| Some(Period::days(first, first.checked_add(2.months()).ok()?.last_of_month())));
    Value::date(format!("{year:04}-Q{quarter}"), period)
}

fn season_value(
    year: Option<i16>,
    season: Season,
    which: Which,
    report: Option<Date>,
    tense: Tense,
) -> Value {
    let (code, first) = match season {
        Season::Spring => ("SP", 3),
        Season::Summer => ("SU", 6),
        Season::Autumn => ("FA", 9),
        Season::Winter => ("WI", 12),
    };
    let year = year.or_else(|| {
        let report = report?;
        let this = report.year();
        let last = first + 2;
        Some(match which {
            Which::Last => {
                if last < report.month() {
                    this
                } else {
                    this - 1
                }
            }
            Which::Next => {
                if first > report.month() {
                    this
                } else {
                    this + 1
                }
            }
            Which::This => this,
            Which::Any if tense == Tense::Future => {
                if last >= report.month() {
                    this
                } else {
                    this + 1
                }
            }
            Which::Any => {
                if first <= report.month() {
                    this
                } else {
                    this - 1
                }
            }
        })
    });
    let Some(year) = year else { return Value::date(format!("XXXX-{code}"), None) };
    // Seasons begin on different days in different places, and winter may be counted to either year.
    let period = || {
        let begin = Date::new(year, first, 1).ok()?;
        let end = begin.checked_add(2.months()).ok()?.last_of_month();
        if season == Season::Winter {
            return Some(Period::days(Date::new(year - 1, 12, 1).ok()?, end));
        }
        Some(Period::days(begin, end).about(21))
    };
    Value::date(format!("{year:04}-{code}"), period())
}

fn weekday_value(report: Date, day: Weekday, which: Which, tense: Tense) -> Option<Date> {
    let back = i32::from(report.weekday().since(day));
    let ahead = i32::from(report.weekday().until(day));
    let by = match (which, tense) {
        (Which::Last, _) => -if back == 0 { 7 } else { back },
        (Which::Next, _) => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
        (Which::This, Tense::Past) => -back,
        (Which::This, _) | (Which::Any, Tense::Future) => ahead,
        (Which::Any, _) => -back,
    };
    report.checked_add(by.days()).ok()
}

fn holiday_value(
    holiday: Holiday,
    year: Option<i16>,
    eve: bool,
    report: Option<Date>,
    tense: Tense,
) -> Value {
    let on = |year: i16| {
        let day = match holiday {
            Holiday::Fixed { month, day } => Date::new(year, month, day).ok()?,
            Holiday::Easter { after } => easter(year)?.checked_add(after.days()).ok()?,
            Holiday::Elsewhere => return None,
        };
        if eve { day.yesterday().ok() } else { Some(day) }
    };
    let day = match (year, report) {
        (Some(year), _) => on(year),
        (None, Some(report)) => choose(report, tense, on),
        (None, None) => None,
    };
    match (day, year) {
        (Some(day), _) => Value::day(day),
        // The year bounds a feast of another calendar.
        (None, Some(year)) => Value::date(format!("{year:04}-XX-XX"), Period::year(year)),
        (None, None) => Value::unknown(),
    }
}

/// Easter Sunday of the Western churches (Meeus, Jones and Butcher).
fn easter(year: i16) -> Option<Date> {
    let year_number = i32::from(year);
    let golden = year_number % 19;
    let (century, rest) = (year_number / 100, year_number % 100);
    let leap = century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15;
    let moon = leap % 30;
    let shifted = (golden + 11 * moon) / 319;
    let weekday = (2 * (century % 4) + 2 * (rest / 4) - rest % 4 - moon + shifted + 32) % 7;
    let month = (moon - shifted + weekday + 90) / 25;
    let day = (moon - shifted + weekday + month + 19) % 32;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// So many calendar units away from a day.
fn shift(from: Date, unit: Unit, by: i32) -> Option<Value> {
    let years_on =
        |by: i32| i16::try_from(i32::from(from.year()) + by).ok().filter(|year| (0..=9990).contains(year));
    match unit {
        Unit::Second | Unit::Minute | Unit::Hour => Some(Value::day(from)),
        Unit::Day | Unit::Night => Some(Value::day(from.checked_add(by.days()).ok()?)),
        Unit::Week => {
            let monday = monday_of(from)?.checked_add(by.weeks()).ok()?;
            Some(Value { story: Some(monday), ..Value::date(week_value(monday), Some(week(monday)?)) })
        }
        Unit::Weekend => {
            let saturday = monday_of(from)?.checked_add(by.weeks()).ok()?.checked_add(5.days()).ok()?;
            let period = Period::days(saturday, saturday.tomorrow().ok()?);
            Some(Value::date(format!("{}-WE", week_value(saturday)), Some(period)))
        }
        Unit::Month => {
            let month = from.first_of_month().checked_add(by.months()).ok()?;
            Some(Value {
                story: Some(month),
                ..Value::date(
                    format!("{:04}-{:02}", month.year(), month.month()),
                    Period::month(month.year(), month.month()),
                )
            })
        }
        Unit::Quarter => {
            let month = from.first_of_month().checked_add((3 * by).months()).ok()?;
            Some(quarter_value(month.year(), (month.month() - 1) / 3 + 1))
        }
        Unit::Year => {
            let year = years_on(by)?;
            Some(Value {
                story: Date::new(year, from.month(), 1).ok(),
                ..Value::date(format!("{year:04}"), Period::year(year))
            })
        }
        Unit::Decade => {
            let first = years_on(by.checked_mul(10)?)? / 10 * 10;
            Some(Value::date(format!("{:03}", first / 10), years(first, first + 9)))
        }
        Unit::Century => {
            let first = years_on(by.checked_mul(100)?)? / 100 * 100;
            Some(Value::date(format!("{:02}", first / 100), years(first, first + 100)))
        }
    }
}

/// "three weeks ago": the calendar unit that many back, with half a unit of slack on both sides.
fn ago(report: Date, unit: Unit, by: i32) -> Value {
    let value = shift(report, unit, by).unwrap_or_else(Value::unknown);
    if unit == Unit::Decade {
        // "two decades ago" names no calendar decade.
        let year = i16::try_from(i32::from(report.year()) + 10 * by).ok();
        let bounds = year.and_then(|year| years(year.checked_sub(5)?, year.checked_add(5)?));
        let value = year.map_or_else(|| "PAST_REF".to_owned(), |year| format!("{year:04}"));
        return Value::date(value, bounds);
    }
    if matches!(unit, Unit::Second | Unit::Minute | Unit::Hour) {
        let letter = match unit {
            Unit::Second => 'S',
            Unit::Minute => 'M',
            _ => 'H',
        };
        // An hour before a report of unknown hour may lie on the day before.
        let hours = if unit == Unit::Hour { by } else { -1 };
        let first = report.checked_add((hours / 24 - 1).days()).unwrap_or(report);
        return Value::new(
            TimexKind::Duration,
            format!("PT{}{letter}", by.unsigned_abs()),
            Some(Period::days(first, report)),
        );
    }
    if unit == Unit::Day { value } else { blur(value, unit) }
}

/// Widens a counted distance, which is rarely exact.
fn blur(value: Value, unit: Unit) -> Value {
    let slack = match unit {
        Unit::Week | Unit::Weekend => 3,
        Unit::Month => 15,
        Unit::Quarter => 45,
        Unit::Year => 182,
        _ => return value,
    };
    let period = value.period.map(|period| period.about(slack));
    Value { period, ..value }
}

fn monday_of(day: Date) -> Option<Date> {
    day.checked_sub(i32::from(day.weekday().to_monday_zero_offset()).days()).ok()
}

fn week(monday: Date) -> Option<Period> {
    Some(Period::days(monday, monday.checked_add(6.days()).ok()?))
}

fn week_value(day: Date) -> String {
    let week: ISOWeekDate = day.iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// The part of a stretch that "early", "mid" or "late" may mean; generous, and never beyond it.
fn portion_of(period: &Period, portion: Portion) -> Option<Period> {
    let (first, last) = (period.earliest()?.date(), period.latest()?.date());
    let days = (last - first).get_days();
    if days < 3 {
        return None;
    }
    let on = |share: i32| first.checked_add((days * share / 100).days()).ok();
    Some(match portion {
        Portion::Early => Period::days(first, on(45)?),
        Portion::Mid => Period::days(on(28)?, on(72)?),
        Portion::Late => Period::days(on(55)?, last),
    })
}

fn moment(day: Date, hour: i8) -> DateTime {
    day.to_datetime(time(hour, 0, 0, 0))
}

fn part_of_day(day: &Value, part: Part) -> Value {
    let suffix = match part {
        Part::Morning => "TMO",
        Part::Noon => "T12:00",
        Part::Afternoon => "TAF",
        Part::Evening => "TEV",
        Part::Night => "TNI",
        Part::Dawn => "TMO",
        Part::Dusk => "TEV",
        Part::Midnight => "T24:00",
    };
    let on = day.story.filter(|_| day.period.is_some());
    let period = on.and_then(|on| {
        let next = on.tomorrow().ok()?;
        Some(match part {
            Part::Morning => Period::between(moment(on, 0), moment(on, 12)),
            Part::Noon => Period::between(moment(on, 11), moment(on, 13)),
            Part::Afternoon => Period::between(moment(on, 12), moment(on, 19)),
            Part::Evening => Period::between(moment(on, 16), moment(next, 0)),
            // People count the small hours to either day.
            Part::Night => Period::between(moment(on, 17), moment(next, 6)),
            Part::Dawn => Period::between(moment(on, 2), moment(on, 9)),
            Part::Dusk => Period::between(moment(on, 15), moment(on, 22)),
            Part::Midnight => Period::between(moment(on, 0), moment(next, 1)),
        })
    });
    Value {
        story: day.story,
        ..Value::new(TimexKind::Time, format!("{}{suffix}", day.timex.value), period.or(day.period.clone()))
    }
}

fn overnight(of: Option<&Meaning>, anchors: Anchors, tense: Tense) -> Value {
    let named = of.and_then(|of| evaluate(of, anchors, tense)).and_then(|value| value.story);
    let Some(day) = named.or(anchors.day) else { return Value::new(TimexKind::Time, "XXXX-XX-XXTNI", None) };
    let bounds = || {
        let (before, after) = (day.yesterday().ok()?, day.tomorrow().ok()?);
        // "overnight" in a report is the night before it; "overnight on Friday" may be either night.
        let end = if named.is_some() { moment(after, 9) } else { moment(day, 9) };
        Some(Period::between(moment(before, 17), end))
    };
    let value = format!("{day}TNI");
    Value { story: Some(day), ..Value::new(TimexKind::Time, value, bounds()) }
}

fn unit_value(number: &str, unit: Unit) -> String {
    match unit {
        Unit::Second => format!("PT{number}S"),
        Unit::Minute => format!("PT{number}M"),
        Unit::Hour => format!("PT{number}H"),
        Unit::Day => format!("P{number}D"),
        Unit::Night => format!("P{number}NI"),
        Unit::Weekend => format!("P{number}WE"),
        Unit::Week => format!("P{number}W"),
        Unit::Month => format!("P{number}M"),
        Unit::Quarter => format!("P{number}Q"),
        Unit::Year => format!("P{number}Y"),
        Unit::Decade => format!("P{number}E"),
        Unit::Century => format!("P{number}C"),
    }
}

fn length(amount: Option<u32>, unit: Unit, towards: Towards, report: Option<Date>) -> Value {
    let value = match (amount, unit) {
        (Some(amount), Unit::Decade) if amount < 100 => unit_value(&(10 * amount).to_string(), Unit::Year),
        (Some(amount), Unit::Century) if amount < 100 => unit_value(&(100 * amount).to_string(), Unit::Year),
        (Some(amount), unit) => unit_value(&amount.to_string(), unit),
        // "decades" are counted in years.
        (None, Unit::Decade | Unit::Century) => unit_value("X", Unit::Year),
        (None, unit) => unit_value("X", unit),
    };
    let period = report.and_then(|report| bounds_of_length(amount, unit, towards, report));
    Value::new(TimexKind::Duration, value, period)
}

/// "the past two weeks" reach from two weeks before the report to the report.
fn bounds_of_length(amount: Option<u32>, unit: Unit, towards: Towards, report: Date) -> Option<Period> {
    let sign = match towards {
        Towards::Nowhere => return None,
        Towards::Past => -1,
        Towards::Future => 1,
    };
    let far = || {
        let by = i32::try_from(amount?).ok().filter(|by| *by < 10_000)? * sign;
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour => {
                let days = if unit == Unit::Hour { by / 24 } else { 0 };
                report.checked_add((days + sign).days()).ok()
            }
            Unit::Day | Unit::Night => report.checked_add(by.days()).ok(),
            Unit::Week | Unit::Weekend => report.checked_add(by.weeks()).ok(),
            Unit::Month => report.checked_add(by.months()).ok(),
            Unit::Quarter => report.checked_add((3 * by).months()).ok(),
            Unit::Year => report.checked_add(by.years()).ok(),
            Unit::Decade => report.checked_add((10 * by).years()).ok(),
            Unit::Century => report.checked_add((100 * by).years()).ok(),
        }
    };
    Some(match (far(), towards) {
        (Some(far), _) => Period::days(far, report),
        (None, Towards::Future) => Period::since(report),
        (None, _) => Period::until(report),
    })
}

fn cycle_value(cycle: Cycle) -> String {
    match cycle {
        Cycle::Every { unit, number } => unit_value(&number.to_string(), unit),
        Cycle::On(day) => format!("XXXX-WXX-{}", day.to_monday_one_offset()),
    }
}
