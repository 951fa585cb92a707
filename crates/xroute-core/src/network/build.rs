//! From tables to a network: every reference and number is looked at once.

use std::collections::{HashMap, HashSet};

use super::columns::{Column, Register};
use super::{BuildError, Network, TransferOverride, Unbuilt};
use crate::cancel::CancelFlag;
use crate::geodesic;
use crate::hub::HubKind;
use crate::ids::HubId;
use crate::mode::Mode;
use crate::tables::{HubTable, LinkTable, NetworkTables, PassageTable, ServiceTable, TransferTable};

const MODES: &str = "sea, air, rail, road, inland_waterway, ferry";
const KINDS: &str = "port, airport, rail_terminal, border, river_port, warehouse, city, junction";
const MOST_ROWS: usize = u32::MAX as usize / 8;
const LONGEST_ID: usize = 64;
const MOST_SHIP_M: f64 = 1000.0;

type HubIds<'a> = HashMap<&'a str, HubId>;

struct Registers {
    countries: Register<String>,
    classes: Register<(Mode, String)>,
    rates: Register<String>,
    passages: Register<String>,
    areas: Register<String>,
}

pub(super) fn build(tables: NetworkTables, cancel: &CancelFlag) -> Result<Network, Unbuilt> {
    let mut registers = Registers {
        countries: Register::new(),
        classes: Register::new(),
        rates: Register::new(),
        passages: Register::new(),
        areas: Register::new(),
    };
    registers.areas.number(&String::new(), Column { table: "hubs", column: "sea_area" })?;
    let default_closed = register_passages(&tables.passages, &mut registers.passages)?;
    let ids = hub_ids(&tables.hubs, cancel)?;
    let hubs = Hubs::check(&tables.hubs, &mut registers, cancel)?;
    let links = Links::check(&tables.links, &ids, &mut registers, cancel)?;
    let services = Services::check(&tables, &ids, &hubs, &mut registers, cancel)?;
    let transfers = check_transfers(&tables.transfers, &ids)?;
    drop(ids);
    let is_feeder_port = feeder_ports(&tables.hubs, &hubs);
    Ok(Network {
        tables,
        hub_kind: hubs.kind,
        hub_country: hubs.country,
        is_feeder_port,
        hub_area: hubs.area,
        link_ends: links.ends,
        link_mode: links.mode,
        link_gauge: links.gauge,
        link_class: links.class,
        link_distance_m: links.distance_m,
        link_passages: links.passages,
        link_countries: links.countries,
        link_borders: links.borders,
        service_ends: services.ends,
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
    check_limits(table)?;
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

fn check_limits(table: &PassageTable) -> Result<(), BuildError> {
    for (column, limits) in [("draft_limit_m", &table.draft_limit_m), ("beam_limit_m", &table.beam_limit_m)] {
        let place = Column { table: "passages", column };
        place.has_rows(limits.len(), table.passage_id.len())?;
        for (row, &limit) in limits.iter().enumerate() {
            place.optional(row, limit, 0.0, MOST_SHIP_M)?;
        }
    }
    Ok(())
}

fn passage_bit(register: &mut Register<String>, id: &str, place: Column) -> Result<u64, BuildError> {
    let number = register.number(&id.to_owned(), place)?;
    if number < 64 { Ok(1 << number) } else { Err(place.limit("more than 64 passages; merge some")) }
}

fn hub_ids<'a>(hubs: &'a HubTable, cancel: &CancelFlag) -> Result<HubIds<'a>, Unbuilt> {
    let place = Column { table: "hubs", column: "hub_id" };
    if hubs.hub_id.len() > MOST_ROWS {
        return Err(place.limit(format!("more than {MOST_ROWS} hubs")).into());
    }
    let mut ids = HashMap::with_capacity(hubs.hub_id.len());
    for (row, id) in hubs.hub_id.iter().enumerate() {
        cancel.check_every_1024(row)?;
        if id.is_empty() || id.chars().count() > LONGEST_ID || id.chars().any(char::is_control) {
            return Err(place.fault(row, "expected 1 to 64 printable characters").into());
        }
        if ids.insert(id.as_str(), HubId(row as u32)).is_some() {
            return Err(place.fault(row, format!("hub '{id}' stands twice; ids are unique")).into());
        }
    }
    Ok(ids)
}

/// Ports that deep-sea ships do not call at: not main, in waters that have a main port.
fn feeder_ports(table: &HubTable, hubs: &Hubs) -> Vec<bool> {
    let mains = table.main_port.iter().zip(&hubs.area);
    let served: HashSet<u16> =
        mains.filter(|&(&is_main, &area)| is_main && area != 0).map(|(_, &area)| area).collect();
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
    fn check(hubs: &HubTable, registers: &mut Registers, cancel: &CancelFlag) -> Result<Self, Unbuilt> {
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
        let mut checked = Self {
            kind: Vec::with_capacity(rows),
            country: Vec::with_capacity(rows),
            area: Vec::with_capacity(rows),
        };
        for row in 0..rows {
            cancel.check_every_1024(row)?;
            at("lat").number(row, hubs.lat[row], -90.0, 90.0)?;
            at("lon").number(row, hubs.lon[row], -180.0, 180.0)?;
            at("population").optional(row, hubs.population[row], 0.0, 1e11)?;
            at("max_draft_m").optional(row, hubs.max_draft_m[row], 0.0, MOST_SHIP_M)?;
            let kind = &hubs.kind[row];
            checked.kind.push(at("kind").one_of(row, HubKind::from_name(kind), kind, KINDS)?);
            checked.country.push(registers.countries.number(&hubs.country[row], at("country"))?);
            checked.area.push(registers.areas.number(&hubs.sea_area[row], at("sea_area"))?);
        }
        Ok(checked)
    }
}

#[derive(Default)]
struct Links {
    ends: Vec<(HubId, HubId)>,
    mode: Vec<Mode>,
    gauge: Vec<u16>,
    class: Vec<u16>,
    distance_m: Vec<u32>,
    passages: Vec<u64>,
    countries: Vec<Vec<u16>>,
    borders: Vec<u8>,
}

impl Links {
    fn check(
        links: &LinkTable,
        ids: &HubIds<'_>,
        registers: &mut Registers,
        cancel: &CancelFlag,
    ) -> Result<Self, Unbuilt> {
        check_link_lengths(links)?;
        let mut checked = Self::default();
        let mut seen = HashSet::new();
        for row in 0..links.origin.len() {
            cancel.check_every_1024(row)?;
            checked.push(row, links, ids, registers)?;
            let id = &links.link_id[row];
            if !id.is_empty() && !seen.insert(id.as_str()) {
                let place = Column { table: "links", column: "link_id" };
                return Err(place.fault(row, format!("link '{id}' stands twice; ids are unique")).into());
            }
        }
        check_geometry(links)?;
        Ok(checked)
    }

    fn push(
        &mut self,
        row: usize,
        links: &LinkTable,
        ids: &HubIds<'_>,
        registers: &mut Registers,
    ) -> Result<(), BuildError> {
        let at = |column| Column { table: "links", column };
        let name = &links.mode[row];
        let mode = at("mode").one_of(row, Mode::from_name(name), name, MODES)?;
        if mode == Mode::Air {
            return Err(
                at("mode").fault(row, "air is always a service, one flight one leg; use the services table")
            );
        }
        self.ends.push((
            at("origin").hub(row, &links.origin[row], ids)?,
            at("destination").hub(row, &links.destination[row], ids)?,
        ));
        self.mode.push(mode);
        let gauge = at("gauge_mm").optional(row, links.gauge_mm[row], 300.0, 3000.0)?;
        self.gauge.push(if mode == Mode::Rail { gauge.unwrap_or(1435.0) as u16 } else { 0 });
        self.distance_m.push(at("distance_km").metres(row, links.distance_km[row])?);
        at("line_km").optional(row, links.line_km[row], 0.0, 100_000.0)?;
        at("eca_km").optional(row, links.eca_km[row], 0.0, 100_000.0)?;
        at("speed_km_h").optional(row, links.speed_km_h[row], 0.01, 2000.0)?;
        let borders = at("customs_borders").optional(row, links.customs_borders[row], 0.0, 255.0)?;
        self.borders.push(borders.unwrap_or(0.0) as u8);
        let class = (mode, links.vehicle_class[row].clone());
        self.class.push(registers.classes.number(&class, at("vehicle_class"))?);
        let mut passages = 0;
        for id in parts(&links.passages[row]) {
            passages |= passage_bit(&mut registers.passages, id, at("passages"))?;
        }
        self.passages.push(passages);
        let countries = parts(&links.countries[row])
            .map(|code| registers.countries.number(&code.to_owned(), at("countries")))
            .collect::<Result<_, _>>()?;
        self.countries.push(countries);
        Ok(())
    }
}

fn parts(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').map(str::trim).filter(|part| !part.is_empty())
}

fn check_link_lengths(links: &LinkTable) -> Result<(), BuildError> {
    let rows = links.origin.len();
    let at = |column| Column { table: "links", column };
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
    let place = Column { table: "links", column: "geometry" };
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
    for (point, (lon, lat)) in geometry.lon_e6.iter().zip(&geometry.lat_e6).enumerate() {
        if lon.abs() > 180_000_000 || lat.abs() > 90_000_000 {
            return Err(place.fault(point, "a point lies outside longitude +-180 or latitude +-90"));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Services {
    ends: Vec<(HubId, HubId)>,
    mode: Vec<Mode>,
    class: Vec<u16>,
    rate: Vec<Option<u16>>,
    distance_m: Vec<u32>,
}

impl Services {
    fn check(
        tables: &NetworkTables,
        ids: &HubIds<'_>,
        hubs: &Hubs,
        registers: &mut Registers,
        cancel: &CancelFlag,
    ) -> Result<Self, Unbuilt> {
        let services = &tables.services;
        check_service_lengths(services)?;
        let mut checked = Self::default();
        let mut seen = HashSet::new();
        for row in 0..services.origin.len() {
            cancel.check_every_1024(row)?;
            checked.push(row, services, ids, registers)?;
            checked.check_ends(row, hubs)?;
            checked.distance_m.push(checked.distance(row, services, &tables.hubs)?);
            let id = &services.service_id[row];
            if !id.is_empty() && !seen.insert(id.as_str()) {
                let place = Column { table: "services", column: "service_id" };
                return Err(place.fault(row, format!("service '{id}' stands twice; ids are unique")).into());
            }
        }
        Ok(checked)
    }

    fn push(
        &mut self,
        row: usize,
        services: &ServiceTable,
        ids: &HubIds<'_>,
        registers: &mut Registers,
    ) -> Result<(), BuildError> {
        let at = |column| Column { table: "services", column };
        let name = &services.mode[row];
        let mode = at("mode").one_of(row, Mode::from_name(name), name, MODES)?;
        self.ends.push((
            at("origin").hub(row, &services.origin[row], ids)?,
            at("destination").hub(row, &services.destination[row], ids)?,
        ));
        self.mode.push(mode);
        let class = (mode, services.vehicle_class[row].clone());
        self.class.push(registers.classes.number(&class, at("vehicle_class"))?);
        let rate = &services.rate_id[row];
        let number = if rate.is_empty() { None } else { Some(registers.rates.number(rate, at("rate_id"))?) };
        self.rate.push(number);
        at("duration_h").optional(row, services.duration_h[row], 0.0, 100_000.0)?;
        at("departures_per_week").optional(row, services.departures_per_week[row], 0.001, 10_000.0)?;
        at("cutoff_h").optional(row, services.cutoff_h[row], 0.0, 10_000.0)?;
        Ok(())
    }

    fn check_ends(&self, row: usize, hubs: &Hubs) -> Result<(), BuildError> {
        let (origin, destination) = self.ends[row];
        for (hub, column) in [(origin, "origin"), (destination, "destination")] {
            if hubs.kind[hub.index()] == HubKind::Junction {
                let place = Column { table: "services", column };
                return Err(
                    place.fault(row, "a junction is a waypoint; a service needs a hub of another kind")
                );
            }
        }
        Ok(())
    }

    fn distance(&self, row: usize, services: &ServiceTable, hubs: &HubTable) -> Result<u32, BuildError> {
        let (from, to) = self.ends[row];
        let given = services.distance_km[row];
        let (a, b) = (from.index(), to.index());
        let km = if given.is_nan() {
            geodesic::distance_km(hubs.lat[a], hubs.lon[a], hubs.lat[b], hubs.lon[b])
        } else {
            given
        };
        Column { table: "services", column: "distance_km" }.metres(row, km)
    }
}

fn check_service_lengths(services: &ServiceTable) -> Result<(), BuildError> {
    let rows = services.origin.len();
    let at = |column| Column { table: "services", column };
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

fn check_transfers(table: &TransferTable, ids: &HubIds<'_>) -> Result<Vec<TransferOverride>, BuildError> {
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
        let mode = |column, name: &String| at(column).one_of(row, Mode::from_name(name), name, MODES);
        let from = mode("from_mode", &table.from_mode[row])?;
        let to = mode("to_mode", &table.to_mode[row])?;
        if !seen.insert((hub, from, to)) {
            return Err(at("hub_id").fault(row, "this transfer stands twice; keep one row"));
        }
        checked.push(TransferOverride {
            hub,
            from,
            to,
            duration_h: at("duration_h").optional(row, table.duration_h[row], 0.0, 100_000.0)?,
            cost_eur_per_t: at("cost_eur_per_t").optional(row, table.cost_eur_per_t[row], 0.0, 1e6)?,
            fixed_cost_eur: at("fixed_cost_eur").optional(row, table.fixed_cost_eur[row], 0.0, 1e9)?,
            co2e_kg_per_t: at("co2e_kg_per_t").optional(row, table.co2e_kg_per_t[row], 0.0, 1e6)?,
        });
    }
    checked.sort_by_key(TransferOverride::key);
    Ok(checked)
}
