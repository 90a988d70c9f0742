//! Where does a text name places?
//!
//! Names are found by list, longest first, and believed by their surroundings: "in Nice" is a place, "Nice
//! work" is not, and neither is "Jack London". Everything that speaks for or against a name is a number that
//! is added up; a name is found when the sum is above nought.

use std::collections::BTreeMap;
use std::ops::Range;

use super::resolve::{DIRECTIONS, DIVISION_WORDS, TOWN_WORDS, kind_word_at};
use super::short::{Trust, short_form_at};
use super::{Country, DocumentPlaces, Gazetteer, NameDoubts, PlaceKey, PlaceKind, PlaceMention, fold};

/// What counts as a name of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindOptions {
    /// Also names inside the names of organisations: "Kabul" in "Kabul University".
    pub inside_names: bool,
    /// Also peoples and adjectives, as naming their country.
    pub peoples: bool,
}

/// A name of a place in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// How much speaks for it; above nought.
    pub weight: f32,
    /// The places that bear the name.
    pub candidates: Vec<PlaceKey>,
}

/// A people's name or an adjective in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Demonym<'a> {
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// The country it means.
    pub country: Country<'a>,
}

/// A word and what stands around it.
pub(super) struct Word<'a> {
    pub(super) range: Range<usize>,
    pub(super) text: &'a str,
}

/// What stands between a word and the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Space,
    Hyphen,
    Comma,
    /// "Helmand's Sangin".
    Possessive,
    /// A full stop, a line end, a quotation mark: what comes next may be upper case for that reason alone.
    Sentence,
    Other,
}

struct Token<'a> {
    range: Range<usize>,
    text: &'a str,
    folded: String,
    gap: Gap,
    is_upper: bool,
    /// On a line in capitals, or in a text without any, capitals mean nothing.
    case_counts: bool,
}

impl Token<'_> {
    fn has_lower(&self) -> bool {
        self.text.chars().any(char::is_lowercase)
    }
}

struct Guess {
    first: usize,
    last: usize,
    range: Range<usize>,
    folded: String,
    weight: f32,
    has_cue: bool,
    candidates: Vec<PlaceKey>,
}

