//! The transportation problem on arrays.

use numpy::{
    Element, IntoPyArray, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods,
};
use pyo3::Borrowed;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::cancel::CancelFlag;
use xroute_core::flow::check::{Proof, check};
use xroute_core::flow::costs::StepFit;
use xroute_core::flow::{Costs, FlowError, Matrix, Outcome, Plan, Problem, Quantised, Shortage, solve};

use crate::door::{interruptible, parallel};
use crate::errors::{CoreError, to_python};

type Units<'py> = PyReadonlyArray1<'py, i64>;

/// Adds the flow functions.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(transport, module)?)?;
    module.add_function(wrap_pyfunction!(transport_check, module)?)?;
    module.add_function(wrap_pyfunction!(transport_most_cost, module)?)?;
    module.add_function(wrap_pyfunction!(cost_steps, module)?)
}

/// Costs as they come: whole numbers of 32 or 64 bits, or floats that are read in steps.
enum CostArray<'py> {
    Narrow(PyReadonlyArray2<'py, i32>),
    Wide(PyReadonlyArray2<'py, i64>),
    Float(PyReadonlyArray2<'py, f64>),
}

// Not derived: that writes the names of types that did not fit, by Python code in which a Ctrl-C is lost.
impl<'py> FromPyObject<'_, 'py> for CostArray<'py> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(narrow) = given.cast::<PyArray2<i32>>() {
            return Ok(Self::Narrow(narrow.try_readonly()?));
        }
        if let Ok(wide) = given.cast::<PyArray2<i64>>() {
            return Ok(Self::Wide(wide.try_readonly()?));
        }
        Ok(Self::Float(given.extract()?))
    }
}

fn shape<T: Element>(array: &PyReadonlyArray2<'_, T>) -> (usize, usize) {
    (array.shape()[0], array.shape()[1])
}

fn matrix<T>(values: &[T], (warehouses, zones): (usize, usize)) -> Result<Matrix<'_, T>, FlowError> {
    Matrix::new(values, warehouses, zones).ok_or(FlowError::Shape {
        what: "cost",
        expected: warehouses.saturating_mul(zones),
        given: values.len(),
    })
}

/// Solves a transportation problem; costs are contiguous, in row order, and floats are read in steps.
#[pyfunction]
#[pyo3(signature = (cost, supply, demand, *, steps_per_unit=1.0, prices=None, threads=0))]
#[allow(clippy::needless_pass_by_value)] // as pyo3 hands them over
fn transport<'py>(
    py: Python<'py>,
    cost: CostArray<'py>,
    supply: Units<'py>,
    demand: Units<'py>,
    steps_per_unit: f64,
    prices: Option<Units<'py>>,
    threads: usize,
) -> PyResult<Bound<'py, PyDict>> {
    let (supply, demand) = (supply.as_slice()?, demand.as_slice()?);
    let prices = prices.as_ref().map(PyReadonlyArray1::as_slice).transpose()?;
    let outcome = match &cost {
        CostArray::Narrow(cost) => {
            let (values, shape) = (cost.as_slice()?, shape(cost));
            parallel(py, threads, |flag| solved(&matrix(values, shape)?, supply, demand, prices, flag))
        }
        CostArray::Wide(cost) => {
            let (values, shape) = (cost.as_slice()?, shape(cost));
            parallel(py, threads, |flag| solved(&matrix(values, shape)?, supply, demand, prices, flag))
        }
        CostArray::Float(cost) => {
            let (values, shape) = (cost.as_slice()?, shape(cost));
            parallel(py, threads, |flag| {
                let costs = Quantised::new(matrix(values, shape)?, steps_per_unit);
                solved(&costs, supply, demand, prices, flag)
            })
        }
    }?;
    match outcome.map_err(|error| to_python(py, error))? {
        Outcome::Optimal(plan) => plan_out(py, plan),
        Outcome::Infeasible(shortage) => shortage_out(py, shortage),
    }
}

fn solved<C: Costs>(
    costs: &C,
    supply: &[i64],
    demand: &[i64],
    prices: Option<&[i64]>,
    cancel: &CancelFlag,
) -> Result<Outcome, FlowError> {
    solve(&Problem { costs, supply, demand, prices }, cancel)
}

