use super::*;

fn km(value: f64) -> Km {
    Km::new(value).unwrap()
}

fn adjustment(
    mode: Mode,
    distance_km: f64,
    from: DistanceBasis,
    to: DistanceBasis,
) -> Result<f64, FactorError> {
    match to {
        DistanceBasis::Sfd => restated::<Sfd>(mode, km(distance_km), from).map(Distance::adjustment),
        DistanceBasis::Gcd => restated::<Gcd>(mode, km(distance_km), from).map(Distance::adjustment),
        DistanceBasis::Actual => restated::<Actual>(mode, km(distance_km), from).map(Distance::adjustment),
    }
}

#[test]
fn equal_bases_need_no_adjustment() {
    for mode in Mode::ALL {
        for basis in DistanceBasis::ALL {
            assert_eq!(adjustment(mode, 800.0, basis, basis), Ok(1.0));
        }
    }
}

#[test]
fn a_container_ship_sails_fifteen_per_cent_more() {
    assert_eq!(adjustment(Mode::Sea, 21_000.0, DistanceBasis::Sfd, DistanceBasis::Actual), Ok(1.15));
}

#[test]
fn a_flight_adds_95_km_to_its_great_circle() {
    assert_eq!(adjustment(Mode::Air, 950.0, DistanceBasis::Gcd, DistanceBasis::Actual), Ok(1.1));
    assert_eq!(adjustment(Mode::Air, 1045.0, DistanceBasis::Actual, DistanceBasis::Gcd), Ok(950.0 / 1045.0));
}

#[test]
fn there_and_back_is_where_it_began() {
    let sea = Distance::<Sfd>::measured(km(8000.0)).sailed().shortest_at_sea();
    assert!((sea.km() - 8000.0).abs() < 1e-9);
    let air = Distance::<Gcd>::measured(km(8000.0)).flown().great_circle().unwrap();
    assert!((air.km() - 8000.0).abs() < 1e-9);
}

#[test]
fn land_has_no_default_adjustment() {
    for mode in [Mode::Road, Mode::Rail, Mode::InlandWaterway] {
        assert_eq!(adjustment(mode, 300.0, DistanceBasis::Sfd, DistanceBasis::Actual), Ok(1.0));
    }
}

#[test]
fn bases_without_a_rule_are_refused() {
    let error = adjustment(Mode::Sea, 300.0, DistanceBasis::Gcd, DistanceBasis::Actual).unwrap_err();
    assert_eq!(error, FactorError::NoConversion { mode: "sea", from: "gcd", to: "actual" });
    assert!(adjustment(Mode::Air, 300.0, DistanceBasis::Sfd, DistanceBasis::Gcd).is_err());
    assert!(adjustment(Mode::Road, 300.0, DistanceBasis::Gcd, DistanceBasis::Sfd).is_err());
}

#[test]
fn a_flight_shorter_than_its_extra_has_no_great_circle() {
    let error = adjustment(Mode::Air, 95.0, DistanceBasis::Actual, DistanceBasis::Gcd).unwrap_err();
    assert_eq!(error, FactorError::TooShort { km: 95.0 });
    assert_eq!(adjustment(Mode::Air, 0.0, DistanceBasis::Gcd, DistanceBasis::Actual), Ok(1.0));
}

#[test]
fn any_figure_of_a_mode_read_a_thousand_times_off_is_refused() {
    for mode in Mode::ALL {
        let high = ceiling_g_tkm(mode);
        for true_figure in [high, high / 2.0, high / 900.0] {
            assert!(Intensity::<Sfd>::new(mode, 0.0, true_figure).is_ok());
            let too_small = Intensity::<Sfd>::new(mode, 0.0, true_figure / 1000.1).unwrap_err();
            assert!(matches!(too_small, FactorError::Implausible { .. }));
            assert!(Intensity::<Sfd>::new(mode, 0.0, true_figure * 1000.0).is_err());
        }
    }
}

#[test]
fn a_bicycle_emits_nothing() {
    assert!(Intensity::<Actual>::new(Mode::Road, 0.0, 0.0).is_ok());
}

#[test]
fn an_error_names_its_column() {
    let column = |wtt, ttw| Intensity::<Sfd>::new(Mode::Road, wtt, ttw).unwrap_err().column();
    assert_eq!(column(f64::NAN, 80.0), "wtt_g_tkm");
    assert_eq!(column(20.0, -80.0), "ttw_g_tkm");
    assert_eq!(HubIntensity::new(1.0, f64::INFINITY).unwrap_err().column(), "ttw_g_t");
    assert_eq!(HubIntensity::new(1.0, 1.0).unwrap_err().column(), "wtt_g_t");
}
