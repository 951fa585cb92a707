use proptest::prelude::*;

use super::*;
use crate::testkit::{priced, random_tables};

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_equals_the_route_of_its_pair(tables in random_tables(10)) {
        let (network, graph, metric) = priced(tables, 2.0);
        let hubs: Vec<HubId> = (0..network.hub_count() as u32).map(HubId).collect();
        let cancel = CancelFlag::default();
        let cells = totals(&graph, &metric, Criterion::Time, &hubs, &hubs, &cancel).unwrap();
        for (at, &origin) in hubs.iter().enumerate() {
            for (to, &destination) in hubs.iter().enumerate() {
                let ends = (origin, destination);
                let steps = dijkstra::one_to_one(&graph, &metric, Criterion::Time, ends, &cancel).unwrap();
                let time = steps.map(|steps| Totals::of(&metric, &steps).time_s);
                prop_assert_eq!(cells[at * hubs.len() + to].map(|totals| totals.time_s), time);
            }
        }
    }
}
