//! Which questions does the network answer, in which words, and from which numbers?
//!
//! The file of weights says which heads it has and what their answers are called, so that a model with
//! other heads needs no other code here.

use crate::Error;
use crate::encoder::kernels::Isa;
use crate::encoder::{HIDDEN, Vector};
use crate::spans::Tags;
use crate::tensors::Tensors;
use serde::Deserialize;

/// The version of the description that this code understands.
const CARD_VERSION: u32 = 1;

/// Numbers between the two halves of a pair head.
const PAIR_WIDTH: usize = 128;
/// Greatest size of a distance that is told apart, as a length in binary digits.
const DISTANCE_MAX: usize = 7;
const DISTANCES: usize = 2 * DISTANCE_MAX + 1;

/// All heads of a model, by what they look at.
#[derive(Debug, Default)]
pub struct Heads {
    /// Every word gets a tag.
    pub tags: Vec<(Flat, Tags)>,
    /// One word is put in a class.
    pub classes: Vec<Flat>,
    /// One word gets a number.
    pub scores: Vec<Flat>,
    /// Two words stand in a relation.
    pub pairs: Vec<Pair>,
    /// A window as a whole is put in a class.
    pub windows: Vec<Flat>,
}

/// A head that looks at one vector.
#[derive(Debug)]
pub struct Flat {
    /// What the head is called.
    pub name: String,
    /// What its answers are called.
    pub labels: Vec<String>,
    weights: Vec<f32>,
    bias: Vec<f32>,
    /// By what scores are divided before they become probabilities.
    pub temperature: f32,
}

/// A head that looks at two words and how far the second stands after the first.
#[derive(Debug)]
pub struct Pair {
    /// What the head is called.
    pub name: String,
    /// What its answers are called.
    pub labels: Vec<String>,
    first: Vec<f32>,
    second: Vec<f32>,
    distances: Vec<Half>,
    base: Half,
    likeness: Half,
    weights: Vec<f32>,
    bias: Vec<f32>,
    /// By what scores are divided before they become probabilities.
    pub temperature: f32,
}

/// What a pair head makes of one word, whichever the other is.
pub type Half = [f32; PAIR_WIDTH];

/// The description that the file of weights carries; what is not needed here is left alone.
#[derive(Debug, Deserialize)]
struct Card {
    version: u32,
    heads: Vec<HeadCard>,
}

#[derive(Debug, Deserialize)]
struct HeadCard {
    name: String,
    kind: Kind,
    labels: Vec<String>,
    #[serde(default = "one")]
    temperature: f32,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Tag,
    Class,
    Score,
    Pair,
    Window,
}

fn one() -> f32 {
    1.0
}

impl Heads {
    /// Takes the heads that the description names from the tensors.
    pub fn load(tensors: &Tensors) -> Result<Self, Error> {
        let card = tensors.card().ok_or(Error::NoCard)?;
        let card: Card = serde_json::from_str(card).map_err(|source| Error::Card { source })?;
        if card.version != CARD_VERSION {
            return Err(Error::CardVersion { found: card.version, needed: CARD_VERSION });
        }
        let mut heads = Self::default();
        let mut names = Vec::new();
        for card in card.heads {
            let refuse = |reason| Err(Error::Head { name: card.name.clone(), reason });
            if names.contains(&card.name) {
                return refuse("it is described twice");
            }
            if card.labels.is_empty() {
                return refuse("it has no labels");
            }
            if !(card.temperature.is_finite() && card.temperature > 0.0) {
                return refuse("its temperature is not above 0");
            }
            names.push(card.name.clone());
            match card.kind {
                Kind::Tag => {
                    let Some(tags) = Tags::of(&card.labels) else {
                        return refuse("its labels are not O and pairs of B and I");
                    };
                    heads.tags.push((Flat::load(tensors, card)?, tags));
                }
                Kind::Score if card.labels.len() > 1 => return refuse("it gives more than one number"),
                Kind::Class => heads.classes.push(Flat::load(tensors, card)?),
                Kind::Score => heads.scores.push(Flat::load(tensors, card)?),
                Kind::Pair => heads.pairs.push(Pair::load(tensors, card)?),
                Kind::Window => heads.windows.push(Flat::load(tensors, card)?),
            }
        }
        Ok(heads)
    }
}

