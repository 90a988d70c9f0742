//! Parts of speech, noun phrases and verb groups: how is each word used?
//!
//! A list of common verbs, adjectives and closed-class words proposes, the ending of an unknown word
//! guesses, and the neighbours decide. That is less than a trained tagger knows, and it holds on
//! texts all in lower case or capitals, where taggers trained on edited text do worst.

use crate::document::{Casing, Document, Shape};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// How a word is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tag {
    /// Common noun.
    Noun,
    /// Proper name.
    Proper,
    /// Verb in its base form: infinitive, imperative, plural present.
    Base,
    /// Verb in -s.
    Present,
    /// Verb in the past tense.
    Past,
    /// Past participle, after *have* or *be* or behind a noun.
    Participle,
    /// Verb in -ing that acts as a verb.
    Gerund,
    /// *can*, *will*, *may*.
    Modal,
    /// A form of *be*, *have* or *do*, whether or not another verb follows.
    Auxiliary,
    /// Adjective, or a participle in its place.
    Adjective,
    /// Adverb.
    Adverb,
    /// Article, demonstrative, quantifier.
    Determiner,
    /// Personal or indefinite pronoun.
    Pronoun,
    /// *his*, *their*, and the ending *'s*.
    Possessive,
    /// *who*, *which*, *that* behind a noun.
    Relative,
    /// Preposition other than *to* before a verb.
    Preposition,
    /// *to* before a verb.
    To,
    /// *and*, *or*, *but*.
    Conjunction,
    /// *that*, *because*, *if*.
    Subordinator,
    /// *not*, *n't*.
    Negation,
    /// Number.
    Number,
    /// Quotation mark.
    Quote,
    /// Any other mark.
    Mark,
}

impl Tag {
    /// Tells whether the word is a verb of some form, auxiliaries and modals aside.
    pub fn is_verb(self) -> bool {
        matches!(self, Self::Base | Self::Present | Self::Past | Self::Participle | Self::Gerund)
    }

    /// Tells whether the word names something.
    pub fn is_nominal(self) -> bool {
        matches!(self, Self::Noun | Self::Proper)
    }
}

/// A base noun phrase: "the two masked gunmen", "Kabul", "they".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NounPhrase {
    /// Its tokens without a leading article or other determiner.
    pub tokens: Range<usize>,
    /// First token with determiners.
    pub start: usize,
    /// Its last word.
    pub head: usize,
    /// Whether it is a pronoun.
    pub pronoun: bool,
    /// Whether *'s* follows, so that it owns the next phrase.
    pub possessor: bool,
}

/// Shape of a verb group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerbForm {
    /// Has a subject before it.
    Finite,
    /// *to* and a base form.
    Infinitive,
    /// A form in -ing without auxiliary.
    Gerund,
    /// A participle behind the noun it belongs to: "the men killed in the raid".
    Reduced,
}

/// A verb with its auxiliaries: "had not been attacked".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerbGroup {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The verb that carries the meaning.
    pub head: usize,
    /// Whether the grammatical subject undergoes it.
    pub passive: bool,
    /// Whether it holds *not*, *never* or the like.
    pub negated: bool,
    /// The modal verb in it.
    pub modal: Option<usize>,
    /// Whether it holds *have*.
    pub perfect: bool,
    /// Its shape.
    pub form: VerbForm,
}

/// The parts of speech and phrases of a document.
#[derive(Debug, Clone, Default)]
pub struct Syntax {
    /// One tag a token.
    pub tags: Vec<Tag>,
    /// Base noun phrases in order.
    pub nouns: Vec<NounPhrase>,
    /// Verb groups in order.
    pub verbs: Vec<VerbGroup>,
    noun_of: Vec<Option<u32>>,
    verb_of: Vec<Option<u32>>,
}

impl Syntax {
    /// Reads the parts of speech of a document. Takes time linear in its length.
    pub fn of(document: &Document<'_>) -> Self {
        let mut syntax = Self { tags: tags(document), ..Self::default() };
        for sentence in &document.sentences {
            syntax.chunk(document, sentence.tokens.clone());
        }
        syntax.noun_of = vec![None; syntax.tags.len()];
        syntax.verb_of = vec![None; syntax.tags.len()];
        for (index, noun) in (0u32..).zip(&syntax.nouns) {
            syntax.noun_of[noun.start..noun.tokens.end].fill(Some(index));
        }
        for (index, verb) in (0u32..).zip(&syntax.verbs) {
            syntax.verb_of[verb.tokens.clone()].fill(Some(index));
        }
        syntax
    }

    /// The tag of a token; a mark beyond the text.
    pub fn tag(&self, token: usize) -> Tag {
        self.tags.get(token).copied().unwrap_or(Tag::Mark)
    }

    /// The noun phrase that holds a token.
    pub fn noun_at(&self, token: usize) -> Option<&NounPhrase> {
        self.nouns.get((*self.noun_of.get(token)?)? as usize)
    }

    /// The verb group that holds a token.
    pub fn verb_at(&self, token: usize) -> Option<&VerbGroup> {
        self.verbs.get((*self.verb_of.get(token)?)? as usize)
    }

    /// Index of the noun phrase that holds a token.
    pub fn noun_index(&self, token: usize) -> Option<usize> {
        Some((*self.noun_of.get(token)?)? as usize)
    }

    fn chunk(&mut self, document: &Document<'_>, sentence: Range<usize>) {
        let mut at = sentence.start;
        while at < sentence.end {
            let next = self
                .verb_group(document, at, sentence.end)
                .or_else(|| self.noun_phrase(document, at, sentence.end))
                .unwrap_or(at + 1);
            at = next.max(at + 1);
        }
    }

