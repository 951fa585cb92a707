//! One price for all steps that cost the same: a link both ways, a service, changes of vehicle of one kind.
//!
//! Which steps are alike follows from the network; terms and closures only say what each price is. So a metric is
//! a short list of prices, made into whole numbers once, and a walk over the steps that copies them.

#[cfg(test)]
#[path = "prices_tests.rs"]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use super::{Amounts, CLOSED, Metric, MetricError, Pricing, change_amounts, change_delayed, whole};
use super::{link_amounts, service_amounts};
use crate::cancel::{CancelFlag, Cancelled};
use crate::closures::Open;
use crate::graph::{Graph, Movement, Platform, PlatformKey, Step};
use crate::hub::HubKind;
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;
use crate::terms::side;

const SIDES: usize = 7;
const FLAGS: usize = 8;
const UNSEEN: u32 = u32::MAX;
/// Steps that are priced between two looks at the flag, few enough to stay in the nearest cache.
const CHUNK: usize = 4096;

/// Platforms of a change of vehicle: where it comes from and goes to; the door where there is none.
type Ends = (Option<u32>, Option<u32>);

/// Which price each step has, whatever the terms are.
#[derive(Debug, Clone)]
pub(crate) struct Alike {
    /// Position of its price by step: those of links, services, nothing at all, and changes of vehicle.
    price: Vec<u32>,
    /// One change of each price.
    changes: Vec<Ends>,
    /// How many steps have the price of each change.
    uses: Vec<u32>,
    /// Steps at which a deep-sea ship would call at a port of feeders.
    calls: Arc<Vec<u32>>,
}

impl Alike {
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(network: &Network, graph: &Graph, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let mut kinds = Kinds::of(network, graph);
        let mut calls = Vec::new();
        let mut price = Vec::with_capacity(graph.step_count());
        let free = network.link_count() + network.service_count();
        for number in 0..graph.step_count() {
            cancel.check_every_1024(number)?;
            let ends = match graph.step(number) {
                Step::Move(Movement::Link { link, .. }) => {
                    price.push(link.0);
                    continue;
                }
                Step::Move(Movement::Service(service)) => {
                    price.push(network.link_count() as u32 + service.0);
                    continue;
                }
                Step::Move(Movement::Through(_)) => {
                    price.push(free as u32);
                    continue;
                }
                Step::Move(Movement::Transfer { from, to }) => (Some(from), Some(to)),
                Step::Load(to) => (None, Some(to)),
                Step::Unload(from) => (Some(from), None),
            };
            price.push((free + 1) as u32 + kinds.number(ends));
            if [ends.0, ends.1].into_iter().flatten().any(|at| is_deep_sea_call(network, graph, at)) {
                calls.push(number as u32);
            }
        }
        Ok(Self { price, changes: kinds.ends, uses: kinds.uses, calls: Arc::new(calls) })
    }
}

/// Whether a platform is one where deep-sea ships would call at a port that only feeders serve.
fn is_deep_sea_call(network: &Network, graph: &Graph, platform: u32) -> bool {
    let Platform { hub, key, .. } = graph.platforms()[platform as usize];
    let is_deep_sea = key.mode == Mode::Sea && key.feeder_area == 0 && !key.is_service;
    is_deep_sea && network.is_feeder_port[hub.index()]
}

/// Changes of vehicle, numbered by what they cost.
struct Kinds<'a> {
    network: &'a Network,
    graph: &'a Graph,
    known: Vec<u32>,
    of_rows: HashMap<(u32, usize), u32>,
    ends: Vec<Ends>,
    uses: Vec<u32>,
}

impl<'a> Kinds<'a> {
    fn of(network: &'a Network, graph: &'a Graph) -> Self {
        let known = vec![UNSEEN; HubKind::ALL.len() * SIDES * SIDES * FLAGS];
        Self { network, graph, known, of_rows: HashMap::new(), ends: Vec::new(), uses: Vec::new() }
    }

