//! Many pairs at once of a customised hierarchy: what callers ask of its tables.

use super::prepared::{Ground, Tables};
use super::query::{least_at, loads};
use super::sums::Sums;
use super::sweep::{Swept, Targets};
use super::weights::Lowered;
use crate::cancel::CancelFlag;
use crate::ids::HubId;
use crate::search::matrix::Totals;
use crate::search::{SearchError, dijkstra};

impl Tables {
    /// The minimised quantity from one hub to each hub of the network times `unit`; NaN where there is no route.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn one_to_all(
        &self,
        ground: Ground<'_>,
        origin: HubId,
        hub_count: usize,
        unit: f64,
        cancel: &CancelFlag,
    ) -> Result<Vec<f64>, SearchError> {
        let hubs: Vec<HubId> = (0..hub_count as u32).map(HubId).collect();
        let mut room = self.room(ground.skeleton);
        let weighed = ground.weighed(self.arcs());
        room.forward.all(ground.skeleton, weighed, &loads(ground.skeleton, ground.graph, weighed, origin));
        let value = |&hub: &HubId| {
            let least = least_at(ground.skeleton, ground.graph, weighed, &room.forward.reached, hub);
            match least {
                _ if hub == origin => 0.0,
                <u32 as Lowered>::INFINITE.. => f64::NAN,
                least => f64::from(least) * unit,
            }
        };
        let mut cells: Vec<f64> = hubs.iter().map(value).collect();
        room.forward.forget_all();
        self.put_back(room);
        self.search_again(
            ground,
            (&[origin], &hubs),
            &mut cells,
            |cell| cell.is_nan(),
            cancel,
            |tree, to| ground.value_in(tree, to, unit),
        )?;
        Ok(cells)
    }

    /// The minimised quantity for every pair times `unit`, row by row; NaN where there is no route.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn values(
        &self,
        ground: Ground<'_>,
        (origins, destinations): (&[HubId], &[HubId]),
        unit: f64,
        cancel: &CancelFlag,
    ) -> Result<Vec<f64>, SearchError> {
        if self.is_worth_pruning(origins.len()) {
            self.prune(ground, cancel)?;
        }
        let swept = self.swept(ground);
        let targets = Targets::of(ground.skeleton, ground.graph, swept.weighed, destinations);
        let mut cells = vec![f64::NAN; origins.len() * destinations.len()];
        let write = |value: Option<u32>| value.map_or(f64::NAN, |value| f64::from(value) * unit);
        swept.values(origins, &targets, &mut cells, write, cancel)?;
        self.search_again(
            ground,
            (origins, destinations),
            &mut cells,
            |cell| cell.is_nan(),
            cancel,
            |tree, to| ground.value_in(tree, to, unit),
        )?;
        Ok(cells)
    }

    /// Quantities of one best route for every pair, row by row; `None` where there is no route.
    ///
    /// # Errors
    /// [`SearchError::Cancelled`] once the flag is raised.
    pub fn totals(
        &self,
        ground: Ground<'_>,
        (origins, destinations): (&[HubId], &[HubId]),
        cancel: &CancelFlag,
    ) -> Result<Vec<Option<Totals>>, SearchError> {
        let own = self.own(ground, cancel)?;
        let sums = if let Some(sums) = self.sums.get() {
            sums
        } else {
            let made = Sums::of(ground.skeleton, ground.metric, own, cancel)?;
            self.sums.get_or_init(|| made) // another thread may have been first: it made the same
        };
        let ends = (origins, destinations);
        let along = |tree: &dijkstra::Tree, to: HubId| {
            let steps = tree.steps_to(ground.graph, ground.metric, ground.criterion, to)?;
            Some(Totals::of(ground.metric, &steps))
        };
        let pairs = origins.iter().flat_map(|origin| destinations.iter().map(move |each| each == origin));
        let mut cells: Vec<_> = pairs.map(|is_same| is_same.then(Totals::default)).collect();
        let Some(sums) = sums else {
            Self::search_rows(ground, ends, &mut cells, |_| true, cancel, along)?;
            return Ok(cells);
        };
        if self.is_worth_pruning(origins.len()) {
            self.prune(ground, cancel)?;
        }
        let swept = self.swept(ground);
        let targets = Targets::of(ground.skeleton, ground.graph, swept.weighed, destinations);
        swept.totals(origins, &targets, sums, &mut cells, |sum| sum.map(Totals::of_sums), cancel)?;
        let does_not_fit = |cell: &Option<Totals>| cell.as_ref().is_some_and(Totals::is_cut);
        Self::search_rows(ground, ends, &mut cells, does_not_fit, cancel, along)?;
        self.search_again(ground, ends, &mut cells, Option::is_none, cancel, along)?;
        Ok(cells)
    }

    fn swept<'a>(&'a self, ground: Ground<'a>) -> Swept<'a> {
        let weighed = ground.weighed(self.arcs());
        Swept { skeleton: ground.skeleton, graph: ground.graph, weighed }
    }

    /// Searches in 64 bits where 31 may have been too few.
    fn search_again<T: Send>(
        &self,
        ground: Ground<'_>,
        ends: (&[HubId], &[HubId]),
        cells: &mut [T],
        is_open: impl Fn(&T) -> bool + Sync,
        cancel: &CancelFlag,
        cell: impl Fn(&dijkstra::Tree, HubId) -> T + Sync,
    ) -> Result<(), SearchError> {
        if cells.iter().any(&is_open) && !self.reach.is_certain(ground) {
            Self::search_rows(ground, ends, cells, is_open, cancel, cell)?;
        }
        Ok(())
    }

    fn search_rows<T: Send>(
        ground: Ground<'_>,
        (origins, destinations): (&[HubId], &[HubId]),
        cells: &mut [T],
        is_open: impl Fn(&T) -> bool + Sync,
        cancel: &CancelFlag,
        cell: impl Fn(&dijkstra::Tree, HubId) -> T + Sync,
    ) -> Result<(), SearchError> {
        for (&origin, row) in origins.iter().zip(cells.chunks_mut(destinations.len().max(1))) {
            if !row.iter().any(&is_open) {
                continue;
            }
            let tree = dijkstra::one_to_all(ground.graph, ground.metric, ground.criterion, origin, cancel)?;
            for (at, &destination) in row.iter_mut().zip(destinations) {
                if is_open(at) && destination != origin {
                    *at = cell(&tree, destination);
                }
            }
        }
        Ok(())
    }
}
