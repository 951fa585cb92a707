//! Customisation: least weights of the arcs of a skeleton, by lower triangles.

use std::ops::Range;

use super::skeleton::{NONE, Skeleton};
use crate::cancel::{CancelFlag, Cancelled};
use crate::metric::CLOSED;

/// What lower triangles lower: a weight, or several side by side.
pub trait Lowered: Copy + PartialEq + Send + Sync {
    /// What is noted of the way that won.
    type Over: Copy + Default + Send;

    /// The weight of what cannot be travelled; two of them still add up.
    const INFINITE: Self;

    /// One weight after another. Neither exceeds [`Self::INFINITE`]; the sum may.
    #[must_use]
    fn plus(self, other: Self) -> Self;

    /// The lesser of both, by the instruction for it: a comparison and a move becomes a store under a mask.
    #[must_use]
    fn least(self, other: Self) -> Self;

    /// What is noted of a lower arc.
    fn over(side: u32) -> Self::Over;

    /// Takes a sum where it is less, and notes what it came over.
    fn lower(&mut self, over: &mut Self::Over, sum: Self, by: Self::Over);
}

/// What an arc weighs: a number that adds up and compares, with one that nothing exceeds.
pub trait Weight: Lowered<Over = u32> + Ord + std::fmt::Debug {
    /// The weight of a step that can be travelled.
    fn of_step(value: u32, time_s: u32) -> Self;

    /// The minimised quantity of a finite weight.
    fn value(self) -> u64;
}

#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower<W: Lowered + Ord>(best: &mut W, over: &mut u32, sum: W, side: u32) {
    let is_less = sum < *best;
    *best = sum.least(*best);
    *over = if is_less { side } else { *over };
}

/// The minimised quantity alone.
impl Lowered for u32 {
    type Over = Self;

    const INFINITE: Self = 0x7FFF_FFFF;

    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other) // neither is above 2^31 - 1, so nothing wraps
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        self.min(other)
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn over(side: u32) -> Self {
        side
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn lower(&mut self, over: &mut Self, sum: Self, by: Self) {
        lower(self, over, sum, by);
    }
}

impl Weight for u32 {
    fn of_step(value: u32, _: u32) -> Self {
        value
    }

    fn value(self) -> u64 {
        u64::from(self)
    }
}

/// The minimised quantity, then seconds: of two equal ways the faster.
///
/// The quantity stands above 31 bits of seconds, so that two of them still add up below the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThenFaster(i64);

const SECONDS_BITS: u32 = 31;
/// As many seconds as are told apart: 68 years.
const MOST_SECONDS: i64 = (1 << SECONDS_BITS) - 1;

impl Lowered for ThenFaster {
    type Over = u32;

    const INFINITE: Self = Self(0x7FFF_FFFF << SECONDS_BITS);

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        let values = (self.0 & !MOST_SECONDS).wrapping_add(other.0 & !MOST_SECONDS);
        let seconds = (self.0 & MOST_SECONDS).wrapping_add(other.0 & MOST_SECONDS);
        Self(values | seconds.min(MOST_SECONDS))
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn over(side: u32) -> u32 {
        side
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn lower(&mut self, over: &mut u32, sum: Self, by: u32) {
        lower(self, over, sum, by);
    }
}

impl Weight for ThenFaster {
    fn of_step(value: u32, time_s: u32) -> Self {
        Self(i64::from(value) << SECONDS_BITS | i64::from(time_s).min(MOST_SECONDS))
    }

