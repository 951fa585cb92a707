//! One facility for each customer: a split service made whole, with shifts and swaps under a price of excess.

use super::draws::Sequence;
use super::serve::{Flow, Served, cost_of, whole_flows};
use super::{Fate, Problem};

const MOST_ROUNDS: u32 = 24;
const NO_EXCESS: f64 = 1e30;

/// Facilities that a customer looks at: its cheapest open ones.
const NEAR: usize = 10;
const LEAST_KICK: usize = 2;
const MOST_KICK: usize = 9;
/// A kicked answer that is dearer by at most this share is where the next kick starts.
const SLACK: f64 = 0.0005;

/// Who serves whom, with what is left of each facility.
struct Assignment<'p> {
    problem: &'p Problem<'p>,
    near: Vec<Vec<u32>>,
    house: Vec<u32>,
    left: Vec<i64>,
    excess_price: f64,
}

/// A single-source service by the facilities of a split one; `None` where none was found.
#[must_use]
pub fn make_single(problem: &Problem<'_>, open: &[bool], served: &Served) -> Option<(f64, Vec<Flow>)> {
    let mut found = Assignment::nearest(problem, open, served)?;
    if !found.settle() {
        return None;
    }
    let flows = found.flows();
    Some((cost_of(problem, &flows), flows))
}

/// The same after `rounds` of kicks, each followed by a descent; the best of all.
#[must_use]
pub fn kicked_single(
    problem: &Problem<'_>,
    open: &[bool],
    served: &Served,
    rounds: u64,
) -> Option<(f64, Vec<Flow>)> {
    let mut found = Assignment::nearest(problem, open, served)?;
    let mut best = None;
    let mut kept = (f64::INFINITY, found.house.clone(), found.left.clone());
    for round in 0..rounds {
        if round > 0 {
            (found.house, found.left) = (kept.1.clone(), kept.2.clone());
            found.kick(round);
        }
        if !found.settle() && kept.0.is_finite() {
            continue;
        }
        let flows = found.flows();
        let cost = if found.is_feasible() { cost_of(problem, &flows) } else { f64::INFINITY };
        if cost <= kept.0 * (1.0 + SLACK) || kept.0.is_infinite() {
            kept = (cost, found.house.clone(), found.left.clone());
        }
        if cost < best.as_ref().map_or(f64::INFINITY, |best: &(f64, Vec<Flow>)| best.0) {
            best = Some((cost, flows));
        }
    }
    best
}

impl<'p> Assignment<'p> {
    /// Descends, dearer excess each time, until nothing is in excess.
    fn settle(&mut self) -> bool {
        let price = self.excess_price;
        for _ in 0..MOST_ROUNDS {
            self.descend();
            if self.is_feasible() {
                break;
            }
            self.excess_price *= 2.0;
        }
        let is_feasible = self.is_feasible();
        if is_feasible {
            self.excess_price = NO_EXCESS;
            self.descend();
        }
        self.excess_price = price;
        is_feasible
    }

    /// Sends some customers to another of their cheapest facilities, by a fixed sequence of numbers.
    fn kick(&mut self, round: u64) {
        let mut numbers = Sequence(round);
        for _ in 0..LEAST_KICK + numbers.next(MOST_KICK - LEAST_KICK) {
            let customer = numbers.next(self.house.len());
            let to = self.near[customer][numbers.next(self.near[customer].len().min(4))];
            self.send(customer, to);
        }
    }

    /// Each customer where most of it is served and there is room for all of it.
    fn nearest(problem: &'p Problem<'p>, open: &[bool], served: &Served) -> Option<Self> {
        let mut house = vec![u32::MAX; problem.customers()];
        let mut most = vec![-1; problem.customers()];
        for flow in &served.flows {
            if flow.units > most[flow.customer as usize] {
                most[flow.customer as usize] = flow.units;
                house[flow.customer as usize] = flow.facility;
            }
        }
        let rows: Vec<u32> = (0..open.len() as u32).filter(|&row| open[row as usize]).collect();
        let nearest = |customer| {
            let mut near = by_cost(problem, &rows, customer);
            near.truncate(NEAR);
            near
        };
        let near: Vec<Vec<u32>> = (0..problem.customers()).map(nearest).collect();
        for (house, near) in house.iter_mut().zip(&near) {
            if !near.contains(house) {
                *house = *near.first()?;
            }
        }
        let mut left = problem.capacity.to_vec();
        for (&facility, &units) in house.iter().zip(problem.demand) {
            left[facility as usize] -= units;
        }
        let excess_price = (served.cost / problem.need().max(1) as f64).max(1e-9);
        Some(Self { problem, near, house, left, excess_price })
    }

