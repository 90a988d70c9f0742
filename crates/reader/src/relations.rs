//! Relations: how do two organised actors stand to one another, and who says so?

use crate::document::Document;
use crate::modality;
use crate::pos::{Syntax, Tag, noun_lemma, verb_lemma};
use headwater_domain::kind::EventStatus;
use headwater_domain::reading::{
    Attribution, AttributionIndex, Chain, Hedge, Mention, MentionIndex, RelationKind, RelationProposition,
    Stance,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Farthest that a side may stand from the word that relates it, in tokens.
const REACH_MAX: usize = 18;

/// A relation with whose word it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    /// Who stands how to whom.
    pub proposition: RelationProposition,
    /// The innermost attribution that says so; nothing where the writer does.
    pub said_by: Option<AttributionIndex>,
    /// What withholds commitment.
    pub hedge: Option<Hedge>,
}

/// Finds relations between organised actors. Takes time linear in the length of the text.
pub fn find(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &[Mention],
    chains: &[Chain],
    attributions: &[Attribution],
) -> Vec<Relation> {
    let mut finder =
        Finder { document, syntax, mentions, chains, attributions, sides: Vec::new(), found: Vec::new() };
    for sentence in &document.sentences {
        finder.read_sentence(&sentence.tokens);
    }
    finder.found
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RelationsFile {
    relation: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: RelationKind,
    verbs: String,
    nouns: String,
    modifiers: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    misses: Vec<String>,
}

#[derive(Default)]
struct Lexicon {
    /// Verb, and the prepositions it takes with the kind each gives; "" for a plain object.
    verbs: BTreeMap<String, Vec<(String, RelationKind)>>,
    nouns: BTreeMap<String, Vec<(String, RelationKind)>>,
    modifiers: BTreeMap<String, RelationKind>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: RelationsFile = toml::from_str(include_str!("../../../lexicons/en/relations.toml"))
        .expect("the lexicon is compiled in, and a test reads it");
    let mut lexicon = Lexicon::default();
    for entry in &file.relation {
        for (list, words) in [(&entry.verbs, &mut lexicon.verbs), (&entry.nouns, &mut lexicon.nouns)] {
            for word in list.split_whitespace() {
                let (word, preposition) = word.split_once('/').unwrap_or((word, ""));
                words.entry(word.to_owned()).or_default().push((preposition.to_owned(), entry.kind));
            }
        }
        for word in entry.modifiers.split_whitespace() {
            lexicon.modifiers.insert(word.to_owned(), entry.kind);
        }
    }
    lexicon
});

struct Finder<'a> {
    document: &'a Document<'a>,
    syntax: &'a Syntax,
    mentions: &'a [Mention],
    chains: &'a [Chain],
    attributions: &'a [Attribution],
    /// The organised actors of the sentence in hand: their tokens and their mention.
    sides: Vec<(Range<usize>, MentionIndex)>,
    found: Vec<Relation>,
}

