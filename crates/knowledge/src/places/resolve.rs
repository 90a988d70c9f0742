//! Which of the places that bear a name does a document mean?
//!
//! All names of a document are weighed together: what a name is said to lie in comes first, then the
//! country and division the document is about, what lies near, and how large each place is. A name means
//! one place throughout a document unless its container says otherwise.

use std::collections::BTreeMap;
use std::ops::Range;

use super::short::{short_form, short_form_at};
use super::{Gazetteer, PlaceKey, PlaceKind, PlaceRef, distance_km, fold};

/// How much each consideration counts; all in the same units, to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// For each factor of ten in population.
    pub population: f64,
    /// For being a country.
    pub country: f64,
    /// For being the capital of a country.
    pub capital: f64,
    /// For being a first-level division.
    pub division1: f64,
    /// For being a second-level division without being called one.
    pub division2: f64,
    /// For being a region, a sea or a named spot, of which only well-known ones are listed.
    pub region: f64,
    /// For lying in a division that the document names.
    pub in_named_division: f64,
    /// For being of the kind the text says ("province", "city of").
    pub kind_named: f64,
    /// For bearing the name as another name only.
    pub other_name: f64,
    /// For lying in the place the text puts after the name.
    pub container: f64,
    /// For lying in the country of all other places of the document; less for a part of them.
    pub same_country: f64,
    /// The same for the first-level division.
    pub same_division: f64,
    /// The same for the second-level division.
    pub same_district: f64,
    /// How alike the chances of places of one name are taken to be before anything is known of the others.
    pub first_softness: f64,
    /// For lying right beside another place of the document.
    pub near: f64,
    /// Within how many kilometres "near" falls to a third.
    pub near_km: f64,
    /// For lying in the publisher's country.
    pub publisher: f64,
}

impl Default for Weights {
    /// Tuned by hand on the development parts of four corpora of news.
    fn default() -> Self {
        Self {
            population: 1.15,
            country: 0.0,
            capital: 1.2,
            division1: -0.2,
            division2: -2.5,
            region: 5.5,
            in_named_division: 1.5,
            kind_named: 3.0,
            other_name: -1.7,
            container: 4.0,
            same_country: 3.0,
            same_division: 1.5,
            same_district: 1.0,
            first_softness: 2.0,
            near: 2.5,
            near_km: 150.0,
            publisher: 1.5,
        }
    }
}

/// A name in a document that is taken to mean a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceMention {
    /// The name as it is written.
    pub name: String,
    /// Where it stands, in bytes.
    pub range: Range<usize>,
    /// What the text calls it, where that is no part of the name: "district" in "Andar district".
    pub kind_word: Option<String>,
    /// What the text says it lies in: "Texas" in "Paris, Texas".
    pub container: Option<String>,
}

/// What a document says about places, all that resolution looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentPlaces {
    /// The names, in the order of the text.
    pub mentions: Vec<PlaceMention>,
    /// Countries meant by the names of peoples, by alpha-2, once for each time they are named.
    pub peoples: Vec<String>,
    /// The place the report was sent from, where it says so.
    pub dateline: Option<String>,
    /// The alpha-2 code of the country its publisher is at home in.
    pub publisher_country: Option<String>,
}

/// How exact a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precision {
    /// A town or a named spot.
    Point,
    /// A district, a province or a region.
    Area,
    /// A whole country, a sea or a continent.
    Country,
}

/// A place that was weighed and not chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunnerUp {
    /// Which place.
    pub key: PlaceKey,
    /// What it weighed.
    pub score: f64,
}

/// The place that a name is taken to mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// Which place.
    pub key: PlaceKey,
    /// How exact it is.
    pub precision: Precision,
    /// Within how many kilometres of its point.
    pub radius_km: f32,
    /// What it weighed.
    pub score: f64,
    /// How likely it is against the runners-up, from 0 to 1; not calibrated.
    pub confidence: f64,
    /// Why, in words.
    pub reason: String,
    /// Up to three others, best first.
    pub runners_up: Vec<RunnerUp>,
}

/// The text says what kind of place it means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KindNamed {
    Nothing,
    Division,
    Town,
}

