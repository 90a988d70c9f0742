//! Voices: who says it, in what words, and how firmly?
//!
//! A cue ("said", "according to", "reportedly", "fears that") is looked up in the lexicon with the
//! complements it takes; what stands around it decides which of them it has here, where its speaker
//! stands and where what is said begins and ends.

use crate::document::{Document, Shape};
use crate::perception::Perception;
use crate::pos::{Syntax, Tag, is_be, noun_lemma, verb_lemma};
use headwater_domain::reading::{
    Attribution, AttributionIndex, Hedge, Mention, MentionIndex, Score, SourceKind, Stance, ThingKind,
};
use headwater_domain::text::Span;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

/// Longest gap in tokens between a cue and what is said: "said on Friday in the capital that".
const GAP_MAX: usize = 14;
/// Below this a cue of the lexicon is none to the tagger.
const CUE_MIN: f32 = 0.3;
/// Longest source in tokens.
const SOURCE_TOKENS_MAX: usize = 45;

/// Finds who says what in a document. Pieces of one statement, before and after its cue, come one
/// by one and share their cue. Takes time linear in the length of the text.
///
/// Where there is a tagger, it draws the borders, and the lexicon says what the cue means.
pub fn find(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &[Mention],
    perception: Option<&Perception<'_>>,
) -> Vec<Attribution> {
    let mut found = Finder::new(document, syntax).run();
    if let Some(perception) = perception {
        found = heard(document, found, perception);
    }
    found.sort_by_key(|voice| (voice.cue.start, voice.cue.end));
    for voice in &mut found {
        // A cue inside its own statement splits nothing: "has reportedly left".
        if voice.source.is_none()
            && let (Some(first), Some(last)) = (voice.contents.first(), voice.contents.last())
            && first.end == voice.cue.start
            && last.start == voice.cue.end
        {
            voice.contents = std::iter::once(first.start..last.end).collect();
        }
    }
    let mut attributions: Vec<Attribution> = Vec::new();
    for voice in &found {
        for (nth, content) in voice.contents.iter().enumerate() {
            if let Some(attribution) = attribution(document, syntax, mentions, voice, nth, content) {
                attributions.push(attribution);
            }
        }
    }
    attributions.sort_by_key(|found| (found.content.start(), std::cmp::Reverse(found.content.end())));
    nest(&mut attributions);
    attributions
}

/// What the tagger hears, with what the lexicon knows of the same cues, and what only the lexicon hears
/// where the tagger does not find that unlikely.
fn heard(document: &Document<'_>, known: Vec<Voice>, perception: &Perception<'_>) -> Vec<Voice> {
    let mut voices = Vec::new();
    let mut used = vec![false; known.len()];
    for heard in perception.heard() {
        let same = known
            .iter()
            .enumerate()
            .find(|(_, voice)| voice.cue.start < heard.cue.end && heard.cue.start < voice.cue.end);
        let quoted = heard.contents.iter().any(|content| {
            document.tokens.get(content.start).is_some_and(|token| token.shape == Shape::Quote)
        });
        let (kind, stance, hedge) = match same {
            Some((_, voice)) => (voice.kind, voice.stance, voice.hedge),
            None => (Kind::Speech, heard.stance, heard.hedged.then_some(2)),
        };
        for (index, voice) in known.iter().enumerate() {
            used[index] |= voice.cue.start < heard.cue.end && heard.cue.start < voice.cue.end;
        }
        let source = heard
            .source
            .or_else(|| same.and_then(|(_, voice)| voice.source.clone()))
            .filter(|source| source.len() <= SOURCE_TOKENS_MAX);
        voices.push(Voice {
            source,
            cue: heard.cue,
            contents: heard.contents,
            kind,
            stance,
            hedge,
            quoted,
            score: heard.score,
        });
    }
    let missed = known
        .into_iter()
        .zip(used)
        .filter(|(voice, used)| !used && perception.says(voice.cue.start) >= CUE_MIN);
    voices.extend(missed.map(|(voice, _)| voice));
    voices
}

/// What a passage does beyond telling what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgementKind {
    /// Weighs what things mean or are like.
    Assessment,
    /// Says what may come.
    Outlook,
}

/// A passage in which the writer, or somebody quoted, weighs things rather than tells them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// The passage: a sentence of the writer, or what somebody says.
    pub span: Span,
    /// What it does.
    pub kind: JudgementKind,
    /// What withholds commitment.
    pub hedge: Option<Hedge>,
    /// Whose it is; nothing for the writer.
    pub said_by: Option<AttributionIndex>,
}

/// Finds assessments and outlooks on political violence, the writer's and those of others.
///
/// They are kept apart from events: that an attack "signals an escalation" is nobody's attack.
pub fn judgements(document: &Document<'_>, syntax: &Syntax, attributions: &[Attribution]) -> Vec<Judgement> {
    let mut found = Vec::new();
    for (index, attribution) in (0u32..).zip(attributions) {
        if attribution.score.get() < SCORE_OF_SPEECH {
            continue;
        }
        let tokens = document.tokens_in(attribution.content);
        let foreseen = attribution.stance == Stance::Predicts;
        if let Some(kind) = judgement_in(document, syntax, tokens.clone(), foreseen) {
            let hedge = attribution.hedge.or_else(|| hedge_in(document, syntax, tokens));
            found.push(Judgement {
                span: attribution.content,
                kind,
                hedge,
                said_by: Some(AttributionIndex(index)),
            });
        }
    }
    let mut contents: Vec<Span> = attributions
        .iter()
        .filter(|attribution| attribution.score.get() >= SCORE_OF_SPEECH)
        .map(|attribution| attribution.content)
        .collect();
    contents.sort();
    let mut next = 0;
    for sentence in &document.sentences {
        while contents.get(next).is_some_and(|content| content.end() <= sentence.span.start()) {
            next += 1;
        }
        let said: usize = contents[next..]
            .iter()
            .take_while(|content| content.start() < sentence.span.end())
            .map(|content| {
                let start = content.start().max(sentence.span.start());
                content.end().min(sentence.span.end()).saturating_sub(start)
            })
            .sum();
        let heading = !sentence.tokens.clone().any(|token| {
            syntax
                .verb_at(token)
                .is_some_and(|group| group.head == token && group.form == crate::pos::VerbForm::Finite)
        });
        if heading || said * 2 >= sentence.span.range().len() {
            continue;
        }
        if let Some(kind) = judgement_in(document, syntax, sentence.tokens.clone(), false) {
            let hedge = hedge_in(document, syntax, sentence.tokens.clone());
            found.push(Judgement { span: sentence.span, kind, hedge, said_by: None });
        }
    }
    found.sort_by_key(|judgement| (judgement.span, judgement.said_by));
    found
}

fn judgement_in(
    document: &Document<'_>,
    syntax: &Syntax,
    tokens: Range<usize>,
    foreseen: bool,
) -> Option<JudgementKind> {
    let words = &LEXICON.judgements;
    let noun = |token: usize| syntax.tag(token).is_nominal() || syntax.tag(token) == Tag::Adjective;
    let on_topic = |token: usize| {
        words.topics.contains(document.lower(token))
            || words.topics.contains(&noun_lemma(document.lower(token)))
    };
    if !tokens.clone().any(on_topic) {
        return None;
    }
    let mut outlook = foreseen;
    let mut evaluates = false;
    let mut meanings = 0;
    for token in tokens {
        let word = document.lower(token);
        let tag = syntax.tag(token);
        if tag.is_verb() && words.meaning.contains(verb_lemma(word)) {
            meanings += 1;
        } else if noun(token) && words.evaluation.contains(word) {
            evaluates = true;
        }
        let coming = matches!(word, "may" | "might" | "could") && tag != Tag::Proper
            || words.outlook.contains(word) && !matches!(tag, Tag::Proper)
            || word == "risks" && syntax.tag(token + 1) == Tag::Gerund;
        outlook |= coming;
    }
    // A subject that means, shows or poses something is weighed, whatever may follow from it.
    if meanings > 0 && (evaluates || outlook || meanings > 1) {
        Some(if outlook && !evaluates && meanings < 2 && foreseen {
            JudgementKind::Outlook
        } else {
            JudgementKind::Assessment
        })
    } else if outlook {
        Some(JudgementKind::Outlook)
    } else {
        evaluates.then_some(JudgementKind::Assessment)
    }
}

/// Scores at or above this are statements; below, only attitudes ("praised the truce").
pub const SCORE_OF_SPEECH: f32 = 0.5;

/// Points each attribution to the smallest one whose content holds its cue.
fn nest(attributions: &mut [Attribution]) {
    let mut open: Vec<usize> = Vec::new();
    for index in 0..attributions.len() {
        let content = attributions[index].content;
        while open.last().is_some_and(|&outer| attributions[outer].content.end() <= content.start()) {
            open.pop();
        }
        let cue = attributions[index].cue.unwrap_or(content);
        let outer = open.iter().rev().copied().take(8).find(|&outer| {
            let other = &attributions[outer];
            other.cue != attributions[index].cue
                && other.content.contains(cue)
                && other.content.contains(content)
        });
        attributions[index].within = outer.and_then(|outer| u32::try_from(outer).ok()).map(AttributionIndex);
        open.push(index);
    }
}

fn attribution(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &[Mention],
    voice: &Voice,
    nth: usize,
    content: &Range<usize>,
) -> Option<Attribution> {
    let trimmed = trim(document, content.clone())?;
    let span = document.span(trimmed.clone())?;
    let source = voice.source.clone().and_then(|source| document.span(source));
    let quoted = document.tokens.get(content.start).is_some_and(|token| token.shape == Shape::Quote)
        || content.start > 0
            && document.tokens.get(content.start - 1).is_some_and(|token| token.shape == Shape::Quote);
    let hedge = voice
        .hedge
        .and_then(|strength| Some(Hedge { cue: document.span(voice.cue.clone())?, strength }))
        .or_else(|| {
            if voice.kind == Kind::Attitude { None } else { hedge_in(document, syntax, trimmed.clone()) }
        });
    Some(Attribution {
        source,
        speaker: voice.source.clone().and_then(|source| speaker(document, syntax, mentions, source)),
        source_kind: voice.source.clone().map_or(SourceKind::Unnamed, |source| {
            let kind = source_kind(document, syntax, source.clone());
            let mentioned = speaker(document, syntax, mentions, source)
                .and_then(|mention| mentions.get(mention.0 as usize))
                .map(|mention| mention.kind);
            // What the name is known to be outweighs what it looks like.
            match (kind, mentioned) {
                (SourceKind::NamedPerson, Some(known)) if known.is_organised() => {
                    SourceKind::NamedOrganisation
                }
                (SourceKind::NamedOrganisation, Some(ThingKind::Person)) => SourceKind::NamedPerson,
                _ => kind,
            }
        }),
        cue: document.span(voice.cue.clone()),
        content: span,
        stance: stance_of(document, syntax, voice, trimmed),
        hedge,
        quoted,
        within: None,
        score: Score::new(if nth == 0 { voice.score } else { voice.score * 0.95 }),
    })
}

/// Takes the marks off both ends, and *that* off the start.
fn trim(document: &Document<'_>, mut range: Range<usize>) -> Option<Range<usize>> {
    while range.start < range.end
        && (matches!(document.tokens.get(range.start)?.shape, Shape::Quote | Shape::Mark)
            || document.lower(range.start) == "that")
        && !matches!(document.word(range.start), "$" | "£" | "€" | "[" | "(" | "#" | "@")
    {
        range.start += 1;
    }
    while range.start < range.end
        && matches!(document.tokens.get(range.end - 1)?.shape, Shape::Quote | Shape::Mark)
        && !matches!(document.word(range.end - 1), "?" | "!" | ")" | "]" | "%" | "…" | "...")
    {
        range.end -= 1;
    }
    (range.start < range.end).then_some(range)
}

