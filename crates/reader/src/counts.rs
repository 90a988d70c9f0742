//! Numbers of people: how many, and what happened to them?

mod lexicon;
pub(crate) mod number;
mod quantity;

use crate::document::{Casing, Document, Shape};
use headwater_domain::count::{Count, CountForm, Counted, Harm, PerpetratorsCounted};
use headwater_domain::reading::{CountMention, TimeMention, TimexKind};
use lexicon::{Cue, LEXICON};
use quantity::Quantity;
use std::ops::Range;

/// How far from a number the words may stand that tell what happened.
const REACH_TOKENS: usize = 24;

/// Finds every number of people killed, hurt, taken or driven out, and every such harm that names no
/// number ("killed the commander").
///
/// Each number stays its own mention, even where several belong to one event.
pub fn find(document: &Document, times: &[TimeMention]) -> Vec<CountMention> {
    let mut found = Vec::new();
    let mut first_time = 0;
    for sentence in &document.sentences {
        while times.get(first_time).is_some_and(|time| time.span.end() <= sentence.span.start()) {
            first_time += 1;
        }
        let later = times.get(first_time..).unwrap_or_default();
        let inside = later.iter().take_while(|time| time.span.start() < sentence.span.end()).count();
        let times = later.get(..inside).unwrap_or_default();
        Clause::new(document, sentence.tokens.clone(), times).read(&mut found);
    }
    found.sort_by_key(|mention| (mention.span, mention.harm));
    found.dedup_by_key(|mention| (mention.span, mention.harm));
    found
}

/// A sentence with its numbers and the words that tell what happened.
struct Clause<'d> {
    document: &'d Document<'d>,
    tokens: Range<usize>,
    times: Vec<Range<usize>>,
    cues: Vec<(Range<usize>, Cue)>,
    quantities: Vec<Quantity>,
    cumulative: bool,
}

/// How a number came to its harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Link {
    harm: Harm,
    cue: usize,
}

impl<'d> Clause<'d> {
    fn new(document: &'d Document<'d>, tokens: Range<usize>, times: &[TimeMention]) -> Self {
        let spans: Vec<Range<usize>> = times.iter().map(|time| document.tokens_in(time.span)).collect();
        let mut cues = Vec::new();
        let mut at = tokens.start;
        while at < tokens.end {
            match LEXICON.cues.at(document, at, tokens.end) {
                Some((end, cue)) => {
                    cues.push((at..end, cue));
                    at = end;
                }
                None => at += 1,
            }
        }
        let quantities = if cues.is_empty() && !tokens.clone().any(|at| document.lower(at) == "toll") {
            Vec::new()
        } else {
            let spans = &spans;
            quantity::find(document, tokens.clone(), |at| {
                let after = spans.partition_point(|span| span.start <= at);
                spans.get(after.checked_sub(1)?).filter(|span| span.contains(&at)).map(|span| span.end)
            })
        };
        let cumulative = is_cumulative(document, &tokens, times);
        Self { document, tokens, times: spans, cues, quantities, cumulative }
    }

    fn read(&self, found: &mut Vec<CountMention>) {
        let mut links: Vec<Option<Link>> = Vec::with_capacity(self.quantities.len());
        for index in 0..self.quantities.len() {
            let link = self.link(index, links.last().copied().flatten());
            links.push(link);
        }
        for (index, (quantity, link)) in self.quantities.iter().zip(&links).enumerate() {
            let Some(link) = link else { continue };
            let given =
                links.get(..index).unwrap_or_default().iter().flatten().any(|other| other.harm == link.harm)
                    || self
                        .cues
                        .iter()
                        .any(|(range, cue)| cue.harm == link.harm && range.end <= quantity.number.start);
            if (given && self.is_part(quantity.number.start)) || self.is_former_figure(index) {
                continue;
            }
            self.push(
                quantity.number.clone(),
                quantity.end,
                quantity.count,
                link.harm,
                quantity.counted,
                found,
            );
        }
        for (quantity, link) in self.quantities.iter().zip(&links) {
            let Some((cue_at, cue)) = link.as_ref().and_then(|link| self.cues.get(link.cue)) else {
                continue;
            };
            self.joined(quantity, cue_at, cue, found);
        }
        for (index, (cue_at, cue)) in self.cues.iter().enumerate() {
            let counted = links.iter().flatten().any(|link| link.cue == index);
            if !counted {
                self.implied(cue_at.clone(), cue, found);
            }
        }
    }

    fn push(
        &self,
        number: Range<usize>,
        end: usize,
        count: Count,
        harm: Harm,
        counted: Option<Counted>,
        found: &mut Vec<CountMention>,
    ) {
        let end = end.max(number.end);
        let (Some(span), Some(phrase)) =
            (self.document.span(number.clone()), self.document.span(number.start..end))
        else {
            return;
        };
        let harm =
            if harm == Harm::Displaced && counted == Some(Counted::Perpetrators) { return } else { harm };
        found.push(CountMention {
            span,
            phrase,
            count,
            harm,
            counted: counted.unwrap_or(Counted::Unspecified),
            perpetrators: self.perpetrators(end, counted),
            cumulative: self.cumulative,
        });
    }

    fn lower(&self, at: usize) -> &str {
        if self.tokens.contains(&at) { self.document.lower(at) } else { "" }
    }

    fn quantity_at(&self, at: usize) -> Option<&Quantity> {
        let after = self.quantities.partition_point(|quantity| quantity.number.start <= at);
        self.quantities.get(after.checked_sub(1)?).filter(|quantity| at < quantity.end)
    }

    fn cue_index_at(&self, at: usize) -> Option<usize> {
        let after = self.cues.partition_point(|(range, _)| range.start <= at);
        let index = after.checked_sub(1)?;
        self.cues.get(index)?.0.contains(&at).then_some(index)
    }

