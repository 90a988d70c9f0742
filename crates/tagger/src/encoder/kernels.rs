//! Which instructions does this processor have, and how are the network's inner loops run with them?
//!
//! Two sorts of loop. The products of integers are written by hand for each set of instructions and
//! are exact, so all give the same numbers. The loops over `f32` are written once, in
//! [`super::lanes`], and compiled for each set: the order of additions is in the code, fused
//! multiplications are asked for by name and the compiler changes neither, so they too give the same
//! numbers everywhere.

#![expect(unsafe_code, reason = "code for instructions that not every processor has is unsafe to call")]

use super::lanes;
use super::linear::{Group, PANEL, Panel, Quantised};
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
    Avx512Vnni,
}

impl Isa {
    /// What every processor has.
    pub const SCALAR: Self = Self(Level::Scalar);

    /// Returns all that this processor has, slowest first.
    pub fn all() -> Vec<Self> {
        let mut found = vec![Self::SCALAR];
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if avx2 {
                found.push(Self(Level::Avx2));
            }
            if avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512vnni")
            {
                found.push(Self(Level::Avx512Vnni));
            }
        }
        found
    }

    /// Returns the fastest that this processor has.
    pub fn best() -> Self {
        Self::all().pop().unwrap_or(Self::SCALAR)
    }

    /// Multiplies rows of bytes with a panel of weights; each row gives the sums of its products.
    ///
    /// A row is as many fours of bytes as the panel has groups.
    pub fn products(self, rows: &[[u8; 4]], panel: &[Group], sums: &mut [[i32; PANEL]]) {
        assert_eq!(rows.len(), sums.len() * panel.len(), "every row is as long as the panel is deep");
        match self.0 {
            Level::Scalar => scalar::products(rows, panel, sums),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: a level is made only where its instructions were found.
            Level::Avx2 => unsafe { avx2::products(rows, panel, sums) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            Level::Avx512Vnni => unsafe { avx512::products(rows, panel, sums) },
        }
    }
}