/// The mention that a source is: the last one that its head phrase holds.
fn speaker(
    document: &Document<'_>,
    syntax: &Syntax,
    mentions: &[Mention],
    source: Range<usize>,
) -> Option<MentionIndex> {
    let span = document.span(source.clone())?;
    let first = mentions.partition_point(|mention| mention.span.start() < span.start());
    let head = document.tokens.get(head_of(syntax, source))?.span;
    let inside = |mention: &&(usize, &Mention)| mention.1.span.overlaps(head) && mention.1.kind.acts();
    let near: Vec<(usize, &Mention)> = mentions
        .iter()
        .enumerate()
        .skip(first.saturating_sub(1))
        .take_while(|(_, mention)| mention.span.start() < span.end())
        .collect();
    let index = near
        .iter()
        .find(inside)
        .or_else(|| near.iter().find(|(_, mention)| mention.kind.acts() && span.contains(mention.span)))?
        .0;
    u32::try_from(index).ok().map(MentionIndex)
}

/// The head of the first noun phrase of a source.
fn head_of(syntax: &Syntax, source: Range<usize>) -> usize {
    let mut at = source.start;
    while at < source.end {
        if let Some(noun) = syntax.noun_at(at) {
            if noun.possessor && noun.tokens.end + 1 < source.end {
                at = noun.tokens.end + 1;
                continue;
            }
            return noun.head.min(source.end - 1);
        }
        at += 1;
    }
    source.start
}

fn source_kind(document: &Document<'_>, syntax: &Syntax, source: Range<usize>) -> SourceKind {
    let head = head_of(syntax, source.clone());
    let word = document.lower(head);
    let noun = syntax.noun_at(head);
    let phrase = noun.map_or(head..head + 1, |noun| noun.tokens.clone());
    let sources = &LEXICON.sources;
    let named = phrase.clone().any(|token| syntax.tag(token) == Tag::Proper);
    let head_named = syntax.tag(head) == Tag::Proper;
    if noun.is_some_and(|noun| noun.pronoun) {
        return match word {
            "he" | "she" | "i" => SourceKind::NamedPerson,
            "it" => SourceKind::NamedOrganisation,
            _ => SourceKind::Unnamed,
        };
    }
    if word == "reports" {
        return SourceKind::Media;
    }
    if sources.document.contains(word) && !head_named {
        return SourceKind::Document;
    }
    let titled = head_named
        && !sources.organisation.contains(word)
        && phrase.clone().any(|token| {
            let word = document.lower(token);
            token != head && (crate::lexicon::is_title(word) || sources.official.contains(word))
        });
    if titled {
        return SourceKind::NamedPerson;
    }
    if phrase.clone().any(|token| sources.media.contains(document.lower(token)))
        && (head_named || sources.media.contains(word))
    {
        return SourceKind::Media;
    }
    if sources.organisation.contains(word) {
        let definite = noun.is_some_and(|noun| noun.start < noun.tokens.start);
        return if named || definite && word != "police" {
            SourceKind::NamedOrganisation
        } else {
            SourceKind::Official
        };
    }
    if head_named {
        let capitals =
            document.tokens.get(head).is_some_and(|token| token.shape == Shape::Capitals) && word.len() > 1;
        return if capitals || crate::lexicon::kind_of_noun(word).is_some_and(|kind| kind.is_organised()) {
            SourceKind::NamedOrganisation
        } else {
            SourceKind::NamedPerson
        };
    }
    // "the minister, Lena Okafor": the name follows in apposition.
    let apposed = document.word(phrase.end) == ","
        && source.contains(&(phrase.end + 1))
        && syntax.tag(phrase.end + 1) == Tag::Proper;
    if apposed {
        return SourceKind::NamedPerson;
    }
    if sources.official.contains(word) || sources.official.contains(&noun_lemma(word)) {
        SourceKind::Official
    } else {
        SourceKind::Unnamed
    }
}

fn stance_of(document: &Document<'_>, syntax: &Syntax, voice: &Voice, content: Range<usize>) -> Stance {
    let lower = |token: usize| document.lower(token);
    let responsibility = content.clone().take(8).any(|token| lower(token) == "responsibility");
    let cue = voice.cue.clone().map(|token| verb_lemma(lower(token)));
    for verb in cue {
        match verb {
            "claim" | "accept" | "admit" | "take" | "confess" if responsibility => {
                return Stance::ClaimsResponsibility;
            }
            "confess" => return Stance::ClaimsResponsibility,
            _ => {}
        }
    }
    if voice.stance != Stance::Asserts {
        return voice.stance;
    }
    let first_person = content.clone().take(4).any(|token| matches!(lower(token), "we" | "i"));
    for token in content.clone().take(24) {
        match lower(token) {
            "will" | "'ll" if first_person => return Stance::Promises,
            "must" | "should" => return Stance::Demands,
            "blame" | "blamed" if syntax.tag(token).is_verb() => return Stance::Accuses,
            _ => {}
        }
    }
    voice.stance
}

/// The first word in a stretch of tokens that withholds commitment.
pub fn hedge_in(document: &Document<'_>, syntax: &Syntax, range: Range<usize>) -> Option<Hedge> {
    let mut at = range.start;
    while at < range.end.min(range.start + 60) {
        let strength = match (document.lower(at), syntax.tag(at)) {
            ("may" | "might" | "could", Tag::Modal) => 3,
            ("may" | "might", _) if document.word(at) != "May" => 3,
            ("possibly" | "perhaps" | "maybe" | "potentially", _) => 3,
            ("probably" | "likely" | "presumably", _) => 2,
            ("reportedly" | "allegedly" | "apparently" | "seemingly" | "purportedly" | "supposedly", _) => 2,
            ("unclear" | "unconfirmed" | "uncertain", _) => 3,
            ("appears" | "appeared" | "seems" | "seemed", _) => 2,
            ("believed" | "suspected" | "thought", Tag::Participle) => 2,
            _ => 0,
        };
        if strength > 0 {
            return Some(Hedge { cue: document.tokens.get(at)?.span, strength });
        }
        at += 1;
    }
    None
}

/// What stands behind the words of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    Speech,
    Belief,
    Intention,
    Attitude,
    Finding,
}

/// A complement that a cue takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Frame {
    Clause,
    Aside,
    Quote,
    Hearer,
    Object,
    To,
    Asked,
    Whether,
    Raised,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconFile {
    class: Vec<Class>,
    noun: Vec<NounClass>,
    adverb: Vec<AdverbClass>,
    phrases: Phrases,
    sources: SourceLists,
    judgements: JudgementWords,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    name: String,
    kind: Kind,
    stance: Stance,
    hedge: Option<u8>,
    frames: Vec<Frame>,
    verbs: Vec<String>,
    #[serde(default)]
    prepositions: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    misses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NounClass {
    kind: Kind,
    stance: Stance,
    hedge: Option<u8>,
    nouns: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    misses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdverbClass {
    stance: Stance,
    hedge: u8,
    words: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    matches: Vec<String>,
    #[cfg_attr(not(test), expect(dead_code, reason = "the examples are for the test that runs them"))]
    misses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    source_follows: Vec<String>,
    never_nouns: BTreeSet<String>,
    evidence: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceLists {
    document: BTreeSet<String>,
    media: BTreeSet<String>,
    organisation: BTreeSet<String>,
    official: BTreeSet<String>,
    unnamed: BTreeSet<String>,
}

/// Words of assessments and outlooks.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct JudgementWords {
    topics: BTreeSet<String>,
    meaning: BTreeSet<String>,
    evaluation: BTreeSet<String>,
    outlook: BTreeSet<String>,
}

struct Lexicon {
    classes: Vec<Class>,
    /// First word of a verb, its further words, and its class.
    verbs: BTreeMap<String, Vec<(Vec<String>, usize)>>,
    nouns: BTreeMap<String, (Kind, Stance, Option<u8>)>,
    adverbs: BTreeMap<String, (Stance, u8)>,
    source_follows: Vec<Vec<String>>,
    never_nouns: BTreeSet<String>,
    evidence: BTreeSet<String>,
    sources: SourceLists,
    judgements: JudgementWords,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let file: LexiconFile = toml::from_str(include_str!("../../../lexicons/en/voices.toml"))
        .expect("the lexicon is compiled in, and a test reads it");
    let mut lexicon = Lexicon {
        classes: file.class,
        verbs: BTreeMap::new(),
        nouns: BTreeMap::new(),
        adverbs: BTreeMap::new(),
        source_follows: file.phrases.source_follows.iter().map(|phrase| words_of(phrase)).collect(),
        never_nouns: file.phrases.never_nouns,
        evidence: file.phrases.evidence,
        sources: file.sources,
        judgements: file.judgements,
    };
    for (index, class) in lexicon.classes.iter().enumerate() {
        for verb in &class.verbs {
            let mut words = words_of(verb);
            let first = words.remove(0);
            lexicon.verbs.entry(first).or_default().push((words, index));
        }
    }
    for class in &file.noun {
        for noun in &class.nouns {
            lexicon.nouns.insert(noun.clone(), (class.kind, class.stance, class.hedge));
        }
    }
    for class in &file.adverb {
        for word in &class.words {
            lexicon.adverbs.insert(word.clone(), (class.stance, class.hedge));
        }
    }
    lexicon
});

fn words_of(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(str::to_owned).collect()
}

/// The base form of a word under which the lexicon holds it.
fn lexicon_lemma(word: &str) -> Option<&'static str> {
    let known = |lemma: &str| LEXICON.verbs.get_key_value(lemma).map(|(key, _)| key.as_str());
    let regular = verb_lemma(word);
    if let Some(lemma) = known(regular) {
        return Some(lemma);
    }
    for (ending, stem_ending) in [
        ("ies", "y"),
        ("ied", "y"),
        ("es", ""),
        ("es", "e"),
        ("s", ""),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
    ] {
        if let Some(stem) = word.strip_suffix(ending)
            && let Some(lemma) = known(&format!("{stem}{stem_ending}"))
        {
            return Some(lemma);
        }
    }
    None
}

/// An attribution in tokens.
#[derive(Debug, Clone)]
struct Voice {
    source: Option<Range<usize>>,
    cue: Range<usize>,
    contents: Vec<Range<usize>>,
    kind: Kind,
    stance: Stance,
    hedge: Option<u8>,
    quoted: bool,
    score: f32,
}

struct Finder<'a> {
    document: &'a Document<'a>,
    syntax: &'a Syntax,
    /// Stretches in quotation marks, marks included.
    quotes: Vec<Quotation>,
    /// The quotation that holds a token.
    quote_of: Vec<Option<u32>>,
    found: Vec<Voice>,
}

#[derive(Debug, Clone)]
struct Quotation {
    tokens: Range<usize>,
    /// The paragraph ended before the closing mark came.
    open: bool,
}

impl<'a> Finder<'a> {
    fn new(document: &'a Document<'a>, syntax: &'a Syntax) -> Self {
        let quotes = quotations(document);
        let mut quote_of = vec![None; document.tokens.len()];
        for (index, quote) in (0u32..).zip(&quotes) {
            quote_of[quote.tokens.clone()].fill(Some(index));
        }
        Self { document, syntax, quotes, quote_of, found: Vec::new() }
    }

    fn run(mut self) -> Vec<Voice> {
        for index in 0..self.document.sentences.len() {
            self.read_sentence(index);
        }
        self.attach_quotes();
        self.found
    }

    fn lower(&self, token: usize) -> &str {
        self.document.lower(token)
    }

    fn tag(&self, token: usize) -> Tag {
        self.syntax.tag(token)
    }

    fn quote_at(&self, token: usize) -> Option<&Quotation> {
        self.quotes.get((*self.quote_of.get(token)?)? as usize)
    }

    fn is_mark(&self, token: usize, marks: &[&str]) -> bool {
        marks.contains(&self.document.word(token))
    }

    fn read_sentence(&mut self, index: usize) {
        let sentence = self.document.sentences[index].tokens.clone();
        self.read_label(&sentence);
        let first = self.found.len();
        let mut at = sentence.start;
        while at < sentence.end {
            // A statement that ended before *and* or *but* belongs to nobody behind it.
            let floor = self.found[first..]
                .iter()
                .filter_map(|voice| voice.contents.last())
                .map(|content| content.end)
                .filter(|&end| {
                    end <= at && (end..end + 2).any(|token| matches!(self.lower(token), "and" | "but" | ";"))
                })
                .max()
                .unwrap_or(sentence.start);
            let next = self.read_at(at, &sentence, floor);
            at = next.max(at + 1);
        }
    }

