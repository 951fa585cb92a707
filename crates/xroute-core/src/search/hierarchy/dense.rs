//! The dense tables of one front: ways over its own ranks, in the vectors of the machine.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::weights::{WIDE_INFINITE as INFINITE, settled};
use crate::cancel::{CancelFlag, Cancelled};

/// Numbers in the widest vector: rows are padded to whole ones.
const WIDEST: usize = 8;
/// Own ranks that are eliminated before the later ones hear of them.
const BLOCK: usize = 2 * WIDEST;
/// Rows that are relaxed side by side, and vectors of each.
const ROWS: usize = 4;
const VECTORS: usize = 4;
/// Triangles that take longer than waking another thread.
const WORK_OF_TWO_THREADS: usize = 1 << 20;
/// Triangles between two looks at the flag: some ten milliseconds.
const WORK_AT_ONCE: usize = 1 << 27;

/// Weights of ways, and what they came over: the number of an edge or the first rank of a front.
///
/// A weight is the quantity above 31 bits of seconds.
#[derive(Debug, Default)]
struct Cells {
    weight: Vec<u64>,
    over: Vec<u64>,
}

impl Cells {
    fn clear(&mut self, cells: usize, none: u64) {
        self.weight.clear();
        self.weight.resize(cells, INFINITE);
        self.over.clear();
        self.over.resize(cells, none);
    }

    fn rows(&mut self) -> Rows<'_> {
        Rows { weight: &mut self.weight, over: &mut self.over }
    }
}

/// Some rows of cells.
struct Rows<'a> {
    weight: &'a mut [u64],
    over: &'a mut [u64],
}

impl Rows<'_> {
    fn split_at(self, cell: usize) -> (Self, Self) {
        let (low, high) = self.weight.split_at_mut(cell);
        let (over_low, over_high) = self.over.split_at_mut(cell);
        (Rows { weight: low, over: over_low }, Rows { weight: high, over: over_high })
    }
}

/// The weights between the ranks of a front.
///
/// Columns of an own rank are the own ranks, then those above, both padded to whole vectors.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// How many ranks are eliminated here.
    pub own: usize,
    /// How many are above.
    pub above: usize,
    none: u64,
    /// From own ranks to later ones, and from these to the own ranks: a row for each own rank.
    up: Cells,
    down: Cells,
    /// From each rank above to each.
    between: Cells,
}

/// The way between two ranks both ways: each a weight, and what it came over.
pub(super) type Both = [(u64, u64); 2];

impl Table {
    /// Room for so many cells.
    pub fn with_room(cells: usize) -> Self {
        let mut table = Self::default();
        table.between.weight.reserve_exact(cells);
        table.between.over.reserve_exact(cells);
        table
    }

    /// Bytes that are held.
    pub const fn bytes(&self) -> usize {
        let cells = self.up.weight.capacity() + self.down.weight.capacity() + self.between.weight.capacity();
        2 * cells * size_of::<u64>()
    }

    /// How many cells between ranks above there is room for.
    pub const fn room(&self) -> usize {
        self.between.weight.capacity()
    }

    /// The cells between so many ranks above.
    pub const fn cells_of(above: usize) -> usize {
        above * Self::odd(above.div_ceil(WIDEST))
    }

    /// Cells from one row to the next: an odd number of vectors, so that rows share no cache set.
    const fn odd(vectors: usize) -> usize {
        (vectors | 1) * WIDEST
    }

    const fn first_above(&self) -> usize {
        self.own.next_multiple_of(WIDEST)
    }

    const fn end_above(&self) -> usize {
        self.first_above() + self.above.next_multiple_of(WIDEST)
    }

    const fn width(&self) -> usize {
        Self::odd(self.end_above() / WIDEST)
    }

    const fn width_between(&self) -> usize {
        Self::odd(self.above.div_ceil(WIDEST))
    }

