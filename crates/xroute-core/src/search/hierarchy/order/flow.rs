//! The fewest nodes that part two sets of nodes: disjoint paths by layers, each node used once.

use super::adjacency::Adjacency;
use crate::cancel::{CancelFlag, Cancelled};

const NONE: u32 = u32::MAX;

/// Where a node stands once the cut is taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// With the first set.
    First,
    /// With the second set.
    Second,
    /// In the cut.
    Cut,
}

/// Disjoint paths from the first set to the second. A state is twice a node (entering) or one more (leaving).
struct Paths<'a> {
    graph: &'a Adjacency,
    is_end: &'a [bool],
    is_used: Vec<bool>,
    before: Vec<u32>,
    after: Vec<u32>,
    level: Vec<u32>,
    tried: Vec<u32>,
    queue: Vec<u32>,
}

/// The sides of a smallest cut between two sets, the more balanced of the two outermost ones.
///
/// `None` when more than `most` nodes are needed.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn smallest_cut(
    graph: &Adjacency,
    starts: &[u32],
    ends: &[u32],
    most: usize,
    cancel: &CancelFlag,
) -> Result<Option<Vec<Side>>, Cancelled> {
    let nodes = graph.node_count();
    let (mut is_start, mut is_end) = (vec![false; nodes], vec![false; nodes]);
    for &node in starts {
        is_start[node as usize] = true;
    }
    for &node in ends {
        is_end[node as usize] = true;
    }
    let rim = |set: &[u32], is_in: &[bool]| -> Vec<u32> {
        let has_way_out = |node: &&u32| graph.of(**node).iter().any(|&to| !is_in[to as usize]);
        set.iter().filter(has_way_out).copied().collect()
    };
    let (start_rim, end_rim) = (rim(starts, &is_start), rim(ends, &is_end));
    let mut paths = Paths {
        graph,
        is_end: &is_end,
        is_used: vec![false; nodes],
        before: vec![NONE; nodes],
        after: vec![NONE; nodes],
        level: vec![NONE; 2 * nodes],
        tried: vec![0; 2 * nodes],
        queue: Vec::with_capacity(nodes),
    };
    let mut flow = 0;
    while paths.lay_levels(&start_rim) {
        if cancel.is_raised() {
            return Err(Cancelled);
        }
        paths.tried.fill(0);
        flow += start_rim.iter().filter(|&&start| paths.augment(start)).count();
        if flow > most {
            return Ok(None);
        }
    }
    let first = paths.first_side(&is_start);
    let second = paths.second_side(&end_rim);
    let least = |sides: &[Side]| {
        let count = |side| sides.iter().filter(|&&each| each == side).count();
        count(Side::First).min(count(Side::Second))
    };
    Ok(Some(if least(&first) >= least(&second) { first } else { second }))
}

