//! Which instructions does this processor have, and how are the network's inner loops run with them?
//!
//! Two sorts of loop. The products of integers are written by hand for each set of instructions and
//! are exact, so all give the same numbers. The loops over `f32` are written once, in
//! [`super::lanes`], and compiled for each set: the order of additions is in the code, fused
//! multiplications are asked for by name and the compiler changes neither, so they too give the same
//! numbers everywhere.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "code for instructions that not every processor has is unsafe to call")
)]

use super::lanes;
use super::linear::{Group, Panel, Quantised, Sums, Tile};
use super::{Attention, HIDDEN, Vector};

/// A set of instructions that this processor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Isa(Level);

/// Private, so that a level is only ever what was found on this processor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    AvxVnni,
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni,
}

impl Level {
    /// All levels, slowest first.
    const ALL: &[Self] = &[
        Self::Scalar,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "x86_64")]
        Self::AvxVnni,
        #[cfg(target_arch = "x86_64")]
        Self::Avx512Vnni,
    ];

    /// Whether this processor has all instructions that the level's code is compiled for.
    fn is_here(self) -> bool {
        match self {
            Self::Scalar => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::AvxVnni => Self::Avx2.is_here() && is_x86_feature_detected!("avxvnni"),
            #[cfg(target_arch = "x86_64")]
            Self::Avx512Vnni => {
                Self::Avx2.is_here()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512vnni")
            }
        }
    }
}

impl Isa {
    /// What every processor has.
    pub const SCALAR: Self = Self(Level::Scalar);

    /// Returns all that this processor has, slowest first.
    pub fn all() -> Vec<Self> {
        Level::ALL.iter().copied().filter(|level| level.is_here()).map(Self).collect()
    }

    /// Returns the fastest that this processor has.
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self::SCALAR)
    }

    /// What the set is called.
    pub fn name(self) -> &'static str {
        match self.0 {
            Level::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => "AVX2",
            #[cfg(target_arch = "x86_64")]
            Level::AvxVnni => "AVX-VNNI",
            #[cfg(target_arch = "x86_64")]
            Level::Avx512Vnni => "AVX-512 VNNI",
        }
    }

    /// Multiplies a tile, rows of bytes side by side, with a panel of weights of the same depth.
    pub(crate) fn products(self, tile: &[Tile], panel: &[Group], sums: &mut Sums) {
        match self.0 {
            Level::Scalar => scalar::products(tile, panel, sums),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a level is made only where its instructions were found.
            Level::Avx2 => unsafe { avx2::products(tile, panel, sums) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::AvxVnni => unsafe { avx_vnni::products(tile, panel, sums) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx512Vnni => unsafe { avx512::products(tile, panel, sums) },
        }
    }
}

/// Makes a method of `Isa` of a function in `lanes`: the same code, compiled for each set.
macro_rules! compile_for_each {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*);)*) => {
        impl Isa {
            $(
                $(#[$doc])*
                pub(crate) fn $name(self, $($argument: $type),*) {
                    #[cfg(target_arch = "x86_64")]
                    #[target_feature(enable = "avx2,fma")]
                    fn avx2($($argument: $type),*) {
                        lanes::$name($($argument),*);
                    }
                    #[cfg(target_arch = "x86_64")]
                    #[target_feature(enable = "avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")]
                    fn avx512($($argument: $type),*) {
                        lanes::$name($($argument),*);
                    }
                    match self.0 {
                        Level::Scalar => lanes::$name($($argument),*),
                        #[cfg(target_arch = "x86_64")]
                        // SAFETY: a level is made only where its instructions were found.
                        Level::Avx2 | Level::AvxVnni => unsafe { avx2($($argument),*) },
                        #[cfg(target_arch = "x86_64")]
                        // SAFETY: as above.
                        Level::Avx512Vnni => unsafe { avx512($($argument),*) },
                    }
                }
            )*
        }
    };
}