    fn verb_group(&mut self, document: &Document<'_>, start: usize, end: usize) -> Option<usize> {
        let mut head = None;
        let mut last = None;
        let (mut modal, mut be, mut have, mut negated) = (None, false, false, false);
        let mut at = start;
        while at < end {
            match self.tag(at) {
                Tag::Modal if head.is_none() => modal = Some(at),
                Tag::Auxiliary if head.is_none() => {
                    be |= is_be(document.lower(at));
                    have |= is_have(document.lower(at));
                    last = Some(at);
                }
                Tag::To if at == start || last.is_some() => {}
                Tag::Negation if at > start || self.tag(at + 1).is_verb() => negated = true,
                Tag::Adverb if at > start => {
                    negated |= matches!(document.lower(at), "never" | "neither" | "nor")
                }
                tag if tag.is_verb() && head.is_none() => {
                    head = Some(at);
                    at += 1;
                    break;
                }
                _ => break,
            }
            at += 1;
        }
        let main = head.or(last).or(modal)?;
        let tag = self.tag(main);
        let only = main == start;
        // *to* between an auxiliary and its verb: "is to attack"; otherwise an infinitive.
        let form = if self.tag(start) == Tag::To {
            VerbForm::Infinitive
        } else if only && tag == Tag::Gerund {
            VerbForm::Gerund
        } else if only && tag == Tag::Participle {
            VerbForm::Reduced
        } else {
            VerbForm::Finite
        };
        let passive = tag == Tag::Participle && (be || (only && !have));
        self.verbs.push(VerbGroup {
            tokens: start..main + 1,
            head: main,
            passive,
            negated,
            modal,
            perfect: have,
            form,
        });
        Some(if head.is_some() { at } else { main + 1 })
    }

    fn noun_phrase(&mut self, document: &Document<'_>, start: usize, end: usize) -> Option<usize> {
        if self.tag(start) == Tag::Pronoun {
            self.nouns.push(NounPhrase {
                tokens: start..start + 1,
                start,
                head: start,
                pronoun: true,
                possessor: false,
            });
            return Some(start + 1);
        }
        let mut at = start;
        let mut first = start;
        let mut head = None;
        while at < end {
            match self.tag(at) {
                Tag::Determiner | Tag::Possessive if head.is_none() => {
                    if document.lower(at) == "'s" {
                        break;
                    }
                    first = at + 1;
                }
                // "for several days Iran", "on Monday Taliban fighters": a phrase of time ends there.
                Tag::Proper if head.is_some_and(|head| ends_time(document.lower(head))) => break,
                Tag::Noun
                    if head.is_some_and(|head| is_calendar(document.lower(head)))
                        && !names_time(document.lower(at)) =>
                {
                    break;
                }
                Tag::Noun | Tag::Proper => head = Some(at),
                Tag::Number | Tag::Adjective => {
                    // "Tuesday 12 people": a number opens a new phrase, unless it belongs to a name.
                    if head.is_some() && !self.goes_on(document, at, end) {
                        break;
                    }
                    if self.tag(at) == Tag::Number && head.is_some() && self.tag(at + 1) != Tag::Proper {
                        break;
                    }
                }
                // "at least 12", "more than 20" stand before the number.
                Tag::Adverb if head.is_none() && matches!(self.tag(at + 1), Tag::Adjective | Tag::Number) => {
                }
                // "car-bomb", "U.S.-led"
                Tag::Mark
                    if document.word(at) == "-"
                        && at > start
                        && adjoins(document, at)
                        && self.goes_on(document, at, end) => {}
                _ => break,
            }
            at += 1;
        }
        let head = head.or_else(|| {
            // "the wounded", "two injured", "three others": no noun follows.
            (at > start && matches!(self.tag(at - 1), Tag::Adjective | Tag::Number)).then(|| at - 1)
        })?;
        if first > head {
            return None;
        }
        let possessor = matches!(document.lower(head + 1), "'s" | "'") && head + 1 < end;
        self.nouns.push(NounPhrase { tokens: first..head + 1, start, head, pronoun: false, possessor });
        Some(head + 1)
    }

    fn goes_on(&self, document: &Document<'_>, at: usize, end: usize) -> bool {
        let mut next = at + 1;
        while next < end && (self.tag(next) == Tag::Adjective || document.word(next) == "-") {
            next += 1;
        }
        next < end && self.tag(next).is_nominal()
    }
}

fn ends_time(word: &str) -> bool {
    is_calendar(word)
        || matches!(
            word,
            "days"
                | "weeks"
                | "months"
                | "years"
                | "hours"
                | "minutes"
                | "week"
                | "month"
                | "year"
                | "yesterday"
                | "today"
        )
}

fn names_time(word: &str) -> bool {
    matches!(word, "morning" | "afternoon" | "evening" | "night" | "noon" | "midnight")
}

fn adjoins(document: &Document<'_>, at: usize) -> bool {
    match (document.tokens.get(at.wrapping_sub(1)), document.tokens.get(at), document.tokens.get(at + 1)) {
        (Some(before), Some(mark), Some(after)) => {
            before.span.end() == mark.span.start() && mark.span.end() == after.span.start()
        }
        _ => false,
    }
}

/// Tells whether a word is a form of *be*.
pub fn is_be(word: &str) -> bool {
    matches!(word, "be" | "is" | "are" | "am" | "was" | "were" | "been" | "being" | "get" | "got" | "gets")
}

fn is_have(word: &str) -> bool {
    matches!(word, "have" | "has" | "had" | "having")
}

const BASE: u16 = 1;
const PRESENT: u16 = 2;
const PAST: u16 = 4;
const PARTICIPLE: u16 = 8;
const GERUND: u16 = 16;
const NOUN: u16 = 32;
const ADJECTIVE: u16 = 64;
const ADVERB: u16 = 128;
const VERB: u16 = BASE | PRESENT | PAST | PARTICIPLE | GERUND;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordLists {
    verbs: String,
    irregular: String,
    nouns_and_verbs: String,
    adjectives: String,
    adverbs: String,
    nouns: String,
}

