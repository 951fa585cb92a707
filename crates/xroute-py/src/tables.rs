//! Tables of a network in and out of Python dicts.

use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::tables::{GeometryColumn, HubTable, LinkTable, PassageTable, ServiceTable, TransferTable};

use crate::columns::{
    flags, integers, number_column, set_flags, set_integers, set_numbers, set_texts, texts,
};

pub fn hub_table(table: &Bound<'_, PyDict>) -> PyResult<HubTable> {
    Ok(HubTable {
        hub_id: texts(table, "hub_id")?,
        lat: number_column(table, "lat")?,
        lon: number_column(table, "lon")?,
        kind: texts(table, "kind")?,
        name: texts(table, "name")?,
        locode: texts(table, "locode")?,
        country: texts(table, "country")?,
        timezone: texts(table, "timezone")?,
        population: number_column(table, "population")?,
        main_port: flags(table, "main_port")?,
        sea_area: texts(table, "sea_area")?,
        max_draft_m: number_column(table, "max_draft_m")?,
        carbon_scheme: texts(table, "carbon_scheme")?,
    })
}

pub fn hubs_out(out: &Bound<'_, PyDict>, hubs: &HubTable) -> PyResult<()> {
    set_texts(out, "hub_id", &hubs.hub_id)?;
    set_numbers(out, "lat", &hubs.lat)?;
    set_numbers(out, "lon", &hubs.lon)?;
    set_texts(out, "kind", &hubs.kind)?;
    set_texts(out, "name", &hubs.name)?;
    set_texts(out, "locode", &hubs.locode)?;
    set_texts(out, "country", &hubs.country)?;
    set_texts(out, "timezone", &hubs.timezone)?;
    set_numbers(out, "population", &hubs.population)?;
    set_flags(out, "main_port", &hubs.main_port)?;
    set_texts(out, "sea_area", &hubs.sea_area)?;
    set_numbers(out, "max_draft_m", &hubs.max_draft_m)?;
    set_texts(out, "carbon_scheme", &hubs.carbon_scheme)
}

pub fn link_table(table: &Bound<'_, PyDict>) -> PyResult<LinkTable> {
    let offsets = integers(table, "geometry_offsets")?;
    Ok(LinkTable {
        origin: texts(table, "origin")?,
        destination: texts(table, "destination")?,
        mode: texts(table, "mode")?,
        distance_km: number_column(table, "distance_km")?,
        link_id: texts(table, "link_id")?,
        oneway: flags(table, "oneway")?,
        passages: texts(table, "passages")?,
        countries: texts(table, "countries")?,
        gauge_mm: number_column(table, "gauge_mm")?,
        eca_km: number_column(table, "eca_km")?,
        speed_km_h: number_column(table, "speed_km_h")?,
        line_km: number_column(table, "line_km")?,
        vehicle_class: texts(table, "vehicle_class")?,
        customs_borders: number_column(table, "customs_borders")?,
        geometry: GeometryColumn {
            offsets: offsets.into_iter().map(|offset| offset as u32).collect(),
            lon_e6: integers(table, "geometry_lon_e6")?,
            lat_e6: integers(table, "geometry_lat_e6")?,
        },
    })
}

pub fn links_out(out: &Bound<'_, PyDict>, links: &LinkTable) -> PyResult<()> {
    set_texts(out, "origin", &links.origin)?;
    set_texts(out, "destination", &links.destination)?;
    set_texts(out, "mode", &links.mode)?;
    set_numbers(out, "distance_km", &links.distance_km)?;
    set_texts(out, "link_id", &links.link_id)?;
    set_flags(out, "oneway", &links.oneway)?;
    set_texts(out, "passages", &links.passages)?;
    set_texts(out, "countries", &links.countries)?;
    set_numbers(out, "gauge_mm", &links.gauge_mm)?;
    set_numbers(out, "eca_km", &links.eca_km)?;
    set_numbers(out, "speed_km_h", &links.speed_km_h)?;
    set_numbers(out, "line_km", &links.line_km)?;
    set_texts(out, "vehicle_class", &links.vehicle_class)?;
    set_numbers(out, "customs_borders", &links.customs_borders)?;
    let offsets: Vec<i32> = links.geometry.offsets.iter().map(|&offset| offset.cast_signed()).collect();
    set_integers(out, "geometry_offsets", &offsets)?;
    set_integers(out, "geometry_lon_e6", &links.geometry.lon_e6)?;
    set_integers(out, "geometry_lat_e6", &links.geometry.lat_e6)
}

