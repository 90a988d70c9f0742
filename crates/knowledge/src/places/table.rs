//! How is the table of places laid out, and how is it searched without copying it?
//!
//! The table is decompressed once into one buffer. Numbers stand in planes (all lowest bytes, then all second
//! bytes, …), so that they compress well and can be read in place; names stand in two sorted lists of lines.

use std::io::Read;
use std::ops::Range;

use super::PlaceKey;

static PACKED: &[u8] = include_bytes!("../../data/places.table.zst");

const SECTIONS: usize = 15;
const HEADER_BYTES: usize = 16 + 4 * SECTIONS;
/// No name of a place has more words; longer runs of words need not be tried.
pub(super) const NAME_WORDS_MAX: usize = 8;

/// One of the parts of the table, in the order in which `prepare/places.py` writes them.
#[derive(Clone, Copy)]
pub(super) enum Section {
    Names,
    Countries,
    Codes,
    Demonyms,
    Keys,
    KeyFlags,
    Postings,
    Kinds,
    CountryNumbers,
    Parents,
    Latitudes,
    Longitudes,
    Populations,
    GeonameIds,
    GivenNames,
}

/// The decompressed table with the starts of its lines.
pub(super) struct Table {
    raw: Vec<u8>,
    sections: [Range<usize>; SECTIONS],
    pub(super) places: usize,
    name_starts: Vec<u32>,
    key_starts: Vec<u32>,
    /// For each name: where its list of places starts, and the place before its first.
    postings: Vec<(u32, u32)>,
}

impl Table {
    pub(super) fn load() -> Self {
        let mut raw = Vec::with_capacity(24 << 20);
        zstd::Decoder::new(PACKED)
            .and_then(|mut decoder| decoder.read_to_end(&mut raw))
            .expect("the table is part of the program and was read by the tests");
        let number = |at: usize| {
            raw.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])) as usize
        };
        assert!(
            raw.starts_with(b"HWPL") && number(4) == 1,
            "the table of places has the format of this program"
        );
        let places = number(8);
        let keys = number(12);
        let mut start = HEADER_BYTES;
        let sections = std::array::from_fn(|k| {
            let end = start + number(16 + 4 * k);
            let range = start..end;
            start = end;
            range
        });
        let mut table = Self {
            raw,
            sections,
            places,
            name_starts: Vec::new(),
            key_starts: Vec::new(),
            postings: Vec::new(),
        };
        table.name_starts = line_starts(table.section(Section::Names), places);
        table.key_starts = line_starts(table.section(Section::Keys), keys);
        table.postings = table.posting_starts(keys);
        table
    }

    pub(super) fn section(&self, section: Section) -> &[u8] {
        self.raw.get(self.sections[section as usize].clone()).unwrap_or_default()
    }

    pub(super) fn lines(&self, section: Section) -> impl Iterator<Item = &str> {
        std::str::from_utf8(self.section(section)).unwrap_or_default().lines()
    }

    pub(super) fn byte(&self, section: Section, index: usize) -> u8 {
        self.section(section).get(index).copied().unwrap_or_default()
    }

    /// Reads a number that stands in `planes` planes.
    pub(super) fn number(&self, section: Section, index: usize, planes: usize) -> u32 {
        let bytes = self.section(section);
        (0..planes).fold(0, |sum, plane| {
            sum | u32::from(bytes.get(plane * self.places + index).copied().unwrap_or_default())
                << (8 * plane)
        })
    }

    pub(super) fn name(&self, index: usize) -> &str {
        std::str::from_utf8(line(self.section(Section::Names), &self.name_starts, index)).unwrap_or_default()
    }

    /// Returns where `folded` stands among the names, or where it would stand.
    pub(super) fn search(&self, folded: &str) -> Result<usize, usize> {
        let keys = self.section(Section::Keys);
        let (mut low, mut high) = (0, self.key_starts.len());
        while low < high {
            let middle = low.midpoint(high);
            match line(keys, &self.key_starts, middle).cmp(folded.as_bytes()) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    /// Whether some name starts with `folded` and goes on with another word.
    pub(super) fn goes_on(&self, folded: &str, at: Result<usize, usize>) -> bool {
        let next = at.map_or_else(|at| at, |at| at + 1);
        let keys = self.section(Section::Keys);
        // Names sort by byte and a space sorts before every letter, so the longer names follow at once.
        line(keys, &self.key_starts, next)
            .strip_prefix(folded.as_bytes())
            .is_some_and(|rest| rest.starts_with(b" "))
    }

    /// Returns the places that bear the name at `at`, and whether the name is one of their other names.
    pub(super) fn bearers(&self, at: usize) -> Vec<(PlaceKey, bool)> {
        let Some(&(start, before)) = self.postings.get(at) else { return Vec::new() };
        let mut reader = Varints { bytes: self.section(Section::Postings), at: start as usize };
        let count = reader.next();
        let mut last = before;
        (0..count)
            .map(|_| {
                let (index, other) = reader.place(last);
                last = index;
                (PlaceKey(index), other)
            })
            .collect()
    }

    fn posting_starts(&self, keys: usize) -> Vec<(u32, u32)> {
        let mut reader = Varints { bytes: self.section(Section::Postings), at: 0 };
        let mut last = 0;
        (0..keys)
            .map(|_| {
                let start = (reader.at as u32, last);
                for _ in 0..reader.next() {
                    last = reader.place(last).0;
                }
                start
            })
            .collect()
    }
}

struct Varints<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Varints<'_> {
    fn next(&mut self) -> u32 {
        let (mut value, mut shift) = (0u32, 0);
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            value |= u32::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 || shift > 28 {
                break;
            }
        }
        value
    }

    /// Reads a place, which is stored as the step from the place before it.
    fn place(&mut self, last: u32) -> (u32, bool) {
        let value = self.next();
        let zigzag = value >> 1;
        let step = if zigzag & 1 == 0 { (zigzag >> 1) as i32 } else { -(((zigzag + 1) >> 1) as i32) };
        (last.wrapping_add_signed(step), value & 1 == 1)
    }
}

fn line_starts(text: &[u8], lines: usize) -> Vec<u32> {
    let mut starts = Vec::with_capacity(lines);
    if !text.is_empty() {
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text).map(|at| at as u32 + 1));
    }
    starts
}

fn line<'a>(text: &'a [u8], starts: &[u32], index: usize) -> &'a [u8] {
    let Some(&start) = starts.get(index) else { return &[] };
    let end = starts.get(index + 1).map_or(text.len(), |&next| next as usize - 1);
    text.get(start as usize..end).unwrap_or_default()
}
