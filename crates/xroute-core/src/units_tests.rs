use super::*;

#[test]
fn nan_infinity_and_negative_values_are_no_quantity() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e-300] {
        let error = Kilograms::new(value).unwrap_err();
        assert_eq!(error.quantity, "mass_kg");
    }
    assert!(Km::new(0.0).is_ok());
}

#[test]
fn mass_times_distance_is_tonne_kilometres() {
    let activity = Kilograms::new(230.0).unwrap() * Km::new(700.0).unwrap();
    assert_eq!(activity, TonneKm::new(161.0).unwrap());
}

#[test]
fn activity_times_intensity_is_kilograms() {
    let emitted = TonneKm::new(16_920.0).unwrap() * GramsPerTonneKm::new(116.0).unwrap();
    assert!((emitted.get() - 1962.72).abs() < 1e-9);
}

#[test]
fn hub_mass_times_intensity_is_kilograms() {
    let emitted = Kilograms::new(4000.0).unwrap() * GramsPerTonne::new(33_000.0).unwrap();
    assert!((emitted.get() - 132.0).abs() < 1e-12);
}
