//! Single sources with many facilities open: parts of an answer made anew, one set of customers fixed after another.
//!
//! After Sadykov, Vanderbeck, Pessoa, Tahiri and Uchoa, *Primal heuristics for branch and price: the assets of diving
//! methods*, INFORMS Journal on Computing 31 (2019): prices climb, the sets that facilities took most often are fixed,
//! and so on with what is left. The columns come from knapsacks at the prices, so no linear programs are solved. What
//! comes out is taken as simulated annealing takes it.

use super::draws::Numbers;
use super::knapsacks::Knapsacks;
use super::part::{Climbed, Part};
use super::relax::earnings;
use super::serve::{Flow, cost_of, whole_flows};
use super::single::{Remade, by_cost, houses, usable};
use super::{Fate, Problem};
use crate::cancel::{CancelFlag, Cancelled};

/// Steps and first stride of a climb at the start of a dive, and after each fixing.
const FIRST: (u32, f64) = (60, 1.0);
const THEN: (u32, f64) = (12, 0.5);
/// Share of the facilities or customers that is fixed at once, by sets that weigh nearly as much as the heaviest.
const FIXED: f64 = 0.2;
const NEARLY: f64 = 0.7;
/// Weights are drawn from this range around themselves.
const LEAST_DRAW: f64 = 0.9;
const MOST_DRAW: f64 = 1.1;
/// Open facilities of a part: from half of it to one and a half times it; and closed ones for each of these.
const OPENED: usize = 10;
const SHUT: usize = 2;
/// Tries to find a second part without an open facility of the first.
const OTHERS: usize = 8;
/// First temperature, as a share of the cost of the answer; it falls to none.
const HOT: f64 = 0.001;
/// Whole dives with which to begin beside the answer at hand, and the share of the work that each of these gets.
const STARTS: u64 = 3;
const SHARE_OF_START: u64 = 6;
const NOBODY: u32 = u32::MAX;

/// Looks for an answer that is cheaper than `flows`, at these prices of customers.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub fn dived(
    problem: &Problem<'_>,
    (fate, price): (&[Fate], &[f64]),
    flows: &[Flow],
    most_work: u64,
    cancel: &CancelFlag,
) -> Result<Remade, Cancelled> {
    let mut diver = Diver::of(problem, fate, price, flows);
    let before = diver.cost;
    let first = (diver.cost, diver.house.clone());
    let mut best = first.clone();
    for start in 0..=STARTS {
        let end = diver.work + most_work / SHARE_OF_START;
        (diver.cost, diver.house) = first.clone();
        if start > 0 {
            diver.begin_anew(cancel);
        }
        diver.better_parts(&mut best, end, cancel)?;
    }
    (diver.cost, diver.house) = best.clone();
    diver.better_parts(&mut best, most_work, cancel)?;
    Ok(Remade::of(problem, before, &best.1, diver.work))
}

/// Where a dive ended: who serves whom at which cost, and whom nobody serves.
struct Ended {
    cost: f64,
    house: Vec<(u32, u32)>,
    left: Vec<u32>,
    work: u64,
}

struct Diver<'p> {
    problem: &'p Problem<'p>,
    price: &'p [f64],
    usable: Vec<u32>,
    house: Vec<u32>,
    cost: f64,
    numbers: Numbers,
    work: u64,
}

impl<'p> Diver<'p> {
    fn of(problem: &'p Problem<'p>, fate: &[Fate], price: &'p [f64], flows: &[Flow]) -> Self {
        let house = houses(problem, flows);
        let (usable, cost) = (usable(fate, &house), cost_of(problem, flows));
        let work = (problem.customers() * problem.facilities()) as u64;
        Self { problem, price, usable, house, cost, numbers: Numbers::nth(0), work }
    }

