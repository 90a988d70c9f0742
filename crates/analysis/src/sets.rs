//! Disjoint sets: what hangs together?

/// Numbers from 0, joined into sets. The smallest number of a set stands for it, so that the answer
/// does not depend on the order of joining.
#[derive(Debug, Clone)]
pub struct Sets {
    parents: Vec<usize>,
}

impl Sets {
    /// So many numbers, each alone.
    pub fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    /// The smallest number of a number's set.
    pub fn root(&mut self, mut number: usize) -> usize {
        while self.parents[number] != number {
            self.parents[number] = self.parents[self.parents[number]];
            number = self.parents[number];
        }
        number
    }

    /// Joins the sets of two numbers.
    pub fn join(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        self.parents[left.max(right)] = left.min(right);
    }
}
