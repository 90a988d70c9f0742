//! Which words does a text hold once spelling habits are put aside, and where did each stand?
//!
//! Names reach us as `Al Qaeda`, `al-Qa'ida` or `AL-QĀʿIDA`. Folding lowers case, removes
//! diacritics, drops apostrophes inside words and possessive endings, and splits at hyphens, so
//! that the word lists of names and of texts can be compared. Every word keeps the byte range it
//! came from, because findings are reported in offsets of the original text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing that ends a name: a space, a hyphen, a quotation mark, a bracket.
    Soft,
    /// A comma, a full stop, an empty line or the start of the text: no name runs across it.
    Hard,
}

/// A folded word and its place in the original text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Bytes of the word in [`Folded::text`].
    pub folded: Range<usize>,
    /// Bytes of the word in the original text, on character boundaries.
    pub source: Range<usize>,
    /// What stands before the word.
    pub gap: Gap,
}

/// A folded text: its words in order.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    text: String,
    words: Vec<Word>,
}

impl Folded {
    /// Returns the words, in order of the text.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Returns the words joined by single spaces.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the letters of a word of this text.
    pub fn letters(&self, word: &Word) -> &str {
        self.text.get(word.folded.clone()).unwrap_or_default()
    }

    /// Returns the folded words one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| self.letters(word))
    }
}

/// Returns the folded words of a text with their places, in time linear in its length.
pub fn fold_words(text: &str) -> Folded {
    let mut folding = Folding { out: Folded::default(), word: None, gap: Gap::Hard };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        if c.is_alphanumeric() && !is_apostrophe(c) {
            folding.letter(at, end, c);
        } else if is_combining_mark(c) {
            folding.extend(end);
        } else if is_apostrophe(c) {
            let mut rest = text.get(end..).unwrap_or_default().chars();
            let (next, after) = (rest.next(), rest.next());
            let possessive = matches!(next, Some('s' | 'S')) && !after.is_some_and(char::is_alphanumeric);
            if folding.word.is_some() && possessive {
                folding.close();
                chars.next();
            } else if !next.is_some_and(char::is_alphanumeric) {
                folding.close();
            }
        } else if c == '.' {
            let mut rest = text.get(end..).unwrap_or_default().chars();
            let (next, after) = (rest.next(), rest.next());
            let initial = next.is_some_and(char::is_alphabetic) && !after.is_some_and(char::is_alphanumeric);
            if !folding.full_stop(initial) {
                folding.close();
                folding.gap = Gap::Hard;
            }
        } else if c == '&' {
            folding.close();
            folding.letter(at, end, '&');
            folding.close();
        } else {
            folding.close();
            let blank_line = c == '\n' && matches!(chars.peek(), Some((_, '\n' | '\r')));
            if blank_line || matches!(c, ',' | ';' | ':' | '!' | '?' | '—' | '•' | '|') {
                folding.gap = Gap::Hard;
            }
        }
    }
    folding.close();
    folding.out
}

/// Returns a text folded to words joined by single spaces.
pub fn fold(text: &str) -> String {
    fold_words(text).text
}

/// The folding of one text: the word being read and what stood before it.
struct Folding {
    out: Folded,
    word: Option<Open>,
    gap: Gap,
}

struct Open {
    folded_start: usize,
    source: Range<usize>,
    letters: usize,
    dotted: bool,
}

impl Folding {
    fn letter(&mut self, at: usize, end: usize, c: char) {
        if self.word.is_none() {
            if !self.out.text.is_empty() {
                self.out.text.push(' ');
            }
            let folded_start = self.out.text.len();
            self.word = Some(Open { folded_start, source: at..end, letters: 0, dotted: false });
        }
        push_folded(&mut self.out.text, c);
        if let Some(word) = &mut self.word {
            word.source.end = end;
            word.letters += 1;
        }
    }

    fn extend(&mut self, end: usize) {
        if let Some(word) = &mut self.word {
            word.source.end = end;
        }
    }

    /// Says whether a full stop belongs to initials, as in `U.S.`, and keeps the word open if so.
    fn full_stop(&mut self, before_initial: bool) -> bool {
        let Some(word) = &mut self.word else { return false };
        if before_initial && (word.dotted || word.letters == 1) {
            word.dotted = true;
            return true;
        }
        if word.dotted {
            self.close();
            return true;
        }
        false
    }

    fn close(&mut self) {
        let Some(word) = self.word.take() else { return };
        let folded = word.folded_start..self.out.text.len();
        if folded.is_empty() {
            self.out.text.truncate(word.folded_start.saturating_sub(1));
            return;
        }
        self.out.words.push(Word { folded, source: word.source, gap: self.gap });
        self.gap = Gap::Soft;
    }
}

fn push_folded(out: &mut String, c: char) {
    if c.is_ascii() {
        match c {
            '&' => out.push_str("and"),
            _ => out.push(c.to_ascii_lowercase()),
        }
        return;
    }
    let plain = match c {
        'ß' | 'ẞ' => "ss",
        'ø' | 'Ø' => "o",
        'ł' | 'Ł' => "l",
        'đ' | 'Đ' | 'ð' | 'Ð' => "d",
        'ı' | 'İ' => "i",
        'æ' | 'Æ' => "ae",
        'œ' | 'Œ' => "oe",
        'þ' | 'Þ' => "th",
        'ə' | 'Ə' => "a",
        _ => "",
    };
    if !plain.is_empty() {
        out.push_str(plain);
        return;
    }
    for part in c.nfkd().filter(|part| part.is_alphanumeric() && !is_combining_mark(*part)) {
        out.extend(part.to_lowercase().filter(|lower| !is_combining_mark(*lower)));
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' | '′' | 'ʿ' | 'ʾ' | '＇')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_alike() {
        for name in ["Al Qaida", "al-Qa'ida", "AL-QA’IDA", "al-Qāʿida"] {
            assert_eq!(fold(name), "al qaida", "{name}");
        }
    }

    #[test]
    fn possessives_and_initials_are_folded_away() {
        assert_eq!(fold("Afghanistan's army"), "afghanistan army");
        assert_eq!(fold("the U.S. Army and the P.K.K."), "the us army and the pkk");
        assert_eq!(fold("Lions' Den"), "lions den");
    }

    #[test]
    fn a_word_knows_where_it_stood() {
        let text = "Le Türkiye’s «Gülen»";
        let folded = fold_words(text);
        let places: Vec<&str> = folded.words().iter().filter_map(|w| text.get(w.source.clone())).collect();
        assert_eq!(places, ["Le", "Türkiye", "Gülen"]);
    }

    #[test]
    fn a_comma_and_an_empty_line_are_hard_gaps() {
        let folded = fold_words("Islamic, State\n\ngroup (IS)");
        let gaps: Vec<Gap> = folded.words().iter().map(|w| w.gap).collect();
        assert_eq!(gaps, [Gap::Hard, Gap::Hard, Gap::Hard, Gap::Soft]);
    }

    #[test]
    fn any_text_folds_without_losing_its_boundaries() {
        for text in ["", "'", "’s", "a’", "\u{301}x\u{301}", "ﬁ…\u{200d}", "...", "A.", "&", "İİ", "日本 'ء"]
        {
            for word in fold_words(text).words() {
                assert!(text.get(word.source.clone()).is_some(), "{text:?}");
            }
        }
    }
}
