//! Exact searches over integers. Nodes, edges and arcs are words of this module alone.

pub mod constrained;
pub mod dijkstra;
pub mod hierarchy;
pub mod matrix;
pub mod pareto;
pub mod streams;
pub mod via;

use crate::cancel::Cancelled;

/// Why a search has no answer; "no route" is an answer and not among these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SearchError {
    /// The caller asked to stop.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
