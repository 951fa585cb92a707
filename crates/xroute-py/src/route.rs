//! Routes as dicts of plain values; `python/xroute/route.py` gives them their names.

use numpy::PyArray1;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::ids::LinkId;
use xroute_core::metric::Metric;
use xroute_core::mode::Mode;
use xroute_core::network::Network;
use xroute_core::route::{Leg, Route, Stop};
use xroute_core::search::matrix::Totals;

use crate::network::Laid;

/// One route with its stops, legs and integer totals.
pub fn route_out<'py>(
    py: Python<'py>,
    laid: &Laid,
    metric: &Metric,
    steps: &[u32],
) -> PyResult<Bound<'py, PyDict>> {
    let route = Route::read(&laid.network, &laid.graph, metric, steps);
    let totals = Totals::of(metric, steps);
    let out = PyDict::new(py);
    out.set_item(
        intern!(py, "stops"),
        route.stops.iter().map(|stop| stop_out(py, stop)).collect::<PyResult<Vec<_>>>()?,
    )?;
    out.set_item(
        intern!(py, "legs"),
        route.legs.iter().map(|leg| leg_out(py, &laid.network, leg)).collect::<PyResult<Vec<_>>>()?,
    )?;
    out.set_item(intern!(py, "money"), totals.money)?;
    out.set_item(intern!(py, "time_s"), totals.time_s)?;
    out.set_item(intern!(py, "co2e_g_t"), totals.co2e_g_t)?;
    out.set_item(intern!(py, "distance_m"), totals.distance_m)?;
    out.set_item(intern!(py, "generalised"), totals.generalised)?;
    Ok(out)
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
