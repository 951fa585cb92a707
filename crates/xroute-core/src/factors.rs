//! Emission intensities and the distances they are per.
//!
//! A distance basis is a type. An [`Intensity`] per one basis takes a [`Distance`] of that basis only,
//! and the typed conversions between bases consume what they convert: an adjustment cannot be applied
//! twice, nor to an intensity that already holds it.
//!
//! ```compile_fail
//! use xroute_core::factors::{Distance, Sfd};
//! use xroute_core::units::Km;
//!
//! let sailed = Distance::<Sfd>::measured(Km::new(21_000.0)?).sailed();
//! let twice = sailed.sailed(); // a sailed distance has no second adjustment
//! # Ok::<(), xroute_core::units::UnitError>(())
//! ```
//!
//! ```compile_fail
//! use xroute_core::factors::{Distance, Intensity, Sfd};
//! use xroute_core::mode::Mode;
//! use xroute_core::units::{Kilograms, Km};
//!
//! let end_user = Intensity::<Sfd>::new(Mode::Sea, 1.0, 3.99).unwrap(); // holds the 15 % already
//! let sailed = Distance::<Sfd>::measured(Km::new(21_000.0).unwrap()).sailed();
//! end_user.emission(Kilograms::new(1e5).unwrap(), sailed); // takes no distance that holds it too
//! ```

use std::marker::PhantomData;

use crate::mode::Mode;
use crate::units::{GramsPerTonne, GramsPerTonneKm, Kilograms, Km, TtwKg, UnitError, WttKg, WtwKg};

/// Kilometres that container ships sail for each kilometre of the shortest feasible distance.
const SAILED_PER_SHORTEST: f64 = 1.15;
/// Kilometres that a flight adds to its great circle.
const FLIGHT_EXTRA_KM: f64 = 95.0;
/// A figure a thousand times too small falls below its band, whatever true figure it came from.
const SLIP: f64 = 1000.0;
/// Grams per tonne that a hub may emit, lowest and highest.
const HUB_BAND_G_T: (f64, f64) = (10.0, 200_000.0);

/// Why an intensity cannot answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactorError {
    /// A value that is no quantity.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// No rule turns the one distance into the other.
    #[error("no rule turns a {from} distance into the {to} distance of the factor for {mode}")]
    NoConversion {
        /// How the freight moves.
        mode: &'static str,
        /// Basis of the activity.
        from: &'static str,
        /// Basis of the factor.
        to: &'static str,
    },
    /// A flown distance that leaves no great circle.
    #[error(
        "a flight of {km} km actually flown leaves no great circle: it is at most the 95 km that flights add"
    )]
    TooShort {
        /// Kilometres flown.
        km: f64,
    },
    /// A figure in another unit than it claims.
    #[error(
        "{value} {unit} is outside {low} to {high}, which is plausible for {what}: grams or kilograms, tonne-km or container-km?"
    )]
    Implausible {
        /// What was judged.
        what: &'static str,
        /// WTT and TTW together.
        value: f64,
        /// Unit of the figures.
        unit: &'static str,
        /// Lowest plausible figure.
        low: f64,
        /// Highest plausible figure.
        high: f64,
    },
    /// A product beyond all numbers.
    #[error("the emission is too large for a number")]
    Overflow,
}

impl FactorError {
    /// The column of the element table that is at fault.
    #[must_use]
    pub const fn column(&self) -> &'static str {
        match self {
            Self::Unit(error) => error.quantity,
            Self::NoConversion { .. } => "distance_basis",
            Self::TooShort { .. } => "distance_km",
            Self::Implausible { unit, .. } if unit.len() == "g/t".len() => "wtt_g_t",
            Self::Implausible { .. } => "wtt_g_tkm",
            Self::Overflow => "mass_kg",
        }
    }
}

/// What a number of kilometres measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum DistanceBasis {
    /// Shortest feasible distance.
    Sfd = 0,
    /// Great-circle distance.
    Gcd = 1,
    /// Distance actually covered.
    Actual = 2,
}

impl DistanceBasis {
    /// Every basis, in the order of their codes.
    pub const ALL: [Self; 3] = [Self::Sfd, Self::Gcd, Self::Actual];

    /// The name that tables use.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sfd => "sfd",
            Self::Gcd => "gcd",
            Self::Actual => "actual",
        }
    }

    /// The basis of that code, if there is one.
    #[must_use]
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }
}

/// A distance basis as a type.
pub trait Basis: Copy {
    /// The same basis as a value.
    const BASIS: DistanceBasis;
}

