use proptest::prelude::*;
use xroute_core::cancel::CancelFlag;
use xroute_core::ids::HubId;
use xroute_core::network::Network;
use xroute_core::numbers::Numbers;
use xroute_core::tables::{HubTable, LinkTable, NetworkTables, PassageTable};
use xroute_core::texts::Texts;

use super::encode::whole_file;
use super::wire::StoredOrder;
use super::{Cancelled, FormatError, Graph, Loaded, Skeleton, encode, form, order};

fn load(bytes: &[u8]) -> Result<Loaded, FormatError> {
    super::load(bytes, &CancelFlag::default())
}

fn save(network: &Network, skeleton: Option<&Skeleton>) -> Vec<u8> {
    super::save(network, skeleton, &CancelFlag::default()).unwrap()
}

#[test]
fn a_raised_flag_stops_both_ways() {
    let raised = CancelFlag::default();
    raised.raise();
    assert_eq!(super::load(&file(), &raised).unwrap_err(), FormatError::Cancelled(Cancelled));
    assert_eq!(super::save(&load(&file()).unwrap().network, None, &raised).unwrap_err(), Cancelled);
}

fn tables() -> NetworkTables {
    NetworkTables {
        hubs: HubTable {
            hub_id: ["CNSHA", "NLRTM"].into(),
            lat: [30.62, 51.95].into(),
            lon: [122.07, 4.05].into(),
            kind: ["port", "port"].into(),
            name: ["Shanghai", "Rotterdam"].into(),
            locode: ["CNSHA", "NLRTM"].into(),
            country: ["CN", "NL"].into(),
            timezone: ["Asia/Shanghai", "Europe/Amsterdam"].into(),
            population: [f64::NAN, 650_000.0].into(),
            main_port: vec![true, true],
            sea_area: ["north", "north"].into(),
            max_draft_m: [17.5, f64::NAN].into(),
            carbon_scheme: ["none", "eu_ets"].into(),
        },
        links: LinkTable {
            origin: ["CNSHA"].into(),
            destination: ["NLRTM"].into(),
            mode: ["sea"].into(),
            distance_km: [19_485.0].into(),
            link_id: [""].into(),
            oneway: vec![false],
            passages: ["suez"].into(),
            countries: [""].into(),
            gauge_mm: [f64::NAN].into(),
            eca_km: [412.5].into(),
            speed_km_h: [f64::NAN].into(),
            line_km: [f64::NAN].into(),
            vehicle_class: ["container_ship"].into(),
            customs_borders: [0.0].into(),
            ..LinkTable::default()
        },
        passages: PassageTable {
            passage_id: ["suez"].into(),
            name: ["Suez Canal"].into(),
            default_closed: vec![false],
            draft_limit_m: [20.1].into(),
            beam_limit_m: [77.5].into(),
        },
        ..NetworkTables::default()
    }
}

fn file() -> Vec<u8> {
    let network = Network::build(tables(), &CancelFlag::default()).unwrap();
    let order = Skeleton::of(&network, &Graph::of(&network), &CancelFlag::default()).unwrap();
    save(&network, Some(&order))
}

fn with_checksum(mut file: Vec<u8>) -> Vec<u8> {
    let length = (file.len() - 24) as u64;
    let sum = crc32fast::hash(&file[24..]);
    file[12..16].copy_from_slice(&sum.to_le_bytes());
    file[16..24].copy_from_slice(&length.to_le_bytes());
    file
}

#[test]
fn what_is_saved_is_loaded_and_saved_again_as_the_same_bytes() {
    let first = file();
    let read = load(&first).unwrap();
    assert_eq!(save(&read.network, read.skeleton.as_ref()), first);
    assert!(load(&save(&read.network, None)).unwrap().skeleton.is_none());
}

#[test]
fn what_ships_need_to_know_comes_back() {
    let network = load(&file()).unwrap().network;
    let tables = network.tables();
    assert_eq!(tables.hubs.max_draft_m[0].to_bits(), 17.5_f64.to_bits());
    assert!(tables.hubs.max_draft_m[1].is_nan());
    assert_eq!(tables.hubs.carbon_scheme, ["none", "eu_ets"].into());
    assert_eq!(tables.hubs.main_port, [true, true]);
    assert_eq!(tables.links.eca_km[0].to_bits(), 412.5_f64.to_bits());
    assert_eq!(tables.passages.draft_limit_m[0].to_bits(), 20.1_f64.to_bits());
    assert_eq!(tables.passages.beam_limit_m[0].to_bits(), 77.5_f64.to_bits());
}

#[test]
fn every_flipped_bit_is_refused() {
    let whole = file();
    for bit in 0..whole.len() * 8 {
        let mut broken = whole.clone();
        broken[bit / 8] ^= 1 << (bit % 8);
        assert!(load(&broken).is_err(), "bit {bit}");
    }
}

#[test]
fn every_cut_and_every_tail_is_refused() {
    let whole = file();
    for length in 0..whole.len() {
        assert!(load(&whole[..length]).is_err(), "length {length}");
    }
    let longer = [whole.as_slice(), &[0]].concat();
    assert!(matches!(load(&longer), Err(FormatError::Length { .. })));
    assert!(matches!(load(&with_checksum(longer)), Err(FormatError::Malformed { .. })));
}

#[test]
fn foreign_files_and_other_versions_are_told_apart() {
    assert_eq!(load(b"PK\x03\x04 a zip of some length, not ours").unwrap_err(), FormatError::Foreign);
    let mut newer = file();
    newer[8] = 9;
    assert_eq!(load(&newer).unwrap_err(), FormatError::Version { found: 9 });
}

