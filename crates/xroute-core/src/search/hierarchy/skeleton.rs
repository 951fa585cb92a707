//! The contracted graph: which pairs of nodes are joined once every lower node is gone. No weights.

use super::order::{Adjacency, dissect};
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::network::Network;

/// No arc, no parent.
pub(super) const NONE: u32 = u32::MAX;

/// Arcs from each rank to higher ones, chordal: upper neighbours of a rank are joined to each other.
#[derive(Debug, Clone)]
pub struct Skeleton {
    pub(super) rank: Vec<u32>,
    pub(super) node: Vec<u32>,
    pub(super) first: Vec<u32>,
    pub(super) head: Vec<u32>,
    /// Arc of each edge of the graph; [`NONE`] for loops.
    pub(super) arc_of_edge: Vec<u32>,
}

impl Skeleton {
    /// Orders and contracts the graph of a network.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(network: &Network, graph: &Graph, cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let hubs = &network.tables().hubs;
        let mut places = vec![(0.0, 0.0); graph.node_count()];
        for platform in graph.platforms() {
            let place = (hubs.lon[platform.hub.index()], hubs.lat[platform.hub.index()]);
            places[platform.arrive as usize] = place;
            places[platform.depart as usize] = place;
        }
        let edges = graph.tail.iter().copied().zip(graph.head.iter().copied());
        let joined = Adjacency::of_edges(graph.node_count(), edges);
        let node = dissect(&joined, &places, cancel)?;
        Self::contract(graph, &joined, node, cancel)
    }

    fn contract(
        graph: &Graph,
        joined: &Adjacency,
        node: Vec<u32>,
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let count = node.len();
        let mut rank = vec![0; count];
        node.iter().enumerate().for_each(|(at, &node)| rank[node as usize] = at as u32);
        let mut children: Vec<Vec<u32>> = vec![Vec::new(); count];
        let (mut first, mut head) = (vec![0_u32], Vec::<u32>::new());
        for at in 0..count {
            cancel.check_every_1024(at)?;
            let own = joined.of(node[at]).iter().map(|&to| rank[to as usize]);
            let mut row: Vec<u32> = own.filter(|&to| to as usize > at).collect();
            for child in std::mem::take(&mut children[at]) {
                let below = first[child as usize] as usize + 1..first[child as usize + 1] as usize;
                row.extend_from_slice(&head[below]);
            }
            row.sort_unstable();
            row.dedup();
            if let Some(&parent) = row.first() {
                children[parent as usize].push(at as u32);
            }
            head.extend(row);
            first.push(head.len() as u32);
        }
        let mut skeleton = Self { rank, node, first, head, arc_of_edge: Vec::new() };
        let edges = graph.tail.iter().zip(&graph.head);
        skeleton.arc_of_edge = edges.map(|(&tail, &head)| skeleton.arc_between(tail, head)).collect();
        Ok(skeleton)
    }

    fn arc_between(&self, tail: u32, head: u32) -> u32 {
        let (a, b) = (self.rank[tail as usize], self.rank[head as usize]);
        let row = self.row(a.min(b));
        let found = self.head[row.clone()].binary_search(&a.max(b));
        found.map_or(NONE, |nth| (row.start + nth) as u32)
    }

    /// Arcs from a rank upward; heads rise.
    pub(super) fn row(&self, rank: u32) -> std::ops::Range<usize> {
        self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize
    }

    /// The next rank on every way up; `None` at a root.
    pub(super) fn parent(&self, rank: u32) -> Option<u32> {
        self.head[self.row(rank)].first().copied()
    }

    /// How many arcs contraction left.
    #[must_use]
    pub const fn arc_count(&self) -> usize {
        self.head.len()
    }
}
