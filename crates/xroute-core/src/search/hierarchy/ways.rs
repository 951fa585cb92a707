//! Least weights from a rank to all above it, or from these to the rank: rows that later questions start from.
//!
//! After Ouyang, Qin, Chang, Lin, Zhang and Zhu, *When Hierarchy Meets 2-Hop-Labeling* (2018): a rank's row is the
//! least of the rows of the ranks that it is joined to, each behind its arc, and rows are looked at by depth, side
//! by side. Where a few hundred ranks lie above every hub this is a tenth of the work of climbing arc by arc.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Mutex, OnceLock};

use pulp::{Simd, WithSimd};

use super::skeleton::{NONE, Skeleton};
use super::spares::held;
use super::trails::End;
use super::weights::{Lowered, Weight, Weights};
use crate::cancel::{CancelFlag, Cancelled};

/// Bytes that the rows of ranks far up may take, of one direction: they are kept with the metric.
const SHARED_BYTES: usize = 48 << 20;
/// Bytes that the rows of ranks further down may take, of one direction: each thread makes its own.
#[cfg(not(test))]
const OWN_BYTES: usize = 8 << 20;
#[cfg(test)]
const OWN_BYTES: usize = 512; // so that tests forget them
/// Quantities that are compared side by side.
const LANES: usize = 16;
/// Rows between two looks at the flag.
const RANKS_AT_ONCE: usize = 64;

/// The least quantities from a rank to each above it by depth, or from these; and the arcs that they begin or end
/// with.
#[derive(Debug, Clone, Default)]
pub(super) struct Way {
    /// By depth, the rank itself the last.
    value: Vec<u32>,
    /// Arcs of the rank that no way over lower arcs of it is better than, rising.
    arcs: Vec<Begin>,
}

/// An arc that least ways may begin or end with.
#[derive(Debug, Clone, Copy)]
struct Begin {
    arc: u32,
    value: u32,
    head: u32,
    /// The depth of its head.
    depth: u32,
}

/// Which ranks have so many below them that their rows are kept for all threads.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared {
    /// Place by rank; [`NONE`] for the others. What is above one of them is one of them.
    place: Vec<u32>,
    count: usize,
}

impl Shared {
    /// None: each thread makes every row for itself.
    #[cfg(test)]
    pub fn none(skeleton: &Skeleton) -> Self {
        Self { place: vec![NONE; skeleton.node_count()], count: 0 }
    }

    /// As many as fit, by how many ranks are below.
    pub fn of(skeleton: &Skeleton) -> Self {
        let ranks = 0..skeleton.node_count();
        let below = |rank: usize| rank - skeleton.lowest[rank] as usize + 1;
        let bytes = |least: usize| -> usize {
            let kept = ranks.clone().filter(|&rank| below(rank) >= least);
            kept.map(|rank| (skeleton.depth[rank] as usize + 1) * size_of::<u32>()).sum()
        };
        let mut least = 1;
        while bytes(least) > SHARED_BYTES {
            least *= 2;
        }
        let mut count = 0;
        let place = ranks.clone().map(|rank| {
            let is_kept = below(rank) >= least;
            count += usize::from(is_kept);
            if is_kept { count as u32 - 1 } else { NONE }
        });
        Self { place: place.collect(), count }
    }
}

/// The rows of one direction that are kept for all threads.
#[derive(Debug)]
pub(super) struct Ways {
    end: End,
    rows: Vec<Row>,
}

/// A row that is made once, and one of another metric to be written over.
#[derive(Debug, Default)]
struct Row {
    made: OnceLock<Way>,
    spare: Mutex<Way>,
}

impl Ways {
    pub fn of(skeleton: &Skeleton, end: End) -> Self {
        Self { end, rows: (0..skeleton.shared.count).map(|_| Row::default()).collect() }
    }

    /// The same room for another metric.
    pub fn emptied(mut self) -> Self {
        for row in &mut self.rows {
            if let Some(way) = row.made.take() {
                row.spare = Mutex::new(way);
            }
        }
        self
    }

    /// Makes every row that is shared.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn make_all<W: Weight>(
        &self,
        skeleton: &Skeleton,
        weights: &Weights<W>,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        if self.rows.iter().all(|row| row.made.get().is_some()) {
            return Ok(());
        }
        let mut lookup = Lookup { skeleton, weights, ways: self, own: &mut OwnWays::of(skeleton) };
        let shared = (0..skeleton.node_count()).rev().filter(|&rank| skeleton.shared.place[rank] != NONE);
        for (nth, rank) in shared.enumerate() {
            if nth % RANKS_AT_ONCE == 0 && cancel.is_raised() {
                return Err(Cancelled);
            }
            lookup.ensure(rank as u32);
        }
        Ok(())
    }
}

