use proptest::prelude::*;

use super::knapsacks::{Knapsacks, drops};
use super::relax::relax;
use super::ruin::ruined;
use super::serve::{Flow, cost_of};
use super::*;
use crate::cancel::CancelFlag;

const EFFORT: Effort = Effort { steps: 500, work: 1_000_000, gap: 0.0 };

fn solved(problem: Problem<'_>) -> Answer {
    solve(problem, EFFORT, &CancelFlag::default()).unwrap()
}

const TINY: Problem<'static> = Problem {
    cost: &[1.0, 2.0, 9.0, 9.0, 8.0, 1.0],
    capacity: &[10, 10],
    fixed: &[3.0, 4.0],
    demand: &[4, 4, 4],
    is_single: false,
};

#[test]
fn the_bound_never_passes_the_incumbent() {
    let found = solved(TINY);
    let best = found.best.unwrap();
    assert!((best.cost - 11.0).abs() < 1e-9, "{}", best.cost);
    assert!(found.bound <= best.cost);
}

#[test]
fn too_little_capacity_has_no_answer() {
    let found = solved(Problem { capacity: &[5, 5], ..TINY });
    assert!(found.best.is_none());
    assert!(found.bound.is_infinite());
}

#[test]
fn a_raised_flag_stops_the_search() {
    let flag = CancelFlag::default();
    flag.raise();
    assert!(matches!(solve(TINY, EFFORT, &flag), Err(FlowError::Cancelled(_))));
}

