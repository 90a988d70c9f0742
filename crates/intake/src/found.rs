//! What does intake hand over: a report, or the reason why there is none?

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One outcome: a report, or one thing that could not be taken in.
pub type Item = Result<Found, Failed>;

/// A report as it came: its text and whatever was said about it.
///
/// Metadata is kept as stated by the carrier; nothing here is inferred from the story itself except
/// `wire`, `byline`, `dateline` and, where nobody states it, `language`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Where it lies, so that it can be taken in again.
    pub origin: Origin,
    /// The bytes of this one report as received.
    #[serde(skip)]
    pub raw: Vec<u8>,
    /// What the bytes are.
    pub media_type: MediaType,
    /// The text, through [`crate::normalise`].
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// When it says it was published.
    pub published: Option<PublishedAt>,
    /// When it says it was last changed.
    pub updated: Option<PublishedAt>,
    /// The identifier its source gave it.
    pub given_id: Option<String>,
    /// The canonical link, if any.
    pub url: Option<String>,
    /// Who published it in truth, also when somebody else passed it on.
    pub publisher: Option<String>,
    /// Who passed it on: a feed that collects others, a page that reprints.
    pub carrier: Option<String>,
    /// The news agency credited in the text.
    pub wire: Option<WireCredit>,
    /// The line that names the writer in the text, without its "By".
    pub byline: Option<String>,
    /// The opening words that say where, and maybe when, it was filed.
    pub dateline: Option<Dateline>,
    /// The writer as stated in metadata.
    pub author: Option<String>,
    /// The language, stated or detected; none for a text too short to tell.
    pub language: Option<Language>,
    /// Everything else that was stated, under the name it had there.
    pub extra: BTreeMap<String, Value>,
}

impl Found {
    /// Returns a report with its text alone; the rest is for the format to fill in.
    pub(crate) fn new(origin: Origin, raw: Vec<u8>, media_type: MediaType, text: &str) -> Self {
        Self {
            origin,
            raw,
            media_type,
            text: crate::normalise(text),
            title: None,
            published: None,
            updated: None,
            given_id: None,
            url: None,
            publisher: None,
            carrier: None,
            wire: None,
            byline: None,
            dateline: None,
            author: None,
            language: None,
            extra: BTreeMap::new(),
        }
    }
}

/// Where a report lies: a file, folder entry or address, then the archives inside it, then the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Origin {
    /// The path of a file, an address, or `-` for standard input.
    pub base: String,
    /// The entries to descend into, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<String>,
    /// The record in a feed, mailbox, table or the like, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
}

impl Origin {
    /// Returns the origin of a whole file or address.
    pub fn of(base: impl Into<String>) -> Self {
        Self { base: base.into(), inside: Vec::new(), record: None }
    }

    /// Returns the origin of an archive entry in here.
    pub(crate) fn entry(&self, name: &str) -> Self {
        let mut inside = self.inside.clone();
        inside.push(name.to_owned());
        Self { base: self.base.clone(), inside, record: None }
    }

    /// Returns the origin of the record with this number in here.
    pub(crate) fn record(&self, number: u64) -> Self {
        Self { record: Some(number), ..self.clone() }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names come from strangers: what a terminal would obey is shown as a space.
        let shown =
            |name: &str| name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
        out.write_str(&shown(&self.base))?;
        for entry in &self.inside {
            write!(out, "!{}", shown(entry))?;
        }
        match self.record {
            Some(number) => write!(out, "#{number}"),
            None => Ok(()),
        }
    }
}

/// What the bytes of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaType {
    /// Plain text.
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// A web page.
    Html,
    /// A PDF document.
    Pdf,
    /// An Office Open XML text document.
    Docx,
    /// An e-mail message.
    Mail,
    /// A JSON object.
    Json,
    /// A row of a table.
    Csv,
    /// An entry of an RSS, Atom or JSON feed.
    FeedEntry,
}

impl MediaType {
    /// Returns the registered name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text/plain",
            Self::Markdown => "text/markdown",
            Self::Html => "text/html",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Mail => "message/rfc822",
            Self::Json => "application/json",
            Self::Csv => "text/csv",
            Self::FeedEntry => "application/xml",
        }
    }
}

/// A date, with the time and zone only if they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedAt {
    /// The words as they stood there.
    pub text: String,
    /// The day, in the zone of the text.
    pub date: Date,
    /// The time of day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Time>,
    /// Minutes east of Greenwich.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset_minutes: Option<i16>,
}

impl PublishedAt {
    /// Returns the instant, if the words fix one.
    pub fn timestamp(&self) -> Option<jiff::Timestamp> {
        let offset = jiff::tz::Offset::from_seconds(i32::from(self.offset_minutes?) * 60).ok()?;
        offset.to_timestamp(self.date.to_datetime(self.time?)).ok()
    }
}

/// A credit to a news agency, as evidence rather than as fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireCredit {
    /// The agency's usual name.
    pub agency: String,
    /// Where the text says so, in bytes.
    pub span: Range<usize>,
}

/// The opening "PLACE, date —" of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// The place as written.
    pub place: String,
    /// The words of the date, without a year nobody gave.
    pub date_words: Option<String>,
    /// Where it stands in the text, in bytes.
    pub span: Range<usize>,
}

/// The language of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Language {
    /// The BCP 47 tag, such as `en` or `pt-BR`.
    pub tag: String,
    /// How sure the detection is, from 0 to 1; 1 where the source states the language.
    pub confidence: f64,
    /// Whether the source states it, rather than the text being looked at.
    pub stated: bool,
}