/// The rows of one direction that a thread made for itself.
#[derive(Debug, Clone)]
pub(super) struct OwnWays {
    /// Place by rank; [`NONE`] where there is none.
    place: Vec<u32>,
    ranks: Vec<u32>,
    rows: Vec<Way>,
    /// Rows to be written over.
    spare: Vec<Way>,
    numbers: usize,
    missing: Vec<u32>,
}

impl OwnWays {
    pub fn of(skeleton: &Skeleton) -> Self {
        Self {
            place: vec![NONE; skeleton.node_count()],
            ranks: Vec::new(),
            rows: Vec::new(),
            spare: Vec::new(),
            numbers: 0,
            missing: Vec::new(),
        }
    }

    /// Forgets every row once they take too much; between questions, as each needs those that it asked for.
    pub fn forget_if_full(&mut self) {
        if self.numbers * size_of::<u32>() > OWN_BYTES {
            self.forget(); // rows that are far enough up are shared: few are made again
        }
    }

    /// Forgets every row, and keeps the room.
    pub fn forget(&mut self) {
        for &rank in &self.ranks {
            self.place[rank as usize] = NONE;
        }
        self.ranks.clear();
        self.spare.append(&mut self.rows);
        self.numbers = 0;
    }
}

/// Rows of one direction, shared ones and those of this thread.
pub(super) struct Lookup<'a, W> {
    pub skeleton: &'a Skeleton,
    pub weights: &'a Weights<W>,
    pub ways: &'a Ways,
    pub own: &'a mut OwnWays,
}

impl<W: Weight> Lookup<'_, W> {
    /// Makes the row of a rank, and those of all above it, where they are missing.
    pub fn ensure(&mut self, rank: u32) {
        if self.find(rank).is_some() {
            return;
        }
        let mut missing = std::mem::take(&mut self.own.missing);
        let mut next = Some(rank);
        while let Some(rank) = next.filter(|&rank| self.find(rank).is_none()) {
            missing.push(rank);
            next = self.skeleton.parent(rank);
        }
        while let Some(rank) = missing.pop() {
            let place = self.skeleton.shared.place[rank as usize];
            let mut way = match place {
                NONE => self.own.spare.pop().unwrap_or_default(),
                place => std::mem::take(&mut *held(&self.ways.rows[place as usize].spare)),
            };
            pulp::Arch::new().dispatch(Make { lookup: self, rank, way: &mut way });
            match place {
                NONE => {
                    self.own.place[rank as usize] = self.own.rows.len() as u32;
                    self.own.ranks.push(rank);
                    self.own.numbers += way.value.len() + 4 * way.arcs.len();
                    self.own.rows.push(way);
                }
                // another thread may have been first: it made the same
                place => drop(self.ways.rows[place as usize].made.set(way)),
            }
        }
        self.own.missing = missing;
    }

    fn find(&self, rank: u32) -> Option<&Way> {
        match self.skeleton.shared.place[rank as usize] {
            NONE => self.own.rows.get(self.own.place[rank as usize] as usize),
            place => self.ways.rows[place as usize].made.get(),
        }
    }

    /// Least quantities by depth; none where [`Self::ensure`] was not called.
    pub fn row(&self, rank: u32) -> &[u32] {
        self.find(rank).map_or(&[], |way| &way.value)
    }

    /// The weight of the least way between a rank and the one above it at a depth, of several the fastest; its arcs
    /// are handed over from the top.
    pub fn climb(&self, start: u32, depth: usize, mut take: impl FnMut(u32)) -> Option<W> {
        let lowest = self.skeleton.depth[start as usize] as usize;
        // by steps above the start: only least ways to the depth are gone along, and few ranks stand on them
        let mut seen = vec![Seen { weight: W::INFINITE, arc: NONE, from: 0 }; lowest + 1 - depth];
        seen[0].weight = W::of_step(0, 0);
        let mut left = BinaryHeap::from([Reverse((0, start))]);
        while let Some(Reverse((steps, rank))) = left.pop() {
            if lowest - steps == depth {
                let mut at = steps;
                while seen[at].arc != NONE {
                    take(seen[at].arc);
                    at = seen[at].from;
                }
                return Some(seen[steps].weight);
            }
            let way = self.find(rank)?;
            let (here, so_far) = (*way.value.get(depth)?, seen[steps].weight);
            let is_below = |begin: &&Begin| begin.depth as usize >= depth;
            for &Begin { arc, value, head: upper, depth: reached } in way.arcs.iter().take_while(is_below) {
                if value > here || value + self.row(upper)[depth] != here {
                    continue;
                }
                let (weight, above) = (so_far.plus(self.side()[arc as usize]), lowest - reached as usize);
                if seen[above].weight == W::INFINITE {
                    left.push(Reverse((above, upper)));
                }
                if weight < seen[above].weight {
                    seen[above] = Seen { weight, arc, from: steps };
                }
            }
        }
        None
    }

    /// The weights of the least ways between a rank and each above it, of several the fastest, by depth.
    pub fn climb_all(&self, start: u32) -> Vec<W> {
        let mut weights = vec![W::INFINITE; self.skeleton.depth[start as usize] as usize + 1];
        let mut next = Some(start);
        if let Some(own) = weights.last_mut() {
            *own = W::of_step(0, 0);
        }
        while let Some(rank) = next {
            let so_far = weights[self.skeleton.depth[rank as usize] as usize];
            let begins = self.find(rank).filter(|_| so_far < W::INFINITE).map_or(&[][..], |way| &way.arcs);
            for begin in begins {
                let weight = so_far.plus(self.side()[begin.arc as usize]);
                let there = &mut weights[begin.depth as usize];
                *there = weight.min(*there);
            }
            next = self.skeleton.parent(rank);
        }
        weights
    }

    fn side(&self) -> &[W] {
        if self.ways.end == End::Origin { &self.weights.up } else { &self.weights.down }
    }
}

