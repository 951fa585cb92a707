//! A customisable contraction hierarchy: order and contract once, weigh in a moment, ask often.

mod order;
mod query;
mod skeleton;
mod weights;

#[cfg(test)]
mod tests;

pub use query::{Found, Scratch, one_to_one};
pub use skeleton::Skeleton;
pub use weights::Weights;
