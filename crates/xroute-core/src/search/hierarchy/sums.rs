//! Quantities along the path that each arc stands for, so that a sweep needs no second search.

use super::skeleton::{NONE, Skeleton};
use super::weights::{EDGE, Weight, Weights};
use crate::cancel::{CancelFlag, Cancelled};
use crate::metric::Metric;

/// Money, seconds, grams of CO2e by tonne, metres and generalised cost.
pub(super) type Quantities = [u32; Sums::COUNT];

/// Sums by arc, upward and downward, of the path that customisation chose; and those by step.
#[derive(Debug, Clone)]
pub struct Sums {
    pub(super) up: Vec<Quantities>,
    pub(super) down: Vec<Quantities>,
    steps: Vec<Quantities>,
}

impl Sums {
    /// How many quantities there are.
    pub const COUNT: usize = 5;

    /// Adds up what the arcs stand for; `None` where a sum along an arc would not fit 32 bits.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn of<W: Weight>(
        skeleton: &Skeleton,
        metric: &Metric,
        weights: &Weights<W>,
        cancel: &CancelFlag,
    ) -> Result<Option<Self>, Cancelled> {
        let steps: Vec<Quantities> = (0..metric.step_count()).map(|step| metric.quantities(step)).collect();
        let none = [0; Self::COUNT];
        let (mut up, mut down) = (vec![none; skeleton.arc_count()], vec![none; skeleton.arc_count()]);
        for arc in 0..skeleton.arc_count() {
            cancel.check_every_1024(arc)?;
            for is_up in [true, false] {
                let over = weights.paths.over(arc as u32, is_up);
                if over == NONE {
                    continue;
                }
                let sum = if over & EDGE != 0 {
                    steps[(over & !EDGE) as usize]
                } else {
                    let halves = weights.halves(skeleton, (arc as u32, is_up), over);
                    let Some([first, second]) = halves else { return Ok(None) };
                    let side =
                        |(arc, is_up): (u32, bool)| if is_up { up[arc as usize] } else { down[arc as usize] };
                    let Some(sum) = checked(side(first), side(second)) else { return Ok(None) };
                    sum
                };
                if is_up { up[arc] = sum } else { down[arc] = sum }
            }
        }
        Ok(Some(Self { up, down, steps }))
    }

    pub(super) fn of_step(&self, step: u32) -> &Quantities {
        &self.steps[step as usize]
    }

    /// One sum after another; a sum that does not fit stays at `u32::MAX`, and the caller searches again.
    pub(super) fn after(first: &Quantities, second: &Quantities) -> Quantities {
        std::array::from_fn(|nth| first[nth].saturating_add(second[nth]))
    }
}

fn checked(first: Quantities, second: Quantities) -> Option<Quantities> {
    let mut sum = [0; Sums::COUNT];
    for (nth, sum) in sum.iter_mut().enumerate() {
        *sum = first[nth].checked_add(second[nth])?;
    }
    Some(sum)
}
