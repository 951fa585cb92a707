use proptest::prelude::*;

use super::*;
use crate::hub::HubKind;
use crate::mode::Mode;
use crate::search::matrix::Totals;
use crate::tables::NetworkTables;
use crate::testkit::{every_path, hubs, links, priced, random_tables};

const CRITERIA: [Criterion; 5] =
    [Criterion::Cost, Criterion::Time, Criterion::Co2e, Criterion::Distance, Criterion::Generalised];

fn value(metric: &Metric, criterion: Criterion, steps: &[u32]) -> u64 {
    steps.iter().map(|&step| u64::from(metric.weights(criterion)[step as usize])).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn best_route_is_the_least_of_all_simple_paths(tables in random_tables(5)) {
        let (network, graph, metric) = priced(tables, 3.0);
        let cancel = CancelFlag::default();
        let (origin, destination) = (HubId(0), HubId(network.hub_count() as u32 - 1));
        let all = every_path(&graph, &metric, origin, destination);
        for criterion in CRITERIA {
            let found = one_to_one(&graph, &metric, criterion, (origin, destination), &cancel).unwrap();
            let best = all.iter().map(|steps| (value(&metric, criterion, steps), Totals::of(&metric, steps).time_s)).min();
            let got = found.map(|steps| (value(&metric, criterion, &steps), Totals::of(&metric, &steps).time_s));
            prop_assert_eq!(got, best);
        }
    }

    #[test]
    fn one_to_all_agrees_with_one_to_one(tables in random_tables(12)) {
        let (network, graph, metric) = priced(tables, 3.0);
        let cancel = CancelFlag::default();
        let tree = one_to_all(&graph, &metric, Criterion::Cost, HubId(0), &cancel).unwrap();
        for hub in (1..network.hub_count() as u32).map(HubId) {
            let alone = one_to_one(&graph, &metric, Criterion::Cost, (HubId(0), hub), &cancel).unwrap();
            let total = alone.map(|steps| value(&metric, Criterion::Cost, &steps));
            prop_assert_eq!(tree.value_at(&graph, &metric, Criterion::Cost, hub), total);
        }
    }

    #[test]
    fn a_route_never_costs_less_when_handling_costs_more(tables in random_tables(8)) {
        let (network, graph, cheap) = priced(tables.clone(), 1.0);
        let (_, _, dear) = priced(tables, 2.0);
        let cancel = CancelFlag::default();
        let ends = (HubId(0), HubId(network.hub_count() as u32 - 1));
        let cost = |metric: &Metric| {
            let steps = one_to_one(&graph, metric, Criterion::Cost, ends, &cancel).unwrap();
            steps.map(|steps| value(metric, Criterion::Cost, &steps))
        };
        prop_assert!(cost(&cheap) <= cost(&dear));
    }
}

#[test]
fn a_raised_flag_stops_the_search() {
    let rows: Vec<_> = (0..3000).map(|at| (at, at + 1, Mode::Road, 1.0)).collect();
    let tables = NetworkTables {
        hubs: hubs(3001, HubKind::Junction),
        links: links(&rows, false),
        ..NetworkTables::default()
    };
    let (_, graph, metric) = priced(tables, 0.0);
    let cancel = CancelFlag::default();
    cancel.raise();
    let ended = one_to_all(&graph, &metric, Criterion::Cost, HubId(0), &cancel);
    assert!(matches!(ended, Err(SearchError::Cancelled(_))));
}

#[test]
fn a_chain_of_ten_thousand_longest_links_adds_up_exactly() {
    let rows: Vec<_> = (0..10_000).map(|at| (at, at + 1, Mode::Road, 100_000.0)).collect();
    let tables = NetworkTables {
        hubs: hubs(10_001, HubKind::Junction),
        links: links(&rows, true),
        ..NetworkTables::default()
    };
    let (_, graph, metric) = priced(tables, 0.0);
    let tree = one_to_all(&graph, &metric, Criterion::Distance, HubId(0), &CancelFlag::default()).unwrap();
    let total = tree.value_at(&graph, &metric, Criterion::Distance, HubId(10_000));
    assert_eq!(total, Some(10_000 * 100_000_000));
}

#[test]
fn no_route_is_none() {
    let tables = NetworkTables {
        hubs: hubs(3, HubKind::City),
        links: links(&[(0, 1, Mode::Road, 1.0)], false),
        ..NetworkTables::default()
    };
    let (_, graph, metric) = priced(tables, 0.0);
    let found = one_to_one(&graph, &metric, Criterion::Cost, (HubId(0), HubId(2)), &CancelFlag::default());
    assert_eq!(found, Ok(None));
}

/// Feeder port, main port, main port, feeder port; the direct way between the feeder ports is shorter.
fn two_seas() -> NetworkTables {
    let sea = |a, b, km| (a, b, Mode::Sea, km);
    let mut tables = NetworkTables {
        hubs: hubs(4, HubKind::Port),
        links: links(&[sea(0, 1, 50.0), sea(1, 2, 900.0), sea(2, 3, 50.0), sea(0, 3, 300.0)], false),
        ..NetworkTables::default()
    };
    tables.hubs.main_port = vec![false, true, true, false];
    tables.hubs.sea_area = ["north", "north", "south", "south"].into();
    tables
}

fn ports_on_the_way(tables: NetworkTables, criterion: Criterion) -> Vec<u32> {
    let (network, graph, metric) = priced(tables, 1.0);
    let cancel = CancelFlag::default();
    let steps = one_to_one(&graph, &metric, criterion, (HubId(0), HubId(3)), &cancel).unwrap().unwrap();
    let route = crate::route::Route::read(&network, &graph, &metric, &steps);
    route.stops.iter().map(|stop| stop.hub.0).collect()
}

#[test]
fn a_feeder_port_reaches_another_sea_by_transhipment_at_main_ports() {
    for criterion in [Criterion::Cost, Criterion::Time, Criterion::Co2e, Criterion::Generalised] {
        assert_eq!(ports_on_the_way(two_seas(), criterion), [0, 1, 2, 3]);
    }
}

#[test]
fn the_shortest_way_by_sea_is_direct_whatever_the_ports() {
    assert_eq!(ports_on_the_way(two_seas(), Criterion::Distance), [0, 3]);
}

#[test]
fn a_service_of_the_user_may_call_at_a_feeder_port_from_another_sea() {
    let mut tables = two_seas();
    tables.services = crate::testkit::services(&[(0, 3, Mode::Sea, 300.0, 1.0)]);
    assert_eq!(ports_on_the_way(tables, Criterion::Time), [0, 3]);
}

#[test]
fn ports_of_a_sea_without_a_main_port_are_called_at_directly() {
    let mut tables = two_seas();
    tables.hubs.main_port = vec![false; 4];
    assert_eq!(ports_on_the_way(tables, Criterion::Cost), [0, 3]);
}