#[derive(Clone)]
struct Candidate {
    key: PlaceKey,
    kind: PlaceKind,
    country: Option<u32>,
    division: Option<u32>,
    point: (f64, f64),
    /// The second-level division it is or lies in.
    district: Option<u32>,
    in_container: bool,
    prior: f64,
    score: f64,
}

/// All mentions of a document that share a name and a container.
struct Sense {
    mentions: usize,
    has_container: bool,
    /// The division or country the text says the name lies in, when it is sure to be one and no candidate does.
    outer: Option<PlaceKey>,
    candidates: Vec<Candidate>,
    best: usize,
    confidence: f64,
}

/// How often the weighing is repeated with what was learnt about the other names.
const ROUNDS: usize = 3;
/// Above this, a place is so well known that a container it does not lie in is more likely something else.
const FAMOUS_PRIOR: f64 = 5.5;
/// What one name of a people counts for its country, where a name of a place counts one.
const PEOPLE_VOTE: f64 = 0.3;
/// What a dateline counts for its country and division.
const DATELINE_VOTE: f64 = 2.0;
/// What nobody's vote counts, so that one other name does not decide alone.
const DOUBT_VOTE: f64 = 0.5;
/// Names with more bearers keep the heaviest only, so that hostile text stays cheap.
const CANDIDATES_MAX: usize = 120;
/// Names of a document beyond this many do not pull others to them.
const ANCHORS_MAX: usize = 48;

impl Gazetteer {
    /// Chooses, for each mention, the place it means; `None` where no listed place bears the name.
    pub fn resolve(&self, document: &DocumentPlaces, weights: &Weights) -> Vec<Option<Resolution>> {
        let mut senses: Vec<Sense> = Vec::new();
        let mut by_name: BTreeMap<(String, String), usize> = BTreeMap::new();
        let containers: BTreeMap<String, String> = document
            .mentions
            .iter()
            .filter_map(|m| Some((fold(&m.name), m.container.clone()?)))
            .rev()
            .collect();
        let kind_words: BTreeMap<String, String> = document
            .mentions
            .iter()
            .filter_map(|m| Some((fold(&m.name), m.kind_word.clone()?)))
            .rev()
            .collect();
        let sense_of: Vec<usize> = document
            .mentions
            .iter()
            .map(|mention| {
                let folded = fold(&mention.name);
                // A container said once holds for every later mention of the name.
                let container = mention.container.clone().or_else(|| containers.get(&folded).cloned());
                let kind_word = mention.kind_word.as_ref().or_else(|| kind_words.get(&folded));
                let written = if mention.name.len() <= 6 { mention.name.clone() } else { folded };
                let at =
                    *by_name.entry((written, container.clone().unwrap_or_default())).or_insert_with(|| {
                        senses.push(self.sense(
                            &mention.name,
                            kind_word.map(String::as_str),
                            container.as_deref(),
                            document.publisher_country.as_deref(),
                            weights,
                        ));
                        senses.len() - 1
                    });
                if let Some(sense) = senses.get_mut(at) {
                    sense.mentions += 1;
                }
                at
            })
            .collect();
        let peoples: Vec<u32> =
            document.peoples.iter().filter_map(|code| Some(self.country(code)?.key.0)).collect();
        let dateline = document.dateline.as_deref().and_then(|name| self.likeliest(name, weights));
        for round in 0..ROUNDS {
            // At first all is open; what is learnt makes the choice firmer.
            let softness = if round == 0 { weights.first_softness } else { 1.0 };
            self.weigh(&mut senses, &peoples, dateline, softness, weights);
        }
        sense_of
            .into_iter()
            .map(|at| senses.get(at).and_then(|sense| self.resolution(sense, weights)))
            .collect()
    }

    /// Returns what a name means to a reader who knows nothing of the document.
    pub fn likeliest(&self, name: &str, weights: &Weights) -> Option<PlaceKey> {
        self.sense(name, None, None, None, weights).candidates.first().map(|c| c.key)
    }

