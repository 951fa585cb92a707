//! A route as people read it: legs in one vehicle each, and the stops between them.

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;

use crate::graph::{Graph, Movement, Step};
use crate::ids::{HubId, LinkId, ServiceId};
use crate::metric::{self, Change, Metric};
use crate::mode::Mode;
use crate::network::Network;

/// What a leg carries in one class of vehicle: a leg on rails may change traction, not wagons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Class by its number in [`Network::classes`].
    pub class: u16,
    /// Distance in that class, m.
    pub distance_m: u64,
}

/// What one shipment uses of links in one vehicle, or of one service.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    /// Mode of the vehicle.
    pub mode: Mode,
    /// Hubs and junctions in order, both ends included.
    pub hubs: Vec<HubId>,
    /// Links in order, each with whether it runs from destination to origin; empty for a service.
    pub links: Vec<(LinkId, bool)>,
    /// The service, if the leg is one.
    pub service: Option<ServiceId>,
    /// Distance by class of vehicle.
    pub segments: Vec<Segment>,
    /// Distance carried, m.
    pub distance_m: u64,
    /// Length of the infrastructure, km.
    pub line_km: f64,
    /// Seconds, the wait of a service included.
    pub time_s: u64,
    /// Seconds of it that freight waits for the service to depart.
    pub wait_s: u64,
    /// Hours of it at customs frontiers and delayed passages, whatever the speed.
    pub held_h: f64,
    /// Money, in the metric's unit.
    pub money: u64,
    /// Set of passages crossed.
    pub passages: u64,
    /// Countries crossed, in order of first entry.
    pub countries: Vec<u16>,
}

/// A change of vehicle, or the start or end of the trip.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Where.
    pub hub: HubId,
    /// Arriving mode; `None` at the start.
    pub from: Option<Mode>,
    /// Departing mode; `None` at the end.
    pub to: Option<Mode>,
    /// Seconds, the wait for a departure included.
    pub time_s: u64,
    /// Money, in the metric's unit: handling and loading.
    pub money: u64,
    /// The parts in the units of people.
    pub change: Change,
}

/// Stops and legs in order: a stop, a leg, a stop ... a stop.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Route {
    /// One more than the legs; none where origin and destination are one.
    pub stops: Vec<Stop>,
    /// Legs in order.
    pub legs: Vec<Leg>,
}

impl Route {
    /// Reads the steps of a search.
    #[must_use]
    pub fn read(network: &Network, graph: &Graph, metric: &Metric, steps: &[u32]) -> Self {
        let mut route = Self::default();
        let mut run: Option<Leg> = None;
        for &number in steps {
            let number = number as usize;
            match graph.step(number) {
                Step::Move(Movement::Through(_)) => {}
                Step::Move(Movement::Link { link, is_reversed }) => {
                    extend(&mut run, network, metric, number, link, is_reversed);
                }
                Step::Move(Movement::Service(service)) => {
                    route.legs.push(service_leg(network, metric, number, service));
                }
                Step::Move(Movement::Transfer { from, to }) => {
                    route.legs.extend(run.take());
                    route.stop(network, graph, metric, number, (Some(from), Some(to)));
                }
                Step::Load(to) => route.stop(network, graph, metric, number, (None, Some(to))),
                Step::Unload(from) => {
                    route.legs.extend(run.take());
                    route.stop(network, graph, metric, number, (Some(from), None));
                }
            }
        }
        route
    }

    fn stop(
        &mut self,
        network: &Network,
        graph: &Graph,
        metric: &Metric,
        number: usize,
        sides: (Option<u32>, Option<u32>),
    ) {
        let platform = |side: Option<u32>| side.map(|at| &graph.platforms()[at as usize]);
        let (from, to) = (platform(sides.0), platform(sides.1));
        let Some(change) = metric::change(network, metric.terms(), from, to) else { return };
        let Some(hub) = from.or(to).map(|platform| platform.hub) else { return };
        self.stops.push(Stop {
            hub,
            from: from.map(|platform| platform.key.mode),
            to: to.map(|platform| platform.key.mode),
            time_s: u64::from(metric.time_s_of(number)),
            money: u64::from(metric.money_of(number)),
            change,
        });
    }
}

