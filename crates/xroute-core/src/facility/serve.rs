//! The cheapest service of all customers by given open facilities: the flow kernel on their rows.

use std::ops::Range;

use super::Problem;
use crate::cancel::CancelFlag;
use crate::flow::simplex::most_cost;
use crate::flow::{Costs, FORBIDDEN, FlowError, Outcome, Plan, Problem as FlowProblem, solve};

const MOST_STEPS: f64 = 1e15; // whole numbers of this size are exact in f64

/// Units from a facility to a customer; a customer without units has one flow of none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// Row.
    pub facility: u32,
    /// Column.
    pub customer: u32,
    /// Units.
    pub units: i64,
}

/// All customers served by the open facilities, at least cost where customers may be split.
#[derive(Debug, Clone)]
pub struct Served {
    /// Service and fixed costs of the facilities in use.
    pub cost: f64,
    /// By facility and customer.
    pub flows: Vec<Flow>,
    /// What each customer would save by leaving.
    pub price: Vec<f64>,
    /// What one more unit of capacity would save; zero for closed facilities.
    pub rent: Vec<f64>,
}

/// Costs for one unit in whole steps, ready for any choice of facilities.
pub struct Server<'p> {
    problem: Problem<'p>,
    unit: Vec<i64>,
    customers: Vec<u32>,
    idle: Vec<u32>,
    demand: Vec<i64>,
    steps: f64,
    rents: Vec<i64>,
    /// Lanes that kernels have looked at: the measure of work.
    pub work: u64,
}

/// Some rows of a matrix of steps.
struct Rows<'r> {
    unit: &'r [i64],
    chosen: &'r [u32],
    width: usize,
}

impl Costs for Rows<'_> {
    fn warehouses(&self) -> usize {
        self.chosen.len()
    }
    fn zones(&self) -> usize {
        self.width
    }
    fn at(&self, warehouse: usize, zone: usize) -> i64 {
        self.unit[self.chosen[warehouse] as usize * self.width + zone]
    }
    fn row<'a>(&'a self, warehouse: usize, zones: Range<usize>, _buffer: &'a mut Vec<i64>) -> &'a [i64] {
        let start = self.chosen[warehouse] as usize * self.width;
        &self.unit[start + zones.start..start + zones.end]
    }
}

impl<'p> Server<'p> {
    /// Reads costs in the finest steps whose sums are exact.
    #[must_use]
    pub fn new(problem: Problem<'p>) -> Self {
        let by_demand = |has_units: bool| {
            let all = 0..problem.customers() as u32;
            all.filter(|&at| (problem.demand[at as usize] > 0) == has_units).collect::<Vec<u32>>()
        };
        let (customers, idle) = (by_demand(true), by_demand(false));
        let demand: Vec<i64> = customers.iter().map(|&at| problem.demand[at as usize]).collect();
        let rate =
            |facility: usize, at: usize| problem.row(facility)[customers[at] as usize] / demand[at] as f64;
        let pairs =
            || (0..problem.facilities()).flat_map(|facility| (0..demand.len()).map(move |at| (facility, at)));
        let largest = pairs().map(|(facility, at)| rate(facility, at).abs());
        let largest = largest.filter(|rate| rate.is_finite()).fold(1e-300, f64::max);
        let most = (most_cost(problem.facilities(), demand.len(), true) as f64).min(MOST_STEPS);
        let steps = (most / largest).log2().floor().min(1000.0).exp2();
        let in_steps = |rate: f64| if rate.is_finite() { (rate * steps).round() as i64 } else { FORBIDDEN };
        let unit = pairs().map(|(facility, at)| in_steps(rate(facility, at))).collect();
        Self { problem, unit, customers, idle, demand, steps, rents: vec![0; problem.facilities()], work: 0 }
    }

