//! Questions to a dense hierarchy: the rows of both ends, looked at side by side down to where both meet.

use super::prepared::{Customised, Ground, Pairs, Parts};
use super::query::{Seed, loads, unloads};
use super::skeleton::Skeleton;
use super::spares::held;
use super::trails::End;
use super::ways::{Lookup, OwnWays, Ways, least_sum};
use super::weights::{Weight, Weights};
use crate::cancel::{CancelFlag, Cancelled};
use crate::ids::HubId;

/// Rows that a thread made for itself, of both directions.
#[derive(Debug, Clone)]
pub(super) struct Rooms {
    from: OwnWays,
    to: OwnWays,
}

impl Rooms {
    fn of(skeleton: &Skeleton) -> Self {
        Self { from: OwnWays::of(skeleton), to: OwnWays::of(skeleton) }
    }

    fn emptied(mut self) -> Self {
        self.from.forget();
        self.to.forget();
        self
    }
}

/// Where a least way between two hubs may start and end, and at which depth both climbs meet.
struct Meeting<W> {
    start: Seed<W>,
    end: Seed<W>,
    depth: usize,
}

/// A least way between two hubs.
pub(super) struct Met<W> {
    /// Loading and unloading included.
    pub weight: W,
    /// Where it starts.
    pub start: Seed<W>,
    /// Where it ends.
    pub end: Seed<W>,
    /// Arcs in the order of travel, each with whether it is upward.
    pub arcs: Vec<(u32, bool)>,
}

impl<W: Weight> Customised<W> {
    /// The least way between two hubs, of several the fastest; `None` when there is none.
    pub(super) fn met(
        &self,
        ground: Ground<'_>,
        hubs: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<Met<W>>, Cancelled> {
        self.with_lookups(ground, cancel, |from, to| {
            let mut meetings = Vec::new();
            meet(ground, (from, to), hubs, &mut meetings)?;
            let ways = meetings.into_iter().filter_map(|Meeting { start, end, depth }| {
                let mut arcs = Vec::new();
                let up = from.climb(start.rank, depth, |arc| arcs.push((arc, true)))?;
                arcs.reverse();
                let down = to.climb(end.rank, depth, |arc| arcs.push((arc, false)))?;
                let weight = start.weight.plus(up).plus(down).plus(end.weight);
                Some(Met { weight, start, end, arcs })
            });
            ways.min_by_key(|met| met.weight)
        })
    }

    /// The least quantity between two hubs; `None` when there is no way.
    pub(super) fn least(
        &self,
        ground: Ground<'_>,
        hubs: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<u64>, Cancelled> {
        self.with_lookups(ground, cancel, |from, to| meet(ground, (from, to), hubs, &mut Vec::new()))
    }

    fn with_lookups<T>(
        &self,
        ground: Ground<'_>,
        cancel: &CancelFlag,
        ask: impl FnOnce(&mut Lookup<'_, W>, &mut Lookup<'_, W>) -> T,
    ) -> Result<T, Cancelled> {
        let (skeleton, weights) = (ground.skeleton, self.own(ground, cancel)?);
        let kept = held(&self.rooms_below).pop().or_else(|| held(&skeleton.spares.rooms).pop());
        let mut rooms = kept.unwrap_or_else(|| Rooms::of(skeleton));
        let [from, to] = self.ways(skeleton);
        let mut from = Lookup { skeleton, weights, ways: from, own: &mut rooms.from };
        let mut to = Lookup { skeleton, weights, ways: to, own: &mut rooms.to };
        let found = ask(&mut from, &mut to);
        held(&self.rooms_below).push(rooms);
        Ok(found)
    }

    /// Makes the rows that all threads share, before many questions.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn share_rows(&self, ground: Ground<'_>, cancel: &CancelFlag) -> Result<(), Cancelled> {
        if !ground.skeleton.is_dense() {
            return Ok(());
        }
        let (weights, [from, to]) = (self.own(ground, cancel)?, self.ways(ground.skeleton));
        let all = |ways: &Ways| ways.make_all(ground.skeleton, weights, cancel);
        let (from, to) = rayon::join(|| all(from), || all(to));
        from.and(to)
    }

    fn ways(&self, skeleton: &Skeleton) -> &[Ways; 2] {
        self.ways.get_or_init(|| {
            let spare = held(&skeleton.spares.ways).take();
            spare.unwrap_or_else(|| [End::Origin, End::Destination].map(|end| Ways::of(skeleton, end)))
        })
    }
}

impl Pairs {
    /// Leaves the memory to the next hierarchy of the skeleton.
    pub fn give_back(self, skeleton: &Skeleton) {
        let Parts { weights, ways, rooms } = self.into_parts();
        *held(&skeleton.spares.pairs) = weights;
        if let Some(ways) = ways {
            *held(&skeleton.spares.ways) = Some(ways.map(Ways::emptied));
        }
        let mut spare = held(&skeleton.spares.rooms);
        spare.extend(rooms.into_iter().map(Rooms::emptied));
        spare.truncate(MOST_ROOMS);
    }
}

/// Rows of so many threads are kept for the next hierarchy.
const MOST_ROOMS: usize = 8;

/// The least quantity between two hubs, and every place where climbs that add up to it meet.
fn meet<W: Weight>(
    ground: Ground<'_>,
    (from, to): (&mut Lookup<'_, W>, &mut Lookup<'_, W>),
    hubs: (HubId, HubId),
    meetings: &mut Vec<Meeting<W>>,
) -> Option<u64> {
    let (skeleton, weighed) = (ground.skeleton, ground.weighed(from.weights.arcs()));
    let starts = loads(skeleton, ground.graph, weighed, hubs.0);
    let ends = unloads(skeleton, ground.graph, weighed, hubs.1);
    let mut least = W::INFINITE.value();
    for &end in &ends {
        to.ensure(end.rank);
        for &start in &starts {
            from.ensure(start.rank);
            let Some(common) = skeleton.lowest_above(start.rank, end.rank) else { continue };
            let depth = skeleton.depth[common as usize] as usize;
            let rows = (&from.row(start.rank)[..=depth], &to.row(end.rank)[..=depth]);
            let between = least_sum(rows.0, rows.1);
            let sum = start.weight.value() + u64::from(between) + end.weight.value();
            if sum < least {
                least = sum;
                meetings.clear();
            }
            if sum == least && sum < W::INFINITE.value() {
                let sums = rows.0.iter().zip(rows.1).map(|(up, down)| up + down).enumerate();
                let depths = sums.filter(|&(_, sum)| sum == between).map(|(depth, _)| depth);
                meetings.extend(depths.map(|depth| Meeting { start, end, depth }));
            }
        }
    }
    (least < W::INFINITE.value()).then_some(least)
}

impl<W: Weight> Met<W> {
    /// The steps, from loading to unloading.
    pub fn steps(&self, skeleton: &Skeleton, weights: &Weights<W>) -> Vec<u32> {
        let mut steps = vec![self.start.step];
        for &(arc, is_up) in &self.arcs {
            weights.unpack(skeleton, arc, is_up, |edge, _, _| steps.push(edge));
        }
        steps.push(self.end.step);
        steps
    }

    /// The ranks that are passed, from the first that is loaded at.
    pub fn ranks(&self, skeleton: &Skeleton, weights: &Weights<W>) -> Vec<u32> {
        let mut ranks = vec![self.start.rank];
        for &(arc, is_up) in &self.arcs {
            weights.unpack(skeleton, arc, is_up, |_, arc, is_up| {
                ranks.push(if is_up { skeleton.head[arc as usize] } else { skeleton.tail[arc as usize] });
            });
        }
        ranks
    }
}
