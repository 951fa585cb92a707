//! How much worse than an undominated route a member may be.

use super::space::Values;

/// Parts of one that a relative slack is counted in.
pub const PARTS: u64 = 1_000_000;

/// A route stands for another when it is at most so much worse in each criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slack {
    /// In the units of the metric.
    pub absolute: Values,
    /// In millionths of the value that is stood for.
    pub parts: u64,
}

impl Slack {
    /// Whether a route stands only for those that are nowhere better.
    pub fn is_exact(&self) -> bool {
        self.parts == 0 && self.absolute == [0; 3]
    }

    /// How much worse a route may be than one whose value is at least `least`.
    fn beyond(&self, at: usize, least: u64) -> u64 {
        let relative = least / PARTS * self.parts + least % PARTS * self.parts / PARTS;
        self.absolute[at].max(relative)
    }

    /// The least values that a route of these values may stand for.
    pub fn below(&self, values: Values) -> Values {
        [0, 1, 2].map(|at| {
            let value = values[at];
            let least = u128::from(value) * u128::from(PARTS) / u128::from(PARTS + self.parts);
            let mut least = u64::try_from(least).unwrap_or(value);
            while least < value && least + self.beyond(at, least) < value {
                least += 1; // the division rounded down
            }
            least.min(value.saturating_sub(self.absolute[at]))
        })
    }

    /// Whether `values` may stand for `least`, both followed by `remaining` at least.
    pub fn allows(&self, values: Values, least: Values, remaining: Values) -> bool {
        (0..3).all(|at| values[at] - least[at] <= self.beyond(at, least[at] + remaining[at]))
    }
}
