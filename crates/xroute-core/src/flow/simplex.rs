//! The network simplex: block pricing over candidates, then a pass over all arcs, until none is cheaper.

use super::candidates::Candidates;
use super::costs::Costs;
use super::order::Order;
use super::shortage::Shortage;
use super::start::Start;
use super::tree::Tree;
use super::{FORBIDDEN, FlowError};
use crate::cancel::CancelFlag;

const WIDTH: usize = 8;
const LEAST_BLOCK: usize = 16;
/// Every price stays below this, so that costs and prices add without overflow.
const MOST_PRICE: i128 = 1 << 61;

/// A transportation problem: `supply[w]` units at most from each row, `demand[z]` units to each column.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'p, C> {
    /// Cost of one unit from row to column.
    pub costs: &'p C,
    /// Units that each warehouse holds.
    pub supply: &'p [i64],
    /// Units that each zone needs.
    pub demand: &'p [i64],
    /// Warehouse prices of a similar problem, to start from.
    pub prices: Option<&'p [i64]>,
}

/// An optimal flow with the potentials that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Warehouse of each flow; ascending, then by zone.
    pub warehouse: Vec<u32>,
    /// Zone of each flow.
    pub zone: Vec<u32>,
    /// Units of each flow, above zero.
    pub units: Vec<i64>,
    /// Sum of cost x units.
    pub objective: i128,
    /// By how much the cost would fall with one more unit of each supply; zero or more.
    pub supply_price: Vec<i64>,
    /// What one more unit of each demand would cost.
    pub demand_price: Vec<i64>,
    /// Pivots of the simplex.
    pub pivots: u64,
    /// Passes over all arcs; the last one found none to enter.
    pub passes: u32,
}

/// How a transportation problem ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// With a flow of least cost.
    Optimal(Plan),
    /// With zones that cannot all be served.
    Infeasible(Shortage),
}

/// Solves a transportation problem exactly.
///
/// # Errors
/// [`FlowError`] for lengths that do not fit, negative amounts, sums that might not fit, or a raised flag.
pub fn solve<C: Costs>(problem: &Problem<'_, C>, cancel: &CancelFlag) -> Result<Outcome, FlowError> {
    checked(problem)?;
    if let Some(shortage) = Shortage::overall(problem.supply, problem.demand) {
        return Ok(Outcome::Infeasible(shortage));
    }
    let order = Order::of(problem.costs, problem.supply, problem.demand, cancel)?;
    let missing_cost = missing_cost(problem, &order)?;
    let mut simplex = Simplex::started(problem, &order, missing_cost, cancel)?;
    simplex.run(problem.costs, &order, cancel)?;
    Ok(simplex.outcome(problem, &order, missing_cost))
}

fn checked<C: Costs>(problem: &Problem<'_, C>) -> Result<(), FlowError> {
    let columns = [
        ("supply", problem.supply, problem.costs.warehouses()),
        ("demand", problem.demand, problem.costs.zones()),
    ];
    for (what, values, expected) in columns {
        if values.len() != expected {
            return Err(FlowError::Shape { what, expected, given: values.len() });
        }
        if let Some(position) = values.iter().position(|&value| value < 0) {
            return Err(FlowError::Negative { what, position, value: values[position] });
        }
        let sum = values.iter().map(|&value| i128::from(value)).sum();
        if sum > i128::from(i64::MAX / 4) {
            return Err(FlowError::TooLarge { what, value: sum, most: i128::from(i64::MAX / 4) });
        }
    }
    let given = problem.prices.map_or(problem.supply.len(), <[i64]>::len);
    if given != problem.supply.len() {
        return Err(FlowError::Shape { what: "prices", expected: problem.supply.len(), given });
    }
    Ok(())
}

/// Arcs of the longest path in a tree of the problem.
fn longest_path(warehouses: usize, zones: usize) -> i128 {
    2 * warehouses.min(zones + 1) as i128 + 3
}

