//! Where does a text name a known actor?
//!
//! All names stand in one tree of words. From each word of the text the tree is followed as far
//! as it goes and the longest accepted name wins, so the time is linear in the text and a name is
//! always whole words. A country or its adjective followed by a body ("Malian army", "Mali's
//! foreign ministry", "the army of Mali") is an actor by rule.

use std::collections::BTreeMap;
use std::ops::Range;

use super::tables::{self, Marked};
use super::{ActorKind, KnownActor};
use crate::fold::{Folded, Gap, fold, fold_words};

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// Ordinary capitals: abbreviations must match exactly.
    Cased,
    /// No capitals at all.
    Lower,
    /// Capitals only, as in old wire copy.
    Upper,
}

impl Case {
    /// Tells from the letters of a text how it is written.
    pub fn of(text: &str) -> Case {
        let (mut upper, mut lower) = (0_u32, 0_u32);
        for c in text.chars() {
            upper += u32::from(c.is_uppercase());
            lower += u32::from(c.is_lowercase());
        }
        match (upper, lower) {
            (0, _) => Case::Lower,
            (upper, lower) if upper > 20 * lower => Case::Upper,
            _ => Case::Cased,
        }
    }
}

/// By which kind of name an actor was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// The chief name.
    Name,
    /// Another name.
    Alias,
    /// An abbreviation.
    Abbreviation,
    /// A country or adjective with a body: "Afghan army".
    Rule,
    /// The capital stands for the government: "Kabul". It may also be just the place.
    Capital,
}

/// A place in a text that names one of the known actors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<'k> {
    /// Bytes of the name in the text.
    pub range: Range<usize>,
    /// Keys of the actors that bear the name, in order of the keys.
    pub candidates: Vec<&'k str>,
    /// By which kind of name.
    pub via: Via,
    /// The candidate usually meant, where several share the name.
    pub usual: Option<&'k str>,
    /// Says that the name alone does not settle that this actor is meant.
    pub needs_context: bool,
}

pub(super) struct Finder {
    words: BTreeMap<String, u32>,
    names: Tree<Meaning>,
    bodies: Tree<u16>,
    suffixes: Vec<&'static str>,
    keys: Vec<String>,
    isos: Vec<String>,
    of: Option<u32>,
    the: Option<u32>,
}

/// A tree of words: from node and word to node, with what ends at each node.
struct Tree<T> {
    edges: BTreeMap<(u32, u32), u32>,
    ends: Vec<Vec<T>>,
}

#[derive(Debug, Clone, Copy)]
enum Meaning {
    Actor(Form),
    /// A state's name, which a body may follow or precede.
    State(u16),
    /// A state's adjective, which a body may follow.
    Adjective(u16),
}

#[derive(Debug, Clone, Copy)]
struct Form {
    key: u32,
    via: Via,
    written: &'static str,
    needs_context: bool,
    usual: bool,
}

impl<T> Tree<T> {
    fn new() -> Self {
        Tree { edges: BTreeMap::new(), ends: vec![Vec::new()] }
    }

    fn insert(&mut self, path: impl Iterator<Item = u32>, value: T) {
        let mut node = 0;
        for word in path {
            let fresh = self.ends.len() as u32;
            node = *self.edges.entry((node, word)).or_insert(fresh);
            if node == fresh {
                self.ends.push(Vec::new());
            }
        }
        if let Some(ends) = self.ends.get_mut(node as usize) {
            ends.push(value);
        }
    }

    /// Follows the words from `start` and calls `at_end(end, values)` wherever something ends.
    fn follow<'t>(&'t self, words: &[Token], start: usize, mut at_end: impl FnMut(usize, &'t [T])) {
        let mut node = 0;
        for (index, token) in words.iter().enumerate().skip(start) {
            if index > start && token.gap == Gap::Hard {
                return;
            }
            let Some(next) = token.word.and_then(|word| self.edges.get(&(node, word))) else { return };
            node = *next;
            if let Some(values) = self.ends.get(node as usize).filter(|values| !values.is_empty()) {
                at_end(index + 1, values);
            }
        }
    }
}

