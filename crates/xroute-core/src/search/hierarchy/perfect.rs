//! Which arcs a best way can use at all: upper triangles rule the others out.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::skeleton::{NONE, Skeleton};
use super::weights::{Weight, Weights, in_short_vectors};
use crate::cancel::{CancelFlag, Cancelled};

/// Arcs by lower rank that no way over a higher node beats, one direction.
#[derive(Debug, Clone)]
pub struct Needed<W> {
    first: Vec<u32>,
    arcs: Vec<Arc<W>>,
}

/// An arc to a higher rank.
#[derive(Debug, Clone, Copy)]
pub struct Arc<W> {
    pub weight: W,
    pub head: u32,
    /// Its number in the skeleton.
    pub name: u32,
}

impl<W: Weight> Needed<W> {
    pub(super) fn row(&self, rank: u32) -> &[Arc<W>] {
        &self.arcs[self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize]
    }

    fn of(skeleton: &Skeleton, weights: &[W], least: &[W]) -> Self {
        let mut first = Vec::with_capacity(skeleton.node_count() + 1);
        first.push(0);
        let mut arcs = Vec::new();
        for rank in 0..skeleton.node_count() as u32 {
            for arc in skeleton.row(rank) {
                if weights[arc] != W::INFINITE && weights[arc] == least[arc] {
                    arcs.push(Arc { weight: weights[arc], head: skeleton.head[arc], name: arc as u32 });
                }
            }
            first.push(arcs.len() as u32);
        }
        arcs.shrink_to_fit();
        Self { first, arcs }
    }
}

/// The needed arcs upward and downward.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn needed<W: Weight>(
    skeleton: &Skeleton,
    weights: &Weights<W>,
    cancel: &CancelFlag,
) -> Result<(Needed<W>, Needed<W>), Cancelled> {
    let (mut up, mut down) = (weights.up.clone(), weights.down.clone());
    let whole = Part { ranks: 0..skeleton.node_count() as u32, base: 0, up: &mut up, down: &mut down };
    whole.lower(skeleton, cancel)?;
    let (up, down) =
        rayon::join(|| Needed::of(skeleton, &weights.up, &up), || Needed::of(skeleton, &weights.down, &down));
    Ok((up, down))
}

/// The arcs of a run of ranks in which whole trees stand.
struct Part<'a, W> {
    ranks: Range<u32>,
    /// The number of its first arc.
    base: usize,
    up: &'a mut [W],
    down: &'a mut [W],
}

impl<W: Weight> Part<'_, W> {
    /// Lowers every arc by ways over higher ranks, the highest first; those of ranks above the part are done.
    fn lower(mut self, skeleton: &Skeleton, cancel: &CancelFlag) -> Result<(), Cancelled> {
        let end = skeleton.top_of(self.ranks.start as usize..self.ranks.end as usize) as u32;
        let is_parted = end > self.ranks.start;
        let mut room = Room::of(skeleton);
        for ranks in chunks_from_above(end..self.ranks.end) {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            let own = self.of_ranks(end..self.ranks.end);
            in_vectors(skeleton, LowerWithin { skeleton, ranks, part: own, room: &mut room });
        }
        if !is_parted {
            return Ok(());
        }
        let (mut below, top) = self.split_at(skeleton, end);
        let middle = skeleton.gap_near_the_middle(below.ranks.start as usize..end as usize) as u32;
        let (low, high) = below.split_at(skeleton, middle);
        let one = |mut part: Part<'_, W>| {
            part.lower_by_ranks_of(skeleton, &top, cancel)?;
            part.lower(skeleton, cancel)
        };
        let (low, high) = rayon::join(|| one(low), || one(high));
        low.and(high)
    }

    /// The same arcs, of which those of some ranks are to be lowered.
    fn of_ranks(&mut self, ranks: Range<u32>) -> Part<'_, W> {
        Part { ranks, base: self.base, up: &mut *self.up, down: &mut *self.down }
    }

    /// The parts before and from a rank on.
    fn split_at(&mut self, skeleton: &Skeleton, rank: u32) -> (Part<'_, W>, Part<'_, W>) {
        let arc = skeleton.first[rank as usize] as usize;
        let (up, down) = (self.up.split_at_mut(arc - self.base), self.down.split_at_mut(arc - self.base));
        let low = Part { ranks: self.ranks.start..rank, base: self.base, up: up.0, down: down.0 };
        let high = Part { ranks: rank..self.ranks.end, base: arc, up: up.1, down: down.1 };
        (low, high)
    }

    /// Lowers the arcs of this part by ways over the ranks of another one above, which are done.
    fn lower_by_ranks_of(
        &mut self,
        skeleton: &Skeleton,
        above: &Part<'_, W>,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let mut room = Room::of(skeleton);
        for ranks in chunks_from_above(above.ranks.clone()) {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            let part = self.of_ranks(self.ranks.clone());
            in_vectors(skeleton, LowerFrom { skeleton, ranks, above, part, room: &mut room });
        }
        Ok(())
    }
}

/// Runs loops over the arcs of a skeleton in the vectors that suit them: the widest where rows are long.
fn in_vectors<L: WithSimd>(skeleton: &Skeleton, loops: L) -> L::Output {
    if skeleton.is_dense() { pulp::Arch::new().dispatch(loops) } else { in_short_vectors(loops) }
}

