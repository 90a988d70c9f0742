//! Reading: what does one report say, and in whose voice?

use crate::count::{Count, Counted, Harm, PerpetratorsCounted};
use crate::id::{ClaimId, ReportId};
use crate::kind::{EventKind, EventStatus, vocabulary};
use crate::text::{Evidence, Sentence, Span};
use crate::time::Period;
use serde::{Deserialize, Serialize};

/// Which reader made a reading: a name and a version, such as `rules/1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReaderVersion(pub String);

/// What a reader found in one version of one report. Indices point into the lists beside them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The report.
    pub report: ReportId,
    /// Its version, counted from 1.
    pub version: u32,
    /// Who read it.
    pub reader: ReaderVersion,
    /// Why the text was not read, if it was not: its language, say.
    pub not_read: Option<NotRead>,
    /// Sentences in order.
    pub sentences: Vec<Sentence>,
    /// Who and what is mentioned, in order of the text.
    pub mentions: Vec<Mention>,
    /// Mentions of one thing, within this report.
    pub chains: Vec<Chain>,
    /// Expressions of time.
    pub times: Vec<TimeMention>,
    /// Numbers of people.
    pub counts: Vec<CountMention>,
    /// Who says what.
    pub attributions: Vec<Attribution>,
    /// What the report has somebody say.
    pub claims: Vec<Claim>,
}

impl Reading {
    /// A reading with nothing in it yet.
    pub fn empty(report: ReportId, version: u32, reader: ReaderVersion) -> Self {
        Self {
            report,
            version,
            reader,
            not_read: None,
            sentences: Vec::new(),
            mentions: Vec::new(),
            chains: Vec::new(),
            times: Vec::new(),
            counts: Vec::new(),
            attributions: Vec::new(),
            claims: Vec::new(),
        }
    }

    /// The sentence that holds a span's first byte.
    pub fn sentence_of(&self, span: Span) -> Option<Sentence> {
        let after = self.sentences.partition_point(|sentence| sentence.span.start() <= span.start());
        self.sentences.get(after.checked_sub(1)?).copied()
    }

    /// The chain of a mention.
    pub fn chain_of(&self, mention: MentionIndex) -> Option<&Chain> {
        self.chains.get(self.mentions.get(mention.0 as usize)?.chain.0 as usize)
    }

    /// The mention at this index.
    pub fn mention(&self, mention: MentionIndex) -> Option<&Mention> {
        self.mentions.get(mention.0 as usize)
    }

    /// The event propositions with their claims.
    pub fn events(&self) -> impl Iterator<Item = (&Claim, &EventProposition)> {
        self.claims.iter().filter_map(|claim| match &claim.proposition {
            Proposition::Event(event) => Some((claim, event)),
            _ => None,
        })
    }
}

/// Why a text was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotRead {
    /// Written in a language that the reader does not know (BCP 47).
    Language(String),
    /// Holds no sentences.
    NoText,
}

/// Index into [`Reading::mentions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct MentionIndex(pub u32);
/// Index into [`Reading::chains`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ChainIndex(pub u32);
/// Index into [`Reading::times`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TimeIndex(pub u32);
/// Index into [`Reading::counts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CountIndex(pub u32);
/// Index into [`Reading::attributions`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AttributionIndex(pub u32);

/// How far to trust a value, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Score(f32);

impl Score {
    /// Keeps the number between 0 and 1; not-a-number counts as 0.
    pub fn new(score: f32) -> Self {
        Self(if score.is_nan() { 0.0 } else { score.clamp(0.0, 1.0) })
    }

    /// The number.
    pub fn get(self) -> f32 {
        self.0
    }
}

vocabulary! {
    /// What sort of thing a mention names.
    ThingKind {
        /// A named or specific individual.
        Person = "person",
        /// Non-state armed organisation, or its unnamed members.
        ArmedGroup = "armed_group",
        /// Army, police, intelligence service, coalition.
        SecurityForce = "security_force",
        /// A state, its organs and officials.
        Government = "government",
        /// Party, company, outlet, international body.
        Organisation = "organisation",
        /// Civilians, protesters, a community.
        People = "people",
        /// A named place.
        Place = "place",
        /// A building, vehicle, base or road.
        Facility = "facility",
        /// A weapon or means.
        Weapon = "weapon",
    }
}

impl ThingKind {
    /// Tells whether things of this kind act.
    pub fn acts(self) -> bool {
        !matches!(self, Self::Place | Self::Facility | Self::Weapon)
    }

    /// Tells whether things of this kind are organised and act as such.
    pub fn is_organised(self) -> bool {
        matches!(self, Self::ArmedGroup | Self::SecurityForce | Self::Government | Self::Organisation)
    }
}

/// A phrase that names or describes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The noun phrase without a leading article.
    pub span: Span,
    /// Its head word, or the name itself.
    pub head: Span,
    /// What sort of thing.
    pub kind: ThingKind,
    /// The thing.
    pub chain: ChainIndex,
}

