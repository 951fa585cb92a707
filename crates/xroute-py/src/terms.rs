//! Terms and closures from Python.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::closures::Closures;
use xroute_core::ids::HubId;
use xroute_core::network::Network;
use xroute_core::terms::Terms;

use crate::columns::numbers;
use crate::errors::{CoreError, to_python};

/// Terms from a dict with one float64 array a field and the scalars as floats.
pub fn terms(table: &Bound<'_, PyDict>) -> PyResult<Terms> {
    let scalar =
        |name: &str| -> PyResult<f64> { table.get_item(name)?.map_or(Ok(0.0), |value| value.extract()) };
    Ok(Terms {
        speed_km_h: numbers(table, "speed_km_h")?,
        per_km_eur: numbers(table, "per_km_eur")?,
        service_fixed_eur: numbers(table, "service_fixed_eur")?,
        wtt_g_tkm: numbers(table, "wtt_g_tkm")?,
        ttw_g_tkm: numbers(table, "ttw_g_tkm")?,
        departures_per_week: numbers(table, "departures_per_week")?,
        border_h: numbers(table, "border_h")?,
        border_eur: numbers(table, "border_eur")?,
        load_fixed_eur: numbers(table, "load_fixed_eur")?,
        wait_h: numbers(table, "wait_h")?,
        process: numbers(table, "process")?,
        rate_fixed_eur: numbers(table, "rate_fixed_eur")?,
        rate_per_km_eur: numbers(table, "rate_per_km_eur")?,
        rate_minimum_eur: numbers(table, "rate_minimum_eur")?,
        hub_delay_h: numbers(table, "hub_delay_h")?,
        passage_delay_h: numbers(table, "passage_delay_h")?,
        mass_t: scalar("mass_t")?,
        value_of_time_eur_h: scalar("value_of_time_eur_h")?,
        carbon_price_eur_t: scalar("carbon_price_eur_t")?,
    })
}

/// Closures with every number checked against the network.
pub fn closures(
    py: Python<'_>,
    network: &Network,
    passages: u64,
    hubs: Vec<u32>,
    countries: Vec<u16>,
    modes: u8,
) -> PyResult<Closures> {
    let is_known = hubs.iter().all(|&hub| (hub as usize) < network.hub_count())
        && countries.iter().all(|&country| (country as usize) < network.countries().len());
    if !is_known {
        let message = "a closed hub or country is not of this network".to_owned();
        return Err(to_python(py, CoreError::Argument(message)));
    }
    Ok(Closures { passages, hubs: hubs.into_iter().map(HubId).collect(), countries, modes })
}
