//! From tables to a network: every reference and number is looked at once, column by column.

use std::collections::HashSet;
use std::sync::Arc;

use super::columns::{Bounds, Column, HubIds, Register, by_row};
use super::links::Links;
use super::services::Services;
use super::{BuildError, Network, TransferOverride, Unbuilt};
use crate::cancel::{CancelFlag, Cancelled};
use crate::hub::HubKind;
use crate::mode::Mode;
use crate::tables::{HubTable, NetworkTables, PassageTable, TransferTable};
use crate::texts::{Texts, WordIndex};

pub(super) const MODES: &str = "sea, air, rail, road, inland_waterway, ferry";
const KINDS: &str = "port, airport, rail_terminal, border, river_port, warehouse, city, junction";
pub(super) const MOST_ROWS: usize = u32::MAX as usize / 8;
const LONGEST_ID: usize = 64;
const SHIP_M: Bounds = (0.0, 1000.0);
pub(super) const WAIT_H: Bounds = (0.0, 100_000.0);

/// Names that columns share, numbered in the order of first sight.
pub(super) struct Registers {
    pub countries: Register<String>,
    pub classes: Register<(Mode, String)>,
    pub rates: Register<String>,
    pub passages: Register<String>,
    pub areas: Register<String>,
}

/// Stops where the caller asked to.
pub(super) fn go_on(cancel: &CancelFlag) -> Result<(), Unbuilt> {
    if cancel.is_raised() { Err(Unbuilt::Cancelled(Cancelled)) } else { Ok(()) }
}

pub(super) fn build(mut tables: NetworkTables, cancel: &CancelFlag) -> Result<Network, Unbuilt> {
    let mut registers = Registers {
        countries: Register::new(),
        classes: Register::new(),
        rates: Register::new(),
        passages: Register::new(),
        areas: Register::new(),
    };
    registers.areas.number(&String::new(), Column { table: "hubs", column: "sea_area" })?;
    let default_closed = register_passages(&tables.passages, &mut registers.passages)?;
    let ids = hub_ids(&mut tables.hubs)?;
    go_on(cancel)?;
    let hubs = Hubs::check(&tables.hubs, &mut registers)?;
    go_on(cancel)?;
    let links = Links::check(&mut tables.links, &ids, &mut registers, cancel)?;
    let services = Services::check(&mut tables, &ids, &hubs.kind, &mut registers, cancel)?;
    let transfers = check_transfers(&tables.transfers, &ids)?;
    let is_feeder_port = feeder_ports(&tables.hubs, &hubs);
    Ok(Network {
        tables,
        hub_index: ids.index,
        hub_kind: hubs.kind,
        hub_country: hubs.country,
        is_feeder_port,
        hub_area: hubs.area,
        link_mode: links.mode,
        link_gauge: links.gauge,
        link_class: links.class,
        link_distance_m: links.distance_m,
        link_borders: links.borders,
        passages_of_text: links.passages,
        countries_of_text: links.countries,
        service_mode: services.mode,
        service_class: services.class,
        service_rate: services.rate,
        service_distance_m: services.distance_m,
        transfers,
        countries: registers.countries.names,
        classes: registers.classes.names,
        rates: registers.rates.names,
        passages: registers.passages.names,
        default_closed,
    })
}

fn register_passages(table: &PassageTable, register: &mut Register<String>) -> Result<u64, BuildError> {
    let place = Column { table: "passages", column: "passage_id" };
    place.has_rows(table.name.len(), table.passage_id.len())?;
    place.has_rows(table.default_closed.len(), table.passage_id.len())?;
    for (column, limits) in [("draft_limit_m", &table.draft_limit_m), ("beam_limit_m", &table.beam_limit_m)] {
        let place = Column { table: "passages", column };
        place.has_rows(limits.len(), table.passage_id.len())?;
        place.optionals(limits, SHIP_M)?;
    }
    let mut closed = 0;
    for (row, (id, &is_closed)) in table.passage_id.iter().zip(&table.default_closed).enumerate() {
        let bit = passage_bit(register, id, place)?;
        if register.names.len() != row + 1 {
            return Err(place.fault(row, format!("passage '{id}' stands twice; keep one row")));
        }
        closed |= if is_closed { bit } else { 0 };
    }
    Ok(closed)
}

pub(super) fn passage_bit(
    register: &mut Register<String>,
    id: &str,
    place: Column,
) -> Result<u64, BuildError> {
    let number = register.number(&id.to_owned(), place)?;
    if number < 64 { Ok(1 << number) } else { Err(place.limit("more than 64 passages; merge some")) }
}

/// The ids of the hubs, each the word of its own row.
fn hub_ids(hubs: &mut HubTable) -> Result<HubIds, BuildError> {
    let place = Column { table: "hubs", column: "hub_id" };
    if hubs.hub_id.len() > MOST_ROWS {
        return Err(place.limit(format!("more than {MOST_ROWS} hubs")));
    }
    let again = |row: usize, id: &str| place.fault(row, format!("hub '{id}' stands twice; ids are unique"));
    if !is_in_order(&hubs.hub_id) {
        hubs.hub_id = hubs.hub_id.iter().collect();
        if let Some(row) = (0..hubs.hub_id.len()).find(|&row| hubs.hub_id.number(row) as usize != row) {
            return Err(again(row, &hubs.hub_id[row]));
        }
    }
    for (row, id) in hubs.hub_id.iter().enumerate() {
        if !is_printable(id) {
            return Err(place.fault(row, "expected 1 to 64 printable characters"));
        }
    }
    let words = Arc::clone(hubs.hub_id.words());
    let index = WordIndex::of(&words).map_err(|row| again(row, &hubs.hub_id[row]))?;
    Ok(HubIds { words, index })
}