compile_for_each! {
    /// Brings rows of numbers to bytes, each row with its own scale and zero.
    quantise(values: &[f32], width: usize, quantised: &mut Quantised);
    /// Turns a panel's sums back into numbers, adds the bias, and puts them at column `first` of the rows
    /// of `results`, each `width` long.
    rescale(sums: &Sums, rows: &[(f32, i32)], panel: &Panel, first: usize, width: usize,
        results: &mut [f32]);
    /// Adds to each row what a layer found for it and brings the row to mean 0 and variance 1.
    add_and_normalise(rows: &mut [Vector], found: &[Vector], gain: &Vector, bias: &Vector);
    /// Applies the Gaussian error linear unit to each number.
    gelu(values: &mut [f32]);
    /// Lets each row of a window look at all others.
    attend(qkv: &[[f32; 3 * HIDDEN]], scratch: &mut Attention, context: &mut [Vector]);
    /// Multiplies a vector, whose length is a multiple of 16, with each row of a matrix, and adds the bias.
    project(vector: &[f32], matrix: &[f32], bias: &[f32], results: &mut [f32]);
    /// Turns scores into probabilities that add up to 1.
    softmax(scores: &mut [f32]);
}

mod scalar {
    use crate::encoder::linear::{Group, Sums, Tile};

