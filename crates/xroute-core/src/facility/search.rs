//! Bound and incumbent together: climb, round, fix by reduced cost, move facilities, climb again.

use super::ascent::start_prices;
use super::climb::Climb;
use super::cover::forced;
use super::knapsacks::{Knapsacks, drops};
use super::moves::{Guide, Incumbent, Trial};
use super::relax::relax;
use super::{Fate, Problem};
use crate::cancel::{CancelFlag, Cancelled};
use crate::flow::FlowError;

const ROUND_EVERY: u64 = 10;
const FIX_EVERY: u64 = 50;
const THRESHOLDS: [f64; 4] = [0.75, 0.5, 0.3, 0.1];
/// The bound is lowered by this share of itself, which is more than its sums can be wrong.
const ROUNDING: f64 = 1e-10;

/// Limits of work; the same on every machine.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Steps of the climb.
    pub steps: u64,
    /// Steps with whole customers, in which the bound comes near its best where knapsacks are small; none if zero.
    pub whole_steps: u64,
    /// Lanes that the kernel may look at while it tries choices of facilities.
    pub work: u64,
    /// The search ends once the gap is at most this share of the cost.
    pub gap: f64,
}

/// Both sides of the answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The best that was found; `None` where nothing was.
    pub best: Option<Incumbent>,
    /// No answer costs less; infinite where there is none.
    pub bound: f64,
    /// Prices of customers at the bound.
    pub price: Vec<f64>,
    /// Worth of one more unit of capacity at the bound.
    pub scarcity: Vec<f64>,
    /// Average share of each facility.
    pub share: Vec<f64>,
    /// Bound if the facility is open; an answer below the incumbent keeps each that is fixed.
    pub if_open: Vec<f64>,
    /// By how much the bound rises where the facility is open and must serve a customer, by facility and customer;
    /// none unless customers were taken whole.
    pub drops: Vec<f64>,
    /// What every answer that is cheaper than the incumbent has.
    pub fate: Vec<Fate>,
    /// Steps of the climb.
    pub steps: u64,
    /// Lanes that the kernel looked at.
    pub work: u64,
}

struct Search<'p> {
    problem: Problem<'p>,
    fate: Vec<Fate>,
    climb: Climb,
    trial: Trial<'p>,
    effort: Effort,
    /// Until a walk found no choice that splits better than the moves did.
    walks: bool,
}

/// Searches for a cheap answer and a high bound.
///
/// # Errors
/// [`FlowError`] for a problem that is none, or once the flag is raised.
pub fn solve(problem: Problem<'_>, effort: Effort, cancel: &CancelFlag) -> Result<Answer, FlowError> {
    problem.checked()?;
    let fate: Vec<Fate> = vec![Fate::Free; problem.facilities()];
    let climb = Climb::start(&problem, &fate, start_prices(&problem));
    let mut search = Search { problem, fate, climb, trial: Trial::new(problem), effort, walks: true };
    if search.trial.server.serve(&vec![true; problem.facilities()], cancel)?.is_none() {
        return Ok(search.answer(true));
    }
    search.trial.attempt(&vec![true; problem.facilities()], cancel)?;
    search.run(cancel)?;
    Ok(search.answer(false))
}

