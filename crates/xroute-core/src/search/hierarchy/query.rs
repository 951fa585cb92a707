//! Questions to a customised hierarchy: two climbs up the elimination tree, no queue.

use super::lanes::Eight;
use super::perfect::Needed;
use super::skeleton::{NONE, Skeleton};
use super::sums::{Quantities, Sums};
use super::trails::{End, Known, Trail, Trails};
use super::weights::{KnownHalves, Weight, Weights};
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::CLOSED;

/// In place of an arc: the rank is a start or an end of the trip.
const SEED: u32 = NONE - 1;

/// A place where a trip may start or end: its rank, the step that loads or unloads there, and its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seed<W> {
    pub rank: u32,
    pub step: u32,
    pub weight: W,
}

/// The weights that a question adds: those by step, and those of the arcs made from them.
#[derive(Debug, Clone, Copy)]
pub struct Weighed<'a, W> {
    /// Arcs of the hierarchy.
    pub arcs: Arcs<'a, W>,
    /// The minimised quantity by step.
    pub weight: &'a [u32],
    /// Seconds by step.
    pub time_s: &'a [u32],
}

/// The arcs that a search looks at, one direction: every one, or those that a best way may use.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rows<'a, W> {
    All(&'a [W]),
    Lane(&'a [Eight<W>], usize),
    Needed(&'a Needed<W>),
}

impl<W: Weight> Rows<'_, W> {
    /// Hands over the arcs from a rank: what they weigh, where they lead and their numbers.
    #[allow(clippy::inline_always)] // the two loops are the hot ones of every climb
    #[inline(always)]
    pub fn each(self, skeleton: &Skeleton, rank: u32, mut take: impl FnMut(W, u32, u32)) {
        match self {
            Self::All(weights) => {
                let row = skeleton.row(rank);
                let arcs = (row.start as u32..).zip(weights[row.clone()].iter().zip(&skeleton.head[row]));
                for (name, (&weight, &head)) in arcs {
                    take(weight, head, name);
                }
            }
            Self::Lane(weights, lane) => {
                let row = skeleton.row(rank);
                let arcs = (row.start as u32..).zip(weights[row.clone()].iter().zip(&skeleton.head[row]));
                for (name, (weights, &head)) in arcs {
                    take(weights.of_lane(lane), head, name);
                }
            }
            Self::Needed(needed) => {
                for arc in needed.row(rank) {
                    take(arc.weight, arc.head, arc.name);
                }
            }
        }
    }
}

/// The arcs of a customised hierarchy that a search looks at.
#[derive(Debug, Clone, Copy)]
pub struct Arcs<'a, W> {
    pub(super) up: Rows<'a, W>,
    pub(super) down: Rows<'a, W>,
}

impl<W> Weights<W> {
    /// Every arc.
    pub(super) fn arcs(&self) -> Arcs<'_, W> {
        Arcs { up: Rows::All(&self.up), down: Rows::All(&self.down) }
    }
}

/// Room for both climbs of a question; one for each thread.
#[derive(Debug, Clone)]
pub struct Scratch<W> {
    pub(super) forward: Climb<W>,
    pub(super) backward: Climb<W>,
    known: KnownHalves,
}

/// Two hubs, and where a trip between them may start and end.
struct Trip<W> {
    hubs: (HubId, HubId),
    starts: Vec<Seed<W>>,
    ends: Vec<Seed<W>>,
}

impl<W: Weight> Trip<W> {
    fn of(skeleton: &Skeleton, graph: &Graph, weighed: Weighed<'_, W>, hubs: (HubId, HubId)) -> Self {
        let starts = loads(skeleton, graph, weighed, hubs.0);
        Self { hubs, starts, ends: unloads(skeleton, graph, weighed, hubs.1) }
    }
}

/// Where a trip may start.
pub(super) fn loads<W: Weight>(
    skeleton: &Skeleton,
    graph: &Graph,
    weighed: Weighed<'_, W>,
    origin: HubId,
) -> Vec<Seed<W>> {
    let seed = |platform| {
        let step = graph.load_step(platform);
        (graph.platforms()[platform].depart, step)
    };
    seeds(skeleton, weighed, graph.platforms_of(origin).map(seed))
}

