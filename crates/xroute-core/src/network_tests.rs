use super::*;
use crate::cancel::CancelFlag;
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
fn a_raised_flag_stops_the_building() {
    let raised = CancelFlag::default();
    raised.raise();
    assert!(matches!(Network::build(tables(), &raised), Err(Unbuilt::Cancelled(_))));
}

#[test]
fn faults_name_table_row_and_column() {
    assert_eq!(fault(|t| t.hubs.hub_id[2] = "h0".into()), ("hubs", Some(3), "hub_id"));
    assert_eq!(fault(|t| t.hubs.hub_id[1] = String::new()), ("hubs", Some(2), "hub_id"));
    assert_eq!(fault(|t| t.hubs.lat[1] = 91.0), ("hubs", Some(2), "lat"));
    assert_eq!(fault(|t| t.hubs.lon[0] = f64::NAN), ("hubs", Some(1), "lon"));
    assert_eq!(fault(|t| t.hubs.kind[0] = "harbour".into()), ("hubs", Some(1), "kind"));
    assert_eq!(fault(|t| t.links.origin[0] = "nowhere".into()), ("links", Some(1), "origin"));
    assert_eq!(fault(|t| t.links.mode[0] = "teleport".into()), ("links", Some(1), "mode"));
    assert_eq!(fault(|t| t.links.mode[0] = "air".into()), ("links", Some(1), "mode"));
    assert_eq!(fault(|t| t.links.distance_km[0] = -1.0), ("links", Some(1), "distance_km"));
    assert_eq!(fault(|t| t.links.distance_km[0] = f64::INFINITY), ("links", Some(1), "distance_km"));
    assert_eq!(fault(|t| t.links.oneway.clear()), ("links", None, "oneway"));
    assert_eq!(fault(|t| t.services.duration_h[0] = -1.0), ("services", Some(1), "duration_h"));
}

#[test]
fn more_than_64_passages_are_a_limit() {
    let mut many = tables();
    many.links.passages[0] = (0..65).map(|at| format!("p{at}")).collect::<Vec<_>>().join(";");
    assert!(refused(many).is_limit);
}

#[test]
fn a_service_without_distance_flies_the_great_circle() {
    let network = Network::build(tables(), &CancelFlag::default()).unwrap();
    assert_eq!(network.service_distance_m[0], 11_057);
}
