//! Which of several actors that share a name does a report mean?

use super::{KnownActor, KnownActors};
use crate::fold::fold;

/// What is known about a report when a name in it is weighed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Countries the report speaks of: ISO 3166-1 alpha-3.
    pub countries: &'a [&'a str],
    /// Keys of other actors that the report names beyond doubt.
    pub other_actors: &'a [&'a str],
    /// Year of the report.
    pub year: Option<i16>,
    /// The name written out where the report introduces it: "National Liberation Army (ELN)".
    pub introduced: Option<&'a str>,
    /// The candidate usually meant by the name: [`super::Found::usual`].
    pub usual: Option<&'a str>,
    /// Says that the name alone proves nothing: [`super::Found::needs_context`].
    pub needs_context: bool,
}

/// A choice among candidates, or none, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Key of the chosen actor; `None` when nothing settles it.
    pub key: Option<String>,
    /// Why, in words for an analyst.
    pub reason: String,
}

/// Weights of what speaks for or against a candidate; only their order matters.
const INTRODUCED: i32 = 100;
const NAMED_IN_FULL: i32 = 8;
const RELATED: i32 = 2;
const HOME: i32 = 3;
const ACTS_THERE: i32 = 2;
const ELSEWHERE: i32 = -3;
const WRONG_TIME: i32 = -4;
const USUAL: i32 = 1;
/// A name that proves nothing needs at least this much beside it.
const CONTEXT_MIN: i32 = 2;

impl KnownActors {
    /// Chooses among the actors that share a name by what else the report says.
    ///
    /// A name with one bearer is settled unless it needs context; otherwise countries, years, other
    /// actors and the name's own introduction are weighed, and a tie stays undecided.
    pub fn choose(&self, candidates: &[&str], context: &Context<'_>) -> Choice {
        let known: Vec<&KnownActor> = candidates.iter().filter_map(|key| self.get(key)).collect();
        if let ([only], false) = (known.as_slice(), context.needs_context) {
            return chosen(only, "no other known actor bears this name".to_owned());
        }
        let mut weighed: Vec<(i32, String, &KnownActor)> = known
            .iter()
            .map(|actor| {
                let (weight, reasons) = self.weigh(actor, context);
                (weight, reasons.join("; "), *actor)
            })
            .collect();
        weighed.sort_by(|left, right| right.0.cmp(&left.0).then_with(|| left.2.key.cmp(&right.2.key)));
        let weight_min = if context.needs_context { CONTEXT_MIN } else { 1 };
        match weighed.as_slice() {
            [] => undecided("no known actor bears this name"),
            [(first, ..), (second, ..), ..] if first == second => {
                undecided("nothing in the report tells the bearers of this name apart")
            }
            [(weight, reasons, actor), ..] if *weight >= weight_min => chosen(actor, reasons.clone()),
            _ => undecided("too little in the report speaks for any bearer of this name"),
        }
    }

    fn weigh(&self, actor: &KnownActor, context: &Context<'_>) -> (i32, Vec<String>) {
        let mut weight = 0;
        let mut reasons = Vec::new();
        let mut count = |points: i32, reason: String| {
            weight += points;
            reasons.push(reason);
        };
        let introduced = context.introduced.map(fold).filter(|name| !name.is_empty());
        let written_out = introduced.is_some_and(|introduced| {
            actor.all_names().any(|name| without_place(name) == introduced || fold(name) == introduced)
        });
        if written_out {
            count(INTRODUCED, "the report writes the name out".to_owned());
        }
        if context.other_actors.contains(&actor.key.as_str()) {
            count(NAMED_IN_FULL, "the report names it in full".to_owned());
        }
        let related = context.other_actors.iter().find(|other| self.related(actor, other));
        if let Some(other) = related {
            count(RELATED, format!("it has to do with {other}, also named"));
        }
        let shared = actor.countries.iter().position(|country| context.countries.contains(country));
        match shared {
            Some(0) => count(HOME, "the report is about its home country".to_owned()),
            Some(_) => count(ACTS_THERE, "the report is about a country where it acts".to_owned()),
            None if context.countries.is_empty() || actor.countries.is_empty() => {}
            None => count(ELSEWHERE, "it is not known in the countries of the report".to_owned()),
        }
        if let Some(year) = context.year {
            let early = actor.years.from.is_some_and(|from| year < from);
            let late = actor.years.to.is_some_and(|to| year > to + 5);
            if early || late {
                count(WRONG_TIME, "it was not active then".to_owned());
            }
        }
        if context.usual == Some(actor.key.as_str()) {
            count(USUAL, "it is the usual meaning".to_owned());
        }
        (weight, reasons)
    }

    fn related(&self, actor: &KnownActor, other: &str) -> bool {
        actor.relations.iter().any(|relation| relation.other == other)
            || self
                .get(other)
                .is_some_and(|other| other.relations.iter().any(|relation| relation.other == actor.key))
    }
}

/// Returns a folded name without the place that tells it from its namesakes: "People's Revolutionary
/// Army (El Salvador)".
fn without_place(name: &str) -> String {
    fold(name.split_once(" (").map_or(name, |(before, _)| before))
}

fn chosen(actor: &KnownActor, reason: String) -> Choice {
    Choice { key: Some(actor.key.clone()), reason }
}

fn undecided(reason: &str) -> Choice {
    Choice { key: None, reason: reason.to_owned() }
}
