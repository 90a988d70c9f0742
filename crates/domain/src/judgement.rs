//! Judgement: what did somebody decide, and why?

use crate::id::{ActorId, ClaimId, EventId, JudgementId, SourceId};
use crate::report::Reliability;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A recorded decision. Judgements are appended, never edited: a later one takes the place of an
/// earlier one on the same question, and a withdrawal takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Its id, derived from verdict, author and time.
    pub id: JudgementId,
    /// What was decided.
    pub verdict: Verdict,
    /// Who decided.
    pub by: Author,
    /// Why; never empty.
    pub because: String,
    /// When.
    pub at: Timestamp,
}

impl Judgement {
    /// Makes a judgement, or nothing if no reason is given.
    pub fn new(verdict: Verdict, by: Author, because: &str, at: Timestamp) -> Option<Self> {
        let because = because.trim();
        if because.is_empty() {
            return None;
        }
        let content = serde_json::to_vec(&(&verdict, &by, because)).ok()?;
        let id = JudgementId::of(&[&content, at.to_string().as_bytes()]);
        Some(Self { id, verdict, by, because: because.to_owned(), at })
    }
}

/// What can be decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Two events are one.
    SameEvent(EventId, EventId),
    /// Two events are two.
    DistinctEvents(EventId, EventId),
    /// Two actors are one; it goes by the first.
    SameActor(ActorId, ActorId),
    /// Two actors are two.
    DistinctActors(ActorId, ActorId),
    /// The claim is read rightly and counts.
    ClaimStands(ClaimId),
    /// The claim is read wrongly, or does not count.
    ClaimFails(ClaimId),
    /// How reliable a source is.
    SourceRated(SourceId, Reliability),
    /// One source belongs to another: the two are one family.
    SourceBelongs(SourceId, SourceId),
    /// An earlier judgement is taken back.
    Withdrawn(JudgementId),
}

/// Who decides. Analysts outrank rules.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// A rule of the program, by name.
    Rule(String),
    /// A person, by user name.
    Analyst(String),
}