/// The largest absolute cost for which all sums are exact on a matrix of this shape.
#[must_use]
pub fn most_cost(warehouses: usize, zones: usize, has_forbidden: bool) -> i64 {
    let path = longest_path(warehouses, zones);
    let most = if has_forbidden { MOST_PRICE / path / (path + 1) } else { MOST_PRICE / path };
    i64::try_from(most - 1).unwrap_or(i64::MAX)
}

fn missing_cost<C: Costs>(problem: &Problem<'_, C>, order: &Order) -> Result<i64, FlowError> {
    let (warehouses, zones) = (problem.supply.len(), problem.demand.len());
    let most = most_cost(warehouses, zones, order.has_forbidden);
    if order.largest > most {
        let (value, most) = (i128::from(order.largest), i128::from(most));
        return Err(FlowError::TooLarge { what: "costs", value, most });
    }
    if !order.has_forbidden {
        return Ok(FORBIDDEN);
    }
    let cost = longest_path(warehouses, zones) * (i128::from(order.largest) + 1);
    Ok(i64::try_from(cost).unwrap_or(FORBIDDEN))
}

struct Simplex {
    tree: Tree,
    candidates: Candidates,
    block: usize,
    at: usize,
    pivots: u64,
    passes: u32,
}

impl Simplex {
    fn started<C: Costs>(
        problem: &Problem<'_, C>,
        order: &Order,
        missing_cost: i64,
        cancel: &CancelFlag,
    ) -> Result<Self, FlowError> {
        let prices = start_prices(problem, order);
        let zones = order.zones.len();
        let mut candidates = Candidates::empty(WIDTH.min(order.houses.len()).max(1), zones);
        candidates.renew(problem.costs, order, &prices, &vec![i64::MAX; zones], cancel)?;
        let supply = order.houses.iter().map(|&row| problem.supply[row as usize]).collect();
        let demand: Vec<i64> = order.zones.iter().map(|&column| problem.demand[column as usize]).collect();
        let start =
            Start { costs: problem.costs, order, candidates: &candidates, prices: &prices, missing_cost };
        let tree = start.tree(supply, &demand);
        let block = (((zones * candidates.width) as f64).sqrt() as usize / candidates.width).max(LEAST_BLOCK);
        Ok(Self { tree, candidates, block, at: 0, pivots: 0, passes: 1 })
    }

    fn run<C: Costs>(&mut self, costs: &C, order: &Order, cancel: &CancelFlag) -> Result<(), FlowError> {
        loop {
            self.pivot_candidates(cancel)?;
            let zone_prices: Vec<i64> =
                (0..order.zones.len()).map(|zone| self.tree.zone_price(zone)).collect();
            self.passes += 1;
            if self.candidates.renew(costs, order, &self.tree.price, &zone_prices, cancel)? == 0 {
                return Ok(());
            }
        }
    }

    /// Pivots until no candidate and no arc to the root has a reduced cost below zero.
    fn pivot_candidates(&mut self, cancel: &CancelFlag) -> Result<(), FlowError> {
        let zones = self.tree.zone_parent.len() - 1;
        let mut quiet = 0; // zones in a row without an arc to enter
        while quiet <= zones {
            cancel.check_every_1024(self.pivots as usize)?;
            let end = (self.at + self.block).min(zones);
            let found = self.best_in(self.at, end);
            quiet += end - self.at;
            if let Some((house, zone, cost)) = found {
                self.tree.pivot(house, zone, cost);
                self.pivots += 1;
                quiet = 0;
            }
            self.at = end;
            if end == zones {
                self.at = 0;
                quiet = if self.enter_root() { 0 } else { quiet + 1 };
            }
        }
        Ok(())
    }

    fn best_in(&self, start: usize, end: usize) -> Option<(u32, u32, i64)> {
        let (mut least, mut found) = (0_i64, None);
        for zone in start..end {
            let price = self.tree.zone_price(zone);
            for arc in self.candidates.of(zone) {
                let reduced = arc.cost.wrapping_add(self.tree.price[arc.house as usize]).wrapping_sub(price);
                if reduced < least {
                    (least, found) = (reduced, Some((arc.house, zone as u32, arc.cost)));
                }
            }
        }
        found
    }

