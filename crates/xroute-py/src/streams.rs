//! Routes of many pairs as numpy columns; `python/xroute/batch_paths.py` gives them their names.

use numpy::{IntoPyArray, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::flat::FlatRoutes;
use xroute_core::mode::Mode;
use xroute_core::search::matrix::Totals;

/// Flat columns as a dict of arrays, and the distinct mode chains as a list of texts.
pub fn columns_out(py: Python<'_>, flat: FlatRoutes) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    let column = |value: fn(&Totals) -> u64| -> Vec<i64> {
        flat.totals.iter().map(|cell| cell.as_ref().map_or(-1, |sum| value(sum).cast_signed())).collect()
    };
    out.set_item("money", column(|totals| totals.money).into_pyarray(py))?;
    out.set_item("time_s", column(|totals| totals.time_s).into_pyarray(py))?;
    out.set_item("co2e_g_t", column(|totals| totals.co2e_g_t).into_pyarray(py))?;
    out.set_item("distance_m", column(|totals| totals.distance_m).into_pyarray(py))?;
    out.set_item("generalised", column(|totals| totals.generalised).into_pyarray(py))?;
    let name = |chain: &Vec<u8>| -> String {
        chain.iter().map(|&mode| Mode::ALL[mode as usize].name()).collect::<Vec<_>>().join("+")
    };
    out.set_item("chains", flat.chains.iter().map(name).collect::<Vec<_>>())?;
    out.set_item("chain", flat.chain.into_pyarray(py))?;
    let [legs_wtt_g_t, legs_ttw_g_t] = flat.legs_g_t;
    out.set_item("legs_wtt_g_t", legs_wtt_g_t.into_pyarray(py))?;
    out.set_item("legs_ttw_g_t", legs_ttw_g_t.into_pyarray(py))?;
    out.set_item("first_link", flat.first_link.into_pyarray(py))?;
    out.set_item("link", flat.link.into_pyarray(py))?;
    out.set_item("first_service", flat.first_service.into_pyarray(py))?;
    out.set_item("service", flat.service.into_pyarray(py))?;
    out.set_item("service_m", flat.service_m.into_pyarray(py))?;
    out.set_item("first_stop", flat.first_stop.into_pyarray(py))?;
    let stops = flat.stop.len();
    out.set_item("stop", flat.stop.into_flattened().into_pyarray(py).reshape([stops, 5])?)?;
    let [own_fixed_eur, own_eur_t, stop_wtt_g_t, stop_ttw_g_t] = flat.stop_terms;
    out.set_item("own_fixed_eur", own_fixed_eur.into_pyarray(py))?;
    out.set_item("own_eur_t", own_eur_t.into_pyarray(py))?;
    out.set_item("stop_wtt_g_t", stop_wtt_g_t.into_pyarray(py))?;
    out.set_item("stop_ttw_g_t", stop_ttw_g_t.into_pyarray(py))?;
    Ok(out)
}
