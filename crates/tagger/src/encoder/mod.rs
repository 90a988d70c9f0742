//! What does the network make of each piece of a window? The forward pass of MiniLM, in small integers.

pub mod kernels;
mod lanes;
mod linear;

use crate::Error;
use crate::tensors::Tensors;
use crate::wordpiece::Case;
use kernels::Isa;
use lanes::{QUERIES, Wide};
use linear::{Linear, Quantised};

/// Numbers in a piece's or word's vector.
pub const HIDDEN: usize = 384;
/// Views that a layer takes of the other pieces.
const HEADS: usize = 12;
const HEAD_WIDTH: usize = HIDDEN / HEADS;
/// Numbers between the two halves of a layer.
const INNER: usize = 1536;
const LAYERS: usize = 6;
/// Pieces in the vocabulary.
pub const VOCABULARY: usize = 30_522;
const POSITIONS: usize = 512;
/// Most pieces in a window, with the two that frame it.
pub const WINDOW_PIECES_MAX: usize = 192;
/// Windows whose number in the text is told apart; later ones share the last.
const WINDOW_NUMBERS: usize = 4;

/// What the network knows of a piece or word in its context.
pub type Vector = [f32; HIDDEN];

/// The network without its heads.
#[derive(Debug)]
pub struct Encoder {
    pieces: Vec<[i8; HIDDEN]>,
    piece_scales: Vec<f32>,
    positions: Vec<Vector>,
    cases: Vec<Vector>,
    windows: Vec<Vector>,
    norm: Norm,
    layers: Vec<Layer>,
}

#[derive(Debug)]
struct Layer {
    qkv: Linear,
    attended: Linear,
    attended_norm: Norm,
    up: Linear,
    down: Linear,
    down_norm: Norm,
}

#[derive(Debug)]
struct Norm {
    gain: Vector,
    bias: Vector,
}

/// A piece as it enters the network.
#[derive(Debug, Clone, Copy)]
pub struct Piece {
    /// Its number in the vocabulary.
    pub number: u32,
    /// The case of its word.
    pub case: Case,
}

/// Room for one window's numbers, used again for the next.
#[derive(Debug, Default)]
pub struct Scratch {
    rows: Vec<Vector>,
    found: Vec<Vector>,
    context: Vec<Vector>,
    qkv: Vec<[f32; 3 * HIDDEN]>,
    inner: Vec<[f32; INNER]>,
    quantised: Quantised,
    attention: Attention,
}

/// Room for what the rows of a window have to do with each other.
#[derive(Debug, Default)]
pub struct Attention {
    keys: Vec<[Wide; HEAD_WIDTH]>,
    weights: Vec<[Wide; QUERIES]>,
}

impl Encoder {
    /// Takes the network from its tensors; `embeddings` holds the table of pieces, which is never trained.
    pub fn load(embeddings: &Tensors, tensors: &Tensors) -> Result<Self, Error> {
        let mut positions = tensors.vectors("pos", POSITIONS)?;
        let base = tensors.vector("type0")?;
        for position in &mut positions {
            for (number, base) in position.iter_mut().zip(base) {
                *number += base;
            }
        }
        Ok(Self {
            pieces: embeddings.integers("tok_q", VOCABULARY, HIDDEN)?.as_chunks().0.to_vec(),
            piece_scales: embeddings.floats("tok_scale", &[VOCABULARY])?,
            positions,
            cases: tensors.vectors("case", Case::COUNT)?,
            windows: tensors.vectors("window", WINDOW_NUMBERS + 1)?,
            norm: Norm::load(tensors, "emb_ln")?,
            layers: (0..LAYERS).map(|layer| Layer::load(tensors, layer)).collect::<Result<_, _>>()?,
        })
    }

    /// Returns the vectors of the pieces of a window, the `number`th of its text counted from 0.
    pub fn encode<'s>(
        &self,
        isa: Isa,
        window: &[Piece],
        number: usize,
        scratch: &'s mut Scratch,
    ) -> &'s [Vector] {
        let Scratch { rows, found, context, qkv, inner, quantised, attention } = scratch;
        let length = window.len();
        self.embed(window, number, rows);
        found.clear();
        found.resize(length, [0.0; HIDDEN]);
        context.resize(length, [0.0; HIDDEN]);
        qkv.resize(length, [0.0; 3 * HIDDEN]);
        inner.resize(length, [0.0; INNER]);
        isa.add_and_normalise(rows, found, &self.norm.gain, &self.norm.bias);
        for layer in &self.layers {
            layer.qkv.apply(isa, rows.as_flattened(), quantised, qkv.as_flattened_mut());
            isa.attend(qkv, attention, context);
            layer.attended.apply(isa, context.as_flattened(), quantised, found.as_flattened_mut());
            isa.add_and_normalise(rows, found, &layer.attended_norm.gain, &layer.attended_norm.bias);
            layer.up.apply(isa, rows.as_flattened(), quantised, inner.as_flattened_mut());
            isa.gelu(inner.as_flattened_mut());
            layer.down.apply(isa, inner.as_flattened(), quantised, found.as_flattened_mut());
            isa.add_and_normalise(rows, found, &layer.down_norm.gain, &layer.down_norm.bias);
        }
        rows
    }

    /// Adds up what a piece, its place, its case and its window's number tell.
    fn embed(&self, window: &[Piece], number: usize, rows: &mut Vec<Vector>) {
        rows.clear();
        let window_number = (number + 1).min(WINDOW_NUMBERS);
        for (piece, position) in window.iter().zip(&self.positions) {
            let index = piece.number as usize;
            let (table, scale) = (&self.pieces[index], self.piece_scales[index]);
            let case = &self.cases[piece.case as usize];
            let window = &self.windows[window_number];
            rows.push(std::array::from_fn(|at| {
                f32::from(table[at]) * scale + position[at] + case[at] + window[at]
            }));
        }
    }
}

impl Layer {
    fn load(tensors: &Tensors, layer: usize) -> Result<Self, Error> {
        let linear = |name: &str, inputs: usize, outputs: usize| {
            let part = |part: &str| format!("layer.{layer}.{name}_{part}");
            let weights = tensors.integers(&part("q"), outputs, inputs)?;
            let scale = tensors.floats(&part("scale"), &[outputs])?;
            let bias = tensors.floats(&part("b"), &[outputs])?;
            Ok::<_, Error>(Linear::new(&weights, &scale, &bias))
        };
        let norm = |name: &str| Norm::load(tensors, &format!("layer.{layer}.{name}"));
        Ok(Self {
            qkv: linear("qkv", HIDDEN, 3 * HIDDEN)?,
            attended: linear("o", HIDDEN, HIDDEN)?,
            attended_norm: norm("ln1")?,
            up: linear("up", HIDDEN, INNER)?,
            down: linear("down", INNER, HIDDEN)?,
            down_norm: norm("ln2")?,
        })
    }
}

impl Norm {
    fn load(tensors: &Tensors, name: &str) -> Result<Self, Error> {
        Ok(Self { gain: tensors.vector(&format!("{name}_g"))?, bias: tensors.vector(&format!("{name}_b"))? })
    }
}
