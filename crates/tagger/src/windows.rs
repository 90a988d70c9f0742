//! Which words does the network see together?

use crate::encoder::WINDOW_PIECES_MAX;
use crate::wordpiece::Word;
use std::ops::Range;

/// Most pieces of words in a window: all but the two that frame it.
const PIECES_MAX: usize = WINDOW_PIECES_MAX - 2;

/// Packs whole sentences into windows and returns the words of each.
///
/// A sentence that no window can hold is cut between words. Every word is in one window: what stands
/// between two sentences belongs to the earlier one, and only the starts of `sentences` count, in
/// whatever order they come.
pub fn windows(words: &[Word], sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let pieces = |words: &[Word]| match words {
        [] => 0,
        [only] => only.pieces.len(),
        [first, .., last] => last.pieces.end - first.pieces.start,
    };
    let mut windows: Vec<Range<usize>> = Vec::new();
    for sentence in sentences_of(words, sentences) {
        if let Some(window) = windows.last_mut()
            && pieces(&words[window.start..sentence.end]) <= PIECES_MAX
        {
            window.end = sentence.end;
            continue;
        }
        let mut start = sentence.start;
        for word in sentence.clone() {
            if pieces(&words[start..=word]) > PIECES_MAX {
                windows.push(start..word);
                start = word;
            }
        }
        windows.push(start..sentence.end);
    }
    windows
}

/// Returns the words of each sentence that has any.
fn sentences_of(words: &[Word], sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut starts: Vec<usize> = sentences.iter().map(|sentence| sentence.start).collect();
    starts.sort_unstable();
    let mut starts = starts.into_iter().peekable();
    let mut found = Vec::new();
    let mut first = 0;
    for (at, word) in words.iter().enumerate() {
        let mut begins = false;
        while starts.next_if(|&start| start <= word.span.start).is_some() {
            begins = true;
        }
        if begins && first < at {
            found.push(first..at);
            first = at;
        }
    }
    if first < words.len() {
        found.push(first..words.len());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wordpiece::Case;

    /// Words of as many pieces as given, each in ten bytes.
    fn words(pieces: &[usize]) -> Vec<Word> {
        let mut next = 0;
        let word = |(at, &count): (usize, &usize)| {
            next += count;
            Word { span: at * 10..at * 10 + 9, pieces: next - count..next, case: Case::Lower }
        };
        pieces.iter().enumerate().map(word).collect()
    }

    fn starts(words: &[usize]) -> Vec<Range<usize>> {
        words.iter().map(|word| word * 10..word * 10 + 5).collect()
    }

    #[test]
    fn sentences_are_packed_while_they_fit_and_not_split() {
        let words = words(&[90, 60, 40, 90, 90]);
        assert_eq!(windows(&words, &starts(&[0, 1, 2, 3, 4])), [0..3, 3..5]);
        assert_eq!(windows(&words, &starts(&[0, 2, 4])), [0..2, 2..4, 4..5]);
    }

    #[test]
    fn a_sentence_too_long_for_a_window_is_cut_between_words_and_its_rest_is_filled_up() {
        let words = words(&[10, 100, 100, 100, 60, 20]);
        assert_eq!(windows(&words, &starts(&[0, 1, 4, 5])), [0..1, 1..2, 2..3, 3..6]);
    }

    #[test]
    fn every_word_is_in_one_window_whatever_the_sentences_are() {
        let words = words(&[50; 20]);
        let odd: [&[usize]; 5] = [&[], &[7, 3, 3, 900], &[19], &[1, 2], &[usize::MAX / 10 - 1]];
        for sentences in odd {
            let windows = windows(&words, &starts(sentences));
            assert_eq!(windows.iter().cloned().flatten().collect::<Vec<_>>(), (0..20).collect::<Vec<_>>());
        }
        assert_eq!(windows(&[], &starts(&[0, 1])), []);
    }
}
