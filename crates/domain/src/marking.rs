//! Markings: who may see it? (Traffic Light Protocol 2.0)

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// TLP 2.0 labels, from freest to strictest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Level {
    /// No limit.
    #[serde(rename = "clear")]
    Clear,
    /// The community, not public channels.
    #[serde(rename = "green")]
    Green,
    /// The recipient's organisation and its clients.
    #[default]
    #[serde(rename = "amber")]
    Amber,
    /// The recipient's organisation only.
    #[serde(rename = "amber+strict")]
    AmberStrict,
    /// Named recipients only.
    #[serde(rename = "red")]
    Red,
}

/// The text is not a TLP 2.0 label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {0:?} as a TLP 2.0 label: use clear, green, amber, amber+strict or red")]
pub struct NotALevel(String);

impl Level {
    /// All labels, from freest to strictest.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    fn word(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::AmberStrict => "amber+strict",
            Self::Red => "red",
        }
    }
}

impl FromStr for Level {
    type Err = NotALevel;

    fn from_str(text: &str) -> Result<Self, NotALevel> {
        let word = text.trim().to_ascii_lowercase();
        let word = word.strip_prefix("tlp:").unwrap_or(&word);
        // TLP 1 called the freest label white.
        let word = if word == "white" { "clear" } else { word };
        Self::ALL.into_iter().find(|level| level.word() == word).ok_or_else(|| NotALevel(text.to_owned()))
    }
}

/// Writes the label as it stands on documents: `TLP:AMBER+STRICT`.
impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLP:{}", self.word().to_ascii_uppercase())
    }
}

/// How far something may travel: a label, and the groups it is limited to (none means no such limit).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Marking {
    /// The TLP label.
    pub level: Level,
    /// If present, only these groups may see it; an empty set is nobody but administrators.
    pub only: Option<BTreeSet<String>>,
}

impl Marking {
    /// A label without a limit to groups.
    pub fn at(level: Level) -> Self {
        Self { level, only: None }
    }

    /// Returns the marking of something derived from both: at least as strict as either.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        let only = match (&self.only, &other.only) {
            (None, None) => None,
            (Some(groups), None) | (None, Some(groups)) => Some(groups.clone()),
            (Some(left), Some(right)) => Some(left.intersection(right).cloned().collect()),
        };
        Self { level: self.level.max(other.level), only }
    }
}

impl fmt::Display for Marking {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.level)?;
        if let Some(groups) = &self.only {
            write!(f, " only {}", groups.iter().map(String::as_str).collect::<Vec<_>>().join(", "))?;
        }
        Ok(())
    }
}

/// What somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clearance {
    /// The strictest label admitted.
    pub level: Level,
    /// The groups the reader belongs to; nothing means all groups.
    pub groups: Option<BTreeSet<String>>,
}

impl Clearance {
    /// Admits everything: the local user of a store that nobody else reads.
    pub fn full() -> Self {
        Self { level: Level::Red, groups: None }
    }

    /// Admits what is marked no stricter than `level`, whatever the group.
    pub fn up_to(level: Level) -> Self {
        Self { level, groups: None }
    }

    /// Tells whether something with this marking may be shown.
    pub fn admits(&self, marking: &Marking) -> bool {
        let group_admits = match (&marking.only, &self.groups) {
            (None, _) | (_, None) => true,
            (Some(only), Some(mine)) => !only.is_disjoint(mine),
        };
        marking.level <= self.level && group_admits
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marking() -> impl Strategy<Value = Marking> {
        let groups = proptest::option::of(proptest::collection::btree_set("[ab]", 0..3));
        (0usize..5, groups).prop_map(|(level, only)| Marking { level: Level::ALL[level], only })
    }

    fn clearance() -> impl Strategy<Value = Clearance> {
        let groups = proptest::option::of(proptest::collection::btree_set("[ab]", 0..3));
        (0usize..5, groups).prop_map(|(level, groups)| Clearance { level: Level::ALL[level], groups })
    }

    proptest! {
        #[test]
        fn joining_is_commutative_and_idempotent(a in marking(), b in marking()) {
            prop_assert_eq!(a.join(&b), b.join(&a));
            prop_assert_eq!(a.join(&a), a);
        }

        #[test]
        fn a_joined_marking_admits_nobody_whom_a_part_refuses(a in marking(), b in marking(), who in clearance()) {
            if who.admits(&a.join(&b)) {
                prop_assert!(who.admits(&a) && who.admits(&b));
            }
        }
    }

    #[test]
    fn labels_are_read_in_every_usual_form() {
        assert_eq!("TLP:AMBER+STRICT".parse(), Ok(Level::AmberStrict));
        assert_eq!("white".parse(), Ok(Level::Clear));
        assert!("unclear".parse::<Level>().is_err());
        assert_eq!(Level::AmberStrict.to_string(), "TLP:AMBER+STRICT");
    }
}
