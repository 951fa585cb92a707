//! One dense table of weights: ways over its first ranks, in the vectors of the machine.

use pulp::{Simd, WithSimd};

use super::weights::{MOST_SECONDS, SECONDS};

/// Numbers in the widest vector: columns are padded to it.
pub(super) const WIDEST: usize = 8;
/// Ranks that are eliminated before the rest of the own rows and columns hears of it.
const BLOCK: usize = 2 * WIDEST;
/// Rows that are relaxed side by side, and vectors of each.
const ROWS: usize = 4;
const VECTORS: usize = 4;

/// The weight of what cannot be travelled; two of them add up below the sign.
pub(super) const INFINITE: u64 = 0x7FFF_FFFF << 31;

/// Weights from each rank of a front to each, and what they came over.
///
/// Rows are the own ranks, then those above. Columns are the same, both padded to whole vectors. A weight is the
/// quantity above 31 bits of seconds; what it came over is the number of an edge or of a front.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// How many ranks are eliminated here.
    pub own: usize,
    /// How many are above.
    pub above: usize,
    stride: usize,
    weight: Vec<u64>,
    over: Vec<u64>,
}

impl Table {
    /// Room for so many cells.
    pub fn with_room(cells: usize) -> Self {
        let (weight, over) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
        Self { weight, over, ..Self::default() }
    }

    /// How many cells there is room for.
    pub const fn room(&self) -> usize {
        self.weight.capacity()
    }

    /// Cells from one row to the next: whole vectors, an odd number of them, so that rows share no cache set.
    const fn stride_of(own: usize, above: usize) -> usize {
        ((own.div_ceil(WIDEST) + above.div_ceil(WIDEST)) | 1) * WIDEST
    }

    /// The cells of a front.
    pub const fn cells_of(own: usize, above: usize) -> usize {
        (own + above) * Self::stride_of(own, above)
    }

    /// Takes this room for a front: nothing is joined, and what that came over is `none`.
    pub fn clear(&mut self, own: usize, above: usize, none: u64) {
        (self.own, self.above, self.stride) = (own, above, Self::stride_of(own, above));
        let cells = Self::cells_of(own, above);
        self.weight.clear();
        self.weight.resize(cells, INFINITE);
        self.over.clear();
        self.over.resize(cells, none);
    }

    /// The column of a row's rank.
    pub const fn column(&self, row: usize) -> usize {
        if row < self.own { row } else { self.first_above() + row - self.own }
    }

    const fn first_above(&self) -> usize {
        self.own.next_multiple_of(WIDEST)
    }

    const fn end_above(&self) -> usize {
        self.first_above() + self.above.next_multiple_of(WIDEST)
    }

    /// Puts a weight between two ranks, given by their rows.
    pub fn put(&mut self, from: usize, to: usize, (weight, over): (u64, u64)) {
        let at = from * self.stride + self.column(to);
        (self.weight[at], self.over[at]) = (weight, over);
    }

    /// The weight between two ranks, given by their rows, and what it came over.
    pub fn get(&self, from: usize, to: usize) -> (u64, u64) {
        let at = from * self.stride + self.column(to);
        (self.weight[at], self.over[at])
    }

    /// Takes what a front below found between ranks above it where that is less; `rows` are the rows of these here.
    pub fn take(&mut self, below: &Self, rows: &[u32]) {
        pulp::Arch::new().dispatch(Take { into: self, below, rows });
    }

    /// Eliminates the own ranks: every weight becomes the least over them, which came over `by` where that is less.
    ///
    /// Rows and columns of own ranks are settled then; weights between ranks above are sums of two settled ones.
    pub fn eliminate(&mut self, by: u64) {
        for start in (0..self.own).step_by(BLOCK) {
            pulp::Arch::new().dispatch(Eliminate { table: self, start, by });
        }
    }

    /// The weights between ranks above by way of the own ones.
    pub fn relax_above(&mut self, by: u64) {
        let (own, columns) = (self.own, self.first_above()..self.end_above());
        let stride = self.stride;
        let (through, weight) = self.weight.split_at_mut(own * stride);
        let over = &mut self.over[own * stride..];
        let one = |(weight, over): (&mut [u64], &mut [u64])| {
            let rows = Relax { through, weight, over, stride, columns: columns.clone(), ranks: 0..own, by };
            pulp::Arch::new().dispatch(rows);
        };
        let rows = (self.above / 2).next_multiple_of(ROWS);
        if own * self.above * self.above > WORK_OF_TWO_THREADS {
            let (low, high) = weight.split_at_mut(rows * stride);
            let (over_low, over_high) = over.split_at_mut(rows * stride);
            rayon::join(|| one((low, over_low)), || one((high, over_high)));
        } else {
            one((weight, over));
        }
    }
}

