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
    let mut room = Room::of(skeleton);
    let mut end = skeleton.node_count() as u32;
    while end > 0 {
        if cancel.is_raised() {
            return Err(Cancelled);
        }
        let start = end.saturating_sub(256);
        let least = (&mut up[..], &mut down[..]);
        pulp::Arch::new().dispatch(LowerBelow { skeleton, start, end, least, room: &mut room });
        end = start;
    }
    Ok((Needed::of(skeleton, &weights.up, &up), Needed::of(skeleton, &weights.down, &down)))
}

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

/// Lowers below ranks from the top, compiled for the vectors that `pulp` chose; a closure would not be.
struct LowerBelow<'a, W> {
    skeleton: &'a Skeleton,
    start: u32,
    end: u32,
    least: (&'a mut [W], &'a mut [W]),
    room: &'a mut Room<W>,
}

impl<W: Weight> WithSimd for LowerBelow<'_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        for rank in (self.start..self.end).rev() {
            lower_below(self.skeleton, rank, (&mut *self.least.0, &mut *self.least.1), self.room);
        }
    }
}

/// Lowers the arcs of every lower neighbour by ways over this rank; the arcs of the rank are least already.
///
/// Lower neighbours of one panel go on to the same upper ranks: the arcs from this rank to these are laid side by
/// side once for all of them.
#[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
#[inline(always)]
fn lower_below<W: Weight>(
    skeleton: &Skeleton,
    rank: u32,
    (up, down): (&mut [W], &mut [W]),
    room: &mut Room<W>,
) {
    let row = skeleton.row(rank);
    if row.is_empty() {
        return;
    }
    for arc in row.clone() {
        room.arc_at_depth[skeleton.head_depth[arc] as usize] = (arc - row.start) as u32;
    }
    let (lower_up, own_up) = up.split_at_mut(row.start);
    let (lower_down, own_down) = down.split_at_mut(row.start);
    let (own_up, own_down) = (&own_up[..row.len()], &own_down[..row.len()]);
    let mut left = skeleton.arcs_below(rank);
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
            let at = side as usize;
            let others = at + 1..at + 1 + depths.len();
            let (to_rank, from_rank) = (lower_up[at], lower_down[at]);
            let to_rank = lower_by(&mut lower_up[others.clone()], to_rank, onward, back);
            let from_rank = lower_by(&mut lower_down[others], from_rank, back, onward);
            (lower_up[at], lower_down[at]) = (to_rank, from_rank);
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