    fn number(&mut self, ends: Ends) -> u32 {
        let Some(at) = ends.0.or(ends.1) else { return UNSEEN };
        let hub = self.graph.platforms()[at as usize].hub;
        let key = |end: Option<u32>| end.map(|at| self.graph.platforms()[at as usize].key);
        let (from, to) = (key(ends.0), key(ends.1));
        let slot = slot(self.network.kind(hub), from, to);
        let own_row = match (from, to) {
            (Some(from), Some(to)) => self.network.transfer_row(hub, from.mode, to.mode),
            _ => None,
        };
        let known = match own_row {
            Some(row) => self.of_rows.entry((row as u32, slot)).or_insert(UNSEEN),
            None => &mut self.known[slot],
        };
        if *known == UNSEEN {
            *known = self.ends.len() as u32;
            self.ends.push(ends);
            self.uses.push(0);
        }
        self.uses[*known as usize] += 1;
        *known
    }
}

/// All that the terms look at in a change where the transfers table says nothing.
fn slot(kind: HubKind, from: Option<PlatformKey>, to: Option<PlatformKey>) -> usize {
    let sides = side(from.map(|key| key.mode)) * SIDES + side(to.map(|key| key.mode));
    let is_service = |key: Option<PlatformKey>| usize::from(key.is_some_and(|key| key.is_service));
    let is_same_area = from.map(|key| key.feeder_area) == to.map(|key| key.feeder_area);
    let flags = 4 * is_service(from) + 2 * is_service(to) + usize::from(is_same_area);
    (kind.index() * SIDES * SIDES + sides) * FLAGS + flags
}

/// The list of prices in the units of people, and the steps whose price is their own.
struct PriceList {
    /// Links, services, the free one, changes, changes at single hubs; the last is closed.
    prices: Vec<Option<Amounts>>,
    /// Steps with another price than what is alike elsewhere.
    own: Vec<(u32, u32)>,
}

pub(super) fn build(on: Pricing<'_>, cancel: &CancelFlag) -> Result<Metric, MetricError> {
    let open = Open::new(on.network, on.closures);
    let alike = on.graph.alike(on.network, cancel)?;
    let list = listed(&on, &open, alike, cancel)?;
    let generalised_eur = |step: &Amounts| {
        step.money_eur
            + on.terms.value_of_time_eur_h * step.hours
            + on.terms.carbon_price_eur_t * on.terms.mass_t * step.co2e_g_t / 1e6
    };
    let dearest = list.prices.iter().flatten().map(generalised_eur).fold(0.0, f64::max);
    let money_unit_eur = super::money_unit_eur(dearest);
    let mut columns = Vec::with_capacity(5);
    for (quantity, value) in [
        ("money", &(|step: &Amounts| step.money_eur / money_unit_eur) as &dyn Fn(&Amounts) -> f64),
        ("time in seconds", &|step| step.hours * 3600.0),
        ("CO2e in grams by tonne", &|step| step.co2e_g_t),
        ("distance in metres", &|step| f64::from(step.distance_m)),
        ("generalised cost", &|step| generalised_eur(step) / money_unit_eur),
    ] {
        let wholes: Result<Vec<u32>, MetricError> = list
            .prices
            .iter()
            .map(|step| step.as_ref().map_or(Ok(CLOSED), |step| whole(quantity, value(step))))
            .collect();
        columns.push(spread(&alike.price, &list.own, &wholes?, cancel)?);
    }
    let mut columns = columns.into_iter();
    let mut next = || columns.next().unwrap_or_default();
    Ok(Metric {
        money: next(),
        time_s: next(),
        co2e_g_t: next(),
        distance_m: next(),
        generalised: next(),
        calls: Arc::clone(&alike.calls),
        searched: Default::default(),
        money_unit_eur,
        terms: on.terms,
    })
}

/// The price of every step.
fn spread(
    price: &[u32],
    own: &[(u32, u32)],
    wholes: &[u32],
    cancel: &CancelFlag,
) -> Result<Vec<u32>, Cancelled> {
    let mut column = Vec::with_capacity(price.len());
    for chunk in price.chunks(CHUNK) {
        if cancel.is_raised() {
            return Err(Cancelled);
        }
        column.extend(chunk.iter().map(|&at| wholes[at as usize]));
    }
    for &(step, at) in own {
        column[step as usize] = wholes[at as usize];
    }
    Ok(column)
}

