use super::*;
use crate::tables::NetworkTables;
use crate::testkit::{hubs, links, services};

fn tables() -> NetworkTables {
    NetworkTables {
        hubs: hubs(3, HubKind::City),
        links: links(&[(0, 1, Mode::Road, 5.0)], false),
        services: services(&[(1, 2, Mode::Air, f64::NAN, f64::NAN)]),
        ..NetworkTables::default()
    }
}

fn fault(change: impl FnOnce(&mut NetworkTables)) -> (&'static str, Option<usize>, &'static str) {
    let mut broken = tables();
    change(&mut broken);
    let error = refused(broken);
    (error.table, error.row, error.column)
}

fn refused(tables: NetworkTables) -> BuildError {
    match Network::build(tables, &CancelFlag::default()) {
        Err(Unbuilt::Fault(error)) => error,
        other => panic!("expected a fault, got {other:?}"),
    }
}

#[test]
fn faults_name_table_row_and_column() {
    assert_eq!(fault(|t| t.hubs.hub_id = t.hubs.hub_id.with(2, "h0")), ("hubs", Some(3), "hub_id"));
    assert_eq!(fault(|t| t.hubs.hub_id = t.hubs.hub_id.with(1, "")), ("hubs", Some(2), "hub_id"));
    assert_eq!(fault(|t| t.hubs.lat = t.hubs.lat.with(1, 91.0)), ("hubs", Some(2), "lat"));
    assert_eq!(fault(|t| t.hubs.lon = t.hubs.lon.with(0, f64::NAN)), ("hubs", Some(1), "lon"));
    assert_eq!(fault(|t| t.hubs.kind = t.hubs.kind.with(0, "harbour")), ("hubs", Some(1), "kind"));
    assert_eq!(fault(|t| t.links.origin = t.links.origin.with(0, "nowhere")), ("links", Some(1), "origin"));
    assert_eq!(fault(|t| t.links.mode = t.links.mode.with(0, "teleport")), ("links", Some(1), "mode"));
    assert_eq!(fault(|t| t.links.mode = t.links.mode.with(0, "air")), ("links", Some(1), "mode"));
    assert_eq!(
        fault(|t| t.links.distance_km = t.links.distance_km.with(0, -1.0)),
        ("links", Some(1), "distance_km")
    );
    assert_eq!(
        fault(|t| t.links.distance_km = t.links.distance_km.with(0, f64::INFINITY)),
        ("links", Some(1), "distance_km")
    );
    assert_eq!(fault(|t| t.links.oneway.clear()), ("links", None, "oneway"));
    assert_eq!(
        fault(|t| t.services.duration_h = t.services.duration_h.with(0, -1.0)),
        ("services", Some(1), "duration_h")
    );
}

#[test]
fn more_than_64_passages_are_a_limit() {
    let mut many = tables();
    many.links.passages = [(0..65).map(|at| format!("p{at}")).collect::<Vec<_>>().join(";")].into();
    assert!(refused(many).is_limit);
}

#[test]
fn a_service_without_distance_flies_the_great_circle() {
    let network = Network::build(tables(), &CancelFlag::default()).unwrap();
    assert_eq!(network.service_distance_m[0], 11_057);
}

#[test]
fn a_hub_is_found_by_its_id_and_nothing_else_is() {
    let network = Network::build(tables(), &CancelFlag::default()).unwrap();
    assert_eq!(network.find_hub("h1"), Some(HubId(1)));
    assert_eq!(network.find_hub("h3"), None);
}

#[test]
fn ids_that_stand_twice_are_refused_with_the_second_row() {
    let twice = |t: &mut NetworkTables| {
        t.links = links(&[(0, 1, Mode::Road, 5.0); 3], false);
        t.links.link_id = ["", "a", "a"].into();
    };
    assert_eq!(fault(twice), ("links", Some(3), "link_id"));
    let same = |t: &mut NetworkTables| {
        t.links = links(&[(0, 1, Mode::Road, 5.0); 3], false);
        t.links.link_id = ["a", "a", "a"].into();
    };
    assert_eq!(fault(same), ("links", Some(2), "link_id"));
}

#[test]
fn a_raised_flag_stops_building() {
    let raised = CancelFlag::default();
    raised.raise();
    assert_eq!(Network::build(tables(), &raised).unwrap_err(), Unbuilt::Cancelled(Cancelled));
}
