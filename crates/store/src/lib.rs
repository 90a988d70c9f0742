//! Keeps everything: what was taken in, what was read, what was decided, and what is believed.
//!
//! Three layers. *Kept* things (bytes, reports, readings, judgements, failures, the record) are
//! appended and never edited. *Resolutions* are derived from one reading each. *Beliefs* (events,
//! lineages) are derived from all resolutions and judgements, and [`Store::clear_derived`] throws
//! both derived layers away so that they can be derived again.

use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, ReportId, SourceId};
use headwater_domain::judgement::Judgement;
use headwater_domain::picture::{Dossier, Event};
use headwater_domain::reading::Reading;
use headwater_domain::record::{Deed, Entry, Failure};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{
    ActorMention, Incident, Lineage, RelationClaim, Resolution, Saying, Sketch,
};

pub mod memory;
pub mod query;
mod rules;
pub mod sqlite;
pub mod verify;

pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

use query::{ActorSummary, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery, Totals};

/// Why a store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is from a newer program.
    #[error("cannot open the store: it has format {found}, and this program knows formats up to {known}")]
    TooNew {
        /// Format of the file.
        found: u32,
        /// Newest format known.
        known: u32,
    },
    /// The file is something else.
    #[error("cannot open the store: the file is not a Headwater store")]
    NotAStore,
    /// There is no file.
    #[error("cannot open the store: there is none at this path")]
    Missing,
    /// Another process holds the store.
    #[error("cannot write to the store: another process is writing to it")]
    Busy,
    /// The disk is full.
    #[error("cannot write to the store: the disk is full")]
    Full,
    /// Something kept cannot be read back.
    #[error("cannot read {what} back from the store")]
    Damaged {
        /// What is damaged, by id.
        what: String,
    },
    /// Anything else the database says.
    #[error("cannot use the store")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A report with its bytes and its reading, to be kept in one piece.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The report; [`Store::keep_report`] sets its version.
    pub report: Report,
    /// Who published it, to be added if not yet known.
    pub source: Option<Source>,
    /// The bytes as they came.
    pub raw: Vec<u8>,
    /// What the reader found.
    pub reading: Reading,
    /// What it is about.
    pub resolution: Resolution,
    /// Who took it in.
    pub by: String,
}

/// What keeping a report came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// A report not seen before.
    New,
    /// Other words of a report seen before.
    NewVersion(u32),
    /// Nothing new: the same text, title and dates were kept before.
    Unchanged,
}

/// What happens when beliefs are settled: derived things to put in place of what they replace.
#[derive(Debug, Clone, Default)]
pub struct Settlement {
    /// [`Store::generation`] before anything was looked up for it.
    pub generation: u64,
    /// Incidents that are now settled, each with the event and the component it belongs to. A
    /// component is the id of its smallest claim: incidents linked to one another, however far.
    pub settled: Vec<(ClaimId, EventId, ClaimId)>,
    /// Events to put in place, each with the lineages that telling it showed.
    pub events: Vec<(Event, Vec<Lineage>)>,
    /// Events that are no more.
    pub gone: Vec<EventId>,
}

/// With which reports a report is to be compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Relatives {
    /// Those that share a band of the fingerprint, as far as one of the two is among the first
    /// [`FIRST_OF_BAND`] to be published with that band. So a report has few relatives in a band
    /// that thousands share, and the earliest are among them.
    pub like: Vec<ReportId>,
    /// Those that may have been among the first of a band until this report came.
    pub displaced: Vec<ReportId>,
}

/// See [`Relatives::like`].
pub const FIRST_OF_BAND: usize = 16;

/// Where to look for incidents that may be the same event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near {
    /// The family of kinds.
    pub family: headwater_domain::kind::Family,
    /// The country, alpha-3; incidents without a country are near to all.
    pub country: Option<String>,
    /// The stretch of days, open where missing.
    pub earliest: Option<jiff::civil::Date>,
    /// See `earliest`.
    pub latest: Option<jiff::civil::Date>,
}

/// Keeps everything. Safe to share between threads; two processes may use one store.
pub trait Store: Send + Sync {
    // What is kept.

    /// The latest version of a report's identity, if it is known: used to number versions.
    fn latest_version(&self, report: ReportId) -> Result<Option<Report>, StoreError>;
    /// Keeps reports with bytes, readings and resolutions, all in one transaction, each with its
    /// entry in the record, and forgets that they failed before. A new version takes the place of
    /// the earlier one in the derived layers only.
    fn keep_reports(&self, taken: &[Taken]) -> Result<Vec<Kept>, StoreError>;
    /// The same for one.
    fn keep_report(&self, taken: &Taken) -> Result<Kept, StoreError>;
    /// Keeps what could not be taken in; a failure of the same origin is replaced.
    fn keep_failure(&self, failure: &Failure, by: &str) -> Result<(), StoreError>;
    /// Forgets the failure of an origin, since it was taken in after all.
    fn clear_failure(&self, origin: &str) -> Result<(), StoreError>;
    /// Keeps a judgement with its entry in the record, and marks what it is about as unsettled.
    /// `touches` are the claims whose events it concerns.
    fn keep_judgement(&self, judgement: &Judgement, touches: &[ClaimId]) -> Result<(), StoreError>;
    /// Adds an entry to the record for something not covered by the calls above.
    fn record(&self, deed: Deed) -> Result<(), StoreError>;

