//! Nodes that are only passed through, taken out: chains, dead ends and nodes with one way in or out.
//!
//! Ways over such a node become arcs between its neighbours, with the weights of both parts added up, and an
//! arc that is nowhere better than a parallel one goes. What is left has the same least values and the same
//! Pareto sets between the nodes that are kept. An origin or destination that was taken out climbs over the
//! arcs that it had at that time to nodes that are kept.

use std::collections::{BTreeMap, VecDeque};

use super::ends::End;
use super::space::{Arc, MOST_CRITERIA, Values};
use crate::metric::CLOSED;

/// Of a node that was not taken out.
const KEPT: u32 = u32::MAX;
/// Beside a node with more arcs than this nothing is taken out: each time all of them would be gone through.
const MOST_NEAR: usize = 512;
/// More ways at a node than this are not looked at.
const MOST_WAYS: usize = 64;

/// Arcs by node of the graph, in both directions; `node` of an arc is the other end.
pub(super) struct Reduced {
    /// Arcs that leave a node: of a kept one those to kept ones, of another those when it was taken out.
    pub out: Vec<Vec<Arc>>,
    /// Arcs that reach a node, alike.
    pub into: Vec<Vec<Arc>>,
    /// When a node was taken out.
    turn: Vec<u32>,
    /// The two parts of each step that stands for a way, from number `first_joined` on.
    joined: Vec<(u32, u32)>,
    first_joined: u32,
}

impl Reduced {
    /// Takes out what can be taken out; `first_joined` is above the number of every step.
    pub fn of(out: Vec<Vec<Arc>>, into: Vec<Vec<Arc>>, first_joined: u32) -> Self {
        let nodes = out.len();
        let mut reduced = Self { out, into, turn: vec![KEPT; nodes], joined: Vec::new(), first_joined };
        let mut queue: VecDeque<u32> = (0..nodes as u32).collect();
        let mut is_queued = vec![true; nodes];
        let mut turns = 0;
        while let Some(node) = queue.pop_front() {
            is_queued[node as usize] = false;
            if reduced.turn[node as usize] != KEPT {
                continue;
            }
            let Some(ways) = reduced.ways_over(node) else { continue };
            reduced.turn[node as usize] = turns;
            turns += 1;
            for near in reduced.take_out(node, &ways) {
                if !std::mem::replace(&mut is_queued[near as usize], true) {
                    queue.push_back(near);
                }
            }
        }
        reduced
    }

    /// Whether a node was not taken out.
    pub fn is_kept(&self, node: u32) -> bool {
        self.turn[node as usize] == KEPT
    }

    /// Ways over a node, each with where it starts; `None` where they are not fewer than the arcs that go.
    fn ways_over(&self, node: u32) -> Option<Vec<(u32, Arc, u32)>> {
        let (into, out) = (&self.into[node as usize], &self.out[node as usize]);
        if into.len().min(out.len()) > MOST_WAYS {
            return None;
        }
        let is_busy = |near: u32| self.out[near as usize].len() + self.into[near as usize].len() > MOST_NEAR;
        if into.iter().chain(out).any(|arc| is_busy(arc.node)) {
            return None;
        }
        let most = into.len() + out.len();
        let mut ways = Vec::new();
        for before in into.iter().filter(|arc| arc.node != node) {
            for after in out.iter().filter(|arc| arc.node != node && arc.node != before.node) {
                if ways.len() + 1 >= most {
                    return None;
                }
                let mut weights = [0; MOST_CRITERIA];
                for (at, weight) in weights.iter_mut().enumerate() {
                    let sum = before.weights[at].checked_add(after.weights[at])?;
                    *weight = Some(sum).filter(|&sum| sum != CLOSED)?;
                }
                ways.push((before.node, Arc { weights, is_change: false, ..*after }, before.step));
            }
        }
        Some(ways)
    }

    /// Puts ways in the place of a node and gives its neighbours.
    fn take_out(&mut self, node: u32, ways: &[(u32, Arc, u32)]) -> Vec<u32> {
        self.out[node as usize].retain(|arc| arc.node != node);
        self.into[node as usize].retain(|arc| arc.node != node);
        let ends = |arcs: &[Arc]| arcs.iter().map(|arc| arc.node).collect::<Vec<_>>();
        let (tails, heads) = (ends(&self.into[node as usize]), ends(&self.out[node as usize]));
        for &tail in &tails {
            self.out[tail as usize].retain(|arc| arc.node != node);
        }
        for &head in &heads {
            self.into[head as usize].retain(|arc| arc.node != node);
        }
        for &(tail, arc, before) in ways {
            self.add(tail, arc, before);
        }
        let mut near = [tails, heads].concat();
        near.sort_unstable();
        near.dedup();
        near
    }

