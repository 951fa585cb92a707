//! Labels that wait at their nodes, and the queue of nodes by the best that waits there.
//!
//! All that waits at one node has the same to come, so it is kept in order beside each other and only the node
//! is queued: the queue stays as small as the front of the search.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::slack::Slack;
use super::space::Values;

/// A label that is not settled yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    /// The least of all routes that it stands for.
    pub least: Values,
    /// Its route so far.
    pub values: Values,
    /// The last step of that.
    pub step: u32,
    /// The settled label before the step.
    pub parent: u32,
    /// A zone that it may reach.
    pub zone: u32,
}

/// Everything that waits.
pub(super) struct WaitingRoom {
    /// By node, in falling order of `least`: the next one is the last.
    at_node: Vec<Vec<Waiting>>,
    /// The next of a node, with what is to come. Of two entries of a node only one may be of its next label.
    queue: BinaryHeap<Reverse<(Values, u32)>>,
}

impl WaitingRoom {
    /// Nothing waits at any of so many nodes.
    pub fn of(nodes: usize) -> Self {
        Self { at_node: vec![Vec::new(); nodes], queue: BinaryHeap::new() }
    }

    /// The least that a label in the queue may come to: the next one, or one that left.
    pub fn next_least(&self) -> Option<Values> {
        self.queue.peek().map(|Reverse((least, _))| *least)
    }

    /// Takes an entry out of the queue: what the label comes to at least and its node.
    pub fn next_node(&mut self) -> Option<(Values, u32)> {
        self.queue.pop().map(|Reverse(entry)| entry)
    }

    /// Takes out the next label of a node if that is the one that comes to `whole` by way of `remaining`.
    pub fn pop(&mut self, node: u32, whole: Values, remaining: Values) -> Option<Waiting> {
        let waiting = &mut self.at_node[node as usize];
        let next = waiting.pop_if(|next| sum(next.least, remaining) == whole)?;
        if let Some(after) = waiting.last() {
            self.queue.push(Reverse((sum(after.least, remaining), node)));
        }
        Some(next)
    }

    /// Joins a new label with those that wait at its node; `false` when one of them stands for it already.
    pub fn add(&mut self, node: u32, label: Waiting, remaining: Values, slack: &Slack) -> bool {
        let waiting = &mut self.at_node[node as usize];
        let label = if slack.is_exact() {
            if !is_new(waiting, &label.least) {
                return false;
            }
            label
        } else {
            let Some(label) = joined(waiting, label, remaining, slack) else { return false };
            label
        };
        let place = waiting.partition_point(|other| other.least > label.least);
        if place == waiting.len() {
            self.queue.push(Reverse((sum(label.least, remaining), node)));
        }
        waiting.insert(place, label);
        true
    }
}

/// Whether nothing that waits is nowhere above `least`; what it is nowhere above goes.
fn is_new(waiting: &mut Vec<Waiting>, least: &Values) -> bool {
    let is_within = |one: &Values, other: &Values| one[1] <= other[1] && one[2] <= other[2];
    let place = waiting.partition_point(|other| other.least > *least);
    if waiting[place..].iter().rev().any(|other| is_within(&other.least, least)) {
        return false;
    }
    let is_beaten = |other: &Waiting| is_within(least, &other.least);
    if waiting[..place].iter().any(is_beaten) {
        waiting.retain(|other| other.least <= *least || !is_beaten(other));
    }
    true
}

/// A label joined with those that wait, which leave; `None` when one of them stands for it already.
fn joined(
    waiting: &mut Vec<Waiting>,
    mut label: Waiting,
    remaining: Values,
    slack: &Slack,
) -> Option<Waiting> {
    let mut at = waiting.len();
    while at > 0 {
        at -= 1;
        let other = &waiting[at];
        let (one, two) = (other.least, label.least);
        let both = [one[0].min(two[0]), one[1].min(two[1]), one[2].min(two[2])];
        if both == other.least {
            return None;
        }
        if !slack.allows(label.values, both, remaining) {
            if !slack.allows(other.values, both, remaining) {
                continue;
            }
            (label.values, label.step, label.parent) = (other.values, other.step, other.parent);
        }
        label.least = both;
        waiting.remove(at);
        at = waiting.len();
    }
    Some(label)
}

/// Both added up.
pub(super) const fn sum(one: Values, other: Values) -> Values {
    [one[0] + other[0], one[1] + other[1], one[2] + other[2]]
}
