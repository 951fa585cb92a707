//! Labels of hubs, climbed for eight side by side: every arc is looked at once for all of them.
//!
//! A hub's label is what its climb reached, without the arcs: after Abraham, Delling, Goldberg and Werneck,
//! *A Hub-Based Labeling Algorithm for Shortest Paths in Road Networks* (2011), and not thinned out.

use pulp::{Simd, WithSimd};

use super::perfect::Needed;
use super::query::Seed;
use super::skeleton::Skeleton;
use super::weights::Weight;
use crate::cancel::{CancelFlag, Cancelled};

/// Hubs that climb side by side.
const ABREAST: usize = 8;
/// Blocks of hubs between two looks at the flag: about a millisecond.
const BLOCKS_AT_ONCE: usize = 8;

/// Least weights at one rank, one for each hub.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Row<W>([W; ABREAST]);

impl<W: Weight> Row<W> {
    const NOT: Self = Self([W::INFINITE; ABREAST]);
}

/// Labels of some hubs: the ranks that each reached, rising, and the least weights there.
#[derive(Debug, Clone)]
pub(super) struct Labels<W> {
    /// The end of each in `ranks`.
    ends: Vec<usize>,
    /// Its place by hub.
    place: Vec<u32>,
    ranks: Vec<u32>,
    weights: Vec<W>,
}

/// That of one hub.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label<'a, W> {
    pub ranks: &'a [u32],
    pub weights: &'a [W],
}

impl<W: Weight> Labels<W> {
    /// Climbs from the seeds of each hub along the arcs that a best way may use.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(
        skeleton: &Skeleton,
        arcs: &Needed<W>,
        seeds: &[Vec<Seed<W>>],
        room: &mut Room<W>,
        cancel: &CancelFlag,
    ) -> Result<Self, Cancelled> {
        let mut order: Vec<u32> = (0..seeds.len() as u32).collect();
        // neighbours climb together: most of what lies above one lies above the others
        order.sort_by_key(|&nth| seeds[nth as usize].first().map(|seed| seed.rank));
        let mut place = vec![0; seeds.len()];
        for (at, &nth) in order.iter().enumerate() {
            place[nth as usize] = at as u32;
        }
        let mut made = Self { ends: Vec::new(), place, ranks: Vec::new(), weights: Vec::new() };
        for (nth, block) in order.chunks(ABREAST).enumerate() {
            if nth % BLOCKS_AT_ONCE == 0 && cancel.is_raised() {
                return Err(Cancelled);
            }
            let block: Vec<&[Seed<W>]> = block.iter().map(|&nth| seeds[nth as usize].as_slice()).collect();
            room.climb(skeleton, arcs, &block);
            made.take(room, block.len());
        }
        Ok(made)
    }

    /// The label of the nth hub.
    pub fn of_nth(&self, nth: usize) -> Label<'_, W> {
        let place = self.place[nth] as usize;
        let start = if place == 0 { 0 } else { self.ends[place - 1] };
        let span = start..self.ends[place];
        Label { ranks: &self.ranks[span.clone()], weights: &self.weights[span] }
    }

    /// Bytes for one rank of one label.
    pub const BYTES_OF_RANK: usize = size_of::<u32>() + size_of::<W>();

    /// Bytes that are held, about.
    pub const fn bytes(&self) -> usize {
        self.ranks.len() * Self::BYTES_OF_RANK
    }

    /// Takes what each hub of a block reached, and clears the room.
    fn take(&mut self, room: &mut Room<W>, hubs: usize) {
        let Room { reached, is_above, ranks, own } = room;
        for &rank in &*ranks {
            let Row(weights) = std::mem::replace(&mut reached[rank as usize], Row::NOT);
            is_above[rank as usize] = false;
            for ((ranks, own), weight) in own.iter_mut().zip(weights) {
                if weight < W::INFINITE {
                    ranks.push(rank);
                    own.push(weight);
                }
            }
        }
        ranks.clear();
        for (ranks, own) in &mut own[..hubs] {
            self.ranks.append(ranks);
            self.weights.append(own);
            self.ends.push(self.ranks.len());
        }
    }
}

/// Room for the climbs of one block.
#[derive(Debug)]
pub(super) struct Room<W> {
    /// By rank.
    reached: Vec<Row<W>>,
    is_above: Vec<bool>,
    /// The ranks above any seed, rising.
    ranks: Vec<u32>,
    /// Ranks and weights that each hub reached.
    own: [(Vec<u32>, Vec<W>); ABREAST],
}

impl<W: Weight> Room<W> {
    pub fn of(skeleton: &Skeleton) -> Self {
        let count = skeleton.node_count();
        let own = std::array::from_fn(|_| (Vec::new(), Vec::new()));
        Self { reached: vec![Row::NOT; count], is_above: vec![false; count], ranks: Vec::new(), own }
    }

    fn climb(&mut self, skeleton: &Skeleton, arcs: &Needed<W>, seeds: &[&[Seed<W>]]) {
        for (lane, seeds) in seeds.iter().enumerate() {
            for seed in *seeds {
                let reached = &mut self.reached[seed.rank as usize].0[lane];
                *reached = (*reached).min(seed.weight);
                let mut next = Some(seed.rank);
                while let Some(rank) = next.filter(|&rank| !self.is_above[rank as usize]) {
                    self.is_above[rank as usize] = true;
                    self.ranks.push(rank);
                    next = skeleton.parent(rank);
                }
            }
        }
        self.ranks.sort_unstable();
        pulp::Arch::new().dispatch(RelaxUpward { arcs, ranks: &self.ranks, reached: &mut self.reached });
    }
}

/// Relaxes the arcs from ranks, the lowest first, compiled for the vectors that `pulp` chose.
struct RelaxUpward<'a, W> {
    arcs: &'a Needed<W>,
    ranks: &'a [u32],
    reached: &'a mut [Row<W>],
}

impl<W: Weight> WithSimd for RelaxUpward<'_, W> {
    type Output = ();

    #[allow(clippy::inline_always)] // a closure would be compiled for any machine
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { arcs, ranks, reached } = self;
        for &rank in ranks {
            let mut so_far = reached[rank as usize].0;
            for weight in &mut so_far {
                *weight = weight.settled();
            }
            reached[rank as usize].0 = so_far;
            for arc in arcs.row(rank) {
                if let Some(Row(there)) = reached.get_mut(arc.head as usize) {
                    let mut onward = so_far;
                    for weight in &mut onward {
                        *weight = weight.onward(arc.weight);
                    }
                    for (there, onward) in there.iter_mut().zip(onward) {
                        *there = onward.least(*there);
                    }
                }
            }
        }
    }
}