    /// One dive over everything, and those that it left to the cheapest facilities with room.
    fn begin_anew(&mut self, cancel: &CancelFlag) {
        let everybody = (0..self.house.len() as u32).collect();
        let part = Part::of(self.problem, self.usable.clone(), everybody, self.price);
        let numbers = Numbers::nth(self.numbers.next());
        let Some(ended) = dive(part, f64::INFINITY, numbers, cancel) else { return };
        self.work += ended.work;
        let mut house = vec![NOBODY; self.house.len()];
        let mut left = self.problem.capacity.to_vec();
        for (customer, facility) in ended.house {
            house[customer as usize] = facility;
            left[facility as usize] -= self.problem.demand[customer as usize];
        }
        for customer in ended.left {
            let units = self.problem.demand[customer as usize];
            let near = by_cost(self.problem, &self.usable, customer as usize);
            let more = |&at: &u32| {
                let fixed = if house.contains(&at) { 0.0 } else { self.problem.fixed[at as usize] };
                fixed + self.problem.row(at as usize)[customer as usize]
            };
            let has_room = near.into_iter().filter(|&at| left[at as usize] >= units);
            let Some(facility) = has_room.min_by(|a, b| more(a).total_cmp(&more(b))) else { return };
            house[customer as usize] = facility;
            left[facility as usize] -= units;
        }
        self.cost = cost_of(self.problem, &whole_flows(self.problem, &house));
        self.house = house;
    }

    /// Makes parts anew until the work is done, two at a time that share no facility.
    fn better_parts(
        &mut self,
        best: &mut (f64, Vec<u32>),
        end: u64,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let (begin, first) = (self.work, self.cost);
        while self.work < end {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            let done = (self.work - begin) as f64 / (end - begin) as f64;
            self.work += 1; // where nothing can be dived into, too
            let heat = HOT * first.abs() * (1.0 - done);
            let mut parts = self.parts().into_iter().map(|(part, now)| {
                let numbers = Numbers::nth(self.numbers.next());
                (part, now, now - heat * self.numbers.share().ln(), numbers)
            });
            let (one, other) = (parts.next(), parts.next());
            let dive_in = |part: Option<(Part, f64, f64, Numbers)>| {
                part.and_then(|(part, now, most, numbers)| {
                    Some((dive(part, most, numbers, cancel)?, now, most))
                })
            };
            let (one, other) = rayon::join(|| dive_in(one), || dive_in(other));
            for (ended, now, most) in one.into_iter().chain(other) {
                self.work += ended.work;
                if ended.left.is_empty() && ended.cost < most {
                    self.cost += ended.cost - now;
                    for (customer, facility) in ended.house {
                        self.house[customer as usize] = facility;
                    }
                }
            }
            if self.cost < best.0 - 1e-9 * best.0.abs() {
                *best = (self.cost, self.house.clone());
            }
        }
        Ok(())
    }

    fn opened(&self) -> Vec<u32> {
        let mut opened = self.house.clone();
        opened.sort_unstable();
        opened.dedup();
        opened
    }

    /// What some open facilities and the service of their customers cost now.
    fn cost_now(&self, facilities: &[u32], customers: &[u32]) -> f64 {
        let served =
            |&customer: &u32| self.problem.row(self.house[customer as usize] as usize)[customer as usize];
        let fixed: f64 = facilities.iter().map(|&at| self.problem.fixed[at as usize]).sum();
        fixed + customers.iter().map(served).sum::<f64>()
    }

    /// A part around a customer drawn, another without a facility of the first if one is found, and their costs now.
    fn parts(&mut self) -> Vec<(Part, f64)> {
        let opened = self.opened();
        let is_shut = |at: &u32| opened.binary_search(at).is_err();
        let mut shut: Vec<u32> = self.usable.iter().copied().filter(is_shut).collect();
        let mut regions = vec![self.region(&opened)];
        for _ in 0..OTHERS {
            let other = self.region(&opened);
            if !other.iter().any(|at| regions[0].contains(at)) {
                regions.push(other);
                break;
            }
        }
        let mut parts = Vec::new();
        for region in regions {
            let customers: Vec<u32> = (0..self.house.len() as u32)
                .filter(|&customer| region.contains(&self.house[customer as usize]))
                .collect();
            let now = self.cost_now(&region, &customers);
            let near = self.nearest_shut(&shut, &customers, SHUT * region.len());
            shut.retain(|at| !near.contains(at));
            let mut facilities = [region, near].concat();
            facilities.sort_unstable();
            parts.push((Part::of(self.problem, facilities, customers, self.price), now));
        }
        parts
    }

