//! Many routes as flat columns: what each passes, without an object a route.

use std::collections::HashMap;

use crate::graph::{Graph, Movement, Platform, Step};
use crate::hub::HubKind;
use crate::metric::{self, Metric};
use crate::network::Network;
use crate::search::matrix::Totals;
use crate::terms::side;

/// No mode, no item.
const NONE: i8 = -1;

/// Routes on end: items of route `n` are those from `first_*[n]` to `first_*[n + 1]`.
///
/// Stops are by kind of hub and sides (modes, then the door), with the mode whose fixed charge is paid there
/// (-1 for none), whether a lorry boards a ferry, EUR fixed and by tonne where the hub has terms of its own
/// (NaN for none), and grams of CO2e by tonne.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FlatRoutes {
    /// What each route adds up to; `None` where there is none.
    pub totals: Vec<Option<Totals>>,
    /// The modes of the legs of each route, as a position in [`Self::chains`].
    pub chain: Vec<u32>,
    /// Distinct orders of modes.
    pub chains: Vec<Vec<u8>>,
    /// Grams of CO2e by tonne on the legs, well to tank and tank to wheel.
    pub legs_g_t: [Vec<f64>; 2],
    /// Ends of the links of each route, after a 0.
    pub first_link: Vec<i64>,
    /// Links in order.
    pub link: Vec<u32>,
    /// Ends of the services of each route, after a 0.
    pub first_service: Vec<i64>,
    /// Services in order.
    pub service: Vec<u32>,
    /// Metres of each.
    pub service_m: Vec<u32>,
    /// Ends of the stops of each route, after a 0.
    pub first_stop: Vec<i64>,
    /// Kind of hub, arriving side, departing side, mode loaded and whether a lorry boards, by stop.
    pub stop: Vec<[i8; 5]>,
    /// EUR fixed, EUR by tonne, and grams by tonne from well to tank and tank to wheel, by stop.
    pub stop_terms: [Vec<f64>; 4],
}

/// Reads steps of searches into flat columns.
#[derive(Debug)]
pub struct Laying<'a> {
    network: &'a Network,
    graph: &'a Graph,
    metric: &'a Metric,
    found: FlatRoutes,
    known: HashMap<Vec<u8>, u32>,
    modes: Vec<u8>,
    /// Metres by class of vehicle of the leg that is read.
    metres: Vec<(u16, u64)>,
}

impl<'a> Laying<'a> {
    /// Nothing read yet.
    #[must_use]
    pub fn of(network: &'a Network, graph: &'a Graph, metric: &'a Metric) -> Self {
        let found = FlatRoutes {
            first_link: vec![0],
            first_service: vec![0],
            first_stop: vec![0],
            ..FlatRoutes::default()
        };
        let (known, modes, metres) = (HashMap::new(), Vec::new(), Vec::new());
        Self { network, graph, metric, found, known, modes, metres }
    }

    /// The columns of all that was read.
    #[must_use]
    pub fn finish(self) -> FlatRoutes {
        self.found
    }

    /// Reads the next route; `None` where there is none.
    pub fn add(&mut self, steps: Option<&[u32]>) {
        self.modes.clear();
        let mut grams = [0.0; 2];
        for &number in steps.unwrap_or_default() {
            self.step(number as usize, &mut grams);
        }
        let found = &mut self.found;
        found.totals.push(steps.map(|steps| Totals::of(self.metric, steps)));
        found.first_link.push((found.link.len() as u64).cast_signed());
        found.first_service.push((found.service.len() as u64).cast_signed());
        found.first_stop.push((found.stop.len() as u64).cast_signed());
        for (column, grams) in found.legs_g_t.iter_mut().zip(grams) {
            column.push(grams);
        }
        let chain = if let Some(&chain) = self.known.get(&self.modes) {
            chain
        } else {
            let chain = found.chains.len() as u32;
            found.chains.push(self.modes.clone());
            self.known.insert(self.modes.clone(), chain);
            chain
        };
        found.chain.push(chain);
    }

