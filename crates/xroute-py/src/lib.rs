//! The extension module `xroute._core`: it converts, calls and converts back.

mod columns;
mod door;
mod errors;
mod facility;
mod flow;
mod footprint;
mod hierarchy;
mod metric;
mod network;
mod route;
mod streams;
mod tables;
mod terms;
mod via;

use pyo3::prelude::*;

use xroute_core::hub::HubKind;
use xroute_core::mode::Mode;

/// The Rust core of xroute.
#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<network::Network>()?;
    module.add_class::<metric::Metric>()?;
    module.add_class::<hierarchy::Prepared>()?;
    module.add_class::<route::FoundRoute>()?;
    facility::register(module)?;
    flow::register(module)?;
    footprint::register(module)?;
    module.add_function(wrap_pyfunction!(geodesic_km, module)?)?;
    module.add("MODES", Mode::ALL.map(Mode::name).to_vec())?;
    module.add("HUB_KINDS", HubKind::ALL.map(HubKind::name).to_vec())?;
    module.add("IS_DEBUG_BUILD", cfg!(debug_assertions))?;
    module.add("FORMAT_VERSION", xroute_io::FORMAT_VERSION)?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}

/// Geodesic distance on the WGS 84 ellipsoid, in kilometres.
#[pyfunction]
fn geodesic_km(lat_a: f64, lon_a: f64, lat_b: f64, lon_b: f64) -> f64 {
    xroute_core::geodesic::distance_km(lat_a, lon_a, lat_b, lon_b)
}