    // Settling.

    /// Changes whenever something settled is settled anew, opened again or taken back.
    fn generation(&self) -> Result<u64, StoreError>;
    /// Number of incidents not yet settled.
    fn unsettled_count(&self) -> Result<u64, StoreError>;
    /// Incidents not yet settled, in order of claim id.
    fn unsettled(&self) -> Result<Vec<Sketch>, StoreError>;
    /// What incidents (of the latest versions) that any of these keys finds say, sorted, each once:
    /// [`Incident::alike`].
    fn near(&self, keys: &[Near]) -> Result<Vec<u64>, StoreError>;
    /// All incidents that say any of this, by claim id.
    fn alike(&self, alike: &[u64]) -> Result<Vec<Sketch>, StoreError>;
    /// All settled incidents of these components, by claim id.
    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Sketch>, StoreError>;
    /// The incidents by these claims, as far as they contribute, in the order of the claims.
    fn incidents(&self, claims: &[ClaimId]) -> Result<Vec<Incident>, StoreError>;
    /// Components and events that these claims were settled in; also claims of superseded versions.
    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, StoreError>;
    /// Puts a settlement in place, in one transaction. Does nothing and says `false` if the
    /// generation has changed since it was begun.
    fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError>;
    /// Reports whose relatives may have changed since they were traced, by id, at most `limit`.
    fn untraced(&self, limit: usize) -> Result<Vec<ReportId>, StoreError>;
    /// With which reports a report is to be compared.
    fn relatives(&self, report: ReportId) -> Result<Relatives, StoreError>;
    /// Puts the lineages of reports with their relatives in place of those kept before. Where this
    /// changes what a settled incident rests on, that is to be settled again.
    fn keep_traced(&self, traced: &[(ReportId, Vec<Lineage>)]) -> Result<(), StoreError>;
    /// Lineages with both ends among these reports that tracing showed.
    fn traced_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError>;
    /// Lineages with both ends among these reports, whatever showed them.
    fn lineages_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError>;
    /// Throws away resolutions and beliefs, keeping what was kept.
    fn clear_derived(&self) -> Result<(), StoreError>;
    /// Puts a reading and resolution in place for a report version that is kept already.
    fn keep_reading(&self, reading: &Reading, resolution: &Resolution) -> Result<(), StoreError>;

    // Looking. Everything by the latest version of each report, unless a version is named.

    /// Totals of everything.
    fn totals(&self) -> Result<Totals, StoreError>;
    /// Reports, latest version each.
    fn reports(&self, query: &ReportQuery, page: Page) -> Result<Vec<ReportSummary>, StoreError>;
    /// Every kept (report, version) in the order of intake: for rebuilding and verifying.
    fn all_versions(&self) -> Result<Vec<(ReportId, u32)>, StoreError>;
    /// A report version; the latest if none is named.
    fn report(&self, id: ReportId, version: Option<u32>) -> Result<Option<Report>, StoreError>;
    /// A reading; of the latest version if none is named.
    fn reading(&self, id: ReportId, version: Option<u32>) -> Result<Option<Reading>, StoreError>;
    /// The bytes as they came.
    fn raw(&self, id: BlobId) -> Result<Option<Vec<u8>>, StoreError>;
    /// Sources by id.
    fn sources(&self) -> Result<Vec<Source>, StoreError>;
    /// Events that match, in the order that the query names.
    fn events(&self, query: &EventQuery, page: Page) -> Result<Vec<Event>, StoreError>;
    /// How many events match.
    fn event_count(&self, query: &EventQuery) -> Result<u64, StoreError>;
    /// An event with its tellings, by its id or the id that any of its claims would found.
    fn dossier(&self, id: EventId) -> Result<Option<Dossier>, StoreError>;
    /// Sayings that match, by publication and place in the text.
    fn sayings(&self, query: &SayingQuery, page: Page) -> Result<Vec<Saying>, StoreError>;
    /// Relation claims, all or those of one actor.
    fn relation_claims(&self, of: Option<ActorId>) -> Result<Vec<RelationClaim>, StoreError>;
    /// Actors with how often they are met, most reports first.
    fn actors(&self, text: Option<&str>, page: Page) -> Result<Vec<ActorSummary>, StoreError>;
    /// Where an actor is mentioned.
    fn actor_mentions(&self, id: ActorId) -> Result<Vec<(ReportId, ActorMention)>, StoreError>;
    /// Lineages of one report, or all.
    fn lineages(&self, of: Option<ReportId>) -> Result<Vec<Lineage>, StoreError>;
    /// Judgements in order, withdrawn ones too.
    fn judgements(&self) -> Result<Vec<Judgement>, StoreError>;
    /// What could not be taken in.
    fn failures(&self) -> Result<Vec<Failure>, StoreError>;
    /// Entries of the record after this sequence number, at most `limit`.
    fn entries(&self, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError>;
    /// Full ids that begin with this text (which includes the prefix, such as `evt-4n`), at most ten.
    fn ids_beginning(&self, beginning: &str) -> Result<Vec<String>, StoreError>;
    /// Which report a claim belongs to, whatever its version.
    fn report_of_claim(&self, claim: ClaimId) -> Result<Option<(ReportId, u32)>, StoreError>;
    /// The source with this id.
    fn source(&self, id: SourceId) -> Result<Option<Source>, StoreError>;
}