    fn time_at(&self, at: usize) -> Option<&Range<usize>> {
        let after = self.times.partition_point(|range| range.start <= at);
        self.times.get(after.checked_sub(1)?).filter(|range| range.contains(&at))
    }

    fn link(&self, index: usize, previous: Option<Link>) -> Option<Link> {
        let quantity = self.quantities.get(index)?;
        // "four of the injured" are part of a number given elsewhere.
        if self.lower(quantity.end.wrapping_sub(1)) == "the" && self.cue_index_at(quantity.end).is_some() {
            return None;
        }
        self.counts_itself(quantity)
            .or_else(|| self.toll(quantity))
            .or_else(|| self.object(quantity))
            .or_else(|| self.subject(quantity))
            .or_else(|| self.coordinated(index, previous))
    }

    /// "12 deaths", "30 wounded", "no casualties".
    fn counts_itself(&self, quantity: &Quantity) -> Option<Link> {
        let index = self.cue_index_at(quantity.end)?;
        let (_, cue) = self.cues.get(index)?;
        let fits = cue.noun
            && (quantity.counted.is_none()
                || cue.harm == Harm::KilledOrInjured
                || !(cue.object || cue.state));
        fits.then(|| self.with_partner(index, cue.harm))
    }

    /// "the death toll rose to 253 from 207", "brought the toll to 12".
    fn toll(&self, quantity: &Quantity) -> Option<Link> {
        let start = quantity.number.start;
        let leading = matches!(
            self.lower(start.wrapping_sub(1)),
            "to" | "at"
                | "of"
                | "is"
                | "was"
                | "reached"
                | "hit"
                | "exceeds"
                | "exceeded"
                | "passed"
                | "past"
                | "above"
                | ":"
                | "surpassed"
                | "be"
                | "stands"
                | "tops"
                | "topped"
                | "as"
                | "-"
        );
        leading.then_some(())?;
        let from = self.tokens.start.max(start.saturating_sub(REACH_TOKENS));
        let near = start.saturating_sub(9);
        let moved = (near.max(from)..start).any(|at| is_of_tolls(self.lower(at)));
        let toll = (from..start).rev().find(|&at| self.lower(at) == "toll").filter(|&at| at >= near || moved);
        let Some(toll) = toll else { return if moved { self.number_of(from, start) } else { None } };
        let harm = match self.lower(toll.wrapping_sub(1)) {
            "casualty" => Harm::KilledOrInjured,
            "injury" | "injured" => Harm::Injured,
            _ => Harm::Killed,
        };
        Some(Link { harm, cue: self.cue_index_at(toll.wrapping_sub(1)).unwrap_or(usize::MAX) })
    }

    /// "reduced the number of people killed in Monday's bombing to 84".
    fn number_of(&self, from: usize, start: usize) -> Option<Link> {
        let number = (from..start).rev().find(|&at| self.lower(at) == "number")?;
        if self.lower(number + 1) != "of" || self.lower(start.wrapping_sub(1)) == "of" {
            return None;
        }
        let cue = (number + 2..start.min(number + 8)).find_map(|at| self.cue_index_at(at))?;
        Some(self.with_partner(cue, self.cues.get(cue)?.1.harm))
    }

    /// "rose to 253 from 207": the second is what was said before.
    fn is_former_figure(&self, index: usize) -> bool {
        let Some(quantity) = self.quantities.get(index) else { return false };
        let start = quantity.number.start;
        let toll = (self.tokens.start.max(start.saturating_sub(14))..start)
            .any(|at| matches!(self.lower(at), "toll" | "revised" | "rose" | "increased"));
        toll && (self.lower(start.wrapping_sub(1)) == "from"
            || matches!(self.lower(start.wrapping_sub(1)), "than")
                && self.lower(start.wrapping_sub(2)) == "rather")
    }

    /// "killed 12", "killing at least 12", "the deaths of 12", "was killed along with 12".
    fn object(&self, quantity: &Quantity) -> Option<Link> {
        let mut at = quantity.number.start;
        let mut of = false;
        for _ in 0..4 {
            let before = at.checked_sub(1).filter(|before| self.tokens.contains(before))?;
            if let Some(index) = self.cue_index_at(before) {
                let (range, cue) = self.cues.get(index)?;
                let fits =
                    if of { cue.of } else { cue.active || (cue.object && !self.is_passive(range.start)) };
                return fits.then(|| self.with_partner(index, cue.harm));
            }
            match self.lower(before) {
                "of" => of = true,
                "to" if matches!(self.lower(before.wrapping_sub(1)), "injuries" | "injury") => of = true,
                "with" if matches!(self.lower(before.wrapping_sub(1)), "along" | "together") => {
                    return self.same_as_before(before.checked_sub(1)?);
                }
                "were" | "was" if self.lower(before.wrapping_sub(1)) == "as" => {
                    return self.same_as_before(before.checked_sub(1)?);
                }
                "and" if !of => return self.joined_to_object(before, quantity),
                "the" | "all" | "some" | "his" | "her" | "their" | "its" | "those" | "these" | "both"
                | "off" | "only" | "just" | "as" | "with" | "them" | "himself" | ":" | "down" | "“"
                | "\"" => {}
                _ => return None,
            }
            at = before;
        }
        None
    }

    /// "was killed along with 12", "were wounded, as were 12".
    fn same_as_before(&self, joint: usize) -> Option<Link> {
        let end = if self.lower(joint.checked_sub(1)?) == "," { joint - 1 } else { joint };
        let index = self.cue_index_at(end.checked_sub(1)?)?;
        Some(self.with_partner(index, self.cues.get(index)?.1.harm))
    }

