//! What a route is asked to pass, from Python.

use pyo3::prelude::*;
use xroute_core::ids::HubId;
use xroute_core::mode::Mode;
use xroute_core::network::Network;
use xroute_core::search::via::Via;

use crate::errors::{CoreError, to_python};

/// One (kind, value) pair, checked against the network.
pub fn read(py: Python<'_>, network: &Network, kind: &str, value: &Bound<'_, PyAny>) -> PyResult<Via> {
    let unknown = || {
        let message = format!("via: {kind} {value} is not of this network");
        to_python(py, CoreError::Argument(message))
    };
    Ok(match kind {
        "hub" => {
            let row: u32 = value.extract()?;
            if row as usize >= network.hub_count() {
                return Err(unknown());
            }
            Via::Hub(HubId(row))
        }
        "passage" => Via::Passages(value.extract()?),
        "country" => Via::Country(value.extract()?),
        "mode" => Via::Mode(Mode::from_name(&value.extract::<String>()?).ok_or_else(unknown)?),
        "carrier" => Via::Carrier(value.extract()?),
        _ => return Err(unknown()),
    })
}
