//! Which words does a text have, and of which vocabulary pieces is each made?
//!
//! The words and pieces are those of the uncased BERT tokeniser that the network was trained with, so
//! the rules below follow it to the letter, down to the version of Unicode that it knows.

use crate::Error;
use rustc_hash::FxHashMap;
use std::ops::Range;
use unicode_categories::UnicodeCategories;
use unicode_normalization::char::decompose_canonical;

/// A longer word is not looked up: it is one unknown piece, as in training.
const WORD_CHARS_MAX: usize = 100;

/// What stands before the pieces that continue a word.
const CONTINUATION: &str = "##";

/// A text as words, each made of pieces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// The words in order.
    pub words: Vec<Word>,
    /// The pieces of all words in order.
    pub pieces: Vec<u32>,
}

/// What stands between white space, or a single punctuation mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// Which of the pieces are its; there is at least one.
    pub pieces: Range<usize>,
    /// How it uses capitals, which its pieces do not tell.
    pub case: Case,
}

/// How a word uses capitals. The numbers are the rows of the learnt table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Nothing that has a case: `—`, `村`.
    None = 0,
    /// `attack`
    Lower = 1,
    /// `Brisa`, `A`
    Title = 2,
    /// `TTP`
    Upper = 3,
    /// `iPhone`
    Mixed = 4,
    /// `12`, `F16`
    Digit = 5,
}

impl Case {
    /// How many cases there are.
    pub const COUNT: usize = 6;
}

/// The pieces that words are made of, and their numbers.
#[derive(Debug)]
pub struct Vocabulary {
    /// Pieces that begin a word.
    starts: Pieces,
    /// Pieces that continue one, without their mark.
    continuations: Pieces,
    unknown: u32,
    /// Stands before every window.
    pub first: u32,
    /// Stands after every window.
    pub last: u32,
    /// How many pieces there are.
    pub len: usize,
}

#[derive(Debug, Default)]
struct Pieces {
    numbers: FxHashMap<Box<str>, u32>,
    bytes_max: usize,
}

impl Pieces {
    fn insert(&mut self, piece: &str, number: u32) -> Option<u32> {
        self.bytes_max = self.bytes_max.max(piece.len());
        self.numbers.insert(piece.into(), number)
    }

    /// Returns the longest piece that `rest` begins with, and its length in bytes.
    fn longest(&self, rest: &str) -> Option<(u32, usize)> {
        let end_max = rest.len().min(self.bytes_max);
        (1..=end_max).rev().find_map(|end| Some((*self.numbers.get(rest.get(..end)?)?, end)))
    }
}

impl Vocabulary {
    /// Reads a vocabulary, one piece a line in the order of their numbers.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        let mut starts = Pieces::default();
        let mut continuations = Pieces::default();
        let mut len = 0;
        for (line, number) in text.lines().zip(0..) {
            let earlier = match line.strip_prefix(CONTINUATION) {
                Some(piece) if !piece.is_empty() => continuations.insert(piece, number),
                _ => starts.insert(line, number),
            };
            if earlier.is_some() {
                return Err(Error::Vocabulary { reason: "a piece stands there twice" });
            }
            len += 1;
        }
        let special = |piece: &str| {
            let number = starts.numbers.get(piece).copied();
            number.ok_or(Error::Vocabulary { reason: "[CLS], [SEP] or [UNK] is missing" })
        };
        let (unknown, first, last) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self { starts, continuations, unknown, first, last, len })
    }

    /// Cuts a text into words and pieces, in time linear in its length.
    pub fn words(&self, text: &str) -> Words {
        let mut cut = Cut { vocabulary: self, open: Open::default(), done: Words::default() };
        for (start, character) in text.char_indices() {
            cut.character(character, start);
        }
        cut.end_word();
        cut.done
    }

    /// Appends the pieces of a word in its normal form; a word that cannot be made of pieces is unknown.
    fn spell(&self, word: &str, pieces: &mut Vec<u32>) {
        let before = pieces.len();
        let mut rest = word;
        let mut table = &self.starts;
        while !rest.is_empty() {
            let Some((number, bytes)) = table.longest(rest) else {
                pieces.truncate(before);
                pieces.push(self.unknown);
                return;
            };
            pieces.push(number);
            rest = rest.get(bytes..).unwrap_or_default();
            table = &self.continuations;
        }
    }
}

/// A text being cut.
struct Cut<'v> {
    vocabulary: &'v Vocabulary,
    open: Open,
    done: Words,
}

/// The word that is being read.
#[derive(Default)]
struct Open {
    /// Its normal form, no further than a word may go.
    normal: String,
    characters: usize,
    span: Range<usize>,
    case: CaseSoFar,
}