    fn sense(
        &self,
        name: &str,
        kind_word: Option<&str>,
        container: Option<&str>,
        publisher_country: Option<&str>,
        weights: &Weights,
    ) -> Sense {
        let (refs, kind_named) = match kind_word {
            Some(kind) if short_form(self, name).is_none() => self.bearers(&format!("{name} {kind}")),
            _ => self.bearers(name),
        };
        let containers: Vec<PlaceKey> = container
            .map(|name| {
                self.bearers(name)
                    .0
                    .into_iter()
                    .map(|r| r.key)
                    .filter(|&k| self.kind(k) != PlaceKind::Populated)
            })
            .into_iter()
            .flatten()
            .collect();
        let mut candidates: Vec<Candidate> = refs
            .into_iter()
            .map(|bearer| {
                let place = self.place(bearer.key);
                let chain = self.within(bearer.key);
                let mut prior = weights.population * f64::from(place.population.unwrap_or(150)).log10();
                prior += match place.kind {
                    PlaceKind::Country => weights.country,
                    PlaceKind::Division1 => weights.division1,
                    PlaceKind::Division2 if kind_named != KindNamed::Division => weights.division2,
                    PlaceKind::Region | PlaceKind::Water | PlaceKind::Feature => weights.region,
                    PlaceKind::Division2 | PlaceKind::Populated => 0.0,
                };
                if place.is_capital {
                    prior += weights.capital;
                }
                if bearer.other_name
                    && !matches!(place.kind, PlaceKind::Region | PlaceKind::Water | PlaceKind::Feature)
                {
                    prior += weights.other_name;
                }
                prior += match (kind_named, place.kind) {
                    (KindNamed::Division, PlaceKind::Division1 | PlaceKind::Division2)
                    | (KindNamed::Town, PlaceKind::Populated) => weights.kind_named,
                    (KindNamed::Division, PlaceKind::Country | PlaceKind::Populated)
                    | (KindNamed::Town, PlaceKind::Country) => -weights.kind_named,
                    _ => 0.0,
                };
                if place.country.is_some() && place.country == publisher_country {
                    prior += weights.publisher;
                }
                let country = chain
                    .last()
                    .copied()
                    .or(Some(bearer.key))
                    .filter(|&k| self.kind(k) == PlaceKind::Country);
                Candidate {
                    key: bearer.key,
                    kind: place.kind,
                    country: country.map(|k| k.0),
                    division: self.division1(bearer.key).map(|k| k.0),
                    district: std::iter::once(bearer.key)
                        .chain(chain.iter().copied())
                        .find(|&k| self.kind(k) == PlaceKind::Division2)
                        .map(|k| k.0),
                    point: (place.latitude, place.longitude),
                    in_container: chain.iter().any(|k| containers.contains(k)),
                    prior,
                    score: prior,
                }
            })
            .collect();
        candidates.sort_by(|a, b| b.prior.total_cmp(&a.prior).then(a.key.cmp(&b.key)));
        let has_container = candidates.iter().any(|c| c.in_container);
        if has_container {
            candidates.iter_mut().filter(|c| c.in_container).for_each(|c| c.prior += weights.container);
            candidates.sort_by(|a, b| b.prior.total_cmp(&a.prior).then(a.key.cmp(&b.key)));
        }
        candidates.truncate(CANDIDATES_MAX);
        let outer = container
            .filter(|_| !has_container)
            .and_then(|name| self.sure_container(name, weights))
            .filter(|&outer| {
                // "Moscow, Russia" needs no rescue, nor does a list such as "Cairo, Jordan and Syria".
                candidates.first().is_none_or(|c| {
                    c.key != outer && (c.prior < FAMOUS_PRIOR || kind_named == KindNamed::Division)
                })
            });
        let mut sense = Sense { mentions: 0, has_container, outer, candidates, best: 0, confidence: 0.0 };
        sense.choose();
        sense
    }

