//! How is a row of numbers multiplied with a matrix of small integers?
//!
//! Weights are integers of 8 bits with one scale for each output; rows are brought to bytes with a
//! scale and a zero of their own, so that a row's result does not depend on the rows beside it.

use super::kernels::Isa;

/// Outputs computed together.
pub const PANEL: usize = 64;

/// Rows computed together: as many as the registers of the widest instructions hold sums for.
pub const TILE_ROWS: usize = 6;

/// Four bytes of each row of a tile.
pub type Tile = [[u8; 4]; TILE_ROWS];

/// The sums of products of a tile's rows, for the outputs of a panel.
pub type Sums = [[i32; PANEL]; TILE_ROWS];

/// The weights of a panel's outputs for four inputs: output by output, each its four.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub struct Group([[i8; 4]; PANEL]);

impl Group {
    /// The four weights of each output.
    pub fn columns(&self) -> &[[i8; 4]; PANEL] {
        &self.0
    }

    /// All weights, in quarters.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub fn parts(&self) -> &[[i8; 64]; 4] {
        self.part(0)
    }

    /// The weights of the `part`th few outputs, in two halves or four quarters.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub fn part<const WIDTH: usize, const PIECES: usize>(&self, part: usize) -> &[[i8; WIDTH]; PIECES] {
        let (pieces, _) = self.0.as_flattened().as_chunks::<WIDTH>();
        let (parts, _) = pieces.as_chunks::<PIECES>();
        &parts[part]
    }
}

/// 64 outputs of a layer.
#[derive(Debug)]
pub struct Panel {
    groups: Vec<Group>,
    /// What a unit of each output's weights is worth.
    pub scale: [f32; PANEL],
    /// What is added to each output.
    pub bias: [f32; PANEL],
    /// The sum of each output's weights, by which a row's zero counts too much.
    pub weights: [i32; PANEL],
}

/// A layer that multiplies with a matrix and adds a bias.
#[derive(Debug)]
pub struct Linear {
    inputs: usize,
    outputs: usize,
    panels: Vec<Panel>,
}

/// Rows of numbers, brought to bytes.
#[derive(Debug, Default)]
pub struct Quantised {
    /// The rows, tile after tile; each row is filled up with zeros to a whole number of fours, and the last
    /// tile with rows.
    pub tiles: Vec<Tile>,
    /// What a unit of each row is worth, and which byte is its zero.
    pub rows: Vec<(f32, i32)>,
    /// Room for one row's bytes.
    pub bytes: Vec<[u8; 4]>,
}

impl Linear {
    /// Packs a matrix of `scale.len()` rows, one for each output.
    ///
    /// The last panel is filled up with outputs that are zero, and the last group with inputs.
    pub fn new(weights: &[i8], scale: &[f32], bias: &[f32]) -> Self {
        let outputs = scale.len();
        let inputs = weights.len().checked_div(outputs).unwrap_or_default();
        let panel = |first: usize| {
            let mut groups = vec![Group([[0; 4]; PANEL]); inputs.div_ceil(4)];
            let mut panel_scale = [0.0; PANEL];
            let mut panel_bias = [0.0; PANEL];
            let mut panel_weights = [0; PANEL];
            for column in 0..PANEL.min(outputs - first) {
                let output = first + column;
                let row = &weights[output * inputs..][..inputs];
                for (group, four) in groups.iter_mut().zip(row.chunks(4)) {
                    group.0[column][..four.len()].copy_from_slice(four);
                }
                panel_scale[column] = scale[output];
                panel_bias[column] = bias[output];
                panel_weights[column] = row.iter().map(|&weight| i32::from(weight)).sum();
            }
            Panel { groups, scale: panel_scale, bias: panel_bias, weights: panel_weights }
        };
        Self { inputs, outputs, panels: (0..outputs).step_by(PANEL).map(panel).collect() }
    }

    /// The packed weights, 64 outputs at a time.
    #[cfg(test)]
    pub fn panels(&self) -> impl Iterator<Item = &[Group]> {
        self.panels.iter().map(|panel| panel.groups.as_slice())
    }

    /// Applies the layer to each row of `values`; `quantised` is working space.
    pub fn apply(&self, isa: Isa, values: &[f32], quantised: &mut Quantised, results: &mut [f32]) {
        isa.quantise(values, self.inputs, quantised);
        let depth = self.inputs.div_ceil(4);
        let mut sums = [[0; PANEL]; TILE_ROWS];
        for (panel, first) in self.panels.iter().zip((0..).step_by(PANEL)) {
            let rows = quantised.rows.chunks(TILE_ROWS);
            let results = results.chunks_mut(self.outputs * TILE_ROWS);
            for ((tile, rows), results) in quantised.tiles.chunks_exact(depth).zip(rows).zip(results) {
                isa.products(tile, &panel.groups, &mut sums);
                isa.rescale(&sums, rows, panel, first, self.outputs, results);
            }
        }
    }
}
