//! The search graph: platforms where modes meet hubs, and the edges between them.

#[cfg(test)]
#[path = "graph_tests.rs"]
mod tests;

use std::sync::OnceLock;

use crate::cancel::{CancelFlag, Cancelled};
use crate::hub::HubKind;
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
#[derive(Debug, Clone)]
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
        let (platforms, first_platform) = lay_platforms(network);
        let mut edges = Vec::new();
        link_edges(network, &platforms, &first_platform, &mut edges);
        service_edges(network, &platforms, &first_platform, &mut edges);
        transfer_edges(network, &platforms, &first_platform, &mut edges);
        edges.sort_unstable();
        let node_count = platforms.last().map_or(0, |last| last.arrive.max(last.depart) as usize + 1);
        Self::assemble(platforms, first_platform, node_count, &edges)
    }

    fn assemble(
        platforms: Vec<Platform>,
        first_platform: Vec<u32>,
        node_count: usize,
        edges: &[(u32, u32, Movement)],
    ) -> Self {
        let tail: Vec<u32> = edges.iter().map(|edge| edge.0).collect();
        let head: Vec<u32> = edges.iter().map(|edge| edge.1).collect();
        let first_out = offsets(node_count, tail.iter().copied());
        let first_in = offsets(node_count, head.iter().copied());
        let mut next = first_in.clone();
        let mut in_edges = vec![0; head.len()];
        for (edge, &node) in head.iter().enumerate() {
            in_edges[next[node as usize] as usize] = edge as u32;
            next[node as usize] += 1;
        }
        let movements = edges.iter().map(|edge| edge.2).collect();
        Self {
            platforms,
            first_platform,
            node_count,
            movements,
            tail,
            head,
            first_out,
            first_in,
            in_edges,
            alike: OnceLock::new(),
        }
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

fn offsets(node_count: usize, nodes: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0_u32; node_count + 1];
    for node in nodes {
        first[node as usize + 1] += 1;
    }
    for node in 0..node_count {
        first[node + 1] += first[node];
    }
    first
}

/// The vehicles that run on a link: one, and at sea inside one area a feeder beside the deep-sea ship.
fn link_keys(network: &Network, link: usize) -> impl Iterator<Item = PlatformKey> {
    let mode = network.link_mode[link];
    let (a, b) = network.link_ends[link];
    let area = network.hub_area[a.index()];
    let has_feeder = mode == Mode::Sea && area != 0 && area == network.hub_area[b.index()];
    let key = PlatformKey { mode, gauge_mm: network.link_gauge[link], feeder_area: 0, is_service: false };
    [Some(key), has_feeder.then_some(PlatformKey { feeder_area: area, ..key })].into_iter().flatten()
}

const fn service_key(mode: Mode) -> PlatformKey {
    PlatformKey { mode, gauge_mm: 0, feeder_area: 0, is_service: true }
}

fn lay_platforms(network: &Network) -> (Vec<Platform>, Vec<u32>) {
    let mut wanted: Vec<(HubId, PlatformKey)> = Vec::new();
    for (link, &(a, b)) in network.link_ends.iter().enumerate() {
        wanted.extend(link_keys(network, link).flat_map(|key| [(a, key), (b, key)]));
    }
    for (&mode, &(a, b)) in network.service_mode.iter().zip(&network.service_ends) {
        let key = service_key(mode);
        wanted.extend([(a, key), (b, key)]);
    }
    wanted.sort_unstable();
    wanted.dedup();
    let first = offsets(network.hub_count(), wanted.iter().map(|(hub, _)| hub.0));
    let mut node = 0;
    let mut platforms = Vec::with_capacity(wanted.len());
    for (hub, key) in wanted {
        let alone = first[hub.index() + 1] - first[hub.index()] == 1 && !key.is_service;
        let is_waypoint = network.kind(hub) == HubKind::Junction;
        let depart = if alone || is_waypoint { node } else { node + 1 };
        platforms.push(Platform { hub, key, arrive: node, depart });
        node = depart + 1;
    }
    (platforms, first)
}

fn find(platforms: &[Platform], first: &[u32], hub: HubId, key: PlatformKey) -> usize {
    let range = first[hub.index()] as usize..first[hub.index() + 1] as usize;
    let start = range.start;
    start + platforms[range].partition_point(|platform| platform.key < key)
}

type Edges = Vec<(u32, u32, Movement)>;

fn link_edges(network: &Network, platforms: &[Platform], first: &[u32], edges: &mut Edges) {
    for (row, &(a, b)) in network.link_ends.iter().enumerate() {
        let link = LinkId(row as u32);
        for key in link_keys(network, row) {
            let at = platforms[find(platforms, first, a, key)];
            let to = platforms[find(platforms, first, b, key)];
            edges.push((at.depart, to.arrive, Movement::Link { link, is_reversed: false }));
            if !network.tables().links.oneway[row] {
                edges.push((to.depart, at.arrive, Movement::Link { link, is_reversed: true }));
            }
        }
    }
}

fn service_edges(network: &Network, platforms: &[Platform], first: &[u32], edges: &mut Edges) {
    for (row, &(a, b)) in network.service_ends.iter().enumerate() {
        let key = service_key(network.service_mode[row]);
        let at = platforms[find(platforms, first, a, key)];
        let to = platforms[find(platforms, first, b, key)];
        edges.push((at.depart, to.arrive, Movement::Service(ServiceId(row as u32))));
    }
}

fn transfer_edges(network: &Network, platforms: &[Platform], first: &[u32], edges: &mut Edges) {
    for hub in (0..network.hub_count() as u32).map(HubId) {
        if network.kind(hub) == HubKind::Junction {
            continue;
        }
        let range = first[hub.index()] as usize..first[hub.index() + 1] as usize;
        for from in range.clone() {
            let arrived = platforms[from];
            if !arrived.key.is_service && arrived.arrive != arrived.depart {
                edges.push((arrived.arrive, arrived.depart, Movement::Through(hub)));
            }
            for to in range.clone().filter(|&to| to != from || arrived.key.is_service) {
                let movement = Movement::Transfer { from: from as u32, to: to as u32 };
                edges.push((arrived.arrive, platforms[to].depart, movement));
            }
        }
    }
}
