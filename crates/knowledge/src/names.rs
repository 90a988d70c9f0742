//! Are two names likely to be spellings of one, and which of many names is most like this one?
//!
//! Spelling varies with the alphabet a name comes from, the order of its words, typing errors and
//! habits of shortening. Names are brought to Latin letters, cut into words, and the words are
//! paired off; short forms are tried against initials. Nothing here knows who bears a name.

use std::collections::BTreeMap;

use strsim::osa_distance;

use crate::fold::fold;

/// Returns how alike two names of people or bodies are, from 0 to 1; from about
/// [`SAME_NAME`] on they are more likely one name than not.
pub fn similarity(left: &str, right: &str) -> f32 {
    let (left, right) = (words_of(left), words_of(right));
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let short_form =
        is_short_form(&left.concat(), &initials(&right)) || is_short_form(&right.concat(), &initials(&left));
    let by_initials = if short_form { SHORT_FORM } else { 0.0 };
    pair_off(&left, &right).max(joined_likeness(&left, &right)).max(by_initials)
}

/// The likeness from which on two names are more likely one than not.
pub const SAME_NAME: f32 = 0.7;

/// What a word costs in which two names differ, in a comparison of two.
const CONFLICT_COST_PAIR: f32 = 2.0;
/// What words cost that only one of the names has.
const EXTRA_COST: f32 = 0.6;
/// The same where the shorter name is a single word.
const EXTRA_COST_ONE_WORD: f32 = 1.0;
/// Two words of names less alike than this are different words, unless they sound alike.
const NAME_WORD_MIN: f32 = 0.75;
/// Names this alike without their spaces are one name.
const JOINED_MIN: f32 = 0.9;
/// Weights of consonants and of a loose spelling beside the plain spelling of a word.
const BONES_WEIGHT: f32 = 0.8;
const LOOSE_WEIGHT: f32 = 1.2;
/// Likeness of two names of which one is the other's initials.
const SHORT_FORM: f32 = 0.75;

/// Returns a name in Latin letters: Arabic, Cyrillic, Greek and Hebrew letters are written by their
/// usual sound, all else is folded.
pub fn latin(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match LETTERS.binary_search_by_key(&c, |(letter, _)| *letter) {
            Ok(at) => out.push_str(LETTERS.get(at).map_or("", |(_, sound)| sound)),
            Err(_) => out.push(c),
        }
    }
    fold(&out)
}