/// Hubs and junctions that the steps of a search pass, both ends included.
#[must_use]
pub fn hubs_along(network: &Network, graph: &Graph, steps: &[u32]) -> Vec<u32> {
    let mut hubs = Vec::with_capacity(steps.len());
    for &number in steps {
        match graph.step(number as usize) {
            Step::Load(platform) => hubs.push(graph.platforms()[platform as usize].hub.0),
            Step::Move(Movement::Link { link, is_reversed }) => {
                let (a, b) = network.ends_of_link(link);
                hubs.push(if is_reversed { a.0 } else { b.0 });
            }
            Step::Move(Movement::Service(service)) => hubs.push(network.ends_of_service(service).1.0),
            Step::Move(_) | Step::Unload(_) => {}
        }
    }
    hubs
}

fn extend(
    run: &mut Option<Leg>,
    network: &Network,
    metric: &Metric,
    number: usize,
    link: LinkId,
    is_reversed: bool,
) {
    let (a, b) = network.ends_of_link(link);
    let (from, to) = if is_reversed { (b, a) } else { (a, b) };
    let leg = run.get_or_insert_with(|| empty_leg(network.link_mode[link.index()], from));
    leg.hubs.push(to);
    leg.links.push((link, is_reversed));
    leg.distance_m += u64::from(metric.distance_m_of(number));
    leg.line_km += network.line_km(link);
    leg.time_s += u64::from(metric.time_s_of(number));
    leg.money += u64::from(metric.money_of(number));
    leg.passages |= network.passages_of_link(link);
    leg.held_h += held_hours(network, metric, link);
    for &country in network.countries_of_link(link) {
        if !leg.countries.contains(&country) {
            leg.countries.push(country);
        }
    }
    add_segment(&mut leg.segments, network.link_class[link.index()], u64::from(metric.distance_m_of(number)));
}

fn held_hours(network: &Network, metric: &Metric, link: LinkId) -> f64 {
    let terms = metric.terms();
    let row = link.index();
    let delays = terms.passage_delay_h.iter().enumerate();
    let delay: f64 = delays
        .filter(|(bit, _)| network.passages_of_link(link) & (1 << bit) != 0)
        .map(|(_, hours)| hours)
        .sum();
    delay + f64::from(network.link_borders[row]) * terms.border_h[network.link_class[row] as usize]
}

fn add_segment(segments: &mut Vec<Segment>, class: u16, distance_m: u64) {
    match segments.iter_mut().find(|segment| segment.class == class) {
        Some(segment) => segment.distance_m += distance_m,
        None => segments.push(Segment { class, distance_m }),
    }
}

fn service_leg(network: &Network, metric: &Metric, number: usize, service: ServiceId) -> Leg {
    let row = service.index();
    let (from, to) = network.ends_of_service(service);
    let distance_m = u64::from(metric.distance_m_of(number));
    let (wait_h, _) = metric::service_hours(network, metric.terms(), service);
    Leg {
        hubs: vec![from, to],
        service: Some(service),
        segments: vec![Segment { class: network.service_class[row], distance_m }],
        distance_m,
        line_km: f64::from(metric.distance_m_of(number)) / 1000.0,
        time_s: u64::from(metric.time_s_of(number)),
        wait_s: (wait_h * 3600.0).round() as u64,
        money: u64::from(metric.money_of(number)),
        ..empty_leg(network.service_mode[row], from)
    }
}

fn empty_leg(mode: Mode, from: HubId) -> Leg {
    Leg {
        mode,
        hubs: vec![from],
        links: Vec::new(),
        service: None,
        segments: Vec::new(),
        distance_m: 0,
        line_km: 0.0,
        time_s: 0,
        wait_s: 0,
        held_h: 0.0,
        money: 0,
        passages: 0,
        countries: Vec::new(),
    }
}