/// One thing that could not be taken in. Never holds text of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("cannot take in {origin}")]
pub struct Failed {
    /// What it was.
    pub origin: Origin,
    /// Why not.
    #[source]
    pub reason: FailReason,
    /// What the library underneath had to say, in a few words.
    pub detail: String,
}

impl Failed {
    /// Returns what the user can do about it, empty where there is nothing.
    pub fn hint(&self) -> &'static str {
        self.reason.hint()
    }
}

/// Why something could not be taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FailReason {
    /// The operating system would not give the bytes.
    #[error("cannot read the file or folder")]
    Unreadable,
    /// There is nothing in it.
    #[error("cannot find any text: it is empty")]
    Empty,
    /// A password is needed.
    #[error("cannot open it without its password")]
    Encrypted,
    /// It stops before its end.
    #[error("cannot read to the end: it is cut off")]
    Truncated,
    /// It does not follow its own format.
    #[error("cannot make sense of it: it is damaged")]
    Damaged,
    /// It is neither text nor a document.
    #[error("cannot find text in binary data")]
    Binary,
    /// One report is larger than allowed.
    #[error("cannot take in more than {limit_bytes} bytes as one report")]
    TooLarge {
        /// The limit that was exceeded.
        limit_bytes: u64,
    },
    /// Packed data that grows without measure.
    #[error("cannot unpack it safely: it grows beyond the limits")]
    Bomb,
    /// Archives with too many entries.
    #[error("cannot unpack more than {limit} entries")]
    TooManyEntries {
        /// The limit that was exceeded.
        limit: u64,
    },
    /// Archives inside archives, too deep.
    #[error("cannot open archives nested deeper than {limit}")]
    TooDeep {
        /// The limit that was exceeded.
        limit: usize,
    },
    /// A page without a story.
    #[error("cannot find an article in the page")]
    NoArticle,
    /// A document whose text cannot be got at, such as a scan.
    #[error("cannot find text in the document")]
    NoText,
    /// A record without text, or not a record at all.
    #[error("cannot read the record")]
    MalformedRecord,
    /// A feed that breaks off or is no feed.
    #[error("cannot read the feed")]
    MalformedFeed,
    /// An address that is not on the public web.
    #[error("cannot fetch from an address inside the own network")]
    RefusedAddress,
    /// Something that is not an address at all, or not one of the web.
    #[error("cannot understand the address")]
    BadAddress,
    /// Nobody answered.
    #[error("cannot reach the server")]
    Unreachable,
    /// It took too long.
    #[error("cannot finish within the time allowed")]
    TimedOut,
    /// One redirect after another.
    #[error("cannot follow so many redirects")]
    TooManyRedirects,
    /// The server said no.
    #[error("cannot fetch it: the server answers {0}")]
    HttpStatus(u16),
    /// A kind of file that intake does not read.
    #[error("cannot read this kind of file")]
    Unsupported,
    /// The library that reads this format gave up in an unforeseen way.
    #[error("cannot read it: its reader failed")]
    ReaderFailed,
}

impl FailReason {
    /// Returns what the user can do about it, empty where there is nothing.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable => "check that the path exists and may be read",
            Self::Empty | Self::NoArticle => "",
            Self::Encrypted => "save a copy without a password and take that in",
            Self::Truncated => "copy or download it again",
            Self::Damaged | Self::ReaderFailed => {
                "open it in the program that made it and save it again, or as text"
            }
            Self::Binary | Self::Unsupported => "save it as text, HTML, PDF or DOCX",
            Self::TooLarge { .. } => "raise limits.report_bytes_max, or split it",
            Self::Bomb => {
                "if you trust it, raise limits.ratio_max and limits.expanded_bytes_max, or unpack it yourself"
            }
            Self::TooManyEntries { .. } => {
                "raise limits.archive_entries_max, or unpack it and take in the folder"
            }
            Self::TooDeep { .. } => "raise limits.nesting_max, or unpack the inner archives",
            Self::NoText => "if it is a scan, run text recognition over it first",
            Self::MalformedRecord => "give each record a key text, content or body",
            Self::MalformedFeed => "check that the address is that of the feed and not of a page about it",
            Self::RefusedAddress => "set limits.allow_private_addresses if you mean your own network",
            Self::BadAddress => "give an address that begins with http:// or https://",
            Self::Unreachable => "check the address and the connection, then take it in again",
            Self::TimedOut => "raise limits.http_time_max or limits.document_time_max, or try again later",
            Self::TooManyRedirects => "give the address where the redirects end",
            Self::HttpStatus(_) => "open the address in a browser to see what it wants",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_names_the_way_in() {
        let origin = Origin::of("a.zip").entry("b/c.jsonl").record(3);
        assert_eq!(origin.to_string(), "a.zip!b/c.jsonl#3");
    }

    #[test]
    fn control_characters_in_names_never_reach_a_terminal() {
        assert_eq!(Origin::of("a.tar").entry("x\u{1b}[2Jy").to_string(), "a.tar!x [2Jy");
    }

    #[test]
    fn an_instant_needs_a_time_and_a_zone() {
        let mut at = crate::dates::parse("2031-03-03T10:00:00+02:00").unwrap();
        assert_eq!(at.timestamp().unwrap().to_string(), "2031-03-03T08:00:00Z");
        at.offset_minutes = None;
        assert_eq!(at.timestamp(), None);
    }
}