/// One thing through a report: its mentions belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// What sort of thing.
    pub kind: ThingKind,
    /// Its fullest name or description in this report.
    pub name: String,
    /// Whether that is a proper name.
    pub named: bool,
    /// Keys of the actors of the knowledge base it may be; several where the name is ambiguous.
    pub known: Vec<String>,
    /// Which of these the name usually means, where it is ambiguous.
    pub usual: Option<String>,
    /// A country it belongs to by its description ("Afghan troops"), ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Its mentions, in order.
    pub mentions: Vec<MentionIndex>,
}

/// An expression of time and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeMention {
    /// The words.
    pub span: Span,
    /// Type and value as TIMEX3 has them.
    pub timex: Timex,
    /// The stretch of time meant; nothing where the words and the publication date do not give it.
    pub period: Option<Period>,
}

/// TIMEX3 type and value: what benchmarks and other tools compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timex {
    /// What sort of expression.
    pub kind: TimexKind,
    /// The value in TIMEX3's form, such as `2024-03-22`, `P2D`, `PRESENT_REF`.
    pub value: String,
}

vocabulary! {
    /// Types of TIMEX3.
    TimexKind {
        /// A calendar date.
        Date = "DATE",
        /// A time of day.
        Time = "TIME",
        /// A length of time.
        Duration = "DURATION",
        /// A recurring time.
        Set = "SET",
    }
}

/// A number of people and what happened to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountMention {
    /// The words of the number with its qualifiers: "at least 133".
    pub span: Span,
    /// The number with the noun counted: "at least 133 people".
    pub phrase: Span,
    /// The number.
    pub count: Count,
    /// What happened to them.
    pub harm: Harm,
    /// Who they are.
    pub counted: Counted,
    /// Whether those who did it are among them.
    pub perpetrators: PerpetratorsCounted,
    /// Whether it sums up several events or a longer time ("so far this year").
    pub cumulative: bool,
}

/// Who says it, how, and what.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribution {
    /// The words that name the speaker; nothing where nobody is named ("it is feared that").
    pub source: Option<Span>,
    /// The speaker's mention, where it is one.
    pub speaker: Option<MentionIndex>,
    /// What sort of speaker.
    pub source_kind: SourceKind,
    /// The words that say it is said; nothing for a bare quotation.
    pub cue: Option<Span>,
    /// What is said.
    pub content: Span,
    /// What the speaker does with it.
    pub stance: Stance,
    /// The words that withhold full commitment, if any.
    pub hedge: Option<Hedge>,
    /// Whether the words are the speaker's own, in quotation marks.
    pub quoted: bool,
    /// The attribution inside which this one is said, if any.
    pub within: Option<AttributionIndex>,
    /// How far to trust it.
    pub score: Score,
}

vocabulary! {
    /// What sort of speaker stands behind a claim.
    SourceKind {
        /// A person by name.
        NamedPerson = "named-person",
        /// An organisation, force or government by name.
        NamedOrganisation = "named-organisation",
        /// A post without a name: "a police spokesman".
        Official = "official",
        /// Nobody in particular: "security experts", "reliable sources".
        Unnamed = "unnamed",
        /// Another outlet or agency.
        Media = "media",
        /// A document.
        Document = "document",
        /// The writer.
        Author = "author",
    }
}

vocabulary! {
    /// What a speaker does with what is said.
    Stance {
        /// States it.
        Asserts = "asserts",
        /// Rejects it.
        Denies = "denies",
        /// Says "we did it".
        ClaimsResponsibility = "claims-responsibility",
        /// Blames somebody.
        Accuses = "accuses",
        /// Says it will come.
        Predicts = "predicts",
        /// Says it may be so.
        Speculates = "speculates",
        /// Wants it done.
        Demands = "demands",
        /// Undertakes to do it.
        Promises = "promises",
    }
}

/// Words that withhold full commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hedge {
    /// The words: "reportedly", "may", "suggests".
    pub cue: Span,
    /// How much they leave open: 1 (almost certain) to 4 (barely possible).
    pub strength: u8,
}

/// Something a report has somebody say, with whose voice it is and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// Its id, derived from report, version, kind of proposition and trigger passage.
    pub id: ClaimId,
    /// What is said.
    pub proposition: Proposition,
    /// Whose words it is told in, outermost first; empty where the report says it itself.
    pub said_by: Vec<AttributionIndex>,
    /// What the innermost speaker does with it.
    pub stance: Stance,
    /// What withholds commitment.
    pub hedge: Option<Hedge>,
    /// The passages; the first is the sentence to show.
    pub evidence: Evidence,
    /// How far to trust the reading of it.
    pub score: Score,
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub enum Proposition {
    /// That something happened, will, or may.
    Event(EventProposition),
    /// How two actors stand to one another.
    Relation(RelationProposition),
    /// An act done by saying it.
    SpeechAct(SpeechAct),
    /// A judgement of what things mean or are like.
    Assessment(Span),
    /// What may come.
    Outlook(Span),
    /// Anything else said.
    Statement(Span),
}

