//! Columns as they come from a file or from Python: typed, not yet checked for meaning.

use crate::numbers::Numbers;
use crate::texts::Texts;

/// A column of polylines: point ranges by row, then longitudes and latitudes in millionths of a degree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GeometryColumn {
    /// `offsets[row]..offsets[row + 1]` are the points of a row; empty when no row has a geometry.
    pub offsets: Vec<u32>,
    /// Longitudes, in 1e-6 degrees.
    pub lon_e6: Vec<i32>,
    /// Latitudes, in 1e-6 degrees.
    pub lat_e6: Vec<i32>,
}

/// Places.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HubTable {
    /// Unique id of each hub.
    pub hub_id: Texts,
    /// Latitude in degrees, -90 to 90.
    pub lat: Numbers,
    /// Longitude in degrees, -180 to 180.
    pub lon: Numbers,
    /// Kind by name, see [`crate::hub::HubKind`].
    pub kind: Texts,
    /// Name for people; may be empty.
    pub name: Texts,
    /// UN/LOCODE of the place; may be empty.
    pub locode: Texts,
    /// ISO 3166-1 alpha-2 code; may be empty.
    pub country: Texts,
    /// IANA time zone; may be empty.
    pub timezone: Texts,
    /// Inhabitants; NaN where unknown.
    pub population: Numbers,
    /// Whether deep-sea services call here.
    pub main_port: Vec<bool>,
    /// Waters in which feeders run, shared by the ports and junctions in them; empty for none.
    pub sea_area: Texts,
    /// Deepest draft of a ship that the port takes, m; NaN where unknown.
    pub max_draft_m: Numbers,
    /// Carbon market that voyages to the port fall under; empty where unknown.
    pub carbon_scheme: Texts,
}

/// Stretches of infrastructure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkTable {
    /// Id of the hub at one end.
    pub origin: Texts,
    /// Id of the hub at the other end.
    pub destination: Texts,
    /// Mode by name.
    pub mode: Texts,
    /// Distance that freight is carried, km.
    pub distance_km: Numbers,
    /// Id for people; may be empty.
    pub link_id: Texts,
    /// Whether freight moves from origin to destination only.
    pub oneway: Vec<bool>,
    /// Passages crossed, separated by `;`.
    pub passages: Texts,
    /// Countries crossed, separated by `;`.
    pub countries: Texts,
    /// Track gauge of rail links, mm; NaN elsewhere.
    pub gauge_mm: Numbers,
    /// Part of the distance inside emission control areas, km; NaN where unknown.
    pub eca_km: Numbers,
    /// Speed of this link, km/h; NaN for the speed of its vehicle class.
    pub speed_km_h: Numbers,
    /// Length of the infrastructure, km; NaN where it equals the distance.
    pub line_km: Numbers,
    /// Vehicle class; empty for the default of the mode.
    pub vehicle_class: Texts,
    /// Customs frontiers crossed along the link.
    pub customs_borders: Numbers,
    /// Where the link runs.
    pub geometry: GeometryColumn,
}

/// Hub-to-hub offers, carried as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceTable {
    /// Id of the hub of departure.
    pub origin: Texts,
    /// Id of the hub of arrival.
    pub destination: Texts,
    /// Mode by name.
    pub mode: Texts,
    /// Id for people; may be empty.
    pub service_id: Texts,
    /// Distance, km; NaN for the great circle.
    pub distance_km: Numbers,
    /// Transit time, h; NaN for distance over speed.
    pub duration_h: Numbers,
    /// Departures a week; NaN for the default of the class.
    pub departures_per_week: Numbers,
    /// Hours before departure when freight must be there; NaN for none.
    pub cutoff_h: Numbers,
    /// Rate that prices the service; empty for the rate of its class.
    pub rate_id: Texts,
    /// Vehicle class; empty for the default of the mode.
    pub vehicle_class: Texts,
    /// Carrier; may be empty.
    pub carrier: Texts,
}

/// Changes of vehicle that differ from the defaults of their kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TransferTable {
    /// Where.
    pub hub_id: Texts,
    /// Arriving mode by name.
    pub from_mode: Texts,
    /// Departing mode by name.
    pub to_mode: Texts,
    /// Hours; NaN for the default.
    pub duration_h: Numbers,
    /// Handling money by tonne; NaN for the default.
    pub cost_eur_per_t: Numbers,
    /// Handling money by shipment; NaN for none.
    pub fixed_cost_eur: Numbers,
    /// Emission, kg CO2e well to wheel by tonne; NaN for the default.
    pub co2e_kg_per_t: Numbers,
}

/// Straits, canals and sea routes that can be closed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PassageTable {
    /// Id that links carry.
    pub passage_id: Texts,
    /// Name for people.
    pub name: Texts,
    /// Whether it is closed unless a scenario opens it.
    pub default_closed: Vec<bool>,
    /// Deepest draft of a ship that passes, m; NaN for no limit known.
    pub draft_limit_m: Numbers,
    /// Broadest beam of a ship that passes, m; NaN for no limit known.
    pub beam_limit_m: Numbers,
}

/// Texts that travel with the data: licences, credits, the manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeTable {
    /// What the text is.
    pub title: Texts,
    /// The text.
    pub text: Texts,
}

/// Everything that a network is built from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkTables {
    /// Places.
    pub hubs: HubTable,
    /// Infrastructure.
    pub links: LinkTable,
    /// Offers.
    pub services: ServiceTable,
    /// Exceptions to the default transfers.
    pub transfers: TransferTable,
    /// What can be closed.
    pub passages: PassageTable,
    /// Licences and credits.
    pub notices: NoticeTable,
}
