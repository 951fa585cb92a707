//! Quantities, each checked once when it is made and trusted from then on.

use std::ops::{Add, Div, Mul};

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

            /// A value that follows from checked ones.
            #[allow(dead_code)] // not every quantity is the outcome of a conversion
            pub(crate) const fn trusted(value: f64) -> Self {
                Self(value)
            }
        }
    };
}
pub(crate) use quantity;

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
quantity!(
    /// Energy provision (well to tank), kg `CO2e`.
    WttKg,
    "wtt_co2e_kg"
);
quantity!(
    /// Operation (tank to wheel), kg `CO2e`.
    TtwKg,
    "ttw_co2e_kg"
);
quantity!(
    /// Provision and operation together (well to wheel), kg `CO2e`: the sum of both and of nothing else.
    ///
    /// ```compile_fail
    /// use xroute_core::units::{TtwKg, WtwKg};
    ///
    /// let whole: WtwKg = TtwKg::new(16.0)? + TtwKg::new(16.0)?; // operation alone is not the whole
    /// # Ok::<(), xroute_core::units::UnitError>(())
    /// ```
    WtwKg,
    "wtw_co2e_kg"
);

impl Add<TtwKg> for WttKg {
    type Output = WtwKg;

    fn add(self, operation: TtwKg) -> WtwKg {
        WtwKg(self.0 + operation.0)
    }
}

impl KgCo2e {
    /// The same gas as provision.
    #[must_use]
    pub const fn of_provision(self) -> WttKg {
        WttKg(self.0)
    }

    /// The same gas as operation.
    #[must_use]
    pub const fn of_operation(self) -> TtwKg {
        TtwKg(self.0)
    }
}

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
