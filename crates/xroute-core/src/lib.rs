//! What moves freight, by which way, and what that emits: the ideas and the algorithms of xroute.
//!
//! No I/O, no Python, no unsafe code. A [`network::Network`] is checked once when it is built; a
//! [`metric::Metric`] prices it for one profile; the searches in [`search`] add integers only.

pub mod cancel;
pub mod closures;
pub mod facility;
pub mod factors;
pub mod flat;
pub mod flow;
pub mod footprint;
pub mod geodesic;
pub mod graph;
pub mod hub;
pub mod ids;
pub mod metric;
pub mod mode;
pub mod network;
pub mod numbers;
pub mod route;
pub mod search;
pub mod tables;
pub mod terms;
#[cfg(test)]
mod testkit;
pub mod texts;
pub mod trade_units;
pub mod units;
