//! Platforms and edges of a network, counted first and then put in their places: time grows with the network alone.

use super::{Graph, Movement, Platform, PlatformKey};
use crate::cancel::{CancelFlag, Cancelled};
use crate::hub::HubKind;
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::network::Network;

/// An edge before it has its place: from node, to node, what it stands for.
type Edge = (u32, u32, Movement);

/// Rows of so many nodes are sorted by insertion.
const SHORT: usize = 32;

/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn graph(network: &Network, cancel: &CancelFlag) -> Result<Graph, Cancelled> {
    let (platforms, first_platform) = lay_platforms(network, cancel)?;
    let node_count = platforms.last().map_or(0, |last| last.arrive.max(last.depart) as usize + 1);
    let mut edges =
        Edges { network, platforms: &platforms, first: &first_platform, cancel, found: Vec::new() };
    edges.found.reserve_exact(2 * network.link_count() + network.service_count());
    edges.links()?;
    edges.services()?;
    edges.transfers()?;
    let found = edges.found;
    let first_out = offsets(node_count, found.iter().map(|edge| edge.0));
    let (head, movements) = placed(&found, &first_out, cancel)?;
    drop(found);
    let mut tail = vec![0; head.len()];
    for (node, ends) in first_out.windows(2).enumerate() {
        tail[ends[0] as usize..ends[1] as usize].fill(node as u32);
    }
    let first_in = offsets(node_count, head.iter().copied());
    let mut next = first_in.clone();
    let mut in_edges = vec![0; head.len()];
    for (edge, &node) in head.iter().enumerate() {
        cancel.check_every_1024(edge)?;
        in_edges[next[node as usize] as usize] = edge as u32;
        next[node as usize] += 1;
    }
    Ok(Graph {
        platforms,
        first_platform,
        node_count,
        movements,
        tail,
        head,
        first_out,
        first_in,
        in_edges,
        alike: std::sync::OnceLock::new(),
    })
}

/// Where the run of each number starts, and the end.
fn offsets(count: usize, numbers: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0_u32; count + 1];
    for number in numbers {
        first[number as usize + 1] += 1;
    }
    for at in 0..count {
        first[at + 1] += first[at];
    }
    first
}

/// Heads and movements by edge: by node, then by head; edges between the same nodes in the order they came.
fn placed(
    found: &[Edge],
    first_out: &[u32],
    cancel: &CancelFlag,
) -> Result<(Vec<u32>, Vec<Movement>), Cancelled> {
    let mut next = first_out.to_vec();
    let mut head = vec![0; found.len()];
    let mut movements = vec![Movement::Through(HubId(0)); found.len()];
    for (nth, &(from, to, movement)) in found.iter().enumerate() {
        cancel.check_every_1024(nth)?;
        let place = &mut next[from as usize];
        head[*place as usize] = to;
        movements[*place as usize] = movement;
        *place += 1;
    }
    for (node, ends) in first_out.windows(2).enumerate() {
        cancel.check_every_1024(node)?;
        let run = ends[0] as usize..ends[1] as usize;
        sort_by_head(&mut head[run.clone()], &mut movements[run]);
    }
    Ok((head, movements))
}

