//! What does the network say of a text that it has read?

use crate::Tagger;
use crate::encoder::Vector;
use crate::encoder::kernels::Isa;
use crate::heads::{Flat, Half};
use crate::spans::{Stretch, Tags, greatest};
use crate::wordpiece::Word;
use std::ops::Range;
use std::sync::OnceLock;

/// A text as the network sees it: words, each with its vector.
///
/// Answers are computed when they are asked for. Heads and labels go by the names that the model gives
/// them; a head that the model does not have, or a word that the text does not have, gives no answer.
#[derive(Debug)]
pub struct Encoded<'t> {
    tagger: &'t Tagger,
    words: Vec<Range<usize>>,
    vectors: Vec<Vector>,
    windows: Vec<Window>,
    /// For each tag head, the scores of all words.
    tags: Vec<OnceLock<Vec<f32>>>,
    /// For each pair head, what it makes of each word.
    halves: Vec<OnceLock<Halves>>,
}

#[derive(Debug)]
struct Window {
    words: Range<usize>,
    vector: Vector,
}

/// What a pair head makes of each word as the first and as the second of a pair, where it was asked.
#[derive(Debug)]
struct Halves {
    first: Vec<OnceLock<Box<Half>>>,
    second: Vec<OnceLock<Box<Half>>>,
}

/// How likely each label of a head is; all together are 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution<'t> {
    labels: &'t [String],
    probabilities: Vec<f32>,
}

/// A stretch of words that a tag head has found.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedSpan<'t> {
    /// Of which kind; empty where the head knows only one.
    pub label: &'t str,
    /// Its words.
    pub words: Range<usize>,
    /// Where it stands, in bytes of the text.
    pub span: Range<usize>,
    /// How likely its words are of this kind, on average.
    pub score: f32,
}

impl<'t> Distribution<'t> {
    fn of_scores(isa: Isa, labels: &'t [String], mut scores: Vec<f32>, temperature: f32) -> Self {
        for score in &mut scores {
            *score /= temperature;
        }
        isa.softmax(&mut scores);
        Self { labels, probabilities: scores }
    }

    /// The likeliest label and its probability.
    pub fn best(&self) -> (&'t str, f32) {
        let best = greatest(&self.probabilities);
        (&self.labels[best], self.probabilities[best])
    }

    /// The probability of a label, 0 for one that the head does not have.
    pub fn of(&self, label: &str) -> f32 {
        let found = self.labels.iter().position(|other| other == label);
        found.map_or(0.0, |at| self.probabilities[at])
    }

    /// All labels with their probabilities.
    pub fn iter(&self) -> impl Iterator<Item = (&'t str, f32)> {
        self.labels.iter().map(String::as_str).zip(self.probabilities.iter().copied())
    }
}

impl<'t> Encoded<'t> {
    pub(crate) fn new(tagger: &'t Tagger, windows: usize) -> Self {
        let mut tags = Vec::new();
        tags.resize_with(tagger.heads.tags.len(), OnceLock::new);
        let mut halves = Vec::new();
        halves.resize_with(tagger.heads.pairs.len(), OnceLock::new);
        let windows = Vec::with_capacity(windows);
        Self { tagger, words: Vec::new(), vectors: Vec::new(), windows, tags, halves }
    }

    /// Adds a window; `heads_at` says which of the vectors are those of its words.
    pub(crate) fn push_window(&mut self, words: &[Word], heads_at: &[usize], vectors: &[Vector]) {
        let first = self.words.len();
        self.words.extend(words.iter().map(|word| word.span.clone()));
        self.vectors.extend(heads_at.iter().map(|&at| vectors[at]));
        self.windows.push(Window { words: first..self.words.len(), vector: vectors[0] });
    }

    /// Where the words stand, in bytes of the text.
    pub fn words(&self) -> &[Range<usize>] {
        &self.words
    }

    /// Which words the network saw together, window by window.
    pub fn windows(&self) -> impl ExactSizeIterator<Item = Range<usize>> {
        self.windows.iter().map(|window| window.words.clone())
    }

    /// The window that a word is in.
    pub fn window_of(&self, word: usize) -> Option<usize> {
        let after = self.windows.partition_point(|window| window.words.end <= word);
        (after < self.windows.len()).then_some(after)
    }

    /// The first word that ends after a byte of the text: the word there, or else the next.
    pub fn word_at(&self, offset: usize) -> Option<usize> {
        let found = self.words.partition_point(|word| word.end <= offset);
        (found < self.words.len()).then_some(found)
    }

