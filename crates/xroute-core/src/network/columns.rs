//! Checks of one column at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::BuildError;
use crate::ids::HubId;
use crate::numbers::Numbers;
use crate::texts::{Rows, Texts, WordIndex, Words};

/// Least and most.
pub(super) type Bounds = (f64, f64);
/// Kilometres of a link or a service.
pub(super) const LENGTH_KM: Bounds = (0.0, 100_000.0);

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
    pub fn number(self, row: usize, value: f64, (low, high): Bounds) -> Result<f64, BuildError> {
        if value.is_finite() && (low..=high).contains(&value) {
            Ok(value)
        } else {
            Err(self.fault(row, format!("expected a number from {low} to {high}, got {value}")))
        }
    }

    /// A number that may be missing (NaN).
    pub fn optional(self, row: usize, value: f64, bounds: Bounds) -> Result<Option<f64>, BuildError> {
        if value.is_nan() { Ok(None) } else { self.number(row, value, bounds).map(Some) }
    }

    /// Numbers that must all be there.
    pub fn numbers(self, column: &Numbers, bounds: Bounds) -> Result<(), BuildError> {
        self.checked(column, bounds, |_| false)
    }

    /// Numbers that may be missing.
    pub fn optionals(self, column: &Numbers, bounds: Bounds) -> Result<(), BuildError> {
        self.checked(column, bounds, f64::is_nan)
    }

    fn checked(
        self,
        column: &Numbers,
        bounds: Bounds,
        is_fine: impl Fn(f64) -> bool,
    ) -> Result<(), BuildError> {
        let stands = |value: f64| (value >= bounds.0 && value <= bounds.1) || is_fine(value);
        match column {
            Numbers::Same { rows: 0, .. } => Ok(()),
            Numbers::Same { value, .. } if stands(*value) => Ok(()),
            Numbers::Same { value, .. } => self.number(0, *value, bounds).map(drop),
            Numbers::Each(values) => match values.iter().position(|&value| !stands(value)) {
                Some(row) => self.number(row, values[row], bounds).map(drop),
                None => Ok(()),
            },
        }
    }

    /// Kilometres as whole metres.
    pub fn metres(self, row: usize, km: f64) -> Result<u32, BuildError> {
        self.number(row, km, LENGTH_KM).map(|km| (km * 1000.0).round() as u32)
    }

    /// One of a fixed set of names.
    pub fn one_of<T>(self, row: usize, found: Option<T>, name: &str, known: &str) -> Result<T, BuildError> {
        found.ok_or_else(|| self.fault(row, format!("'{name}' is none of: {known}")))
    }

    /// What each row names, of a fixed set of names.
    pub fn each_of<T: Copy>(
        self,
        column: &Texts,
        meaning: impl Fn(&str) -> Option<T>,
        known: &str,
    ) -> Result<Vec<T>, BuildError> {
        let of_word: Vec<Option<T>> = column.words().iter().map(meaning).collect();
        by_row(column, |row, word| self.one_of(row, of_word[word], &column[row], known))
    }

    /// The hubs that the rows name.
    pub fn hubs(self, column: &Texts, hubs: &HubIds) -> Result<Texts, BuildError> {
        if Arc::ptr_eq(column.words(), &hubs.words) {
            return Ok(column.clone());
        }
        let of_word: Vec<Option<u32>> =
            column.words().iter().map(|word| hubs.index.find(&hubs.words, word)).collect();
        let numbers =
            by_row(column, |row, word| of_word[word].ok_or_else(|| self.unknown_hub(row, &column[row])))?;
        Texts::new(Arc::clone(&hubs.words), Rows::of(numbers))
            .ok_or_else(|| self.fault(0, "a hub that is not there"))
    }

    /// An id of the hubs table.
    pub fn hub(self, row: usize, id: &str, hubs: &HubIds) -> Result<HubId, BuildError> {
        hubs.index.find(&hubs.words, id).map(HubId).ok_or_else(|| self.unknown_hub(row, id))
    }

    fn unknown_hub(self, row: usize, id: &str) -> BuildError {
        self.fault(row, format!("hub '{id}' is not in the hubs table; add it there"))
    }

    /// Texts of which none stands twice, except empty ones.
    pub fn once_each(self, column: &Texts, what: &str) -> Result<(), BuildError> {
        let words = column.words();
        let again = |row: usize| {
            Err(self.fault(row, format!("{what} '{}' stands twice; ids are unique", &column[row])))
        };
        let mut first = WordIndex::of(words).map_or_else(|_| None, |_| Some(vec![false; words.len()]));
        let mut seen = HashSet::new();
        for row in 0..column.len() {
            let number = column.number(row) as usize;
            if words.word(number).is_empty() {
                if matches!(column.rows(), Rows::Same { .. }) {
                    return Ok(());
                }
                continue;
            }
            let is_new = match &mut first {
                Some(taken) => !std::mem::replace(&mut taken[number], true),
                None => seen.insert(words.word(number)), // words of a file that are not all different
            };
            if !is_new {
                return again(row);
            }
        }
        Ok(())
    }
}

/// One value a row, from the number of its word; one for all where they have one word.
pub(super) fn by_row<T: Copy>(
    column: &Texts,
    value: impl Fn(usize, usize) -> Result<T, BuildError>,
) -> Result<Vec<T>, BuildError> {
    match column.rows() {
        Rows::Same { rows: 0, .. } => Ok(Vec::new()),
        Rows::Same { word, rows } => Ok(vec![value(0, *word as usize)?; *rows]),
        _ => (0..column.len()).map(|row| value(row, column.number(row) as usize)).collect(),
    }
}

/// Ids of hubs: words by row, and where each stands.
pub(super) struct HubIds {
    pub words: Arc<Words>,
    pub index: WordIndex,
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
