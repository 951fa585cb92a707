//! Moves of facilities: one opened, one closed, one for another, while that is cheaper.

use std::collections::HashMap;

use super::dive::dived;
use super::relax::earnings;
use super::ruin::ruined;
use super::serve::{Flow, Served, Server};
use super::single::{Remade, kicked_single, make_single};
use super::{Fate, Problem};
use crate::cancel::{CancelFlag, Cancelled};
use crate::flow::FlowError;

const MOST_CANDIDATES: usize = 400;
/// Choices of facilities that are kept for kicks.
const POOL: usize = 16;
const KICKS: u64 = 100;
/// Work of one kick for each customer, in lanes.
const KICK_WORK: u64 = 200;

/// The best answer so far.
#[derive(Debug, Clone)]
pub struct Incumbent {
    /// Fixed and service cost.
    pub cost: f64,
    /// Which facilities are in use.
    pub open: Vec<bool>,
    /// By facility and customer.
    pub flows: Vec<Flow>,
    /// Its service where customers may be split, which guides the moves.
    pub served: Served,
}

/// Which answer the moves start from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guide {
    /// The best one.
    Best,
    /// The one that would cost least if customers might be split.
    Split,
}

/// Tries choices of facilities and keeps the best.
pub struct Trial<'p> {
    pub(super) problem: Problem<'p>,
    /// The kernel, with its count of work.
    pub server: Server<'p>,
    /// The best answer so far.
    pub best: Option<Incumbent>,
    split: Option<Incumbent>,
    /// What choices cost where customers may be split; infinite where they cannot be served.
    tried: HashMap<Vec<bool>, f64>,
    pool: Vec<(Vec<bool>, Served)>,
}

impl<'p> Trial<'p> {
    /// Nothing tried yet.
    #[must_use]
    pub fn new(problem: Problem<'p>) -> Self {
        Self {
            problem,
            server: Server::new(problem),
            best: None,
            split: None,
            tried: HashMap::new(),
            pool: Vec::new(),
        }
    }

    /// Cost of the best answer so far.
    #[must_use]
    pub fn upper(&self) -> f64 {
        self.best.as_ref().map_or(f64::INFINITY, |best| best.cost)
    }

    /// Tries a choice; true if it is better than all before.
    ///
    /// # Errors
    /// [`FlowError`] once the flag is raised.
    pub fn attempt(&mut self, open: &[bool], cancel: &CancelFlag) -> Result<bool, FlowError> {
        if self.tried.contains_key(open) {
            return Ok(false);
        }
        let served = self.server.serve(open, cancel)?;
        self.tried.insert(open.to_vec(), served.as_ref().map_or(f64::INFINITY, |served| served.cost));
        Ok(served.is_some_and(|served| self.judge(open, served)))
    }

    /// Takes what a choice came to; true if it is better than all before.
    fn judge(&mut self, open: &[bool], served: Served) -> bool {
        if self.problem.is_single && served.cost < self.cost(Guide::Split) {
            let (cost, flows) = (served.cost, served.flows.clone());
            let open = used(&self.problem, &flows);
            self.split = Some(Incumbent { cost, open, flows, served: served.clone() });
        }
        let least = self.upper() * (1.0 - 1e-12);
        if served.cost >= least {
            return false;
        }
        let (cost, flows) = if self.problem.is_single {
            self.pool.push((open.to_vec(), served.clone()));
            self.pool.sort_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
            self.pool.truncate(POOL);
            self.server.work += self.problem.customers() as u64 * self.problem.customers() as u64;
            match make_single(&self.problem, open, &served) {
                Some(found) if found.0 < least => found,
                _ => return false,
            }
        } else {
            (served.cost, served.flows.clone())
        };
        self.keep(cost, flows, served);
        true
    }

    /// What a choice that was tried costs where customers may be split; infinite where they cannot be served.
    pub(super) fn split_cost(&self, open: &[bool]) -> f64 {
        self.tried.get(open).copied().unwrap_or(f64::INFINITY)
    }