    /// Reads "Mayor: three killed" at the start of a sentence.
    fn read_label(&mut self, sentence: &Range<usize>) {
        let Some(noun) = self.syntax.noun_at(sentence.start) else { return };
        let colon = noun.tokens.end;
        let named = noun.tokens.clone().all(|token| matches!(self.tag(token), Tag::Proper));
        if noun.start == sentence.start
            && named
            && noun.tokens.len() <= 4
            && self.is_mark(colon, &[":"])
            && colon + 1 < sentence.end
        {
            let end = self.content_end(colon + 1, sentence, false);
            if !(colon + 1..end).any(|token| self.is_finite(token)) {
                return;
            }
            let source = noun.start..noun.tokens.end;
            self.push(
                Some(source),
                colon..colon + 1,
                Some(colon + 1..end),
                Kind::Speech,
                Stance::Asserts,
                None,
                0.6,
            );
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the fields of a voice, each of its own type or named at the call"
    )]
    fn push(
        &mut self,
        source: Option<Range<usize>>,
        cue: Range<usize>,
        contents: impl IntoIterator<Item = Range<usize>>,
        kind: Kind,
        stance: Stance,
        hedge: Option<u8>,
        score: f32,
    ) -> bool {
        let contents: Vec<Range<usize>> =
            contents.into_iter().filter(|content| content.start < content.end).collect();
        if contents.is_empty() {
            return false;
        }
        let quoted = contents.iter().any(|content| self.quote_at(content.start).is_some());
        self.found.push(Voice { source, cue, contents, kind, stance, hedge, quoted, score });
        true
    }

    /// Reads a cue at a token; returns where to go on.
    fn read_at(&mut self, at: usize, sentence: &Range<usize>, floor: usize) -> usize {
        if self.inside_quotation(at) {
            return at + 1;
        }
        if let Some(next) = self.read_source_phrase(at, sentence, floor) {
            return next;
        }
        if let Some(&(stance, hedge)) = LEXICON.adverbs.get(self.lower(at)) {
            self.read_adverb(at, sentence, floor, stance, hedge);
            return at + 1;
        }
        if let Some(next) = self.read_verb(at, sentence, floor) {
            return next;
        }
        if let Some(next) = self.read_noun(at, sentence) {
            return next;
        }
        at + 1
    }

    /// Cues inside a quotation are the speaker's, who is found by the cue outside; a short quotation
    /// inside a sentence is only emphasis.
    fn inside_quotation(&self, token: usize) -> bool {
        self.quote_at(token).is_some()
    }

    /// Tells whether a phrase names somebody, or a document, rather than a thing that shows something.
    fn can_speak(&self, source: Range<usize>) -> bool {
        let head = head_of(self.syntax, source.clone());
        let word = self.lower(head);
        if self.syntax.noun_at(head).is_some_and(|noun| noun.pronoun) {
            return !matches!(word, "it" | "this" | "that" | "which");
        }
        if self.tag(head) == Tag::Relative {
            return word == "who";
        }
        let sources = &LEXICON.sources;
        self.tag(head) == Tag::Proper
            || crate::lexicon::kind_of_noun(word).is_some_and(|kind| kind.acts())
            || [&sources.document, &sources.media, &sources.organisation, &sources.official, &sources.unnamed]
                .iter()
                .any(|list| list.contains(word) || list.contains(noun_lemma(word).as_str()))
    }

    // --- phrases, adverbs, nouns -------------------------------------------------------------

    fn read_source_phrase(&mut self, at: usize, sentence: &Range<usize>, floor: usize) -> Option<usize> {
        let phrase = LEXICON
            .source_follows
            .iter()
            .find(|words| words.iter().enumerate().all(|(nth, word)| self.lower(at + nth) == word))?;
        let after = at + phrase.len();
        if phrase.len() == 1 && !(self.tag(after) == Tag::Proper || self.tag(after) == Tag::Determiner) {
            return None;
        }
        if phrase.len() == 1 && self.lower(at + 1) != "the" && self.tag(at + 1) != Tag::Proper {
            return None;
        }
        let source_end = self.source_forward(after, sentence)?;
        if self.inside_quotation(source_end) && !self.opens_quote(after) {
            return None;
        }
        let source = after..source_end;
        let mut contents = Vec::new();
        let opens = at == sentence.start || at <= floor + 1 && self.is_mark(at.wrapping_sub(1), &[","]);
        if opens {
            let mut start = source_end;
            if self.is_mark(start, &[","]) {
                start += 1;
            }
            contents.push(start..self.content_end(start, sentence, false));
        } else {
            let end = if self.is_mark(at - 1, &[",", "—", "–", "-"]) { at - 1 } else { at };
            contents.push(self.content_before(end, sentence, floor));
            if self.is_mark(source_end, &[","]) {
                let end = self.content_end(source_end + 1, sentence, false);
                if self.starts_clause_rest(source_end + 1, end) {
                    contents.push(source_end + 1..end);
                }
            }
        }
        self.push(Some(source), at..after, contents, Kind::Speech, Stance::Asserts, None, 0.9);
        Some(after)
    }

    /// Whether what follows a source between commas goes on with the statement.
    fn starts_clause_rest(&self, start: usize, end: usize) -> bool {
        start < end && !matches!(self.tag(start), Tag::Relative | Tag::Conjunction | Tag::Gerund)
    }

    fn read_adverb(&mut self, at: usize, sentence: &Range<usize>, floor: usize, stance: Stance, hedge: u8) {
        let start = self.clause_start(at, sentence, floor);
        let end = self.clause_end(at + 1, sentence);
        let contents = vec![start..at, at + 1..end];
        self.push(None, at..at + 1, contents, Kind::Speech, stance, Some(hedge), 0.7);
    }

    fn read_noun(&mut self, at: usize, sentence: &Range<usize>) -> Option<usize> {
        if self.tag(at) != Tag::Noun {
            return None;
        }
        let lemma = noun_lemma(self.lower(at));
        let &(kind, stance, hedge) = LEXICON.nouns.get(lemma.as_str())?;
        let noun = self.syntax.noun_at(at)?;
        if noun.head != at || noun.possessor {
            return None;
        }
        let mut after = at + 1;
        let mut source = None;
        // "claims by the army that …"
        if matches!(self.lower(after), "by" | "from" | "among") && self.syntax.noun_at(after + 1).is_some() {
            let end = self.noun_forward(after + 1, sentence)?;
            source = Some(after + 1..end);
            after = end;
        }
        let is_that = self.lower(after) == "that" && self.tag(after) != Tag::Determiner;
        let is_to = self.lower(after) == "to" && stance == Stance::Promises && self.is_base(after + 1);
        if !(is_that || is_to) || after + 1 >= sentence.end {
            return None;
        }
        let mut cue = at..at + 1;
        // "the army's claim": the owner says it.
        if let Some((owner, mark)) = self.owner_before(noun.start, noun.tokens.start) {
            source = Some(owner);
            cue.start = mark;
        }
        let end = if self.verb_before(at, sentence) {
            self.clause_end(after + 1, sentence)
        } else {
            self.subject_clause_end(after + 1, sentence)
        };
        let score = if is_that { 0.7 } else { 0.55 };
        self.push(source, cue, Some(after..end), kind, stance, hedge, score);
        Some(after + 1)
    }

    /// The owner of a phrase, and the token where the possessive mark or pronoun stands.
    fn owner_before(&self, start: usize, first: usize) -> Option<(Range<usize>, usize)> {
        for token in start..first {
            if self.tag(token) == Tag::Possessive && !matches!(self.lower(token), "'s" | "'") {
                return Some((token..token + 1, first));
            }
            if matches!(self.lower(token), "'s" | "'") && token > 0 {
                let range = self.noun_backward(token - 1)?;
                return Some((range, token));
            }
        }
        if start > 1 && matches!(self.lower(start - 1), "'s" | "'") {
            let range = self.noun_backward(start - 2)?;
            return Some((range, start - 1));
        }
        None
    }

    fn verb_before(&self, at: usize, sentence: &Range<usize>) -> bool {
        (sentence.start..at).any(|token| self.is_finite(token))
    }

    /// The end of a clause that is part of a subject: before the verb that the subject belongs to.
    fn subject_clause_end(&self, start: usize, sentence: &Range<usize>) -> usize {
        let limit = self.clause_end(start, sentence);
        let mut groups = 0;
        let mut at = start;
        while at < limit {
            if let Some(group) = self.syntax.verb_at(at) {
                if matches!(group.form, crate::pos::VerbForm::Finite) {
                    groups += 1;
                    if groups == 2 {
                        return at;
                    }
                }
                at = group.tokens.end.max(at + 1);
            } else {
                at += 1;
            }
        }
        limit
    }

    // --- verbs -------------------------------------------------------------------------------

    fn is_base(&self, token: usize) -> bool {
        self.tag(token) == Tag::Base
            || matches!(self.lower(token), "be" | "have" | "do")
            || (verb_lemma(self.lower(token)) == self.lower(token) && self.tag(token).is_verb())
            || (self.tag(token) == Tag::Adverb && self.tag(token + 1).is_verb())
            // Behind *to* a bare word in the singular is rather a verb that the tagger does not know.
            || (token > 0
                && self.lower(token - 1) == "to"
                && self.tag(token) == Tag::Noun
                && self.document.tokens[token].shape == Shape::Lower
                && !self.lower(token).ends_with('s'))
    }

    fn is_finite(&self, token: usize) -> bool {
        self.is_contracted(token)
            || matches!(self.tag(token), Tag::Past | Tag::Present | Tag::Modal | Tag::Auxiliary)
            || self.tag(token) == Tag::Base && !matches!(self.lower(token.wrapping_sub(1)), "to")
    }

    /// "he'll", "they're", and the *'s* of "it's".
    fn is_contracted(&self, token: usize) -> bool {
        let word = self.lower(token);
        if word == "'s" {
            return token > 0
                && matches!(
                    self.lower(token - 1),
                    "it" | "he"
                        | "she"
                        | "that"
                        | "there"
                        | "who"
                        | "what"
                        | "here"
                        | "this"
                        | "everyone"
                        | "nobody"
                        | "someone"
                );
        }
        word.len() > 3 && ["'ll", "'re", "'ve", "'m", "'d", "n't"].iter().any(|ending| word.ends_with(ending))
    }

    /// Tells whether a word form that the lexicon knows as a verb is one here.
    fn is_verb_use(&self, at: usize) -> bool {
        let tag = self.tag(at);
        if tag.is_verb() {
            return true;
        }
        let word = self.lower(at);
        let previous = at.checked_sub(1).map_or(Tag::Mark, |before| self.tag(before));
        let next = self.lower(at + 1);
        if matches!(
            previous,
            Tag::Determiner | Tag::Possessive | Tag::Adjective | Tag::Preposition | Tag::Number
        ) {
            return false;
        }
        let subject_before =
            matches!(previous, Tag::Noun | Tag::Proper | Tag::Pronoun | Tag::Relative | Tag::Adverb);
        if tag == Tag::Noun && subject_before && LEXICON.never_nouns.contains(word.trim_end_matches('s')) {
            return true;
        }
        // "“…,” analysts note."
        let ends = at + 1 >= self.document.tokens.len() || self.is_mark(at + 1, &[".", ","]);
        if tag == Tag::Noun
            && ends
            && previous.is_nominal()
            && self.syntax.noun_at(at).is_some_and(|noun| {
                noun.start > 0
                    && (self.is_mark(noun.start - 1, &[","]) || self.quote_at(noun.start - 1).is_some())
            })
            && (self.lower(at - 1).ends_with('s') || word.ends_with('s'))
        {
            return true;
        }
        if matches!(tag, Tag::Noun | Tag::Proper) {
            let plural_or_third = word.ends_with('s');
            let opens_content =
                matches!(
                    next,
                    "that"
                        | "whether"
                        | "to"
                        | "the"
                        | "a"
                        | "an"
                        | ":"
                        | "he"
                        | "she"
                        | "they"
                        | "it"
                        | "his"
                        | "her"
                        | "their"
                ) || self.document.tokens.get(at + 1).is_some_and(|token| token.shape == Shape::Quote);
            let subject =
                matches!(previous, Tag::Noun | Tag::Proper | Tag::Pronoun | Tag::Relative | Tag::Adverb)
                    || self.lower(at.wrapping_sub(1)) == ")";
            let agrees =
                plural_or_third != self.lower(at.wrapping_sub(1)).ends_with('s') || previous == Tag::Proper;
            return subject && opens_content && agrees;
        }
        word.ends_with("ed") && matches!(previous, Tag::Noun | Tag::Proper | Tag::Pronoun)
    }

