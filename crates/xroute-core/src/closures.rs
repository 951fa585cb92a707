//! What a scenario, or a caller's `modes` and `avoid`, takes out of the network.

use crate::graph::Platform;
#[cfg(test)]
use crate::graph::{Graph, Movement};
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;

/// Closed passages, hubs and countries, what a ship does not fit, and the modes that are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closures {
    /// Set of closed passages, by their bit.
    pub passages: u64,
    /// Set of passages that the ships of sea links do not fit, by their bit; other modes run through.
    pub sea_passages: u64,
    /// Closed hubs.
    pub hubs: Vec<HubId>,
    /// Hubs where the ships of sea links cannot call, though they sail past; a service has a ship of its own.
    pub sea_hubs: Vec<HubId>,
    /// Closed services: those of an avoided carrier.
    pub services: Vec<ServiceId>,
    /// Closed countries, by their number in [`Network::countries`].
    pub countries: Vec<u16>,
    /// Set of allowed modes, by [`Mode::bit`].
    pub modes: u8,
}

impl Closures {
    /// Nothing closed but what the network closes by default.
    #[must_use]
    pub fn default_of(network: &Network) -> Self {
        Self {
            passages: network.default_closed(),
            sea_passages: 0,
            hubs: Vec::new(),
            sea_hubs: Vec::new(),
            services: Vec::new(),
            countries: Vec::new(),
            modes: u8::MAX,
        }
    }
}

/// The same as lookups by number.
pub(crate) struct Open<'a> {
    network: &'a Network,
    passages: u64,
    sea_passages: u64,
    hub: Vec<bool>,
    fits: Vec<bool>,
    country: Vec<bool>,
    is_offered: Vec<bool>,
    modes: u8,
}

impl<'a> Open<'a> {
    pub fn new(network: &'a Network, closures: &Closures) -> Self {
        let mut country = vec![true; network.countries().len()];
        for &closed in &closures.countries {
            country[closed as usize] = false;
        }
        let mut hub: Vec<bool> = network.hub_country.iter().map(|&code| country[code as usize]).collect();
        for closed in &closures.hubs {
            hub[closed.index()] = false;
        }
        let mut fits = vec![true; hub.len()];
        for shallow in &closures.sea_hubs {
            fits[shallow.index()] = false;
        }
        let mut is_offered = vec![true; network.service_count()];
        for closed in &closures.services {
            is_offered[closed.index()] = false;
        }
        Self {
            network,
            passages: closures.passages,
            sea_passages: closures.passages | closures.sea_passages,
            hub,
            fits,
            country,
            is_offered,
            modes: closures.modes,
        }
    }

    /// Whether a vehicle of links of that mode can load and unload at a hub.
    fn calls(&self, hub: HubId, mode: Mode) -> bool {
        self.hub[hub.index()] && (mode != Mode::Sea || self.fits[hub.index()])
    }

    /// Whether a hub is open, to ships too.
    pub fn is_whole(&self, hub: HubId) -> bool {
        self.hub[hub.index()] && self.fits[hub.index()]
    }

    pub fn hub(&self, hub: HubId) -> bool {
        self.hub[hub.index()]
    }

    pub fn mode(&self, mode: Mode) -> bool {
        self.modes & mode.bit() != 0
    }

    pub fn link(&self, link: LinkId) -> bool {
        let row = link.index();
        let (a, b) = self.network.ends_of_link(link);
        let mode = self.network.link_mode[row];
        let passages = if mode == Mode::Sea { self.sea_passages } else { self.passages };
        self.mode(mode)
            && self.network.passages_of_link(link) & passages == 0
            && self.hub[a.index()]
            && self.hub[b.index()]
            && self.network.countries_of_link(link).iter().all(|&code| self.country[code as usize])
    }

    pub fn service(&self, service: ServiceId) -> bool {
        let (a, b) = self.network.ends_of_service(service);
        let runs = self.is_offered[service.index()] && self.mode(self.network.service_mode[service.index()]);
        runs && self.hub[a.index()] && self.hub[b.index()]
    }

    pub fn platform(&self, platform: &Platform) -> bool {
        let hub = platform.hub;
        let is_open =
            if platform.key.is_service { self.hub[hub.index()] } else { self.calls(hub, platform.key.mode) };
        self.mode(platform.key.mode) && is_open
    }

    #[cfg(test)]
    pub fn movement(&self, movement: Movement, graph: &Graph) -> bool {
        match movement {
            Movement::Link { link, .. } => self.link(link),
            Movement::Service(service) => self.service(service),
            Movement::Through(hub) => self.hub[hub.index()],
            Movement::Transfer { from, to } => {
                self.platform(&graph.platforms()[from as usize])
                    && self.platform(&graph.platforms()[to as usize])
            }
        }
    }
}
