//! Paragraphs, sentences, tokens: where does each word stand?

use headwater_domain::text::{Sentence, Span};
use std::ops::Range;

/// Longest sentence in tokens; a longer run without an end is cut, so that no later step meets it.
const SENTENCE_TOKENS_MAX: usize = 200;

/// A text cut into paragraphs, sentences and tokens.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    /// The text.
    pub text: &'a str,
    /// Words, numbers and marks in order.
    pub tokens: Vec<Token>,
    /// Sentences in order.
    pub sentences: Vec<SentenceTokens>,
    /// How the text uses capitals, which tells what they are worth as a sign of names.
    pub casing: Casing,
}

/// A word, number or mark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// The word in lower case, with typewriter apostrophes.
    pub lower: String,
    /// What sort of token.
    pub shape: Shape,
}

/// What a token looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// `attack`
    Lower,
    /// `Kabul`
    Capitalised,
    /// `TTP`; single capitals such as `J.` too
    Capitals,
    /// `iPhone`, `McDonald`
    Mixed,
    /// `12`, `1,200`, `3.5`, `22nd`
    Number,
    /// `“`, `"`, `''`
    Quote,
    /// `.`, `-`, `(`
    Mark,
}

/// A sentence as a stretch of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceTokens {
    /// Index of the first token and one past the last.
    pub tokens: Range<usize>,
    /// Where it stands.
    pub span: Span,
    /// Which paragraph, counted from 0.
    pub paragraph: u32,
}

/// How a text uses capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Casing {
    /// As usual.
    Mixed,
    /// Everything in lower case: capitals cannot tell names.
    Lower,
    /// Everything in capitals.
    Upper,
}

impl<'a> Document<'a> {
    /// Cuts a text. Takes time linear in its length.
    pub fn new(text: &'a str) -> Self {
        let mut document = Self { text, tokens: Vec::new(), sentences: Vec::new(), casing: casing_of(text) };
        for (number, paragraph) in paragraphs(text).into_iter().enumerate() {
            let first = document.tokens.len();
            tokenise(text, paragraph, &mut document.tokens);
            document.cut_sentences(first, u32::try_from(number).unwrap_or(u32::MAX));
        }
        document
    }

    /// The words of a token as they stand.
    pub fn word(&self, token: usize) -> &'a str {
        self.tokens.get(token).and_then(|token| self.text.get(token.span.range())).unwrap_or("")
    }

    /// The words of a token in lower case; empty beyond the text.
    pub fn lower(&self, token: usize) -> &str {
        self.tokens.get(token).map_or("", |token| token.lower.as_str())
    }

    /// The span from the first token to the last of a non-empty range.
    pub fn span(&self, tokens: Range<usize>) -> Option<Span> {
        let (first, last) = (self.tokens.get(tokens.start)?, self.tokens.get(tokens.end.checked_sub(1)?)?);
        (tokens.start < tokens.end).then(|| first.span.cover(last.span))
    }

    /// The tokens that lie inside a span.
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let first = self.tokens.partition_point(|token| token.span.start() < span.start());
        let end = self.tokens.partition_point(|token| token.span.end() <= span.end());
        first..end.max(first)
    }

    /// Index of the sentence that holds a token.
    pub fn sentence_of(&self, token: usize) -> Option<usize> {
        let after = self.sentences.partition_point(|sentence| sentence.tokens.start <= token);
        let index = after.checked_sub(1)?;
        self.sentences.get(index)?.tokens.contains(&token).then_some(index)
    }

    /// The sentences as the domain keeps them.
    pub fn sentence_spans(&self) -> Vec<Sentence> {
        self.sentences
            .iter()
            .map(|sentence| Sentence { span: sentence.span, paragraph: sentence.paragraph })
            .collect()
    }

    fn cut_sentences(&mut self, first: usize, paragraph: u32) {
        let mut start = first;
        let mut next = first;
        while next < self.tokens.len() {
            let end = if self.ends_sentence(next) {
                let mut end = next + 1;
                // Closing quotes and brackets belong to the sentence that they close.
                while end < self.tokens.len() && self.closes(end) {
                    end += 1;
                }
                end
            } else if next + 1 - start >= SENTENCE_TOKENS_MAX || next + 1 == self.tokens.len() {
                next + 1
            } else {
                next += 1;
                continue;
            };
            if let Some(span) = self.span(start..end) {
                self.sentences.push(SentenceTokens { tokens: start..end, span, paragraph });
            }
            start = end;
            next = end;
        }
    }

    /// Tells whether a closing quote or bracket stands directly after what it closes.
    fn closes(&self, token: usize) -> bool {
        let mark = self.word(token);
        let adjoins = token > 0 && self.tokens[token - 1].span.end() == self.tokens[token].span.start();
        adjoins && matches!(mark, "”" | "\"" | "’" | "'" | "''" | ")" | "]" | "»")
    }

    fn ends_sentence(&self, token: usize) -> bool {
        match self.word(token) {
            "!" | "?" | "…" => true,
            "." => {
                let mut after = token + 1;
                while after < self.tokens.len() && self.closes(after) {
                    after += 1;
                }
                let Some(next) = self.tokens.get(after) else { return true };
                if next.span.start() == self.tokens[token].span.end() {
                    return false;
                }
                let before = token.checked_sub(1).map_or("", |before| self.lower(before));
                let adjoins =
                    token > 0 && self.tokens[token - 1].span.end() == self.tokens[token].span.start();
                if adjoins && is_title(before) {
                    return false;
                }
                let starts_lower = next.shape == Shape::Lower && self.casing == Casing::Mixed;
                let single_letter =
                    adjoins && before.chars().count() == 1 && before.chars().all(char::is_alphabetic);
                !(starts_lower || (single_letter && self.casing == Casing::Mixed && before != "i"))
            }
            _ => false,
        }
    }
}