/// Returns the consonants of a name in Latin letters, those that are often interchanged made equal,
/// so that `Qaddafi`, `Gadhafi` and `قذافي` meet.
pub fn skeleton(name: &str) -> String {
    let mut out = String::new();
    let plain = latin(name);
    let mut rest = plain.as_str();
    while let Some(first) = rest.chars().next() {
        let (sound, taken) = SOUNDS
            .iter()
            .find(|(spelling, _)| rest.starts_with(spelling))
            .map_or((None, first.len_utf8()), |(spelling, sound)| (Some(*sound), spelling.len()));
        match sound {
            Some(sound) if out.ends_with(sound) && !sound.is_empty() => {}
            Some(sound) => out.push_str(sound),
            None if out.ends_with(first) => {}
            None => out.push(first),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// Names to search in.
pub struct NameIndex {
    names: Vec<Name>,
    /// Names that hold three letters in a row.
    holding: BTreeMap<[char; 3], Vec<u32>>,
    /// In how many names a word stands.
    frequency: BTreeMap<String, u32>,
}

struct Name {
    entry: usize,
    written: String,
    words: Vec<String>,
    triples: usize,
    initials: [String; 2],
}

/// An entry found by one of its names.
#[derive(Debug, Clone, PartialEq)]
pub struct NameHit {
    /// Number of the entry, as given to [`NameIndex::new`].
    pub entry: usize,
    /// Likeness from 0 to 1.
    pub score: f32,
    /// The name that is alike.
    pub name: String,
}

/// Hits below this are left out: an empty answer says that the name is unknown.
const HIT_MIN: f32 = 0.5;
/// How many names with common letters are compared word by word.
const COMPARED_MAX: usize = 80;
/// How much letters in common count beside words in common.
const LETTERS_SHARE: f32 = 0.3;
/// What a word costs in which two names differ, in a search.
const CONFLICT_COST: f32 = 0.2;
/// Two words less alike than this are different words, in a search.
const WORD_MIN: f32 = 0.7;
/// Likeness of a short form whose letters are another name's initials.
const INITIALS: f32 = 0.86;

impl NameIndex {
    /// Prepares names for search; an entry may have many.
    pub fn new<'a>(names: impl IntoIterator<Item = (usize, &'a str)>) -> NameIndex {
        let mut index = NameIndex { names: Vec::new(), holding: BTreeMap::new(), frequency: BTreeMap::new() };
        for (entry, written) in names {
            let words = plain_words(written);
            let triples = triples(&words);
            let number = index.names.len() as u32;
            for triple in &triples {
                index.holding.entry(*triple).or_default().push(number);
            }
            let mut distinct = words.clone();
            distinct.sort_unstable();
            distinct.dedup();
            for word in distinct {
                *index.frequency.entry(word).or_default() += 1;
            }
            let initials = initials(&words);
            index.names.push(Name {
                entry,
                written: written.to_owned(),
                words,
                triples: triples.len(),
                initials,
            });
        }
        index
    }

    /// Returns at most `k` entries whose names are alike, best first; none when the best is not
    /// alike enough to be meant.
    pub fn search(&self, query: &str, k: usize) -> Vec<NameHit> {
        let words = plain_words(query);
        let query_triples = triples(&words);
        let mut shared = vec![0_u16; self.names.len()];
        for triple in &query_triples {
            for number in self.holding.get(triple).into_iter().flatten() {
                if let Some(count) = shared.get_mut(*number as usize) {
                    *count = count.saturating_add(1);
                }
            }
        }
        let asked = initials(&words);
        let short = words.concat();
        let mut rough: Vec<(f32, bool, usize)> = Vec::new();
        for (number, (name, shared)) in self.names.iter().zip(&shared).enumerate() {
            let dice = 2.0 * f32::from(*shared) / (query_triples.len() + name.triples).max(1) as f32;
            let by_initials =
                is_short_form(&short, &name.initials) || is_short_form(&name.words.concat(), &asked);
            let likeness = if by_initials { dice.max(INITIALS) } else { dice };
            if likeness > 0.1 {
                rough.push((likeness, by_initials, number));
            }
        }
        rough.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.2.cmp(&right.2)));
        rough.truncate(COMPARED_MAX);
        let mut best: BTreeMap<usize, (f32, usize)> = BTreeMap::new();
        for (likeness, by_initials, number) in rough {
            let Some(name) = self.names.get(number) else { continue };
            let alike = self.score(likeness, &words, &name.words);
            let score = if by_initials { alike.max(INITIALS) } else { alike };
            let kept = best.entry(name.entry).or_insert((score, number));
            if score > kept.0 {
                *kept = (score, number);
            }
        }
        let mut hits: Vec<NameHit> = best
            .into_iter()
            .filter(|(_, (score, _))| *score >= HIT_MIN)
            .filter_map(|(entry, (score, number))| {
                Some(NameHit { entry, score, name: self.names.get(number)?.written.clone() })
            })
            .collect();
        hits.sort_by(|left, right| right.score.total_cmp(&left.score).then(left.entry.cmp(&right.entry)));
        hits.truncate(k);
        hits
    }

    /// Weighs common letters and common words; rare words count more than frequent ones.
    fn score(&self, letters: f32, query: &[String], name: &[String]) -> f32 {
        if query == name {
            return 1.0;
        }
        let weight = |word: &str| {
            let known = self.frequency.get(word).copied().unwrap_or(0);
            ((self.names.len() as f32 + 1.0) / (known as f32 + 1.0)).ln() + 0.2
        };
        let balance = Balance::of(query, name, word_likeness, weight);
        let by_words = (balance.common - CONFLICT_COST * balance.conflict).max(0.0);
        let digits = |words: &[String]| words.iter().any(|word| has_digit(word));
        let numbered =
            digits(query) && digits(name) && !query.iter().any(|word| has_digit(word) && name.contains(word));
        if numbered {
            return 0.0;
        }
        (LETTERS_SHARE * letters + (1.0 - LETTERS_SHARE) * by_words).min(0.99)
    }
}

