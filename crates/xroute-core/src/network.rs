//! The checked, immutable network.

mod build;
mod columns;

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;

use crate::cancel::{CancelFlag, Cancelled};
use crate::hub::HubKind;
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::tables::NetworkTables;

/// Why tables make no network: what, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{table} row {row:?}, column '{column}': {message}")]
#[non_exhaustive]
pub struct BuildError {
    /// Table at fault.
    pub table: &'static str,
    /// Row, counted from 1; `None` when the whole column is at fault.
    pub row: Option<usize>,
    /// Column at fault.
    pub column: &'static str,
    /// What is wrong and what would do.
    pub message: String,
    /// Whether a limit of the program was met rather than a fault in the data.
    pub is_limit: bool,
}

/// Why a network was not built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unbuilt {
    /// A fault of the tables.
    #[error(transparent)]
    Fault(#[from] BuildError),
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// A change of vehicle that differs from the default of its kind; `None` keeps the default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransferOverride {
    /// Where.
    pub hub: HubId,
    /// Arriving mode.
    pub from: Mode,
    /// Departing mode.
    pub to: Mode,
    /// Hours.
    pub duration_h: Option<f64>,
    /// EUR by tonne.
    pub cost_eur_per_t: Option<f64>,
    /// EUR by shipment.
    pub fixed_cost_eur: Option<f64>,
    /// Kilograms of CO2e, well to wheel, by tonne.
    pub co2e_kg_per_t: Option<f64>,
}

impl TransferOverride {
    pub(crate) const fn key(&self) -> (HubId, Mode, Mode) {
        (self.hub, self.from, self.to)
    }
}

/// Hubs, links, services and transfers whose every reference was checked once.
#[derive(Debug, Clone)]
pub struct Network {
    tables: NetworkTables,
    pub(crate) hub_kind: Vec<HubKind>,
    pub(crate) hub_country: Vec<u16>,
    pub(crate) hub_area: Vec<u16>,
    pub(crate) is_feeder_port: Vec<bool>,
    pub(crate) link_ends: Vec<(HubId, HubId)>,
    pub(crate) link_mode: Vec<Mode>,
    pub(crate) link_gauge: Vec<u16>,
    pub(crate) link_class: Vec<u16>,
    pub(crate) link_distance_m: Vec<u32>,
    pub(crate) link_passages: Vec<u64>,
    pub(crate) link_countries: Vec<Vec<u16>>,
    pub(crate) link_borders: Vec<u8>,
    pub(crate) service_ends: Vec<(HubId, HubId)>,
    pub(crate) service_mode: Vec<Mode>,
    pub(crate) service_class: Vec<u16>,
    pub(crate) service_rate: Vec<Option<u16>>,
    pub(crate) service_distance_m: Vec<u32>,
    pub(crate) transfers: Vec<TransferOverride>,
    countries: Vec<String>,
    classes: Vec<(Mode, String)>,
    rates: Vec<String>,
    passages: Vec<String>,
    default_closed: u64,
}

impl Network {
    /// Checks the tables and builds the network.
    ///
    /// # Errors
    /// [`Unbuilt::Fault`] that names the table, row and column of the first fault, and [`Unbuilt::Cancelled`] once
    /// the flag is raised.
    pub fn build(tables: NetworkTables, cancel: &CancelFlag) -> Result<Self, Unbuilt> {
        build::build(tables, cancel)
    }

    /// The tables that the network was built from.
    #[must_use]
    pub const fn tables(&self) -> &NetworkTables {
        &self.tables
    }

    /// How many hubs there are, junctions included.
    #[must_use]
    pub const fn hub_count(&self) -> usize {
        self.hub_kind.len()
    }

    /// How many links there are.
    #[must_use]
    pub const fn link_count(&self) -> usize {
        self.link_mode.len()
    }

    /// How many services there are.
    #[must_use]
    pub const fn service_count(&self) -> usize {
        self.service_mode.len()
    }

    /// The kind of a hub.
    #[must_use]
    pub fn kind(&self, hub: HubId) -> HubKind {
        self.hub_kind[hub.index()]
    }

    /// ISO codes of the countries that hubs and links name; numbers elsewhere point in here.
    #[must_use]
    pub fn countries(&self) -> &[String] {
        &self.countries
    }

    /// Mode and name of every vehicle class in use; numbers elsewhere point in here.
    #[must_use]
    pub fn classes(&self) -> &[(Mode, String)] {
        &self.classes
    }

    /// Rate ids that services name.
    #[must_use]
    pub fn rates(&self) -> &[String] {
        &self.rates
    }

    /// Ids of the passages; the position is the bit in [`Self::passages_of_link`].
    #[must_use]
    pub fn passages(&self) -> &[String] {
        &self.passages
    }

    /// The set of passages that are closed unless a scenario opens them.
    #[must_use]
    pub const fn default_closed(&self) -> u64 {
        self.default_closed
    }

    /// The set of passages that a link crosses.
    #[must_use]
    pub fn passages_of_link(&self, link: LinkId) -> u64 {
        self.link_passages[link.index()]
    }

    /// The ends of a link, as its row has them.
    #[must_use]
    pub fn ends_of_link(&self, link: LinkId) -> (HubId, HubId) {
        self.link_ends[link.index()]
    }

    /// The ends of a service: departure, arrival.
    #[must_use]
    pub fn ends_of_service(&self, service: ServiceId) -> (HubId, HubId) {
        self.service_ends[service.index()]
    }

    /// The user's own terms for a change of vehicle, if the transfers table has some.
    #[must_use]
    pub fn transfer_at(&self, hub: HubId, from: Mode, to: Mode) -> Option<&TransferOverride> {
        let found = self.transfers.binary_search_by_key(&(hub, from, to), TransferOverride::key);
        found.ok().map(|row| &self.transfers[row])
    }

    /// Length of the infrastructure under a link, km.
    #[must_use]
    pub fn line_km(&self, link: LinkId) -> f64 {
        let own = self.tables.links.line_km[link.index()];
        if own.is_nan() { self.tables.links.distance_km[link.index()] } else { own }
    }
}
