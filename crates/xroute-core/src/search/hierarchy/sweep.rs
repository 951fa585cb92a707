//! Many origins to many destinations: one sweep down serves sixteen origins (restricted PHAST).
//!
//! After Delling, Goldberg and Werneck, *Faster Batched Shortest Paths in Road Networks* (2011).

use std::sync::Mutex;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use super::query::{Climb, Weighed, loads, unloads};
use super::skeleton::{NONE, Skeleton};
use super::spares::held;
use super::sums::Sums;
use super::weights::Lowered;
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::ids::HubId;

/// Origins that one sweep serves.
pub(super) const LANES: usize = 16;
const FAR: u32 = <u32 as Lowered>::INFINITE;

/// What lies above the destinations, highest first, with the arcs between; chosen once for every origin.
#[derive(Debug, Clone)]
pub struct Targets {
    /// Position by rank; [`NONE`] where it is not among them.
    position: Vec<u32>,
    /// First arc by position, and the end.
    first: Vec<u32>,
    /// Position that an arc comes from, and what it weighs downward.
    arcs: Vec<(u32, u32)>,
    /// The arc of the hierarchy.
    names: Vec<u32>,
    /// Where each destination may be entered: position, weight and step of unloading.
    entries: Vec<Vec<(u32, u32, u32)>>,
    hubs: Vec<HubId>,
}

/// Rows of sixteen numbers, one for each origin.
type Lanes = [u32; LANES];

/// Room for one sweep.
struct Room {
    climb: Climb<u32>,
    best: Vec<Lanes>,
    won_by: Vec<Lanes>,
    sums: Vec<[[u32; Sums::COUNT]; LANES]>,
}

impl Targets {
    /// Chooses what a sweep to these hubs has to look at.
    #[must_use]
    pub fn of(skeleton: &Skeleton, graph: &Graph, weighed: Weighed<'_, u32>, hubs: &[HubId]) -> Self {
        let ends: Vec<_> = hubs.iter().map(|&hub| unloads(skeleton, graph, weighed, hub)).collect();
        let mut position = vec![NONE; skeleton.node_count()];
        let mut ranks = Vec::new();
        for seed in ends.iter().flatten() {
            let mut next = Some(seed.rank);
            while let Some(rank) = next.filter(|&rank| position[rank as usize] == NONE) {
                position[rank as usize] = 0;
                ranks.push(rank);
                next = skeleton.parent(rank);
            }
        }
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        for (at, &rank) in ranks.iter().enumerate() {
            position[rank as usize] = at as u32;
        }
        let (mut first, mut arcs, mut names) = (vec![0], Vec::new(), Vec::new());
        for &rank in &ranks {
            weighed.arcs.down.each(skeleton, rank, |weight, head, name| {
                if weight != FAR {
                    arcs.push((position[head as usize], weight));
                    names.push(name);
                }
            });
            first.push(arcs.len() as u32);
        }
        let entry = |seed: &super::query::Seed<u32>| (position[seed.rank as usize], seed.weight, seed.step);
        let entries = ends.iter().map(|seeds| seeds.iter().map(entry).collect()).collect();
        Self { position, first, arcs, names, entries, hubs: hubs.to_vec() }
    }

    fn len(&self) -> usize {
        self.first.len() - 1
    }

    fn room(&self, skeleton: &Skeleton, has_sums: bool) -> Room {
        let rows = if has_sums { self.len() } else { 0 };
        Room {
            climb: Climb::of(skeleton),
            best: vec![[FAR; LANES]; self.len()],
            won_by: vec![[NONE; LANES]; rows],
            sums: vec![[[0; Sums::COUNT]; LANES]; rows],
        }
    }
}

/// The hierarchy, the graph below it and what the search weighs.
#[derive(Debug, Clone, Copy)]
pub struct Swept<'a> {
    /// The order and arcs.
    pub skeleton: &'a Skeleton,
    /// The graph.
    pub graph: &'a Graph,
    /// The weights.
    pub weighed: Weighed<'a, u32>,
}

