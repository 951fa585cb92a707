//! Questions to a customised hierarchy: two climbs up the elimination tree, no queue.

use super::perfect::Needed;
use super::skeleton::{NONE, Skeleton};
use super::sums::{Quantities, Sums};
use super::weights::{Paths, Weight};
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
            Self::Needed(needed) => {
                for arc in needed.row(rank) {
                    take(arc.weight, arc.head, arc.name);
                }
            }
        }
    }
}

/// A customised hierarchy: what arcs stand for, and those to look at.
#[derive(Debug, Clone, Copy)]
pub struct Arcs<'a, W> {
    pub(super) paths: &'a Paths,
    pub(super) up: Rows<'a, W>,
    pub(super) down: Rows<'a, W>,
}

/// Room for both climbs of a question; one for each thread.
#[derive(Debug, Clone)]
pub struct Scratch<W> {
    pub(super) forward: Climb<W>,
    backward: Climb<W>,
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

/// The ways up from some seeds: least weights by rank, each with the arc that it came by.
#[derive(Debug, Clone)]
pub(super) struct Climb<W> {
    pub best: Vec<W>,
    pub arc: Vec<u32>,
    /// Ranks seen, rising.
    pub ranks: Vec<u32>,
    /// Quantities by rank, once they were added up.
    pub sums: Vec<Quantities>,
    next: Vec<u32>,
}

impl<W: Weight> Climb<W> {
    pub fn of(skeleton: &Skeleton) -> Self {
        let count = skeleton.node_count();
        let (best, arc) = (vec![W::INFINITE; count], vec![NONE; count]);
        Self { best, arc, ranks: Vec::new(), sums: Vec::new(), next: Vec::new() }
    }

