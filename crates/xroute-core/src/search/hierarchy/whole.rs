//! Climbs of every hub of a network, or of all that a stream of pairs asks for: done side by side.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::abreast::{Climbs, Room, WholeClimb};
use super::perfect::Needed;
use super::prepared::{Customised, Ground, Pairs};
use super::query::{Seed, least_sum, loads, unloads};
use super::skeleton::{NONE, Skeleton};
use super::trails::{End, Key};
use super::weights::Weight;
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::hub::HubKind;
use crate::ids::HubId;
use crate::network::Network;
use crate::search::{SearchError, dijkstra};

/// Hubs whose climbs are held together.
const HUBS_AT_ONCE: usize = 1024;
/// The climbs of every hub are done once one in so many of them was done alone: that took about as long.
const CLIMBS_OF_A_MISS: u64 = 5;
const MISSES_AT_LEAST: u64 = 256;
/// Bytes that the climbs of every hub may take, all metrics together.
const MOST_BYTES: usize = 384 << 20;
/// Pairs from which on their climbs are done side by side.
const MANY_PAIRS: usize = 16;

/// Bytes that are taken now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// The climbs of every hub where trips start and end, from it and to it; junctions are no such hubs.
#[derive(Debug)]
pub(super) struct Whole<W> {
    /// Its place in what follows by hub; [`NONE`] for junctions.
    place: Vec<u32>,
    from: Vec<Climbs<W>>,
    to: Vec<Climbs<W>>,
    bytes: usize,
}

impl<W> Drop for Whole<W> {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

impl<W: Weight> Whole<W> {
    /// The climb of a hub.
    pub fn of(&self, (hub, end): Key) -> Option<WholeClimb<'_, W>> {
        let place = self.place[hub.index()];
        let climbs = if end == End::Origin { &self.from } else { &self.to };
        (place != NONE).then(|| climbs[place as usize / HUBS_AT_ONCE].of_nth(place as usize % HUBS_AT_ONCE))
    }
}

/// Hubs where goods can change vehicle, those of neighbouring ranks together.
fn hubs_of_trips(skeleton: &Skeleton, graph: &Graph, network: &Network) -> Vec<HubId> {
    let is_of_trips = |&hub: &HubId| network.kind(hub) != HubKind::Junction;
    let rank =
        |hub: HubId| graph.platforms_of(hub).map(|at| skeleton.rank[graph.platforms()[at].depart as usize]);
    let mut hubs: Vec<HubId> = (0..graph.hub_count() as u32).map(HubId).filter(is_of_trips).collect();
    hubs.sort_by_key(|&hub| rank(hub).next());
    hubs
}

impl<W: Weight> Customised<W> {
    /// Whether the next question is worth [`Self::climb_from_all`] first.
    ///
    /// Only where rows are long: elsewhere a climb alone is as fast.
    #[must_use]
    pub fn is_climbing_from_all_due(&self, ground: Ground<'_>, network: &Network) -> bool {
        let misses = self.trails.misses();
        let ends = || {
            let hubs = hubs_of_trips(ground.skeleton, ground.graph, network);
            let seeds = self.seeds(ground, End::Origin, &hubs);
            2 * seeds.iter().filter(|seeds| !seeds.is_empty()).count() as u64
        };
        ground.skeleton.is_dense()
            && self.needed.get().is_some()
            && self.trails.whole().is_none()
            && misses >= MISSES_AT_LEAST
            && misses * CLIMBS_OF_A_MISS >= *self.ends.get_or_init(ends)
            && TAKEN.load(Ordering::Relaxed) < MOST_BYTES
    }