fn plan_out(py: Python<'_>, plan: Plan) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("warehouse", plan.warehouse.into_pyarray(py))?;
    out.set_item("zone", plan.zone.into_pyarray(py))?;
    out.set_item("units", plan.units.into_pyarray(py))?;
    out.set_item("objective", plan.objective)?;
    out.set_item("supply_price", plan.supply_price.into_pyarray(py))?;
    out.set_item("demand_price", plan.demand_price.into_pyarray(py))?;
    out.set_item("pivots", plan.pivots)?;
    out.set_item("passes", plan.passes)?;
    Ok(out)
}

fn shortage_out(py: Python<'_>, shortage: Shortage) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("short_zones", shortage.zones.into_pyarray(py))?;
    out.set_item("short_warehouses", shortage.warehouses.into_pyarray(py))?;
    out.set_item("short_demand", shortage.demand)?;
    out.set_item("short_supply", shortage.supply)?;
    Ok(out)
}

/// Tests the proof of a plan: `(objective, bound, violation, least reduced cost)`, exact integers.
#[pyfunction]
#[pyo3(signature = (
    cost, supply, demand, *, warehouse, zone, units, supply_price, demand_price, steps_per_unit=1.0, threads=0
))]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // one array each, as pyo3 hands them over
fn transport_check<'py>(
    py: Python<'py>,
    cost: CostArray<'py>,
    supply: Units<'py>,
    demand: Units<'py>,
    warehouse: PyReadonlyArray1<'py, u32>,
    zone: PyReadonlyArray1<'py, u32>,
    units: Units<'py>,
    supply_price: Units<'py>,
    demand_price: Units<'py>,
    steps_per_unit: f64,
    threads: usize,
) -> PyResult<(i128, i128, i128, i128)> {
    let (supply, demand) = (supply.as_slice()?, demand.as_slice()?);
    let plan = Plan {
        warehouse: warehouse.as_slice()?.to_vec(),
        zone: zone.as_slice()?.to_vec(),
        units: units.as_slice()?.to_vec(),
        objective: 0,
        supply_price: supply_price.as_slice()?.to_vec(),
        demand_price: demand_price.as_slice()?.to_vec(),
        pivots: 0,
        passes: 0,
    };
    let proof: Result<Proof, FlowError> = match &cost {
        CostArray::Narrow(cost) => {
            let (values, shape) = (cost.as_slice()?, shape(cost));
            parallel(py, threads, |flag| check(&matrix(values, shape)?, supply, demand, &plan, flag))
        }
        CostArray::Wide(cost) => {
            let (values, shape) = (cost.as_slice()?, shape(cost));
            parallel(py, threads, |flag| check(&matrix(values, shape)?, supply, demand, &plan, flag))
        }
        CostArray::Float(cost) => {
            let (values, shape) = (cost.as_slice()?, shape(cost));
            parallel(py, threads, |flag| {
                let costs = Quantised::new(matrix(values, shape)?, steps_per_unit);
                check(&costs, supply, demand, &plan, flag)
            })
        }
    }?;
    let proof = proof.map_err(|error| to_python(py, error))?;
    Ok((proof.objective, proof.bound, proof.violation, proof.least_reduced_cost))
}

/// The largest absolute whole cost for which every sum is exact on a matrix of this shape.
#[pyfunction]
fn transport_most_cost(warehouses: usize, zones: usize, has_forbidden: bool) -> i64 {
    xroute_core::flow::simplex::most_cost(warehouses, zones, has_forbidden)
}

impl From<FlowError> for CoreError {
    fn from(error: FlowError) -> Self {
        Self::Flow(error)
    }
}

/// How float costs fit steps: `(largest, deviation in steps, has_forbidden, position of the first NaN or None)`.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // as pyo3 hands it over
fn cost_steps(
    py: Python<'_>,
    cost: PyReadonlyArray2<'_, f64>,
    steps_per_unit: f64,
) -> PyResult<(f64, f64, bool, Option<usize>)> {
    let values = cost.as_slice()?;
    let fit = interruptible(py, |_| StepFit::of(values, steps_per_unit))?;
    Ok((fit.largest, fit.deviation, fit.has_forbidden, fit.first_bad))
}
