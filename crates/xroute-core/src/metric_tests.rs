use super::*;
use crate::graph::Movement;
use crate::ids::HubId;
use crate::tables::NetworkTables;
use crate::testkit::{hubs, links, services, terms};

fn network() -> Network {
    let mut table = links(&[(0, 1, Mode::Sea, 100.0), (1, 2, Mode::Road, 10.0)], false);
    table.passages = table.passages.with(0, "suez");
    table.countries = table.countries.with(1, "DE");
    let tables = NetworkTables { hubs: hubs(3, HubKind::Port), links: table, ..NetworkTables::default() };
    Network::build(tables, &CancelFlag::default()).unwrap()
}

fn closed_links(closures: &Closures) -> usize {
    closed_links_of(&network(), closures)
}

fn closed_links_of(network: &Network, closures: &Closures) -> usize {
    let graph = Graph::of(network);
    let metric =
        Metric::build(network, &graph, closures, terms(network, 1.0), &CancelFlag::default()).unwrap();
    (0..graph.edge_count())
        .filter(|&edge| {
            matches!(graph.movement(edge), Movement::Link { .. }) && metric.money_of(edge) == CLOSED
        })
        .count()
}

#[test]
fn a_closed_passage_closes_its_links_both_ways() {
    let closures = Closures { passages: 1, ..Closures::default_of(&network()) };
    assert_eq!(closed_links(&closures), 2);
}

#[test]
fn a_closed_country_closes_links_that_cross_it() {
    let network = network();
    let germany = network.countries().iter().position(|code| code == "DE").unwrap() as u16;
    let closures = Closures { countries: vec![germany], ..Closures::default_of(&network) };
    assert_eq!(closed_links(&closures), 2);
}

#[test]
fn a_closed_hub_closes_every_link_at_it() {
    let closures = Closures { hubs: vec![HubId(1)], ..Closures::default_of(&network()) };
    assert_eq!(closed_links(&closures), 4);
}

#[test]
fn a_passage_that_the_ship_does_not_fit_closes_sea_links_only() {
    let closures = Closures { sea_passages: 1, ..Closures::default_of(&network()) };
    assert_eq!(closed_links(&closures), 2);
    let mut tables = network().tables().clone();
    tables.links.mode = tables.links.mode.with(0, "ferry");
    let ferries = Network::build(tables, &CancelFlag::default()).unwrap();
    assert_eq!(closed_links_of(&ferries, &closures), 0);
}

#[test]
fn a_ship_sails_past_a_port_that_it_does_not_fit_and_calls_not() {
    let network = network();
    let graph = Graph::of(&network);
    let closures = Closures { sea_hubs: vec![HubId(1)], ..Closures::default_of(&network) };
    assert_eq!(closed_links(&closures), 0);
    let metric =
        Metric::build(&network, &graph, &closures, terms(&network, 1.0), &CancelFlag::default()).unwrap();
    let platforms = graph.platforms();
    for (number, platform) in platforms.iter().enumerate() {
        let is_call = platform.hub == HubId(1) && platform.key.mode == Mode::Sea;
        for first in [graph.edge_count(), graph.edge_count() + platforms.len()] {
            assert_eq!(metric.money_of(first + number) == CLOSED, is_call);
        }
    }
    for edge in 0..graph.edge_count() {
        assert_eq!(
            metric.money_of(edge) == CLOSED,
            matches!(graph.movement(edge), Movement::Transfer { .. })
        );
    }
}

#[test]
fn a_service_sails_with_a_ship_of_its_own() {
    let mut tables = network().tables().clone();
    tables.services = services(&[(0, 1, Mode::Sea, 100.0, 5.0)]);
    let network = Network::build(tables, &CancelFlag::default()).unwrap();
    let graph = Graph::of(&network);
    let closures = Closures { sea_hubs: vec![HubId(1)], ..Closures::default_of(&network) };
    let metric =
        Metric::build(&network, &graph, &closures, terms(&network, 1.0), &CancelFlag::default()).unwrap();
    let mut open = (0..graph.edge_count()).filter(|&edge| metric.money_of(edge) != CLOSED);
    assert!(open.any(|edge| matches!(graph.movement(edge), Movement::Service(_))));
}

#[test]
fn modes_that_are_not_allowed_are_closed() {
    let closures = Closures { modes: Mode::Road.bit(), ..Closures::default_of(&network()) };
    assert_eq!(closed_links(&closures), 2);
}

#[test]
fn money_that_does_not_fit_gets_a_coarser_unit() {
    let network = network();
    let graph = Graph::of(&network);
    let mut dear = terms(&network, 1.0);
    dear.per_km_eur = vec![1e6; network.classes().len()];
    let metric =
        Metric::build(&network, &graph, &Closures::default_of(&network), dear, &CancelFlag::default())
            .unwrap();
    assert!((metric.money_unit_eur - 1e-1).abs() < 1e-12);
    assert!((0..graph.step_count()).any(|step| metric.money_of(step) == 1_000_000_000));
}

#[test]
fn terms_that_are_no_numbers_are_refused_with_their_place() {
    let network = network();
    let graph = Graph::of(&network);
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let mut broken = terms(&network, 1.0);
        broken.per_km_eur[1] = bad;
        let refused =
            Metric::build(&network, &graph, &Closures::default_of(&network), broken, &CancelFlag::default());
        assert!(matches!(
            refused,
            Err(MetricError::Terms(TermsError { field: "per_km_eur", position: 1, .. }))
        ));
    }
}

#[test]
fn only_what_rolls_leaves_a_ferry_without_a_new_fixed_charge() {
    for (onward, is_free) in [(Mode::Road, true), (Mode::Rail, true), (Mode::Sea, false)] {
        let table = links(&[(0, 1, Mode::Ferry, 100.0), (1, 2, onward, 10.0)], false);
        let tables = NetworkTables { hubs: hubs(3, HubKind::Port), links: table, ..NetworkTables::default() };
        let network = Network::build(tables, &CancelFlag::default()).unwrap();
        let graph = Graph::of(&network);
        let mut dear = terms(&network, 1.0);
        dear.load_fixed_eur = vec![500.0; Mode::ALL.len()];
        let at = |mode: Mode| {
            graph.platforms().iter().find(|platform| platform.hub == HubId(1) && platform.key.mode == mode)
        };
        let found = change(&network, &dear, at(Mode::Ferry), at(onward)).unwrap();
        assert_eq!(found.loading_eur == 0.0, is_free, "{onward:?}");
    }
}

#[test]
fn freight_off_a_ship_boards_a_ferry_on_a_lorry_that_it_pays() {
    let table = links(&[(0, 1, Mode::Sea, 100.0), (1, 2, Mode::Ferry, 10.0)], false);
    let tables = NetworkTables { hubs: hubs(3, HubKind::Port), links: table, ..NetworkTables::default() };
    let network = Network::build(tables, &CancelFlag::default()).unwrap();
    let graph = Graph::of(&network);
    let mut dear = terms(&network, 1.0);
    dear.load_fixed_eur = vec![7.0; Mode::ALL.len()];
    let at = |mode: Mode| {
        graph.platforms().iter().find(|platform| platform.hub == HubId(1) && platform.key.mode == mode)
    };
    let found = change(&network, &dear, at(Mode::Sea), at(Mode::Ferry)).unwrap();
    assert!((found.loading_eur - 14.0).abs() < 1e-12);
}
