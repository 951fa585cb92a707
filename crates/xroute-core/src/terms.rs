//! What one shipment pays, waits and emits by class, mode and process: the input of a metric.

use crate::hub::HubKind;
use crate::mode::Mode;
use crate::network::Network;

/// Position of the trip's start or end in the process table.
pub const DOOR: usize = 6;
const SIDES: usize = 7;
const FIELDS: usize = 6;
/// How many numbers the process table holds: kinds x from x to x fields.
pub const PROCESS_LEN: usize = HubKind::ALL.len() * SIDES * SIDES * FIELDS;

/// Terms that no metric can be made from.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("terms '{field}'[{position}]: {message}, got {value}")]
pub struct TermsError {
    /// Which array.
    pub field: &'static str,
    /// Where in it.
    pub position: usize,
    /// What would do.
    pub message: &'static str,
    /// What came.
    pub value: f64,
}

/// Money, time and emissions for one shipment under one scenario, as plain numbers.
///
/// Arrays by class follow [`Network::classes`]; arrays by rate follow [`Network::rates`].
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Speed by class, km/h.
    pub speed_km_h: Vec<f64>,
    /// Money for the whole shipment by class, EUR a km.
    pub per_km_eur: Vec<f64>,
    /// Fixed money of a service without a rate, by class, EUR.
    pub service_fixed_eur: Vec<f64>,
    /// Well-to-tank emission by class, g CO2e a tonne-km, distance adjustment included.
    pub wtt_g_tkm: Vec<f64>,
    /// Tank-to-wheel emission by class, g CO2e a tonne-km, distance adjustment included.
    pub ttw_g_tkm: Vec<f64>,
    /// Departures a week of services that name none, by class; NaN for no wait.
    pub departures_per_week: Vec<f64>,
    /// Hours for a customs frontier crossed on a link, by class.
    pub border_h: Vec<f64>,
    /// EUR for a customs frontier crossed on a link, by class.
    pub border_eur: Vec<f64>,
    /// Fixed money when freight is loaded on links of a mode, EUR.
    pub load_fixed_eur: Vec<f64>,
    /// Wait when freight is loaded on links of a mode, h.
    pub wait_h: Vec<f64>,
    /// Kinds x from-mode x to-mode x (dwell h, handling EUR, WTT g/t, TTW g/t, low h, high h).
    pub process: Vec<f64>,
    /// Fixed money by rate, EUR.
    pub rate_fixed_eur: Vec<f64>,
    /// Money by rate, EUR a km.
    pub rate_per_km_eur: Vec<f64>,
    /// Least money by rate, EUR.
    pub rate_minimum_eur: Vec<f64>,
    /// Extra hours of a change at a hub, by hub row; empty for none.
    pub hub_delay_h: Vec<f64>,
    /// Extra hours of a link that crosses a passage, by passage; empty for none.
    pub passage_delay_h: Vec<f64>,
    /// Mass with the shipper's packaging, t.
    pub mass_t: f64,
    /// What an hour costs, EUR.
    pub value_of_time_eur_h: f64,
    /// What a tonne of CO2e costs, EUR.
    pub carbon_price_eur_t: f64,
}

/// One entry of the process table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Process {
    /// Hours at the hub, likely.
    pub dwell_h: f64,
    /// Money for the shipment, EUR.
    pub handling_eur: f64,
    /// Well-to-tank emission, g CO2e a tonne.
    pub wtt_g_t: f64,
    /// Tank-to-wheel emission, g CO2e a tonne.
    pub ttw_g_t: f64,
    /// Hours at the hub, low.
    pub low_h: f64,
    /// Hours at the hub, high.
    pub high_h: f64,
}

impl Process {
    /// Nothing waits, costs or emits.
    pub const FREE: Self =
        Self { dwell_h: 0.0, handling_eur: 0.0, wtt_g_t: 0.0, ttw_g_t: 0.0, low_h: 0.0, high_h: 0.0 };
}

/// Where freight comes from or goes to at a hub: a mode, or the door.
#[must_use]
pub fn side(mode: Option<Mode>) -> usize {
    mode.map_or(DOOR, Mode::index)
}

impl Terms {
    /// The entry for a change at a kind of hub; `None` where that change is not possible.
    #[must_use]
    pub fn process(&self, kind: HubKind, from: usize, to: usize) -> Option<Process> {
        let start = ((kind.index() * SIDES + from) * SIDES + to) * FIELDS;
        let row = &self.process[start..start + FIELDS];
        (!row[0].is_nan()).then(|| Process {
            dwell_h: row[0],
            handling_eur: row[1],
            wtt_g_t: row[2],
            ttw_g_t: row[3],
            low_h: row[4],
            high_h: row[5],
        })
    }

    /// Checks lengths and ranges against the network that the terms are for.
    ///
    /// # Errors
    /// [`TermsError`] that names the array and the position.
    pub fn check(&self, network: &Network) -> Result<(), TermsError> {
        let (classes, rates) = (network.classes().len(), network.rates().len());
        for (field, values, length) in [
            ("speed_km_h", &self.speed_km_h, classes),
            ("per_km_eur", &self.per_km_eur, classes),
            ("service_fixed_eur", &self.service_fixed_eur, classes),
            ("wtt_g_tkm", &self.wtt_g_tkm, classes),
            ("ttw_g_tkm", &self.ttw_g_tkm, classes),
            ("border_h", &self.border_h, classes),
            ("border_eur", &self.border_eur, classes),
            ("load_fixed_eur", &self.load_fixed_eur, Mode::ALL.len()),
            ("wait_h", &self.wait_h, Mode::ALL.len()),
            ("rate_fixed_eur", &self.rate_fixed_eur, rates),
            ("rate_per_km_eur", &self.rate_per_km_eur, rates),
            ("rate_minimum_eur", &self.rate_minimum_eur, rates),
        ] {
            check_length(field, values.len(), length)?;
            check_numbers(field, values)?;
        }
        check_length("departures_per_week", self.departures_per_week.len(), classes)?;
        check_length("process", self.process.len(), PROCESS_LEN)?;
        for (field, values, length) in [
            ("hub_delay_h", &self.hub_delay_h, network.hub_count()),
            ("passage_delay_h", &self.passage_delay_h, network.passages().len()),
        ] {
            if !values.is_empty() {
                check_length(field, values.len(), length)?;
                check_numbers(field, values)?;
            }
        }
        check_numbers("mass_t", &[self.mass_t])?;
        check_numbers("value_of_time_eur_h", &[self.value_of_time_eur_h])?;
        check_numbers("carbon_price_eur_t", &[self.carbon_price_eur_t])?;
        check_speeds(&self.speed_km_h)
    }
}

fn check_length(field: &'static str, got: usize, expected: usize) -> Result<(), TermsError> {
    if got == expected {
        return Ok(());
    }
    Err(TermsError {
        field,
        position: expected,
        message: "expected as many entries as the network has",
        value: got as f64,
    })
}

fn check_numbers(field: &'static str, values: &[f64]) -> Result<(), TermsError> {
    match values.iter().position(|value| !value.is_finite() || *value < 0.0) {
        None => Ok(()),
        Some(position) => Err(TermsError {
            field,
            position,
            message: "expected a finite number of at least 0",
            value: values[position],
        }),
    }
}

fn check_speeds(speeds: &[f64]) -> Result<(), TermsError> {
    match speeds.iter().position(|&speed| speed < 0.01) {
        None => Ok(()),
        Some(position) => Err(TermsError {
            field: "speed_km_h",
            position,
            message: "expected a speed of at least 0.01 km/h",
            value: speeds[position],
        }),
    }
}
