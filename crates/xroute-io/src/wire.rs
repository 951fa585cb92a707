//! Columns as bytes: one description serves writing and reading.

use xroute_core::numbers::Numbers;
use xroute_core::texts::Texts;

use crate::FormatError;

/// Something that columns pass through, on their way out or in.
pub(crate) trait Wire {
    fn text(&mut self, column: &mut Texts) -> Result<(), FormatError>;
    /// Ids of hubs, by the numbers that they have in the hubs table.
    fn hubs(&mut self, column: &mut Texts, hubs: &Texts) -> Result<(), FormatError>;
    fn numbers(&mut self, column: &mut Numbers) -> Result<(), FormatError>;
    fn flags(&mut self, column: &mut Vec<bool>) -> Result<(), FormatError>;
    fn counts(&mut self, column: &mut Vec<u32>) -> Result<(), FormatError>;
    fn degrees(&mut self, column: &mut Vec<i32>) -> Result<(), FormatError>;
    fn section(&mut self, tag: [u8; 4]) -> Result<(), FormatError>;
}

/// A contraction order and its arcs as they are written; empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct StoredOrder {
    /// Rank by node of the search graph.
    pub rank: Vec<u32>,
    /// How many arcs go up from each rank.
    pub arcs: Vec<u32>,
    /// How far each arc leads above the one before it in its row, the first above its own rank.
    pub rises: Vec<u32>,
}

/// Walks every column of the tables in the order of the format.
pub(crate) fn walk(
    wire: &mut impl Wire,
    tables: &mut xroute_core::tables::NetworkTables,
    order: &mut StoredOrder,
) -> Result<(), FormatError> {
    hubs_and_links(wire, tables)?;
    let (hubs, services) = (&tables.hubs.hub_id, &mut tables.services);
    wire.section(*b"SERV")?;
    wire.hubs(&mut services.origin, hubs)?;
    wire.hubs(&mut services.destination, hubs)?;
    wire.text(&mut services.mode)?;
    wire.text(&mut services.service_id)?;
    wire.numbers(&mut services.distance_km)?;
    wire.numbers(&mut services.duration_h)?;
    wire.numbers(&mut services.departures_per_week)?;
    wire.numbers(&mut services.cutoff_h)?;
    wire.text(&mut services.rate_id)?;
    wire.text(&mut services.vehicle_class)?;
    wire.text(&mut services.carrier)?;
    let transfers = &mut tables.transfers;
    wire.section(*b"TRAN")?;
    wire.hubs(&mut transfers.hub_id, hubs)?;
    wire.text(&mut transfers.from_mode)?;
    wire.text(&mut transfers.to_mode)?;
    wire.numbers(&mut transfers.duration_h)?;
    wire.numbers(&mut transfers.cost_eur_per_t)?;
    wire.numbers(&mut transfers.fixed_cost_eur)?;
    wire.numbers(&mut transfers.co2e_kg_per_t)?;
    wire.section(*b"PASS")?;
    wire.text(&mut tables.passages.passage_id)?;
    wire.text(&mut tables.passages.name)?;
    wire.flags(&mut tables.passages.default_closed)?;
    wire.numbers(&mut tables.passages.draft_limit_m)?;
    wire.numbers(&mut tables.passages.beam_limit_m)?;
    wire.section(*b"NOTE")?;
    wire.text(&mut tables.notices.title)?;
    wire.text(&mut tables.notices.text)?;
    wire.section(*b"ORDE")?;
    wire.counts(&mut order.rank)?;
    wire.counts(&mut order.arcs)?;
    wire.counts(&mut order.rises)
}

fn hubs_and_links(
    wire: &mut impl Wire,
    tables: &mut xroute_core::tables::NetworkTables,
) -> Result<(), FormatError> {
    let hubs = &mut tables.hubs;
    wire.section(*b"HUBS")?;
    wire.text(&mut hubs.hub_id)?;
    wire.numbers(&mut hubs.lat)?;
    wire.numbers(&mut hubs.lon)?;
    wire.text(&mut hubs.kind)?;
    wire.text(&mut hubs.name)?;
    wire.text(&mut hubs.locode)?;
    wire.text(&mut hubs.country)?;
    wire.text(&mut hubs.timezone)?;
    wire.numbers(&mut hubs.population)?;
    wire.flags(&mut hubs.main_port)?;
    wire.text(&mut hubs.sea_area)?;
    wire.numbers(&mut hubs.max_draft_m)?;
    wire.text(&mut hubs.carbon_scheme)?;
    let (ids, links) = (&tables.hubs.hub_id, &mut tables.links);
    wire.section(*b"LINK")?;
    wire.hubs(&mut links.origin, ids)?;
    wire.hubs(&mut links.destination, ids)?;
    wire.text(&mut links.mode)?;
    wire.numbers(&mut links.distance_km)?;
    wire.text(&mut links.link_id)?;
    wire.flags(&mut links.oneway)?;
    wire.text(&mut links.passages)?;
    wire.text(&mut links.countries)?;
    wire.numbers(&mut links.gauge_mm)?;
    wire.numbers(&mut links.eca_km)?;
    wire.numbers(&mut links.speed_km_h)?;
    wire.numbers(&mut links.line_km)?;
    wire.text(&mut links.vehicle_class)?;
    wire.numbers(&mut links.customs_borders)?;
    wire.section(*b"GEOM")?;
    wire.counts(&mut links.geometry.offsets)?;
    wire.degrees(&mut links.geometry.lon_e6)?;
    wire.degrees(&mut links.geometry.lat_e6)
}
