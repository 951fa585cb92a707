//! Climbs that are kept: planners ask from few origins, and to the same destinations again and again.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::abreast::Label;
use super::labels::AllLabels;
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
pub(super) enum Known<'a, W> {
    New,
    Again,
    Kept(Arc<Trail<W>>),
    /// The hub was labelled with every other one.
    Labelled(Label<'a, W>),
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
    /// Climbs that were not kept.
    misses: AtomicU64,
    labels: OnceLock<AllLabels<W>>,
}

impl<W> Default for Trails<W> {
    fn default() -> Self {
        Self { kept: Mutex::default(), misses: AtomicU64::new(0), labels: OnceLock::new() }
    }
}

impl<W: Weight> Trails<W> {
    /// What is known of a climb; a hub that is asked for the second time is worth keeping.
    ///
    /// Labels are for those who can find the arcs that they leave out.
    pub fn known(&self, key: Key, has_turned: bool) -> Known<'_, W> {
        if let Some(label) = self.labels.get().filter(|_| has_turned).and_then(|all| all.of(key)) {
            return Known::Labelled(label);
        }
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(trail) = all.young.get(&key) {
            return Known::Kept(Arc::clone(trail));
        }
        if let Some(trail) = all.old.remove(&key) {
            all.put(key, &trail);
            return Known::Kept(trail);
        }
        self.misses.fetch_add(1, Ordering::Relaxed);
        if all.seen.len() >= MOST_SEEN {
            all.seen.clear();
        }
        if all.seen.insert(key) { Known::New } else { Known::Again }
    }

    /// Keeps a climb.
    pub fn keep(&self, key: Key, trail: Trail<W>) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).put(key, &Arc::new(trail));
    }

    /// How many climbs were asked for that were not kept.
    pub fn misses(&self) -> u64 {
        self.misses.load(Ordering::Relaxed)
    }

    /// The labels of every hub, once they were made.
    pub fn labels(&self) -> Option<&AllLabels<W>> {
        self.labels.get()
    }

    /// Keeps the labels of every hub, in place of the climbs that were kept one by one.
    pub fn keep_labels(&self, labels: AllLabels<W>) {
        if self.labels.set(labels).is_ok() {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Generations::default();
        }
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