/// Abbreviations that a name follows, so that their full stop ends no sentence.
fn is_title(word: &str) -> bool {
    const TITLES: &[&str] = &[
        "adm", "brig", "capt", "cmdr", "col", "cpl", "dr", "fr", "gen", "gov", "hon", "jr", "lt", "maj",
        "messrs", "mr", "mrs", "ms", "mt", "no", "pfc", "prof", "rep", "rev", "sen", "sgt", "st", "supt",
        "u.s", "vs",
    ];
    TITLES.binary_search(&word).is_ok()
}

fn casing_of(text: &str) -> Casing {
    let (mut upper, mut lower) = (0usize, 0usize);
    for letter in text.chars().filter(|letter| letter.is_alphabetic()).take(4000) {
        if letter.is_uppercase() {
            upper += 1;
        } else {
            lower += 1;
        }
    }
    match (upper, lower) {
        (upper, lower) if upper * 400 < lower => Casing::Lower,
        (upper, lower) if lower * 6 < upper => Casing::Upper,
        _ => Casing::Mixed,
    }
}

/// Cuts at line breaks that end a paragraph: an empty line, an indented line, or a line that ends a
/// sentence. A line break inside a sentence is only where the text was wrapped.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut cut = Vec::new();
    let mut start = 0;
    let mut line_start = 0;
    let mut previous = "";
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let indented = line.starts_with("    ") || line.starts_with('\t');
        // A short line without a closing mark is a heading, a bullet or a byline.
        let ends =
            previous.ends_with(['.', '!', '?', '”', '"', ':', ';', '…']) || previous.chars().count() < 60;
        let wrapped_on = content.chars().next().is_some_and(char::is_lowercase);
        if line_start > start
            && (content.is_empty() || previous.is_empty() || indented || (ends && !wrapped_on))
        {
            push_paragraph(text, start..line_start, &mut cut);
            start = line_start;
        }
        previous = content;
        line_start += line.len();
    }
    push_paragraph(text, start..text.len(), &mut cut);
    cut
}

/// Flattened texts mark a paragraph by four or more blanks within the line.
fn push_paragraph(text: &str, range: Range<usize>, cut: &mut Vec<Range<usize>>) {
    let Some(paragraph) = text.get(range.clone()) else { return };
    let mut offset = range.start;
    for piece in paragraph.split("    ") {
        if !piece.trim().is_empty() {
            cut.push(offset..offset + piece.len());
        }
        offset += piece.len() + 4;
    }
}

