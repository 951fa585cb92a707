//! The only place that turns a Rust error into a Python one.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::flow::FlowError;
use xroute_core::metric::MetricError;
use xroute_core::network::{BuildError, Unbuilt};
use xroute_core::search::SearchError;
use xroute_core::terms::TermsError;
use xroute_io::FormatError;

/// An error of the core that Python knows under another name.
#[derive(Debug)]
pub enum CoreError {
    /// Tables that make no network.
    Build(BuildError),
    /// Bytes that make no network.
    Format(FormatError),
    /// Arrays that make no flow problem.
    Flow(FlowError),
    /// Terms that make no metric.
    Metric(MetricError),
    /// A search without an answer.
    Search(SearchError),
    /// A bound of the program.
    Limit(String),
    /// A value at the border that means nothing.
    Argument(String),
}

macro_rules! from_core {
    ($error:ident, $variant:ident) => {
        impl From<$error> for CoreError {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    };
}
from_core!(BuildError, Build);
from_core!(FormatError, Format);

impl From<Unbuilt> for CoreError {
    fn from(error: Unbuilt) -> Self {
        match error {
            Unbuilt::Fault(fault) => Self::Build(fault),
            Unbuilt::Cancelled(stopped) => Self::Search(stopped.into()),
        }
    }
}

impl From<MetricError> for CoreError {
    fn from(error: MetricError) -> Self {
        match error {
            MetricError::Cancelled(stopped) => Self::Search(stopped.into()),
            error => Self::Metric(error),
        }
    }
}

from_core!(SearchError, Search);

/// The Python exception for an error of the core.
pub fn to_python(py: Python<'_>, error: impl Into<CoreError>) -> PyErr {
    let made = match error.into() {
        CoreError::Build(error) => build(py, &error),
        CoreError::Format(FormatError::Tables(error)) => {
            exception(py, "NetworkFileError", &format!("the tables in the file make no network: {error}"))
        }
        CoreError::Format(error) => exception(py, "NetworkFileError", &error.to_string()),
        CoreError::Flow(error @ FlowError::TooLarge { .. }) => {
            exception(py, "LimitError", &error.to_string())
        }
        CoreError::Flow(error) => exception(py, "InputError", &error.to_string()),
        CoreError::Metric(MetricError::Terms(error)) => terms(py, &error),
        CoreError::Metric(error) => exception(py, "LimitError", &error.to_string()),
        CoreError::Search(error) => exception(py, "InternalError", &error.to_string()),
        CoreError::Limit(message) => exception(py, "LimitError", &message),
        CoreError::Argument(message) => exception(py, "InputError", &message),
    };
    made.unwrap_or_else(|error| error)
}

/// An `InternalError`: a fault of xroute itself.
pub fn internal(py: Python<'_>, message: &str) -> PyErr {
    exception(py, "InternalError", message).unwrap_or_else(|_| PyRuntimeError::new_err(message.to_owned()))
}

fn exception(py: Python<'_>, name: &str, message: &str) -> PyResult<PyErr> {
    let class = py.import("xroute.errors")?.getattr(name)?;
    Ok(PyErr::from_value(class.call1((message,))?))
}

fn located(py: Python<'_>, message: &str, table: &str, row: Option<usize>, column: &str) -> PyResult<PyErr> {
    let place = PyDict::new(py);
    place.set_item("table", table)?;
    place.set_item("row", row)?;
    place.set_item("column", column)?;
    let class = py.import("xroute.errors")?.getattr("InputError")?;
    Ok(PyErr::from_value(class.call((message,), Some(&place))?))
}

fn build(py: Python<'_>, error: &BuildError) -> PyResult<PyErr> {
    if error.is_limit {
        return exception(py, "LimitError", &error.to_string());
    }
    located(py, &error.message, error.table, error.row, error.column)
}

fn terms(py: Python<'_>, error: &TermsError) -> PyResult<PyErr> {
    let message = format!("{}, got {}", error.message, error.value);
    located(py, &message, "terms", Some(error.position + 1), error.field)
}
