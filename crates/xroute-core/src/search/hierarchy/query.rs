//! Questions to a customised hierarchy: two sweeps up the elimination tree, no queue.

use super::skeleton::{NONE, Skeleton};
use super::weights::{INFINITE, Weights};
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::CLOSED;

/// One best path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What is minimised, loading and unloading included.
    pub value: u64,
    /// Steps from loading to unloading; empty where origin and destination are one.
    pub steps: Vec<u32>,
}

/// Room for one sweep, used again and again.
#[derive(Debug, Clone)]
struct Sweep {
    best: Vec<u64>,
    arc: Vec<u32>,
    below: Vec<u32>,
    seed_step: Vec<u32>,
    is_seen: Vec<bool>,
    ranks: Vec<u32>,
}

/// Room for both sweeps of a question; one for each thread.
#[derive(Debug, Clone)]
pub struct Scratch {
    forward: Sweep,
    backward: Sweep,
}

impl Scratch {
    /// Room for questions to that skeleton.
    #[must_use]
    pub fn of(skeleton: &Skeleton) -> Self {
        let count = skeleton.node.len();
        let sweep = Sweep {
            best: vec![INFINITE; count],
            arc: vec![NONE; count],
            below: vec![NONE; count],
            seed_step: vec![NONE; count],
            is_seen: vec![false; count],
            ranks: Vec::new(),
        };
        Self { forward: sweep.clone(), backward: sweep }
    }
}

impl Sweep {
    fn clear(&mut self) {
        for rank in self.ranks.drain(..) {
            let at = rank as usize;
            (self.best[at], self.arc[at], self.below[at]) = (INFINITE, NONE, NONE);
            (self.seed_step[at], self.is_seen[at]) = (NONE, false);
        }
    }

    /// Notes a rank that the trip may start from and every rank above it.
    fn seed(&mut self, skeleton: &Skeleton, rank: u32, step: usize, weight: u32) {
        let mut next = Some(rank);
        while let Some(rank) = next.filter(|&rank| !self.is_seen[rank as usize]) {
            self.is_seen[rank as usize] = true;
            self.ranks.push(rank);
            next = skeleton.parent(rank);
        }
        if weight != CLOSED && u64::from(weight) < self.best[rank as usize] {
            self.best[rank as usize] = u64::from(weight);
            self.seed_step[rank as usize] = step as u32;
        }
    }

    fn run(&mut self, skeleton: &Skeleton, weight: impl Fn(usize) -> u64) {
        self.ranks.sort_unstable();
        for &rank in &self.ranks {
            let so_far = self.best[rank as usize];
            if so_far == INFINITE {
                continue;
            }
            for arc in skeleton.row(rank) {
                let (reached, to) = (so_far.saturating_add(weight(arc)), skeleton.head[arc] as usize);
                if reached < self.best[to] {
                    (self.best[to], self.arc[to], self.below[to]) = (reached, arc as u32, rank);
                }
            }
        }
    }

    /// Arcs from a rank down to the seed, and the step of the seed.
    fn way_down(&self, mut rank: u32) -> (Vec<u32>, u32) {
        let mut arcs = Vec::new();
        while self.below[rank as usize] != NONE {
            arcs.push(self.arc[rank as usize]);
            rank = self.below[rank as usize];
        }
        (arcs, self.seed_step[rank as usize])
    }
}

/// A best route from one hub to another; `None` when there is none. `weight` is that of `weights`.
#[must_use]
pub fn one_to_one(
    skeleton: &Skeleton,
    graph: &Graph,
    (weights, weight): (&Weights, &[u32]),
    (origin, destination): (HubId, HubId),
    scratch: &mut Scratch,
) -> Option<Found> {
    if origin == destination {
        return Some(Found { value: 0, steps: Vec::new() });
    }
    let Scratch { forward, backward } = scratch;
    forward.clear();
    backward.clear();
    for platform in graph.platforms_of(origin) {
        let step = graph.load_step(platform);
        let rank = skeleton.rank[graph.platforms()[platform].depart as usize];
        forward.seed(skeleton, rank, step, weight[step]);
    }
    for platform in graph.platforms_of(destination) {
        let step = graph.unload_step(platform);
        let rank = skeleton.rank[graph.platforms()[platform].arrive as usize];
        backward.seed(skeleton, rank, step, weight[step]);
    }
    forward.run(skeleton, |arc| weights.up[arc].0);
    backward.run(skeleton, |arc| weights.down[arc].0);
    let sum = |&rank: &u32| forward.best[rank as usize].saturating_add(backward.best[rank as usize]);
    let (value, meeting) = forward.ranks.iter().map(|rank| (sum(rank), *rank)).min()?;
    if value == INFINITE {
        return None;
    }
    let (arcs_up, load) = forward.way_down(meeting);
    let (arcs_down, unload) = backward.way_down(meeting);
    let mut steps = vec![load];
    for &arc in arcs_up.iter().rev() {
        weights.unpack(arc, true, &mut steps);
    }
    for &arc in &arcs_down {
        weights.unpack(arc, false, &mut steps);
    }
    steps.push(unload);
    Some(Found { value, steps })
}
