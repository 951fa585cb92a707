//! Terms and closures from Python.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::closures::Closures;
use xroute_core::ids::{HubId, ServiceId};
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

/// Closures as they come from Python: rows of hubs and numbers of countries.
pub struct Closed {
    pub passages: u64,
    pub sea_passages: u64,
    pub hubs: Vec<u32>,
    pub sea_hubs: Vec<u32>,
    pub services: Vec<u32>,
    pub countries: Vec<u16>,
    pub modes: u8,
}

/// Closures with every number checked against the network.
pub fn closures(py: Python<'_>, network: &Network, closed: Closed) -> PyResult<Closures> {
    let Closed { passages, sea_passages, hubs, sea_hubs, services, countries, modes } = closed;
    let is_known = hubs.iter().chain(&sea_hubs).all(|&hub| (hub as usize) < network.hub_count())
        && services.iter().all(|&service| (service as usize) < network.service_count())
        && countries.iter().all(|&country| (country as usize) < network.countries().len());
    if !is_known {
        let message = "a closed hub, service or country is not of this network".to_owned();
        return Err(to_python(py, CoreError::Argument(message)));
    }
    let rows = |hubs: Vec<u32>| hubs.into_iter().map(HubId).collect();
    let services = services.into_iter().map(ServiceId).collect();
    Ok(Closures {
        passages,
        sea_passages,
        hubs: rows(hubs),
        sea_hubs: rows(sea_hubs),
        services,
        countries,
        modes,
    })
}