impl Search<'_> {
    fn run(&mut self, cancel: &CancelFlag) -> Result<(), FlowError> {
        let rounds = 3;
        for round in 0..rounds {
            if round == 1 && self.effort.whole_steps > 0 && self.take_whole() {
                self.ascend(self.climb.steps + self.effort.whole_steps, cancel)?;
            }
            self.ascend(self.effort.steps * (round + 1) / rounds, cancel)?;
            self.round(cancel)?;
            let before = self.trial.upper();
            self.improve(self.effort.work / rounds, cancel)?;
            self.fix();
            self.settle(cancel)?;
            let is_same = self.trial.upper() >= before && round > 0;
            if self.is_done() || is_same {
                break;
            }
            self.climb.restart();
        }
        Ok(())
    }

    /// From now on customers are taken whole, if knapsacks are small enough for that.
    fn take_whole(&mut self) -> bool {
        self.climb.knapsacks = Knapsacks::at(&self.problem, &self.climb.price);
        if self.climb.knapsacks.is_none() {
            return false;
        }
        self.climb.refresh(&self.problem, &self.fate);
        self.climb.restart();
        true
    }

    /// Moves, a walk over choices of facilities, kicks and moves again; once a walk found nothing, dives in place of
    /// walks and kicks if knapsacks are small enough; moves alone where customers may be split.
    fn improve(&mut self, work: u64, cancel: &CancelFlag) -> Result<(), FlowError> {
        if !self.problem.is_single {
            return self.trial.improve(Guide::Best, &self.fate, work, cancel);
        }
        if self.gap() <= self.effort.gap {
            return Ok(());
        }
        let eighth = work / 8;
        self.trial.improve(Guide::Split, &self.fate, eighth, cancel)?;
        let walked = self.walks;
        if walked {
            self.walks = self.trial.wander(&self.climb.share, &self.fate, 3 * eighth, cancel)?;
        }
        if self.walks || Knapsacks::at(&self.problem, &self.climb.price).is_none() {
            self.trial.kick(eighth, cancel)?;
            self.trial.ruin(&self.fate, 2 * eighth, cancel)?;
            return self.trial.improve(Guide::Best, &self.fate, eighth, cancel);
        }
        if !walked && self.climb.knapsacks.is_some() {
            self.trial.dive((&self.fate, &self.climb.price), 6 * eighth, cancel)?;
        }
        Ok(self.trial.ruin(&self.fate, eighth, cancel)?)
    }

    /// Where all facilities are fixed and customers may be split, one flow is all that could be cheaper.
    fn settle(&mut self, cancel: &CancelFlag) -> Result<(), FlowError> {
        if !self.problem.is_single && self.fate.iter().all(|&fate| fate != Fate::Free) {
            let open: Vec<bool> = self.fate.iter().map(|&fate| fate == Fate::Open).collect();
            self.trial.attempt(&open, cancel)?;
            self.climb.best.bound = f64::INFINITY;
        }
        Ok(())
    }

    fn gap(&self) -> f64 {
        (self.trial.upper() - self.climb.best.bound) / self.trial.upper().abs().max(1e-300)
    }

    fn is_done(&self) -> bool {
        self.gap() <= self.effort.gap || self.fate.iter().all(|&fate| fate != Fate::Free)
    }

    fn ascend(&mut self, most_steps: u64, cancel: &CancelFlag) -> Result<(), FlowError> {
        while self.climb.steps < most_steps && !self.is_done() {
            if cancel.is_raised() {
                return Err(Cancelled.into());
            }
            self.climb.step(&self.problem, &self.fate, self.target());
            if self.climb.steps.is_multiple_of(ROUND_EVERY) {
                self.round(cancel)?;
            }
            if self.climb.steps.is_multiple_of(FIX_EVERY) {
                self.fix();
            }
            if self.climb.is_settled(self.trial.upper()) {
                break;
            }
        }
        Ok(())
    }

    /// Above the bound and at most the incumbent.
    fn target(&self) -> f64 {
        let bound = self.climb.best.bound;
        self.trial.upper().min(bound + 0.1 * bound.abs().max(1.0))
    }

    /// Tries the facilities of the relaxed problem and those that are open on average.
    fn round(&mut self, cancel: &CancelFlag) -> Result<(), FlowError> {
        let now: Vec<bool> = self.climb.best.share.iter().map(|&share| share > 0.0).collect();
        let mut choices = vec![now];
        for threshold in THRESHOLDS {
            choices.push(self.above(threshold));
        }
        for choice in choices {
            self.trial.attempt(&choice, cancel)?;
        }
        Ok(())
    }

    /// Facilities open by more than a threshold on average, and the next ones until all demand fits.
    fn above(&self, threshold: f64) -> Vec<bool> {
        let share = &self.climb.share;
        let mut order: Vec<usize> = (0..share.len()).filter(|&at| self.fate[at] != Fate::Closed).collect();
        order.sort_by(|&a, &b| share[b].total_cmp(&share[a]).then(a.cmp(&b)));
        let mut open = vec![false; share.len()];
        let (need, mut held) = (self.problem.need(), 0);
        for at in order {
            if share[at] > threshold || held < need || self.fate[at] == Fate::Open {
                open[at] = true;
                held += self.problem.capacity[at];
            }
        }
        open
    }

    /// Fixes what every cheaper answer has.
    fn fix(&mut self) {
        let upper = self.trial.upper();
        let limit = upper - ROUNDING * upper.abs();
        for at in 0..self.fate.len() {
            if self.fate[at] == Fate::Free {
                if self.bound_if(at, Fate::Open) >= limit {
                    self.fate[at] = Fate::Closed;
                } else if self.bound_if(at, Fate::Closed) >= limit {
                    self.fate[at] = Fate::Open;
                }
            }
        }
        self.climb.refresh(&self.problem, &self.fate);
    }

    fn bound_if(&self, at: usize, fate: Fate) -> f64 {
        let best = &self.climb.best;
        let covered = forced(&best.gain, self.problem.capacity, &self.fate, self.problem.need(), at, fate);
        covered + self.climb.price.iter().sum::<f64>() - ROUNDING * best.bound.abs()
    }

    fn answer(mut self, is_infeasible: bool) -> Answer {
        let mut dearer = Vec::new();
        if self.climb.knapsacks.is_some() {
            let price = &self.climb.price;
            dearer = (0..self.fate.len()).flat_map(|at| drops(&self.problem, at, price)).collect();
            self.climb.best.scarcity = relax(&self.problem, &self.fate, price, None).scarcity;
        }
        let if_open = (0..self.fate.len()).map(|at| self.bound_if(at, Fate::Open)).collect();
        let bound = self.climb.best.bound - ROUNDING * self.climb.best.bound.abs();
        Answer {
            bound: if is_infeasible { f64::INFINITY } else { bound.min(self.trial.upper()) },
            price: self.climb.price,
            scarcity: self.climb.best.scarcity,
            share: self.climb.share,
            if_open,
            drops: dearer,
            fate: self.fate,
            steps: self.climb.steps,
            work: self.trial.server.work,
            best: self.trial.best,
        }
    }
}
