//! A customisable contraction hierarchy: order and contract once, weigh in a moment, ask often.
//!
//! After Dibbelt, Strasser and Wagner, *Customizable Contraction Hierarchies* (2016): nested dissection orders
//! the nodes, contraction adds arcs whatever the weights, customisation finds their least weights by triangles,
//! and a question climbs from both ends along the elimination tree. Where rows are long, triangles become products
//! of dense tables, and questions start from rows of least quantities.

mod again;
mod bound;
mod dense;
mod eliminate;
mod fronts;
mod lanes;
mod meet;
mod order;
mod perfect;
mod prepared;
mod query;
mod skeleton;
mod spares;
mod sums;
mod sweep;
mod tables;
mod trails;
mod triangles;
mod ways;
mod weights;

#[cfg(test)]
mod tests;

use bound::most_of_any_route;
pub use prepared::{Customised, Ground, Pairs, Tables};
pub use skeleton::{NoSkeleton, OrderError, Skeleton, SkeletonFault};
pub use weights::Weight;
