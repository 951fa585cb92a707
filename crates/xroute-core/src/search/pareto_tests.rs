use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::*;
use crate::metric::Criterion;
use crate::search::dijkstra::one_to_one;
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

fn query(destination: u32, over: &[Criterion], resolution: u64, epsilon_parts: u64) -> ParetoQuery {
    ParetoQuery {
        ends: (HubId(0), HubId(destination)),
        resolution: vec![resolution; over.len()],
        epsilon_parts,
        most_labels: 1_000_000,
        time_limit: None,
    }
}

fn searched(graph: &Graph, metric: &Metric, over: &[Criterion], query: &ParetoQuery) -> ParetoSet {
    let space = Space::of(graph, metric, over);
    pareto(&space, graph, metric, query, &CancelFlag::default()).unwrap()
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
        let set = searched(&graph, &metric, over, &query(destination, over, 1, 0));
        let got: Vec<Vec<u64>> = set.paths.iter().map(|steps| values(&metric, over, steps)).collect();
        prop_assert_eq!(set.stopped_by, None);
        prop_assert_eq!(got.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn every_route_has_a_member_that_is_worse_by_less_than_the_slack(
        tables in random_tables(5), cell in 1..200_000_u64, epsilon_parts in 0..300_000_u64,
    ) {
        let (network, graph, metric) = priced(tables, 3.0);
        let destination = network.hub_count() as u32 - 1;
        let set = searched(&graph, &metric, &OVER, &query(destination, &OVER, cell, epsilon_parts));
        let members: Vec<Vec<u64>> = set.paths.iter().map(|steps| values(&metric, &OVER, steps)).collect();
        for path in every_path(&graph, &metric, HubId(0), HubId(destination)) {
            let route = values(&metric, &OVER, &path);
            let stands_for = |member: &Vec<u64>| {
                let slack = |value: u64| (cell - 1).max(value * epsilon_parts / PARTS);
                member.iter().zip(&route).all(|(&ours, &theirs)| ours <= theirs + slack(theirs))
            };
            prop_assert!(members.iter().any(stands_for));
        }
        for (at, one) in members.iter().enumerate() {
            for (to, other) in members.iter().enumerate() {
                prop_assert!(at == to || !is_nowhere_above(other, one));
            }
        }
    }

    #[test]
    fn the_best_by_each_criterion_is_a_member_at_any_slack(
        tables in random_tables(6), epsilon_parts in 0..300_000_u64,
    ) {
        let (network, graph, metric) = priced(tables, 3.0);
        let destination = HubId(network.hub_count() as u32 - 1);
        let set = searched(&graph, &metric, &OVER, &query(destination.0, &OVER, 1000, epsilon_parts));
        for (at, criterion) in OVER.into_iter().enumerate() {
            let cancel = CancelFlag::default();
            let best = one_to_one(&graph, &metric, criterion, (HubId(0), destination), &cancel).unwrap();
            let expected = best.map(|steps| values(&metric, &OVER, &steps)[at]);
            let least = set.paths.iter().map(|steps| values(&metric, &OVER, steps)[at]).min();
            prop_assert_eq!(least, expected);
        }
    }
}

#[test]
fn a_met_budget_is_told() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tables = random_tables(8).new_tree(&mut runner).unwrap().current();
    let (_, graph, metric) = priced(tables, 1.0);
    let capped = ParetoQuery { most_labels: 0, ..query(1, &OVER, 1, 0) };
    let late = ParetoQuery { time_limit: Some(Duration::ZERO), ..query(1, &OVER, 1, 0) };
    for (query, budget) in [(capped, Budget::Labels), (late, Budget::Time)] {
        let set = searched(&graph, &metric, &OVER, &query);
        assert!(set.stopped_by == Some(budget) || set.labels == 0);
    }
}