    /// "killed the commander and two bodyguards".
    fn joined_to_object(&self, joint: usize, quantity: &Quantity) -> Option<Link> {
        (!quantity.bare && quantity.counted.is_some()).then_some(())?;
        let mut people = false;
        for at in (self.tokens.start.max(joint.saturating_sub(7))..joint).rev() {
            if let Some(index) = self.cue_index_at(at) {
                let (range, cue) = self.cues.get(index)?;
                let active = cue.active || (cue.object && !self.is_passive(range.start));
                return (people && active).then(|| self.with_partner(index, cue.harm));
            }
            let word = self.lower(at);
            let shape = self.document.tokens.get(at)?.shape;
            people |= LEXICON.people(word).is_some()
                || (self.document.casing == Casing::Mixed
                    && matches!(shape, Shape::Capitalised | Shape::Mixed));
            if is_boundary(word) || matches!(shape, Shape::Mark | Shape::Quote) {
                return None;
            }
        }
        None
    }

    /// Tells whether a form of "be" stands before a cue.
    fn is_passive(&self, cue: usize) -> bool {
        let mut at = cue;
        for _ in 0..5 {
            let Some(before) = at.checked_sub(1).filter(|before| self.tokens.contains(before)) else {
                return false;
            };
            // "IS have killed": a name is no verb.
            let name = self.document.tokens.get(before).is_some_and(|token| token.shape == Shape::Capitals)
                && self.document.casing == Casing::Mixed;
            match self.lower(before) {
                _ if name => return false,
                "was" | "were" | "been" | "being" | "be" | "is" | "are" | "got" => return true,
                word if LEXICON.is_between(word) || self.cue_index_at(before).is_some() => at = before,
                _ => return false,
            }
        }
        false
    }

    /// "12 people, including three children, were killed", "12 dead", "12 people died".
    fn subject(&self, quantity: &Quantity) -> Option<Link> {
        let mut at = quantity.end;
        let mut passive = false;
        // In a phrase that hangs on the people ("from the village") any word may stand.
        let mut loose = false;
        while at < self.tokens.end.min(quantity.end + REACH_TOKENS) {
            if let Some(range) = self.time_at(at) {
                at = range.end;
                continue;
            }
            if let Some(index) = self.cue_index_at(at) {
                let (range, cue) = self.cues.get(index)?;
                let next = range.end;
                let reduced =
                    !passive && !loose && !self.starts_object(next) && !self.is_perfect(range.start);
                let fits =
                    (cue.object && (passive || reduced)) || cue.subject || (cue.state && (!loose || passive));
                if fits {
                    return Some(self.with_partner(index, cue.harm));
                }
                // "12 people shot and killed" and "12 people in a killing"
                if !loose {
                    return None;
                }
                at = next;
                continue;
            }
            let word = self.lower(at);
            match word {
                "”" | "\"" | "''" if at == quantity.end => {}
                "was" | "were" | "been" | "being" | "be" | "is" | "are" | "got" => passive = true,
                "," if self.opens_aside(at + 1) => {
                    let close = (at + 1..self.tokens.end.min(at + REACH_TOKENS))
                        .find(|&close| self.lower(close) == ",")?;
                    at = close + 1;
                    continue;
                }
                "(" => {
                    let close = (at + 1..self.tokens.end.min(at + REACH_TOKENS))
                        .find(|&close| self.lower(close) == ")")?;
                    at = close + 1;
                    continue;
                }
                "—" | "–" | "--" => {
                    let close = (at + 1..self.tokens.end.min(at + REACH_TOKENS))
                        .find(|&close| self.lower(close) == word)?;
                    at = close + 1;
                    continue;
                }
                "," | "and" | "plus" if self.quantity_behind(at).is_some() => {
                    let other = self.quantity_behind(at)?;
                    // "12 killed and 30 wounded" are two; "three men and two women were killed" is one.
                    (!other.bare).then_some(())?;
                    at = other.end;
                    continue;
                }
                "and"
                    if !passive
                        && LEXICON.people(self.lower(at + 2)).is_some()
                        && matches!(self.lower(at + 1), "a" | "an" | "the" | "his" | "her" | "their") =>
                {
                    at += 3;
                    continue;
                }
                "," | ";" | ":" | "." | "that" | "said" | "but" | "while" | "when" | "”" | "\"" => {
                    return None;
                }
                "and" if loose => return None,
                "in" | "at" | "from" | "of" | "on" | "near" | "inside" | "aboard" | "outside" | "around"
                | "belonging" | "travelling" | "traveling" | "working" | "across" => loose = true,
                _ if LEXICON.is_between(word) || loose => {}
                _ => return None,
            }
            at += 1;
        }
        None
    }

    /// The quantity that a comma or "and" joins on.
    fn quantity_behind(&self, joint: usize) -> Option<&Quantity> {
        let next =
            if self.lower(joint) == "," && self.lower(joint + 1) == "and" { joint + 2 } else { joint + 1 };
        self.quantity_at(next)
            .or_else(|| self.quantity_at(next + 1))
            .filter(|other| other.number.start > joint)
    }

    /// "had killed", "has killed".
    fn is_perfect(&self, cue: usize) -> bool {
        matches!(self.lower(cue.wrapping_sub(1)), "had" | "has" | "have")
    }

