use proptest::prelude::*;

use super::*;
use crate::graph::{Movement, Step};
use crate::metric::{CLOSED, Criterion};
use crate::search::pareto::Layers;
use crate::testkit::{every_path, priced, random_tables};

const OVER: [Criterion; 3] = [Criterion::Cost, Criterion::Time, Criterion::Co2e];
const FREE: [u64; 3] = [u64::MAX; 3];

fn values(metric: &Metric, steps: &[u32]) -> [u64; 3] {
    OVER.map(|criterion| steps.iter().map(|&step| u64::from(metric.weights(criterion)[step as usize])).sum())
}

fn changes(graph: &Graph, steps: &[u32]) -> usize {
    let is_change =
        |step: &&u32| matches!(graph.step(**step as usize), Step::Move(Movement::Transfer { .. }));
    steps.iter().filter(is_change).count()
}

fn found(space: &Space, graph: &Graph, metric: &Metric, end: u32, most: [u64; 3]) -> Within {
    best_within(space, graph, metric, (HubId(0), HubId(end)), most, &CancelFlag::default()).unwrap()
}

/// Least cost of any walk that passes a step of each of `via` in order, by relaxing until nothing changes.
fn least_walk(graph: &Graph, metric: &Metric, end: HubId, via: &[Vec<bool>]) -> Option<u64> {
    let nodes = graph.node_count();
    let advanced = |mut stage: usize, step: usize| {
        while stage < via.len() && via[stage][step] {
            stage += 1;
        }
        stage
    };
    let mut best = vec![u64::MAX; nodes * (via.len() + 1)];
    for platform in graph.platforms_of(HubId(0)) {
        let step = graph.load_step(platform);
        let at = advanced(0, step) * nodes + graph.platforms()[platform].depart as usize;
        best[at] = best[at].min(u64::from(metric.money_of(step)));
    }
    for _ in 0..best.len() {
        for at in (0..best.len()).filter(|&at| metric.step_count() > at % nodes) {
            let (stage, node) = (at / nodes, at % nodes);
            for edge in graph.first_out[node] as usize..graph.first_out[node + 1] as usize {
                if best[at] != u64::MAX && metric.money_of(edge) != CLOSED {
                    let to = advanced(stage, edge) * nodes + graph.head[edge] as usize;
                    best[to] = best[to].min(best[at] + u64::from(metric.money_of(edge)));
                }
            }
        }
    }
    let unloaded = |platform: usize| {
        let at = via.len() * nodes + graph.platforms()[platform].arrive as usize;
        (best[at] != u64::MAX).then(|| best[at] + u64::from(metric.money_of(graph.unload_step(platform))))
    };
    graph.platforms_of(end).filter_map(unloaded).min()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_cheapest_within_limits_is_that_of_enumeration(
        tables in random_tables(5), time_share in 0.0..1.5_f64, co2e_share in 0.0..1.5_f64,
    ) {
        let (network, graph, metric) = priced(tables, 3.0);
        let end = network.hub_count() as u32 - 1;
        let all: Vec<[u64; 3]> = every_path(&graph, &metric, HubId(0), HubId(end))
            .iter().map(|steps| values(&metric, steps)).collect();
        let longest = |at: usize| all.iter().map(|values| values[at]).max().unwrap_or(0) as f64;
        let most = [u64::MAX, (longest(1) * time_share) as u64, (longest(2) * co2e_share) as u64];
        let expected = all.iter().filter(|values| (0..3).all(|at| values[at] <= most[at])).min();
        let space = Space::of(&graph, &metric, &OVER);
        match found(&space, &graph, &metric, end, most) {
            Within::Found(steps) => prop_assert_eq!(Some(&values(&metric, &steps)), expected),
            Within::Beyond => prop_assert!(expected.is_none() && !all.is_empty()),
            Within::NoRoute => prop_assert!(all.is_empty()),
        }
    }

    #[test]
    fn the_cheapest_with_few_changes_is_that_of_enumeration(tables in random_tables(5), most in 0..4_u32) {
        let (network, graph, metric) = priced(tables, 3.0);
        let end = network.hub_count() as u32 - 1;
        let expected = every_path(&graph, &metric, HubId(0), HubId(end))
            .iter().filter(|steps| changes(&graph, steps) <= most as usize)
            .map(|steps| values(&metric, steps)).min();
        let layers = Layers { most_changes: Some(most), via: Vec::new() };
        let space = Space::layered(&graph, &metric, &OVER, layers);
        let got = match found(&space, &graph, &metric, end, FREE) {
            Within::Found(steps) => Some(values(&metric, &steps)),
            _ => None,
        };
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn the_cheapest_via_two_steps_is_that_of_relaxing_every_walk(
        tables in random_tables(6), first in 0..9_usize, second in 0..9_usize,
    ) {
        let (network, graph, metric) = priced(tables, 3.0);
        let end = network.hub_count() as u32 - 1;
        let passes = |nth: usize| (0..graph.step_count()).map(|step| step % 9 == nth).collect::<Vec<_>>();
        let via = vec![passes(first), passes(second)];
        let expected = least_walk(&graph, &metric, HubId(end), &via);
        let layers = Layers { most_changes: None, via };
        let space = Space::layered(&graph, &metric, &OVER, layers);
        let got = match found(&space, &graph, &metric, end, FREE) {
            Within::Found(steps) => Some(values(&metric, &steps)[0]),
            _ => None,
        };
        prop_assert_eq!(got, expected);
    }
}

/// More changes than a route between eight hubs can have.
const ANY_CHANGES: u32 = 16;

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn without_the_nodes_that_are_only_passed_through_every_hub_is_reached_at_the_same_values(
        tables in random_tables(8), share in 0..=4_u64,
    ) {
        let (network, graph, metric) = priced(tables, 2.0);
        let whole = Layers { most_changes: Some(ANY_CHANGES), via: Vec::new() };
        let whole = Space::layered(&graph, &metric, &OVER, whole);
        let less = Space::of(&graph, &metric, &OVER);
        for end in 1..network.hub_count() as u32 {
            let free = found(&whole, &graph, &metric, end, FREE);
            let most = match &free {
                Within::Found(steps) => [u64::MAX, values(&metric, steps)[1] * share / 4, u64::MAX],
                _ => FREE,
            };
            for most in [FREE, most] {
                let totals = |space: &Space| match found(space, &graph, &metric, end, most) {
                    Within::Found(steps) => Ok(values(&metric, &steps)),
                    other => Err(other),
                };
                prop_assert_eq!(totals(&less), totals(&whole));
            }
        }
    }
}
