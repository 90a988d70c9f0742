//! How is a value written into a row? As JSON, compressed with a dictionary of what JSON here looks like.
//!
//! JSON names its fields, so a file stays readable when types gain optional ones. The dictionary
//! makes up for the names: short bodies shrink as if they had none. The first byte tells the form,
//! so that another one can be added without touching old rows.

use crate::StoreError;
use headwater_domain::id::{ActorId, BlobId, ClaimId, EventId, JudgementId, ReportId, SourceId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use zstd::bulk::{Compressor, Decompressor};

/// What packed JSON is likely to repeat. Part of the format: never edited, only followed by another.
const DICTIONARY: &[u8] = include_bytes!("dictionary-1.json");
/// Form of a body: compressed with [`DICTIONARY`]; four bytes of length follow, least first.
const FORM: u8 = 1;
const HEADER_BYTES: usize = 5;
const LEVEL: i32 = 1;

/// Packs and unpacks bodies; one for each connection, since it keeps working memory.
pub(super) struct Codec {
    compressor: RefCell<Compressor<'static>>,
    decompressor: RefCell<Decompressor<'static>>,
}

impl Codec {
    pub(super) fn new() -> Result<Self, StoreError> {
        let backend = |error| StoreError::Backend(Box::new(error));
        Ok(Self {
            compressor: RefCell::new(Compressor::with_dictionary(LEVEL, DICTIONARY).map_err(backend)?),
            decompressor: RefCell::new(Decompressor::with_dictionary(DICTIONARY).map_err(backend)?),
        })
    }

    pub(super) fn pack<T: Serialize>(&self, value: &T) -> Result<Vec<u8>, StoreError> {
        let json = serde_json::to_vec(value).map_err(|error| StoreError::Backend(Box::new(error)))?;
        self.pack_bytes(&json)
    }

    pub(super) fn pack_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
        let backend = |error| StoreError::Backend(Box::new(error));
        let length = u32::try_from(bytes.len())
            .map_err(|_| backend(std::io::Error::from(std::io::ErrorKind::FileTooLarge)))?;
        let mut packed = Vec::with_capacity(HEADER_BYTES + zstd::zstd_safe::compress_bound(bytes.len()));
        packed.push(FORM);
        packed.extend(length.to_le_bytes());
        let mut at_end = std::io::Cursor::new(&mut packed);
        at_end.set_position(HEADER_BYTES as u64);
        self.compressor.borrow_mut().compress_to_buffer(bytes, &mut at_end).map_err(backend)?;
        Ok(packed)
    }

    /// Reads a value back; `what` names it should it be damaged.
    pub(super) fn unpack<T: DeserializeOwned>(
        &self,
        packed: &[u8],
        what: impl Fn() -> String,
    ) -> Result<T, StoreError> {
        let json = self.unpack_bytes(packed, &what)?;
        serde_json::from_slice(&json).map_err(|_| StoreError::Damaged { what: what() })
    }

    pub(super) fn unpack_bytes(
        &self,
        packed: &[u8],
        what: impl Fn() -> String,
    ) -> Result<Vec<u8>, StoreError> {
        let damaged = || StoreError::Damaged { what: what() };
        let (header, frame) = packed.split_first_chunk::<HEADER_BYTES>().ok_or_else(damaged)?;
        let &[FORM, a, b, c, d] = header else { return Err(damaged()) };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        // A damaged length must not claim memory that no frame of this size could fill.
        if length as u64 > frame.len() as u64 * ZSTD_RATIO_MAX {
            return Err(damaged());
        }
        let bytes = self.decompressor.borrow_mut().decompress(frame, length).map_err(|_| damaged())?;
        if bytes.len() == length { Ok(bytes) } else { Err(damaged()) }
    }
}

/// More than zstd reaches: a block of 128 KiB of one byte takes four bytes.
const ZSTD_RATIO_MAX: u64 = 1 << 16;

/// Reads a value kept as plain JSON.
pub(super) fn from_json<T: DeserializeOwned>(json: &str, what: impl Fn() -> String) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Damaged { what: what() })
}

/// Writes a value as plain JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Backend(Box::new(error)))
}

/// An id in a column: its ten bytes.
pub(super) struct Key<Id>(pub(super) Id);

macro_rules! key {
    ($($id:ty),+) => { $(
        impl rusqlite::ToSql for Key<$id> {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.0.as_bytes().as_slice().into())
            }
        }

        impl rusqlite::types::FromSql for Key<$id> {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                rusqlite::types::FromSql::column_result(value).map(|bytes| Self(<$id>::from_bytes(bytes)))
            }
        }
    )+ };
}
key!(ActorId, BlobId, ClaimId, EventId, JudgementId, ReportId, SourceId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks() {
        let codec = Codec::new().unwrap();
        for length in [0, 1, 100, 1_000_000] {
            let bytes = vec![b'a'; length];
            let packed = codec.pack_bytes(&bytes).unwrap();
            assert_eq!(codec.unpack_bytes(&packed, String::new).unwrap(), bytes);
        }
    }

    #[test]
    fn what_is_damaged_is_told_and_claims_no_memory() {
        let codec = Codec::new().unwrap();
        let packed = codec.pack(&"three were killed near the bridge").unwrap();
        for cut in 0..packed.len() {
            let outcome = codec.unpack_bytes(&packed[..cut], || "rep-1".to_owned());
            assert!(matches!(outcome, Err(StoreError::Damaged { what }) if what == "rep-1"));
        }
        let huge = [&[FORM, 255, 255, 255, 255], &packed[HEADER_BYTES..]].concat();
        assert!(codec.unpack_bytes(&huge, String::new).is_err());
    }

    #[test]
    fn the_dictionary_of_format_1_is_never_edited() {
        assert_eq!(
            headwater_domain::record::hex_digest(DICTIONARY),
            "f3a90194613065041e28a3a295f73f5603d81a329e15020a6e74c93a2daa557f"
        );
    }
}
