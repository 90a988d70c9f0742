//! Picture: what is believed, how sure is it, and who says so?

use crate::count::{Count, Harm};
use crate::id::{ClaimId, EventId, RelationId, ReportId};
use crate::kind::{EventKind, EventStatus};
use crate::marking::Marking;
use crate::reading::RelationKind;
use crate::resolution::{ActorRef, Incident, PlaceRef, RelationClaim};
use crate::time::Period;
use serde::{Deserialize, Serialize};

/// An event as far as it is known: all tellings of it and what they amount to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Its id: that of the earliest of its tellings.
    pub id: EventId,
    /// What sort of event, by most tellings.
    pub kind: EventKind,
    /// Whether it took place, on the best word there is.
    pub status: EventStatus,
    /// When; the narrowest stretch that the tellings allow, nothing where none of them says.
    pub when: Option<Period>,
    /// When it may have been at the widest, bounded by publication.
    pub window: Option<Period>,
    /// Where, as precisely as any telling that others do not contradict.
    pub place: Option<PlaceRef>,
    /// Who did it, by any telling, most origins first.
    pub actors: Vec<ActorRef>,
    /// Who or what it was directed at.
    pub targets: Vec<ActorRef>,
    /// Whether any report exists to tell of it.
    pub main: bool,
    /// Whether it is a wave, a campaign or a total.
    pub aggregate: bool,
    /// One line that names it.
    pub title: String,
    /// How sure, and why.
    pub assessment: Assessment,
    /// As strict as the strictest of its tellings.
    pub marking: Marking,
}

/// An event with all its tellings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dossier {
    /// The event.
    pub event: Event,
    /// Its tellings, in order of publication.
    pub incidents: Vec<Incident>,
}

/// How sure, and why. Computed, never decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// How many reports tell of it.
    pub reports: u32,
    /// How many publishers stand behind those reports.
    pub publishers: u32,
    /// The independent origins behind it.
    pub origins: Vec<Origin>,
    /// Whether some origin is unknown, so that the number of origins is "at most".
    pub at_most: bool,
    /// Admiralty credibility, 1 to 6.
    pub credibility: Credibility,
    /// Field by field: the values told, and which is best.
    pub fields: Vec<FieldPicture>,
    /// What does not go together.
    pub conflicts: Vec<Conflict>,
    /// What led to it, in words.
    pub reasons: Vec<Reason>,
}

impl Assessment {
    /// "2 reports, 1 origin", "9 reports, at most 3 independent origins".
    pub fn support(&self) -> String {
        let plural =
            |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
        let at_most = if self.at_most { "at most " } else { "" };
        format!(
            "{}, {at_most}{}",
            plural(self.reports as usize, "report", "reports"),
            plural(self.origins.len(), "origin", "independent origins")
        )
    }

    /// The picture of one field.
    pub fn field(&self, field: Field) -> Option<&FieldPicture> {
        self.fields.iter().find(|picture| picture.field == field)
    }
}

/// Where what is told comes from, as far back as can be seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// In words: "police, through Meridian Wire".
    pub label: String,
    /// Whether it could be told apart from the others for certain.
    pub certain: bool,
    /// The claims that rest on it.
    pub claims: Vec<ClaimId>,
    /// The reports that pass it on.
    pub reports: Vec<ReportId>,
}

/// Admiralty credibility of information. 6 is not worse than 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Credibility {
    /// Confirmed by independent origins.
    Confirmed = 1,
    /// Probably true.
    ProbablyTrue = 2,
    /// Possibly true.
    PossiblyTrue = 3,
    /// Doubtful.
    Doubtful = 4,
    /// Improbable.
    Improbable = 5,
    /// Truth cannot be judged.
    CannotBeJudged = 6,
}

/// What can be told about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Whether it took place.
    Occurrence,
    /// When.
    When,
    /// Where.
    Where,
    /// Who did it.
    Responsible,
    /// Who or what it was directed at.
    Target,
    /// With what.
    Weapon,
    /// How many were killed.
    Killed,
    /// How many were injured.
    Injured,
    /// How many were taken or held.
    Taken,
}

impl Field {
    /// The field that a harm counts in.
    pub fn of_harm(harm: Harm) -> Option<Self> {
        match harm {
            Harm::Killed => Some(Self::Killed),
            Harm::Injured => Some(Self::Injured),
            Harm::Abducted | Harm::Detained => Some(Self::Taken),
            Harm::KilledOrInjured | Harm::Missing | Harm::Displaced => None,
        }
    }

    /// The field as it is shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Occurrence => "occurrence",
            Self::When => "when",
            Self::Where => "where",
            Self::Responsible => "responsible",
            Self::Target => "target",
            Self::Weapon => "weapon",
            Self::Killed => "killed",
            Self::Injured => "injured",
            Self::Taken => "taken",
        }
    }
}

/// A value of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Whether it took place.
    Status(EventStatus),
    /// When.
    When(Period),
    /// Where.
    Place(PlaceRef),
    /// Who.
    Actor(ActorRef),
    /// With what.
    Weapon(String),
    /// How many.
    Count(Count),
}

/// One field with all values told, the best one first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldPicture {
    /// The field.
    pub field: Field,
    /// The values, best first.
    pub values: Vec<ValuePicture>,
    /// Lowest and highest number told, for counts.
    pub range: Option<(u32, Option<u32>)>,
    /// The rule that chose the best.
    pub rule: String,
}

/// One value and who stands behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValuePicture {
    /// The value.
    pub value: Value,
    /// In words.
    pub words: String,
    /// The claims that give it.
    pub claims: Vec<ClaimId>,
    /// How many reports give it.
    pub reports: u32,
    /// How many independent origins stand behind it.
    pub origins: u32,
    /// How it compares with the best value.
    pub against_best: Comparison,
}

/// How two values of one field go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// The same.
    Same,
    /// One is finer than the other.
    Compatible,
    /// A later word in the same line of reporting.
    Update,
    /// About something else: dead against dead and wounded, a town against its district.
    DifferentScope,
    /// Both cannot be true.
    Contradiction,
    /// Cannot be compared.
    Incomparable,
}

impl Comparison {
    /// The comparison as it is shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Compatible => "compatible",
            Self::Update => "update",
            Self::DifferentScope => "different scope",
            Self::Contradiction => "contradiction",
            Self::Incomparable => "incomparable",
        }
    }
}

/// Two sets of claims that do not go together, or that answer one another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The field.
    pub field: Field,
    /// How the two compare.
    pub comparison: Comparison,
    /// In words.
    pub text: String,
    /// The claims on one side.
    pub left: Vec<ClaimId>,
    /// The claims on the other.
    pub right: Vec<ClaimId>,
}

/// Why something is believed, in words, with the rule and the claims.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The rule.
    pub rule: String,
    /// In words.
    pub text: String,
}

/// How two actors stand to one another, by everybody who says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Relation {
    /// Its id, the same whichever actor is named first.
    pub id: RelationId,
    /// One actor.
    pub left: ActorRef,
    /// The other.
    pub right: ActorRef,
    /// Each way they are said to stand, most origins first.
    pub readings: Vec<RelationReading>,
    /// Whether these cannot all be true at once.
    pub disputed: bool,
    /// In words: what speaks for and against.
    pub summary: String,
    /// As strict as the strictest claim.
    pub marking: Marking,
}

/// One way two actors are said to stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationReading {
    /// How.
    pub kind: RelationKind,
    /// Whether it is said not to be so.
    pub negated: bool,
    /// Who says so.
    pub claims: Vec<RelationClaim>,
    /// How many independent origins stand behind it.
    pub origins: u32,
}
