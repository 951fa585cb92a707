use proptest::prelude::*;

use super::*;
use crate::cancel::CancelFlag;
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{CLOSED, Criterion, Metric};
use crate::search::dijkstra;
use crate::testkit::{priced, random_tables};

const EVERY: [Criterion; 5] =
    [Criterion::Cost, Criterion::Time, Criterion::Co2e, Criterion::Distance, Criterion::Generalised];

/// Whether steps lead from a loading to an unloading, each from where the last one ended.
fn is_unbroken(graph: &Graph, steps: &[u32]) -> bool {
    let edges = &steps[1..steps.len() - 1];
    let joins = |pair: &[u32]| graph.head[pair[0] as usize] == graph.tail[pair[1] as usize];
    edges.windows(2).all(joins)
}

fn assert_agrees(skeleton: &Skeleton, graph: &Graph, metric: &Metric, criterion: Criterion, hubs: u32) {
    let never = CancelFlag::default();
    let weight = metric.weights(criterion);
    let weights = Weights::of(skeleton, graph, weight, &never).unwrap();
    let mut scratch = Scratch::of(skeleton);
    for origin in (0..hubs).map(HubId) {
        let tree = dijkstra::one_to_all(graph, metric, criterion, origin, &never).unwrap();
        for destination in (0..hubs).map(HubId).filter(|&hub| hub != origin) {
            let ends = (origin, destination);
            let found = one_to_one(skeleton, graph, (&weights, weight), ends, &mut scratch);
            let expected = tree.value_at(graph, metric, criterion, destination);
            assert_eq!(found.as_ref().map(|found| found.value), expected);
            let Some(found) = found else { continue };
            assert!(found.steps.iter().all(|&step| weight[step as usize] != CLOSED));
            assert!(is_unbroken(graph, &found.steps));
            let sum: u64 = found.steps.iter().map(|&step| u64::from(weight[step as usize])).sum();
            assert_eq!(sum, found.value);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_pair_of_a_small_network_agrees_with_dijkstra(tables in random_tables(20)) {
        let (network, graph, metric) = priced(tables, 3.0);
        let skeleton = Skeleton::of(&network, &graph, &CancelFlag::default()).unwrap();
        for criterion in EVERY {
            assert_agrees(&skeleton, &graph, &metric, criterion, network.hub_count() as u32);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn every_pair_of_a_network_that_is_dissected_agrees_with_dijkstra(tables in random_tables(90)) {
        let (network, graph, metric) = priced(tables, 3.0);
        let skeleton = Skeleton::of(&network, &graph, &CancelFlag::default()).unwrap();
        let ranks: std::collections::BTreeSet<u32> = skeleton.rank.iter().copied().collect();
        prop_assert_eq!(ranks.len(), graph.node_count());
        assert_agrees(&skeleton, &graph, &metric, Criterion::Cost, network.hub_count() as u32);
    }
}

#[test]
fn a_raised_flag_stops_the_ordering() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tables = proptest::strategy::ValueTree::current(&random_tables(8).new_tree(&mut runner).unwrap());
    let (network, graph, _) = priced(tables, 1.0);
    let raised = CancelFlag::default();
    raised.raise();
    assert!(Skeleton::of(&network, &graph, &raised).is_err());
}
