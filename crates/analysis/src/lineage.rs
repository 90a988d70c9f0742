//! Lineage: whose words are these?
//!
//! A wire story in ten papers is one voice. Likely copies meet by their fingerprints, without
//! looking at the whole store; then the two texts are compared word by word. Words inside quotation
//! marks are set aside, since two reporters who heard one speaker quote the same words.

use crate::policy::Policy;
use crate::wording;
use headwater_domain::report::{Report, Source};
use headwater_domain::resolution::{Fingerprint, Lineage, LineageKind};
use headwater_domain::time::Published;

/// Words in a shingle of the fingerprint.
const SHINGLE_WORDS: usize = 4;
/// Bands of a fingerprint, and hash functions in a band: two texts with half of their shingles in
/// common meet with a chance of 99.5%, with a tenth in common of 4%.
const BANDS: usize = 40;
const ROWS: usize = 3;
/// Shortest run of words that counts as taken over.
const RUN_WORDS: usize = 8;

/// Computes the keys by which likely copies of a text meet.
pub fn fingerprint(text: &str) -> Fingerprint {
    let words: Vec<String> = wording::words(text).collect();
    if words.len() < SHINGLE_WORDS * 4 {
        return Fingerprint::default();
    }
    let shingles: Vec<u64> =
        words.windows(SHINGLE_WORDS).map(|run| wording::hash(run.iter().map(String::as_str))).collect();
    let mut bands = Vec::with_capacity(BANDS);
    for band in 0..BANDS {
        let mut key = band as u64;
        for row in 0..ROWS {
            // Multiplying by an odd number permutes the hashes; the smallest stands for the set.
            let factor = wording::mix((band * ROWS + row) as u64 + 1) | 1;
            let smallest = shingles.iter().map(|hash| hash.wrapping_mul(factor)).min().unwrap_or(0);
            key = wording::mix(key ^ smallest);
        }
        // The store keeps signed 64-bit numbers; the top bit is left out so that both agree.
        bands.push(key >> 1);
    }
    Fingerprint { bands }
}

/// A text made ready for comparing: hashes of its runs of words, and which words are quoted.
#[derive(Debug, Clone)]
pub struct Wording {
    /// Hash of all words.
    whole: u64,
    /// For each word whether it stands inside quotation marks.
    quoted: Vec<bool>,
    /// Hash of the run that begins at each word.
    runs: Vec<u64>,
    /// The same hashes, sorted.
    sorted: Vec<u64>,
}

impl Wording {
    /// Makes a text ready.
    pub fn of(text: &str) -> Self {
        let (mut words, mut quoted) = (Vec::new(), Vec::new());
        for paragraph in text.split('\n') {
            let mut inside = false;
            for piece in paragraph.split_inclusive(['“', '”', '"', '«', '»']) {
                words.extend(wording::words(piece));
                quoted.resize(words.len(), inside);
                match piece.chars().next_back() {
                    Some('“' | '«') => inside = true,
                    Some('”' | '»') => inside = false,
                    Some('"') => inside = !inside,
                    _ => {}
                }
            }
        }
        let runs: Vec<u64> =
            words.windows(RUN_WORDS).map(|run| wording::hash(run.iter().map(String::as_str))).collect();
        let mut sorted = runs.clone();
        sorted.sort_unstable();
        Self { whole: wording::hash(words.iter().map(String::as_str)), quoted, runs, sorted }
    }

    fn words(&self) -> usize {
        self.quoted.len()
    }

    /// How many words stand in runs that the other text has too: all of them, and those outside
    /// quotation marks.
    fn shared(&self, other: &Self) -> (usize, usize) {
        let mut shared = vec![false; self.words()];
        for (start, run) in self.runs.iter().enumerate() {
            if other.sorted.binary_search(run).is_ok() {
                shared[start..start + RUN_WORDS].fill(true);
            }
        }
        let all = shared.iter().filter(|&&shared| shared).count();
        let prose = shared.iter().zip(&self.quoted).filter(|&(&shared, &quoted)| shared && !quoted).count();
        (all, prose)
    }
}

/// How much of each text stands in the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overlap {
    /// Share of the left text's words.
    pub left: f32,
    /// Share of the right text's words.
    pub right: f32,
    /// Words in common outside quotation marks, as a share of the shorter text.
    pub prose: f32,
    /// Whether the words are the same throughout.
    pub identical: bool,
}

impl Overlap {
    /// Share of the shorter text that stands in the other.
    pub fn coverage(self) -> f32 {
        self.left.max(self.right)
    }
}

/// Measures how much two texts have in common, in runs of eight words or more.
pub fn overlap(left: &str, right: &str) -> Overlap {
    overlap_of(&Wording::of(left), &Wording::of(right))
}

/// The same for texts that are ready for comparing.
fn overlap_of(left: &Wording, right: &Wording) -> Overlap {
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f32 / whole as f32 };
    let (left_all, left_prose) = left.shared(right);
    let (right_all, right_prose) = right.shared(left);
    let prose = if left.words() <= right.words() {
        share(left_prose, left.words())
    } else {
        share(right_prose, right.words())
    };
    Overlap {
        left: share(left_all, left.words()),
        right: share(right_all, right.words()),
        prose,
        identical: left.words() > 0 && left.words() == right.words() && left.whole == right.whole,
    }
}

