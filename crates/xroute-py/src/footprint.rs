//! The carbon functions of the module.

use std::borrow::Cow;

use numpy::{IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadwriteArray1};
use pyo3::Borrowed;
use pyo3::prelude::*;
use xroute_core::cancel::CancelFlag;
use xroute_core::factors::DistanceBasis;
use xroute_core::footprint::{self, Elements, Emissions, Emitted, Figure, FootprintError};
use xroute_core::mode::Mode;

use crate::door::{brief, interruptible};

/// Fewer elements than this are done in well under a millisecond.
const MANY: usize = 16_384;
use crate::errors::{CoreError, to_python};

type Numbers<'py> = PyReadonlyArray1<'py, f64>;
type Column<'py> = Bound<'py, PyArray1<f64>>;

/// Adds the carbon functions.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(emission, module)?)?;
    module.add_function(wrap_pyfunction!(emissions, module)?)?;
    module.add_function(wrap_pyfunction!(emissions_by_figure, module)?)?;
    module.add_function(wrap_pyfunction!(hub_emissions, module)?)?;
    module.add("DISTANCE_BASES", DistanceBasis::ALL.map(DistanceBasis::name).to_vec())
}

/// A column of names, or of their positions in `MODES` or `DISTANCE_BASES`.
enum Codes<'py> {
    Positions(PyReadonlyArray1<'py, u8>),
    Names(Vec<String>),
}

// Not derived, for the reason at `CostArray` in `flow.rs`.
impl<'py> FromPyObject<'_, 'py> for Codes<'py> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(positions) = given.cast::<PyArray1<u8>>() {
            return Ok(Self::Positions(positions.try_readonly()?));
        }
        Ok(Self::Names(given.extract()?))
    }
}

impl Codes<'_> {
    fn positions(&self, py: Python<'_>, column: &str, known: &[&str]) -> PyResult<Cow<'_, [u8]>> {
        let names = match self {
            Self::Positions(positions) => return Ok(Cow::Borrowed(positions.as_slice()?)),
            Self::Names(names) => names,
        };
        let position = |(row, name): (usize, &String)| {
            known.iter().position(|each| each == name).map(|at| at as u8).ok_or_else(|| {
                let message = format!(
                    "elements row {}, column '{column}': '{name}' is none of: {}",
                    row + 1,
                    known.join(", ")
                );
                to_python(py, CoreError::Argument(message))
            })
        };
        Ok(Cow::Owned(names.iter().enumerate().map(position).collect::<PyResult<_>>()?))
    }
}

/// An `InputError` that knows the element at fault.
fn fault(py: Python<'_>, error: &FootprintError) -> PyErr {
    let raised = to_python(py, CoreError::Argument(error.to_string()));
    let Some((position, column, message)) = error.element() else {
        return raised;
    };
    let value = raised.value(py);
    let placed = value
        .setattr("table", "elements")
        .and_then(|()| value.setattr("row", position + 1))
        .and_then(|()| value.setattr("column", column))
        .and_then(|()| value.setattr("message", message));
    placed.err().unwrap_or(raised)
}

/// What one transport element emits: `(wtt_kg, ttw_kg, adjustment)`.
#[pyfunction]
#[allow(clippy::too_many_arguments)] // as `emissions`, one value each
fn emission(
    py: Python<'_>,
    mass_kg: f64,
    distance_km: f64,
    activity_basis: &str,
    factor_basis: &str,
    mode: &str,
    wtt_g_tkm: f64,
    ttw_g_tkm: f64,
) -> PyResult<(f64, f64, f64)> {
    let bases = DistanceBasis::ALL.map(DistanceBasis::name);
    let elements = Elements {
        mass_kg: &[mass_kg],
        distance_km: &[distance_km],
        activity_basis: &[position(py, "activity_basis", activity_basis, &bases)?],
        factor_basis: &[position(py, "factor_basis", factor_basis, &bases)?],
        mode: &[position(py, "mode", mode, &Mode::ALL.map(Mode::name))?],
        wtt_g_tkm: &[wtt_g_tkm],
        ttw_g_tkm: &[ttw_g_tkm],
    };
    let found = footprint::emissions(&elements, &CancelFlag::default()).map_err(|error| fault(py, &error))?;
    Ok((found.wtt_kg[0], found.ttw_kg[0], found.adjustment[0]))
}

fn position(py: Python<'_>, column: &str, name: &str, known: &[&str]) -> PyResult<u8> {
    known.iter().position(|each| *each == name).map(|at| at as u8).ok_or_else(|| {
        let message = format!("column '{column}': '{name}' is none of: {}", known.join(", "));
        to_python(py, CoreError::Argument(message))
    })
}

