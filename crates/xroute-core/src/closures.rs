//! What a scenario, or a caller's `modes` and `avoid`, takes out of the network.

use crate::graph::{Graph, Movement, Platform};
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;

/// Closed passages, hubs and countries, and the modes that are allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closures {
    /// Set of closed passages, by their bit.
    pub passages: u64,
    /// Closed hubs.
    pub hubs: Vec<HubId>,
    /// Closed countries, by their number in [`Network::countries`].
    pub countries: Vec<u16>,
    /// Set of allowed modes, by [`Mode::bit`].
    pub modes: u8,
}

impl Closures {
    /// Nothing closed but what the network closes by default.
    #[must_use]
    pub fn default_of(network: &Network) -> Self {
        Self { passages: network.default_closed(), hubs: Vec::new(), countries: Vec::new(), modes: u8::MAX }
    }
}

/// The same as lookups by number.
pub(crate) struct Open<'a> {
    network: &'a Network,
    passages: u64,
    hub: Vec<bool>,
    country: Vec<bool>,
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
        Self { network, passages: closures.passages, hub, country, modes: closures.modes }
    }

    fn mode(&self, mode: Mode) -> bool {
        self.modes & mode.bit() != 0
    }

    fn link(&self, link: LinkId) -> bool {
        let row = link.index();
        let (a, b) = self.network.link_ends[row];
        self.mode(self.network.link_mode[row])
            && self.network.link_passages[row] & self.passages == 0
            && self.hub[a.index()]
            && self.hub[b.index()]
            && self.network.link_countries[row].iter().all(|&code| self.country[code as usize])
    }

    fn service(&self, service: ServiceId) -> bool {
        let (a, b) = self.network.service_ends[service.index()];
        self.mode(self.network.service_mode[service.index()]) && self.hub[a.index()] && self.hub[b.index()]
    }

    pub fn platform(&self, platform: &Platform) -> bool {
        self.mode(platform.key.mode) && self.hub[platform.hub.index()]
    }

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
