//! Columns in and out of Python dicts.

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};
use xroute_core::numbers::Numbers;
use xroute_core::texts::{TextColumn, Texts};

/// Texts that are read between two looks for a signal.
const LISTEN_EVERY: usize = 1 << 16;

fn column<'py>(table: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    table.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
}

/// A list of texts.
///
/// # Errors
/// What a signal handler raises, or the error of a value that is no text.
pub fn texts(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Texts> {
    let list = column(table, name)?;
    let mut found = TextColumn::with_capacity(list.len().unwrap_or(0));
    let mut before: Option<(Bound<'_, PyAny>, u32)> = None;
    for (row, value) in list.try_iter()?.enumerate() {
        if row.is_multiple_of(LISTEN_EVERY) {
            table.py().check_signals()?;
        }
        let value = value?;
        match &before {
            Some((same, number)) if same.is(&value) => found.push_known(*number),
            _ => {
                let number = found.push(value.cast::<PyString>()?.to_str()?);
                before = Some((value, number));
            }
        }
    }
    Ok(found.finish())
}

/// A float64 array.
pub fn numbers(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Vec<f64>> {
    let array: PyReadonlyArray1<'_, f64> = column(table, name)?.extract()?;
    Ok(array.as_array().to_vec())
}

/// A float64 array as a column.
pub fn number_column(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Numbers> {
    table.py().check_signals()?;
    Ok(Numbers::from(numbers(table, name)?))
}

/// A bool array.
pub fn flags(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Vec<bool>> {
    let array: PyReadonlyArray1<'_, bool> = column(table, name)?.extract()?;
    Ok(array.as_array().to_vec())
}

/// An int32 array.
pub fn integers(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Vec<i32>> {
    let array: PyReadonlyArray1<'_, i32> = column(table, name)?.extract()?;
    Ok(array.as_array().to_vec())
}

/// A column of texts as a list: one string for all rows that have it.
pub fn text_list<'py>(py: Python<'py>, column: &Texts) -> PyResult<Bound<'py, PyList>> {
    let words: Vec<Bound<'py, PyString>> =
        column.words().iter().map(|word| PyString::new(py, word)).collect();
    PyList::new(py, (0..column.len()).map(|row| &words[column.number(row) as usize]))
}

/// A column of numbers as a float64 array.
pub fn number_array<'py>(py: Python<'py>, column: &Numbers) -> Bound<'py, PyArray1<f64>> {
    match column {
        Numbers::Same { value, rows } => vec![*value; *rows],
        Numbers::Each(values) => values.clone(),
    }
    .into_pyarray(py)
}

/// Puts a list of texts into a dict.
pub fn set_texts(table: &Bound<'_, PyDict>, name: &str, column: &Texts) -> PyResult<()> {
    table.set_item(name, text_list(table.py(), column)?)
}

/// Puts a float64 array into a dict.
pub fn set_numbers(table: &Bound<'_, PyDict>, name: &str, column: &Numbers) -> PyResult<()> {
    table.set_item(name, number_array(table.py(), column))
}

/// Puts a bool array into a dict.
pub fn set_flags(table: &Bound<'_, PyDict>, name: &str, values: &[bool]) -> PyResult<()> {
    table.set_item(name, values.to_vec().into_pyarray(table.py()))
}

/// Puts an int32 array into a dict.
pub fn set_integers(table: &Bound<'_, PyDict>, name: &str, values: &[i32]) -> PyResult<()> {
    table.set_item(name, values.to_vec().into_pyarray(table.py()))
}
