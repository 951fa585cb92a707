//! Columns in and out of Python dicts.

use numpy::{IntoPyArray, PyReadonlyArray1};
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

fn column<'py>(table: &Bound<'py, PyDict>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    table.get_item(name)?.ok_or_else(|| PyKeyError::new_err(name.to_owned()))
}

/// A list of texts.
pub fn texts(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Vec<String>> {
    column(table, name)?.extract()
}

/// A float64 array.
pub fn numbers(table: &Bound<'_, PyDict>, name: &str) -> PyResult<Vec<f64>> {
    let array: PyReadonlyArray1<'_, f64> = column(table, name)?.extract()?;
    Ok(array.as_array().to_vec())
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

/// Puts a float64 array into a dict.
pub fn set_numbers(table: &Bound<'_, PyDict>, name: &str, values: &[f64]) -> PyResult<()> {
    table.set_item(name, values.to_vec().into_pyarray(table.py()))
}

/// Puts a bool array into a dict.
pub fn set_flags(table: &Bound<'_, PyDict>, name: &str, values: &[bool]) -> PyResult<()> {
    table.set_item(name, values.to_vec().into_pyarray(table.py()))
}

/// Puts an int32 array into a dict.
pub fn set_integers(table: &Bound<'_, PyDict>, name: &str, values: &[i32]) -> PyResult<()> {
    table.set_item(name, values.to_vec().into_pyarray(table.py()))
}