    /// Returns the places a written name can mean, and whether it says what kind of place it is.
    fn bearers(&self, name: &str) -> (Vec<PlaceRef>, KindNamed) {
        let name = name.trim();
        if let Some((key, _)) = short_form(self, name) {
            return (vec![PlaceRef { key, other_name: false }], KindNamed::Nothing);
        }
        let folded = fold(name);
        let folded = REGION_ADJECTIVES
            .iter()
            .find(|(a, _)| *a == folded)
            .map_or(folded, |(_, region)| (*region).to_owned());
        let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
        let kind_named = kind_named(&words);
        let mut refs = self.named_folded(&folded);
        let is_division = refs.iter().any(|r| self.kind(r.key) <= PlaceKind::Division1);
        if let Some(country) = self.country_by_folded_demonym(&folded).filter(|_| !is_division) {
            return (vec![PlaceRef { key: country.key, other_name: false }], kind_named);
        }
        if kind_named != KindNamed::Nothing || refs.is_empty() {
            let core = without_kind_words(&words).join(" ");
            if core != folded {
                let known: Vec<PlaceKey> = refs.iter().map(|r| r.key).collect();
                refs.extend(self.named_folded(&core).into_iter().filter(|r| !known.contains(&r.key)));
            }
        }
        if refs.is_empty() {
            // "Syrias", "Baghdads": a possessive whose apostrophe was lost.
            if let Some(single) = folded.strip_suffix('s').filter(|s| s.len() > 3) {
                refs = self.named_folded(single);
            }
        }
        if refs.is_empty() && words.len() > 1 {
            refs = self.part_of_name(&words);
        }
        (refs, kind_named)
    }

    /// Returns the bearers of the longest part of a phrase that is a name: "Basra" for "Basra airport".
    ///
    /// Parts that are ordinary words as well are no names here: "Union" is a town, but not in "Credit Union".
    fn part_of_name(&self, words: &[&str]) -> Vec<PlaceRef> {
        let longest = words.len().min(8);
        for length in (1..longest).rev() {
            for part in words.windows(length) {
                let is_kind = |w: &&str| {
                    DIRECTIONS.contains(w)
                        || DIVISION_WORDS.contains(w)
                        || TOWN_WORDS.contains(w)
                        || super::find::is_organisation(w)
                };
                if part.iter().all(is_kind) {
                    continue;
                }
                let name = part.join(" ");
                let doubts = self.doubts_folded(&name);
                if doubts.word || doubts.rare_word {
                    continue;
                }
                let found = self.named_folded(&name);
                if !found.is_empty() {
                    return found;
                }
            }
        }
        Vec::new()
    }

    /// Weighs every candidate again, given what the other names of the document probably mean.
    fn weigh(
        &self,
        senses: &mut [Sense],
        peoples: &[u32],
        dateline: Option<PlaceKey>,
        softness: f64,
        weights: &Weights,
    ) {
        let mut countries = Votes::default();
        let mut divisions = Votes::default();
        let mut districts = Votes::default();
        for &country in peoples {
            countries.add(country, PEOPLE_VOTE);
        }
        if let Some(key) = dateline {
            if let Some(country) = std::iter::once(key).chain(self.within(key)).last() {
                countries.add(country.0, DATELINE_VOTE);
            }
            if let Some(division) = self.division1(key) {
                divisions.add(division.0, DATELINE_VOTE);
            }
        }
        // Every candidate votes with its chance, not only the best: two counties that each exist in ten states
        // have one state in common.
        let own: Vec<[Votes; 3]> = senses
            .iter()
            .map(|sense| {
                let mut own = [Votes::default(), Votes::default(), Votes::default()];
                for (candidate, chance) in sense.candidates.iter().zip(sense.chances(softness)) {
                    let vote = chance * (1.0 + (sense.mentions as f64).ln());
                    let [country, division, district] = &mut own;
                    for (votes, key) in [
                        (country, candidate.country),
                        (division, candidate.division),
                        (district, candidate.district),
                    ] {
                        if let Some(key) = key {
                            votes.add(key, vote);
                        }
                    }
                }
                own
            })
            .collect();
        for [country, division, district] in &own {
            countries.add_all(country);
            divisions.add_all(division);
            districts.add_all(district);
        }
        let named: BTreeMap<u32, usize> = senses
            .iter()
            .enumerate()
            .filter_map(|(at, sense)| {
                let best = sense.candidates.get(sense.best)?;
                let is_division = matches!(best.kind, PlaceKind::Division1 | PlaceKind::Division2);
                is_division.then_some((best.key.0, at))
            })
            .collect();
        let anchors: Vec<(usize, (f64, f64), f64)> = senses
            .iter()
            .enumerate()
            .filter_map(|(at, sense)| {
                let best = sense.candidates.get(sense.best)?;
                let is_point =
                    matches!(best.kind, PlaceKind::Populated | PlaceKind::Division2 | PlaceKind::Feature);
                is_point.then_some((at, best.point, sense.confidence))
            })
            .take(ANCHORS_MAX)
            .collect();
        for (at, (sense, own)) in senses.iter_mut().zip(&own).enumerate() {
            let [own_country, own_division, own_district] = own;
            let scores: Vec<f64> = sense
                .candidates
                .iter()
                .map(|c| {
                    let nearest = anchors
                        .iter()
                        .filter(|(other, ..)| *other != at)
                        .map(|(_, point, confidence)| {
                            confidence * (-distance_km(c.point, *point) / weights.near_km).exp()
                        })
                        .fold(0.0, f64::max);
                    let is_named =
                        |key: Option<u32>| key.and_then(|k| named.get(&k)).is_some_and(|&other| other != at);
                    let in_named =
                        f64::from(u8::from(is_named(c.division))) + f64::from(u8::from(is_named(c.district)));
                    c.prior
                        + weights.in_named_division * in_named
                        + weights.near * nearest
                        + weights.same_country * countries.share(c.country, own_country)
                        + weights.same_division * divisions.share(c.division, own_division)
                        + weights.same_district * districts.share(c.district, own_district)
                })
                .collect();
            sense.candidates.iter_mut().zip(scores).for_each(|(c, score)| c.score = score);
            sense.choose();
        }
    }

