//! What a search minimises: integers by step for one profile.

#[cfg(test)]
#[path = "metric_tests.rs"]
mod tests;

use crate::cancel::{CancelFlag, Cancelled};
use crate::closures::{Closures, Open};
use crate::graph::{Graph, Movement, Platform, Step};
use crate::hub::HubKind;
use crate::ids::{LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;
use crate::terms::{Process, Terms, TermsError, side};

/// The weight of a step that cannot be taken.
pub const CLOSED: u32 = u32::MAX;
const LARGEST: f64 = 2_147_483_646.0;
const HOURS_BETWEEN_WEEKLY_DEPARTURES: f64 = 168.0;

/// What can be minimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Criterion {
    /// Money for the shipment.
    Cost,
    /// Time from door to door.
    Time,
    /// Emission by tonne of shipment.
    Co2e,
    /// Distance carried.
    Distance,
    /// Money + value of time x hours + carbon price x tonnes of CO2e.
    Generalised,
}

impl Criterion {
    /// The criterion of that name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "cost" => Some(Self::Cost),
            "time" => Some(Self::Time),
            "co2e" => Some(Self::Co2e),
            "distance" => Some(Self::Distance),
            "generalised" => Some(Self::Generalised),
            _ => None,
        }
    }
}

/// Why no metric can be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetricError {
    /// The terms are not usable.
    #[error(transparent)]
    Terms(#[from] TermsError),
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// A number does not fit, and no other unit helps.
    #[error("{quantity} of one step is {value}, more than {LARGEST}; check the units of distances and rates")]
    TooLarge {
        /// Which quantity.
        quantity: &'static str,
        /// Its value in the integer unit.
        value: f64,
    },
}

/// A change of vehicle, a start or an end, in the units of people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Hours at the hub with low and high, without the wait.
    pub process: Process,
    /// Hours until the next departure on average.
    pub wait_h: f64,
    /// Fixed money of the mode that is loaded, EUR.
    pub loading_eur: f64,
}

/// Integers by step; [`CLOSED`] marks a step that cannot be taken.
#[derive(Debug, Clone)]
pub struct Metric {
    /// Money, in multiples of [`Metric::money_unit_eur`].
    pub money: Vec<u32>,
    /// Seconds.
    pub time_s: Vec<u32>,
    /// Grams of CO2e by tonne of shipment.
    pub co2e_g_t: Vec<u32>,
    /// Metres.
    pub distance_m: Vec<u32>,
    /// Money, time and carbon in one, in multiples of [`Metric::money_unit_eur`].
    pub generalised: Vec<u32>,
    /// Money, time, CO2e and generalised cost as searches see them, where a deep-sea ship does not call at every
    /// port; empty where that closes nothing.
    searched: Vec<Vec<u32>>,
    /// EUR in one unit of money: 0.0001, or more where a step would not fit.
    pub money_unit_eur: f64,
    terms: Terms,
}

struct Amounts {
    money_eur: f64,
    hours: f64,
    co2e_g_t: f64,
    distance_m: u32,
}

impl Metric {
    /// Prices every step of the graph.
    ///
    /// # Errors
    /// [`MetricError`] for terms out of range, or quantities that fit no integer.
    pub fn build(
        network: &Network,
        graph: &Graph,
        closures: &Closures,
        terms: Terms,
        cancel: &CancelFlag,
    ) -> Result<Self, MetricError> {
        terms.check(network)?;
        let open = Open::new(network, closures);
        let mut amounts = Vec::with_capacity(graph.step_count());
        for edge in 0..graph.edge_count() {
            cancel.check_every_1024(edge)?;
            let movement = graph.movement(edge);
            let is_open = open.movement(movement, graph);
            amounts.push(if is_open { movement_amounts(network, graph, &terms, movement) } else { None });
        }
        for is_load in [true, false] {
            for platform in graph.platforms() {
                let (from, to) = if is_load { (None, Some(platform)) } else { (Some(platform), None) };
                let change = if open.platform(platform) { change(network, &terms, from, to) } else { None };
                amounts.push(change.map(|change| change_amounts(&change)));
            }
        }
        let mut metric = Self::scaled(&amounts, terms, cancel)?;
        metric.close_deep_sea_calls(network, graph);
        Ok(metric)
    }

