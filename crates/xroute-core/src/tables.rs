//! Columns as they come from a file or from Python: typed, not yet checked for meaning.

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
    pub hub_id: Vec<String>,
    /// Latitude in degrees, -90 to 90.
    pub lat: Vec<f64>,
    /// Longitude in degrees, -180 to 180.
    pub lon: Vec<f64>,
    /// Kind by name, see [`crate::hub::HubKind`].
    pub kind: Vec<String>,
    /// Name for people; may be empty.
    pub name: Vec<String>,
    /// UN/LOCODE of the place; may be empty.
    pub locode: Vec<String>,
    /// ISO 3166-1 alpha-2 code; may be empty.
    pub country: Vec<String>,
    /// IANA time zone; may be empty.
    pub timezone: Vec<String>,
    /// Inhabitants; NaN where unknown.
    pub population: Vec<f64>,
    /// Whether deep-sea services call here.
    pub main_port: Vec<bool>,
    /// Waters in which feeders run, shared by the ports and junctions in them; empty for none.
    pub sea_area: Vec<String>,
    /// Deepest draft of a ship that the port takes, m; NaN where unknown.
    pub max_draft_m: Vec<f64>,
    /// Carbon market that voyages to the port fall under; empty where unknown.
    pub carbon_scheme: Vec<String>,
}

/// Stretches of infrastructure.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LinkTable {
    /// Id of the hub at one end.
    pub origin: Vec<String>,
    /// Id of the hub at the other end.
    pub destination: Vec<String>,
    /// Mode by name.
    pub mode: Vec<String>,
    /// Distance that freight is carried, km.
    pub distance_km: Vec<f64>,
    /// Id for people; may be empty.
    pub link_id: Vec<String>,
    /// Whether freight moves from origin to destination only.
    pub oneway: Vec<bool>,
    /// Passages crossed, separated by `;`.
    pub passages: Vec<String>,
    /// Countries crossed, separated by `;`.
    pub countries: Vec<String>,
    /// Track gauge of rail links, mm; NaN elsewhere.
    pub gauge_mm: Vec<f64>,
    /// Part of the distance inside emission control areas, km; NaN where unknown.
    pub eca_km: Vec<f64>,
    /// Speed of this link, km/h; NaN for the speed of its vehicle class.
    pub speed_km_h: Vec<f64>,
    /// Length of the infrastructure, km; NaN where it equals the distance.
    pub line_km: Vec<f64>,
    /// Vehicle class; empty for the default of the mode.
    pub vehicle_class: Vec<String>,
    /// Customs frontiers crossed along the link.
    pub customs_borders: Vec<f64>,
    /// Where the link runs.
    pub geometry: GeometryColumn,
}

/// Hub-to-hub offers, carried as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceTable {
    /// Id of the hub of departure.
    pub origin: Vec<String>,
    /// Id of the hub of arrival.
    pub destination: Vec<String>,
    /// Mode by name.
    pub mode: Vec<String>,
    /// Id for people; may be empty.
    pub service_id: Vec<String>,
    /// Distance, km; NaN for the great circle.
    pub distance_km: Vec<f64>,
    /// Transit time, h; NaN for distance over speed.
    pub duration_h: Vec<f64>,
    /// Departures a week; NaN for the default of the class.
    pub departures_per_week: Vec<f64>,
    /// Hours before departure when freight must be there; NaN for none.
    pub cutoff_h: Vec<f64>,
    /// Rate that prices the service; empty for the rate of its class.
    pub rate_id: Vec<String>,
    /// Vehicle class; empty for the default of the mode.
    pub vehicle_class: Vec<String>,
    /// Carrier; may be empty.
    pub carrier: Vec<String>,
}

/// Changes of vehicle that differ from the defaults of their kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TransferTable {
    /// Where.
    pub hub_id: Vec<String>,
    /// Arriving mode by name.
    pub from_mode: Vec<String>,
    /// Departing mode by name.
    pub to_mode: Vec<String>,
    /// Hours; NaN for the default.
    pub duration_h: Vec<f64>,
    /// Handling money by tonne; NaN for the default.
    pub cost_eur_per_t: Vec<f64>,
    /// Handling money by shipment; NaN for none.
    pub fixed_cost_eur: Vec<f64>,
    /// Emission, kg CO2e well to wheel by tonne; NaN for the default.
    pub co2e_kg_per_t: Vec<f64>,
}

/// Straits, canals and sea routes that can be closed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PassageTable {
    /// Id that links carry.
    pub passage_id: Vec<String>,
    /// Name for people.
    pub name: Vec<String>,
    /// Whether it is closed unless a scenario opens it.
    pub default_closed: Vec<bool>,
    /// Deepest draft of a ship that passes, m; NaN for no limit known.
    pub draft_limit_m: Vec<f64>,
    /// Broadest beam of a ship that passes, m; NaN for no limit known.
    pub beam_limit_m: Vec<f64>,
}

/// Texts that travel with the data: licences, credits, the manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoticeTable {
    /// What the text is.
    pub title: Vec<String>,
    /// The text.
    pub text: Vec<String>,
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
