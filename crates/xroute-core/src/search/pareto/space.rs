//! The graph as label searches read it: open edges alone, their weights beside their heads.

use super::ends::{End, Ends};
use super::labels::Member;
use super::layers::Layers;
use super::reduce::{Climbs, Reduced};
use crate::graph::{Graph, Movement};
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
    /// Whether freight changes vehicle.
    pub is_change: bool,
}

impl Arc {
    /// The same arc with another node at its end.
    const fn moved(mut self, node: u32) -> Self {
        self.node = node;
        self
    }

    /// What is reached over the arc.
    pub fn after(&self, so_far: Values) -> Values {
        let [one, two, three] = self.weights.map(u64::from);
        [so_far[0] + one, so_far[1] + two, so_far[2] + three]
    }
}

/// As much of an arc as a search backwards reads at every step: four to a cache line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Back {
    /// Where the arc starts.
    pub node: u32,
    /// Weight by criterion.
    pub weights: [u32; MOST_CRITERIA],
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

    /// The highest weight by criterion.
    fn most(&self) -> Values {
        let weights = self.arcs.iter().map(|arc| arc.weights.map(u64::from));
        weights.fold([0; MOST_CRITERIA], |most, own| [0, 1, 2].map(|at| own[at].max(most[at])))
    }

    /// Positions of the arcs of a node.
    pub fn range(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// Arcs of a node.
    pub fn of(&self, node: u32) -> &[Arc] {
        &self.arcs[self.range(node)]
    }
}

/// What searches over certain criteria of one metric share: made once, then read by any number of them.
#[derive(Debug, Clone)]
pub struct Space {
    over: Vec<Criterion>,
    /// Node of the space by node of the graph; neighbours lie near each other.
    place: Vec<u32>,
    /// How many nodes a layer has.
    nodes: u32,
    out: Arcs,
    into: Arcs,
    /// Those of `into`, for searches where nothing is counted.
    back: Vec<Back>,
    /// The highest weight by criterion.
    most: Values,
    climbs: Option<Climbs>,
    layers: Option<Layers>,
}

impl Space {
    /// Lays out the open edges of a metric with the weights of one to three criteria; nodes that are only
    /// passed through are taken out.
    #[must_use]
    pub fn of(graph: &Graph, metric: &Metric, over: &[Criterion]) -> Self {
        let columns: Vec<&[u32]> = over.iter().map(|&criterion| metric.weights(criterion)).collect();
        let nodes = graph.node_count();
        let (mut out, mut into) = (vec![Vec::new(); nodes], vec![Vec::new(); nodes]);
        for (edge, (&tail, &head)) in graph.tail.iter().zip(&graph.head).enumerate() {
            if let Some(arc) = arc_of(graph, &columns, edge as u32, head) {
                out[tail as usize].push(arc);
                into[head as usize].push(arc.moved(tail));
            }
        }
        let reduced = Reduced::of(out, into, graph.step_count() as u32);
        let arcs = |node: u32| &reduced.out[node as usize];
        let order = by_neighbourhood(nodes as u32, |node| {
            arcs(node).iter().map(|arc| arc.node).filter(|&head| reduced.is_kept(head))
        });
        let order: Vec<u32> = order.into_iter().filter(|&node| reduced.is_kept(node)).collect();
        let place = places(&order, nodes);
        let moved = |arc: &Arc| arc.moved(place[arc.node as usize]);
        let out = Arcs::of_each(&order, |node| reduced.out[node as usize].iter().map(moved));
        let into = Arcs::of_each(&order, |node| reduced.into[node as usize].iter().map(moved));
        let back = into.arcs.iter().map(|arc| Back { node: arc.node, weights: arc.weights }).collect();
        let (over, climbs, most) = (over.to_vec(), Some(reduced.into_climbs()), into.most());
        Self { over, place, nodes: order.len() as u32, out, into, back, most, climbs, layers: None }
    }