    /// Closes loading, unloading and changing at the deep-sea platform of feeder ports, except by distance.
    fn close_deep_sea_calls(&mut self, network: &Network, graph: &Graph) {
        let is_call = |platform: &Platform| {
            let key = platform.key;
            let is_deep_sea = key.mode == Mode::Sea && key.feeder_area == 0 && !key.is_service;
            is_deep_sea && network.is_feeder_port[platform.hub.index()]
        };
        let platforms = graph.platforms();
        let calls: Vec<usize> = (0..graph.step_count())
            .filter(|&number| match graph.step(number) {
                Step::Move(Movement::Transfer { from, to }) => {
                    is_call(&platforms[from as usize]) || is_call(&platforms[to as usize])
                }
                Step::Load(at) | Step::Unload(at) => is_call(&platforms[at as usize]),
                Step::Move(_) => false,
            })
            .collect();
        if calls.is_empty() {
            return;
        }
        self.searched = [&self.money, &self.time_s, &self.co2e_g_t, &self.generalised]
            .map(|weights| {
                let mut weights = weights.clone();
                for &call in &calls {
                    weights[call] = CLOSED;
                }
                weights
            })
            .to_vec();
    }

    fn scaled(amounts: &[Option<Amounts>], terms: Terms, cancel: &CancelFlag) -> Result<Self, MetricError> {
        let generalised_eur = |step: &Amounts| {
            step.money_eur
                + terms.value_of_time_eur_h * step.hours
                + terms.carbon_price_eur_t * terms.mass_t * step.co2e_g_t / 1e6
        };
        let dearest = amounts.iter().flatten().map(generalised_eur).fold(0.0, f64::max);
        let mut money_unit_eur = 1e-4;
        while dearest / money_unit_eur > LARGEST && money_unit_eur < 1e3 {
            money_unit_eur *= 10.0;
        }
        let column = |quantity, value: &dyn Fn(&Amounts) -> f64| -> Result<Vec<u32>, MetricError> {
            let number = |(at, step): (usize, &Option<Amounts>)| {
                cancel.check_every_1024(at)?;
                step.as_ref().map_or(Ok(CLOSED), |step| whole(quantity, value(step)))
            };
            amounts.iter().enumerate().map(number).collect()
        };
        Ok(Self {
            money: column("money", &|step| step.money_eur / money_unit_eur)?,
            time_s: column("time in seconds", &|step| step.hours * 3600.0)?,
            co2e_g_t: column("CO2e in grams by tonne", &|step| step.co2e_g_t)?,
            distance_m: column("distance in metres", &|step| f64::from(step.distance_m))?,
            generalised: column("generalised cost", &|step| generalised_eur(step) / money_unit_eur)?,
            searched: Vec::new(),
            money_unit_eur,
            terms,
        })
    }

    /// The integers that a search for this criterion adds.
    #[must_use]
    pub fn weights(&self, criterion: Criterion) -> &[u32] {
        let nth = match criterion {
            Criterion::Cost => 0,
            Criterion::Time => 1,
            Criterion::Co2e => 2,
            Criterion::Generalised => 3,
            Criterion::Distance => return &self.distance_m,
        };
        if let Some(weights) = self.searched.get(nth) {
            return weights;
        }
        match criterion {
            Criterion::Cost => &self.money,
            Criterion::Time => &self.time_s,
            Criterion::Co2e => &self.co2e_g_t,
            Criterion::Distance => &self.distance_m,
            Criterion::Generalised => &self.generalised,
        }
    }

    /// The terms that the metric was made from.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
    }
}