#[derive(Default)]
struct Words {
    uses: BTreeMap<String, u16>,
    lemmas: BTreeMap<String, String>,
}

impl Words {
    fn add(&mut self, form: &str, used: u16, lemma: Option<&str>) {
        *self.uses.entry(form.to_owned()).or_insert(0) |= used;
        if let Some(lemma) = lemma {
            self.lemmas.entry(form.to_owned()).or_insert_with(|| lemma.to_owned());
        }
    }

    fn uses(&self, word: &str) -> u16 {
        self.uses.get(word).copied().unwrap_or(0)
    }
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let lists: WordLists = toml::from_str(include_str!("../../../lexicons/en/words.toml"))
        .expect("the word lists are compiled in, and a test reads them");
    let mut words = Words::default();
    let mut irregular = BTreeSet::new();
    for row in lists.irregular.lines().flat_map(|line| line.split('|')) {
        if let [base, past, participle] = row.split_whitespace().collect::<Vec<_>>().as_slice() {
            irregular.insert(*base);
            words.add(base, BASE, Some(base));
            words.add(past, PAST, Some(base));
            words.add(participle, PARTICIPLE, Some(base));
            words.add(&present(base), PRESENT, Some(base));
            words.add(&gerund(base), GERUND, Some(base));
        }
    }
    for base in lists.verbs.split_whitespace() {
        words.add(base, BASE, Some(base));
        words.add(&present(base), PRESENT, Some(base));
        words.add(&gerund(base), GERUND, Some(base));
        if !irregular.contains(base) {
            words.add(&past(base), PAST | PARTICIPLE, Some(base));
        }
    }
    for noun in lists.nouns_and_verbs.split_whitespace() {
        words.add(noun, NOUN, None);
        words.add(&present(noun), NOUN, None);
    }
    for (list, used) in [(&lists.nouns, NOUN), (&lists.adjectives, ADJECTIVE), (&lists.adverbs, ADVERB)] {
        for word in list.split_whitespace() {
            words.add(word, used, None);
        }
    }
    words
});

fn ends_in_vowel_and_y(word: &str) -> bool {
    word.ends_with('y')
        && word.as_bytes().iter().rev().nth(1).is_some_and(|letter| !b"aeiou".contains(letter))
}

fn present(base: &str) -> String {
    match base {
        "be" => "is".to_owned(),
        "have" => "has".to_owned(),
        _ if ends_in_vowel_and_y(base) => format!("{}ies", base.trim_end_matches('y')),
        _ if base.ends_with(['s', 'x', 'z', 'o']) || base.ends_with("ch") || base.ends_with("sh") => {
            format!("{base}es")
        }
        _ => format!("{base}s"),
    }
}

/// Tells whether the last consonant is doubled before an ending: "stop", "kidnap", "admit".
fn doubles(base: &str) -> bool {
    const DOUBLING: &[&str] = &[
        "abet",
        "admit",
        "commit",
        "compel",
        "control",
        "deter",
        "dispel",
        "equip",
        "expel",
        "kidnap",
        "occur",
        "permit",
        "prefer",
        "rebel",
        "recur",
        "refer",
        "regret",
        "repel",
        "submit",
        "transfer",
        "transmit",
        "transship",
        "unzip",
        "upset",
    ];
    let letters = base.as_bytes();
    let is_vowel = |letter: u8| b"aeiou".contains(&letter);
    let short = match letters {
        [.., before, vowel, last] => {
            is_vowel(*vowel)
                && !is_vowel(*before)
                && !is_vowel(*last)
                && !b"wxy".contains(last)
                && letters.iter().filter(|letter| is_vowel(**letter)).count() == 1
        }
        _ => false,
    };
    short || DOUBLING.contains(&base)
}

fn past(base: &str) -> String {
    if base.ends_with('e') {
        format!("{base}d")
    } else if ends_in_vowel_and_y(base) {
        format!("{}ied", base.trim_end_matches('y'))
    } else if doubles(base) {
        format!("{base}{}ed", &base[base.len() - 1..])
    } else {
        format!("{base}ed")
    }
}

fn gerund(base: &str) -> String {
    if let Some(stem) = base.strip_suffix("ie") {
        format!("{stem}ying")
    } else if base.ends_with('e') && !base.ends_with("ee") && !base.ends_with("ye") && base.len() > 2 {
        format!("{}ing", base.trim_end_matches('e'))
    } else if doubles(base) {
        format!("{base}{}ing", &base[base.len() - 1..])
    } else {
        format!("{base}ing")
    }
}

/// The base form of a verb; the word itself if it is not a form of a known verb.
pub fn verb_lemma(word: &str) -> &str {
    match word {
        "'s" | "'re" | "'m" => "be",
        "'ve" => "have",
        _ => WORDS.lemmas.get(word).map_or(word, String::as_str),
    }
}

