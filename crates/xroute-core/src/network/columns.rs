//! Checks of one column at a time.

use std::collections::HashMap;

use super::BuildError;
use crate::ids::HubId;

/// Where a check stands.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub table: &'static str,
    pub column: &'static str,
}

impl Column {
    pub fn fault(self, row: usize, message: impl Into<String>) -> BuildError {
        BuildError {
            table: self.table,
            row: Some(row + 1),
            column: self.column,
            message: message.into(),
            is_limit: false,
        }
    }

    pub fn limit(self, message: impl Into<String>) -> BuildError {
        BuildError {
            table: self.table,
            row: None,
            column: self.column,
            message: message.into(),
            is_limit: true,
        }
    }

    /// Every column of a table has as many rows as the first.
    pub fn has_rows(self, rows: usize, expected: usize) -> Result<(), BuildError> {
        if rows == expected {
            return Ok(());
        }
        Err(BuildError {
            row: None,
            message: format!("{rows} rows where the table has {expected}"),
            ..self.fault(0, "")
        })
    }

    /// A number that must be there, between two bounds.
    pub fn number(self, row: usize, value: f64, low: f64, high: f64) -> Result<f64, BuildError> {
        if value.is_finite() && (low..=high).contains(&value) {
            Ok(value)
        } else {
            Err(self.fault(row, format!("expected a number from {low} to {high}, got {value}")))
        }
    }

    /// A number that may be missing (NaN).
    pub fn optional(self, row: usize, value: f64, low: f64, high: f64) -> Result<Option<f64>, BuildError> {
        if value.is_nan() { Ok(None) } else { self.number(row, value, low, high).map(Some) }
    }

    /// Kilometres as whole metres.
    pub fn metres(self, row: usize, km: f64) -> Result<u32, BuildError> {
        self.number(row, km, 0.0, 100_000.0).map(|km| (km * 1000.0).round() as u32)
    }

    /// One of a fixed set of names.
    pub fn one_of<T>(self, row: usize, found: Option<T>, name: &str, known: &str) -> Result<T, BuildError> {
        found.ok_or_else(|| self.fault(row, format!("'{name}' is none of: {known}")))
    }

    /// An id of the hubs table.
    pub fn hub(self, row: usize, id: &str, ids: &HashMap<&str, HubId>) -> Result<HubId, BuildError> {
        ids.get(id)
            .copied()
            .ok_or_else(|| self.fault(row, format!("hub '{id}' is not in the hubs table; add it there")))
    }
}

/// Names numbered in the order of first sight.
pub(super) struct Register<K> {
    numbers: HashMap<K, u16>,
    pub names: Vec<K>,
}

impl<K: Clone + Eq + std::hash::Hash> Register<K> {
    pub fn new() -> Self {
        Self { numbers: HashMap::new(), names: Vec::new() }
    }

    pub fn number(&mut self, name: &K, place: Column) -> Result<u16, BuildError> {
        if let Some(&number) = self.numbers.get(name) {
            return Ok(number);
        }
        let number = u16::try_from(self.names.len())
            .map_err(|_| place.limit("more than 65,536 different values; merge some"))?;
        self.numbers.insert(name.clone(), number);
        self.names.push(name.clone());
        Ok(number)
    }
}
