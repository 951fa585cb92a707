//! A hierarchy customised for one metric and criterion: what callers ask.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::again::{MOST_TRIANGLES_PART, edges_changed};
use super::lanes::{Columns, LANES, Lanes};
use super::meet::Rooms;
use super::most_of_any_route;
use super::perfect::{Needed, needed};
use super::query::{Arcs, Rows, Scratch, Weighed};
use super::skeleton::Skeleton;
use super::spares::held;
use super::sums::Sums;
use super::trails::Trails;
use super::ways::Ways;
use super::weights::{Lowered, ThenFaster, Weight, Weights};
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{Criterion, Metric};
use crate::network::Network;
use crate::route::hubs_along;
use crate::search::{SearchError, dijkstra};

/// So many climbs take longer than finding the arcs that they need, and are several times faster with them.
const CLIMBS_WORTH_PRUNING: u64 = 1024;

/// From so many pairs on, most rows of a dense hierarchy are asked for: side by side they take less.
const PAIRS_WORTH_ALL_ROWS: u64 = 32;

/// From so many metrics on, one pass for eight takes less than a pass for each.
const METRICS_WORTH_LANES: usize = 3;

/// What every question refers to.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The order and arcs.
    pub skeleton: &'a Skeleton,
    /// The graph.
    pub graph: &'a Graph,
    /// The integers by step.
    pub metric: &'a Metric,
    /// What is minimised.
    pub criterion: Criterion,
}

impl<'a> Ground<'a> {
    pub(super) fn weighed<W: Weight>(self, arcs: Arcs<'a, W>) -> Weighed<'a, W> {
        Weighed { arcs, weight: self.metric.weights(self.criterion), time_s: self.metric.time_s() }
    }

    fn columns(&self) -> Columns<'a> {
        (self.metric.weights(self.criterion), self.metric.time_s())
    }

    fn weights<W: Weight>(self, cancel: &CancelFlag) -> Result<Weights<W>, Cancelled> {
        let (weight, time_s) = self.columns();
        Weights::of(self.skeleton, weight, time_s, cancel)
    }

    /// What a plain search found to a hub times `unit`; NaN where there is no route.
    pub(super) fn value_in(self, tree: &dijkstra::Tree, to: HubId, unit: f64) -> f64 {
        let value = tree.value_at(self.graph, self.metric, self.criterion, to);
        value.map_or(f64::NAN, |value| value as f64 * unit)
    }
}

/// Whether what is not reached in 31 bits may only be far: looked up when it first matters.
#[derive(Debug, Default)]
pub(super) struct Reach(OnceLock<bool>);

impl Reach {
    pub(super) fn is_certain(&self, ground: Ground<'_>) -> bool {
        let most = || most_of_any_route(ground.graph, ground.metric.weights(ground.criterion));
        *self.0.get_or_init(|| most() < <u32 as Lowered>::INFINITE.into())
    }
}

/// A hierarchy customised for one metric and criterion.
#[derive(Debug)]
pub struct Customised<W> {
    held: Held<W>,
    /// The arcs that a best way may use, upward and downward, once so much was asked that they pay.
    pub(super) needed: OnceLock<(Needed<W>, Needed<W>)>,
    climbs: AtomicU64,
    rooms: Mutex<Vec<Scratch<W>>>,
    trails: Trails<W>,
    /// Rows of a dense hierarchy, from ranks and to them.
    pub(super) ways: OnceLock<[Ways; 2]>,
    pub(super) rooms_below: Mutex<Vec<Rooms>>,
    has_all_rows: OnceLock<()>,
    pub(super) sums: OnceLock<Option<Sums>>,
    pub(super) reach: Reach,
}

/// The weights: of this metric alone, or of one among several.
#[derive(Debug)]
enum Held<W> {
    Alone(Weights<W>),
    /// Its lane, and once paths were asked for, the weights alone: they say what arcs stand for.
    Among(Arc<Lanes<W>>, usize, OnceLock<Weights<W>>),
}

/// For pairs, one by one: the best route, of equal ones the faster.
pub type Pairs = Customised<ThenFaster>;

