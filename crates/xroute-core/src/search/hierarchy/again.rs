//! Customising again after few weights changed: only the arcs that they reach.

use std::collections::BTreeSet;

use super::lanes::Columns;
use super::skeleton::{NONE, Skeleton};
use super::weights::{EDGE, Weight, Weights};
use crate::cancel::{CancelFlag, Cancelled};
use crate::metric::CLOSED;

/// One in so many edges may have changed; beyond that all is customised.
const MOST_CHANGED_PART: usize = 64;
/// One in so many triangles may be looked at; each takes as long as several that are customised in their order.
pub(super) const MOST_TRIANGLES_PART: u64 = 64;

/// An arc as it was and as it is: upward and downward, each with what it stands for.
pub(super) type Both<W> = [(W, u32); 2];

/// The edges whose weights differ; `None` where they are too many to go on from.
pub(super) fn edges_changed<W: Weight>(
    skeleton: &Skeleton,
    old: Columns<'_>,
    new: Columns<'_>,
) -> Option<Vec<u32>> {
    let own = |(weight, time_s): Columns<'_>, edge: usize| match weight[edge] {
        CLOSED => W::INFINITE,
        value => W::of_step(value, time_s[edge]),
    };
    let edges = skeleton.slot_of_edge.len();
    let most = edges / MOST_CHANGED_PART;
    let differs = (0..edges).filter(|&edge| own(old, edge) != own(new, edge));
    let changed: Vec<u32> = differs.take(most + 1).map(|edge| edge as u32).collect();
    (changed.len() <= most).then_some(changed)
}

impl<W: Weight> Weights<W> {
    /// The same weights and ways as customising anew, once the weights of some edges changed.
    ///
    /// `None` where more than `most` triangles would have to be looked at.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub(super) fn after_change(
        &self,
        skeleton: &Skeleton,
        columns: Columns<'_>,
        changed: &[u32],
        most: u64,
        cancel: &CancelFlag,
    ) -> Result<Option<Self>, Cancelled> {
        let mut after = self.clone();
        let slots = changed.iter().map(|&edge| skeleton.slot_of_edge[edge as usize]);
        let mut left: BTreeSet<u32> = slots.filter(|&slot| slot != NONE).map(|slot| slot / 2).collect();
        let edges = EdgesOfArcs::of(skeleton);
        let (mut looked_at, mut count) = (0, 0);
        // Arcs are numbered by their lower rank: what an arc is made from comes before it.
        while let Some(arc) = left.pop_first() {
            cancel.check_every_1024(count)?;
            count += 1;
            let (lower, upper) = (skeleton.tail[arc as usize], skeleton.head[arc as usize]);
            looked_at += (skeleton.arcs_below(lower).len() + skeleton.row(lower).len()) as u64;
            if looked_at > most {
                return Ok(None);
            }
            let old = after.both(arc);
            let new = after.made_anew(skeleton, &edges, columns, arc);
            after.put(arc, new);
            if old[0].0 != new[0].0 || old[1].0 != new[1].0 {
                for beside in skeleton.row(lower).filter(|&beside| beside != arc as usize) {
                    let third = skeleton.head[beside];
                    let Some(reached) = skeleton.arc_between(upper.min(third), upper.max(third)) else {
                        continue;
                    };
                    if after.may_change(reached, beside, upper < third, (old, new)) {
                        left.insert(reached);
                    }
                }
            }
        }
        Ok(Some(after))
    }

    pub(super) fn both(&self, arc: u32) -> Both<W> {
        let at = arc as usize;
        [(self.up[at], self.paths.up_over[at]), (self.down[at], self.paths.down_over[at])]
    }

    fn put(&mut self, arc: u32, [up, down]: Both<W>) {
        let at = arc as usize;
        (self.up[at], self.paths.up_over[at]) = up;
        (self.down[at], self.paths.down_over[at]) = down;
    }

    /// Whether an arc may weigh less or more, or stand for another way, now that one below it changed.
    ///
    /// `beside` is the other lower arc of the triangle; the arc runs upward from the changed one's upper rank where
    /// `is_upward`.
    fn may_change(&self, arc: u32, beside: usize, is_upward: bool, (old, new): (Both<W>, Both<W>)) -> bool {
        let (there, back) = (self.up[beside], self.down[beside]);
        let at = arc as usize;
        // from the changed arc's upper rank over the lower one to the other upper rank, and the other way
        let (onward, homeward) =
            if is_upward { (self.up[at], self.down[at]) } else { (self.down[at], self.up[at]) };
        let touches = |before: W, after: W, best: W| before == best || after <= best;
        touches(old[1].0.plus(there), new[1].0.plus(there), onward)
            || touches(back.plus(old[0].0), back.plus(new[0].0), homeward)
    }

    /// An arc from its edges and lower triangles, in the order in which all are customised.
    pub(super) fn made_anew(
        &self,
        skeleton: &Skeleton,
        edges: &EdgesOfArcs,
        (weight, time_s): Columns<'_>,
        arc: u32,
    ) -> Both<W> {
        let mut both = [(W::INFINITE, NONE); 2];
        for &edge in edges.of_arc(arc) {
            let slot = skeleton.slot_of_edge[edge as usize];
            if weight[edge as usize] != CLOSED {
                let own = W::of_step(weight[edge as usize], time_s[edge as usize]);
                let (best, over) = &mut both[(slot & 1) as usize];
                best.lower(over, own, EDGE | edge);
            }
        }
        let (lower, upper) = (skeleton.tail[arc as usize], skeleton.head[arc as usize]);
        for &side in skeleton.arcs_below(lower) {
            let (to_below, from_below) = (self.down[side as usize], self.up[side as usize]);
            if to_below == W::INFINITE && from_below == W::INFINITE {
                continue;
            }
            if let Some(other) = skeleton.arc_between(skeleton.tail[side as usize], upper) {
                let [(up, up_over), (down, down_over)] = &mut both;
                let over = skeleton.fronts.first_beside(skeleton.tail[side as usize]);
                up.lower(up_over, to_below.plus(self.up[other as usize]), over);
                down.lower(down_over, self.down[other as usize].plus(from_below), over);
            }
        }
        both
    }
}

/// Edges by the arc that they are.
pub(super) struct EdgesOfArcs {
    first: Vec<u32>,
    edges: Vec<u32>,
}

impl EdgesOfArcs {
    pub(super) fn of(skeleton: &Skeleton) -> Self {
        let mut first = vec![0_u32; skeleton.arc_count() + 1];
        let slots = || skeleton.slot_of_edge.iter().enumerate().filter(|&(_, &slot)| slot != NONE);
        for (_, &slot) in slots() {
            first[slot as usize / 2 + 1] += 1;
        }
        for arc in 0..skeleton.arc_count() {
            first[arc + 1] += first[arc];
        }
        let mut next = first.clone();
        let mut edges = vec![0; first[skeleton.arc_count()] as usize];
        for (edge, &slot) in slots() {
            let at = &mut next[slot as usize / 2];
            edges[*at as usize] = edge as u32;
            *at += 1;
        }
        Self { first, edges }
    }

    fn of_arc(&self, arc: u32) -> &[u32] {
        &self.edges[self.first[arc as usize] as usize..self.first[arc as usize + 1] as usize]
    }
}
