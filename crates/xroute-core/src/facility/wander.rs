//! A walk over choices of facilities that cost little where customers may be split, for single sources: the choice
//! of the best answer is seldom that of the best split one, and seldom one move away from it.

use super::draws::Sequence;
use super::moves::{Guide, Incumbent, Move, Trial, all_open, candidates};
use super::{Fate, Problem};
use crate::cancel::CancelFlag;
use crate::flow::FlowError;

/// Moves that are looked at before the best of them is taken, and steps for which it is not gone back on.
const LOOKED_AT: usize = 40;
const TENURE: u64 = 7;
/// Steps without a cheaper choice before the walk jumps.
const PATIENCE: u32 = 40;
/// Average share that every facility is taken to have when facilities are drawn.
const RANDOM: f64 = 0.05;

impl Trial<'_> {
    /// Each step takes the best of the promising moves, be it dearer, and does not go back on the latest ones (Glover,
    /// *Tabu Search*, 1989); without a cheaper choice for a while it starts again near the cheapest one.
    ///
    /// `share` is the average share of each facility in the relaxed problem. True if a choice was found that costs
    /// less where customers may be split.
    ///
    /// # Errors
    /// [`FlowError`] once the flag is raised.
    pub fn wander(
        &mut self,
        share: &[f64],
        fate: &[Fate],
        most_work: u64,
        cancel: &CancelFlag,
    ) -> Result<bool, FlowError> {
        let end = self.server.work.saturating_add(most_work);
        if !fate.contains(&Fate::Free) {
            return Ok(false);
        }
        let Some(mut here) = self.guide(Guide::Split).cloned() else { return Ok(false) };
        let before = here.cost;
        let (mut moved, mut step) = (vec![0; share.len()], TENURE);
        let (mut least, mut since) = (here.cost, 0);
        while self.server.work < end {
            let open = if since > PATIENCE {
                (least, since) = (f64::INFINITY, 0);
                step += TENURE;
                let Some(best) = self.guide(Guide::Split) else { break };
                jumped(&self.problem, (&best.open, share, fate), step)
            } else {
                let Some((open, change)) = self.next(&here, fate, (&moved, step), end, cancel)? else {
                    since = PATIENCE + 1;
                    continue;
                };
                change.facilities().for_each(|at| moved[at] = step);
                open
            };
            (step, since) = (step + 1, since + 1);
            self.attempt(&open, cancel)?;
            let Some(served) = self.server.serve(&open, cancel)? else { continue };
            here = Incumbent { cost: served.cost, open, flows: served.flows.clone(), served };
            if here.cost < least {
                (least, since) = (here.cost, 0);
            }
        }
        Ok(self.guide(Guide::Split).is_some_and(|best| best.cost < before))
    }

    /// The best of the promising moves that were not made lately, and the choice that it leads to.
    fn next(
        &mut self,
        here: &Incumbent,
        fate: &[Fate],
        (moved, step): (&[u64], u64),
        end: u64,
        cancel: &CancelFlag,
    ) -> Result<Option<(Vec<bool>, Move)>, FlowError> {
        let mut next: Option<(f64, Vec<bool>, Move)> = None;
        let is_free = |change: &Move| change.facilities().all(|at| moved[at] + TENURE <= step);
        for change in candidates(&self.problem, fate, here, true).into_iter().filter(is_free).take(LOOKED_AT)
        {
            if self.server.work >= end {
                break;
            }
            let open = change.made(&here.open);
            self.attempt(&open, cancel)?;
            let cost = self.split_cost(&open);
            if cost < next.as_ref().map_or(f64::INFINITY, |next| next.0) {
                next = Some((cost, open, change));
            }
        }
        Ok(next.map(|(_, open, change)| (open, change)))
    }
}

/// Some facilities of a choice closed, and others drawn by their shares until there is room again.
fn jumped(problem: &Problem<'_>, (open, share, fate): (&[bool], &[f64], &[Fate]), seed: u64) -> Vec<bool> {
    let mut numbers = Sequence(seed);
    let mut open = open.to_vec();
    let drawn = |numbers: &mut Sequence, rows: Vec<usize>, weight: &dyn Fn(usize) -> f64| {
        let mut keys: Vec<(f64, usize)> =
            rows.into_iter().map(|at| (weight(at) * numbers.next(1 << 20) as f64, at)).collect();
        keys.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        keys.into_iter().map(|(_, at)| at)
    };
    let free = |is_open: bool, open: &[bool]| -> Vec<usize> {
        (0..open.len()).filter(|&at| fate[at] == Fate::Free && open[at] == is_open).collect()
    };
    let opened = free(true, &open);
    let drops = 1 + numbers.next(opened.len().div_ceil(2));
    for at in drawn(&mut numbers, opened, &|_| 1.0).take(drops) {
        open[at] = false;
    }
    let shut = free(false, &open);
    for (nth, at) in drawn(&mut numbers, shut, &|at| share[at] + RANDOM).enumerate() {
        if nth >= drops && all_open(problem, &open) >= problem.need() {
            break;
        }
        open[at] = true;
    }
    open
}
