//! The checked, immutable network.

mod build;
mod columns;
mod links;
mod services;

#[cfg(test)]
#[path = "network_tests.rs"]
mod tests;

use crate::cancel::{CancelFlag, Cancelled};
use crate::hub::HubKind;
use crate::ids::{HubId, LinkId, ServiceId};
use crate::mode::Mode;
use crate::tables::NetworkTables;
use crate::texts::WordIndex;

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

/// Short lists one after another.
#[derive(Debug, Clone, Default)]
struct Lists {
    values: Vec<u16>,
    ends: Vec<u32>,
}

impl Lists {
    fn push(&mut self, list: &[u16]) {
        self.values.extend_from_slice(list);
        self.ends.push(self.values.len() as u32);
    }

    fn list(&self, number: usize) -> &[u16] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.values[start as usize..self.ends[number] as usize]
    }
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
    hub_index: WordIndex,
    pub(crate) hub_kind: Vec<HubKind>,
    pub(crate) hub_country: Vec<u16>,
    pub(crate) hub_area: Vec<u16>,
    pub(crate) is_feeder_port: Vec<bool>,
    pub(crate) link_mode: Vec<Mode>,
    pub(crate) link_gauge: Vec<u16>,
    pub(crate) link_class: Vec<u16>,
    pub(crate) link_distance_m: Vec<u32>,
    pub(crate) link_borders: Vec<u8>,
    /// Set of passages by the number of the text that names them.
    passages_of_text: Vec<u64>,
    countries_of_text: Lists,
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

    /// The hub of an id, if there is one.
    #[must_use]
    pub fn find_hub(&self, id: &str) -> Option<HubId> {
        self.hub_index.find(self.tables.hubs.hub_id.words(), id).map(HubId)
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
        self.passages_of_text[self.tables.links.passages.number(link.index()) as usize]
    }

    /// The countries that a link crosses, by their numbers in [`Self::countries`].
    #[must_use]
    pub fn countries_of_link(&self, link: LinkId) -> &[u16] {
        self.countries_of_text.list(self.tables.links.countries.number(link.index()) as usize)
    }

    /// The ends of a link, as its row has them.
    #[must_use]
    pub fn ends_of_link(&self, link: LinkId) -> (HubId, HubId) {
        let links = &self.tables.links;
        (HubId(links.origin.number(link.index())), HubId(links.destination.number(link.index())))
    }

    /// The ends of a service: departure, arrival.
    #[must_use]
    pub fn ends_of_service(&self, service: ServiceId) -> (HubId, HubId) {
        let services = &self.tables.services;
        let row = service.index();
        (HubId(services.origin.number(row)), HubId(services.destination.number(row)))
    }

    /// The user's own terms for a change of vehicle, if the transfers table has some.
    #[must_use]
    pub fn transfer_at(&self, hub: HubId, from: Mode, to: Mode) -> Option<&TransferOverride> {
        self.transfer_row(hub, from, to).map(|row| &self.transfers[row])
    }

    /// The position of these terms.
    pub(crate) fn transfer_row(&self, hub: HubId, from: Mode, to: Mode) -> Option<usize> {
        self.transfers.binary_search_by_key(&(hub, from, to), TransferOverride::key).ok()
    }

    /// Length of the infrastructure under a link, km.
    #[must_use]
    pub fn line_km(&self, link: LinkId) -> f64 {
        let own = self.tables.links.line_km[link.index()];
        if own.is_nan() { self.tables.links.distance_km[link.index()] } else { own }
    }
}