impl Flat {
    fn load(tensors: &Tensors, card: HeadCard) -> Result<Self, Error> {
        let HeadCard { name, labels, temperature, .. } = card;
        let weights = tensors.floats(&format!("head.{name}.w"), &[labels.len(), HIDDEN])?;
        let bias = tensors.floats(&format!("head.{name}.b"), &[labels.len()])?;
        Ok(Self { name, labels, weights, bias, temperature })
    }

    /// Returns one number for each label, the higher the likelier.
    pub fn scores(&self, isa: Isa, vector: &Vector) -> Vec<f32> {
        let mut scores = vec![0.0; self.labels.len()];
        isa.project(vector, &self.weights, &self.bias, &mut scores);
        scores
    }
}

impl Pair {
    fn load(tensors: &Tensors, card: HeadCard) -> Result<Self, Error> {
        let HeadCard { name, labels, temperature, .. } = card;
        let floats = |part: &str, shape: &[usize]| tensors.floats(&format!("head.{name}.{part}"), shape);
        let first = floats("a", &[PAIR_WIDTH, HIDDEN])?;
        let second = floats("bm", &[PAIR_WIDTH, HIDDEN])?;
        let distances = floats("d", &[DISTANCES, PAIR_WIDTH])?.as_chunks().0.to_vec();
        let mut base = [0.0; PAIR_WIDTH];
        base.copy_from_slice(&floats("c", &[PAIR_WIDTH])?);
        let mut likeness = [0.0; PAIR_WIDTH];
        likeness.copy_from_slice(&floats("p", &[PAIR_WIDTH])?);
        let weights = floats("v", &[labels.len(), PAIR_WIDTH])?;
        let bias = floats("vb", &[labels.len()])?;
        Ok(Self { name, labels, first, second, distances, base, likeness, weights, bias, temperature })
    }

    /// What the head makes of a word as the first of a pair.
    pub fn first_half(&self, isa: Isa, vector: &Vector) -> Half {
        let mut half = [0.0; PAIR_WIDTH];
        isa.project(vector, &self.first, &[0.0; PAIR_WIDTH], &mut half);
        half
    }

    /// What the head makes of a word as the second of a pair.
    pub fn second_half(&self, isa: Isa, vector: &Vector) -> Half {
        let mut half = [0.0; PAIR_WIDTH];
        isa.project(vector, &self.second, &[0.0; PAIR_WIDTH], &mut half);
        half
    }

    /// Returns one number for each label; `first` and `second` are the places of the words.
    pub fn scores(&self, isa: Isa, halves: (&Half, &Half), first: usize, second: usize) -> Vec<f32> {
        let distance = &self.distances[bucket(first, second)];
        // The sum tells what each word is, the product how alike they are.
        let hidden: Half = std::array::from_fn(|at| {
            let (one, other) = (halves.0[at], halves.1[at]);
            (one + other + self.likeness[at] * one * other + distance[at] + self.base[at]).max(0.0)
        });
        let mut scores = vec![0.0; self.labels.len()];
        isa.project(&hidden, &self.weights, &self.bias, &mut scores);
        scores
    }
}

/// Sorts a signed distance by its length in binary digits; 0 stands in the middle.
fn bucket(first: usize, second: usize) -> usize {
    let digits = (usize::BITS - first.abs_diff(second).leading_zeros()) as usize;
    let size = digits.min(DISTANCE_MAX);
    if second < first { DISTANCE_MAX - size } else { DISTANCE_MAX + size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_sorted_by_their_binary_length_and_direction() {
        let buckets = |distances: &[usize]| distances.iter().map(|&d| bucket(0, d)).collect::<Vec<_>>();
        assert_eq!(buckets(&[0, 1, 2, 3, 4, 7, 8, 63, 64, 5_000]), [7, 8, 9, 9, 10, 10, 11, 13, 14, 14]);
        assert_eq!([bucket(1, 0), bucket(3, 0), bucket(64, 0), bucket(900, 0)], [6, 5, 0, 0]);
    }
}
