//! What the trained tagger makes of a text, in the document's own tokens.
//!
//! Rules propose what their lexicons know and draw the borders that grammar draws; the tagger has seen
//! how thousands of reports go on. Each step of the reader asks here and decides which of the two to
//! believe; where there is no tagger, the rules stand alone.

use crate::document::Document;
use headwater_domain::kind::{EventKind, EventStatus, Mode, Plover};
use headwater_domain::reading::{Role, SourceKind, Stance, ThingKind};
use headwater_tagger::{Encoded, TaggedSpan, Tagger};
use std::ops::Range;

/// What is added to the score of a word being no cue, no speaker and so on: below 0 more are found.
const CUE_LEAN: f32 = -1.0;
const SOURCE_LEAN: f32 = -0.5;
const CONTENT_LEAN: f32 = 0.0;
const ACT_LEAN: f32 = 0.0;
const MENTION_LEAN: f32 = 0.0;
/// How sure the tagger must be that a statement is a cue's.
const CONTENT_LINK_MIN: f32 = 0.1;
/// How sure the tagger must be that a speaker is a cue's.
const SOURCE_LINK_MIN: f32 = 0.05;

/// The heads that find parties to violence.
const PARTIES: &[(&str, Role, ThingKind)] = &[
    ("muc_perp_ind", Role::Actor, ThingKind::ArmedGroup),
    ("muc_perp_org", Role::Actor, ThingKind::ArmedGroup),
    ("muc_target", Role::Target, ThingKind::Facility),
    ("muc_victim", Role::Victim, ThingKind::Person),
    ("muc_weapon", Role::Weapon, ThingKind::Weapon),
];

/// A statement as the tagger hears it.
#[derive(Debug, Clone)]
pub struct Heard {
    /// Who speaks.
    pub source: Option<Range<usize>>,
    /// The words that say that something is said.
    pub cue: Range<usize>,
    /// What is said, in order.
    pub contents: Vec<Range<usize>>,
    /// How firmly the speaker stands behind it.
    pub stance: Stance,
    /// What stands behind the words of the source.
    pub source_kind: SourceKind,
    /// Whether commitment is withheld.
    pub hedged: bool,
    /// How sure the tagger is of the cue.
    pub score: f32,
}

/// A word for an act as the tagger sees it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// The sort of act.
    pub kind: EventKind,
    /// How sure the tagger is that it names an act.
    pub score: f32,
}

/// The tagger's view of one document.
#[derive(Debug)]
pub struct Perception<'a> {
    document: &'a Document<'a>,
    encoded: Encoded<'a>,
    /// The word that begins at or in each token.
    word_of: Vec<Option<usize>>,
}

impl<'a> Perception<'a> {
    /// Runs the tagger over a document.
    pub fn of(tagger: &'a Tagger, document: &'a Document<'a>) -> Self {
        let sentences: Vec<Range<usize>> =
            document.sentences.iter().map(|sentence| sentence.span.range()).collect();
        let encoded = tagger.read(document.text, &sentences);
        let word_of = document
            .tokens
            .iter()
            .map(|token| {
                let at = encoded.word_at(token.span.start())?;
                (encoded.words().get(at)?.start < token.span.end()).then_some(at)
            })
            .collect();
        Self { document, encoded, word_of }
    }

    /// The statements that the tagger hears, in order of their cues.
    pub fn heard(&self) -> Vec<Heard> {
        let cues = self.encoded.spans_leaning("cue", CUE_LEAN);
        let sources = self.encoded.spans_leaning("source", SOURCE_LEAN);
        // Every statement belongs to the cue that it goes with best.
        let mut owned: Vec<Vec<Range<usize>>> = vec![Vec::new(); cues.len()];
        let contents = self.encoded.spans_leaning("content", CONTENT_LEAN);
        for content in &contents {
            let window = self.encoded.window_of(content.words.start);
            let best = cues
                .iter()
                .enumerate()
                .filter(|(_, cue)| self.encoded.window_of(cue.words.start) == window)
                .map(|(index, cue)| (index, self.links(cue, content, "content")))
                .max_by(|one, other| one.1.total_cmp(&other.1));
            if let Some((index, score)) = best
                && score >= CONTENT_LINK_MIN
                && let Some(tokens) = self.tokens(&content.span)
            {
                owned[index].push(tokens);
            }
        }
        let heard = cues.iter().zip(owned).filter_map(|(cue, contents)| {
            let window = self.encoded.window_of(cue.words.start);
            let source = sources
                .iter()
                .filter(|source| self.encoded.window_of(source.words.start) == window)
                .map(|source| (source, self.links(cue, source, "source")))
                .filter(|(_, score)| *score >= SOURCE_LINK_MIN)
                .max_by(|one, other| one.1.total_cmp(&other.1));
            let best = |head: &str| self.encoded.class(head, cue.words.start).map(|of| of.best().0);
            Some(Heard {
                source: source.and_then(|(source, _)| self.tokens(&source.span)),
                cue: self.tokens(&cue.span)?,
                contents,
                stance: best("stance").and_then(stance).unwrap_or(Stance::Asserts),
                source_kind: best("source_kind").and_then(source_kind).unwrap_or(SourceKind::Unnamed),
                hedged: best("hedged") == Some("yes"),
                score: cue.score,
            })
        });
        heard.filter(|heard| !heard.contents.is_empty()).collect()
    }

    /// How sure the tagger is that a token says that something is said.
    pub fn says(&self, token: usize) -> f32 {
        self.word(token).and_then(|word| self.encoded.tag("cue", word)).map_or(0.0, |of| 1.0 - of.of("O"))
    }