    /// The same with every node, and a copy of the graph for each count of changes and of things passed.
    #[must_use]
    pub fn layered(graph: &Graph, metric: &Metric, over: &[Criterion], layers: Layers) -> Self {
        if layers.most_changes.is_none() && layers.via.is_empty() {
            return Self::of(graph, metric, over);
        }
        let columns: Vec<&[u32]> = over.iter().map(|&criterion| metric.weights(criterion)).collect();
        let out_of = |node: u32| graph.first_out[node as usize]..graph.first_out[node as usize + 1];
        let order = by_neighbourhood(graph.node_count() as u32, |node| {
            out_of(node).map(|edge| graph.head[edge as usize])
        });
        let place = places(&order, order.len());
        let arc = |edge: u32, node: u32| arc_of(graph, &columns, edge, place[node as usize]);
        let out = Arcs::of_each(&order, |node| {
            out_of(node).filter_map(|edge| arc(edge, graph.head[edge as usize]))
        });
        let into = Arcs::of_each(&order, |node| {
            let edges = graph.first_in[node as usize] as usize..graph.first_in[node as usize + 1] as usize;
            graph.in_edges[edges].iter().filter_map(|&edge| arc(edge, graph.tail[edge as usize]))
        });
        let (over, layers) = (over.to_vec(), Some(layers));
        let (back, most) = (Vec::new(), into.most());
        Self { over, place, nodes: order.len() as u32, out, into, back, most, climbs: None, layers }
    }

    /// Whether changes or things passed are counted.
    pub(crate) const fn has_layers(&self) -> bool {
        self.layers.is_some()
    }

    /// How many nodes there are, in all layers.
    pub(crate) fn node_count(&self) -> usize {
        self.nodes as usize * self.layers.as_ref().map_or(1, Layers::count) as usize
    }

    /// Arcs that leave a node.
    pub(crate) fn leaving(&self, node: u32) -> impl Iterator<Item = Arc> {
        let (layer, node) = self.split(node);
        self.out.of(node).iter().filter_map(move |arc| {
            let Some(layers) = &self.layers else { return Some(*arc) };
            let after = layers.after(layer, arc.step, arc.is_change)?;
            Some(arc.moved(self.joined(after, arc.node)))
        })
    }

    /// Arcs that reach a node, each with its position.
    pub(crate) fn arriving_at(&self, node: u32) -> impl Iterator<Item = (Arc, u32)> {
        let (layer, node) = self.split(node);
        self.into.of(node).iter().zip(self.into.range(node)).flat_map(move |(arc, at)| {
            let layers = self.layers.as_ref();
            let plain = layers.is_none().then_some(0);
            let before = layers.map(|layers| layers.before(layer, arc.step, arc.is_change));
            let all = plain.into_iter().chain(before.into_iter().flatten());
            all.map(move |layer| (arc.moved(self.joined(layer, arc.node)), at as u32))
        })
    }

    /// The same where nothing is counted: the arcs and the position of the first.
    pub(crate) fn arriving_plainly(&self, node: u32) -> Option<(&[Back], u32)> {
        self.layers.is_none().then(|| {
            let range = self.into.range(node);
            (&self.back[range.clone()], range.start as u32)
        })
    }

    /// The arc at a position that [`Self::arriving_at`] gave; its node is that of the lowest layer.
    pub(crate) fn arc_at(&self, position: u32) -> &Arc {
        &self.into.arcs[position as usize]
    }

    fn split(&self, node: u32) -> (u32, u32) {
        if self.layers.is_none() {
            return (0, node);
        }
        (node / self.nodes, node % self.nodes)
    }

    const fn joined(&self, layer: u32, node: u32) -> u32 {
        layer * self.nodes + node
    }

    /// The highest weight of an arc by criterion.
    pub(crate) const fn most(&self) -> Values {
        self.most
    }

