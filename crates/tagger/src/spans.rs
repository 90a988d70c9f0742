//! Which stretches of words do the tags of single words add up to?

use std::ops::Range;

/// How the labels of a tag head belong together.
#[derive(Debug)]
pub struct Tags {
    outside: usize,
    kinds: Vec<Kind>,
}

/// Two labels that mark a stretch of one kind.
#[derive(Debug)]
struct Kind {
    name: String,
    begin: usize,
    inside: usize,
}

/// A stretch of words of one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// Which kind, in the order in which the labels name them.
    kind: usize,
    /// The words.
    pub words: Range<usize>,
}

impl Tags {
    /// Sorts the labels of a head: `O`, and `B` with `I` for each kind, either plain or `B-kind`.
    pub fn of(labels: &[String]) -> Option<Self> {
        let position = |label: &str| {
            let mut found = labels.iter().enumerate().filter(|(_, other)| *other == label);
            let (first, _) = found.next()?;
            found.next().is_none().then_some(first)
        };
        let outside = position("O")?;
        let mut kinds = Vec::new();
        for (begin, label) in labels.iter().enumerate() {
            let Some(suffix) = label.strip_prefix('B') else { continue };
            position(label)?;
            let inside = position(&format!("I{suffix}"))?;
            let name = suffix.strip_prefix('-').unwrap_or(suffix).to_owned();
            kinds.push(Kind { name, begin, inside });
        }
        (labels.len() == 2 * kinds.len() + 1).then_some(Self { outside, kinds })
    }

    /// What a stretch is; a head with one kind may leave it without a name.
    pub fn name(&self, stretch: &Stretch) -> &str {
        &self.kinds[stretch.kind].name
    }

    /// How likely a word is part of a stretch of this kind, from the probabilities of its labels.
    pub fn probability(&self, stretch: &Stretch, probabilities: &[f32]) -> f32 {
        let kind = &self.kinds[stretch.kind];
        probabilities[kind.begin] + probabilities[kind.inside]
    }

    /// Returns the stretches of the likeliest row of tags in which no inside follows anything but its own kind.
    ///
    /// `scores` has a row for each word of a text. `outside` is added to the score of `O`: below 0, more is
    /// found.
    pub fn stretches(&self, scores: &[f32], outside: f32) -> Vec<Stretch> {
        let width = 2 * self.kinds.len() + 1;
        let mut best = vec![0.0; width];
        for kind in &self.kinds {
            best[kind.begin] = f32::NEG_INFINITY;
            best[kind.inside] = f32::NEG_INFINITY;
        }
        // For each word and tag, the tag of the word before on the best way there.
        let mut ways: Vec<Vec<usize>> = Vec::with_capacity(scores.len() / width);
        for row in scores.chunks_exact(width) {
            let likeliest = greatest(&best);
            let mut way = vec![likeliest; width];
            for kind in &self.kinds {
                let begun = best[kind.begin] >= best[kind.inside];
                way[kind.inside] = if begun { kind.begin } else { kind.inside };
            }
            // Taking off the best keeps the sums small however long the text is.
            let most = best[likeliest];
            best = way.iter().zip(row).map(|(&from, score)| best[from] - most + score).collect();
            best[self.outside] += outside;
            ways.push(way);
        }
        self.follow(&ways, greatest(&best))
    }

    /// Returns the stretches on the way that ends in `tag`.
    fn follow(&self, ways: &[Vec<usize>], mut tag: usize) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut end = ways.len();
        for (word, way) in ways.iter().enumerate().rev() {
            if tag == self.outside {
                end = word;
            } else if let Some(kind) = self.kinds.iter().position(|kind| kind.begin == tag) {
                stretches.push(Stretch { kind, words: word..end });
                end = word;
            }
            tag = way[tag];
        }
        stretches.reverse();
        stretches
    }
}

