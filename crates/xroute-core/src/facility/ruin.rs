//! A single-source answer taken apart in places and put together again, ever less ready for dearer ones.
//!
//! After Schrimpf, Schneider, Stamm-Wilbrandt and Dueck, *Record Breaking Optimization Results Using the Ruin and
//! Recreate Principle* (2000): customers near one another leave their facilities, sometimes all of one, and each goes to
//! the cheapest that has room; what comes out is taken as simulated annealing takes it.

use super::draws::Numbers;
use super::serve::{Flow, cost_of};
use super::single::{Remade, by_cost, houses, usable};
use super::{Fate, Problem};
use crate::cancel::{CancelFlag, Cancelled};

/// First and last temperature, as a share of the cost of an average customer.
const HOT: f64 = 0.1;
const COLD: f64 = 0.001;
const MOST_OF_ONE: usize = 6;
const MOST_OPENED_FOR: usize = 20;
/// Closed facilities near a customer, of which one may be opened.
const NEAR_SHUT: usize = 5;
/// Of so many looks at a facility one passes it by.
const BLINK: u64 = 128;
/// Work of a round beside its looks at facilities.
const ROUND_WORK: u64 = 20;
/// Work of each customer that leaves, beside these.
const WORK_OF_ONE: u64 = 4;
const ROUNDS_AT_ONCE: u64 = 256;
const NOBODY: u32 = u32::MAX;

/// Who serves whom while customers leave and come.
struct Ruin<'p> {
    problem: &'p Problem<'p>,
    /// Facilities with room for a customer when empty, by cost.
    near: Vec<Vec<u32>>,
    house: Vec<u32>,
    left: Vec<i64>,
    members: Vec<Vec<u32>>,
    /// Who left, and which facility.
    gone: Vec<(u32, u32)>,
    /// Not to be used, and to be used as if it were open, in this round.
    shut: u32,
    opened: u32,
    numbers: Numbers,
    work: u64,
}

/// Looks for an answer that is cheaper than `flows`.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub fn ruined(
    problem: &Problem<'_>,
    fate: &[Fate],
    flows: &[Flow],
    most_work: u64,
    cancel: &CancelFlag,
) -> Result<Remade, Cancelled> {
    let mut ruin = Ruin::of(problem, fate, flows);
    let before = cost_of(problem, flows);
    let (mut cost, mut best) = (before, (before, ruin.house.clone()));
    let hot = HOT * before.abs() / problem.customers().max(1) as f64;
    let (mut heat, mut rounds) = (hot, 0_u64);
    while ruin.work < most_work {
        if rounds.is_multiple_of(ROUNDS_AT_ONCE) {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            heat = hot * (COLD / HOT).powf(ruin.work as f64 / most_work as f64);
        }
        rounds += 1;
        ruin.take_apart();
        let change = if ruin.put_together() { ruin.change() } else { f64::INFINITY };
        if change < -heat * ruin.numbers.share().ln() {
            cost += change;
            if cost < best.0 - 1e-9 * best.0.abs() {
                best = (cost, ruin.house.clone());
            }
        } else {
            ruin.undo();
        }
    }
    Ok(Remade::of(problem, before, &best.1, ruin.work))
}

impl<'p> Ruin<'p> {
    fn of(problem: &'p Problem<'p>, fate: &[Fate], flows: &[Flow]) -> Self {
        let (mut left, mut members) = (problem.capacity.to_vec(), vec![Vec::new(); problem.facilities()]);
        for flow in flows {
            left[flow.facility as usize] -= problem.demand[flow.customer as usize];
            members[flow.facility as usize].push(flow.customer);
        }
        let house = houses(problem, flows);
        let rows = usable(fate, &house);
        let near = (0..problem.customers()).map(|customer| by_cost(problem, &rows, customer)).collect();
        Self {
            problem,
            near,
            house,
            left,
            members,
            gone: Vec::new(),
            shut: NOBODY,
            opened: NOBODY,
            numbers: Numbers::new(),
            work: (problem.customers() * problem.facilities()) as u64,
        }
    }

    fn cost(&self, facility: u32, customer: u32) -> f64 {
        self.problem.row(facility as usize)[customer as usize]
    }

    /// Lets customers go: some of several facilities, all of one, or those that a new one would serve best.
    fn take_apart(&mut self) {
        self.gone.clear();
        (self.shut, self.opened) = (NOBODY, NOBODY);
        self.work += ROUND_WORK;
        let seed = self.numbers.below(self.house.len());
        match self.numbers.below(10) {
            0..6 => self.leave_several(seed),
            6..8 => {
                self.shut = self.house[seed];
                while let Some(&customer) = self.members[self.shut as usize].last() {
                    self.leave(customer);
                }
                let near = self.near[seed][self.numbers.below(self.near[seed].len().min(MOST_OF_ONE))];
                self.leave_some(near);
                if self.numbers.below(2) == 0 {
                    self.opened = self.near_shut(seed);
                }
            }
            _ => {
                self.opened = self.near_shut(seed);
                self.leave_for_opened();
            }
        }
    }

    fn leave_several(&mut self, seed: usize) {
        let mut facilities = 2 + self.numbers.below(3);
        for at in 0..self.near[seed].len() {
            let facility = self.near[seed][at];
            if facilities > 0 && !self.members[facility as usize].is_empty() {
                self.leave_some(facility);
                facilities -= 1;
            }
        }
    }