impl Paths<'_> {
    /// Levels of the states from the start; whether an end is reached.
    fn lay_levels(&mut self, starts: &[u32]) -> bool {
        self.level.fill(NONE);
        self.queue.clear();
        for &node in starts {
            self.level[2 * node as usize] = 0;
            self.queue.push(2 * node);
        }
        let mut at = 0;
        let mut last = NONE;
        while let Some(&state) = self.queue.get(at) {
            at += 1;
            let level = self.level[state as usize];
            if level >= last {
                break;
            }
            let node = state / 2;
            if state % 2 == 1 && self.is_end[node as usize] {
                last = level;
                continue;
            }
            let mut move_number = 0;
            while let Some(next) = self.onward(state, move_number) {
                move_number += 1;
                if next != NONE && self.level[next as usize] == NONE {
                    self.level[next as usize] = level + 1;
                    self.queue.push(next);
                }
            }
        }
        last != NONE
    }

    /// The state that the given move leads to: `NONE` for a move that is not open, nothing after the last.
    fn onward(&self, state: u32, number: u32) -> Option<u32> {
        let node = state / 2;
        let is_used = self.is_used[node as usize];
        if state.is_multiple_of(2) {
            let back = self.before[node as usize];
            return match (number, is_used) {
                (0, false) => Some(state + 1),
                (0, true) => Some(if back == NONE { NONE } else { 2 * back + 1 }),
                _ => None,
            };
        }
        match number {
            0 => Some(if is_used { state - 1 } else { NONE }),
            _ => self.graph.of(node).get(number as usize - 1).map(|&to| 2 * to),
        }
    }

    /// One more path along rising levels, if there is one from that node.
    fn augment(&mut self, start: u32) -> bool {
        let mut path = vec![2 * start];
        if self.tried[2 * start as usize] != 0 {
            return false;
        }
        while let Some(&state) = path.last() {
            if state % 2 == 1 && self.is_end[state as usize / 2] {
                self.apply(&path);
                return true;
            }
            let number = self.tried[state as usize];
            let Some(next) = self.onward(state, number) else {
                path.pop();
                continue;
            };
            self.tried[state as usize] = number + 1;
            let rises = next != NONE && self.level[next as usize] == self.level[state as usize] + 1;
            if rises && self.tried[next as usize] == 0 {
                path.push(next);
            }
        }
        false
    }

    /// Puts a path through: steps against older paths undo them.
    fn apply(&mut self, path: &[u32]) {
        // A state is entered once in a round, so none of these moves can be taken again in it.
        for &state in path {
            self.tried[state as usize] = u32::MAX;
        }
        let mut came_from = NONE;
        for pair in path.windows(2) {
            let (state, next) = (pair[0], pair[1]);
            let (node, to) = ((state / 2) as usize, (next / 2) as usize);
            match (state % 2 == 0, node == to) {
                (true, true) => {
                    self.is_used[node] = true;
                    self.before[node] = came_from;
                }
                (true, false) if self.is_used[node] => self.before[node] = came_from,
                (true, false) => self.before[node] = NONE,
                (false, true) => {
                    self.is_used[node] = false;
                    self.after[node] = NONE;
                    came_from = NONE;
                }
                (false, false) => {
                    self.after[node] = to as u32;
                    came_from = node as u32;
                }
            }
        }
        if let Some(&last) = path.last() {
            self.after[last as usize / 2] = NONE;
        }
    }

    /// The cut nearest to the start: levels of the last round tell what is still reached.
    fn first_side(&self, is_start: &[bool]) -> Vec<Side> {
        let side = |node: usize| match (self.level[2 * node] != NONE, self.level[2 * node + 1] != NONE) {
            (true, false) => Side::Cut,
            (_, true) => Side::First,
            (false, false) if is_start[node] => Side::First,
            (false, false) => Side::Second,
        };
        (0..self.graph.node_count()).map(side).collect()
    }

    /// The cut nearest to the end: what can still reach it, searched backward.
    fn second_side(&self, ends: &[u32]) -> Vec<Side> {
        let mut reaches = vec![false; 2 * self.graph.node_count()];
        let mut queue: Vec<u32> = ends.iter().map(|&node| 2 * node + 1).collect();
        for &state in &queue {
            reaches[state as usize] = true;
        }
        while let Some(state) = queue.pop() {
            let node = state / 2;
            let mut take = |earlier: u32| {
                if !std::mem::replace(&mut reaches[earlier as usize], true) {
                    queue.push(earlier);
                }
            };
            if state % 2 == 1 {
                match (self.is_used[node as usize], self.after[node as usize]) {
                    (false, _) => take(state - 1),
                    (true, NONE) => {}
                    (true, after) => take(2 * after),
                }
                continue;
            }
            if self.is_used[node as usize] {
                take(state + 1);
            }
            self.graph.of(node).iter().for_each(|&from| take(2 * from + 1));
        }
        let side = |node: usize| match (reaches[2 * node], reaches[2 * node + 1]) {
            (false, true) => Side::Cut,
            (true, _) => Side::Second,
            (false, false) if self.is_end[node] => Side::Second,
            (false, false) => Side::First,
        };
        (0..self.graph.node_count()).map(side).collect()
    }
}
