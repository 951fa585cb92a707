//! Small networks and terms for the tests of this crate.

use proptest::prelude::*;

use crate::cancel::CancelFlag;
use crate::closures::Closures;
use crate::graph::Graph;
use crate::hub::HubKind;
use crate::metric::Metric;
use crate::mode::Mode;
use crate::network::Network;
use crate::numbers::Numbers;
use crate::tables::{HubTable, LinkTable, NetworkTables, ServiceTable};
use crate::terms::{PROCESS_LEN, Terms};
use crate::texts::Texts;

/// Hubs of one kind, named `h0`, `h1`, ...
pub fn hubs(count: usize, kind: HubKind) -> HubTable {
    HubTable {
        hub_id: (0..count).map(|hub| format!("h{hub}")).collect(),
        lat: (0..count).map(|hub| (hub % 800) as f64 / 10.0).collect(),
        lon: Numbers::same(0.0, count),
        kind: Texts::same(kind.name(), count),
        name: Texts::same("", count),
        locode: Texts::same("", count),
        country: Texts::same("", count),
        timezone: Texts::same("", count),
        population: Numbers::same(f64::NAN, count),
        main_port: vec![false; count],
        sea_area: Texts::same("", count),
        max_draft_m: Numbers::same(f64::NAN, count),
        carbon_scheme: Texts::same("", count),
    }
}

/// Links from (origin, destination, mode, km).
pub fn links(rows: &[(usize, usize, Mode, f64)], oneway: bool) -> LinkTable {
    let count = rows.len();
    LinkTable {
        origin: rows.iter().map(|row| format!("h{}", row.0)).collect(),
        destination: rows.iter().map(|row| format!("h{}", row.1)).collect(),
        mode: rows.iter().map(|row| row.2.name()).collect(),
        distance_km: rows.iter().map(|row| row.3).collect(),
        link_id: Texts::same("", count),
        oneway: vec![oneway; count],
        passages: Texts::same("", count),
        countries: Texts::same("", count),
        gauge_mm: Numbers::same(f64::NAN, count),
        eca_km: Numbers::same(f64::NAN, count),
        speed_km_h: Numbers::same(f64::NAN, count),
        line_km: Numbers::same(f64::NAN, count),
        vehicle_class: Texts::same("", count),
        customs_borders: Numbers::same(0.0, count),
        ..LinkTable::default()
    }
}

/// Services from (origin, destination, mode, km, hours).
pub fn services(rows: &[(usize, usize, Mode, f64, f64)]) -> ServiceTable {
    let count = rows.len();
    ServiceTable {
        origin: rows.iter().map(|row| format!("h{}", row.0)).collect(),
        destination: rows.iter().map(|row| format!("h{}", row.1)).collect(),
        mode: rows.iter().map(|row| row.2.name()).collect(),
        service_id: Texts::same("", count),
        distance_km: rows.iter().map(|row| row.3).collect(),
        duration_h: rows.iter().map(|row| row.4).collect(),
        departures_per_week: Numbers::same(f64::NAN, count),
        cutoff_h: Numbers::same(f64::NAN, count),
        rate_id: Texts::same("", count),
        vehicle_class: Texts::same("", count),
        carrier: Texts::same("", count),
    }
}

/// Terms in which classes differ and every change costs `handling_eur` and takes an hour.
pub fn terms(network: &Network, handling_eur: f64) -> Terms {
    let per_class = |base: f64| -> Vec<f64> {
        network.classes().iter().map(|(mode, _)| base * (1.0 + mode.index() as f64)).collect()
    };
    let classes = network.classes().len();
    let row = [1.0, handling_eur, 10.0, 20.0, 0.5, 2.0];
    Terms {
        speed_km_h: per_class(20.0),
        per_km_eur: network.classes().iter().map(|(mode, _)| 5.0 / (1.0 + mode.index() as f64)).collect(),
        service_fixed_eur: vec![3.0; classes],
        wtt_g_tkm: per_class(1.0),
        ttw_g_tkm: per_class(2.0),
        departures_per_week: vec![f64::NAN; classes],
        border_h: vec![2.0; classes],
        border_eur: vec![7.0; classes],
        load_fixed_eur: vec![1.0; 6],
        wait_h: vec![0.0; 6],
        process: row.iter().copied().cycle().take(PROCESS_LEN).collect(),
        mass_t: 2.0,
        ..Terms::default()
    }
}

/// A network, its graph and a metric with nothing closed.
pub fn priced(tables: NetworkTables, handling_eur: f64) -> (Network, Graph, Metric) {
    let network = Network::build(tables, &CancelFlag::default()).unwrap();
    let graph = Graph::of(&network);
    let terms = terms(&network, handling_eur);
    let metric =
        Metric::build(&network, &graph, &Closures::default_of(&network), terms, &CancelFlag::default())
            .unwrap();
    (network, graph, metric)
}

/// Random networks of cities with road, rail and sea links and some flights; zero lengths occur.
pub fn random_tables(most_hubs: usize) -> impl Strategy<Value = NetworkTables> {
    (2..=most_hubs).prop_flat_map(|count| {
        let mode = prop::sample::select(vec![Mode::Road, Mode::Rail, Mode::Sea]);
        let link = (0..count, 0..count, mode, 0..20_u32);
        let flight = (0..count, 0..count, 1..20_u32);
        (prop::collection::vec(link, 0..3 * count), prop::collection::vec(flight, 0..count)).prop_map(
            move |(rows, flights)| NetworkTables {
                hubs: hubs(count, HubKind::City),
                links: links(
                    &rows.iter().map(|row| (row.0, row.1, row.2, f64::from(row.3))).collect::<Vec<_>>(),
                    false,
                ),
                services: services(
                    &flights
                        .iter()
                        .map(|row| (row.0, row.1, Mode::Air, f64::from(row.2), 1.0))
                        .collect::<Vec<_>>(),
                ),
                ..NetworkTables::default()
            },
        )
    })
}

/// Every simple path between two hubs, as steps; simple in the nodes of the graph.
pub fn every_path(
    graph: &Graph,
    metric: &Metric,
    origin: crate::ids::HubId,
    destination: crate::ids::HubId,
) -> Vec<Vec<u32>> {
    let mut found = Vec::new();
    for platform in graph.platforms_of(origin) {
        let node = graph.platforms()[platform].depart;
        let mut path = vec![graph.load_step(platform) as u32];
        let mut seen = vec![false; graph.node_count()];
        walk(graph, metric, destination, node, &mut path, &mut seen, &mut found);
    }
    found
}

fn walk(
    graph: &Graph,
    metric: &Metric,
    destination: crate::ids::HubId,
    node: u32,
    path: &mut Vec<u32>,
    seen: &mut [bool],
    found: &mut Vec<Vec<u32>>,
) {
    seen[node as usize] = true;
    for platform in graph.platforms_of(destination) {
        if graph.platforms()[platform].arrive == node {
            let mut whole = path.clone();
            whole.push(graph.unload_step(platform) as u32);
            found.push(whole);
        }
    }
    for edge in graph.first_out[node as usize]..graph.first_out[node as usize + 1] {
        let next = graph.head[edge as usize];
        if !seen[next as usize] && metric.money_of(edge as usize) != crate::metric::CLOSED {
            path.push(edge);
            walk(graph, metric, destination, next, path, seen, found);
            path.pop();
        }
    }
    seen[node as usize] = false;
}
