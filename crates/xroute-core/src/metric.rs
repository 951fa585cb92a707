//! What a search minimises: integers by step for one profile.

pub(crate) mod prices;

#[cfg(test)]
#[path = "metric_tests.rs"]
mod tests;

use crate::cancel::{CancelFlag, Cancelled};
use crate::closures::Closures;
use crate::graph::{Graph, Platform};
use crate::hub::HubKind;
use crate::ids::{LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;
use crate::terms::{Process, Terms, TermsError, side};
use prices::Prices;

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
    /// A number does not fit, and no other unit helps.
    #[error("{quantity} of one step is {value}, more than {LARGEST}; check the units of distances and rates")]
    TooLarge {
        /// Which quantity.
        quantity: &'static str,
        /// Its value in the integer unit.
        value: f64,
    },
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
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
    prices: Prices,
    /// EUR in one unit of money: 0.0001, or more where a step would not fit.
    pub money_unit_eur: f64,
    terms: Terms,
}

#[derive(Clone, Copy)]
struct Amounts {
    money_eur: f64,
    hours: f64,
    co2e_g_t: f64,
    distance_m: u32,
}

impl Amounts {
    const FREE: Self = Self { money_eur: 0.0, hours: 0.0, co2e_g_t: 0.0, distance_m: 0 };
}

/// What is priced, and under which terms.
struct Pricing<'a> {
    network: &'a Network,
    graph: &'a Graph,
    closures: &'a Closures,
    terms: Terms,
}

/// EUR in one unit of money, so that the dearest step fits.
fn fitting_unit_eur(dearest_eur: f64) -> f64 {
    let mut unit = 1e-4;
    while dearest_eur / unit > LARGEST && unit < 1e3 {
        unit *= 10.0;
    }
    unit
}

impl Metric {
    /// Prices every step of the graph.
    ///
    /// # Errors
    /// [`MetricError`] for terms out of range, quantities that fit no integer, or a raised flag.
    pub fn build(
        network: &Network,
        graph: &Graph,
        closures: &Closures,
        terms: Terms,
        cancel: &CancelFlag,
    ) -> Result<Self, MetricError> {
        terms.check(network)?;
        let pricing = Pricing { network, graph, closures, terms };
        let (prices, money_unit_eur) = prices::build(&pricing, cancel)?;
        Ok(Self { prices, money_unit_eur, terms: pricing.terms })
    }

    /// The integers that a search for this criterion adds, by step.
    ///
    /// Deep-sea ships do not call at ports of feeders here, except by distance.
    #[must_use]
    pub fn weights(&self, criterion: Criterion) -> &[u32] {
        match criterion {
            Criterion::Cost => self.prices.searched(0),
            Criterion::Time => self.prices.searched(1),
            Criterion::Co2e => self.prices.searched(2),
            Criterion::Distance => self.prices.column(3),
            Criterion::Generalised => self.prices.searched(4),
        }
    }

    /// How many steps are priced.
    #[must_use]
    pub fn step_count(&self) -> usize {
        self.prices.step_count()
    }

    /// Seconds by step.
    #[must_use]
    pub fn time_s(&self) -> &[u32] {
        self.prices.column(1)
    }

    /// Money (in multiples of [`Self::money_unit_eur`]), seconds, grams of CO2e by tonne of shipment, metres and
    /// generalised cost (in the unit of money) of a step.
    #[must_use]
    pub fn quantities(&self, step: usize) -> [u32; 5] {
        self.prices.of_step(step)
    }

    /// Money of a step, in multiples of [`Self::money_unit_eur`].
    #[must_use]
    pub fn money_of(&self, step: usize) -> u32 {
        self.prices.one(0, step)
    }

    /// Seconds of a step.
    #[must_use]
    pub fn time_s_of(&self, step: usize) -> u32 {
        self.prices.one(1, step)
    }

    /// Metres of a step.
    #[must_use]
    pub fn distance_m_of(&self, step: usize) -> u32 {
        self.prices.one(3, step)
    }

    /// Money by step, to be changed; its own at every step.
    #[cfg(test)]
    pub(crate) fn money_of_each(&mut self) -> &mut [u32] {
        self.prices.of_each(0)
    }

    /// Seconds by step, to be changed; their own at every step.
    #[cfg(test)]
    pub(crate) fn time_s_of_each(&mut self) -> &mut [u32] {
        self.prices.of_each(1)
    }

    /// The terms that the metric was made from.
    #[must_use]
    pub const fn terms(&self) -> &Terms {
        &self.terms
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
        .filter(|(bit, _)| network.passages_of_link(link) & (1 << bit) != 0)
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
    change_delayed(network, terms, (from, to), terms.hub_delay_h.get(hub.index()).copied())
}

/// The same with a delay that is given.
fn change_delayed(
    network: &Network,
    terms: &Terms,
    (from, to): (Option<&Platform>, Option<&Platform>),
    delay_h: Option<f64>,
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
    if let Some(delay) = delay_h {
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