impl Finder<'_> {
    fn lower(&self, token: usize) -> &str {
        self.document.lower(token)
    }

    fn read_sentence(&mut self, sentence: &Range<usize>) {
        let Some(span) = self.document.span(sentence.clone()) else { return };
        let first = self.mentions.partition_point(|mention| mention.span.start() < span.start());
        self.sides.clear();
        for (index, mention) in self.mentions.iter().enumerate().skip(first) {
            if mention.span.start() >= span.end() {
                break;
            }
            if mention.kind.is_organised()
                && let Ok(index) = u32::try_from(index)
            {
                self.sides.push((self.document.tokens_in(mention.span), MentionIndex(index)));
            }
        }
        if self.sides.len() < 2 {
            return;
        }
        for at in sentence.clone() {
            let word = self.lower(at);
            let tag = self.syntax.tag(at);
            if let Some(&kind) = LEXICON.modifiers.get(word)
                && self.document.word(at.wrapping_sub(1)) == "-"
            {
                self.read_modifier(at, kind, sentence);
                continue;
            }
            if let Some((_, last)) = word.rsplit_once('-')
                && let Some(&kind) = LEXICON.modifiers.get(last)
            {
                self.read_modifier(at, kind, sentence);
                continue;
            }
            if tag.is_verb() && !LEXICON.modifiers.contains_key(&format!("-{word}")) {
                if let Some(entries) = LEXICON.verbs.get(verb_lemma(word)) {
                    self.read_verb(at, entries, sentence);
                }
            } else if tag == Tag::Noun
                && let Some(entries) =
                    LEXICON.nouns.get(word).or_else(|| LEXICON.nouns.get(noun_lemma(word).as_str()))
            {
                self.read_noun(at, entries, sentence);
            }
        }
    }

    fn side_before(&self, at: usize, sentence: &Range<usize>) -> Option<&(Range<usize>, MentionIndex)> {
        self.sides
            .iter()
            .rev()
            .find(|(tokens, _)| tokens.end <= at)
            .filter(|(tokens, _)| at - tokens.end <= REACH_MAX && tokens.start >= sentence.start)
    }

    fn side_after(&self, at: usize, reach: usize) -> Option<&(Range<usize>, MentionIndex)> {
        self.sides.iter().find(|(tokens, _)| tokens.start >= at).filter(|(tokens, _)| {
            tokens.start - at <= reach
                && !(at..tokens.start).any(|token| {
                    matches!(self.document.word(token), ";" | ":" | ".")
                        || self.document.word(token) == "," && tokens.start - token > 4
                        || matches!(self.syntax.tag(token), Tag::Past | Tag::Present | Tag::Subordinator)
                })
        })
    }

    /// The actor that is the subject of a verb: the last before it whose clause reaches up to it.
    fn subject_side(&self, verb: usize, sentence: &Range<usize>) -> Option<&(Range<usize>, MentionIndex)> {
        let start = self.syntax.verb_at(verb).map_or(verb, |group| group.tokens.start);
        let mut side = self.side_before(start, sentence)?;
        // "X, which fights Y", "X has … to oppose Y": the words between may hold an object of another
        // verb; then the subject of that verb does it.
        let between = |side: &(Range<usize>, MentionIndex)| {
            (side.0.end..start).any(|token| {
                matches!(self.syntax.tag(token), Tag::Past | Tag::Present)
                    && !matches!(self.syntax.tag(token - 1), Tag::Relative)
            })
        };
        let object = side.0.start.checked_sub(1).is_some_and(|before| {
            let before = if matches!(self.syntax.tag(before), Tag::Determiner) {
                before.saturating_sub(1)
            } else {
                before
            };
            self.syntax.tag(before).is_verb()
        });
        if object
            && !between(side)
            && !matches!(self.syntax.tag(start.saturating_sub(1)), Tag::Relative)
            && let Some(other) = self.side_before(side.0.start, sentence)
        {
            side = other;
        }
        Some(side)
    }

    fn read_verb(&mut self, at: usize, entries: &[(String, RelationKind)], sentence: &Range<usize>) {
        let group = self.syntax.verb_at(at).filter(|group| group.head == at).cloned();
        let passive = group.as_ref().is_some_and(|group| group.passive)
            || self.syntax.tag(at) == Tag::Participle && self.lower(at + 1) == "by";
        // "backed by": the one behind *by* does it.
        if passive {
            let by = (at + 1..sentence.end.min(at + 6)).find(|&token| self.lower(token) == "by");
            if let (Some(by), Some(&(_, kind))) =
                (by, entries.iter().find(|(preposition, _)| preposition.is_empty()))
                && let (Some(from), Some(to)) =
                    (self.side_after(by + 1, 8).cloned(), self.side_before(at, sentence).cloned())
            {
                self.push(kind, from, to, at, at);
            }
            return;
        }
        for (preposition, kind) in entries {
            let after = if preposition.is_empty() {
                at + 1
            } else {
                let Some(found) =
                    (at + 1..sentence.end.min(at + 6)).find(|&token| self.lower(token) == preposition)
                else {
                    continue;
                };
                found + 1
            };
            let reach = if preposition.is_empty() { 5 } else { 8 };
            let Some(to) = self.side_after(after, reach).cloned() else { continue };
            let Some(from) = self.subject_side(at, sentence).cloned() else { continue };
            self.push(*kind, from, to, at, at);
            return;
        }
    }

    fn read_noun(&mut self, at: usize, entries: &[(String, RelationKind)], sentence: &Range<usize>) {
        for (preposition, kind) in entries {
            let Some(found) =
                (at + 1..sentence.end.min(at + 4)).find(|&token| self.lower(token) == preposition)
            else {
                continue;
            };
            let Some(to) = self.side_after(found + 1, 7).cloned() else { continue };
            if preposition == "between" {
                let Some(other) = self
                    .sides
                    .iter()
                    .find(|(tokens, _)| tokens.start >= to.0.end && tokens.start - to.0.end <= 5)
                    .cloned()
                else {
                    continue;
                };
                self.push(*kind, to, other, at, at);
                return;
            }
            let Some(from) = self.subject_side(at, sentence).cloned() else { continue };
            self.push(*kind, from, to, at, at);
            return;
        }
    }

    /// "A-backed B".
    fn read_modifier(&mut self, at: usize, kind: RelationKind, sentence: &Range<usize>) {
        let first = self
            .sides
            .iter()
            .find(|(tokens, _)| tokens.contains(&at) || tokens.end + 1 == at || tokens.end == at)
            .cloned();
        let Some(first) = first
            .or_else(|| self.side_before(at, sentence).filter(|(tokens, _)| at - tokens.end <= 1).cloned())
        else {
            return;
        };
        let Some(second) = self.side_after(at + 1, 3).cloned() else { return };
        // "A-affiliated B" belongs to A.
        if kind == RelationKind::Affiliated {
            self.push(kind, second, first, at, at);
        } else {
            self.push(kind, first, second, at, at);
        }
    }

    /// The innermost attribution whose content holds a word.
    fn saying(&self, word: usize) -> Option<(usize, &Attribution)> {
        let span = self.document.tokens.get(word)?.span;
        let after =
            self.attributions.partition_point(|attribution| attribution.content.start() <= span.start());
        // They are sorted by where their contents begin, so the innermost begins last.
        (after.saturating_sub(12)..after).rev().map(|index| (index, &self.attributions[index])).find(
            |(_, attribution)| {
                attribution.score.get() >= crate::voices::SCORE_OF_SPEECH
                    && attribution.content.contains(span)
            },
        )
    }

    fn push(
        &mut self,
        kind: RelationKind,
        from: (Range<usize>, MentionIndex),
        to: (Range<usize>, MentionIndex),
        word: usize,
        event: usize,
    ) {
        let chain =
            |mention: MentionIndex| self.mentions.get(mention.0 as usize).map(|mention| mention.chain);
        if from.1 == to.1 || chain(from.1) == chain(to.1) {
            return;
        }
        let known =
            |mention: MentionIndex| chain(mention).and_then(|chain| self.chains.get(chain.0 as usize));
        if let (Some(left), Some(right)) = (known(from.1), known(to.1))
            && !left.known.is_empty()
            && left.known == right.known
        {
            return;
        }
        let first = from.0.start.min(to.0.start).min(word);
        let last = from.0.end.max(to.0.end).max(word + 1);
        let Some(anchor) = self.document.span(first..last) else { return };
        let modality = modality::of(self.document, self.syntax, event);
        if matches!(modality.status, EventStatus::Threatened | EventStatus::Foiled) {
            return;
        }
        let said_by = self.saying(event);
        // A side outside what is said belongs to the one who says it, not to the relation; unless it
        // speaks of itself ("denied any link with").
        if let Some((_, attribution)) = said_by {
            let inside = |side: &Range<usize>| {
                self.document
                    .tokens
                    .get(side.start)
                    .is_some_and(|token| attribution.content.contains(token.span))
            };
            let of_itself = matches!(
                attribution.stance,
                Stance::Denies | Stance::Promises | Stance::ClaimsResponsibility | Stance::Accuses
            );
            if !(of_itself || inside(&from.0) && inside(&to.0)) {
                return;
            }
        }
        let denied = said_by.is_some_and(|(_, attribution)| attribution.stance == Stance::Denies);
        let negated = modality.negated || denied;
        let link = matches!(kind, RelationKind::Allied | RelationKind::Affiliated);
        let kind = if denied && link { RelationKind::DeniesLink } else { kind };
        self.found.push(Relation {
            proposition: RelationProposition {
                kind,
                from: from.1,
                to: to.1,
                anchor,
                negated: negated && kind != RelationKind::DeniesLink,
            },
            said_by: said_by.and_then(|(index, _)| u32::try_from(index).ok()).map(AttributionIndex),
            hedge: modality.hedge.or_else(|| said_by.and_then(|(_, attribution)| attribution.hedge)),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_domain::reading::{ChainIndex, ThingKind};
    use headwater_domain::text::Span;
    use proptest::prelude::*;

    const ACTORS: [&str; 2] = ["Coast Army", "Kareth Government"];

    fn read(text: &str) -> Vec<Relation> {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let mut mentions = Vec::new();
        for (chain, name) in (0u32..).zip(ACTORS) {
            for (at, _) in text.match_indices(name) {
                let span = Span::within(text, at..at + name.len()).unwrap();
                mentions.push(Mention {
                    span,
                    head: span,
                    kind: ThingKind::Organisation,
                    chain: ChainIndex(chain),
                });
            }
        }
        mentions.sort_by_key(|mention| mention.span);
        let attributions = crate::voices::find(&document, &syntax, &mentions, None);
        find(&document, &syntax, &mentions, &[], &attributions)
    }

    fn sides(text: &str, relation: &Relation) -> (String, String) {
        let mut order: Vec<(usize, &str)> = ACTORS.iter().flat_map(|name| text.match_indices(name)).collect();
        order.sort_unstable();
        let name = |mention: MentionIndex| order[mention.0 as usize].1.to_owned();
        (name(relation.proposition.from), name(relation.proposition.to))
    }

    #[test]
    fn every_lexicon_entry_matches_its_examples_and_not_its_near_misses() {
        let file: RelationsFile =
            toml::from_str(include_str!("../../../lexicons/en/relations.toml")).unwrap();
        let mut wrong = Vec::new();
        for entry in &file.relation {
            assert!(!entry.matches.is_empty() && !entry.misses.is_empty());
            for example in &entry.matches {
                let (text, wanted) = example.split_once(" => ").unwrap();
                let (from, to) = wanted.split_once(" | ").unwrap();
                let found = read(text);
                let right = found.iter().any(|relation| {
                    relation.proposition.kind == entry.kind
                        && sides(text, relation) == (from.to_owned(), to.to_owned())
                });
                if !right {
                    wrong.push(format!("{example}: found {found:?}"));
                }
            }
            for text in &entry.misses {
                if read(text).iter().any(|relation| relation.proposition.kind == entry.kind) {
                    wrong.push(format!("{text}: must not match {:?}", entry.kind));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_relation_in_somebodys_words_is_theirs() {
        let found = read("Experts say that the Coast Army cooperates with the Kareth Government.");
        assert_eq!(found.len(), 1);
        assert!(found[0].said_by.is_some());
        assert!(read("The Coast Army cooperates with the Kareth Government.")[0].said_by.is_none());
    }

    #[test]
    fn a_denied_link_is_a_denial_of_the_link() {
        let found = read("The Coast Army denied any links with the Kareth Government.");
        assert_eq!(found[0].proposition.kind, RelationKind::DeniesLink);
        let found = read("The Coast Army does not support the Kareth Government.");
        assert!(found[0].proposition.negated);
    }

    proptest! {
        #[test]
        fn whatever_the_text_sides_differ_and_anchors_quote_it(words in proptest::collection::vec(
            prop_oneof![
                Just("Coast Army"), Just("Kareth Government"), Just("backs"), Just("-"), Just("backed"), Just("by"), Just("with"),
                Just("war"), Just("between"), Just("and"), Just("denied"), Just("links"), Just("said"), Just("that"), Just(","),
                Just("."), Just("the"), Just("fights"), Just("against"), Just("“"), Just("'s"), Just("alliance")
            ], 0..50)) {
            let text = words.join(" ");
            for relation in read(&text) {
                prop_assert_ne!(relation.proposition.from, relation.proposition.to);
                prop_assert!(text.get(relation.proposition.anchor.range()).is_some());
            }
        }
    }
}