impl Proposition {
    /// The passage that states it.
    pub fn anchor(&self) -> Span {
        match self {
            Self::Event(event) => event.trigger,
            Self::Relation(relation) => relation.anchor,
            Self::SpeechAct(act) => act.anchor,
            Self::Assessment(span) | Self::Outlook(span) | Self::Statement(span) => *span,
        }
    }

    /// One word for what it is.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Event(_) => "event",
            Self::Relation(_) => "relation",
            Self::SpeechAct(_) => "speech-act",
            Self::Assessment(_) => "assessment",
            Self::Outlook(_) => "outlook",
            Self::Statement(_) => "statement",
        }
    }
}

/// That something happened, will, or may.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventProposition {
    /// What sort of event.
    pub kind: EventKind,
    /// The word or fixed phrase that names it.
    pub trigger: Span,
    /// Later words of the same report for the same event.
    pub more_triggers: Vec<Span>,
    /// Who and what takes part.
    pub arguments: Vec<Argument>,
    /// When, from the words and the publication date alone; nothing if they do not say.
    pub when: Option<Period>,
    /// The expressions of time that say so.
    pub times: Vec<TimeIndex>,
    /// How many were harmed.
    pub tolls: Vec<CountIndex>,
    /// Whether it took place.
    pub status: EventStatus,
    /// Whether the report exists to tell of it.
    pub main: bool,
    /// Whether it is a wave, a campaign or a total rather than one event.
    pub aggregate: bool,
}

impl EventProposition {
    /// The mentions in one role.
    pub fn in_role(&self, role: Role) -> impl Iterator<Item = MentionIndex> + '_ {
        self.arguments.iter().filter(move |argument| argument.role == role).map(|argument| argument.mention)
    }
}

/// A participant and its part.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Argument {
    /// Its part.
    pub role: Role,
    /// What it is.
    pub mention: MentionIndex,
    /// How far to trust it.
    pub score: Score,
}

vocabulary! {
    /// The part something plays in an event.
    Role {
        /// Who did it, or is said to have.
        Actor = "actor",
        /// What or whom it was directed at.
        Target = "target",
        /// Who was harmed.
        Victim = "victim",
        /// Where.
        Place = "place",
        /// With what.
        Weapon = "weapon",
        /// Who was arrested or abducted.
        Detained = "detained",
    }
}

/// How two actors stand to one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelationProposition {
    /// How they stand.
    pub kind: RelationKind,
    /// The first actor.
    pub from: MentionIndex,
    /// The second actor.
    pub to: MentionIndex,
    /// The words that say so.
    pub anchor: Span,
    /// Whether the words say it is not so ("denied any link").
    pub negated: bool,
}

vocabulary! {
    /// How two actors stand to one another.
    RelationKind {
        /// Fights, opposes, defies.
        Hostile = "hostile",
        /// Works with, supports.
        Allied = "allied",
        /// Belongs to, has pledged allegiance to, is a branch of.
        Affiliated = "affiliated",
        /// Talks with.
        Negotiating = "negotiating",
        /// Says there is no link.
        DeniesLink = "denies-link",
        /// Directs, owns, governs.
        Controls = "controls",
        /// Blames.
        Accuses = "accuses",
    }
}

impl RelationKind {
    /// Tells whether the relation reads the same from both sides.
    pub fn is_symmetric(self) -> bool {
        matches!(self, Self::Hostile | Self::Allied | Self::Negotiating)
    }
}

/// An act done by saying it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpeechAct {
    /// What is done.
    pub kind: SpeechActKind,
    /// Who does it.
    pub speaker: Option<MentionIndex>,
    /// To whom it is said, or who is accused or threatened.
    pub addressee: Option<MentionIndex>,
    /// The words that do it.
    pub anchor: Span,
    /// What it is about: the event claims of this report that it claims, denies or threatens.
    pub about: Vec<ClaimId>,
}

vocabulary! {
    /// Acts done by saying something.
    SpeechActKind {
        /// "We did it."
        ClaimsResponsibility = "claims-responsibility",
        /// "It was not us."
        DeniesResponsibility = "denies-responsibility",
        /// Rejects something said, other than responsibility.
        Denies = "denies",
        /// Blames somebody.
        Accuses = "accuses",
        /// Confirms what another said.
        Confirms = "confirms",
        /// Rejects a detail.
        DisputesDetail = "disputes-detail",
        /// Announces harm.
        Threatens = "threatens",
        /// Announces harm unless something is done by a time.
        SetsUltimatum = "sets-ultimatum",
        /// Undertakes to do or refrain.
        Promises = "promises",
        /// Wants something done.
        Demands = "demands",
        /// Says what will be done.
        Announces = "announces",
        /// Takes back a claim.
        WithdrawsClaim = "withdraws-claim",
    }
}
