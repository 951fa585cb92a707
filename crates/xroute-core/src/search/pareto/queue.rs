//! Nodes by key in buckets, a ring of them: what leaves next has about the least key.

/// How many buckets the ring has.
const BUCKETS: usize = 1 << 13;
const BITS: usize = u64::BITS as usize;
const NONE: u32 = u32::MAX;

/// Nodes in buckets of so many keys; each is queued once, and moves when its key falls.
///
/// Within a bucket nodes leave in no order. Where a key then falls, the node is queued again: values are final
/// once the queue is empty, and few nodes leave it twice as a bucket is narrow beside most steps.
pub(super) struct BucketQueue {
    /// Keys of one bucket, as a shift.
    shift: u32,
    /// The bucket that is emptied, counted from key 0.
    now: u64,
    length: usize,
    /// The first node of each bucket.
    first: Vec<u32>,
    /// Which buckets hold a node.
    is_filled: Vec<u64>,
    /// By node, those beside it in its bucket, and the place of that bucket; [`NONE`] where it is not queued.
    beside: Vec<Beside>,
}

#[derive(Debug, Clone, Copy)]
struct Beside {
    before: u32,
    after: u32,
    bucket: u32,
}

impl BucketQueue {
    /// For so many nodes whose keys begin at `least` and never lie more than `span` above one that leaves.
    pub fn new(nodes: usize, least: u64, span: u64) -> Self {
        let mut shift = 0;
        while span >> shift >= BUCKETS as u64 - 1 {
            shift += 1;
        }
        Self {
            shift,
            now: least >> shift,
            length: 0,
            first: vec![NONE; BUCKETS],
            is_filled: vec![0; BUCKETS / BITS],
            beside: vec![Beside { before: NONE, after: NONE, bucket: NONE }; nodes],
        }
    }

    /// Queues a node, or moves it to a lower key.
    pub fn put(&mut self, node: u32, key: u64) {
        let bucket = ((key >> self.shift) % BUCKETS as u64) as u32;
        let old = self.beside[node as usize].bucket;
        if old == bucket {
            return;
        }
        if old != NONE {
            self.unlink(node);
        }
        let after = std::mem::replace(&mut self.first[bucket as usize], node);
        if after == NONE {
            self.is_filled[bucket as usize / BITS] |= 1 << (bucket as usize % BITS);
        } else {
            self.beside[after as usize].before = node;
        }
        self.beside[node as usize] = Beside { before: NONE, after, bucket };
        self.length += 1;
    }

    /// Takes a node out of the first bucket that holds one.
    pub fn pop(&mut self) -> Option<u32> {
        if self.length == 0 {
            return None;
        }
        let bucket = self.next_filled((self.now % BUCKETS as u64) as usize);
        self.now += ((bucket + BUCKETS) as u64 - self.now % BUCKETS as u64) % BUCKETS as u64;
        let node = self.first[bucket];
        self.unlink(node);
        self.beside[node as usize].bucket = NONE;
        Some(node)
    }

    /// The first filled bucket from one on, round the ring; there is one.
    fn next_filled(&self, from: usize) -> usize {
        let mut word = from / BITS;
        let mut bits = self.is_filled[word] & (u64::MAX << (from % BITS));
        while bits == 0 {
            word = (word + 1) % self.is_filled.len();
            bits = self.is_filled[word];
        }
        word * BITS + bits.trailing_zeros() as usize
    }

    fn unlink(&mut self, node: u32) {
        let Beside { before, after, bucket } = self.beside[node as usize];
        if after != NONE {
            self.beside[after as usize].before = before;
        }
        if before == NONE {
            self.first[bucket as usize] = after;
            if after == NONE {
                self.is_filled[bucket as usize / BITS] &= !(1 << (bucket as usize % BITS));
            }
        } else {
            self.beside[before as usize].after = after;
        }
        self.length -= 1;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::BucketQueue;

    const NODES: u32 = 40;

    proptest! {
        /// Against a plain list: what leaves is a node that was queued, once, from the least bucket that holds one.
        #[test]
        fn nodes_leave_from_the_least_bucket_and_once(
            least in 0_u64..1_000_000,
            span in 1_u64..100_000_000,
            steps in prop::collection::vec((0..NODES, 0.0..1.0_f64, any::<bool>()), 1..300),
        ) {
            let mut queue = BucketQueue::new(NODES as usize, least, span);
            let mut key_of = [None; NODES as usize];
            let mut now = least;
            for (node, share, takes) in steps {
                if takes {
                    let first = key_of.iter().flatten().map(|key: &u64| key >> queue.shift).min();
                    let left = queue.pop();
                    prop_assert_eq!(left.is_some(), first.is_some());
                    if let Some(node) = left {
                        let key = key_of[node as usize].take().expect("it was queued");
                        prop_assert_eq!(Some(key >> queue.shift), first);
                        now = now.max(key);
                    }
                    continue;
                }
                let start = now >> queue.shift << queue.shift; // a key may lie as far back as the bucket goes
                let key = start.max(least) + (share * span as f64) as u64;
                if key_of[node as usize].is_none_or(|old| key < old) {
                    queue.put(node, key);
                    key_of[node as usize] = Some(key);
                }
            }
            let left = key_of.iter().flatten().count();
            prop_assert_eq!((0..left).filter(|_| queue.pop().is_some()).count(), left);
            prop_assert_eq!(queue.pop(), None);
        }
    }
}