#[test]
fn a_huge_count_is_refused_before_memory_is_taken() {
    let huge = [0xff, 0xff, 0xff, 0xff, 0x7f]; // 2^35 - 1
    let one_word = [1, 2, 0, 0, 1, 1, 0, b'h']; // the word h, by its lengths and its bytes
    for rows in [&[form::SAME, 0][..], &[form::IN_ORDER], &[form::MANY]] {
        let broken = whole_file(&[&b"HUBS"[..], &one_word, rows, &huge].concat());
        assert!(matches!(load(&broken), Err(FormatError::Malformed { .. })));
    }
    for kind in [form::AS_IT_IS, form::PACKED] {
        let broken = whole_file(&[&b"HUBS"[..], &huge, &huge, &[kind]].concat());
        assert!(matches!(load(&broken), Err(FormatError::Malformed { .. })));
    }
}

#[test]
fn tables_that_make_no_network_are_refused_under_a_right_checksum() {
    let mut broken = tables();
    broken.links.destination = ["NOWHERE"].into();
    assert!(matches!(
        load(&encode::file(&broken, StoredOrder::default(), &CancelFlag::default()).unwrap()),
        Err(FormatError::Tables(_))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn bodies_of_noise_never_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(load(&whole_file(&body)).is_err());
    }

    #[test]
    fn changed_bytes_under_a_right_checksum_never_panic(
        changes in prop::collection::vec((24..5000_usize, any::<u8>()), 1..4),
    ) {
        let mut changed = file();
        let length = changed.len();
        for (at, byte) in changes {
            changed[24 + at % (length - 24)] = byte;
        }
        let _ = load(&with_checksum(changed));
    }

    #[test]
    fn columns_of_all_kinds_come_back(
        rows in prop::collection::vec(("[a-e]{1,3}", -90.0..90.0_f64, -1800..1800_i32, any::<bool>()), 1..400),
    ) {
        let mut drawn = tables();
        let count = rows.len();
        let hubs = &mut drawn.hubs;
        hubs.hub_id = rows.iter().enumerate().map(|(at, row)| format!("{}{at}", row.0)).collect();
        hubs.lat = rows.iter().map(|row| row.1).collect();
        hubs.lon = rows.iter().map(|row| f64::from(row.2) / 10.0).collect();
        hubs.kind = Texts::same("port", count);
        hubs.name = rows.iter().map(|row| row.0.as_str()).collect();
        hubs.locode = rows.iter().map(|row| if row.3 { "é" } else { "" }).collect();
        hubs.country = rows.iter().map(|row| &row.0[..1]).collect();
        hubs.timezone = Texts::same("", count);
        hubs.population = rows.iter().map(|row| if row.3 { f64::NAN } else { row.1.abs().floor() }).collect();
        hubs.main_port = rows.iter().map(|row| row.3).collect();
        hubs.sea_area = Texts::same("north", count);
        hubs.max_draft_m = Numbers::same(f64::NAN, count);
        hubs.carbon_scheme = Texts::same("none", count);
        let ends = (hubs.hub_id.clone(), hubs.hub_id.iter().rev().collect());
        let (one, links) = (tables().links, &mut drawn.links);
        (links.origin, links.destination) = ends;
        links.mode = Texts::same("sea", count);
        links.distance_km = rows.iter().map(|row| f64::from(row.2.abs()) / 1000.0).collect();
        for column in [&mut links.link_id, &mut links.passages, &mut links.countries, &mut links.vehicle_class] {
            *column = Texts::same("", count);
        }
        links.oneway = rows.iter().map(|row| !row.3).collect();
        for column in [&mut links.gauge_mm, &mut links.eca_km, &mut links.speed_km_h, &mut links.line_km] {
            *column = Numbers::same(f64::NAN, count);
        }
        links.customs_borders = Numbers::same(one.customs_borders[0], count);
        let network = Network::build(drawn.clone(), &CancelFlag::default()).unwrap();
        let saved = save(&network, None);
        let read = load(&saved).unwrap().network;
        prop_assert_eq!(format!("{:?}", read.tables()), format!("{:?}", network.tables()));
        prop_assert_eq!(save(&read, None), saved);
        for (at, id) in drawn.hubs.hub_id.iter().enumerate() {
            prop_assert_eq!(read.find_hub(id).map(HubId::index), Some(at));
        }
    }
}

#[test]
fn an_order_that_is_not_that_of_the_network_is_refused() {
    let network = Network::build(tables(), &CancelFlag::default()).unwrap();
    let order = Skeleton::of(&network, &Graph::of(&network), &CancelFlag::default()).unwrap();
    let stored = order::stored(&order);
    let refused = |change: &dyn Fn(&mut StoredOrder)| {
        let mut changed = StoredOrder::clone(&stored);
        change(&mut changed);
        assert!(matches!(
            load(&encode::file(&tables(), changed, &CancelFlag::default()).unwrap()),
            Err(FormatError::Order(_))
        ));
    };
    refused(&|stored| stored.rank.truncate(1));
    refused(&|stored| stored.rank.fill(0));
    refused(&|stored| stored.rank[0] = u32::MAX);
    refused(&|stored| stored.arcs.fill(0));
    refused(&|stored| stored.arcs[0] = u32::MAX);
    refused(&|stored| stored.rises.clear());
    refused(&|stored| stored.rises.fill(u32::MAX));
    refused(&|stored| stored.rises.fill(0));
    refused(&|stored| {
        stored.arcs.fill(0);
        stored.rises.clear();
    });
}