/// A word of the text: its number if any name holds it, and what stands before it.
struct Token {
    word: Option<u32>,
    gap: Gap,
}

/// Words that may stand between an adjective and a body: "Malian transitional government".
const FILLERS: [&str; 14] = [
    "transitional",
    "interim",
    "national",
    "federal",
    "regional",
    "local",
    "senior",
    "special",
    "elite",
    "paramilitary",
    "new",
    "former",
    "top",
    "central",
];

impl Finder {
    pub(super) fn new(actors: &BTreeMap<String, KnownActor>) -> Finder {
        let mut finder = Finder {
            words: BTreeMap::new(),
            names: Tree::new(),
            bodies: Tree::new(),
            suffixes: Vec::new(),
            keys: Vec::new(),
            isos: Vec::new(),
            of: None,
            the: None,
        };
        for actor in actors.values() {
            let key = finder.keys.len() as u32;
            finder.keys.push(actor.key.clone());
            let by_rule = actor.kind != ActorKind::State && actor.kind_word == "state";
            if by_rule {
                continue;
            }
            let chief = Form {
                key,
                via: Via::Name,
                written: "",
                needs_context: actor.name_needs_context,
                usual: false,
            };
            finder.name(&actor.name, chief);
            for item in &actor.names {
                finder.marked_name(tables::marked(item), key, Via::Alias);
            }
            for item in &actor.abbreviations {
                finder.marked_name(tables::marked(item), key, Via::Abbreviation);
            }
        }
        for (number, state) in (0_u16..).zip(tables::states()) {
            finder.isos.push(state.iso.to_lowercase());
            for name in &state.names {
                finder.insert_name(&fold(name), Meaning::State(number));
            }
            for adjective in &state.adjectives {
                finder.insert_name(&fold(adjective), Meaning::Adjective(number));
            }
            let government = format!("{}-government", state.iso.to_lowercase());
            let key = finder.keys.binary_search(&government);
            for capital in state.capitals.iter().filter(|_| key.is_ok()) {
                let key = key.unwrap_or_default() as u32;
                finder.marked_name(
                    Marked { name: capital, needs_context: true, usual: false },
                    key,
                    Via::Capital,
                );
            }
        }
        for (number, body) in (0_u16..).zip(tables::bodies()) {
            finder.suffixes.push(body.suffix);
            for phrase in &body.phrases {
                let path: Vec<u32> = fold(phrase).split(' ').map(|word| finder.number(word)).collect();
                finder.bodies.insert(path.into_iter(), number);
            }
        }
        for filler in FILLERS {
            finder.number(filler);
        }
        finder.of = Some(finder.number("of"));
        finder.the = Some(finder.number("the"));
        finder
    }

    fn number(&mut self, word: &str) -> u32 {
        if let Some(number) = self.words.get(word) {
            return *number;
        }
        let number = self.words.len() as u32;
        self.words.insert(word.to_owned(), number);
        number
    }

    fn marked_name(&mut self, item: Marked<'static>, key: u32, via: Via) {
        let Marked { name, needs_context, usual } = item;
        self.name(name, Form { key, via, written: name, needs_context, usual });
    }

    /// Enters a name, and again with its first two words joined: `alqaeda`, `Bokoharam`.
    fn name(&mut self, name: &str, form: Form) {
        let folded = fold(name);
        self.insert_name(&folded, Meaning::Actor(form));
        if let (Some((first, rest)), true) = (folded.split_once(' '), form.via != Via::Abbreviation) {
            let article = matches!(first, "al" | "el" | "an" | "as" | "ash" | "ar" | "ad");
            if article || (!rest.contains(' ') && folded.len() > 8) {
                self.insert_name(&format!("{first}{rest}"), Meaning::Actor(Form { written: "", ..form }));
            }
        }
    }

