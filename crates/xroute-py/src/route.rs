//! Routes as plain values; `python/xroute/route.py` gives them their names.

use std::sync::Arc;

use numpy::PyArray1;
use pyo3::exceptions::PyKeyError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList};
use xroute_core::ids::LinkId;
use xroute_core::metric::Metric;
use xroute_core::mode::Mode;
use xroute_core::network::Network;
use xroute_core::route::{Leg, Route, Stop};
use xroute_core::search::matrix::Totals;

use crate::network::Laid;

/// One route: its integer totals by name, and `stops` and `legs`, dicts that are made when first asked for.
#[pyclass(frozen, module = "xroute._core")]
pub struct FoundRoute {
    laid: Arc<Laid>,
    route: Route,
    totals: Totals,
    stops: PyOnceLock<Py<PyList>>,
    legs: PyOnceLock<Py<PyList>>,
}

impl FoundRoute {
    /// Reads the steps of a search; the metric is not held on to.
    pub fn of(laid: &Arc<Laid>, metric: &Metric, steps: &[u32]) -> Self {
        Self {
            laid: Arc::clone(laid),
            route: Route::read(&laid.network, &laid.graph, metric, steps),
            totals: Totals::of(metric, steps),
            stops: PyOnceLock::new(),
            legs: PyOnceLock::new(),
        }
    }
}

#[pymethods]
impl FoundRoute {
    fn __getitem__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let total = match name {
            "money" => self.totals.money,
            "time_s" => self.totals.time_s,
            "co2e_g_t" => self.totals.co2e_g_t,
            "distance_m" => self.totals.distance_m,
            "generalised" => self.totals.generalised,
            "stops" => {
                let made = self.stops.get_or_try_init(py, || list_of(py, &self.route.stops, stop_out))?;
                return Ok(made.bind(py).clone().into_any());
            }
            "legs" => {
                let leg = |py, leg: &Leg| leg_out(py, &self.laid.network, leg);
                let made = self.legs.get_or_try_init(py, || list_of(py, &self.route.legs, leg))?;
                return Ok(made.bind(py).clone().into_any());
            }
            _ => return Err(PyKeyError::new_err(name.to_owned())),
        };
        Ok(total.into_pyobject(py)?.into_any())
    }
}

fn list_of<'py, T>(
    py: Python<'py>,
    rows: &[T],
    out: impl Fn(Python<'py>, &T) -> PyResult<Bound<'py, PyDict>>,
) -> PyResult<Py<PyList>> {
    let rows = rows.iter().map(|row| out(py, row)).collect::<PyResult<Vec<_>>>()?;
    Ok(PyList::new(py, rows)?.unbind())
}

fn stop_out<'py>(py: Python<'py>, stop: &Stop) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item(intern!(py, "hub"), stop.hub.0)?;
    out.set_item(intern!(py, "from_mode"), stop.from.map_or("door", Mode::name))?;
    out.set_item(intern!(py, "to_mode"), stop.to.map_or("door", Mode::name))?;
    out.set_item(intern!(py, "time_s"), stop.time_s)?;
    out.set_item(intern!(py, "money"), stop.money)?;
    let process = stop.change.process;
    out.set_item(intern!(py, "handling_eur"), process.handling_eur)?;
    out.set_item(intern!(py, "loading_eur"), stop.change.loading_eur)?;
    out.set_item(intern!(py, "dwell_h"), process.dwell_h)?;
    out.set_item(intern!(py, "low_h"), process.low_h)?;
    out.set_item(intern!(py, "high_h"), process.high_h)?;
    out.set_item(intern!(py, "wait_h"), stop.change.wait_h)?;
    out.set_item(intern!(py, "wtt_g_t"), process.wtt_g_t)?;
    out.set_item(intern!(py, "ttw_g_t"), process.ttw_g_t)?;
    Ok(out)
}

fn leg_out<'py>(py: Python<'py>, network: &Network, leg: &Leg) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item(intern!(py, "mode"), leg.mode.name())?;
    // Arrays: a front of a thousand routes over a hundred links each would else be as many Python objects.
    let column = |numbers: Vec<u32>| PyArray1::from_slice(py, &numbers);
    let ends = (leg.hubs.first().map(|hub| hub.0), leg.hubs.last().map(|hub| hub.0));
    out.set_item(intern!(py, "origin"), ends.0)?;
    out.set_item(intern!(py, "destination"), ends.1)?;
    out.set_item(intern!(py, "hubs"), column(leg.hubs.iter().map(|hub| hub.0).collect()))?;
    out.set_item(intern!(py, "links"), column(leg.links.iter().map(|(link, _)| link.0).collect()))?;
    let is_reversed: Vec<bool> = leg.links.iter().map(|&(_, is_reversed)| is_reversed).collect();
    out.set_item(intern!(py, "is_reversed"), PyArray1::from_slice(py, &is_reversed))?;
    let crossing = leg.links.iter().filter(|(link, _)| network.passages_of_link(*link) != 0);
    out.set_item(intern!(py, "crossings"), crossing.map(|(link, _)| link.0).collect::<Vec<_>>())?;
    let eca_km = |&(link, _): &(LinkId, bool)| network.tables().links.eca_km.get(link.index());
    let eca_km = leg.links.iter().filter_map(eca_km).filter(|km| !km.is_nan()).sum::<f64>();
    out.set_item(intern!(py, "eca_km"), eca_km)?;
    out.set_item(intern!(py, "service"), leg.service.map(|service| service.0))?;
    let segments = leg.segments.iter().map(|segment| (segment.class, segment.distance_m));
    out.set_item(intern!(py, "segments"), segments.collect::<Vec<_>>())?;
    out.set_item(intern!(py, "distance_m"), leg.distance_m)?;
    out.set_item(intern!(py, "line_km"), leg.line_km)?;
    out.set_item(intern!(py, "time_s"), leg.time_s)?;
    out.set_item(intern!(py, "wait_s"), leg.wait_s)?;
    out.set_item(intern!(py, "held_h"), leg.held_h)?;
    out.set_item(intern!(py, "money"), leg.money)?;
    out.set_item(intern!(py, "passages"), leg.passages)?;
    out.set_item(intern!(py, "countries"), &leg.countries)?;
    Ok(out)
}
