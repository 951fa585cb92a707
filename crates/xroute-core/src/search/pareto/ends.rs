//! Where searches start and end.

use super::labels::Member;
use super::space::Values;

/// A way to load at the origin, or to unload at the destination.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    /// Node of the space behind loading, or before unloading.
    pub node: u32,
    /// Number of the step.
    pub step: u32,
    /// What it takes.
    pub values: Values,
}

impl End {
    /// What is reached over it.
    pub fn after(&self, so_far: Values) -> Values {
        [0, 1, 2].map(|at| so_far[at] + self.values[at])
    }
}

/// Both ends of one question.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ends {
    /// Loading at the origin.
    pub sources: Vec<End>,
    /// Unloading at the destination.
    pub sinks: Vec<End>,
    /// Routes that meet no node of the space.
    pub direct: Vec<Member>,
    /// The parts of joined steps, behind those of the space.
    pub joined: Vec<(u32, u32)>,
}
