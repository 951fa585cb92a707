//! Label setting from the origin, towards zones that are still open at the destination.
//!
//! A label holds a route so far (`values`) and the least of all routes that it stands for (`least`): two
//! labels that wait at a node become one as long as the route of one may stand for the least of both.
//! Labels leave the queue in lexicographic order of least + bound, so at each node the first criterion
//! never falls and dominance needs the other two alone (dimension reduction).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::bounds::{NOT_REACHED, Ray};
use super::ends::{End, Ends};
use super::slack::Slack;
use super::space::{MOST_CRITERIA, Space, Values};
use super::staircase::Staircase;
use super::zones::{ANY_ZONE, Zones};

const NONE: u32 = u32::MAX;
/// From one label in so many the rays are followed to their ends.
const COMPLETE_EVERY: u32 = 8;

struct Label {
    least: Values,
    values: Values,
    node: u32,
    step: u32,
    parent: u32,
    zone: u32,
    /// The next label that waits at the same node.
    next_waiting: u32,
    is_waiting: bool,
}

/// A route to the destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Steps from loading to unloading.
    pub steps: Vec<u32>,
    /// What they add up to.
    pub values: Values,
}

/// Labels of one search, and the routes that it found.
pub(crate) struct Labels<'a> {
    space: &'a Space,
    ends: &'a Ends,
    rays: Vec<Ray>,
    /// The least remaining sum by node, then by ray: what is read together lies together.
    bounds: Vec<u64>,
    slack: Slack,
    arena: Vec<Label>,
    first_waiting: Vec<u32>,
    settled: Vec<Staircase>,
    queue: BinaryHeap<Reverse<(Values, u32)>>,
    zones: Zones,
    found: Vec<Member>,
}

impl<'a> Labels<'a> {
    /// Queues the origin. The rays are the criteria alone; more may be added.
    pub fn new(space: &'a Space, ends: &'a Ends, rays: Vec<Ray>, slack: Slack, corner: Values) -> Self {
        let nodes = space.node_count();
        let mut labels = Self {
            space,
            ends,
            bounds: by_node(&rays, nodes),
            rays,
            slack,
            arena: Vec::new(),
            first_waiting: vec![NONE; nodes],
            settled: vec![Staircase::default(); nodes],
            queue: BinaryHeap::new(),
            zones: Zones::below(corner),
            found: Vec::new(),
        };
        for source in &ends.sources {
            labels.offer((source.node, source.step), source.values, source.values, NONE, ANY_ZONE);
        }
        labels
    }

    /// How many labels were created.
    pub const fn created(&self) -> usize {
        self.arena.len()
    }

    /// The routes found; some may beat others.
    pub fn into_found(self) -> Vec<Member> {
        self.found
    }

    /// Lets weighted sums of criteria judge labels from now on.
    pub fn add_rays(&mut self, rays: Vec<Ray>) {
        self.zones.add_rays(rays.iter().map(|ray| ray.weights));
        self.rays.extend(rays);
        self.bounds = by_node(&self.rays, self.space.node_count());
    }

    /// The least that the next label may come to; `None` when none is left.
    pub fn next_least(&self) -> Option<Values> {
        self.queue.peek().map(|Reverse((least, _))| *least)
    }

    /// The routes found since the last call.
    pub fn take_found(&mut self) -> Vec<Member> {
        std::mem::take(&mut self.found)
    }

    /// Leaves one zone open, below `corner`, whatever was found.
    pub fn narrow(&mut self, corner: Values) {
        self.zones.narrow(corner);
    }

    /// Settles the next label; `false` when none is left.
    pub fn step(&mut self) -> bool {
        let Some(Reverse((least, number))) = self.queue.pop() else { return false };
        if self.arena[number as usize].is_waiting {
            self.zones.pass(least[0]);
            self.settle(number);
        }
        true
    }

    fn settle(&mut self, number: u32) {
        self.leave(number);
        let Label { least, values, node, zone, .. } = self.arena[number as usize];
        if self.settled[node as usize].covers(least[1], least[2]) {
            return;
        }
        let mut hint = zone;
        loop {
            let Some(zone) = self.zone(least, node, hint) else { return };
            hint = zone;
            if !number.is_multiple_of(COMPLETE_EVERY) || !self.complete(number, zone) {
                break;
            }
        }
        self.settled[node as usize].insert(least[1], least[2]);
        let (space, ends) = (self.space, self.ends);
        for sink in ends.sinks.iter().filter(|sink| sink.node == node) {
            self.arrive(sink, number);
        }
        for arc in space.leaving(node) {
            self.offer((arc.node, arc.step), arc.after(least), arc.after(values), number, hint);
        }
    }