/// Whether the words are those of the rows, one after another.
fn is_in_order(column: &Texts) -> bool {
    column.words().len() == column.len() && (0..column.len()).all(|row| column.number(row) as usize == row)
}

fn is_printable(id: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_control();
    let is_short = id.len() <= LONGEST_ID || id.chars().count() <= LONGEST_ID;
    !id.is_empty() && is_short && (id.bytes().all(is_plain) || !id.chars().any(char::is_control))
}

/// Ports that deep-sea ships do not call at: not main, in waters that have a main port.
fn feeder_ports(table: &HubTable, hubs: &Hubs) -> Vec<bool> {
    let mains = table.main_port.iter().zip(&hubs.area);
    let served: HashSet<u16> =
        mains.filter(|&(&is_main, &area)| is_main && area != 0).map(|(_, &area)| area).collect();
    if served.is_empty() {
        return vec![false; hubs.kind.len()];
    }
    let ports = hubs.kind.iter().zip(&hubs.area).zip(&table.main_port);
    ports
        .map(|((&kind, area), &is_main)| kind == HubKind::Port && !is_main && served.contains(area))
        .collect()
}

struct Hubs {
    kind: Vec<HubKind>,
    country: Vec<u16>,
    area: Vec<u16>,
}

impl Hubs {
    fn check(hubs: &HubTable, registers: &mut Registers) -> Result<Self, BuildError> {
        let rows = hubs.hub_id.len();
        let at = |column| Column { table: "hubs", column };
        for (column, length) in [
            ("lat", hubs.lat.len()),
            ("lon", hubs.lon.len()),
            ("kind", hubs.kind.len()),
            ("name", hubs.name.len()),
            ("locode", hubs.locode.len()),
            ("country", hubs.country.len()),
            ("timezone", hubs.timezone.len()),
            ("population", hubs.population.len()),
            ("main_port", hubs.main_port.len()),
            ("sea_area", hubs.sea_area.len()),
            ("max_draft_m", hubs.max_draft_m.len()),
            ("carbon_scheme", hubs.carbon_scheme.len()),
        ] {
            at(column).has_rows(length, rows)?;
        }
        at("lat").numbers(&hubs.lat, (-90.0, 90.0))?;
        at("lon").numbers(&hubs.lon, (-180.0, 180.0))?;
        at("population").optionals(&hubs.population, (0.0, 1e11))?;
        at("max_draft_m").optionals(&hubs.max_draft_m, SHIP_M)?;
        Ok(Self {
            kind: at("kind").each_of(&hubs.kind, HubKind::from_name, KINDS)?,
            country: numbered(&hubs.country, &mut registers.countries, at("country"))?,
            area: numbered(&hubs.sea_area, &mut registers.areas, at("sea_area"))?,
        })
    }
}

/// The number of each row's text in a register.
fn numbered(column: &Texts, register: &mut Register<String>, place: Column) -> Result<Vec<u16>, BuildError> {
    let of_word: Vec<u16> = column
        .words()
        .iter()
        .map(|word| register.number(&word.to_owned(), place))
        .collect::<Result<_, _>>()?;
    by_row(column, |_, word| Ok(of_word[word]))
}

fn check_transfers(table: &TransferTable, ids: &HubIds) -> Result<Vec<TransferOverride>, BuildError> {
    let at = |column| Column { table: "transfers", column };
    let rows = table.hub_id.len();
    for (column, length) in [
        ("from_mode", table.from_mode.len()),
        ("to_mode", table.to_mode.len()),
        ("duration_h", table.duration_h.len()),
        ("cost_eur_per_t", table.cost_eur_per_t.len()),
        ("fixed_cost_eur", table.fixed_cost_eur.len()),
        ("co2e_kg_per_t", table.co2e_kg_per_t.len()),
    ] {
        at(column).has_rows(length, rows)?;
    }
    let mut seen = HashSet::new();
    let mut checked = Vec::with_capacity(rows);
    for row in 0..rows {
        let hub = at("hub_id").hub(row, &table.hub_id[row], ids)?;
        let mode = |column, name: &str| at(column).one_of(row, Mode::from_name(name), name, MODES);
        let from = mode("from_mode", &table.from_mode[row])?;
        let to = mode("to_mode", &table.to_mode[row])?;
        if !seen.insert((hub, from, to)) {
            return Err(at("hub_id").fault(row, "this transfer stands twice; keep one row"));
        }
        checked.push(TransferOverride {
            hub,
            from,
            to,
            duration_h: at("duration_h").optional(row, table.duration_h[row], WAIT_H)?,
            cost_eur_per_t: at("cost_eur_per_t").optional(row, table.cost_eur_per_t[row], (0.0, 1e6))?,
            fixed_cost_eur: at("fixed_cost_eur").optional(row, table.fixed_cost_eur[row], (0.0, 1e9))?,
            co2e_kg_per_t: at("co2e_kg_per_t").optional(row, table.co2e_kg_per_t[row], (0.0, 1e6))?,
        });
    }
    checked.sort_by_key(TransferOverride::key);
    Ok(checked)
}
