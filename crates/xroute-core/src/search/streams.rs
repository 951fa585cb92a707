//! Streams of pairs: routes of many pairs, each origin searched once, in columns.

use rayon::prelude::*;

use super::hierarchy::{Ground, Pairs};
use super::{SearchError, dijkstra};
use crate::cancel::CancelFlag;
use crate::flat::{FlatRoutes, Laying};
use crate::graph::Graph;
use crate::ids::HubId;
use crate::metric::{Criterion, Metric};
use crate::network::Network;

/// Pairs that one piece of parallel work holds, about.
const PAIRS_AT_ONCE: usize = 640;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Stream<'a> {
    /// The network.
    pub network: &'a Network,
    /// Its graph.
    pub graph: &'a Graph,
    /// The integers by step.
    pub metric: &'a Metric,
    /// What is minimised.
    pub criterion: Criterion,
    /// Origins and destinations; pairs of one origin stand together.
    pub pairs: &'a [(HubId, HubId)],
}

/// How many runs of equal origins there are.
#[must_use]
pub fn origins_in(pairs: &[(HubId, HubId)]) -> usize {
    pairs.chunk_by(|a, b| a.0 == b.0).count()
}

impl Stream<'_> {
    /// The best route of each pair, in order: by the hierarchy if there is one, else a plain search an origin.
    ///
    /// Each is as good as that of [`dijkstra::one_to_one`]: of equal routes one of the fastest. Columns do not
    /// depend on the number of threads.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn routes(
        self,
        by: Option<(Ground<'_>, &Pairs)>,
        cancel: &CancelFlag,
    ) -> Result<FlatRoutes, SearchError> {
        let parts: Result<Vec<FlatRoutes>, SearchError> =
            self.pieces().into_par_iter().map(|piece| self.piece(piece, by, cancel)).collect();
        let mut parts = parts?.into_iter();
        let empty = || Laying::of(self.network, self.graph, self.metric).finish();
        let mut all = parts.next().unwrap_or_else(empty);
        parts.for_each(|part| all.append(part));
        Ok(all)
    }

    /// Runs of whole origins, each about as long as [`PAIRS_AT_ONCE`] or one origin.
    fn pieces(&self) -> Vec<&[(HubId, HubId)]> {
        let (mut pieces, mut start, mut end) = (Vec::new(), 0, 0);
        for run in self.pairs.chunk_by(|a, b| a.0 == b.0) {
            end += run.len();
            if end - start >= PAIRS_AT_ONCE {
                pieces.push(&self.pairs[start..end]);
                start = end;
            }
        }
        if start < end {
            pieces.push(&self.pairs[start..end]);
        }
        pieces
    }

    fn piece(
        &self,
        pairs: &[(HubId, HubId)],
        by: Option<(Ground<'_>, &Pairs)>,
        cancel: &CancelFlag,
    ) -> Result<FlatRoutes, SearchError> {
        let mut laying = Laying::of(self.network, self.graph, self.metric);
        if let Some((ground, hierarchy)) = by {
            hierarchy.steps_of(ground, pairs, cancel, |steps| laying.add(steps))?;
        } else {
            for run in pairs.chunk_by(|a, b| a.0 == b.0) {
                self.plain(run, &mut laying, cancel)?;
            }
        }
        Ok(laying.finish())
    }

    fn plain(
        &self,
        run: &[(HubId, HubId)],
        laying: &mut Laying<'_>,
        cancel: &CancelFlag,
    ) -> Result<(), SearchError> {
        let Some(&(origin, _)) = run.first() else { return Ok(()) };
        if let [ends] = run {
            let steps = dijkstra::one_to_one(self.graph, self.metric, self.criterion, *ends, cancel)?;
            laying.add(steps.as_deref());
            return Ok(());
        }
        let tree = dijkstra::one_to_all(self.graph, self.metric, self.criterion, origin, cancel)?;
        for &(_, destination) in run {
            if destination == origin {
                laying.add(Some(&[]));
            } else {
                let steps = tree.steps_to(self.graph, self.metric, self.criterion, destination);
                laying.add(steps.as_deref());
            }
        }
        Ok(())
    }
}
