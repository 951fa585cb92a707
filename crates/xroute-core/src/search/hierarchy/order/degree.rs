//! Nodes by least degree in the graph that is left: where places tell nothing, or cut nothing.

use std::collections::BTreeSet;

use super::adjacency::Adjacency;
use crate::cancel::{CancelFlag, Cancelled};

/// How many nodes are taken out between two looks at the flag.
const STRIDE: usize = 256;

/// All nodes, the one with the fewest neighbours left first; the neighbours it leaves are joined with one another.
///
/// Once the rows hold `most` neighbours in all, the nodes left follow as they stand: such a graph is not to be
/// contracted anyway.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn by_least_degree(
    graph: &Adjacency,
    most: usize,
    cancel: &CancelFlag,
) -> Result<Vec<u32>, Cancelled> {
    let nodes = graph.node_count() as u32;
    let mut rows: Vec<Vec<u32>> = (0..nodes).map(|node| graph.of(node).to_vec()).collect();
    let mut left: BTreeSet<(u32, u32)> = (0..nodes).map(|node| (graph.degree(node) as u32, node)).collect();
    let mut order = Vec::with_capacity(rows.len());
    let mut merged = Vec::new();
    let mut held: usize = rows.iter().map(Vec::len).sum();
    while let Some((degree, node)) = left.pop_first() {
        if order.len() % STRIDE == 0 && cancel.is_raised() {
            return Err(Cancelled);
        }
        order.push(node);
        if degree as usize == left.len() || held > most {
            order.extend(left.iter().map(|&(_, other)| other)); // every one is joined to every other, or too many
            return Ok(order);
        }
        let row = std::mem::take(&mut rows[node as usize]);
        held -= row.len();
        for &other in &row {
            let old = &mut rows[other as usize];
            left.remove(&(old.len() as u32, other));
            merge(old, &row, (node, other), &mut merged);
            held = held + merged.len() - old.len();
            std::mem::swap(old, &mut merged);
            left.insert((old.len() as u32, other));
        }
    }
    Ok(order)
}

/// The union of two rising rows without two nodes.
fn merge(a: &[u32], b: &[u32], (one, other): (u32, u32), into: &mut Vec<u32>) {
    into.clear();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let left = a.get(i).copied().unwrap_or(u32::MAX);
        let right = b.get(j).copied().unwrap_or(u32::MAX);
        let next = left.min(right);
        i += usize::from(left == next);
        j += usize::from(right == next);
        if next != one && next != other {
            into.push(next);
        }
    }
}