/// For many pairs at once, and paths that may be any of the best.
pub type Tables = Customised<u32>;

impl<W: Weight> Customised<W> {
    /// Customises the hierarchy.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(ground: Ground<'_>, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        Ok(Self::new(Held::Alone(ground.weights(cancel)?)))
    }

    /// Customises the hierarchy for weights that differ little from those of this one; the same as anew.
    ///
    /// `None` where that would take longer than anew, or this one has no weights of its own.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn after_change(
        &self,
        old: Ground<'_>,
        new: Ground<'_>,
        cancel: &CancelFlag,
    ) -> Result<Option<Self>, Cancelled> {
        let Held::Alone(own) = &self.held else { return Ok(None) };
        let Some(changed) = edges_changed::<W>(new.skeleton, old.columns(), new.columns()) else {
            return Ok(None);
        };
        let most = new.skeleton.triangle_count() / MOST_TRIANGLES_PART;
        let made = own.after_change(new.skeleton, new.columns(), &changed, most, cancel)?;
        Ok(made.map(|weights| Self::new(Held::Alone(weights))))
    }

    /// Customises the hierarchy for several metrics and criteria, eight in one pass.
    ///
    /// Paths and quantities of one of them take a pass of its own, once, when they are first asked for; on a dense
    /// hierarchy, any of its pairs.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of_each(grounds: &[Ground<'_>], cancel: &CancelFlag) -> Result<Vec<Self>, Cancelled> {
        let mut made = Vec::with_capacity(grounds.len());
        for some in grounds.chunks(LANES) {
            if some.len() < METRICS_WORTH_LANES {
                for &ground in some {
                    made.push(Self::of(ground, cancel)?);
                }
                continue;
            }
            let columns: Vec<Columns<'_>> = some.iter().map(Ground::columns).collect();
            let lanes = Arc::new(Lanes::of(some[0].skeleton, &columns, cancel)?);
            let held = |lane| Held::Among(Arc::clone(&lanes), lane, OnceLock::new());
            made.extend((0..some.len()).map(|lane| Self::new(held(lane))));
        }
        Ok(made)
    }

    fn new(held: Held<W>) -> Self {
        Self {
            held,
            needed: OnceLock::new(),
            climbs: AtomicU64::new(0),
            rooms: Mutex::default(),
            trails: Trails::default(),
            ways: OnceLock::new(),
            rooms_below: Mutex::default(),
            has_all_rows: OnceLock::new(),
            sums: OnceLock::new(),
            reach: Reach::default(),
        }
    }

    /// The weights of this metric alone; made now if it was customised among several.
    pub(super) fn own(&self, ground: Ground<'_>, cancel: &CancelFlag) -> Result<&Weights<W>, Cancelled> {
        match &self.held {
            Held::Alone(own) => Ok(own),
            Held::Among(_, _, own) => {
                if let Some(own) = own.get() {
                    return Ok(own);
                }
                let made = ground.weights(cancel)?;
                Ok(own.get_or_init(|| made)) // another thread may have been first: it made the same
            }
        }
    }

    /// Whether pairs of a dense hierarchy can be answered without customising it first.
    fn has_own(&self) -> bool {
        match &self.held {
            Held::Alone(_) => true,
            Held::Among(_, _, own) => own.get().is_some(),
        }
    }

    /// Whether [`Self::prepare`] is worth its time before the next pairs.
    #[must_use]
    pub fn is_preparing_due(&self, ground: Ground<'_>, pairs: usize) -> bool {
        if !ground.skeleton.is_dense() {
            return self.is_worth_pruning(pairs);
        }
        let before = self.climbs.fetch_add(pairs as u64, Ordering::Relaxed);
        let is_worth_it = before + pairs as u64 >= PAIRS_WORTH_ALL_ROWS || !self.has_own();
        is_worth_it && self.has_all_rows.get().is_none()
    }

    /// What makes all later pairs faster: finds the arcs that a best way may use, or makes the rows of a dense
    /// hierarchy that all threads share.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn prepare(&self, ground: Ground<'_>, cancel: &CancelFlag) -> Result<(), Cancelled> {
        if !ground.skeleton.is_dense() {
            return self.prune(ground, cancel);
        }
        self.share_rows(ground, cancel)?;
        let _ = self.has_all_rows.set(());
        Ok(())
    }

    pub(super) fn is_worth_pruning(&self, climbs: usize) -> bool {
        let before = self.climbs.fetch_add(climbs as u64, Ordering::Relaxed);
        before + climbs as u64 >= CLIMBS_WORTH_PRUNING && self.needed.get().is_none()
    }

    /// Finds the arcs that a best way may use, so that later questions look at no others.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub(super) fn prune(&self, ground: Ground<'_>, cancel: &CancelFlag) -> Result<(), Cancelled> {
        let found = needed(ground.skeleton, self.own(ground, cancel)?, cancel)?;
        let _ = self.needed.set(found); // another thread may have been first: it found the same
        Ok(())
    }

    pub(super) fn arcs(&self) -> Arcs<'_, W> {
        if let Some((up, down)) = self.needed.get() {
            return Arcs { up: Rows::Needed(up), down: Rows::Needed(down) };
        }
        match &self.held {
            Held::Alone(own) => own.arcs(),
            Held::Among(lanes, lane, own) => own.get().map_or_else(
                || Arcs { up: Rows::Lane(&lanes.up, *lane), down: Rows::Lane(&lanes.down, *lane) },
                Weights::arcs,
            ),
        }
    }

    /// The steps of a best route; `None` when there is none. As good as that of [`dijkstra::one_to_one`].
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn steps(
        &self,
        ground: Ground<'_>,
        ends: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<Vec<u32>>, SearchError> {
        let own = self.own(ground, cancel)?;
        if ground.skeleton.is_dense() {
            let steps =
                if ends.0 == ends.1 { Some(Vec::new()) } else { self.met_steps(ground, ends, cancel)? };
            return self.or_searched(ground, steps, ends, cancel);
        }
        let weighed = ground.weighed(self.arcs());
        let mut room = self.room(ground.skeleton);
        let found = room.steps(ground.skeleton, ground.graph, (weighed, own, &self.trails), ends);
        self.put_back(room);
        self.or_searched(ground, found, ends, cancel)
    }

    /// The steps that were found, or those of a search in 64 bits where 31 may have been too few.
    fn or_searched(
        &self,
        ground: Ground<'_>,
        found: Option<Vec<u32>>,
        ends: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<Vec<u32>>, SearchError> {
        if found.is_none() && !self.reach.is_certain(ground) {
            return dijkstra::one_to_one(ground.graph, ground.metric, ground.criterion, ends, cancel);
        }
        Ok(found)
    }

    /// The steps of a best route of each pair, in order; pairs of one origin should stand together.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn steps_of(
        &self,
        ground: Ground<'_>,
        pairs: &[(HubId, HubId)],
        cancel: &CancelFlag,
        mut take: impl FnMut(Option<&[u32]>),
    ) -> Result<(), SearchError> {
        if ground.skeleton.is_dense() {
            for (nth, &ends) in pairs.iter().enumerate() {
                if nth % 64 == 0 {
                    cancel.check_every_1024(0)?;
                }
                take(self.steps(ground, ends, cancel)?.as_deref());
            }
            return Ok(());
        }
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            self.steps_from(ground, run, cancel, &mut take)?;
        }
        Ok(())
    }

    /// The steps of a best route of each pair, in order; the pairs have one origin, which is climbed from once.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn steps_from(
        &self,
        ground: Ground<'_>,
        pairs: &[(HubId, HubId)],
        cancel: &CancelFlag,
        mut take: impl FnMut(Option<&[u32]>),
    ) -> Result<(), SearchError> {
        let Some(&(origin, _)) = pairs.first() else { return Ok(()) };
        let own = self.own(ground, cancel)?;
        let (skeleton, graph, weighed) = (ground.skeleton, ground.graph, ground.weighed(self.arcs()));
        let mut room = self.room(skeleton);
        let starts = room.climb_from(skeleton, graph, weighed, origin);
        for (nth, &ends) in pairs.iter().enumerate() {
            if nth % 64 == 0 {
                cancel.check_every_1024(0)?; // a destination settles some hundred ranks
            }
            if ends.0 == ends.1 {
                take(Some(&[]));
                continue;
            }
            let steps = room.steps_to(skeleton, graph, (weighed, own, &self.trails), &starts, ends.1);
            take(self.or_searched(ground, steps, ends, cancel)?.as_deref());
        }
        self.put_back(room);
        Ok(())
    }

    /// The minimised quantity and the hubs that a best route passes, junctions included; `None` when there is
    /// none.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn path(
        &self,
        ground: Ground<'_>,
        network: &Network,
        ends: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<(u64, Vec<u32>)>, SearchError> {
        let own = self.own(ground, cancel)?;
        let found = if ends.0 == ends.1 {
            Some((0, Vec::new()))
        } else if ground.skeleton.is_dense() {
            self.met_ranks(ground, ends, cancel)?
        } else {
            let mut room = self.room(ground.skeleton);
            let weighed = ground.weighed(self.arcs());
            let found = room.ranks(ground.skeleton, ground.graph, (weighed, own, &self.trails), ends);
            self.put_back(room);
            found
        };
        if found.is_none() && !self.reach.is_certain(ground) {
            let (graph, metric) = (ground.graph, ground.metric);
            let Some(steps) = dijkstra::one_to_one(graph, metric, ground.criterion, ends, cancel)? else {
                return Ok(None);
            };
            let weight = metric.weights(ground.criterion);
            let value = steps.iter().map(|&step| u64::from(weight[step as usize])).sum();
            return Ok(Some((value, hubs_along(network, graph, &steps))));
        }
        Ok(found.map(|(value, ranks)| {
            let mut hubs = Vec::with_capacity(ranks.len());
            hubs.push(ends.0.0);
            for rank in ranks {
                let hub = ground.skeleton.hub[rank as usize];
                if hubs.last() != Some(&hub) {
                    hubs.push(hub);
                }
            }
            (value, hubs)
        }))
    }

    /// The minimised quantity; `None` when there is no route.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn value(
        &self,
        ground: Ground<'_>,
        ends: (HubId, HubId),
        cancel: &CancelFlag,
    ) -> Result<Option<u64>, SearchError> {
        let found = if ends.0 == ends.1 {
            Some(0)
        } else if ground.skeleton.is_dense() {
            self.least(ground, ends, cancel)?
        } else {
            let weighed = ground.weighed(self.arcs());
            let mut room = self.room(ground.skeleton);
            let found = room.value(ground.skeleton, ground.graph, (weighed, &self.trails), ends);
            self.put_back(room);
            found
        };
        if found.is_none() && !self.reach.is_certain(ground) {
            let tree = dijkstra::one_to_all(ground.graph, ground.metric, ground.criterion, ends.0, cancel)?;
            return Ok(tree.value_at(ground.graph, ground.metric, ground.criterion, ends.1));
        }
        Ok(found)
    }

    pub(super) fn room(&self, skeleton: &Skeleton) -> Scratch<W> {
        let kept = held(&self.rooms).pop();
        kept.unwrap_or_else(|| Scratch::of(skeleton))
    }

    pub(super) fn put_back(&self, room: Scratch<W>) {
        held(&self.rooms).push(room);
    }
}

/// What a hierarchy held, to be used again.
pub(super) struct Parts<W> {
    pub weights: Option<Weights<W>>,
    pub lanes: Option<Lanes<W>>,
    pub ways: Option<[Ways; 2]>,
    pub rooms: Vec<Rooms>,
}

impl<W> Customised<W> {
    pub(super) fn take_parts(&mut self) -> Parts<W> {
        let (weights, lanes) = match &mut self.held {
            Held::Alone(weights) => (Some(std::mem::take(weights)), None),
            // the last of those side by side leaves them
            Held::Among(lanes, _, own) => (own.take(), Arc::into_inner(std::mem::take(lanes))),
        };
        let rooms = self.rooms_below.get_mut().unwrap_or_else(PoisonError::into_inner);
        Parts { weights, lanes, ways: self.ways.take(), rooms: std::mem::take(rooms) }
    }
}
