//! Checks of the links table.

use super::build::{MODES, MOST_ROWS, Registers, go_on, passage_bit};
use super::columns::{Column, HubIds, LENGTH_KM, Register};
use super::{BuildError, Lists, Unbuilt};
use crate::cancel::CancelFlag;
use crate::mode::Mode;
use crate::numbers::Numbers;
use crate::tables::LinkTable;
use crate::texts::Texts;

const STANDARD_GAUGE_MM: f64 = 1435.0;
const UNSEEN: u32 = u32::MAX;

/// What searches read of links; passages and countries by the number of their text.
pub(super) struct Links {
    pub mode: Vec<Mode>,
    pub gauge: Vec<u16>,
    pub class: Vec<u16>,
    pub distance_m: Vec<u32>,
    pub borders: Vec<u8>,
    pub passages: Vec<u64>,
    pub countries: Lists,
}

const fn at(column: &'static str) -> Column {
    Column { table: "links", column }
}

impl Links {
    /// Checks every column; origins and destinations become numbers of hubs.
    pub fn check(
        links: &mut LinkTable,
        ids: &HubIds,
        registers: &mut Registers,
        cancel: &CancelFlag,
    ) -> Result<Self, Unbuilt> {
        check_lengths(links)?;
        let mode = at("mode").each_of(&links.mode, Mode::from_name, MODES)?;
        if let Some(row) = mode.iter().position(|&mode| mode == Mode::Air) {
            let message = "air is always a service, one flight one leg; use the services table";
            return Err(at("mode").fault(row, message).into());
        }
        links.origin = at("origin").hubs(&links.origin, ids)?;
        go_on(cancel)?;
        links.destination = at("destination").hubs(&links.destination, ids)?;
        go_on(cancel)?;
        at("line_km").optionals(&links.line_km, LENGTH_KM)?;
        at("eca_km").optionals(&links.eca_km, LENGTH_KM)?;
        at("speed_km_h").optionals(&links.speed_km_h, (0.01, 2000.0))?;
        at("gauge_mm").optionals(&links.gauge_mm, (300.0, 3000.0))?;
        at("customs_borders").optionals(&links.customs_borders, (0.0, 255.0))?;
        at("distance_km").numbers(&links.distance_km, LENGTH_KM)?;
        go_on(cancel)?;
        let checked = Self {
            gauge: gauges(&links.gauge_mm, &mode),
            class: classes(&mode, &links.vehicle_class, &mut registers.classes, at("vehicle_class"))?,
            distance_m: metres(&links.distance_km),
            borders: links.customs_borders.iter().map(|borders| borders as u8).collect(), // NaN is none
            passages: passages(&links.passages, &mut registers.passages)?,
            countries: countries(&links.countries, &mut registers.countries)?,
            mode,
        };
        go_on(cancel)?;
        at("link_id").once_each(&links.link_id, "link")?;
        go_on(cancel)?;
        check_geometry(links)?;
        Ok(checked)
    }
}

fn metres(km: &Numbers) -> Vec<u32> {
    km.iter().map(|km| (km * 1000.0).round() as u32).collect()
}

/// Track gauges of rail links, 0 elsewhere.
fn gauges(column: &Numbers, mode: &[Mode]) -> Vec<u16> {
    let gauge = |own: f64| if own.is_nan() { STANDARD_GAUGE_MM } else { own } as u16;
    let rows = mode.iter().zip(column.iter());
    rows.map(|(&mode, own)| if mode == Mode::Rail { gauge(own) } else { 0 }).collect()
}

/// The number of mode and vehicle class by row.
pub(super) fn classes(
    mode: &[Mode],
    column: &Texts,
    register: &mut Register<(Mode, String)>,
    place: Column,
) -> Result<Vec<u16>, BuildError> {
    let mut known = vec![UNSEEN; Mode::ALL.len() * column.words().len()];
    let mut found = Vec::with_capacity(mode.len());
    for (row, &mode) in mode.iter().enumerate() {
        let word = column.number(row) as usize;
        let number = &mut known[mode.index() * column.words().len() + word];
        if *number == UNSEEN {
            let class = (mode, column.words().word(word).to_owned());
            *number = u32::from(register.number(&class, place)?);
        }
        found.push(*number as u16);
    }
    Ok(found)
}

fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// The set of passages of each text.
fn passages(column: &Texts, register: &mut Register<String>) -> Result<Vec<u64>, BuildError> {
    let mut sets = Vec::with_capacity(column.words().len());
    for list in column.words().iter() {
        let mut set = 0;
        for id in parts(list) {
            set |= passage_bit(register, id, at("passages"))?;
        }
        sets.push(set);
    }
    Ok(sets)
}

/// The countries of each text.
fn countries(column: &Texts, register: &mut Register<String>) -> Result<Lists, BuildError> {
    let mut lists = Lists::default();
    for list in column.words().iter() {
        let codes: Vec<u16> = parts(list)
            .map(|code| register.number(&code.to_owned(), at("countries")))
            .collect::<Result<_, _>>()?;
        lists.push(&codes);
    }
    Ok(lists)
}

fn check_lengths(links: &LinkTable) -> Result<(), BuildError> {
    let rows = links.origin.len();
    if rows > MOST_ROWS {
        return Err(at("origin").limit(format!("more than {MOST_ROWS} links")));
    }
    for (column, length) in [
        ("destination", links.destination.len()),
        ("mode", links.mode.len()),
        ("distance_km", links.distance_km.len()),
        ("link_id", links.link_id.len()),
        ("oneway", links.oneway.len()),
        ("passages", links.passages.len()),
        ("countries", links.countries.len()),
        ("gauge_mm", links.gauge_mm.len()),
        ("eca_km", links.eca_km.len()),
        ("speed_km_h", links.speed_km_h.len()),
        ("line_km", links.line_km.len()),
        ("vehicle_class", links.vehicle_class.len()),
        ("customs_borders", links.customs_borders.len()),
    ] {
        at(column).has_rows(length, rows)?;
    }
    Ok(())
}

fn check_geometry(links: &LinkTable) -> Result<(), BuildError> {
    let place = at("geometry");
    let geometry = &links.geometry;
    let points = geometry.lon_e6.len();
    place.has_rows(geometry.lat_e6.len(), points)?;
    if geometry.offsets.is_empty() {
        return place.has_rows(points, 0);
    }
    place.has_rows(geometry.offsets.len(), links.origin.len() + 1)?;
    let rises = geometry.offsets.windows(2).all(|pair| pair[0] <= pair[1]);
    if !rises || geometry.offsets.first() != Some(&0) || geometry.offsets.last() != Some(&(points as u32)) {
        return Err(place.fault(0, "the point ranges do not cover the points in order"));
    }
    let is_outside =
        |(lon, lat): (&i32, &i32)| lon.unsigned_abs() > 180_000_000 || lat.unsigned_abs() > 90_000_000;
    match geometry.lon_e6.iter().zip(&geometry.lat_e6).position(is_outside) {
        Some(point) => Err(place.fault(point, "a point lies outside longitude +-180 or latitude +-90")),
        None => Ok(()),
    }
}
