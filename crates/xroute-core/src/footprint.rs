//! Greenhouse gas of arrays of transport and hub elements.

use crate::cancel::{CancelFlag, Cancelled};
use crate::factors::{
    Actual, Basis, DistanceBasis, Emission, FactorError, Gcd, HubIntensity, Intensity, Sfd, restated,
};
use crate::mode::Mode;
use crate::units::{Kilograms, Km};

/// Why the elements have no footprint.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FootprintError {
    /// One element is at fault.
    #[error("elements row {}, column '{}': {error}", position + 1, error.column())]
    Element {
        /// Its position, counted from 0.
        position: usize,
        /// What is wrong with it.
        error: FactorError,
    },
    /// A code that names no mode or basis.
    #[error("elements row {}, column '{column}': no such code: {code}", position + 1)]
    Code {
        /// Position of the element, counted from 0.
        position: usize,
        /// The column of the code.
        column: &'static str,
        /// The code.
        code: u8,
    },
    /// Columns of different lengths.
    #[error("elements: column '{column}' has {found} values where mass_kg has {expected}")]
    Length {
        /// The column that differs.
        column: &'static str,
        /// Values found.
        found: usize,
        /// Values expected.
        expected: usize,
    },
    /// The caller gave up.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl FootprintError {
    /// Position, column and fault of the element, where one element is at fault.
    #[must_use]
    pub fn element(&self) -> Option<(usize, &'static str, String)> {
        match *self {
            Self::Element { position, error } => Some((position, error.column(), error.to_string())),
            Self::Code { position, column, code } => {
                Some((position, column, format!("no such code: {code}")))
            }
            Self::Length { .. } | Self::Cancelled(_) => None,
        }
    }
}

/// Columns of transport elements; bases and modes by their codes.
#[derive(Debug, Clone, Copy)]
pub struct Elements<'a> {
    /// Mass with shipper's packaging.
    pub mass_kg: &'a [f64],
    /// Distance of the activity.
    pub distance_km: &'a [f64],
    /// [`DistanceBasis`] of that distance.
    pub activity_basis: &'a [u8],
    /// [`DistanceBasis`] that the factor is per.
    pub factor_basis: &'a [u8],
    /// [`Mode`] of the factor.
    pub mode: &'a [u8],
    /// Well to tank.
    pub wtt_g_tkm: &'a [f64],
    /// Tank to wheel.
    pub ttw_g_tkm: &'a [f64],
}

/// What each element emits.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Emissions {
    /// Well to tank, kg `CO2e`.
    pub wtt_kg: Vec<f64>,
    /// Tank to wheel, kg `CO2e`.
    pub ttw_kg: Vec<f64>,
    /// The distance adjustment that was applied, 1 at a hub.
    pub adjustment: Vec<f64>,
}

impl Emissions {
    fn with_capacity(count: usize) -> Self {
        let column = || Vec::with_capacity(count);
        Self { wtt_kg: column(), ttw_kg: column(), adjustment: column() }
    }

    fn push(&mut self, (emission, adjustment): (Emission, f64)) {
        self.wtt_kg.push(emission.wtt.get());
        self.ttw_kg.push(emission.ttw.get());
        self.adjustment.push(adjustment);
    }
}

/// What transport elements emit: mass x distance x adjustment x intensity.
///
/// # Errors
/// [`FootprintError`] naming the first element at fault.
pub fn emissions(elements: &Elements<'_>, cancel: &CancelFlag) -> Result<Emissions, FootprintError> {
    elements.check_lengths()?;
    let mut emitted = Emissions::with_capacity(elements.mass_kg.len());
    for position in 0..elements.mass_kg.len() {
        cancel.check_every_1024(position)?;
        emitted.push(elements.emission(position)?);
    }
    Ok(emitted)
}

/// A figure as many elements use it: one adjustment whatever the distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// Kilometres of the factor's basis for each kilometre of the activity's.
    pub adjustment: f64,
    /// Well to tank.
    pub wtt_g_tkm: f64,
    /// Tank to wheel.
    pub ttw_g_tkm: f64,
}

/// Where the emissions of elements are written: kg `CO2e`, and the adjustment.
#[derive(Debug)]
pub struct Emitted<'a> {
    /// Well to tank.
    pub wtt_kg: &'a mut [f64],
    /// Tank to wheel.
    pub ttw_kg: &'a mut [f64],
    /// Their sum.
    pub wtw_kg: &'a mut [f64],
    /// The distance adjustment that was applied.
    pub adjustment: &'a mut [f64],
}

