//! What a route can be asked to pass.

use crate::graph::{Graph, Movement, Step};
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;

/// Something that a route passes or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Via {
    /// A hub: freight changes vehicle there, or comes by another mode than road. To drive past an airport and
    /// back is not to pass it; a hub that knows roads alone is passed on the road.
    Hub(HubId),
    /// Any of a set of passages.
    Passages(u64),
    /// A country, by its number in [`Network::countries`].
    Country(u16),
    /// A leg by a mode.
    Mode(Mode),
    /// A service of a carrier.
    Carrier(String),
}

impl Via {
    /// For each step of a graph whether it passes this.
    #[must_use]
    pub fn steps(&self, network: &Network, graph: &Graph) -> Vec<bool> {
        (0..graph.step_count()).map(|step| self.is_passed(network, graph, graph.step(step))).collect()
    }

    fn is_passed(&self, network: &Network, graph: &Graph, step: Step) -> bool {
        match step {
            Step::Load(platform) => self.is_at(network, graph.platforms()[platform as usize].hub),
            Step::Unload(_) | Step::Move(Movement::Through(_)) => false,
            Step::Move(Movement::Transfer { from, .. }) => {
                self.is_at(network, graph.platforms()[from as usize].hub)
            }
            Step::Move(Movement::Link { link, is_reversed }) => {
                let (origin, destination) = network.ends_of_link(link);
                let head = if is_reversed { origin } else { destination };
                let is_driven = network.link_mode[link.index()] == Mode::Road;
                let is_drive_past =
                    is_driven && graph.platforms_of(head).len() > 1 && matches!(self, Self::Hub(_));
                self.is_on_link(network, link) || (!is_drive_past && self.is_at(network, head))
            }
            Step::Move(Movement::Service(service)) => {
                self.is_on_service(network, service)
                    || self.is_at(network, network.ends_of_service(service).1)
            }
        }
    }

    fn is_at(&self, network: &Network, hub: HubId) -> bool {
        match self {
            Self::Hub(wanted) => *wanted == hub,
            Self::Country(code) => network.hub_country[hub.index()] == *code,
            Self::Passages(_) | Self::Mode(_) | Self::Carrier(_) => false,
        }
    }

    fn is_on_link(&self, network: &Network, link: LinkId) -> bool {
        match self {
            Self::Passages(wanted) => network.passages_of_link(link) & wanted != 0,
            Self::Country(code) => network.countries_of_link(link).contains(code),
            Self::Mode(mode) => network.link_mode[link.index()] == *mode,
            Self::Hub(_) | Self::Carrier(_) => false,
        }
    }

    fn is_on_service(&self, network: &Network, service: ServiceId) -> bool {
        match self {
            Self::Mode(mode) => network.service_mode[service.index()] == *mode,
            Self::Carrier(name) => network.tables().services.carrier[service.index()] == *name,
            Self::Hub(_) | Self::Passages(_) | Self::Country(_) => false,
        }
    }
}
