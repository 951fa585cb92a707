//! Chains and dead ends go first: what is left is the graph that decides.

use super::adjacency::Adjacency;

/// Nodes of one or two neighbours in an order in which taking them out leaves no other pair joined anew but the
/// two ends of a chain; then the graph that is left, and its nodes by their old numbers.
pub(super) fn peel(graph: &Adjacency) -> (Vec<u32>, Adjacency, Vec<u32>) {
    let count = graph.node_count();
    let mut rows: Vec<Vec<u32>> = (0..count as u32).map(|node| graph.of(node).to_vec()).collect();
    let mut is_gone = vec![false; count];
    let mut order = Vec::new();
    for start in 0..count as u32 {
        let mut next = vec![start];
        while let Some(node) = next.pop() {
            if is_gone[node as usize] || rows[node as usize].len() > 2 {
                continue;
            }
            is_gone[node as usize] = true;
            order.push(node);
            let row = std::mem::take(&mut rows[node as usize]);
            for &other in &row {
                rows[other as usize].retain(|&each| each != node);
            }
            if let [a, b] = row[..]
                && !rows[a as usize].contains(&b)
            {
                rows[a as usize].push(b);
                rows[b as usize].push(a);
            }
            next.extend(row);
        }
    }
    let left: Vec<u32> = (0..count as u32).filter(|&node| !is_gone[node as usize]).collect();
    let mut number = vec![0; count];
    left.iter().enumerate().for_each(|(new, &old)| number[old as usize] = new as u32);
    let edges = left.iter().flat_map(|&node| rows[node as usize].iter().map(move |&to| (node, to)));
    let edges = edges.map(|(from, to)| (number[from as usize], number[to as usize]));
    let core = Adjacency::of_edges(left.len(), edges);
    (order, core, left)
}