/// What elements emit that share few figures: `figure` numbers the one of each element.
///
/// # Errors
/// [`FootprintError`] naming the first element at fault, or a column of another length.
pub fn emissions_by_figure(
    (mass_kg, distance_km): (&[f64], &[f64]),
    figure: &[u16],
    figures: &[Figure],
    emitted: &mut Emitted<'_>,
    cancel: &CancelFlag,
) -> Result<(), FootprintError> {
    let lengths = [
        ("distance_km", distance_km.len()),
        ("figure", figure.len()),
        ("wtt_kg", emitted.wtt_kg.len()),
        ("ttw_kg", emitted.ttw_kg.len()),
        ("wtw_kg", emitted.wtw_kg.len()),
        ("adjustment", emitted.adjustment.len()),
    ];
    same_length(mass_kg.len(), &lengths)?;
    let columns = mass_kg.iter().zip(distance_km).zip(figure);
    let wtx = emitted.wtt_kg.iter_mut().zip(emitted.ttw_kg.iter_mut());
    let rest = emitted.wtw_kg.iter_mut().zip(emitted.adjustment.iter_mut());
    for (position, (((&mass, &km), &number), ((wtt, ttw), (wtw, adjustment)))) in
        columns.zip(wtx.zip(rest)).enumerate()
    {
        cancel.check_every_1024(position)?;
        let at_fault = |error| FootprintError::Element { position, error };
        if !(0.0..f64::INFINITY).contains(&mass) {
            Kilograms::new(mass).map_err(|error| at_fault(error.into()))?;
        }
        if !(0.0..f64::INFINITY).contains(&km) {
            Km::new(km).map_err(|error| at_fault(error.into()))?;
        }
        let Some(used) = figures.get(usize::from(number)) else {
            return Err(FootprintError::Code { position, column: "figure", code: u8::MAX });
        };
        let activity_tkm = mass * (km * used.adjustment) / 1000.0;
        *wtt = activity_tkm * used.wtt_g_tkm / 1000.0;
        *ttw = activity_tkm * used.ttw_g_tkm / 1000.0;
        *wtw = *wtt + *ttw;
        *adjustment = used.adjustment;
    }
    Ok(())
}

/// What hub elements emit: tonnes leaving x intensity.
///
/// # Errors
/// [`FootprintError`] naming the first element at fault.
pub fn hub_emissions(
    mass_kg: &[f64],
    wtt_g_t: &[f64],
    ttw_g_t: &[f64],
    cancel: &CancelFlag,
) -> Result<Emissions, FootprintError> {
    same_length(mass_kg.len(), &[("wtt_g_t", wtt_g_t.len()), ("ttw_g_t", ttw_g_t.len())])?;
    let mut emitted = Emissions::with_capacity(mass_kg.len());
    for (position, ((&mass, &wtt), &ttw)) in mass_kg.iter().zip(wtt_g_t).zip(ttw_g_t).enumerate() {
        cancel.check_every_1024(position)?;
        let emission = hub_emission(mass, wtt, ttw);
        emitted.push((emission.map_err(|error| FootprintError::Element { position, error })?, 1.0));
    }
    Ok(emitted)
}

impl Elements<'_> {
    fn check_lengths(&self) -> Result<(), FootprintError> {
        let lengths = [
            ("distance_km", self.distance_km.len()),
            ("activity_basis", self.activity_basis.len()),
            ("factor_basis", self.factor_basis.len()),
            ("mode", self.mode.len()),
            ("wtt_g_tkm", self.wtt_g_tkm.len()),
            ("ttw_g_tkm", self.ttw_g_tkm.len()),
        ];
        same_length(self.mass_kg.len(), &lengths)
    }

    fn emission(&self, at: usize) -> Result<(Emission, f64), FootprintError> {
        let code = |column, code| FootprintError::Code { position: at, column, code };
        let mode = *Mode::ALL.get(usize::from(self.mode[at])).ok_or_else(|| code("mode", self.mode[at]))?;
        let measured = DistanceBasis::from_code(self.activity_basis[at])
            .ok_or_else(|| code("activity_basis", self.activity_basis[at]))?;
        let per = DistanceBasis::from_code(self.factor_basis[at])
            .ok_or_else(|| code("factor_basis", self.factor_basis[at]))?;
        let emission = match per {
            DistanceBasis::Sfd => self.on_basis::<Sfd>(at, mode, measured),
            DistanceBasis::Gcd => self.on_basis::<Gcd>(at, mode, measured),
            DistanceBasis::Actual => self.on_basis::<Actual>(at, mode, measured),
        };
        emission.map_err(|error| FootprintError::Element { position: at, error })
    }

    fn on_basis<B: Basis>(
        &self,
        at: usize,
        mode: Mode,
        measured: DistanceBasis,
    ) -> Result<(Emission, f64), FactorError> {
        let mass = Kilograms::new(self.mass_kg[at])?;
        let distance = restated::<B>(mode, Km::new(self.distance_km[at])?, measured)?;
        let intensity = Intensity::<B>::new(mode, self.wtt_g_tkm[at], self.ttw_g_tkm[at])?;
        Ok((intensity.emission(mass, distance)?, distance.adjustment()))
    }
}

fn hub_emission(mass_kg: f64, wtt_g_t: f64, ttw_g_t: f64) -> Result<Emission, FactorError> {
    HubIntensity::new(wtt_g_t, ttw_g_t)?.emission(Kilograms::new(mass_kg)?)
}

fn same_length(expected: usize, lengths: &[(&'static str, usize)]) -> Result<(), FootprintError> {
    match lengths.iter().find(|(_, found)| *found != expected) {
        Some(&(column, found)) => Err(FootprintError::Length { column, found, expected }),
        None => Ok(()),
    }
}

#[cfg(test)]
#[path = "footprint_tests.rs"]
mod tests;
