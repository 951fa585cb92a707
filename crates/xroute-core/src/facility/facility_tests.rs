use proptest::prelude::*;

use super::dive::dived;
use super::knapsacks::{Knapsacks, drops};
use super::part::Part;
use super::relax::relax;
use super::ruin::ruined;
use super::serve::{Flow, cost_of};
use super::*;
use crate::cancel::CancelFlag;

const EFFORT: Effort = Effort { steps: 500, whole_steps: 800, work: 1_000_000, gap: 0.0 };

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
    fn what_is_made_anew_by_ruin_or_dives_serves_all_within_capacity_for_less(
        cost in proptest::collection::vec(1.0..40.0, 6 * 15),
        fixed in proptest::collection::vec(0.0..60.0, 6),
        capacity in proptest::collection::vec(10_i64..60, 6),
        demand in proptest::collection::vec(0_i64..9, 15),
        price in proptest::collection::vec(0.0..60.0, 15),
    ) {
        let problem =
            Problem { cost: &cost, capacity: &capacity, fixed: &fixed, demand: &demand, is_single: true };
        let Some(first) = first_fit(&problem) else { return Ok(()) };
        let fate = [Fate::Free, Fate::Closed, Fate::Free, Fate::Free, Fate::Closed, Fate::Free];
        let never = CancelFlag::default();
        let ruin = ruined(&problem, &fate, &first, 200_000, &never).unwrap();
        prop_assert!(is_whole_and_cheaper(&problem, &first, ruin.better));
        let dives = dived(&problem, (&fate, &price), &first, 2_000, &never).unwrap();
        prop_assert!(is_whole_and_cheaper(&problem, &first, dives.better));
    }

    #[test]
    fn the_bound_of_a_part_is_at_most_the_least_cost_of_all_assignments(
        cost in proptest::collection::vec(1.0..40.0, 4 * 6),
        fixed in proptest::collection::vec(0.0..60.0, 4),
        capacity in proptest::collection::vec(4_i64..20, 4),
        demand in proptest::collection::vec(1_i64..9, 6),
        price in proptest::collection::vec(0.0..60.0, 6),
    ) {
        let problem =
            Problem { cost: &cost, capacity: &capacity, fixed: &fixed, demand: &demand, is_single: true };
        let (facilities, customers) = (vec![0, 1, 3], vec![0, 2, 3, 5]);
        let mut part = Part::of(&problem, facilities, customers, &price);
        let least = least_of_all_assignments(&part.problem());
        let mut room = Knapsacks::at(&part.problem(), part.price()).unwrap();
        let climbed = part.climb(&mut room, (80, 1.0), f64::INFINITY, (&mut 0, &CancelFlag::default()));
        prop_assert!(climbed.bound <= least + 1e-9, "{} is above {least}", climbed.bound);
        for (row, gain) in climbed.gain.iter().enumerate() {
            prop_assert!((gain - fixed[[0, 1, 3][row]]).abs() < 1e-9 || *gain < fixed[[0, 1, 3][row]]);
        }
    }
}

#[test]
fn dives_find_the_facilities_that_pairs_of_customers_need() {
    // ten pairs far apart; each has one facility that is cheap for both, and the first answer has none of these
    let pairs = 10_usize;
    let near = |row: usize, customer: usize| row % pairs == customer / 2;
    let cost: Vec<f64> = (0..2 * pairs)
        .flat_map(|row| (0..2 * pairs).map(move |customer| if near(row, customer) { 1.0 } else { 50.0 }))
        .collect();
    let fixed: Vec<f64> = (0..2 * pairs).map(|row| if row < pairs { 30.0 } else { 5.0 }).collect();
    let (capacity, demand) = (vec![10_i64; 2 * pairs], vec![5_i64; 2 * pairs]);
    let problem =
        Problem { cost: &cost, capacity: &capacity, fixed: &fixed, demand: &demand, is_single: true };
    let first = first_fit(&problem).unwrap();
    let (fate, price) = (vec![Fate::Free; 2 * pairs], vec![3.0; 2 * pairs]);
    let found = dived(&problem, (&fate, &price), &first, 20_000, &CancelFlag::default()).unwrap();
    let cost = found.better.unwrap().0;
    assert!((cost - 70.0).abs() < 1e-9, "{cost} is not 70");
}

/// Each customer at the first facility that has room for it.
fn first_fit(problem: &Problem<'_>) -> Option<Vec<Flow>> {
    let mut left = problem.capacity.to_vec();
    let place = |(customer, &units): (usize, &i64)| {
        let facility = (0..left.len()).find(|&at| left[at] >= units)?;
        left[facility] -= units;
        Some(Flow { facility: facility as u32, customer: customer as u32, units })
    };
    problem.demand.iter().enumerate().map(place).collect()
}

/// Whether an answer, if there is one, has every customer once, room for all and a lower cost, which is its own.
fn is_whole_and_cheaper(problem: &Problem<'_>, first: &[Flow], better: Option<(f64, Vec<Flow>)>) -> bool {
    let Some((cost, flows)) = better else { return true };
    let mut customers: Vec<u32> = flows.iter().map(|flow| flow.customer).collect();
    customers.sort_unstable();
    let mut left = problem.capacity.to_vec();
    for flow in &flows {
        left[flow.facility as usize] -= problem.demand[flow.customer as usize];
    }
    let is_cheaper = cost < cost_of(problem, first) && (cost - cost_of(problem, &flows)).abs() < 1e-9;
    is_cheaper
        && customers.into_iter().eq(0..problem.customers() as u32)
        && left.iter().all(|&left| left >= 0)
}

fn least_of_all_assignments(problem: &Problem<'_>) -> f64 {
    let (rows, customers) = (problem.facilities(), problem.customers());
    let cost = |mut nth: usize| {
        let mut left = problem.capacity.to_vec();
        let mut flows = Vec::new();
        for customer in 0..customers {
            left[nth % rows] -= problem.demand[customer];
            let (facility, units) = ((nth % rows) as u32, problem.demand[customer]);
            flows.push(Flow { facility, customer: customer as u32, units });
            nth /= rows;
        }
        if left.iter().all(|&left| left >= 0) { cost_of(problem, &flows) } else { f64::INFINITY }
    };
    (0..rows.pow(customers as u32)).map(cost).fold(f64::INFINITY, f64::min)
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