fn whole(quantity: &'static str, value: f64) -> Result<u32, MetricError> {
    let value = value.round();
    if value <= LARGEST { Ok(value as u32) } else { Err(MetricError::TooLarge { quantity, value }) }
}

fn movement_amounts(network: &Network, graph: &Graph, terms: &Terms, movement: Movement) -> Option<Amounts> {
    match movement {
        Movement::Link { link, .. } => Some(link_amounts(network, terms, link)),
        Movement::Service(service) => Some(service_amounts(network, terms, service)),
        Movement::Through(_) => Some(Amounts { money_eur: 0.0, hours: 0.0, co2e_g_t: 0.0, distance_m: 0 }),
        Movement::Transfer { from, to } => {
            let (from, to) = (&graph.platforms()[from as usize], &graph.platforms()[to as usize]);
            change(network, terms, Some(from), Some(to)).map(|change| change_amounts(&change))
        }
    }
}

/// Hours on a link: distance over speed, frontiers and delayed passages.
#[must_use]
pub fn link_hours(network: &Network, terms: &Terms, link: LinkId) -> f64 {
    let row = link.index();
    let class = network.link_class[row] as usize;
    let own = network.tables().links.speed_km_h[row];
    let speed = if own.is_nan() { terms.speed_km_h[class] } else { own };
    let delay: f64 = terms
        .passage_delay_h
        .iter()
        .enumerate()
        .filter(|(bit, _)| network.link_passages[row] & (1 << bit) != 0)
        .map(|(_, hours)| hours)
        .sum();
    let frontiers = f64::from(network.link_borders[row]) * terms.border_h[class];
    f64::from(network.link_distance_m[row]) / 1000.0 / speed + frontiers + delay
}

fn link_amounts(network: &Network, terms: &Terms, link: LinkId) -> Amounts {
    let row = link.index();
    let class = network.link_class[row] as usize;
    let distance_m = network.link_distance_m[row];
    let km = f64::from(distance_m) / 1000.0;
    Amounts {
        money_eur: terms.per_km_eur[class] * km
            + f64::from(network.link_borders[row]) * terms.border_eur[class],
        hours: link_hours(network, terms, link),
        co2e_g_t: (terms.wtt_g_tkm[class] + terms.ttw_g_tkm[class]) * km,
        distance_m,
    }
}

/// Hours of a service: the average wait for the next departure (and its cut-off), and the transit.
#[must_use]
pub fn service_hours(network: &Network, terms: &Terms, service: ServiceId) -> (f64, f64) {
    let row = service.index();
    let class = network.service_class[row] as usize;
    let services = &network.tables().services;
    let own = services.departures_per_week[row];
    let departures = if own.is_nan() { terms.departures_per_week[class] } else { own };
    let wait = if departures > 0.0 { HOURS_BETWEEN_WEEKLY_DEPARTURES / 2.0 / departures } else { 0.0 };
    let cutoff = services.cutoff_h[row];
    let transit = if services.duration_h[row].is_nan() {
        f64::from(network.service_distance_m[row]) / 1000.0 / terms.speed_km_h[class]
    } else {
        services.duration_h[row]
    };
    (wait + if cutoff.is_nan() { 0.0 } else { cutoff }, transit)
}

fn service_amounts(network: &Network, terms: &Terms, service: ServiceId) -> Amounts {
    let row = service.index();
    let class = network.service_class[row] as usize;
    let distance_m = network.service_distance_m[row];
    let km = f64::from(distance_m) / 1000.0;
    let money_eur = match network.service_rate[row].map(usize::from) {
        Some(rate) => {
            (terms.rate_fixed_eur[rate] + terms.rate_per_km_eur[rate] * km).max(terms.rate_minimum_eur[rate])
        }
        None => terms.service_fixed_eur[class] + terms.per_km_eur[class] * km,
    };
    let (wait, transit) = service_hours(network, terms, service);
    Amounts {
        money_eur,
        hours: wait + transit,
        co2e_g_t: (terms.wtt_g_tkm[class] + terms.ttw_g_tkm[class]) * km,
        distance_m,
    }
}

