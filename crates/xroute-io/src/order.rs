//! The contraction order: in few and small numbers on its way out, checked on its way in.

use xroute_core::cancel::CancelFlag;
use xroute_core::graph::Graph;
use xroute_core::search::hierarchy::{Skeleton, SkeletonFault};

use crate::FormatError;
use crate::wire::StoredOrder;

pub(crate) fn stored(skeleton: &Skeleton) -> StoredOrder {
    let (rank, first, head) = skeleton.parts();
    let arcs = first.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut rises = Vec::with_capacity(head.len());
    for (own, pair) in (0_u32..).zip(first.windows(2)) {
        let mut before = own;
        for &upper in &head[pair[0] as usize..pair[1] as usize] {
            rises.push(upper - before);
            before = upper;
        }
    }
    StoredOrder { rank: rank.to_vec(), arcs, rises }
}

/// The order of that graph; nothing where none is stored.
pub(crate) fn read(
    stored: StoredOrder,
    graph: &Graph,
    cancel: &CancelFlag,
) -> Result<Option<Skeleton>, FormatError> {
    let StoredOrder { rank, arcs, rises } = stored;
    if rank.is_empty() && arcs.is_empty() && rises.is_empty() {
        return Ok(None);
    }
    let mut first = Vec::with_capacity(arcs.len() + 1);
    let mut head = Vec::with_capacity(rises.len());
    first.push(0);
    let mut left = rises.iter();
    for (own, &count) in (0_u32..).zip(&arcs) {
        cancel.check_every_1024(own as usize)?;
        let mut before = own;
        for _ in 0..count {
            let rise = left.next().ok_or(SkeletonFault::OTHER_ARCS)?;
            before = before.checked_add(*rise).ok_or(SkeletonFault::OTHER_ARCS)?;
            head.push(before);
        }
        first.push(head.len() as u32);
    }
    if left.next().is_some() {
        return Err(SkeletonFault::OTHER_ARCS.into());
    }
    Ok(Some(Skeleton::from_parts(graph, rank, first, head, cancel)?))
}
