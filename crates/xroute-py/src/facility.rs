//! Facility location on arrays.

use numpy::{IntoPyArray, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::facility::{Answer, Effort, Fate, Problem, solve};

use crate::door::parallel;
use crate::errors::to_python;

/// Adds the facility functions.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(facility_search, module)?)
}

/// Bound and incumbent of a facility location problem; `cost` is of all of a customer, in row order.
#[pyfunction]
#[pyo3(signature = (cost, capacity, fixed_cost, demand, *, is_single, steps, whole_steps, work, gap))]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // as pyo3 hands them over
fn facility_search<'py>(
    py: Python<'py>,
    cost: PyReadonlyArray2<'py, f64>,
    capacity: PyReadonlyArray1<'py, i64>,
    fixed_cost: PyReadonlyArray1<'py, f64>,
    demand: PyReadonlyArray1<'py, i64>,
    is_single: bool,
    steps: u64,
    whole_steps: u64,
    work: u64,
    gap: f64,
) -> PyResult<Bound<'py, PyDict>> {
    let problem = Problem {
        cost: cost.as_slice()?,
        capacity: capacity.as_slice()?,
        fixed: fixed_cost.as_slice()?,
        demand: demand.as_slice()?,
        is_single,
    };
    let effort = Effort { steps, whole_steps, work, gap };
    let answer = parallel(py, 0, |flag| solve(problem, effort, flag))?;
    out(py, answer.map_err(|error| to_python(py, error))?)
}

fn out(py: Python<'_>, answer: Answer) -> PyResult<Bound<'_, PyDict>> {
    let found = PyDict::new(py);
    found.set_item("bound", answer.bound)?;
    found.set_item("price", answer.price.into_pyarray(py))?;
    found.set_item("scarcity", answer.scarcity.into_pyarray(py))?;
    found.set_item("share", answer.share.into_pyarray(py))?;
    found.set_item("if_open", answer.if_open.into_pyarray(py))?;
    if !answer.drops.is_empty() {
        found.set_item("drops", answer.drops.into_pyarray(py))?;
    }
    let fate = |fate: &Fate| match fate {
        Fate::Free => -1_i64,
        Fate::Closed => 0,
        Fate::Open => 1,
    };
    found.set_item("fate", answer.fate.iter().map(fate).collect::<Vec<_>>().into_pyarray(py))?;
    found.set_item("steps", answer.steps)?;
    found.set_item("work", answer.work)?;
    if let Some(best) = answer.best {
        let column = |of: fn(&xroute_core::facility::serve::Flow) -> i64| {
            best.flows.iter().map(of).collect::<Vec<_>>().into_pyarray(py)
        };
        found.set_item("cost", best.cost)?;
        found.set_item("facility", column(|flow| i64::from(flow.facility)))?;
        found.set_item("customer", column(|flow| i64::from(flow.customer)))?;
        found.set_item("units", column(|flow| flow.units))?;
    }
    Ok(found)
}
