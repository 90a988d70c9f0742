//! Record: who changed what, when, and can it be shown that nothing was altered since?

use crate::marking::Marking;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

/// One entry of the append-only record of changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its number, counted from 1 without gaps.
    pub sequence: u64,
    /// When.
    pub at: Timestamp,
    /// Who: a user name, or the program.
    pub by: String,
    /// What was done.
    pub action: Action,
    /// The id of what it was done to.
    pub object: String,
    /// SHA-256 of what was kept, in hexadecimal.
    pub digest: String,
    /// Who may see it.
    pub marking: Marking,
    /// Hash of the entry before; empty for the first.
    pub previous: String,
    /// Hash of this entry with all of the above.
    pub hash: String,
}

/// What can be done to a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A report was taken in.
    TakeIn,
    /// A report came again with other words.
    NewVersion,
    /// A report was read anew.
    ReadAgain,
    /// Something could not be taken in.
    Failed,
    /// A decision was recorded.
    Judge,
    /// What is believed was derived anew.
    Rebuild,
}

/// Something done to a store, before it stands in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// When.
    pub at: Timestamp,
    /// Who: a user name, or the program.
    pub by: String,
    /// What was done.
    pub action: Action,
    /// The id of what it was done to.
    pub object: String,
    /// SHA-256 of what was kept, in hexadecimal.
    pub digest: String,
    /// Who may see it.
    pub marking: Marking,
}

impl Entry {
    /// Makes the entry of a deed that follows `previous`; nothing is before the first.
    pub fn following(previous: Option<&Self>, deed: Deed) -> Self {
        let mut entry = Self {
            sequence: previous.map_or(1, |previous| previous.sequence + 1),
            at: deed.at,
            by: deed.by,
            action: deed.action,
            object: deed.object,
            digest: deed.digest,
            marking: deed.marking,
            previous: previous.map_or_else(String::new, |previous| previous.hash.clone()),
            hash: String::new(),
        };
        entry.hash = entry.computed_hash();
        entry
    }

    /// Computes the hash that the entry must carry.
    pub fn computed_hash(&self) -> String {
        let content = (
            self.sequence,
            self.at,
            &self.by,
            self.action,
            &self.object,
            &self.digest,
            &self.marking,
            &self.previous,
        );
        let bytes = serde_json::to_vec(&content).expect("plain values always serialise");
        hex_digest(&bytes)
    }
}

/// SHA-256 in hexadecimal.
pub fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string never fails");
        hex
    })
}

/// Something that could not be taken in, kept with its reason and the way to try again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Where it was found.
    pub origin: String,
    /// One word for why.
    pub reason: String,
    /// What went wrong, without any of the text.
    pub detail: String,
    /// What can be done.
    pub hint: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_altered_entry_no_longer_carries_its_hash() {
        let deed = Deed {
            at: Timestamp::UNIX_EPOCH,
            by: "anna".to_owned(),
            action: Action::Judge,
            object: "jdg-1".to_owned(),
            digest: "00".to_owned(),
            marking: Marking::default(),
        };
        let mut entry = Entry::following(None, deed);
        assert_eq!(entry.computed_hash(), entry.hash);
        entry.by = "berta".to_owned();
        assert_ne!(entry.computed_hash(), entry.hash);
    }
}
