//! Prices of customers climb along deflected subgradients; an average of the relaxed answers guides rounding.

use super::knapsacks::Knapsacks;
use super::relax::{Relaxed, relax};
use super::{Fate, Problem};

/// Share of the old direction in the new one (Camerini, Fratta and Maffioli, Mathematical Programming Study 3, 1975).
pub(super) const DEFLECTION: f64 = 0.8;
const FIRST_STRIDE: f64 = 1.0;
const LAST_STRIDE: f64 = 1e-4;
/// What a stride is multiplied by where it brings nothing.
pub(super) const SHRINK: f64 = 0.7;
/// Steps without a better bound before the stride shrinks and the climb goes back to the best prices.
const PATIENCE: u32 = 20;
const AVERAGE: f64 = 0.02;

/// Prices of customers with the best bound so far, and where the climb stands.
#[derive(Debug, Clone)]
pub struct Climb {
    /// Prices of the best bound.
    pub price: Vec<f64>,
    /// The relaxed problem there.
    pub best: Relaxed,
    /// Average share of each facility: near a solution of the linear relaxation.
    pub share: Vec<f64>,
    /// Steps taken.
    pub steps: u64,
    /// Room for knapsacks, once customers are taken whole.
    pub knapsacks: Option<Knapsacks>,
    at: Vec<f64>,
    direction: Vec<f64>,
    bound: f64,
    stride: f64,
    misses: u32,
}

impl Climb {
    /// Starts at given prices.
    #[must_use]
    pub fn start(problem: &Problem<'_>, fate: &[Fate], price: Vec<f64>) -> Self {
        let best = relax(problem, fate, &price, None);
        Self {
            share: best.share.clone(),
            direction: best.unserved.clone(),
            bound: best.bound,
            at: price.clone(),
            price,
            best,
            knapsacks: None,
            steps: 0,
            stride: FIRST_STRIDE,
            misses: 0,
        }
    }

    /// One step towards `target`, an estimate of the optimum above the bound.
    pub fn step(&mut self, problem: &Problem<'_>, fate: &[Fate], target: f64) {
        let norm: f64 = self.direction.iter().map(|each| each * each).sum();
        let length = self.stride * (target - self.bound).max(0.0) / norm.max(1e-18);
        for (at, direction) in self.at.iter_mut().zip(&self.direction) {
            *at += length * direction;
        }
        let now = relax(problem, fate, &self.at, self.knapsacks.as_mut());
        blend(&mut self.direction, &now.unserved, 1.0 - DEFLECTION);
        blend(&mut self.share, &now.share, AVERAGE);
        self.steps += 1;
        self.bound = now.bound;
        if now.bound > self.best.bound + 1e-7 * self.best.bound.abs() {
            self.misses = 0;
            self.price.clone_from(&self.at);
            self.best = now;
            return;
        }
        self.misses += 1;
        if self.misses >= PATIENCE {
            self.stride *= SHRINK;
            self.back();
        }
    }

    /// Whether the bound has settled or met `upper`.
    #[must_use]
    pub fn is_settled(&self, upper: f64) -> bool {
        self.stride < LAST_STRIDE || upper - self.best.bound <= 1e-9 * upper.abs()
    }

    /// The bound at the same prices once more fates are known.
    pub fn refresh(&mut self, problem: &Problem<'_>, fate: &[Fate]) {
        self.best = relax(problem, fate, &self.price, self.knapsacks.as_mut());
    }

    /// Long steps again, from the best prices.
    pub fn restart(&mut self) {
        self.stride = FIRST_STRIDE;
        self.back();
    }

    fn back(&mut self) {
        self.misses = 0;
        self.at.clone_from(&self.price);
        self.bound = self.best.bound;
        self.direction.clone_from(&self.best.unserved);
    }
}

fn blend(average: &mut [f64], now: &[f64], part: f64) {
    for (average, now) in average.iter_mut().zip(now) {
        *average += part * (now - *average);
    }
}
