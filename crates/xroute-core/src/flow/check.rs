//! A proof of optimality, tested in one pass over the costs; shares no code with the simplex.

use rayon::prelude::*;

use super::costs::Costs;
use super::order::blocks;
use super::simplex::Plan;
use super::{FORBIDDEN, FlowError};
use crate::cancel::{CancelFlag, Cancelled};

/// What a flow and its potentials prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// Cost of the flow, added up anew.
    pub objective: i128,
    /// What the potentials prove to be the least: `sum demand x price - sum supply x price`.
    pub bound: i128,
    /// Units by which a balance or a limit is missed, added up; zero for a flow that is one.
    pub violation: i128,
    /// The lowest reduced cost of an arc; below zero the potentials prove nothing.
    pub least_reduced_cost: i128,
}

impl Proof {
    /// Whether the flow keeps every balance and limit and nothing cheaper exists.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.violation == 0 && self.least_reduced_cost >= 0 && self.objective == self.bound
    }
}

/// Adds up a flow and prices every arc.
///
/// # Errors
/// [`FlowError::Shape`] for a plan of another problem, [`FlowError::Cancelled`] once the flag is raised.
pub fn check<C: Costs>(
    costs: &C,
    supply: &[i64],
    demand: &[i64],
    plan: &Plan,
    cancel: &CancelFlag,
) -> Result<Proof, FlowError> {
    fits(costs, supply, demand, plan)?;
    let (objective, violation) = added_up(costs, supply, demand, plan);
    let times = |units: &[i64], prices: &[i64]| -> i128 {
        units.iter().zip(prices).map(|(&units, &price)| i128::from(units) * i128::from(price)).sum()
    };
    let bound = times(demand, &plan.demand_price) - times(supply, &plan.supply_price);
    let least = plan.supply_price.iter().map(|&price| i128::from(price)).min().unwrap_or(0);
    let least_reduced_cost = least.min(least_reduced(costs, plan, cancel)?);
    Ok(Proof { objective, bound, violation, least_reduced_cost })
}

fn fits<C: Costs>(costs: &C, supply: &[i64], demand: &[i64], plan: &Plan) -> Result<(), FlowError> {
    let lengths = [
        ("supply", costs.warehouses(), supply.len()),
        ("demand", costs.zones(), demand.len()),
        ("supply prices", costs.warehouses(), plan.supply_price.len()),
        ("demand prices", costs.zones(), plan.demand_price.len()),
        ("flow zones", plan.warehouse.len(), plan.zone.len()),
        ("flow units", plan.warehouse.len(), plan.units.len()),
    ];
    match lengths.into_iter().find(|(_, expected, given)| expected != given) {
        Some((what, expected, given)) => Err(FlowError::Shape { what, expected, given }),
        None => Ok(()),
    }
}

fn added_up<C: Costs>(costs: &C, supply: &[i64], demand: &[i64], plan: &Plan) -> (i128, i128) {
    let (mut sent, mut got) = (vec![0_i128; supply.len()], vec![0_i128; demand.len()]);
    let (mut objective, mut violation) = (0_i128, 0_i128);
    for ((&house, &zone), &units) in plan.warehouse.iter().zip(&plan.zone).zip(&plan.units) {
        let (house, zone, units) = (house as usize, zone as usize, i128::from(units));
        if house >= supply.len() || zone >= demand.len() || costs.at(house, zone) == FORBIDDEN {
            violation += units.abs();
            continue;
        }
        sent[house] += units;
        got[zone] += units;
        violation += (-units).max(0);
        objective += units * i128::from(costs.at(house, zone));
    }
    let over = |(&sent, &held): (&i128, &i64)| (sent - i128::from(held)).max(0);
    let missed = |(&got, &needed): (&i128, &i64)| (got - i128::from(needed)).abs();
    violation += sent.iter().zip(supply).map(over).sum::<i128>();
    violation += got.iter().zip(demand).map(missed).sum::<i128>();
    (objective, violation)
}

fn least_reduced<C: Costs>(costs: &C, plan: &Plan, cancel: &CancelFlag) -> Result<i128, Cancelled> {
    let parts: Option<Vec<i128>> = blocks(costs.zones())
        .into_par_iter()
        .map(|columns| {
            let mut least = i128::MAX;
            let mut buffer = Vec::new();
            for (row, &price) in plan.supply_price.iter().enumerate() {
                let prices = &plan.demand_price[columns.clone()];
                let row = costs.row(row, columns.clone(), &mut buffer);
                let arcs = row.iter().zip(prices).filter(|arc| *arc.0 != FORBIDDEN);
                let reduced =
                    arcs.map(|(&cost, &zone)| i128::from(cost) + i128::from(price) - i128::from(zone));
                least = least.min(reduced.min().unwrap_or(i128::MAX));
            }
            (!cancel.is_raised()).then_some(least)
        })
        .collect();
    Ok(parts.ok_or(Cancelled)?.into_iter().min().unwrap_or(i128::MAX))
}
