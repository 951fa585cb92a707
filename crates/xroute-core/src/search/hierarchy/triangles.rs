//! Lower triangles of a run of ranks, lowest first: what customisation spends its time on.

use std::ops::Range;

use super::skeleton::Skeleton;
use super::weights::{Lowered, in_short_vectors};
use crate::cancel::{CancelFlag, Cancelled};

/// Lower arcs of one panel from which on they are relaxed together.
const FEW_SIDES: usize = 2;
/// Upper ranks from which on lower arcs are relaxed together.
const FEW_UPPER: usize = 8;

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
        let end = skeleton.top_of(ranks.clone()); // the top of the only tree waits for what is below
        if end > ranks.start {
            let middle = skeleton.gap_near_the_middle(ranks.start..end);
            let (low, high) = self.split_at(skeleton.first[middle] as usize);
            let (low, high) = rayon::join(
                || low.customise(skeleton, ranks.start..middle, cancel),
                || high.customise(skeleton, middle..end, cancel),
            );
            low.and(high)?;
        }
        let mut room = Room::of(skeleton);
        for ranks in (end..ranks.end).collect::<Vec<_>>().chunks(1024) {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            in_short_vectors(RelaxBelow { part: &mut self, skeleton, ranks, room: &mut room });
        }
        Ok(())
    }

    /// The arcs before and from an arc on; what is split off borrows from this part.
    pub(super) fn split_at(&mut self, arc: usize) -> (Part<'_, W>, Part<'_, W>) {
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
        let by = W::over(skeleton.tail[side as usize]);
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
            let (at, by) = (side as usize - self.base, W::over(skeleton.tail[side as usize]));
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

/// Relaxes below ranks, compiled for the vectors that `pulp` chose: a closure would be compiled for any machine.
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

/// Room for relaxing below one rank after another: its arcs by depth, and the best ways over a panel.
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
