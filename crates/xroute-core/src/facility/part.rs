//! Some facilities and customers of a problem, where prices climb and the sets that facilities take are noted.

use std::collections::HashMap;

use super::Problem;
use super::climb::{DEFLECTION, SHRINK};
use super::knapsacks::Knapsacks;
use super::relax::{Item, earning};
use crate::cancel::CancelFlag;

/// Steps without a better bound before the stride shrinks.
const PATIENCE: u32 = 15;
/// The newest step's sets weigh so much more than those of the step before.
const NEWER: f64 = 1.02;
/// The target lies above the bound by a share of it in this range.
const TARGET: (f64, f64) = (0.001, 0.02);
/// Looks at a lane, and at rooms of a knapsack, that are as much work as one lane of the kernel.
const LOOKS: u64 = 48;
const ROOMS: u64 = 192;

/// A smaller problem with the numbers that facilities and customers have in the whole one.
pub struct Part {
    /// Facilities by row.
    pub facilities: Vec<u32>,
    /// Customers by column.
    pub customers: Vec<u32>,
    cost: Vec<f64>,
    capacity: Vec<i64>,
    fixed: Vec<f64>,
    demand: Vec<i64>,
    price: Vec<f64>,
}

/// A facility and the customers that it takes, by row and column of the part.
pub type Set = (u32, Vec<u32>);

/// What a climb came to.
pub struct Climbed {
    /// No answer of the part costs less.
    pub bound: f64,
    /// Fixed cost less what each facility earns there.
    pub gain: Vec<f64>,
    /// Sets that facilities took on the way, those of late steps more.
    pub sets: Vec<(Set, f64)>,
}

struct Relaxed {
    bound: f64,
    gain: Vec<f64>,
    served: Vec<f64>,
    sets: Vec<Set>,
}

impl Part {
    /// These facilities and customers, with prices of all customers.
    #[must_use]
    pub fn of(problem: &Problem<'_>, facilities: Vec<u32>, customers: Vec<u32>, price: &[f64]) -> Self {
        let (rows, columns) = (facilities.iter(), customers.iter());
        let row = |&at: &u32| {
            let row = problem.row(at as usize);
            customers.iter().map(move |&customer| row[customer as usize])
        };
        Self {
            cost: rows.clone().flat_map(row).collect(),
            capacity: rows.clone().map(|&at| problem.capacity[at as usize]).collect(),
            fixed: rows.map(|&at| problem.fixed[at as usize]).collect(),
            demand: columns.clone().map(|&at| problem.demand[at as usize]).collect(),
            price: columns.map(|&at| price[at as usize]).collect(),
            facilities,
            customers,
        }
    }

    /// The facilities and customers of `self` that stay.
    #[must_use]
    pub fn kept(&self, rows: &[bool], columns: &[bool]) -> Self {
        let (rows, columns) = (held(rows), held(columns));
        let cost = |&at: &usize| {
            let row = &self.problem().cost[at * self.customers.len()..];
            columns.iter().map(|&column| row[column])
        };
        Self {
            cost: rows.iter().flat_map(cost).collect(),
            facilities: rows.iter().map(|&at| self.facilities[at]).collect(),
            capacity: rows.iter().map(|&at| self.capacity[at]).collect(),
            fixed: rows.iter().map(|&at| self.fixed[at]).collect(),
            customers: columns.iter().map(|&at| self.customers[at]).collect(),
            demand: columns.iter().map(|&at| self.demand[at]).collect(),
            price: columns.iter().map(|&at| self.price[at]).collect(),
        }
    }

    /// Prices of its customers.
    #[must_use]
    pub fn price(&self) -> &[f64] {
        &self.price
    }