    /// Climbs from every hub and to it, so that later questions start where the climbs end.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn climb_from_all(
        &self,
        ground: Ground<'_>,
        network: &Network,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let Some((up, down)) = self.needed.get() else { return Ok(()) };
        let hubs = hubs_of_trips(ground.skeleton, ground.graph, network);
        let climbs = |end: End| {
            let chunks = hubs.par_chunks(HUBS_AT_ONCE);
            let arcs = if end == End::Origin { up } else { down };
            chunks.map(|hubs| self.climbs(ground, arcs, &self.seeds(ground, end, hubs), cancel)).collect()
        };
        let (from, to): (Result<Vec<_>, _>, Result<Vec<_>, _>) =
            rayon::join(|| climbs(End::Origin), || climbs(End::Destination));
        let (from, to) = (from?, to?);
        let mut place = vec![NONE; ground.graph.hub_count()];
        for (at, hub) in hubs.iter().enumerate() {
            place[hub.index()] = at as u32;
        }
        let bytes = from.iter().chain(&to).map(Climbs::bytes).sum();
        TAKEN.fetch_add(bytes, Ordering::Relaxed);
        self.turned.get_or_init(|| (up.turned(), down.turned()));
        self.trails.keep_whole(Whole { place, from, to, bytes });
        Ok(())
    }

    /// Where trips from hubs may start, or those to them end.
    fn seeds(&self, ground: Ground<'_>, end: End, hubs: &[HubId]) -> Vec<Vec<Seed<W>>> {
        let weighed = ground.weighed(self.arcs());
        let of = if end == End::Origin { loads } else { unloads };
        hubs.iter().map(|&hub| of(ground.skeleton, ground.graph, weighed, hub)).collect()
    }

    fn climbs(
        &self,
        ground: Ground<'_>,
        arcs: &Needed<W>,
        seeds: &[Vec<Seed<W>>],
        cancel: &CancelFlag,
    ) -> Result<Climbs<W>, Cancelled> {
        let rooms = || self.rooms_abreast.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = rooms().pop();
        let mut room = kept.unwrap_or_else(|| Room::of(ground.skeleton));
        let made = Climbs::of(ground.skeleton, arcs, seeds, &mut room, cancel);
        rooms().push(room);
        made
    }
}

impl Pairs {
    /// The steps of a best route of each pair, in order; pairs of one origin should stand together.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn steps_of(
        &self,
        ground: Ground<'_>,
        pairs: &[(HubId, HubId)],
        cancel: &CancelFlag,
        mut take: impl FnMut(Option<&[u32]>),
    ) -> Result<(), SearchError> {
        if pairs.len() >= MANY_PAIRS && ground.skeleton.is_dense() && self.needed.get().is_some() {
            return self.steps_side_by_side(ground, pairs, cancel, take);
        }
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            self.steps_from(ground, run, cancel, &mut take)?;
        }
        Ok(())
    }

    /// The same, where the arcs that a best way may use are known: each origin and destination is climbed from
    /// once, eight side by side.
    pub(super) fn steps_side_by_side(
        &self,
        ground: Ground<'_>,
        pairs: &[(HubId, HubId)],
        cancel: &CancelFlag,
        mut take: impl FnMut(Option<&[u32]>),
    ) -> Result<(), SearchError> {
        let Some((up, down)) = self.needed.get() else { return Ok(()) };
        self.turned.get_or_init(|| (up.turned(), down.turned()));
        let origins: Vec<HubId> = pairs.chunk_by(|a, b| a.0 == b.0).map(|run| run[0].0).collect();
        let mut destinations: Vec<HubId> = pairs.iter().map(|pair| pair.1).collect();
        destinations.sort_unstable();
        destinations.dedup();
        let starts = self.seeds(ground, End::Origin, &origins);
        let ends = self.seeds(ground, End::Destination, &destinations);
        let ups = self.climbs(ground, up, &starts, cancel)?;
        let downs = self.climbs(ground, down, &ends, cancel)?;
        let paths = &self.own(ground, cancel)?.paths;
        let mut room = self.room(ground.skeleton);
        for (nth, run) in pairs.chunk_by(|a, b| a.0 == b.0).enumerate() {
            room.forward.lay(ups.of_nth(nth), &starts[nth]);
            for &trip in run {
                if trip.0 == trip.1 {
                    take(Some(&[]));
                    continue;
                }
                let Ok(at) = destinations.binary_search(&trip.1) else { continue };
                room.backward.lay(downs.of_nth(at), &ends[at]);
                let seeds = (starts[nth].as_slice(), ends[at].as_slice());
                let mut steps = least_sum(&room.forward, &room.backward).and_then(|(_, meeting)| {
                    room.steps_over(ground.skeleton, (paths, self.arcs()), meeting, seeds)
                });
                if steps.is_none() && !self.reach.is_certain(ground) {
                    steps =
                        dijkstra::one_to_one(ground.graph, ground.metric, ground.criterion, trip, cancel)?;
                }
                take(steps.as_deref());
            }
        }
        self.put_back(room);
        Ok(())
    }
}
