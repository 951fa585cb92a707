use proptest::prelude::*;

use super::*;
use crate::hub::HubKind;
use crate::tables::NetworkTables;
use crate::testkit::{hubs, links, random_tables, services};

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
    rail.gauge_mm = [1435.0, 1520.0].into();
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

proptest! {
    #[test]
    fn edges_stand_by_node_then_head_then_movement_and_lead_in_as_they_lead_out(tables in random_tables(30)) {
        let graph = graph(tables);
        let edge = |at: usize| (graph.tail[at], graph.head[at], graph.movement(at));
        prop_assert!((1..graph.edge_count()).all(|at| edge(at - 1) < edge(at)));
        for node in 0..graph.node_count() {
            let out = graph.first_out[node] as usize..graph.first_out[node + 1] as usize;
            prop_assert!(graph.tail[out].iter().all(|&tail| tail as usize == node));
            let into = &graph.in_edges[graph.first_in[node] as usize..graph.first_in[node + 1] as usize];
            prop_assert!(into.is_sorted() && into.iter().all(|&edge| graph.head[edge as usize] as usize == node));
        }
    }
}

#[test]
fn many_edges_of_one_node_stand_in_the_same_order_as_few() {
    let star: Vec<_> = (1..80).rev().chain(1..80).map(|to| (0, to, Mode::Road, 1.0)).collect();
    let tables = NetworkTables {
        hubs: hubs(80, HubKind::City),
        links: links(&star, true),
        ..NetworkTables::default()
    };
    let graph = graph(tables);
    let edge = |at: usize| (graph.head[at], graph.movement(at));
    assert!((1..graph.edge_count()).all(|at| edge(at - 1) < edge(at)));
}