/// Returns where the greatest number stands, the first of equals.
pub fn greatest(numbers: &[f32]) -> usize {
    let mut best = 0;
    for (at, number) in numbers.iter().enumerate() {
        if *number > numbers[best] {
            best = at;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(labels: &[&str]) -> Option<Tags> {
        Tags::of(&labels.iter().map(|label| (*label).to_owned()).collect::<Vec<_>>())
    }

    fn stretches(labels: &[&str], scores: &[&[f32]], outside: f32) -> Vec<(String, Range<usize>)> {
        let tags = tags(labels).unwrap();
        let found = tags.stretches(&scores.concat(), outside);
        found.into_iter().map(|stretch| (tags.name(&stretch).to_owned(), stretch.words)).collect()
    }

    #[test]
    fn labels_that_do_not_pair_up_are_refused() {
        assert!(tags(&["O", "B", "I"]).is_some());
        assert!(tags(&["O", "B-x", "I-x", "B-y", "I-y"]).is_some());
        let odd: [&[&str]; 5] = [
            &["B", "I"],
            &["O", "B-x", "I-y"],
            &["O", "B", "B", "I", "I"],
            &["O", "O", "B"],
            &["O", "B", "I", "x"],
        ];
        for labels in odd {
            assert!(tags(labels).is_none(), "{labels:?}");
        }
    }

    #[test]
    fn an_inside_without_its_begin_is_no_stretch() {
        let scores: [&[f32]; 3] = [&[5.0, 0.0, 0.0], &[0.0, 1.0, 3.0], &[1.0, 0.0, 4.0]];
        assert_eq!(stretches(&["O", "B", "I"], &scores, 0.0), [(String::new(), 1..3)]);
        let scores: [&[f32]; 2] = [&[1.0, 0.9, 5.0], &[4.0, 1.0, 4.5]];
        assert_eq!(stretches(&["O", "B", "I"], &scores, 0.0), [(String::new(), 0..2)]);
        let scores: [&[f32]; 2] = [&[5.0, 0.0, 0.0], &[4.0, 1.0, 4.5]];
        assert_eq!(stretches(&["O", "B", "I"], &scores, 0.0), []);
    }

    #[test]
    fn stretches_end_where_another_begins_and_at_the_end_of_the_text() {
        let labels = ["O", "B-x", "I-x", "B-y", "I-y"];
        let scores: [&[f32]; 5] = [
            &[0.0, 1.0, 2.0, 0.0, 0.0],
            &[0.0, 2.0, 0.0, 0.0, 0.0],
            &[0.0, 0.0, 2.0, 0.0, 1.9],
            &[0.0, 0.0, 0.0, 2.0, 0.0],
            &[0.0, 0.0, 1.0, 0.0, 0.5],
        ];
        let expected = [("x".to_owned(), 0..1), ("x".to_owned(), 1..3), ("y".to_owned(), 3..5)];
        assert_eq!(stretches(&labels, &scores, 0.0), expected);
    }

    #[test]
    fn leaning_away_from_outside_finds_more() {
        let scores: [&[f32]; 2] = [&[5.0, 4.0, 0.0], &[5.0, 0.0, 1.0]];
        assert_eq!(stretches(&["O", "B", "I"], &scores, -0.9), []);
        assert_eq!(stretches(&["O", "B", "I"], &scores, -1.1), [(String::new(), 0..1)]);
    }

    #[test]
    fn the_end_of_a_long_text_is_read_as_finely_as_its_start() {
        let row: &[f32] = &[90.0, 90.0, 0.0];
        let mut scores = vec![row; 100_000];
        scores.push(&[90.0, 90.001, 0.0]);
        assert_eq!(stretches(&["O", "B", "I"], &scores, 0.0), [(String::new(), 100_000..100_001)]);
    }

    #[test]
    fn no_words_have_no_stretches() {
        assert_eq!(stretches(&["O", "B", "I"], &[], 0.0), []);
    }
}
