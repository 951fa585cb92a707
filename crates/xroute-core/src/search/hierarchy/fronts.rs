//! Runs of ranks that are eliminated together, each as one dense table of weights.
//!
//! Where many services join many hubs, the upper ranks are joined to nearly all above them: their triangles are
//! products of dense tables in the algebra of sums and minima. After Duff and Reid, *The Multifrontal Solution of
//! Indefinite Sparse Symmetric Linear Equations* (1983): a front takes what the fronts below found between its
//! ranks, eliminates its own ranks, and hands on what it found between the ranks above.

use std::ops::Range;

use super::dense::Table;
use super::skeleton::Skeleton;

/// Cells that are filled for nothing in the time that handing on a cell to the next front takes.
const FILLED_FOR_A_CELL: usize = 12;
/// Cells that are filled for nothing in the time that a front takes whatever its size.
const FILLED_FOR_A_FRONT: usize = 4096;

/// Ranks above one another: the rows of all above a hub take half the square of it.
const MOST_HEIGHT: usize = 4096;
/// Cells of tables that wait, of sixteen bytes.
const MOST_WAITING: usize = 32 << 20;

/// The fronts of a skeleton: runs of ranks in a row, each the parent of the one before it.
#[derive(Debug, Clone, Default)]
pub(super) struct Fronts {
    /// First rank of each, and the end.
    first: Vec<u32>,
    /// The front of each rank.
    of_rank: Vec<u32>,
    /// The lowest front below each, itself where nothing is below.
    lowest: Vec<u32>,
    /// Triangles of each front and of all before it.
    work: Vec<u64>,
}

impl Fronts {
    /// Panels, and what lies below a panel's first rank where joining both fills little.
    pub fn of(skeleton: &Skeleton) -> Self {
        let count = skeleton.node_count();
        let mut first: Vec<u32> = Vec::new();
        let mut start = 0;
        for end in 1..=count {
            if end < count && skeleton.panel[end] == skeleton.panel[start] {
                continue;
            }
            let (mut own, upper) = (end - start, skeleton.row(end as u32 - 1).len());
            let mut from = start;
            while let Some(&below) = first.last() {
                let last = from as u32 - 1;
                let (ranks, upper_below, size) =
                    (from - below as usize, skeleton.row(last).len(), own + upper);
                let handed_on = FILLED_FOR_A_CELL * upper_below * upper_below + FILLED_FOR_A_FRONT;
                if skeleton.parent(last) != Some(from as u32)
                    || ranks * (size * size - upper_below * upper_below) > handed_on
                {
                    break;
                }
                first.pop();
                from = below as usize;
                own += ranks;
            }
            first.push(from as u32);
            start = end;
        }
        first.push(count as u32);
        Self::finish(skeleton, first)
    }

    fn finish(skeleton: &Skeleton, first: Vec<u32>) -> Self {
        let fronts = first.len() - 1;
        let mut of_rank = vec![0; skeleton.node_count()];
        let (mut lowest, mut work) = ((0..fronts as u32).collect::<Vec<_>>(), vec![0]);
        for front in 0..fronts {
            let ranks = first[front] as usize..first[front + 1] as usize;
            of_rank[ranks.clone()].fill(front as u32);
            let size = (ranks.len() + skeleton.row(ranks.end as u32 - 1).len()) as u64;
            work.push(work[front] + ranks.len() as u64 * size * size);
        }
        let mut fronts_of = Self { first, of_rank, lowest: Vec::new(), work };
        for front in 0..fronts {
            if let Some(parent) = fronts_of.parent(skeleton, front) {
                lowest[parent] = lowest[parent].min(lowest[front]);
            }
        }
        fronts_of.lowest = lowest;
        fronts_of
    }

    /// Whether customising in fronts stays within its bounds: of tables that wait to be taken, and of rows by depth.
    ///
    /// Where very many fronts hang on one, or ways up are very long, triangle by triangle takes less memory.
    pub fn fit(&self, skeleton: &Skeleton) -> bool {
        // cells that wait while a front and all below it are eliminated, one front after another
        let (mut waiting, mut most) = (vec![0_usize; self.count()], vec![0_usize; self.count()]);
        for front in 0..self.count() {
            let above = skeleton.row(self.ranks(front).end - 1).len();
            let own = Table::cells_of(self.ranks(front).len() + above);
            most[front] = most[front].max(waiting[front] + own);
            if let Some(parent) = self.parent(skeleton, front) {
                most[parent] = most[parent].max(waiting[parent] + most[front]);
                waiting[parent] += Table::cells_of(above);
            }
        }
        let most = most.into_iter().max().unwrap_or(0);
        skeleton.height <= MOST_HEIGHT && most <= MOST_WAITING
    }

    /// How many there are.
    pub const fn count(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The ranks of a front.
    pub fn ranks(&self, front: usize) -> Range<u32> {
        self.first[front]..self.first[front + 1]
    }

    /// The ranks from one on that are eliminated together with it; only itself where there are no fronts.
    pub fn ranks_from(&self, rank: u32) -> Range<u32> {
        self.of_rank.get(rank as usize).map_or(rank..rank + 1, |&front| rank..self.ranks(front as usize).end)
    }

    /// The first rank of the front of a rank; the rank itself where there are no fronts.
    pub fn first_beside(&self, rank: u32) -> u32 {
        self.of_rank.get(rank as usize).map_or(rank, |&front| self.first[front as usize])
    }

    /// The front that one hands on to.
    pub fn parent(&self, skeleton: &Skeleton, front: usize) -> Option<usize> {
        let parent = skeleton.parent(self.first[front + 1] - 1)?;
        Some(self.of_rank[parent as usize] as usize)
    }

    /// Triangles of a run of fronts.
    pub fn work_of(&self, fronts: &Range<usize>) -> u64 {
        self.work[fronts.end] - self.work[fronts.start]
    }

    /// Where the top of a run of fronts starts that hangs together: what is below parts into trees.
    pub fn top_of(&self, fronts: &Range<usize>) -> usize {
        let mut end = fronts.end;
        while end > fronts.start && self.lowest[end - 1] as usize == fronts.start {
            end -= 1;
        }
        end
    }

    /// Where a run of several whole trees parts best: the start of a tree.
    pub fn gap_near_the_middle(&self, fronts: &Range<usize>) -> usize {
        let half = self.work[fronts.start] + self.work_of(fronts) / 2;
        let mut gap = self.lowest[fronts.end - 1] as usize;
        while gap > fronts.start && self.work[gap] > half {
            let next = self.lowest[gap - 1] as usize;
            if next == fronts.start || half.abs_diff(self.work[next]) > self.work[gap] - half {
                break;
            }
            gap = next;
        }
        gap
    }
}