    /// Tells whether what stands here is the object of the verb before it.
    fn starts_object(&self, at: usize) -> bool {
        if self.quantity_at(at).is_some_and(|quantity| quantity.number.start <= at + 1)
            && self.time_at(at).is_none()
        {
            return true;
        }
        let shape = self.document.tokens.get(at).map(|token| token.shape);
        let word = self.lower(at);
        matches!(
            word,
            "a" | "an"
                | "the"
                | "his"
                | "her"
                | "their"
                | "its"
                | "him"
                | "them"
                | "himself"
                | "themselves"
                | "one"
                | "another"
        ) || (LEXICON.people(word).is_some() && !word.is_empty())
            || (self.document.casing == Casing::Mixed
                && matches!(shape, Some(Shape::Capitalised))
                && self.time_at(at).is_none())
    }

    fn opens_aside(&self, at: usize) -> bool {
        LEXICON.part.at(self.document, at, self.tokens.end).is_some()
            || LEXICON.excluded.at(self.document, at, self.tokens.end).is_some()
            || matches!(
                self.lower(at),
                "most"
                    | "mostly"
                    | "many"
                    | "some"
                    | "all"
                    | "aged"
                    | "both"
                    | "mainly"
                    | "two"
                    | "three"
                    | "four"
                    | "one"
                    | "among"
                    | "who"
                    | "believed"
                    | "identified"
            )
    }

    /// "12 civilians and three soldiers": the second shares what happened to the first.
    fn coordinated(&self, index: usize, previous: Option<Link>) -> Option<Link> {
        let (quantity, link) = (self.quantities.get(index)?, previous?);
        let before = self.quantities.get(index.checked_sub(1)?)?;
        let gap = before.end..quantity.number.start;
        let joined = gap.len() <= 3
            && !gap.is_empty()
            && gap
                .clone()
                .all(|at| matches!(self.lower(at), "," | "and" | "as" | "well" | "plus" | "along" | "with"));
        (joined && !quantity.bare && !before.bare).then_some(link)
    }

    /// "killed or wounded", "killed and injured": not told apart.
    fn with_partner(&self, index: usize, harm: Harm) -> Link {
        let beside = |left: usize, right: usize| -> Option<Harm> {
            let ((left, one), (right, other)) = (self.cues.get(left)?, self.cues.get(right)?);
            let gap = left.end..right.start;
            let joined = gap.len() == 1 && matches!(self.lower(gap.start), "or" | "and")
                || gap.len() == 3 && self.lower(gap.start) == "and" && self.lower(gap.start + 2) == "or";
            let both = matches!(
                (one.harm, other.harm),
                (Harm::Killed, Harm::Injured) | (Harm::Injured, Harm::Killed)
            );
            let alike = (one.object && other.object) || (one.active && other.active) || (one.of && other.of);
            // "shot and killed" and "12 killed and 30 wounded" are no such pair.
            (joined && both && alike && self.quantity_at(gap.start + 1).is_none())
                .then_some(Harm::KilledOrInjured)
        };
        let merged = beside(index, index + 1).or_else(|| beside(index.checked_sub(1)?, index));
        Link { harm: merged.unwrap_or(harm), cue: index }
    }

    /// "the dead included two children": part of a number that was given already.
    fn is_part(&self, at: usize) -> bool {
        (self.tokens.start.max(at.saturating_sub(4))..at).any(|start| {
            LEXICON
                .part
                .at(self.document, start, at)
                .is_some_and(|(end, ())| end == at || (end < at && self.lower(end) != "," && end + 1 == at))
        }) || matches!((self.lower(at + 1), self.lower(at + 2)), ("of", "whom" | "them" | "which"))
    }

    /// Whether those who did it are counted in.
    fn perpetrators(&self, end: usize, counted: Option<Counted>) -> PerpetratorsCounted {
        if counted == Some(Counted::Perpetrators) {
            return PerpetratorsCounted::Included;
        }
        for at in end..self.tokens.end.min(end + REACH_TOKENS) {
            let names_them = |from: usize| {
                (from..self.tokens.end.min(from + 6))
                    .take_while(|&at| !matches!(self.lower(at), "," | "." | ";"))
                    .any(|at| LEXICON.people(self.lower(at)) == Some(Counted::Perpetrators))
            };
            if let Some((after, ())) = LEXICON.excluded.at(self.document, at, self.tokens.end)
                && names_them(after)
            {
                return PerpetratorsCounted::Excluded;
            }
            if let Some((after, ())) = LEXICON.part.at(self.document, at, self.tokens.end)
                && names_them(after)
            {
                return PerpetratorsCounted::Included;
            }
        }
        PerpetratorsCounted::Unclear
    }

    /// "killed six officers and a civilian", "six members of the guard and a tourist were killed": one
    /// more behind the number.
    fn joined(&self, quantity: &Quantity, cue_at: &Range<usize>, cue: &Cue, found: &mut Vec<CountMention>) {
        let mut after = quantity.end;
        if self.lower(after) == "of" {
            let body = after + 1..self.tokens.end.min(after + 8);
            let ends = |at: usize| is_boundary(self.lower(at)) || self.cue_index_at(at).is_some();
            after = body.into_iter().find(|&at| ends(at)).unwrap_or(after);
        }
        let is_object = cue_at.end <= quantity.number.start
            && (cue.active || cue.object)
            && !self.is_passive(cue_at.start);
        let is_subject =
            after < cue_at.start && (cue.subject || (cue.object && self.is_passive(cue_at.start)));
        if !(is_object || is_subject)
            || self.lower(after) != "and"
            || !matches!(self.lower(after + 1), "a" | "an" | "the" | "his" | "her" | "their")
        {
            return;
        }
        if let Some((tokens, count, counted @ Some(_))) = self.named_after(after + 1, cue) {
            self.push(tokens.clone(), tokens.end, count, cue.harm, counted, found);
        }
    }