    fn value(self) -> u64 {
        (self.0 >> SECONDS_BITS).cast_unsigned()
    }
}

/// In place of the lower arc of a triangle: the arc is an edge, and this is its number.
pub(super) const EDGE: u32 = 1 << 31;

/// Weights of one metric, upward and downward, and over which lower arc each was found.
#[derive(Debug, Clone)]
pub struct Weights<W> {
    pub(super) up: Vec<W>,
    pub(super) down: Vec<W>,
    pub(super) paths: Paths,
}

/// What the arcs stand for, upward and downward: an edge, or the way over a lower arc.
#[derive(Debug, Clone)]
pub struct Paths {
    pub(super) up_over: Vec<u32>,
    pub(super) down_over: Vec<u32>,
}

impl<W: Weight> Weights<W> {
    /// Customises a skeleton for weights by edge; of equal edges the first stays, and an edge before a detour.
    ///
    /// The arcs do not depend on the number of threads.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(
        skeleton: &Skeleton,
        weight: &[u32],
        time_s: &[u32],
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let arcs = skeleton.arc_count();
        let mut weights = Self {
            up: vec![W::INFINITE; arcs],
            down: vec![W::INFINITE; arcs],
            paths: Paths { up_over: vec![NONE; arcs], down_over: vec![NONE; arcs] },
        };
        for (edge, &slot) in skeleton.slot_of_edge.iter().enumerate() {
            if slot == NONE || weight[edge] == CLOSED {
                continue;
            }
            let (side, over) = if slot & 1 == 0 {
                (&mut weights.up, &mut weights.paths.up_over)
            } else {
                (&mut weights.down, &mut weights.paths.down_over)
            };
            let (arc, own) = (slot as usize / 2, W::of_step(weight[edge], time_s[edge]));
            if own < side[arc] {
                (side[arc], over[arc]) = (own, EDGE | edge as u32);
            }
        }
        let part = Part {
            base: 0,
            up: &mut weights.up,
            down: &mut weights.down,
            up_over: &mut weights.paths.up_over,
            down_over: &mut weights.paths.down_over,
        };
        part.customise(skeleton, 0..skeleton.node_count(), cancel)?;
        Ok(weights)
    }
}

impl Paths {
    /// Hands over the arcs that are edges of the graph, in the order of travel: edge, arc and whether upward.
    pub(super) fn unpack(
        &self,
        skeleton: &Skeleton,
        arc: u32,
        is_up: bool,
        mut take: impl FnMut(u32, u32, bool),
    ) {
        let mut left = vec![(arc, is_up)];
        while let Some((arc, is_up)) = left.pop() {
            let over = if is_up { self.up_over[arc as usize] } else { self.down_over[arc as usize] };
            if over & EDGE != 0 {
                take(over & !EDGE, arc, is_up);
            } else if let Some([first, second]) = halves(skeleton, arc, over, is_up) {
                left.push(second);
                left.push(first);
            }
        }
    }
}

/// The two arcs that an arc over a lower one stands for, in the order of travel: each with whether it is upward.
pub(super) fn halves(skeleton: &Skeleton, arc: u32, over: u32, is_up: bool) -> Option<[(u32, bool); 2]> {
    let lower = skeleton.tail[over as usize];
    let other = skeleton.arc_between(lower, skeleton.head[arc as usize])?;
    Some(if is_up { [(over, false), (other, true)] } else { [(other, false), (over, true)] })
}

/// Ranks up to this many are customised by one thread.
const SMALL_PART: usize = 8192;

/// The arcs of a run of ranks.
pub(super) struct Part<'a, W: Lowered> {
    pub base: usize,
    pub up: &'a mut [W],
    pub down: &'a mut [W],
    pub up_over: &'a mut [W::Over],
    pub down_over: &'a mut [W::Over],
}