    /// Serves everybody from the open facilities; `None` where they cannot.
    ///
    /// # Errors
    /// [`FlowError`] once the flag is raised.
    pub fn serve(&mut self, open: &[bool], cancel: &CancelFlag) -> Result<Option<Served>, FlowError> {
        let rows: Vec<u32> = (0..open.len() as u32).filter(|&row| open[row as usize]).collect();
        let Some(idle) = self.idle_flows(&rows) else { return Ok(None) };
        let need: i64 = self.demand.iter().sum();
        let supply: Vec<i64> =
            rows.iter().map(|&row| self.problem.capacity[row as usize].min(need)).collect();
        let rents: Vec<i64> = rows.iter().map(|&row| self.rents[row as usize]).collect();
        let costs = Rows { unit: &self.unit, chosen: &rows, width: self.demand.len() };
        let problem =
            FlowProblem { costs: &costs, supply: &supply, demand: &self.demand, prices: Some(&rents) };
        self.work += (rows.len() * (self.demand.len() + 1)) as u64;
        match solve(&problem, cancel)? {
            Outcome::Infeasible(_) => Ok(None),
            Outcome::Optimal(plan) => Ok(Some(self.served(&rows, &plan, idle))),
        }
    }

    fn idle_flows(&self, rows: &[u32]) -> Option<Vec<Flow>> {
        let nearest = |&customer: &u32| {
            let cost = |row: u32| self.problem.row(row as usize)[customer as usize];
            let facility = rows.iter().copied().min_by(|&a, &b| cost(a).total_cmp(&cost(b)))?;
            cost(facility).is_finite().then_some(Flow { facility, customer, units: 0 })
        };
        self.idle.iter().map(nearest).collect()
    }

    fn served(&mut self, rows: &[u32], plan: &Plan, mut flows: Vec<Flow>) -> Served {
        let mut rent = vec![0.0; self.problem.facilities()];
        for (&row, &price) in rows.iter().zip(&plan.supply_price) {
            self.rents[row as usize] = price;
            rent[row as usize] = price as f64 / self.steps;
        }
        let mut price = vec![0.0; self.problem.customers()];
        for (at, &customer) in self.customers.iter().enumerate() {
            price[customer as usize] = plan.demand_price[at] as f64 / self.steps * self.demand[at] as f64;
        }
        for flow in &flows {
            price[flow.customer as usize] = self.problem.row(flow.facility as usize)[flow.customer as usize];
        }
        let sent = plan.warehouse.iter().zip(&plan.zone).zip(&plan.units);
        flows.extend(sent.map(|((&warehouse, &zone), &units)| Flow {
            facility: rows[warehouse as usize],
            customer: self.customers[zone as usize],
            units,
        }));
        flows.sort_unstable_by_key(|flow| (flow.facility, flow.customer));
        Served { cost: cost_of(&self.problem, &flows), flows, price, rent }
    }
}

/// Flows of customers served whole, by facility and customer.
#[must_use]
pub fn whole_flows(problem: &Problem<'_>, house: &[u32]) -> Vec<Flow> {
    let flow = |(customer, (&facility, &units)): (usize, (&u32, &i64))| Flow {
        facility,
        customer: customer as u32,
        units,
    };
    let mut flows: Vec<Flow> = house.iter().zip(problem.demand).enumerate().map(flow).collect();
    flows.sort_unstable_by_key(|flow| (flow.facility, flow.customer));
    flows
}

/// Service cost of the flows and fixed cost of every facility that has one.
#[must_use]
pub fn cost_of(problem: &Problem<'_>, flows: &[Flow]) -> f64 {
    let mut is_used = vec![false; problem.facilities()];
    let mut cost = 0.0;
    for flow in flows {
        let (row, column) = (flow.facility as usize, flow.customer as usize);
        is_used[row] = true;
        let demand = problem.demand[column];
        let part = if demand == 0 { 1.0 } else { flow.units as f64 / demand as f64 };
        cost += problem.row(row)[column] * part;
    }
    let fixed = problem.fixed.iter().zip(&is_used).filter(|each| *each.1);
    cost + fixed.map(|each| *each.0).sum::<f64>()
}
