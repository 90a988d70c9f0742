//! The store that is one SQLite file.
//!
//! One connection writes, behind a lock; readers each take a connection of their own from a pool,
//! so looking never waits for writing. Every call of the trait is one transaction: it happens as a
//! whole or not at all, whatever ends the process.

use crate::query::{ActorSummary, EventQuery, Page, ReportQuery, ReportSummary, SayingQuery, Totals};
use crate::{Kept, Near, Relatives, Settlement, Store, StoreError, Taken};
use codec::Codec;
use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, ReportId, SourceId};
use headwater_domain::judgement::Judgement;
use headwater_domain::picture::{Dossier, Event};
use headwater_domain::reading::Reading;
use headwater_domain::record::{Deed, Entry, Failure};
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{
    ActorMention, Incident, Lineage, RelationClaim, Resolution, Saying, Sketch,
};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

mod codec;
mod keep;
mod look;
mod open;
mod settle;

/// How to open a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Whether to make a store where there is none.
    pub create: bool,
    /// How long to wait for another process that writes.
    pub busy_timeout: Duration,
    /// The most pages of 4 KiB that the file may grow to; nothing for no limit but the disk's.
    pub pages_max: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self { create: false, busy_timeout: Duration::from_secs(30), pages_max: None }
    }
}

/// A store in one SQLite file.
pub struct SqliteStore {
    path: PathBuf,
    options: Options,
    writer: Mutex<Session>,
    readers: Mutex<Vec<Session>>,
}

/// A connection with what it needs to write and read bodies.
struct Session {
    connection: Connection,
    codec: Codec,
}

/// Readers kept for the next call; more are opened when more look at once.
const READERS_KEPT: usize = 8;

impl SqliteStore {
    /// Opens the store at `path`; makes one if the options say so and there is none.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let writer = Mutex::new(open::writer(path, &options)?);
        Ok(Self { path: path.to_owned(), options, writer, readers: Mutex::default() })
    }

    /// Runs `work` in one transaction that may write.
    fn write<T>(&self, work: impl FnOnce(&Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        // A panic in `work` has rolled its transaction back, so the connection is still good.
        let session = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = Transaction::new_unchecked(&session.connection, TransactionBehavior::Immediate)?;
        let outcome = work(&session)?;
        transaction.commit()?;
        Ok(outcome)
    }

    /// Runs `work` on one consistent view of the store.
    fn look<T>(&self, work: impl FnOnce(&Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let free = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = free().pop();
        let session = match kept {
            Some(session) => session,
            None => open::reader(&self.path, &self.options)?,
        };
        let outcome = {
            let transaction = Transaction::new_unchecked(&session.connection, TransactionBehavior::Deferred)?;
            let outcome = work(&session)?;
            transaction.commit()?;
            outcome
        };
        let mut readers = free();
        if readers.len() < READERS_KEPT {
            readers.push(session);
        }
        Ok(outcome)
    }
}

impl Session {
    /// Runs a statement that changes rows, and gives how many.
    fn execute(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize, StoreError> {
        Ok(self.connection.prepare_cached(sql)?.execute(values)?)
    }

    /// The first row, if there is one.
    fn first<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        row: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        use rusqlite::OptionalExtension as _;
        Ok(self.connection.prepare_cached(sql)?.query_row(values, row).optional()?)
    }

    /// All rows.
    fn all<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        row: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The number in the only row.
    fn number(&self, sql: &str, values: impl rusqlite::Params) -> Result<u64, StoreError> {
        let number: i64 = self.connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
        Ok(number.cast_unsigned())
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::NotADatabase) => Self::NotAStore,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { what: "the file".to_owned() },
            _ => Self::Backend(Box::new(error)),
        }
    }
}

impl Store for SqliteStore {
    fn latest_version(&self, report: ReportId) -> Result<Option<Report>, StoreError> {
        self.look(|session| look::report(session, report, None))
    }
    fn keep_reports(&self, taken: &[Taken]) -> Result<Vec<Kept>, StoreError> {
        self.write(|session| taken.iter().map(|taken| keep::report(session, taken)).collect())
    }
    fn keep_report(&self, taken: &Taken) -> Result<Kept, StoreError> {
        self.write(|session| keep::report(session, taken))
    }
    fn keep_failure(&self, failure: &Failure, by: &str) -> Result<(), StoreError> {
        self.write(|session| keep::failure(session, failure, by))
    }
    fn clear_failure(&self, origin: &str) -> Result<(), StoreError> {
        self.write(|session| session.execute("DELETE FROM failure WHERE origin = ?1", [origin]).map(drop))
    }
    fn keep_judgement(&self, judgement: &Judgement, touches: &[ClaimId]) -> Result<(), StoreError> {
        self.write(|session| keep::judgement(session, judgement, touches))
    }
    fn record(&self, deed: Deed) -> Result<(), StoreError> {
        self.write(|session| keep::entry(session, deed))
    }