fn sort_by_head(head: &mut [u32], movements: &mut [Movement]) {
    if head.is_sorted() {
        return;
    }
    if head.len() > SHORT {
        let mut both: Vec<(u32, Movement)> = head.iter().copied().zip(movements.iter().copied()).collect();
        both.sort_by_key(|edge| edge.0);
        for ((head, movement), edge) in head.iter_mut().zip(movements).zip(both) {
            (*head, *movement) = edge;
        }
        return;
    }
    for end in 1..head.len() {
        let mut at = end;
        while at > 0 && head[at - 1] > head[at] {
            head.swap(at - 1, at);
            movements.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// The vehicles that run on a link: one, and at sea inside one area a feeder beside the deep-sea ship.
fn link_keys(network: &Network, link: usize, (a, b): (HubId, HubId)) -> impl Iterator<Item = PlatformKey> {
    let mode = network.link_mode[link];
    let key = PlatformKey { mode, gauge_mm: network.link_gauge[link], feeder_area: 0, is_service: false };
    let area = if mode == Mode::Sea { network.hub_area[a.index()] } else { 0 };
    let has_feeder = area != 0 && area == network.hub_area[b.index()];
    [Some(key), has_feeder.then_some(PlatformKey { feeder_area: area, ..key })].into_iter().flatten()
}

const fn service_key(mode: Mode) -> PlatformKey {
    PlatformKey { mode, gauge_mm: 0, feeder_area: 0, is_service: true }
}

/// Every hub that a vehicle stops at, as often as links and services name it.
fn every_stop(
    network: &Network,
    cancel: &CancelFlag,
    mut stop: impl FnMut(HubId, PlatformKey),
) -> Result<(), Cancelled> {
    for row in 0..network.link_count() {
        cancel.check_every_1024(row)?;
        let (a, b) = network.ends_of_link(LinkId(row as u32));
        for key in link_keys(network, row, (a, b)) {
            stop(a, key);
            stop(b, key);
        }
    }
    for row in 0..network.service_count() {
        cancel.check_every_1024(row)?;
        let (a, b) = network.ends_of_service(ServiceId(row as u32));
        let key = service_key(network.service_mode[row]);
        stop(a, key);
        stop(b, key);
    }
    Ok(())
}

/// Platforms by hub and key, and the first of each hub.
fn lay_platforms(network: &Network, cancel: &CancelFlag) -> Result<(Vec<Platform>, Vec<u32>), Cancelled> {
    let count = network.hub_count();
    let mut first = vec![0_u32; count + 1];
    every_stop(network, cancel, |hub, _| first[hub.index() + 1] += 1)?;
    for at in 0..count {
        first[at + 1] += first[at];
    }
    let mut next = first.clone();
    let mut wanted = vec![service_key(Mode::Sea); first[count] as usize];
    every_stop(network, cancel, |hub, key| {
        wanted[next[hub.index()] as usize] = key;
        next[hub.index()] += 1;
    })?;
    let (mut platforms, mut first_platform) = (Vec::with_capacity(count), Vec::with_capacity(count + 1));
    first_platform.push(0);
    let mut node = 0;
    for row in 0..count {
        cancel.check_every_1024(row)?;
        let own = &mut wanted[first[row] as usize..first[row + 1] as usize];
        let kinds = unlike(own);
        let (hub, is_alone) = (HubId(row as u32), kinds.len() == 1);
        let is_waypoint = network.kind(hub) == HubKind::Junction;
        for &key in kinds {
            let is_one_node = is_waypoint || (is_alone && !key.is_service);
            let depart = if is_one_node { node } else { node + 1 };
            platforms.push(Platform { hub, key, arrive: node, depart });
            node = depart + 1;
        }
        first_platform.push(platforms.len() as u32);
    }
    Ok((platforms, first_platform))
}

/// The different keys among these, in order.
fn unlike(keys: &mut [PlatformKey]) -> &[PlatformKey] {
    if keys.windows(2).all(|pair| pair[0] == pair[1]) {
        return &keys[..keys.len().min(1)];
    }
    keys.sort_unstable();
    let mut kept = 1;
    for at in 1..keys.len() {
        if keys[at] != keys[kept - 1] {
            keys[kept] = keys[at];
            kept += 1;
        }
    }
    &keys[..kept]
}

/// Edges in the order of links, services and hubs.
struct Edges<'a> {
    network: &'a Network,
    platforms: &'a [Platform],
    first: &'a [u32],
    cancel: &'a CancelFlag,
    found: Vec<Edge>,
}

impl Edges<'_> {
    fn find(&self, hub: HubId, key: PlatformKey) -> &Platform {
        let (start, end) = (self.first[hub.index()] as usize, self.first[hub.index() + 1] as usize);
        let nth = if end - start == 1 {
            0
        } else {
            self.platforms[start..end].partition_point(|platform| platform.key < key)
        };
        &self.platforms[start + nth]
    }

    fn links(&mut self) -> Result<(), Cancelled> {
        let oneway = &self.network.tables().links.oneway;
        for (row, &is_oneway) in oneway.iter().enumerate() {
            self.cancel.check_every_1024(row)?;
            let link = LinkId(row as u32);
            let (a, b) = self.network.ends_of_link(link);
            for key in link_keys(self.network, row, (a, b)) {
                let (at, to) = (*self.find(a, key), *self.find(b, key));
                self.found.push((at.depart, to.arrive, Movement::Link { link, is_reversed: false }));
                if !is_oneway {
                    self.found.push((to.depart, at.arrive, Movement::Link { link, is_reversed: true }));
                }
            }
        }
        Ok(())
    }

    fn services(&mut self) -> Result<(), Cancelled> {
        for row in 0..self.network.service_count() {
            self.cancel.check_every_1024(row)?;
            let service = ServiceId(row as u32);
            let (a, b) = self.network.ends_of_service(service);
            let key = service_key(self.network.service_mode[row]);
            let (from, to) = (self.find(a, key).depart, self.find(b, key).arrive);
            self.found.push((from, to, Movement::Service(service)));
        }
        Ok(())
    }

    fn transfers(&mut self) -> Result<(), Cancelled> {
        for hub in (0..self.network.hub_count() as u32).map(HubId) {
            self.cancel.check_every_1024(hub.index())?;
            let range = self.first[hub.index()] as usize..self.first[hub.index() + 1] as usize;
            if self.network.kind(hub) == HubKind::Junction {
                continue;
            }
            for from in range.clone() {
                let arrived = self.platforms[from];
                if !arrived.key.is_service && arrived.arrive != arrived.depart {
                    self.found.push((arrived.arrive, arrived.depart, Movement::Through(hub)));
                }
                for to in range.clone().filter(|&to| to != from || arrived.key.is_service) {
                    let movement = Movement::Transfer { from: from as u32, to: to as u32 };
                    self.found.push((arrived.arrive, self.platforms[to].depart, movement));
                }
            }
        }
        Ok(())
    }
}