    /// The verb group around its head: auxiliaries, adverbs and *not* before it.
    fn group(&self, head: usize, sentence: &Range<usize>) -> Range<usize> {
        let mut start = head;
        while start > sentence.start && head - start < 8 {
            let before = start - 1;
            if self.inside_quotation(before) {
                break;
            }
            let word = self.lower(before);
            let joins = match self.tag(before) {
                Tag::Auxiliary | Tag::Modal | Tag::Negation => true,
                Tag::Adverb => !matches!(
                    word,
                    "however" | "meanwhile" | "there" | "yesterday" | "today" | "instead" | "then"
                ),
                _ => word == "to" || matches!(word, "n't" | "'ve" | "'d" | "'ll" | "'re"),
            };
            if !joins {
                break;
            }
            start = before;
        }
        start..head + 1
    }

    fn is_passive(&self, group: &Range<usize>) -> bool {
        let head = group.end - 1;
        let word = self.lower(head);
        let participle = word.ends_with("ed")
            || matches!(self.tag(head), Tag::Participle)
            || matches!(
                word,
                "said" | "thought" | "known" | "told" | "understood" | "seen" | "shown" | "found"
            );
        participle
            && !word.ends_with("ing")
            && (group.start..head).any(|token| {
                is_be(self.lower(token))
                    || matches!(self.lower(token), "'s" | "'re" | "isn't" | "aren't" | "wasn't" | "weren't")
            })
    }

    fn read_verb(&mut self, at: usize, sentence: &Range<usize>, floor: usize) -> Option<usize> {
        let lemma = lexicon_lemma(self.lower(at))?;
        let entries = LEXICON.verbs.get(lemma)?;
        if !self.is_verb_use(at) {
            return None;
        }
        let group = self.group(at, sentence);
        let mut longest = 0;
        let mut classes: Vec<usize> = Vec::new();
        for (words, class) in entries {
            if words.iter().enumerate().all(|(nth, word)| self.lower(at + 1 + nth) == word) {
                if words.len() > longest {
                    longest = words.len();
                    classes.clear();
                }
                if words.len() == longest {
                    classes.push(*class);
                }
            }
        }
        if classes.is_empty() {
            return None;
        }
        let mut cue = group.start..at + 1 + longest;
        if self.lower(cue.end) == "in"
            && self.lower(cue.end + 1) == "a"
            && self.lower(cue.end + 2) == "statement"
        {
            cue.end += 3;
        }
        if self.is_passive(&group) {
            return self.read_passive(&cue, &classes, sentence, floor);
        }
        if self.tag(at) == Tag::Participle && group.len() == 1 && self.lower(at + 1) == "by" {
            return None;
        }
        let with = |frame: Frame| {
            classes
                .iter()
                .map(|&class| &LEXICON.classes[class])
                .find(move |class| class.frames.contains(&frame))
        };

        // "…," said X
        if let Some(class) = with(Frame::Aside)
            && let Some(next) = self.read_inverted(&cue, class, sentence, floor)
        {
            return Some(next);
        }
        // "…," X said
        let subject = self.subject(&cue, sentence);
        if let Some(class) = with(Frame::Aside)
            && let Some(next) = self.read_aside(&cue, class, subject.clone(), sentence, floor)
        {
            return Some(next);
        }
        // Prepositions that open what is said.
        for &class in &classes {
            let class = &LEXICON.classes[class];
            if class.prepositions.iter().any(|preposition| self.lower(cue.end) == preposition.as_str())
                && cue.end + 1 < sentence.end
            {
                let start = cue.end + 1;
                let end = self.object_end(start, sentence);
                let score = if class.kind == Kind::Speech { 0.6 } else { 0.4 };
                self.push(
                    subject,
                    cue.start..start,
                    Some(start..end),
                    class.kind,
                    class.stance,
                    class.hedge,
                    score,
                );
                return Some(start);
            }
        }
        if let Some((start, class)) = self.content_after(&cue, &classes, sentence) {
            let frame_object = class.1;
            // "Google found …" may be no more than finding; with *that*, or from a document, it tells.
            if matches!(LEXICON.classes[class.0].kind, Kind::Finding)
                && self.lower(start) != "that"
                && !subject.clone().is_some_and(|subject| {
                    LEXICON.sources.document.contains(self.lower(head_of(self.syntax, subject)))
                })
            {
                return None;
            }
            let class = &LEXICON.classes[class.0];
            let mut cue = cue.clone();
            if self.is_mark(cue.end, &[":"]) {
                cue.end += 1;
            }
            let end = if frame_object == Frame::Object || frame_object == Frame::Asked {
                self.object_end(start, sentence)
            } else {
                self.content_end(start, sentence, true)
            };
            if subject.is_none() && frame_object == Frame::Object && class.kind != Kind::Speech {
                return None;
            }
            let abstract_subject = subject.as_ref().is_some_and(|subject| !self.can_speak(subject.clone()))
                && LEXICON.evidence.contains(lexicon_lemma(self.lower(at)).unwrap_or(""));
            let score = match (class.kind, frame_object) {
                _ if abstract_subject => 0.4,
                (Kind::Attitude, _) => 0.35,
                (Kind::Intention, _) => 0.5,
                (Kind::Finding, _) => 0.75,
                (_, Frame::Object) => 0.55,
                (Kind::Belief, _) => 0.75,
                _ => 0.9,
            };
            self.push(subject, cue.clone(), Some(start..end), class.kind, class.stance, class.hedge, score);
            return Some(cue.end);
        }
        // "It appears to …"
        if let Some(class) = with(Frame::Raised)
            && matches!(LEXICON.classes.iter().position(|other| std::ptr::eq(other, class)), Some(index) if LEXICON.classes[index].name == "seem")
        {
            return self.read_raised(&cue, class, subject, sentence);
        }
        None
    }

    /// Reads what stands directly behind a cue: where it begins, and which class and frame fit.
    fn content_after(
        &self,
        cue: &Range<usize>,
        classes: &[usize],
        sentence: &Range<usize>,
    ) -> Option<(usize, (usize, Frame))> {
        let has = |frame: Frame| {
            classes.iter().copied().find(|&class| LEXICON.classes[class].frames.contains(&frame))
        };
        let mut at = cue.end;
        let end = sentence.end;
        if at >= end {
            return self
                .quote_after_colon(cue.end, sentence)
                .and_then(|start| Some((start, (has(Frame::Clause).or(has(Frame::Quote))?, Frame::Quote))));
        }
        // A particle or adverb behind the verb: "said repeatedly that", "said again".
        let mut hearer_seen = false;
        let mut steps = 0;
        while at < end && steps < GAP_MAX {
            steps += 1;
            let word = self.lower(at);
            if self.is_mark(at, &[",", ":", "—"]) && self.opens_quote(at + 1) || self.is_mark(at, &[":"]) {
                let class = has(Frame::Clause).or(has(Frame::Quote)).or(has(Frame::Hearer))?;
                return (at + 1 < end || self.opens_quote(at + 1)).then_some((at + 1, (class, Frame::Quote)));
            }
            let told = || hearer_seen.then(|| has(Frame::Hearer)).flatten();
            if self.opens_quote(at)
                && let Some(class) =
                    has(Frame::Clause).or(has(Frame::Quote)).or_else(told).or(has(Frame::Object))
            {
                let frames = &LEXICON.classes[class].frames;
                let quotes = frames.contains(&Frame::Clause) || frames.contains(&Frame::Quote);
                return Some((at, (class, if quotes { Frame::Quote } else { Frame::Object })));
            }
            if word == "that"
                && let Some(class) = has(Frame::Clause).or_else(told)
            {
                return Some((at, (class, Frame::Clause)));
            }
            if matches!(word, "whether" | "if" | "how" | "why" | "what" | "who" | "where" | "when" | "which")
                && (at == cue.end || hearer_seen)
            {
                if matches!(word, "if" | "when" | "where") && has(Frame::Whether).is_none() {
                    return None;
                }
                let class = has(Frame::Whether).or(has(Frame::Clause))?;
                return Some((at, (class, Frame::Whether)));
            }
            if word == "to" && self.is_base(at + 1) {
                if at == cue.end {
                    return Some((at, (has(Frame::To)?, Frame::To)));
                }
                return None;
            }
            if at == cue.end || hearer_seen {
                // A hearer: "told reporters that".
                if !hearer_seen
                    && (has(Frame::Hearer).is_some() || has(Frame::Asked).is_some())
                    && let Some(noun_end) = self.hearer_end(at, sentence)
                {
                    if has(Frame::Asked).is_some()
                        && self.lower(noun_end) == "to"
                        && self.is_base(noun_end + 1)
                    {
                        return Some((at, (has(Frame::Asked)?, Frame::Asked)));
                    }
                    if self.lower(noun_end) == "not" && self.lower(noun_end + 1) == "to" {
                        return Some((at, (has(Frame::Asked)?, Frame::Asked)));
                    }
                    let asks = matches!(
                        self.lower(noun_end),
                        "whether" | "if" | "how" | "what" | "why" | "who" | "where" | "when"
                    );
                    if asks && let Some(class) = has(Frame::Whether) {
                        return Some((noun_end, (class, Frame::Whether)));
                    }
                    if has(Frame::Hearer).is_some() {
                        if self.starts_clause(at, sentence)
                            && has(Frame::Clause).is_some()
                            && !LEXICON.classes[has(Frame::Hearer)?].frames.contains(&Frame::Clause)
                        {
                            return Some((at, (has(Frame::Clause)?, Frame::Clause)));
                        }
                        hearer_seen = true;
                        at = noun_end;
                        continue;
                    }
                }
                let clause = has(Frame::Clause).or_else(|| hearer_seen.then(|| has(Frame::Hearer)).flatten());
                let object = has(Frame::Object);
                if self.starts_phrase(at) {
                    if let Some(class) = clause
                        && (self.starts_clause(at, sentence)
                            || LEXICON.classes[class].name == "say"
                                && at == cue.end
                                && !self.is_time(at)
                                && end - at > 3)
                    {
                        return Some((at, (class, Frame::Clause)));
                    }
                    if let Some(class) = object
                        && !self.is_time(at)
                    {
                        return Some((at, (class, Frame::Object)));
                    }
                }
            } else if let Some(class) = has(Frame::Clause)
                && self.starts_phrase(at)
                && self.starts_clause(at, sentence)
            {
                return Some((at, (class, Frame::Clause)));
            }
            // Step over an adverb, a time, a phrase with a preposition.
            match self.tag(at) {
                Tag::Adverb => at += 1,
                Tag::Preposition => {
                    let noun = self.syntax.noun_at(at + 1)?;
                    at = noun.tokens.end.max(at + 1);
                }
                _ if self.lower(at) == "to" && self.syntax.noun_at(at + 1).is_some() => {
                    at = self.syntax.noun_at(at + 1)?.tokens.end;
                }
                _ if self.is_time(at) => {
                    at = self.syntax.noun_at(at).map_or(at + 1, |noun| noun.tokens.end.max(at + 1))
                }
                Tag::Possessive if matches!(self.lower(at), "'s" | "'") => {
                    at = self.syntax.noun_at(at + 1).map_or(at + 1, |noun| noun.tokens.end.max(at + 1));
                }
                _ => return None,
            }
        }
        None
    }

