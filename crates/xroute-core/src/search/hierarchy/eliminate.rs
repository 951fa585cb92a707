//! Customisation by fronts: dense tables, from the lowest front up, whole trees side by side.

use std::ops::Range;

use super::dense::Table;
use super::fronts::Fronts;
use super::skeleton::{NONE, Skeleton};
use super::triangles::Part;
use super::weights::{WIDE_INFINITE, Weight};
use crate::cancel::{CancelFlag, Cancelled};

/// Triangles of a run of fronts that is worth another thread.
const WORK_OF_A_THREAD: u64 = 1 << 20;
/// Runs within runs that are shared out; a run that hangs together more deeply is walked by one thread.
const MOST_SHARES: u32 = 64;

/// What a front found between the ranks above it, until the front above takes it.
struct Found {
    front: usize,
    table: Table,
}

/// One walk over the fronts of a skeleton.
#[derive(Clone, Copy)]
struct Walk<'a> {
    skeleton: &'a Skeleton,
    fronts: &'a Fronts,
    cancel: &'a CancelFlag,
}

/// Gives every arc its least weight over lower ranks, and notes which front that came over.
///
/// The same weights as relaxing triangle by triangle. Noted is the first rank of the lowest front with a least way; of
/// ways that take more than 34 years any.
///
/// # Errors
/// [`Cancelled`] once the flag is raised.
pub(super) fn eliminate<W: Weight>(
    skeleton: &Skeleton,
    part: Part<'_, W>,
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    let walk = Walk { skeleton, fronts: &skeleton.fronts, cancel };
    walk.run(part, 0..walk.fronts.count(), MOST_SHARES).map(drop)
}

/// The numbers that a front's ranks have in its table by depth, and those of the ranks above a front below.
#[derive(Default)]
struct Room {
    nth_at_depth: Vec<u32>,
    ranks: Vec<u32>,
}

impl Walk<'_> {
    /// Eliminates a run of whole trees; what their roots found is handed on.
    fn run<W: Weight>(
        self,
        mut part: Part<'_, W>,
        fronts: Range<usize>,
        shares: u32,
    ) -> Result<Vec<Found>, Cancelled> {
        let is_shared_out = shares > 0 && self.fronts.work_of(&fronts) > WORK_OF_A_THREAD;
        let top = if is_shared_out { self.fronts.top_of(&fronts) } else { fronts.start };
        let mut found = Vec::new();
        if top > fronts.start {
            let gap = self.fronts.gap_near_the_middle(&(fronts.start..top));
            let arc = self.skeleton.first[self.fronts.ranks(gap).start as usize] as usize;
            let (low, high) = part.split_at(arc);
            let (low, high) = rayon::join(
                || self.run(low, fronts.start..gap, shares - 1),
                || self.run(high, gap..top, shares - 1),
            );
            found = low?;
            found.append(&mut high?);
        }
        self.one_after_another(&mut part, top..fronts.end, found)
    }

    fn one_after_another<W: Weight>(
        self,
        part: &mut Part<'_, W>,
        fronts: Range<usize>,
        mut found: Vec<Found>,
    ) -> Result<Vec<Found>, Cancelled> {
        let room = &mut Room::default();
        for front in fronts {
            if self.cancel.is_raised() {
                return Err(Cancelled);
            }
            let is_child = |below: &Found| self.fronts.parent(self.skeleton, below.front) == Some(front);
            let first = found.iter().rposition(|below| !is_child(below)).map_or(0, |last| last + 1);
            let mut table = self.assemble(part, front, &found[first..], room);
            self.skeleton.spares.keep(found.drain(first..).map(|below| below.table));
            let by = u64::from(self.fronts.ranks(front).start);
            table.eliminate(by, self.cancel)?;
            self.write(part, front, &table, room);
            if table.above > 0 {
                table.relax_above(by, self.cancel)?;
                found.push(Found { front, table });
            } else {
                self.skeleton.spares.keep([table]);
            }
        }
        Ok(found)
    }

    /// Lays out a front: its arcs as they are, and what the fronts below found.
    fn assemble<W: Weight>(
        self,
        part: &Part<'_, W>,
        front: usize,
        found: &[Found],
        room: &mut Room,
    ) -> Table {
        let (skeleton, ranks) = (self.skeleton, self.fronts.ranks(front));
        let above = skeleton.row(ranks.end - 1);
        let mut table = skeleton.spares.table(Table::cells_of(above.len()));
        table.clear(ranks.len(), above.len(), u64::from(NONE));
        room.nth_at_depth.resize(skeleton.height, NONE);
        for (row, rank) in ranks.clone().enumerate() {
            room.nth_at_depth[skeleton.depth[rank as usize] as usize] = row as u32;
        }
        for (nth, arc) in above.enumerate() {
            room.nth_at_depth[skeleton.head_depth[arc] as usize] = (ranks.len() + nth) as u32;
        }
        for (row, rank) in ranks.enumerate() {
            let arcs = skeleton.row(rank);
            let at = arcs.start - part.base..arcs.end - part.base;
            let weights = part.up[at.clone()].iter().zip(&part.down[at]);
            for (arc, (up, down)) in arcs.zip(weights) {
                if *up == W::INFINITE && *down == W::INFINITE {
                    continue; // most arcs are no edges
                }
                let (to, at) = (room.nth_at_depth[skeleton.head_depth[arc] as usize], arc - part.base);
                let up = (up.wide(), u64::from(part.up_over[at]));
                let down = (down.wide(), u64::from(part.down_over[at]));
                table.put(row, to as usize, [up, down]);
            }
        }
        for below in found {
            room.ranks.clear();
            let above = skeleton.row(self.fronts.ranks(below.front).end - 1);
            room.ranks.extend(above.map(|arc| room.nth_at_depth[skeleton.head_depth[arc] as usize]));
            table.take(&below.table, &room.ranks);
        }
        table
    }

    /// Takes the arcs of a front's own ranks from its table.
    fn write<W: Weight>(self, part: &mut Part<'_, W>, front: usize, table: &Table, room: &Room) {
        let narrow = |(weight, over): (u64, u64)| {
            if weight < WIDE_INFINITE { (W::of_wide(weight), over as u32) } else { (W::INFINITE, NONE) }
        };
        for (row, rank) in self.fronts.ranks(front).enumerate() {
            for arc in self.skeleton.row(rank) {
                let to = room.nth_at_depth[self.skeleton.head_depth[arc] as usize] as usize;
                let (at, [up, down]) = (arc - part.base, table.get(row, to));
                (part.up[at], part.up_over[at]) = narrow(up);
                (part.down[at], part.down_over[at]) = narrow(down);
            }
        }
    }
}
