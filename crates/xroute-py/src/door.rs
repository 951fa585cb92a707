//! The one door to long work: it frees the interpreter, hears Ctrl-C and holds back panics.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use pyo3::prelude::*;
use xroute_core::cancel::CancelFlag;

use crate::errors;

const LISTEN_EVERY: Duration = Duration::from_millis(20);

/// Runs work that may last; a signal raises the work's flag and then its own Python exception.
///
/// # Errors
/// The exception of the signal handler, or `InternalError` when the work panicked.
pub fn interruptible<T: Send>(py: Python<'_>, work: impl FnOnce(&CancelFlag) -> T + Send) -> PyResult<T> {
    let cancel = CancelFlag::default();
    let outcome = py.detach(|| {
        std::thread::scope(|scope| {
            let (done, finished) = mpsc::channel::<()>();
            let flag = &cancel;
            let worker = scope.spawn(move || {
                let _done = done; // dropped when the work ends, even by a panic
                work(flag)
            });
            let mut signal = None;
            while finished.recv_timeout(LISTEN_EVERY) == Err(RecvTimeoutError::Timeout) {
                #[allow(clippy::redundant_closure_for_method_calls)]
                // the method itself is not general enough
                let heard = Python::attach(|py| py.check_signals());
                if let Err(error) = heard {
                    cancel.raise();
                    signal = Some(error);
                    break;
                }
            }
            (worker.join(), signal)
        })
    });
    match outcome {
        (_, Some(signal)) => Err(signal),
        (Ok(value), None) => Ok(value),
        (Err(panic), None) => Err(errors::internal(py, &panic_text(panic.as_ref()))),
    }
}

/// Runs work that is known to be short: no thread of its own, no ear for signals.
///
/// # Errors
/// `InternalError` when the work panicked.
pub fn brief<T: Send>(py: Python<'_>, work: impl FnOnce(&CancelFlag) -> T + Send) -> PyResult<T> {
    let run = || std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&CancelFlag::default())));
    py.detach(run).map_err(|panic| errors::internal(py, &panic_text(panic.as_ref())))
}

/// Runs parallel work in a pool of its own, so that a forked process never waits for lost threads.
///
/// # Errors
/// As [`interruptible`]; `InternalError` when no thread can be started.
pub fn parallel<T: Send>(
    py: Python<'_>,
    threads: usize,
    work: impl FnOnce(&CancelFlag) -> T + Send,
) -> PyResult<T> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| errors::internal(py, &error.to_string()))?;
    interruptible(py, |cancel| pool.install(|| work(cancel)))
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown panic".to_owned())
}