/// Runs of ranks, the highest first.
fn chunks_from_above(ranks: Range<u32>) -> impl Iterator<Item = Range<u32>> {
    let count = (ranks.end - ranks.start).div_ceil(RANKS_AT_ONCE);
    (0..count).map(move |nth| {
        let end = ranks.end - nth * RANKS_AT_ONCE;
        ranks.start.max(end.saturating_sub(RANKS_AT_ONCE))..end
    })
}

/// Ranks between two looks at the flag.
const RANKS_AT_ONCE: u32 = 256;

/// Room for lowering below one rank after another: its arcs by depth, and those to the upper ranks of a panel.
struct Room<W> {
    arc_at_depth: Vec<u32>,
    onward: Vec<W>,
    back: Vec<W>,
}

impl<W: Weight> Room<W> {
    fn of(skeleton: &Skeleton) -> Self {
        let nothing = vec![W::INFINITE; skeleton.height];
        Self { arc_at_depth: vec![NONE; skeleton.height], onward: nothing.clone(), back: nothing }
    }
}

/// Lowers the arcs of a part by ways over ranks of its own, compiled for the vectors that `pulp` chose.
struct LowerWithin<'a, W> {
    skeleton: &'a Skeleton,
    ranks: Range<u32>,
    part: Part<'a, W>,
    room: &'a mut Room<W>,
}

impl<W: Weight> WithSimd for LowerWithin<'_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // a closure would be compiled for any machine
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Part { ranks: tails, base, up, down } = self.part;
        for rank in self.ranks.rev() {
            let row = self.skeleton.row(rank);
            let (lower_up, own_up) = up.split_at_mut(row.start - base);
            let (lower_down, own_down) = down.split_at_mut(row.start - base);
            let own = (&own_up[..row.len()], &own_down[..row.len()]);
            let mut lower = Part { ranks: tails.start..rank, base, up: lower_up, down: lower_down };
            lower_below(self.skeleton, rank, own, &mut lower, self.room);
        }
    }
}

/// The same by ways over ranks of a part above.
struct LowerFrom<'a, W> {
    skeleton: &'a Skeleton,
    ranks: Range<u32>,
    above: &'a Part<'a, W>,
    part: Part<'a, W>,
    room: &'a mut Room<W>,
}

impl<W: Weight> WithSimd for LowerFrom<'_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Part { ranks: tails, base, up, down } = self.part;
        for rank in self.ranks.rev() {
            let row = self.skeleton.row(rank);
            let at = row.start - self.above.base..row.end - self.above.base;
            let own = (&self.above.up[at.clone()], &self.above.down[at]);
            let mut lower = Part { ranks: tails.clone(), base, up: &mut *up, down: &mut *down };
            lower_below(self.skeleton, rank, own, &mut lower, self.room);
        }
    }
}

/// Lowers the arcs of lower neighbours in a part by ways over a rank; the arcs of the rank are least already.
///
/// Lower neighbours of one panel go on to the same upper ranks: the arcs from the rank to these are laid side by
/// side once for all of them.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower_below<W: Weight>(
    skeleton: &Skeleton,
    rank: u32,
    (own_up, own_down): (&[W], &[W]),
    part: &mut Part<'_, W>,
    room: &mut Room<W>,
) {
    let row = skeleton.row(rank);
    if row.is_empty() {
        return;
    }
    for arc in row.clone() {
        room.arc_at_depth[skeleton.head_depth[arc] as usize] = (arc - row.start) as u32;
    }
    let mut left = skeleton.arcs_below_from(rank, &part.ranks);
    while let Some(&lowest) = left.first() {
        let (sides, after) = left.split_at(skeleton.sides_of_one_panel(left));
        left = after;
        let end = skeleton.first[skeleton.tail[lowest as usize] as usize + 1] as usize;
        let depths = &skeleton.head_depth[lowest as usize + 1..end];
        let Room { arc_at_depth, onward, back } = &mut *room;
        let (onward, back) = if depths.len() == row.len() {
            (own_up, own_down) // the same upper neighbours, in the same order
        } else {
            let (onward, back) = (&mut onward[..depths.len()], &mut back[..depths.len()]);
            for ((onward, back), &depth) in onward.iter_mut().zip(&mut *back).zip(depths) {
                let third = arc_at_depth[depth as usize] as usize;
                (*onward, *back) = (own_up[third], own_down[third]);
            }
            (&*onward, &*back)
        };
        for &side in sides {
            let at = side as usize - part.base;
            let others = at + 1..at + 1 + depths.len();
            let (to_rank, from_rank) = (part.up[at], part.down[at]);
            let to_rank = lower_by(&mut part.up[others.clone()], to_rank, onward, back);
            let from_rank = lower_by(&mut part.down[others], from_rank, back, onward);
            (part.up[at], part.down[at]) = (to_rank, from_rank);
        }
    }
}

/// Lowers `others` by a way over a neighbour, and gives the least way to that neighbour over them.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower_by<W: Weight>(others: &mut [W], to_rank: W, onward: &[W], back: &[W]) -> W {
    let mut least = to_rank;
    for ((other, &onward), &back) in others.iter_mut().zip(onward).zip(back) {
        *other = to_rank.plus(onward).least(*other);
        least = other.plus(back).least(least);
    }
    least
}
