use proptest::prelude::*;

use super::knapsacks::{Knapsacks, drops};
use super::relax::relax;
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