fn listed(
    on: &Pricing<'_>,
    open: &Open<'_>,
    alike: &Alike,
    cancel: &CancelFlag,
) -> Result<PriceList, Cancelled> {
    let (network, terms) = (on.network, &on.terms);
    let free = network.link_count() + network.service_count();
    let mut prices = Vec::with_capacity(free + alike.changes.len() + 2);
    for row in 0..network.link_count() {
        cancel.check_every_1024(row)?;
        let link = LinkId(row as u32);
        prices.push(open.link(link).then(|| link_amounts(network, terms, link)));
    }
    for row in 0..network.service_count() {
        cancel.check_every_1024(row)?;
        let service = ServiceId(row as u32);
        prices.push(open.service(service).then(|| service_amounts(network, terms, service)));
    }
    prices.push(Some(Amounts::FREE));
    let mut uses = alike.uses.clone();
    let first_change = prices.len();
    let special = special_steps(on, open, cancel)?;
    for &(step, _) in &special {
        if let Some(change) = (alike.price[step] as usize).checked_sub(first_change) {
            uses[change] -= 1;
        }
    }
    for (&ends, &uses) in alike.changes.iter().zip(&uses) {
        let is_open = uses > 0 && modes_are_open(on.graph, open, ends);
        prices.push(is_open.then(|| priced(on, ends, None)).flatten());
    }
    let mut own = Vec::with_capacity(special.len());
    for (step, amounts) in special {
        own.push((step as u32, prices.len() as u32));
        prices.push(amounts);
    }
    Ok(PriceList { prices, own })
}

fn modes_are_open(graph: &Graph, open: &Open<'_>, ends: Ends) -> bool {
    let mut ends = [ends.0, ends.1].into_iter().flatten();
    ends.all(|at| open.mode(graph.platforms()[at as usize].key.mode))
}

fn priced(on: &Pricing<'_>, ends: Ends, delay_h: Option<f64>) -> Option<Amounts> {
    let platform = |end: Option<u32>| end.map(|at| &on.graph.platforms()[at as usize]);
    let change = change_delayed(on.network, &on.terms, (platform(ends.0), platform(ends.1)), delay_h)?;
    Some(change_amounts(&change))
}

/// Steps at hubs that are closed, too shallow or delayed, with what they cost there.
fn special_steps(
    on: &Pricing<'_>,
    open: &Open<'_>,
    cancel: &CancelFlag,
) -> Result<Vec<(usize, Option<Amounts>)>, Cancelled> {
    let mut found = Vec::new();
    for row in 0..on.network.hub_count() {
        cancel.check_every_1024(row)?;
        let hub = HubId(row as u32);
        let delay_h = on.terms.hub_delay_h.get(row).copied().filter(|&hours| hours != 0.0);
        if delay_h.is_some() || !open.is_whole(hub) {
            steps_at(on, open, hub, delay_h, &mut found);
        }
    }
    Ok(found)
}

fn steps_at(
    on: &Pricing<'_>,
    open: &Open<'_>,
    hub: HubId,
    delay_h: Option<f64>,
    found: &mut Vec<(usize, Option<Amounts>)>,
) {
    let graph = on.graph;
    let is_open = |at: u32| open.platform(&graph.platforms()[at as usize]);
    for platform in graph.platforms_of(hub) {
        let at = platform as u32;
        for (step, ends) in
            [(graph.load_step(platform), (None, Some(at))), (graph.unload_step(platform), (Some(at), None))]
        {
            found.push((step, is_open(at).then(|| priced(on, ends, delay_h)).flatten()));
        }
        let node = graph.platforms()[platform].arrive as usize;
        for edge in graph.first_out[node] as usize..graph.first_out[node + 1] as usize {
            match graph.movement(edge) {
                Movement::Through(_) if !open.hub(hub) => found.push((edge, None)),
                Movement::Transfer { from, to } => {
                    let is_open = is_open(from) && is_open(to);
                    let ends = (Some(from), Some(to));
                    found.push((edge, is_open.then(|| priced(on, ends, delay_h)).flatten()));
                }
                _ => {}
            }
        }
    }
}