fn tokenise(text: &str, paragraph: Range<usize>, tokens: &mut Vec<Token>) {
    let Some(piece) = text.get(paragraph.clone()) else { return };
    let mut letters = piece.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut end = at + letter.len_utf8();
        if letter.is_alphanumeric() {
            let mut seen = letter;
            while let Some(&(next_at, next)) = letters.peek() {
                let rest = &piece[next_at + next.len_utf8()..];
                let follower = rest.chars().next();
                let joins = if next.is_alphanumeric() || is_combining(next) {
                    true
                } else {
                    match next {
                        // "don't", "al-Qaeda", "cross-border", "Al-Qa'ida"
                        '\'' | '’' | '-' | '‑' => {
                            seen.is_alphanumeric()
                                && follower.is_some_and(char::is_alphanumeric)
                                && !is_possessive(next, rest)
                        }
                        // "1,200" and "3.5"
                        ',' | '.' if seen.is_ascii_digit() => follower.is_some_and(|f| f.is_ascii_digit()),
                        // "U.S.", "a.m.", "J.P."
                        '.' => is_initials(&piece[at..end], follower),
                        _ => false,
                    }
                };
                if !joins {
                    break;
                }
                letters.next();
                end = next_at + next.len_utf8();
                seen = next;
            }
        } else if matches!(letter, '\'' | '’') {
            // "'s" and "’s" stand as their own token.
            if let Some(&(next_at, next)) = letters.peek()
                && matches!(next, 's' | 'S')
                && !piece[next_at + 1..].chars().next().is_some_and(char::is_alphanumeric)
                && at > 0
            {
                letters.next();
                end = next_at + 1;
            } else if letters.peek().is_some_and(|&(_, next)| next == letter) {
                letters.next();
                end += letter.len_utf8();
            }
        } else if letter == '`' || letter == '-' || letter == '.' {
            // "``", "--", "..." are one mark each.
            while let Some(&(next_at, next)) = letters.peek() {
                if next != letter {
                    break;
                }
                letters.next();
                end = next_at + next.len_utf8();
            }
        }
        if let Some(span) = Span::within(text, paragraph.start + at..paragraph.start + end) {
            let word = &piece[at..end];
            tokens.push(Token { span, lower: lower(word), shape: shape(word) });
        }
    }
}

fn is_possessive(mark: char, rest: &str) -> bool {
    let mut letters = rest.chars();
    matches!(mark, '\'' | '’')
        && matches!(letters.next(), Some('s' | 'S'))
        && !letters.next().is_some_and(char::is_alphanumeric)
}

/// "u.s." and "a.m.": single letters with full stops between, and the last full stop too.
fn is_initials(so_far: &str, follower: Option<char>) -> bool {
    let singles =
        so_far.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
    singles && (follower.is_some_and(char::is_alphabetic) || so_far.contains('.'))
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}')
}

fn lower(word: &str) -> String {
    word.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == '’' { '\'' } else { letter })
        .collect()
}

fn shape(word: &str) -> Shape {
    let Some(first) = word.chars().next() else { return Shape::Mark };
    if first.is_numeric() {
        return Shape::Number;
    }
    if !first.is_alphabetic() {
        return match word {
            "\"" | "“" | "”" | "„" | "«" | "»" | "''" | "``" | "‘‘" | "’’" => Shape::Quote,
            "'s" | "’s" | "'S" | "’S" => Shape::Lower,
            _ => Shape::Mark,
        };
    }
    let letters = || word.chars().filter(|letter| letter.is_alphabetic());
    if letters().all(|letter| !letter.is_uppercase()) {
        Shape::Lower
    } else if letters().all(char::is_uppercase) {
        Shape::Capitals
    } else if first.is_uppercase() && letters().skip(1).all(|letter| !letter.is_uppercase()) {
        Shape::Capitalised
    } else {
        Shape::Mixed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        let document = Document::new(text);
        (0..document.tokens.len()).map(|token| document.word(token).to_owned()).collect()
    }

    fn sentences(text: &str) -> Vec<&str> {
        Document::new(text).sentences.iter().map(|sentence| &text[sentence.span.range()]).collect()
    }

    #[test]
    fn words_keep_their_hyphens_and_lose_their_possessives() {
        assert_eq!(
            words("Al-Shabaab's U.S.-made guns killed 1,200."),
            ["Al-Shabaab", "'s", "U.S.", "-", "made", "guns", "killed", "1,200", "."]
        );
    }

    #[test]
    fn titles_and_initials_end_no_sentence() {
        assert_eq!(
            sentences("Gen. Omar J. Malik spoke. “We left.” Nobody fired."),
            ["Gen. Omar J. Malik spoke.", "“We left.”", "Nobody fired."]
        );
    }

    #[test]
    fn lowercased_text_still_has_sentences_and_flattened_text_its_paragraphs() {
        let text = "two bombs went off in the capital. no one was hurt.    police blamed rebels.";
        assert_eq!(sentences(text).len(), 3);
        assert_eq!(Document::new(text).sentences[2].paragraph, 1);
        assert_eq!(Document::new(text).casing, Casing::Lower);
    }

    #[test]
    fn a_wrapped_line_goes_on_and_a_heading_does_not() {
        let text = "A HEADING\nGunmen attacked a convoy on the road that leads north from the town and\nkilled three.";
        assert_eq!(sentences(text).len(), 2);
    }

    proptest! {
        #[test]
        fn every_sentence_quotes_the_text(text in "[ -~“”’\n\t.éА中]{0,200}") {
            let document = Document::new(&text);
            let mut last = 0;
            for sentence in &document.sentences {
                prop_assert!(text.get(sentence.span.range()).is_some());
                prop_assert_eq!(sentence.tokens.start, last);
                last = sentence.tokens.end;
            }
            prop_assert_eq!(last, document.tokens.len());
        }
    }
}