/// Shortest feasible distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sfd;
/// Great-circle distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcd;
/// Distance actually covered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Actual;

impl Basis for Sfd {
    const BASIS: DistanceBasis = DistanceBasis::Sfd;
}
impl Basis for Gcd {
    const BASIS: DistanceBasis = DistanceBasis::Gcd;
}
impl Basis for Actual {
    const BASIS: DistanceBasis = DistanceBasis::Actual;
}

/// Kilometres of one basis, and the adjustment that brought them there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Distance<B: Basis> {
    km: f64,
    adjustment: f64,
    basis: PhantomData<B>,
}

impl<B: Basis> Distance<B> {
    /// Kilometres measured on this basis.
    #[must_use]
    pub const fn measured(km: Km) -> Self {
        Self { km: km.get(), adjustment: 1.0, basis: PhantomData }
    }

    /// Kilometres on this basis.
    #[must_use]
    pub const fn km(self) -> f64 {
        self.km
    }

    /// These kilometres over those measured.
    #[must_use]
    pub const fn adjustment(self) -> f64 {
        self.adjustment
    }

    fn times<To: Basis>(self, ratio: f64) -> Distance<To> {
        Distance { km: self.km * ratio, adjustment: self.adjustment * ratio, basis: PhantomData }
    }
}

impl Distance<Sfd> {
    /// What a ship sails.
    #[must_use]
    pub fn sailed(self) -> Distance<Actual> {
        self.times(SAILED_PER_SHORTEST)
    }

    /// What a vehicle on land or inland water covers: no default adjustment.
    #[must_use]
    pub fn driven(self) -> Distance<Actual> {
        self.times(1.0)
    }
}

impl Distance<Gcd> {
    /// What an aircraft flies; no flight, no extra.
    #[must_use]
    pub fn flown(self) -> Distance<Actual> {
        let ratio = if self.km > 0.0 { (self.km + FLIGHT_EXTRA_KM) / self.km } else { 1.0 };
        self.times(ratio)
    }
}

impl Distance<Actual> {
    /// The shortest feasible distance of what a ship sailed.
    #[must_use]
    pub fn shortest_at_sea(self) -> Distance<Sfd> {
        self.times(1.0 / SAILED_PER_SHORTEST)
    }

    /// The shortest feasible distance of what was driven: no default adjustment.
    #[must_use]
    pub fn shortest_on_land(self) -> Distance<Sfd> {
        self.times(1.0)
    }

    /// The great circle of what was flown.
    ///
    /// # Errors
    /// [`FactorError::TooShort`] when the flight is no longer than what flights add.
    pub fn great_circle(self) -> Result<Distance<Gcd>, FactorError> {
        if self.km == 0.0 {
            return Ok(self.times(1.0));
        }
        if self.km <= FLIGHT_EXTRA_KM {
            return Err(FactorError::TooShort { km: self.km });
        }
        Ok(self.times((self.km - FLIGHT_EXTRA_KM) / self.km))
    }
}

/// Turns kilometres measured on any basis into the basis `B` that a factor is per.
///
/// # Errors
/// [`FactorError::NoConversion`] where no rule exists, [`FactorError::TooShort`] for a short flight.
pub fn restated<B: Basis>(mode: Mode, km: Km, measured: DistanceBasis) -> Result<Distance<B>, FactorError> {
    use DistanceBasis as Is;
    use Mode::{Air, Ferry, InlandWaterway, Rail, Road, Sea};
    if measured == B::BASIS {
        return Ok(Distance::measured(km));
    }
    let adjustment = match (mode, measured, B::BASIS) {
        (Sea | Ferry, Is::Sfd, Is::Actual) => Distance::measured(km).sailed().adjustment(),
        (Sea | Ferry, Is::Actual, Is::Sfd) => Distance::measured(km).shortest_at_sea().adjustment(),
        (Road | Rail | InlandWaterway, Is::Sfd, Is::Actual) => Distance::measured(km).driven().adjustment(),
        (Road | Rail | InlandWaterway, Is::Actual, Is::Sfd) => {
            Distance::measured(km).shortest_on_land().adjustment()
        }
        (Air, Is::Gcd, Is::Actual) => Distance::measured(km).flown().adjustment(),
        (Air, Is::Actual, Is::Gcd) => Distance::measured(km).great_circle()?.adjustment(),
        (_, from, to) => {
            return Err(FactorError::NoConversion { mode: mode.name(), from: from.name(), to: to.name() });
        }
    };
    Ok(Distance::<B>::measured(km).times(adjustment))
}

