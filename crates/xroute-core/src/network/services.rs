//! Checks of the services table.

use super::build::{MODES, MOST_ROWS, Registers, WAIT_H, go_on};
use super::columns::{Column, HubIds, by_row};
use super::links::classes;
use super::{BuildError, Unbuilt};
use crate::cancel::CancelFlag;
use crate::geodesic;
use crate::hub::HubKind;
use crate::mode::Mode;
use crate::tables::{HubTable, NetworkTables, ServiceTable};
use crate::texts::Texts;

/// What searches read of services.
pub(super) struct Services {
    pub mode: Vec<Mode>,
    pub class: Vec<u16>,
    pub rate: Vec<Option<u16>>,
    pub distance_m: Vec<u32>,
}

const fn at(column: &'static str) -> Column {
    Column { table: "services", column }
}

impl Services {
    /// Checks every column; origins and destinations become numbers of hubs.
    pub fn check(
        tables: &mut NetworkTables,
        ids: &HubIds,
        kind: &[HubKind],
        registers: &mut Registers,
        cancel: &CancelFlag,
    ) -> Result<Self, Unbuilt> {
        let services = &mut tables.services;
        check_lengths(services)?;
        let mode = at("mode").each_of(&services.mode, Mode::from_name, MODES)?;
        services.origin = at("origin").hubs(&services.origin, ids)?;
        services.destination = at("destination").hubs(&services.destination, ids)?;
        check_end(&services.origin, kind, at("origin"))?;
        check_end(&services.destination, kind, at("destination"))?;
        at("duration_h").optionals(&services.duration_h, WAIT_H)?;
        at("departures_per_week").optionals(&services.departures_per_week, (0.001, 10_000.0))?;
        at("cutoff_h").optionals(&services.cutoff_h, (0.0, 10_000.0))?;
        go_on(cancel)?;
        let checked = Self {
            class: classes(&mode, &services.vehicle_class, &mut registers.classes, at("vehicle_class"))?,
            rate: rates(&services.rate_id, registers)?,
            distance_m: distances(services, &tables.hubs, cancel)?,
            mode,
        };
        go_on(cancel)?;
        at("service_id").once_each(&services.service_id, "service")?;
        go_on(cancel)?;
        Ok(checked)
    }
}

fn check_end(column: &Texts, kind: &[HubKind], place: Column) -> Result<(), BuildError> {
    let is_waypoint = |row: usize| kind[column.number(row) as usize] == HubKind::Junction;
    match (0..column.len()).find(|&row| is_waypoint(row)) {
        Some(row) => Err(place.fault(row, "a junction is a waypoint; a service needs a hub of another kind")),
        None => Ok(()),
    }
}

/// The rate of each service that names one.
fn rates(column: &Texts, registers: &mut Registers) -> Result<Vec<Option<u16>>, BuildError> {
    let number = |rate: &str| match rate {
        "" => Ok(None),
        _ => registers.rates.number(&rate.to_owned(), at("rate_id")).map(Some),
    };
    let of_word: Vec<Option<u16>> = column.words().iter().map(number).collect::<Result<_, _>>()?;
    by_row(column, |_, word| Ok(of_word[word]))
}

/// Metres as given, of the great circle where they are not.
fn distances(services: &ServiceTable, hubs: &HubTable, cancel: &CancelFlag) -> Result<Vec<u32>, Unbuilt> {
    let mut metres = Vec::with_capacity(services.origin.len());
    for row in 0..services.origin.len() {
        if row.is_multiple_of(1024) {
            go_on(cancel)?;
        }
        let given = services.distance_km[row];
        let (a, b) = (services.origin.number(row) as usize, services.destination.number(row) as usize);
        let km = if given.is_nan() {
            geodesic::distance_km(hubs.lat[a], hubs.lon[a], hubs.lat[b], hubs.lon[b])
        } else {
            given
        };
        metres.push(at("distance_km").metres(row, km)?);
    }
    Ok(metres)
}

fn check_lengths(services: &ServiceTable) -> Result<(), BuildError> {
    let rows = services.origin.len();
    if rows > MOST_ROWS {
        return Err(at("origin").limit(format!("more than {MOST_ROWS} services")));
    }
    for (column, length) in [
        ("destination", services.destination.len()),
        ("mode", services.mode.len()),
        ("service_id", services.service_id.len()),
        ("distance_km", services.distance_km.len()),
        ("duration_h", services.duration_h.len()),
        ("departures_per_week", services.departures_per_week.len()),
        ("cutoff_h", services.cutoff_h.len()),
        ("rate_id", services.rate_id.len()),
        ("vehicle_class", services.vehicle_class.len()),
        ("carrier", services.carrier.len()),
    ] {
        at(column).has_rows(length, rows)?;
    }
    Ok(())
}
