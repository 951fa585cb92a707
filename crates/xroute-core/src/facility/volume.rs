//! The volume algorithm: prices of customers climb along an average of what was left unserved.

use super::relax::{Relaxed, relax};
use super::{Fate, Problem};

const LEAST_MIX: f64 = 1e-5;
const MOST_MIX: f64 = 0.1;
const RED_LIMIT: u32 = 20;
const LOOK_EVERY: u64 = 100;
const STALLED: f64 = 1e-5;

/// Prices of customers with the best bound so far, and the averages that guide the next step.
#[derive(Debug, Clone)]
pub struct Volume {
    /// Prices of the best bound.
    pub price: Vec<f64>,
    /// The relaxed problem there.
    pub best: Relaxed,
    /// Average share of each facility: near a solution of the linear relaxation.
    pub share: Vec<f64>,
    /// Steps taken.
    pub steps: u64,
    unserved: Vec<f64>,
    stride: f64,
    most_mix: f64,
    red: u32,
    looked: (u64, f64),
}

impl Volume {
    /// Starts at given prices.
    #[must_use]
    pub fn start(problem: &Problem<'_>, fate: &[Fate], price: Vec<f64>) -> Self {
        let best = relax(problem, fate, &price);
        Self {
            share: best.share.clone(),
            unserved: best.unserved.clone(),
            looked: (0, best.bound),
            price,
            best,
            steps: 0,
            stride: 0.1,
            most_mix: MOST_MIX,
            red: 0,
        }
    }

    /// One step towards `target`, an estimate of the optimum above the bound.
    pub fn step(&mut self, problem: &Problem<'_>, fate: &[Fate], target: f64) {
        let norm: f64 = self.unserved.iter().map(|each| each * each).sum();
        if norm < 1e-18 {
            self.unserved.clone_from(&self.best.unserved);
        }
        let length = self.stride * (target - self.best.bound).max(0.0) / norm.max(1e-18);
        let price: Vec<f64> = self
            .price
            .iter()
            .zip(&self.unserved)
            .map(|(price, unserved)| price + length * unserved)
            .collect();
        let now = relax(problem, fate, &price);
        let mix = self.mix(&now.unserved);
        blend(&mut self.share, &now.share, mix);
        let agreement: f64 = self.unserved.iter().zip(&now.unserved).map(|(a, b)| a * b).sum();
        blend(&mut self.unserved, &now.unserved, mix);
        self.steps += 1;
        if now.bound > self.best.bound {
            if agreement > 0.0 {
                self.stride = (self.stride * 1.1).min(2.0);
            }
            self.red = 0;
            (self.best, self.price) = (now, price);
        } else {
            self.red += 1;
            if self.red >= RED_LIMIT {
                self.red = 0;
                self.stride *= 0.66;
            }
        }
        self.look();
    }

    /// The bound at the same prices once more fates are known.
    pub fn refresh(&mut self, problem: &Problem<'_>, fate: &[Fate]) {
        self.best = relax(problem, fate, &self.price);
    }

    /// Long steps again, from the best prices.
    pub fn restart(&mut self) {
        self.stride = 0.1;
        self.most_mix = MOST_MIX;
        self.red = 0;
        self.unserved.clone_from(&self.best.unserved);
    }

    /// Whether the bound has settled.
    #[must_use]
    pub fn is_settled(&self, upper: f64) -> bool {
        let gap = upper - self.best.bound;
        gap <= 1e-9 * upper.abs() || self.stride < 1e-5 || (self.stride < 1e-3 && self.most_mix <= 1e-4)
    }

    fn look(&mut self) {
        if self.steps >= self.looked.0 + LOOK_EVERY {
            let gained = self.best.bound - self.looked.1;
            if gained < STALLED * 10.0 * self.best.bound.abs() {
                self.most_mix = (self.most_mix / 2.0).max(LEAST_MIX);
            }
            self.looked = (self.steps, self.best.bound);
        }
    }

    /// The share of the new direction for which the average would be shortest, within limits.
    fn mix(&self, now: &[f64]) -> f64 {
        let (mut dot, mut square) = (0.0, 0.0);
        for (new, old) in now.iter().zip(&self.unserved) {
            dot += old * (old - new);
            square += (old - new) * (old - new);
        }
        let best = if square > 0.0 { dot / square } else { self.most_mix };
        if best <= 0.0 { self.most_mix / 10.0 } else { best.min(self.most_mix) }
    }
}

fn blend(average: &mut [f64], now: &[f64], mix: f64) {
    for (average, now) in average.iter_mut().zip(now) {
        *average += mix * (now - *average);
    }
}
