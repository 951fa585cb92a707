//! Labels of every hub of a network, or of all that a stream of pairs asks for.

use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::abreast::{Label, Labels, Room};
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
use crate::search::SearchError;

/// Hubs whose labels are held together.
const HUBS_AT_ONCE: usize = 1024;
/// Every hub is labelled once a label in so many was climbed for alone: that took about as long.
const LABELS_OF_A_MISS: u64 = 5;
const MISSES_AT_LEAST: u64 = 256;
/// Bytes that the labels of every hub may take, all metrics of the process together.
const MOST_BYTES: usize = 384 << 20;
/// Pairs from which on their hubs are labelled.
const MANY_PAIRS: usize = 16;
/// Pairs whose labels are held at once.
const PAIRS_AT_ONCE: usize = 1024;

/// Bytes that are taken now.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

/// A part of [`MOST_BYTES`], given back when it is dropped.
#[derive(Debug)]
struct Taken(usize);

impl Taken {
    const fn has_room(taken: usize, bytes: usize) -> bool {
        taken.saturating_add(bytes) <= MOST_BYTES
    }

    fn of(bytes: usize) -> Option<Self> {
        let more = |taken| Self::has_room(taken, bytes).then(|| taken + bytes);
        TAKEN.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok()?;
        Some(Self(bytes))
    }

    /// Gives back what was not needed.
    fn keep(&mut self, bytes: usize) {
        let spare = self.0.saturating_sub(bytes);
        TAKEN.fetch_sub(spare, Ordering::Relaxed);
        self.0 -= spare;
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        TAKEN.fetch_sub(self.0, Ordering::Relaxed);
    }
}

/// The labels of every hub where trips start and end, from it and to it; junctions are no such hubs.
#[derive(Debug)]
pub(super) struct AllLabels<W> {
    /// Its place in what follows by hub; [`NONE`] for junctions.
    place: Vec<u32>,
    from: Vec<Labels<W>>,
    to: Vec<Labels<W>>,
    _taken: Taken,
}

impl<W: Weight> AllLabels<W> {
    /// The label of a hub.
    pub fn of(&self, (hub, end): Key) -> Option<Label<'_, W>> {
        let place = self.place[hub.index()];
        let labels = if end == End::Origin { &self.from } else { &self.to };
        (place != NONE).then(|| labels[place as usize / HUBS_AT_ONCE].of_nth(place as usize % HUBS_AT_ONCE))
    }
}

/// Hubs where goods can change vehicle, those of neighbouring ranks together.
fn hubs_of_trips(skeleton: &Skeleton, graph: &Graph, network: &Network) -> Vec<HubId> {
    let is_of_trips = |&hub: &HubId| network.kind(hub) != HubKind::Junction;
    let rank =
        |hub: HubId| graph.platforms_of(hub).map(|at| skeleton.rank[graph.platforms()[at].depart as usize]);
    let mut hubs: Vec<HubId> = (0..network.hub_count() as u32).map(HubId).filter(is_of_trips).collect();
    hubs.sort_by_key(|&hub| rank(hub).next());
    hubs
}

/// Bytes that so many labels take at most, about: the platforms of a hub share nearly all of their ways up.
fn most_bytes<W: Weight>(ground: Ground<'_>, labels: u64) -> usize {
    let of_label = ground.skeleton.height * Labels::<W>::BYTES_OF_RANK;
    usize::try_from(labels).unwrap_or(usize::MAX).saturating_mul(of_label)
}

impl<W: Weight> Customised<W> {
    /// Whether the next question is worth [`Self::label_hubs`] first.
    ///
    /// Only where rows are long: elsewhere a climb alone is as fast. And only where the labels find room.
    #[must_use]
    pub fn is_labelling_due(&self, ground: Ground<'_>, network: &Network) -> bool {
        let misses = self.trails.misses();
        let is_worth_it = ground.skeleton.is_dense()
            && self.needed.get().is_some()
            && self.trails.labels().is_none()
            && misses >= MISSES_AT_LEAST;
        if !is_worth_it {
            return false;
        }
        let labels = self.label_count(ground, network);
        misses * LABELS_OF_A_MISS >= labels
            && Taken::has_room(TAKEN.load(Ordering::Relaxed), most_bytes::<W>(ground, labels))
    }