    fn insert_name(&mut self, folded: &str, meaning: Meaning) {
        if folded.is_empty() {
            return;
        }
        let path: Vec<u32> = folded.split(' ').map(|word| self.number(word)).collect();
        self.names.insert(path.into_iter(), meaning);
    }

    pub(super) fn find<'k>(
        &'k self,
        actors: &'k BTreeMap<String, KnownActor>,
        text: &str,
        case: Case,
    ) -> Vec<Found<'k>> {
        let folded = fold_words(text);
        let tokens: Vec<Token> = folded
            .words()
            .iter()
            .map(|word| Token { word: self.words.get(folded.letters(word)).copied(), gap: word.gap })
            .collect();
        let reading = Reading { finder: self, text, folded: &folded, tokens: &tokens, case };
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match reading.at(at) {
                Some((end, hit)) => {
                    let words = folded.words();
                    if let (Some(first), Some(last)) = (words.get(at), words.get(end - 1)) {
                        let range = first.source.start..last.source.end;
                        found.extend(hit.into_found(self, actors, range));
                    }
                    at = end;
                }
                None => at += 1,
            }
        }
        found
    }
}

/// What is known while one text is searched.
struct Reading<'a> {
    finder: &'a Finder,
    text: &'a str,
    folded: &'a Folded,
    tokens: &'a [Token],
    case: Case,
}

enum Hit {
    Actors(Vec<Form>),
    Bodies { states: Vec<u16>, body: u16 },
}