    fn resolution(&self, sense: &Sense, weights: &Weights) -> Option<Resolution> {
        if let Some(outer) = sense.outer {
            let place = self.place(outer);
            return Some(Resolution {
                key: outer,
                precision: if place.kind == PlaceKind::Country {
                    Precision::Country
                } else {
                    Precision::Area
                },
                radius_km: place.radius_km,
                score: 0.0,
                confidence: 0.5,
                reason: format!("not listed itself; said to lie in {}", place.name),
                runners_up: Vec::new(),
            });
        }
        let best = sense.candidates.get(sense.best)?;
        let place = self.place(best.key);
        let mut order: Vec<&Candidate> = sense.candidates.iter().filter(|c| c.key != best.key).collect();
        order.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
        let reason = if order.is_empty() {
            "the only listed place of this name".to_owned()
        } else if best.in_container && sense.has_container {
            "lies in the place named with it".to_owned()
        } else if best.score - best.prior > (weights.same_country + weights.same_division) / 2.0 {
            "agrees with the other places of the report".to_owned()
        } else {
            match place.kind {
                PlaceKind::Country => "the country of this name".to_owned(),
                _ => format!("the best known of {} places of this name", sense.candidates.len()),
            }
        };
        Some(Resolution {
            key: best.key,
            precision: match place.kind {
                PlaceKind::Populated | PlaceKind::Feature => Precision::Point,
                PlaceKind::Division1 | PlaceKind::Division2 => Precision::Area,
                PlaceKind::Region if place.radius_km < 400.0 => Precision::Area,
                PlaceKind::Country | PlaceKind::Region | PlaceKind::Water => Precision::Country,
            },
            radius_km: place.radius_km,
            score: best.score,
            confidence: sense.confidence,
            reason,
            runners_up: order.into_iter().take(3).map(|c| RunnerUp { key: c.key, score: c.score }).collect(),
        })
    }