/// What two names have in common and what is left over, as shares of both together.
struct Balance {
    /// Words paired off, by their likeness.
    common: f32,
    /// Left over on both sides: one name says something else than the other.
    conflict: f32,
    /// Left over on one side only: one name says more.
    extra: f32,
}

impl Balance {
    /// Pairs off the words of two names, the most alike first.
    fn of(
        left: &[String],
        right: &[String],
        likeness: impl Fn(&str, &str) -> f32,
        weight: impl Fn(&str) -> f32,
    ) -> Balance {
        let mut pairs: Vec<(f32, usize, usize)> = Vec::new();
        for (at_left, word) in left.iter().enumerate() {
            for (at_right, other) in right.iter().enumerate() {
                let alike = likeness(word, other);
                if alike > 0.0 {
                    pairs.push((alike, at_left, at_right));
                }
            }
        }
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut left_over: Vec<f32> = left.iter().map(|word| weight(word)).collect();
        let mut right_over: Vec<f32> = right.iter().map(|word| weight(word)).collect();
        let total: f32 = left_over.iter().chain(&right_over).sum();
        let mut common = 0.0;
        for (alike, at_left, at_right) in pairs {
            let (Some(a), Some(b)) = (left_over.get_mut(at_left), right_over.get_mut(at_right)) else {
                continue;
            };
            if *a > 0.0 && *b > 0.0 {
                common += alike * (*a + *b);
                (*a, *b) = (0.0, 0.0);
            }
        }
        let (left_over, right_over): (f32, f32) = (left_over.iter().sum(), right_over.iter().sum());
        let total = total.max(f32::EPSILON);
        Balance {
            common: common / total,
            conflict: 2.0 * left_over.min(right_over) / total,
            extra: (left_over - right_over).abs() / total,
        }
    }
}

fn has_digit(word: &str) -> bool {
    word.chars().any(|c| c.is_ascii_digit())
}

/// Returns how alike two words are: 1 when equal, 0 when more than a few letters differ.
fn word_likeness(left: &str, right: &str) -> f32 {
    if left == right {
        return 1.0;
    }
    let longer = left.chars().count().max(right.chars().count());
    if longer < 4 || has_digit(left) || has_digit(right) {
        return 0.0;
    }
    let alike = 1.0 - osa_distance(left, right) as f32 / longer as f32;
    if alike >= WORD_MIN { alike * alike } else { 0.0 }
}

/// Words of a name in Latin letters, without those that say nothing.
fn plain_words(name: &str) -> Vec<String> {
    let plain = latin(name);
    let all: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let telling: Vec<String> =
        all.iter().filter(|word| !EMPTY_WORDS.contains(word)).map(|word| (*word).to_owned()).collect();
    if telling.is_empty() { all.into_iter().map(str::to_owned).collect() } else { telling }
}

const EMPTY_WORDS: [&str; 12] = ["the", "of", "and", "for", "in", "de", "la", "el", "al", "to", "del", "des"];

fn triples(words: &[String]) -> Vec<[char; 3]> {
    let padded: Vec<char> = format!(" {} ", words.join(" ")).chars().collect();
    let mut triples: Vec<[char; 3]> =
        padded.windows(3).filter_map(|w| <[char; 3]>::try_from(w).ok()).collect();
    triples.sort_unstable();
    triples.dedup();
    triples
}

/// Returns the initials of a name, and those of its parts that are no numbers.
fn initials(words: &[String]) -> [String; 2] {
    let first = |word: &String| word.chars().next();
    let all: String = words.iter().filter_map(first).collect();
    let letters = words.iter().filter_map(first).filter(|c| c.is_alphabetic()).collect();
    [all, letters]
}

fn is_short_form(short: &str, initials: &[String; 2]) -> bool {
    short.len() > 2 && initials.iter().any(|letters| letters == short)
}

