//! Memory of hierarchies that nobody asks any more, for the next ones: new pages cost as much as what is put there.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::dense::Table;
use super::lanes::Lanes;
use super::meet::Rooms;
use super::prepared::{Customised, Parts};
use super::skeleton::Skeleton;
use super::ways::Ways;
use super::weights::{ThenFaster, Weight, Weights};

/// Bytes that all free tables together may take.
const MOST_BYTES: usize = 48 << 20;

/// What customising a skeleton used before and can use again; a clone of a skeleton starts with none.
#[derive(Debug, Default)]
pub struct Spares {
    dense: Mutex<FreeTables>,
    pub(super) tables: Mutex<Spare<u32>>,
    pub(super) pairs: Mutex<Spare<ThenFaster>>,
    /// Of one hierarchy for pairs: rows of all threads, rows of each.
    pub(super) ways: Mutex<Option<[Ways; 2]>>,
    pub(super) rooms: Mutex<Vec<Rooms>>,
}

/// Weights of one hierarchy, and those of eight side by side.
#[derive(Debug)]
pub struct Spare<W> {
    pub(super) weights: Option<Weights<W>>,
    pub(super) lanes: Option<Lanes<W>>,
}

impl<W> Default for Spare<W> {
    fn default() -> Self {
        Self { weights: None, lanes: None }
    }
}

impl Clone for Spares {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Spares {
    /// A table with room for so many cells.
    pub(super) fn table(&self, cells: usize) -> Table {
        let free = held(&self.dense).take(cells);
        free.unwrap_or_else(|| Table::with_room(cells.next_power_of_two()))
    }

    /// Takes back tables.
    pub(super) fn keep(&self, tables: impl IntoIterator<Item = Table>) {
        let mut free = held(&self.dense);
        tables.into_iter().for_each(|table| free.put(table));
    }
}

impl<W: Weight> Customised<W> {
    /// Leaves the memory to the next hierarchy of the skeleton: this one can answer nothing any more.
    pub fn give_back(&mut self, skeleton: &Skeleton) {
        let Parts { weights, lanes, ways, rooms } = self.take_parts();
        let mut spare = held(W::spare(&skeleton.spares));
        spare.weights = weights.or_else(|| spare.weights.take());
        spare.lanes = lanes.or_else(|| spare.lanes.take());
        drop(spare);
        if let Some(ways) = ways {
            *held(&skeleton.spares.ways) = Some(ways.map(Ways::emptied));
        }
        let mut spare = held(&skeleton.spares.rooms);
        spare.extend(rooms.into_iter().map(Rooms::emptied));
        spare.truncate(MOST_ROOMS);
    }
}

/// Rows of so many threads are kept for the next hierarchy.
const MOST_ROOMS: usize = 8;

/// What a lock guards, whatever happened to who held it before.
pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Free tables by size, in powers of two.
#[derive(Debug, Default)]
struct FreeTables {
    of_size: Vec<Vec<Table>>,
    bytes: usize,
}

impl FreeTables {
    fn take(&mut self, cells: usize) -> Option<Table> {
        let table = self.of_size.get_mut(cells.next_power_of_two().ilog2() as usize)?.pop()?;
        self.bytes -= table.bytes();
        Some(table)
    }

    fn put(&mut self, table: Table) {
        let (bytes, size) = (table.bytes(), table.room().max(1).ilog2() as usize);
        if self.bytes + bytes > MOST_BYTES {
            return;
        }
        if self.of_size.len() <= size {
            self.of_size.resize_with(size + 1, Vec::new);
        }
        self.bytes += bytes;
        self.of_size[size].push(table);
    }
}
