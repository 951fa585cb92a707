//! Columns of numbers: one value for all rows, or one a row.

use std::ops::Index;

/// A column of numbers; NaN where one is missing.
#[derive(Debug, Clone)]
pub enum Numbers {
    /// All rows have one value.
    Same {
        /// The value.
        value: f64,
        /// How many rows there are.
        rows: usize,
    },
    /// A value a row.
    Each(Vec<f64>),
}

impl Numbers {
    /// One value in all rows.
    #[must_use]
    pub const fn same(value: f64, rows: usize) -> Self {
        Self::Same { value, rows }
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Same { rows, .. } => *rows,
            Self::Each(values) => values.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row, if there is such a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<f64> {
        (row < self.len()).then(|| self[row])
    }

    /// The values by row.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> {
        (0..self.len()).map(|row| self[row])
    }

    /// The same column with another value in one row.
    #[must_use]
    pub fn with(&self, row: usize, value: f64) -> Self {
        self.iter().enumerate().map(|(at, old)| if at == row { value } else { old }).collect()
    }
}

impl Default for Numbers {
    fn default() -> Self {
        Self::same(0.0, 0)
    }
}

impl Index<usize> for Numbers {
    type Output = f64;

    fn index(&self, row: usize) -> &f64 {
        match self {
            Self::Same { value, .. } => value,
            Self::Each(values) => &values[row],
        }
    }
}

impl From<Vec<f64>> for Numbers {
    fn from(values: Vec<f64>) -> Self {
        match values.first() {
            Some(first) if values.iter().all(|value| value.to_bits() == first.to_bits()) => {
                Self::Same { value: *first, rows: values.len() }
            }
            Some(_) => Self::Each(values),
            None => Self::default(),
        }
    }
}

impl<const N: usize> From<[f64; N]> for Numbers {
    fn from(values: [f64; N]) -> Self {
        Self::from(values.to_vec())
    }
}

impl FromIterator<f64> for Numbers {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self::from(values.into_iter().collect::<Vec<_>>())
    }
}

impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}