/// What transport elements emit: `(wtt_kg, ttw_kg, adjustment)`, one value an element.
#[pyfunction]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value)] // one column each, as pyo3 hands them over
fn emissions<'py>(
    py: Python<'py>,
    mass_kg: Numbers<'py>,
    distance_km: Numbers<'py>,
    activity_basis: Codes<'py>,
    factor_basis: Codes<'py>,
    mode: Codes<'py>,
    wtt_g_tkm: Numbers<'py>,
    ttw_g_tkm: Numbers<'py>,
) -> PyResult<(Column<'py>, Column<'py>, Column<'py>)> {
    let modes = Mode::ALL.map(Mode::name);
    let bases = DistanceBasis::ALL.map(DistanceBasis::name);
    let mode = mode.positions(py, "mode", &modes)?;
    let activity_basis = activity_basis.positions(py, "activity_basis", &bases)?;
    let factor_basis = factor_basis.positions(py, "factor_basis", &bases)?;
    let elements = Elements {
        mass_kg: mass_kg.as_slice()?,
        distance_km: distance_km.as_slice()?,
        activity_basis: &activity_basis,
        factor_basis: &factor_basis,
        mode: &mode,
        wtt_g_tkm: wtt_g_tkm.as_slice()?,
        ttw_g_tkm: ttw_g_tkm.as_slice()?,
    };
    let emitted = if mode.len() < MANY {
        brief(py, |cancel| footprint::emissions(&elements, cancel))?
    } else {
        interruptible(py, |cancel| footprint::emissions(&elements, cancel))?
    };
    Ok(columns(py, emitted.map_err(|error| fault(py, &error))?))
}

/// What elements that share few figures emit, written to the columns that are given.
#[pyfunction]
#[allow(clippy::too_many_arguments, clippy::needless_pass_by_value, clippy::similar_names)] // columns of pyo3
fn emissions_by_figure(
    py: Python<'_>,
    mass_kg: Numbers<'_>,
    distance_km: Numbers<'_>,
    figure: PyReadonlyArray1<'_, u16>,
    figures: (Numbers<'_>, Numbers<'_>, Numbers<'_>),
    mut wtt_kg: PyReadwriteArray1<'_, f64>,
    mut ttw_kg: PyReadwriteArray1<'_, f64>,
    mut wtw_kg: PyReadwriteArray1<'_, f64>,
    mut adjustment: PyReadwriteArray1<'_, f64>,
) -> PyResult<()> {
    let (adjustments, wtt, ttw) = (figures.0.as_slice()?, figures.1.as_slice()?, figures.2.as_slice()?);
    let known: Vec<Figure> = adjustments
        .iter()
        .zip(wtt.iter().zip(ttw))
        .map(|(&adjustment, (&wtt_g_tkm, &ttw_g_tkm))| Figure { adjustment, wtt_g_tkm, ttw_g_tkm })
        .collect();
    let amounts = (mass_kg.as_slice()?, distance_km.as_slice()?);
    let figure = figure.as_slice()?;
    let mut emitted = Emitted {
        wtt_kg: wtt_kg.as_slice_mut()?,
        ttw_kg: ttw_kg.as_slice_mut()?,
        wtw_kg: wtw_kg.as_slice_mut()?,
        adjustment: adjustment.as_slice_mut()?,
    };
    let done = interruptible(py, |cancel| {
        footprint::emissions_by_figure(amounts, figure, &known, &mut emitted, cancel)
    })?;
    done.map_err(|error| fault(py, &error))
}

/// What hub elements emit: `(wtt_kg, ttw_kg, adjustment)`, one value an element.
#[pyfunction]
#[allow(clippy::needless_pass_by_value)] // as pyo3 hands them over
fn hub_emissions<'py>(
    py: Python<'py>,
    mass_kg: Numbers<'py>,
    wtt_g_t: Numbers<'py>,
    ttw_g_t: Numbers<'py>,
) -> PyResult<(Column<'py>, Column<'py>, Column<'py>)> {
    let (mass_kg, wtt_g_t, ttw_g_t) = (mass_kg.as_slice()?, wtt_g_t.as_slice()?, ttw_g_t.as_slice()?);
    let emitted = interruptible(py, |cancel| footprint::hub_emissions(mass_kg, wtt_g_t, ttw_g_t, cancel))?;
    Ok(columns(py, emitted.map_err(|error| fault(py, &error))?))
}

fn columns(py: Python<'_>, emitted: Emissions) -> (Column<'_>, Column<'_>, Column<'_>) {
    (emitted.wtt_kg.into_pyarray(py), emitted.ttw_kg.into_pyarray(py), emitted.adjustment.into_pyarray(py))
}
