use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::testkit::{every_path, priced, random_tables};

const OVER: [Criterion; 3] = [Criterion::Cost, Criterion::Time, Criterion::Co2e];

fn values(metric: &Metric, over: &[Criterion], steps: &[u32]) -> Vec<u64> {
    over.iter()
        .map(|&criterion| steps.iter().map(|&step| u64::from(metric.weights(criterion)[step as usize])).sum())
        .collect()
}

fn is_nowhere_above(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

fn query(destination: u32, over: &[Criterion], resolution: u64) -> ParetoQuery {
    ParetoQuery {
        ends: (HubId(0), HubId(destination)),
        over: over.to_vec(),
        resolution: vec![resolution; over.len()],
        most_labels: 1_000_000,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_exact_set_is_that_of_enumeration(tables in random_tables(5), count in 1..=3_usize) {
        let (network, graph, metric) = priced(tables, 3.0);
        let over = &OVER[..count];
        let destination = network.hub_count() as u32 - 1;
        let all: BTreeSet<Vec<u64>> = every_path(&graph, &metric, HubId(0), HubId(destination))
            .iter()
            .map(|steps| values(&metric, over, steps))
            .collect();
        let expected: Vec<&Vec<u64>> = all
            .iter()
            .filter(|&one| !all.iter().any(|other| other != one && is_nowhere_above(other, one)))
            .collect();
        let set = pareto(&graph, &metric, &query(destination, over, 1), &CancelFlag::default()).unwrap();
        let got: Vec<Vec<u64>> = set.paths.iter().map(|steps| values(&metric, over, steps)).collect();
        prop_assert!(set.is_complete);
        prop_assert_eq!(got.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_route_has_a_member_in_no_higher_cell(tables in random_tables(5), cell in 2..200_000_u64) {
        let (network, graph, metric) = priced(tables, 3.0);
        let destination = network.hub_count() as u32 - 1;
        let set = pareto(&graph, &metric, &query(destination, &OVER, cell), &CancelFlag::default()).unwrap();
        let cells = |steps: &Vec<u32>| -> Vec<u64> {
            values(&metric, &OVER, steps).iter().map(|value| value / cell).collect()
        };
        let members: Vec<Vec<u64>> = set.paths.iter().map(cells).collect();
        for path in every_path(&graph, &metric, HubId(0), HubId(destination)) {
            prop_assert!(members.iter().any(|member| is_nowhere_above(member, &cells(&path))));
        }
        for (at, one) in members.iter().enumerate() {
            for (to, other) in members.iter().enumerate() {
                prop_assert!(at == to || !is_nowhere_above(other, one));
            }
        }
    }
}

#[test]
fn a_met_cap_is_told() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tables = random_tables(8).new_tree(&mut runner).unwrap().current();
    let (_, graph, metric) = priced(tables, 1.0);
    let capped = ParetoQuery { most_labels: 0, ..query(1, &OVER, 1) };
    let set = pareto(&graph, &metric, &capped, &CancelFlag::default()).unwrap();
    assert!(!set.is_complete || set.labels == 0);
}