    /// A harm without a number: "killed the commander", "a soldier was killed", "killing civilians".
    fn implied(&self, cue_at: Range<usize>, cue: &Cue, found: &mut Vec<CountMention>) {
        if cue.harm == Harm::Displaced || self.is_negated(cue_at.start) {
            return;
        }
        let passive = self.is_passive(cue_at.start);
        let mut victim = None;
        // "the wounded" are people, not an act.
        let noun = matches!(
            self.lower(cue_at.start.wrapping_sub(1)),
            "the" | "these" | "those" | "of" | "many" | "most"
        ) && !cue.active;
        let adjective = LEXICON.people(self.lower(cue_at.end)).is_some();
        if (cue.active || cue.object) && !passive && (!noun || adjective) {
            victim = self.named_after(cue_at.end, cue);
        }
        if victim.is_none() && cue.of && self.lower(cue_at.end) == "of" {
            victim = self.named_after(cue_at.end + 1, cue);
        }
        if victim.is_none() && cue.of && matches!(self.lower(cue_at.start.wrapping_sub(1)), "'s" | "'") {
            victim = self.named_before(cue_at.start - 1);
        }
        if victim.is_none() && ((cue.object && passive) || cue.subject || (cue.state && passive)) {
            victim = self.named_before(self.before_auxiliaries(cue_at.start));
        }
        // "shot the suspect dead"
        let shot = (self.tokens.start.max(cue_at.start.saturating_sub(8))..cue_at.start)
            .any(|at| self.lower(at) == "shot");
        if victim.is_none() && cue.state && shot {
            victim = self.named_before(cue_at.start);
        }
        let next = self.lower(cue_at.end);
        let reduced = cue.object
            && !passive
            && !self.is_perfect(cue_at.start)
            && matches!(next, "by" | "in" | "on" | "at" | "," | "." | "during" | "near" | "after" | "");
        if victim.is_none() && reduced {
            victim =
                self.named_before(cue_at.start).filter(|(_, _, counted)| counted.is_some() || next == "by");
        }
        let Some((tokens, count, counted)) = victim else { return };
        if self.is_negated(tokens.start) {
            return;
        }
        if self.is_part(tokens.start)
            || self.quantity_at(tokens.start).is_some_and(|quantity| {
                quantity.count.high != Some(0)
                    && quantity.counted.is_some()
                    && quantity.number.contains(&tokens.start)
            })
        {
            return;
        }
        self.push(tokens.clone(), tokens.end, count, cue.harm, counted, found);
    }

    fn is_negated(&self, cue: usize) -> bool {
        (self.tokens.start.max(cue.saturating_sub(3))..cue).any(|at| {
            matches!(self.lower(at), "not" | "never" | "without" | "no" | "neither" | "nor")
                || self.lower(at).ends_with("n't")
        })
    }

    /// Goes back over "was also reportedly" to where the subject ends.
    fn before_auxiliaries(&self, cue: usize) -> usize {
        let mut at = cue;
        for _ in 0..8 {
            let Some(before) = at.checked_sub(1).filter(|before| self.tokens.contains(before)) else { break };
            let another = self
                .cue_index_at(before)
                .and_then(|index| self.cues.get(index))
                .is_some_and(|(_, cue)| cue.object);
            // "fired on the force and was killed": the force is not who was killed.
            let second_verb = self.lower(before) == "and" && {
                let verb = before.wrapping_sub(1);
                !(LEXICON.is_between(self.lower(verb)) || self.cue_index_at(verb).is_some())
            };
            if second_verb {
                return self.tokens.start;
            }
            let skip = LEXICON.is_between(self.lower(before)) || another || self.time_at(before).is_some();
            if !skip {
                break;
            }
            at = before;
        }
        at
    }

    /// The people named from a token on, without a number.
    fn named_after(&self, at: usize, cue: &Cue) -> Option<(Range<usize>, Count, Option<Counted>)> {
        let word = self.lower(at);
        match word {
            "him" | "her" if LEXICON.people(self.lower(at + 1)).is_none() => {
                return Some((at..at + 1, implied_one(), None));
            }
            "them" => return Some((at..at + 1, some(), None)),
            _ => {}
        }
        if self.time_at(at).is_some() || self.quantity_at(at).is_some() {
            return None;
        }
        let determined =
            matches!(word, "a" | "an" | "the" | "his" | "her" | "their" | "its" | "this" | "that" | "one");
        let mut head = None;
        let mut named = 0;
        let mut last = at;
        for next in at + usize::from(determined)..self.tokens.end.min(at + 8) {
            let shape = self.document.tokens.get(next).map(|token| token.shape);
            if self.time_at(next).is_some()
                || matches!(shape, Some(Shape::Mark | Shape::Quote | Shape::Number))
                    && !self.lower(next).ends_with("-old")
            {
                break;
            }
            let word = self.lower(next);
            let people = LEXICON.people(word);
            let adjective = people.is_none()
                && self.cue_index_at(next).is_some()
                && LEXICON.people(self.lower(next + 1)).is_none();
            if is_boundary(word) || adjective {
                break;
            }
            last = next;
            if let Some(counted) = people {
                head = Some((next, counted));
            } else if head.is_some() {
                // "executing terrorist operations": the people only say whose.
                if LEXICON.is_thing(word) {
                    return None;
                }
                break;
            } else if self.document.casing == Casing::Mixed
                && matches!(shape, Some(Shape::Capitalised | Shape::Mixed))
            {
                named += 1;
            } else if LEXICON.is_thing(word) {
                return None;
            }
        }
        if let Some((head, counted)) = head {
            let plural = is_plural(self.lower(head)) && !matches!(word, "a" | "an" | "one");
            return Some((
                at..self.name_behind(head + 1),
                if plural { some() } else { implied_one() },
                Some(counted),
            ));
        }
        // "killed an impostor": with its article even a word that is not known is somebody.
        let unknown = matches!(word, "a" | "an")
            && last > at
            && matches!(cue.harm, Harm::Killed | Harm::Injured | Harm::Abducted | Harm::Detained)
            && !LEXICON.is_thing(self.lower(last));
        if unknown && cue.object {
            return Some((at..last + 1, implied_one(), None));
        }
        // A name: places are captured and fled from, but not killed.
        let capturing = matches!(
            self.lower(at.wrapping_sub(1)),
            "captured" | "capturing" | "capture" | "captures" | "of"
        ) && cue.harm == Harm::Detained;
        let name = !determined
            && !capturing
            && matches!(cue.harm, Harm::Killed | Harm::Injured | Harm::Abducted | Harm::Detained)
            && self.document.casing == Casing::Mixed
            && named > 0
            && matches!(
                self.document.tokens.get(at).map(|token| token.shape),
                Some(Shape::Capitalised | Shape::Mixed)
            );
        name.then(|| (at..self.name_end(at), implied_one(), None))
    }