    /// What the network knows of a word in its context.
    pub fn vector(&self, word: usize) -> Option<&[f32]> {
        self.vectors.get(word).map(|vector| vector.as_slice())
    }

    /// How likely each tag of a word is.
    pub fn tag(&self, head: &str, word: usize) -> Option<Distribution<'t>> {
        let (flat, _, scores) = self.tag_scores(head)?;
        let row = scores.chunks_exact(flat.labels.len()).nth(word)?;
        Some(Distribution::of_scores(self.tagger.isa, &flat.labels, row.to_vec(), flat.temperature))
    }

    /// The stretches that a tag head finds, in the order of the text.
    pub fn spans(&self, head: &str) -> Vec<TaggedSpan<'t>> {
        self.spans_leaning(head, 0.0)
    }

    /// The stretches that a tag head finds if `outside` is added to the score of no stretch at each word:
    /// below 0, more is found.
    pub fn spans_leaning(&self, head: &str, outside: f32) -> Vec<TaggedSpan<'t>> {
        let Some((flat, tags, scores)) = self.tag_scores(head) else { return Vec::new() };
        let span = |stretch: Stretch| {
            let Range { start, end } = stretch.words;
            let rows = scores[start * flat.labels.len()..].chunks_exact(flat.labels.len());
            let likely = rows.take(end - start).map(|row| {
                let tag =
                    Distribution::of_scores(self.tagger.isa, &flat.labels, row.to_vec(), flat.temperature);
                tags.probability(&stretch, &tag.probabilities)
            });
            TaggedSpan {
                label: tags.name(&stretch),
                score: likely.sum::<f32>() / (end - start) as f32,
                span: self.words[start].start..self.words[end - 1].end,
                words: start..end,
            }
        };
        tags.stretches(scores, outside).into_iter().map(span).collect()
    }

    /// How likely each class of a word is.
    pub fn class(&self, head: &str, word: usize) -> Option<Distribution<'t>> {
        let flat = find(&self.tagger.heads.classes, head)?;
        let scores = flat.scores(self.tagger.isa, self.vectors.get(word)?);
        Some(Distribution::of_scores(self.tagger.isa, &flat.labels, scores, flat.temperature))
    }

    /// The number that a score head gives a word.
    pub fn score(&self, head: &str, word: usize) -> Option<f32> {
        let flat = find(&self.tagger.heads.scores, head)?;
        flat.scores(self.tagger.isa, self.vectors.get(word)?).first().copied()
    }

    /// How likely each relation of two words is. Only words of one window were seen together in training.
    pub fn pair(&self, head: &str, first: usize, second: usize) -> Option<Distribution<'t>> {
        let at = self.tagger.heads.pairs.iter().position(|pair| pair.name == head)?;
        let (pair, isa) = (&self.tagger.heads.pairs[at], self.tagger.isa);
        let halves = self.halves[at].get_or_init(|| Halves::new(self.vectors.len()));
        let (one, other) = (self.vectors.get(first)?, self.vectors.get(second)?);
        let one = halves.first[first].get_or_init(|| Box::new(pair.first_half(isa, one)));
        let other = halves.second[second].get_or_init(|| Box::new(pair.second_half(isa, other)));
        let scores = pair.scores(isa, (one, other), first, second);
        Some(Distribution::of_scores(isa, &pair.labels, scores, pair.temperature))
    }

    /// How likely each class of a window is.
    pub fn window(&self, head: &str, window: usize) -> Option<Distribution<'t>> {
        let flat = find(&self.tagger.heads.windows, head)?;
        let scores = flat.scores(self.tagger.isa, &self.windows.get(window)?.vector);
        Some(Distribution::of_scores(self.tagger.isa, &flat.labels, scores, flat.temperature))
    }

    fn tag_scores(&self, head: &str) -> Option<(&'t Flat, &'t Tags, &[f32])> {
        let at = self.tagger.heads.tags.iter().position(|(flat, _)| flat.name == head)?;
        let (flat, tags) = &self.tagger.heads.tags[at];
        let all = || self.vectors.iter().flat_map(|vector| flat.scores(self.tagger.isa, vector)).collect();
        Some((flat, tags, self.tags[at].get_or_init(all)))
    }
}

impl Halves {
    fn new(words: usize) -> Self {
        let empty = || {
            let mut halves = Vec::new();
            halves.resize_with(words, OnceLock::new);
            halves
        };
        Self { first: empty(), second: empty() }
    }
}

fn find<'h>(heads: &'h [Flat], name: &str) -> Option<&'h Flat> {
    heads.iter().find(|head| head.name == name)
}