    /// Takes this room for a front: nothing is joined, and what that came over is `none`.
    pub fn clear(&mut self, own: usize, above: usize, none: u64) {
        (self.own, self.above, self.none) = (own, above, none);
        let cells = own * self.width();
        self.up.clear(cells, none);
        self.down.clear(cells, none);
        self.between.clear(Self::cells_of(above), none);
    }

    /// The column of a rank: those of the front are numbered from the lowest own one.
    const fn column(&self, nth: usize) -> usize {
        if nth < self.own { nth } else { self.first_above() + nth - self.own }
    }

    /// Puts the ways between an own rank and a later one.
    pub fn put(&mut self, own: usize, later: usize, [up, down]: Both) {
        let at = own * self.width() + self.column(later);
        (self.up.weight[at], self.up.over[at]) = up;
        (self.down.weight[at], self.down.over[at]) = down;
    }

    /// The ways between an own rank and a later one.
    pub fn get(&self, own: usize, later: usize) -> Both {
        let at = own * self.width() + self.column(later);
        [(self.up.weight[at], self.up.over[at]), (self.down.weight[at], self.down.over[at])]
    }

    /// Takes what a front below found between ranks above it where that is less; `ranks` are these, as numbered here.
    pub fn take(&mut self, below: &Self, ranks: &[u32]) {
        pulp::Arch::new().dispatch(Take { into: self, below, ranks });
    }

    /// Eliminates the own ranks: every way between an own rank and a later one becomes the least over the own ranks
    /// below both, which came over `by` where that is less. They are settled then.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn eliminate(&mut self, by: u64, cancel: &CancelFlag) -> Result<(), Cancelled> {
        let (width, first_above, end_above) = (self.width(), self.first_above(), self.end_above());
        for start in (0..self.own).step_by(BLOCK) {
            let end = (start + BLOCK).min(self.own);
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            pulp::Arch::new().dispatch(Eliminate { table: self, ranks: start..end, by });
            if end == self.own {
                break;
            }
            let (up, below_up) = self.up.rows().split_at(end * width);
            let (down, below_down) = self.down.rows().split_at(end * width);
            let ways = |first, second, rows| Relax {
                first: (first, end),
                second: (second, end),
                width,
                ranks: start..end,
                rows,
                to: (width, end..end_above),
                by,
            };
            let (to_up, to_down) =
                (ways(&*down.weight, &*up.weight, below_up), ways(&*up.weight, &*down.weight, below_down));
            let work = (end - start) * (self.own - end) * (end_above - first_above);
            in_two(work, || to_up.run(), || to_down.run());
        }
        Ok(())
    }

    /// Lowers the ways between ranks above to those over the own ones.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn relax_above(&mut self, by: u64, cancel: &CancelFlag) -> Result<(), Cancelled> {
        let (width, above, to) = (self.width(), self.first_above(), self.width_between());
        let (first, second) = (&*self.down.weight, &*self.up.weight);
        let columns = 0..self.above.next_multiple_of(WIDEST);
        let part = |start, rows| Relax {
            first: (first, above + start),
            second: (second, above),
            width,
            ranks: 0..self.own,
            rows,
            to: (to, columns.clone()),
            by,
        };
        let of_row = self.own * columns.len();
        let at_once = (WORK_AT_ONCE / of_row.max(1)).next_multiple_of(2 * ROWS);
        let mut left = self.between.rows();
        for start in (0..self.above).step_by(at_once) {
            if cancel.is_raised() {
                return Err(Cancelled);
            }
            let rows = at_once.min(self.above - start);
            let half = (rows / 2).next_multiple_of(ROWS).min(rows);
            let (now, after) = left.split_at(rows * to);
            let (low, high) = now.split_at(half * to);
            let (low, high) = (part(start, low), part(start + half, high));
            in_two(rows * of_row, || low.run(), || high.run());
            left = after;
        }
        Ok(())
    }
}

fn in_two(work: usize, one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
    if work > WORK_OF_TWO_THREADS {
        rayon::join(one, other);
    } else {
        one();
        other();
    }
}

/// See [`Table::take`]; a closure would be compiled for any machine.
struct Take<'a> {
    into: &'a mut Table,
    below: &'a Table,
    ranks: &'a [u32],
}

