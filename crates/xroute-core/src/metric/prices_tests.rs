use proptest::prelude::*;

use super::*;
use crate::closures::Closures;
use crate::metric::{Metric, change, fitting_unit_eur};
use crate::tables::NetworkTables;
use crate::terms::Terms;
use crate::testkit::{random_tables, terms};

const KINDS: [HubKind; 4] = [HubKind::Port, HubKind::City, HubKind::Junction, HubKind::RailTerminal];

/// Every step priced by itself, as it was done before prices were shared.
fn one_by_one(
    network: &Network,
    graph: &Graph,
    closures: &Closures,
    terms: &Terms,
) -> (Vec<[u32; 5]>, Vec<usize>, f64) {
    let open = Open::new(network, closures);
    let platforms = graph.platforms();
    let changed = |from: Option<u32>, to: Option<u32>| {
        let at = |end: Option<u32>| end.map(|at| &platforms[at as usize]);
        let is_open = [at(from), at(to)].into_iter().flatten().all(|platform| open.platform(platform));
        let found = if is_open { change(network, terms, at(from), at(to)) } else { None };
        found.map(|change| change_amounts(&change))
    };
    let mut calls = Vec::new();
    let mut amounts = Vec::new();
    for number in 0..graph.step_count() {
        let (ends, found) = match graph.step(number) {
            Step::Move(movement) => match movement {
                Movement::Link { link, .. } => ([None; 2], Some(link_amounts(network, terms, link))),
                Movement::Service(row) => ([None; 2], Some(service_amounts(network, terms, row))),
                Movement::Through(_) => ([None; 2], Some(Amounts::FREE)),
                Movement::Transfer { from, to } => ([Some(from), Some(to)], changed(Some(from), Some(to))),
            },
            Step::Load(to) => ([None, Some(to)], changed(None, Some(to))),
            Step::Unload(from) => ([Some(from), None], changed(Some(from), None)),
        };
        let is_open = match graph.step(number) {
            Step::Move(movement) => open.movement(movement, graph),
            _ => true,
        };
        amounts.push(found.filter(|_| is_open));
        if ends.into_iter().flatten().any(|at| is_deep_sea_call(network, graph, at)) {
            calls.push(number);
        }
    }
    let generalised = |step: &Amounts| {
        step.money_eur
            + terms.value_of_time_eur_h * step.hours
            + terms.carbon_price_eur_t * terms.mass_t * step.co2e_g_t / 1e6
    };
    let unit = fitting_unit_eur(amounts.iter().flatten().map(generalised).fold(0.0, f64::max));
    let rounded = |step: &Amounts| {
        [
            (step.money_eur / unit).round() as u32,
            (step.hours * 3600.0).round() as u32,
            step.co2e_g_t.round() as u32,
            step.distance_m,
            (generalised(step) / unit).round() as u32,
        ]
    };
    (amounts.iter().map(|step| step.as_ref().map_or([CLOSED; 5], rounded)).collect(), calls, unit)
}

/// Kinds of hubs, waters, main ports, countries, passages and transfers of their own, drawn from a number.
fn varied(mut tables: NetworkTables, seed: usize) -> NetworkTables {
    let count = tables.hubs.hub_id.len();
    let kind = |row: usize| KINDS[(row * 7 + seed) % KINDS.len()];
    tables.hubs.kind = (0..count).map(|row| kind(row).name()).collect();
    tables.hubs.country = (0..count).map(|row| ["", "DE", "CN"][(row + seed) % 3]).collect();
    tables.hubs.sea_area = (0..count).map(|row| ["", "north", "north"][(row * 5 + seed) % 3]).collect();
    tables.hubs.main_port = (0..count).map(|row| (row + seed).is_multiple_of(4)).collect();
    let place = (0..count).find(|&at| kind(at) != HubKind::Junction);
    match place {
        Some(place) => {
            let flights = &mut tables.services;
            let calls = |id: &str| kind(id[1..].parse().unwrap()) != HubKind::Junction;
            let elsewhere = format!("h{place}");
            let moved = |id: &str| if calls(id) { id.to_owned() } else { elsewhere.clone() };
            flights.origin = flights.origin.iter().map(moved).collect();
            flights.destination = flights.destination.iter().map(moved).collect();
        }
        None => tables.services = crate::tables::ServiceTable::default(),
    }
    let rows = 0..tables.links.origin.len();
    let links = &mut tables.links;
    links.passages = rows.clone().map(|row| ["", "suez", "suez;panama"][(row + seed) % 3]).collect();
    links.countries = rows.clone().map(|row| ["", "DE;CN", "FR"][(row * 2 + seed) % 3]).collect();
    links.vehicle_class = rows.clone().map(|row| ["", "small"][(row + seed) % 2]).collect();
    links.customs_borders = rows.clone().map(|row| ((row + seed) % 3) as f64).collect();
    links.speed_km_h = rows.map(|row| [f64::NAN, 33.3][(row + seed) % 2]).collect();
    let modes = [("road", "rail"), ("sea", "road"), ("rail", "rail")];
    let at: Vec<_> = (0..count).step_by(3).zip(modes).collect();
    let own = &mut tables.transfers;
    own.hub_id = at.iter().map(|row| format!("h{}", row.0)).collect();
    own.from_mode = at.iter().map(|row| row.1.0).collect();
    own.to_mode = at.iter().map(|row| row.1.1).collect();
    own.duration_h = at.iter().map(|_| 2.5).collect();
    own.cost_eur_per_t = at.iter().map(|row| [f64::NAN, 12.0][(row.0 + seed) % 2]).collect();
    own.fixed_cost_eur = at.iter().map(|_| 7.25).collect();
    own.co2e_kg_per_t = at.iter().map(|row| [f64::NAN, 1.5][(row.0 + seed) % 2]).collect();
    tables
}

