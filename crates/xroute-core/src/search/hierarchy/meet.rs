//! Questions to a dense hierarchy: the rows of both ends, looked at side by side down to where both meet.

use super::prepared::{Customised, Ground};
use super::query::{Seed, loads, unloads};
use super::skeleton::Skeleton;
use super::spares::held;
use super::trails::End;
use super::ways::{Lookup, OwnWays, Ways, least_sum};
use super::weights::{KnownHalves, Weight};
use crate::cancel::{CancelFlag, Cancelled};
use crate::ids::HubId;

/// Rows that a thread made for itself, of both directions.
#[derive(Debug, Clone)]
pub(super) struct Rooms {
    from: OwnWays,
    to: OwnWays,
    known: KnownHalves,
}

impl Rooms {
    fn of(skeleton: &Skeleton) -> Self {
        let own = OwnWays::of(skeleton);
        Self { from: own.clone(), to: own, known: KnownHalves::of(skeleton) }
    }

    /// The same room for another metric.
    pub fn emptied(mut self) -> Self {
        self.from.forget();
        self.to.forget();
        self.known.forget();
        self
    }
}

/// Where a least way between two hubs may start and end, and at which depth both climbs meet.
#[derive(Debug, Clone, Copy)]
struct Meeting<W> {
    start: Seed<W>,
    end: Seed<W>,
    depth: usize,
}

/// A least way between two hubs.
struct Met<W> {
    weight: W,
    start: Seed<W>,
    end: Seed<W>,
    /// In the order of travel, each with whether it is upward.
    arcs: Vec<(u32, bool)>,
}

impl<W: Weight> Customised<W> {
    /// The steps of a least way between two hubs, from loading to unloading; `None` when there is none.
    ///
    /// Of several the fastest.
    pub(super) fn met_steps(
        &self,
        ground: Ground<'_>,
        hubs: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<Vec<u32>>, Cancelled> {
        self.with_lookups(ground, cancel, |from, to, known| {
            let met = fastest(ground, (from, to), hubs)?;
            let mut steps = vec![met.start.step];
            for &arc in &met.arcs {
                from.weights.unpack(ground.skeleton, arc, known, |edge, _, _| steps.push(edge));
            }
            steps.push(met.end.step);
            Some(steps)
        })
    }

    /// The least quantity between two hubs and the ranks that such a way passes, from the first that is loaded at.
    pub(super) fn met_ranks(
        &self,
        ground: Ground<'_>,
        hubs: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<(u64, Vec<u32>)>, Cancelled> {
        let skeleton = ground.skeleton;
        self.with_lookups(ground, cancel, |from, to, known| {
            let met = fastest(ground, (from, to), hubs)?;
            let mut ranks = vec![met.start.rank];
            for &arc in &met.arcs {
                from.weights.unpack(skeleton, arc, known, |_, arc, is_up| {
                    ranks.push(if is_up { skeleton.head[arc as usize] } else { skeleton.tail[arc as usize] });
                });
            }
            Some((met.weight.value(), ranks))
        })
    }

    /// The least quantity between two hubs; `None` when there is no way.
    pub(super) fn least(
        &self,
        ground: Ground<'_>,
        hubs: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<u64>, Cancelled> {
        self.with_lookups(ground, cancel, |from, to, _| meet(ground, (from, to), hubs, &mut Vec::new()))
    }

    fn with_lookups<T>(
        &self,
        ground: Ground<'_>,
        cancel: &CancelFlag,
        ask: impl FnOnce(&mut Lookup<'_, W>, &mut Lookup<'_, W>, &mut KnownHalves) -> T,
    ) -> Result<T, Cancelled> {
        let (skeleton, weights) = (ground.skeleton, self.own(ground, cancel)?);
        let kept = held(&self.rooms_below).pop().or_else(|| held(&skeleton.spares.rooms).pop());
        let mut rooms = kept.unwrap_or_else(|| Rooms::of(skeleton));
        rooms.from.forget_if_full();
        rooms.to.forget_if_full();
        let [from, to] = self.ways(skeleton);
        let mut from = Lookup { skeleton, weights, ways: from, own: &mut rooms.from };
        let mut to = Lookup { skeleton, weights, ways: to, own: &mut rooms.to };
        let found = ask(&mut from, &mut to, &mut rooms.known);
        held(&self.rooms_below).push(rooms);
        Ok(found)
    }

    /// Makes the rows that all threads share, before many questions.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub(super) fn share_rows(&self, ground: Ground<'_>, cancel: &CancelFlag) -> Result<(), Cancelled> {
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

/// Meetings from which on all of them are weighed in one climb from each end.
const MANY_MEETINGS: usize = 8;

/// The least way between two hubs, of several the fastest; `None` when there is none.
fn fastest<W: Weight>(
    ground: Ground<'_>,
    (from, to): (&mut Lookup<'_, W>, &mut Lookup<'_, W>),
    hubs: (HubId, HubId),
) -> Option<Met<W>> {
    let mut meetings = Vec::new();
    meet(ground, (&mut *from, &mut *to), hubs, &mut meetings)?;
    if meetings.len() > MANY_MEETINGS {
        let weighed = meetings.chunk_by(|a, b| (a.start.rank, a.end.rank) == (b.start.rank, b.end.rank));
        let best = weighed.filter_map(|same| {
            let &Meeting { start, end, .. } = same.first()?;
            let (up, down) = (from.climb_all(start.rank), to.climb_all(end.rank));
            let weight = |depth: usize| start.weight.plus(up[depth]).plus(down[depth]).plus(end.weight);
            same.iter().map(|&meeting| (weight(meeting.depth), meeting)).min_by_key(|weighed| weighed.0)
        });
        meetings = best.min_by_key(|weighed| weighed.0).map(|weighed| weighed.1).into_iter().collect();
    }
    let ways = meetings.into_iter().filter_map(|Meeting { start, end, depth }| {
        let mut arcs = Vec::new();
        let up = from.climb(start.rank, depth, |arc| arcs.push((arc, true)))?;
        arcs.reverse();
        let down = to.climb(end.rank, depth, |arc| arcs.push((arc, false)))?;
        let weight = start.weight.plus(up).plus(down).plus(end.weight);
        Some(Met { weight, start, end, arcs })
    });
    ways.min_by_key(|met| met.weight)
}

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