pub fn service_table(table: &Bound<'_, PyDict>) -> PyResult<ServiceTable> {
    Ok(ServiceTable {
        origin: texts(table, "origin")?,
        destination: texts(table, "destination")?,
        mode: texts(table, "mode")?,
        service_id: texts(table, "service_id")?,
        distance_km: number_column(table, "distance_km")?,
        duration_h: number_column(table, "duration_h")?,
        departures_per_week: number_column(table, "departures_per_week")?,
        cutoff_h: number_column(table, "cutoff_h")?,
        rate_id: texts(table, "rate_id")?,
        vehicle_class: texts(table, "vehicle_class")?,
        carrier: texts(table, "carrier")?,
    })
}

pub fn services_out(out: &Bound<'_, PyDict>, services: &ServiceTable) -> PyResult<()> {
    set_texts(out, "origin", &services.origin)?;
    set_texts(out, "destination", &services.destination)?;
    set_texts(out, "mode", &services.mode)?;
    set_texts(out, "service_id", &services.service_id)?;
    set_numbers(out, "distance_km", &services.distance_km)?;
    set_numbers(out, "duration_h", &services.duration_h)?;
    set_numbers(out, "departures_per_week", &services.departures_per_week)?;
    set_numbers(out, "cutoff_h", &services.cutoff_h)?;
    set_texts(out, "rate_id", &services.rate_id)?;
    set_texts(out, "vehicle_class", &services.vehicle_class)?;
    set_texts(out, "carrier", &services.carrier)
}

pub fn transfer_table(table: &Bound<'_, PyDict>) -> PyResult<TransferTable> {
    Ok(TransferTable {
        hub_id: texts(table, "hub_id")?,
        from_mode: texts(table, "from_mode")?,
        to_mode: texts(table, "to_mode")?,
        duration_h: number_column(table, "duration_h")?,
        cost_eur_per_t: number_column(table, "cost_eur_per_t")?,
        fixed_cost_eur: number_column(table, "fixed_cost_eur")?,
        co2e_kg_per_t: number_column(table, "co2e_kg_per_t")?,
    })
}

pub fn transfers_out(out: &Bound<'_, PyDict>, transfers: &TransferTable) -> PyResult<()> {
    set_texts(out, "hub_id", &transfers.hub_id)?;
    set_texts(out, "from_mode", &transfers.from_mode)?;
    set_texts(out, "to_mode", &transfers.to_mode)?;
    set_numbers(out, "duration_h", &transfers.duration_h)?;
    set_numbers(out, "cost_eur_per_t", &transfers.cost_eur_per_t)?;
    set_numbers(out, "fixed_cost_eur", &transfers.fixed_cost_eur)?;
    set_numbers(out, "co2e_kg_per_t", &transfers.co2e_kg_per_t)
}

pub fn passage_table(table: &Bound<'_, PyDict>) -> PyResult<PassageTable> {
    Ok(PassageTable {
        passage_id: texts(table, "passage_id")?,
        name: texts(table, "name")?,
        default_closed: flags(table, "default_closed")?,
        draft_limit_m: number_column(table, "draft_limit_m")?,
        beam_limit_m: number_column(table, "beam_limit_m")?,
    })
}

pub fn passages_out(out: &Bound<'_, PyDict>, passages: &PassageTable) -> PyResult<()> {
    set_texts(out, "passage_id", &passages.passage_id)?;
    set_texts(out, "name", &passages.name)?;
    set_flags(out, "default_closed", &passages.default_closed)?;
    set_numbers(out, "draft_limit_m", &passages.draft_limit_m)?;
    set_numbers(out, "beam_limit_m", &passages.beam_limit_m)
}