impl Reading<'_> {
    /// Returns the longest finding that starts at a word, with the word after it.
    fn at(&self, start: usize) -> Option<(usize, Hit)> {
        let mut named: Option<(usize, Vec<Form>)> = None;
        let mut states: Option<(usize, Vec<u16>)> = None;
        self.finder.names.follow(self.tokens, start, |end, meanings| {
            let mut forms = Vec::new();
            let mut numbers = Vec::new();
            for meaning in meanings {
                match meaning {
                    Meaning::Actor(form) if self.accepts(form, start, end) => forms.push(*form),
                    Meaning::Actor(_) => {}
                    Meaning::State(number) | Meaning::Adjective(number) => {
                        if self.starts_upper(start) && !numbers.contains(number) {
                            numbers.push(*number);
                        }
                    }
                }
            }
            if !forms.is_empty() {
                named = Some((end, forms));
            }
            if !numbers.is_empty() {
                states = Some((end, numbers));
            }
        });
        let ruled = states.and_then(|(end, numbers)| {
            let (end, body) = self.body(end, Gap::Soft).or_else(|| self.body_after_filler(end))?;
            Some((end, Hit::Bodies { states: numbers, body }))
        });
        let ruled = ruled.or_else(|| self.body_of_state(start));
        match (named, ruled) {
            (Some((end, _)), Some((ruled_end, hit))) if ruled_end > end => Some((ruled_end, hit)),
            (Some((end, forms)), _) => Some((end, Hit::Actors(forms))),
            (None, ruled) => ruled,
        }
    }

    fn body(&self, start: usize, gap: Gap) -> Option<(usize, u16)> {
        if gap == Gap::Soft && self.tokens.get(start)?.gap == Gap::Hard {
            return None;
        }
        let mut longest = None;
        self.finder.bodies.follow(self.tokens, start, |end, bodies| {
            longest = bodies.first().map(|body| (end, *body));
        });
        longest
    }

    fn body_after_filler(&self, start: usize) -> Option<(usize, u16)> {
        let word = self.folded.words().get(start)?;
        let filler = word.gap == Gap::Soft && FILLERS.contains(&self.folded.letters(word));
        filler.then(|| self.body(start + 1, Gap::Soft)).flatten()
    }

    /// Reads "army of Mali" and "Ministry of Defence of the Republic of Mali".
    fn body_of_state(&self, start: usize) -> Option<(usize, Hit)> {
        let (end, body) = self.body(start, Gap::Hard)?;
        let is = |index: usize, word: Option<u32>| {
            self.tokens
                .get(index)
                .is_some_and(|token| token.word.is_some() && token.word == word && token.gap == Gap::Soft)
        };
        if !is(end, self.finder.of) {
            return None;
        }
        let country = end + 1 + usize::from(is(end + 1, self.finder.the));
        if self.tokens.get(country)?.gap == Gap::Hard || !self.starts_upper(country) {
            return None;
        }
        let mut longest = None;
        self.finder.names.follow(self.tokens, country, |end, meanings| {
            let states: Vec<u16> = meanings
                .iter()
                .filter_map(|meaning| match meaning {
                    Meaning::State(number) => Some(*number),
                    _ => None,
                })
                .collect();
            if !states.is_empty() {
                longest = Some((end, Hit::Bodies { states, body }));
            }
        });
        longest
    }

    fn source(&self, word: usize) -> &str {
        let range = self.folded.words().get(word).map(|word| word.source.clone());
        range.and_then(|range| self.text.get(range)).unwrap_or_default()
    }

    /// Says whether a word may begin a proper name.
    fn starts_upper(&self, word: usize) -> bool {
        self.case != Case::Cased
            || self.source(word).chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase())
    }

    fn all_upper(&self, word: usize) -> bool {
        let source = self.source(word);
        source.chars().filter(|c| c.is_uppercase()).count() > 1 && !source.chars().any(char::is_lowercase)
    }

    fn accepts(&self, form: &Form, start: usize, end: usize) -> bool {
        let single = end == start + 1;
        let first = self.folded.words().get(start).map_or("", |word| self.folded.letters(word));
        let ordinary = single && is_common_word(first);
        if form.via == Via::Abbreviation {
            return match self.case {
                Case::Cased => {
                    let written = (start..end).flat_map(|word| self.source(word).chars());
                    let same = written
                        .filter(|c| c.is_alphanumeric())
                        .eq(form.written.chars().filter(|c| c.is_alphanumeric()));
                    let shouted = ordinary
                        && (start.checked_sub(1).is_some_and(|word| self.all_upper(word))
                            || self.all_upper(end));
                    same && !shouted
                }
                _ => !ordinary && (first.len() > 2 || !single || matches!(first, "un" | "eu")),
            };
        }
        let lower_in_data = !form.written.is_empty() && !form.written.chars().any(char::is_uppercase);
        match self.case {
            Case::Cased if single && (form.needs_context || first.len() < 7) => {
                lower_in_data || self.starts_upper(start)
            }
            Case::Cased if form.needs_context => {
                lower_in_data || (start..end).any(|word| self.starts_upper(word))
            }
            Case::Cased => true,
            Case::Lower | Case::Upper => !ordinary,
        }
    }
}

impl Hit {
    fn into_found<'k>(
        self,
        finder: &'k Finder,
        actors: &'k BTreeMap<String, KnownActor>,
        range: Range<usize>,
    ) -> Option<Found<'k>> {
        match self {
            Hit::Actors(forms) => {
                let key = |form: &Form| finder.keys.get(form.key as usize).map(String::as_str);
                let mut candidates: Vec<&str> = forms.iter().filter_map(key).collect();
                candidates.sort_unstable();
                candidates.dedup();
                let marked = forms.iter().find(|form| form.usual);
                let mut certain = forms.iter().filter(|form| !form.needs_context);
                let only_certain = certain.next().filter(|first| certain.all(|form| form.key == first.key));
                Some(Found {
                    range,
                    candidates,
                    via: forms.iter().map(|form| form.via).min()?,
                    usual: marked.or(only_certain).and_then(key),
                    needs_context: forms.iter().all(|form| form.needs_context),
                })
            }
            Hit::Bodies { states, body } => {
                let suffix = finder.suffixes.get(usize::from(body))?;
                let mut candidates: Vec<&str> = states
                    .iter()
                    .filter_map(|state| {
                        let key = format!("{}-{suffix}", finder.isos.get(usize::from(*state))?);
                        actors.get_key_value(&key).map(|(key, _)| key.as_str())
                    })
                    .collect();
                candidates.sort_unstable();
                (!candidates.is_empty()).then_some(Found {
                    range,
                    candidates,
                    via: Via::Rule,
                    usual: None,
                    needs_context: false,
                })
            }
        }
    }
}

