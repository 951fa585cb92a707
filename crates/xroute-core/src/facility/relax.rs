//! The Lagrangian of the customers' equations: each facility fills its capacity by itself.

use super::cover::{Cover, cover};
use super::knapsacks::Knapsacks;
use super::{Fate, Problem};

/// The relaxed problem at given prices of customers.
#[derive(Debug, Clone, Default)]
pub struct Relaxed {
    /// No answer costs less.
    pub bound: f64,
    /// Fixed cost less what the facility would earn at these prices.
    pub gain: Vec<f64>,
    /// What one more unit of capacity would earn.
    pub scarcity: Vec<f64>,
    /// How much of each facility is open.
    pub share: Vec<f64>,
    /// How much of each customer is left unserved; below zero where served more than once.
    pub unserved: Vec<f64>,
}

/// Customers that a facility would earn with: profit, units, customer.
pub(super) type Item = (f64, i64, u32);

/// Solves the relaxed problem, knapsack by knapsack and then the cover; with whole customers where there is room
/// for that, else with a last one cut, which bounds as well.
#[must_use]
pub fn relax(
    problem: &Problem<'_>,
    fate: &[Fate],
    price: &[f64],
    mut knapsacks: Option<&mut Knapsacks>,
) -> Relaxed {
    let facilities = problem.facilities();
    let mut gain = problem.fixed.to_vec();
    let mut scarcity = vec![0.0; facilities];
    let mut taken: Vec<Vec<(u32, f64)>> = Vec::with_capacity(facilities);
    let mut items: Vec<Item> = Vec::new();
    for facility in 0..facilities {
        if fate[facility] == Fate::Closed {
            taken.push(Vec::new());
            continue;
        }
        earning(problem, facility, price, &mut items);
        let filled = match &mut knapsacks {
            Some(knapsacks) => knapsacks.fill(&mut items, problem.capacity[facility]),
            None => fill(&mut items, problem.capacity[facility]),
        };
        gain[facility] -= filled.profit;
        scarcity[facility] = filled.scarcity;
        taken.push(filled.taken);
    }
    let Cover { value, share } = cover(&gain, problem.capacity, fate, problem.need());
    let mut unserved = vec![1.0; problem.customers()];
    for (taken, &share) in taken.iter().zip(&share).filter(|each| *each.1 > 0.0) {
        for &(customer, part) in taken {
            unserved[customer as usize] -= part * share;
        }
    }
    Relaxed { bound: value + price.iter().sum::<f64>(), gain, scarcity, share, unserved }
}

pub(super) fn earning(problem: &Problem<'_>, facility: usize, price: &[f64], items: &mut Vec<Item>) {
    items.clear();
    let capacity = problem.capacity[facility];
    for (customer, (&cost, &price)) in problem.row(facility).iter().zip(price).enumerate() {
        let units = problem.demand[customer];
        if cost < price && !(problem.is_single && units > capacity) {
            items.push((price - cost, units, customer as u32));
        }
    }
}

/// What a facility takes.
pub struct Filled {
    /// Sum of profits.
    pub profit: f64,
    /// Profit of one more unit.
    pub scarcity: f64,
    /// Customers and the part of each.
    pub taken: Vec<(u32, f64)>,
}

/// A knapsack whose last item may be cut: items by profit for a unit.
pub fn fill(items: &mut [Item], capacity: i64) -> Filled {
    let units: i64 = items.iter().map(|item| item.1).sum();
    if units <= capacity {
        let taken = items.iter().map(|item| (item.2, 1.0)).collect();
        return Filled { profit: items.iter().map(|item| item.0).sum(), scarcity: 0.0, taken };
    }
    let dear = |item: &Item| if item.1 == 0 { f64::INFINITY } else { item.0 / item.1 as f64 };
    items.sort_unstable_by(|a, b| dear(b).total_cmp(&dear(a)).then(a.2.cmp(&b.2)));
    let mut filled = Filled { profit: 0.0, scarcity: 0.0, taken: Vec::new() };
    let mut left = capacity;
    for item in items.iter() {
        let part = if item.1 <= left { 1.0 } else { left as f64 / item.1 as f64 };
        filled.profit += item.0 * part;
        left -= item.1.min(left);
        if part > 0.0 {
            filled.taken.push((item.2, part));
        }
        if part < 1.0 {
            filled.scarcity = dear(item);
            break;
        }
    }
    filled
}

/// What a facility could earn at these prices, at most.
#[must_use]
pub fn earnings(problem: &Problem<'_>, facility: usize, price: &[f64]) -> f64 {
    let mut items = Vec::new();
    earning(problem, facility, price, &mut items);
    fill(&mut items, problem.capacity[facility]).profit
}
