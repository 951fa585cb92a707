//! One price for all steps that cost the same: a link both ways, a service, changes of vehicle of one kind.
//!
//! Which steps are alike follows from the network; terms and closures only say what each price is. So a metric is
//! a list of prices in whole numbers, and the place of its price by step that all metrics of a network share.

#[cfg(test)]
#[path = "prices_tests.rs"]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::{Amounts, CLOSED, LARGEST, MetricError, Pricing, change_amounts, change_delayed};
use super::{fitting_unit_eur, link_amounts, service_amounts};
use crate::cancel::{CancelFlag, Cancelled};
use crate::closures::Open;
use crate::graph::{Graph, Movement, Platform, PlatformKey, Step};
use crate::hub::HubKind;
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;
use crate::terms::{Terms, side};

const SIDES: usize = 7;
const FLAGS: usize = 8;
const UNSEEN: u32 = u32::MAX;

/// EUR in one unit of money where nothing is too dear.
const FINEST_UNIT_EUR: f64 = 1e-4;
/// The least value that no step may have.
const LEAST_TOO_LARGE: f64 = LARGEST + 0.5;
pub(super) const QUANTITIES: usize = 5;
const NAMES: [&str; QUANTITIES] =
    ["money", "time in seconds", "CO2e in grams by tonne", "distance in metres", "generalised cost"];

/// A step with a price of its own; closed where it has none.
type Special = (usize, Option<Amounts>);

/// Platforms of a change of vehicle: where it comes from and goes to; the door where there is none.
type Ends = (Option<u32>, Option<u32>);

/// Which price each step has, whatever the terms are.
#[derive(Debug, Clone)]
pub(crate) struct Alike {
    /// Position of its price by step: those of links, services, nothing at all, and changes of vehicle.
    price: Arc<Vec<u32>>,
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
        Ok(Self { price: Arc::new(price), changes: kinds.ends, uses: kinds.uses, calls: Arc::new(calls) })
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

/// Whole numbers by price and by step; [`CLOSED`] marks a step that cannot be taken.
///
/// The numbers of one quantity by step are laid out when a search first asks for them.
#[derive(Debug, Clone)]
pub(super) struct Prices {
    /// Position of its price by step.
    price: Arc<Vec<u32>>,
    /// Money, seconds, grams of CO2e by tonne, metres and generalised cost by price.
    wholes: [Vec<u32>; QUANTITIES],
    columns: [OnceLock<Vec<u32>>; QUANTITIES],
    /// The same with the calls of deep-sea ships closed.
    searched: [OnceLock<Vec<u32>>; QUANTITIES],
    /// Steps at which a deep-sea ship would call at a port of feeders.
    calls: Arc<Vec<u32>>,
}

impl Prices {
    pub fn step_count(&self) -> usize {
        self.price.len()
    }

    /// Every quantity of a step.
    pub fn of_step(&self, step: usize) -> [u32; QUANTITIES] {
        let at = self.price[step] as usize;
        self.wholes.each_ref().map(|whole| whole[at])
    }

    /// One quantity of a step.
    pub fn one(&self, nth: usize, step: usize) -> u32 {
        self.wholes[nth][self.price[step] as usize]
    }

    /// One quantity by step.
    pub fn column(&self, nth: usize) -> &[u32] {
        self.columns[nth].get_or_init(|| self.laid_out(nth))
    }

    /// One quantity by step, where deep-sea ships do not call at ports of feeders.
    pub fn searched(&self, nth: usize) -> &[u32] {
        if self.calls.is_empty() {
            return self.column(nth);
        }
        self.searched[nth].get_or_init(|| {
            let mut column = self.laid_out(nth);
            for &call in self.calls.iter() {
                column[call as usize] = CLOSED;
            }
            column
        })
    }

    fn laid_out(&self, nth: usize) -> Vec<u32> {
        let whole = &self.wholes[nth];
        self.price.iter().map(|&at| whole[at as usize]).collect()
    }

    /// A price of its own for every step; one quantity of each.
    #[cfg(test)]
    pub fn of_each(&mut self, nth: usize) -> &mut [u32] {
        self.wholes = std::array::from_fn(|nth| self.laid_out(nth));
        self.price = Arc::new((0..self.price.len() as u32).collect());
        (self.columns, self.searched) = Default::default();
        &mut self.wholes[nth]
    }
}

/// Whole numbers by price as they are made: the dearest price tells whether the unit of money will do.
struct Sheet<'a> {
    terms: &'a Terms,
    unit_eur: f64,
    dearest_eur: f64,
    wholes: [Vec<u32>; QUANTITIES],
    /// The first value of each quantity that does not fit.
    too_large: [Option<f64>; QUANTITIES],
}

impl<'a> Sheet<'a> {
    fn new(terms: &'a Terms, unit_eur: f64, count: usize) -> Self {
        let wholes = std::array::from_fn(|_| Vec::with_capacity(count));
        Self { terms, unit_eur, dearest_eur: 0.0, wholes, too_large: [None; QUANTITIES] }
    }