/// Says whether a folded word is an everyday English word that a name may collide with.
pub(super) fn is_common_word(word: &str) -> bool {
    COMMON_WORDS.binary_search(&word).is_ok()
}

/// Everyday words that are also somebody's name or abbreviation, in order of the alphabet.
const COMMON_WORDS: [&str; 236] = [
    "a",
    "ad",
    "age",
    "aid",
    "aim",
    "air",
    "aleph",
    "all",
    "am",
    "amnesty",
    "an",
    "and",
    "ant",
    "any",
    "arc",
    "are",
    "area",
    "arena",
    "arm",
    "army",
    "art",
    "as",
    "ask",
    "at",
    "back",
    "bad",
    "bank",
    "bar",
    "base",
    "bat",
    "bay",
    "be",
    "bear",
    "bed",
    "big",
    "bit",
    "black",
    "blood",
    "bloods",
    "blue",
    "body",
    "book",
    "box",
    "boy",
    "brother",
    "bus",
    "but",
    "by",
    "caliphate",
    "can",
    "car",
    "care",
    "case",
    "cat",
    "chad",
    "city",
    "claim",
    "company",
    "contra",
    "could",
    "cross",
    "cut",
    "dash",
    "dawn",
    "day",
    "did",
    "dna",
    "do",
    "dog",
    "eagle",
    "ear",
    "east",
    "end",
    "ex",
    "eye",
    "fact",
    "fall",
    "family",
    "far",
    "few",
    "fire",
    "fist",
    "fit",
    "flag",
    "for",
    "force",
    "free",
    "front",
    "gal",
    "gas",
    "get",
    "go",
    "group",
    "guard",
    "gun",
    "had",
    "ham",
    "hand",
    "has",
    "have",
    "hawk",
    "hawks",
    "he",
    "head",
    "her",
    "him",
    "his",
    "home",
    "hot",
    "how",
    "i",
    "ice",
    "if",
    "in",
    "is",
    "islamic",
    "it",
    "its",
    "jam",
    "jordan",
    "justice",
    "key",
    "kid",
    "law",
    "lead",
    "left",
    "let",
    "light",
    "lion",
    "lions",
    "lord",
    "man",
    "may",
    "me",
    "media",
    "memorial",
    "men",
    "mend",
    "mir",
    "mission",
    "mit",
    "mob",
    "model",
    "moon",
    "movement",
    "my",
    "net",
    "new",
    "news",
    "ninjas",
    "no",
    "north",
    "not",
    "now",
    "of",
    "off",
    "office",
    "oil",
    "okapi",
    "old",
    "on",
    "one",
    "or",
    "orden",
    "order",
    "our",
    "out",
    "own",
    "pa",
    "pad",
    "paper",
    "part",
    "party",
    "peace",
    "people",
    "pepes",
    "plan",
    "police",
    "pro",
    "provisionals",
    "ram",
    "ran",
    "raw",
    "red",
    "rim",
    "rise",
    "run",
    "safe",
    "say",
    "scorpions",
    "sea",
    "see",
    "service",
    "set",
    "settlers",
    "shane",
    "she",
    "shield",
    "sir",
    "sis",
    "so",
    "son",
    "south",
    "star",
    "state",
    "stone",
    "storm",
    "street",
    "sun",
    "support",
    "sword",
    "tan",
    "target",
    "team",
    "that",
    "the",
    "they",
    "tiger",
    "tip",
    "to",
    "too",
    "top",
    "turkey",
    "union",
    "unity",
    "up",
    "us",
    "war",
    "was",
    "we",
    "west",
    "white",
    "who",
    "wing",
    "yes",
    "you",
];
