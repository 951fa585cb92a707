//! Facility location: which facilities open, and how much of each customer each of them serves.
//!
//! minimise `sum f[i] y[i] + sum c[i][j] x[i][j]` with `sum_i x[i][j] = 1`, `sum_j d[j] x[i][j] <= b[i] y[i]`,
//! `x[i][j] <= y[i]`, `y` zero or one, and `x` from zero to one (split) or zero or one (single source).
//! [`solve`] brings both sides of the answer: deflected subgradients on the customers' equations a bound as
//! good as that of the linear relaxation with all rows `x <= y`, and the flow kernel with moves of
//! facilities an incumbent. What lies between is left to a branch and bound, with facilities fixed by reduced cost.

pub mod ascent;
pub mod climb;
pub mod cover;
pub mod dive;
mod draws;
pub mod knapsacks;
pub mod moves;
pub mod part;
pub mod relax;
pub mod ruin;
pub mod search;
pub mod serve;
pub mod single;
pub mod wander;

#[cfg(test)]
#[path = "facility_tests.rs"]
mod tests;

pub use search::{Answer, Effort, solve};

use crate::flow::FlowError;

/// A facility location problem; matrices by row, one row a facility.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'p> {
    /// Cost of all of a customer from a facility; infinite where there is no lane.
    pub cost: &'p [f64],
    /// Units that an open facility can serve.
    pub capacity: &'p [i64],
    /// Cost of opening, zero or more.
    pub fixed: &'p [f64],
    /// Units of each customer.
    pub demand: &'p [i64],
    /// Whether one facility serves all of a customer.
    pub is_single: bool,
}

/// What is known of a facility before a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The search decides.
    Free,
    /// It is open.
    Open,
    /// It is closed.
    Closed,
}

impl<'p> Problem<'p> {
    /// Number of facilities.
    #[must_use]
    pub fn facilities(&self) -> usize {
        self.capacity.len()
    }

    /// Number of customers.
    #[must_use]
    pub fn customers(&self) -> usize {
        self.demand.len()
    }

    /// Costs of one facility.
    #[must_use]
    pub fn row(&self, facility: usize) -> &'p [f64] {
        &self.cost[facility * self.demand.len()..(facility + 1) * self.demand.len()]
    }

    /// Units of all customers.
    #[must_use]
    pub fn need(&self) -> i64 {
        self.demand.iter().sum()
    }

    /// Whether no capacity can ever bind.
    #[must_use]
    pub fn is_uncapacitated(&self) -> bool {
        let need = self.need();
        self.capacity.iter().all(|&capacity| capacity >= need)
    }

    /// Lengths, signs and sums.
    ///
    /// # Errors
    /// [`FlowError`] for lengths that do not fit, negative amounts and sums that might not fit.
    pub fn checked(&self) -> Result<(), FlowError> {
        let (facilities, customers) = (self.facilities(), self.customers());
        let expected = facilities.saturating_mul(customers);
        let lengths = [("fixed_cost", self.fixed.len(), facilities), ("cost", self.cost.len(), expected)];
        for (what, given, expected) in lengths {
            if given != expected {
                return Err(FlowError::Shape { what, expected, given });
            }
        }
        for (what, values) in [("capacity", self.capacity), ("demand", self.demand)] {
            if let Some(position) = values.iter().position(|&value| value < 0) {
                return Err(FlowError::Negative { what, position, value: values[position] });
            }
            let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
            if sum > i128::from(i64::MAX / 4) {
                return Err(FlowError::TooLarge { what, value: sum, most: i128::from(i64::MAX / 4) });
            }
        }
        Ok(())
    }
}
