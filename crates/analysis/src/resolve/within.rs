//! Within one report: which of its words tell of one event, where was it, and whose are the numbers?
//!
//! The reader folds words that by their grammar tell of one act. Here, where places are known, what is
//! left is folded too: "the blast" goes back to the bombing of the headline, unless place, day or kind
//! bar it, or the words say that it is another. Then every number goes to the event of its passage.

use super::events;
use crate::policy::Policy;
use crate::wording;
use headwater_domain::count::{Count, CountForm, Counted, Harm, PerpetratorsCounted};
use headwater_domain::id::ClaimId;
use headwater_domain::kind::{EventStatus, Family};
use headwater_domain::reading::{Claim, CountMention, EventProposition, MentionIndex, Reading};
use headwater_domain::report::Report;
use headwater_domain::resolution::{Incident, PlaceRef, Toll};
use headwater_domain::text::Span;
use std::collections::BTreeMap;

/// Nouns for acts of force, by which a report comes back to one.
const ACTS: &[&str] = &[
    "abduction",
    "ambush",
    "ambushes",
    "assault",
    "assaults",
    "atrocity",
    "attack",
    "attacks",
    "blast",
    "blasts",
    "bloodshed",
    "bombing",
    "bombings",
    "carnage",
    "clash",
    "clashes",
    "explosion",
    "explosions",
    "fighting",
    "gunfire",
    "incident",
    "incidents",
    "kidnapping",
    "killing",
    "killings",
    "massacre",
    "massacres",
    "murder",
    "murders",
    "operation",
    "raid",
    "raids",
    "rampage",
    "riot",
    "riots",
    "shelling",
    "shooting",
    "shootings",
    "siege",
    "slaughter",
    "stabbing",
    "standoff",
    "strike",
    "strikes",
    "violence",
];

/// Nouns that may stand for any act of force, whatever its means.
const ANY_ACTS: &[&str] = &[
    "assault",
    "atrocity",
    "attack",
    "attacks",
    "bloodshed",
    "carnage",
    "incident",
    "killing",
    "killings",
    "massacre",
    "operation",
    "raid",
    "slaughter",
    "violence",
];

/// Nouns by which a further event is told from the first.
const MEANS: &[&str] = &[
    "blaze", "bomb", "bomber", "bombs", "car", "device", "drone", "grenade", "missile", "place", "rocket",
    "site", "town", "truck", "vehicle", "village",
];

/// Words that tell a further event from one told before.
const OTHERS: &[&str] =
    &["another", "different", "fifth", "fourth", "new", "second", "separate", "similar", "third"];

/// Words for what became of people, which tell of no act of their own.
const HARMS: &[&str] = &[
    "casualties",
    "casualty",
    "dead",
    "death",
    "deaths",
    "died",
    "dying",
    "hurt",
    "injured",
    "injuring",
    "injuries",
    "kill",
    "killed",
    "killing",
    "kills",
    "wounded",
    "wounding",
];

/// How far back a number or a harm may belong to what was told, in sentences.
const BACK_SENTENCES_MAX: usize = 2;
/// How far from a number the words may reach that make it a part, in bytes.
const PART_BYTES: usize = 60;
/// Events of one report that are looked at for each word and number.
const EVENTS_BACK_MAX: usize = 64;
/// How far a number of its own sentence's event may stand behind it.
const TOLL_SENTENCES_MAX: usize = 3;

/// An event of the reading with what it resolves to.
pub struct Told<'r> {
    /// The claim.
    pub claim: &'r Claim,
    /// What the reader has of it.
    pub event: &'r EventProposition,
    /// What it comes to by itself.
    pub incident: Incident,
}

/// What the report is read with.
pub struct Around<'r> {
    /// The report.
    pub report: &'r Report,
    /// Its reading.
    pub reading: &'r Reading,
    /// Its places.
    pub places: &'r BTreeMap<MentionIndex, PlaceRef>,
    /// The region that the dateline lies in.
    pub sent_from: Option<&'r PlaceRef>,
    /// Thresholds.
    pub policy: &'r Policy,
}

/// How the words for an event hang together with what was told before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reference {
    /// "The attack", "Sunday's attack".
    Back,
    /// "Another attack", "a second bomb".
    Other,
    /// "An attack".
    First,
    /// A verb, or a noun without an article.
    Open,
}

/// Words for an event, while they are sorted.
struct Node<'r> {
    told: Told<'r>,
    sentence: usize,
    sentences: Vec<usize>,
    reference: Reference,
    harm_only: bool,
    any_act: bool,
    own_place: bool,
}

