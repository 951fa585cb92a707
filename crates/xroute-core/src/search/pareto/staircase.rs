//! The front of a node in two dimensions.

/// Pairs of which none is nowhere above another, the first rising and the second falling.
#[derive(Debug, Clone, Default)]
pub(crate) struct Staircase {
    pairs: Vec<(u64, u64)>,
}

impl Staircase {
    /// Whether a kept pair is nowhere above this one.
    pub fn covers(&self, first: u64, second: u64) -> bool {
        let after = self.pairs.partition_point(|pair| pair.0 <= first);
        after > 0 && self.pairs[after - 1].1 <= second
    }

    /// Keeps a pair that is not covered and drops those that it covers.
    pub fn insert(&mut self, first: u64, second: u64) {
        let start = self.pairs.partition_point(|pair| pair.0 < first);
        let covered = self.pairs[start..].partition_point(|pair| pair.1 >= second);
        self.pairs.splice(start..start + covered, [(first, second)]);
    }
}