/// The singular of a noun, as far as its ending tells.
pub fn noun_lemma(word: &str) -> String {
    const IRREGULAR: &[(&str, &str)] = &[
        ("children", "child"),
        ("crises", "crisis"),
        ("feet", "foot"),
        ("gunmen", "gunman"),
        ("lives", "life"),
        ("knives", "knife"),
        ("men", "man"),
        ("people", "person"),
        ("police", "police"),
        ("teeth", "tooth"),
        ("thieves", "thief"),
        ("wives", "wife"),
        ("women", "woman"),
    ];
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    if let Some(stem) = word.strip_suffix("men") {
        return format!("{stem}man");
    }
    if let Some(stem) = word.strip_suffix("ies")
        && stem.len() > 2
    {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

fn closed(word: &str) -> Option<Tag> {
    Some(match word {
        "the" | "a" | "an" | "this" | "these" | "those" | "every" | "each" | "some" | "any" | "no"
        | "all" | "both" | "another" | "many" | "few" | "several" | "such" | "either" | "much" | "half" => {
            Tag::Determiner
        }
        "i" | "you" | "he" | "she" | "it" | "we" | "they" | "me" | "him" | "us" | "them" | "himself"
        | "herself" | "itself" | "themselves" | "ourselves" | "everyone" | "everybody" | "nobody"
        | "someone" | "somebody" | "anyone" | "anybody" | "none" | "there" => Tag::Pronoun,
        "his" | "their" | "its" | "our" | "my" | "your" | "whose" | "'s" => Tag::Possessive,
        "who" | "whom" | "which" | "what" => Tag::Relative,
        "to" | "of" | "in" | "on" | "at" | "by" | "with" | "from" | "for" | "against" | "into" | "near"
        | "between" | "among" | "amid" | "amidst" | "during" | "under" | "over" | "through"
        | "throughout" | "toward" | "towards" | "upon" | "within" | "without" | "across" | "along"
        | "behind" | "beyond" | "beside" | "besides" | "despite" | "inside" | "outside" | "onto" | "per"
        | "via" | "about" | "above" | "below" | "beneath" | "around" | "off" | "like" | "unlike"
        | "versus" | "according" | "including" | "following" | "regarding" | "concerning" | "up" | "down"
        | "out" | "as" | "than" | "until" | "till" | "since" | "after" | "before" => Tag::Preposition,
        "and" | "or" | "but" | "nor" | "&" => Tag::Conjunction,
        "because" | "if" | "unless" | "although" | "though" | "whether" | "while" | "whereas" | "when"
        | "where" | "that" | "so" | "lest" | "once" => Tag::Subordinator,
        "not" | "n't" | "cannot" => Tag::Negation,
        "can" | "could" | "may" | "might" | "must" | "shall" | "should" | "will" | "would" | "ca" | "wo"
        | "'ll" | "'d" => Tag::Modal,
        "be" | "is" | "are" | "am" | "was" | "were" | "been" | "being" | "have" | "has" | "had"
        | "having" | "do" | "does" | "did" | "'re" | "'ve" | "'m" | "don't" | "didn't" | "doesn't"
        | "isn't" | "wasn't" | "weren't" | "aren't" | "hasn't" | "haven't" | "hadn't" => Tag::Auxiliary,
        "won't" | "can't" | "couldn't" | "wouldn't" | "shouldn't" => Tag::Modal,
        "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "eleven"
        | "twelve" | "thirteen" | "fourteen" | "fifteen" | "sixteen" | "seventeen" | "eighteen"
        | "nineteen" | "twenty" | "thirty" | "forty" | "fifty" | "sixty" | "seventy" | "eighty"
        | "ninety" | "hundred" | "thousand" | "million" | "billion" | "dozen" => Tag::Number,
        _ => return None,
    })
}

/// Days, months and the like, which are names but never people or places.
fn is_calendar(word: &str) -> bool {
    matches!(
        word,
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "january"
            | "february"
            | "april"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
    )
}

fn tags(document: &Document<'_>) -> Vec<Tag> {
    let mut tags = Vec::with_capacity(document.tokens.len());
    let names = names_seen(document);
    let caseless = caseless_names(document);
    for sentence in &document.sentences {
        let headline = is_headline(document, &sentence.tokens);
        for token in sentence.tokens.clone() {
            let tag = if caseless.contains(&token) {
                Tag::Proper
            } else {
                tag_word(document, &tags, &sentence.tokens, token, headline, &names)
            };
            tags.push(tag);
        }
    }
    tags
}

/// Most words of a person's name.
const NAME_WORDS_MAX: usize = 6;

/// The tokens of people's names in a text that has no capitals to show them: a given name or a rank
/// begins a name, words of no list go on with it, and its last words name the person again later.
fn caseless_names(document: &Document<'_>) -> BTreeSet<usize> {
    let mut names = BTreeSet::new();
    if document.casing == Casing::Mixed {
        return names;
    }
    let mut surnames = BTreeSet::new();
    for sentence in &document.sentences {
        let mut at = sentence.tokens.start;
        while at < sentence.tokens.end {
            let end = caseless_name(document, at, sentence.tokens.end);
            for token in at..end {
                names.insert(token);
                let word = document.lower(token);
                if token > at && word.len() > 3 && is_unlisted(word) {
                    surnames.insert(word);
                }
            }
            at = end.max(at + 1);
        }
    }
    let again = |token: &usize| surnames.contains(document.lower(*token));
    names.extend((0..document.tokens.len()).filter(again));
    names
}

/// Where the name that begins at a token ends; the token itself if none does.
fn caseless_name(document: &Document<'_>, start: usize, sentence_end: usize) -> usize {
    let before = start.checked_sub(1).map_or("", |before| document.lower(before));
    let before = match (before, start) {
        (".", 2..) => document.lower(start - 2),
        (before, _) => before,
    };
    let word = document.lower(start);
    // "San Jose", "Santa Ana" are places.
    let saint = matches!(before, "san" | "santa" | "santo" | "sao" | "saint" | "st");
    let given = crate::lexicon::is_given_name(word) && !saint;
    if !(given || opens_name(before) && is_surname_like(word)) {
        return start;
    }
    let mut end = start + 1;
    while end < sentence_end && end < start + NAME_WORDS_MAX {
        let word = document.lower(end);
        let next = document.lower(end + 1);
        let particle =
            matches!(word, "de" | "la" | "del" | "da" | "dos" | "y" | "los" | "las" | "von" | "van");
        if is_unlisted(word) || (crate::lexicon::is_given_name(word)) {
            end += 1;
        } else if particle && end + 1 < sentence_end && (is_unlisted(next) || next == "la" || next == "los") {
            end += 2;
        } else if word.len() == 1 && next == "." && is_unlisted(document.lower(end + 2)) {
            end += 3;
        } else {
            break;
        }
    }
    end.min(sentence_end)
}

/// Ranks and forms of address that stand before names and little else.
fn opens_name(word: &str) -> bool {
    matches!(
        word,
        "mr" | "mrs"
            | "dr"
            | "col"
            | "colonel"
            | "gen"
            | "lt"
            | "maj"
            | "capt"
            | "captain"
            | "sgt"
            | "sergeant"
            | "lieutenant"
            | "president"
            | "senator"
            | "ambassador"
            | "monsignor"
            | "msgr"
            | "archbishop"
            | "bishop"
            | "priest"
    )
}

/// A word of no list, as surnames are.
fn is_unlisted(word: &str) -> bool {
    word.len() > 1
        && word.chars().all(|letter| letter.is_alphabetic() || letter == '-' || letter == '\'')
        && closed(word).is_none()
        && !is_calendar(word)
        && WORDS.uses(word) == 0
        && guess(word) & !(NOUN | ADJECTIVE) == 0
        && !crate::lexicon::is_common_noun(word)
        && !crate::lexicon::is_title(word)
}

/// An unlisted word without an ending of common nouns and adjectives.
fn is_surname_like(word: &str) -> bool {
    const COMMON_ENDINGS: &[&str] = &[
        "tion", "sion", "ment", "ness", "ity", "ship", "ism", "ist", "tor", "ers", "ing", "ry", "al", "ian",
        "ive",
    ];
    word.len() > 2 && is_unlisted(word) && !COMMON_ENDINGS.iter().any(|ending| word.ends_with(ending))
}

/// Words capitalised inside sentences, where only names are.
fn names_seen<'a>(document: &'a Document<'_>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    if document.casing != Casing::Mixed {
        return names;
    }
    for sentence in &document.sentences {
        if is_headline(document, &sentence.tokens) {
            continue;
        }
        let mut opens = true;
        for token in sentence.tokens.clone() {
            let shape = document.tokens[token].shape;
            if !opens && matches!(shape, Shape::Capitalised | Shape::Capitals | Shape::Mixed) {
                names.insert(document.lower(token));
            }
            opens = matches!(shape, Shape::Quote | Shape::Mark);
        }
    }
    names
}