    /// The start of a quotation that opens the next paragraph or sentence behind a colon.
    fn quote_after_colon(&self, at: usize, _sentence: &Range<usize>) -> Option<usize> {
        (self.is_mark(at.checked_sub(1)?, &[":"]) && self.opens_quote(at)).then_some(at)
    }

    fn opens_quote(&self, token: usize) -> bool {
        self.quote_at(token).is_some_and(|quote| quote.tokens.start == token)
    }

    fn starts_phrase(&self, at: usize) -> bool {
        matches!(
            self.tag(at),
            Tag::Determiner
                | Tag::Noun
                | Tag::Proper
                | Tag::Pronoun
                | Tag::Possessive
                | Tag::Number
                | Tag::Adjective
                | Tag::Gerund
                | Tag::Quote
                | Tag::Adverb
        ) && !matches!(self.lower(at), "'s" | "'")
            || matches!(self.document.word(at), "$" | "[" | "#" | "@")
            || matches!(
                self.lower(at),
                "if" | "because" | "when" | "while" | "although" | "there" | "after" | "in" | "at" | "as"
            ) && self.tag(at) != Tag::Preposition
    }

    fn is_time(&self, at: usize) -> bool {
        matches!(
            self.lower(at),
            "monday"
                | "tuesday"
                | "wednesday"
                | "thursday"
                | "friday"
                | "saturday"
                | "sunday"
                | "today"
                | "yesterday"
                | "earlier"
                | "later"
                | "last"
                | "this"
                | "late"
                | "early"
                | "january"
                | "february"
                | "march"
                | "april"
                | "june"
                | "july"
                | "august"
                | "september"
                | "october"
                | "november"
                | "december"
        ) && (self.lower(at) != "this"
            || matches!(
                self.lower(at + 1),
                "week"
                    | "month"
                    | "year"
                    | "morning"
                    | "afternoon"
                    | "evening"
                    | "weekend"
                    | "summer"
                    | "fall"
                    | "spring"
            ))
            && (self.lower(at) != "last"
                || matches!(
                    self.lower(at + 1),
                    "week"
                        | "month"
                        | "year"
                        | "night"
                        | "summer"
                        | "fall"
                        | "spring"
                        | "monday"
                        | "tuesday"
                        | "wednesday"
                        | "thursday"
                        | "friday"
                        | "saturday"
                        | "sunday"
                        | "january"
                        | "february"
                        | "march"
                        | "april"
                        | "may"
                        | "june"
                        | "july"
                        | "august"
                        | "september"
                        | "october"
                        | "november"
                        | "december"
                ))
    }

    /// Tells whether a clause with its own verb begins here.
    fn starts_clause(&self, at: usize, sentence: &Range<usize>) -> bool {
        let mut token = at;
        let mut steps = 0;
        while token < sentence.end && steps < 40 {
            steps += 1;
            if self.is_contracted(token) {
                return true;
            }
            match self.tag(token) {
                Tag::Relative | Tag::Subordinator if token > at => return false,
                Tag::Mark if self.is_mark(token, &[";", ":"]) => return false,
                Tag::Mark if self.is_mark(token, &[","]) && token < at + 2 => return false,
                Tag::Past | Tag::Present | Tag::Modal | Tag::Auxiliary if token > at => return true,
                Tag::Base
                    if token > at
                        && self.lower(token - 1) != "to"
                        && !matches!(self.tag(token - 1), Tag::Conjunction | Tag::Mark) =>
                {
                    return true;
                }
                _ => {}
            }
            token += 1;
        }
        false
    }

    /// The end of the phrase for the one who is told or asked.
    fn hearer_end(&self, at: usize, sentence: &Range<usize>) -> Option<usize> {
        let noun = self.syntax.noun_at(at)?;
        let mut end = noun.tokens.end;
        let mut steps = 0;
        while end < sentence.end && steps < 6 {
            steps += 1;
            if matches!(self.lower(end), "'s" | "'")
                || matches!(self.lower(end), "of" | "in" | "at" | "and" | "from" | "on" | "for" | "with")
            {
                match self.syntax.noun_at(end + 1) {
                    Some(next)
                        if next.tokens.end > end
                            && !(self.lower(end) == "and" && self.is_finite(next.tokens.end)) =>
                    {
                        end = next.tokens.end
                    }
                    _ => break,
                }
            } else if self.is_time(end) {
                end = self.syntax.noun_at(end).map_or(end + 1, |next| next.tokens.end);
            } else {
                break;
            }
        }
        Some(end.min(sentence.end))
    }

    /// "It is feared that …", "are believed to …", "were told that …", "was condemned by …".
    fn read_passive(
        &mut self,
        cue: &Range<usize>,
        classes: &[usize],
        sentence: &Range<usize>,
        floor: usize,
    ) -> Option<usize> {
        let after = cue.end;
        let raised = classes
            .iter()
            .map(|&class| &LEXICON.classes[class])
            .find(|class| class.frames.contains(&Frame::Raised));
        let subject = self.subject(cue, sentence);
        if let Some(class) = raised {
            let read = self.read_raised(cue, class, subject.clone(), sentence);
            if read.is_some() {
                return read;
            }
        }
        let class = &LEXICON.classes[*classes.first()?];
        // "… was condemned by the council"
        if self.lower(after) == "by" && self.syntax.noun_at(after + 1).is_some() {
            let end = self.noun_forward(after + 1, sentence)?;
            let score = if class.kind == Kind::Speech { 0.5 } else { 0.35 };
            let claimed = lexicon_lemma(self.lower(cue.end - 1)) == Some("claim");
            let stance = if claimed { Stance::ClaimsResponsibility } else { class.stance };
            let mut contents = Vec::new();
            if let Some(subject) = subject.filter(|subject| subject.start >= floor) {
                contents.push(subject);
            }
            let rest_end = self.object_end(end, sentence);
            if matches!(self.lower(end), "of" | "for" | "as") {
                contents.push(end..rest_end);
            }
            self.push(Some(after + 1..end), cue.clone(), contents, class.kind, stance, class.hedge, score);
            return Some(after);
        }
        let hearer = classes.iter().map(|&class| &LEXICON.classes[class]).find(|class| {
            class.frames.contains(&Frame::Hearer)
                || class.frames.contains(&Frame::Asked)
                || class.frames.contains(&Frame::Whether)
        });
        if let Some(class) = hearer {
            let word = self.lower(after);
            if matches!(word, "that" | "whether" | "if" | "why" | "how" | "what")
                || word == "to" && self.is_base(after + 1)
            {
                let end = self.content_end(after, sentence, true);
                self.push(None, cue.clone(), Some(after..end), class.kind, class.stance, class.hedge, 0.55);
                return Some(after);
            }
            if word == "about" {
                let end = self.object_end(after + 1, sentence);
                self.push(
                    None,
                    cue.start..after + 1,
                    Some(after + 1..end),
                    class.kind,
                    class.stance,
                    class.hedge,
                    0.4,
                );
                return Some(after);
            }
        }
        if class.frames.contains(&Frame::Clause) && self.lower(after) == "that" {
            let end = self.content_end(after, sentence, true);
            self.push(None, cue.clone(), Some(after..end), class.kind, class.stance, class.hedge, 0.6);
            return Some(after);
        }
        None
    }

    fn read_raised(
        &mut self,
        cue: &Range<usize>,
        class: &Class,
        subject: Option<Range<usize>>,
        sentence: &Range<usize>,
    ) -> Option<usize> {
        let after = cue.end;
        let dummy = subject
            .as_ref()
            .is_none_or(|subject| subject.len() == 1 && matches!(self.lower(subject.start), "it" | "there"));
        let word = self.lower(after);
        if word == "that" || dummy && self.starts_phrase(after) && self.starts_clause(after, sentence) {
            let end = self.content_end(after, sentence, true);
            self.push(None, cue.clone(), Some(after..end), class.kind, class.stance, class.hedge, 0.65);
            return Some(after);
        }
        if word == "to" && after + 1 < sentence.end {
            let end = self.content_end(after, sentence, true);
            let mut contents = Vec::new();
            contents.extend(subject);
            contents.push(after..end);
            self.push(None, cue.clone(), contents, class.kind, class.stance, class.hedge, 0.6);
            return Some(after);
        }
        None
    }

    /// "…," said X.
    fn read_inverted(
        &mut self,
        cue: &Range<usize>,
        class: &Class,
        sentence: &Range<usize>,
        floor: usize,
    ) -> Option<usize> {
        if cue.start <= sentence.start {
            // A quotation that ended with ! or ? also ends the sentence before.
            let before = cue.start.checked_sub(1)?;
            self.quote_at(before)?;
        }
        let before = cue.start.checked_sub(1)?;
        let comma = self.is_mark(before, &[","]);
        let quote = self.quote_at(before).is_some_and(|quote| quote.tokens.end == before + 1);
        if !(comma || quote) || cue.len() > 3 {
            return None;
        }
        let form = self.lower(cue.end - 1);
        if form.ends_with("ing") {
            return None;
        }
        let at = cue.end;
        let noun = self.syntax.noun_at(at)?;
        // "…, called X Y" has an object, not a speaker, unless words in quotation marks stand before.
        let speakers = noun.start == at || noun.tokens.start == at;
        if !speakers || (self.lower(at) == "that") || self.is_time(at) {
            return None;
        }
        if !quote
            && !matches!(
                verb_lemma(form),
                "say" | "write" | "report" | "warn" | "add" | "argue" | "explain" | "note"
            )
        {
            return None;
        }
        let source_end = self.source_forward(at, sentence)?;
        // A clause behind means that the noun phrase begins what is said.
        if !quote && self.is_finite(source_end) {
            return None;
        }
        let end = if comma { before } else { cue.start };
        let mut contents = vec![self.content_before(end, sentence, floor)];
        self.extend_after(source_end, sentence, &mut contents);
        self.push(Some(at..source_end), cue.clone(), contents, class.kind, class.stance, class.hedge, 0.95);
        Some(source_end)
    }

    /// "…, X said" and "…, X said, …".
    fn read_aside(
        &mut self,
        cue: &Range<usize>,
        class: &Class,
        subject: Option<Range<usize>>,
        sentence: &Range<usize>,
        floor: usize,
    ) -> Option<usize> {
        let subject = subject?;
        if subject.end > cue.start {
            return None;
        }
        if subject.start == 0 || self.lower(cue.end - 1).ends_with("ing") {
            return None;
        }
        let before = subject.start - 1;
        // "As the paper noted, …"
        if self.lower(before) == "as" && before >= sentence.start {
            let end = self.adverbial_end(cue.end, sentence);
            let opens = class.frames.contains(&Frame::Clause) && before == sentence.start
                || matches!(self.lower(before - 1), "but" | "and");
            if opens && self.is_mark(end, &[","]) {
                let close = self.content_end(end + 1, sentence, false);
                self.push(
                    Some(subject),
                    cue.clone(),
                    Some(end + 1..close),
                    class.kind,
                    class.stance,
                    class.hedge,
                    0.8,
                );
                return Some(cue.end);
            }
        }
        let quote = self.quote_at(before).is_some_and(|quote| quote.tokens.end == before + 1);
        let comma = before >= sentence.start && self.is_mark(before, &[",", "—", "–", "--"]);
        if !(quote || comma) {
            return None;
        }
        let mut after = cue.end;
        let hearer =
            class.frames.contains(&Frame::Hearer).then(|| self.hearer_end(after, sentence)).flatten();
        let told_only = hearer.is_some_and(|end| end >= sentence.end || self.is_mark(end, &[",", "."]));
        let own_content = !told_only && self.starts_own_content(after, sentence);
        let lower_quote = self.is_mark(after, &[","])
            && self.opens_quote(after + 1)
            && self.document.tokens.get(after + 2).is_some_and(|token| token.shape == Shape::Lower);
        if own_content && !quote && !lower_quote {
            return None;
        }
        if quote && self.lower(after) == "that" {
            return None;
        }
        // A comma alone: only at the end, or where a comma follows.
        if !quote {
            if !class.frames.contains(&Frame::Clause) && !class.frames.contains(&Frame::Hearer) {
                return None;
            }
            let lemma = lexicon_lemma(self.lower(cue.end - 1)).unwrap_or("");
            if LEXICON.evidence.contains(lemma) && !self.can_speak(subject.clone()) {
                return None;
            }
            let adverbial = self.adverbial_end(after, sentence);
            if !(adverbial >= sentence.end || self.is_mark(adverbial, &[",", ".", "—", "–", "--", "?", "!"]))
            {
                return None;
            }
            if before <= floor {
                return None;
            }
            // "On Monday, he said, …": what stands before must be more than an adverbial.
            let content = self.content_before(before, sentence, floor);
            let goes_on =
                (adverbial == cue.end || told_only) && self.is_mark(adverbial, &[",", "—", "–", "--"]);
            if !content.clone().any(|token| self.is_finite(token)) && !goes_on {
                return None;
            }
            after = adverbial;
        } else {
            after = self.adverbial_end(after, sentence);
        }
        let end = if comma && !quote { before } else { subject.start };
        let mut contents = vec![self.content_before(end, sentence, floor)];
        self.extend_after(after, sentence, &mut contents);
        self.push(Some(subject), cue.clone(), contents, class.kind, class.stance, class.hedge, 0.95);
        Some(after.max(cue.end))
    }

