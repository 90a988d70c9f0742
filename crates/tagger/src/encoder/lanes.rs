//! What happens to numbers between the products?
//!
//! All loops work on 16 numbers side by side and say in which order they are added, so the compiler can
//! use registers of any width and the result stays the same to the last bit. Multiplications that feed
//! an addition are fused by name (`mul_add`), never by the compiler's choice.

use super::linear::{PANEL, Panel, Quantised, Sums, TILE_ROWS};
use super::{Attention, HEAD_WIDTH, HEADS, HIDDEN, Vector};

/// Numbers worked on side by side.
const WIDE: usize = 16;
pub type Wide = [f32; WIDE];

/// Rows that look at the others at the same time.
pub const QUERIES: usize = 4;

/// Added to the variance before its root is taken, as in training.
const EPSILON: f32 = 1e-12;

/// Added to a number below 2²² in size, leaves the nearest integer in the low bits.
const TO_INTEGER: f32 = 12_582_912.0;

/// See [`super::kernels::Isa::quantise`]. The range always holds 0, so that zeros stay exact.
#[inline(always)]
pub fn quantise(values: &[f32], width: usize, quantised: &mut Quantised) {
    let depth = width.div_ceil(4);
    let Quantised { tiles, rows, bytes } = quantised;
    tiles.clear();
    tiles.resize((values.len() / width).div_ceil(TILE_ROWS) * depth, [[0; 4]; TILE_ROWS]);
    rows.clear();
    bytes.clear();
    bytes.resize(depth, [0; 4]);
    for (tile, values) in tiles.chunks_exact_mut(depth).zip(values.chunks(width * TILE_ROWS)) {
        for (at, row) in values.chunks_exact(width).enumerate() {
            let (low, high) = range(row);
            let scale = ((high - low) / 255.0).max(f32::MIN_POSITIVE);
            let units = 1.0 / scale;
            let zero = (-low * units + TO_INTEGER) - TO_INTEGER;
            for (byte, &value) in bytes.as_flattened_mut().iter_mut().zip(row) {
                let unit = value.mul_add(units, zero);
                let unit = if unit > 255.0 { 255.0 } else { unit };
                let unit = if unit < 0.0 { 0.0 } else { unit };
                *byte = ((unit + TO_INTEGER).to_bits() & 0xff) as u8;
            }
            for (fours, &four) in tile.iter_mut().zip(bytes.iter()) {
                fours[at] = four;
            }
            rows.push((scale, zero as i32));
        }
    }
}

/// Returns the least and the greatest of some numbers and 0.
#[inline(always)]
fn range(row: &[f32]) -> (f32, f32) {
    let mut low = [0.0f32; WIDE];
    let mut high = [0.0f32; WIDE];
    let (wides, rest) = row.as_chunks::<WIDE>();
    for wide in wides {
        for lane in 0..WIDE {
            low[lane] = if wide[lane] < low[lane] { wide[lane] } else { low[lane] };
            high[lane] = if wide[lane] > high[lane] { wide[lane] } else { high[lane] };
        }
    }
    let low = low.iter().chain(rest).fold(0.0, |least, &value| if value < least { value } else { least });
    let high = high.iter().chain(rest).fold(0.0, |most, &value| if value > most { value } else { most });
    (low, high)
}

/// See [`super::kernels::Isa::rescale`]. The zero is taken off while the sums are still exact.
#[inline(always)]
pub fn rescale(
    sums: &Sums,
    rows: &[(f32, i32)],
    panel: &Panel,
    first: usize,
    width: usize,
    results: &mut [f32],
) {
    let columns = PANEL.min(width - first);
    for ((sums, &(scale, zero)), row) in sums.iter().zip(rows).zip(results.chunks_exact_mut(width)) {
        let mut numbers = [0.0; PANEL];
        for column in 0..PANEL {
            let sum = (sums[column] - zero * panel.weights[column]) as f32;
            numbers[column] = sum.mul_add(scale * panel.scale[column], panel.bias[column]);
        }
        if let Some(whole) = row[first..].first_chunk_mut::<PANEL>() {
            *whole = numbers;
        } else {
            row[first..].copy_from_slice(&numbers[..columns]);
        }
    }
}

