//! How a caller stops a long search.

use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that a caller raises and a search hears within 1,024 settled hubs.
#[derive(Debug, Default)]
pub struct CancelFlag(AtomicBool);

/// The search was told to stop before it had an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled by the caller")]
pub struct Cancelled;

impl CancelFlag {
    /// Asks the search to stop.
    pub fn raise(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the caller asked to stop.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Looks at the flag at every 1,024th count.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn check_every_1024(&self, count: usize) -> Result<(), Cancelled> {
        if count.is_multiple_of(1024) && self.is_raised() { Err(Cancelled) } else { Ok(()) }
    }
}