/// Triangles that take longer than waking another thread.
const WORK_OF_TWO_THREADS: usize = 1 << 20;

/// See [`Table::take`]; a closure would be compiled for any machine.
struct Take<'a> {
    into: &'a mut Table,
    below: &'a Table,
    rows: &'a [u32],
}

impl WithSimd for Take<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { into, below, rows } = self;
        // columns side by side there that stand side by side here
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for (nth, &row) in rows.iter().enumerate() {
            let (from, to) = (below.first_above() + nth, into.column(row as usize));
            match runs.last_mut() {
                Some((start, column, count)) if *start + *count == from && *column + *count == to => {
                    *count += 1;
                }
                _ => runs.push((from, to, 1)),
            }
        }
        for (nth, &row) in rows.iter().enumerate() {
            let theirs = (below.own + nth) * below.stride;
            let mine = row as usize * into.stride;
            for &(from, to, count) in &runs {
                let weights = &below.weight[theirs + from..][..count];
                let overs = &below.over[theirs + from..][..count];
                let best = &mut into.weight[mine + to..][..count];
                let best_over = &mut into.over[mine + to..][..count];
                for nth in 0..count {
                    let is_less = weights[nth] < best[nth];
                    best_over[nth] = if is_less { overs[nth] } else { best_over[nth] };
                    best[nth] = if is_less { weights[nth] } else { best[nth] };
                }
            }
        }
    }
}

pub(super) const fn settled(weight: u64) -> u64 {
    let seconds = weight & SECONDS.cast_unsigned();
    let most = MOST_SECONDS.cast_unsigned();
    (weight & !SECONDS.cast_unsigned()) | if seconds < most { seconds } else { most }
}

/// Eliminates a block of own ranks from the own rows and columns.
struct Eliminate<'a> {
    table: &'a mut Table,
    start: usize,
    by: u64,
}

impl WithSimd for Eliminate<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { table, start, by } = self;
        let (first_above, end_above) = (table.first_above(), table.end_above());
        let Table { own, above, stride, ref mut weight, ref mut over } = *table;
        let (end, rows) = ((start + BLOCK).min(own), own + above);
        let block = start..(start + BLOCK).min(first_above);
        let mut onward = [INFINITE; BLOCK];
        for rank in start..end {
            for each in &mut weight[rank * stride + start..(rank + 1) * stride] {
                *each = settled(*each);
            }
            onward.fill(INFINITE); // ways to ranks that are gone are no ways of this elimination
            let next = rank + 1 - start;
            onward[next..end - start].copy_from_slice(&weight[rank * stride + rank + 1..rank * stride + end]);
            let onward = &onward[..block.len()];
            for row in rank + 1..rows {
                let at = row * stride + rank;
                weight[at] = settled(weight[at]);
                let to_rank = weight[at];
                if to_rank >= INFINITE {
                    continue;
                }
                let cells = row * stride + block.start..row * stride + block.end;
                lower(simd, (&mut weight[cells.clone()], &mut over[cells]), to_rank, onward, by);
            }
            let after = block.end;
            let (upper, lower_rows) = weight.split_at_mut((rank + 1) * stride);
            let onward = &upper[rank * stride + after..rank * stride + end_above];
            for row in rank + 1..end {
                let at = (row - rank - 1) * stride;
                let to_rank = lower_rows[at + rank];
                if to_rank >= INFINITE {
                    continue;
                }
                let own = &mut lower_rows[at + after..at + end_above];
                let over = &mut over[row * stride + after..row * stride + end_above];
                lower(simd, (own, over), to_rank, onward, by);
            }
        }
        if end == own {
            return;
        }
        // the other own columns of every row below, then the columns above of the own rows below
        let (through, below) = weight.split_at_mut(end * stride);
        let over = &mut over[end * stride..];
        relax(simd, (through, &mut *below, &mut *over), stride, end..first_above, start..end, by);
        let (below, over) = (&mut below[..(own - end) * stride], &mut over[..(own - end) * stride]);
        relax(simd, (through, below, over), stride, first_above..end_above, start..end, by);
    }
}

/// Lowers a row by a way to a rank and on from there.
#[allow(clippy::inline_always)] // as above
#[inline(always)]
fn lower<S: Simd>(simd: S, (row, over): (&mut [u64], &mut [u64]), to_rank: u64, onward: &[u64], by: u64) {
    let (row, _) = S::as_mut_simd_u64s(row);
    let (over, _) = S::as_mut_simd_u64s(over);
    let (onward, _) = S::as_simd_u64s(onward);
    let (to_rank, by) = (simd.splat_u64s(to_rank), simd.splat_u64s(by));
    for ((own, over), &onward) in row.iter_mut().zip(over).zip(onward) {
        let sum = simd.add_u64s(to_rank, onward);
        let is_less = less(simd, sum, *own);
        *over = simd.select_u64s(is_less, by, *over);
        *own = simd.select_u64s(is_less, sum, *own);
    }
}

