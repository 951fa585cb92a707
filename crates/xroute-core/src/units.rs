//! Quantities, each checked once when it is made and trusted from then on.

use std::ops::{Div, Mul};

/// A value that is no quantity: NaN, an infinity or below zero.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("expected a finite number of at least 0 for {quantity}, got {value}")]
pub struct UnitError {
    /// The quantity with its unit, as tables name it.
    pub quantity: &'static str,
    /// What was given.
    pub value: f64,
}

macro_rules! quantity {
    ($(#[$about:meta])* $name:ident, $column:literal) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(f64);

        impl $name {
            /// Checks the value once; every later use may trust it.
            ///
            /// # Errors
            /// [`UnitError`] for NaN, an infinity or a negative value.
            pub fn new(value: f64) -> Result<Self, UnitError> {
                if value.is_finite() && value >= 0.0 {
                    Ok(Self(value))
                } else {
                    Err(UnitError { quantity: $column, value })
                }
            }

            /// The bare number, in the unit of the type.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }
    };
}

quantity!(
    /// Freight mass in kilograms: goods with the shipper's packaging, without boxes and pallets of the carrier.
    Kilograms,
    "mass_kg"
);
quantity!(
    /// A distance in kilometres, of no particular basis.
    Km,
    "distance_km"
);
quantity!(
    /// Transport activity in tonne-kilometres.
    TonneKm,
    "activity_tkm"
);
quantity!(
    /// Grams of greenhouse gas (as `CO2e`) per tonne-kilometre.
    GramsPerTonneKm,
    "g_tkm"
);
quantity!(
    /// Grams of greenhouse gas (as `CO2e`) per tonne that leaves a hub.
    GramsPerTonne,
    "g_t"
);
quantity!(
    /// Kilograms of greenhouse gas, as `CO2e`.
    KgCo2e,
    "co2e_kg"
);

impl Mul<Km> for Kilograms {
    type Output = TonneKm;

    fn mul(self, distance: Km) -> TonneKm {
        TonneKm(self.0 * distance.0 / 1000.0)
    }
}

impl Mul<GramsPerTonneKm> for TonneKm {
    type Output = KgCo2e;

    fn mul(self, intensity: GramsPerTonneKm) -> KgCo2e {
        KgCo2e(self.0 * intensity.0 / 1000.0)
    }
}

impl Mul<GramsPerTonne> for Kilograms {
    type Output = KgCo2e;

    fn mul(self, intensity: GramsPerTonne) -> KgCo2e {
        KgCo2e(self.0 * intensity.0 / 1e6)
    }
}

impl Div for Km {
    type Output = f64;

    fn div(self, other: Self) -> f64 {
        self.0 / other.0
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
