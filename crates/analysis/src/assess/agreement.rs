//! Agreement: do two values of one field go together, and which is best?

use crate::policy::BestRule;
use headwater_domain::count::{CountForm, Counted, PerpetratorsCounted};
use headwater_domain::kind::EventStatus;
use headwater_domain::picture::{Comparison, Value};
use headwater_domain::resolution::{PlaceRef, Toll};
use headwater_domain::time::Period;
use jiff::civil::Date;

/// A value as some of the tellings give it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// The value.
    pub value: Value,
    /// The toll behind it, for counts: its scope matters.
    pub toll: Option<Toll>,
    /// Indices of the tellings that give it.
    pub tellings: Vec<usize>,
    /// Indices of the origins behind it.
    pub origins: Vec<usize>,
    /// When it was first and last published.
    pub published: Option<(Date, Date)>,
}

/// Compares two values of one field.
pub fn compare(left: &Told, right: &Told) -> Comparison {
    match (&left.value, &right.value) {
        (Value::Status(left), Value::Status(right)) => statuses(*left, *right),
        (Value::When(left), Value::When(right)) => periods(left, right),
        (Value::Place(left), Value::Place(right)) => places(left, right),
        (Value::Actor(one), Value::Actor(other)) => {
            if one.id == other.id {
                Comparison::Same
            } else if one.named && other.named {
                Comparison::Contradiction
            } else {
                // "Gunmen" and the group that sent them are one answer, more or less exact.
                Comparison::Compatible
            }
        }
        (Value::Weapon(left), Value::Weapon(right)) => {
            if left == right || left.contains(right.as_str()) || right.contains(left.as_str()) {
                Comparison::Compatible
            } else {
                Comparison::Incomparable
            }
        }
        (Value::Count(_), Value::Count(_)) => counts(left, right),
        _ => Comparison::Incomparable,
    }
}

fn statuses(left: EventStatus, right: EventStatus) -> Comparison {
    use EventStatus::{Alleged, Background, Denied, Happened};
    match (left, right) {
        (left, right) if left == right => Comparison::Same,
        (Denied, Happened | Alleged | Background) | (Happened | Alleged | Background, Denied) => {
            Comparison::Contradiction
        }
        (Happened | Alleged | Background, Happened | Alleged | Background) => Comparison::Compatible,
        _ => Comparison::Incomparable,
    }
}

fn periods(left: &Period, right: &Period) -> Comparison {
    if left == right {
        Comparison::Same
    } else if left.overlaps(right) {
        Comparison::Compatible
    } else {
        Comparison::Contradiction
    }
}

fn places(left: &PlaceRef, right: &PlaceRef) -> Comparison {
    let (Some(left_key), Some(right_key)) = (&left.key, &right.key) else {
        return if left.name.eq_ignore_ascii_case(&right.name) {
            Comparison::Same
        } else {
            Comparison::Incomparable
        };
    };
    if left_key == right_key {
        Comparison::Same
    } else if left.within.contains(right_key) || right.within.contains(left_key) {
        Comparison::Compatible
    } else if left.precision == right.precision {
        Comparison::Contradiction
    } else {
        Comparison::Incomparable
    }
}

/// Intervals first, then scope, then time.
fn counts(left: &Told, right: &Told) -> Comparison {
    let (Some(one), Some(other)) = (&left.toll, &right.toll) else { return Comparison::Incomparable };
    if differ_in_scope(one, other) {
        return Comparison::DifferentScope;
    }
    if one.count == other.count {
        return Comparison::Same;
    }
    if one.count.agrees(&other.count) {
        return Comparison::Compatible;
    }
    // A number moves as bodies are found and lists are checked. The same voice on a later day
    // updates its word; so does anybody who counts higher on a later day than the other ever said.
    let same_voice = left.origins.iter().any(|origin| right.origins.contains(origin));
    let later_and_higher = |earlier: &Told, earlier_toll: &Toll, later: &Told, later_toll: &Toll| {
        is_later(earlier, later) && (same_voice || later_toll.count.low > earlier_toll.count.low)
    };
    if later_and_higher(left, one, right, other) || later_and_higher(right, other, left, one) {
        Comparison::Update
    } else {
        Comparison::Contradiction
    }
}

fn differ_in_scope(left: &Toll, right: &Toll) -> bool {
    let partial = |toll: &Toll| toll.counted != Counted::Unspecified;
    let perpetrators = |toll: &Toll| match toll.perpetrators {
        PerpetratorsCounted::Included => 1,
        PerpetratorsCounted::Excluded => 2,
        PerpetratorsCounted::Unclear => 0,
    };
    let (one, other) = (perpetrators(left), perpetrators(right));
    left.harm != right.harm
        || (left.counted != right.counted
            && (partial(left) || partial(right))
            && !left.count.agrees(&right.count))
        || (one != other && (one == 1 || other == 1) && !left.count.agrees(&right.count))
}

/// Puts the best value first. Under `weighed`, values that go together lend each other their
/// origins, and what a later word replaced never comes first.
pub fn rank(values: &mut [Told], rule: BestRule) {
    let mut keyed: Vec<([i64; 5], Told)> =
        values.iter().map(|told| (rank_key(told, values, rule), told.clone())).collect();
    keyed.sort_by_key(|(key, _)| *key);
    for (place, (_, told)) in values.iter_mut().zip(keyed) {
        *place = told;
    }
}