/// Tells whether most words of a sentence are capitalised, so that capitals do not tell names.
fn is_headline(document: &Document<'_>, sentence: &Range<usize>) -> bool {
    let (mut long, mut capital) = (0, 0);
    for token in sentence.clone() {
        let token = &document.tokens[token];
        if token.lower.len() > 3 && !matches!(token.shape, Shape::Number | Shape::Mark | Shape::Quote) {
            long += 1;
            capital += usize::from(token.shape != Shape::Lower);
        }
    }
    long >= 4 && capital * 10 >= long * 8
}

fn tag_word(
    document: &Document<'_>,
    tags: &[Tag],
    sentence: &Range<usize>,
    token: usize,
    headline: bool,
    names: &BTreeSet<&str>,
) -> Tag {
    let word = document.lower(token);
    let shape = document.tokens[token].shape;
    let opens = token == sentence.start
        || matches!(tags.get(token - 1), Some(Tag::Quote))
        || (matches!(tags.get(token - 1), Some(Tag::Mark))
            && matches!(document.word(token - 1), ":" | "-" | "--" | "–" | "—" | "•" | "*"));
    match shape {
        Shape::Number => return Tag::Number,
        Shape::Quote => return Tag::Quote,
        Shape::Mark
            if word == "'"
                && token > sentence.start
                && tags.get(token - 1).is_some_and(|tag| tag.is_nominal()) =>
        {
            return Tag::Possessive;
        }
        Shape::Mark => return Tag::Mark,
        _ => {}
    }
    if is_calendar(word) {
        return Tag::Proper;
    }
    let capital = shape != Shape::Lower && document.casing == Casing::Mixed;
    let known = WORDS.uses(word);
    if let Some(tag) = closed(word)
        && !(capital && shape == Shape::Capitals && matches!(word, "us" | "who" | "it" | "is") && !headline)
    {
        return closed_in_context(document, tags, sentence, token, tag);
    }
    if capital {
        let plain = names.contains(word);
        let looks_common = known != 0 || crate::lexicon::is_common_noun(word);
        let name = if shape == Shape::Capitals && word.len() > 1 {
            !headline || !looks_common
        } else if headline {
            plain || !looks_common
        } else if opens {
            plain || !(looks_common || guess(word) != NOUN || is_plural(word))
        } else {
            true
        };
        if name {
            return Tag::Proper;
        }
    }
    let uses = if known != 0 { known } else { guess(word) };
    in_context(document, tags, sentence, token, uses)
}

fn is_plural(word: &str) -> bool {
    word.len() > 4
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is")
}

/// What the ending of an unknown word tells.
fn guess(word: &str) -> u16 {
    const ADJECTIVES: &[&str] = &[
        "able", "ible", "ful", "ous", "ive", "ical", "less", "ish", "ian", "ese", "ary", "ic", "led",
        "based", "backed", "held", "wide",
    ];
    if crate::lexicon::is_common_noun(word) {
        return NOUN;
    }
    if let Some((_, last)) = word.rsplit_once('-') {
        let last = WORDS.uses(last);
        return if last & (PAST | PARTICIPLE | GERUND | ADJECTIVE) != 0 { ADJECTIVE } else { NOUN };
    }
    if word.len() > 4 && word.ends_with("ly") {
        ADVERB
    } else if word.len() > 4 && word.ends_with("ed") {
        PAST | PARTICIPLE
    } else if word.len() > 5 && word.ends_with("ing") {
        GERUND | NOUN
    } else if word.len() > 4 && ADJECTIVES.iter().any(|ending| word.ends_with(ending)) {
        ADJECTIVE
    } else {
        NOUN
    }
}