    fn is_feasible(&self) -> bool {
        self.left.iter().all(|&left| left >= 0)
    }

    fn descend(&mut self) {
        loop {
            let mut is_better = false;
            while self.shift_all() {
                is_better = true;
            }
            is_better |= self.swap_all();
            if !is_better {
                return;
            }
        }
    }

    /// What excess costs when a facility gets some units more.
    fn excess(&self, facility: u32, more: i64) -> f64 {
        let left = self.left[facility as usize];
        let over = (more - left).max(0) - (-left).max(0);
        over as f64 * self.excess_price
    }

    fn cost(&self, facility: u32, customer: usize) -> f64 {
        self.problem.row(facility as usize)[customer]
    }

    fn shift_all(&mut self) -> bool {
        let mut is_better = false;
        for customer in 0..self.house.len() {
            let (from, units) = (self.house[customer], self.problem.demand[customer]);
            let leave = self.excess(from, -units) - self.cost(from, customer);
            let mut best = (-self.least(customer), from);
            for &to in self.near[customer].iter().filter(|&&to| to != from) {
                let change = leave + self.cost(to, customer) + self.excess(to, units);
                if change < best.0 {
                    best = (change, to);
                }
            }
            if best.1 != from {
                self.send(customer, best.1);
                is_better = true;
            }
        }
        is_better
    }

    fn swap_all(&mut self) -> bool {
        let mut is_better = false;
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); self.left.len()];
        for (customer, &facility) in self.house.iter().enumerate() {
            members[facility as usize].push(customer as u32);
        }
        for one in 0..self.house.len() {
            for near in 0..self.near[one].len() {
                let b = self.near[one][near];
                for &other in &members[b as usize] {
                    let (other, a) = (other as usize, self.house[one]);
                    let can_swap = a != b && self.house[other] == b;
                    if can_swap && self.swap_change(one, other) < -self.least(one) {
                        self.send(one, b);
                        self.send(other, a);
                        is_better = true;
                    }
                }
            }
        }
        is_better
    }

    fn swap_change(&self, one: usize, other: usize) -> f64 {
        let (a, b) = (self.house[one], self.house[other]);
        let more = self.problem.demand[other] - self.problem.demand[one];
        let service = self.cost(b, one) + self.cost(a, other) - self.cost(a, one) - self.cost(b, other);
        service + self.excess(a, more) + self.excess(b, -more)
    }

    /// A change below this is rounding.
    fn least(&self, customer: usize) -> f64 {
        1e-9 * self.cost(self.house[customer], customer).abs().max(1e-9)
    }

    fn send(&mut self, customer: usize, to: u32) {
        let units = self.problem.demand[customer];
        self.left[self.house[customer] as usize] += units;
        self.left[to as usize] -= units;
        self.house[customer] = to;
    }

    fn flows(&self) -> Vec<Flow> {
        whole_flows(self.problem, &self.house)
    }
}

/// What was made of an answer by making parts of it anew.
pub struct Remade {
    /// Cost and flows, if it became cheaper.
    pub better: Option<(f64, Vec<Flow>)>,
    /// Work done, about as many lanes of the kernel.
    pub work: u64,
}

impl Remade {
    /// Who serves whom in the end, where `before` was the cost.
    pub(super) fn of(problem: &Problem<'_>, before: f64, house: &[u32], work: u64) -> Self {
        let flows = whole_flows(problem, house);
        let cost = cost_of(problem, &flows);
        Self { better: (cost < before).then_some((cost, flows)), work }
    }
}

/// Who serves each customer, by flows of whole customers.
pub(super) fn houses(problem: &Problem<'_>, flows: &[Flow]) -> Vec<u32> {
    let mut house = vec![u32::MAX; problem.customers()];
    for flow in flows {
        house[flow.customer as usize] = flow.facility;
    }
    house
}

/// Facilities that may be open; what no cheaper answer has open may still be open in this one.
pub(super) fn usable(fate: &[Fate], house: &[u32]) -> Vec<u32> {
    let mut may = fate.iter().map(|&fate| fate != Fate::Closed).collect::<Vec<_>>();
    for &facility in house {
        may[facility as usize] = true;
    }
    (0..fate.len() as u32).filter(|&at| may[at as usize]).collect()
}

/// Some facilities that have room for a customer, the cheapest first.
pub(super) fn by_cost(problem: &Problem<'_>, rows: &[u32], customer: usize) -> Vec<u32> {
    let cost = |row: u32| problem.row(row as usize)[customer];
    let has_room =
        |row: &u32| problem.capacity[*row as usize] >= problem.demand[customer] && cost(*row).is_finite();
    let mut near: Vec<u32> = rows.iter().copied().filter(has_room).collect();
    near.sort_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(a.cmp(&b)));
    near
}
