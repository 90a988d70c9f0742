//! A model of the right shape with random weights, for tests of everything but sense.

use crate::Tagger;
use crate::encoder::{HIDDEN, VOCABULARY};
use safetensors::tensor::{Dtype, TensorView};
use std::sync::OnceLock;

/// The pieces of the shipped model.
pub const VOCABULARY_TEXT: &str = include_str!("../model/vocab.txt");

/// Numbers that look random and are the same every time.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A number from -1 to 1.
    pub fn number(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    }

    fn integers(&mut self, len: usize) -> Vec<u8> {
        (0..len.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(len).collect()
    }

    fn floats(&mut self, len: usize, middle: f32, reach: f32) -> Vec<u8> {
        (0..len).flat_map(|_| (middle + reach * self.number()).to_le_bytes()).collect()
    }
}

type Tensor = (String, Dtype, Vec<usize>, Vec<u8>);

fn file(tensors: &[Tensor], card: Option<&str>) -> Vec<u8> {
    let views = tensors.iter().map(|(name, dtype, shape, data)| {
        (name, TensorView::new(*dtype, shape.clone(), data).expect("the data has the size of the shape"))
    });
    let metadata = card.map(|card| [("headwater".to_owned(), card.to_owned())].into_iter().collect());
    safetensors::serialize(views, metadata).expect("tensors that are in memory can be written")
}

/// The table of pieces.
pub fn embeddings() -> &'static [u8] {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| {
        let mut random = Random(1);
        let table = random.integers(VOCABULARY * HIDDEN);
        let scales = random.floats(VOCABULARY, 0.002, 0.001);
        file(
            &[
                ("tok_q".to_owned(), Dtype::I8, vec![VOCABULARY, HIDDEN], table),
                ("tok_scale".to_owned(), Dtype::F32, vec![VOCABULARY], scales),
            ],
            None,
        )
    })
}

/// A description with one head of each kind.
pub const CARD: &str = r#"{"version": 1, "seed": 7, "heads": [
    {"name": "mention", "kind": "tag", "labels": ["O", "B-person", "I-person", "B-place", "I-place"]},
    {"name": "cue", "kind": "tag", "labels": ["O", "B", "I"], "temperature": 0.5},
    {"name": "stance", "kind": "class", "labels": ["asserts", "denies"], "temperature": 2.0},
    {"name": "factuality", "kind": "score", "labels": ["score"]},
    {"name": "argument", "kind": "pair", "labels": ["none", "actor", "target"], "temperature": 1.5},
    {"name": "relevant", "kind": "window", "labels": ["no", "yes"]}]}"#;

/// All other weights, with the heads of `card`, which may be any text.
pub fn weights(card: &str) -> Vec<u8> {
    let mut random = Random(2);
    let mut tensors = Vec::new();
    let mut floats = |name: &str, shape: &[usize], middle: f32, reach: f32| {
        let data = random.floats(shape.iter().product(), middle, reach);
        tensors.push((name.to_owned(), Dtype::F32, shape.to_vec(), data));
    };
    floats("pos", &[512, HIDDEN], 0.0, 0.3);
    floats("type0", &[HIDDEN], 0.0, 0.1);
    floats("case", &[6, HIDDEN], 0.0, 0.2);
    floats("window", &[5, HIDDEN], 0.0, 0.2);
    let mut norms = vec!["emb_ln".to_owned()];
    for layer in 0..6 {
        norms.extend([format!("layer.{layer}.ln1"), format!("layer.{layer}.ln2")]);
        for (name, outputs) in [("qkv", 1152), ("o", 384), ("up", 1536), ("down", 384)] {
            floats(&format!("layer.{layer}.{name}_scale"), &[outputs], 0.0006, 0.0004);
            floats(&format!("layer.{layer}.{name}_b"), &[outputs], 0.0, 0.1);
        }
    }
    for norm in norms {
        floats(&format!("{norm}_g"), &[HIDDEN], 1.0, 0.3);
        floats(&format!("{norm}_b"), &[HIDDEN], 0.0, 0.1);
    }
    for (name, labels) in [("mention", 5), ("cue", 3), ("stance", 2), ("factuality", 1), ("relevant", 2)] {
        floats(&format!("head.{name}.w"), &[labels, HIDDEN], 0.0, 0.2);
        floats(&format!("head.{name}.b"), &[labels], 0.0, 0.2);
    }
    floats("head.argument.a", &[128, HIDDEN], 0.0, 0.2);
    floats("head.argument.bm", &[128, HIDDEN], 0.0, 0.2);
    floats("head.argument.d", &[15, 128], 0.0, 0.2);
    floats("head.argument.c", &[128], 0.0, 0.2);
    floats("head.argument.p", &[128], 0.0, 0.2);
    floats("head.argument.v", &[3, 128], 0.0, 0.2);
    floats("head.argument.vb", &[3], 0.0, 0.2);
    for layer in 0..6 {
        for (name, outputs, inputs) in
            [("qkv", 1152, HIDDEN), ("o", 384, HIDDEN), ("up", 1536, HIDDEN), ("down", 384, 1536)]
        {
            let data = random.integers(outputs * inputs);
            tensors.push((format!("layer.{layer}.{name}_q"), Dtype::I8, vec![outputs, inputs], data));
        }
    }
    file(&tensors, Some(card))
}

/// The model.
pub fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| {
        Tagger::from_bytes(embeddings(), &weights(CARD), VOCABULARY_TEXT)
            .expect("the sample has every tensor")
    })
}