    /// Tells whether a cue is followed by what is said rather than by the end or an adverbial.
    fn starts_own_content(&self, after: usize, sentence: &Range<usize>) -> bool {
        if after >= sentence.end {
            return false;
        }
        if self.lower(after) == "that"
            || self.is_mark(after, &[":"])
            || self.opens_quote(after)
            || self.is_mark(after, &[","])
                && self.opens_quote(after + 1)
                && !self.is_mark(after.wrapping_sub(1), &[","])
        {
            return true;
        }
        self.starts_phrase(after) && !self.is_time(after) && self.tag(after) != Tag::Adverb
    }

    /// The end of adverbials behind a cue: "on Monday", "in a statement", "Tuesday".
    fn adverbial_end(&self, mut at: usize, sentence: &Range<usize>) -> usize {
        let mut steps = 0;
        while at < sentence.end && steps < GAP_MAX {
            steps += 1;
            if self.is_time(at) {
                at = self.syntax.noun_at(at).map_or(at + 1, |noun| noun.tokens.end.max(at + 1));
            } else if self.tag(at) == Tag::Preposition || self.lower(at) == "to" {
                match self.syntax.noun_at(at + 1) {
                    Some(noun) => at = noun.tokens.end.max(at + 1),
                    None => break,
                }
            } else if self.tag(at) == Tag::Adverb
                || matches!(self.lower(at), "'s" | "'")
                || self.tag(at).is_nominal() && self.lower(at.wrapping_sub(1)) == "'s"
                || self.tag(at) == Tag::Number
            {
                at += 1;
            } else if steps == 1 && self.syntax.noun_at(at).is_some() && !self.starts_clause(at, sentence) {
                // A hearer: "told reporters", "told Coast Wire".
                at = self.syntax.noun_at(at).map_or(at + 1, |noun| noun.tokens.end.max(at + 1));
            } else {
                break;
            }
        }
        at
    }

    /// Adds what goes on behind a cue inside or after the statement.
    fn extend_after(&self, after: usize, sentence: &Range<usize>, contents: &mut Vec<Range<usize>>) {
        if !self.is_mark(after, &[",", "—", "–", "--", ":"])
            || after + 1 >= sentence.end && !self.opens_quote(after + 1)
        {
            return;
        }
        let start = after + 1;
        if self.opens_quote(start) {
            if let Some(quote) = self.quote_at(start) {
                contents.push(start..quote.tokens.end);
            }
            return;
        }
        if matches!(self.tag(start), Tag::Gerund | Tag::Relative)
            || LEXICON.adverbs.contains_key(self.lower(start))
        {
            return;
        }
        let quoted = contents.first().is_some_and(|content| self.quote_at(content.end - 1).is_some());
        if quoted
            || matches!(
                self.lower(start),
                "who" | "which" | "speaking" | "citing" | "adding" | "referring" | "a" | "according"
            )
        {
            return;
        }
        contents.push(start..self.content_end(start, sentence, false));
    }

    // --- extents -----------------------------------------------------------------------------

    /// What is said before a token, back to the start of its quotation or clause.
    fn content_before(&self, end: usize, sentence: &Range<usize>, floor: usize) -> Range<usize> {
        let Some(last) = end.checked_sub(1) else { return 0..0 };
        if let Some(quote) = self.quote_at(last) {
            if quote.tokens.start <= sentence.start {
                return quote.tokens.start..end;
            }
            let before = quote.tokens.start.saturating_sub(1);
            // The whole statement is the quotation, or it began before the quotation.
            if self.is_mark(before, &[".", "!", "?", ":"]) {
                return quote.tokens.start..end;
            }
        }
        let mut start = floor.max(sentence.start);
        while start < end
            && (self.is_mark(start, &[",", ";", "—", "–", "--", "-", "•", "*", "."])
                || start > sentence.start && matches!(self.lower(start), "and" | "but"))
        {
            start += 1;
        }
        start..end
    }

    /// Where what is said ends, from its start.
    fn content_end(&self, start: usize, sentence: &Range<usize>, behind_cue: bool) -> usize {
        if let Some(quote) = self.quote_at(start)
            && quote.tokens.start == start
        {
            // A quotation of whole sentences ends with its mark.
            if quote.tokens.end >= sentence.end.saturating_sub(1) || !behind_cue {
                return quote.tokens.end;
            }
        }
        self.clause_end(start, sentence)
    }

    /// The end of a clause: the sentence's end, or where another voice or a new clause sets in.
    fn clause_end(&self, start: usize, sentence: &Range<usize>) -> usize {
        let mut at = start;
        while at < sentence.end {
            if self.inside_quotation(at) {
                let end = self.quote_at(at).map_or(at + 1, |quote| quote.tokens.end);
                if end > sentence.end {
                    return end;
                }
                at = end.max(at + 1);
                continue;
            }
            if self.is_mark(at, &[";"]) {
                return at;
            }
            if self.is_mark(at, &[",", "—", "–", "--"]) && at > start && self.breaks_off(at + 1, sentence)
            {
                return at;
            }
            if matches!(self.lower(at), "and" | "but") && at > start && self.new_voice_after(at + 1, sentence)
            {
                return if self.is_mark(at - 1, &[","]) { at - 1 } else { at };
            }
            at += 1;
        }
        self.before_final_mark(start, sentence.end)
    }

    fn before_final_mark(&self, start: usize, mut end: usize) -> usize {
        if end > start && self.quote_at(end - 1).is_some_and(|quote| quote.tokens.end == end) {
            return end;
        }
        while end > start + 1 && self.is_mark(end - 1, &[".", ",", ";", ":", "—", "..."]) {
            end -= 1;
        }
        end
    }

    /// Behind a comma: a voice of its own, or a clause of the writer.
    fn breaks_off(&self, at: usize, sentence: &Range<usize>) -> bool {
        let word = self.lower(at);
        if matches!(word, "according") && self.lower(at + 1) == "to" {
            return true;
        }
        if word.ends_with("ing") && self.tag(at) == Tag::Gerund {
            return lexicon_lemma(word).is_some() || matches!(word, "speaking" | "referring");
        }
        if matches!(word, "while" | "although" | "though" | "whereas") {
            return self.new_voice_after(at + 1, sentence);
        }
        if matches!(word, "and" | "but") {
            return self.new_voice_after(at + 1, sentence);
        }
        false
    }

    /// Tells whether a subject and a verb of saying, or such a verb alone, follow.
    fn new_voice_after(&self, at: usize, sentence: &Range<usize>) -> bool {
        let mut token = at;
        let mut steps = 0;
        while token < sentence.end && steps < 10 {
            steps += 1;
            match self.tag(token) {
                Tag::Past | Tag::Present => {
                    return lexicon_lemma(self.lower(token)).is_some_and(|lemma| {
                        LEXICON.verbs.get(lemma).is_some_and(|entries| {
                            entries.iter().any(|&(_, class)| {
                                let class = &LEXICON.classes[class];
                                class.frames.contains(&Frame::Clause)
                                    || matches!(class.kind, Kind::Speech | Kind::Attitude)
                            })
                        })
                    });
                }
                Tag::Base
                | Tag::Gerund
                | Tag::Participle
                | Tag::Modal
                | Tag::Relative
                | Tag::Subordinator => return false,
                Tag::Mark if token > at && self.is_mark(token, &[".", ";", ":"]) => return false,
                _ => {}
            }
            token += 1;
        }
        false
    }