    fn generation(&self) -> Result<u64, StoreError> {
        self.look(settle::generation)
    }
    fn unsettled_count(&self) -> Result<u64, StoreError> {
        self.look(|session| session.number("SELECT count(*) FROM incident WHERE settled = 0", []))
    }
    fn unsettled(&self) -> Result<Vec<Sketch>, StoreError> {
        self.look(settle::unsettled)
    }
    fn near(&self, keys: &[Near]) -> Result<Vec<u64>, StoreError> {
        self.look(|session| settle::near(session, keys))
    }
    fn alike(&self, alike: &[u64]) -> Result<Vec<Sketch>, StoreError> {
        self.look(|session| settle::alike(session, alike))
    }
    fn of_components(&self, components: &[ClaimId]) -> Result<Vec<Sketch>, StoreError> {
        self.look(|session| settle::of_components(session, components))
    }
    fn incidents(&self, claims: &[ClaimId]) -> Result<Vec<Incident>, StoreError> {
        self.look(|session| settle::incidents(session, claims))
    }
    fn settled_as(&self, claims: &[ClaimId]) -> Result<Vec<(ClaimId, EventId, ClaimId)>, StoreError> {
        self.look(|session| settle::settled_as(session, claims))
    }
    fn settle(&self, settlement: &Settlement) -> Result<bool, StoreError> {
        self.write(|session| settle::settle(session, settlement))
    }
    fn untraced(&self, limit: usize) -> Result<Vec<ReportId>, StoreError> {
        self.look(|session| settle::untraced(session, limit))
    }
    fn relatives(&self, report: ReportId) -> Result<Relatives, StoreError> {
        self.look(|session| settle::relatives(session, report))
    }
    fn keep_traced(&self, traced: &[(ReportId, Vec<Lineage>)]) -> Result<(), StoreError> {
        self.write(|session| settle::keep_traced(session, traced))
    }
    fn traced_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
        self.look(|session| settle::lineages_among(session, reports, true))
    }
    fn lineages_among(&self, reports: &[ReportId]) -> Result<Vec<Lineage>, StoreError> {
        self.look(|session| settle::lineages_among(session, reports, false))
    }
    fn clear_derived(&self) -> Result<(), StoreError> {
        self.write(keep::clear_derived)
    }
    fn keep_reading(&self, reading: &Reading, resolution: &Resolution) -> Result<(), StoreError> {
        self.write(|session| keep::reading(session, reading, resolution))
    }

    fn totals(&self) -> Result<Totals, StoreError> {
        self.look(look::totals)
    }
    fn reports(&self, query: &ReportQuery, page: Page) -> Result<Vec<ReportSummary>, StoreError> {
        self.look(|session| look::reports(session, query, page))
    }
    fn all_versions(&self) -> Result<Vec<(ReportId, u32)>, StoreError> {
        self.look(look::all_versions)
    }
    fn report(&self, id: ReportId, version: Option<u32>) -> Result<Option<Report>, StoreError> {
        self.look(|session| look::report(session, id, version))
    }
    fn reading(&self, id: ReportId, version: Option<u32>) -> Result<Option<Reading>, StoreError> {
        self.look(|session| look::reading(session, id, version))
    }
    fn raw(&self, id: BlobId) -> Result<Option<Vec<u8>>, StoreError> {
        self.look(|session| look::raw(session, id))
    }
    fn sources(&self) -> Result<Vec<Source>, StoreError> {
        self.look(look::sources)
    }
    fn events(&self, query: &EventQuery, page: Page) -> Result<Vec<Event>, StoreError> {
        self.look(|session| look::events(session, query, page))
    }
    fn event_count(&self, query: &EventQuery) -> Result<u64, StoreError> {
        self.look(|session| look::event_count(session, query))
    }
    fn dossier(&self, id: EventId) -> Result<Option<Dossier>, StoreError> {
        self.look(|session| look::dossier(session, id))
    }
    fn sayings(&self, query: &SayingQuery, page: Page) -> Result<Vec<Saying>, StoreError> {
        self.look(|session| look::sayings(session, query, page))
    }
    fn relation_claims(&self, of: Option<ActorId>) -> Result<Vec<RelationClaim>, StoreError> {
        self.look(|session| look::relation_claims(session, of))
    }
    fn actors(&self, text: Option<&str>, page: Page) -> Result<Vec<ActorSummary>, StoreError> {
        self.look(|session| look::actors(session, text, page))
    }
    fn actor_mentions(&self, id: ActorId) -> Result<Vec<(ReportId, ActorMention)>, StoreError> {
        self.look(|session| look::actor_mentions(session, id))
    }
    fn lineages(&self, of: Option<ReportId>) -> Result<Vec<Lineage>, StoreError> {
        self.look(|session| look::lineages(session, of))
    }
    fn judgements(&self) -> Result<Vec<Judgement>, StoreError> {
        self.look(look::judgements)
    }
    fn failures(&self) -> Result<Vec<Failure>, StoreError> {
        self.look(look::failures)
    }
    fn entries(&self, after: u64, limit: usize) -> Result<Vec<Entry>, StoreError> {
        self.look(|session| look::entries(session, after, limit))
    }
    fn ids_beginning(&self, beginning: &str) -> Result<Vec<String>, StoreError> {
        self.look(|session| look::ids_beginning(session, beginning))
    }
    fn report_of_claim(&self, claim: ClaimId) -> Result<Option<(ReportId, u32)>, StoreError> {
        self.look(|session| look::report_of_claim(session, claim))
    }
    fn source(&self, id: SourceId) -> Result<Option<Source>, StoreError> {
        self.look(|session| look::source(session, id))
    }
}