/// Where a trip may end.
pub(super) fn unloads<W: Weight>(
    skeleton: &Skeleton,
    graph: &Graph,
    weighed: Weighed<'_, W>,
    destination: HubId,
) -> Vec<Seed<W>> {
    let seed = |platform| {
        let step = graph.unload_step(platform);
        (graph.platforms()[platform].arrive, step)
    };
    seeds(skeleton, weighed, graph.platforms_of(destination).map(seed))
}

fn seeds<W: Weight>(
    skeleton: &Skeleton,
    weighed: Weighed<'_, W>,
    steps: impl Iterator<Item = (u32, usize)>,
) -> Vec<Seed<W>> {
    let open = steps.filter(|&(_, step)| weighed.weight[step] != CLOSED);
    let seed = |(node, step): (u32, usize)| Seed {
        rank: skeleton.rank[node as usize],
        step: step as u32,
        weight: W::of_step(weighed.weight[step], weighed.time_s[step]),
    };
    open.map(seed).collect()
}

/// What a climb reached a rank by: the least weight, and the arc that it came by.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached<W> {
    pub weight: W,
    arc: u32,
}

impl<W: Weight> Reached<W> {
    const NOT: Self = Self { weight: W::INFINITE, arc: NONE };
}

/// The ways up from some seeds: what each rank was reached by.
#[derive(Debug, Clone)]
pub(super) struct Climb<W> {
    /// By rank; side by side, as both are looked at for every arc.
    pub reached: Vec<Reached<W>>,
    /// The ranks that were gone on from, rising.
    pub ranks: Vec<u32>,
    /// Quantities by rank, once they were added up.
    pub sums: Vec<Quantities>,
    next: Vec<u32>,
}

impl<W: Weight> Climb<W> {
    pub fn of(skeleton: &Skeleton) -> Self {
        let count = skeleton.node_count();
        Self { reached: vec![Reached::NOT; count], ranks: Vec::new(), sums: Vec::new(), next: Vec::new() }
    }

    /// Forgets the last climb and stands at the seeds.
    pub fn start(&mut self, seeds: &[Seed<W>]) {
        for &rank in &self.ranks {
            self.reached[rank as usize] = Reached::NOT;
        }
        for &rank in &self.next {
            self.reached[rank as usize] = Reached::NOT;
        }
        self.ranks.clear();
        self.next.clear();
        for seed in seeds {
            let reached = &mut self.reached[seed.rank as usize];
            if seed.weight < reached.weight {
                *reached = Reached { weight: seed.weight, arc: SEED };
            }
            if !self.next.contains(&seed.rank) {
                self.next.push(seed.rank);
            }
        }
        self.next.sort_unstable_by(|a, b| b.cmp(a));
    }

    fn rank(&self) -> u32 {
        self.next.last().copied().unwrap_or(NONE)
    }

    /// Goes on from the least rank: to its parent with or without relaxing its arcs.
    pub fn step(&mut self, skeleton: &Skeleton, arcs: Rows<'_, W>, most: W) {
        let Some(rank) = self.next.pop() else { return };
        self.ranks.push(rank);
        let so_far = self.reached[rank as usize].weight.settled();
        self.reached[rank as usize].weight = so_far;
        if so_far < most {
            // a slice of its own: through `self` it would be looked up again for every arc
            let reached = self.reached.as_mut_slice();
            arcs.each(skeleton, rank, |weight, head, arc| {
                let weight = so_far.onward(weight);
                if let Some(reached) = reached.get_mut(head as usize)
                    && weight < reached.weight
                {
                    *reached = Reached { weight, arc };
                }
            });
        }
        if let Some(parent) = skeleton.parent(rank) {
            match self.next.last() {
                Some(&least) if least < parent => {
                    let at = self.next.partition_point(|&each| each > parent);
                    if self.next.get(at) != Some(&parent) {
                        self.next.insert(at, parent);
                    }
                }
                Some(&least) if least == parent => {}
                _ => self.next.push(parent),
            }
        }
    }

