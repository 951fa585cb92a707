//! Many origins to many destinations, in rows that do not depend on the number of threads.

#[cfg(test)]
#[path = "matrix_tests.rs"]
mod tests;

use rayon::prelude::*;

use super::{SearchError, dijkstra};
use crate::cancel::CancelFlag;
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{Criterion, Metric};

/// What one optimal route of a pair adds up to; integers in the units of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Money, in the metric's unit.
    pub money: u64,
    /// Seconds.
    pub time_s: u64,
    /// Grams of CO2e by tonne.
    pub co2e_g_t: u64,
    /// Metres.
    pub distance_m: u64,
    /// Money, time and carbon in one, in the metric's unit of money.
    pub generalised: u64,
}

impl Totals {
    /// Money, seconds, CO2e, metres and generalised cost that are added up already.
    pub(super) fn of_sums(sums: [u32; 5]) -> Self {
        let [money, time_s, co2e_g_t, distance_m, generalised] = sums.map(u64::from);
        Self { money, time_s, co2e_g_t, distance_m, generalised }
    }

    /// Whether a sum may have stopped at the most that 32 bits hold.
    pub(super) fn is_cut(&self) -> bool {
        let most = u64::from(u32::MAX);
        let Self { money, time_s, co2e_g_t, distance_m, generalised } = *self;
        [money, time_s, co2e_g_t, distance_m, generalised].contains(&most)
    }

    /// Adds up a path.
    #[must_use]
    pub fn of(metric: &Metric, steps: &[u32]) -> Self {
        let mut sums = [0; 5];
        for &step in steps {
            for (sum, quantity) in sums.iter_mut().zip(metric.quantities(step as usize)) {
                *sum += u64::from(quantity);
            }
        }
        let [money, time_s, co2e_g_t, distance_m, generalised] = sums;
        Self { money, time_s, co2e_g_t, distance_m, generalised }
    }
}

/// Totals for every pair, row by row; `None` where there is no route.
///
/// # Errors
/// [`SearchError::Cancelled`] once the flag is raised.
pub fn totals(
    graph: &Graph,
    metric: &Metric,
    criterion: Criterion,
    origins: &[HubId],
    destinations: &[HubId],
    cancel: &CancelFlag,
) -> Result<Vec<Option<Totals>>, SearchError> {
    let rows: Result<Vec<_>, SearchError> = origins
        .par_iter()
        .map(|&origin| {
            let tree = dijkstra::one_to_all(graph, metric, criterion, origin, cancel)?;
            let cell = |&destination: &HubId| {
                if origin == destination {
                    return Some(Totals::default());
                }
                let steps = tree.steps_to(graph, metric, criterion, destination)?;
                Some(Totals::of(metric, &steps))
            };
            Ok(destinations.iter().map(cell).collect::<Vec<_>>())
        })
        .collect();
    Ok(rows?.concat())
}
