use proptest::prelude::*;
use xroute_core::cancel::CancelFlag;
use xroute_core::network::Network;
use xroute_core::tables::{HubTable, LinkTable, NetworkTables, PassageTable};

use super::wire::StoredOrder;
use super::{Cancelled, FormatError, Graph, Loaded, Skeleton, encode, order};

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
    let texts = |values: [&str; 2]| values.map(str::to_owned).to_vec();
    NetworkTables {
        hubs: HubTable {
            hub_id: texts(["CNSHA", "NLRTM"]),
            lat: vec![30.62, 51.95],
            lon: vec![122.07, 4.05],
            kind: texts(["port", "port"]),
            name: texts(["Shanghai", "Rotterdam"]),
            locode: texts(["CNSHA", "NLRTM"]),
            country: texts(["CN", "NL"]),
            timezone: texts(["Asia/Shanghai", "Europe/Amsterdam"]),
            population: vec![f64::NAN, 650_000.0],
            main_port: vec![true, true],
            sea_area: vec!["north".into(), "north".into()],
            max_draft_m: vec![17.5, f64::NAN],
            carbon_scheme: texts(["none", "eu_ets"]),
        },
        links: LinkTable {
            origin: vec!["CNSHA".into()],
            destination: vec!["NLRTM".into()],
            mode: vec!["sea".into()],
            distance_km: vec![19_485.0],
            link_id: vec![String::new()],
            oneway: vec![false],
            passages: vec!["suez".into()],
            countries: vec![String::new()],
            gauge_mm: vec![f64::NAN],
            eca_km: vec![412.5],
            speed_km_h: vec![f64::NAN],
            line_km: vec![f64::NAN],
            vehicle_class: vec!["container_ship".into()],
            customs_borders: vec![0.0],
            ..LinkTable::default()
        },
        passages: PassageTable {
            passage_id: vec!["suez".into()],
            name: vec!["Suez Canal".into()],
            default_closed: vec![false],
            draft_limit_m: vec![20.1],
            beam_limit_m: vec![77.5],
        },
        ..NetworkTables::default()
    }
}

fn file() -> Vec<u8> {
    let network = Network::build(tables(), &CancelFlag::default()).unwrap();
    let order = Skeleton::of(&network, &Graph::of(&network), &CancelFlag::default()).unwrap();
    save(&network, Some(&order))
}

/// A file whose body is not packed, as tests change it.
fn unpacked_file() -> Vec<u8> {
    let packed = file();
    let mut whole = packed[..24].to_vec();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(&packed[24..]), &mut whole).unwrap();
    whole
}

/// Packs the body of such a file and puts the length and checksum right.
fn packed_again(file: &[u8]) -> Vec<u8> {
    with_checksum([&file[..24], &encode::packed(&file[24..], &CancelFlag::default()).unwrap()].concat())
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
    assert_eq!(tables.hubs.carbon_scheme, ["none", "eu_ets"]);
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
    let padded = [unpacked_file().as_slice(), &[0]].concat();
    assert!(matches!(load(&packed_again(&padded)), Err(FormatError::Malformed { .. })));
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
    let mut broken = file()[..24].to_vec();
    broken.extend(b"HUBS");
    broken.extend(u32::MAX.to_le_bytes());
    assert!(matches!(load(&packed_again(&broken)), Err(FormatError::Malformed { .. })));
}

#[test]
fn tables_that_make_no_network_are_refused_under_a_right_checksum() {
    let mut broken = tables();
    broken.links.destination[0] = "NOWHERE".into();
    assert!(matches!(
        load(&encode::file(&broken, StoredOrder::default(), &CancelFlag::default()).unwrap()),
        Err(FormatError::Tables(_))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn bodies_of_noise_never_panic(body in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut noise = file()[..24].to_vec();
        noise.extend(body);
        prop_assert!(load(&packed_again(&noise)).is_err());
        prop_assert!(load(&with_checksum(noise)).is_err());
    }

    #[test]
    fn changed_bytes_under_a_right_checksum_never_panic(at in 24..600_usize, byte in any::<u8>()) {
        for (mut changed, is_packed) in [(file(), true), (unpacked_file(), false)] {
            let length = changed.len();
            changed[24 + at % (length - 24)] = byte;
            let _ = load(&if is_packed { with_checksum(changed) } else { packed_again(&changed) });
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