/// See [`super::kernels::Isa::add_and_normalise`].
#[inline(always)]
pub fn add_and_normalise(rows: &mut [Vector], found: &[Vector], gain: &Vector, bias: &Vector) {
    const SHARE: f32 = 1.0 / HIDDEN as f32;
    for (row, found) in rows.iter_mut().zip(found) {
        let mut total = [0.0; WIDE];
        for (wide, found) in row.as_chunks_mut::<WIDE>().0.iter_mut().zip(found.as_chunks::<WIDE>().0) {
            for lane in 0..WIDE {
                wide[lane] += found[lane];
                total[lane] += wide[lane];
            }
        }
        let mean = sum(total) * SHARE;
        let mut squares = [0.0; WIDE];
        for wide in row.as_chunks::<WIDE>().0 {
            for lane in 0..WIDE {
                let distance = wide[lane] - mean;
                squares[lane] = distance.mul_add(distance, squares[lane]);
            }
        }
        let inverse = 1.0 / (sum(squares) * SHARE + EPSILON).sqrt();
        for at in 0..HIDDEN {
            row[at] = ((row[at] - mean) * inverse).mul_add(gain[at], bias[at]);
        }
    }
}

/// See [`super::kernels::Isa::gelu`].
#[inline(always)]
pub fn gelu(values: &mut [f32]) {
    for value in values {
        *value = 0.5 * *value * (1.0 + erf(*value * std::f32::consts::FRAC_1_SQRT_2));
    }
}

/// The error function, by the rational approximation that Eigen uses: good to a few units in the last place.
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = if x > 4.0 { 4.0 } else { x };
    let x = if x < -4.0 { -4.0 } else { x };
    let square = x * x;
    let above = (-2.726_142_3e-10f32)
        .mul_add(square, 2.770_681_3e-8)
        .mul_add(square, -2.101_024e-6)
        .mul_add(square, -5.692_506_6e-5)
        .mul_add(square, -7.349_906_3e-4)
        .mul_add(square, -2.954_6e-3)
        .mul_add(square, -1.609_603_3e-2);
    let below = (-1.456_607_1e-5f32)
        .mul_add(square, -2.133_740_6e-4)
        .mul_add(square, -1.682_827e-3)
        .mul_add(square, -7.373_329_3e-3)
        .mul_add(square, -1.426_474_1e-2);
    x * above / below
}

/// The exponential function, by Cephes' polynomial; a number below -87 or above 88 counts as that.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let shifted = x.mul_add(std::f32::consts::LOG2_E, TO_INTEGER);
    let power = shifted - TO_INTEGER;
    // ln 2 in two parts, of which the first has few digits, so that nothing is lost.
    let rest = power.mul_add(-0.693_359_4, x);
    let rest = power.mul_add(2.121_944_4e-4, rest);
    let series = 1.987_569_1e-4f32
        .mul_add(rest, 1.398_199_9e-3)
        .mul_add(rest, 8.333_452e-3)
        .mul_add(rest, 4.166_579_6e-2)
        .mul_add(rest, 1.666_666_5e-1)
        .mul_add(rest, 0.5);
    let fraction = (series * rest).mul_add(rest, rest) + 1.0;
    let exponent = shifted.to_bits().wrapping_sub(TO_INTEGER.to_bits()).wrapping_add(127) << 23;
    fraction * f32::from_bits(exponent)
}