impl WithSimd for Take<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { into, below, ranks } = self;
        let (width, width_between, theirs) = (into.width(), into.width_between(), below.width_between());
        let first_above = into.first_above();
        // columns side by side there that stand side by side here
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (nth, &rank) in ranks.iter().enumerate() {
            let column = into.column(rank as usize);
            match runs.last_mut() {
                Some((from, to, count)) if *from + *count == nth && *to + *count == column => *count += 1,
                _ => runs.push((nth, column, 1)),
            }
        }
        let own = ranks.partition_point(|&rank| (rank as usize) < into.own);
        for (nth, &rank) in ranks.iter().enumerate() {
            let (weights, overs) =
                (&below.between.weight[nth * theirs..], &below.between.over[nth * theirs..]);
            let column = into.column(rank as usize);
            for (&to, (&weight, &over)) in ranks[..own.min(nth)].iter().zip(weights.iter().zip(overs)) {
                let at = to as usize * width + column;
                if weight < into.down.weight[at] {
                    (into.down.weight[at], into.down.over[at]) = (weight, over);
                }
            }
            let (cells, row, left_out, after) = if nth < own {
                (&mut into.up, rank as usize * width, 0, nth + 1)
            } else {
                (&mut into.between, (rank as usize - into.own) * width_between, first_above, own)
            };
            for &(from, to, count) in runs.iter().filter(|(from, _, count)| from + count > after) {
                let skipped = after.saturating_sub(from);
                let (from, to, count) = (from + skipped, row + to + skipped - left_out, count - skipped);
                let best = &mut cells.weight[to..to + count];
                let best_over = &mut cells.over[to..to + count];
                let (weights, overs) = (&weights[from..from + count], &overs[from..from + count]);
                for nth in 0..count {
                    let is_less = weights[nth] < best[nth];
                    best_over[nth] = if is_less { overs[nth] } else { best_over[nth] };
                    best[nth] = if is_less { weights[nth] } else { best[nth] };
                }
            }
        }
    }
}

/// Eliminates a block of own ranks among one another: each settles, then lowers the rows of the later ones.
struct Eliminate<'a> {
    table: &'a mut Table,
    ranks: Range<usize>,
    by: u64,
}

impl WithSimd for Eliminate<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { table, ranks, by } = self;
        let (width, columns) = (table.width(), ranks.start..table.end_above());
        let Table { up, down, .. } = table;
        for rank in ranks.clone() {
            let own = rank * width + columns.start..rank * width + columns.end;
            for cells in [&mut *up, &mut *down] {
                for each in &mut cells.weight[own.clone()] {
                    *each = settled(*each);
                }
            }
            let after = (rank + 1) * width;
            let (up, mut later_up) = up.rows().split_at(after);
            let (down, mut later_down) = down.rows().split_at(after);
            let (up, down) = (&up.weight[rank * width..], &down.weight[rank * width..]);
            for later in rank + 1..ranks.end {
                let row = (later - rank - 1) * width;
                let cells = row + columns.start..row + columns.end;
                lower(simd, &mut later_up, cells.clone(), down[later], &up[columns.clone()], by);
                lower(simd, &mut later_down, cells, up[later], &down[columns.clone()], by);
            }
        }
    }
}

/// Lowers cells to a first weight and others after it.
#[allow(clippy::inline_always)] // as above
#[inline(always)]
fn lower<S: Simd>(simd: S, rows: &mut Rows<'_>, cells: Range<usize>, first: u64, others: &[u64], by: u64) {
    if first >= INFINITE {
        return;
    }
    let (row, _) = S::as_mut_simd_u64s(&mut rows.weight[cells.clone()]);
    let (over, _) = S::as_mut_simd_u64s(&mut rows.over[cells]);
    let (others, _) = S::as_simd_u64s(others);
    let (first, by) = (simd.splat_u64s(first), simd.splat_u64s(by));
    for ((own, over), &other) in row.iter_mut().zip(over).zip(others) {
        let sum = simd.add_u64s(first, other);
        let is_less = less(simd, sum, *own);
        *over = simd.select_u64s(is_less, by, *over);
        *own = simd.select_u64s(is_less, sum, *own);
    }
}

