//! Resolution: what is one report's reading about, in terms of the world?

use crate::count::{Count, Counted, Harm, PerpetratorsCounted};
use crate::id::{ActorId, ClaimId, EventId, ReportId, SourceId};
use crate::kind::{EventKind, EventStatus};
use crate::marking::Marking;
use crate::reading::{RelationKind, Score, SourceKind, SpeechActKind, Stance, ThingKind};
use crate::text::{Evidence, Span};
use crate::time::Period;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Everything that one version of one report contributes to the picture. A pure function of report
/// and reading, so it can be derived again at any time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    /// Who is mentioned.
    pub actors: Vec<ActorMention>,
    /// What it has happen.
    pub incidents: Vec<Incident>,
    /// How it has actors stand to one another.
    pub relations: Vec<RelationClaim>,
    /// What it has people say.
    pub sayings: Vec<Saying>,
    /// What its wording is like, to find its copies by.
    pub fingerprint: Fingerprint,
}

/// An actor as a report gives it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActorRef {
    /// Its id: of the knowledge base's entry where the name is known, else of its name.
    pub id: ActorId,
    /// The name to show: the knowledge base's, else the report's.
    pub name: String,
    /// Whether the report gives a name rather than a description ("gunmen").
    pub named: bool,
    /// What sort of actor.
    pub kind: ThingKind,
    /// The knowledge base's key, where known.
    pub known: Option<String>,
}

/// That a report mentions an actor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorMention {
    /// The actor.
    pub actor: ActorRef,
    /// The names it goes by in the report.
    pub names: Vec<String>,
    /// Where.
    pub spans: Vec<Span>,
    /// Why these names are taken for this actor.
    pub because: String,
}

/// A place as it was resolved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceRef {
    /// The gazetteer's key; nothing where it knows no such place.
    pub key: Option<String>,
    /// The name to show.
    pub name: String,
    /// The report's words.
    pub words: String,
    /// Country, ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First-level division by name.
    pub division: Option<String>,
    /// Keys of what contains it, smallest first.
    pub within: Vec<String>,
    /// How precisely it is known.
    pub precision: Precision,
    /// Latitude and longitude in degrees (WGS 84) of its middle.
    pub position: Option<(f64, f64)>,
    /// How far from there it may have been, in kilometres.
    pub radius_km: Option<f32>,
}

/// How precisely a place is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// A town, or something in or by it.
    Town,
    /// A second-level division or an area of its size.
    District,
    /// A first-level division or a region of its size.
    Province,
    /// Only the country.
    Country,
    /// Larger than a country, or not known.
    Unknown,
}

/// A toll: how many were harmed, as one report has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toll {
    /// What happened to them.
    pub harm: Harm,
    /// How many.
    pub count: Count,
    /// Who they are.
    pub counted: Counted,
    /// Whether those who did it are among them.
    pub perpetrators: PerpetratorsCounted,
    /// The words.
    pub span: Span,
}

/// A voice between the reader and what is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voice {
    /// The speaker as the report words it; nothing where nobody is named.
    pub words: Option<String>,
    /// The speaker, where it is somebody that can be told apart.
    pub actor: Option<ActorRef>,
    /// What sort of speaker.
    pub kind: SourceKind,
    /// What the speaker does with it.
    pub stance: Stance,
}

/// A claim or denial of responsibility, an accusation or another act about an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The act.
    pub act: SpeechActKind,
    /// Who does it, as the report words it.
    pub words: Option<String>,
    /// Who does it.
    pub speaker: Option<ActorRef>,
    /// Who is blamed or addressed.
    pub addressee: Option<ActorRef>,
    /// The claim in which it is done.
    pub claim: ClaimId,
}

/// One report's telling of an event, with all that comparing it needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// The claim that tells it.
    pub claim: ClaimId,
    /// Claims of the same report that tell of it again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<ClaimId>,
    /// Who published it.
    pub source: Option<SourceId>,
    /// The agency that the report credits.
    pub wire: Option<String>,
    /// When it was published.
    pub published: Option<Date>,
    /// What sort of event.
    pub kind: EventKind,
    /// Whether it took place, as told.
    pub status: EventStatus,
    /// Whether the report exists to tell of it.
    pub main: bool,
    /// Whether it is a wave, a campaign or a total.
    pub aggregate: bool,
    /// When, as stated.
    pub when: Option<Period>,
    /// When, as stated or bounded by publication: nothing where not even that is known.
    pub window: Option<Period>,
    /// Where.
    pub place: Option<PlaceRef>,
    /// Who did it.
    pub actors: Vec<ActorRef>,
    /// What or whom it was directed at, and who was harmed.
    pub targets: Vec<ActorRef>,
    /// With what, in lower case.
    pub weapon: Option<String>,
    /// How many were harmed.
    pub tolls: Vec<Toll>,
    /// Through whom it is told, outermost first; empty where the report tells it itself.
    pub voices: Vec<Voice>,
    /// What the same report has somebody say of it: that they did it, or did not, or who did.
    pub answers: Vec<Answer>,
    /// Whether the wording withholds commitment.
    pub hedged: bool,
    /// The word that names it, in its dictionary form.
    pub word: String,
    /// Where that word stands.
    pub trigger: Span,
    /// Content words of the sentence, sorted, for comparing.
    pub words: Vec<String>,
    /// Hash of the sentence's wording, the same for copied sentences.
    pub wording: u64,
    /// Hash of all that decides whether two tellings say the same in the same words: copies have the same.
    pub alike: u64,
    /// The passages.
    pub evidence: Evidence,
    /// Who may see it.
    pub marking: Marking,
    /// How far to trust the reading.
    pub score: Score,
}