/// See [`super::kernels::Isa::attend`].
#[inline(always)]
pub fn attend(qkv: &[[f32; 3 * HIDDEN]], scratch: &mut Attention, context: &mut [Vector]) {
    for head in 0..HEADS {
        let at = head * HEAD_WIDTH;
        gather_keys(qkv, HIDDEN + at, &mut scratch.keys);
        scratch.weights.clear();
        scratch.weights.resize(scratch.keys.len(), [[0.0; WIDE]; QUERIES]);
        for (rows, context) in qkv.chunks(QUERIES).zip(context.chunks_mut(QUERIES)) {
            let mut queries = [[0.0; HEAD_WIDTH]; QUERIES];
            for (query, row) in queries.iter_mut().zip(rows) {
                query.copy_from_slice(&row[at..][..HEAD_WIDTH]);
            }
            compare(&queries, &scratch.keys, &mut scratch.weights);
            let shares = weigh(&mut scratch.weights, qkv.len());
            let sums = mix(&scratch.weights, qkv, 2 * HIDDEN + at);
            for ((context, sums), share) in context.iter_mut().zip(sums).zip(shares) {
                for (to, sum) in context[at..][..HEAD_WIDTH].iter_mut().zip(sums) {
                    *to = sum * share;
                }
            }
        }
    }
}

/// Puts the keys of one head side by side, 16 rows at a time, and scales them; missing rows are zero.
#[inline(always)]
fn gather_keys(qkv: &[[f32; 3 * HIDDEN]], at: usize, keys: &mut Vec<[Wide; HEAD_WIDTH]>) {
    /// One over the root of the width of a head.
    const SCALE: f32 = 0.176_776_7;
    keys.clear();
    keys.resize(qkv.len().div_ceil(WIDE), [[0.0; WIDE]; HEAD_WIDTH]);
    for (rows, block) in qkv.chunks(WIDE).zip(keys) {
        for (lane, row) in rows.iter().enumerate() {
            for (wide, &key) in block.iter_mut().zip(&row[at..][..HEAD_WIDTH]) {
                wide[lane] = key * SCALE;
            }
        }
    }
}

/// Multiplies a few queries with all keys.
#[inline(always)]
fn compare(
    queries: &[[f32; HEAD_WIDTH]; QUERIES],
    keys: &[[Wide; HEAD_WIDTH]],
    weights: &mut [[Wide; QUERIES]],
) {
    for (block, weights) in keys.iter().zip(weights) {
        let mut products = [[0.0; WIDE]; QUERIES];
        for (at, wide) in block.iter().enumerate() {
            for (products, query) in products.iter_mut().zip(queries) {
                for lane in 0..WIDE {
                    products[lane] = query[at].mul_add(wide[lane], products[lane]);
                }
            }
        }
        *weights = products;
    }
}

/// Turns products into weights of the rows, and returns one over each query's total.
#[inline(always)]
fn weigh(weights: &mut [[Wide; QUERIES]], rows: usize) -> [f32; QUERIES] {
    let missing = weights.len() * WIDE - rows;
    let mut shares = [0.0; QUERIES];
    for query in 0..QUERIES {
        if let Some(last) = weights.last_mut() {
            last[query][WIDE - missing..].fill(f32::MIN);
        }
        let mut most = [f32::MIN; WIDE];
        for wides in weights.iter() {
            for lane in 0..WIDE {
                let value = wides[query][lane];
                most[lane] = if value > most[lane] { value } else { most[lane] };
            }
        }
        let most = most.iter().fold(f32::MIN, |most, &value| if value > most { value } else { most });
        for wides in weights.iter_mut() {
            for value in &mut wides[query] {
                *value = exp(*value - most);
            }
        }
        if let Some(last) = weights.last_mut() {
            last[query][WIDE - missing..].fill(0.0);
        }
        let mut total = [0.0; WIDE];
        for wides in weights.iter() {
            for lane in 0..WIDE {
                total[lane] += wides[query][lane];
            }
        }
        shares[query] = 1.0 / sum(total);
    }
    shares
}

/// Adds up the values of all rows by their weights.
#[inline(always)]
fn mix(weights: &[[Wide; QUERIES]], qkv: &[[f32; 3 * HIDDEN]], at: usize) -> [[f32; HEAD_WIDTH]; QUERIES] {
    let mut sums = [[0.0; HEAD_WIDTH]; QUERIES];
    for (rows, wides) in qkv.chunks(WIDE).zip(weights) {
        for (lane, row) in rows.iter().enumerate() {
            let Some(values) = row[at..].first_chunk::<HEAD_WIDTH>() else { continue };
            for (sums, wide) in sums.iter_mut().zip(wides) {
                for (sum, value) in sums.iter_mut().zip(values) {
                    *sum = wide[lane].mul_add(*value, *sum);
                }
            }
        }
    }
    sums
}