    fn keep(&mut self, cost: f64, flows: Vec<Flow>, served: Served) {
        let open = used(&self.problem, &flows);
        self.best = Some(Incumbent { cost, open, flows, served });
    }

    pub(super) fn guide(&self, guide: Guide) -> Option<&Incumbent> {
        if guide == Guide::Best { self.best.as_ref() } else { self.split.as_ref() }
    }

    fn cost(&self, guide: Guide) -> f64 {
        self.guide(guide).map_or(f64::INFINITY, |each| each.cost)
    }

    /// Kicks the single-source answers of the choices that cost least when split; true if one became the best.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn kick(&mut self, most_work: u64, cancel: &CancelFlag) -> Result<bool, Cancelled> {
        let before = self.upper();
        let (customers, mut rounds) = (self.problem.customers() as u64, KICKS);
        let end = self.server.work.saturating_add(most_work);
        while !self.pool.is_empty() && self.server.work < end {
            for (open, served) in self.pool.clone() {
                if cancel.is_raised() {
                    return Err(Cancelled);
                }
                if served.cost < self.upper() && self.server.work < end {
                    self.server.work += rounds * customers * KICK_WORK;
                    let found = kicked_single(&self.problem, &open, &served, rounds);
                    if let Some((cost, flows)) = found.filter(|found| found.0 < self.upper()) {
                        self.keep(cost, flows, served);
                    }
                }
            }
            let upper = self.upper();
            self.pool.retain(|each| each.1.cost < upper);
            self.pool.truncate(self.pool.len().div_ceil(2));
            rounds *= 4;
        }
        Ok(self.upper() < before)
    }

    /// Takes the best answer apart in places and puts it together again.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn ruin(&mut self, fate: &[Fate], most_work: u64, cancel: &CancelFlag) -> Result<(), Cancelled> {
        let Some(best) = self.best.clone() else { return Ok(()) };
        let found = ruined(&self.problem, fate, &best.flows, most_work, cancel)?;
        self.take(found, best.served);
        Ok(())
    }

    fn take(&mut self, found: Remade, served: Served) {
        self.server.work += found.work;
        if let Some((cost, flows)) = found.better {
            self.keep(cost, flows, served);
        }
    }

    /// Makes parts of the best answer anew at these prices of customers, which must come from whole customers.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn dive(
        &mut self,
        prices: (&[Fate], &[f64]),
        most_work: u64,
        cancel: &CancelFlag,
    ) -> Result<(), Cancelled> {
        let Some(best) = self.best.clone() else { return Ok(()) };
        let found = dived(&self.problem, prices, &best.flows, most_work, cancel)?;
        self.take(found, best.served);
        Ok(())
    }

    /// Moves from an answer until none of the promising ones is cheaper or the work is used up.
    ///
    /// # Errors
    /// [`FlowError`] once the flag is raised.
    pub fn improve(
        &mut self,
        guide: Guide,
        fate: &[Fate],
        most_work: u64,
        cancel: &CancelFlag,
    ) -> Result<(), FlowError> {
        let end = self.server.work.saturating_add(most_work);
        'again: loop {
            let Some(best) = self.guide(guide) else { return Ok(()) };
            let before = best.cost;
            let (open, moves) = (best.open.clone(), candidates(&self.problem, fate, best, false));
            for change in moves {
                if self.server.work >= end {
                    return Ok(());
                }
                self.attempt(&change.made(&open), cancel)?;
                if self.cost(guide) < before {
                    continue 'again;
                }
            }
            return Ok(());
        }
    }
}

/// The facilities that have a flow.
fn used(problem: &Problem<'_>, flows: &[Flow]) -> Vec<bool> {
    let mut used = vec![false; problem.facilities()];
    for flow in flows {
        used[flow.facility as usize] = true;
    }
    used
}

