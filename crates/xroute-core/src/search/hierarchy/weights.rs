//! Customisation: least weights of the arcs of a skeleton, by lower triangles.

use std::sync::Mutex;

use pulp::WithSimd;

use super::eliminate::eliminate;
use super::skeleton::{NONE, Skeleton};
use super::spares::{Spare, Spares, held};
use super::triangles::Part;
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

    /// What is noted of a lower rank.
    fn over(rank: u32) -> Self::Over;

    /// Takes a sum where it is less, and notes what it came over.
    fn lower(&mut self, over: &mut Self::Over, sum: Self, by: Self::Over);
}

/// Runs loops in vectors of 256 bits: in wider ones, what is left of a short row takes longer than the row.
#[cfg(target_arch = "x86_64")]
pub(super) fn in_short_vectors<L: WithSimd>(loops: L) -> L::Output {
    match pulp::x86::V3::try_new() {
        Some(vectors) => pulp::Simd::vectorize(vectors, loops),
        None => pulp::Arch::new().dispatch(loops),
    }
}

/// Runs loops in the vectors of the machine: no other kind has more than one width.
#[cfg(not(target_arch = "x86_64"))]
pub(super) fn in_short_vectors<L: WithSimd>(loops: L) -> L::Output {
    pulp::Arch::new().dispatch(loops)
}

/// What an arc weighs: a number that adds up and compares, with one that nothing exceeds.
pub trait Weight: Lowered<Over = u32> + Ord + std::fmt::Debug {
    /// The weight of a step that can be travelled.
    fn of_step(value: u32, time_s: u32) -> Self;

    /// The minimised quantity of a finite weight.
    fn value(self) -> u64;

    /// Where memory waits of hierarchies that nobody asks any more, to be written over.
    fn spare(spares: &Spares) -> &Mutex<Spare<Self>>;

    /// The quantity above 31 bits of seconds.
    fn wide(self) -> u64;

    /// The weight that [`Self::wide`] gave.
    fn of_wide(wide: u64) -> Self;

    /// A sum as [`Lowered::plus`] gives it, of what [`Self::onward`] gave.
    #[must_use]
    fn settled(self) -> Self;

    /// One weight after a settled one, not settled yet: the sum that climbs take for every arc.
    #[must_use]
    fn onward(self, next: Self) -> Self;
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
    fn over(rank: u32) -> Self {
        rank
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn lower(&mut self, over: &mut Self, sum: Self, by: Self) {
        lower(self, over, sum, by);
    }
}

impl Weight for u32 {
    fn spare(spares: &Spares) -> &Mutex<Spare<Self>> {
        &spares.tables
    }

    fn of_step(value: u32, _: u32) -> Self {
        value
    }

    fn value(self) -> u64 {
        u64::from(self)
    }

    fn wide(self) -> u64 {
        u64::from(self) << SECONDS_BITS
    }

    fn of_wide(wide: u64) -> Self {
        (wide >> SECONDS_BITS) as Self
    }

    fn settled(self) -> Self {
        self
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn onward(self, next: Self) -> Self {
        self.plus(next)
    }
}

/// The minimised quantity, then seconds: of two equal ways the faster.
///
/// The quantity stands above 31 bits, of which sums of seconds keep 30: two of them still add up below the quantity,
/// and two quantities below the sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ThenFaster(i64);

const SECONDS_BITS: u32 = 31;
const SECONDS: u64 = (1 << SECONDS_BITS) - 1;
/// As many seconds as are told apart: 34 years.
const MOST_SECONDS: u64 = SECONDS >> 1;

/// [`Weight::wide`] of what cannot be travelled; two of them add up below the sign.
pub(super) const WIDE_INFINITE: u64 = 0x7FFF_FFFF << SECONDS_BITS;

/// [`Weight::settled`] of [`Weight::wide`].
pub(super) const fn settled(wide: u64) -> u64 {
    let seconds = wide & SECONDS;
    (wide & !SECONDS) | if seconds < MOST_SECONDS { seconds } else { MOST_SECONDS }
}

impl Lowered for ThenFaster {
    type Over = u32;

    const INFINITE: Self = Self(WIDE_INFINITE.cast_signed());

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.onward(other).settled()
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn over(rank: u32) -> u32 {
        rank
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn lower(&mut self, over: &mut u32, sum: Self, by: u32) {
        lower(self, over, sum, by);
    }
}

impl Weight for ThenFaster {
    fn spare(spares: &Spares) -> &Mutex<Spare<Self>> {
        &spares.pairs
    }

    fn of_step(value: u32, time_s: u32) -> Self {
        Self((u64::from(value) << SECONDS_BITS | u64::from(time_s).min(MOST_SECONDS)).cast_signed())
    }

    fn value(self) -> u64 {
        (self.0 >> SECONDS_BITS).cast_unsigned()
    }

    fn wide(self) -> u64 {
        self.0.cast_unsigned()
    }