    fn leave_some(&mut self, facility: u32) {
        let here = self.members[facility as usize].len();
        for _ in 0..(1 + self.numbers.below(here.min(MOST_OF_ONE))).min(here) {
            let members = &self.members[facility as usize];
            let customer = members[self.numbers.below(members.len())];
            self.leave(customer);
        }
    }

    fn leave_for_opened(&mut self) {
        if self.opened == NOBODY {
            return;
        }
        let more = |customer: u32| {
            self.cost(self.opened, customer) - self.cost(self.house[customer as usize], customer)
        };
        let mut all: Vec<(f64, u32)> = (0..self.house.len() as u32).map(|each| (more(each), each)).collect();
        let count = (MOST_OF_ONE + self.numbers.below(MOST_OPENED_FOR - MOST_OF_ONE)).min(all.len() - 1);
        all.select_nth_unstable_by(count, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.work += all.len() as u64;
        all[..count].iter().for_each(|&(_, customer)| self.leave(customer));
    }

    fn leave(&mut self, customer: u32) {
        let facility = self.house[customer as usize];
        self.gone.push((customer, facility));
        self.remove(customer, facility);
    }

    fn remove(&mut self, customer: u32, facility: u32) {
        self.left[facility as usize] += self.problem.demand[customer as usize];
        let members = &mut self.members[facility as usize];
        if let Some(at) = members.iter().rposition(|&each| each == customer) {
            members.swap_remove(at);
        }
    }

    fn add(&mut self, customer: u32, facility: u32) {
        self.house[customer as usize] = facility;
        self.left[facility as usize] -= self.problem.demand[customer as usize];
        self.members[facility as usize].push(customer);
    }

    /// One of the closed facilities near a customer, if there are any.
    fn near_shut(&mut self, customer: usize) -> u32 {
        let is_shut = |at: &&u32| self.members[**at as usize].is_empty() && **at != self.shut;
        let shut: Vec<u32> = self.near[customer].iter().filter(is_shut).take(NEAR_SHUT).copied().collect();
        if shut.is_empty() { NOBODY } else { shut[self.numbers.below(shut.len())] }
    }

    /// Serves who left, in one of three orders; false if somebody finds no room.
    fn put_together(&mut self) -> bool {
        let mut keys: Vec<(f64, usize)> = Vec::with_capacity(self.gone.len());
        let by = self.numbers.below(3);
        for at in 0..self.gone.len() {
            let customer = self.gone[at].0;
            let key = match by {
                0 => self.numbers.share(),
                1 => -(self.problem.demand[customer as usize] as f64),
                _ => -self.regret(customer) * (0.8 + 0.4 * self.numbers.share()),
            };
            keys.push((key, at));
        }
        self.work += WORK_OF_ONE * keys.len() as u64;
        keys.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for &(_, at) in &keys {
            self.house[self.gone[at].0 as usize] = NOBODY;
        }
        for (_, at) in keys {
            let customer = self.gone[at].0;
            let Some(facility) = self.cheapest(customer) else { return false };
            self.add(customer, facility);
        }
        true
    }

    /// What a customer pays more at the second cheapest open facility that has room.
    fn regret(&self, customer: u32) -> f64 {
        let units = self.problem.demand[customer as usize];
        let has_room = |at: &&u32| {
            let is_open = **at == self.opened || !self.members[**at as usize].is_empty();
            is_open && **at != self.shut && self.left[**at as usize] >= units
        };
        let mut costs =
            self.near[customer as usize].iter().filter(has_room).map(|&at| self.cost(at, customer));
        match (costs.next(), costs.next()) {
            (Some(first), Some(second)) => second - first,
            _ => f64::MAX,
        }
    }

    fn cheapest(&mut self, customer: u32) -> Option<u32> {
        let mut best = (f64::INFINITY, None);
        let units = self.problem.demand[customer as usize];
        for &at in &self.near[customer as usize] {
            let cost = self.problem.row(at as usize)[customer as usize];
            if cost >= best.0 {
                break;
            }
            self.work += 1;
            if self.left[at as usize] < units || at == self.shut || self.numbers.next().is_multiple_of(BLINK)
            {
                continue;
            }
            let is_open = at == self.opened || !self.members[at as usize].is_empty();
            let whole = cost + if is_open { 0.0 } else { self.problem.fixed[at as usize] };
            if whole < best.0 {
                best = (whole, Some(at));
            }
        }
        best.1
    }

    /// What the round changed in cost.
    fn change(&self) -> f64 {
        let mut service = 0.0;
        let mut touched: Vec<(u32, bool)> = Vec::with_capacity(2 * self.gone.len());
        for &(customer, from) in &self.gone {
            let to = self.house[customer as usize];
            service += self.cost(to, customer) - self.cost(from, customer);
            touched.extend([(from, false), (to, true)]);
        }
        touched.sort_unstable();
        let fixed = touched.chunk_by(|a, b| a.0 == b.0).map(|same| {
            let (at, came) = (same[0].0 as usize, same.iter().filter(|each| each.1).count());
            let (now, left) = (self.members[at].len(), same.len() - came);
            match (now > 0, now + left > came) {
                (true, false) => self.problem.fixed[at],
                (false, true) => -self.problem.fixed[at],
                _ => 0.0,
            }
        });
        service + fixed.sum::<f64>()
    }

    /// Everybody back to where they were.
    fn undo(&mut self) {
        for (customer, from) in std::mem::take(&mut self.gone) {
            let at = self.house[customer as usize];
            if at != NOBODY {
                self.remove(customer, at);
            }
            self.add(customer, from);
        }
    }
}