fn closed_in_context(
    document: &Document<'_>,
    tags: &[Tag],
    sentence: &Range<usize>,
    token: usize,
    tag: Tag,
) -> Tag {
    let previous = (token > sentence.start).then(|| tags.get(token - 1).copied()).flatten();
    let next = if token + 1 < sentence.end { document.lower(token + 1) } else { "" };
    match document.lower(token) {
        "that" => match previous {
            Some(Tag::Noun | Tag::Proper) if starts_verb(next) => Tag::Relative,
            Some(Tag::Preposition) => Tag::Determiner,
            _ if token == sentence.start => Tag::Determiner,
            _ => Tag::Subordinator,
        },
        "her" => {
            if next.is_empty() || closed(next).is_some() {
                Tag::Pronoun
            } else {
                Tag::Possessive
            }
        }
        "no" | "such" => Tag::Determiner,
        "to" => {
            let links = token > sentence.start
                && matches!(
                    document.lower(token - 1),
                    "linked"
                        | "related"
                        | "response"
                        | "due"
                        | "according"
                        | "prior"
                        | "access"
                        | "belonging"
                        | "close"
                );
            if WORDS.uses(next) & BASE != 0 && closed(next).is_none() && !links
                || matches!(next, "be" | "have" | "do")
            {
                Tag::To
            } else {
                Tag::Preposition
            }
        }
        // A particle belongs to the verb before it: "blew up", "carried out".
        "up" | "out" | "off" | "down" | "about" | "around"
            if previous.is_some_and(Tag::is_verb) && closed(next).is_some() =>
        {
            Tag::Adverb
        }
        "about" | "around" | "over" | "under"
            if next.chars().next().is_some_and(|c| c.is_ascii_digit())
                || closed(next) == Some(Tag::Number) =>
        {
            Tag::Adverb
        }
        "there" if starts_verb(next) => Tag::Pronoun,
        "there" => Tag::Adverb,
        _ => tag,
    }
}

fn starts_verb(word: &str) -> bool {
    matches!(closed(word), Some(Tag::Modal | Tag::Auxiliary))
        || WORDS.uses(word) & (PAST | PRESENT | BASE) != 0
}

