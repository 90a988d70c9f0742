//! Benchmarks: what does the real program answer, in each scorer's own form?

pub mod attributions;
pub mod coreference;
pub mod dates;
pub mod factuality;
pub mod gold;
pub mod isaf;
pub mod muc4;
pub mod names;
pub mod places;
pub mod plover;
pub mod reading;
pub mod reuse;

use headwater_domain::text::Span;

/// Translates byte offsets into the code-point offsets that the benchmarks count in.
#[derive(Debug)]
pub struct CodePoints<'a> {
    text: &'a str,
    /// Code points before every 64th byte, so that a look-up scans little.
    marks: Vec<u32>,
}

const STRIDE: usize = 64;

impl<'a> CodePoints<'a> {
    /// Prepares a text.
    pub fn new(text: &'a str) -> Self {
        let mut marks = vec![0];
        let mut seen = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at > 0 && at % STRIDE == 0 {
                marks.push(seen);
            }
            // Every byte but a continuation byte begins a code point.
            seen += u32::from(byte & 0xc0 != 0x80);
        }
        Self { text, marks }
    }

    /// Code points before this byte.
    pub fn before(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        let mark = (byte / STRIDE).min(self.marks.len() - 1);
        let rest = &self.text.as_bytes()[mark * STRIDE..byte];
        self.marks[mark] as usize + rest.iter().filter(|&&byte| byte & 0xc0 != 0x80).count()
    }

    /// Start and end of a span in code points.
    pub fn of(&self, span: Span) -> (usize, usize) {
        (self.before(span.start()), self.before(span.end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_count_code_points_everywhere() {
        let text = "é—A中".repeat(60);
        let points = CodePoints::new(&text);
        for (nth, (at, _)) in text.char_indices().enumerate() {
            assert_eq!(points.before(at), nth);
        }
        assert_eq!(points.before(text.len()), text.chars().count());
    }
}