    /// Takes a label out of those that wait at its node.
    fn leave(&mut self, number: u32) {
        let Label { node, next_waiting, .. } = self.arena[number as usize];
        self.arena[number as usize].is_waiting = false;
        let mut at = self.first_waiting[node as usize];
        if at == number {
            self.first_waiting[node as usize] = next_waiting;
            return;
        }
        while at != NONE {
            let after = self.arena[at as usize].next_waiting;
            if after == number {
                self.arena[at as usize].next_waiting = next_waiting;
                return;
            }
            at = after;
        }
    }

    fn bounds(&self, node: u32) -> &[u64] {
        let width = self.rays.len();
        &self.bounds[node as usize * width..(node as usize + 1) * width]
    }

    /// The least that a node leaves to add by each criterion; `None` where the destination is out of reach.
    fn remaining(&self, node: u32) -> Option<Values> {
        let bounds = self.bounds(node);
        (bounds[0] != NOT_REACHED).then(|| [bounds[0], bounds[1], bounds[2]])
    }

    /// A zone that routes over a node may still reach.
    fn zone(&self, least: Values, node: u32, hint: u32) -> Option<u32> {
        let whole = sum(least, self.remaining(node)?);
        self.zones.reached(whole, least, &self.bounds(node)[MOST_CRITERIA..], hint)
    }

    /// Follows each ray from a label; takes the first route that lies in the zone, and tells whether one did.
    fn complete(&mut self, number: u32, zone: u32) -> bool {
        let Label { values, node, .. } = self.arena[number as usize];
        for at in 0..self.rays.len() {
            let whole = sum(values, self.rays[at].full(self.space, self.ends, node));
            if self.zones.holds(zone, whole) {
                let mut steps = self.steps_to(number);
                self.rays[at].extend(&mut steps, self.space, self.ends, node);
                self.take(Member { steps, values: whole });
                return true;
            }
        }
        false
    }

    fn steps_to(&self, number: u32) -> Vec<u32> {
        let mut steps = Vec::new();
        let mut at = number;
        while at != NONE {
            steps.push(self.arena[at as usize].step);
            at = self.arena[at as usize].parent;
        }
        steps.reverse();
        steps
    }

    /// Queues what comes to a node over a step.
    fn offer(&mut self, (node, step): (u32, u32), least: Values, values: Values, parent: u32, hint: u32) {
        let Some(zone) = self.zone(least, node, hint) else { return };
        if self.settled[node as usize].covers(least[1], least[2]) {
            return;
        }
        let label = Label { least, values, node, step, parent, zone, next_waiting: NONE, is_waiting: true };
        if let Some(mut label) = self.joined(label)
            && let Some(remaining) = self.remaining(node)
        {
            let number = self.arena.len() as u32;
            label.next_waiting = self.first_waiting[node as usize];
            self.first_waiting[node as usize] = number;
            self.queue.push(Reverse((sum(label.least, remaining), number)));
            self.arena.push(label);
        }
    }

    /// A new label joined with those that wait at its node; `None` when one of them stands for it already.
    fn joined(&mut self, mut label: Label) -> Option<Label> {
        let remaining = self.remaining(label.node)?;
        let mut at = self.first_waiting[label.node as usize];
        while at != NONE {
            let other = &self.arena[at as usize];
            let after = other.next_waiting;
            let both = [0, 1, 2].map(|at| other.least[at].min(label.least[at]));
            if both == other.least {
                return None;
            }
            if !self.slack.allows(label.values, both, remaining) {
                if !self.slack.allows(other.values, both, remaining) {
                    at = after;
                    continue;
                }
                (label.values, label.step, label.parent) = (other.values, other.step, other.parent);
            }
            label.least = both;
            self.leave(at);
            at = self.first_waiting[label.node as usize];
        }
        Some(label)
    }

    fn arrive(&mut self, sink: &End, number: u32) {
        let label = &self.arena[number as usize];
        let (least, values) = (sink.after(label.least), sink.after(label.values));
        if self.zones.reached(least, least, &[], label.zone).is_some() {
            let mut steps = self.steps_to(number);
            steps.push(sink.step);
            self.take(Member { steps, values });
        }
    }

    /// Makes a route known: what it may stand for is no longer looked for.
    pub fn take(&mut self, member: Member) {
        self.zones.take(self.slack.below(member.values));
        self.found.push(member);
    }
}

fn by_node(rays: &[Ray], nodes: usize) -> Vec<u64> {
    (0..nodes).flat_map(|node| rays.iter().map(move |ray| ray.least[node])).collect()
}

fn sum(one: Values, other: Values) -> Values {
    [0, 1, 2].map(|at| one[at] + other[at])
}
