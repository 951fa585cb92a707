//! Cost matrices: one row a warehouse, read by blocks, never copied whole.

use std::ops::Range;

use super::FORBIDDEN;

/// Costs by block: `i64` in one unit of money for one unit of goods, [`FORBIDDEN`] where there is no arc.
pub trait Costs: Sync {
    /// Rows.
    fn warehouses(&self) -> usize;
    /// Columns.
    fn zones(&self) -> usize;
    /// One cost.
    fn at(&self, warehouse: usize, zone: usize) -> i64;
    /// Costs of one warehouse to a range of zones; `buffer` holds them where they are computed.
    fn row<'a>(&'a self, warehouse: usize, zones: Range<usize>, buffer: &'a mut Vec<i64>) -> &'a [i64];
}

/// A matrix of `i32` or `i64` in row order, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Matrix<'m, T> {
    values: &'m [T],
    zones: usize,
    warehouses: usize,
}

impl<'m, T> Matrix<'m, T> {
    /// Borrows `warehouses` rows of `zones` values; `None` where the length is another.
    #[must_use]
    pub fn new(values: &'m [T], warehouses: usize, zones: usize) -> Option<Self> {
        (warehouses.checked_mul(zones)? == values.len()).then_some(Self { values, zones, warehouses })
    }
}

impl Costs for Matrix<'_, i64> {
    fn warehouses(&self) -> usize {
        self.warehouses
    }
    fn zones(&self) -> usize {
        self.zones
    }
    fn at(&self, warehouse: usize, zone: usize) -> i64 {
        self.values[warehouse * self.zones + zone]
    }
    fn row<'a>(&'a self, warehouse: usize, zones: Range<usize>, _buffer: &'a mut Vec<i64>) -> &'a [i64] {
        let start = warehouse * self.zones;
        &self.values[start + zones.start..start + zones.end]
    }
}

impl Costs for Matrix<'_, i32> {
    fn warehouses(&self) -> usize {
        self.warehouses
    }
    fn zones(&self) -> usize {
        self.zones
    }
    fn at(&self, warehouse: usize, zone: usize) -> i64 {
        widened(self.values[warehouse * self.zones + zone])
    }
    fn row<'a>(&'a self, warehouse: usize, zones: Range<usize>, buffer: &'a mut Vec<i64>) -> &'a [i64] {
        let start = warehouse * self.zones;
        buffer.clear();
        buffer.extend(self.values[start + zones.start..start + zones.end].iter().map(|&cost| widened(cost)));
        buffer
    }
}

fn widened(cost: i32) -> i64 {
    if cost == i32::MAX { FORBIDDEN } else { i64::from(cost) }
}

/// A matrix of `f64` read in steps of a quantum: each cost is rounded to the nearest step as it is read.
///
/// An infinite cost is [`FORBIDDEN`]. The caller has checked that `|cost| / quantum` is below 2^53.
#[derive(Debug, Clone, Copy)]
pub struct Quantised<'m> {
    matrix: Matrix<'m, f64>,
    steps_per_unit: f64,
}

impl<'m> Quantised<'m> {
    /// Reads a matrix in steps; `steps_per_unit` is one over the quantum.
    #[must_use]
    pub fn new(matrix: Matrix<'m, f64>, steps_per_unit: f64) -> Self {
        Self { matrix, steps_per_unit }
    }

    fn step(&self, cost: f64) -> i64 {
        if cost == f64::INFINITY { FORBIDDEN } else { (cost * self.steps_per_unit).round_ties_even() as i64 }
    }
}

impl Costs for Quantised<'_> {
    fn warehouses(&self) -> usize {
        self.matrix.warehouses
    }
    fn zones(&self) -> usize {
        self.matrix.zones
    }
    fn at(&self, warehouse: usize, zone: usize) -> i64 {
        self.step(self.matrix.values[warehouse * self.matrix.zones + zone])
    }
    fn row<'a>(&'a self, warehouse: usize, zones: Range<usize>, buffer: &'a mut Vec<i64>) -> &'a [i64] {
        let start = warehouse * self.matrix.zones;
        let costs = &self.matrix.values[start + zones.start..start + zones.end];
        buffer.clear();
        buffer.extend(costs.iter().map(|&cost| self.step(cost)));
        buffer
    }
}

/// What a float matrix looks like in steps of a quantum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepFit {
    /// Largest absolute finite cost.
    pub largest: f64,
    /// How far a cost is from the nearest step, at most, in steps.
    pub deviation: f64,
    /// Whether a cost is infinite, which means no arc.
    pub has_forbidden: bool,
    /// Where the first NaN or minus infinity stands.
    pub first_bad: Option<usize>,
}

impl StepFit {
    /// Looks at every cost once.
    #[must_use]
    pub fn of(values: &[f64], steps_per_unit: f64) -> Self {
        let mut fit = Self { largest: 0.0, deviation: 0.0, has_forbidden: false, first_bad: None };
        for (at, &cost) in values.iter().enumerate() {
            if cost.is_finite() {
                let steps = cost * steps_per_unit;
                fit.largest = fit.largest.max(cost.abs());
                fit.deviation = fit.deviation.max((steps - steps.round_ties_even()).abs());
            } else if cost == f64::INFINITY {
                fit.has_forbidden = true;
            } else if fit.first_bad.is_none() {
                fit.first_bad = Some(at);
            }
        }
        fit
    }
}