/// See [`super::kernels::Isa::project`].
#[inline(always)]
pub fn project(vector: &[f32], matrix: &[f32], bias: &[f32], results: &mut [f32]) {
    let (wides, _) = vector.as_chunks::<WIDE>();
    for ((row, bias), result) in matrix.chunks_exact(vector.len()).zip(bias).zip(results) {
        let mut total = [0.0; WIDE];
        for (weights, values) in row.as_chunks::<WIDE>().0.iter().zip(wides) {
            for lane in 0..WIDE {
                total[lane] = weights[lane].mul_add(values[lane], total[lane]);
            }
        }
        *result = sum(total) + bias;
    }
}

/// See [`super::kernels::Isa::softmax`].
#[inline(always)]
pub fn softmax(scores: &mut [f32]) {
    let most = scores.iter().fold(f32::MIN, |most, &score| if score > most { score } else { most });
    let mut total = 0.0;
    for score in scores.iter_mut() {
        *score = exp(*score - most);
        total += *score;
    }
    for score in scores {
        *score /= total;
    }
}

/// Adds 16 numbers pairwise.
#[inline(always)]
fn sum(wide: Wide) -> f32 {
    let eight: [f32; 8] = std::array::from_fn(|lane| wide[lane] + wide[lane + 8]);
    let four: [f32; 4] = std::array::from_fn(|lane| eight[lane] + eight[lane + 4]);
    (four[0] + four[2]) + (four[1] + four[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error function by its series, in double precision.
    fn erf_by_series(x: f64) -> f64 {
        let mut term = x;
        let mut total = x;
        for n in 1..200 {
            term *= -x * x / f64::from(n);
            total += term / f64::from(2 * n + 1);
        }
        total * 2.0 / std::f64::consts::PI.sqrt()
    }

    #[test]
    fn the_error_function_is_good_to_a_millionth() {
        for step in -400..=400 {
            let x = step as f32 / 100.0;
            let error = f64::from(erf(x)) - erf_by_series(f64::from(x));
            assert!(error.abs() < 1e-6, "{x}: {error}");
        }
    }

    #[test]
    fn the_exponential_is_good_to_a_millionth_of_its_size() {
        for step in -8_600..=8_700 {
            let x = step as f32 / 100.0;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) - expected) / expected;
            assert!(error.abs() < 1e-6, "{x}: {error}");
        }
        assert!(exp(f32::MIN) < 1e-37 && exp(f32::MAX).is_finite());
    }

    #[test]
    fn quantised_rows_are_right_to_half_a_unit_and_zero_is_exact() {
        let values: Vec<f32> = (0..70).map(|at| ((at * 37 % 70) as f32 - 20.0) / 7.0).collect();
        let mut quantised = Quantised::default();
        quantise(&values, 35, &mut quantised);
        for (at, (row, &(scale, zero))) in values.chunks_exact(35).zip(&quantised.rows).enumerate() {
            for (place, &value) in row.iter().enumerate() {
                let byte = quantised.tiles[place / 4][at][place % 4];
                let restored = (i32::from(byte) - zero) as f32 * scale;
                assert!((restored - value).abs() <= scale * 0.51, "{value} became {restored}");
                assert!(value != 0.0 || restored == 0.0);
            }
        }
    }

    #[test]
    fn probabilities_add_up_to_one_whatever_the_scores() {
        for mut scores in [vec![0.0; 7], vec![1e30, -1e30, 3.0], vec![-500.0, -501.0]] {
            softmax(&mut scores);
            let total: f32 = scores.iter().sum();
            assert!((total - 1.0).abs() < 1e-6, "{scores:?}");
        }
    }
}