    fn step(&mut self, number: usize, grams: &mut [f64; 2]) {
        let metres = u64::from(self.metric.distance_m_of(number));
        match self.graph.step(number) {
            Step::Move(Movement::Through(_)) => {}
            Step::Move(Movement::Link { link, .. }) => {
                if self.metres.is_empty() {
                    self.modes.push(self.network.link_mode[link.index()] as u8);
                }
                self.found.link.push(link.0);
                self.carry(self.network.link_class[link.index()], metres);
            }
            Step::Move(Movement::Service(service)) => {
                self.modes.push(self.network.service_mode[service.index()] as u8);
                self.found.service.push(service.0);
                self.found.service_m.push(self.metric.distance_m_of(number));
                self.carry(self.network.service_class[service.index()], metres);
                self.land(grams);
            }
            Step::Move(Movement::Transfer { from, to }) => self.stop((Some(from), Some(to)), grams),
            Step::Load(to) => self.stop((None, Some(to)), grams),
            Step::Unload(from) => self.stop((Some(from), None), grams),
        }
    }

    fn carry(&mut self, class: u16, metres: u64) {
        match self.metres.iter_mut().find(|row| row.0 == class) {
            Some(row) => row.1 += metres,
            None => self.metres.push((class, metres)),
        }
    }

    /// Ends the leg that is read.
    fn land(&mut self, grams: &mut [f64; 2]) {
        let terms = self.metric.terms();
        for (class, metres) in self.metres.drain(..) {
            let rates = [&terms.wtt_g_tkm, &terms.ttw_g_tkm];
            for (sum, rate) in grams.iter_mut().zip(rates) {
                *sum += rate[class as usize] * metres as f64 / 1000.0;
            }
        }
    }

    fn stop(&mut self, sides: (Option<u32>, Option<u32>), grams: &mut [f64; 2]) {
        self.land(grams);
        let platform = |at: Option<u32>| at.map(|at| &self.graph.platforms()[at as usize]);
        let (from, to) = (platform(sides.0), platform(sides.1));
        let Some(hub) = from.or(to).map(|platform| platform.hub) else { return };
        let Some(change) = metric::change(self.network, self.metric.terms(), from, to) else { return };
        let mode = |side: Option<&Platform>| side.map(|platform| platform.key.mode);
        let loaded = metric::loaded(from, to).filter(|_| self.network.kind(hub) != HubKind::Junction);
        let boards = metric::boards_on_wheels(mode(from), loaded);
        let own = mode(from).zip(mode(to)).and_then(|(from, to)| self.network.transfer_at(hub, from, to));
        let own = own.filter(|own| own.cost_eur_per_t.is_some() || own.fixed_cost_eur.is_some());
        let eur = |value: Option<f64>| own.map_or(f64::NAN, |_| value.unwrap_or(0.0));
        let (from_side, to_side) = (side(mode(from)) as i8, side(mode(to)) as i8);
        let loaded = loaded.map_or(NONE, |mode| mode as i8);
        self.found.stop.push([self.network.kind(hub) as i8, from_side, to_side, loaded, i8::from(boards)]);
        let terms = [
            eur(own.and_then(|own| own.fixed_cost_eur)),
            eur(own.and_then(|own| own.cost_eur_per_t)),
            change.process.wtt_g_t,
            change.process.ttw_g_t,
        ];
        for (column, value) in self.found.stop_terms.iter_mut().zip(terms) {
            column.push(value);
        }
    }
}

impl FlatRoutes {
    /// These routes, and others after them.
    pub fn append(&mut self, other: Self) {
        let shift = |ends: &mut Vec<i64>, more: &[i64]| {
            let base = ends.last().copied().unwrap_or(0);
            ends.extend(more.iter().skip(1).map(|end| base + end));
        };
        shift(&mut self.first_link, &other.first_link);
        shift(&mut self.first_service, &other.first_service);
        shift(&mut self.first_stop, &other.first_stop);
        let mut number = Vec::with_capacity(other.chains.len());
        for chain in other.chains {
            number.push(self.chains.iter().position(|each| *each == chain).unwrap_or_else(|| {
                self.chains.push(chain);
                self.chains.len() - 1
            }));
        }
        self.chain.extend(other.chain.iter().map(|&chain| number[chain as usize] as u32));
        self.totals.extend(other.totals);
        self.link.extend(other.link);
        self.service.extend(other.service);
        self.service_m.extend(other.service_m);
        self.stop.extend(other.stop);
        for (mine, theirs) in self.legs_g_t.iter_mut().zip(other.legs_g_t) {
            mine.extend(theirs);
        }
        for (mine, theirs) in self.stop_terms.iter_mut().zip(other.stop_terms) {
            mine.extend(theirs);
        }
    }
}