    /// Stands at the seeds, or knows the whole climb already: from what is kept, or because it is kept from now.
    fn set_out(
        &mut self,
        skeleton: &Skeleton,
        arcs: Arcs<'_, W>,
        seeds: &[Seed<W>],
        (trails, key): (&Trails<W>, (HubId, End)),
    ) -> bool {
        match trails.known(key) {
            Known::New => {
                self.start(seeds);
                return false;
            }
            Known::Again => {
                self.start(seeds);
                self.finish(skeleton, if key.1 == End::Origin { arcs.up } else { arcs.down });
                let row = |&rank: &u32| {
                    let Reached { weight, arc } = self.reached[rank as usize];
                    (rank, weight, arc)
                };
                let rows = self.ranks.iter().map(row).filter(|row| row.1 < W::INFINITE).collect();
                trails.keep(key, Trail { rows });
            }
            Known::Kept(trail) => {
                self.start(&[]);
                for &(rank, weight, arc) in &trail.rows {
                    self.reached[rank as usize] = Reached { weight, arc };
                    self.ranks.push(rank);
                }
            }
        }
        true
    }

    /// All the way up.
    pub fn finish(&mut self, skeleton: &Skeleton, arcs: Rows<'_, W>) {
        while !self.next.is_empty() {
            self.step(skeleton, arcs, W::INFINITE);
        }
    }

    /// Least weights at every rank: all the way up, then down every arc once. [`Self::forget_all`] must follow.
    pub fn all(&mut self, skeleton: &Skeleton, weighed: Weighed<'_, W>, seeds: &[Seed<W>]) {
        self.start(seeds);
        self.finish(skeleton, weighed.arcs.up);
        for rank in (0..skeleton.node_count() as u32).rev() {
            let mut least = self.reached[rank as usize].weight;
            weighed.arcs.down.each(skeleton, rank, |weight, head, _| {
                least = least.min(self.reached[head as usize].weight.plus(weight));
            });
            self.reached[rank as usize].weight = least;
        }
    }

    /// Forgets what [`Self::all`] found.
    pub fn forget_all(&mut self) {
        self.reached.fill(Reached::NOT);
        self.ranks.clear();
    }

    /// Quantities along the ways that were found, loading included.
    pub fn add_up(&mut self, skeleton: &Skeleton, sums: &Sums, seeds: &[Seed<W>]) {
        self.sums.resize(self.reached.len(), [0; Sums::COUNT]);
        for &rank in &self.ranks {
            self.sums[rank as usize] = match self.reached[rank as usize].arc {
                NONE => continue,
                SEED => step_at(seeds, rank).map_or([0; Sums::COUNT], |step| *sums.of_step(step)),
                arc => {
                    let below = self.sums[skeleton.tail[arc as usize] as usize];
                    Sums::after(&below, &sums.up[arc as usize])
                }
            };
        }
    }

    /// Arcs from a rank down to its seed, and the rank of the seed.
    fn way_down(&self, skeleton: &Skeleton, mut rank: u32, arcs: &mut Vec<u32>) -> Option<u32> {
        arcs.clear();
        loop {
            let arc = match self.reached[rank as usize].arc {
                SEED => return Some(rank),
                NONE => return None,
                arc => arc,
            };
            arcs.push(arc);
            rank = skeleton.tail[arc as usize];
        }
    }
}

/// The least weight at a hub after a sweep over every rank, unloading included.
pub(super) fn least_at<W: Weight>(
    skeleton: &Skeleton,
    graph: &Graph,
    weighed: Weighed<'_, W>,
    reached: &[Reached<W>],
    hub: HubId,
) -> W {
    let mut least = W::INFINITE;
    for platform in graph.platforms_of(hub) {
        let step = graph.unload_step(platform);
        if weighed.weight[step] != CLOSED {
            let rank = skeleton.rank[graph.platforms()[platform].arrive as usize];
            let unloaded = W::of_step(weighed.weight[step], weighed.time_s[step]);
            least = least.min(reached[rank as usize].weight.plus(unloaded));
        }
    }
    least
}

