//! Single sources: each facility's knapsack with whole customers.
//!
//! The Lagrangian of the customers' equations is then as strong as column generation over the sets of customers
//! that fit a facility (Holmberg, Rönnqvist and Yuan, European Journal of Operational Research 113, 1999), where
//! knapsacks with a last item cut tell no more than the linear relaxation.

use pulp::{Simd, WithSimd};

use super::Problem;
use super::relax::{Filled, Item, earning, fill};

/// Rooms times customers that the knapsacks of one step may look at: more takes longer than what it brings.
const MOST_CELLS: usize = 12_000_000;

/// Room for one knapsack after another.
#[derive(Debug, Clone, Default)]
pub struct Knapsacks {
    best: Vec<f64>,
    next: Vec<f64>,
    is_taken: Vec<bool>,
    /// Rooms times customers looked at so far.
    pub cells: u64,
}

impl Knapsacks {
    /// Room for knapsacks at prices like these; `None` where customers may be split or knapsacks are too large.
    #[must_use]
    pub fn at(problem: &Problem<'_>, price: &[f64]) -> Option<Self> {
        if !problem.is_single {
            return None;
        }
        let (mut all, mut items) = (0_usize, Vec::new());
        for facility in 0..problem.facilities() {
            earning(problem, facility, price, &mut items);
            all = all.saturating_add(cells(&items, width(problem.capacity[facility].min(problem.need()))));
        }
        (all <= MOST_CELLS).then(Self::default)
    }

    /// Fills a facility with whole customers; the last one is cut where that would take too long.
    pub fn fill(&mut self, items: &mut [Item], capacity: i64) -> Filled {
        let units: i64 = items.iter().map(|item| item.1).sum();
        let width = width(capacity);
        if units <= capacity || cells(items, width) > MOST_CELLS {
            return fill(items, capacity);
        }
        self.cells += cells(items, width) as u64;
        for sums in [&mut self.best, &mut self.next] {
            sums.clear();
            sums.resize(width, 0.0);
        }
        self.is_taken.clear();
        self.is_taken.resize(items.len() * width, false);
        let machine = pulp::Arch::new();
        for (item, is_taken) in items.iter().zip(self.is_taken.chunks_mut(width)) {
            let units = usize::try_from(item.1).map_or(width, |units| units.min(width));
            machine.dispatch(LetIn {
                before: &self.best,
                after: &mut self.next,
                is_taken,
                units,
                profit: item.0,
            });
            std::mem::swap(&mut self.best, &mut self.next);
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

/// How many rooms there are in a capacity, none included.
fn width(capacity: i64) -> usize {
    usize::try_from(capacity).unwrap_or(0).saturating_add(1)
}

/// Rooms times items, with one more for the empty knapsack.
fn cells(items: &[Item], width: usize) -> usize {
    width.saturating_mul(items.len() + 1)
}

/// Lets one more item in, side by side for all rooms: sums of profit before and after, and where it is taken.
struct LetIn<'a> {
    before: &'a [f64],
    after: &'a mut [f64],
    is_taken: &'a mut [bool],
    /// At most as many as there are rooms.
    units: usize,
    profit: f64,
}

impl WithSimd for LetIn<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // else it is compiled for any machine
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let units = self.units;
        self.after[..units].copy_from_slice(&self.before[..units]);
        let rooms = self.after[units..].iter_mut().zip(&mut self.is_taken[units..]);
        for ((after, is_taken), (&with, &without)) in rooms.zip(self.before.iter().zip(&self.before[units..]))
        {
            let with = with + self.profit;
            *is_taken = with > without;
            *after = if with > without { with } else { without };
        }
    }
}

/// Lets one more item in: sums of profit by room.
fn put(best: &mut [f64], item: &Item) {
    let units = item.1 as usize;
    for at in (units..best.len()).rev() {
        best[at] = best[at].max(best[at - units] + item.0);
    }
}

/// By how much less a facility earns where it must serve a customer, by customer; infinite where it cannot.
///
/// Zero, which is never too much, where knapsacks take too long.
#[must_use]
pub fn drops(problem: &Problem<'_>, facility: usize, price: &[f64]) -> Vec<f64> {
    let (row, most_units) = (problem.row(facility), problem.capacity[facility]);
    let can_serve = |customer: usize| row[customer].is_finite() && problem.demand[customer] <= most_units;
    let unknown = |customer: usize| if can_serve(customer) { 0.0 } else { f64::INFINITY };
    let mut drop: Vec<f64> = (0..problem.customers()).map(unknown).collect();
    let mut items = Vec::new();
    earning(problem, facility, price, &mut items);
    let capacity = most_units.min(problem.need()); // more room than for everybody is no use
    let width = width(capacity);
    if cells(&items, width) > MOST_CELLS {
        return drop;
    }
    // best profit by room of the items before each one, and of those from each one on
    let mut before = vec![vec![0.0; width]];
    for item in &items {
        let mut next = before[before.len() - 1].clone();
        put(&mut next, item);
        before.push(next);
    }
    let most = before[items.len()][width - 1];
    for (customer, drop) in drop.iter_mut().enumerate().filter(|each| can_serve(each.0)) {
        let rest = before[items.len()][(capacity - problem.demand[customer]) as usize];
        *drop = (most - rest - (price[customer] - row[customer])).max(0.0);
    }
    let mut after = vec![0.0; width];
    for (nth, item) in items.iter().enumerate().rev() {
        let room = (capacity - item.1) as usize;
        let rest = (0..=room).map(|at| before[nth][at] + after[room - at]).fold(0.0, f64::max);
        drop[item.2 as usize] = (most - rest - item.0).max(0.0);
        put(&mut after, item);
    }
    drop
}