/// Energy provision (WTT) and operation (TTW) of one element.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Emission {
    /// Well to tank.
    pub wtt: WttKg,
    /// Tank to wheel.
    pub ttw: TtwKg,
}

impl Emission {
    /// Both together.
    #[must_use]
    pub fn wtw(self) -> WtwKg {
        self.wtt + self.ttw
    }

    fn checked(self) -> Result<Self, FactorError> {
        if self.wtw().get().is_finite() { Ok(self) } else { Err(FactorError::Overflow) }
    }
}

/// Grams of `CO2e` per tonne-km of basis `B`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intensity<B: Basis> {
    wtt: GramsPerTonneKm,
    ttw: GramsPerTonneKm,
    basis: PhantomData<B>,
}

impl<B: Basis> Intensity<B> {
    /// Checks that the figures are quantities and plausible for the mode.
    ///
    /// # Errors
    /// [`FactorError::Unit`] or [`FactorError::Implausible`].
    pub fn new(mode: Mode, wtt_g_tkm: f64, ttw_g_tkm: f64) -> Result<Self, FactorError> {
        let wtt = grams_per_tonne_km(wtt_g_tkm, "wtt_g_tkm")?;
        let ttw = grams_per_tonne_km(ttw_g_tkm, "ttw_g_tkm")?;
        let high = ceiling_g_tkm(mode);
        plausible(mode.name(), "g/tkm", wtt_g_tkm + ttw_g_tkm, (high / SLIP, high))?;
        Ok(Self { wtt, ttw, basis: PhantomData })
    }

    /// What this mass emits over a distance of the same basis.
    ///
    /// # Errors
    /// [`FactorError::Overflow`].
    pub fn emission(self, mass: Kilograms, distance: Distance<B>) -> Result<Emission, FactorError> {
        let activity = mass * Km::new(distance.km()).map_err(|_| FactorError::Overflow)?;
        let (wtt, ttw) = (activity * self.wtt, activity * self.ttw);
        Emission { wtt: wtt.of_provision(), ttw: ttw.of_operation() }.checked()
    }
}

/// Grams of `CO2e` per tonne that leaves a hub.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HubIntensity {
    wtt: GramsPerTonne,
    ttw: GramsPerTonne,
}

impl HubIntensity {
    /// Checks that the figures are quantities and plausible for a hub.
    ///
    /// # Errors
    /// [`FactorError::Unit`] or [`FactorError::Implausible`].
    pub fn new(wtt_g_t: f64, ttw_g_t: f64) -> Result<Self, FactorError> {
        let named = |quantity| move |error| UnitError { quantity, ..error };
        let wtt = GramsPerTonne::new(wtt_g_t).map_err(named("wtt_g_t"))?;
        let ttw = GramsPerTonne::new(ttw_g_t).map_err(named("ttw_g_t"))?;
        plausible("a hub", "g/t", wtt_g_t + ttw_g_t, HUB_BAND_G_T)?;
        Ok(Self { wtt, ttw })
    }

    /// What this mass emits on leaving the hub.
    ///
    /// # Errors
    /// [`FactorError::Overflow`].
    pub fn emission(self, mass: Kilograms) -> Result<Emission, FactorError> {
        let (wtt, ttw) = (mass * self.wtt, mass * self.ttw);
        Emission { wtt: wtt.of_provision(), ttw: ttw.of_operation() }.checked()
    }
}

/// The highest plausible WTW intensity of a mode, g/tkm; roll-on freight is judged as ferry.
#[must_use]
pub const fn ceiling_g_tkm(mode: Mode) -> f64 {
    match mode {
        Mode::Air => 6000.0,
        Mode::Road => 2000.0,
        Mode::Ferry => 700.0,
        Mode::Rail | Mode::InlandWaterway => 150.0,
        Mode::Sea => 60.0,
    }
}

fn grams_per_tonne_km(value: f64, quantity: &'static str) -> Result<GramsPerTonneKm, UnitError> {
    GramsPerTonneKm::new(value).map_err(|error| UnitError { quantity, ..error })
}

/// Zero is plausible (a bicycle, certified power); anything else lies within the band.
fn plausible(
    what: &'static str,
    unit: &'static str,
    value: f64,
    (low, high): (f64, f64),
) -> Result<(), FactorError> {
    if value == 0.0 || (low..=high).contains(&value) {
        Ok(())
    } else {
        Err(FactorError::Implausible { what, value, unit, low, high })
    }
}

#[cfg(test)]
#[path = "factors_tests.rs"]
mod tests;