/// A telling as far as it need be known to see what it hangs together with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// The claim that tells it.
    pub claim: ClaimId,
    /// The report.
    pub report: ReportId,
    /// See [`Incident::alike`].
    pub alike: u64,
    /// When the report was published.
    pub published: Option<Date>,
    /// The event and the component in which it was settled last.
    pub settled: Option<(EventId, ClaimId)>,
    /// Whether it waits to be settled.
    pub open: bool,
}

impl Sketch {
    /// The sketch of a telling that was never settled.
    pub fn of(incident: &Incident) -> Self {
        Self {
            claim: incident.claim,
            report: incident.evidence.report,
            alike: incident.alike,
            published: incident.published,
            settled: None,
            open: true,
        }
    }

    /// The order in which tellings found an event: earliest published first, undated last.
    pub fn founding_order(&self) -> (Date, ClaimId) {
        (self.published.unwrap_or(crate::time::NO_DAY), self.claim)
    }
}

/// One report's telling of how two actors stand to one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationClaim {
    /// The claim that tells it.
    pub claim: ClaimId,
    /// Who published it.
    pub source: Option<SourceId>,
    /// The agency that the report credits.
    pub wire: Option<String>,
    /// When it was published.
    pub published: Option<Date>,
    /// The first actor.
    pub from: ActorRef,
    /// The second actor.
    pub to: ActorRef,
    /// How they stand.
    pub kind: RelationKind,
    /// Whether the words say it is not so.
    pub negated: bool,
    /// Through whom it is told, outermost first.
    pub voices: Vec<Voice>,
    /// Whether the wording withholds commitment.
    pub hedged: bool,
    /// Hash of the sentence's wording.
    pub wording: u64,
    /// The passages.
    pub evidence: Evidence,
    /// Who may see it.
    pub marking: Marking,
}

/// Something a report has somebody say, or says itself as an assessment or an outlook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Saying {
    /// The claim.
    pub claim: ClaimId,
    /// Who published it.
    pub source: Option<SourceId>,
    /// When it was published.
    pub published: Option<Date>,
    /// What it is: [`crate::reading::Proposition::word`].
    pub is: String,
    /// The act done by saying it, if any.
    pub act: Option<SpeechActKind>,
    /// Who says it; nothing where the report does itself.
    pub voice: Option<Voice>,
    /// What the speaker does with it.
    pub stance: Stance,
    /// To whom it is said, or who is blamed.
    pub addressee: Option<ActorRef>,
    /// Whether the wording withholds commitment.
    pub hedged: bool,
    /// Whether the words are the speaker's own.
    pub quoted: bool,
    /// What is said.
    pub content: Span,
    /// The event claims it is about.
    pub about: Vec<ClaimId>,
    /// Hash of the wording of what is said.
    pub wording: u64,
    /// The passages.
    pub evidence: Evidence,
    /// Who may see it.
    pub marking: Marking,
}

/// What a text's wording is like: enough to find its copies among many without reading them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Keys by which likely copies meet: two texts that share one may be copies.
    pub bands: Vec<u64>,
}

/// How the wording of one report derives from another's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    /// The report it derives from: the earlier one, or the one credited, where that can be told.
    pub from: ReportId,
    /// The report that derives.
    pub to: ReportId,
    /// How.
    pub kind: LineageKind,
    /// Whether the direction is known.
    pub directed: bool,
    /// Share of the shorter text's words that stand in the other in runs of eight or more.
    pub coverage: f32,
    /// The same outside quotation marks.
    pub prose_coverage: f32,
    /// Why, in words.
    pub because: String,
}

/// Kinds of lineage between two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LineageKind {
    /// The same words.
    Identical,
    /// The same but for a few words.
    NearIdentical,
    /// Cut shorter.
    Trimmed,
    /// With something added.
    Extended,
    /// Prose taken over in part, beyond quotations.
    RewrittenWithQuotes,
    /// Only quotations in common.
    SharedQuoteOnly,
}

impl LineageKind {
    /// Tells whether the second report rests on the first rather than on reporting of its own.
    pub fn is_copy(self) -> bool {
        self != Self::SharedQuoteOnly
    }

    /// The kind as it is shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::NearIdentical => "near-identical",
            Self::Trimmed => "trimmed",
            Self::Extended => "extended",
            Self::RewrittenWithQuotes => "rewritten-with-quotes",
            Self::SharedQuoteOnly => "shared-quote-only",
        }
    }
}