    /// Forgets the last climb and stands at the seeds.
    pub fn start(&mut self, seeds: &[Seed<W>]) {
        for &rank in &self.ranks {
            self.best[rank as usize] = W::INFINITE;
            self.arc[rank as usize] = NONE;
        }
        for &rank in &self.next {
            self.best[rank as usize] = W::INFINITE;
            self.arc[rank as usize] = NONE;
        }
        self.ranks.clear();
        self.next.clear();
        for seed in seeds {
            if seed.weight < self.best[seed.rank as usize] {
                self.best[seed.rank as usize] = seed.weight;
                self.arc[seed.rank as usize] = SEED;
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
        let so_far = self.best[rank as usize];
        if so_far < most {
            arcs.each(skeleton, rank, |weight, head, name| {
                let (reached, at) = (so_far.plus(weight), head as usize);
                if reached < self.best[at] {
                    (self.best[at], self.arc[at]) = (reached, name);
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
            let mut least = self.best[rank as usize];
            weighed.arcs.down.each(skeleton, rank, |weight, head, _| {
                least = least.min(self.best[head as usize].plus(weight));
            });
            self.best[rank as usize] = least;
        }
    }

    /// Forgets what [`Self::all`] found.
    pub fn forget_all(&mut self) {
        self.best.fill(W::INFINITE);
        self.arc.fill(NONE);
        self.ranks.clear();
    }

    /// Quantities along the ways that were found, loading included.
    pub fn add_up(&mut self, skeleton: &Skeleton, sums: &Sums, seeds: &[Seed<W>]) {
        self.sums.resize(self.best.len(), [0; Sums::COUNT]);
        for &rank in &self.ranks {
            self.sums[rank as usize] = match self.arc[rank as usize] {
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
    fn way_down(&self, skeleton: &Skeleton, mut rank: u32, arcs: &mut Vec<u32>) -> u32 {
        arcs.clear();
        while self.arc[rank as usize] != SEED {
            let arc = self.arc[rank as usize];
            arcs.push(arc);
            rank = skeleton.tail[arc as usize];
        }
        rank
    }
}

/// The least weight at a hub after a sweep over every rank, unloading included.
pub(super) fn least_at<W: Weight>(
    skeleton: &Skeleton,
    graph: &Graph,
    weighed: Weighed<'_, W>,
    best: &[W],
    hub: HubId,
) -> W {
    let mut least = W::INFINITE;
    for platform in graph.platforms_of(hub) {
        let step = graph.unload_step(platform);
        if weighed.weight[step] != CLOSED {
            let rank = skeleton.rank[graph.platforms()[platform].arrive as usize];
            least =
                least.min(best[rank as usize].plus(W::of_step(weighed.weight[step], weighed.time_s[step])));
        }
    }
    least
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
        Self { forward: Climb::of(skeleton), backward: Climb::of(skeleton) }
    }

    /// The least sum of a way up and a way down, and where they meet.
    fn meet(
        &mut self,
        skeleton: &Skeleton,
        arcs: Arcs<'_, W>,
        ends: (&[Seed<W>], &[Seed<W>]),
    ) -> Option<(W, u32)> {
        let Self { forward, backward } = self;
        forward.start(ends.0);
        backward.start(ends.1);
        let (mut least, mut meeting) = (W::INFINITE, NONE);
        loop {
            let (from, to) = (forward.rank(), backward.rank());
            if from == NONE || to == NONE {
                break; // what only one climb reaches joins nothing
            }
            if from == to {
                let sum = forward.best[from as usize].plus(backward.best[from as usize]);
                if sum < least {
                    (least, meeting) = (sum, from);
                }
            }
            if from <= to {
                forward.step(skeleton, arcs.up, least);
            }
            if to <= from {
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
        weighed: Weighed<'_, W>,
        (origin, destination): (HubId, HubId),
    ) -> Option<u64> {
        if origin == destination {
            return Some(0);
        }
        let starts = loads(skeleton, graph, weighed, origin);
        let ends = unloads(skeleton, graph, weighed, destination);
        self.meet(skeleton, weighed.arcs, (&starts, &ends)).map(|(weight, _)| weight.value())
    }

    /// The steps of a best route, from loading to unloading; none where origin and destination are one.
    ///
    /// `None` when there is no route.
    pub fn steps(
        &mut self,
        skeleton: &Skeleton,
        graph: &Graph,
        weighed: Weighed<'_, W>,
        (origin, destination): (HubId, HubId),
    ) -> Option<Vec<u32>> {
        if origin == destination {
            return Some(Vec::new());
        }
        let starts = loads(skeleton, graph, weighed, origin);
        let ends = unloads(skeleton, graph, weighed, destination);
        let (_, meeting) = self.meet(skeleton, weighed.arcs, (&starts, &ends))?;
        self.steps_over(skeleton, weighed, meeting, (&starts, &ends))
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
        weighed: Weighed<'_, W>,
        starts: &[Seed<W>],
        destination: HubId,
    ) -> Option<Vec<u32>> {
        let ends = unloads(skeleton, graph, weighed, destination);
        let Self { forward, backward } = self;
        backward.start(&ends);
        let (mut least, mut meeting) = (W::INFINITE, NONE);
        while backward.rank() != NONE {
            let rank = backward.rank();
            let sum = forward.best[rank as usize].plus(backward.best[rank as usize]);
            if sum < least {
                (least, meeting) = (sum, rank);
            }
            backward.step(skeleton, weighed.arcs.down, least);
        }
        if meeting == NONE {
            return None;
        }
        self.steps_over(skeleton, weighed, meeting, (starts, &ends))
    }

    fn steps_over(
        &self,
        skeleton: &Skeleton,
        weighed: Weighed<'_, W>,
        meeting: u32,
        (starts, ends): (&[Seed<W>], &[Seed<W>]),
    ) -> Option<Vec<u32>> {
        let mut steps = vec![0];
        let (first, last) = self.unpack(skeleton, weighed, meeting, |edge, _, _| steps.push(edge));
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
        weighed: Weighed<'_, W>,
        (origin, destination): (HubId, HubId),
    ) -> Option<(u64, Vec<u32>)> {
        if origin == destination {
            return Some((0, Vec::new()));
        }
        let starts = loads(skeleton, graph, weighed, origin);
        let ends = unloads(skeleton, graph, weighed, destination);
        let (least, meeting) = self.meet(skeleton, weighed.arcs, (&starts, &ends))?;
        let mut ranks = vec![0];
        let (first, _) = self.unpack(skeleton, weighed, meeting, |_, arc, is_up| {
            ranks.push(if is_up { skeleton.head[arc as usize] } else { skeleton.tail[arc as usize] });
        });
        ranks[0] = first;
        Some((least.value(), ranks))
    }

    /// Unpacks the way up to a meeting and down from it; gives the ranks of its start and its end.
    fn unpack(
        &self,
        skeleton: &Skeleton,
        weighed: Weighed<'_, W>,
        meeting: u32,
        mut take: impl FnMut(u32, u32, bool),
    ) -> (u32, u32) {
        let mut arcs = Vec::new();
        let first = self.forward.way_down(skeleton, meeting, &mut arcs);
        for &arc in arcs.iter().rev() {
            weighed.arcs.paths.unpack(skeleton, arc, true, &mut take);
        }
        let last = self.backward.way_down(skeleton, meeting, &mut arcs);
        for &arc in &arcs {
            weighed.arcs.paths.unpack(skeleton, arc, false, &mut take);
        }
        (first, last)
    }
}