    pub fn products(tile: &[Tile], panel: &[Group], sums: &mut Sums) {
        for (row, sums) in sums.iter_mut().enumerate() {
            sums.fill(0);
            for (bytes, group) in tile.iter().zip(panel) {
                let bytes = bytes[row].map(i32::from);
                for (sum, weights) in sums.iter_mut().zip(group.columns()) {
                    let weights = weights.map(i32::from);
                    *sum += bytes[0] * weights[0]
                        + bytes[1] * weights[1]
                        + bytes[2] * weights[2]
                        + bytes[3] * weights[3];
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use crate::encoder::linear::{Group, Sums, TILE_ROWS, Tile};
    use std::arch::x86_64::*;

    /// `vpdpbusd` multiplies four bytes with four weights and adds all to a sum, here 16 sums at a time.
    #[target_feature(enable = "avx512f,avx512vnni")]
    pub fn products(tile: &[Tile], panel: &[Group], sums: &mut Sums) {
        let mut acc = [[_mm512_setzero_si512(); 4]; TILE_ROWS];
        for (bytes, group) in tile.iter().zip(panel) {
            let [a, b, c, d] = group.parts();
            let weights = [load(a), load(b), load(c), load(d)];
            for (acc, &bytes) in acc.iter_mut().zip(bytes) {
                let bytes = _mm512_set1_epi32(i32::from_le_bytes(bytes));
                for (acc, weights) in acc.iter_mut().zip(weights) {
                    *acc = _mm512_dpbusd_epi32(*acc, bytes, weights);
                }
            }
        }
        for (sums, acc) in sums.iter_mut().zip(acc) {
            for (sums, acc) in sums.as_chunks_mut().0.iter_mut().zip(acc) {
                store(sums, acc);
            }
        }
    }

    #[target_feature(enable = "avx512f")]
    fn load(weights: &[i8; 64]) -> __m512i {
        // SAFETY: the reference is to 64 bytes, all that is read, and no alignment is asked for.
        unsafe { _mm512_loadu_si512(weights.as_ptr().cast()) }
    }

    #[target_feature(enable = "avx512f")]
    fn store(sums: &mut [i32; 16], value: __m512i) {
        // SAFETY: the reference is to 64 bytes, all that is written, and no alignment is asked for.
        unsafe { _mm512_storeu_si512(sums.as_mut_ptr().cast(), value) }
    }
}

/// `vpdpbusd` again, for processors that have it for half as wide registers only. The same instruction has
/// two encodings; tests run the other one, which more of the large machines have.
#[cfg(target_arch = "x86_64")]
macro_rules! vnni_of_256_bits {
    ($module:ident, $features:literal, $multiply:ident) => {
        mod $module {
            use super::avx2::store;
            use crate::encoder::linear::{Group, PANEL, Sums, TILE_ROWS, Tile};
            use std::arch::x86_64::*;

            /// Columns that are summed at once: more sums would not fit the registers.
            const COLUMNS: usize = 16;

            #[target_feature(enable = $features)]
            pub fn products(tile: &[Tile], panel: &[Group], sums: &mut Sums) {
                for part in 0..PANEL / COLUMNS {
                    let mut acc = [[_mm256_setzero_si256(); 2]; TILE_ROWS];
                    for (bytes, group) in tile.iter().zip(panel) {
                        let weights: &[[i8; 32]; 2] = group.part(part);
                        let weights = [load(&weights[0]), load(&weights[1])];
                        for (acc, &bytes) in acc.iter_mut().zip(bytes) {
                            let bytes = _mm256_set1_epi32(i32::from_le_bytes(bytes));
                            for (acc, weights) in acc.iter_mut().zip(weights) {
                                *acc = $multiply(*acc, bytes, weights);
                            }
                        }
                    }
                    for (sums, acc) in sums.iter_mut().zip(acc) {
                        let sums = sums.as_chunks_mut().0.iter_mut().skip(2 * part);
                        for (sums, acc) in sums.zip(acc) {
                            store(sums, acc);
                        }
                    }
                }
            }

            #[target_feature(enable = "avx2")]
            fn load(weights: &[i8; 32]) -> __m256i {
                // SAFETY: the reference is to 32 bytes, all that is read, and no alignment is asked for.
                unsafe { _mm256_loadu_si256(weights.as_ptr().cast()) }
            }
        }
    };
}
#[cfg(target_arch = "x86_64")]
vnni_of_256_bits!(avx_vnni, "avx2,avxvnni", _mm256_dpbusd_avx_epi32);
#[cfg(all(test, target_arch = "x86_64"))]
vnni_of_256_bits!(avx512_vnni_256, "avx2,avx512vl,avx512vnni", _mm256_dpbusd_epi32);

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use crate::encoder::linear::{Group, PANEL, Sums, TILE_ROWS, Tile};
    use std::arch::x86_64::*;

    /// Columns that are summed at once: more sums would not fit the registers.
    const COLUMNS: usize = 8;

    /// `vpmaddwd` multiplies four numbers with four weights of four columns and adds them up by twos.
    ///
    /// Bytes are widened to 16 bits first: `vpmaddubsw`, which takes bytes, cuts off large sums.
    #[target_feature(enable = "avx2")]
    pub fn products(tile: &[Tile], panel: &[Group], sums: &mut Sums) {
        let bytes = tile.as_flattened().as_flattened();
        let wide: Vec<i16> = bytes.iter().map(|&byte| i16::from(byte)).collect();
        let (tile, _) = wide.as_chunks::<4>().0.as_chunks::<TILE_ROWS>();
        for part in 0..PANEL / COLUMNS {
            let mut acc = [[_mm256_setzero_si256(); 2]; TILE_ROWS];
            for (rows, group) in tile.iter().zip(panel) {
                let weights: &[[i8; 16]; 2] = group.part(part);
                let weights = [load_wide(&weights[0]), load_wide(&weights[1])];
                for (acc, numbers) in acc.iter_mut().zip(rows) {
                    let numbers = load_four_times(numbers);
                    for (acc, weights) in acc.iter_mut().zip(weights) {
                        *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(numbers, weights));
                    }
                }
            }
            for (sums, [low, high]) in sums.iter_mut().zip(acc) {
                // Each column has two sums side by side; adding them mixes the halves of the registers.
                let added = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_hadd_epi32(low, high));
                if let Some(sums) = sums.as_chunks_mut().0.get_mut(part) {
                    store(sums, added);
                }
            }
        }
    }

    #[target_feature(enable = "avx2")]
    fn load_four_times(numbers: &[i16; 4]) -> __m256i {
        // SAFETY: the reference is to 8 bytes, all that is read, and no alignment is asked for.
        _mm256_set1_epi64x(unsafe { numbers.as_ptr().cast::<i64>().read_unaligned() })
    }

    #[target_feature(enable = "avx2")]
    fn load_wide(weights: &[i8; 16]) -> __m256i {
        // SAFETY: the reference is to 16 bytes, all that is read, and no alignment is asked for.
        _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(weights.as_ptr().cast()) })
    }

    #[target_feature(enable = "avx2")]
    pub fn store(sums: &mut [i32; 8], value: __m256i) {
        // SAFETY: the reference is to 32 bytes, all that is written, and no alignment is asked for.
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), value) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::linear::{Linear, PANEL, TILE_ROWS};
    use super::*;
    use proptest::prelude::*;

    /// Bytes and weights of both extremes are as common as all others together.
    fn layer() -> impl Strategy<Value = (usize, usize, Vec<i8>, Vec<u8>)> {
        let weight = prop_oneof![Just(-128i8), Just(127), any::<i8>()];
        let byte = prop_oneof![Just(255u8), Just(0), any::<u8>()];
        (1..150usize, 1..70usize, 0..20usize).prop_flat_map(move |(inputs, outputs, rows)| {
            let weights = proptest::collection::vec(weight.clone(), inputs * outputs);
            let bytes = proptest::collection::vec(byte.clone(), inputs * rows);
            (Just(inputs), Just(outputs), weights, bytes)
        })
    }

    /// The `four`th four of inputs of each row.
    fn tile(rows: &[u8], inputs: usize, four: usize) -> Tile {
        let byte = |row: usize, at: usize| {
            let bytes = rows.chunks(inputs).nth(row)?;
            bytes.get(4 * four + at)
        };
        std::array::from_fn(|row| std::array::from_fn(|at| byte(row, at).copied().unwrap_or(0)))
    }

    /// The sums of a panel, one by one.
    fn true_sums(rows: &[u8], weights: &[i8], inputs: usize, panel: usize) -> Sums {
        let mut sums = [[0; PANEL]; TILE_ROWS];
        for (row, sums) in rows.chunks(inputs).zip(&mut sums) {
            for (weights, sum) in weights.chunks(inputs).skip(panel * PANEL).zip(sums) {
                *sum =
                    row.iter().zip(weights).map(|(&byte, &weight)| i32::from(byte) * i32::from(weight)).sum();
            }
        }
        sums
    }

    proptest! {
        #[test]
        fn every_set_of_instructions_finds_the_true_sums((inputs, outputs, weights, bytes) in layer()) {
            let linear = Linear::new(&weights, &vec![1.0; outputs], &vec![0.0; outputs]);
            for rows in bytes.chunks(inputs * TILE_ROWS) {
                let tile: Vec<Tile> = (0..inputs.div_ceil(4)).map(|four| tile(rows, inputs, four)).collect();
                for (panel, groups) in linear.panels().enumerate() {
                    let mut sums = [[-1; PANEL]; TILE_ROWS];
                    let expected = true_sums(rows, &weights, inputs, panel);
                    for isa in Isa::all() {
                        isa.products(&tile, groups, &mut sums);
                        prop_assert_eq!(sums, expected, "{:?}", isa);
                    }
                    #[cfg(target_arch = "x86_64")]
                    if is_x86_feature_detected!("avx512vl") && is_x86_feature_detected!("avx512vnni") {
                        // SAFETY: the instructions were found.
                        unsafe { avx512_vnni_256::products(&tile, groups, &mut sums) };
                        prop_assert_eq!(sums, expected, "VNNI of 256 bits");
                    }
                }
            }
        }

        #[test]
        fn every_set_of_instructions_computes_numbers_alike(
            values in proptest::collection::vec(-20.0f32..20.0, 0..80usize * 7),
            width in 1..80usize,
            outputs in 1..140usize,
        ) {
            let rows = values.len() / width;
            let values = &values[..rows * width];
            let weights: Vec<i8> = (0..outputs * width).map(|at| (at * 89 % 255) as i8).collect();
            let scales: Vec<f32> = (0..outputs).map(|at| at as f32 * 0.01).collect();
            let linear = Linear::new(&weights, &scales, &scales);
            let mut answers = Vec::new();
            for isa in Isa::all() {
                let mut results = vec![0.0; rows * outputs];
                linear.apply(isa, values, &mut Quantised::default(), &mut results);
                isa.gelu(&mut results);
                let mut scores = vec![0.0; 2];
                let vector: [f32; 64] = std::array::from_fn(|at| values.get(at).copied().unwrap_or(0.1));
                isa.project(&vector, &[vector, vector].concat(), &[0.5, 1.5], &mut scores);
                isa.softmax(&mut scores);
                results.extend(scores);
                answers.push(results.iter().map(|number| number.to_bits()).collect::<Vec<_>>());
            }
            prop_assert!(answers.iter().all(|answer| *answer == answers[0]));
        }
    }
}