/// What happens between two platforms of a hub, or between a platform and the door (`None`).
///
/// `None` where the hub cannot do it. A junction does nothing: trips may start or end there free.
#[must_use]
pub fn change(
    network: &Network,
    terms: &Terms,
    from: Option<&Platform>,
    to: Option<&Platform>,
) -> Option<Change> {
    let hub = from.or(to)?.hub;
    let (from_mode, to_mode) = (from.map(|p| p.key.mode), to.map(|p| p.key.mode));
    if network.kind(hub) == HubKind::Junction {
        return Some(Change { process: Process::FREE, wait_h: 0.0, loading_eur: 0.0 });
    }
    let mut process = terms.process(network.kind(hub), side(from_mode), side(to_mode))?;
    if let (Some(from_mode), Some(to_mode)) = (from_mode, to_mode) {
        apply_override(network, terms, &mut process, hub, from_mode, to_mode);
    }
    if let Some(&delay) = terms.hub_delay_h.get(hub.index()) {
        process.dwell_h += delay;
        process.low_h += delay;
        process.high_h += delay;
    }
    let mode = loaded(from, to);
    let boards_on_wheels = boards_on_wheels(from_mode, mode);
    let fixed_eur = |mode: Mode| terms.load_fixed_eur[mode.index()];
    let lorry_eur = if boards_on_wheels { fixed_eur(Mode::Road) } else { 0.0 };
    Some(Change {
        process,
        wait_h: mode.map_or(0.0, |mode| terms.wait_h[mode.index()]),
        loading_eur: mode.map_or(0.0, fixed_eur) + lorry_eur,
    })
}

/// The mode whose run of links starts after a change; `None` where none does.
#[must_use]
pub fn loaded(from: Option<&Platform>, to: Option<&Platform>) -> Option<Mode> {
    let to = to?;
    let from_mode = from.map(|from| from.key.mode);
    let stays_aboard = from_mode == Some(Mode::Ferry) && matches!(to.key.mode, Mode::Road | Mode::Rail);
    let same_run = from.is_some_and(|from| {
        !from.key.is_service && from.key.mode == to.key.mode && from.key.feeder_area == to.key.feeder_area
    });
    (!to.key.is_service && !stays_aboard && !same_run).then_some(to.key.mode)
}

/// Whether freight that comes by ship, barge or aircraft is put on a lorry that boards a ferry.
#[must_use]
pub fn boards_on_wheels(from: Option<Mode>, loaded: Option<Mode>) -> bool {
    loaded == Some(Mode::Ferry) && matches!(from, Some(Mode::Sea | Mode::Air | Mode::InlandWaterway))
}

fn apply_override(
    network: &Network,
    terms: &Terms,
    process: &mut Process,
    hub: crate::ids::HubId,
    from: Mode,
    to: Mode,
) {
    let Some(own) = network.transfer_at(hub, from, to) else { return };
    if let Some(hours) = own.duration_h {
        (process.dwell_h, process.low_h, process.high_h) = (hours, hours, hours);
    }
    if own.cost_eur_per_t.is_some() || own.fixed_cost_eur.is_some() {
        process.handling_eur =
            own.fixed_cost_eur.unwrap_or(0.0) + own.cost_eur_per_t.unwrap_or(0.0) * terms.mass_t;
    }
    if let Some(kg) = own.co2e_kg_per_t {
        (process.wtt_g_t, process.ttw_g_t) = (0.0, kg * 1000.0);
    }
}

fn change_amounts(change: &Change) -> Amounts {
    Amounts {
        money_eur: change.process.handling_eur + change.loading_eur,
        hours: change.process.dwell_h + change.wait_h,
        co2e_g_t: change.process.wtt_g_t + change.process.ttw_g_t,
        distance_m: 0,
    }
}
