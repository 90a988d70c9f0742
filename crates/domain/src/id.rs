//! Ids: what names a thing for good?
//!
//! Every id is derived from content, so that the same report taken in twice is one report and a
//! rebuild arrives at the same ids. An id is written as a prefix and sixteen letters or digits,
//! such as `rep-4n2k7qv1x9c0d5ha`; any unique beginning of it is enough on the command line.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// Number of bytes of the SHA-256 digest that an id keeps: 80 bits, sixteen base-32 characters.
const ID_BYTES: usize = 10;

/// Crockford's base 32 in lower case: no `i`, `l`, `o`, `u`, so that ids survive being read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cannot read {given:?} as an id: expected {prefix}- and sixteen letters or digits")]
pub struct NotAnId {
    given: String,
    prefix: &'static str,
}

fn digest(prefix: &str, parts: &[&[u8]]) -> [u8; ID_BYTES] {
    let mut hasher = Sha256::new();
    hasher.update(prefix.as_bytes());
    for part in parts {
        // The length goes in first, so that ("ab", "c") and ("a", "bc") differ.
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let mut bytes = [0; ID_BYTES];
    bytes.copy_from_slice(&hasher.finalize()[..ID_BYTES]);
    bytes
}

fn write_base32(bytes: &[u8; ID_BYTES], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    use fmt::Write as _;
    let mut bits = 0u32;
    let mut held = 0;
    for &byte in bytes {
        bits = bits << 8 | u32::from(byte);
        held += 8;
        while held >= 5 {
            held -= 5;
            f.write_char(char::from(ALPHABET[(bits >> held & 31) as usize]))?;
        }
    }
    Ok(())
}

fn read_base32(text: &str) -> Option<[u8; ID_BYTES]> {
    if text.len() != 16 {
        return None;
    }
    let mut bytes = [0; ID_BYTES];
    let (mut bits, mut held, mut next) = (0u32, 0, 0);
    for letter in text.bytes() {
        let value = ALPHABET.iter().position(|&known| known == letter.to_ascii_lowercase())?;
        bits = bits << 5 | u32::try_from(value).ok()?;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes[next] = (bits >> held & 255) as u8;
            next += 1;
        }
    }
    Some(bytes)
}

/// The bytes as one number, which sorts as they do and is quicker to compare: ids are sorted a lot.
fn as_number(bytes: &[u8; ID_BYTES]) -> u128 {
    let mut wide = [0; 16];
    wide[..ID_BYTES].copy_from_slice(bytes);
    u128::from_be_bytes(wide)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name([u8; ID_BYTES]);

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                as_number(&self.0).cmp(&as_number(&other.0))
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl $name {
            /// What ids of this kind begin with, before the hyphen.
            pub const PREFIX: &'static str = $prefix;

            /// Derives the id of the thing that these parts name.
            pub fn of(parts: &[&[u8]]) -> Self {
                Self(digest($prefix, parts))
            }

            /// The bytes that it consists of; they sort as its text does.
            pub fn as_bytes(&self) -> &[u8; 10] {
                &self.0
            }

            /// The id that consists of these bytes; see `as_bytes`.
            pub fn from_bytes(bytes: [u8; 10]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!($prefix, "-"))?;
                write_base32(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.strip_prefix(concat!($prefix, "-"))
                    .and_then(read_base32)
                    .map(Self)
                    .ok_or_else(|| NotAnId { given: text.to_owned(), prefix: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// Names a report through all its versions.
    ReportId, "rep"
);
id!(
    /// Names an outlet, agency or other publisher.
    SourceId, "src"
);
id!(
    /// Names one claim of one version of one report.
    ClaimId, "clm"
);
id!(
    /// Names an event by its founding claim.
    ///
    /// Each event claim could found an event; an event shows under the id of the earliest of its
    /// claims, and is found under the id that any of them would have founded. So a link or a
    /// judgement stays good when reports arrive later that move an event's beginning.
    EventId, "evt"
);
id!(
    /// Names an actor, known beforehand or met in reports.
    ActorId, "act"
);
id!(
    /// Names how two actors stand to one another.
    RelationId, "rel"
);
id!(
    /// Names a recorded decision.
    JudgementId, "jdg"
);
id!(
    /// Names bytes that were taken in, by their content.
    BlobId, "blb"
);

impl EventId {
    /// Returns the id of the event that this claim would found.
    pub fn founded_by(claim: ClaimId) -> Self {
        Self(claim.0)
    }

    /// Returns the claim that founds this event.
    pub fn founding_claim(self) -> ClaimId {
        ClaimId(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_is_written() {
        let id = ReportId::of(&[b"harbour-news", b"42"]);
        assert_eq!(id.to_string().len(), 4 + 16);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(serde_json::from_str::<ReportId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }

    #[test]
    fn ids_sort_as_their_bytes_and_their_texts_do() {
        let mut ids: Vec<ReportId> = (0..200_u8).map(|number| ReportId::of(&[&[number]])).collect();
        ids.sort_unstable();
        assert!(ids.is_sorted_by_key(|id| *id.as_bytes()));
        assert!(ids.is_sorted_by_key(ReportId::to_string));
    }

    #[test]
    fn ids_differ_by_kind_and_by_where_parts_end() {
        assert_ne!(ReportId::of(&[b"ab", b"c"]).0, ReportId::of(&[b"a", b"bc"]).0);
        assert_ne!(ReportId::of(&[b"a"]).0, SourceId::of(&[b"a"]).0);
        assert!("evt-4n2k7qv1x9c0d5ha".parse::<ReportId>().is_err());
    }
}
