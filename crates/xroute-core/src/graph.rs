//! The search graph: platforms where modes meet hubs, and the edges between them.

mod layout;

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;

use std::sync::OnceLock;

use crate::cancel::{CancelFlag, Cancelled};
use crate::ids::{HubId, LinkId, ServiceId};
use crate::metric::prices::Alike;
use crate::mode::Mode;
use crate::network::Network;

/// What makes two vehicles share a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlatformKey {
    /// Mode of the vehicles.
    pub mode: Mode,
    /// Track gauge in mm; 0 off the rails.
    pub gauge_mm: u16,
    /// The waters that a feeder keeps to, by number; 0 for deep-sea ships and other modes.
    pub feeder_area: u16,
    /// Whether services call here; links run through, services start and end.
    pub is_service: bool,
}

/// Where a mode meets a hub: an arriving and a departing side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// The hub.
    pub hub: HubId,
    /// Which vehicles stop here.
    pub key: PlatformKey,
    /// Node that vehicles reach.
    pub arrive: u32,
    /// Node that vehicles leave; the arriving one where nothing can change.
    pub depart: u32,
}

/// What an edge stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Movement {
    /// Along a link, from its origin or against it.
    Link {
        /// The link.
        link: LinkId,
        /// Whether it runs from destination to origin.
        is_reversed: bool,
    },
    /// A service from its first to its last hub.
    Service(ServiceId),
    /// From one platform of a hub to another.
    Transfer {
        /// Platform of arrival.
        from: u32,
        /// Platform of departure.
        to: u32,
    },
    /// Staying in the vehicle at a hub.
    Through(HubId),
}

/// One step of a path: an edge, or the start or end of the trip at a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An edge of the graph.
    Move(Movement),
    /// Loading at a platform of the origin.
    Load(u32),
    /// Unloading at a platform of the destination.
    Unload(u32),
}

/// Platforms, nodes and edges of a network; the same for every profile.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    platforms: Vec<Platform>,
    first_platform: Vec<u32>,
    node_count: usize,
    movements: Vec<Movement>,
    pub(crate) tail: Vec<u32>,
    pub(crate) head: Vec<u32>,
    pub(crate) first_out: Vec<u32>,
    pub(crate) first_in: Vec<u32>,
    pub(crate) in_edges: Vec<u32>,
    /// Which steps have one price; found when first needed.
    alike: OnceLock<Alike>,
}

impl Graph {
    /// Lays out the graph of a network.
    #[must_use]
    pub fn of(network: &Network) -> Self {
        Self::of_unless(network, &CancelFlag::default()).unwrap_or_default()
    }

    /// Lays out the graph of a network, unless the caller asks to stop.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of_unless(network: &Network, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        layout::graph(network, cancel)
    }

    /// Which steps have one price in every metric of the network that the graph was laid out for.
    pub(crate) fn alike(&self, network: &Network, cancel: &CancelFlag) -> Result<&Alike, Cancelled> {
        if let Some(known) = self.alike.get() {
            return Ok(known);
        }
        let fresh = Alike::of(network, self, cancel)?;
        Ok(self.alike.get_or_init(|| fresh))
    }

    /// How many nodes searches see.
    #[must_use]
    pub const fn node_count(&self) -> usize {
        self.node_count
    }

    /// How many edges searches see.
    #[must_use]
    pub const fn edge_count(&self) -> usize {
        self.movements.len()
    }

    /// Every platform, ordered by hub.
    #[must_use]
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }

    /// Positions of the platforms of a hub in [`Self::platforms`].
    #[must_use]
    pub fn platforms_of(&self, hub: HubId) -> std::ops::Range<usize> {
        self.first_platform[hub.index()] as usize..self.first_platform[hub.index() + 1] as usize
    }

    /// What an edge stands for.
    #[must_use]
    pub fn movement(&self, edge: usize) -> Movement {
        self.movements[edge]
    }

    /// How many different steps there are: edges, then loading, then unloading by platform.
    #[must_use]
    pub const fn step_count(&self) -> usize {
        self.movements.len() + 2 * self.platforms.len()
    }

    pub(crate) const fn load_step(&self, platform: usize) -> usize {
        self.movements.len() + platform
    }

    pub(crate) const fn unload_step(&self, platform: usize) -> usize {
        self.movements.len() + self.platforms.len() + platform
    }

    /// What the number of a step means.
    #[must_use]
    pub fn step(&self, number: usize) -> Step {
        let edges = self.movements.len();
        match number.checked_sub(edges) {
            None => Step::Move(self.movements[number]),
            Some(platform) if platform < self.platforms.len() => Step::Load(platform as u32),
            Some(platform) => Step::Unload((platform - self.platforms.len()) as u32),
        }
    }
}