    /// Returns what the text says a name lies in, reading on from the end of the name: "…, Texas", "… in Ghazni
    /// province", "… (Iraq)".
    pub fn container_after(&self, text: &str, end: usize) -> Option<String> {
        let rest = text.get(end..)?;
        let rest = ["’s", "'s"].iter().find_map(|s| rest.strip_prefix(s)).unwrap_or(rest);
        let rest = kind_word_at(rest).map_or(rest, |(_, after)| after);
        let joints = [", in ", ", ", " in ", " (", ",", " of "];
        let (joint, rest) = joints.iter().find_map(|joint| Some((*joint, rest.strip_prefix(joint)?)))?;
        let mut rest = rest.strip_prefix("the ").unwrap_or(rest);
        if let Some((length, _, _)) =
            short_form_at(self, rest).filter(|_| joint.starts_with(',') || joint == " (")
        {
            return rest.get(..length).map(str::to_owned);
        }
        for direction in DIRECTIONS {
            let stripped = rest.split_once(' ').filter(|(first, _)| first == direction);
            rest = stripped.map_or(rest, |(_, after)| after);
        }
        let words: Vec<(Range<usize>, String)> =
            super::find::words(rest).take(6).map(|w| (w.range, fold(w.text))).collect();
        let starts_upper = rest.chars().next().is_some_and(char::is_uppercase);
        if !starts_upper {
            return None;
        }
        let folded: Vec<&str> = words.iter().map(|(_, f)| f.as_str()).collect();
        let longest = self.longest_match(&folded)?;
        let name_end = words.get(longest - 1)?.0.end;
        let name = rest.get(..name_end)?;
        if name.contains(',') {
            let first = rest.get(..words.first()?.0.end)?;
            return self.is_container(first).then(|| first.to_owned());
        }
        let after = rest.get(name_end..).unwrap_or_default();
        if after.starts_with(" and ") || after.starts_with(" or ") || after.starts_with(", and ") {
            // "Cairo, Jordan and Syria" is a list.
            return None;
        }
        let with_kind = rest.get(name_end..).and_then(kind_word_at).map(|(word, _)| format!("{name} {word}"));
        self.is_container(name).then(|| with_kind.unwrap_or_else(|| name.to_owned()))
    }

    /// Returns the division or country that a container means, unless a town is as likely meant.
    fn sure_container(&self, name: &str, weights: &Weights) -> Option<PlaceKey> {
        let sense = self.sense(name, None, None, None, weights);
        let best = sense.candidates.get(sense.best)?;
        matches!(best.kind, PlaceKind::Country | PlaceKind::Division1).then_some(best.key)
    }

    fn is_container(&self, name: &str) -> bool {
        self.bearers(name).0.iter().any(|r| {
            matches!(self.kind(r.key), PlaceKind::Country | PlaceKind::Division1 | PlaceKind::Division2)
        })
    }

    pub(super) fn by_code(&self, code: &str) -> Option<PlaceKey> {
        self.by_id(&format!("iso:{code}"))
    }
}

/// How much speaks for each country, division or district of a document.
#[derive(Clone, Debug, Default)]
struct Votes {
    of: BTreeMap<u32, f64>,
    sum: f64,
}

impl Votes {
    fn add(&mut self, key: u32, vote: f64) {
        *self.of.entry(key).or_default() += vote;
        self.sum += vote;
    }

    fn add_all(&mut self, other: &Self) {
        for (&key, &vote) in &other.of {
            self.add(key, vote);
        }
    }

    /// Returns the part of the votes that others than `own` cast for `key`, as a root so that the first count most.
    fn share(&self, key: Option<u32>, own: &Self) -> f64 {
        let Some(key) = key else { return 0.0 };
        let votes = |votes: &Self| votes.of.get(&key).copied().unwrap_or_default();
        let others = (self.sum - own.sum).max(0.0);
        ((votes(self) - votes(own)).max(0.0) / (others + DOUBT_VOTE)).sqrt()
    }
}

impl Sense {
    /// Returns the chance of each candidate; a greater softness makes them more alike.
    fn chances(&self, softness: f64) -> Vec<f64> {
        let top = self.candidates.get(self.best).map_or(0.0, |c| c.score);
        let parts: Vec<f64> = self.candidates.iter().map(|c| ((c.score - top) / softness).exp()).collect();
        let sum: f64 = parts.iter().sum();
        parts.into_iter().map(|part| part / sum.max(f64::MIN_POSITIVE)).collect()
    }

    /// Takes the heaviest candidate; the confidence is its share against the others.
    fn choose(&mut self) {
        let mut best = 0;
        for (at, candidate) in self.candidates.iter().enumerate() {
            if self.candidates.get(best).is_some_and(|b| candidate.score > b.score) {
                best = at;
            }
        }
        self.best = best;
        let top = self.candidates.get(best).map_or(0.0, |c| c.score);
        let sum: f64 = self.candidates.iter().map(|c| (c.score - top).exp()).sum();
        self.confidence = if sum > 0.0 { 1.0 / sum } else { 0.0 };
    }
}