/// Neither has the sign, and comparing with it is the instruction that every machine has.
#[allow(clippy::inline_always)] // as above
#[inline(always)]
fn less<S: Simd>(simd: S, a: S::u64s, b: S::u64s) -> S::m64s {
    simd.less_than_i64s(simd.transmute_i64s_u64s(a), simd.transmute_i64s_u64s(b))
}

/// Lowers rows by ways over some ranks, of which `first` has the way there and `second` the way on: a row for each.
struct Relax<'a> {
    /// Weights, and the column of the first of the rows.
    first: (&'a [u64], usize),
    /// Weights, and the column of the first of the columns.
    second: (&'a [u64], usize),
    /// Cells of a rank in both.
    width: usize,
    ranks: Range<usize>,
    rows: Rows<'a>,
    /// Cells from one row to the next, and the columns.
    to: (usize, Range<usize>),
    by: u64,
}

impl Relax<'_> {
    fn run(self) {
        pulp::Arch::new().dispatch(self);
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn rows_of<S: Simd, const ROWS: usize>(&mut self, simd: S, rows: Range<usize>) {
        let columns = self.to.1.clone();
        for row in rows.step_by(ROWS) {
            let mut column = columns.start;
            while column + VECTORS * S::U64_LANES <= columns.end {
                self.tile::<S, ROWS, VECTORS>(simd, row, column);
                column += VECTORS * S::U64_LANES;
            }
            while column < columns.end {
                self.tile::<S, ROWS, 1>(simd, row, column);
                column += S::U64_LANES;
            }
        }
    }

    /// Rows and vectors side by side, which stay in registers while all ranks are gone through.
    #[allow(clippy::inline_always, clippy::needless_range_loop)] // as above; indices below constants unroll
    #[inline(always)]
    fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(&mut self, simd: S, row: usize, column: usize) {
        let (stride, columns) = (self.to.0, &self.to.1);
        let cells = VECTORS * S::U64_LANES;
        let mut best = [[simd.splat_u64s(0); VECTORS]; ROWS];
        for nth in 0..ROWS {
            let start = (row + nth) * stride + column;
            best[nth].copy_from_slice(S::as_simd_u64s(&self.rows.weight[start..start + cells]).0);
        }
        let mut first = self.ranks.start * self.width + self.first.1 + row;
        let mut second = self.ranks.start * self.width + self.second.1 + column - columns.start;
        for _ in self.ranks.clone() {
            let there = &self.first.0[first..first + ROWS];
            let (onward, _) = S::as_simd_u64s(&self.second.0[second..second + cells]);
            for nth in 0..ROWS {
                let there = simd.splat_u64s(there[nth]);
                for vector in 0..VECTORS {
                    let sum = simd.add_u64s(there, onward[vector]);
                    let own = best[nth][vector];
                    best[nth][vector] = simd.select_u64s(less(simd, sum, own), sum, own);
                }
            }
            first += self.width;
            second += self.width;
        }
        let by = simd.splat_u64s(self.by);
        for nth in 0..ROWS {
            let start = (row + nth) * stride + column;
            let (own, _) = S::as_mut_simd_u64s(&mut self.rows.weight[start..start + cells]);
            let (over, _) = S::as_mut_simd_u64s(&mut self.rows.over[start..start + cells]);
            for vector in 0..VECTORS {
                let is_less = less(simd, best[nth][vector], own[vector]);
                over[vector] = simd.select_u64s(is_less, by, over[vector]);
                own[vector] = best[nth][vector];
            }
        }
    }
}

impl WithSimd for Relax<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let rows = self.rows.weight.len() / self.to.0;
        let whole = rows - rows % ROWS;
        self.rows_of::<S, ROWS>(simd, 0..whole);
        self.rows_of::<S, 1>(simd, whole..rows);
    }
}
