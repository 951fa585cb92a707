use super::*;
use proptest::prelude::*;

const SEA: u8 = Mode::Sea as u8;
const ROAD: u8 = Mode::Road as u8;
const SFD: u8 = DistanceBasis::Sfd as u8;
const ACTUAL: u8 = DistanceBasis::Actual as u8;

fn one(
    mass_kg: f64,
    distance_km: f64,
    codes: [u8; 3],
    wtt: f64,
    ttw: f64,
) -> Result<Emissions, FootprintError> {
    let elements = Elements {
        mass_kg: &[mass_kg],
        distance_km: &[distance_km],
        activity_basis: &codes[0..1],
        factor_basis: &codes[1..2],
        mode: &codes[2..3],
        wtt_g_tkm: &[wtt],
        ttw_g_tkm: &[ttw],
    };
    emissions(&elements, &CancelFlag::default())
}

#[test]
fn a_truck_load_is_mass_times_distance_times_intensity() {
    let emitted = one(40_000.0, 423.0, [SFD, SFD, ROAD], 27.0, 89.0).unwrap();
    assert!((emitted.ttw_kg[0] - 1505.88).abs() < 1e-9);
    assert!((emitted.wtt_kg[0] + emitted.ttw_kg[0] - 1962.72).abs() < 1e-9);
    assert_eq!(emitted.adjustment, [1.0]);
}

#[test]
fn a_factor_per_km_sailed_adjusts_the_shortest_distance_once() {
    let emitted = one(1000.0, 20_000.0, [SFD, ACTUAL, SEA], 4.0, 16.0).unwrap();
    assert_eq!(emitted.adjustment, [1.15]);
    assert!((emitted.ttw_kg[0] - 368.0).abs() < 1e-9);
    let already = one(1000.0, 20_000.0, [SFD, SFD, SEA], 4.0, 16.0).unwrap();
    assert!((already.ttw_kg[0] - 320.0).abs() < 1e-9);
}

#[test]
fn a_hub_is_tonnes_leaving_times_intensity() {
    let emitted = hub_emissions(&[4000.0], &[23_000.0], &[10_000.0], &CancelFlag::default()).unwrap();
    assert!((emitted.wtt_kg[0] + emitted.ttw_kg[0] - 132.0).abs() < 1e-9);
}

#[test]
fn errors_name_row_and_column() {
    let error = one(f64::NAN, 1.0, [SFD, SFD, ROAD], 1.0, 80.0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "elements row 1, column 'mass_kg': expected a finite number of at least 0 for mass_kg, got NaN"
    );
    let error = one(1.0, 1.0, [9, SFD, ROAD], 1.0, 80.0).unwrap_err();
    assert_eq!(error, FootprintError::Code { position: 0, column: "activity_basis", code: 9 });
}

#[test]
fn columns_of_different_lengths_are_refused() {
    let error = hub_emissions(&[1.0, 2.0], &[1.0], &[1.0, 2.0], &CancelFlag::default()).unwrap_err();
    assert_eq!(error, FootprintError::Length { column: "wtt_g_t", found: 1, expected: 2 });
}

#[test]
fn a_product_beyond_all_numbers_is_refused() {
    let error = one(1e200, 1e200, [SFD, SFD, ROAD], 1.0, 80.0).unwrap_err();
    assert_eq!(error, FootprintError::Element { position: 0, error: FactorError::Overflow });
}

#[test]
fn a_raised_flag_stops_the_work() {
    let cancel = CancelFlag::default();
    cancel.raise();
    assert_eq!(hub_emissions(&[1.0], &[100.0], &[0.0], &cancel), Err(FootprintError::Cancelled(Cancelled)));
}

proptest! {
    #[test]
    fn emission_is_linear_in_mass_and_grows_with_distance(mass in 0.0..1e6, distance in 0.0..2e4, wtt in 1.0..20.0, ttw in 2.0..40.0) {
        let once = one(mass, distance, [SFD, ACTUAL, SEA], wtt, ttw).unwrap();
        let twice = one(2.0 * mass, distance, [SFD, ACTUAL, SEA], wtt, ttw).unwrap();
        let farther = one(mass, distance + 1.0, [SFD, ACTUAL, SEA], wtt, ttw).unwrap();
        prop_assert!((twice.ttw_kg[0] - 2.0 * once.ttw_kg[0]).abs() <= 1e-12 * twice.ttw_kg[0]);
        prop_assert!(farther.wtt_kg[0] >= once.wtt_kg[0]);
    }

    #[test]
    fn splitting_a_leg_changes_nothing(mass in 1.0..1e6, distance in 1.0..2e4, share in 0.0..1.0) {
        let whole = one(mass, distance, [SFD, ACTUAL, SEA], 4.0, 16.0).unwrap().ttw_kg[0];
        let parts: f64 = [share, 1.0 - share]
            .map(|part| one(mass, distance * part, [SFD, ACTUAL, SEA], 4.0, 16.0).unwrap().ttw_kg[0])
            .iter()
            .sum();
        prop_assert!((whole - parts).abs() <= 1e-12 * whole);
    }
}
