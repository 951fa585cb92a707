//! Single sources: each facility's knapsack with whole customers.
//!
//! The Lagrangian of the customers' equations is then as strong as column generation over the sets of customers
//! that fit a facility (Holmberg, Rönnqvist and Yuan, European Journal of Operational Research 113, 1999), where
//! knapsacks with a last item cut tell no more than the linear relaxation.

use super::Problem;
use super::relax::{Filled, Item, earning, fill};

/// Sums of units that a step may look at: more than that takes longer than what it brings.
const MOST_CELLS: usize = 12_000_000;
/// Room for knapsacks.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    best: Vec<f64>,
    is_taken: Vec<bool>,
}

impl Whole {
    /// Room for knapsacks at prices like these; `None` where customers may be split or knapsacks are too large.
    #[must_use]
    pub fn at(problem: &Problem<'_>, price: &[f64]) -> Option<Self> {
        if !problem.is_single {
            return None;
        }
        let (mut cells, mut items) = (0_usize, Vec::new());
        for facility in 0..problem.facilities() {
            earning(problem, facility, price, &mut items);
            let room = usize::try_from(problem.capacity[facility]).ok()?;
            cells = cells.saturating_add(room.saturating_mul(items.len()));
        }
        (cells <= MOST_CELLS).then(Self::default)
    }

    /// Fills a facility with whole customers.
    pub fn fill(&mut self, items: &[Item], capacity: i64) -> Filled {
        let units: i64 = items.iter().map(|item| item.1).sum();
        if units <= capacity {
            let taken = items.iter().map(|item| (item.2, 1.0)).collect();
            return Filled { profit: items.iter().map(|item| item.0).sum(), scarcity: 0.0, taken };
        }
        let width = capacity as usize + 1;
        self.best.clear();
        self.best.resize(width, 0.0);
        self.is_taken.clear();
        self.is_taken.resize(items.len() * width, false);
        for (item, is_taken) in items.iter().zip(self.is_taken.chunks_mut(width)) {
            put(&mut self.best, item, |at| is_taken[at] = true);
        }
        let (mut taken, mut left) = (Vec::new(), width - 1);
        for (item, is_taken) in items.iter().zip(self.is_taken.chunks(width)).rev() {
            if is_taken[left] {
                taken.push((item.2, 1.0));
                left -= item.1 as usize;
            }
        }
        Filled { profit: self.best[width - 1], scarcity: 0.0, taken }
    }
}

/// Lets one more item in: sums of profit by room.
fn put(best: &mut [f64], item: &Item, mut note: impl FnMut(usize)) {
    let units = item.1 as usize;
    for at in (units..best.len()).rev() {
        let with = best[at - units] + item.0;
        if with > best[at] {
            best[at] = with;
            note(at);
        }
    }
}

/// By how much less a facility earns where it must serve a customer, by customer; infinite where it cannot.
#[must_use]
pub fn drops(problem: &Problem<'_>, facility: usize, price: &[f64]) -> Vec<f64> {
    let (capacity, row) = (problem.capacity[facility], problem.row(facility));
    let mut items = Vec::new();
    earning(problem, facility, price, &mut items);
    let width = usize::try_from(capacity).unwrap_or(0) + 1;
    // best profit by room of the items before each one, and of those from each one on
    let mut before = vec![vec![0.0; width]];
    for item in &items {
        let mut next = before[before.len() - 1].clone();
        put(&mut next, item, |_| ());
        before.push(next);
    }
    let most = before[items.len()][width - 1];
    let mut drop = vec![f64::INFINITY; problem.customers()];
    for (customer, drop) in drop.iter_mut().enumerate() {
        let units = problem.demand[customer];
        if row[customer].is_finite() && units <= capacity {
            let rest = before[items.len()][(capacity - units) as usize];
            *drop = (most - rest - (price[customer] - row[customer])).max(0.0);
        }
    }
    let mut after = vec![0.0; width];
    for (nth, item) in items.iter().enumerate().rev() {
        let room = (capacity - item.1) as usize;
        let rest = (0..=room).map(|at| before[nth][at] + after[room - at]).fold(0.0, f64::max);
        drop[item.2 as usize] = (most - rest - item.0).max(0.0);
        put(&mut after, item, |_| ());
    }
    drop
}

/// What one more unit of capacity would earn where customers may be cut.
#[must_use]
pub fn scarcity(problem: &Problem<'_>, price: &[f64]) -> Vec<f64> {
    let mut items = Vec::new();
    let of = |facility: usize| {
        earning(problem, facility, price, &mut items);
        fill(&mut items, problem.capacity[facility]).scarcity
    };
    (0..problem.facilities()).map(of).collect()
}