    /// The words for acts that the tagger sees, in order, claims of responsibility left out.
    pub fn seen(&self) -> Vec<Seen> {
        let spans = self.encoded.spans_leaning("trigger", ACT_LEAN).into_iter();
        spans
            .filter_map(|span| {
                Some(Seen { tokens: self.tokens(&span.span)?, kind: kind(span.label)?, score: span.score })
            })
            .collect()
    }

    /// How sure the tagger is that a token names, or helps to name, an act.
    pub fn names_act(&self, token: usize) -> f32 {
        self.word(token).and_then(|word| self.encoded.tag("trigger", word)).map_or(0.0, |of| 1.0 - of.of("O"))
    }

    /// The sort of act that a token names, were it to name one, and how sure the tagger is of that.
    pub fn kind_at(&self, token: usize) -> Option<(EventKind, f32)> {
        let mut by_kind: Vec<(EventKind, f32)> = Vec::new();
        for (label, p) in self.encoded.tag("trigger", self.word(token)?)?.iter() {
            let Some(kind) = label.get(2..).and_then(kind) else { continue };
            match by_kind.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, sum)) => *sum += p,
                None => by_kind.push((kind, p)),
            }
        }
        let all: f32 = by_kind.iter().map(|(_, p)| p).sum();
        let best = by_kind.into_iter().max_by(|one, other| one.1.total_cmp(&other.1))?;
        (all > 0.0).then(|| (best.0, best.1 / all))
    }

    /// How an act at a token stands to what really happened, and how sure the tagger is.
    pub fn status(&self, token: usize) -> Option<(EventStatus, f32)> {
        let (label, score) = self.encoded.class("status", self.word(token)?)?.best();
        Some((EventStatus::from_word(label)?, score))
    }

    /// How certain the text makes it that an act at a token happened, from -3 (certainly not) to 3.
    pub fn certainty(&self, token: usize) -> Option<f32> {
        self.encoded.score("factuality", self.word(token)?)
    }

    /// What, in the words of the training data, begins at a token in the act at another, and how sure the
    /// tagger is: a role, a number of people harmed, or `none`. Nothing where they stand too far apart.
    pub fn part(&self, act: usize, token: usize) -> Option<(&'a str, f32)> {
        let (act, word) = (self.word(act)?, self.word(token)?);
        if self.encoded.window_of(act) != self.encoded.window_of(word) {
            return None;
        }
        Some(self.encoded.pair("argument", act, word)?.best())
    }

    /// How sure the tagger is that something at a token has this part in the act at another, named in the
    /// words of the training data.
    pub fn has_part(&self, act: usize, token: usize, label: &str) -> f32 {
        let (Some(act), Some(word)) = (self.word(act), self.word(token)) else { return 0.0 };
        if self.encoded.window_of(act) != self.encoded.window_of(word) {
            return 0.0;
        }
        self.encoded.pair("argument", act, word).map_or(0.0, |of| of.of(label))
    }

    /// How sure the tagger is that a token belongs to a mention.
    pub fn mentions_at(&self, token: usize) -> f32 {
        self.word(token).and_then(|word| self.encoded.tag("mention", word)).map_or(0.0, |of| 1.0 - of.of("O"))
    }

    /// The phrases for people, groups, places and things that the tagger sees.
    pub fn mentions(&self) -> Vec<(Range<usize>, ThingKind, f32)> {
        let spans = self.encoded.spans_leaning("mention", MENTION_LEAN).into_iter();
        spans
            .filter_map(|span| {
                Some((self.tokens(&span.span)?, ThingKind::from_word(span.label)?, span.score))
            })
            .collect()
    }

    /// The phrases that the tagger takes for parties to violence wherever they stand: their role, what they
    /// are like, their tokens and how sure it is.
    pub fn parties(&self) -> Vec<(Role, ThingKind, Range<usize>, f32)> {
        let mut parties: Vec<_> = PARTIES
            .iter()
            .flat_map(|&(head, role, kind)| {
                self.encoded.spans(head).into_iter().map(move |span| (role, kind, span))
            })
            .filter_map(|(role, kind, span)| Some((role, kind, self.tokens(&span.span)?, span.score)))
            .collect();
        parties.sort_by_key(|party| (party.2.start, party.2.end, party.0));
        parties
    }

    fn word(&self, token: usize) -> Option<usize> {
        *self.word_of.get(token)?
    }

    fn links(&self, cue: &TaggedSpan<'_>, to: &TaggedSpan<'_>, label: &str) -> f32 {
        self.encoded.pair("voice", cue.words.start, to.words.start).map_or(0.0, |of| of.of(label))
    }

    fn tokens(&self, bytes: &Range<usize>) -> Option<Range<usize>> {
        let first = self.document.tokens.partition_point(|token| token.span.end() <= bytes.start);
        let end = self.document.tokens.partition_point(|token| token.span.start() < bytes.end);
        (first < end).then_some(first..end)
    }
}

/// The kind that a label of the training data stands for.
fn kind(label: &str) -> Option<EventKind> {
    let (event, mode) = match label {
        "YIELD" => (Plover::Retreat, None),
        "TRIAL" => (Plover::Sanction, Some(Mode::Convict)),
        other => (Plover::from_word(other)?, None),
    };
    Some(EventKind { event, mode, sub_event: None })
}

/// Labels are written with an underscore, the domain's words with a hyphen.
fn stance(label: &str) -> Option<Stance> {
    Stance::from_word(&label.replace('_', "-"))
}

fn source_kind(label: &str) -> Option<SourceKind> {
    SourceKind::from_word(&label.replace('_', "-"))
}