/// The weight of a way up to a rank and down from it.
fn sum_at<W: Weight>(forward: &Climb<W>, backward: &Climb<W>, rank: u32) -> W {
    let (up, down) = (forward.reached[rank as usize], backward.reached[rank as usize]);
    up.weight.settled().plus(down.weight.settled())
}

/// The least sum of two whole climbs, and the lowest rank where it is found.
fn least_sum<W: Weight>(forward: &Climb<W>, backward: &Climb<W>) -> Option<(W, u32)> {
    let (mut least, mut meeting) = (W::INFINITE, NONE);
    for &rank in &backward.ranks {
        let sum = sum_at(forward, backward, rank);
        if sum < least {
            (least, meeting) = (sum, rank);
        }
    }
    (meeting != NONE).then_some((least, meeting))
}

/// The step of the best seed at a rank.
fn step_at<W: Weight>(seeds: &[Seed<W>], rank: u32) -> Option<u32> {
    let here = seeds.iter().filter(|seed| seed.rank == rank);
    here.min_by_key(|seed| seed.weight).map(|seed| seed.step)
}

impl<W: Weight> Scratch<W> {
    /// Room for questions to that skeleton.
    #[must_use]
    pub fn of(skeleton: &Skeleton) -> Self {
        let (forward, backward) = (Climb::of(skeleton), Climb::of(skeleton));
        Self { forward, backward, known: KnownHalves::of(skeleton) }
    }

    /// The least sum of a way up and a way down, and where they meet: at the lowest of equal ranks.
    fn meet(
        &mut self,
        skeleton: &Skeleton,
        arcs: Arcs<'_, W>,
        trip: &Trip<W>,
        trails: &Trails<W>,
    ) -> Option<(W, u32)> {
        let Self { forward, backward, .. } = self;
        let (from, to) = trip.hubs;
        let is_up_known = forward.set_out(skeleton, arcs, &trip.starts, (trails, (from, End::Origin)));
        let is_down_known = backward.set_out(skeleton, arcs, &trip.ends, (trails, (to, End::Destination)));
        if is_up_known && is_down_known {
            return least_sum(forward, backward);
        }
        let (mut least, mut meeting) = (W::INFINITE, NONE);
        loop {
            let (from, to) = (forward.rank(), backward.rank());
            let (from, to) = (if is_up_known { to } else { from }, if is_down_known { from } else { to });
            if from == NONE || to == NONE {
                break; // what only one climb reaches joins nothing
            }
            if from == to {
                let sum = sum_at(forward, backward, from);
                if sum < least {
                    (least, meeting) = (sum, from);
                }
            }
            if from <= to && !is_up_known {
                forward.step(skeleton, arcs.up, least);
            }
            if to <= from && !is_down_known {
                backward.step(skeleton, arcs.down, least);
            }
        }
        (meeting != NONE).then_some((least, meeting))
    }

