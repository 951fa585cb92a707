//! Undirected graphs as rows of neighbours.

/// An undirected graph without loops or parallel edges; rows rise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search::hierarchy) struct Adjacency {
    first: Vec<u32>,
    neighbours: Vec<u32>,
}

impl Adjacency {
    /// Takes pairs of nodes in any order; loops are left out, parallel edges become one.
    pub fn of_edges(node_count: usize, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut first = vec![0_u32; node_count + 1];
        for (a, b) in edges.clone().filter(|(a, b)| a != b) {
            first[a as usize + 1] += 1;
            first[b as usize + 1] += 1;
        }
        for node in 0..node_count {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut neighbours = vec![0; first[node_count] as usize];
        for (a, b) in edges.filter(|(a, b)| a != b) {
            for (from, to) in [(a, b), (b, a)] {
                neighbours[next[from as usize] as usize] = to;
                next[from as usize] += 1;
            }
        }
        Self::with_rows_sorted(&first, neighbours)
    }

    /// Sorts each row and keeps one of equal neighbours.
    fn with_rows_sorted(first: &[u32], mut neighbours: Vec<u32>) -> Self {
        let node_count = first.len() - 1;
        let mut kept = Vec::with_capacity(first.len());
        kept.push(0);
        let mut end = 0;
        for node in 0..node_count {
            let row = first[node] as usize..first[node + 1] as usize;
            neighbours[row.clone()].sort_unstable();
            let start = end;
            for at in row {
                let neighbour = neighbours[at];
                if end == start || neighbours[end - 1] != neighbour {
                    neighbours[end] = neighbour;
                    end += 1;
                }
            }
            kept.push(end as u32);
        }
        neighbours.truncate(end);
        Self { first: kept, neighbours }
    }

    /// How many nodes there are.
    pub const fn node_count(&self) -> usize {
        self.first.len() - 1
    }

    /// How many edges there are.
    pub const fn edge_count(&self) -> usize {
        self.neighbours.len() / 2
    }

    /// The neighbours of a node, rising.
    pub fn of(&self, node: u32) -> &[u32] {
        &self.neighbours[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }

    /// How many neighbours a node has.
    pub fn degree(&self, node: u32) -> usize {
        self.of(node).len()
    }

    /// The graph on each of several parts that no edge joins, numbered as the nodes stand in the part.
    pub fn parted(&self, parts: &[Vec<u32>]) -> Vec<Self> {
        let mut number = vec![u32::MAX; self.node_count()];
        for part in parts {
            part.iter().enumerate().for_each(|(new, &old)| number[old as usize] = new as u32);
        }
        let graph_of = |part: &Vec<u32>| {
            let mut first = Vec::with_capacity(part.len() + 1);
            first.push(0);
            let mut neighbours = Vec::new();
            for &old in part {
                let row = self.of(old).iter().map(|&to| number[to as usize]).filter(|&to| to != u32::MAX);
                neighbours.extend(row);
                first.push(neighbours.len() as u32);
            }
            Self::with_rows_sorted(&first, neighbours)
        };
        parts.iter().map(graph_of).collect()
    }

    /// Nodes of each connected part, in rising order of the least node.
    pub fn components(&self) -> Vec<Vec<u32>> {
        let mut seen = vec![false; self.node_count()];
        let mut parts = Vec::new();
        for start in 0..self.node_count() as u32 {
            if seen[start as usize] {
                continue;
            }
            seen[start as usize] = true;
            let mut part = vec![start];
            let mut at = 0;
            while let Some(&node) = part.get(at) {
                at += 1;
                for &to in self.of(node) {
                    if !std::mem::replace(&mut seen[to as usize], true) {
                        part.push(to);
                    }
                }
            }
            parts.push(part);
        }
        parts
    }

    /// Steps from a node at the rim: the last that a search from the first node meets. Of a connected graph.
    pub fn hops_from_far(&self) -> Vec<f64> {
        let far = self.hops(0).iter().enumerate().fold(
            (0, 0),
            |far, (node, &hops)| {
                if hops > far.1 { (node, hops) } else { far }
            },
        );
        self.hops(far.0 as u32).into_iter().map(f64::from).collect()
    }

    /// Steps from one node to each of a connected graph.
    fn hops(&self, from: u32) -> Vec<u32> {
        let mut hops = vec![u32::MAX; self.node_count()];
        let mut queue = vec![from];
        hops[from as usize] = 0;
        let mut at = 0;
        while let Some(&node) = queue.get(at) {
            at += 1;
            for &to in self.of(node) {
                if hops[to as usize] == u32::MAX {
                    hops[to as usize] = hops[node as usize] + 1;
                    queue.push(to);
                }
            }
        }
        hops
    }
}
