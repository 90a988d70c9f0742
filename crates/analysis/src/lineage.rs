//! Lineage: whose words are these?
//!
//! A wire story in ten papers is one voice. Likely copies meet by their fingerprints, without
//! looking at the whole store; then the two texts are compared word by word. Words inside quotation
//! marks are set aside, since two reporters who heard one speaker quote the same words.

use crate::policy::Policy;
use crate::wording;
use headwater_domain::id::{ReportId, SourceId};
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
    /// Hashes of runs with the word that each begins at, sorted.
    runs: Vec<(u64, u32)>,
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
        let hash = |run: &[String]| wording::hash(run.iter().map(String::as_str));
        let mut runs: Vec<(u64, u32)> = words.windows(RUN_WORDS).map(hash).zip(0..).collect();
        runs.sort_unstable();
        Self { whole: hash(&words), quoted, runs }
    }

    fn words(&self) -> usize {
        self.quoted.len()
    }

    /// How many words stand in runs that begin at these words: all of them, and those outside
    /// quotation marks.
    fn covered(&self, starts: &[u32]) -> (usize, usize) {
        let mut covered = vec![false; self.words()];
        for &start in starts {
            covered[start as usize..start as usize + RUN_WORDS].fill(true);
        }
        let all = covered.iter().filter(|&&covered| covered).count();
        let prose =
            covered.iter().zip(&self.quoted).filter(|&(&covered, &quoted)| covered && !quoted).count();
        (all, prose)
    }
}

/// Where the runs begin that two texts have in common, in each of them.
fn common_runs(left: &Wording, right: &Wording) -> (Vec<u32>, Vec<u32>) {
    let (mut in_left, mut in_right) = (Vec::new(), Vec::new());
    let (mut one, mut other) = (left.runs.as_slice(), right.runs.as_slice());
    while let (Some(&(left, _)), Some(&(right, _))) = (one.first(), other.first()) {
        if left == right {
            let same = |runs: &[(u64, u32)]| runs.partition_point(|&(hash, _)| hash <= left);
            let (of_one, of_other) = (same(one), same(other));
            in_left.extend(one[..of_one].iter().map(|&(_, start)| start));
            in_right.extend(other[..of_other].iter().map(|&(_, start)| start));
            (one, other) = (&one[of_one..], &other[of_other..]);
        } else if left < right {
            one = &one[1..];
        } else {
            other = &other[1..];
        }
    }
    (in_left, in_right)
}

/// A report made ready for comparing: its wording, and what tells which of two was there first.
#[derive(Debug, Clone)]
pub struct Ready {
    id: ReportId,
    source: Option<SourceId>,
    /// The agency that it credits, as the source that it is.
    credited: Option<SourceId>,
    published: Option<Published>,
    length: usize,
    wording: Wording,
}

impl Ready {
    /// Makes a report ready.
    pub fn of(report: &Report) -> Self {
        Self {
            id: report.id,
            source: report.source,
            credited: report.wire.as_ref().map(|wire| Source::id_of(&wire.agency)),
            published: report.published,
            length: report.text.as_str().len(),
            wording: Wording::of(report.text.as_str()),
        }
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
    let (in_left, in_right) = common_runs(left, right);
    let (left_all, left_prose) = left.covered(&in_left);
    let (right_all, right_prose) = right.covered(&in_right);
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
    compare_ready(&Ready::of(one), &Ready::of(other), policy)
}

/// The same for reports that are ready for comparing.
pub fn compare_ready(one: &Ready, other: &Ready, policy: &Policy) -> Option<Lineage> {
    if one.id == other.id {
        return None;
    }
    let (from, to, directed) = direction(one, other);
    let overlap = overlap_of(&from.wording, &to.wording);
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
fn direction<'a>(one: &'a Ready, other: &'a Ready) -> (&'a Ready, &'a Ready, bool) {
    let credits = |report: &Ready, credited: &Ready| {
        report.source != credited.source && report.credited.is_some() && report.credited == credited.source
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
            let key = |report: &Ready| (std::cmp::Reverse(report.length), report.id);
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