/// Makes a method of `Isa` of a function in `lanes`: the same code, compiled for each set.
macro_rules! compile_for_each {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*);)*) => {
        impl Isa {
            $(
                $(#[$doc])*
                pub fn $name(self, $($argument: $type),*) {
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
                        Level::Avx2 => unsafe { avx2($($argument),*) },
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
    rescale(sums: &[[i32; PANEL]], rows: &[(f32, i32)], panel: &Panel, first: usize, width: usize,
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
    use super::{Group, PANEL};

    pub fn products(rows: &[[u8; 4]], panel: &[Group], sums: &mut [[i32; PANEL]]) {
        for (row, sums) in rows.chunks_exact(panel.len()).zip(sums) {
            *sums = [0; PANEL];
            for (bytes, group) in row.iter().zip(panel) {
                let bytes = bytes.map(i32::from);
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

/// Takes rows by as many at a time as the registers hold sums for; the last rows by fewer.
#[cfg(target_arch = "x86_64")]
macro_rules! by_rows {
    ($tile:ident, $rows:ident, $panel:ident, $sums:ident, [$most:literal $(, $fewer:literal)*]) => {
        let (mut rows, mut sums) = ($rows, $sums);
        while !sums.is_empty() {
            let now = sums.len().min($most);
            let (rows_now, rows_later) = rows.split_at(now * $panel.len());
            let (sums_now, sums_later) = sums.split_at_mut(now);
            match now {
                $($fewer => $tile::<$fewer>(rows_now, $panel, sums_now),)*
                _ => $tile::<$most>(rows_now, $panel, sums_now),
            }
            (rows, sums) = (rows_later, sums_later);
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    use super::{Group, PANEL};
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx512f,avx512vnni")]
    pub fn products(rows: &[[u8; 4]], panel: &[Group], sums: &mut [[i32; PANEL]]) {
        by_rows!(tile, rows, panel, sums, [6, 1, 2, 3, 4, 5]);
    }

    /// `vpdpbusd` multiplies four bytes with four weights and adds all to a sum, 16 sums at a time.
    #[target_feature(enable = "avx512f,avx512vnni")]
    fn tile<const ROWS: usize>(rows: &[[u8; 4]], panel: &[Group], sums: &mut [[i32; PANEL]]) {
        let depth = panel.len();
        let rows: [&[[u8; 4]]; ROWS] = std::array::from_fn(|row| &rows[row * depth..][..depth]);
        let mut acc = [[_mm512_setzero_si512(); 4]; ROWS];
        for (at, group) in panel.iter().enumerate() {
            let [a, b, c, d] = group.quarters();
            let weights = [load(a), load(b), load(c), load(d)];
            for (acc, row) in acc.iter_mut().zip(&rows) {
                let bytes = _mm512_set1_epi32(i32::from_le_bytes(row[at]));
                for (acc, weights) in acc.iter_mut().zip(weights) {
                    *acc = _mm512_dpbusd_epi32(*acc, bytes, weights);
                }
            }
        }
        for (sums, acc) in sums.iter_mut().zip(acc) {
            for (sums, acc) in sums.as_chunks_mut::<16>().0.iter_mut().zip(acc) {
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

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use super::{Group, PANEL};
    use std::arch::x86_64::*;

    /// Columns that are summed at once: more sums would not fit the registers.
    const COLUMNS: usize = 8;

    #[target_feature(enable = "avx2")]
    pub fn products(rows: &[[u8; 4]], panel: &[Group], sums: &mut [[i32; PANEL]]) {
        by_rows!(tile, rows, panel, sums, [6, 1, 2, 3, 4, 5]);
    }

    /// Widens to 16 bits first: `vpmaddubsw`, which takes bytes, cuts off the sum of two large products.
    #[target_feature(enable = "avx2")]
    fn tile<const ROWS: usize>(rows: &[[u8; 4]], panel: &[Group], sums: &mut [[i32; PANEL]]) {
        let depth = panel.len();
        let rows: [&[[u8; 4]]; ROWS] = std::array::from_fn(|row| &rows[row * depth..][..depth]);
        for part in 0..PANEL / COLUMNS {
            let mut acc = [[_mm256_setzero_si256(); 2]; ROWS];
            for (at, group) in panel.iter().enumerate() {
                let [low, high] = group.eighth(part);
                let weights = [load_wide(low), load_wide(high)];
                for (acc, row) in acc.iter_mut().zip(&rows) {
                    let bytes = _mm256_cvtepu8_epi16(_mm_set1_epi32(i32::from_le_bytes(row[at])));
                    for (acc, weights) in acc.iter_mut().zip(weights) {
                        *acc = _mm256_add_epi32(*acc, _mm256_madd_epi16(bytes, weights));
                    }
                }
            }
            for (sums, [low, high]) in sums.iter_mut().zip(acc) {
                // Each column has two sums side by side; adding them mixes the halves of the registers.
                let added = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_hadd_epi32(low, high));
                if let Some(sums) = sums.as_chunks_mut::<COLUMNS>().0.get_mut(part) {
                    store(sums, added);
                }
            }
        }
    }

    #[target_feature(enable = "avx2")]
    fn load_wide(weights: &[i8; 16]) -> __m256i {
        // SAFETY: the reference is to 16 bytes, all that is read, and no alignment is asked for.
        _mm256_cvtepi8_epi16(unsafe { _mm_loadu_si128(weights.as_ptr().cast()) })
    }

    #[target_feature(enable = "avx2")]
    fn store(sums: &mut [i32; COLUMNS], value: __m256i) {
        // SAFETY: the reference is to 32 bytes, all that is written, and no alignment is asked for.
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().cast(), value) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::linear::Linear;
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

    proptest! {
        #[test]
        fn every_set_of_instructions_finds_the_true_sums((inputs, outputs, weights, bytes) in layer()) {
            let linear = Linear::new(&weights, &vec![1.0; outputs], &vec![0.0; outputs]);
            let mut rows = Vec::new();
            for row in bytes.chunks(inputs) {
                rows.extend(row.chunks(4).map(|four| std::array::from_fn(|at| four.get(at).copied().unwrap_or(0))));
            }
            for isa in Isa::all() {
                for (panel, groups) in linear.panels().enumerate() {
                    let mut sums = vec![[-1; PANEL]; bytes.len() / inputs];
                    isa.products(&rows, groups, &mut sums);
                    for (row, sums) in bytes.chunks(inputs).zip(&sums) {
                        for (column, &sum) in sums.iter().enumerate() {
                            let output = panel * PANEL + column;
                            let weights = weights.chunks(inputs).nth(output).unwrap_or_default();
                            let products = row.iter().zip(weights).map(|(&a, &b)| i32::from(a) * i32::from(b));
                            prop_assert_eq!(sum, products.sum::<i32>(), "{:?}", isa);
                        }
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