/// Smaller is better.
fn rank_key(told: &Told, values: &[Told], rule: BestRule) -> [i64; 5] {
    let latest = told.published.map_or(i64::MAX, |(_, last)| -i64::from(day_number(last)));
    let exact = -exactness(told);
    let partial = i64::from(partial(told));
    let own = -(told.tellings.len() as i64);
    match rule {
        BestRule::Conservative => {
            let low = match &told.value {
                Value::Count(count) => i64::from(count.low),
                _ => -exact,
            };
            [partial, low, -(told.origins.len() as i64), latest, own]
        }
        BestRule::Recency => [partial, latest, exact, -(told.origins.len() as i64), own],
        BestRule::Weighed => {
            let replaced = values
                .iter()
                .any(|other| is_later(told, other) && compare(told, other) == Comparison::Update);
            let mut behind: Vec<usize> = values
                .iter()
                .filter(|other| matches!(compare(told, other), Comparison::Same | Comparison::Compatible))
                .filter(|other| bears_out(other, told))
                .flat_map(|other| other.origins.iter().copied())
                .collect();
            behind.sort_unstable();
            behind.dedup();
            let support = i64::from(replaced) * 1_000_000 - behind.len() as i64;
            match told.value {
                Value::Count(_) => [partial, support, latest, exact, own],
                _ => [partial, support, exact, latest, own],
            }
        }
    }
}

/// Tells whether a value speaks for another that it goes together with. "At least four" goes together
/// with 207 and does not bear it out: numbers do only while neither is more than twice the other. Nor
/// does 84 bear out "at least 59", which says less.
fn bears_out(other: &Told, told: &Told) -> bool {
    match (&other.value, &told.value) {
        (Value::Count(other), Value::Count(told)) => {
            let near = other.low.min(told.low).saturating_mul(2) >= other.low.max(told.low);
            near && (told.high.is_some() || other.low <= told.low)
        }
        _ => true,
    }
}

fn is_later(earlier: &Told, later: &Told) -> bool {
    match (earlier.published, later.published) {
        (Some((_, last)), Some((first, _))) => first > last,
        _ => false,
    }
}

fn day_number(day: Date) -> i32 {
    (day - jiff::civil::date(1970, 1, 1)).get_days()
}

/// A toll of some of the dead ("two policemen"), or one that names no number ("dozens", "killed civilians"),
/// never stands for all of them while another does.
fn partial(told: &Told) -> bool {
    told.toll.as_ref().is_some_and(|toll| {
        toll.counted == Counted::Perpetrators
            || matches!(toll.count.form, CountForm::Implied | CountForm::Vague)
    })
}

/// How exactly a value is told: a town before a country, a day before a year, a name before "gunmen".
fn exactness(told: &Told) -> i64 {
    match &told.value {
        Value::When(period) => -i64::from(period.days_long().unwrap_or(i32::MAX)),
        Value::Place(place) => -(place.precision as i64),
        Value::Actor(actor) => i64::from(actor.named),
        Value::Count(count) => i64::from(count.low),
        Value::Status(status) => -(*status as i64),
        Value::Weapon(weapon) => weapon.len() as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_domain::count::{Count, Harm};
    use headwater_domain::text::Span;
    use jiff::civil::date;

    fn dead(count: Count, day: i8, origin: usize) -> Told {
        let span = Span::within("x", 0..1).unwrap();
        let toll = Toll {
            harm: Harm::Killed,
            count,
            counted: Counted::Unspecified,
            perpetrators: PerpetratorsCounted::Unclear,
            span,
        };
        let published = date(2023, 1, day);
        Told {
            value: Value::Count(count),
            toll: Some(toll),
            tellings: vec![origin],
            origins: vec![origin],
            published: Some((published, published)),
        }
    }

    #[test]
    fn a_rising_toll_is_updated_and_rival_tolls_of_one_day_contradict() {
        let (first, later) = (dead(Count::exactly(34), 3, 0), dead(Count::exactly(59), 4, 1));
        assert_eq!(compare(&first, &later), Comparison::Update);
        let rival = dead(Count::exactly(12), 3, 1);
        assert_eq!(compare(&first, &rival), Comparison::Contradiction);
        assert_eq!(compare(&first, &dead(Count::at_least(30), 3, 1)), Comparison::Compatible);
    }

    #[test]
    fn the_same_voice_may_lower_its_word_and_others_only_contradict() {
        let first = dead(Count::exactly(101), 1, 0);
        assert_eq!(compare(&first, &dead(Count::exactly(84), 3, 0)), Comparison::Update);
        assert_eq!(compare(&first, &dead(Count::exactly(84), 3, 1)), Comparison::Contradiction);
    }

    #[test]
    fn an_open_bound_bears_out_the_number_above_it_and_not_the_other_way_round() {
        let mut values = vec![
            dead(Count::at_least(59), 1, 0),
            dead(Count::exactly(100), 2, 1),
            dead(Count::exactly(84), 4, 2),
        ];
        rank(&mut values, BestRule::Weighed);
        assert_eq!(values[0].value, Value::Count(Count::exactly(84)));
        let vague = Count { low: 4, high: None, form: CountForm::Vague };
        let mut values = vec![dead(vague, 2, 0), dead(Count::exactly(207), 1, 1)];
        rank(&mut values, BestRule::Weighed);
        assert_eq!(values[0].value, Value::Count(Count::exactly(207)));
    }

    #[test]
    fn each_rule_puts_its_own_value_first() {
        let told =
            [dead(Count::exactly(34), 3, 0), dead(Count::exactly(59), 4, 0), dead(Count::exactly(70), 4, 1)];
        let best = |rule| {
            let mut values = told.to_vec();
            rank(&mut values, rule);
            values[0].value.clone()
        };
        assert_eq!(best(BestRule::Conservative), Value::Count(Count::exactly(34)));
        assert_eq!(best(BestRule::Weighed), Value::Count(Count::exactly(70)));
    }
}