    fn of_wide(wide: u64) -> Self {
        Self(wide.cast_signed())
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn settled(self) -> Self {
        Self::of_wide(settled(self.wide()))
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn onward(self, next: Self) -> Self {
        Self(self.0.wrapping_add(next.0)) // below the sign, as both are settled
    }
}

/// In place of the lower rank of a triangle: the arc is an edge, and this is its number.
pub(super) const EDGE: u32 = 1 << 31;

/// Weights of one metric, upward and downward, and over which lower rank each was found.
#[derive(Debug, Clone)]
pub struct Weights<W> {
    pub(super) up: Vec<W>,
    pub(super) down: Vec<W>,
    pub(super) paths: Paths,
}

impl<W> Default for Weights<W> {
    fn default() -> Self {
        Self { up: Vec::new(), down: Vec::new(), paths: Paths::default() }
    }
}

/// What the arcs stand for, upward and downward: an edge, or the way over a lower rank, the first of its front.
#[derive(Debug, Clone, Default)]
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
        let mut weights = held(W::spare(&skeleton.spares)).weights.take().unwrap_or_default();
        for side in [&mut weights.up, &mut weights.down] {
            side.clear();
            side.resize(arcs, W::INFINITE);
        }
        for over in [&mut weights.paths.up_over, &mut weights.paths.down_over] {
            over.clear();
            over.resize(arcs, NONE);
        }
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
        if skeleton.is_dense() {
            eliminate(skeleton, part, cancel)?;
        } else {
            part.customise(skeleton, 0..skeleton.node_count(), cancel)?;
        }
        Ok(weights)
    }
}

impl<W: Weight> Weights<W> {
    /// Hands over the arcs that are edges of the graph, in the order of travel: edge, arc and whether upward.
    pub(super) fn unpack(
        &self,
        skeleton: &Skeleton,
        (arc, is_up): (u32, bool),
        known: &mut KnownHalves,
        mut take: impl FnMut(u32, u32, bool),
    ) {
        known.left.push((arc, is_up));
        while let Some((arc, is_up)) = known.left.pop() {
            let over = self.paths.over(arc, is_up);
            if over & EDGE != 0 {
                take(over & !EDGE, arc, is_up);
                continue;
            }
            let halves = known.get((arc, is_up)).or_else(|| self.halves(skeleton, (arc, is_up), over));
            if let Some([first, second]) = halves {
                known.put((arc, is_up), (first.0, second.0));
                known.left.push(second);
                known.left.push(first);
            }
        }
    }

    /// The two arcs that an arc over a lower rank stands for, in the order of travel: each with whether it is upward.
    ///
    /// The rank is the lowest from `over` on, of those eliminated together with it, that the least way leads over.
    pub(super) fn halves(
        &self,
        skeleton: &Skeleton,
        (arc, is_up): (u32, bool),
        over: u32,
    ) -> Option<[(u32, bool); 2]> {
        let (lower, upper) = (skeleton.tail[arc as usize], skeleton.head[arc as usize]);
        let (from, to, least) = if is_up {
            (lower, upper, self.up[arc as usize])
        } else {
            (upper, lower, self.down[arc as usize])
        };
        let candidates = skeleton.fronts.ranks_from(over);
        let is_only_one = candidates.len() == 1;
        let mut left = candidates.start..candidates.end.min(lower);
        while let Some(rank) = left.next() {
            // ranks of one panel are joined to the same upper ranks, each to one less than the one before
            let beside = left.end.min(skeleton.end_of_panel(rank));
            let arcs = (skeleton.arc_between(rank, from), skeleton.arc_between(rank, to));
            let (Some(mut first), Some(mut second)) = arcs else {
                left.start = beside;
                continue;
            };
            for rank in rank..beside {
                let sum = self.down[first as usize].plus(self.up[second as usize]);
                if is_only_one || sum == least {
                    return Some([(first, false), (second, true)]);
                }
                let row = skeleton.row(rank).len() as u32 - 1;
                first += row;
                second += row;
            }
            left.start = beside;
        }
        None
    }
}

/// Arcs whose halves were found lately: those far up are asked for again and again.
#[derive(Debug, Clone)]
pub(super) struct KnownHalves {
    /// Twice an arc, one more where it is upward, and its halves; at the place of that number, or of its last bits.
    rows: Vec<(u32, u32, u32)>,
    is_kept: bool,
    left: Vec<(u32, bool)>,
}

const KNOWN_HALVES: usize = 1 << 14;

impl KnownHalves {
    /// None yet. They are kept where fronts make finding them long.
    pub const fn of(skeleton: &Skeleton) -> Self {
        Self { is_kept: skeleton.is_dense(), rows: Vec::new(), left: Vec::new() }
    }

    /// Forgets them, as they are those of one metric.
    pub fn forget(&mut self) {
        self.rows.fill((NONE, 0, 0));
    }

    fn get(&self, (arc, is_up): (u32, bool)) -> Option<[(u32, bool); 2]> {
        let key = 2 * arc + u32::from(is_up);
        let &(known, first, second) = self.rows.get(key as usize % KNOWN_HALVES)?;
        (known == key).then_some([(first, false), (second, true)])
    }

    fn put(&mut self, (arc, is_up): (u32, bool), (first, second): (u32, u32)) {
        let key = 2 * arc + u32::from(is_up);
        if self.is_kept && self.rows.is_empty() {
            self.rows.resize(KNOWN_HALVES, (NONE, 0, 0));
        }
        if let Some(row) = self.rows.get_mut(key as usize % KNOWN_HALVES) {
            *row = (key, first, second);
        }
    }
}

impl Paths {
    /// What an arc stands for: an edge, the first rank of those that may be between, or nothing.
    pub(super) fn over(&self, arc: u32, is_up: bool) -> u32 {
        if is_up { self.up_over[arc as usize] } else { self.down_over[arc as usize] }
    }
}