fn in_context(
    document: &Document<'_>,
    tags: &[Tag],
    sentence: &Range<usize>,
    token: usize,
    uses: u16,
) -> Tag {
    // The word before, adverbs and *not* aside.
    let mut back = token;
    let mut previous = None;
    while back > sentence.start {
        back -= 1;
        let tag = tags[back];
        if !matches!(tag, Tag::Adverb | Tag::Negation | Tag::Quote) {
            previous = Some(tag);
            break;
        }
    }
    let previous_word = if previous.is_some() { document.lower(back) } else { "" };
    let next_word = if token + 1 < sentence.end { document.lower(token + 1) } else { "" };
    let next_closed = closed(next_word);
    let next_uses = if next_closed.is_none() && !next_word.is_empty() {
        let known = WORDS.uses(next_word);
        if known != 0 { known } else { guess(next_word) }
    } else {
        0
    };
    let next_is_name = token + 1 < sentence.end
        && document.casing == Casing::Mixed
        && matches!(document.tokens[token + 1].shape, Shape::Capitalised | Shape::Capitals);
    let next_is_word =
        token + 1 < sentence.end && !matches!(document.tokens[token + 1].shape, Shape::Mark | Shape::Quote);
    // What can open an object.
    let object_follows =
        matches!(next_closed, Some(Tag::Determiner | Tag::Possessive | Tag::Pronoun | Tag::Number))
            || (next_closed.is_none() && next_is_word && next_uses & (ADJECTIVE | NOUN) != 0)
            || next_is_name;
    let inside_phrase = matches!(
        previous,
        Some(Tag::Determiner | Tag::Possessive | Tag::Adjective | Tag::Number | Tag::Preposition)
    );
    let nominal_before = matches!(previous, Some(Tag::Noun | Tag::Proper | Tag::Pronoun | Tag::Relative));

    if uses & VERB == 0 {
        if uses & ADJECTIVE != 0 && uses & NOUN == 0 {
            return Tag::Adjective;
        }
        if uses & ADVERB != 0 && uses & ADJECTIVE == 0 {
            return Tag::Adverb;
        }
        if uses & ADVERB != 0 {
            return if next_uses & (NOUN | ADJECTIVE) != 0 { Tag::Adjective } else { Tag::Adverb };
        }
        if uses & ADJECTIVE != 0 {
            return if next_uses & NOUN != 0 || next_is_name { Tag::Adjective } else { Tag::Noun };
        }
        return Tag::Noun;
    }
    if uses & (PAST | PARTICIPLE) != 0 && previous_word == "-" && adjoins(document, back) {
        return Tag::Adjective;
    }
    let after_do = previous == Some(Tag::Auxiliary)
        && matches!(previous_word, "do" | "does" | "did" | "don't" | "didn't" | "doesn't");
    if uses & BASE != 0 && (previous == Some(Tag::Modal) || after_do) {
        return Tag::Base;
    }
    if previous == Some(Tag::To) || (previous_word == "to" && uses & BASE != 0) {
        return if uses & BASE != 0 { Tag::Base } else { verb_or_noun(uses) };
    }
    if uses & GERUND != 0 {
        return match previous {
            Some(Tag::Auxiliary) if is_be(previous_word) => Tag::Gerund,
            Some(Tag::Determiner | Tag::Possessive | Tag::Adjective | Tag::Number) => {
                if next_uses & NOUN != 0 && next_uses & VERB == 0 && uses & NOUN == 0 {
                    Tag::Adjective
                } else {
                    Tag::Noun
                }
            }
            Some(Tag::Preposition) if uses & NOUN != 0 && !object_follows => Tag::Noun,
            Some(Tag::Preposition) => Tag::Gerund,
            Some(Tag::Noun) if uses & NOUN != 0 && !object_follows => Tag::Noun,
            Some(Tag::Proper) if uses & NOUN != 0 && !object_follows => Tag::Noun,
            None if uses & NOUN != 0 && !object_follows => Tag::Noun,
            _ if uses & NOUN != 0 && matches!(next_closed, Some(Tag::Preposition)) && !nominal_before => {
                Tag::Noun
            }
            _ => Tag::Gerund,
        };
    }
    if uses & (PAST | PARTICIPLE) != 0 && uses & BASE == 0 {
        return match previous {
            Some(Tag::Auxiliary) if is_have(previous_word) || is_be(previous_word) => Tag::Participle,
            Some(Tag::Determiner | Tag::Possessive | Tag::Number | Tag::Adjective | Tag::Preposition)
                if uses & NOUN != 0 && next_uses & NOUN == 0 =>
            {
                Tag::Noun
            }
            Some(Tag::Determiner | Tag::Possessive | Tag::Number | Tag::Adjective)
                if next_uses & (NOUN | ADJECTIVE) != 0 || next_is_name =>
            {
                Tag::Adjective
            }
            Some(Tag::Determiner | Tag::Possessive) => Tag::Adjective,
            Some(Tag::Preposition | Tag::Conjunction) | None
                if next_uses & NOUN != 0 && uses & PAST != 0 && previous != Some(Tag::Conjunction) =>
            {
                Tag::Adjective
            }
            Some(Tag::Noun | Tag::Proper | Tag::Number | Tag::Adjective | Tag::Mark)
                if uses & PARTICIPLE != 0 && is_reduced(document, tags, sentence, token) =>
            {
                Tag::Participle
            }
            _ if uses & PAST != 0 => Tag::Past,
            _ => Tag::Participle,
        };
    }
    // Base or -s form, which may be a noun.
    if previous == Some(Tag::Auxiliary) && is_be(previous_word) && uses & PARTICIPLE != 0 {
        return Tag::Participle;
    }
    if previous == Some(Tag::Auxiliary) && is_have(previous_word) && uses & PARTICIPLE != 0 {
        return Tag::Participle;
    }
    if uses & (NOUN | ADJECTIVE) != 0 && inside_phrase {
        return if uses & NOUN != 0 { Tag::Noun } else { Tag::Adjective };
    }
    if uses & PRESENT != 0 {
        if uses & NOUN == 0 {
            return if inside_phrase { Tag::Noun } else { Tag::Present };
        }
        let verb = nominal_before
            && previous != Some(Tag::Relative)
            && matches!(next_closed, Some(Tag::Determiner | Tag::Possessive | Tag::Pronoun | Tag::Number))
            || matches!(previous, Some(Tag::Pronoun | Tag::Relative))
            || (nominal_before && next_is_name && !has_verb(tags, sentence));
        return if verb { Tag::Present } else { Tag::Noun };
    }
    if uses & NOUN == 0 {
        if uses & ADJECTIVE != 0 && !matches!(previous, Some(Tag::Pronoun)) {
            return Tag::Adjective;
        }
        if uses & PAST != 0 && uses & BASE != 0 {
            return if matches!(previous, Some(Tag::Noun | Tag::Proper | Tag::Pronoun | Tag::Relative)) {
                Tag::Past
            } else {
                Tag::Base
            };
        }
        return Tag::Base;
    }
    // "shot", "hit", "cut": past forms that are nouns too.
    if uses & PAST != 0 {
        let after_subject =
            nominal_before && (next_closed == Some(Tag::Preposition) || matches!(next_word, "dead" | "down"));
        let takes_object =
            (nominal_before || previous == Some(Tag::Conjunction)) && (object_follows || next_word == "dead");
        return if after_subject || takes_object { Tag::Past } else { Tag::Noun };
    }
    let plural_before = matches!(previous, Some(Tag::Noun))
        && (is_plural(previous_word) || matches!(previous_word, "people" | "police" | "men" | "gunmen"));
    let verb = matches!(previous, Some(Tag::Pronoun)) && !matches!(previous_word, "it" | "him" | "them")
        || (previous == Some(Tag::Relative) && object_follows)
        || (plural_before
            && (matches!(next_closed, Some(Tag::Determiner | Tag::Possessive | Tag::Pronoun | Tag::Number))
                || next_is_name
                || (object_follows && !has_verb(tags, sentence))))
        || (previous == Some(Tag::Conjunction) && after_infinitive(tags, sentence, token))
        || (previous.is_none()
            && matches!(next_closed, Some(Tag::Determiner | Tag::Possessive | Tag::Pronoun)));
    if verb { Tag::Base } else { Tag::Noun }
}

fn verb_or_noun(uses: u16) -> Tag {
    if uses & NOUN != 0 {
        Tag::Noun
    } else if uses & GERUND != 0 {
        Tag::Gerund
    } else if uses & PARTICIPLE != 0 {
        Tag::Adjective
    } else {
        Tag::Noun
    }
}

fn has_verb(tags: &[Tag], sentence: &Range<usize>) -> bool {
    tags[sentence.start..].iter().any(|tag| {
        matches!(tag, Tag::Past | Tag::Present | Tag::Base | Tag::Auxiliary | Tag::Modal | Tag::Participle)
    })
}

/// "to kill and destroy": a base form after *and* continues an infinitive or modal close before it.
fn after_infinitive(tags: &[Tag], sentence: &Range<usize>, token: usize) -> bool {
    tags[sentence.start..token].iter().rev().take(7).any(|tag| *tag == Tag::Base)
}