    /// Where the name ends that follows "journalist" or "a woman named".
    fn name_behind(&self, at: usize) -> usize {
        let name = if matches!(self.lower(at), "named" | "called" | "identified") { at + 1 } else { at };
        let name = if self.lower(name) == "as" { name + 1 } else { name };
        let end = if self.document.casing == Casing::Mixed && self.time_at(name).is_none() {
            self.name_end(name)
        } else {
            at
        };
        if end > name { end } else { at }
    }

    fn name_end(&self, at: usize) -> usize {
        let capital = |at: &usize| {
            matches!(
                self.document.tokens.get(*at).map(|token| token.shape),
                Some(Shape::Capitalised | Shape::Mixed | Shape::Capitals)
            )
        };
        (at..self.tokens.end.min(at + 5)).find(|at| !capital(at)).unwrap_or(self.tokens.end.min(at + 5))
    }

    /// The people named before a token, without a number.
    fn named_before(&self, end: usize) -> Option<(Range<usize>, Count, Option<Counted>)> {
        let mut last = end.checked_sub(1).filter(|last| self.tokens.contains(last))?;
        if matches!(self.lower(last), "who") {
            last = last.checked_sub(1).filter(|last| self.tokens.contains(last))?;
        }
        if self.lower(last) == "," {
            // "Omar Malik, a teacher, was killed"
            let open = (self.tokens.start.max(last.saturating_sub(12))..last)
                .rev()
                .find(|&at| self.lower(at) == ",");
            last = match open {
                Some(open) if self.lower(end) != "who" => {
                    open.checked_sub(1).filter(|last| self.tokens.contains(last))?
                }
                _ => last.checked_sub(1).filter(|last| self.tokens.contains(last))?,
            };
        }
        let word = self.lower(last);
        match word {
            "he" | "she" => return Some((last..last + 1, implied_one(), None)),
            "they" => return Some((last..last + 1, some(), None)),
            _ => {}
        }
        if self.quantity_at(last).is_some() {
            return None;
        }
        let shape = self.document.tokens.get(last).map(|token| token.shape);
        let capital = self.document.casing == Casing::Mixed
            && matches!(shape, Some(Shape::Capitalised | Shape::Mixed))
            && self.time_at(last).is_none();
        let people = LEXICON.people(word);
        if people.is_none() && !capital {
            return None;
        }
        let mut first = last;
        let mut people = people;
        let mut article = None;
        while let Some(before) =
            first.checked_sub(1).filter(|before| self.tokens.contains(before) && last - before < 8)
        {
            let word = self.lower(before);
            let shape = self.document.tokens.get(before).map(|token| token.shape);
            if matches!(word, "a" | "an" | "the" | "his" | "her" | "their" | "one") {
                article = Some(before);
                break;
            }
            // "her son James"
            if people.is_none() {
                people = LEXICON.people(word).filter(|_| !is_plural(word));
            }
            let part_of_name = capital && people.is_none();
            let fits = matches!(shape, Some(Shape::Capitalised | Shape::Mixed | Shape::Capitals))
                || (!part_of_name && matches!(shape, Some(Shape::Lower))
                    || self.lower(before).ends_with("-old"));
            if !fits
                || is_boundary(word)
                || self.time_at(before).is_some()
                || self.cue_index_at(before).is_some()
            {
                break;
            }
            first = before;
        }
        // "from Austin, Texas, died": a place, whoever it was.
        let of =
            matches!(self.lower(first.wrapping_sub(1)), "of" | "from" | "in" | "at" | "near" | "on" | "to");
        if people.is_none() && article.is_none() && of {
            return None;
        }
        if self.quantity_at(first).is_some() || (people.is_none() && is_boundary(word)) {
            return None;
        }
        let plural = people.is_some()
            && is_plural(word)
            && !article.is_some_and(|at| matches!(self.lower(at), "a" | "an"));
        let start = article.unwrap_or(first);
        Some((start..last + 1, if plural { some() } else { implied_one() }, people))
    }
}

fn implied_one() -> Count {
    Count { form: CountForm::Implied, ..Count::exactly(1) }
}

/// A plural without a number.
fn some() -> Count {
    Count { low: 2, high: None, form: CountForm::Vague }
}

fn is_plural(word: &str) -> bool {
    matches!(
        word,
        "people"
            | "men"
            | "women"
            | "children"
            | "police"
            | "policemen"
            | "gunmen"
            | "servicemen"
            | "hitmen"
            | "fishermen"
            | "militiamen"
            | "airmen"
            | "crewmen"
            | "personnel"
            | "troops"
            | "taliban"
            | "passers-by"
            | "passersby"
            | "businessmen"
            | "policewomen"
            | "schoolchildren"
            | "staff"
            | "crew"
            | "elderly"
            | "paramilitaries"
            | "force"
            | "gang"
            | "family"
            | "militia"
            | "paramilitary"
    ) || (word.ends_with('s') && !word.ends_with("ss"))
}

