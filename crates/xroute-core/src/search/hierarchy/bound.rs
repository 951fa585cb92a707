//! How long any best route can be: whether 31 bits tell "far" from "no route".

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::graph::Graph;
use crate::metric::CLOSED;

const NONE: u32 = u32::MAX;

/// No best route weighs more than this: within a strong component, there and back by way of one node; between
/// components, the dearest chain of them.
#[must_use]
pub fn most_of_any_route(graph: &Graph, weight: &[u32]) -> u64 {
    let component = strong_components(graph, weight);
    let count = component.iter().max().map_or(0, |&last| last as usize + 1);
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); count];
    for (node, &component) in component.iter().enumerate() {
        members[component as usize].push(node as u32);
    }
    // Components are numbered from the last that a route can reach: what they lead to is known before them.
    let mut from_here = vec![0_u64; count];
    let mut reached = vec![u64::MAX; graph.node_count()];
    for (own, nodes) in members.iter().enumerate() {
        let mut onward = 0;
        for &node in nodes {
            for edge in graph.first_out[node as usize]..graph.first_out[node as usize + 1] {
                let (edge, to) = (edge as usize, component[graph.head[edge as usize] as usize] as usize);
                if weight[edge] != CLOSED && to != own {
                    onward = onward.max(u64::from(weight[edge]) + from_here[to]);
                }
            }
        }
        let mut across = 0;
        if nodes.len() > 1 {
            for is_forward in [true, false] {
                across += farthest(graph, weight, (&component, nodes), is_forward, &mut reached);
            }
        }
        from_here[own] = across + onward;
    }
    let steps = weight[graph.edge_count()..].iter().filter(|&&each| each != CLOSED);
    let dearest_end = steps.max().map_or(0, |&each| u64::from(each));
    from_here.into_iter().max().unwrap_or(0) + 2 * dearest_end
}

/// The greatest distance from the first node of a component to its others, or from them to it.
fn farthest(
    graph: &Graph,
    weight: &[u32],
    (component, nodes): (&[u32], &[u32]),
    is_forward: bool,
    reached: &mut [u64],
) -> u64 {
    let root = nodes[0];
    let mut queue = BinaryHeap::from([Reverse((0_u64, root))]);
    reached[root as usize] = 0;
    let mut most = 0;
    while let Some(Reverse((so_far, node))) = queue.pop() {
        if so_far > reached[node as usize] {
            continue;
        }
        most = so_far;
        let first = if is_forward { &graph.first_out } else { &graph.first_in };
        for at in first[node as usize]..first[node as usize + 1] {
            let edge = if is_forward { at } else { graph.in_edges[at as usize] } as usize;
            let other = if is_forward { graph.head[edge] } else { graph.tail[edge] };
            let sum = so_far + u64::from(weight[edge]);
            let is_within = component[other as usize] == component[root as usize];
            if weight[edge] != CLOSED && is_within && sum < reached[other as usize] {
                reached[other as usize] = sum;
                queue.push(Reverse((sum, other)));
            }
        }
    }
    for &node in nodes {
        reached[node as usize] = u64::MAX;
    }
    most
}

/// The strong component of each node over the steps that are open, numbered so that edges never lead to a
/// higher one (Tarjan, without recursion).
fn strong_components(graph: &Graph, weight: &[u32]) -> Vec<u32> {
    let count = graph.node_count();
    let mut component = vec![NONE; count];
    let mut seen_at = vec![NONE; count];
    let mut lowest = vec![0_u32; count];
    let mut next_edge: Vec<u32> = graph.first_out[..count].to_vec();
    let (mut open, mut path) = (Vec::new(), Vec::new());
    let (mut seen, mut components) = (0_u32, 0_u32);
    for start in 0..count as u32 {
        if seen_at[start as usize] == NONE {
            path.push(start);
        }
        while let Some(&node) = path.last() {
            let at = node as usize;
            if seen_at[at] == NONE {
                (seen_at[at], lowest[at]) = (seen, seen);
                seen += 1;
                open.push(node);
            }
            let mut child = None;
            while next_edge[at] < graph.first_out[at + 1] && child.is_none() {
                let edge = next_edge[at] as usize;
                let to = graph.head[edge] as usize;
                if weight[edge] == CLOSED || component[to] != NONE {
                    next_edge[at] += 1;
                } else if seen_at[to] == NONE {
                    child = Some(to as u32);
                } else {
                    lowest[at] = lowest[at].min(lowest[to]);
                    next_edge[at] += 1;
                }
            }
            if let Some(child) = child {
                path.push(child);
                continue;
            }
            path.pop();
            if lowest[at] == seen_at[at] {
                while let Some(member) = open.pop() {
                    component[member as usize] = components;
                    if member == node {
                        break;
                    }
                }
                components += 1;
            }
        }
    }
    component
}