fn closed(network: &Network, seed: usize) -> Closures {
    let hub = |nth: usize| HubId(((seed + nth) % network.hub_count()) as u32);
    Closures {
        passages: (seed % 3) as u64,
        sea_passages: (seed % 2) as u64,
        hubs: if seed.is_multiple_of(4) { vec![hub(1)] } else { Vec::new() },
        sea_hubs: if seed.is_multiple_of(5) { vec![hub(2), hub(3)] } else { Vec::new() },
        services: Vec::new(),
        countries: if seed.is_multiple_of(6) { vec![0] } else { Vec::new() },
        modes: if seed.is_multiple_of(7) { Mode::Road.bit() | Mode::Sea.bit() } else { u8::MAX },
    }
}

fn detailed(network: &Network, seed: usize) -> Terms {
    let mut made = terms(network, 3.7);
    for (at, value) in made.process.iter_mut().enumerate() {
        *value += (at % 97) as f64 / 8.0;
    }
    for (at, value) in made.load_fixed_eur.iter_mut().enumerate() {
        *value += at as f64 * 1.25;
    }
    made.value_of_time_eur_h = 1.75;
    made.carbon_price_eur_t = 80.0;
    if seed.is_multiple_of(3) {
        made.hub_delay_h = (0..network.hub_count()).map(|hub| [0.0, 0.0, 6.5][(hub + seed) % 3]).collect();
    }
    if seed.is_multiple_of(2) {
        made.passage_delay_h = (0..network.passages().len()).map(|at| at as f64 + 0.5).collect();
    }
    if seed.is_multiple_of(11) {
        made.per_km_eur = vec![99_999.5; network.classes().len()];
    }
    made
}

proptest! {
    #[test]
    fn shared_prices_are_those_of_each_step_by_itself(tables in random_tables(12), seed in 0..2000_usize) {
        let network = Network::build(varied(tables, seed), &CancelFlag::default()).unwrap();
        let graph = Graph::of(&network);
        for seed in [seed, seed + 1] {
            let (closures, terms) = (closed(&network, seed), detailed(&network, seed));
            let metric = Metric::build(&network, &graph, &closures, terms.clone(), &CancelFlag::default()).unwrap();
            let (steps, calls, unit) = one_by_one(&network, &graph, &closures, &terms);
            prop_assert_eq!(metric.money_unit_eur.to_bits(), unit.to_bits());
            let found: Vec<[u32; 5]> = (0..graph.step_count())
                .map(|step| metric.quantities(step))
                .collect();
            prop_assert_eq!(found, steps);
            let closed_calls: Vec<usize> = metric.prices.calls.iter().map(|&call| call as usize).collect();
            prop_assert_eq!(closed_calls, calls);
        }
    }

    #[test]
    fn halves_are_rounded_up_as_the_library_does(value in 0.0..3e9_f64, half in 0..u32::MAX) {
        for value in [value, f64::from(half) / 2.0, f64::from(half) / 2.0 - 1e-7] {
            let found = (value < LEAST_TOO_LARGE).then(|| whole(value.max(0.0)));
            let theirs = value.max(0.0).round();
            prop_assert_eq!(found, (theirs <= 2_147_483_646.0).then_some(theirs as u32));
        }
    }
}

#[test]
fn a_raised_flag_stops_pricing() {
    let tables = NetworkTables {
        hubs: crate::testkit::hubs(2, HubKind::City),
        links: crate::testkit::links(&[(0, 1, Mode::Road, 5.0)], false),
        ..NetworkTables::default()
    };
    let network = Network::build(tables, &CancelFlag::default()).unwrap();
    let graph = Graph::of(&network);
    let (closures, raised) = (Closures::default_of(&network), CancelFlag::default());
    raised.raise();
    let stopped = Metric::build(&network, &graph, &closures, terms(&network, 1.0), &raised);
    assert_eq!(stopped.unwrap_err(), MetricError::Cancelled(Cancelled));
}