    /// Draws a customer: its facility, and open ones to which that one's customers would go at least cost.
    fn region(&mut self, opened: &[u32]) -> Vec<u32> {
        let here = self.house[self.numbers.below(self.house.len())];
        let own: Vec<usize> = (0..self.house.len()).filter(|&at| self.house[at] == here).collect();
        let away = |&at: &u32| own.iter().map(|&own| self.problem.row(at as usize)[own]).sum::<f64>();
        let mut keys: Vec<(bool, f64, u32)> = opened.iter().map(|at| (*at != here, away(at), *at)).collect();
        keys.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let count = OPENED / 2 + self.numbers.below(OPENED);
        keys.into_iter().take(count).map(|key| key.2).collect()
    }

    /// Closed facilities that would earn the most with these customers.
    fn nearest_shut(&mut self, shut: &[u32], customers: &[u32], count: usize) -> Vec<u32> {
        let mut price = vec![f64::NEG_INFINITY; self.price.len()];
        for &at in customers {
            price[at as usize] = self.price[at as usize];
        }
        let gain = |&at: &u32| self.problem.fixed[at as usize] - earnings(self.problem, at as usize, &price);
        let mut keys: Vec<(f64, u32)> = shut.iter().map(|at| (gain(at), *at)).collect();
        keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.work += (shut.len() * customers.len()) as u64 / 4;
        keys.into_iter().take(count).map(|key| key.1).collect()
    }
}

/// Climbs and fixes sets until all customers are in one; ends where no answer can cost less than `most`.
fn dive(mut part: Part, most: f64, mut numbers: Numbers, cancel: &CancelFlag) -> Option<Ended> {
    let mut knapsacks = Knapsacks::at(&part.problem(), part.price())?;
    let mut ended = Ended { cost: 0.0, house: Vec::new(), left: Vec::new(), work: 0 };
    let mut steps = FIRST;
    while !part.customers.is_empty() && !cancel.is_raised() {
        let climbed = part.climb(&mut knapsacks, steps, most - ended.cost, (&mut ended.work, cancel));
        let slack = most - ended.cost - climbed.bound;
        if slack <= 0.0 || climbed.sets.is_empty() {
            break;
        }
        let mut rows: Vec<bool> = climbed.gain.iter().map(|&gain| gain <= slack).collect();
        let mut columns = vec![true; part.customers.len()];
        fix(&part, climbed, &mut numbers, (&mut rows, &mut columns), &mut ended);
        part = part.kept(&rows, &columns);
        steps = THEN;
    }
    ended.left = part.customers;
    Some(ended)
}

/// Fixes the heaviest sets that share no customer.
fn fix(
    part: &Part,
    climbed: Climbed,
    numbers: &mut Numbers,
    (rows, columns): (&mut [bool], &mut [bool]),
    ended: &mut Ended,
) {
    let mut sets = climbed.sets;
    sets.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    for set in &mut sets {
        set.1 *= LEAST_DRAW + (MOST_DRAW - LEAST_DRAW) * numbers.share();
    }
    sets.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let count = (FIXED * rows.len().min(columns.len()) as f64).ceil() as usize;
    let least = NEARLY * sets.first().map_or(0.0, |set| set.1);
    let mut fixed = Vec::new();
    for (set, weight) in sets {
        if fixed.len() >= count || weight < least {
            break;
        }
        let (row, chosen) = (set.0 as usize, &set.1);
        if fixed.contains(&row) || chosen.iter().any(|&column| !columns[column as usize]) {
            continue;
        }
        ended.cost += part.cost_of(&set);
        for &column in chosen {
            columns[column as usize] = false;
            ended.house.push((part.customers[column as usize], part.facilities[row]));
        }
        fixed.push(row);
        rows[row] = false;
    }
}
