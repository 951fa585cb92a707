use super::*;

fn is_near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 1e-12 * wanted.abs()
}

#[test]
fn nothing_that_is_no_quantity_is_a_unit() {
    for value in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(ShortTons::new(value).is_err());
        assert!(NauticalMiles::new(value).is_err());
        assert!(Teu::new(value).is_err());
        assert!(TonnesPerTeu::new(value).is_err());
    }
    assert_eq!(TonnesPerTeu::new(0.0).unwrap_err().quantity, "tonnes_per_teu");
}

#[test]
fn a_train_in_tons_and_miles_emits_the_same_in_tonnes_and_kilometres() {
    let (mass, way) = (ShortTons::new(50.0).unwrap(), Miles::new(2672.0).unwrap());
    let figure = GramsPerShortTonMile::new(17.0).unwrap();
    let theirs = (mass * way) * figure;
    let ours = (mass.kilograms() * way.km()) * figure.per_tonne_km();
    assert!(is_near(theirs.get(), 2271.2));
    assert!(is_near(ours.get(), theirs.get()));
    assert!((figure.per_tonne_km().get() - 11.644).abs() < 1e-3);
}

#[test]
fn boxes_have_a_mass_by_the_kind_of_goods() {
    let boxes = Teu::new(2.0).unwrap();
    for (load, kilograms) in
        [(TonnesPerTeu::LIGHT, 12_000.0), (TonnesPerTeu::AVERAGE, 20_000.0), (TonnesPerTeu::HEAVY, 29_000.0)]
    {
        assert!(is_near(boxes.kilograms(load).get(), kilograms));
    }
    let hub = GramsPerTeu::new(13_000.0).unwrap().per_tonne(TonnesPerTeu::AVERAGE);
    assert!(is_near(hub.get(), 1300.0));
}

#[test]
fn miles_of_the_sea_are_longer_than_those_of_the_land() {
    assert!(is_near(NauticalMiles::new(10.0).unwrap().km().get(), 18.52));
    assert!(is_near(Miles::new(10.0).unwrap().km().get(), 16.09344));
    assert!(is_near(Tonnes::new(1.5).unwrap().kilograms().get(), 1500.0));
}
