//! Speech acts: what is done by saying it, by whom, to whom?

use crate::document::Document;
use crate::modality;
use crate::pos::{Syntax, Tag, noun_lemma, verb_lemma};
use headwater_domain::reading::{
    Attribution, AttributionIndex, Hedge, Mention, MentionIndex, SpeechAct, SpeechActKind, Stance,
};
use headwater_domain::text::Span;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// A speech act with where it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The act; `about` is empty until the events are known.
    pub act: SpeechAct,
    /// What it is about, where the text says it: the events in here belong to it.
    pub content: Option<Span>,
    /// The attribution that does it, if a verb does.
    pub attribution: Option<AttributionIndex>,
    /// What withholds commitment.
    pub hedge: Option<Hedge>,
}

/// Finds speech acts. Takes time linear in the length of the text.
pub fn find(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &[Mention],
    attributions: &[Attribution],
) -> Vec<Act> {
    let mut cues: Vec<(Span, usize)> = attributions
        .iter()
        .enumerate()
        .filter_map(|(index, attribution)| Some((attribution.cue?, index)))
        .collect();
    cues.sort();
    let finder = Finder { document, syntax, mentions, attributions, cues };
    let mut found = finder.by_verbs();
    found.extend(finder.by_nouns());
    found.sort_by_key(|found| found.act.anchor);
    found.dedup_by(|later, earlier| later.act.anchor == earlier.act.anchor);
    found
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActsFile {
    act: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: SpeechActKind,
    verbs: String,
    nouns: String,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    misses: Vec<String>,
}

#[derive(Default)]
struct Lexicon {
    verbs: BTreeMap<String, SpeechActKind>,
    nouns: BTreeMap<String, SpeechActKind>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: ActsFile = toml::from_str(include_str!("../../../lexicons/en/speech_acts.toml"))
        .expect("the lexicon is compiled in, and a test reads it");
    let mut lexicon = Lexicon::default();
    for entry in &file.act {
        for verb in entry.verbs.split_whitespace() {
            lexicon.verbs.insert(verb.to_owned(), entry.kind);
        }
        for noun in entry.nouns.split_whitespace() {
            lexicon.nouns.insert(noun.to_owned(), entry.kind);
        }
    }
    lexicon
});

struct Finder<'a> {
    document: &'a Document<'a>,
    syntax: &'a Syntax,
    mentions: &'a [Mention],
    attributions: &'a [Attribution],
    /// The cues of the attributions in order, each with the index of its attribution.
    cues: Vec<(Span, usize)>,
}

