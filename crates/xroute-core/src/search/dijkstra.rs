//! Dijkstra's search with ties broken by time, then by the node settled first: the in-repo oracle.

#[cfg(test)]
#[path = "dijkstra_tests.rs"]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::SearchError;
use crate::cancel::CancelFlag;
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{CLOSED, Criterion, Metric};

const NOT_REACHED: u64 = u64::MAX;
const NO_STEP: u32 = u32::MAX;

/// The best way from one hub to every node, or to one hub.
#[derive(Debug, Clone)]
pub struct Tree {
    best: Vec<(u64, u64)>,
    last_step: Vec<u32>,
}

/// How an origin is left, and when the search may stop.
struct Trip<'a> {
    graph: &'a Graph,
    weight: &'a [u32],
    time: &'a [u32],
}

/// Searches from one hub to all.
///
/// # Errors
/// [`SearchError::Cancelled`] once the flag is raised.
pub fn one_to_all(
    graph: &Graph,
    metric: &Metric,
    criterion: Criterion,
    origin: HubId,
    cancel: &CancelFlag,
) -> Result<Tree, SearchError> {
    let trip = Trip { graph, weight: metric.weights(criterion), time: metric.time_s() };
    trip.run(origin, None, cancel)
}

/// The steps of a best route from one hub to another; `None` when there is none.
///
/// # Errors
/// [`SearchError::Cancelled`] once the flag is raised.
pub fn one_to_one(
    graph: &Graph,
    metric: &Metric,
    criterion: Criterion,
    ends: (HubId, HubId),
    cancel: &CancelFlag,
) -> Result<Option<Vec<u32>>, SearchError> {
    if ends.0 == ends.1 {
        return Ok(Some(Vec::new()));
    }
    let trip = Trip { graph, weight: metric.weights(criterion), time: metric.time_s() };
    let tree = trip.run(ends.0, Some(ends.1), cancel)?;
    Ok(tree.steps_to(graph, metric, criterion, ends.1))
}

impl Trip<'_> {
    fn unloaded(&self, tree: &Tree, destination: HubId) -> Option<(u64, u64)> {
        self.graph
            .platforms_of(destination)
            .filter_map(|platform| {
                let (cost, time) = tree.best[self.graph.platforms()[platform].arrive as usize];
                let step = self.graph.unload_step(platform);
                (cost != NOT_REACHED && self.weight[step] != CLOSED)
                    .then(|| (cost + u64::from(self.weight[step]), time + u64::from(self.time[step])))
            })
            .min()
    }

    fn run(
        &self,
        origin: HubId,
        destination: Option<HubId>,
        cancel: &CancelFlag,
    ) -> Result<Tree, SearchError> {
        let nodes = self.graph.node_count();
        let mut tree =
            Tree { best: vec![(NOT_REACHED, NOT_REACHED); nodes], last_step: vec![NO_STEP; nodes] };
        let mut queue = BinaryHeap::new();
        for platform in self.graph.platforms_of(origin) {
            let step = self.graph.load_step(platform);
            let node = self.graph.platforms()[platform].depart;
            self.relax(&mut tree, &mut queue, (0, 0), step, node);
        }
        let mut settled = 0_usize;
        while let Some(Reverse((cost, time, node))) = queue.pop() {
            if tree.best[node as usize] != (cost, time) {
                continue; // a cheaper way here was found after this entry was queued
            }
            settled += 1;
            cancel.check_every_1024(settled)?;
            if let Some(destination) = destination
                && self.unloaded(&tree, destination).is_some_and(|best| best < (cost, time))
            {
                break; // nothing that is still queued can arrive sooner
            }
            let out = self.graph.first_out[node as usize]..self.graph.first_out[node as usize + 1];
            for edge in out {
                self.relax(
                    &mut tree,
                    &mut queue,
                    (cost, time),
                    edge as usize,
                    self.graph.head[edge as usize],
                );
            }
        }
        Ok(tree)
    }

    fn relax(
        &self,
        tree: &mut Tree,
        queue: &mut BinaryHeap<Reverse<(u64, u64, u32)>>,
        so_far: (u64, u64),
        step: usize,
        node: u32,
    ) {
        if self.weight[step] == CLOSED {
            return;
        }
        let reached = (so_far.0 + u64::from(self.weight[step]), so_far.1 + u64::from(self.time[step]));
        if reached < tree.best[node as usize] {
            tree.best[node as usize] = reached;
            tree.last_step[node as usize] = step as u32;
            queue.push(Reverse((reached.0, reached.1, node)));
        }
    }
}

impl Tree {
    /// The minimised quantity to a hub, unloading included; `None` when it is not reached.
    #[must_use]
    pub fn value_at(
        &self,
        graph: &Graph,
        metric: &Metric,
        criterion: Criterion,
        destination: HubId,
    ) -> Option<u64> {
        let trip = Trip { graph, weight: metric.weights(criterion), time: metric.time_s() };
        trip.unloaded(self, destination).map(|best| best.0)
    }

    /// The steps to a hub, from loading to unloading; `None` when it is not reached.
    #[must_use]
    pub fn steps_to(
        &self,
        graph: &Graph,
        metric: &Metric,
        criterion: Criterion,
        destination: HubId,
    ) -> Option<Vec<u32>> {
        let trip = Trip { graph, weight: metric.weights(criterion), time: metric.time_s() };
        let best = trip.unloaded(self, destination)?;
        let last = graph.platforms_of(destination).find(|&platform| {
            let step = graph.unload_step(platform);
            let (cost, time) = self.best[graph.platforms()[platform].arrive as usize];
            let reached = cost != NOT_REACHED && trip.weight[step] != CLOSED;
            reached && (cost + u64::from(trip.weight[step]), time + u64::from(trip.time[step])) == best
        })?;
        let mut steps = vec![graph.unload_step(last) as u32];
        let mut node = graph.platforms()[last].arrive;
        loop {
            let step = self.last_step[node as usize];
            steps.push(step);
            if step as usize >= graph.edge_count() {
                break; // loading: the trip starts here
            }
            node = graph.tail[step as usize];
        }
        steps.reverse();
        Some(steps)
    }
}
