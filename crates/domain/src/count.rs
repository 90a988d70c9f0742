//! Counts: how many, as the report puts it?

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number of people as an interval; the words that gave it are the mention's passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Count {
    /// Lowest number the words allow.
    pub low: u32,
    /// Highest number the words allow; nothing if they set no limit ("at least 133").
    pub high: Option<u32>,
    /// How the words put it.
    pub form: CountForm,
}

/// How a report words a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CountForm {
    /// "12 people".
    Exact,
    /// "around 12": the number itself, known to be rough.
    About,
    /// "at least 12", "more than 11".
    AtLeast,
    /// "up to 12", "fewer than 13".
    AtMost,
    /// "between 12 and 15", "12 or 13".
    Range,
    /// "dozens", "several".
    Vague,
    /// No number is named, but the words say it happened to somebody: "killed the commander".
    Implied,
}

impl Count {
    /// Exactly so many.
    pub fn exactly(number: u32) -> Self {
        Self { low: number, high: Some(number), form: CountForm::Exact }
    }

    /// At least so many.
    pub fn at_least(number: u32) -> Self {
        Self { low: number, high: None, form: CountForm::AtLeast }
    }

    /// From `low` to `high`, in either order.
    pub fn between(low: u32, high: u32) -> Self {
        Self { low: low.min(high), high: Some(low.max(high)), form: CountForm::Range }
    }

    /// Tells whether some number satisfies both.
    pub fn agrees(&self, other: &Self) -> bool {
        self.high.is_none_or(|high| other.low <= high) && other.high.is_none_or(|high| self.low <= high)
    }
}

/// "133", "at least 133", "12 to 15".
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (low, Some(high)) if low == high && self.form == CountForm::About => write!(f, "about {low}"),
            (low, Some(high)) if low == high => write!(f, "{low}"),
            (0, Some(high)) => write!(f, "up to {high}"),
            (low, Some(high)) => write!(f, "{low} to {high}"),
            (low, None) => write!(f, "at least {low}"),
        }
    }
}

/// What happened to the people counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Harm {
    /// Dead.
    Killed,
    /// Hurt and alive.
    Injured,
    /// Dead or hurt, not told apart: "40 casualties".
    KilledOrInjured,
    /// Whereabouts unknown.
    Missing,
    /// Taken by somebody without authority.
    Abducted,
    /// Held by an authority.
    Detained,
    /// Driven from home.
    Displaced,
}

/// Who a count is about, where the words say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// Civilians, or people named by a civilian role.
    Civilians,
    /// Soldiers, police, fighters on the side attacked.
    Combatants,
    /// Those who carried out the act.
    Perpetrators,
    /// The words do not say.
    Unspecified,
}

/// Whether those who carried out the act are among those counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PerpetratorsCounted {
    /// "15 dead, including two attackers".
    Included,
    /// "not counting the bomber".
    Excluded,
    /// The words do not say.
    Unclear,
}