impl Finder<'_> {
    fn lower(&self, token: usize) -> &str {
        self.document.lower(token)
    }

    /// The acts that attributions do.
    fn by_verbs(&self) -> Vec<Act> {
        let mut acts: Vec<Act> = Vec::new();
        for (index, attribution) in self.attributions.iter().enumerate() {
            let Some(cue) = attribution.cue else { continue };
            let Some(kind) = self.kind_of(attribution, cue) else { continue };
            // A second piece of the same statement is the same act.
            if acts.iter().rev().take(3).any(|act| act.act.anchor == cue) {
                continue;
            }
            acts.push(Act {
                act: SpeechAct {
                    kind,
                    speaker: attribution.speaker,
                    addressee: self.addressee(kind, attribution, cue),
                    anchor: cue,
                    about: Vec::new(),
                },
                content: Some(attribution.content),
                attribution: u32::try_from(index).ok().map(AttributionIndex),
                hedge: attribution.hedge,
            });
        }
        acts
    }

    fn kind_of(&self, attribution: &Attribution, cue: Span) -> Option<SpeechActKind> {
        let tokens = self.document.tokens_in(cue);
        let head = tokens.clone().rev().find(|&token| {
            self.syntax.tag(token).is_verb() || LEXICON.verbs.contains_key(verb_lemma(self.lower(token)))
        })?;
        if tokens.clone().any(|token| {
            matches!(
                self.lower(token),
                "not" | "n't" | "never" | "didn't" | "hasn't" | "haven't" | "wouldn't"
            )
        }) {
            return None;
        }
        let lemma = verb_lemma(self.lower(head));
        let content = self.document.tokens_in(attribution.content);
        let responsibility = content.clone().take(8).any(|token| {
            matches!(
                self.lower(token),
                "responsibility"
                    | "involvement"
                    | "role"
                    | "part"
                    | "complicity"
                    | "responsible"
                    | "behind"
                    | "hand"
                    | "guilty"
            )
        });
        match attribution.stance {
            Stance::ClaimsResponsibility => return Some(SpeechActKind::ClaimsResponsibility),
            Stance::Denies if responsibility && lemma != "refuse" && lemma != "decline" => {
                return Some(SpeechActKind::DeniesResponsibility);
            }
            _ => {}
        }
        // "threatened to attack unless …": an ultimatum names its condition.
        if lemma == "threaten" && content.clone().any(|token| matches!(self.lower(token), "unless" | "if")) {
            return Some(SpeechActKind::SetsUltimatum);
        }
        LEXICON.verbs.get(lemma).copied().or(match attribution.stance {
            Stance::Accuses => None,
            Stance::Promises
                if !matches!(
                    lemma,
                    "want" | "hope" | "wish" | "prefer" | "plan" | "intend" | "aim" | "seek" | "decide"
                ) =>
            {
                Some(SpeechActKind::Promises)
            }
            _ => None,
        })
    }

    /// Who is accused, urged or told.
    fn addressee(&self, kind: SpeechActKind, attribution: &Attribution, cue: Span) -> Option<MentionIndex> {
        let to_whom = matches!(
            kind,
            SpeechActKind::Accuses
                | SpeechActKind::Demands
                | SpeechActKind::Threatens
                | SpeechActKind::SetsUltimatum
        );
        if !to_whom || attribution.content.start() < cue.start() {
            return None;
        }
        let tokens = self.document.tokens_in(attribution.content);
        let near = self.document.span(tokens.start..tokens.end.min(tokens.start + 8))?;
        self.mention_in(near, attribution.speaker)
    }

    fn mention_in(&self, span: Span, but: Option<MentionIndex>) -> Option<MentionIndex> {
        let first = self.mentions.partition_point(|mention| mention.span.start() < span.start());
        self.mentions
            .iter()
            .enumerate()
            .skip(first)
            .take_while(|(_, mention)| mention.span.start() < span.end())
            .find(|(index, mention)| {
                mention.kind.acts() && but != u32::try_from(*index).ok().map(MentionIndex)
            })
            .and_then(|(index, _)| u32::try_from(index).ok())
            .map(MentionIndex)
    }

    /// The acts that nouns name: "the group's promise of peace", "denials by the ministry".
    fn by_nouns(&self) -> Vec<Act> {
        let mut acts = Vec::new();
        for sentence in &self.document.sentences {
            for at in sentence.tokens.clone() {
                let act = self.noun_act(at, &sentence.tokens).or_else(|| self.blame(at, &sentence.tokens));
                acts.extend(act);
            }
        }
        acts
    }

    /// Blame that nobody in particular lays: "attacks attributed to the front", "was blamed on rebels".
    fn blame(&self, at: usize, sentence: &Range<usize>) -> Option<Act> {
        let lays_blame = matches!(
            (self.lower(at), self.lower(at + 1)),
            ("attributed" | "ascribed", "to") | ("blamed" | "pinned", "on")
        );
        if !lays_blame
            || self.syntax.verb_at(at).is_some_and(|group| !group.passive && group.tokens.len() > 1)
        {
            return None;
        }
        let span = self.document.tokens.get(at)?.span;
        // With a speaker it is that speaker's accusation, found by its verb.
        if self
            .cues
            .iter()
            .any(|&(cue, index)| cue.contains(span) && self.attributions[index].source.is_some())
        {
            return None;
        }
        let blamed = self.document.span(at + 2..sentence.end.min(at + 8))?;
        let addressee = self.mention_in(blamed, None)?;
        Some(Act {
            act: SpeechAct {
                kind: SpeechActKind::Accuses,
                speaker: None,
                addressee: Some(addressee),
                anchor: span,
                about: Vec::new(),
            },
            content: None,
            attribution: None,
            hedge: None,
        })
    }

    fn noun_act(&self, at: usize, sentence: &Range<usize>) -> Option<Act> {
        if self.syntax.tag(at) != Tag::Noun {
            return None;
        }
        let lemma = noun_lemma(self.lower(at));
        let after = self.lower(at + 1);
        let kind = match (lemma.as_str(), after) {
            ("claim", "of") if self.lower(at + 2) == "responsibility" => SpeechActKind::ClaimsResponsibility,
            ("denial", "of") if matches!(self.lower(at + 2), "responsibility" | "involvement") => {
                SpeechActKind::DeniesResponsibility
            }
            _ => *LEXICON.nouns.get(lemma.as_str())?,
        };
        let noun = self.syntax.noun_at(at)?;
        let owner = self.owner(noun.start);
        let by = (at + 1..sentence.end.min(at + 8))
            .find(|&token| self.lower(token) == "by" || self.lower(token) == "from");
        let speaker = owner.or_else(|| {
            let by = by?;
            let span = self.document.span(by + 1..sentence.end.min(by + 6))?;
            self.mention_in(span, None)
        });
        let opens = matches!(after, "that" | "of" | "to" | "by" | "from" | "against");
        // A bare noun without speaker or content does nothing: "demand rose".
        if speaker.is_none() && after != "that" || speaker.is_some() && owner.is_none() && !opens {
            return None;
        }
        let content = if matches!(after, "that" | "of" | "to") {
            let end = (at + 2..sentence.end.min(at + 30))
                .find(|&token| matches!(self.document.word(token), "," | "." | ";"))
                .unwrap_or(sentence.end);
            self.document.span(at + 2..end)
        } else {
            None
        };
        let span = self.document.tokens.get(at)?.span;
        let after = self.cues.partition_point(|(cue, _)| cue.start() <= span.start());
        let attribution = self.cues[after.saturating_sub(4)..after]
            .iter()
            .find(|(cue, _)| cue.contains(span))
            .map(|&(_, index)| index);
        Some(Act {
            act: SpeechAct { kind, speaker, addressee: None, anchor: span, about: Vec::new() },
            content,
            attribution: attribution.and_then(|index| u32::try_from(index).ok()).map(AttributionIndex),
            hedge: modality::of(self.document, self.syntax, at).hedge,
        })
    }

    /// The actor that owns a phrase: "the group's promise".
    fn owner(&self, start: usize) -> Option<MentionIndex> {
        let mark =
            if matches!(self.lower(start), "'s" | "'" | "’s") { start } else { start.checked_sub(1)? };
        if !matches!(self.lower(mark), "'s" | "'") {
            return None;
        }
        let last = self.document.tokens.get(mark.checked_sub(1)?)?.span;
        let after = self.mentions.partition_point(|mention| mention.span.start() <= last.start());
        let index = (after.saturating_sub(3)..after)
            .rev()
            .find(|&index| self.mentions[index].span.contains(last) && self.mentions[index].kind.acts())?;
        u32::try_from(index).ok().map(MentionIndex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_domain::reading::{ChainIndex, ThingKind};
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(SpeechActKind, String)> {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let mut mentions = Vec::new();
        for (chain, name) in (0u32..).zip(["Coast Army", "Kareth Government"]) {
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
        find(&document, &syntax, &mentions, &attributions)
            .iter()
            .map(|act| {
                let speaker =
                    act.act.speaker.map_or("", |speaker| &text[mentions[speaker.0 as usize].span.range()]);
                (act.act.kind, speaker.to_owned())
            })
            .collect()
    }

    #[test]
    fn blame_that_nobody_lays_is_an_accusation_without_a_speaker() {
        let accused = |text: &str| read(text).contains(&(SpeechActKind::Accuses, String::new()));
        assert!(accused("Raids in the north, attributed to the Coast Army, left two dead."));
        assert!(accused("The bombing was blamed on the Coast Army."));
        assert!(!accused("The Coast Army attributed its success to luck."));
    }

    #[test]
    fn every_lexicon_entry_matches_its_examples_and_not_its_near_misses() {
        let file: ActsFile = toml::from_str(include_str!("../../../lexicons/en/speech_acts.toml")).unwrap();
        let mut wrong = Vec::new();
        for entry in &file.act {
            assert!(!entry.matches.is_empty() && !entry.misses.is_empty());
            for example in &entry.matches {
                let (text, speaker) = example.split_once(" =>").unwrap();
                let found = read(text);
                if !found.contains(&(entry.kind, speaker.trim().to_owned())) {
                    wrong.push(format!("{example}: found {found:?}"));
                }
            }
            for text in &entry.misses {
                let found = read(text);
                if found.iter().any(|act| act.0 == entry.kind) {
                    wrong.push(format!("{text}: must not be {:?}, found {found:?}", entry.kind));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn the_accused_is_the_addressee() {
        let text = "The Kareth Government accused the Coast Army of murder.";
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let span = |name: &str| {
            let at = text.find(name).unwrap();
            Span::within(text, at..at + name.len()).unwrap()
        };
        let mentions = [("Kareth Government", 0), ("Coast Army", 1)].map(|(name, chain)| Mention {
            span: span(name),
            head: span(name),
            kind: ThingKind::Organisation,
            chain: ChainIndex(chain),
        });
        let attributions = crate::voices::find(&document, &syntax, &mentions, None);
        let acts = find(&document, &syntax, &mentions, &attributions);
        assert_eq!(acts[0].act.speaker, Some(MentionIndex(0)));
        assert_eq!(acts[0].act.addressee, Some(MentionIndex(1)));
    }

    proptest! {
        #[test]
        fn whatever_the_text_it_is_read(words in proptest::collection::vec(
            prop_oneof![
                Just("Coast Army"), Just("'s"), Just("denial"), Just("of"), Just("claim"), Just("responsibility"), Just("by"),
                Just("threatened"), Just("to"), Just("unless"), Just("promise"), Just("that"), Just(","), Just("."), Just("the"),
                Just("said"), Just("accused"), Just("“")
            ], 0..50)) {
            let text = words.join(" ");
            prop_assert!(read(&text).len() <= words.len());
        }
    }
}