const CUES: &[&str] = &[
    "in",
    "at",
    "near",
    "from",
    "to",
    "outside",
    "around",
    "across",
    "toward",
    "towards",
    "into",
    "through",
    "throughout",
    "inside",
    "within",
    "between",
    "via",
    "visit",
    "visited",
    "visiting",
    "leaving",
    "left",
    "reached",
    "entered",
    "invaded",
    "occupied",
    "nearby",
    "northern",
    "southern",
    "eastern",
    "western",
    "central",
    "north",
    "south",
    "east",
    "west",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "downtown",
    "neighbouring",
    "neighboring",
    "northwestern",
    "northeastern",
    "southwestern",
    "southeastern",
    "upstate",
];
const WEAK_CUES: &[&str] = &["of", "and", "or", "on", "over", "for", "against", "off", "the", "with", "by"];
/// What is done to places, though to people as well.
const VERB_CUES: &[&str] = &[
    "seized",
    "captured",
    "raided",
    "attacked",
    "stormed",
    "retook",
    "hit",
    "struck",
    "bombed",
    "shelled",
    "besieged",
    "took",
    "taking",
    "capturing",
    "seizing",
    "entering",
    "retaking",
    "overran",
    "liberated",
    "controls",
    "hold",
    "holds",
    "targeted",
    "bombing",
    "shelling",
    "storming",
    "attacking",
    "evacuated",
    "recaptured",
    "overrunning",
    "fled",
];
/// Words that are upper case at the start of a sentence only and are no part of a name.
const FUNCTION_WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "in",
    "on",
    "at",
    "from",
    "to",
    "of",
    "and",
    "or",
    "but",
    "for",
    "by",
    "with",
    "as",
    "if",
    "it",
    "its",
    "he",
    "she",
    "his",
    "her",
    "they",
    "their",
    "we",
    "our",
    "i",
    "you",
    "your",
    "my",
    "this",
    "that",
    "these",
    "those",
    "there",
    "here",
    "when",
    "while",
    "where",
    "what",
    "who",
    "why",
    "how",
    "after",
    "before",
    "since",
    "until",
    "although",
    "though",
    "because",
    "so",
    "not",
    "no",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "will",
    "would",
    "can",
    "could",
    "may",
    "might",
    "should",
    "do",
    "does",
    "did",
    "near",
    "around",
    "across",
    "between",
    "outside",
    "inside",
    "throughout",
    "through",
    "into",
    "over",
    "under",
    "about",
    "against",
    "during",
    "despite",
    "according",
    "also",
    "both",
    "all",
    "some",
    "many",
    "most",
    "more",
    "much",
    "one",
    "two",
    "three",
    "new",
    "now",
    "then",
    "today",
    "yesterday",
    "meanwhile",
    "however",
    "even",
    "every",
    "each",
    "only",
    "just",
    "like",
    "unlike",
    "than",
    "other",
    "another",
    "such",
    "last",
    "first",
    "next",
    "police",
    "officials",
    "residents",
    "people",
];
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "dr",
    "president",
    "sen",
    "senator",
    "rep",
    "gov",
    "governor",
    "judge",
    "sgt",
    "sergeant",
    "capt",
    "captain",
    "lt",
    "col",
    "colonel",
    "gen",
    "general",
    "officer",
    "sheriff",
    "justice",
    "lord",
    "sir",
    "rev",
    "reverend",
    "prof",
    "professor",
    "mayor",
    "minister",
    "secretary",
    "prince",
    "princess",
    "queen",
    "king",
    "pope",
    "detective",
    "deputy",
    "miss",
    "coach",
    "chief",
    "attorney",
    "father",
    "sister",
    "brother",
    "uncle",
];
const STREETS: &[&str] = &[
    "street",
    "road",
    "avenue",
    "ave",
    "boulevard",
    "blvd",
    "lane",
    "drive",
    "highway",
    "way",
    "rd",
    "saint",
    "court",
    "parkway",
    "expressway",
    "turnpike",
];
const ORGANISATIONS: &[&str] = &[
    "university",
    "college",
    "institute",
    "academy",
    "school",
    "high",
    "post",
    "times",
    "herald",
    "tribune",
    "journal",
    "news",
    "gazette",
    "chronicle",
    "daily",
    "star",
    "press",
    "telegraph",
    "guardian",
    "mirror",
    "globe",
    "observer",
    "council",
    "police",
    "department",
    "bank",
    "fc",
    "united",
    "airlines",
    "airways",
    "hospital",
    "church",
    "army",
    "court",
    "ministry",
    "association",
    "society",
    "federation",
    "union",
    "club",
    "inc",
    "corp",
    "company",
    "group",
    "ltd",
    "museum",
    "foundation",
    "authority",
    "commission",
    "committee",
    "agency",
    "office",
    "bureau",
    "board",
    "center",
    "centre",
    "stock",
    "exchange",
    "sheriff",
    "fire",
    "chamber",
    "medical",
    "state",
    "international",
    "liberation",
    "front",
    "party",
    "brigade",
    "brigades",
    "battalion",
    "airport",
    "convention",
    "declaration",
    "agreement",
    "accord",
    "accords",
    "treaty",
    "protocol",
    "process",
    "health",
    "public",
];
/// Words that are some town's name and, in reports, always something else.
const NEVER_PLACES: &[&str] = &[
    "jewish",
    "islamic",
    "christian",
    "muslim",
    "muslims",
    "arab",
    "arabs",
    "angus",
    "molotov",
    "xinhua",
    "nato",
    "god",
    "bible",
    "koran",
    "christ",
    "jesus",
    "lord",
    "reuters",
    "twitter",
    "google",
    "microsoft",
    "apple",
    "islam",
    "allah",
    "hamas",
    "taliban",
    "fatah",
    "isis",
    "isil",
    "daesh",
    "hezbollah",
    "houthi",
    "houthis",
    "farc",
    "al shabaab",
    "republican",
    "democrat",
    "democratic",
    "covid",
    "internet",
    "el nino",
    "la nina",
];
const MONTHS_AND_DAYS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sept",
    "sep",
    "oct",
    "nov",
    "dec",
];
const NAME_PARTICLES: &[&str] = &[
    "of", "and", "the", "de", "la", "del", "al", "el", "du", "da", "do", "di", "des", "le", "en", "upon",
    "on", "sur", "es", "as",
];