impl<W: Lowered> Part<'_, W> {
    /// Relaxes the triangles below a run of ranks in which whole trees stand, lower ranks first.
    pub fn customise(
        mut self,
        skeleton: &Skeleton,
        ranks: Range<usize>,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let mut end = ranks.end;
        while end - ranks.start > SMALL_PART && skeleton.lowest[end - 1] as usize == ranks.start {
            end -= 1; // the top of the only tree waits for what is below
        }
        if end - ranks.start > SMALL_PART {
            let middle = skeleton.gap_near_the_middle(ranks.start..end);
            let (low, high) = self.split_at(skeleton.first[middle] as usize);
            let (low, high) = rayon::join(
                || low.customise(skeleton, ranks.start..middle, cancel),
                || high.customise(skeleton, middle..end, cancel),
            );
            low.and(high)?;
        } else {
            end = ranks.start;
        }
        let mut room = Room::of(skeleton);
        for ranks in (end..ranks.end).collect::<Vec<_>>().chunks(1024) {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            pulp::Arch::new().dispatch(RelaxBelow { part: &mut self, skeleton, ranks, room: &mut room });
        }
        Ok(())
    }

    /// The arcs before and from an arc on; what is split off borrows from this part.
    fn split_at(&mut self, arc: usize) -> (Part<'_, W>, Part<'_, W>) {
        let at = arc - self.base;
        let (up, down) = (self.up.split_at_mut(at), self.down.split_at_mut(at));
        let (up_over, down_over) = (self.up_over.split_at_mut(at), self.down_over.split_at_mut(at));
        let low =
            Part { base: self.base, up: up.0, down: down.0, up_over: up_over.0, down_over: down_over.0 };
        let high = Part { base: arc, up: up.1, down: down.1, up_over: up_over.1, down_over: down_over.1 };
        (low, high)
    }

    #[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
    #[inline(always)]
    fn relax_below(&mut self, skeleton: &Skeleton, rank: u32, room: &mut Room<W>) {
        let row = skeleton.row(rank);
        for arc in row.clone() {
            room.arc_at_depth[skeleton.head_depth[arc] as usize] = (arc - self.base) as u32;
        }
        let mut left = skeleton.arcs_below(rank);
        while let Some(&side) = left.first() {
            let end = skeleton.first[skeleton.tail[side as usize] as usize + 1] as usize;
            let others = end - side as usize - 1;
            let panel = if others < FEW_UPPER { 1 } else { skeleton.sides_of_one_panel(left) };
            let (sides, after) = left.split_at(panel);
            left = after;
            if panel < FEW_SIDES {
                for &side in sides {
                    self.relax_over(skeleton, side, &row, &room.arc_at_depth);
                }
            } else {
                self.relax_over_panel(skeleton, sides, &row, room);
            }
        }
    }

    /// Relaxes the triangles over one lower arc that ends at the rank of `row`.
    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn relax_over(&mut self, skeleton: &Skeleton, side: u32, row: &Range<usize>, arc_at_depth: &[u32]) {
        let at = side as usize - self.base;
        let (to_lower, from_lower) = (self.down[at], self.up[at]);
        if to_lower == W::INFINITE && from_lower == W::INFINITE {
            return;
        }
        let by = W::over(side);
        let end = skeleton.first[skeleton.tail[side as usize] as usize + 1] as usize;
        let others = at + 1..end - self.base;
        if others.len() == row.len() {
            // the same upper neighbours, in the same order
            let start = row.start - self.base;
            let (below, own) = self.up.split_at_mut(start);
            lower_all(own, &mut self.up_over[start..], &below[others.clone()], to_lower, by);
            let (below, own) = self.down.split_at_mut(start);
            lower_all(own, &mut self.down_over[start..], &below[others], from_lower, by);
            return;
        }
        for (other, &depth) in others.zip(&skeleton.head_depth[side as usize + 1..end]) {
            let third = arc_at_depth[depth as usize] as usize;
            let up = to_lower.plus(self.up[other]);
            self.up[third].lower(&mut self.up_over[third], up, by);
            let down = self.down[other].plus(from_lower);
            self.down[third].lower(&mut self.down_over[third], down, by);
        }
    }

    /// Relaxes the triangles over the lower arcs of one panel that end at the rank of `row`, lowest ranks first.
    ///
    /// All of them go on to the same upper ranks: the best ways to these are found side by side, before they are
    /// compared with what is there.
    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn relax_over_panel(
        &mut self,
        skeleton: &Skeleton,
        sides: &[u32],
        row: &Range<usize>,
        room: &mut Room<W>,
    ) {
        let Some(&lowest) = sides.first() else { return };
        let end = skeleton.first[skeleton.tail[lowest as usize] as usize + 1] as usize;
        let depths = &skeleton.head_depth[lowest as usize + 1..end];
        let Room { arc_at_depth, up, down, up_over, down_over } = room;
        let count = depths.len();
        let (up, down) = (&mut up[..count], &mut down[..count]);
        let (up_over, down_over) = (&mut up_over[..count], &mut down_over[..count]);
        up.fill(W::INFINITE);
        down.fill(W::INFINITE);
        for &side in sides {
            let (at, by) = (side as usize - self.base, W::over(side));
            let (to_lower, from_lower) = (self.down[at], self.up[at]);
            let others = at + 1..at + 1 + count;
            if to_lower != W::INFINITE {
                lower_all(up, up_over, &self.up[others.clone()], to_lower, by);
            }
            if from_lower != W::INFINITE {
                lower_all(down, down_over, &self.down[others], from_lower, by);
            }
        }
        if count == row.len() {
            let own = row.start - self.base..row.end - self.base;
            take_all(&mut self.up[own.clone()], &mut self.up_over[own.clone()], up, up_over);
            take_all(&mut self.down[own.clone()], &mut self.down_over[own], down, down_over);
            return;
        }
        for (nth, &depth) in depths.iter().enumerate() {
            let third = arc_at_depth[depth as usize] as usize;
            self.up[third].lower(&mut self.up_over[third], up[nth], up_over[nth]);
            self.down[third].lower(&mut self.down_over[third], down[nth], down_over[nth]);
        }
    }
}

