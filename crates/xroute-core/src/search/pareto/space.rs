//! The graph as label searches read it: open edges alone, their weights beside their heads.

use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{CLOSED, Criterion, Metric};

/// The most criteria that a search weighs at once.
pub const MOST_CRITERIA: usize = 3;

/// Sums by criterion; criteria that are not asked for stay 0.
pub(crate) type Values = [u64; MOST_CRITERIA];

/// An open edge as seen from one of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arc {
    /// The other end.
    pub node: u32,
    /// Number of the step.
    pub step: u32,
    /// Weight by criterion.
    pub weights: [u32; MOST_CRITERIA],
}

impl Arc {
    /// What is reached over the arc.
    pub fn after(&self, so_far: Values) -> Values {
        [0, 1, 2].map(|at| so_far[at] + u64::from(self.weights[at]))
    }
}

/// Arcs by node in one direction.
#[derive(Debug, Clone)]
pub(crate) struct Arcs {
    first: Vec<u32>,
    arcs: Vec<Arc>,
}

impl Arcs {
    /// Arcs of each of `nodes`, in that order.
    fn of_each<I: Iterator<Item = Arc>>(nodes: &[u32], arcs_of: impl Fn(u32) -> I) -> Self {
        let mut found = Self { first: Vec::with_capacity(nodes.len() + 1), arcs: Vec::new() };
        found.first.push(0);
        for &node in nodes {
            found.arcs.extend(arcs_of(node));
            found.first.push(found.arcs.len() as u32);
        }
        found
    }

    /// Positions of the arcs of a node.
    pub fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// Arcs of a node.
    pub fn of(&self, node: u32) -> &[Arc] {
        &self.arcs[self.range(node)]
    }

    /// The arc at a position.
    pub fn at(&self, position: u32) -> &Arc {
        &self.arcs[position as usize]
    }

    /// How many nodes there are.
    pub const fn node_count(&self) -> usize {
        self.first.len() - 1
    }
}

/// Where searches start and end: loading and unloading, each with its node.
#[derive(Debug, Clone)]
pub(crate) struct Ends {
    /// Loading at the origin; `node` is where it leads to.
    pub sources: Vec<Arc>,
    /// Unloading at the destination; `node` is where it leads from.
    pub sinks: Vec<Arc>,
}

/// What searches over certain criteria of one metric share: made once, then read by any number of them.
#[derive(Debug, Clone)]
pub struct Space {
    over: Vec<Criterion>,
    /// Node of the space by node of the graph; neighbours lie near each other.
    place: Vec<u32>,
    pub(crate) out: Arcs,
    pub(crate) into: Arcs,
}

impl Space {
    /// Lays out the open edges of a metric with the weights of one to three criteria.
    #[must_use]
    pub fn of(graph: &Graph, metric: &Metric, over: &[Criterion]) -> Self {
        let columns: Vec<&[u32]> = over.iter().map(|&criterion| metric.weights(criterion)).collect();
        let order = by_neighbourhood(graph);
        let mut place = vec![0; order.len()];
        for (at, &node) in order.iter().enumerate() {
            place[node as usize] = at as u32;
        }
        let arc = |edge: u32, node: u32| {
            let weights = weights_of(&columns, edge as usize)?;
            Some(Arc { node: place[node as usize], step: edge, weights })
        };
        let out = Arcs::of_each(&order, |node| {
            let edges = graph.first_out[node as usize]..graph.first_out[node as usize + 1];
            edges.filter_map(|edge| arc(edge, graph.head[edge as usize]))
        });
        let into = Arcs::of_each(&order, |node| {
            let edges = graph.first_in[node as usize] as usize..graph.first_in[node as usize + 1] as usize;
            graph.in_edges[edges].iter().filter_map(|&edge| arc(edge, graph.tail[edge as usize]))
        });
        Self { over: over.to_vec(), place, out, into }
    }

    /// How many open edges there are.
    #[must_use]
    pub const fn arc_count(&self) -> usize {
        self.out.arcs.len()
    }

    /// The criteria that the space weighs, in order.
    #[must_use]
    pub fn over(&self) -> &[Criterion] {
        &self.over
    }

    /// Open loading and unloading of two hubs.
    pub(crate) fn ends(&self, graph: &Graph, metric: &Metric, ends: (HubId, HubId)) -> Ends {
        let columns: Vec<&[u32]> = self.over.iter().map(|&criterion| metric.weights(criterion)).collect();
        let arc = |step: usize, node: u32| {
            let weights = weights_of(&columns, step)?;
            Some(Arc { node: self.place[node as usize], step: step as u32, weights })
        };
        let platforms = graph.platforms();
        let load = |at| arc(graph.load_step(at), platforms[at].depart);
        let unload = |at| arc(graph.unload_step(at), platforms[at].arrive);
        Ends {
            sources: graph.platforms_of(ends.0).filter_map(load).collect(),
            sinks: graph.platforms_of(ends.1).filter_map(unload).collect(),
        }
    }
}

/// Nodes of a graph such that nodes that follow each other on routes lie near each other in memory.
fn by_neighbourhood(graph: &Graph) -> Vec<u32> {
    let nodes = graph.node_count();
    let mut order = Vec::with_capacity(nodes);
    let mut is_placed = vec![false; nodes];
    let mut stack = Vec::new();
    for start in 0..nodes as u32 {
        stack.push(start);
        while let Some(node) = stack.pop() {
            if std::mem::replace(&mut is_placed[node as usize], true) {
                continue;
            }
            order.push(node);
            let edges = graph.first_out[node as usize] as usize..graph.first_out[node as usize + 1] as usize;
            stack.extend(graph.head[edges].iter().rev().filter(|&&head| !is_placed[head as usize]));
        }
    }
    order
}

/// Weights of a step by criterion; `None` where it cannot be taken.
fn weights_of(columns: &[&[u32]], step: usize) -> Option<[u32; MOST_CRITERIA]> {
    let mut weights = [0; MOST_CRITERIA];
    for (weight, column) in weights.iter_mut().zip(columns) {
        *weight = column[step];
    }
    (!weights.contains(&CLOSED)).then_some(weights)
}
