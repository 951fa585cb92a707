//! The Pareto set over one to three criteria: label setting with bounds from the destination.
//!
//! What is known at the destination cuts the values that are still of interest into zones. A label lives
//! as long as its values, with the least that is to come by each criterion and by several weighted sums
//! of two, may end in a zone; following the way of a sum to its end makes routes known early. A route
//! stands for others within a slack, absolute and relative: for every route there is a member that is worse
//! by no more than the slack in any criterion. Without slack the set is exact.

pub(crate) mod bounds;
pub(crate) mod ends;
pub(crate) mod labels;
mod layers;
mod queue;
mod reduce;
pub(crate) mod slack;
pub(crate) mod space;
mod staircase;
mod waiting;
pub(crate) mod zones;

#[cfg(test)]
#[path = "pareto_tests.rs"]
mod tests;

use std::time::{Duration, Instant};

use rayon::prelude::*;

use super::SearchError;
use crate::cancel::{CancelFlag, Cancelled};
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::Metric;
use bounds::Ray;
use ends::Ends;
use labels::{Labels, Member};
pub use layers::Layers;
pub use slack::PARTS;
use slack::Slack;
pub use space::Space;
use space::{MOST_CRITERIA, Values};
use zones::FAR;

/// What to search, and how fine.
#[derive(Debug, Clone)]
pub struct ParetoQuery {
    /// Where from and where to.
    pub ends: (HubId, HubId),
    /// Cell by criterion of the space, in the integer unit of the metric: a member is never worse by a whole
    /// cell than a route that it stands for; 1 is exact.
    pub resolution: Vec<u64>,
    /// The same in millionths of the value that is stood for; the wider of the two counts, 0 is exact.
    pub epsilon_parts: u64,
    /// Most labels to create before the search stops with what it knows.
    pub most_labels: usize,
    /// Longest time before the search stops with what it knows.
    pub time_limit: Option<Duration>,
}

/// What ended a search before it was complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// The most labels.
    Labels,
    /// The longest time.
    Time,
}

/// The set, in rising order of the first criterion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParetoSet {
    /// Steps of each member.
    pub paths: Vec<Vec<u32>>,
    /// The budget that ended the search; `None` when it is complete.
    pub stopped_by: Option<Budget>,
    /// Labels created, as a measure of work.
    pub labels: usize,
}

/// Finds the set over the criteria of a space.
///
/// # Errors
/// [`SearchError::Cancelled`] once the flag is raised.
pub fn pareto(
    space: &Space,
    graph: &Graph,
    metric: &Metric,
    query: &ParetoQuery,
    cancel: &CancelFlag,
) -> Result<ParetoSet, SearchError> {
    if query.ends.0 == query.ends.1 {
        return Ok(ParetoSet { paths: vec![Vec::new()], ..ParetoSet::default() });
    }
    let ends = space.ends(graph, metric, query.ends);
    let Some((rays, best)) = lone_rays(space, &ends, cancel)? else { return Ok(ParetoSet::default()) };
    let mut absolute = [0; MOST_CRITERIA];
    for (slack, &cell) in absolute.iter_mut().zip(&query.resolution) {
        *slack = cell.max(1) - 1;
    }
    let slack = Slack { absolute, parts: query.epsilon_parts };
    let mut labels = Labels::new(space, &ends, rays, slack, [FAR; MOST_CRITERIA]);
    let spans = spans_of(&best);
    for member in best.into_iter().chain(ends.direct.iter().cloned()) {
        labels.take(member);
    }
    let stopped_by = run(&mut labels, space, &ends, spans, query, cancel)?;
    let created = labels.created();
    let members = undominated(labels.into_found()).into_iter();
    let paths = members.map(|member| space.unfolded(&ends, &member.steps)).collect();
    Ok(ParetoSet { paths, stopped_by, labels: created })
}

/// Bounds by each criterion alone, and a best route by each.
pub(crate) type Lone = (Vec<Ray>, Vec<Member>);