    /// How many arcs there are in a layer.
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
        let end = |step: usize, node: u32| {
            let values = weights_of(&columns, step)?.map(u64::from);
            Some(End { node, step: step as u32, values })
        };
        let platforms = graph.platforms();
        let load = |at| end(graph.load_step(at), platforms[at].depart);
        let unload = |at| end(graph.unload_step(at), platforms[at].arrive);
        let sources: Vec<End> = graph.platforms_of(ends.0).filter_map(load).collect();
        let sinks: Vec<End> = graph.platforms_of(ends.1).filter_map(unload).collect();
        if let Some(climbs) = &self.climbs {
            return self.climbed(climbs, sources, sinks);
        }
        let Some(layers) = &self.layers else { return Ends { sources, sinks, ..Ends::default() } };
        let placed = |end: End, layer| End { node: self.joined(layer, self.place[end.node as usize]), ..end };
        let start = |end: End| Some(placed(end, layers.after(0, end.step, false)?));
        let stop = |end: End| layers.last().map(move |layer| placed(end, layer));
        let sources = sources.into_iter().filter_map(start).collect();
        let sinks = sinks.into_iter().flat_map(stop).collect();
        Ends { sources, sinks, ..Ends::default() }
    }

    /// Both ends moved to kept nodes.
    fn climbed(&self, climbs: &Climbs, sources: Vec<End>, sinks: Vec<End>) -> Ends {
        let mut climb = climbs.climb();
        let (sources, from) = climb.kept(sources, true);
        let (sinks, to) = climb.kept(sinks, false);
        let direct = climb.met(&from, &to).into_iter();
        let placed = |end: End| End { node: self.place[end.node as usize], ..end };
        Ends {
            sources: sources.into_iter().map(placed).collect(),
            sinks: sinks.into_iter().map(placed).collect(),
            direct: direct.map(|(values, step)| Member { steps: vec![step], values }).collect(),
            joined: climb.joined,
        }
    }

    /// Steps of the graph in the place of those that join others.
    pub(crate) fn unfolded(&self, ends: &Ends, steps: &[u32]) -> Vec<u32> {
        let Some(climbs) = &self.climbs else { return steps.to_vec() };
        let mut unfolded = Vec::with_capacity(steps.len());
        let mut ahead: Vec<u32> = steps.iter().rev().copied().collect();
        while let Some(step) = ahead.pop() {
            match climbs.parts(step, &ends.joined) {
                Some((first, second)) => ahead.extend([second, first]),
                None => unfolded.push(step),
            }
        }
        unfolded
    }
}

/// An open edge with a node at its end; `None` of a closed one.
fn arc_of(graph: &Graph, columns: &[&[u32]], edge: u32, node: u32) -> Option<Arc> {
    let weights = weights_of(columns, edge as usize)?;
    let is_change = matches!(graph.movement(edge as usize), Movement::Transfer { .. });
    Some(Arc { node, step: edge, weights, is_change })
}

/// Places of nodes in an order; of those that are not in it the highest number.
fn places(order: &[u32], nodes: usize) -> Vec<u32> {
    let mut place = vec![u32::MAX; nodes];
    for (at, &node) in order.iter().enumerate() {
        place[node as usize] = at as u32;
    }
    place
}

/// Nodes such that those that follow each other on routes lie near each other in memory.
fn by_neighbourhood<I: Iterator<Item = u32>>(nodes: u32, heads: impl Fn(u32) -> I) -> Vec<u32> {
    let mut order = Vec::with_capacity(nodes as usize);
    let mut is_placed = vec![false; nodes as usize];
    let mut stack = Vec::new();
    for start in 0..nodes {
        stack.push(start);
        while let Some(node) = stack.pop() {
            if std::mem::replace(&mut is_placed[node as usize], true) {
                continue;
            }
            order.push(node);
            let from = stack.len();
            stack.extend(heads(node).filter(|&head| !is_placed[head as usize]));
            stack[from..].reverse();
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