/// Adjectives and unions that mean a region rather than a country.
const REGION_ADJECTIVES: &[(&str, &str)] = &[
    ("european", "europe"),
    ("europeans", "europe"),
    ("european union", "europe"),
    ("eu", "europe"),
    ("african", "africa"),
    ("africans", "africa"),
    ("asian", "asia"),
    ("asians", "asia"),
    ("north american", "north america"),
    ("south american", "south america"),
    ("latin american", "latin america"),
    ("latin americans", "latin america"),
    ("middle eastern", "middle east"),
    ("southeast asian", "southeast asia"),
    ("south east asian", "southeast asia"),
    ("central asian", "central asia"),
    ("west african", "west africa"),
    ("east african", "east africa"),
    ("kurdish", "kurdistan"),
    ("kashmiri", "kashmir"),
    ("chechen", "chechnya"),
    ("tibetan", "tibet"),
];

pub(super) const DIRECTIONS: &[&str] = &[
    "northern",
    "southern",
    "eastern",
    "western",
    "north",
    "south",
    "east",
    "west",
    "central",
    "northeastern",
    "northwestern",
    "southeastern",
    "southwestern",
    "northeast",
    "northwest",
    "southeast",
    "southwest",
    "upper",
    "lower",
    "greater",
    "downtown",
    "mainland",
    "rural",
    "inner",
    "outer",
    "neighbouring",
    "neighboring",
];
pub(super) const DIVISION_WORDS: &[&str] = &[
    "province",
    "provinces",
    "district",
    "districts",
    "governorate",
    "county",
    "counties",
    "state",
    "region",
    "oblast",
    "prefecture",
    "parish",
    "municipality",
    "department",
    "subdistrict",
    "township",
    "republic",
    "territory",
    "division",
    "canton",
    "krai",
    "rayon",
    "raion",
    "emirate",
    "wilaya",
    "woreda",
    "tehsil",
    "upazila",
    "regency",
    "area",
    "valley",
];
/// Kind words that after a name always speak of it, unlike "city" in "Boston city council".
const CLEAR_KIND_WORDS: &[&str] = &[
    "province",
    "district",
    "governorate",
    "county",
    "oblast",
    "prefecture",
    "parish",
    "subdistrict",
    "canton",
    "rayon",
    "raion",
    "wilaya",
    "woreda",
    "tehsil",
    "upazila",
    "regency",
    "krai",
    "voivodeship",
    "region",
    "state",
    "department",
];
pub(super) const TOWN_WORDS: &[&str] = &["city", "town", "village", "camp", "suburb", "hamlet", "port"];

/// Returns the word that says what kind of place the name before it is, and what follows it.
pub(super) fn kind_word_at(rest: &str) -> Option<(&str, &str)> {
    let after_space = rest.strip_prefix(' ')?;
    let end = after_space.find(|c: char| !c.is_alphanumeric()).unwrap_or(after_space.len());
    let (word, after) = after_space.split_at_checked(end)?;
    let folded = word.to_lowercase();
    // "District" in "U.S. District Court" belongs to what follows.
    let goes_on =
        word != folded && after.strip_prefix(' ').is_some_and(|next| next.starts_with(char::is_uppercase));
    (CLEAR_KIND_WORDS.contains(&folded.as_str()) && !goes_on).then_some((word, after))
}

fn kind_named(words: &[&str]) -> KindNamed {
    let is = |list: &[&str], word: Option<&&str>| word.is_some_and(|w| list.contains(w));
    let of_first = words.get(1) == Some(&"of");
    if words.len() < 2 || (of_first && words.first() == Some(&"republic")) {
        KindNamed::Nothing
    } else if is(DIVISION_WORDS, words.last()) || (of_first && is(DIVISION_WORDS, words.first())) {
        KindNamed::Division
    } else if is(TOWN_WORDS, words.last()) || (of_first && is(TOWN_WORDS, words.first())) {
        KindNamed::Town
    } else {
        KindNamed::Nothing
    }
}

fn without_kind_words<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let strip = ["the", "of"].contains(first)
            || DIRECTIONS.contains(first)
            || (after.first() == Some(&"of")
                && (DIVISION_WORDS.contains(first) || TOWN_WORDS.contains(first)));
        if !strip || after.is_empty() {
            break;
        }
        rest = after;
    }
    while let Some((last, before)) = rest.split_last() {
        if before.is_empty() || !(DIVISION_WORDS.contains(last) || TOWN_WORDS.contains(last)) {
            break;
        }
        rest = before;
    }
    rest.to_vec()
}
