//! Which arcs a best way can use at all: upper triangles rule the others out.

use pulp::{Simd, WithSimd};

use super::skeleton::{NONE, Skeleton};
use super::weights::{Weight, Weights};
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
    let mut arc_at_depth = vec![NONE; skeleton.height];
    let mut end = skeleton.node_count() as u32;
    while end > 0 {
        if cancel.is_raised() {
            return Err(Cancelled);
        }
        let start = end.saturating_sub(256);
        let least = (&mut up[..], &mut down[..]);
        pulp::Arch::new().dispatch(LowerBelow { skeleton, start, end, least, depths: &mut arc_at_depth });
        end = start;
    }
    Ok((Needed::of(skeleton, &weights.up, &up), Needed::of(skeleton, &weights.down, &down)))
}

/// Lowers below ranks from the top, compiled for the vectors that `pulp` chose; a closure would not be.
struct LowerBelow<'a, W> {
    skeleton: &'a Skeleton,
    start: u32,
    end: u32,
    least: (&'a mut [W], &'a mut [W]),
    depths: &'a mut [u32],
}

impl<W: Weight> WithSimd for LowerBelow<'_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for rank in (self.start..self.end).rev() {
            lower_below(self.skeleton, rank, (&mut *self.least.0, &mut *self.least.1), self.depths);
        }
    }
}

/// Lowers the arcs of every lower neighbour by ways over this rank; the arcs of the rank are least already.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower_below<W: Weight>(
    skeleton: &Skeleton,
    rank: u32,
    (up, down): (&mut [W], &mut [W]),
    arc_at_depth: &mut [u32],
) {
    let row = skeleton.row(rank);
    if row.is_empty() {
        return;
    }
    for arc in row.clone() {
        arc_at_depth[skeleton.head_depth[arc] as usize] = (arc - row.start) as u32;
    }
    let (lower_up, own_up) = up.split_at_mut(row.start);
    let (lower_down, own_down) = down.split_at_mut(row.start);
    let (own_up, own_down) = (&own_up[..row.len()], &own_down[..row.len()]);
    for &side in skeleton.arcs_below(rank) {
        let at = side as usize;
        let end = skeleton.first[skeleton.tail[at] as usize + 1] as usize;
        let (mut to_rank, mut from_rank) = (lower_up[at], lower_down[at]);
        let others = (&mut lower_up[at + 1..end], &mut lower_down[at + 1..end]);
        if others.0.len() == row.len() {
            // the same upper neighbours, in the same order
            to_rank = lower_by(others.0, to_rank, own_up, own_down);
            from_rank = lower_by(others.1, from_rank, own_down, own_up);
        } else {
            let depths = &skeleton.head_depth[at + 1..end];
            for ((other_up, other_down), &depth) in others.0.iter_mut().zip(others.1).zip(depths) {
                let third = arc_at_depth[depth as usize] as usize;
                *other_up = (*other_up).min(to_rank.plus(own_up[third]));
                *other_down = (*other_down).min(from_rank.plus(own_down[third]));
                to_rank = to_rank.min(other_up.plus(own_down[third]));
                from_rank = from_rank.min(other_down.plus(own_up[third]));
            }
        }
        (lower_up[at], lower_down[at]) = (to_rank, from_rank);
    }
}

/// Lowers `others` by a way over a neighbour, and gives the least way to that neighbour over them.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower_by<W: Weight>(others: &mut [W], to_rank: W, onward: &[W], back: &[W]) -> W {
    let mut least = to_rank;
    for ((other, &onward), &back) in others.iter_mut().zip(onward).zip(back) {
        let over = to_rank.plus(onward);
        *other = if over < *other { over } else { *other };
        let returned = other.plus(back);
        least = if returned < least { returned } else { least };
    }
    least
}
