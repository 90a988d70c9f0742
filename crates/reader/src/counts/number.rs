//! Number words and digits: what number do these words write?

use crate::document::{Document, Shape};

/// Reads the number that starts at a token and must end before `limit`: "1,200", "1.2 million",
/// "twenty-one", "a hundred and three", "two dozen".
///
/// Returns one past its last token and its value. A lone "a" is no number.
pub fn read(document: &Document, at: usize, limit: usize) -> Option<(usize, u32)> {
    let mut sum = Sum::default();
    let mut next = at;
    while next < limit {
        let word = document.lower(next);
        if word == "and" {
            // "a hundred and three", but not "twelve and three".
            if !sum.after_scale || sum.digits || !small(document.lower(next + 1)) {
                break;
            }
            next += 1;
            continue;
        }
        if matches!(word, "a" | "an") {
            if sum.begun || scale(document.lower(next + 1)).is_none() {
                break;
            }
            sum.push(Word::Small(1));
            next += 1;
            continue;
        }
        let taken = if let Some(number) = digits(document, next) {
            sum.push_digits(number)
        } else if word.split('-').all(|part| word_of(part).is_some()) {
            let before = sum;
            let fits = word.split('-').filter_map(word_of).all(|part| sum.push(part));
            if !fits {
                sum = before;
            }
            fits
        } else {
            false
        };
        if !taken {
            break;
        }
        next += 1;
    }
    // "and" is taken only with a number behind it, but that number may not have fitted.
    while next > at && document.lower(next - 1) == "and" {
        next -= 1;
    }
    (next > at && sum.begun).then(|| (next, sum.value()))
}

/// The value of a single token that is a plain number of digits.
pub fn digits(document: &Document, at: usize) -> Option<f64> {
    let token = document.tokens.get(at)?;
    if token.shape != Shape::Number {
        return None;
    }
    let word = token.lower.as_str();
    let well_grouped = word.split('.').next().is_some_and(|whole| {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or("");
        let mut rest = groups.peekable();
        rest.peek().is_none() || (first.len() <= 3 && rest.all(|group| group.len() == 3))
    });
    if !well_grouped
        || word.len() > 16
        || !word.bytes().all(|byte| byte.is_ascii_digit() || b",.".contains(&byte))
    {
        return None;
    }
    word.replace(',', "").parse().ok()
}

/// A whole number of digits without separators, such as a day, a year or an hour.
pub fn whole(word: &str) -> Option<u32> {
    (word.len() <= 6 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| word.parse().ok())
        .flatten()
}

/// The rank that "first", "22nd" or "third" writes.
pub fn ordinal(word: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty-first",
        "twenty-second",
        "twenty-third",
        "twenty-fourth",
        "twenty-fifth",
        "twenty-sixth",
        "twenty-seventh",
        "twenty-eighth",
        "twenty-ninth",
        "thirtieth",
        "thirty-first",
    ];
    if let Some(index) = WORDS.iter().position(|known| *known == word) {
        return u32::try_from(index + 1).ok();
    }
    let number = ["st", "nd", "rd", "th"].iter().find_map(|ending| word.strip_suffix(ending))?;
    whole(number).filter(|number| *number > 0)
}

#[derive(Clone, Copy)]
enum Word {
    Small(u32),
    Tens(u32),
    Scale(u32),
}

fn word_of(word: &str) -> Option<Word> {
    const SMALL: &[&str] = &[
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let place =
        |list: &[&str]| list.iter().position(|known| *known == word).and_then(|at| u32::try_from(at).ok());
    if let Some(number) = place(SMALL) {
        return Some(Word::Small(number));
    }
    if let Some(index) = place(TENS) {
        return Some(Word::Tens(20 + 10 * index));
    }
    scale(word).map(Word::Scale)
}

fn small(word: &str) -> bool {
    word.split('-').all(|part| matches!(word_of(part), Some(Word::Small(_) | Word::Tens(_))))
}

fn scale(word: &str) -> Option<u32> {
    Some(match word {
        "dozen" => 12,
        "hundred" => 100,
        "thousand" => 1000,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        _ => return None,
    })
}

/// A number as its words come in.
#[derive(Clone, Copy, Default)]
struct Sum {
    total: f64,
    part: f64,
    begun: bool,
    after_scale: bool,
    digits: bool,
}

impl Sum {
    /// Adds a word, or tells that it does not continue the number.
    fn push(&mut self, word: Word) -> bool {
        match word {
            Word::Small(number) => {
                let fits = !self.begun
                    || (!self.digits
                        && (self.after_scale || (self.ends_in_tens() && number < 10 && number > 0)));
                if fits {
                    self.part += f64::from(number);
                    self.after_scale = false;
                }
                self.begun |= fits;
                fits
            }
            Word::Tens(number) => {
                let fits = !self.begun || (!self.digits && self.after_scale);
                if fits {
                    self.part += f64::from(number);
                    self.after_scale = false;
                }
                self.begun |= fits;
                fits
            }
            // "hundreds" and "dozen" alone are vague words, not numbers.
            Word::Scale(scale) => {
                if !self.begun {
                    return false;
                }
                if scale >= 1000 {
                    let part = if self.part == 0.0 { 1.0 } else { self.part };
                    self.total += part * f64::from(scale);
                    self.part = 0.0;
                } else {
                    self.part *= f64::from(scale);
                }
                self.after_scale = scale != 12;
                true
            }
        }
    }

    fn push_digits(&mut self, number: f64) -> bool {
        if self.begun {
            return false;
        }
        self.part = number;
        (self.begun, self.digits) = (true, true);
        true
    }

    fn ends_in_tens(&self) -> bool {
        let rest = self.part % 100.0;
        rest >= 20.0 && rest % 10.0 == 0.0
    }

    fn value(&self) -> u32 {
        let number = (self.total + self.part).round();
        if number >= f64::from(u32::MAX) {
            u32::MAX
        } else {
            // The value lies between 0 and the largest u32.
            number as u32
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(usize, u32)> {
        let document = Document::new(text);
        read(&document, 0, document.tokens.len())
    }

    #[test]
    fn numbers_are_read_in_digits_and_in_words() {
        for (text, number) in [
            ("12", 12),
            ("1,200", 1200),
            ("1.2 million", 1_200_000),
            ("twenty-one", 21),
            ("twenty one", 21),
            ("a hundred and three", 103),
            ("two hundred", 200),
            ("two thousand five hundred", 2500),
            ("one hundred and twenty-five thousand", 125_000),
            ("two dozen", 24),
            ("a dozen", 12),
            ("three million", 3_000_000),
        ] {
            let document = Document::new(text);
            assert_eq!(value(text), Some((document.tokens.len(), number)), "{text}");
        }
    }

    #[test]
    fn two_numbers_side_by_side_stay_two() {
        assert_eq!(value("twelve and three"), Some((1, 12)));
        assert_eq!(value("12 hundred-odd"), Some((1, 12)));
        assert_eq!(value("5 6"), Some((1, 5)));
        assert_eq!(value("five six"), Some((1, 5)));
    }

    #[test]
    fn dates_ages_and_sections_are_no_numbers() {
        for text in ["a man", "12-year-old", "1,20", "hundred", "dozens", "3rd", "1.2.3"] {
            assert_eq!(value(text), None, "{text}");
        }
    }
}