    fn push(&mut self, amounts: Option<Amounts>) {
        let Some(amounts) = amounts else {
            self.wholes.iter_mut().for_each(|column| column.push(CLOSED));
            return;
        };
        let generalised_eur = amounts.money_eur
            + self.terms.value_of_time_eur_h * amounts.hours
            + self.terms.carbon_price_eur_t * self.terms.mass_t * amounts.co2e_g_t / 1e6;
        self.dearest_eur = self.dearest_eur.max(generalised_eur);
        let values = [
            amounts.money_eur / self.unit_eur,
            amounts.hours * 3600.0,
            amounts.co2e_g_t,
            f64::from(amounts.distance_m),
            generalised_eur / self.unit_eur,
        ];
        for (nth, value) in values.into_iter().enumerate() {
            let fits = value < LEAST_TOO_LARGE;
            if !fits {
                self.too_large[nth].get_or_insert(value.round());
            }
            self.wholes[nth].push(if fits { whole(value) } else { CLOSED });
        }
    }

    fn len(&self) -> usize {
        self.wholes[0].len()
    }

    fn finished(self) -> Result<[Vec<u32>; QUANTITIES], MetricError> {
        match self.too_large.iter().position(Option::is_some) {
            Some(nth) => Err(MetricError::TooLarge {
                quantity: NAMES[nth],
                value: self.too_large[nth].unwrap_or_default(),
            }),
            None => Ok(self.wholes),
        }
    }
}

/// The nearest whole number, halves up, of what fits; no call of a library.
fn whole(value: f64) -> u32 {
    let floor = value as u32;
    floor + u32::from(value - f64::from(floor) >= 0.5)
}

pub(super) fn build(on: &Pricing<'_>, cancel: &CancelFlag) -> Result<(Prices, f64), MetricError> {
    let open = Open::new(on.network, on.closures);
    let alike = on.graph.alike(on.network, cancel)?;
    let special = special_steps(on, &open, cancel)?;
    let mut unit_eur = FINEST_UNIT_EUR;
    loop {
        let sheet = filled(on, &open, alike, &special, unit_eur, cancel)?;
        let fitting = fitting_unit_eur(sheet.dearest_eur);
        if fitting > unit_eur {
            unit_eur = fitting;
            continue;
        }
        let prices = Prices {
            price: own_prices(alike, sheet.len() - special.len(), &special),
            wholes: sheet.finished()?,
            columns: Default::default(),
            searched: Default::default(),
            calls: Arc::clone(&alike.calls),
        };
        return Ok((prices, unit_eur));
    }
}

/// The price of each step, those with one of their own among them.
fn own_prices(alike: &Alike, first: usize, special: &[Special]) -> Arc<Vec<u32>> {
    if special.is_empty() {
        return Arc::clone(&alike.price);
    }
    let mut price = Vec::clone(&alike.price);
    for (at, &(step, _)) in special.iter().enumerate() {
        price[step] = (first + at) as u32;
    }
    Arc::new(price)
}

/// Every price in its place: links, services, the free one, changes, and steps that are special.
fn filled<'a>(
    on: &'a Pricing<'_>,
    open: &Open<'_>,
    alike: &Alike,
    special: &[Special],
    unit_eur: f64,
    cancel: &CancelFlag,
) -> Result<Sheet<'a>, Cancelled> {
    let (network, terms) = (on.network, &on.terms);
    let first_change = network.link_count() + network.service_count() + 1;
    let mut sheet = Sheet::new(terms, unit_eur, first_change + alike.changes.len() + special.len());
    for row in 0..network.link_count() {
        cancel.check_every_1024(row)?;
        let link = LinkId(row as u32);
        sheet.push(open.link(link).then(|| link_amounts(network, terms, link)));
    }
    for row in 0..network.service_count() {
        cancel.check_every_1024(row)?;
        let service = ServiceId(row as u32);
        sheet.push(open.service(service).then(|| service_amounts(network, terms, service)));
    }
    sheet.push(Some(Amounts::FREE));
    let mut uses = alike.uses.clone();
    for &(step, _) in special {
        if let Some(change) = (alike.price[step] as usize).checked_sub(first_change) {
            uses[change] -= 1;
        }
    }
    for (&ends, &uses) in alike.changes.iter().zip(&uses) {
        let is_open = uses > 0 && modes_are_open(on.graph, open, ends);
        sheet.push(is_open.then(|| priced(on, ends, None)).flatten());
    }
    for &(_, amounts) in special {
        sheet.push(amounts);
    }
    Ok(sheet)
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
fn special_steps(on: &Pricing<'_>, open: &Open<'_>, cancel: &CancelFlag) -> Result<Vec<Special>, Cancelled> {
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

fn steps_at(on: &Pricing<'_>, open: &Open<'_>, hub: HubId, delay_h: Option<f64>, found: &mut Vec<Special>) {
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