    /// The end of a noun phrase with what hangs on it.
    fn object_end(&self, start: usize, sentence: &Range<usize>) -> usize {
        let limit = self.clause_end(start, sentence);
        let mut at = start;
        let mut depth = 0usize;
        while at < limit {
            if self.inside_quotation(at) {
                at = self.quote_at(at).map_or(at + 1, |quote| quote.tokens.end).max(at + 1);
                continue;
            }
            let word = self.lower(at);
            if matches!(word, "(" | "[") {
                depth += 1;
            } else if matches!(word, ")" | "]") {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 && at > start {
                if self.is_mark(at, &[",", "—", "–", "--", ":"]) {
                    // A list goes on; a clause of its own does not belong to it.
                    let listed = self.list_goes_on(at, limit);
                    if !listed {
                        return at;
                    }
                }
                if matches!(
                    word,
                    "while"
                        | "when"
                        | "after"
                        | "because"
                        | "although"
                        | "though"
                        | "but"
                        | "before"
                        | "since"
                        | "until"
                        | "unless"
                ) || word == "as"
                    && self.syntax.noun_at(at + 1).is_some_and(|noun| self.is_finite(noun.tokens.end))
                {
                    return at;
                }
                if word == "and"
                    && (self.is_finite(at + 1) || self.tag(at + 1) == Tag::Adverb && self.is_finite(at + 2))
                {
                    return at;
                }
            }
            at += 1;
        }
        limit.min(at.max(start))
    }

    fn list_goes_on(&self, comma: usize, limit: usize) -> bool {
        // "…, and accountability": the last of a list.
        if matches!(self.lower(comma + 1), "and" | "or")
            && let Some(noun) = self.syntax.noun_at(comma + 2)
        {
            return !(noun.tokens.end..limit.min(noun.tokens.end + 3)).any(|token| self.is_finite(token));
        }
        let Some(noun) = self.syntax.noun_at(comma + 1) else { return false };
        let end = noun.tokens.end;
        end < limit
            && (self.is_mark(end, &[","]) && self.lower(end + 1) == "and"
                || matches!(self.lower(end), "and" | "or"))
    }

    /// The start of the clause that holds a token.
    fn clause_start(&self, at: usize, sentence: &Range<usize>, floor: usize) -> usize {
        let lowest = floor.max(sentence.start);
        let mut start = at;
        while start > lowest {
            let before = start - 1;
            if self.is_mark(before, &[",", ";", ":", "—", "–", "--"])
                || self.inside_quotation(before)
                || matches!(
                    self.lower(before),
                    "that" | "who" | "which" | "but" | "because" | "while" | "when" | "after"
                )
            {
                break;
            }
            start = before;
        }
        start
    }

    // --- sources -----------------------------------------------------------------------------

    /// The subject of a verb group.
    fn subject(&self, group: &Range<usize>, sentence: &Range<usize>) -> Option<Range<usize>> {
        let infinitive = (group.start..group.end).any(|token| self.lower(token) == "to");
        let gerund = group.len() == 1 && self.lower(group.end - 1).ends_with("ing");
        let before = group.start.checked_sub(1)?;
        if before < sentence.start {
            return if gerund { self.next_subject(group.end, sentence) } else { None };
        }
        if gerund
            && self.lower(before) == "as"
            && before > sentence.start
            && matches!(self.lower(before - 1), "quoted" | "cited")
        {
            let group = self.group(before - 1, sentence);
            return if self.is_passive(&group) {
                self.subject(&group, sentence)
            } else {
                self.noun_backward_in(before.checked_sub(2)?, sentence)
            };
        }
        if gerund && (self.tag(before).is_nominal() || self.is_mark(before, &[")"])) {
            // "with critics arguing that"
            return self.noun_backward_in(before, sentence);
        }
        if infinitive || gerund {
            return self.governing_subject(group.start, sentence);
        }
        let word = self.lower(before);
        if matches!(word, "and" | "or" | "but" | "then") {
            return self.governing_subject(before, sentence);
        }
        if self.tag(before) == Tag::Relative || word == "that" {
            return Some(before..before + 1);
        }
        if self.is_mark(before, &[",", "—", "–", "--"]) {
            return self.subject_before_insertion(before, sentence);
        }
        if self.is_mark(before, &[")"]) {
            let open = (sentence.start..before).rev().take(12).find(|&token| self.is_mark(token, &["("]))?;
            let mut range = self.noun_backward(open.checked_sub(1)?)?;
            range.end = before + 1;
            return Some(range);
        }
        self.noun_backward_in(before, sentence)
    }

    /// "X, a spokesman for Y, said" and "X, however, said".
    fn subject_before_insertion(&self, comma: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
        let mut open = comma;
        let mut steps = 0;
        // The insertion itself may hold commas ("a spokesman in Brisa, Kareth").
        let mut best = None;
        while open > sentence.start && steps < SOURCE_TOKENS_MAX {
            open -= 1;
            steps += 1;
            if self.inside_quotation(open) {
                break;
            }
            if self.is_mark(open, &[",", "—", "–", "--"]) && open > sentence.start {
                let noun_ends = self.syntax.noun_at(open - 1).is_some() || self.is_mark(open - 1, &[")"]);
                let first = self.lower(open + 1);
                let describes = matches!(
                    first,
                    "a" | "an" | "the" | "who" | "which" | "whose" | "one" | "both" | "now" | "then"
                ) || matches!(
                    self.tag(open + 1),
                    Tag::Number
                        | Tag::Noun
                        | Tag::Possessive
                        | Tag::Adjective
                        | Tag::Proper
                        | Tag::Participle
                );
                if noun_ends {
                    best = Some((open, describes));
                    if describes && !matches!(self.tag(open + 1), Tag::Proper) {
                        break;
                    }
                    if !describes {
                        break;
                    }
                }
            }
        }
        if let Some((open, describes)) = best {
            let mut range = self.noun_backward_in(open - 1, sentence)?;
            if describes {
                range.end = comma;
            }
            return Some(range);
        }
        // ", and said" and a quotation before: the subject of the clause.
        self.governing_subject(comma, sentence)
    }

    /// The subject of the nearest finite verb before a token.
    fn governing_subject(&self, at: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
        // The voice read last in this sentence speaks on.
        if let Some(voice) = self.found.last()
            && voice.cue.start >= sentence.start
            && voice.cue.end <= at
            && voice.source.is_some()
        {
            return voice.source.clone();
        }
        let mut token = sentence.start;
        while token < at {
            if self.is_finite(token) && !self.inside_quotation(token) && token > sentence.start {
                let mut start = token;
                while start > sentence.start
                    && matches!(
                        self.tag(start - 1),
                        Tag::Adverb | Tag::Auxiliary | Tag::Modal | Tag::Negation
                    )
                {
                    start -= 1;
                }
                let before = start.checked_sub(1)?;
                if before >= sentence.start {
                    if self.tag(before) == Tag::Relative {
                        token += 1;
                        continue;
                    }
                    if self.is_mark(before, &[","]) {
                        return self.subject_insertion_only(before, sentence);
                    }
                    return self.noun_backward_in(before, sentence);
                }
                return None;
            }
            token += 1;
        }
        None
    }

    fn subject_insertion_only(&self, comma: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
        let open = (sentence.start + 1..comma)
            .rev()
            .take(SOURCE_TOKENS_MAX)
            .find(|&token| self.is_mark(token, &[","]))?;
        let mut range = self.noun_backward_in(open - 1, sentence)?;
        range.end = comma;
        Some(range)
    }

    /// "Citing two officials, the paper said": the subject behind the comma.
    fn next_subject(&self, at: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
        let comma = (at..sentence.end.min(at + 40))
            .find(|&token| self.is_mark(token, &[","]) && !self.inside_quotation(token))?;
        let noun = self.syntax.noun_at(comma + 1)?;
        Some(noun.start..self.noun_forward(noun.start, sentence).unwrap_or(noun.tokens.end))
    }

    fn noun_backward_in(&self, last: usize, sentence: &Range<usize>) -> Option<Range<usize>> {
        let range = self.noun_backward(last)?;
        Some(range.start.max(sentence.start)..range.end).filter(|range| range.start < range.end)
    }

    /// The noun phrase that ends at a token, with the phrases it is tied to by *of*, *for*, *'s*.
    fn noun_backward(&self, last: usize) -> Option<Range<usize>> {
        let noun = self.syntax.noun_at(last)?;
        let end = last + 1;
        let mut start = noun.start;
        if noun.pronoun {
            return Some(last..end);
        }
        loop {
            if end - start > SOURCE_TOKENS_MAX || start == 0 || self.inside_quotation(start - 1) {
                break;
            }
            let before = start - 1;
            let word = self.lower(before);
            if matches!(word, "'s" | "'") || matches!(self.lower(start), "'s" | "'") {
                let owner = if matches!(word, "'s" | "'") { before.checked_sub(1) } else { Some(before) };
                match owner.and_then(|owner| self.syntax.noun_at(owner)) {
                    Some(owner) if owner.start < start => start = owner.start,
                    _ => break,
                }
                continue;
            }
            let links = matches!(
                word,
                "of" | "for"
                    | "in"
                    | "at"
                    | "from"
                    | "with"
                    | "on"
                    | "to"
                    | "near"
                    | "inside"
                    | "within"
                    | "against"
                    | "close"
                    | "by"
                    | "about"
            );
            if links && before > 0 {
                let previous = before - 1;
                // "officials familiar with the matter", "men briefed on it"
                if matches!(self.tag(previous), Tag::Adjective | Tag::Participle)
                    && previous > 0
                    && self.syntax.noun_at(previous - 1).is_some_and(|noun| noun.tokens.end == previous)
                    && self.syntax.noun_at(previous).is_none_or(|noun| noun.tokens.end <= previous)
                {
                    match self.syntax.noun_at(previous - 1) {
                        Some(owner) => start = owner.start,
                        None => break,
                    }
                    continue;
                }
                match self.syntax.noun_at(previous) {
                    Some(owner)
                        if owner.tokens.end == before && !owner.pronoun && !self.is_time(owner.head) =>
                    {
                        start = owner.start;
                        continue;
                    }
                    _ => break,
                }
            }
            if matches!(word, "and" | "&") && before > 0 {
                match self.syntax.noun_at(before - 1) {
                    Some(other) if other.tokens.end == before && self.begins_clause(other.start) => {
                        start = other.start;
                        continue;
                    }
                    _ => break,
                }
            }
            if self.tag(before) == Tag::Determiner || matches!(word, "a" | "the") {
                start = before;
                continue;
            }
            // "Mr. Hedge", "Gen. Malik", "Paul R. Pillar"
            if word == "." && before > 0 && self.is_abbreviation(before - 1) {
                start = self.syntax.noun_at(before - 1).map_or(before - 1, |noun| noun.start);
                continue;
            }
            // "a person familiar with": an adjective alone behind its noun.
            if self.tag(before).is_nominal() && self.tag(start) == Tag::Adjective {
                start = self.syntax.noun_at(before).map_or(before, |noun| noun.start);
                continue;
            }
            if self.tag(before) == Tag::Proper && self.tag(start) == Tag::Proper {
                start = self.syntax.noun_at(before).map_or(before, |noun| noun.start);
                continue;
            }
            break;
        }
        (start < end).then_some(start..end)
    }

    /// "Mr", "Gen", "J" directly before a full stop inside a name.
    fn is_abbreviation(&self, token: usize) -> bool {
        let (Some(word), Some(stop), Some(next)) = (
            self.document.tokens.get(token),
            self.document.tokens.get(token + 1),
            self.document.tokens.get(token + 2),
        ) else {
            return false;
        };
        matches!(word.shape, Shape::Capitalised | Shape::Capitals)
            && word.lower.len() <= 5
            && word.span.end() == stop.span.start()
            && stop.span.end() < next.span.start()
            && matches!(next.shape, Shape::Capitalised | Shape::Capitals | Shape::Mixed)
            && self.document.sentence_of(token) == self.document.sentence_of(token + 2)
    }

    fn begins_clause(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        self.document.sentence_of(at).is_some_and(|index| self.document.sentences[index].tokens.start == at)
            || matches!(self.tag(before), Tag::Subordinator | Tag::Conjunction)
            || self.is_mark(before, &[",", ":", ";"])
            || self.quote_at(before).is_some()
    }

    /// The end of the noun phrase that starts here, with what is tied to it.
    fn noun_forward(&self, at: usize, sentence: &Range<usize>) -> Option<usize> {
        let noun = self.syntax.noun_at(at)?;
        let mut end = noun.tokens.end;
        let mut steps = 0;
        while end < sentence.end && steps < 8 {
            steps += 1;
            let word = self.lower(end);
            if matches!(word, "'s" | "'") {
                match self.syntax.noun_at(end + 1).or_else(|| self.syntax.noun_at(end)) {
                    Some(next) if next.tokens.end > end => end = next.tokens.end,
                    _ => break,
                }
            } else if matches!(
                word,
                "of" | "for" | "in" | "at" | "from" | "with" | "on" | "near" | "by" | "and" | "to" | "about"
            ) {
                match self.syntax.noun_at(end + 1) {
                    Some(next)
                        if next.tokens.end > end
                            && !self.is_time(next.tokens.start)
                            && !(word == "and" && self.is_finite(next.tokens.end)) =>
                    {
                        end = next.tokens.end;
                    }
                    _ => break,
                }
            } else if self.is_mark(end, &["."]) && self.is_abbreviation(end - 1) {
                match self.syntax.noun_at(end + 1) {
                    Some(next) if next.tokens.end > end => end = next.tokens.end,
                    _ => break,
                }
            } else if self.tag(end).is_nominal()
                || self.tag(end) == Tag::Adjective && !self.is_mark(end, &["-"])
            {
                // "a law enforcement official", "officials familiar with it"
                end = self.syntax.noun_at(end).map_or(end + 1, |next| next.tokens.end.max(end + 1));
            } else if self.is_mark(end, &["("]) {
                match (end..sentence.end.min(end + 12)).find(|&token| self.is_mark(token, &[")"])) {
                    Some(close) => end = close + 1,
                    None => break,
                }
            } else {
                break;
            }
        }
        Some(end.min(sentence.end))
    }

    /// The end of a source that follows its cue, with an apposition.
    fn source_forward(&self, at: usize, sentence: &Range<usize>) -> Option<usize> {
        if self.opens_quote(at) {
            return self.quote_at(at).map(|quote| quote.tokens.end.min(sentence.end)).filter(|&end| end > at);
        }
        let end = self.noun_forward(at, sentence)?;
        let pronoun = self.syntax.noun_at(at).is_some_and(|noun| noun.pronoun);
        if !pronoun
            && (matches!(self.lower(end), "who" | "that")
                || matches!(self.tag(end), Tag::Participle | Tag::Past))
        {
            // "an official who oversaw the work", "a survey conducted in May"
            let close = (end..sentence.end.min(end + 20)).find(|&token| {
                self.is_mark(token, &[",", ";", ":"])
                    || self.inside_quotation(token)
                    || token + 1 >= sentence.end && self.is_mark(token, &["."])
            });
            return Some(close.unwrap_or(end));
        }
        if pronoun || !self.is_mark(end, &[","]) {
            return Some(end);
        }
        let first = end + 1;
        let describes =
            matches!(self.lower(first), "a" | "an" | "the" | "who" | "whose" | "one" | "his" | "her")
                || self.tag(first) == Tag::Noun
                || self.tag(first) == Tag::Number
                    && self.document.tokens.get(first).is_some_and(|token| token.shape == Shape::Number);
        if !describes || self.opens_quote(first) {
            return Some(end);
        }
        let mut close = first;
        let mut commas = 0;
        while close < sentence.end && close - first < SOURCE_TOKENS_MAX {
            if self.inside_quotation(close) && self.opens_quote(close) && self.is_mark(close - 1, &[",", "."])
            {
                break;
            }
            if self.is_mark(close, &[".", ";", ":"]) && close + 1 >= sentence.end {
                break;
            }
            if self.is_mark(close, &[","]) {
                commas += 1;
                let next = self.lower(close + 1);
                let goes_on = matches!(next, "a" | "an" | "the" | "who" | "and" | "which")
                    || self.tag(close + 1) == Tag::Proper;
                if !goes_on || commas > 3 {
                    break;
                }
            }
            close += 1;
        }
        // A finite verb right after would make the "apposition" a clause of its own.
        let has_clause = (first..close).any(|token| self.is_finite(token))
            && !(first..close).any(|token| self.tag(token) == Tag::Relative);
        Some(if has_clause { end } else { close })
    }

    // --- quotations without a cue of their own -----------------------------------------------

    /// Gives a quotation of whole sentences without a cue to the voice that spoke before it.
    fn attach_quotes(&mut self) {
        self.found.sort_by_key(|voice| (voice.cue.start, voice.cue.end));
        for index in 0..self.quotes.len() {
            let quote = self.quotes[index].clone();
            if quote.tokens.len() < 5 || !self.stands_alone(&quote) {
                continue;
            }
            let after = self.found.partition_point(|voice| voice.cue.start < quote.tokens.start);
            let near =
                self.found[after.saturating_sub(4)..(after + 3).min(self.found.len())].iter().any(|voice| {
                    voice
                        .contents
                        .iter()
                        .any(|content| content.start < quote.tokens.end && quote.tokens.start < content.end)
                });
            if near {
                continue;
            }
            let paragraph = self.paragraph_of(quote.tokens.start);
            let continued = index > 0
                && self.quotes[index - 1].open
                && self.paragraph_of(self.quotes[index - 1].tokens.start) + 1 == paragraph;
            let Some(voice) = self.found[..after].iter_mut().rev().take(4).find(|voice| {
                voice.kind == Kind::Speech
                    && voice.source.is_some()
                    && (voice.quoted
                        || voice.contents.iter().all(|content| content.end <= quote.tokens.start))
            }) else {
                continue;
            };
            let speaker_paragraph = paragraph_at(self.document, voice.cue.start);
            let last = voice.contents.iter().map(|content| content.end).max().unwrap_or(0).max(voice.cue.end);
            if speaker_paragraph == paragraph && voice.quoted
                || continued && quote.tokens.start.saturating_sub(last) < 12
            {
                voice.contents.push(quote.tokens.clone());
            }
        }
    }

    /// Whether a quotation begins and ends with sentences.
    fn stands_alone(&self, quote: &Quotation) -> bool {
        let before = quote.tokens.start.checked_sub(1);
        let starts = before.is_none_or(|before| {
            self.is_mark(before, &[".", "!", "?", ":"])
                || self.paragraph_of(before) != self.paragraph_of(quote.tokens.start)
                || self.quote_at(before).is_some()
        });
        let end = quote.tokens.end;
        let ends = end >= self.document.tokens.len()
            || self.paragraph_of(end) != self.paragraph_of(end - 1)
            || self
                .document
                .sentence_of(end)
                .is_some_and(|index| self.document.sentences[index].tokens.start == end)
            || self.is_mark(end, &["."]);
        starts && ends
    }

    fn paragraph_of(&self, token: usize) -> u32 {
        paragraph_at(self.document, token)
    }
}

fn paragraph_at(document: &Document<'_>, token: usize) -> u32 {
    document.sentence_of(token).map_or(u32::MAX, |index| document.sentences[index].paragraph)
}

/// Pairs quotation marks within paragraphs. A paragraph that ends inside a quotation closes it.
fn quotations(document: &Document<'_>) -> Vec<Quotation> {
    let mut found: Vec<Quotation> = Vec::new();
    let mut open: Option<usize> = None;
    let mut paragraph = 0;
    let mut last = 0;
    for sentence in &document.sentences {
        if sentence.paragraph != paragraph {
            if let Some(start) = open.take() {
                found.push(Quotation { tokens: start..last, open: true });
            }
            paragraph = sentence.paragraph;
        }
        for token in sentence.tokens.clone() {
            if document.tokens[token].shape == Shape::Quote {
                let opens = match document.word(token) {
                    "“" | "„" | "«" | "``" | "‘‘" => Some(true),
                    "”" | "»" | "’’" => Some(false),
                    _ => None,
                };
                match (open, opens) {
                    // A second opening mark without a closing one: the first was never closed.
                    (Some(start), Some(true)) => {
                        found.push(Quotation { tokens: start..token, open: true });
                        open = Some(token);
                    }
                    (Some(start), _) => {
                        found.push(Quotation { tokens: start..token + 1, open: false });
                        open = None;
                    }
                    (None, Some(false)) => {}
                    (None, _) => open = Some(token),
                }
            }
        }
        last = sentence.tokens.end;
    }
    if let Some(start) = open {
        found.push(Quotation { tokens: start..last, open: true });
    }
    found.retain(|quote| quote.tokens.start < quote.tokens.end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(String, String, String)> {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        let words = |span: Option<Span>| span.map_or(String::new(), |span| text[span.range()].to_owned());
        find(&document, &syntax, &[], None)
            .iter()
            .map(|found| (words(found.source), words(found.cue), words(Some(found.content))))
            .collect()
    }

    fn one(text: &str) -> Attribution {
        let document = Document::new(text);
        let syntax = Syntax::of(&document);
        find(&document, &syntax, &[], None)
            .into_iter()
            .next()
            .unwrap_or_else(|| panic!("nothing found in {text}"))
    }

    /// Runs an example "text => source | cue | content", where "…" stands between pieces.
    fn check_match(example: &str) -> Result<(), String> {
        let (text, wanted) = example.split_once(" => ").ok_or_else(|| format!("no => in {example}"))?;
        let wanted: Vec<&str> = wanted.split('|').map(str::trim).collect();
        let [source, cue, content] = wanted[..] else { return Err(format!("no three parts in {example}")) };
        let found = read(text);
        let pieces: Vec<&str> = found
            .iter()
            .filter(|found| found.0 == source && found.1 == cue)
            .map(|found| found.2.as_str())
            .collect();
        if pieces.join(" … ") == content { Ok(()) } else { Err(format!("{example}\n    found {found:?}")) }
    }

    #[test]
    fn every_lexicon_entry_matches_its_examples_and_not_its_near_misses() {
        let file: LexiconFile = toml::from_str(include_str!("../../../lexicons/en/voices.toml")).unwrap();
        let classes = file.class.iter().map(|class| (&class.matches, &class.misses));
        let nouns = file.noun.iter().map(|class| (&class.matches, &class.misses));
        let adverbs = file.adverb.iter().map(|class| (&class.matches, &class.misses));
        let mut wrong = Vec::new();
        for (matches, misses) in classes.chain(nouns).chain(adverbs) {
            assert!(!matches.is_empty() && !misses.is_empty());
            wrong.extend(matches.iter().filter_map(|example| check_match(example).err()));
            for miss in misses {
                let found = read(miss);
                if !found.is_empty() {
                    wrong.push(format!("{miss}\n    must not match: {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    }

    #[test]
    fn a_quotation_split_by_its_cue_comes_in_two_pieces_of_one_statement() {
        let found =
            read("“We will stay,” said Omar Hale, a spokesman for the rebels. “Nobody will drive us out.”");
        let speaker = "Omar Hale, a spokesman for the rebels";
        let cue = "said";
        assert_eq!(
            found,
            [
                (speaker.to_owned(), cue.to_owned(), "We will stay".to_owned()),
                (speaker.to_owned(), cue.to_owned(), "Nobody will drive us out".to_owned()),
            ]
        );
    }

    #[test]
    fn a_quotation_left_open_goes_on_in_the_next_paragraph() {
        let found = read(
            "“They came at dawn,” the mayor said. “They took the bridge.\n\n“Then they burned the school.”",
        );
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found.iter().all(|found| found.0 == "the mayor"));
    }

    #[test]
    fn a_statement_inside_a_statement_points_to_it() {
        let text = "Two officials said the army believed that rebels had laid the mine.";
        let document = Document::new(text);
        let found = find(&document, &Syntax::of(&document), &[], None);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].within, None);
        assert_eq!(found[1].within, Some(AttributionIndex(0)));
    }

    #[test]
    fn nobody_in_particular_is_unnamed_and_a_post_is_official() {
        for (text, kind) in [
            ("Security experts warn that the truce could collapse.", SourceKind::Unnamed),
            ("Reliable sources say that the camp is empty.", SourceKind::Unnamed),
            ("Police said that the road was closed.", SourceKind::Official),
            ("A police spokesman said that the road was closed.", SourceKind::Official),
            ("The Interior Ministry said that the road was closed.", SourceKind::NamedOrganisation),
            ("Lena Okafor said that the road was closed.", SourceKind::NamedPerson),
            ("The Harbour Times newspaper reported that the road was closed.", SourceKind::Media),
            ("A report by the Lake Institute found that the road was closed.", SourceKind::Document),
        ] {
            assert_eq!(one(text).source_kind, kind, "{text}");
        }
    }

    #[test]
    fn a_claim_of_responsibility_is_told_from_a_claim() {
        assert_eq!(
            one("The group claimed responsibility for the blast.").stance,
            Stance::ClaimsResponsibility
        );
        assert_eq!(one("The group claimed that the road was closed.").stance, Stance::Asserts);
        assert_eq!(one("The army accused rebels of shelling the port.").stance, Stance::Accuses);
        assert_eq!(one("The army denied that it had shelled the port.").stance, Stance::Denies);
    }

    #[test]
    fn what_words_mean_and_what_may_come_are_no_events() {
        let text = "The raid signals a worrying escalation of the conflict. Militants could attack again. \
                    Rain fell. Militants attacked the port.";
        let document = Document::new(text);
        let found = judgements(&document, &Syntax::of(&document), &[]);
        let kinds: Vec<JudgementKind> = found.iter().map(|judgement| judgement.kind).collect();
        assert_eq!(kinds, [JudgementKind::Assessment, JudgementKind::Outlook]);
    }

    #[test]
    fn a_text_without_any_stop_gives_no_more_voices_than_cues() {
        let text = "the man who said that ".repeat(5000);
        let document = Document::new(&text);
        let found = find(&document, &Syntax::of(&document), &[], None);
        assert!(!found.is_empty() && found.len() <= 5000);
    }

    proptest! {
        #[test]
        fn whatever_the_text_spans_quote_it(words in proptest::collection::vec(
            prop_oneof![
                Just("said"), Just("that"), Just("“"), Just("”"), Just("\""), Just("''"), Just(","), Just("."), Just("\n\n"),
                Just("according"), Just("to"), Just("the"), Just("army"), Just("Kabul"), Just("was"), Just("by"), Just("'s"),
                Just("reportedly"), Just("claims"), Just("believed"), Just("("), Just(")"), Just("told"), Just("ÉTÉ"), Just("he"),
                Just("and"), Just(":"), Just("Mr"), Just("who"), Just("12"), Just("denied"), Just("fear"), Just("as")
            ], 0..60), joined in "[ \n]") {
            let text = words.join(&joined);
            for text in [text.clone(), text.to_uppercase(), text.to_lowercase()] {
                let document = Document::new(&text);
                let syntax = Syntax::of(&document);
                let found = find(&document, &syntax, &[], None);
                for attribution in &found {
                    prop_assert!(text.get(attribution.content.range()).is_some());
                    for span in [attribution.source, attribution.cue].into_iter().flatten() {
                        prop_assert!(text.get(span.range()).is_some());
                    }
                    if let Some(AttributionIndex(outer)) = attribution.within {
                        prop_assert!((outer as usize) < found.len());
                    }
                }
                judgements(&document, &syntax, &found);
            }
        }
    }
}
