//! The transportation problem on whole numbers: which warehouse serves which zone at least cost.
//!
//! minimise `sum c[w][z] x[w][z]` with `sum_z x[w][z] <= supply[w]`, `sum_w x[w][z] = demand[z]`, `x >= 0`.
//! [`solve`] is a primal network simplex that keeps its tree strongly feasible, so that it ends on
//! degenerate instances too (Cunningham, Mathematical Programming 11, 1976). It prices each zone's
//! cheapest arcs only, and the whole matrix in parallel when those are done. Potentials prove the answer, and
//! [`check`](fn@check::check) tests the proof in one pass that shares no code with the simplex.

pub mod candidates;
pub mod check;
pub mod costs;
pub mod order;
pub mod shortage;
pub mod simplex;
pub mod start;
pub mod tree;

#[cfg(test)]
#[path = "flow_tests.rs"]
mod tests;

pub use costs::{Costs, Matrix, Quantised};
pub use shortage::Shortage;
pub use simplex::{Outcome, Plan, Problem, solve};

use crate::cancel::Cancelled;

/// No arc: the warehouse cannot serve the zone.
pub const FORBIDDEN: i64 = i64::MAX;

/// Why a flow problem has no answer of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FlowError {
    /// A supply or a demand below zero.
    #[error("expected {what} of zero or more, got {value} at position {position}")]
    Negative {
        /// `supply` or `demand`.
        what: &'static str,
        /// Counted from zero.
        position: usize,
        /// What was given.
        value: i64,
    },
    /// Lengths that do not fit the matrix.
    #[error("expected {expected} values of {what} for the cost matrix, got {given}")]
    Shape {
        /// `supply`, `demand` or another column.
        what: &'static str,
        /// By the matrix.
        expected: usize,
        /// As handed in.
        given: usize,
    },
    /// Costs or amounts so large that a sum of them might not fit 64 bits.
    #[error("{what} of {value} are too large for exact sums here; the most is {most}")]
    TooLarge {
        /// `costs`, `supplies` or `demands`.
        what: &'static str,
        /// The largest absolute cost, or the sum.
        value: i128,
        /// The limit that keeps every sum exact.
        most: i128,
    },
    /// The caller raised the flag.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