impl Gazetteer {
    /// Finds the names of places in a text, in order and without overlaps.
    pub fn find(&self, text: &str, options: FindOptions) -> Vec<Found> {
        let tokens = tokens(text);
        let mut guesses = self.guesses(text, &tokens, options);
        let surnames = self.surnames(&tokens);
        let mut strongest: BTreeMap<String, f32> = BTreeMap::new();
        for guess in guesses.iter().filter(|g| g.has_cue) {
            let entry = strongest.entry(guess.folded.clone()).or_insert(f32::MIN);
            *entry = entry.max(guess.weight);
        }
        for guess in &mut guesses {
            if !guess.has_cue && strongest.get(&guess.folded).is_some_and(|&w| w > 1.0) {
                guess.weight += 2.0;
            }
            let surname = surnames.get(guess.folded.as_str()).filter(|_| guess.first == guess.last);
            if let Some(sure) = surname {
                guess.weight -= if guess.has_cue { 0.25 * sure } else { *sure };
            }
        }
        let mut found: Vec<Found> = guesses
            .into_iter()
            .filter(|g| g.weight > 0.0)
            .map(|g| Found { range: g.range, weight: g.weight, candidates: g.candidates })
            .collect();
        if options.peoples {
            let taken: Vec<Range<usize>> = found.iter().map(|f| f.range.clone()).collect();
            let peoples = self.demonyms_of(&tokens).into_iter().filter(|d| {
                let at = taken.partition_point(|t| t.end <= d.range.start);
                taken.get(at).is_none_or(|t| t.start >= d.range.end)
            });
            found.extend(peoples.map(|d| Found {
                range: d.range,
                weight: 1.0,
                candidates: vec![d.country.key],
            }));
            found.sort_by_key(|f| f.range.start);
        }
        found
    }

