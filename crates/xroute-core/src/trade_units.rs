//! Units of the trade, each a type of its own: they meet the engine's units by an explicit conversion only.
//!
//! Short tons are no tonnes, nautical miles no kilometres, boxes no tonnes:
//!
//! ```compile_fail
//! use xroute_core::trade_units::ShortTons;
//! use xroute_core::units::{Kilograms, Km, TonneKm};
//!
//! let activity: TonneKm = ShortTons::new(50.0)? * Km::new(100.0)?; // tons are no kilograms
//! # Ok::<(), xroute_core::units::UnitError>(())
//! ```
//!
//! ```compile_fail
//! use xroute_core::trade_units::{Teu, TeuKm};
//! use xroute_core::units::{GramsPerTonneKm, Km};
//!
//! let boxes: TeuKm = Teu::new(10.0)? * Km::new(21_000.0)?;
//! let emitted = boxes * GramsPerTonneKm::new(4.99)?; // TEU-km take no figure per tonne-km
//! # Ok::<(), xroute_core::units::UnitError>(())
//! ```
//!
//! ```
//! use xroute_core::trade_units::{GramsPerTeuKm, Teu, TonnesPerTeu};
//! use xroute_core::units::Km;
//!
//! let boxes = Teu::new(10.0)? * Km::new(21_000.0)?;
//! let figure = GramsPerTeuKm::new(49.9)?;
//! assert!(((boxes * figure).get() - 10_479.0).abs() < 1e-9);
//! assert!((figure.per_tonne_km(TonnesPerTeu::AVERAGE).get() - 4.99).abs() < 1e-12);
//! # Ok::<(), xroute_core::units::UnitError>(())
//! ```

use std::ops::Mul;

use crate::units::{GramsPerTonne, GramsPerTonneKm, KgCo2e, Kilograms, Km, UnitError, quantity};

const KG_PER_TONNE: f64 = 1000.0;
const KG_PER_SHORT_TON: f64 = 907.184_74;
const KM_PER_MILE: f64 = 1.609_344;
const KM_PER_NAUTICAL_MILE: f64 = 1.852;

quantity!(
    /// Mass in metric tonnes.
    Tonnes,
    "mass_t"
);
quantity!(
    /// Mass in short tons of 2,000 lb.
    ShortTons,
    "mass_short_ton"
);
quantity!(
    /// A distance in statute miles.
    Miles,
    "distance_mile"
);
quantity!(
    /// A distance in nautical miles.
    NauticalMiles,
    "distance_nm"
);
quantity!(
    /// Containers, in twenty-foot equivalent units.
    Teu,
    "teu"
);
quantity!(
    /// Transport activity in TEU-kilometres.
    TeuKm,
    "activity_teu_km"
);
quantity!(
    /// Transport activity in short ton-miles.
    ShortTonMiles,
    "activity_ton_mile"
);
quantity!(
    /// Grams of greenhouse gas (as `CO2e`) per TEU-kilometre.
    GramsPerTeuKm,
    "g_teu_km"
);
quantity!(
    /// Grams of greenhouse gas (as `CO2e`) per short ton-mile.
    GramsPerShortTonMile,
    "g_ton_mile"
);
quantity!(
    /// Grams of greenhouse gas (as `CO2e`) per TEU that leaves a hub.
    GramsPerTeu,
    "g_teu"
);

/// Cargo of a twenty-foot unit, in tonnes; never zero.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct TonnesPerTeu(f64);

impl TonnesPerTeu {
    /// Goods of no particular kind.
    pub const AVERAGE: Self = Self(10.0);
    /// Light goods.
    pub const LIGHT: Self = Self(6.0);
    /// Heavy goods.
    pub const HEAVY: Self = Self(14.5);

    /// Checks the value once.
    ///
    /// # Errors
    /// [`UnitError`] for a value that is not finite and above zero.
    pub fn new(value: f64) -> Result<Self, UnitError> {
        if value.is_finite() && value > 0.0 {
            Ok(Self(value))
        } else {
            Err(UnitError { quantity: "tonnes_per_teu", value })
        }
    }
}

impl Tonnes {
    /// The same mass in kilograms.
    #[must_use]
    pub fn kilograms(self) -> Kilograms {
        Kilograms::trusted(self.get() * KG_PER_TONNE)
    }
}

impl ShortTons {
    /// The same mass in kilograms.
    #[must_use]
    pub fn kilograms(self) -> Kilograms {
        Kilograms::trusted(self.get() * KG_PER_SHORT_TON)
    }
}

impl Miles {
    /// The same distance in kilometres.
    #[must_use]
    pub fn km(self) -> Km {
        Km::trusted(self.get() * KM_PER_MILE)
    }
}

impl NauticalMiles {
    /// The same distance in kilometres.
    #[must_use]
    pub fn km(self) -> Km {
        Km::trusted(self.get() * KM_PER_NAUTICAL_MILE)
    }
}

impl Teu {
    /// The usual mass in these boxes.
    #[must_use]
    pub fn kilograms(self, load: TonnesPerTeu) -> Kilograms {
        Kilograms::trusted(self.get() * load.0 * KG_PER_TONNE)
    }
}

impl GramsPerTeuKm {
    /// The same figure per tonne-kilometre, with so many tonnes in a box.
    #[must_use]
    pub fn per_tonne_km(self, load: TonnesPerTeu) -> GramsPerTonneKm {
        GramsPerTonneKm::trusted(self.get() / load.0)
    }
}

impl GramsPerShortTonMile {
    /// The same figure per tonne-kilometre.
    #[must_use]
    pub fn per_tonne_km(self) -> GramsPerTonneKm {
        GramsPerTonneKm::trusted(self.get() * KG_PER_TONNE / (KG_PER_SHORT_TON * KM_PER_MILE))
    }
}

impl GramsPerTeu {
    /// The same figure of a hub per tonne, with so many tonnes in a box.
    #[must_use]
    pub fn per_tonne(self, load: TonnesPerTeu) -> GramsPerTonne {
        GramsPerTonne::trusted(self.get() / load.0)
    }
}

impl Mul<Km> for Teu {
    type Output = TeuKm;

    fn mul(self, distance: Km) -> TeuKm {
        TeuKm(self.0 * distance.get())
    }
}

impl Mul<Miles> for ShortTons {
    type Output = ShortTonMiles;

    fn mul(self, distance: Miles) -> ShortTonMiles {
        ShortTonMiles(self.0 * distance.0)
    }
}

impl Mul<GramsPerTeuKm> for TeuKm {
    type Output = KgCo2e;

    fn mul(self, intensity: GramsPerTeuKm) -> KgCo2e {
        KgCo2e::trusted(self.0 * intensity.0 / 1000.0)
    }
}

impl Mul<GramsPerShortTonMile> for ShortTonMiles {
    type Output = KgCo2e;

    fn mul(self, intensity: GramsPerShortTonMile) -> KgCo2e {
        KgCo2e::trusted(self.0 * intensity.0 / 1000.0)
    }
}

#[cfg(test)]
#[path = "trade_units_tests.rs"]
mod tests;