/// Neither has the sign, and comparing with it is the instruction that every machine has.
#[allow(clippy::inline_always)] // as above
#[inline(always)]
pub(super) fn less<S: Simd>(simd: S, a: S::u64s, b: S::u64s) -> S::m64s {
    simd.less_than_i64s(simd.transmute_i64s_u64s(a), simd.transmute_i64s_u64s(b))
}

/// Rows by way of some ranks of a table: [`relax`] for them all.
struct Relax<'a> {
    through: &'a [u64],
    weight: &'a mut [u64],
    over: &'a mut [u64],
    stride: usize,
    columns: std::ops::Range<usize>,
    ranks: std::ops::Range<usize>,
    by: u64,
}

impl WithSimd for Relax<'_> {
    type Output = ();

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { through, weight, over, stride, columns, ranks, by } = self;
        relax(simd, (through, weight, over), stride, columns, ranks, by);
    }
}

/// Lowers columns of some rows by ways over ranks, whose rows are those of `through`.
#[allow(clippy::inline_always)] // as above
#[inline(always)]
fn relax<S: Simd>(
    simd: S,
    (through, weight, over): (&[u64], &mut [u64], &mut [u64]),
    stride: usize,
    columns: std::ops::Range<usize>,
    ranks: std::ops::Range<usize>,
    by: u64,
) {
    let (wide, narrow) = (VECTORS * S::U64_LANES, S::U64_LANES);
    let mut rows = weight.chunks_exact_mut(ROWS * stride);
    let mut overs = over.chunks_exact_mut(ROWS * stride);
    for (weight, over) in (&mut rows).zip(&mut overs) {
        let mut column = columns.start;
        while column + wide <= columns.end {
            tile::<S, ROWS, VECTORS>(simd, (through, weight, over), stride, column, ranks.clone(), by);
            column += wide;
        }
        while column < columns.end {
            tile::<S, ROWS, 1>(simd, (through, weight, over), stride, column, ranks.clone(), by);
            column += narrow;
        }
    }
    let (weight, over) = (rows.into_remainder(), overs.into_remainder());
    for (weight, over) in weight.chunks_exact_mut(stride).zip(over.chunks_exact_mut(stride)) {
        let mut column = columns.start;
        while column + wide <= columns.end {
            tile::<S, 1, VECTORS>(simd, (through, weight, over), stride, column, ranks.clone(), by);
            column += wide;
        }
        while column < columns.end {
            tile::<S, 1, 1>(simd, (through, weight, over), stride, column, ranks.clone(), by);
            column += narrow;
        }
    }
}

/// Rows and vectors side by side, which stay in registers while all ranks are gone through.
#[allow(clippy::inline_always, clippy::needless_range_loop)] // as above; indices below constants unroll
#[inline(always)]
fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    (through, weight, over): (&[u64], &mut [u64], &mut [u64]),
    stride: usize,
    column: usize,
    ranks: std::ops::Range<usize>,
    by: u64,
) {
    let width = VECTORS * S::U64_LANES;
    let none = simd.splat_u64s(0);
    let mut best = [[none; VECTORS]; ROWS];
    let mut to_ranks: [&[u64]; ROWS] = [&[]; ROWS];
    for row in 0..ROWS {
        let start = row * stride;
        let (own, _) = S::as_simd_u64s(&weight[start + column..start + column + width]);
        best[row].copy_from_slice(own);
        to_ranks[row] = &weight[start + ranks.start..start + ranks.end];
    }
    let mut at = ranks.start * stride + column;
    for nth in 0..ranks.len() {
        let (onward, _) = S::as_simd_u64s(&through[at..at + width]);
        at += stride;
        for row in 0..ROWS {
            let to_rank = simd.splat_u64s(to_ranks[row][nth]);
            for vector in 0..VECTORS {
                let sum = simd.add_u64s(to_rank, onward[vector]);
                let own = best[row][vector];
                best[row][vector] = simd.select_u64s(less(simd, sum, own), sum, own);
            }
        }
    }
    let by = simd.splat_u64s(by);
    for row in 0..ROWS {
        let cells = row * stride + column..row * stride + column + width;
        let (own, _) = S::as_mut_simd_u64s(&mut weight[cells.clone()]);
        let (over, _) = S::as_mut_simd_u64s(&mut over[cells]);
        for vector in 0..VECTORS {
            let is_less = less(simd, best[row][vector], own[vector]);
            over[vector] = simd.select_u64s(is_less, by, over[vector]);
            own[vector] = best[row][vector];
        }
    }
}
