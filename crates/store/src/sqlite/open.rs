//! Which file is opened, and is it ours?

use super::codec::Codec;
use super::{Options, Session};
use crate::StoreError;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::path::Path;

/// "HDWT": says in the file's header whose it is.
const APPLICATION_ID: i32 = 0x4844_5754;

/// What takes a file from each format to the next; the file's format is how many were run.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

/// Statements kept compiled on each connection: more than there are.
const STATEMENTS_KEPT: usize = 160;

/// Opens the connection that writes, making or migrating the file where needed.
pub(super) fn writer(path: &Path, options: &Options) -> Result<Session, StoreError> {
    if !options.create && !path.exists() {
        return Err(StoreError::Missing);
    }
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if options.create {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = connection(path, flags, options)?;
    migrate(&connection, options.create)?;
    // Readers go on while one writes; a process that is killed loses nothing, a machine that loses
    // power may lose the last transactions and nothing else.
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    // Moving pages from the log to the file waits for the disk: do it seldom, since the pages that
    // ids scatter over are then moved once for many reports.
    connection.pragma_update(None, "wal_autocheckpoint", 16_384)?;
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.pragma_update(None, "cache_size", -64_000)?;
    if let Some(pages) = options.pages_max {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(Session { connection, codec: Codec::new()? })
}

/// Opens a connection that only looks.
pub(super) fn reader(path: &Path, options: &Options) -> Result<Session, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = connection(path, flags, options)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -16_000)?;
    Ok(Session { connection, codec: Codec::new()? })
}

fn connection(path: &Path, flags: OpenFlags, options: &Options) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.pragma_update(None, "foreign_keys", true)?;
    // A plan that depends on no value is never made again when another value is asked for.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(connection)
}

/// Brings the file to the newest format, all or nothing; never touches a file that is not a store.
fn migrate(connection: &Connection, create: bool) -> Result<(), StoreError> {
    // One transaction looks, so that it sees a file either before another process made it or after.
    let looking = Transaction::new_unchecked(connection, TransactionBehavior::Deferred)?;
    let found = format(connection, create)?;
    looking.finish()?;
    if found == MIGRATIONS.len() {
        return Ok(());
    }
    // Only one process at a time comes through here; the next finds the work done.
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Exclusive)?;
    for migration in &MIGRATIONS[format(connection, create)?..] {
        connection.execute_batch(migration)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", MIGRATIONS.len() as i64)?;
    transaction.commit()?;
    Ok(())
}

/// The format of the file, 0 where it is still empty.
fn format(connection: &Connection, create: bool) -> Result<usize, StoreError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let (owner, format) = (number("application_id")?, number("user_version")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if create && owner == 0 && format == 0 && tables == 0 {
        return Ok(0);
    }
    let format = usize::try_from(format).unwrap_or(0);
    match format {
        _ if owner != APPLICATION_ID || format == 0 => Err(StoreError::NotAStore),
        _ if format > MIGRATIONS.len() => {
            let number = |format| u32::try_from(format).unwrap_or(u32::MAX);
            Err(StoreError::TooNew { found: number(format), known: number(MIGRATIONS.len()) })
        }
        _ => Ok(format),
    }
}
