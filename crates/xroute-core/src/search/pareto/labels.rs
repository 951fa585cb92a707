//! Label setting from the origin, towards zones that are still open at the destination.
//!
//! A label holds a route so far (`values`) and the least of all routes that it stands for (`least`): two
//! labels that wait at a node become one as long as the route of one may stand for the least of both.
//! Labels leave the queue in lexicographic order of least + bound, so at each node the first criterion
//! never falls and dominance needs the other two alone (dimension reduction).

use super::bounds::{NOT_REACHED, Ray};
use super::ends::{End, Ends};
use super::slack::Slack;
use super::space::{MOST_CRITERIA, Space, Values};
use super::staircase::Staircase;
use super::waiting::{Waiting, WaitingRoom, sum};
use super::zones::{ANY_ZONE, Zones};

const NONE: u32 = u32::MAX;
/// From one label in so many the rays are followed to their ends.
const COMPLETE_EVERY: u32 = 8;

/// A settled label: its node, the step that leads to it, and the label before that.
struct Label {
    node: u32,
    step: u32,
    parent: u32,
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
    created: usize,
    waiting: WaitingRoom,
    settled: Vec<Staircase>,
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
            created: 0,
            waiting: WaitingRoom::of(nodes),
            settled: vec![Staircase::default(); nodes],
            zones: Zones::below(corner, slack.is_exact()),
            found: Vec::new(),
        };
        for source in &ends.sources {
            let End { node, step, values } = *source;
            labels.offer(node, Waiting { least: values, values, step, parent: NONE, zone: ANY_ZONE });
        }
        labels
    }

    /// How many labels were created.
    pub const fn created(&self) -> usize {
        self.created
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

    /// Whether zones, and with them weighted sums, still judge labels.
    pub const fn has_zones(&self) -> bool {
        self.zones.are_looked_through()
    }

    /// The least that the next label may come to; `None` when none is left.
    pub fn next_least(&self) -> Option<Values> {
        self.waiting.next_least()
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
        let Some((whole, node)) = self.waiting.next_node() else { return false };
        let next = self.remaining(node).and_then(|remaining| self.waiting.pop(node, whole, remaining));
        if let Some(label) = next {
            self.zones.pass(whole[0]);
            self.settle(node, &label);
        }
        true
    }

    fn settle(&mut self, node: u32, label: &Waiting) {
        let &Waiting { least, values, step, parent, zone } = label;
        if self.settled[node as usize].covers(least[1], least[2]) {
            return;
        }
        let Some(mut hint) = self.zone(least, node, zone) else { return };
        let number = self.arena.len() as u32;
        self.arena.push(Label { node, step, parent });
        let before = self.arena.get(parent as usize).map(|label| label.node);
        while number.is_multiple_of(COMPLETE_EVERY) && self.complete((node, number), values, hint) {
            let Some(zone) = self.zone(least, node, hint) else { return };
            hint = zone;
        }
        self.settled[node as usize].insert(least[1], least[2]);
        let (space, ends) = (self.space, self.ends);
        for sink in ends.sinks.iter().filter(|sink| sink.node == node) {
            self.arrive(sink, label, number, hint);
        }
        // Straight back leads to what the label before settled already.
        for arc in space.leaving(node).filter(|arc| Some(arc.node) != before) {
            let (least, values) = (arc.after(least), arc.after(values));
            self.offer(arc.node, Waiting { least, values, step: arc.step, parent: number, zone: hint });
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

    /// Follows each ray from a settled label; takes the first route in the zone, and tells whether one did lie there.
    fn complete(&mut self, (node, number): (u32, u32), values: Values, zone: u32) -> bool {
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

    /// Lets a label wait at a node, unless it leads nowhere new.
    fn offer(&mut self, node: u32, mut label: Waiting) {
        if self.settled[node as usize].covers(label.least[1], label.least[2]) {
            return; // as nearly half of them: looked at first
        }
        let Some(remaining) = self.remaining(node) else { return };
        let Some(zone) = self.zone(label.least, node, label.zone) else { return };
        label.zone = zone;
        self.created += usize::from(self.waiting.add(node, label, remaining, &self.slack));
    }

    fn arrive(&mut self, sink: &End, label: &Waiting, number: u32, hint: u32) {
        let (least, values) = (sink.after(label.least), sink.after(label.values));
        if self.zones.reached(least, least, &[], hint).is_some() {
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
