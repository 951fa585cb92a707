//! Distances on the WGS 84 ellipsoid.

use geographiclib_rs::{Geodesic, InverseGeodesic};

/// The geodesic distance in kilometres between two points in degrees.
#[must_use]
pub fn distance_km(lat_a: f64, lon_a: f64, lat_b: f64, lon_b: f64) -> f64 {
    let metres: f64 = Geodesic::wgs84().inverse(lat_a, lon_a, lat_b, lon_b);
    metres / 1000.0
}
