//! One facility for each customer: a split service made whole, with shifts and swaps under a price of excess.

use super::Problem;
use super::serve::{Flow, Served, cost_of};

const MOST_ROUNDS: u32 = 24;
const NO_EXCESS: f64 = 1e30;

/// Who serves whom, with the load of each facility.
struct Assignment<'p> {
    problem: &'p Problem<'p>,
    rows: Vec<u32>,
    house: Vec<u32>,
    left: Vec<i64>,
    excess_price: f64,
}

/// A single-source service by the facilities of a split one; `None` where none was found.
#[must_use]
pub fn make_single(problem: &Problem<'_>, open: &[bool], served: &Served) -> Option<(f64, Vec<Flow>)> {
    let mut found = Assignment::nearest(problem, open, served)?;
    for _ in 0..MOST_ROUNDS {
        found.descend();
        if found.is_feasible() {
            break;
        }
        found.excess_price *= 2.0;
    }
    if !found.is_feasible() {
        return None;
    }
    found.excess_price = NO_EXCESS;
    found.descend();
    let flows = found.flows();
    Some((cost_of(problem, &flows), flows))
}

impl<'p> Assignment<'p> {
    /// Each customer where most of it is served.
    fn nearest(problem: &'p Problem<'p>, open: &[bool], served: &Served) -> Option<Self> {
        let mut house = vec![u32::MAX; problem.customers()];
        let mut most = vec![-1; problem.customers()];
        for flow in &served.flows {
            if flow.units > most[flow.customer as usize] {
                most[flow.customer as usize] = flow.units;
                house[flow.customer as usize] = flow.facility;
            }
        }
        if house.contains(&u32::MAX) {
            return None;
        }
        let mut left = problem.capacity.to_vec();
        for (&facility, &units) in house.iter().zip(problem.demand) {
            left[facility as usize] -= units;
        }
        let rows = (0..open.len() as u32).filter(|&row| open[row as usize]).collect();
        let excess_price = (served.cost / problem.need().max(1) as f64).max(1e-9);
        Some(Self { problem, rows, house, left, excess_price })
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
            for &to in self.rows.iter().filter(|&&to| to != from) {
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
        for one in 0..self.house.len() {
            for other in one + 1..self.house.len() {
                let (a, b) = (self.house[one], self.house[other]);
                if a != b && self.swap_change(one, other) < -self.least(one) {
                    self.send(one, b);
                    self.send(other, a);
                    is_better = true;
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
        let all = self.house.iter().zip(self.problem.demand).enumerate();
        let flow = |(customer, (&facility, &units)): (usize, (&u32, &i64))| Flow {
            facility,
            customer: customer as u32,
            units,
        };
        let mut flows: Vec<Flow> = all.map(flow).collect();
        flows.sort_unstable_by_key(|flow| (flow.facility, flow.customer));
        flows
    }
}