/// A rank on a least way: its weight from the start, the arc that it was reached by, and from which steps above.
#[derive(Debug, Clone, Copy)]
struct Seen<W> {
    weight: W,
    arc: u32,
    from: usize,
}

/// What cannot be reached; two of them add up.
const FAR: u32 = <u32 as Lowered>::INFINITE;

/// Makes a row from those above, compiled for the vectors that `pulp` chose.
struct Make<'a, 'b, W> {
    lookup: &'a Lookup<'b, W>,
    rank: u32,
    way: &'a mut Way,
}

impl<W: Weight> WithSimd for Make<'_, '_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // a closure would be compiled for any machine
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { lookup, rank, way: Way { value: least, arcs } } = self;
        let skeleton = lookup.skeleton;
        least.clear();
        least.resize(skeleton.depth[rank as usize] as usize + 1, FAR);
        arcs.clear();
        let row = skeleton.row(rank);
        let heads = skeleton.head[row.clone()].iter().zip(&skeleton.head_depth[row.clone()]);
        for (arc, (weight, (&head, &depth))) in (row.start as u32..).zip(lookup.side()[row].iter().zip(heads))
        {
            let (value, best) = (weight.value() as u32, least[depth as usize]);
            if value > best || value == FAR {
                continue;
            }
            arcs.push(Begin { arc, value, head, depth });
            if value < best {
                // else a way over lower arcs goes on as well as this one does
                lower(&mut least[..=depth as usize], value, lookup.row(head));
            }
        }
        if let Some(own) = least.last_mut() {
            *own = 0;
        }
    }
}

/// Lowers quantities to what an arc and the row behind it give.
#[allow(clippy::inline_always)] // as above
#[inline(always)]
fn lower(least: &mut [u32], arc: u32, onward: &[u32]) {
    for (own, &onward) in least.iter_mut().zip(onward) {
        *own = (*own).min(arc.wrapping_add(onward)); // two that are not above `FAR` add up
    }
}

/// The least sum of two rows of one length.
pub(super) fn least_sum(up: &[u32], down: &[u32]) -> u32 {
    pulp::Arch::new().dispatch(LeastSum { up, down })
}

struct LeastSum<'a> {
    up: &'a [u32],
    down: &'a [u32],
}

impl WithSimd for LeastSum<'_> {
    type Output = u32;

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> u32 {
        let mut least = [2 * FAR; LANES];
        let (up, down) = (self.up.chunks_exact(LANES), self.down.chunks_exact(LANES));
        let rest = up.remainder().iter().zip(down.remainder()).map(|(up, down)| up + down);
        let rest = rest.fold(2 * FAR, u32::min);
        for (up, down) in up.zip(down) {
            for lane in 0..LANES {
                least[lane] = least[lane].min(up[lane].wrapping_add(down[lane]));
            }
        }
        least.into_iter().fold(rest, u32::min)
    }
}
