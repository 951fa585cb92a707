//! Eight metrics side by side: one walk over the triangles customises them all.

use super::skeleton::{NONE, Skeleton};
use super::spares::held;
use super::triangles::Part;
use super::weights::{Lowered, Weight};
use crate::cancel::{CancelFlag, Cancelled};
use crate::metric::CLOSED;

/// How many metrics stand side by side.
pub const LANES: usize = 8;

/// The weights of one arc in each of eight metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(32))]
pub struct Eight<W>([W; LANES]);

impl<W: Weight> Eight<W> {
    /// The weight in one metric.
    pub(super) const fn of_lane(&self, lane: usize) -> W {
        self.0[lane]
    }
}

/// Which way won is not noted: it differs by metric. A metric that is asked for paths is customised by itself.
impl<W: Weight> Lowered for Eight<W> {
    type Over = ();

    const INFINITE: Self = Self([W::INFINITE; LANES]);

    #[allow(clippy::inline_always)] // it must be compiled for the vectors that `pulp` chose
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        let mut sum = self;
        for lane in 0..LANES {
            sum.0[lane] = self.0[lane].plus(other.0[lane]);
        }
        sum
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn over(_: u32) {}

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn lower(&mut self, (): &mut (), sum: Self, (): ()) {
        for lane in 0..LANES {
            self.0[lane] = self.0[lane].least(sum.0[lane]);
        }
    }

    #[allow(clippy::inline_always)] // as above
    #[inline(always)]
    fn least(self, other: Self) -> Self {
        let mut least = self;
        for lane in 0..LANES {
            least.0[lane] = least.0[lane].least(other.0[lane]);
        }
        least
    }
}

/// Up to eight metrics, customised together; lanes without a metric stay infinite.
#[derive(Debug)]
pub struct Lanes<W> {
    pub(super) up: Vec<Eight<W>>,
    pub(super) down: Vec<Eight<W>>,
}

impl<W> Default for Lanes<W> {
    fn default() -> Self {
        Self { up: Vec::new(), down: Vec::new() }
    }
}

/// The integers of a metric by step: the minimised quantity, and seconds.
pub type Columns<'a> = (&'a [u32], &'a [u32]);

impl<W: Weight> Lanes<W> {
    /// Customises a skeleton for up to eight metrics. Each lane equals the weights of its metric alone.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of(skeleton: &Skeleton, metrics: &[Columns<'_>], cancel: &CancelFlag) -> Result<Self, Cancelled> {
        let arcs = skeleton.arc_count();
        let mut lanes = held(W::spare(&skeleton.spares)).lanes.take().unwrap_or_default();
        for side in [&mut lanes.up, &mut lanes.down] {
            side.clear();
            side.resize(arcs, Eight::INFINITE);
        }
        for (edge, &slot) in skeleton.slot_of_edge.iter().enumerate() {
            cancel.check_every_1024(edge)?;
            if slot == NONE {
                continue;
            }
            let side = if slot & 1 == 0 { &mut lanes.up } else { &mut lanes.down };
            let own = &mut side[slot as usize / 2].0;
            for (own, (weight, time_s)) in own.iter_mut().zip(metrics) {
                if weight[edge] != CLOSED {
                    *own = (*own).min(W::of_step(weight[edge], time_s[edge]));
                }
            }
        }
        let (up_over, down_over) = (&mut vec![(); arcs], &mut vec![(); arcs]);
        let part = Part { base: 0, up: &mut lanes.up, down: &mut lanes.down, up_over, down_over };
        part.customise(skeleton, 0..skeleton.node_count(), cancel)?;
        Ok(lanes)
    }
}
