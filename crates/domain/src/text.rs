//! Text: which words, exactly?
//!
//! One coordinate system everywhere: byte offsets into the text as it was normalised at intake.

use crate::id::ReportId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A report's text, normalised once at intake and never changed afterwards.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text(Arc<str>);

impl Text {
    /// Wraps text that intake has normalised.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// Returns the whole text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the span of these bytes, or nothing if they are empty, lie outside the text or cut a
    /// character in two.
    pub fn span(&self, bytes: Range<usize>) -> Option<Span> {
        Span::within(&self.0, bytes)
    }

    /// Returns the words of a span, or nothing if the span was made for another text.
    pub fn passage(&self, span: Span) -> Option<&str> {
        self.0.get(span.range())
    }
}

// The text may be marked; a debug print must not spill it into a log.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.0.len())
    }
}

/// A stretch of a text in bytes: never empty, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// Returns the span of these bytes of `text`; see [`Text::span`].
    pub fn within(text: &str, bytes: Range<usize>) -> Option<Self> {
        let passage = text.get(bytes.clone())?;
        if passage.is_empty() {
            return None;
        }
        Some(Self { start: u32::try_from(bytes.start).ok()?, end: u32::try_from(bytes.end).ok()? })
    }

    /// First byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// One past the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Tells whether the two share a byte.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Tells whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the smallest span that holds both.
    pub fn cover(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A sentence and the paragraph it stands in, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Where it stands.
    pub span: Span,
    /// Which paragraph it belongs to.
    pub paragraph: u32,
}

/// The passages a value rests on: never empty. The first is the one to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The report, and which of its versions, counted from 1.
    pub report: ReportId,
    /// The version whose text the spans count in.
    pub version: u32,
    first: Span,
    more: Vec<Span>,
}

impl Evidence {
    /// Starts evidence with the passage to show.
    pub fn new(report: ReportId, version: u32, first: Span) -> Self {
        Self { report, version, first, more: Vec::new() }
    }

    /// Adds a passage, unless it is there already.
    #[must_use]
    pub fn and(mut self, span: Span) -> Self {
        if self.first != span && !self.more.contains(&span) {
            self.more.push(span);
        }
        self
    }

    /// The passage to show first.
    pub fn first(&self) -> Span {
        self.first
    }

    /// All passages, the first one first.
    pub fn spans(&self) -> impl Iterator<Item = Span> + '_ {
        std::iter::once(self.first).chain(self.more.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_span_always_quotes_its_text(text in "\\PC{0,40}", start in 0usize..50, length in 0usize..50) {
            let text = Text::new(&text);
            if let Some(span) = text.span(start..start + length) {
                prop_assert!(!text.passage(span).unwrap().is_empty());
            }
        }
    }

    #[test]
    fn a_span_neither_cuts_a_character_nor_leaves_the_text() {
        let text = Text::new("Zürich");
        assert!(text.span(0..2).is_none());
        assert!(text.span(0..99).is_none());
        assert!(text.span(3..3).is_none());
        assert_eq!(text.passage(text.span(0..3).unwrap()), Some("Zü"));
    }
}