/// Words of a name for a comparison of two: titles and legal forms are put aside.
fn words_of(name: &str) -> Vec<String> {
    let mut plain = latin(name);
    for (long, short) in LEGAL_PHRASES {
        if plain.contains(long) {
            plain = plain.replace(long, short);
        }
    }
    let all: Vec<String> = plain.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let telling: Vec<String> = all
        .iter()
        .filter(|word| !TITLES.contains(&word.as_str()) && !LEGAL_FORMS.contains(&word.as_str()))
        .map(|word| {
            ABBREVIATED
                .iter()
                .find(|(short, _)| short == word)
                .map_or(word.clone(), |(_, long)| (*long).to_owned())
        })
        .collect();
    if telling.is_empty() { all } else { telling }
}

const TITLES: [&str; 16] = [
    "mr", "mrs", "ms", "dr", "prof", "sir", "general", "gen", "col", "colonel", "sheikh", "haji", "hajji",
    "the", "and", "of",
];
const LEGAL_FORMS: [&str; 34] = [
    "ltd",
    "limited",
    "llc",
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "sa",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "plc",
    "llp",
    "ooo",
    "oao",
    "zao",
    "pao",
    "ao",
    "jsc",
    "pjsc",
    "ojsc",
    "kg",
    "ab",
    "oy",
    "as",
    "sas",
    "pte",
    "pty",
];
const LEGAL_PHRASES: [(&str, &str); 8] = [
    ("limited liability company", "llc"),
    ("limited liability partnership", "llp"),
    ("public joint stock company", "pjsc"),
    ("open joint stock company", "ojsc"),
    ("joint stock company", "jsc"),
    ("societatea cu raspundere limitata", "srl"),
    ("aktiengesellschaft", "ag"),
    ("gesellschaft mit beschrankter haftung", "gmbh"),
];
const ABBREVIATED: [(&str, &str); 6] = [
    ("intl", "international"),
    ("int", "international"),
    ("bros", "brothers"),
    ("muhammad", "mohammed"),
    ("mohamed", "mohammed"),
    ("mohammad", "mohammed"),
];

/// Weighs two names as wholes: words that only one of them has count little, words in which they
/// differ count much, because a namesake differs in one word while a nickname leaves words out.
fn pair_off(left: &[String], right: &[String]) -> f32 {
    let weight =
        |word: &str| if PARTICLES.contains(&word) { 0.2 } else { (word.chars().count() as f32).sqrt() };
    let (left, right) = (join_split_words(left, right), join_split_words(right, left));
    let balance = Balance::of(&left, &right, name_word_likeness, weight);
    let short = left.len().min(right.len()) < 2;
    let extra = if short { EXTRA_COST_ONE_WORD } else { EXTRA_COST };
    let unlike = 1.0 - balance.common - balance.conflict - balance.extra;
    (1.0 - CONFLICT_COST_PAIR * balance.conflict - extra * balance.extra - unlike).clamp(0.0, 1.0)
}

/// Words that tell nobody apart.
const PARTICLES: [&str; 18] = [
    "al", "el", "bin", "ben", "ibn", "de", "da", "la", "van", "von", "der", "del", "ur", "ul", "na", "abd",
    "abu", "haji",
];

/// Joins neighbouring words that the other name writes as one.
fn join_split_words(words: &[String], other: &[String]) -> Vec<String> {
    let mut joined: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let pair = words.get(at + 1).map(|next| format!("{word}{next}"));
        match pair.filter(|pair| other.iter().any(|word| word == pair)) {
            Some(pair) => {
                joined.push(pair);
                at += 2;
            }
            None => {
                joined.push(word.clone());
                at += 1;
            }
        }
    }
    joined
}

/// Returns how alike two words of names are; 0 where they are rather different words.
fn name_word_likeness(left: &str, right: &str) -> f32 {
    if left == right {
        return 1.0;
    }
    let (short, long) = if left.len() < right.len() { (left, right) } else { (right, left) };
    if short.chars().count() == 1 && short.is_ascii() {
        return if long.starts_with(short) { 0.85 } else { 0.0 };
    }
    if has_digit(left) || has_digit(right) {
        return 0.0;
    }
    let longer = long.chars().count();
    let alike = 1.0 - osa_distance(left, right) as f32 / longer as f32;
    let bones = (skeleton(left), skeleton(right));
    let sound = if longer > 3 && bones.0.len() > 1 && bones.0 == bones.1 { 0.9 } else { 0.0 };
    if alike >= NAME_WORD_MIN && left.is_ascii() { alike.max(sound) } else { sound }
}