/// A facility closed, one opened, or both.
pub(super) struct Move {
    estimate: f64,
    drop: Option<u32>,
    add: Option<u32>,
}

impl Move {
    /// The facilities that it opens or closes.
    pub fn facilities(&self) -> impl Iterator<Item = usize> {
        [self.drop, self.add].into_iter().flatten().map(|at| at as usize)
    }

    /// A choice after the move.
    pub fn made(&self, open: &[bool]) -> Vec<bool> {
        let mut open = open.to_vec();
        self.facilities().for_each(|at| open[at] = !open[at]);
        open
    }
}

/// Moves that may pay by the prices of the flow and leave room for all demand, the most promising first; openings that
/// seem too dear only where `with_dear`.
pub(super) fn candidates(
    problem: &Problem<'_>,
    fate: &[Fate],
    best: &Incumbent,
    with_dear: bool,
) -> Vec<Move> {
    let free = |at: &usize| fate[*at] == Fate::Free;
    let all = 0..problem.facilities();
    let drops: Vec<(u32, f64)> = all
        .clone()
        .filter(|at| best.open[*at] && free(at))
        .map(|at| (at as u32, closing(problem, best, at)))
        .collect();
    let adds: Vec<(u32, f64)> = all
        .filter(|at| !best.open[*at] && free(at))
        .map(|at| (at as u32, problem.fixed[at] - earnings(problem, at, &best.served.price)))
        .collect();
    let need = problem.need();
    let room = all_open(problem, &best.open) - need;
    let fits = |drop: Option<u32>, add: Option<u32>| {
        let of = |at: Option<u32>| at.map_or(0, |at| problem.capacity[at as usize].min(need));
        room - of(drop) + of(add) >= 0
    };
    let mut moves: Vec<Move> = Vec::new();
    moves.extend(drops.iter().map(|&(at, estimate)| Move { estimate, drop: Some(at), add: None }));
    let paying = adds.iter().filter(|add| with_dear || add.1 < 0.0);
    moves.extend(paying.map(|&(at, estimate)| Move { estimate, drop: None, add: Some(at) }));
    for &(drop, saved) in &drops {
        let pairs = adds.iter().map(|&(add, earned)| (add, saved.min(problem.fixed[drop as usize]) + earned));
        moves.extend(pairs.map(|(add, estimate)| Move { estimate, drop: Some(drop), add: Some(add) }));
    }
    moves.retain(|change| fits(change.drop, change.add));
    moves.sort_by(|a, b| a.estimate.total_cmp(&b.estimate).then((a.drop, a.add).cmp(&(b.drop, b.add))));
    moves.truncate(MOST_CANDIDATES);
    moves
}

/// Units that the open facilities can serve; one that could serve everybody counts as just that.
pub(super) fn all_open(problem: &Problem<'_>, open: &[bool]) -> i64 {
    let need = problem.need();
    open.iter().zip(problem.capacity).filter(|each| *each.0).map(|each| (*each.1).min(need)).sum()
}

/// About what closing a facility would add to the cost: its customers go where they are served next best.
fn closing(problem: &Problem<'_>, best: &Incumbent, at: usize) -> f64 {
    let full = |row: usize, column: usize| {
        problem.row(row)[column] + best.served.rent[row] * problem.demand[column] as f64
    };
    let others: Vec<usize> = (0..problem.facilities()).filter(|&row| row != at && best.open[row]).collect();
    let own = best.flows.iter().filter(|flow| flow.facility as usize == at);
    let moved: f64 = own
        .map(|flow| {
            let column = flow.customer as usize;
            let part = flow.units as f64 / problem.demand[column].max(1) as f64;
            let next = others.iter().map(|&row| full(row, column)).fold(f64::INFINITY, f64::min);
            part * (next - problem.row(at)[column])
        })
        .sum();
    moved - problem.fixed[at]
}