    /// Adds a way that starts at `tail` with `before`, unless a parallel arc is nowhere worse.
    fn add(&mut self, tail: u32, mut arc: Arc, before: u32) {
        let head = arc.node;
        let beats =
            |one: &Arc, other: &Arc| (0..MOST_CRITERIA).all(|at| one.weights[at] <= other.weights[at]);
        let (out, into) = (&self.out[tail as usize], &self.into[head as usize]);
        let (shorter, end) = if out.len() <= into.len() { (out, head) } else { (into, tail) };
        if shorter.iter().any(|other| other.node == end && beats(other, &arc)) {
            return;
        }
        if shorter.iter().any(|other| other.node == end && beats(&arc, other)) {
            self.out[tail as usize].retain(|other| other.node != head || !beats(&arc, other));
            self.into[head as usize].retain(|other| other.node != tail || !beats(&arc, other));
        }
        let step = self.first_joined + self.joined.len() as u32;
        self.joined.push((before, arc.step));
        arc.step = step;
        self.out[tail as usize].push(arc);
        self.into[head as usize].push(Arc { node: tail, ..arc });
    }

    /// What is kept of this once the arcs between kept nodes have been laid out.
    pub fn into_climbs(mut self) -> Climbs {
        for node in 0..self.turn.len() {
            if self.turn[node] == KEPT {
                self.out[node] = Vec::new();
                self.into[node] = Vec::new();
            }
        }
        let flat = |lists: Vec<Vec<Arc>>| {
            let mut first = vec![0];
            let mut arcs = Vec::new();
            for list in lists {
                arcs.extend(list);
                first.push(arcs.len() as u32);
            }
            (first, arcs)
        };
        let (out, into) = (flat(self.out), flat(self.into));
        Climbs { out, into, turn: self.turn, joined: self.joined, first_joined: self.first_joined }
    }
}

/// How the nodes that were taken out hang together with those that are kept.
#[derive(Debug, Clone)]
pub(super) struct Climbs {
    out: (Vec<u32>, Vec<Arc>),
    into: (Vec<u32>, Vec<Arc>),
    turn: Vec<u32>,
    joined: Vec<(u32, u32)>,
    first_joined: u32,
}

/// What the climb from one end came over: ways by the turn of the node, none of them beaten by another.
type Ways = BTreeMap<u32, Vec<(Values, u32)>>;

/// What is still to be climbed from, by turn: the node, and the ways to it.
type Ahead = BTreeMap<u32, (u32, Vec<(Values, u32)>)>;

/// The climbs from both ends of one question; their joined steps follow those of the space.
pub(super) struct Climb<'a> {
    climbs: &'a Climbs,
    /// Joined steps of this question.
    pub joined: Vec<(u32, u32)>,
}

impl Climbs {
    /// The parts of a joined step; `None` of a step of the graph.
    pub fn parts(&self, step: u32, later: &[(u32, u32)]) -> Option<(u32, u32)> {
        let at = step.checked_sub(self.first_joined)? as usize;
        self.joined.get(at).or_else(|| later.get(at - self.joined.len())).copied()
    }

    /// Begins to climb from the ends of a question.
    pub const fn climb(&self) -> Climb<'_> {
        Climb { climbs: self, joined: Vec::new() }
    }
}

impl Climb<'_> {
    /// Ends at kept nodes of the graph in the place of `ends`, and what was passed on the way to them.
    pub fn kept(&mut self, ends: Vec<End>, is_origin: bool) -> (Vec<End>, Ways) {
        let climbs = self.climbs;
        let (first, arcs) = if is_origin { &climbs.out } else { &climbs.into };
        let (mut kept, mut ahead, mut passed) = (Vec::new(), Ahead::new(), Ways::new());
        for end in ends {
            self.put(&mut kept, &mut ahead, end);
        }
        while let Some((turn, (node, ways))) = ahead.pop_first() {
            for arc in &arcs[first[node as usize] as usize..first[node as usize + 1] as usize] {
                for &(values, step) in &ways {
                    let number = self.climbs.first_joined + (climbs.joined.len() + self.joined.len()) as u32;
                    self.joined.push(if is_origin { (step, arc.step) } else { (arc.step, step) });
                    let end = End { node: arc.node, step: number, values: arc.after(values) };
                    self.put(&mut kept, &mut ahead, end);
                }
            }
            passed.insert(turn, ways);
        }
        (kept, passed)
    }

    fn put(&self, kept: &mut Vec<End>, ahead: &mut Ahead, end: End) {
        let turn = self.climbs.turn[end.node as usize];
        if turn == KEPT {
            kept.push(end);
            return;
        }
        let ways = &mut ahead.entry(turn).or_insert_with(|| (end.node, Vec::new())).1;
        let beats = |one: &Values, other: &Values| (0..MOST_CRITERIA).all(|at| one[at] <= other[at]);
        if !ways.iter().any(|way| beats(&way.0, &end.values)) {
            ways.retain(|way| !beats(&end.values, &way.0));
            ways.push((end.values, end.step));
        }
    }

    /// Whole routes that meet below the kept nodes.
    pub fn met(&mut self, from: &Ways, to: &Ways) -> Vec<(Values, u32)> {
        let mut met = Vec::new();
        for (turn, before) in from {
            for (&one, &two) in
                before.iter().flat_map(|one| to.get(turn).into_iter().flatten().map(move |two| (one, two)))
            {
                let number = self.climbs.first_joined + (self.climbs.joined.len() + self.joined.len()) as u32;
                self.joined.push((one.1, two.1));
                met.push(([0, 1, 2].map(|at| one.0[at] + two.0[at]), number));
            }
        }
        met
    }
}