fn joined_likeness(left: &[String], right: &[String]) -> f32 {
    let (left, right) = (left.concat(), right.concat());
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(&left) != digits(&right) {
        return 0.0;
    }
    let longer = left.chars().count().max(right.chars().count());
    let alike = 1.0 - osa_distance(&left, &right) as f32 / longer.max(1) as f32;
    if alike > JOINED_MIN { alike } else { 0.0 }
}

/// Spellings whose sounds are often interchanged, longest first, and the letter they meet in.
const SOUNDS: [(&str, &str); 38] = [
    ("shch", "s"),
    ("sch", "s"),
    ("tsch", "c"),
    ("kh", "k"),
    ("gh", "k"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("sh", "s"),
    ("ch", "c"),
    ("zh", "j"),
    ("dj", "j"),
    ("dz", "d"),
    ("ts", "s"),
    ("tz", "s"),
    ("ck", "k"),
    ("ks", "x"),
    ("qu", "k"),
    ("ou", ""),
    ("oo", ""),
    ("ee", ""),
    ("a", ""),
    ("e", ""),
    ("i", ""),
    ("o", ""),
    ("u", ""),
    ("y", ""),
    ("w", ""),
    ("h", ""),
    ("q", "k"),
    ("c", "k"),
    ("z", "s"),
    ("v", "f"),
    ("b", "b"),
    ("g", "k"),
    ("j", "j"),
    (" ", " "),
    ("t", "t"),
];

/// Latin spellings among which the one of a word in another alphabet is sought.
pub struct Transliterations {
    spellings: Vec<Spelling>,
}

struct Spelling {
    written: String,
    plain: String,
    bones: String,
    loose: String,
}

impl Transliterations {
    /// Prepares spellings for search.
    pub fn new<'a>(spellings: impl IntoIterator<Item = &'a str>) -> Transliterations {
        let prepare = |written: &str| {
            let plain = latin(written);
            Spelling { written: written.to_owned(), bones: skeleton(written), loose: loose(&plain), plain }
        };
        Transliterations { spellings: spellings.into_iter().map(prepare).collect() }
    }

    /// Returns the `k` most likely spellings of a word, best first.
    pub fn search(&self, word: &str, k: usize) -> Vec<&str> {
        let (plain, bones) = (latin(word), skeleton(word));
        let sound = loose(&plain);
        if plain.is_empty() {
            return Vec::new();
        }
        let mut scored: Vec<(f32, &str)> = self
            .spellings
            .iter()
            .map(|other| {
                let bones = BONES_WEIGHT * alike(&bones, &other.bones);
                let sound = LOOSE_WEIGHT * alike(&sound, &other.loose);
                (alike(&plain, &other.plain) + bones + sound, other.written.as_str())
            })
            .collect();
        scored.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
        scored.dedup_by(|left, right| left.1 == right.1);
        scored.into_iter().take(k).map(|(_, written)| written).collect()
    }
}

