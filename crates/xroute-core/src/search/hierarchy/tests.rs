use proptest::prelude::*;
use proptest::strategy::ValueTree;

use super::fronts::Fronts;
use super::order::{Adjacency, Place, dissect, place};
use super::perfect::needed;
use super::query::{Arcs, Rows, Scratch, Weighed};
use super::skeleton::{contract, ranks_of};
use super::trails::Trails;
use super::ways::Shared;
use super::weights::{Lowered, ThenFaster, Weight, Weights};
use super::*;
use crate::cancel::CancelFlag;
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{CLOSED, Criterion, Metric};
use crate::network::Network;
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

fn assert_agrees<W: Weight>(
    skeleton: &Skeleton,
    graph: &Graph,
    metric: &Metric,
    criterion: Criterion,
    hubs: u32,
) {
    let never = CancelFlag::default();
    let (weight, time_s) = (metric.weights(criterion), metric.time_s());
    let weights = Weights::<W>::of(skeleton, weight, time_s, &never).unwrap();
    let (up, down) = needed(skeleton, &weights, &never).unwrap();
    let all = weights.arcs();
    let few = Arcs { up: Rows::Needed(&up), down: Rows::Needed(&down) };
    for arcs in [all, few] {
        let weighed = Weighed { arcs, weight, time_s };
        assert_answers(skeleton, graph, (metric, criterion), hubs, (weighed, &weights));
    }
}