impl Cut<'_> {
    fn character(&mut self, original: char, start: usize) {
        if is_left_out(original) {
            return;
        }
        if original.is_whitespace() {
            self.end_word();
            return;
        }
        let span = start..start + original.len_utf8();
        if is_ideograph(original) {
            self.end_word();
            decompose_canonical(original, |part| self.push(part, original, &span));
            self.end_word();
            return;
        }
        if original.is_ascii() {
            self.push_or_stand_alone(original.to_ascii_lowercase(), original, &span);
            return;
        }
        decompose_canonical(original, |part| {
            if !part.is_mark_nonspacing() {
                for lower in part.to_lowercase() {
                    self.push_or_stand_alone(lower, original, &span);
                }
            }
        });
    }

    fn push_or_stand_alone(&mut self, normal: char, original: char, span: &Range<usize>) {
        if is_punctuation(normal) {
            self.end_word();
            self.push(normal, original, span);
            self.end_word();
        } else {
            self.push(normal, original, span);
        }
    }

    fn push(&mut self, normal: char, original: char, span: &Range<usize>) {
        let open = &mut self.open;
        if open.characters == 0 {
            open.span.start = span.start;
        }
        // An original that comes apart into several counts once.
        if open.characters == 0 || open.span.end != span.end {
            open.case.add(original);
        }
        open.span.end = span.end;
        open.characters += 1;
        if open.characters <= WORD_CHARS_MAX {
            open.normal.push(normal);
        }
    }

    fn end_word(&mut self) {
        let open = &mut self.open;
        if open.characters == 0 {
            return;
        }
        let pieces = &mut self.done.pieces;
        let before = pieces.len();
        if open.characters > WORD_CHARS_MAX {
            pieces.push(self.vocabulary.unknown);
        } else {
            self.vocabulary.spell(&open.normal, pieces);
        }
        let word = Word { span: open.span.clone(), pieces: before..pieces.len(), case: open.case.case() };
        self.done.words.push(word);
        open.normal.clear();
        open.characters = 0;
        open.case = CaseSoFar::default();
    }
}

#[derive(Default)]
struct CaseSoFar {
    upper: usize,
    lower: usize,
    first_is_upper: bool,
    digit: bool,
}

impl CaseSoFar {
    fn add(&mut self, character: char) {
        if character.is_uppercase() {
            self.first_is_upper |= self.upper + self.lower == 0;
            self.upper += 1;
        } else if character.is_lowercase() {
            self.lower += 1;
        } else if character.is_numeric() {
            self.digit = true;
        }
    }

    fn case(&self) -> Case {
        match (self.upper, self.lower) {
            _ if self.digit => Case::Digit,
            (0, 0) => Case::None,
            (0, _) => Case::Lower,
            (1, _) if self.first_is_upper => Case::Title,
            (_, 0) => Case::Upper,
            _ => Case::Mixed,
        }
    }
}

/// Whether a character counts for nothing, not even as a gap: controls, marks of direction, zero width.
fn is_left_out(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => false,
        '\0' | '\u{fffd}' => true,
        _ if character.is_ascii() => character.is_ascii_control(),
        _ => character.is_other(),
    }
}

fn is_punctuation(character: char) -> bool {
    character.is_ascii_punctuation() || character.is_punctuation()
}

/// Whether a character is a word by itself: the blocks of Chinese characters, without Hangul and Kana.
fn is_ideograph(character: char) -> bool {
    matches!(
        character,
        '\u{4e00}'..='\u{9fff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{20000}'..='\u{2a6df}'
            | '\u{2a700}'..='\u{2b73f}'
            | '\u{2b740}'..='\u{2b81f}'
            | '\u{2b920}'..='\u{2ceaf}'
            | '\u{f900}'..='\u{faff}'
            | '\u{2f800}'..='\u{2fa1f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::VOCABULARY_TEXT;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Reference {
        text: String,
        words: Vec<(usize, usize, Vec<u32>)>,
    }

    fn vocabulary() -> Vocabulary {
        Vocabulary::from_text(VOCABULARY_TEXT).unwrap()
    }

    #[test]
    fn hard_texts_are_cut_as_the_reference_tokeniser_cuts_them() {
        let references = include_str!("../tests/data/wordpiece.json");
        let references: Vec<Reference> = serde_json::from_str(references).unwrap();
        let vocabulary = vocabulary();
        for Reference { text, words } in references {
            let cut = vocabulary.words(&text);
            let found = cut
                .words
                .iter()
                .map(|word| (word.span.start, word.span.end, cut.pieces[word.pieces.clone()].to_vec()));
            assert_eq!(found.collect::<Vec<_>>(), words, "{text:?}");
        }
    }

    #[test]
    fn the_case_of_a_word_is_that_of_its_letters() {
        let cut = vocabulary().words("attack Brisa A TTP iPhone McDonald 12 F16 — Ávila ÉTÉ 村");
        let cases: Vec<Case> = cut.words.iter().map(|word| word.case).collect();
        use Case::{Digit, Lower, Mixed, None, Title, Upper};
        let expected = [Lower, Title, Title, Upper, Mixed, Mixed, Digit, Digit, None, Title, Upper, None];
        assert_eq!(cases, expected);
    }

    #[test]
    fn a_vocabulary_without_its_special_pieces_or_with_doubles_is_refused() {
        let error = |text: &str| Vocabulary::from_text(text).unwrap_err().to_string();
        assert_eq!(error("a\nb"), "cannot use the vocabulary: [CLS], [SEP] or [UNK] is missing");
        assert_eq!(error("a\na"), "cannot use the vocabulary: a piece stands there twice");
    }
}
