//! What are the words of a text: names, acts, sources, what is said? A small neural network's answer.
//!
//! [`Tagger::read`] cuts a text into words ([`wordpiece`]) and windows, runs the network over each
//! window and returns an [`Encoded`] text, which can be asked everything that the model was
//! trained to answer. Reading is a pure function of the text and the model: it is the same on every
//! processor and whatever is read beside it.

mod encoded;
mod encoder;
mod heads;
#[cfg(test)]
mod sample;
mod spans;
mod tensors;
mod windows;
pub mod wordpiece;

pub use encoded::{Distribution, Encoded, TaggedSpan};
pub use encoder::kernels::Isa;

use encoder::{Encoder, Piece, Scratch, VOCABULARY};
use heads::Heads;
use std::ops::Range;
use std::sync::OnceLock;
use tensors::Tensors;
use wordpiece::{Case, Vocabulary};

/// A model that cannot be used, and why.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is not one of tensors, or is damaged.
    #[error("cannot read the file of weights")]
    File {
        /// What is wrong with it.
        source: safetensors::SafeTensorError,
    },
    /// The file does not say which heads it has.
    #[error("cannot use the model: it has no description")]
    NoCard,
    /// The description is not in the form that is known.
    #[error("cannot read the model's description")]
    Card {
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The description is of another version.
    #[error("cannot use a model of version {found}: version {needed} is needed")]
    CardVersion {
        /// The version of the model.
        found: u32,
        /// The version that is understood.
        needed: u32,
    },
    /// A head is described that cannot be run.
    #[error("cannot use head {name}: {reason}")]
    Head {
        /// The head.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A tensor is not there.
    #[error("cannot use the model: tensor {name} is missing")]
    NoTensor {
        /// The tensor.
        name: String,
    },
    /// A tensor is of another type or shape.
    #[error("cannot use tensor {name}: it is {found} and not {needed}")]
    Shape {
        /// The tensor.
        name: String,
        /// Its type and shape.
        found: String,
        /// Those it should have.
        needed: String,
    },
    /// A tensor holds an infinity or no number at all.
    #[error("cannot use tensor {name}: a value is not a finite number")]
    NotFinite {
        /// The tensor.
        name: String,
    },
    /// The list of pieces is not the one that the network knows.
    #[error("cannot use the vocabulary: {reason}")]
    Vocabulary {
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// The network with its vocabulary and heads.
#[derive(Debug)]
pub struct Tagger {
    vocabulary: Vocabulary,
    encoder: Encoder,
    heads: Heads,
    isa: Isa,
}

impl Tagger {
    /// Returns the model that is compiled in; the first call takes it apart.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Tagger> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            Self::from_bytes(
                include_bytes!("../model/embeddings.safetensors"),
                include_bytes!("../model/tagger.safetensors"),
                include_str!("../model/vocab.txt"),
            )
            .expect("the compiled-in model is the one that the tests read with")
        })
    }

    /// Takes a model from its three files: the table of pieces, all other weights, and the pieces as text.
    pub fn from_bytes(embeddings: &[u8], tagger: &[u8], vocabulary: &str) -> Result<Self, Error> {
        let vocabulary = Vocabulary::from_text(vocabulary)?;
        if vocabulary.len != VOCABULARY {
            return Err(Error::Vocabulary { reason: "it has another number of pieces" });
        }
        let tensors = Tensors::read(tagger)?;
        let encoder = Encoder::load(&Tensors::read(embeddings)?, &tensors)?;
        Ok(Self { vocabulary, encoder, heads: Heads::load(&tensors)?, isa: Isa::best() })
    }

    /// Uses other instructions than the fastest, which changes how long reading takes and nothing else.
    #[must_use]
    pub fn with_instructions(self, isa: Isa) -> Self {
        Self { isa, ..self }
    }

    /// Reads a text whose sentences stand at `sentences`, in bytes.
    ///
    /// The sentences say where the text may be cut into windows, and nothing else: text outside them is
    /// read too, and a sentence that is out of order or beyond the text does no harm.
    pub fn read(&self, text: &str, sentences: &[Range<usize>]) -> Encoded<'_> {
        let cut = self.vocabulary.words(text);
        let windows = windows::windows(&cut.words, sentences);
        let mut encoded = Encoded::new(self, windows.len());
        let mut scratch = Scratch::default();
        let mut window = Vec::new();
        for (number, words) in windows.into_iter().enumerate() {
            let words_here = &cut.words[words.clone()];
            let frame = |number| Piece { number, case: Case::None };
            window.clear();
            window.push(frame(self.vocabulary.first));
            let mut heads_at = Vec::with_capacity(words_here.len());
            for word in words_here {
                heads_at.push(window.len());
                let pieces = &cut.pieces[word.pieces.clone()];
                window.extend(pieces.iter().map(|&number| Piece { number, case: word.case }));
            }
            window.push(frame(self.vocabulary.last));
            let vectors = self.encoder.encode(self.isa, &window, number, &mut scratch);
            encoded.push_window(words_here, &heads_at, vectors);
        }
        encoded
    }

    /// Returns the names of all heads and of their labels, in the order of the model.
    pub fn heads(&self) -> impl Iterator<Item = (&str, &[String])> {
        let Heads { tags, classes, scores, pairs, windows } = &self.heads;
        let flat = tags.iter().map(|(head, _)| head).chain(classes).chain(scores).chain(windows);
        let flat = flat.map(|head| (head.name.as_str(), head.labels.as_slice()));
        flat.chain(pairs.iter().map(|head| (head.name.as_str(), head.labels.as_slice())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sample::{Random, VOCABULARY_TEXT};

    /// The starts of sentences, plainly found.
    fn sentences(text: &str) -> Vec<Range<usize>> {
        let mut start = 0;
        let ends = text.match_indices(". ").map(|(at, _)| at + 2).chain([text.len()]);
        ends.map(|end| std::mem::replace(&mut start, end)..end).collect()
    }

    const STORY: &str = "Rebels of the River Front killed three soldiers near Brisa on Monday, the army said. \
        A spokesman for the front denied it. Residents had fled TTP checkpoints by the 12th.";

    fn bits(encoded: &Encoded) -> Vec<u32> {
        let words = (0..encoded.words().len()).filter_map(|word| encoded.vector(word)).flatten();
        words.map(|number| number.to_bits()).collect()
    }

    #[test]
    fn every_set_of_instructions_reads_the_same_to_the_last_bit() {
        let mut tagger =
            Tagger::from_bytes(sample::embeddings(), &sample::weights(sample::CARD), VOCABULARY_TEXT)
                .unwrap();
        let mut readings = Vec::new();
        for isa in Isa::all() {
            tagger.isa = isa;
            let encoded = tagger.read(STORY, &sentences(STORY));
            let pair = encoded.pair("argument", 2, 9).unwrap();
            readings.push((bits(&encoded), encoded.spans("mention").len(), pair.best().1.to_bits()));
        }
        assert!(readings.iter().all(|reading| *reading == readings[0]));
    }

    #[test]
    fn a_window_reads_the_same_whatever_follows_it() {
        let tagger = sample::tagger();
        let long = format!("{STORY} {}", "The council met on Tuesday and agreed on nothing. ".repeat(40));
        let short = tagger.read(&long[..STORY.len()], &[]);
        let long = tagger.read(&long, &[0..STORY.len(), STORY.len() + 1..long.len()]);
        assert!(long.windows().len() > 2);
        assert_eq!(bits(&long)[..bits(&short).len()], bits(&short));
    }

    #[test]
    fn the_vectors_depend_on_case_and_context() {
        let tagger = sample::tagger();
        let vector = |text: &str, word| tagger.read(text, &[]).vector(word).unwrap().to_vec();
        assert_eq!(vector("the march ended", 1), vector("the march ended", 1));
        assert_ne!(vector("the march ended", 1), vector("the March ended", 1));
        assert_ne!(vector("the march ended", 1), vector("the march began", 1));
    }

    #[test]
    fn hostile_texts_are_read_without_harm() {
        let tagger = sample::tagger();
        let long_word = "x".repeat(100_000);
        let marks = "e\u{301}\u{301}".repeat(500);
        let texts = [
            "",
            " \n\t",
            "\0\0",
            "😀😀 👩‍👩‍👧",
            "\u{202e}abc\u{200b}def",
            "…",
            &long_word,
            &marks,
            "[CLS] [SEP]",
        ];
        for text in texts {
            let odd =
                [Range { start: 5, end: 2 }, text.len()..text.len() + 9, 1..2, usize::MAX..usize::MAX, 0..0];
            for sentences in [&[][..], &odd] {
                let encoded = tagger.read(text, sentences);
                for word in encoded.words() {
                    assert!(text.get(word.clone()).is_some_and(|word| !word.is_empty()));
                }
                let last = encoded.words().len();
                assert!(
                    encoded.tag("mention", last).is_none() && encoded.pair("argument", 0, last).is_none()
                );
                assert!(encoded.spans("cue").iter().all(|span| text.get(span.span.clone()).is_some()));
            }
        }
        assert_eq!(tagger.read(&long_word, &[]).words().last(), Some(&(0..100_000)));
        assert!(tagger.read("", &[]).window("relevant", 0).is_none());
    }

    #[test]
    fn a_sentence_of_many_windows_is_read_in_full() {
        let text = "and so the march went on ".repeat(300);
        let encoded = sample::tagger().read(&text, &[]);
        assert_eq!(encoded.words().len(), 1_800);
        assert!(encoded.windows().len() >= 1_800 / 190);
        assert!(encoded.windows().all(|window| window.len() <= 190));
        assert_eq!(encoded.window_of(1_799), Some(encoded.windows().len() - 1));
        assert_eq!(encoded.word_at(text.len() - 3), Some(1_799));
    }

    #[test]
    fn heads_answer_in_their_own_words_and_unknown_ones_not_at_all() {
        let encoded = sample::tagger().read(STORY, &sentences(STORY));
        let stance = encoded.class("stance", 1).unwrap();
        let total: f32 = stance.iter().map(|(_, probability)| probability).sum();
        assert!((total - 1.0).abs() < 1e-5);
        assert_eq!(stance.of(stance.best().0), stance.best().1);
        assert_eq!(stance.of("regrets"), 0.0);
        assert!(encoded.score("factuality", 3).unwrap().is_finite());
        assert!(encoded.class("mention", 1).is_none() && encoded.tag("stance", 1).is_none());
        assert!(encoded.spans("weather").is_empty() && encoded.score("weather", 0).is_none());
        for span in encoded.spans("mention") {
            assert!(["person", "place"].contains(&span.label) && (0.0..=1.0).contains(&span.score));
            assert_eq!(span.span.start, encoded.words()[span.words.start].start);
        }
    }

    #[test]
    fn descriptions_that_do_not_fit_are_refused() {
        let refused = |from: &str, to: &str| {
            let card = sample::CARD.replacen(from, to, 1);
            assert_ne!(card, sample::CARD);
            let weights = sample::weights(&card);
            let error = Tagger::from_bytes(sample::embeddings(), &weights, VOCABULARY_TEXT).unwrap_err();
            error.to_string()
        };
        assert_eq!(
            refused("\"version\": 1", "\"version\": 2"),
            "cannot use a model of version 2: version 1 is needed"
        );
        assert_eq!(refused("{", "["), "cannot read the model's description");
        assert_eq!(refused("\"cue\"", "\"mention\""), "cannot use head mention: it is described twice");
        assert_eq!(refused("0.5", "0.0"), "cannot use head cue: its temperature is not above 0");
        assert_eq!(
            refused("I-place", "I-palace"),
            "cannot use head mention: its labels are not O and pairs of B and I"
        );
        assert_eq!(
            refused("\"denies\"", "\"denies\", \"x\""),
            "cannot use tensor head.stance.w: it is F32 [2, 384] and not F32 [3, 384]"
        );
        assert_eq!(
            refused("\"relevant\"", "\"event\""),
            "cannot use the model: tensor head.event.w is missing"
        );
    }

    #[test]
    fn damaged_files_are_refused_or_read_but_never_harm() {
        let whole = [sample::embeddings().to_vec(), sample::weights(sample::CARD)];
        let mut random = Random(3);
        let mut refused = 0;
        for turn in 0..60 {
            let mut files = whole.clone();
            let file = &mut files[turn % 2];
            if random.below(6) == 0 {
                file.truncate(random.below(file.len()));
            }
            // Mostly in the head, where the names and shapes are.
            let head = 8 + u64::from_le_bytes(whole[turn % 2][..8].try_into().unwrap()) as usize;
            for _ in 0..=random.below(3) {
                let end = if random.below(4) == 0 { file.len() } else { head.min(file.len()) };
                let at = random.below(end.max(1));
                if let Some(byte) = file.get_mut(at) {
                    *byte = random.next() as u8;
                }
            }
            match Tagger::from_bytes(&files[0], &files[1], VOCABULARY_TEXT) {
                Ok(tagger) => assert_eq!(tagger.read("a march", &[]).words().len(), 2),
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 20, "{refused}");
    }
}