impl Swept<'_> {
    /// The minimised quantity for every pair, handed row by row to `write`; `None` where there is no route.
    ///
    /// `out` has one row of `targets` for each origin.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn values<T: Send>(
        self,
        origins: &[HubId],
        targets: &Targets,
        out: &mut [T],
        write: impl Fn(Option<u32>) -> T + Sync,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let answer = |room: &mut Room, origins: &[HubId]| {
            self.climb_all(origins, targets, room, None);
            sweep(targets, &mut room.best);
        };
        let cell = |room: &Room, nth: usize, lane: usize| {
            write(targets.least(&room.best, nth, lane).map(|(value, ..)| value))
        };
        self.in_blocks((origins, targets), out, false, answer, (cell, || write(Some(0))), cancel)
    }

    /// Quantities of one best route for every pair, handed over with its sums; `None` where there is no route.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn totals<T: Send>(
        self,
        origins: &[HubId],
        targets: &Targets,
        sums: &Sums,
        out: &mut [T],
        write: impl Fn(Option<[u32; Sums::COUNT]>) -> T + Sync,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let answer = |room: &mut Room, origins: &[HubId]| {
            self.climb_all(origins, targets, room, Some(sums));
            sweep_and_note(targets, &mut room.best, &mut room.won_by);
            add_up(targets, sums, &room.won_by, &mut room.sums);
        };
        let cell = |room: &Room, nth: usize, lane: usize| {
            write(targets.least(&room.best, nth, lane).map(|(_, position, step)| {
                Sums::after(&room.sums[position as usize][lane], sums.of_step(step))
            }))
        };
        let none = [0; Sums::COUNT];
        self.in_blocks((origins, targets), out, true, answer, (cell, || write(Some(none))), cancel)
    }

    /// Answers sixteen origins at a time, in rooms that are used again; a cell of one hub is `same`.
    fn in_blocks<T: Send>(
        self,
        (origins, targets): (&[HubId], &Targets),
        out: &mut [T],
        has_sums: bool,
        answer: impl Fn(&mut Room, &[HubId]) + Sync,
        (cell, same): (impl Fn(&Room, usize, usize) -> T + Sync, impl Fn() -> T + Sync),
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let width = targets.hubs.len();
        if width == 0 {
            return Ok(());
        }
        let rooms = Mutex::new(Vec::new());
        let blocks = origins.par_chunks(LANES).zip(out.par_chunks_mut(LANES * width));
        blocks.try_for_each(|(origins, rows)| {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            let kept = held(&rooms).pop();
            let mut room = kept.unwrap_or_else(|| targets.room(self.skeleton, has_sums));
            answer(&mut room, origins);
            for (lane, (&origin, row)) in origins.iter().zip(rows.chunks_mut(width)).enumerate() {
                for (nth, (at, &hub)) in row.iter_mut().zip(&targets.hubs).enumerate() {
                    *at = if hub == origin { same() } else { cell(&room, nth, lane) };
                }
            }
            held(&rooms).push(room);
            Ok(())
        })
    }

    /// Climbs from each origin and leaves what it reached among the targets in its lane.
    fn climb_all(self, origins: &[HubId], targets: &Targets, room: &mut Room, sums: Option<&Sums>) {
        room.best.fill([FAR; LANES]);
        room.won_by.fill([NONE; LANES]);
        for (lane, &origin) in origins.iter().enumerate() {
            let seeds = loads(self.skeleton, self.graph, self.weighed, origin);
            room.climb.start(&seeds);
            room.climb.finish(self.skeleton, self.weighed.arcs.up);
            if let Some(sums) = sums {
                room.climb.add_up(self.skeleton, sums, &seeds);
            }
            for &rank in &room.climb.ranks {
                let position = targets.position[rank as usize];
                if position != NONE {
                    room.best[position as usize][lane] = room.climb.reached[rank as usize].weight;
                    if sums.is_some() {
                        room.sums[position as usize][lane] = room.climb.sums[rank as usize];
                    }
                }
            }
        }
    }
}

impl Targets {
    /// The least value at a destination, the position that it is entered from and the step that enters.
    fn least(&self, best: &[Lanes], nth: usize, lane: usize) -> Option<(u32, u32, u32)> {
        let reached = |&(position, weight, step): &(u32, u32, u32)| {
            (best[position as usize][lane].plus(weight), position, step)
        };
        self.entries[nth].iter().map(reached).min().filter(|&(value, ..)| value < FAR)
    }
}

/// Relaxes every arc once, from the highest position down.
fn sweep(targets: &Targets, best: &mut [Lanes]) {
    pulp::Arch::new().dispatch(Sweep { targets, best });
}

/// The same, and notes by lane which arc won; what a climb reached first stays where it is as good.
fn sweep_and_note(targets: &Targets, best: &mut [Lanes], won_by: &mut [Lanes]) {
    pulp::Arch::new().dispatch(SweepAndNote { targets, best, won_by });
}

/// [`sweep`], compiled for the vectors that `pulp` chose; a closure would not be.
struct Sweep<'a> {
    targets: &'a Targets,
    best: &'a mut [Lanes],
}

impl WithSimd for Sweep<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // else it is compiled for any machine
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { targets, best } = self;
        for at in 0..best.len() {
            let arcs = targets.first[at] as usize..targets.first[at + 1] as usize;
            let (above, own) = best.split_at_mut(at);
            let Some(own) = own.first_mut() else { return };
            let mut least = *own;
            for &(from, weight) in &targets.arcs[arcs] {
                let from = &above[from as usize];
                for lane in 0..LANES {
                    least[lane] = least[lane].min(from[lane].wrapping_add(weight));
                }
            }
            *own = least;
        }
    }
}

/// [`sweep_and_note`], likewise.
struct SweepAndNote<'a> {
    targets: &'a Targets,
    best: &'a mut [Lanes],
    won_by: &'a mut [Lanes],
}

impl WithSimd for SweepAndNote<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { targets, best, won_by } = self;
        for (at, won_by) in won_by.iter_mut().enumerate() {
            let (above, own) = best.split_at_mut(at);
            let Some(own) = own.first_mut() else { return };
            let (mut least, mut winner) = (*own, *won_by);
            for arc in targets.first[at]..targets.first[at + 1] {
                let (from, weight) = targets.arcs[arc as usize];
                let from = &above[from as usize];
                for lane in 0..LANES {
                    let reached = from[lane].wrapping_add(weight);
                    let is_less = reached < least[lane];
                    least[lane] = if is_less { reached } else { least[lane] };
                    winner[lane] = if is_less { arc } else { winner[lane] };
                }
            }
            (*own, *won_by) = (least, winner);
        }
    }
}

/// Quantities along the arcs that won.
fn add_up(targets: &Targets, sums: &Sums, won_by: &[Lanes], found: &mut [[[u32; Sums::COUNT]; LANES]]) {
    for (at, won_by) in won_by.iter().enumerate() {
        let (above, own) = found.split_at_mut(at);
        let Some(own) = own.first_mut() else { return };
        for (lane, &arc) in won_by.iter().enumerate().filter(|&(_, &arc)| arc != NONE) {
            let from = &above[targets.arcs[arc as usize].0 as usize][lane];
            own[lane] = Sums::after(from, &sums.down[targets.names[arc as usize] as usize]);
        }
    }
}