    /// The minimised quantity between two hubs, loading and unloading included; `None` when there is no route.
    pub fn value(
        &mut self,
        skeleton: &Skeleton,
        graph: &Graph,
        (weighed, trails): (Weighed<'_, W>, &Trails<W>),
        hubs: (HubId, HubId),
    ) -> Option<u64> {
        if hubs.0 == hubs.1 {
            return Some(0);
        }
        let trip = Trip::of(skeleton, graph, weighed, hubs);
        self.meet(skeleton, weighed.arcs, &trip, trails).map(|(weight, _)| weight.value())
    }

    /// The steps of a best route, from loading to unloading; none where origin and destination are one.
    ///
    /// `None` when there is no route.
    pub fn steps(
        &mut self,
        skeleton: &Skeleton,
        graph: &Graph,
        (weighed, own, trails): (Weighed<'_, W>, &Weights<W>, &Trails<W>),
        hubs: (HubId, HubId),
    ) -> Option<Vec<u32>> {
        if hubs.0 == hubs.1 {
            return Some(Vec::new());
        }
        let trip = Trip::of(skeleton, graph, weighed, hubs);
        let (_, meeting) = self.meet(skeleton, weighed.arcs, &trip, trails)?;
        self.steps_over(skeleton, own, meeting, (&trip.starts, &trip.ends))
    }

    /// Climbs from an origin, for [`Self::steps_to`]; gives where the trip may start.
    pub fn climb_from(
        &mut self,
        skeleton: &Skeleton,
        graph: &Graph,
        weighed: Weighed<'_, W>,
        origin: HubId,
    ) -> Vec<Seed<W>> {
        let starts = loads(skeleton, graph, weighed, origin);
        self.forward.start(&starts);
        self.forward.finish(skeleton, weighed.arcs.up);
        starts
    }

    /// The steps of a best route from where [`Self::climb_from`] started; `None` when there is no route.
    pub fn steps_to(
        &mut self,
        skeleton: &Skeleton,
        graph: &Graph,
        (weighed, own, trails): (Weighed<'_, W>, &Weights<W>, &Trails<W>),
        starts: &[Seed<W>],
        destination: HubId,
    ) -> Option<Vec<u32>> {
        let ends = unloads(skeleton, graph, weighed, destination);
        let Self { forward, backward, .. } = self;
        let arcs = weighed.arcs;
        let (mut least, mut meeting) = (W::INFINITE, NONE);
        if backward.set_out(skeleton, arcs, &ends, (trails, (destination, End::Destination))) {
            (_, meeting) = least_sum(forward, backward)?;
        }
        while backward.rank() != NONE {
            let rank = backward.rank();
            let sum = sum_at(forward, backward, rank);
            if sum < least {
                (least, meeting) = (sum, rank);
            }
            backward.step(skeleton, arcs.down, least);
        }
        if meeting == NONE {
            return None;
        }
        self.steps_over(skeleton, own, meeting, (starts, &ends))
    }

    fn steps_over(
        &mut self,
        skeleton: &Skeleton,
        own: &Weights<W>,
        meeting: u32,
        (starts, ends): (&[Seed<W>], &[Seed<W>]),
    ) -> Option<Vec<u32>> {
        let mut steps = vec![0];
        let (first, last) = self.unpack(skeleton, own, meeting, |edge, _, _| steps.push(edge))?;
        steps[0] = step_at(starts, first)?;
        steps.push(step_at(ends, last)?);
        Some(steps)
    }

    /// The minimised quantity and the ranks that a best route passes, from the first that is loaded at.
    ///
    /// `None` when there is no route; no ranks where origin and destination are one.
    pub fn ranks(
        &mut self,
        skeleton: &Skeleton,
        graph: &Graph,
        (weighed, own, trails): (Weighed<'_, W>, &Weights<W>, &Trails<W>),
        hubs: (HubId, HubId),
    ) -> Option<(u64, Vec<u32>)> {
        if hubs.0 == hubs.1 {
            return Some((0, Vec::new()));
        }
        let trip = Trip::of(skeleton, graph, weighed, hubs);
        let (least, meeting) = self.meet(skeleton, weighed.arcs, &trip, trails)?;
        let mut ranks = vec![0];
        let (first, _) = self.unpack(skeleton, own, meeting, |_, arc, is_up| {
            ranks.push(if is_up { skeleton.head[arc as usize] } else { skeleton.tail[arc as usize] });
        })?;
        ranks[0] = first;
        Some((least.value(), ranks))
    }

    /// Unpacks the way up to a meeting and down from it; gives the ranks of its start and its end.
    fn unpack(
        &mut self,
        skeleton: &Skeleton,
        own: &Weights<W>,
        meeting: u32,
        mut take: impl FnMut(u32, u32, bool),
    ) -> Option<(u32, u32)> {
        let mut way = Vec::new();
        let first = self.forward.way_down(skeleton, meeting, &mut way)?;
        for &arc in way.iter().rev() {
            own.unpack(skeleton, (arc, true), &mut self.known, &mut take);
        }
        let last = self.backward.way_down(skeleton, meeting, &mut way)?;
        for &arc in &way {
            own.unpack(skeleton, (arc, false), &mut self.known, &mut take);
        }
        Some((first, last))
    }
}
