//! Searches of the core on the shipped network: `cargo bench -p xroute-bench`.
//!
//! Prices here are plain numbers by class, so that the core is timed and nothing above it. What the figures
//! mean beside other libraries is in the Python benches, where peers run in the same process.

#![allow(clippy::unwrap_used, missing_docs)] // a bench that cannot read its network has nothing to time

use std::hint::black_box;

use criterion::{Criterion as Bench, criterion_group, criterion_main};
use xroute_core::cancel::CancelFlag;
use xroute_core::closures::Closures;
use xroute_core::graph::Graph;
use xroute_core::hub::HubKind;
use xroute_core::ids::HubId;
use xroute_core::metric::{Criterion, Metric};
use xroute_core::network::Network;
use xroute_core::search::dijkstra;
use xroute_core::search::hierarchy::{Ground, Pairs, Skeleton, Tables};
use xroute_core::search::pareto::{ParetoQuery, Space, pareto};
use xroute_core::terms::{PROCESS_LEN, Terms};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../python/xroute/data/global.xnet");
/// Hubs between two that are asked about.
const STRIDE: usize = 97;
const MODES: usize = 6;

struct Shipped {
    bytes: Vec<u8>,
    network: Network,
    graph: Graph,
    metric: Metric,
    skeleton: Skeleton,
    hubs: Vec<HubId>,
}

fn terms(network: &Network) -> Terms {
    let classes = network.classes().len();
    let per_class = |base: f64| -> Vec<f64> {
        network.classes().iter().map(|(mode, _)| base * (1.0 + mode.index() as f64)).collect()
    };
    let change = [12.0, 40.0, 500.0, 900.0, 6.0, 24.0];
    Terms {
        speed_km_h: per_class(20.0),
        per_km_eur: per_class(0.05),
        service_fixed_eur: vec![80.0; classes],
        wtt_g_tkm: per_class(5.0),
        ttw_g_tkm: per_class(20.0),
        departures_per_week: vec![f64::NAN; classes],
        border_h: vec![8.0; classes],
        border_eur: vec![30.0; classes],
        load_fixed_eur: vec![50.0; MODES],
        wait_h: vec![24.0; MODES],
        process: change.iter().copied().cycle().take(PROCESS_LEN).collect(),
        rate_fixed_eur: vec![100.0; network.rates().len()],
        rate_per_km_eur: vec![0.2; network.rates().len()],
        rate_minimum_eur: vec![0.0; network.rates().len()],
        mass_t: 1.2,
        value_of_time_eur_h: 2.0,
        carbon_price_eur_t: 80.0,
        ..Terms::default()
    }
}

fn shipped() -> Shipped {
    let bytes = std::fs::read(FILE).unwrap();
    let read = xroute_io::load(&bytes, &CancelFlag::default()).unwrap();
    let (network, graph, skeleton) = (read.network, read.graph, read.skeleton.unwrap());
    let closed = Closures::default_of(&network);
    let metric = Metric::build(&network, &graph, &closed, terms(&network), &CancelFlag::default()).unwrap();
    let cities = (0..network.hub_count() as u32).map(HubId).filter(|&hub| network.kind(hub) == HubKind::City);
    let hubs = cities.step_by(STRIDE).collect();
    Shipped { bytes, network, graph, metric, skeleton, hubs }
}

impl Shipped {
    fn ground(&self) -> Ground<'_> {
        Ground {
            skeleton: &self.skeleton,
            graph: &self.graph,
            metric: &self.metric,
            criterion: Criterion::Cost,
        }
    }

    /// Pairs of cities far apart in the table, one after another.
    fn pairs(&self) -> impl Iterator<Item = (HubId, HubId)> + '_ {
        let half = self.hubs.len() / 2;
        self.hubs.iter().copied().zip(self.hubs.iter().copied().cycle().skip(half)).cycle()
    }
}

fn network(bench: &mut Bench) {
    let (on, never) = (shipped(), CancelFlag::default());
    let mut group = bench.benchmark_group("network");
    group.sample_size(10);
    group.bench_function("load", |timer| {
        timer.iter(|| xroute_io::load(black_box(&on.bytes), &never).unwrap());
    });
    group.bench_function("graph", |timer| timer.iter(|| Graph::of(black_box(&on.network))));
    group.bench_function("order and contract", |timer| {
        timer.iter(|| Skeleton::of(&on.network, &on.graph, &never).unwrap());
    });
    group.bench_function("price", |timer| {
        let closed = Closures::default_of(&on.network);
        timer.iter(|| Metric::build(&on.network, &on.graph, &closed, terms(&on.network), &never).unwrap());
    });
    group.bench_function("customise", |timer| timer.iter(|| Tables::of(on.ground(), &never).unwrap()));
    group.finish();
}

fn one_to_one(bench: &mut Bench) {
    let (on, never) = (shipped(), CancelFlag::default());
    let mut group = bench.benchmark_group("one to one, by cost");
    let mut pairs = on.pairs();
    group.bench_function("dijkstra", |timer| {
        timer.iter(|| {
            let ends = pairs.next().unwrap();
            dijkstra::one_to_one(&on.graph, &on.metric, Criterion::Cost, ends, &never).unwrap()
        });
    });
    let hierarchy = Pairs::of(on.ground(), &never).unwrap();
    group.bench_function("hierarchy, faster of equals", |timer| {
        timer.iter(|| hierarchy.steps(on.ground(), pairs.next().unwrap(), &never).unwrap());
    });
    hierarchy.prepare(on.ground(), &never).unwrap();
    group.bench_function("hierarchy, prepared", |timer| {
        timer.iter(|| hierarchy.steps(on.ground(), pairs.next().unwrap(), &never).unwrap());
    });
    group.finish();
}

fn many(bench: &mut Bench) {
    let (on, never) = (shipped(), CancelFlag::default());
    let tables = Tables::of(on.ground(), &never).unwrap();
    let mut group = bench.benchmark_group("many, by cost");
    group.sample_size(20);
    let hubs = on.network.hub_count();
    group.bench_function("one to all, dijkstra", |timer| {
        timer.iter(|| {
            dijkstra::one_to_all(&on.graph, &on.metric, Criterion::Cost, on.hubs[0], &never).unwrap()
        });
    });
    group.bench_function("one to all, hierarchy", |timer| {
        timer.iter(|| tables.one_to_all(on.ground(), on.hubs[0], hubs, 1.0, &never).unwrap());
    });
    let some = &on.hubs[..on.hubs.len().min(64)];
    group.bench_function("matrix, 64 x 64", |timer| {
        timer.iter(|| tables.values(on.ground(), (some, some), 1.0, &never).unwrap());
    });
    group.finish();
}

fn front(bench: &mut Bench) {
    let (on, never) = (shipped(), CancelFlag::default());
    let space = Space::of(&on.graph, &on.metric, &[Criterion::Cost, Criterion::Time, Criterion::Co2e]);
    let mut group = bench.benchmark_group("front of cost, time and CO2e");
    group.sample_size(10);
    let mut pairs = on.pairs();
    group.bench_function("3 %", |timer| {
        timer.iter(|| {
            let query = ParetoQuery {
                ends: pairs.next().unwrap(),
                resolution: vec![1; 3],
                epsilon_parts: 30_000,
                most_labels: 2_000_000,
                time_limit: None,
            };
            pareto(&space, &on.graph, &on.metric, &query, &never).unwrap()
        });
    });
    group.finish();
}

criterion_group!(benches, network, one_to_one, many, front);
criterion_main!(benches);
