//! Wording: hashes and content words by which sentences and texts are compared.

use unicode_normalization::UnicodeNormalization as _;

/// Words that say nothing about which event is meant.
const EMPTY_WORDS: &[&str] = &[
    "a", "about", "after", "against", "all", "also", "an", "and", "are", "as", "at", "be", "been", "before",
    "but", "by", "for", "from", "had", "has", "have", "he", "her", "his", "in", "into", "is", "it", "its",
    "least", "more", "near", "not", "of", "on", "one", "or", "other", "over", "people", "said", "says",
    "she", "some", "than", "that", "the", "their", "there", "they", "this", "to", "two", "was", "were",
    "when", "where", "which", "while", "who", "with",
];

/// The words of a text in lower case, letters and digits only.
pub fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(
        |word| match word.is_ascii() {
            true => word.to_ascii_lowercase(),
            false => word.nfkc().flat_map(char::to_lowercase).collect(),
        },
    )
}

/// Content words, sorted, each once.
pub fn content_words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = words(text)
        .filter(|word| word.len() > 2 && EMPTY_WORDS.binary_search(&word.as_str()).is_err())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Share of the shorter list's items that stand in the other, 0 if either is empty. Both sorted.
pub fn overlap<T: Ord>(left: &[T], right: &[T]) -> f32 {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    if short.is_empty() {
        return 0.0;
    }
    let common = short.iter().filter(|word| long.binary_search(word).is_ok()).count();
    common as f32 / short.len() as f32
}

/// Hash of a sequence of words: FNV-1a with a final mix, the same on every machine and in every
/// version, because it is kept.
pub fn hash<'a>(words: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for word in words {
        for byte in word.bytes().chain([b' ']) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    mix(hash)
}

/// Spreads the bits of a number, so that every part of the result depends on all of it.
pub fn mix(mut value: u64) -> u64 {
    value = (value ^ value >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
    value = (value ^ value >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    value ^ value >> 33
}

/// Hash of a passage's wording, whatever its case, marks and spacing.
pub fn wording(passage: &str) -> u64 {
    let words: Vec<String> = words(passage).collect();
    hash(words.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_words_stand_in_order_so_that_they_are_found() {
        assert!(EMPTY_WORDS.is_sorted());
    }

    #[test]
    fn wording_ignores_case_and_marks_but_not_words() {
        assert_eq!(wording("Gunmen killed three."), wording("gunmen  KILLED “three”"));
        assert_ne!(wording("Gunmen killed three."), wording("Gunmen killed four."));
    }
}