fn assert_answers<W: Weight>(
    skeleton: &Skeleton,
    graph: &Graph,
    (metric, criterion): (&Metric, Criterion),
    hubs: u32,
    (weighed, own): (Weighed<'_, W>, &Weights<W>),
) {
    let never = CancelFlag::default();
    let (weight, time_s) = (metric.weights(criterion), metric.time_s());
    let (mut scratch, trails) = (Scratch::of(skeleton), Trails::default());
    for origin in (0..hubs).map(HubId) {
        let tree = dijkstra::one_to_all(graph, metric, criterion, origin, &never).unwrap();
        for destination in (0..hubs).map(HubId).filter(|&hub| hub != origin) {
            let ends = (origin, destination);
            let expected = tree.value_at(graph, metric, criterion, destination);
            for _ in 0..2 {
                assert_eq!(scratch.value(skeleton, graph, (weighed, &trails), ends), expected);
            }
            let found = scratch.steps(skeleton, graph, (weighed, own, &trails), ends);
            assert_eq!(found.is_some(), expected.is_some());
            let Some(found) = found else { continue };
            assert!(found.iter().all(|&step| weight[step as usize] != CLOSED));
            assert!(is_unbroken(graph, &found));
            let sum = |of: &[u32]| found.iter().map(|&step| u64::from(of[step as usize])).sum::<u64>();
            assert_eq!(Some(sum(weight)), expected);
            if std::any::type_name::<W>() == std::any::type_name::<ThenFaster>() {
                let faster = tree.steps_to(graph, metric, criterion, destination).unwrap();
                let time = faster.iter().map(|&step| u64::from(time_s[step as usize])).sum::<u64>();
                assert_eq!(sum(time_s), time);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_pair_of_a_small_network_agrees_with_dijkstra(tables in random_tables(20)) {
        let (network, graph, metric) = priced(tables, 3.0);
        let skeleton = Skeleton::of(&network, &graph, &CancelFlag::default()).unwrap();
        for skeleton in [in_fronts(&skeleton), skeleton] {
            for criterion in EVERY {
                assert_agrees::<u32>(&skeleton, &graph, &metric, criterion, network.hub_count() as u32);
                assert_agrees::<ThenFaster>(&skeleton, &graph, &metric, criterion, network.hub_count() as u32);
            }
        }
    }
}

/// Pairs asked of a dense hierarchy, one by one and in a stream: as good as plain searches, and unbroken.
fn assert_met<W: Weight>(ground: Ground<'_>, hubs: u32) {
    let never = CancelFlag::default();
    let Ground { graph, metric, criterion, .. } = ground;
    let (weight, time_s) = (metric.weights(criterion), metric.time_s());
    let asked = Customised::<W>::of(ground, &never).unwrap();
    let pairs: Vec<_> = (0..hubs).flat_map(|a| (0..hubs).map(move |b| (HubId(a), HubId(b)))).collect();
    let mut stream = Vec::new();
    asked.steps_of(ground, &pairs, &never, |steps| stream.push(steps.map(<[u32]>::to_vec))).unwrap();
    asked.prepare(ground, &never).unwrap();
    let sum = |steps: &[u32], of: &[u32]| steps.iter().map(|&step| u64::from(of[step as usize])).sum::<u64>();
    for (&ends, found) in pairs.iter().zip(stream) {
        let expected = dijkstra::one_to_one(graph, metric, criterion, ends, &never).unwrap();
        let least = expected.as_ref().map(|steps| sum(steps, weight));
        assert_eq!(asked.steps(ground, ends, &never).unwrap(), found);
        assert_eq!(found.as_ref().map(|steps| sum(steps, weight)), least);
        assert_eq!(asked.value(ground, ends, &never).unwrap(), least);
        if let (Some(found), Some(expected), true) = (found, expected, ends.0 != ends.1) {
            assert!(is_unbroken(graph, &found));
            if std::any::type_name::<W>() == std::any::type_name::<ThenFaster>() {
                assert_eq!(sum(&found, time_s), sum(&expected, time_s));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn pairs_of_a_dense_hierarchy_agree_with_dijkstra(tables in random_tables(40), is_free in proptest::bool::ANY) {
        let (network, graph, mut metric) = priced(tables, 3.0);
        if is_free { // every way costs the same, and the fastest is to be found
            metric.money_of_each().iter_mut().filter(|money| **money != CLOSED).for_each(|money| *money = 0);
        }
        let skeleton = Skeleton::of(&network, &graph, &CancelFlag::default()).unwrap();
        let mut with_rows_of_threads = in_fronts(&skeleton);
        with_rows_of_threads.shared = Shared::none(&skeleton);
        for skeleton in [in_fronts(&skeleton), with_rows_of_threads] {
            for criterion in EVERY {
                let ground = Ground { skeleton: &skeleton, graph: &graph, metric: &metric, criterion };
                assert_met::<u32>(ground, network.hub_count() as u32);
                assert_met::<ThenFaster>(ground, network.hub_count() as u32);
            }
        }
    }

    #[test]
    fn memory_that_one_metric_leaves_tells_the_next_nothing_of_it(tables in random_tables(40), part in 2..9_u32) {
        let never = CancelFlag::default();
        let (network, graph, metric) = priced(tables, 3.0);
        let skeleton = in_fronts(&Skeleton::of(&network, &graph, &never).unwrap());
        let mut other = metric.clone();
        for (step, money) in other.money_of_each().iter_mut().enumerate().filter(|(_, money)| **money != CLOSED) {
            *money = if (step as u32).is_multiple_of(part) { CLOSED } else { *money / part };
        }
        let hubs = network.hub_count() as u32;
        for metric in [&metric, &other, &metric] {
            let ground = Ground { skeleton: &skeleton, graph: &graph, metric, criterion: Criterion::Cost };
            let mut pairs = Pairs::of(ground, &never).unwrap();
            let mut tables = Tables::of(ground, &never).unwrap();
            pairs.prepare(ground, &never).unwrap();
            for ends in (0..hubs).flat_map(|a| (0..hubs).map(move |b| (HubId(a), HubId(b)))) {
                let sum = |steps: Vec<u32>| steps.iter().map(|&step| u64::from(metric.money_of(step as usize))).sum();
                let expected = dijkstra::one_to_one(&graph, metric, Criterion::Cost, ends, &never).unwrap();
                let found = pairs.steps(ground, ends, &never).unwrap();
                let expected = expected.map(|steps| -> u64 { sum(steps) });
                prop_assert_eq!(tables.value(ground, ends, &never).unwrap(), expected);
                prop_assert_eq!(found.map(sum), expected);
            }
            pairs.give_back(&skeleton);
            tables.give_back(&skeleton);
        }
    }

    #[test]
    fn the_lowest_rank_above_two_is_the_first_that_stands_above_both(tables in random_tables(40)) {
        let (network, graph, _) = priced(tables, 3.0);
        let skeleton = in_fronts(&Skeleton::of(&network, &graph, &CancelFlag::default()).unwrap());
        let above = |rank: u32| std::iter::successors(Some(rank), |&rank| skeleton.parent(rank));
        for a in 0..skeleton.node_count() as u32 {
            for b in 0..=a {
                let expected = above(a).find(|&rank| above(b).any(|other| other == rank));
                prop_assert_eq!(skeleton.lowest_above(a, b), expected);
                prop_assert_eq!(skeleton.lowest_above(b, a), expected);
            }
        }
    }
}

#[test]
fn a_raised_flag_stops_a_dense_customisation_and_its_rows() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tables = random_tables(40).new_tree(&mut runner).unwrap().current();
    let (network, graph, metric) = priced(tables, 3.0);
    let never = CancelFlag::default();
    let skeleton = in_fronts(&Skeleton::of(&network, &graph, &never).unwrap());
    let ground = Ground { skeleton: &skeleton, graph: &graph, metric: &metric, criterion: Criterion::Time };
    let raised = CancelFlag::default();
    raised.raise();
    assert!(Pairs::of(ground, &raised).is_err());
    let pairs = Pairs::of(ground, &never).unwrap();
    assert!(pairs.prepare(ground, &raised).is_err());
    pairs.prepare(ground, &never).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn every_pair_of_a_network_that_is_dissected_agrees_with_dijkstra(tables in random_tables(90)) {
        let (network, graph, metric) = priced(tables, 3.0);
        let skeleton = Skeleton::of(&network, &graph, &CancelFlag::default()).unwrap();
        let ranks: std::collections::BTreeSet<u32> = skeleton.rank.iter().copied().collect();
        prop_assert_eq!(ranks.len(), graph.node_count());
        assert_agrees::<u32>(&skeleton, &graph, &metric, Criterion::Cost, network.hub_count() as u32);
        let (rank, first, head) = skeleton.parts();
        let parts = (rank.to_vec(), first.to_vec(), head.to_vec());
        let read = Skeleton::from_parts(&graph, parts.0, parts.1, parts.2, &CancelFlag::default()).unwrap();
        prop_assert_eq!(read.parts(), skeleton.parts());
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn tables_agree_with_dijkstra_in_the_minimised_quantity_and_are_those_of_one_route(
        tables in random_tables(24), is_dear in proptest::bool::ANY, is_in_fronts in proptest::bool::ANY,
    ) {
        let (network, graph, mut metric) = priced(tables, 3.0);
        if is_dear { // beyond 31 bits along a few steps, within them at each
            for money in metric.money_of_each().iter_mut().filter(|money| **money != CLOSED) {
                *money = *money % 1_000_000_000 + 1_000_000_000;
            }
        }
        let never = CancelFlag::default();
        let skeleton = Skeleton::of(&network, &graph, &never).unwrap();
        let skeleton = if is_in_fronts { in_fronts(&skeleton) } else { skeleton };
        let hubs: Vec<HubId> = (0..network.hub_count() as u32).map(HubId).collect();
        for criterion in EVERY {
            let ground = Ground { skeleton: &skeleton, graph: &graph, metric: &metric, criterion };
            let tables = Tables::of(ground, &never).unwrap();
            let pairs = Pairs::of(ground, &never).unwrap();
            let values = tables.values(ground, (&hubs, &hubs), 1.0, &never).unwrap();
            let totals = tables.totals(ground, (&hubs, &hubs), &never).unwrap();
            let most = most_of_any_route(&graph, metric.weights(criterion));
            for (&origin, row) in hubs.iter().zip(values.chunks(hubs.len())) {
                let all = tables.one_to_all(ground, origin, hubs.len(), 1.0, &never).unwrap();
                prop_assert!(all.iter().zip(row).all(|(a, b)| a.to_bits() == b.to_bits()));
            }
            tables.prune(ground, &never).unwrap();
            let again = tables.values(ground, (&hubs, &hubs), 1.0, &never).unwrap();
            prop_assert!(again.iter().zip(&values).all(|(a, b)| a.to_bits() == b.to_bits()));
            let again = tables.totals(ground, (&hubs, &hubs), &never).unwrap();
            prop_assert!(again.iter().zip(&totals).all(|(a, b)| a.is_some() == b.is_some()));
            for (at, (value, totals)) in values.iter().zip(&totals).enumerate() {
                let ends = (hubs[at / hubs.len()], hubs[at % hubs.len()]);
                let steps = dijkstra::one_to_one(&graph, &metric, criterion, ends, &never).unwrap();
                let weight = metric.weights(criterion);
                let sum = |steps: Vec<u32>| steps.iter().map(|&step| u64::from(weight[step as usize])).sum::<u64>();
                let expected = steps.map(sum);
                prop_assert!(expected.is_none_or(|expected| expected <= most));
                prop_assert_eq!((!value.is_nan()).then_some(*value as u64), expected);
                let own = totals.as_ref().map(|totals| match criterion {
                    Criterion::Cost => totals.money,
                    Criterion::Time => totals.time_s,
                    Criterion::Co2e => totals.co2e_g_t,
                    Criterion::Distance => totals.distance_m,
                    Criterion::Generalised => totals.generalised,
                });
                prop_assert_eq!(own, expected);
                prop_assert_eq!(tables.value(ground, ends, &never).unwrap(), expected);
                prop_assert_eq!(pairs.value(ground, ends, &never).unwrap(), expected);
                let found = pairs.steps(ground, ends, &never).unwrap();
                prop_assert_eq!(found.map(sum), expected);
            }
        }
    }
}

/// Edges of a square of so many nodes a side; numbers next to one another lie apart.
fn square(side: u32) -> impl Iterator<Item = (u32, u32)> + Clone {
    let across = move |at: u32| (!(at + 1).is_multiple_of(side)).then_some((at, at + 1));
    let down = move |at: u32| (at + side < side * side).then_some((at, at + side));
    let mixed = move |at: u32| at * 7919 % (side * side);
    let edges = (0..side * side).flat_map(move |at| [across(at), down(at)]).flatten();
    edges.map(move |(a, b)| (mixed(a), mixed(b)))
}

fn arcs_of(joined: &Adjacency, places: &[Place], most: usize) -> Result<usize, OrderError> {
    let never = CancelFlag::default();
    let order = dissect(joined, places, &never)?;
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(0..joined.node_count() as u32));
    contract(joined, &ranks_of(&order), &order, most, &never).map(|(_, head)| head.len())
}

#[test]
fn a_square_whose_places_tell_nothing_has_at_most_half_more_arcs_than_with_its_places() {
    const SIDE: u32 = 60;
    let joined = Adjacency::of_edges((SIDE * SIDE) as usize, square(SIDE));
    let apart = |at: u32| (f64::from(at % SIDE) / 10.0, f64::from(at / SIDE) / 10.0);
    let mut places: Vec<Place> = vec![[0.0; 3]; (SIDE * SIDE) as usize];
    (0..SIDE * SIDE).for_each(|at| places[(at * 7919 % (SIDE * SIDE)) as usize] = place(apart(at)));
    let with = arcs_of(&joined, &places, usize::MAX).unwrap();
    for nowhere in [[0.0; 3], [f64::NAN; 3]] {
        let without = arcs_of(&joined, &vec![nowhere; places.len()], usize::MAX).unwrap();
        assert!(2 * without <= 3 * with, "{without} arcs, {with} with places");
    }
    assert!(matches!(arcs_of(&joined, &places, with - 1), Err(OrderError::TooManyArcs(_))));
}

#[test]
fn nodes_that_no_cut_parts_go_by_least_degree() {
    const NODES: u32 = 90;
    let every = (0..NODES).flat_map(|a| (0..a).map(move |b| (a, b)));
    let joined = Adjacency::of_edges(NODES as usize, every);
    let arcs = arcs_of(&joined, &[[0.0; 3]; NODES as usize], usize::MAX).unwrap();
    assert_eq!(arcs, (NODES * (NODES - 1) / 2) as usize);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn metrics_customised_together_answer_as_each_alone(
        tables in random_tables(40), count in 1..20_usize, is_in_fronts in proptest::bool::ANY,
    ) {
        let never = CancelFlag::default();
        let (network, graph, metric) = priced(tables, 3.0);
        let metrics: Vec<Metric> = (0..count as u32).map(|nth| {
            let mut metric = metric.clone();
            for (step, money) in metric.money_of_each().iter_mut().enumerate().filter(|(_, money)| **money != CLOSED) {
                *money = if step as u32 % 7 == nth { CLOSED } else { *money / (nth + 1) };
            }
            metric
        }).collect();
        let skeleton = Skeleton::of(&network, &graph, &never).unwrap();
        let skeleton = if is_in_fronts { in_fronts(&skeleton) } else { skeleton };
        let ground = |nth: usize| {
            let criterion = EVERY[nth % EVERY.len()];
            Ground { skeleton: &skeleton, graph: &graph, metric: &metrics[nth], criterion }
        };
        let mut grounds: Vec<_> = (0..count).map(ground).collect();
        for _ in 0..2 {
            assert_each_as_alone::<u32>(&grounds, &network);
            assert_each_as_alone::<ThenFaster>(&grounds, &network);
            grounds.reverse(); // in the memory that the others left
        }
    }
}

fn assert_each_as_alone<W: Weight>(grounds: &[Ground<'_>], network: &Network) {
    let never = CancelFlag::default();
    let together = Customised::<W>::of_each(grounds, &never).unwrap();
    assert_eq!(together.len(), grounds.len());
    for (&ground, mut own) in grounds.iter().zip(together) {
        let alone = Customised::<W>::of(ground, &never).unwrap();
        for ends in (0..network.hub_count() as u32).map(|hub| (HubId(hub / 3), HubId(hub))) {
            assert_eq!(own.value(ground, ends, &never).unwrap(), alone.value(ground, ends, &never).unwrap());
        }
        for ends in (0..network.hub_count() as u32).map(|hub| (HubId(hub), HubId(hub / 2))) {
            assert_eq!(own.steps(ground, ends, &never).unwrap(), alone.steps(ground, ends, &never).unwrap());
        }
        own.give_back(ground.skeleton);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn customising_again_after_a_change_equals_customising_anew(
        tables in random_tables(60), at in 0..1000_usize, kind in 0..4_u32, several in 1..4_usize,
    ) {
        let never = CancelFlag::default();
        let (network, graph, metric) = priced(tables, 3.0);
        let skeleton = Skeleton::of(&network, &graph, &never).unwrap();
        prop_assume!(graph.edge_count() > 0);
        let mut other = metric.clone();
        for nth in 0..several {
            let edge = (at * (nth + 1)) % graph.edge_count();
            let changed = |weight: u32| match (kind, weight) {
                (0, _) => CLOSED,
                (_, CLOSED) => 5,
                (1, weight) => weight / 3,
                (2, weight) => weight + 7,
                (_, _) => 0,
            };
            other.money_of_each()[edge] = changed(metric.money_of(edge));
            other.time_s_of_each()[edge] = changed(metric.time_s_of(edge));
        }
        for skeleton in [in_fronts(&skeleton), skeleton] {
            assert_again_as_anew::<u32>(&skeleton, (&metric, &other));
            assert_again_as_anew::<ThenFaster>(&skeleton, (&metric, &other));
        }
    }
}

fn assert_again_as_anew<W: Weight>(skeleton: &Skeleton, (old, new): (&Metric, &Metric)) {
    let never = CancelFlag::default();
    let columns =
        |metric| -> (&[u32], &[u32]) { (Metric::weights(metric, Criterion::Cost), metric.time_s()) };
    let before = Weights::<W>::of(skeleton, columns(old).0, columns(old).1, &never).unwrap();
    let anew = Weights::<W>::of(skeleton, columns(new).0, columns(new).1, &never).unwrap();
    let edges = skeleton.slot_of_edge.len();
    let changed: Vec<u32> = (0..edges as u32)
        .filter(|&edge| {
            let at = edge as usize;
            columns(old).0[at] != columns(new).0[at] || columns(old).1[at] != columns(new).1[at]
        })
        .collect();
    let Some(again) = before.after_change(skeleton, columns(new), &changed, u64::MAX, &never).unwrap() else {
        panic!("no bound was given");
    };
    assert_eq!((again.up, again.down), (anew.up, anew.down));
    assert_eq!((again.paths.up_over, again.paths.down_over), (anew.paths.up_over, anew.paths.down_over));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn arcs_of_panels_are_those_of_their_triangles_one_by_one(
        tables in random_tables(12), more in proptest::collection::vec((0..40_usize, 0..40_usize, 1..9_u32), 200..500),
    ) {
        let never = CancelFlag::default();
        let mut dense = tables;
        dense.hubs = crate::testkit::hubs(40, crate::hub::HubKind::Port);
        let rows: Vec<_> = more.iter().map(|&(a, b, km)| (a, b, crate::mode::Mode::Sea, f64::from(km))).collect();
        dense.links = crate::testkit::links(&rows, true);
        dense.services = crate::testkit::services(&[]);
        let (network, graph, metric) = priced(dense, 3.0);
        let skeleton = Skeleton::of(&network, &graph, &never).unwrap();
        let ranks = skeleton.node_count() as u32;
        let several = (1..ranks).filter(|&rank| skeleton.panel[rank as usize] != rank).count();
        prop_assert!(several > 8, "the network must have panels to be a test of them");
        let in_fronts = in_fronts(&skeleton);
        for criterion in EVERY {
            let columns = (metric.weights(criterion), metric.time_s());
            assert_each_arc_anew::<u32>(&skeleton, columns);
            assert_each_arc_anew::<ThenFaster>(&skeleton, columns);
            assert_each_arc_anew::<u32>(&in_fronts, columns);
            assert_each_arc_anew::<ThenFaster>(&in_fronts, columns);
        }
    }

    #[test]
    fn any_number_of_seconds_leaves_the_quantity_alone(
        steps in proptest::collection::vec((0..10_000_000_u32, 0..=u32::MAX), 1..40),
    ) {
        let each = || steps.iter().map(|&(value, time_s)| ThenFaster::of_step(value, time_s));
        let value: u64 = steps.iter().map(|&(value, _)| u64::from(value)).sum();
        let first = ThenFaster::of_step(0, 0);
        prop_assert_eq!(each().fold(first, ThenFaster::plus).value(), value);
        prop_assert_eq!(each().fold(first, |sum, step| sum.settled().onward(step)).value(), value);
        prop_assert_eq!(each().rev().fold(first, |sum, step| step.plus(sum)).value(), value);
    }
}

/// The same skeleton, customised in dense tables as if its rows were long.
fn in_fronts(skeleton: &Skeleton) -> Skeleton {
    let mut skeleton = skeleton.clone();
    skeleton.lay(Fronts::of(&skeleton));
    skeleton
}

fn assert_each_arc_anew<W: Weight>(skeleton: &Skeleton, columns: (&[u32], &[u32])) {
    let weights = Weights::<W>::of(skeleton, columns.0, columns.1, &CancelFlag::default()).unwrap();
    let edges = super::again::EdgesOfArcs::of(skeleton);
    for arc in 0..skeleton.arc_count() as u32 {
        assert_eq!(weights.both(arc), weights.made_anew(skeleton, &edges, columns, arc));
    }
}
