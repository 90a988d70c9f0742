//! How much is a stranger allowed to cost us?

use std::time::Duration;

/// The bounds within which everything is taken in; each can be raised by whoever trusts the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest single report, before and after unpacking.
    pub report_bytes_max: u64,
    /// The most that all compressed data under one target may unpack to.
    pub expanded_bytes_max: u64,
    /// The largest archive that has to be held in memory: a zip inside another archive, or from a pipe.
    pub nested_archive_bytes_max: u64,
    /// How many times larger than its packed form data may become, beyond the first megabyte.
    pub ratio_max: u64,
    /// The most entries that the archives under one target may have together.
    pub archive_entries_max: u64,
    /// How many archives may lie inside one another.
    pub nesting_max: usize,
    /// The longest time that one document may take to be understood.
    pub document_time_max: Duration,
    /// The longest time that one web request may take, redirects and body included.
    pub http_time_max: Duration,
    /// The most redirects followed for one web request.
    pub redirects_max: u32,
    /// Whether addresses inside the own network may be fetched.
    pub allow_private_addresses: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            report_bytes_max: 20_000_000,
            expanded_bytes_max: 2_000_000_000,
            nested_archive_bytes_max: 256_000_000,
            ratio_max: 200,
            archive_entries_max: 200_000,
            nesting_max: 3,
            document_time_max: Duration::from_secs(20),
            http_time_max: Duration::from_secs(30),
            redirects_max: 5,
            allow_private_addresses: false,
        }
    }
}
