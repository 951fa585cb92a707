//! A queue for keys that never fall below the last one taken: a radix heap.

const BUCKETS: usize = 65;

/// Node numbers by key; a key may not be below the last one taken.
pub(super) struct MonotoneQueue {
    last: u64,
    length: usize,
    buckets: Vec<Vec<(u64, u32)>>,
}

impl MonotoneQueue {
    /// An empty queue.
    pub fn new() -> Self {
        Self { last: 0, length: 0, buckets: vec![Vec::new(); BUCKETS] }
    }

    /// Which bucket a key belongs to: by the highest bit in which it differs from the last key.
    const fn bucket(&self, key: u64) -> usize {
        (u64::BITS - (key ^ self.last).leading_zeros()) as usize
    }

    /// Adds a node.
    pub fn push(&mut self, key: u64, node: u32) {
        let bucket = self.bucket(key);
        self.buckets[bucket].push((key, node));
        self.length += 1;
    }

    /// Takes a node of least key.
    pub fn pop(&mut self) -> Option<(u64, u32)> {
        if self.length == 0 {
            return None;
        }
        if self.buckets[0].is_empty() {
            let first = self.buckets.iter().position(|bucket| !bucket.is_empty())?;
            let moved = std::mem::take(&mut self.buckets[first]);
            self.last = moved.iter().map(|entry| entry.0).min()?;
            for &(key, node) in &moved {
                let bucket = self.bucket(key);
                self.buckets[bucket].push((key, node));
            }
            self.buckets[first] = Vec::with_capacity(moved.len().min(64));
        }
        self.length -= 1;
        self.buckets[0].pop()
    }
}
