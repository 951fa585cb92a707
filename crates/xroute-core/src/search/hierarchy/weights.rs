//! Customisation: least weights of the arcs of a skeleton, by lower triangles.

use pulp::WithSimd;

use super::skeleton::{NONE, Skeleton};
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

    /// What is noted of a lower arc.
    fn over(side: u32) -> Self::Over;

    /// Takes a sum where it is less, and notes what it came over.
    fn lower(&mut self, over: &mut Self::Over, sum: Self, by: Self::Over);

    /// Runs loops over the arcs of a skeleton in the vectors that suit them: the widest where rows are long.
    fn in_vectors<L: WithSimd>(skeleton: &Skeleton, loops: L) -> L::Output {
        if skeleton.is_dense() { pulp::Arch::new().dispatch(loops) } else { in_short_vectors(loops) }
    }
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
const SECONDS: i64 = (1 << SECONDS_BITS) - 1;
/// As many seconds as are told apart: 34 years.
const MOST_SECONDS: i64 = SECONDS >> 1;

impl Lowered for ThenFaster {
    type Over = u32;

    const INFINITE: Self = Self(0x7FFF_FFFF << SECONDS_BITS);

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

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn settled(self) -> Self {
        Self((self.0 & !SECONDS) | (self.0 & SECONDS).min(MOST_SECONDS))
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn onward(self, next: Self) -> Self {
        Self(self.0.wrapping_add(next.0)) // below the sign, as both are settled
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