/// Folds what tells of one event, and gives each event its place and its numbers.
pub fn fold(around: &Around<'_>, told: Vec<Told<'_>>) -> Vec<Incident> {
    let mut nodes: Vec<Node<'_>> = told.into_iter().map(|told| around.node(told)).collect();
    nodes.sort_by_key(|node| node.told.event.trigger);
    let mut folded: Vec<Vec<usize>> = Vec::new();
    for index in 0..nodes.len() {
        match around.told_before(&nodes, &folded, index) {
            Some(event) => folded[event].push(index),
            None => folded.push(vec![index]),
        }
    }
    let mut incidents: Vec<Incident> = folded.iter().map(|members| merged(&nodes, members)).collect();
    around.give_tolls(&nodes, &folded, &mut incidents);
    around.give_places(&mut incidents);
    incidents
}

impl Around<'_> {
    fn words(&self, span: Span) -> &str {
        self.report.text.passage(span).unwrap_or("")
    }

    fn sentence_at(&self, span: Span) -> usize {
        let after = self.reading.sentences.partition_point(|sentence| sentence.span.start() <= span.start());
        after.saturating_sub(1)
    }

    /// The words of the sentence before a span, the nearest last.
    fn words_before(&self, span: Span) -> Vec<String> {
        let start = self.reading.sentence_of(span).map_or(span.start(), |sentence| sentence.span.start());
        let before = self.report.text.as_str().get(start..span.start()).unwrap_or("");
        wording::words(before).collect()
    }

    fn node<'r>(&self, mut told: Told<'r>) -> Node<'r> {
        let trigger = told.event.trigger;
        let word = self.words(trigger).to_lowercase();
        let last = word.rsplit(' ').next().unwrap_or(&word);
        let mut sentences: Vec<usize> =
            told.claim.evidence.spans().map(|span| self.sentence_at(span)).collect();
        sentences.push(self.sentence_at(trigger));
        sentences.sort_unstable();
        sentences.dedup();
        let sentence = self.sentence_at(trigger);
        let own_place = told.event.in_role(headwater_domain::reading::Role::Place).any(|mention| {
            let here =
                self.reading.mention(mention).is_some_and(|known| self.sentence_at(known.span) == sentence);
            here && self.places.get(&mention).is_some_and(|place| place.key.is_some())
        });
        let reference = self.reference(trigger, last);
        // "The group said it was not behind Monday's bombing" takes the bombing for granted: the group's
        // word is on its own part in it.
        if reference == Reference::Back && speaks_of_itself(&told.incident) {
            told.incident.voices.clear();
            if told.incident.status == EventStatus::Alleged {
                told.incident.status = EventStatus::Happened;
            }
        }
        Node {
            sentence,
            sentences,
            reference,
            harm_only: HARMS.binary_search(&last).is_ok(),
            any_act: ANY_ACTS.binary_search(&last).is_ok(),
            own_place,
            told,
        }
    }

    /// How the words before a trigger tie it to what was told.
    fn reference(&self, trigger: Span, word: &str) -> Reference {
        let before = self.words_before(trigger);
        let is_noun = ACTS.binary_search(&word).is_ok();
        // "In a third incident, men fired", "a second vehicle bomb went off"
        for (position, found) in before.iter().enumerate() {
            if OTHERS.binary_search(&found.as_str()).is_err() {
                continue;
            }
            let next = before.get(position + 1..(position + 4).min(before.len())).unwrap_or_default();
            let named = |next: &String| {
                ACTS.binary_search(&next.as_str()).is_ok() || MEANS.binary_search(&next.as_str()).is_ok()
            };
            let of_trigger = is_noun && position + 4 > before.len();
            if next.iter().any(named) || of_trigger {
                return Reference::Other;
            }
        }
        if before.iter().any(|word| word == "separately" || word == "elsewhere") {
            return Reference::Other;
        }
        if !is_noun {
            return Reference::Open;
        }
        for word in before.iter().rev().take(4) {
            match word.as_str() {
                "the" | "this" | "that" | "these" | "those" | "both" | "s" | "its" | "their" => {
                    return Reference::Back;
                }
                "a" | "an" | "any" | "no" | "either" | "such" => return Reference::First,
                "in" | "of" | "at" | "on" | "by" | "after" | "for" | "from" | "with" | "and" | "to"
                | "was" | "were" => {
                    return Reference::Open;
                }
                _ => {}
            }
        }
        Reference::Open
    }

    /// The event told before that a node tells again, if any: the nearest that nothing bars.
    fn told_before(&self, nodes: &[Node<'_>], folded: &[Vec<usize>], index: usize) -> Option<usize> {
        let node = &nodes[index];
        let family = node.told.incident.kind.family();
        if matches!(family, Family::Talk | Family::Threat) || events::outlook(node.told.incident.status) != 0
        {
            return None;
        }
        let mut candidates: Vec<(usize, usize)> = folded
            .iter()
            .enumerate()
            .rev()
            .take(EVENTS_BACK_MAX)
            .filter(|(_, members)| !members.iter().any(|&member| self.barred(&nodes[member], node)))
            .map(|(event, members)| {
                let nearest = members.iter().flat_map(|&member| &nodes[member].sentences).copied();
                let back =
                    nearest.map(|sentence| node.sentence.abs_diff(sentence)).min().unwrap_or(usize::MAX);
                (back, event)
            })
            .collect();
        candidates.sort_by_key(|&(back, event)| (back, std::cmp::Reverse(event)));
        candidates
            .into_iter()
            .find(|&(back, event)| self.tells_again(nodes, &folded[event], node, back))
            .map(|(_, event)| event)
    }

    /// Tells whether nothing can make two nodes one event.
    fn barred(&self, one: &Node<'_>, other: &Node<'_>) -> bool {
        let (left, right) = (&one.told.incident, &other.told.incident);
        if events::apart(left, right, self.policy).is_some()
            || events::means_exclude(left, right, self.policy)
        {
            return true;
        }
        let same_sentence = one.sentence == other.sentence;
        // What was told as another event stays one, but for what its own sentence and the next add.
        (other.reference == Reference::Other && !same_sentence)
            || (one.reference == Reference::Other
                && !same_sentence
                && !other.harm_only
                && other.reference != Reference::Back)
    }

    fn tells_again(&self, nodes: &[Node<'_>], members: &[usize], node: &Node<'_>, back: usize) -> bool {
        let first = &nodes[members[0]];
        let of_main = members.iter().any(|&member| nodes[member].told.event.main);
        let incident = &node.told.incident;
        let is_violence = incident.kind.family() == Family::Violence;
        let one_of = |test: &dyn Fn(&Node<'_>) -> bool| members.iter().any(|&member| test(&nodes[member]));
        let same_means = one_of(&|other| events::same_means(&other.told.incident, incident));
        let same_word = one_of(&|other| other.told.incident.word == incident.word);
        let same_sentence = one_of(&|other| other.sentence == node.sentence);
        let plural = incident.aggregate && !same_word && !one_of(&|other| other.told.incident.aggregate);
        if !is_violence {
            let same_act = one_of(&|other| other.told.incident.kind.mode == incident.kind.mode) && same_word;
            return same_act && !plural && (node.reference == Reference::Back || back <= 1);
        }
        let placed = |other: &Node<'_>| {
            let (left, right) = (other.told.incident.place.as_ref(), incident.place.as_ref());
            left.zip(right).is_some_and(|(left, right)| events::is_same_town(left, right, self.policy))
        };
        let dated = |other: &Node<'_>| {
            let (left, right) = (other.told.incident.when.as_ref(), incident.when.as_ref());
            left.zip(right).is_some_and(|(left, right)| {
                left.overlaps(right) && left.days_long().is_some_and(|days| days <= 2)
            })
        };
        let at_one_place_and_day = one_of(&|other| placed(other) && dated(other));
        let undated = incident.when.is_none() || one_of(&dated);
        let told_apart = node.own_place && !one_of(&placed) && first.own_place;
        let harmed = one_of(&|other| {
            let targets = &other.told.incident.targets;
            targets.iter().any(|target| incident.targets.iter().any(|known| known.id == target.id))
        });
        match node.reference {
            Reference::Back => !plural && (same_means || same_word || node.any_act || harmed),
            Reference::First => at_one_place_and_day && !plural,
            Reference::Other => same_sentence && node.harm_only,
            Reference::Open => {
                let harm = (node.harm_only
                    || one_of(&|other| other.harm_only && other.sentence == node.sentence))
                    && (same_sentence || (back <= BACK_SENTENCES_MAX && !node.own_place && undated));
                let present = incident.status != EventStatus::Background || one_of(&placed);
                let goes_on = of_main && back <= 1 && undated && !told_apart && present;
                let again = of_main
                    && back <= BACK_SENTENCES_MAX
                    && (same_means || same_word)
                    && undated
                    && !told_apart;
                let same_harmed = same_word && harmed && !told_apart;
                !plural && (at_one_place_and_day || harm || goes_on || again || same_harmed)
            }
        }
    }

    /// Gives each number to the event of its passage, adds up what is told in parts, and leaves out
    /// parts of what is told in sum.
    fn give_tolls(&self, nodes: &[Node<'_>], folded: &[Vec<usize>], incidents: &mut [Incident]) {
        let mut owned: Vec<Vec<&CountMention>> = vec![Vec::new(); incidents.len()];
        for (index, count) in self.reading.counts.iter().enumerate().filter(|(_, count)| !count.cumulative) {
            let owner = folded.iter().position(|members| {
                let tolls = members.iter().flat_map(|&member| &nodes[member].told.event.tolls);
                tolls.into_iter().any(|toll| toll.0 as usize == index)
            });
            let owner = match owner {
                Some(event) if !self.lies_elsewhere(count.span, &incidents[event]) => Some(event),
                Some(_) => None,
                None => self.free_toll(nodes, folded, incidents, count),
            };
            if let Some(event) = owner {
                owned[event].push(count);
            }
        }
        for (incident, counts) in incidents.iter_mut().zip(owned) {
            incident.tolls = self.tolls(&counts);
        }
    }

    /// The event for a number that the reader gave to none: of its sentence, else told just before,
    /// else the one that the report exists to tell.
    fn free_toll(
        &self,
        nodes: &[Node<'_>],
        folded: &[Vec<usize>],
        incidents: &[Incident],
        count: &CountMention,
    ) -> Option<usize> {
        if count.count.form == CountForm::Implied || !matches!(count.harm, Harm::Killed | Harm::Injured) {
            return None;
        }
        let sentence = self.sentence_at(count.span);
        let fits = |event: usize| {
            let incident = &incidents[event];
            incident.kind.family() == Family::Violence
                && events::outlook(incident.status) == 0
                && !self.lies_elsewhere(count.span, incident)
        };
        let back = |event: usize| {
            let told = folded[event].iter().flat_map(|&member| &nodes[member].sentences);
            told.filter(|&&at| at <= sentence).map(|&at| sentence - at).min()
        };
        let near = (0..incidents.len().min(EVENTS_BACK_MAX))
            .filter(|&event| fits(event))
            .filter_map(|event| Some((back(event).filter(|&back| back <= TOLL_SENTENCES_MAX)?, event)))
            .min_by_key(|&(back, event)| (back, std::cmp::Reverse(event)));
        let main = || (0..incidents.len()).find(|&event| incidents[event].main && fits(event));
        near.map(|(_, event)| event).or_else(main)
    }

    /// Tells whether the sentence of a number speaks only of what lies elsewhere.
    fn lies_elsewhere(&self, span: Span, incident: &Incident) -> bool {
        let (Some(sentence), Some(place)) = (self.reading.sentence_of(span), &incident.place) else {
            return false;
        };
        let after = self.reading.mentions.partition_point(|known| known.span.start() < sentence.span.start());
        let mut here = (after..)
            .zip(self.reading.mentions.get(after..).unwrap_or_default())
            .take_while(|(_, known)| known.span.start() < sentence.span.end())
            .filter(|(_, known)| self.is_located(known.span))
            .filter_map(|(index, _)| self.places.get(&MentionIndex(u32::try_from(index).ok()?)))
            .filter(|other| other.key.is_some())
            .peekable();
        here.peek().is_some() && here.all(|other| events::places_apart(place, other, self.policy))
    }

    /// "In Brisa", "near the village of Olmo".
    fn is_located(&self, span: Span) -> bool {
        let before = self.words_before(span);
        before
            .iter()
            .rev()
            .take(4)
            .any(|word| matches!(word.as_str(), "in" | "at" | "near" | "outside" | "around"))
    }

    fn tolls(&self, counts: &[&CountMention]) -> Vec<Toll> {
        let mut tolls: Vec<Toll> = Vec::new();
        let mut at = 0;
        while let Some(&count) = counts.get(at) {
            at += 1;
            let stated =
                counts.iter().any(|other| other.harm == count.harm && other.count.form != CountForm::Implied);
            if (count.count.form == CountForm::Implied && stated) || self.is_part(count) {
                continue;
            }
            let mut toll = toll(count);
            let mut last = count;
            while let Some(&next) = counts.get(at).filter(|next| self.adds_up(last, next)) {
                toll = sum(&toll, next);
                last = next;
                at += 1;
            }
            let known = tolls.iter().any(|known| {
                (known.harm, known.count, known.counted, known.perpetrators)
                    == (toll.harm, toll.count, toll.counted, toll.perpetrators)
            });
            if !known {
                tolls.push(toll);
            }
        }
        tolls
    }

    /// "Four of those who died", "160 of the dead", "nine more bodies": part of a number told elsewhere.
    fn is_part(&self, count: &CountMention) -> bool {
        if self.words(count.span).to_lowercase().ends_with(" more") {
            return true;
        }
        let from = self.report.text.as_str().get(count.span.start()..).unwrap_or("");
        let near = safe_start(from, PART_BYTES).split([',', ';', '.']).next().unwrap_or("");
        let words: Vec<String> = wording::words(near).take(7).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        words.windows(3).take(4).any(|three| {
            matches!(
                three,
                ["of", "those" | "them" | "whom", _]
                    | [
                        "of",
                        "the",
                        "dead" | "killed" | "victims" | "wounded" | "injured" | "casualties" | "deaths"
                    ]
            )
        })
    }

    /// "Five soldiers and seven civilians were killed": two numbers of one harm, told side by side.
    fn adds_up(&self, left: &CountMention, right: &CountMention) -> bool {
        if left.harm != right.harm
            || left.phrase.end() > right.phrase.start()
            || self.sentence_at(left.span) != self.sentence_at(right.span)
        {
            return false;
        }
        let text = self.report.text.as_str();
        let between = text.get(left.phrase.end()..right.phrase.start()).unwrap_or("");
        let words: Vec<String> = wording::words(between).collect();
        let joins = words.last().map_or(between.trim() == ",", |word| word == "and");
        let parts = ["among", "including", "of", "whom", "which", "who", "than", "from"];
        let harm = |word: &String| HARMS.binary_search(&word.as_str()).is_ok();
        joins
            && words.len() <= 8
            && !words.iter().any(harm)
            && !words.iter().take(2).any(|word| parts.contains(&word.as_str()) && word != "of")
            && !between.contains(['.', ';', ':', '"', '“'])
    }

    /// Gives what has no place the region of the dateline, where the report exists to tell of it, else the
    /// country of the report, as far as that is plain.
    fn give_places(&self, incidents: &mut [Incident]) {
        for incident in incidents.iter_mut().filter(|incident| incident.main && incident.place.is_none()) {
            if matches!(incident.kind.family(), Family::Violence | Family::Protest) {
                incident.place = self.sent_from.cloned();
            }
        }
        let Some(country) = self.country() else { return };
        for incident in incidents {
            let wanted = matches!(
                incident.kind.family(),
                Family::Violence | Family::Protest | Family::Coercion | Family::Mobilization
            );
            match &mut incident.place {
                None if wanted && incident.status != EventStatus::Hypothetical => {
                    incident.place = Some(country.clone());
                }
                // A name that the gazetteer does not hold still lies where all the others do.
                Some(place) if place.key.is_none() && place.country.is_none() => {
                    place.country.clone_from(&country.country);
                    place.within = country.key.iter().cloned().collect();
                }
                _ => {}
            }
        }
    }

    /// The country that the report is about, where nearly all of its places and peoples say so.
    fn country(&self) -> Option<PlaceRef> {
        let of_places =
            self.places.values().filter_map(|place| place.country.as_deref().map(|country| (country, 1)));
        let of_peoples = self
            .reading
            .chains
            .iter()
            .filter_map(|chain| Some((chain.country.as_deref()?, chain.mentions.len())));
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for (country, more) in of_places.chain(of_peoples) {
            *times.entry(country).or_default() += more;
        }
        let all: usize = times.values().sum();
        let (country, &most) = times.iter().max_by_key(|(_, times)| **times)?;
        let words = self.places.values().find(|place| place.country.as_deref() == Some(*country));
        let words = words.map_or("", |place| place.words.as_str());
        (most >= 2 && most * 3 >= all * 2).then(|| super::places::country(country, words)).flatten()
    }
}

/// Tells whether whoever tells of an event is said to have done it, or claims or denies it.
fn speaks_of_itself(incident: &Incident) -> bool {
    let speaker = incident.voices.last().and_then(|voice| voice.actor.as_ref());
    speaker.is_some_and(|speaker| {
        incident.actors.iter().any(|actor| actor.id == speaker.id)
            || incident
                .answers
                .iter()
                .any(|answer| answer.speaker.as_ref().is_some_and(|one| one.id == speaker.id))
    })
}

/// The longest start of a text of at most so many bytes.
fn safe_start(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    text.get(..end).unwrap_or("")
}

fn toll(count: &CountMention) -> Toll {
    Toll {
        harm: count.harm,
        count: count.count,
        counted: count.counted,
        perpetrators: count.perpetrators,
        span: count.span,
    }
}

fn sum(toll: &Toll, more: &CountMention) -> Toll {
    let low = toll.count.low.saturating_add(more.count.low);
    let high = toll.count.high.zip(more.count.high).map(|(one, other)| one.saturating_add(other));
    let form = match high {
        Some(high) if high == low => CountForm::Exact,
        Some(_) => CountForm::Range,
        None => CountForm::AtLeast,
    };
    Toll {
        harm: toll.harm,
        count: Count { low, high, form },
        counted: if toll.counted == more.counted { toll.counted } else { Counted::Unspecified },
        perpetrators: match (toll.perpetrators, more.perpetrators) {
            (one, other) if one == other => one,
            (PerpetratorsCounted::Included, _) | (_, PerpetratorsCounted::Included) => {
                PerpetratorsCounted::Included
            }
            _ => PerpetratorsCounted::Unclear,
        },
        span: toll.span.cover(more.span),
    }
}

/// One telling of the nodes that tell of one event: founded by the first that the report exists to
/// tell, else by the first.
fn merged(nodes: &[Node<'_>], members: &[usize]) -> Incident {
    let of = |member: usize| &nodes[member].told.incident;
    let founding =
        members.iter().copied().find(|&member| nodes[member].told.event.main).unwrap_or(members[0]);
    let mut incident = of(founding).clone();
    let others = || members.iter().copied().filter(move |&member| member != founding).map(of);
    for other in others() {
        incident.also.push(other.claim);
        incident.main |= other.main;
        incident.words.extend(other.words.iter().cloned());
        incident.when = incident.when.take().or_else(|| other.when.clone());
        let finer = |kind: &Incident| {
            kind.kind.mode.is_some_and(|_| {
                !matches!(kind.kind.sub_event, None | Some(headwater_domain::kind::SubEvent::Attack))
            })
        };
        if finer(other) && !finer(&incident) {
            incident.kind = other.kind;
        }
        for actor in &other.actors {
            if !incident.actors.iter().any(|known| known.id == actor.id) {
                incident.actors.push(actor.clone());
            }
        }
        for target in &other.targets {
            if !incident.targets.iter().any(|known| known.id == target.id) {
                incident.targets.push(target.clone());
            }
        }
        incident.weapon = incident.weapon.take().or_else(|| other.weapon.clone());
        for answer in &other.answers {
            if !incident.answers.iter().any(|known| known.claim == answer.claim) {
                incident.answers.push(answer.clone());
            }
        }
        incident.evidence = other.evidence.spans().fold(incident.evidence.clone(), |evidence, span| {
            if evidence.spans().any(|known| known == span) { evidence } else { evidence.and(span) }
        });
    }
    incident.words.sort_unstable();
    incident.words.dedup();
    let place = members.iter().filter_map(|&member| {
        let place = of(member).place.clone()?;
        Some(((!nodes[member].own_place, place.key.is_none(), place.precision), place))
    });
    incident.place = place.min_by_key(|(order, _)| *order).map(|(_, place)| place);
    if let Some(window) = &incident.when {
        incident.window = Some(window.clone());
    }
    // What the report tells as fact in one place, it takes for a fact in the others.
    let rank = |status: EventStatus| match status {
        EventStatus::Happened => 0,
        EventStatus::Alleged => 1,
        EventStatus::Background => 2,
        _ => 3,
    };
    incident.status = members
        .iter()
        .map(|&member| of(member).status)
        .min_by_key(|&status| rank(status))
        .unwrap_or(incident.status);
    incident
}

/// Leads from each claim that tells of an event again to the claim that founds the telling.
pub fn founding(incidents: &[Incident]) -> BTreeMap<ClaimId, ClaimId> {
    let again = |incident: &Incident| {
        let claim = incident.claim;
        incident.also.clone().into_iter().map(move |also| (also, claim))
    };
    incidents.iter().flat_map(again).collect()
}
