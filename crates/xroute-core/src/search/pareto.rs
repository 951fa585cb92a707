//! The Pareto set over two or three criteria: exact label setting with bounds from the destination.
//!
//! Labels leave the queue in lexicographic order of value + bound, so at each node the first criterion
//! never falls and dominance needs the other two alone (dimension reduction). At the destination
//! dominance is decided on the grid of `resolution`: every route has a member of the set whose cell is
//! nowhere above its own, so no member is worse by a whole cell in any criterion.

mod bounds;
mod staircase;

#[cfg(test)]
#[path = "pareto_tests.rs"]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::SearchError;
use crate::cancel::CancelFlag;
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{CLOSED, Criterion, Metric};
use bounds::Bounds;
use staircase::Staircase;

type Values = [u64; 3];

/// What to search, and how fine.
#[derive(Debug, Clone)]
pub struct ParetoQuery {
    /// Where from and where to.
    pub ends: (HubId, HubId),
    /// One to three criteria.
    pub over: Vec<Criterion>,
    /// Cell of the grid by criterion, in the integer unit of the metric; 1 is exact.
    pub resolution: Vec<u64>,
    /// Most labels to create before the search stops with what it knows.
    pub most_labels: usize,
}

/// The set, in rising order of the first criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParetoSet {
    /// Steps of each member.
    pub paths: Vec<Vec<u32>>,
    /// Whether the search ran to its end; a cap was met otherwise.
    pub is_complete: bool,
    /// Labels created, as a measure of work.
    pub labels: usize,
}

struct Label {
    values: Values,
    node: u32,
    step: u32,
    parent: u32,
}

struct Search<'a> {
    graph: &'a Graph,
    weights: Vec<&'a [u32]>,
    resolution: Values,
    bounds: Bounds,
    labels: Vec<Label>,
    fronts: Vec<Staircase>,
    arrived: Vec<u32>,
    arrived_cells: Staircase,
    queue: BinaryHeap<Reverse<(Values, u32)>>,
}

const NO_PARENT: u32 = u32::MAX;

/// Finds the set.
///
/// # Errors
/// [`SearchError::Cancelled`] once the flag is raised.
pub fn pareto(
    graph: &Graph,
    metric: &Metric,
    query: &ParetoQuery,
    cancel: &CancelFlag,
) -> Result<ParetoSet, SearchError> {
    if query.ends.0 == query.ends.1 {
        return Ok(ParetoSet { paths: vec![Vec::new()], is_complete: true, labels: 0 });
    }
    let weights: Vec<&[u32]> = query.over.iter().map(|&criterion| metric.weights(criterion)).collect();
    let mut resolution = [1; 3];
    for (cell, &wanted) in resolution.iter_mut().zip(&query.resolution) {
        *cell = wanted.max(1);
    }
    let bounds = Bounds::towards(graph, &weights, query.ends.1, cancel)?;
    let mut search = Search {
        graph,
        weights,
        resolution,
        bounds,
        labels: Vec::new(),
        fronts: vec![Staircase::default(); graph.node_count()],
        arrived: Vec::new(),
        arrived_cells: Staircase::default(),
        queue: BinaryHeap::new(),
    };
    let is_complete = search.run(query, cancel)?;
    Ok(ParetoSet { paths: search.members(), is_complete, labels: search.labels.len() })
}

impl Search<'_> {
    fn run(&mut self, query: &ParetoQuery, cancel: &CancelFlag) -> Result<bool, SearchError> {
        let (origin, destination) = query.ends;
        for platform in self.graph.platforms_of(origin) {
            let node = self.graph.platforms()[platform].depart;
            self.offer([0; 3], self.graph.load_step(platform), node, NO_PARENT);
        }
        let mut popped = 0_usize;
        while let Some(Reverse((_, number))) = self.queue.pop() {
            popped += 1;
            cancel.check_every_1024(popped)?;
            if self.labels.len() > query.most_labels {
                return Ok(false);
            }
            self.settle(number, destination);
        }
        Ok(true)
    }

    fn settle(&mut self, number: u32, destination: HubId) {
        let Label { values, node, .. } = self.labels[number as usize];
        if node as usize == self.graph.node_count() {
            self.arrive(number, values);
            return;
        }
        let estimate = self.bounds.estimate(values, node);
        if self.is_beaten_at_destination(estimate) || self.fronts[node as usize].covers(values[1], values[2])
        {
            return;
        }
        self.fronts[node as usize].insert(values[1], values[2]);
        for edge in self.graph.first_out[node as usize]..self.graph.first_out[node as usize + 1] {
            self.offer(values, edge as usize, self.graph.head[edge as usize], number);
        }
        for platform in self.graph.platforms_of(destination) {
            if self.graph.platforms()[platform].arrive == node {
                self.offer(values, self.graph.unload_step(platform), self.graph.node_count() as u32, number);
            }
        }
    }

    fn offer(&mut self, so_far: Values, step: usize, node: u32, parent: u32) {
        let mut values = so_far;
        for (value, weights) in values.iter_mut().zip(&self.weights) {
            if weights[step] == CLOSED {
                return;
            }
            *value += u64::from(weights[step]);
        }
        let Some(estimate) = self.bounds.reachable(values, node) else { return };
        let has_arrived = node as usize == self.graph.node_count();
        if self.is_beaten_at_destination(estimate)
            || (!has_arrived && self.fronts[node as usize].covers(values[1], values[2]))
        {
            return;
        }
        let number = self.labels.len() as u32;
        self.labels.push(Label { values, node, step: step as u32, parent });
        self.queue.push(Reverse((estimate, number)));
    }

    fn cell(&self, values: Values) -> Values {
        [0, 1, 2].map(|at| values[at] / self.resolution[at])
    }

    fn is_beaten_at_destination(&self, estimate: Values) -> bool {
        let cell = self.cell(estimate);
        self.arrived_cells.covers(cell[1], cell[2])
    }

    fn arrive(&mut self, number: u32, values: Values) {
        let cell = self.cell(values);
        if !self.arrived_cells.covers(cell[1], cell[2]) {
            self.arrived_cells.insert(cell[1], cell[2]);
            self.arrived.push(number);
        }
    }

    /// Members that a later arrival in the same first cell does not beat, as steps.
    fn members(&self) -> Vec<Vec<u32>> {
        let cells: Vec<Values> =
            self.arrived.iter().map(|&label| self.cell(self.labels[label as usize].values)).collect();
        let is_beaten = |at: usize| {
            cells[at + 1..]
                .iter()
                .take_while(|later| later[0] == cells[at][0])
                .any(|later| later[1] <= cells[at][1] && later[2] <= cells[at][2])
        };
        (0..cells.len()).filter(|&at| !is_beaten(at)).map(|at| self.steps(self.arrived[at])).collect()
    }

    fn steps(&self, mut label: u32) -> Vec<u32> {
        let mut steps = Vec::new();
        while label != NO_PARENT {
            steps.push(self.labels[label as usize].step);
            label = self.labels[label as usize].parent;
        }
        steps.reverse();
        steps
    }
}