/// Tells whether a form in -ed behind a noun belongs to that noun: "the men killed in the raid were",
/// "the house destroyed by fire". It does when *by* follows, or when the clause has another verb to
/// be its own.
fn is_reduced(document: &Document<'_>, tags: &[Tag], sentence: &Range<usize>, token: usize) -> bool {
    let next = if token + 1 < sentence.end { document.lower(token + 1) } else { "" };
    let after_mark = tags[token - 1] == Tag::Mark;
    let in_clause_before = |wanted: fn(Tag) -> bool| {
        tags[sentence.start..token]
            .iter()
            .rev()
            .take_while(|tag| {
                !matches!(tag, Tag::Conjunction | Tag::Subordinator | Tag::Relative | Tag::Quote)
            })
            .any(|tag| wanted(*tag))
    };
    let finite = |tag: Tag| matches!(tag, Tag::Past | Tag::Present | Tag::Auxiliary | Tag::Modal | Tag::Base);
    // "five killed in" after a verb: "attack leaves five killed".
    if matches!(next, "by") {
        return true;
    }
    if after_mark {
        return false;
    }
    let preposition =
        matches!(closed(next), Some(Tag::Preposition)) || next.is_empty() || matches!(next, "," | ".");
    if !preposition {
        return false;
    }
    if in_clause_before(finite) {
        return true;
    }
    // Another finite verb later, before the next comma or conjunction.
    let mut at = token + 1;
    let mut steps = 0;
    while at < sentence.end && steps < 14 {
        let word = document.lower(at);
        match closed(word) {
            Some(Tag::Auxiliary | Tag::Modal) => return true,
            Some(Tag::Conjunction | Tag::Subordinator | Tag::Relative) => return false,
            Some(_) => {}
            None if matches!(word, "," | ";" | ":" | "." | "\"" | "”") => return false,
            None => {
                let uses = WORDS.uses(word);
                let previous_closed = closed(document.lower(at - 1));
                if uses & PAST != 0
                    && !matches!(previous_closed, Some(Tag::Determiner | Tag::Preposition | Tag::Possessive))
                {
                    return true;
                }
            }
        }
        at += 1;
        steps += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes each word with its tag, as in `gunmen/Noun`.
    fn tag_of(text: &str, word: &str) -> Tag {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let at = (0..document.tokens.len()).find(|&token| document.lower(token) == word).unwrap();
        syntax.tag(at)
    }

    #[test]
    fn names_are_found_where_no_capitals_show_them() {
        let text = "gunmen killed journalist hernan belloza in the square. police said belloza died at once. the \
                    wounded officer, col quirada, is in san carlos.";
        assert_eq!(tag_of(text, "hernan"), Tag::Proper);
        assert_eq!(tag_of(text, "belloza"), Tag::Proper);
        assert_eq!(tag_of(text, "quirada"), Tag::Proper);
        assert_eq!(tag_of(text, "carlos"), Tag::Noun);
        assert_eq!(tag_of(text, "square"), Tag::Noun);
    }

    #[test]
    fn the_neighbours_tell_an_attack_from_to_attack() {
        assert_eq!(tag_of("The attack killed two people.", "attack"), Tag::Noun);
        assert_eq!(tag_of("They plan to attack the town.", "attack"), Tag::Base);
        assert_eq!(tag_of("Rebels attack the town at night.", "attack"), Tag::Base);
        assert_eq!(tag_of("A rebel attack shook the town.", "attack"), Tag::Noun);
        assert_eq!(tag_of("two people died in a bomb attack", "attack"), Tag::Noun);
        assert_eq!(tag_of("The army attacks the town.", "attacks"), Tag::Present);
        assert_eq!(tag_of("The attacks went on.", "attacks"), Tag::Noun);
        assert_eq!(tag_of("Soldiers opened fire on the crowd.", "fire"), Tag::Noun);
        assert_eq!(tag_of("He was shot in the leg.", "shot"), Tag::Participle);
        assert_eq!(tag_of("Gunmen shot two guards.", "shot"), Tag::Past);
    }

    #[test]
    fn a_participle_behind_its_noun_is_not_the_verb_of_the_clause() {
        assert_eq!(tag_of("The men killed in the raid were farmers.", "killed"), Tag::Participle);
        assert_eq!(tag_of("The men killed two farmers.", "killed"), Tag::Past);
        assert_eq!(tag_of("The injured soldiers were flown out.", "injured"), Tag::Adjective);
    }

    #[test]
    fn verb_groups_know_their_voice_and_negation() {
        let document = Document::new("The town had not been attacked by the rebels.");
        let syntax = Syntax::of(&document);
        let [group] = syntax.verbs.as_slice() else { panic!("{:?}", syntax.verbs) };
        assert!(group.passive && group.negated && group.perfect);
        assert_eq!(document.lower(group.head), "attacked");
    }

    #[test]
    fn noun_phrases_leave_out_articles_and_end_at_the_possessive() {
        let document = Document::new("The group's two masked gunmen attacked a U.S.-led convoy.");
        let syntax = Syntax::of(&document);
        let phrases: Vec<&str> = syntax
            .nouns
            .iter()
            .map(|noun| &document.text[document.span(noun.tokens.clone()).unwrap().range()])
            .collect();
        assert_eq!(phrases, ["group", "two masked gunmen", "U.S.-led convoy"]);
    }

    #[test]
    fn lemmas_undo_endings() {
        for (form, lemma) in [
            ("stabbed", "stab"),
            ("fled", "flee"),
            ("dies", "die"),
            ("dying", "die"),
            ("kidnapped", "kidnap"),
            ("shot", "shoot"),
        ] {
            assert_eq!(verb_lemma(form), lemma);
        }
        for (form, lemma) in
            [("gunmen", "gunman"), ("bodies", "body"), ("clashes", "clash"), ("police", "police")]
        {
            assert_eq!(noun_lemma(form), lemma);
        }
    }
}