    /// Lets unused supply of a warehouse with a price below zero go to the root.
    fn enter_root(&mut self) -> bool {
        let lowest = self.tree.price.iter().enumerate().min_by_key(|&(house, &price)| (price, house));
        match lowest {
            Some((house, &price)) if price < 0 => {
                let root = self.tree.root();
                self.tree.pivot(house as u32, root, 0);
                self.pivots += 1;
                true
            }
            _ => false,
        }
    }

    fn outcome<C: Costs>(&self, problem: &Problem<'_, C>, order: &Order, missing_cost: i64) -> Outcome {
        let arcs = self.arcs(order);
        let is_missing = |cost: i64| missing_cost != FORBIDDEN && cost == missing_cost;
        let missing: Vec<u32> = arcs.iter().filter(|arc| is_missing(arc.3)).map(|arc| arc.1).collect();
        if !missing.is_empty() {
            let real: Vec<_> =
                arcs.iter().filter(|arc| !is_missing(arc.3)).map(|arc| (arc.0, arc.1)).collect();
            let Problem { costs, supply, demand, .. } = problem;
            return Outcome::Infeasible(Shortage::around(*costs, supply, demand, &real, &missing));
        }
        let supply_price = by_row(&order.houses, &self.tree.price);
        Outcome::Optimal(Plan {
            warehouse: arcs.iter().map(|arc| arc.0).collect(),
            zone: arcs.iter().map(|arc| arc.1).collect(),
            units: arcs.iter().map(|arc| arc.2).collect(),
            objective: arcs.iter().map(|arc| i128::from(arc.2) * i128::from(arc.3)).sum(),
            demand_price: self.demand_prices(problem, order, &supply_price),
            supply_price,
            pivots: self.pivots,
            passes: self.passes,
        })
    }

    /// Arcs with flow: row, column, units, cost; by row and column.
    fn arcs(&self, order: &Order) -> Vec<(u32, u32, i64, i64)> {
        let tree = &self.tree;
        let root = tree.root();
        let zones = (0..root as usize).map(|zone| {
            let row = order.houses[tree.zone_parent[zone] as usize];
            (row, order.zones[zone], tree.zone_flow[zone], tree.zone_cost[zone])
        });
        let houses = (0..order.houses.len()).filter(|&house| tree.house_parent[house] != root).map(|house| {
            let column = order.zones[tree.house_parent[house] as usize];
            (order.houses[house], column, tree.house_flow[house], tree.house_cost[house])
        });
        let mut arcs: Vec<_> = zones.chain(houses).filter(|arc| arc.2 > 0).collect();
        arcs.sort_unstable();
        arcs
    }

    fn demand_prices<C: Costs>(
        &self,
        problem: &Problem<'_, C>,
        order: &Order,
        supply_price: &[i64],
    ) -> Vec<i64> {
        let mut prices = vec![None; problem.demand.len()];
        for (zone, &column) in order.zones.iter().enumerate() {
            prices[column as usize] = Some(self.tree.zone_price(zone));
        }
        let cheapest = |column: usize| {
            let rows =
                supply_price.iter().enumerate().map(|(row, price)| (problem.costs.at(row, column), price));
            rows.filter(|each| each.0 != FORBIDDEN).map(|(cost, price)| cost + price).min().unwrap_or(0)
        };
        prices.iter().enumerate().map(|(column, price)| price.unwrap_or_else(|| cheapest(column))).collect()
    }
}

fn start_prices<C: Costs>(problem: &Problem<'_, C>, order: &Order) -> Vec<i64> {
    let most = i64::try_from(MOST_PRICE / 4).unwrap_or(i64::MAX);
    match problem.prices {
        Some(prices) => order.houses.iter().map(|&row| prices[row as usize].clamp(0, most)).collect(),
        None => vec![0; order.houses.len()],
    }
}

fn by_row(rows: &[u32], values: &[i64]) -> Vec<i64> {
    let mut out = vec![0; rows.len()];
    for (&row, &value) in rows.iter().zip(values) {
        out[row as usize] = value;
    }
    out
}