    /// The part as a problem of its own.
    #[must_use]
    pub fn problem(&self) -> Problem<'_> {
        Problem {
            cost: &self.cost,
            capacity: &self.capacity,
            fixed: &self.fixed,
            demand: &self.demand,
            is_single: true,
        }
    }

    /// What a set costs with its facility.
    #[must_use]
    pub fn cost_of(&self, (row, columns): &Set) -> f64 {
        let costs = self.problem().row(*row as usize);
        self.fixed[*row as usize] + columns.iter().map(|&column| costs[column as usize]).sum::<f64>()
    }

    /// So many steps of a climb with a first stride, towards `upper`; prices are left where the bound was best.
    ///
    /// Counts the work; a raised flag ends it early.
    pub fn climb(
        &mut self,
        knapsacks: &mut Knapsacks,
        (steps, mut stride): (u32, f64),
        upper: f64,
        (work, cancel): (&mut u64, &CancelFlag),
    ) -> Climbed {
        let mut best = Climbed { bound: f64::NEG_INFINITY, gain: self.fixed.clone(), sets: Vec::new() };
        let mut best_price = self.price.clone();
        let mut direction = vec![0.0; self.price.len()];
        let mut sets: HashMap<Set, f64> = HashMap::new();
        let (mut weight, mut misses) = (1.0, 0);
        for _ in 0..steps {
            if cancel.is_raised() {
                break;
            }
            let now = self.relaxed(knapsacks, work);
            for set in now.sets {
                *sets.entry(set).or_insert(0.0) += weight;
            }
            weight *= NEWER;
            if now.bound > best.bound {
                (best.bound, best.gain, misses) = (now.bound, now.gain, 0);
                best_price.copy_from_slice(&self.price);
            } else {
                misses += 1;
            }
            if misses >= PATIENCE {
                (stride, misses) = (stride * SHRINK, 0);
                self.price.copy_from_slice(&best_price);
                direction.fill(0.0);
                continue;
            }
            for (direction, served) in direction.iter_mut().zip(&now.served) {
                *direction = DEFLECTION * *direction + 1.0 - served;
            }
            let norm: f64 = direction.iter().map(|each| each * each).sum();
            let (least, most) = (TARGET.0 * best.bound.abs(), TARGET.1 * best.bound.abs());
            let target = upper.min(best.bound + most).max(best.bound + least);
            let length = stride * (target - now.bound).max(0.0) / norm.max(1e-18);
            self.price.iter_mut().zip(&direction).for_each(|(price, each)| *price += length * each);
        }
        self.price = best_price;
        best.sets = sets.into_iter().collect();
        best
    }

    fn relaxed(&self, knapsacks: &mut Knapsacks, work: &mut u64) -> Relaxed {
        let problem = self.problem();
        let (mut items, before): (Vec<Item>, u64) = (Vec::new(), knapsacks.cells);
        let mut now = Relaxed {
            bound: self.price.iter().sum(),
            gain: self.fixed.clone(),
            served: vec![0.0; self.price.len()],
            sets: Vec::new(),
        };
        for (row, gain) in now.gain.iter_mut().enumerate() {
            earning(&problem, row, &self.price, &mut items);
            let all: f64 = items.iter().map(|item| item.0).sum();
            if all <= *gain {
                *gain -= all; // at least what it would be with room for these only
                continue;
            }
            let filled = knapsacks.fill(&mut items, self.capacity[row]);
            *gain -= filled.profit;
            if *gain < 0.0 {
                now.bound += *gain;
                let mut set: Vec<u32> =
                    filled.taken.iter().filter(|each| each.1 >= 1.0).map(|each| each.0).collect();
                for (column, part) in filled.taken {
                    now.served[column as usize] += part;
                }
                set.sort_unstable();
                now.sets.push((row as u32, set));
            }
        }
        *work += self.cost.len() as u64 / LOOKS + (knapsacks.cells - before) / ROOMS + 1;
        now
    }
}

fn held(kept: &[bool]) -> Vec<usize> {
    (0..kept.len()).filter(|&at| kept[at]).collect()
}
