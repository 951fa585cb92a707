//! Climbs that are kept: planners ask from few origins, and to the same destinations again and again.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use super::spares::held;
use super::weights::Weight;
use crate::ids::HubId;

/// Bytes of kept climbs, about.
const MOST_BYTES: usize = 24 << 20;
/// Hubs that are remembered as asked for once.
const MOST_SEEN: usize = 1 << 16;

/// Whether a climb is that of an origin or of a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    Origin,
    Destination,
}

/// What a whole climb found: rank, least weight and the arc that it came by, rising.
#[derive(Debug)]
pub(super) struct Trail<W> {
    pub rows: Vec<(u32, W, u32)>,
}

/// Whether a climb is kept, is to be kept, or is one of a hub that nobody asked for before.
#[derive(Debug)]
pub(super) enum Known<W> {
    New,
    Again,
    Kept(Arc<Trail<W>>),
}

pub(super) type Key = (HubId, End);

/// Kept climbs in two generations: what was not asked for since the last change of them goes.
#[derive(Debug)]
struct Generations<W> {
    seen: HashSet<Key>,
    young: HashMap<Key, Arc<Trail<W>>>,
    old: HashMap<Key, Arc<Trail<W>>>,
    young_bytes: usize,
}

impl<W> Default for Generations<W> {
    fn default() -> Self {
        Self { seen: HashSet::new(), young: HashMap::new(), old: HashMap::new(), young_bytes: 0 }
    }
}

/// The climbs of one metric that are kept.
#[derive(Debug)]
pub(super) struct Trails<W> {
    kept: Mutex<Generations<W>>,
}

impl<W> Default for Trails<W> {
    fn default() -> Self {
        Self { kept: Mutex::default() }
    }
}

impl<W: Weight> Trails<W> {
    /// What is known of a climb; a hub that is asked for the second time is worth keeping.
    pub fn known(&self, key: Key) -> Known<W> {
        let mut all = held(&self.kept);
        if let Some(trail) = all.young.get(&key) {
            return Known::Kept(Arc::clone(trail));
        }
        if let Some(trail) = all.old.remove(&key) {
            all.put(key, &trail);
            return Known::Kept(trail);
        }
        if all.seen.len() >= MOST_SEEN {
            all.seen.clear();
        }
        if all.seen.insert(key) { Known::New } else { Known::Again }
    }

    /// Keeps a climb.
    pub fn keep(&self, key: Key, trail: Trail<W>) {
        held(&self.kept).put(key, &Arc::new(trail));
    }
}

impl<W> Generations<W> {
    fn put(&mut self, key: Key, trail: &Arc<Trail<W>>) {
        let bytes = size_of_val(trail.rows.as_slice());
        if self.young_bytes + bytes > MOST_BYTES / 2 {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes += bytes;
        self.young.insert(key, Arc::clone(trail));
    }
}