/// Tells how the wording of two reports derives from one another, or nothing if it does not. The
/// answer is the same whichever is given first.
pub fn compare(one: &Report, other: &Report, policy: &Policy) -> Option<Lineage> {
    let ready = |report: &Report| Wording::of(report.text.as_str());
    compare_ready((one, &ready(one)), (other, &ready(other)), policy)
}

/// The same for texts that are ready for comparing.
pub fn compare_ready(
    one: (&Report, &Wording),
    other: (&Report, &Wording),
    policy: &Policy,
) -> Option<Lineage> {
    if one.0.id == other.0.id {
        return None;
    }
    let (from, to, directed) = direction(one.0, other.0);
    let (first, second) = if from.id == one.0.id { (one.1, other.1) } else { (other.1, one.1) };
    let overlap = overlap_of(first, second);
    let percent = |share: f32| (share * 100.0).round();
    let (kind, because) = if overlap.identical {
        (LineageKind::Identical, "the same words throughout".to_owned())
    } else if overlap.left >= 0.9 && overlap.right >= 0.9 {
        let least = percent(overlap.left.min(overlap.right));
        (LineageKind::NearIdentical, format!("{least}% of both texts stand in the other"))
    } else if overlap.right >= 0.8 {
        (LineageKind::Trimmed, format!("{}% of the later text stands in the earlier", percent(overlap.right)))
    } else if overlap.left >= 0.8 {
        let added = percent(1.0 - overlap.right);
        (LineageKind::Extended, format!("holds the earlier text; {added}% is added"))
    } else if overlap.prose >= policy.prose_coverage_min {
        let prose = percent(overlap.prose);
        (LineageKind::RewrittenWithQuotes, format!("{prose}% of the shorter text is prose in common"))
    } else if overlap.coverage() > 0.0 && overlap.prose * 2.0 <= overlap.coverage() {
        (LineageKind::SharedQuoteOnly, "only quoted words in common".to_owned())
    } else {
        return None;
    };
    Some(Lineage {
        from: from.id,
        to: to.id,
        kind,
        directed,
        coverage: overlap.coverage(),
        prose_coverage: overlap.prose,
        because,
    })
}

/// Puts first the report from which the other may derive: the one whose publisher the other
/// credits, else the one published earlier. Without either the direction is not known, and the
/// longer text goes first.
fn direction<'a>(one: &'a Report, other: &'a Report) -> (&'a Report, &'a Report, bool) {
    let credits = |report: &Report, credited: &Report| {
        report.source != credited.source
            && report.wire.as_ref().is_some_and(|wire| Some(Source::id_of(&wire.agency)) == credited.source)
    };
    match (credits(other, one), credits(one, other)) {
        (true, false) => return (one, other, true),
        (false, true) => return (other, one, true),
        _ => {}
    }
    let order = match (one.published, other.published) {
        (Some(Published::At(left)), Some(Published::At(right))) => left.cmp(&right),
        (Some(left), Some(right)) => left.date().cmp(&right.date()),
        _ => std::cmp::Ordering::Equal,
    };
    match order {
        std::cmp::Ordering::Less => (one, other, true),
        std::cmp::Ordering::Greater => (other, one, true),
        std::cmp::Ordering::Equal => {
            let key = |report: &Report| (std::cmp::Reverse(report.text.as_str().len()), report.id);
            if key(one) <= key(other) { (one, other, false) } else { (other, one, false) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "Gunmen on motorcycles attacked a market in the town of Brisa on Tuesday morning, killing \
        at least eleven people and wounding twenty more, the regional governor's office said. Witnesses described \
        shooting that lasted for an hour before soldiers arrived from the barracks on the northern edge of town. \
        “We will find those who did this and we will bring them before a court of law,” the governor said.";

    #[test]
    fn a_copy_meets_its_original_by_fingerprint_and_a_stranger_does_not() {
        let meets = |left: &str, right: &str| {
            let right = fingerprint(right);
            fingerprint(left).bands.iter().any(|band| right.bands.contains(band))
        };
        let trimmed = STORY.split_once("Witnesses").unwrap().0;
        let other = "The parliament of the island republic passed its budget on Friday after a debate of nine hours. \
            Ministers praised the vote, while the opposition walked out before the count and promised to go to court.";
        assert!(meets(STORY, &STORY.replace("eleven", "twelve")));
        assert!(meets(STORY, trimmed));
        assert!(!meets(STORY, other));
    }

    #[test]
    fn a_shared_quotation_is_not_shared_prose() {
        let retold = "An hour of fire in a market town left many dead this week. “We will find those who did this \
            and we will bring them before a court of law,” the governor said to reporters, promising an inquiry.";
        let overlap = overlap(STORY, retold);
        assert!(overlap.coverage() > 0.3, "{overlap:?}");
        assert!(overlap.prose < 0.1, "{overlap:?}");
    }
}
