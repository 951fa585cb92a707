use proptest::prelude::*;

use super::check::check;
use super::*;
use crate::cancel::CancelFlag;

fn solved(costs: &[i64], supply: &[i64], demand: &[i64]) -> Outcome {
    let matrix = Matrix::new(costs, supply.len(), demand.len()).unwrap();
    let problem = Problem { costs: &matrix, supply, demand, prices: None };
    solve(&problem, &CancelFlag::default()).unwrap()
}

fn plan(outcome: Outcome) -> Plan {
    match outcome {
        Outcome::Optimal(plan) => plan,
        Outcome::Infeasible(shortage) => panic!("{shortage:?}"),
    }
}

#[test]
fn a_small_problem_has_its_known_optimum() {
    let found = plan(solved(&[4, 8, 8, 16, 24, 16, 8, 16, 24], &[76, 82, 77], &[72, 102, 41]));
    assert_eq!(found.objective, 2424);
}

#[test]
fn no_zones_cost_nothing() {
    assert_eq!(plan(solved(&[], &[5], &[])).objective, 0);
    assert_eq!(plan(solved(&[], &[], &[])).objective, 0);
}

#[test]
fn a_zone_without_demand_gets_nothing_and_has_a_price() {
    let found = plan(solved(&[3, 5], &[4], &[0, 4]));
    assert_eq!((found.units, found.demand_price), (vec![4], vec![3, 5]));
}

#[test]
fn too_little_supply_is_infeasible_and_names_both_sides() {
    let expected = Shortage { zones: vec![0], warehouses: vec![0], demand: 3, supply: 2 };
    assert_eq!(solved(&[1], &[2], &[3]), Outcome::Infeasible(expected));
}

#[test]
fn zones_whose_warehouses_hold_too_little_are_named() {
    let costs = [1, 1, 1, FORBIDDEN, FORBIDDEN, 1];
    let expected = Shortage { zones: vec![0, 1], warehouses: vec![0], demand: 6, supply: 5 };
    assert_eq!(solved(&costs, &[5, 100], &[3, 3, 3]), Outcome::Infeasible(expected));
}

#[test]
fn costs_too_large_for_exact_sums_are_refused() {
    let matrix = Matrix::new(&[i64::MAX / 2][..], 1, 1).unwrap();
    let problem = Problem { costs: &matrix, supply: &[1], demand: &[1], prices: None };
    let refused = solve(&problem, &CancelFlag::default());
    assert!(matches!(refused, Err(FlowError::TooLarge { what: "costs", .. })));
}

#[test]
fn a_raised_flag_stops_the_solve() {
    let cancel = CancelFlag::default();
    cancel.raise();
    let matrix = Matrix::new(&[1_i64][..], 1, 1).unwrap();
    let problem = Problem { costs: &matrix, supply: &[1], demand: &[1], prices: None };
    assert!(matches!(solve(&problem, &cancel), Err(FlowError::Cancelled(_))));
}

#[test]
fn a_worse_flow_fails_the_check() {
    let costs = [1_i64, 9, 9, 1];
    let matrix = Matrix::new(&costs[..], 2, 2).unwrap();
    let mut found = plan(solved(&costs, &[5, 5], &[5, 5]));
    let cancel = CancelFlag::default();
    assert!(check(&matrix, &[5, 5], &[5, 5], &found, &cancel).unwrap().is_optimal());
    found.zone.reverse();
    assert!(!check(&matrix, &[5, 5], &[5, 5], &found, &cancel).unwrap().is_optimal());
}

#[test]
fn quantised_costs_are_the_nearest_steps() {
    let matrix = Matrix::new(&[0.26_f64, f64::INFINITY][..], 1, 2).unwrap();
    let costs = Quantised::new(matrix, 10.0);
    assert_eq!((costs.at(0, 0), costs.at(0, 1)), (3, FORBIDDEN));
}

#[derive(Debug, Clone)]
struct Case {
    costs: Vec<i64>,
    supply: Vec<i64>,
    demand: Vec<i64>,
}

/// Few distinct numbers, so that ties and degenerate pivots are common; some arcs are missing.
fn cases() -> impl Strategy<Value = Case> {
    (1_usize..7, 1_usize..30, 1_i64..40).prop_flat_map(|(houses, zones, spread)| {
        let cost = prop_oneof![9 => 0..spread, 1 => Just(FORBIDDEN)];
        (
            prop::collection::vec(cost, houses * zones),
            prop::collection::vec(0_i64..60, houses),
            prop::collection::vec(0_i64..8, zones),
        )
            .prop_map(|(costs, supply, demand)| Case { costs, supply, demand })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn every_answer_comes_with_its_proof(case in cases()) {
        let Case { costs, supply, demand } = &case;
        match solved(costs, supply, demand) {
            Outcome::Optimal(found) => {
                let matrix = Matrix::new(&costs[..], supply.len(), demand.len()).unwrap();
                let proof = check(&matrix, supply, demand, &found, &CancelFlag::default()).unwrap();
                prop_assert!(proof.is_optimal(), "{proof:?}");
                prop_assert_eq!(proof.objective, found.objective);
            }
            Outcome::Infeasible(shortage) => {
                prop_assert!(shortage.demand > shortage.supply);
                for &zone in &shortage.zones {
                    for house in 0..supply.len() {
                        let is_open = costs[house * demand.len() + zone as usize] != FORBIDDEN;
                        prop_assert!(!is_open || shortage.warehouses.contains(&(house as u32)));
                    }
                }
            }
        }
    }

    #[test]
    fn prices_to_start_from_change_no_cost(case in cases(), prices in prop::collection::vec(0_i64..50, 6)) {
        let Case { costs, supply, demand } = &case;
        let matrix = Matrix::new(&costs[..], supply.len(), demand.len()).unwrap();
        let cold = Problem { costs: &matrix, supply, demand, prices: None };
        let prices: Vec<i64> = (0..supply.len()).map(|at| prices[at % prices.len()]).collect();
        let warm = Problem { prices: Some(&prices), ..cold };
        let cancel = CancelFlag::default();
        match (solve(&cold, &cancel).unwrap(), solve(&warm, &cancel).unwrap()) {
            (Outcome::Optimal(cold), Outcome::Optimal(warm)) => prop_assert_eq!(cold.objective, warm.objective),
            (Outcome::Infeasible(_), Outcome::Infeasible(_)) => {}
            (cold, warm) => prop_assert!(false, "{cold:?} and {warm:?}"),
        }
    }
}
