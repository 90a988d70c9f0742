//! Report and source: what was taken in, and from whom?

use crate::id::{BlobId, ReportId, SourceId};
use crate::marking::Marking;
use crate::text::{Span, Text};
use crate::time::Published;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One version of a report. The id stays the same through all versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Names the report through all its versions.
    pub id: ReportId,
    /// Which version, counted from 1 in the order in which they were taken in.
    pub version: u32,
    /// The id it was given where it came from.
    pub given_id: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// The text; all spans count in it.
    pub text: Text,
    /// The outlet that published it: the real one, not whoever passed it on.
    pub source: Option<SourceId>,
    /// Who passed it on, such as an aggregator's feed.
    pub carrier: Option<String>,
    /// The agency that the text credits.
    pub wire: Option<WireCredit>,
    /// Where the text says it was written, as it stands there.
    pub dateline: Option<Span>,
    /// The author's line.
    pub author: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
    /// BCP 47 tag; nothing where too little text tells.
    pub language: Option<String>,
    /// When it was published; nothing where not known.
    pub published: Option<Published>,
    /// When this version was published, where the report says.
    pub updated: Option<Published>,
    /// When it was taken in.
    pub received: Timestamp,
    /// Who may see it.
    pub marking: Marking,
    /// The bytes as they came.
    pub raw: BlobId,
    /// Where the bytes were found, so that they can be fetched again.
    pub origin: String,
    /// What else came with it, kept as it was.
    pub extra: BTreeMap<String, serde_json::Value>,
}

/// An agency credited in a report's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireCredit {
    /// The agency's name.
    pub agency: String,
    /// The words that credit it, where they are in the text.
    pub span: Option<Span>,
}

/// An outlet, agency or other publisher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Names it.
    pub id: SourceId,
    /// As reports name it.
    pub name: String,
    /// The family it belongs to, where known.
    pub parent: Option<SourceId>,
    /// How far it has earned trust; an analyst's to say.
    pub reliability: Reliability,
}

impl Source {
    /// A source of which only the name is known.
    pub fn named(name: &str) -> Self {
        Self { id: Self::id_of(name), name: name.to_owned(), parent: None, reliability: Reliability::F }
    }

    /// The id of the source with this name, whatever its case and spacing.
    pub fn id_of(name: &str) -> SourceId {
        let folded = name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        SourceId::of(&[folded.as_bytes()])
    }
}

/// Admiralty grade of a source. `F` is not worse than `E`: it says that there is nothing to judge by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Reliability {
    /// Completely reliable.
    A,
    /// Usually reliable.
    B,
    /// Fairly reliable.
    C,
    /// Not usually reliable.
    D,
    /// Unreliable.
    E,
    /// Reliability cannot be judged.
    #[default]
    F,
}

impl Reliability {
    /// Reads a letter from A to F.
    pub fn from_letter(letter: &str) -> Option<Self> {
        match letter.trim().to_ascii_uppercase().as_str() {
            "A" => Some(Self::A),
            "B" => Some(Self::B),
            "C" => Some(Self::C),
            "D" => Some(Self::D),
            "E" => Some(Self::E),
            "F" => Some(Self::F),
            _ => None,
        }
    }
}
