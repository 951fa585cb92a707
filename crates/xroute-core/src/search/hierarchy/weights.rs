//! Customisation: least weights of the arcs of a skeleton, by lower triangles.

use super::skeleton::{NONE, Skeleton};
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::metric::CLOSED;

/// The weight of an arc that nothing runs along.
pub(super) const INFINITE: u64 = u64::MAX;

/// What an arc stands for in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Nothing runs here.
    Closed,
    /// An edge of the graph.
    Edge(u32),
    /// Down the first arc and up the second, over a lower node.
    Over(u32, u32),
}

/// Weights of one metric, upward and downward; sums are exact in 64 bits.
#[derive(Debug, Clone)]
pub struct Weights {
    pub(super) up: Vec<(u64, Way)>,
    pub(super) down: Vec<(u64, Way)>,
}

impl Weights {
    /// Customises a skeleton for weights by step; of equal edges the first stays.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(
        skeleton: &Skeleton,
        graph: &Graph,
        weight: &[u32],
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let closed = vec![(INFINITE, Way::Closed); skeleton.arc_count()];
        let mut weights = Self { up: closed.clone(), down: closed };
        for (edge, &arc) in skeleton.arc_of_edge.iter().enumerate() {
            if arc == NONE || weight[edge] == CLOSED {
                continue;
            }
            let rank = |node: u32| skeleton.rank[node as usize];
            let is_up = rank(graph.tail[edge]) < rank(graph.head[edge]);
            let side = if is_up { &mut weights.up } else { &mut weights.down };
            lower(&mut side[arc as usize], u64::from(weight[edge]), Way::Edge(edge as u32));
        }
        for rank in 0..skeleton.node.len() as u32 {
            cancel.check_every_1024(rank as usize)?;
            weights.relax_triangles_over(skeleton, rank);
        }
        Ok(weights)
    }

    fn relax_triangles_over(&mut self, skeleton: &Skeleton, rank: u32) {
        let row = skeleton.row(rank);
        for a in row.clone() {
            let mut third = skeleton.row(skeleton.head[a]).start;
            for b in a + 1..row.end {
                while skeleton.head[third] != skeleton.head[b] {
                    third += 1; // chordal: every upper neighbour after this one is in its row
                }
                let (a_way, b_way) = (a as u32, b as u32);
                let up = self.down[a].0.saturating_add(self.up[b].0);
                lower(&mut self.up[third], up, Way::Over(a_way, b_way));
                let down = self.down[b].0.saturating_add(self.up[a].0);
                lower(&mut self.down[third], down, Way::Over(b_way, a_way));
            }
        }
    }

    /// Adds the edges of an arc to a path, in the order of travel.
    pub(super) fn unpack(&self, arc: u32, is_up: bool, path: &mut Vec<u32>) {
        let mut left = vec![(arc, is_up)];
        while let Some((arc, is_up)) = left.pop() {
            let side = if is_up { &self.up } else { &self.down };
            match side[arc as usize].1 {
                Way::Closed => {}
                Way::Edge(edge) => path.push(edge),
                Way::Over(down, up) => left.extend([(up, true), (down, false)]),
            }
        }
    }
}

fn lower(entry: &mut (u64, Way), weight: u64, way: Way) {
    if weight < entry.0 {
        *entry = (weight, way);
    }
}