/// The most that a facility earns with whole customers, tried out; with one of them where `must` says so.
fn most_earned(problem: &Problem<'_>, facility: usize, price: &[f64], must: Option<usize>) -> f64 {
    let customers = problem.customers();
    let of = |chosen: u32| {
        let all = (0..customers).filter(|&at| chosen >> at & 1 == 1);
        let fits = all.clone().map(|at| problem.demand[at]).sum::<i64>() <= problem.capacity[facility];
        let has = must.is_none_or(|at| chosen >> at & 1 == 1);
        let earned = all.map(|at| price[at] - problem.row(facility)[at]).sum::<f64>();
        if fits && has { earned } else { f64::NEG_INFINITY }
    };
    (0..1_u32 << customers).map(of).fold(f64::NEG_INFINITY, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn knapsacks_with_whole_customers_earn_what_trying_all_sets_does(
        cost in proptest::collection::vec(0.0..40.0, 7),
        price in proptest::collection::vec(0.0..40.0, 7),
        demand in proptest::collection::vec(0_i64..9, 7),
        capacity in 0_i64..25,
    ) {
        let (capacity, fixed) = ([capacity], [0.0]);
        let problem =
            Problem { cost: &cost, capacity: &capacity, fixed: &fixed, demand: &demand, is_single: true };
        let most = most_earned(&problem, 0, &price, None);
        let fate = [Fate::Free];
        let mut room = Knapsacks::at(&problem, &price);
        let relaxed = relax(&problem, &fate, &price, room.as_mut());
        prop_assert!((relaxed.gain[0] + most).abs() < 1e-9);
        for (customer, drop) in drops(&problem, 0, &price).into_iter().enumerate() {
            let forced = most_earned(&problem, 0, &price, Some(customer));
            if forced == f64::NEG_INFINITY {
                prop_assert!(drop.is_infinite());
            } else {
                prop_assert!((drop - (most - forced)).abs() < 1e-9, "{} is not {}", drop, most - forced);
            }
        }
    }
}

#[test]
fn knapsacks_of_endless_capacity_take_no_memory() {
    let capacity = [1 << 60, 20];
    let problem = Problem { capacity: &capacity, is_single: true, ..TINY };
    let price = [0.0, 0.0, 0.0];
    assert!(drops(&problem, 0, &price).iter().all(|&drop| drop >= 0.0));
    assert!(Knapsacks::at(&problem, &price).is_some());
    assert!(solved(problem).best.is_some());
    let demand = [i64::MAX / 16; 3];
    let problem = Problem { demand: &demand, ..problem };
    assert!(Knapsacks::at(&problem, &price).is_none());
    assert_eq!(drops(&problem, 1, &price), [f64::INFINITY; 3]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn what_is_put_together_again_serves_all_within_capacity_for_less(
        cost in proptest::collection::vec(1.0..40.0, 6 * 15),
        fixed in proptest::collection::vec(0.0..60.0, 6),
        capacity in proptest::collection::vec(10_i64..60, 6),
        demand in proptest::collection::vec(0_i64..9, 15),
    ) {
        let problem =
            Problem { cost: &cost, capacity: &capacity, fixed: &fixed, demand: &demand, is_single: true };
        let mut left = capacity.clone();
        let mut first = Vec::new();
        for (customer, &units) in demand.iter().enumerate() {
            let Some(facility) = (0..6).find(|&at| left[at] >= units) else { return Ok(()) };
            left[facility] -= units;
            first.push(Flow { facility: facility as u32, customer: customer as u32, units });
        }
        let fate = [Fate::Free, Fate::Closed, Fate::Free, Fate::Free, Fate::Closed, Fate::Free];
        let found = ruined(&problem, &fate, &first, 200_000, &CancelFlag::default()).unwrap();
        let Some((cost, flows)) = found.better else { return Ok(()) };
        prop_assert!(cost < cost_of(&problem, &first));
        prop_assert!((cost - cost_of(&problem, &flows)).abs() < 1e-9);
        let mut customers: Vec<u32> = flows.iter().map(|flow| flow.customer).collect();
        customers.sort_unstable();
        prop_assert!(customers.into_iter().eq(0..15));
        let mut left = capacity.clone();
        for flow in &flows {
            left[flow.facility as usize] -= demand[flow.customer as usize];
        }
        prop_assert!(left.iter().all(|&left| left >= 0));
    }
}

#[test]
fn whole_customers_of_one_size_cost_what_trying_all_choices_does() {
    let (demand, capacity) = ([6_i64; 12], [22_i64, 22, 22, 18, 18, 18, 18]);
    let fixed = [10.0, 10.0, 10.0, 9.0, 9.0, 9.0, 9.0];
    let cost: Vec<f64> =
        (0..7 * 12).map(|at| f64::from(u8::try_from((at * 7 + at / 12 * 3) % 5).unwrap())).collect();
    let problem =
        Problem { cost: &cost, capacity: &capacity, fixed: &fixed, demand: &demand, is_single: true };
    let best = solved(problem).best.unwrap();
    let least = (1_u32..1 << 7).filter_map(|open| least_of(&problem, open)).fold(f64::INFINITY, f64::min);
    assert!((best.cost - least).abs() < 1e-9, "{} is not {least}", best.cost);
}

/// The least cost with these facilities open and customers of one size: whole numbers of them fit each.
fn least_of(problem: &Problem<'_>, open: u32) -> Option<f64> {
    let rows: Vec<usize> = (0..problem.facilities()).filter(|&at| open >> at & 1 == 1).collect();
    let units = problem.demand[0];
    let mut best = std::collections::HashMap::from([(vec![0_i64; rows.len()], 0.0)]);
    for customer in 0..problem.customers() {
        let mut next = std::collections::HashMap::new();
        for (held, cost) in best {
            for (nth, &row) in rows.iter().enumerate() {
                if (held[nth] + 1) * units <= problem.capacity[row] {
                    let mut held = held.clone();
                    held[nth] += 1;
                    let cost = cost + problem.row(row)[customer];
                    let least = next.entry(held).or_insert(f64::INFINITY);
                    *least = f64::min(*least, cost);
                }
            }
        }
        best = next;
    }
    let service = best.into_values().fold(f64::INFINITY, f64::min);
    service.is_finite().then(|| service + rows.iter().map(|&row| problem.fixed[row]).sum::<f64>())
}
