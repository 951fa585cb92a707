use proptest::prelude::*;

use super::*;
use crate::cancel::CancelFlag;
use crate::metric::Criterion;
use crate::search::dijkstra::one_to_one;
use crate::search::matrix::Totals;
use crate::testkit::{priced, random_tables};

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn legs_join_and_their_sums_are_the_totals(tables in random_tables(10)) {
        let (network, graph, metric) = priced(tables, 2.0);
        let ends = (HubId(0), HubId(network.hub_count() as u32 - 1));
        let found = one_to_one(&graph, &metric, Criterion::Cost, ends, &CancelFlag::default()).unwrap();
        let Some(steps) = found else { return Ok(()) };
        let route = Route::read(&network, &graph, &metric, &steps);
        let totals = Totals::of(&metric, &steps);
        prop_assert_eq!(route.stops.len(), route.legs.len() + 1);
        for (at, leg) in route.legs.iter().enumerate() {
            prop_assert_eq!(leg.hubs[0], route.stops[at].hub);
            prop_assert_eq!(leg.hubs[leg.hubs.len() - 1], route.stops[at + 1].hub);
            prop_assert_eq!(leg.segments.iter().map(|part| part.distance_m).sum::<u64>(), leg.distance_m);
        }
        let money = route.legs.iter().map(|leg| leg.money).chain(route.stops.iter().map(|stop| stop.money));
        prop_assert_eq!(money.sum::<u64>(), totals.money);
        let time = route.legs.iter().map(|leg| leg.time_s).chain(route.stops.iter().map(|stop| stop.time_s));
        prop_assert_eq!(time.sum::<u64>(), totals.time_s);
        prop_assert_eq!(route.legs.iter().map(|leg| leg.distance_m).sum::<u64>(), totals.distance_m);
    }
}
