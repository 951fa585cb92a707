use super::*;
use crate::cancel::CancelFlag;
use crate::network::Network;
use crate::tables::NetworkTables;
use crate::testkit::{hubs, links, services};

fn graph(tables: NetworkTables) -> Graph {
    Graph::of(&Network::build(tables, &CancelFlag::default()).unwrap())
}

#[test]
fn a_city_with_roads_only_is_one_node() {
    let tables = NetworkTables {
        hubs: hubs(2, HubKind::City),
        links: links(&[(0, 1, Mode::Road, 5.0)], false),
        ..NetworkTables::default()
    };
    let graph = graph(tables);
    assert_eq!((graph.node_count(), graph.edge_count()), (2, 2));
}

#[test]
fn two_gauges_meet_by_transfer_alone() {
    let mut rail = links(&[(0, 1, Mode::Rail, 5.0), (1, 2, Mode::Rail, 5.0)], true);
    rail.gauge_mm = vec![1435.0, 1520.0];
    let graph =
        graph(NetworkTables { hubs: hubs(3, HubKind::Border), links: rail, ..NetworkTables::default() });
    let at_border: Vec<_> = (0..graph.edge_count())
        .map(|edge| graph.movement(edge))
        .filter(|movement| matches!(movement, Movement::Transfer { .. }))
        .collect();
    assert_eq!(at_border.len(), 2);
}

#[test]
fn nothing_changes_vehicle_at_a_junction() {
    let rows = [(0, 1, Mode::Rail, 5.0), (1, 2, Mode::Road, 5.0)];
    let graph = graph(NetworkTables {
        hubs: hubs(3, HubKind::Junction),
        links: links(&rows, false),
        ..NetworkTables::default()
    });
    let changes =
        (0..graph.edge_count()).any(|edge| matches!(graph.movement(edge), Movement::Transfer { .. }));
    assert!(!changes);
}

#[test]
fn a_service_is_reached_and_left_by_a_transfer() {
    let graph = graph(NetworkTables {
        hubs: hubs(2, HubKind::City),
        links: links(&[(0, 1, Mode::Road, 5.0)], false),
        services: services(&[(0, 1, Mode::Air, 5.0, 1.0)]),
        ..NetworkTables::default()
    });
    let service =
        (0..graph.edge_count()).find(|&edge| matches!(graph.movement(edge), Movement::Service(_))).unwrap();
    let before: Vec<_> =
        (0..graph.edge_count()).filter(|&edge| graph.head[edge] == graph.tail[service]).collect();
    assert!(!before.is_empty());
    assert!(before.iter().all(|&edge| matches!(graph.movement(edge), Movement::Transfer { .. })));
}