/// Words by which a toll moves or stands.
fn is_of_tolls(word: &str) -> bool {
    matches!(
        word,
        "rose"
            | "risen"
            | "rises"
            | "rising"
            | "climbed"
            | "climbs"
            | "reached"
            | "reaches"
            | "stood"
            | "stands"
            | "increased"
            | "jumped"
            | "soared"
            | "reduced"
            | "revised"
            | "lowered"
            | "cut"
            | "put"
            | "is"
            | "was"
            | "to"
    )
}

fn is_boundary(word: &str) -> bool {
    matches!(
        word,
        "in" | "on"
            | "at"
            | "by"
            | "from"
            | "to"
            | "for"
            | "with"
            | "near"
            | "after"
            | "before"
            | "when"
            | "while"
            | "as"
            | "and"
            | "or"
            | "but"
            | "who"
            | "that"
            | "which"
            | "was"
            | "were"
            | "is"
            | "are"
            | "had"
            | "has"
            | "have"
            | "said"
            | "during"
            | "into"
            | "it"
            | "he"
            | "she"
            | "they"
            | "be"
            | "been"
            | "if"
            | "because"
            | "since"
            | "until"
            | "of"
            | "where"
            | "there"
            | "than"
            | "then"
            | "not"
            | "will"
            | "would"
            | "could"
            | "can"
            | "may"
            | "might"
            | "also"
            | "later"
            | "so"
            | "alongside"
            | "against"
            | "under"
            | "over"
            | "between"
            | "among"
            | "about"
            | "around"
            | "through"
            | "across"
            | "inside"
            | "outside"
    )
}

