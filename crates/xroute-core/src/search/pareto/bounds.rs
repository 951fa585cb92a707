//! The least that is still to come from each node, by criterion.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Values;
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::CLOSED;

const NOT_REACHED: u64 = u64::MAX;

/// Least remaining values by node; the node after the last stands for the destination itself.
pub(super) struct Bounds {
    least: Vec<Values>,
}

impl Bounds {
    pub fn towards(
        graph: &Graph,
        weights: &[&[u32]],
        destination: HubId,
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let mut least = vec![[0; 3]; graph.node_count() + 1];
        for (criterion, weights) in weights.iter().enumerate() {
            for (node, value) in backward(graph, weights, destination, cancel)?.into_iter().enumerate() {
                least[node][criterion] = value;
            }
        }
        Ok(Self { least })
    }

    /// Values so far plus the least to come, for a node that can reach the destination.
    pub fn estimate(&self, values: Values, node: u32) -> Values {
        let least = self.least[node as usize];
        [0, 1, 2].map(|at| values[at] + least[at])
    }

    /// The same, or `None` where the destination cannot be reached.
    pub fn reachable(&self, values: Values, node: u32) -> Option<Values> {
        (self.least[node as usize][0] != NOT_REACHED).then(|| self.estimate(values, node))
    }
}

fn backward(
    graph: &Graph,
    weights: &[u32],
    destination: HubId,
    cancel: &CancelFlag,
) -> Result<Vec<u64>, Cancelled> {
    let mut least = vec![NOT_REACHED; graph.node_count()];
    let mut queue = BinaryHeap::new();
    for platform in graph.platforms_of(destination) {
        let node = graph.platforms()[platform].arrive as usize;
        let weight = weights[graph.unload_step(platform)];
        if weight != CLOSED && u64::from(weight) < least[node] {
            least[node] = u64::from(weight);
            queue.push(Reverse((u64::from(weight), node)));
        }
    }
    let mut settled = 0_usize;
    while let Some(Reverse((value, node))) = queue.pop() {
        if least[node] != value {
            continue; // a cheaper way from here was found after this entry was queued
        }
        settled += 1;
        cancel.check_every_1024(settled)?;
        for &edge in &graph.in_edges[graph.first_in[node] as usize..graph.first_in[node + 1] as usize] {
            let weight = weights[edge as usize];
            let before = graph.tail[edge as usize] as usize;
            if weight != CLOSED && value + u64::from(weight) < least[before] {
                least[before] = value + u64::from(weight);
                queue.push(Reverse((least[before], before)));
            }
        }
    }
    Ok(least)
}