/// The bounds by each criterion alone, and their best routes; `None` without a route.
pub(crate) fn lone_rays(space: &Space, ends: &Ends, cancel: &CancelFlag) -> Result<Option<Lone>, Cancelled> {
    let count = space.over().len();
    let alone = (0..count).map(|at| {
        let mut weights = [0; MOST_CRITERIA];
        weights[at] = 1;
        weights
    });
    let mut rays = rays_towards(space, alone.collect(), ends, cancel)?;
    let mut best = Vec::new();
    for (at, ray) in rays.iter_mut().enumerate() {
        let direct = ends.direct.iter().cloned();
        let Some(member) =
            ray.best(space, ends).into_iter().chain(direct).min_by_key(|member| member.values[at])
        else {
            return Ok(None);
        };
        best.push(member);
    }
    while rays.len() < MOST_CRITERIA {
        rays.push(rays[0].without_weights());
    }
    Ok(Some((rays, best)))
}

/// A ray for each of several weightings, side by side on the threads of the pool.
fn rays_towards(
    space: &Space,
    weightings: Vec<Values>,
    ends: &Ends,
    cancel: &CancelFlag,
) -> Result<Vec<Ray>, Cancelled> {
    weightings.into_par_iter().map(|weights| Ray::towards(space, weights, ends, cancel)).collect()
}

/// How far the best routes lie apart in each criterion.
pub(crate) fn spans_of(best: &[Member]) -> Values {
    [0, 1, 2].map(|at: usize| {
        let of_all = best.iter().map(|member| member.values[at]);
        of_all.clone().max().unwrap_or(0) - of_all.min().unwrap_or(0)
    })
}

/// Shares of two criteria in the weighted sums that are added one stage after another, and the labels by
/// thousand arcs of the space at which a stage begins: as many as cost about as much as its sums.
const STAGES: [(usize, u64, u64); 3] = [(30, 4, 4), (100, 16, 4), (100, 4, 16)];
const LARGEST_SHARE: u64 = 1024;

/// Adds the weighted sums of the next stage once so many labels were created that they pay.
fn run(
    labels: &mut Labels<'_>,
    space: &Space,
    ends: &Ends,
    spans: Values,
    query: &ParetoQuery,
    cancel: &CancelFlag,
) -> Result<Option<Budget>, Cancelled> {
    let begin = Instant::now();
    let mut stages = STAGES.iter().peekable();
    for settled in 0_usize.. {
        cancel.check_every_1024(settled)?;
        if labels.created() > query.most_labels {
            return Ok(Some(Budget::Labels));
        }
        let is_late = |limit: Duration| settled.is_multiple_of(256) && begin.elapsed() > limit;
        if query.time_limit.is_some_and(is_late) {
            return Ok(Some(Budget::Time));
        }
        let pays = |stage: &&(usize, u64, u64)| labels.created() > stage.0 * space.arc_count() / 1000;
        if labels.has_zones()
            && let Some(&(_, one, other)) = stages.next_if(pays)
        {
            add_rays(labels, space, ends, spans, (one, other), cancel)?;
        }
        if !labels.step() {
            break;
        }
    }
    Ok(None)
}

/// Adds the weighted sum of each two criteria in the given shares of their spans.
pub(crate) fn add_rays(
    labels: &mut Labels<'_>,
    space: &Space,
    ends: &Ends,
    spans: Values,
    shares: (u64, u64),
    cancel: &CancelFlag,
) -> Result<(), Cancelled> {
    let widest = spans.iter().copied().max().unwrap_or(0);
    let share = |at: usize, of: u64| (of * widest / spans[at].max(1)).clamp(1, LARGEST_SHARE);
    let count = space.over().len();
    let mut weightings = Vec::new();
    for one in 0..count {
        for other in one + 1..count {
            let mut weights = [0; MOST_CRITERIA];
            weights[one] = share(one, shares.0);
            weights[other] = share(other, shares.1);
            weightings.push(weights);
        }
    }
    labels.add_rays(rays_towards(space, weightings, ends, cancel)?);
    Ok(())
}

/// Members that no other beats or equals, in rising order.
fn undominated(mut found: Vec<Member>) -> Vec<Member> {
    found.sort_by_key(|member| member.values);
    let mut kept: Vec<Member> = Vec::new();
    for member in found {
        let is_beaten = |other: &Member| (0..MOST_CRITERIA).all(|at| other.values[at] <= member.values[at]);
        if !kept.iter().any(is_beaten) {
            kept.push(member);
        }
    }
    kept
}