/// Tells whether a sentence sums up a longer time.
fn is_cumulative(document: &Document, tokens: &Range<usize>, times: &[TimeMention]) -> bool {
    const DAYS_MIN: i32 = 6;
    let phrase = tokens.clone().any(|at| LEXICON.cumulative.at(document, at, tokens.end).is_some());
    phrase
        || times.iter().any(|time| {
            let at = document.tokens_in(time.span).start;
            let before = at.checked_sub(1).map_or("", |before| document.lower(before));
            let long = time
                .period
                .as_ref()
                .and_then(|period| period.days_long())
                .is_some_and(|days| days >= DAYS_MIN);
            let reaches_back = time.timex.kind == TimexKind::Duration
                && time.period.is_some()
                && matches!(before, "in" | "over" | "during" | "within" | "for" | "throughout");
            before == "since" || (long && reaches_back)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::times;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, Harm, Count)> {
        let document = Document::new(text);
        find(&document, &times::find(&document, None))
            .into_iter()
            .map(|mention| (text[mention.phrase.range()].to_owned(), mention.harm, mention.count))
            .collect()
    }

    fn bounds(text: &str) -> Vec<(String, Harm, u32, Option<u32>)> {
        read(text).into_iter().map(|(phrase, harm, count)| (phrase, harm, count.low, count.high)).collect()
    }

    /// Phrase, harm and bounds.
    type Expected = (&'static str, Harm, u32, Option<u32>);

    /// Every line: a text, then all it counts.
    fn check(cases: &[(&str, &[Expected])]) {
        for (text, expected) in cases {
            let expected: Vec<_> = expected
                .iter()
                .map(|&(phrase, harm, low, high)| (phrase.to_owned(), harm, low, high))
                .collect();
            assert_eq!(bounds(text), expected, "{text}");
        }
    }

    use Harm::{Abducted, Detained, Injured, Killed, KilledOrInjured};

    #[test]
    fn active_passive_and_nominal_wording_count_alike() {
        let dead: &[_] = &[("12 people", Killed, 12, Some(12))];
        check(&[
            ("The blast killed 12 people.", dead),
            ("In the blast 12 people were reportedly killed.", dead),
            ("There 12 people died.", dead),
            ("It left 12 people dead.", dead),
            ("The deaths of 12 people shocked all.", dead),
            ("It claimed the lives of 12 people.", dead),
            ("There 12 people from the village were killed.", dead),
            ("There 12 people, including three boys, were killed.", dead),
        ]);
    }

    #[test]
    fn numbers_joined_by_and_keep_their_own_harm() {
        check(&[
            (
                "The blast killed 12 people and wounded 30.",
                &[("12 people", Killed, 12, Some(12)), ("30", Injured, 30, Some(30))],
            ),
            (
                "At least 12 dead, 30 injured.",
                &[("At least 12", Killed, 12, None), ("30", Injured, 30, Some(30))],
            ),
            (
                "It killed three policemen and two soldiers.",
                &[("three policemen", Killed, 3, Some(3)), ("two soldiers", Killed, 2, Some(2))],
            ),
            ("Rebels killed or wounded 13 soldiers.", &[("13 soldiers", KilledOrInjured, 13, Some(13))]),
            ("gunmen kidnapped five workers.", &[("five workers", Abducted, 5, Some(5))]),
        ]);
    }

    #[test]
    fn qualifiers_become_bounds() {
        check(&[
            ("It killed more than 20 people.", &[("more than 20 people", Killed, 21, None)]),
            ("It killed up to 20 people.", &[("up to 20 people", Killed, 0, Some(20))]),
            ("It killed between 12 and 15 people.", &[("between 12 and 15 people", Killed, 12, Some(15))]),
            ("It killed 12 or 13 people.", &[("12 or 13 people", Killed, 12, Some(13))]),
            ("It killed around 40 people.", &[("around 40 people", Killed, 40, Some(40))]),
            ("It killed dozens of people.", &[("dozens of people", Killed, 24, Some(99))]),
            ("It killed a dozen people.", &[("a dozen people", Killed, 12, Some(12))]),
            ("It killed several hundred people.", &[("several hundred people", Killed, 300, Some(999))]),
        ]);
    }

    #[test]
    fn a_toll_that_rose_is_the_new_one() {
        check(&[
            ("The death toll rose to 253 from 207.", &[("253", Killed, 253, Some(253))]),
            ("The death toll rose from 207 to 253.", &[("253", Killed, 253, Some(253))]),
        ]);
    }

    #[test]
    fn a_toll_is_found_behind_what_it_is_the_toll_of() {
        check(&[
            (
                "The death toll from the bombing of a market in the river port of Brisa rose to 100 on Tuesday.",
                &[("100", Harm::Killed, 100, Some(100))],
            ),
            (
                "The toll of last week's raid on the village of Olmo is at least 65, officials said.",
                &[("at least 65", Harm::Killed, 65, None)],
            ),
            (
                "More than 30 people are now known to have been killed by the bomb that tore through the market.",
                &[("More than 30 people", Harm::Killed, 31, None)],
            ),
            (
                "Police reduced the number of people killed in Monday's bombing of a market to 84.",
                &[("84", Harm::Killed, 84, Some(84))],
            ),
        ]);
    }

    #[test]
    fn one_more_behind_a_body_of_people_is_counted_too() {
        let single = ("a woman", Harm::Killed, 1, Some(1));
        check(&[
            (
                "Gunmen attacked the fort, killing four members of the coast guard and a woman visiting from Olmo.",
                &[("four members", Harm::Killed, 4, Some(4)), single],
            ),
            (
                "Four members of the coast guard and a woman were killed in the attack.",
                &[("Four members", Harm::Killed, 4, Some(4)), single],
            ),
        ]);
    }

    #[test]
    fn a_harm_without_a_number_is_implied() {
        check(&[
            ("Rebels killed the commander.", &[("the commander", Killed, 1, Some(1))]),
            ("On the road a soldier was killed.", &[("a soldier", Killed, 1, Some(1))]),
            ("Later Omar Malik was shot dead.", &[("Omar Malik", Killed, 1, Some(1))]),
            ("Rebels killed civilians.", &[("civilians", Killed, 2, None)]),
            ("Police arrested a suspected bomber.", &[("a suspected bomber", Detained, 1, Some(1))]),
        ]);
        assert_eq!(read("Rebels killed the commander.")[0].2.form, CountForm::Implied);
    }

    #[test]
    fn nobody_is_zero() {
        check(&[
            ("There were no casualties.", &[("no", KilledOrInjured, 0, Some(0))]),
            ("In the raid nobody was hurt.", &[("nobody", Injured, 0, Some(0))]),
            ("In the raid no civilians were harmed.", &[("no civilians", KilledOrInjured, 0, Some(0))]),
        ]);
    }

    #[test]
    fn parts_attackers_dates_ages_and_distances_are_not_counted() {
        check(&[
            ("The dead included two children.", &[]),
            ("Two gunmen killed 12 people.", &[("12 people", Killed, 12, Some(12))]),
            ("He was killed in 2011 12 km from the town.", &[("He", Killed, 1, Some(1))]),
            ("Troops captured 12 villages.", &[]),
            ("It killed 12 percent of the herd.", &[]),
        ]);
    }

    #[test]
    fn whether_the_attackers_are_counted_is_kept() {
        let perpetrators = |text: &str| {
            let document = Document::new(text);
            find(&document, &[]).into_iter().map(|mention| mention.perpetrators).collect::<Vec<_>>()
        };
        assert_eq!(
            perpetrators("It killed 15 people, including two attackers."),
            [PerpetratorsCounted::Included]
        );
        assert_eq!(
            perpetrators("It killed 15 people, not counting the bomber."),
            [PerpetratorsCounted::Excluded]
        );
        assert_eq!(perpetrators("It killed 15 people."), [PerpetratorsCounted::Unclear]);
    }

    #[test]
    fn a_total_over_a_longer_time_is_cumulative() {
        let cumulative = |text: &str| {
            let document = Document::new(text);
            let times = times::find(&document, Some(jiff::civil::date(2019, 3, 20)));
            find(&document, &times).iter().any(|mention| mention.cumulative)
        };
        assert!(cumulative("Attacks have killed 300 people since 2011."));
        assert!(cumulative("Attacks killed 300 people over the past decade."));
        assert!(cumulative("Bombs have killed 300 people so far this year."));
        assert!(!cumulative("A bomb killed three people on Monday."));
    }

    #[test]
    fn lower_case_text_is_read_too() {
        check(&[(
            "the explosion left 10 dead and 30 wounded.",
            &[("10", Killed, 10, Some(10)), ("30", Injured, 30, Some(30))],
        )]);
    }

    proptest! {
        #[test]
        fn any_text_gives_phrases_that_quote_it(text in "([ -~“”’\n–.éА中]{0,6}|[0-9]{1,5}|[ ]| killed| were| and|, | people| at least| no| toll| of| wounded| the| between| dozens){0,60}") {
            let document = Document::new(&text);
            let times = times::find(&document, None);
            let found = find(&document, &times);
            for mention in &found {
                prop_assert!(text.get(mention.phrase.range()).is_some());
                prop_assert!(mention.phrase.contains(mention.span));
                prop_assert!(mention.count.high.is_none_or(|high| mention.count.low <= high));
            }
            prop_assert_eq!(find(&document, &times), found);
        }
    }
}