/// Returns a word in Latin letters with spellings of one sound made equal and vowels kept.
fn loose(plain: &str) -> String {
    let mut out = plain.to_owned();
    for (from, to) in SPELLINGS {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

/// Spellings of one sound in several languages, in the order in which they are replaced.
const SPELLINGS: [(&str, &str); 28] = [
    ("tch", "ch"),
    ("sch", "sh"),
    ("ck", "k"),
    ("ph", "f"),
    ("qu", "kv"),
    ("th", "t"),
    ("c", "k"),
    ("kh", "h"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("x", "ks"),
    ("q", "k"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ii", "i"),
    ("ei", "i"),
    ("ll", "l"),
    ("nn", "n"),
    ("tt", "t"),
    ("ss", "s"),
    ("rr", "r"),
    ("mm", "m"),
    ("ff", "f"),
    ("pp", "p"),
    ("bb", "b"),
    ("dd", "d"),
];

fn alike(left: &str, right: &str) -> f32 {
    let longer = left.chars().count().max(right.chars().count());
    1.0 - osa_distance(left, right) as f32 / longer.max(1) as f32
}

/// Letters of other alphabets and their usual sounds, in order of the letters.
const LETTERS: [(char, &str); 169] = [
    ('\u{3ac}', "a"),
    ('\u{3ad}', "e"),
    ('\u{3ae}', "i"),
    ('\u{3af}', "i"),
    ('\u{3b1}', "a"),
    ('\u{3b2}', "v"),
    ('\u{3b3}', "g"),
    ('\u{3b4}', "d"),
    ('\u{3b5}', "e"),
    ('\u{3b6}', "z"),
    ('\u{3b7}', "i"),
    ('\u{3b8}', "th"),
    ('\u{3b9}', "i"),
    ('\u{3ba}', "k"),
    ('\u{3bb}', "l"),
    ('\u{3bc}', "m"),
    ('\u{3bd}', "n"),
    ('\u{3be}', "x"),
    ('\u{3bf}', "o"),
    ('\u{3c0}', "p"),
    ('\u{3c1}', "r"),
    ('\u{3c2}', "s"),
    ('\u{3c3}', "s"),
    ('\u{3c4}', "t"),
    ('\u{3c5}', "y"),
    ('\u{3c6}', "f"),
    ('\u{3c7}', "ch"),
    ('\u{3c8}', "ps"),
    ('\u{3c9}', "o"),
    ('\u{3cc}', "o"),
    ('\u{3cd}', "y"),
    ('\u{3ce}', "o"),
    ('\u{430}', "a"),
    ('\u{431}', "b"),
    ('\u{432}', "v"),
    ('\u{433}', "g"),
    ('\u{434}', "d"),
    ('\u{435}', "e"),
    ('\u{436}', "zh"),
    ('\u{437}', "z"),
    ('\u{438}', "i"),
    ('\u{439}', "y"),
    ('\u{43a}', "k"),
    ('\u{43b}', "l"),
    ('\u{43c}', "m"),
    ('\u{43d}', "n"),
    ('\u{43e}', "o"),
    ('\u{43f}', "p"),
    ('\u{440}', "r"),
    ('\u{441}', "s"),
    ('\u{442}', "t"),
    ('\u{443}', "u"),
    ('\u{444}', "f"),
    ('\u{445}', "kh"),
    ('\u{446}', "ts"),
    ('\u{447}', "ch"),
    ('\u{448}', "sh"),
    ('\u{449}', "shch"),
    ('\u{44a}', ""),
    ('\u{44b}', "y"),
    ('\u{44c}', ""),
    ('\u{44d}', "e"),
    ('\u{44e}', "yu"),
    ('\u{44f}', "ya"),
    ('\u{451}', "yo"),
    ('\u{452}', "dj"),
    ('\u{453}', "gj"),
    ('\u{454}', "ye"),
    ('\u{455}', "dz"),
    ('\u{456}', "i"),
    ('\u{457}', "yi"),
    ('\u{458}', "j"),
    ('\u{459}', "lj"),
    ('\u{45a}', "nj"),
    ('\u{45b}', "c"),
    ('\u{45c}', "kj"),
    ('\u{45e}', "u"),
    ('\u{45f}', "dz"),
    ('\u{491}', "g"),
    ('\u{493}', "gh"),
    ('\u{49b}', "q"),
    ('\u{4a3}', "ng"),
    ('\u{4af}', "u"),
    ('\u{4b1}', "u"),
    ('\u{4b3}', "h"),
    ('\u{4b7}', "j"),
    ('\u{4bb}', "h"),
    ('\u{4d9}', "a"),
    ('\u{4e3}', "i"),
    ('\u{4e9}', "o"),
    ('\u{4ef}', "u"),
    ('\u{5d0}', "a"),
    ('\u{5d1}', "b"),
    ('\u{5d2}', "g"),
    ('\u{5d3}', "d"),
    ('\u{5d4}', "h"),
    ('\u{5d5}', "o"),
    ('\u{5d6}', "z"),
    ('\u{5d7}', "ch"),
    ('\u{5d8}', "t"),
    ('\u{5d9}', "i"),
    ('\u{5da}', "k"),
    ('\u{5db}', "k"),
    ('\u{5dc}', "l"),
    ('\u{5dd}', "m"),
    ('\u{5de}', "m"),
    ('\u{5df}', "n"),
    ('\u{5e0}', "n"),
    ('\u{5e1}', "s"),
    ('\u{5e2}', "a"),
    ('\u{5e3}', "f"),
    ('\u{5e4}', "p"),
    ('\u{5e5}', "ts"),
    ('\u{5e6}', "ts"),
    ('\u{5e7}', "k"),
    ('\u{5e8}', "r"),
    ('\u{5e9}', "sh"),
    ('\u{5ea}', "t"),
    ('\u{621}', ""),
    ('\u{622}', "a"),
    ('\u{623}', "a"),
    ('\u{624}', "o"),
    ('\u{625}', "i"),
    ('\u{626}', "i"),
    ('\u{627}', "a"),
    ('\u{628}', "b"),
    ('\u{629}', "a"),
    ('\u{62a}', "t"),
    ('\u{62b}', "th"),
    ('\u{62c}', "j"),
    ('\u{62d}', "h"),
    ('\u{62e}', "kh"),
    ('\u{62f}', "d"),
    ('\u{630}', "dh"),
    ('\u{631}', "r"),
    ('\u{632}', "z"),
    ('\u{633}', "s"),
    ('\u{634}', "sh"),
    ('\u{635}', "s"),
    ('\u{636}', "d"),
    ('\u{637}', "t"),
    ('\u{638}', "z"),
    ('\u{639}', "a"),
    ('\u{63a}', "gh"),
    ('\u{640}', ""),
    ('\u{641}', "f"),
    ('\u{642}', "q"),
    ('\u{643}', "k"),
    ('\u{644}', "l"),
    ('\u{645}', "m"),
    ('\u{646}', "n"),
    ('\u{647}', "h"),
    ('\u{648}', "w"),
    ('\u{649}', "a"),
    ('\u{64a}', "i"),
    ('\u{679}', "t"),
    ('\u{67e}', "p"),
    ('\u{686}', "ch"),
    ('\u{688}', "d"),
    ('\u{691}', "r"),
    ('\u{698}', "zh"),
    ('\u{6a4}', "v"),
    ('\u{6a9}', "k"),
    ('\u{6af}', "g"),
    ('\u{6ba}', "n"),
    ('\u{6be}', "h"),
    ('\u{6c1}', "h"),
    ('\u{6cc}', "i"),
    ('\u{6d2}', "e"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_letter_table_is_in_order() {
        assert!(LETTERS.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn spellings_of_one_name_are_alike_and_other_names_are_not() {
        for (left, right) in [
            ("Muammar Gaddafi", "Moammar Qadhafi"),
            ("Vladimir Putin", "Владимир Путин"),
            ("Hussein, Ali", "Ali Hussain"),
            ("Acme Trading Ltd.", "ACME Trading LLC"),
            ("Abdul Rahman", "Abdulrahman"),
        ] {
            assert!(similarity(left, right) >= SAME_NAME, "{left} and {right}: {}", similarity(left, right));
        }
        for (left, right) in
            [("John Smith", "Jane Doe"), ("Unit 101", "Unit 105"), ("Ali Hassan", "Omar Hassan"), ("", "x")]
        {
            assert!(similarity(left, right) < SAME_NAME, "{left} and {right}: {}", similarity(left, right));
        }
    }

    #[test]
    fn a_search_finds_initials_typing_errors_and_nothing_unknown() {
        let index = NameIndex::new([
            (0, "Front for River Justice"),
            (1, "Harbour Workers Union"),
            (2, "Dune Brigade"),
        ]);
        let first = |query: &str| index.search(query, 5).first().map(|hit| hit.entry);
        assert_eq!(first("FRJ"), Some(0));
        assert_eq!(first("Dune Brigad"), Some(2));
        assert_eq!(first("union of harbour workers"), Some(1));
        assert_eq!(first("Mountain League"), None);
        assert_eq!(first(""), None);
    }
}