/// Relaxes below ranks, with the vectors that `pulp` chose.
struct RelaxBelow<'a, 'b, W: Lowered> {
    part: &'a mut Part<'b, W>,
    skeleton: &'a Skeleton,
    ranks: &'a [usize],
    room: &'a mut Room<W>,
}

impl<W: Lowered> pulp::WithSimd for RelaxBelow<'_, '_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) {
        for &rank in self.ranks {
            self.part.relax_below(self.skeleton, rank as u32, self.room);
        }
    }
}

/// Lower arcs of one panel from which on they are relaxed together.
const FEW_SIDES: usize = 2;
/// Upper ranks from which on lower arcs are relaxed together.
const FEW_UPPER: usize = 8;

/// Room for relaxing below one rank after another.
struct Room<W: Lowered> {
    arc_at_depth: Vec<u32>,
    up: Vec<W>,
    down: Vec<W>,
    up_over: Vec<W::Over>,
    down_over: Vec<W::Over>,
}

impl<W: Lowered> Room<W> {
    fn of(skeleton: &Skeleton) -> Self {
        let nothing = vec![W::INFINITE; skeleton.height];
        let over = vec![W::Over::default(); skeleton.height];
        let arc_at_depth = vec![0; skeleton.height];
        Self { arc_at_depth, up: nothing.clone(), down: nothing, up_over: over.clone(), down_over: over }
    }
}

/// Lowers each weight to the one found for it, and takes what that came over.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn take_all<W: Lowered>(best: &mut [W], over: &mut [W::Over], found: &[W], by: &[W::Over]) {
    for ((best, over), (&found, &by)) in best.iter_mut().zip(over).zip(found.iter().zip(by)) {
        best.lower(over, found, by);
    }
}

/// Lowers each weight to the other one plus what leads there, and notes what it came over where it did.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower_all<W: Lowered>(best: &mut [W], over: &mut [W::Over], others: &[W], first: W, by: W::Over) {
    for ((best, over), &other) in best.iter_mut().zip(over).zip(others) {
        best.lower(over, first.plus(other), by);
    }
}