    /// Finds the names of peoples and the adjectives of countries in a text.
    pub fn find_demonyms(&self, text: &str) -> Vec<Demonym<'_>> {
        self.demonyms_of(&tokens(text))
    }

    /// Collects all that [`Gazetteer::resolve`] looks at from a text and the names found in it.
    pub fn document_places(&self, text: &str, names: &[Range<usize>]) -> DocumentPlaces {
        let mentions = names
            .iter()
            .filter_map(|range| {
                Some(PlaceMention {
                    name: text.get(range.clone())?.to_owned(),
                    range: range.clone(),
                    kind_word: text.get(range.end..).and_then(kind_word_at).map(|(word, _)| word.to_owned()),
                    container: self.container_after(text, range.end),
                })
            })
            .collect();
        let peoples = self.find_demonyms(text).into_iter().map(|d| d.country.alpha2.to_owned()).collect();
        DocumentPlaces { mentions, peoples, dateline: None, publisher_country: None }
    }

    fn demonyms_of(&self, tokens: &[Token<'_>]) -> Vec<Demonym<'_>> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            at += 1;
            if !token.is_upper {
                continue;
            }
            let next = tokens.get(at).filter(|n| n.gap == Gap::Space && n.is_upper);
            let two = next.and_then(|n| {
                let country = self.country_by_folded_demonym(&format!("{} {}", token.folded, n.folded))?;
                Some((n.range.end, country))
            });
            if let Some((end, country)) = two {
                found.push(Demonym { range: token.range.start..end, country });
                at += 1;
            } else if let Some(country) = self.country_by_folded_demonym(&token.folded) {
                found.push(Demonym { range: token.range.clone(), country });
            }
        }
        found
    }

    fn guesses(&self, text: &str, tokens: &[Token<'_>], options: FindOptions) -> Vec<Guess> {
        let mut guesses: Vec<Guess> = Vec::new();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let after_town = token.gap == Gap::Comma
                && guesses.last().is_some_and(|g| g.last + 1 == at && g.weight > -1.0);
            if token.is_upper {
                let short = text.get(token.range.start..).and_then(|rest| short_form_at(self, rest));
                if let Some((length, key, _)) =
                    short.filter(|s| s.2 == Trust::Anywhere && token.case_counts || after_town)
                {
                    if let Some(town) = guesses.last_mut().filter(|_| after_town) {
                        town.weight += 3.0;
                        town.has_cue = true;
                    }
                    let range = token.range.start..token.range.start + length;
                    let end = range.end;
                    let mut last = at;
                    while tokens.get(last + 1).is_some_and(|t| t.range.start < end) {
                        last += 1;
                    }
                    guesses.push(Guess {
                        first: at,
                        last,
                        folded: fold(text.get(range.clone()).unwrap_or_default()),
                        range,
                        weight: 3.0,
                        has_cue: false,
                        candidates: vec![key],
                    });
                    at = last + 1;
                    continue;
                }
            }
            match self.guess_at(tokens, at, options) {
                Some(mut guess) => {
                    if after_town {
                        let contains = guess.candidates.iter().any(|&k| self.kind(k) <= PlaceKind::Division2);
                        if let Some(town) = guesses.last_mut().filter(|_| contains) {
                            let inside = self.lies_in(&town.candidates, &guess.candidates);
                            if inside {
                                town.weight += 3.0;
                                town.has_cue = true;
                                guess.weight += 3.0;
                                guess.has_cue = true;
                            }
                        }
                    }
                    let outer = guesses.last().filter(|g| token.gap == Gap::Possessive && g.last + 1 == at);
                    let contained = outer
                        .is_some_and(|outer| self.lies_in(&guess.candidates, &outer.candidates))
                        || guess.weight > -3.0
                            && guess.weight < 2.0
                            && !guess.has_cue
                            && self.container_follows(text, &guess);
                    if contained {
                        guess.weight += 2.5;
                        guess.has_cue = true;
                    }
                    at = guess.last + 1;
                    guesses.push(guess);
                }
                None => at += 1,
            }
        }
        guesses
    }

    /// Whether one of `inner` lies in one of `outer`.
    fn lies_in(&self, inner: &[PlaceKey], outer: &[PlaceKey]) -> bool {
        inner.iter().take(60).any(|&key| self.within(key).iter().any(|k| outer.contains(k)))
    }

    /// Whether the text goes on to say what one of the places of this name lies in: "Gwoza in Borno".
    fn container_follows(&self, text: &str, guess: &Guess) -> bool {
        let Some(container) = self.container_after(text, guess.range.end) else { return false };
        let outer: Vec<PlaceKey> = match short_form_at(self, &container) {
            Some((_, key, _)) => vec![key],
            None => self.named(&container).into_iter().map(|r| r.key).collect(),
        };
        self.lies_in(&guess.candidates, &outer)
    }

    fn guess_at(&self, tokens: &[Token<'_>], at: usize, options: FindOptions) -> Option<Guess> {
        let token = tokens.get(at)?;
        if token.case_counts && !token.is_upper {
            return None;
        }
        let mut run: Vec<&str> = vec![&token.folded];
        for (k, next) in tokens.iter().enumerate().skip(at + 1).take(super::table::NAME_WORDS_MAX - 1) {
            let joined = matches!(next.gap, Gap::Space | Gap::Hyphen);
            let particle = NAME_PARTICLES.contains(&next.folded.as_str())
                && tokens.get(k + 1).is_some_and(|t| t.is_upper && matches!(t.gap, Gap::Space | Gap::Hyphen));
            if !joined || !(next.is_upper || !token.case_counts || particle) {
                break;
            }
            run.push(&next.folded);
        }
        let count = self.longest_match(&run)?;
        let last = at + count - 1;
        let folded = run.get(..count)?.join(" ");
        let end = tokens.get(last)?.range.end;
        if FUNCTION_WORDS.contains(&folded.as_str())
            || MONTHS_AND_DAYS.contains(&folded.as_str())
            || NEVER_PLACES.contains(&folded.as_str())
            || folded.len() < 3
            || is_contraction(token.text)
        {
            return None;
        }
        let candidates: Vec<PlaceKey> = self.named_folded(&folded).into_iter().map(|r| r.key).collect();
        let (weight, has_cue) = self.weight(tokens, at, last, &folded, &candidates, options);
        Some(Guess { first: at, last, range: token.range.start..end, folded, weight, has_cue, candidates })
    }

    /// Adds up what speaks for and against a name.
    fn weight(
        &self,
        tokens: &[Token<'_>],
        first: usize,
        last: usize,
        folded: &str,
        candidates: &[PlaceKey],
        options: FindOptions,
    ) -> (f32, bool) {
        let Some(token) = tokens.get(first) else { return (0.0, false) };
        let before = first
            .checked_sub(1)
            .and_then(|k| tokens.get(k))
            .filter(|_| matches!(token.gap, Gap::Space | Gap::Hyphen));
        let after = tokens.get(last + 1).filter(|t| matches!(t.gap, Gap::Space | Gap::Hyphen));
        let fame = self.fame(candidates);
        let doubts = self.doubts_folded(folded);
        let many_words = last > first;
        let mut weight = (0.6 * (fame - 4.2)).clamp(-1.2, 2.5);
        if many_words {
            weight += 1.2;
        } else {
            weight -= doubt(doubts, fame);
            if token.gap == Gap::Sentence && doubts.any() {
                weight -= 1.0;
            } else if token.case_counts && doubts.word && !doubts.given_name {
                // Within a sentence an ordinary word would not be upper case.
                weight += 1.0;
            }
        }
        if !token.case_counts {
            weight -= if doubts.any() { 2.5 } else { 1.0 };
        }
        // "ACT", "SWAT": capitals throughout make an acronym, unless the whole line is in capitals.
        let shouted =
            token.case_counts && !tokens.get(first..=last).unwrap_or_default().iter().any(Token::has_lower);
        let next = tokens.get(last + 1);
        let dateline = shouted
            && token.gap == Gap::Sentence
            && next.is_none_or(|t| !matches!(t.gap, Gap::Space | Gap::Hyphen));
        if dateline {
            // "KABUL (Agency) –", "GOMA, Congo –".
            weight += 4.0;
        } else if shouted && !many_words && token.text.len() <= 5 && fame < 8.0 {
            weight -= 3.0;
        }
        let kind_only = |w: &str| {
            DIRECTIONS.contains(&w)
                || DIVISION_WORDS.contains(&w)
                || TOWN_WORDS.contains(&w)
                || is_organisation(w)
                || w == "business"
        };
        if fame < 6.0 && folded.split(' ').all(kind_only) {
            weight -= 4.0;
        }
        let mut has_cue = dateline;
        let is_name =
            |t: &&Token<'_>| t.is_upper && t.case_counts && !FUNCTION_WORDS.contains(&t.folded.as_str());
        if let Some(before) = before {
            let word = before.folded.as_str();
            if CUES.contains(&word) {
                weight += 2.0;
                has_cue = true;
            } else if VERB_CUES.contains(&word) {
                weight += 1.2;
            } else if WEAK_CUES.contains(&word) {
                weight += 0.3;
            } else if TITLES.contains(&word) && before.is_upper {
                weight -= 4.0;
            } else if Some(&before).filter(|t| is_name(t)).is_some() && token.gap == Gap::Space {
                let known = self.country_by_folded_demonym(word).is_some() || ORGANISATIONS.contains(&word);
                let person = self.given_names.contains(word);
                weight -= if known {
                    0.5
                } else if person {
                    4.0
                } else if fame >= 7.0 {
                    1.5
                } else {
                    2.5
                };
            }
            if word == "of" && before.gap == Gap::Comma {
                // "Two brothers, of Regina, …", "a man, 32, of Columbus".
                weight += 2.0;
                has_cue = true;
            }
            let kind_before = first.checked_sub(2).and_then(|k| tokens.get(k)).filter(|_| word == "of");
            if let Some(kind) = kind_before {
                let kind = kind.folded.as_str();
                if DIVISION_WORDS.contains(&kind) || TOWN_WORDS.contains(&kind) {
                    weight += 2.0;
                    has_cue = true;
                } else if ORGANISATIONS.contains(&kind) && !options.inside_names {
                    weight -= 5.0;
                }
            }
        }
        if let Some(after) = after {
            let word = after.folded.as_str();
            if STREETS.contains(&word) && after.is_upper {
                weight -= 4.0;
            } else if DIVISION_WORDS.contains(&word) || TOWN_WORDS.contains(&word) {
                weight += 2.0;
                has_cue = true;
            } else if ORGANISATIONS.contains(&word) && is_name(&after) {
                weight += if options.inside_names { 0.5 } else { -5.0 };
            } else if is_name(&after) && after.gap == Gap::Space {
                weight -= if doubts.given_name || doubts.family_name { 3.0 } else { 1.0 };
                if !options.inside_names {
                    weight -= 1.0;
                }
            }
        }
        (weight, has_cue)
    }

    /// How well known the best-known bearer of a name is, as a power of ten of people.
    fn fame(&self, candidates: &[PlaceKey]) -> f32 {
        candidates
            .iter()
            .take(200)
            .map(|&key| {
                let place = self.place(key);
                let people = (place.population.unwrap_or(200) as f32).log10();
                match place.kind {
                    PlaceKind::Country => 9.0,
                    PlaceKind::Division1 => people.max(6.0),
                    PlaceKind::Division2 => people.min(5.0),
                    PlaceKind::Populated => people,
                    PlaceKind::Region | PlaceKind::Water | PlaceKind::Feature => 7.0,
                }
            })
            .fold(0.0, f32::max)
    }

    /// Returns the last words of runs such as "Jack London", which later stand for a person by themselves.
    fn surnames<'t>(&self, tokens: &'t [Token<'_>]) -> BTreeMap<&'t str, f32> {
        let mut surnames: BTreeMap<&str, f32> = BTreeMap::new();
        let name =
            |t: &Token<'_>| t.is_upper && t.case_counts && !FUNCTION_WORDS.contains(&t.folded.as_str());
        let mut at = 0;
        while at < tokens.len() {
            let mut end = at;
            while tokens.get(end).is_some_and(|t| name(t) && (end == at || t.gap == Gap::Space)) {
                end += 1;
            }
            if let Some([first, .., last]) = tokens.get(at..end).filter(|run| run.len() <= 3) {
                let other = |word: &str| {
                    DIRECTIONS.contains(&word)
                        || DIVISION_WORDS.contains(&word)
                        || TOWN_WORDS.contains(&word)
                        || ORGANISATIONS.contains(&word)
                        || self.country_by_folded_demonym(word).is_some()
                };
                let whole: Vec<&str> =
                    tokens.get(at..end).unwrap_or_default().iter().map(|t| t.folded.as_str()).collect();
                let is_place = self.table.search(&whole.join(" ")).is_ok();
                let doubts = self.doubts_folded(&first.folded);
                let first_is_place = !(doubts.given_name) && self.table.search(&first.folded).is_ok();
                if !other(&first.folded)
                    && !other(&last.folded)
                    && !is_place
                    && !first_is_place
                    && last.folded.len() > 2
                {
                    let sure = if self.given_names.contains(&first.folded)
                        || TITLES.contains(&first.folded.as_str())
                    {
                        4.0
                    } else {
                        1.5
                    };
                    let entry = surnames.entry(last.folded.as_str()).or_default();
                    *entry = entry.max(sure);
                }
            }
            at = end.max(at + 1);
        }
        surnames
    }
}

/// Whether a word is "you'd" or "won't", which fold to names of places somewhere.
fn is_contraction(word: &str) -> bool {
    let tail = word.rsplit_once(['\'', '’']).map(|(_, tail)| tail);
    tail.is_some_and(|tail| ["d", "ll", "ve", "re", "t", "m"].contains(&tail))
}

/// Whether a folded word is what organisations call themselves.
pub(super) fn is_organisation(word: &str) -> bool {
    ORGANISATIONS.contains(&word) || STREETS.contains(&word)
}

/// How much a name that is also something else has to make up for.
fn doubt(doubts: NameDoubts, fame: f32) -> f32 {
    let mut doubt: f32 = 0.0;
    if doubts.word {
        doubt = doubt.max(3.5);
    }
    if doubts.rare_word {
        doubt = doubt.max(2.0);
    }
    if doubts.given_name {
        doubt = doubt.max(1.8);
    }
    if doubts.family_name {
        doubt = doubt.max(1.2);
    }
    // Everybody knows the country Chad and the state of Georgia.
    if fame >= 7.0 { doubt * 0.4 } else { doubt }
}

/// Cuts a text into words: letters and digits, with inner apostrophes, and the dots of "U.S." and "St.".
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, first) = chars.by_ref().find(|(_, c)| c.is_alphanumeric())?;
        let mut end = start + first.len_utf8();
        let mut letters_since_dot = 1;
        let mut dots = false;
        while let Some(&(at, c)) = chars.peek() {
            let next = text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
            let inner = next.is_some_and(char::is_alphanumeric);
            let combining = unicode_normalization::char::is_combining_mark(c);
            if c.is_alphanumeric() || combining {
                letters_since_dot += 1;
            } else if matches!(c, '\'' | '’' | 'ʼ' | 'ʻ') && inner {
                letters_since_dot = 2;
            } else if c == '.' && letters_since_dot == 1 && (inner || dots) {
                letters_since_dot = 0;
                dots = true;
            } else if c == '.' && matches!(text.get(start..end), Some("St" | "Ste" | "Mt" | "Ft")) {
                end = at + 1;
                chars.next();
                break;
            } else {
                break;
            }
            end = at + c.len_utf8();
            chars.next();
        }
        let written = text.get(start..end)?;
        let text = ["'s", "’s", "'S", "’S"]
            .iter()
            .find_map(|s| written.strip_suffix(s))
            .filter(|w| !w.is_empty())
            .unwrap_or(written);
        Some(Word { range: start..start + text.len(), text })
    })
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut end = 0;
    for word in words(text) {
        let between = text.get(end..word.range.start).unwrap_or_default();
        let gap = match tokens.last() {
            // The dot of "Mr." ends no sentence.
            Some(last) if between == ". " && last.is_upper && TITLES.contains(&last.folded.as_str()) => {
                Gap::Space
            }
            last => gap(between, last.is_none()),
        };
        end = word.range.end;
        let is_upper = word.text.chars().next().is_some_and(char::is_uppercase);
        tokens.push(Token {
            folded: fold(word.text),
            range: word.range,
            text: word.text,
            gap,
            is_upper,
            case_counts: true,
        });
    }
    let upper = tokens.iter().filter(|t| t.is_upper).count();
    let text_has_case = upper * 40 >= tokens.len() && tokens.len() > 3 || upper > 0 && tokens.len() <= 12;
    // A line of which nearly every word is in capitals is a headline.
    let mut start = 0;
    while start < tokens.len() {
        let mut stop = start + 1;
        while tokens.get(stop).is_some_and(|t| t.gap != Gap::Sentence) {
            stop += 1;
        }
        let Some(sentence) = tokens.get_mut(start..stop) else { break };
        let long = sentence.iter().filter(|t| t.text.len() > 3).count();
        let shouted =
            sentence.iter().filter(|t| t.text.len() > 3 && !t.text.chars().any(char::is_lowercase)).count();
        let case_counts = text_has_case && !(long >= 3 && shouted * 4 >= long * 3);
        sentence.iter_mut().for_each(|t| t.case_counts = case_counts);
        start = stop;
    }
    tokens
}

fn gap(between: &str, is_first: bool) -> Gap {
    if is_first {
        return Gap::Sentence;
    }
    if ["'s ", "’s ", "'S ", "’S ", "' ", "’ "].contains(&between) {
        return Gap::Possessive;
    }
    match between {
        " " | "\u{a0}" => Gap::Space,
        "-" | "–" => Gap::Hyphen,
        ", " | "," | " , " => Gap::Comma,
        _ if between.trim().is_empty() && !between.contains('\n') => Gap::Space,
        _ if between.contains(['.', '!', '?', '\n', ':', '"', '“', '”', '•', ';']) => Gap::Sentence,
        _ => Gap::Other,
    }
}
