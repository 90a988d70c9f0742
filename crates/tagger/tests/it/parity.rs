//! Does the shipped model compute here what it computed where it was trained?
//!
//! `parity.json` is written by the training program: own texts, and what the same weights give there in
//! single precision. Here activations are rounded to 8 bits, so probabilities differ a little.

use headwater_tagger::{Distribution, Tagger};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Most that a probability may differ, and the most that they may differ on average.
const DIFFERENCE_MAX: f32 = 0.1;
const DIFFERENCE_MEAN_MAX: f32 = 0.005;
/// Least share of decisions that are the same, of those where the best label led by as much as this.
const AGREEMENT_MIN: f32 = 0.99;
const LEAD_MIN: f32 = 0.02;
/// Least cosine of a word's two vectors.
const COSINE_MIN: f32 = 0.99;

#[derive(Deserialize)]
struct Parity {
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Window {
    text: String,
    window_number: usize,
    words: Vec<(usize, usize)>,
    hidden_first_word: Vec<f32>,
    heads: BTreeMap<String, Answers>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answers {
    Rows(Vec<Vec<f32>>),
    Numbers(Vec<f32>),
    Pairs(Vec<(usize, usize, Vec<f32>)>),
}

/// How far the two are apart.
#[derive(Default)]
struct Difference {
    most: f32,
    total: f32,
    numbers: usize,
    same: usize,
    decisions: usize,
}

impl Difference {
    fn add(&mut self, found: &Distribution, expected: &[f32]) {
        let found: Vec<f32> = found.iter().map(|(_, probability)| probability).collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            self.most = self.most.max((found - expected).abs());
            self.total += (found - expected).abs();
            self.numbers += 1;
        }
        let mut order: Vec<usize> = (0..expected.len()).collect();
        order.sort_by(|&a, &b| expected[b].total_cmp(&expected[a]));
        if expected[order[0]] - expected[order[1]] >= LEAD_MIN {
            self.same += usize::from(found.iter().all(|other| *other <= found[order[0]]));
            self.decisions += 1;
        }
    }
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    product(one, other) / (product(one, one) * product(other, other)).sqrt()
}

#[test]
fn the_shipped_model_answers_as_it_did_in_training() {
    let parity: Parity = serde_json::from_str(include_str!("../data/parity.json")).unwrap();
    let tagger = Tagger::shipped();
    let mut differences: BTreeMap<&str, Difference> = BTreeMap::new();
    let mut scores_apart = 0.0f32;
    for Window { text, window_number, words, hidden_first_word, heads } in &parity.windows {
        assert_eq!(*window_number, 1, "each text is one window");
        let encoded = tagger.read(text, &[]);
        let found: Vec<_> = encoded.words().iter().map(|word| (word.start, word.end)).collect();
        assert_eq!(found, *words);
        let cosine = cosine(encoded.vector(0).unwrap(), hidden_first_word);
        println!("cosine {cosine:.5}");
        assert!(cosine >= COSINE_MIN, "{cosine}");
        for (head, answers) in heads {
            let difference = differences.entry(head).or_default();
            match answers {
                Answers::Rows(rows) => {
                    for (at, row) in rows.iter().enumerate() {
                        let found = encoded.tag(head, at).or_else(|| encoded.class(head, at));
                        let found = found.or_else(|| encoded.window(head, at));
                        difference.add(&found.expect("the model has the heads that it had in training"), row);
                    }
                }
                Answers::Pairs(pairs) => {
                    for (first, second, row) in pairs {
                        difference.add(&encoded.pair(head, *first, *second).unwrap(), row);
                    }
                }
                Answers::Numbers(numbers) => {
                    for (at, number) in numbers.iter().enumerate() {
                        scores_apart = scores_apart.max((encoded.score(head, at).unwrap() - number).abs());
                    }
                }
            }
        }
    }
    for (head, Difference { most, total, numbers, same, decisions }) in &differences {
        let mean = total / (*numbers).max(1) as f32;
        let agreement = if *decisions == 0 { 1.0 } else { *same as f32 / *decisions as f32 };
        println!("{head:12} most {most:.4} mean {mean:.5} agreement {agreement:.4} of {decisions}");
        assert!(*most <= DIFFERENCE_MAX && mean <= DIFFERENCE_MEAN_MAX, "{head}: {most}, {mean}");
        assert!(agreement >= AGREEMENT_MIN, "{head}: {agreement}");
    }
    println!("scores apart {scores_apart:.4}");
    assert!(scores_apart < 0.3, "{scores_apart}");
}
