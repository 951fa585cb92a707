//! The best route by one criterion within limits on others: exact label setting with one open zone.

#[cfg(test)]
#[path = "constrained_tests.rs"]
mod tests;

use super::SearchError;
use super::pareto::labels::{Labels, Member};
use super::pareto::slack::Slack;
use super::pareto::space::{MOST_CRITERIA, Values};
use super::pareto::{Space, add_rays, lone_rays, spans_of};
use crate::cancel::CancelFlag;
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::Metric;

/// What a search within limits found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Within {
    /// The steps of a best route.
    Found(Vec<u32>),
    /// There are routes, and none within the limits.
    Beyond,
    /// There is no route at all.
    NoRoute,
}

/// Labels by thousand arcs of the space at which weighted sums of two criteria begin to pay.
const SUMS_AFTER: usize = 10;

/// Finds a route that is least by the first criterion of a space while no criterion is above its entry of `most`.
///
/// Among routes equal in the first criterion it is least by the second, then by the third.
///
/// # Errors
/// [`SearchError::Cancelled`] once the flag is raised.
pub fn best_within(
    space: &Space,
    graph: &Graph,
    metric: &Metric,
    ends: (HubId, HubId),
    most: [u64; MOST_CRITERIA],
    cancel: &CancelFlag,
) -> Result<Within, SearchError> {
    if ends.0 == ends.1 && !space.has_layers() {
        return Ok(Within::Found(Vec::new()));
    }
    let ends = space.ends(graph, metric, ends);
    let Some((rays, best)) = lone_rays(space, &ends, cancel)? else { return Ok(Within::NoRoute) };
    let fits = |member: &&Member| (0..MOST_CRITERIA).all(|at| member.values[at] <= most[at]);
    if best.iter().enumerate().any(|(at, member)| member.values[at] > most[at]) {
        return Ok(Within::Beyond); // not even the best by that criterion fits
    }
    let exact = Slack { absolute: [0; MOST_CRITERIA], parts: 0 };
    let spans = spans_of(&best);
    let mut known = best.iter().chain(&ends.direct).filter(fits).min_by_key(|member| member.values).cloned();
    let corner = |known: &Option<Member>| -> Values {
        let beyond = most.map(|most| most.saturating_add(1));
        let first = known.as_ref().map_or(beyond[0], |known| known.values[0] + 1);
        [first.min(beyond[0]), beyond[1], beyond[2]]
    };
    let mut labels = Labels::new(space, &ends, rays, exact, corner(&known));
    let mut has_sums = false;
    for settled in 0_usize.. {
        cancel.check_every_1024(settled)?;
        if !has_sums && labels.created() > SUMS_AFTER * space.arc_count() / 1000 {
            has_sums = true;
            add_rays(&mut labels, space, &ends, spans, (4, 4), cancel)?;
        }
        let Some(least) = labels.next_least() else { break };
        if known.as_ref().is_some_and(|known| least >= known.values) {
            break; // nothing that is still queued comes before what is known
        }
        labels.step();
        for found in labels.take_found() {
            if known.as_ref().is_none_or(|known| found.values < known.values) {
                known = Some(found);
                labels.narrow(corner(&known));
            }
        }
    }
    Ok(known.map_or(Within::Beyond, |member| Within::Found(space.unfolded(&ends, &member.steps))))
}