    /// How many labels the hubs of a network have: two for each that trips can start from.
    fn label_count(&self, ground: Ground<'_>, network: &Network) -> u64 {
        *self.label_count.get_or_init(|| {
            let hubs = hubs_of_trips(ground.skeleton, ground.graph, network);
            let seeds = self.seeds(ground, End::Origin, &hubs);
            2 * seeds.iter().filter(|seeds| !seeds.is_empty()).count() as u64
        })
    }

    /// Climbs from every hub and to it, so that later questions start where the climbs end.
    ///
    /// Nothing where the arcs that a best way may use are not known, or labels find no room.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn label_hubs(
        &self,
        ground: Ground<'_>,
        network: &Network,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let Some((up, down)) = self.needed.get() else { return Ok(()) };
        let most = most_bytes::<W>(ground, self.label_count(ground, network));
        let Some(mut taken) = Taken::of(most) else { return Ok(()) };
        let hubs = hubs_of_trips(ground.skeleton, ground.graph, network);
        let labels = |end: End| {
            let chunks = hubs.par_chunks(HUBS_AT_ONCE);
            let arcs = if end == End::Origin { up } else { down };
            chunks.map(|hubs| self.labels(ground, arcs, &self.seeds(ground, end, hubs), cancel)).collect()
        };
        let (from, to): (Result<Vec<_>, _>, Result<Vec<_>, _>) =
            rayon::join(|| labels(End::Origin), || labels(End::Destination));
        let (from, to) = (from?, to?);
        let mut place = vec![NONE; network.hub_count()];
        for (at, hub) in hubs.iter().enumerate() {
            place[hub.index()] = at as u32;
        }
        taken.keep(from.iter().chain(&to).map(Labels::bytes).sum());
        self.turned.get_or_init(|| (up.turned(), down.turned()));
        self.trails.keep_labels(AllLabels { place, from, to, _taken: taken });
        Ok(())
    }

    /// Where trips from hubs may start, or those to them end.
    fn seeds(&self, ground: Ground<'_>, end: End, hubs: &[HubId]) -> Vec<Vec<Seed<W>>> {
        let weighed = ground.weighed(self.arcs());
        let of = if end == End::Origin { loads } else { unloads };
        hubs.iter().map(|&hub| of(ground.skeleton, ground.graph, weighed, hub)).collect()
    }

    fn labels(
        &self,
        ground: Ground<'_>,
        arcs: &Needed<W>,
        seeds: &[Vec<Seed<W>>],
        cancel: &CancelFlag,
    ) -> Result<Labels<W>, Cancelled> {
        let rooms = || self.rooms_abreast.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = rooms().pop();
        let mut room = kept.unwrap_or_else(|| Room::of(ground.skeleton));
        let made = Labels::of(ground.skeleton, arcs, seeds, &mut room, cancel);
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
            let mut parts = pairs.chunks(PAIRS_AT_ONCE);
            return parts.try_for_each(|pairs| self.steps_by_labels(ground, pairs, cancel, &mut take));
        }
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            self.steps_from(ground, run, cancel, &mut take)?;
        }
        Ok(())
    }

    /// The same by labels of the origins and destinations, where the arcs that a best way may use are known.
    pub(super) fn steps_by_labels(
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
        let ups = self.labels(ground, up, &starts, cancel)?;
        let downs = self.labels(ground, down, &ends, cancel)?;
        let own = self.own(ground, cancel)?;
        let mut room = self.room(ground.skeleton);
        for (nth, run) in pairs.chunk_by(|a, b| a.0 == b.0).enumerate() {
            room.forward.lay(ups.of_nth(nth), &starts[nth]);
            for &trip in run {
                if trip.0 == trip.1 {
                    take(Some(&[]));
                    continue;
                }
                let at = destinations.partition_point(|&each| each < trip.1);
                room.backward.lay(downs.of_nth(at), &ends[at]);
                let seeds = (starts[nth].as_slice(), ends[at].as_slice());
                let steps = least_sum(&room.forward, &room.backward).and_then(|(_, meeting)| {
                    room.steps_over(ground.skeleton, (own, self.arcs()), meeting, seeds)
                });
                take(self.or_searched(ground, steps, trip, cancel)?.as_deref());
            }
        }
        self.put_back(room);
        Ok(())
    }
}
