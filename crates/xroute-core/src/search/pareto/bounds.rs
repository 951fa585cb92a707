//! The least that is still to come from each node, by criterion and by weighted sum.

use super::ends::{End, Ends};
use super::labels::Member;
use super::queue::BucketQueue;
use super::space::{MOST_CRITERIA, Space, Values};
use crate::cancel::{CancelFlag, Cancelled};

/// The bound of a node from which the destination cannot be reached.
pub(crate) const NOT_REACHED: u64 = u64::MAX;
const HERE: u32 = u32::MAX;
const UNKNOWN: Values = [NOT_REACHED; 3];

/// A weighted sum of the criteria, the least of it that is to come from each node, and a way that has it.
pub(crate) struct Ray {
    /// Weight by criterion.
    pub weights: Values,
    /// Least remaining sum by node.
    pub least: Vec<u64>,
    /// Node that follows and position of the arc to it; after the last node `HERE` and that of the sink.
    next: Vec<(u32, u32)>,
    /// What the way from a node adds up to, where it was asked for.
    full: Vec<Values>,
}

impl Ray {
    /// Searches backwards from the destination.
    pub fn towards(
        space: &Space,
        weights: Values,
        ends: &Ends,
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let nodes = space.node_count();
        let mut ray = Self {
            weights,
            least: vec![NOT_REACHED; nodes],
            next: vec![(HERE, 0); nodes],
            full: vec![UNKNOWN; nodes],
        };
        let at_sinks = || ends.sinks.iter().map(|sink| ray.sum(sink.values));
        let (least, most) = (at_sinks().min().unwrap_or(0), at_sinks().max().unwrap_or(0));
        let span = ray.sum(space.most()).max(most - least);
        let mut queue = BucketQueue::new(nodes, least, span);
        for (at, sink) in ends.sinks.iter().enumerate() {
            ray.relax(&mut queue, sink.node, ray.sum(sink.values), (HERE, at as u32));
        }
        let mut looked_at = 0_usize;
        while let Some(node) = queue.pop() {
            let value = ray.least[node as usize];
            looked_at += 1;
            cancel.check_every_1024(looked_at)?;
            if let Some((arcs, first)) = space.arriving_plainly(node) {
                for (arc, at) in arcs.iter().zip(first..) {
                    let before = value + ray.sum_of_arc(arc.weights);
                    if before < ray.least[arc.node as usize] {
                        ray.relax(&mut queue, arc.node, before, (node, at));
                    }
                }
                continue;
            }
            for (arc, at) in space.arriving_at(node) {
                let before = value + ray.sum_of_arc(arc.weights);
                ray.relax(&mut queue, arc.node, before, (node, at));
            }
        }
        Ok(ray)
    }

    /// The same ways with nothing to add up: the bound of a criterion that is not asked for.
    pub fn without_weights(&self) -> Self {
        let nothing = |&least: &u64| if least == NOT_REACHED { NOT_REACHED } else { 0 };
        Self {
            weights: [0; 3],
            least: self.least.iter().map(nothing).collect(),
            next: self.next.clone(),
            full: vec![UNKNOWN; self.full.len()],
        }
    }

    fn relax(&mut self, queue: &mut BucketQueue, node: u32, value: u64, next: (u32, u32)) {
        if value < self.least[node as usize] {
            self.least[node as usize] = value;
            self.next[node as usize] = next;
            queue.put(node, value);
        }
    }

    /// The weighted sum of the values of one arc: 32 bits each, and weights far below the 30 bits that are left.
    const fn sum_of_arc(&self, values: [u32; MOST_CRITERIA]) -> u64 {
        let [one, two, three] = self.weights;
        let sum = one.wrapping_mul(values[0] as u64).wrapping_add(two.wrapping_mul(values[1] as u64));
        sum.wrapping_add(three.wrapping_mul(values[2] as u64))
    }

    /// The weighted sum of values.
    pub const fn sum(&self, values: Values) -> u64 {
        self.weights[0] * values[0] + self.weights[1] * values[1] + self.weights[2] * values[2]
    }

    /// What the way from a node adds up to; the node must reach the destination.
    pub fn full(&mut self, space: &Space, ends: &Ends, node: u32) -> Values {
        let mut chain = Vec::new();
        let mut at = node;
        while self.full[at as usize] == UNKNOWN {
            chain.push(at);
            let (head, _) = self.next[at as usize];
            if head == HERE {
                break;
            }
            at = head;
        }
        for &at in chain.iter().rev() {
            let (head, arc) = self.next[at as usize];
            self.full[at as usize] = if head == HERE {
                ends.sinks[arc as usize].after([0; 3])
            } else {
                space.arc_at(arc).after(self.full[head as usize])
            };
        }
        self.full[node as usize]
    }

    /// Steps of the way from a node to the destination, put behind those that lead to the node.
    pub fn extend(&self, steps: &mut Vec<u32>, space: &Space, ends: &Ends, mut node: u32) {
        loop {
            let (head, arc) = self.next[node as usize];
            if head == HERE {
                steps.push(ends.sinks[arc as usize].step);
                return;
            }
            steps.push(space.arc_at(arc).step);
            node = head;
        }
    }

    /// A best route; `None` when there is none.
    pub fn best(&mut self, space: &Space, ends: &Ends) -> Option<Member> {
        let mut best: Option<(u64, Values, &End)> = None;
        for source in &ends.sources {
            if self.least[source.node as usize] != NOT_REACHED {
                let values = source.after(self.full(space, ends, source.node));
                let found = (self.sum(values), values, source);
                best = Some(best.filter(|best| (best.0, best.1) <= (found.0, found.1)).unwrap_or(found));
            }
        }
        best.map(|(_, values, source)| {
            let mut steps = vec![source.step];
            self.extend(&mut steps, space, ends, source.node);
            Member { steps, values }
        })
    }
}
