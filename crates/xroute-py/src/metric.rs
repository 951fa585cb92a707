//! `xroute._core.Metric`: the searches.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use xroute_core::cancel::CancelFlag;
use xroute_core::ids::HubId;
use xroute_core::metric as core;
use xroute_core::metric::Criterion;
use xroute_core::search::SearchError;
use xroute_core::search::constrained::{Within, best_within};
use xroute_core::search::dijkstra;
use xroute_core::search::hierarchy::Ground;
use xroute_core::search::matrix::{self, Totals};
use xroute_core::search::pareto::{Budget, Layers, PARTS, ParetoQuery, Space, pareto};
use xroute_core::search::streams::{Stream, origins_in};

use crate::door::{brief, interruptible, parallel};
use crate::errors::{CoreError, to_python};
use crate::hierarchy::{Prepared, make_ready};
use crate::network::{Laid, Network};
use crate::route::FoundRoute;
use crate::streams::columns_out;
use crate::terms;
use crate::via;

/// A network priced for one profile.
#[pyclass(frozen, module = "xroute._core")]
pub struct Metric {
    pub laid: Arc<Laid>,
    pub priced: Arc<core::Metric>,
    /// Tells metrics apart among what the network keeps.
    number: u64,
    /// How often a route was asked for, by criterion.
    asked: Mutex<Vec<(Criterion, u64)>>,
    /// The latest spaces of label searches, the newest last.
    spaces: Mutex<Vec<Arc<Space>>>,
}

/// What the network keeps of a metric goes with it.
impl Drop for Metric {
    fn drop(&mut self) {
        self.laid.kept.forget(self.number, self.laid.skeleton.get());
    }
}

const KEPT_SPACES: usize = 4;
/// Triangles that are customised in the time in which a plain search relaxes an edge.
const TRIANGLES_IN_AN_EDGE: u64 = 12;
/// From so many origins on, a matrix is worth ordering the network first.
const ORIGINS_WORTH_AN_ORDER: usize = 1024;

static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);

impl Metric {
    /// The space over these criteria, laid out once.
    fn space(&self, over: &[Criterion]) -> Arc<Space> {
        let mut spaces = self.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(space) = spaces.iter().find(|space| space.over() == over) {
            return Arc::clone(space);
        }
        let space = Arc::new(Space::of(&self.laid.graph, &self.priced, over));
        if spaces.len() == KEPT_SPACES {
            spaces.remove(0);
        }
        spaces.push(Arc::clone(&space));
        space
    }

    fn ground(&self, criterion: Criterion) -> Option<Ground<'_>> {
        let skeleton = self.laid.skeleton.get()?;
        Some(Ground { skeleton, graph: &self.laid.graph, metric: &self.priced, criterion })
    }

    /// Whether plain searches for all that was asked by this criterion would have taken longer than customising.
    fn is_asked_often(&self, ground: Ground<'_>, times: u64) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        let at = asked.iter().position(|row| row.0 == ground.criterion).unwrap_or_else(|| {
            asked.push((ground.criterion, 0));
            asked.len() - 1
        });
        asked[at].1 = asked[at].1.saturating_add(times);
        let plain = asked[at].1.saturating_mul(ground.graph.edge_count() as u64);
        plain > ground.skeleton.triangle_count() / TRIANGLES_IN_AN_EDGE
    }

    /// The steps of a best route: by the hierarchy once so much was asked that it pays.
    fn steps(&self, py: Python<'_>, criterion: Criterion, ends: (HubId, HubId)) -> PyResult<Found> {
        let raised = |error: SearchError| to_python(py, error);
        if let Some(ground) = self.ground(criterion) {
            let is_wanted = self.is_asked_often(ground, 1);
            let kept = &self.laid.kept;
            let there = kept
                .pairs(ground, (self.number, &self.priced), false, &CancelFlag::default())
                .map_err(raised)?;
            let pairs = match there {
                None if is_wanted => {
                    parallel(py, 0, |cancel| kept.pairs(ground, (self.number, &self.priced), true, cancel))?
                        .map_err(raised)?
                }
                there => there,
            };
            if let Some(pairs) = pairs {
                make_ready(py, &pairs, ground)?;
                return brief(py, |cancel| pairs.steps(ground, ends, cancel))?.map_err(raised);
            }
        }
        let found = interruptible(py, |cancel| {
            dijkstra::one_to_one(&self.laid.graph, &self.priced, criterion, ends, cancel)
        })?;
        found.map_err(raised)
    }
}

/// The criterion of a name.
pub fn criterion(py: Python<'_>, name: &str) -> PyResult<Criterion> {
    Criterion::from_name(name).ok_or_else(|| {
        let message = format!("'{name}' is none of: cost, time, co2e, distance, generalised");
        to_python(py, CoreError::Argument(message))
    })
}

/// The steps of a route, if there is one.
type Found = Option<Vec<u32>>;

/// Routes, what stopped the search early, and the labels created.
type FoundSet = (Vec<FoundRoute>, Option<&'static str>, usize);

#[pymethods]
impl Metric {
    /// Prices a network for terms (a dict of arrays) and closures.
    #[staticmethod]
    #[pyo3(signature = (
        network, terms, *, closed_passages, closed_hubs, closed_countries, modes, sea_passages=0, sea_hubs=None,
        closed_services=None
    ))]
    #[allow(clippy::too_many_arguments)] // they are keywords in Python
    fn build(
        py: Python<'_>,
        network: &Network,
        terms: &Bound<'_, PyDict>,
        closed_passages: u64,
        closed_hubs: Vec<u32>,
        closed_countries: Vec<u16>,
        modes: u8,
        sea_passages: u64,
        sea_hubs: Option<Vec<u32>>,
        closed_services: Option<Vec<u32>>,
    ) -> PyResult<Self> {
        let laid = Arc::clone(&network.laid);
        let terms = terms::terms(terms)?;
        let closed = terms::Closed {
            passages: closed_passages,
            sea_passages,
            hubs: closed_hubs,
            sea_hubs: sea_hubs.unwrap_or_default(),
            services: closed_services.unwrap_or_default(),
            countries: closed_countries,
            modes,
        };
        let closures = terms::closures(py, &laid.network, closed)?;
        let built = interruptible(py, |cancel| {
            core::Metric::build(&laid.network, &laid.graph, &closures, terms, cancel)
        })?;
        let priced = built.map_err(|error| to_python(py, error))?;
        Ok(Self {
            priced: Arc::new(priced),
            laid,
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            asked: Mutex::default(),
            spaces: Mutex::new(Vec::new()),
        })
    }

    /// EUR in one unit of money.
    #[getter]
    fn money_unit_eur(&self) -> f64 {
        self.priced.money_unit_eur
    }

    /// The best route, or `None` when there is none.
    fn route(
        &self,
        py: Python<'_>,
        minimise: &str,
        origin: u32,
        destination: u32,
    ) -> PyResult<Option<FoundRoute>> {
        let ends = (self.laid.hub(py, origin)?, self.laid.hub(py, destination)?);
        let criterion = criterion(py, minimise)?;
        let steps = self.steps(py, criterion, ends)?;
        Ok(steps.map(|steps| FoundRoute::of(&self.laid, &self.priced, &steps)))
    }

    /// The best route within limits, or `None` and whether there are routes beyond them.
    ///
    /// `over` names the minimised criterion and up to two more, each with the most that is allowed (-1: any).
    /// `via` holds (kind, value) pairs to pass in order: hub row, passage bits, country, mode or carrier.
    #[pyo3(signature = (origin, destination, over, most, *, via, most_changes=None))]
    #[allow(clippy::needless_pass_by_value, clippy::too_many_arguments)] // pyo3 extracts; keywords in Python
    fn route_within(
        &self,
        py: Python<'_>,
        origin: u32,
        destination: u32,
        over: Vec<String>,
        most: Vec<i64>,
        via: Vec<(String, Bound<'_, PyAny>)>,
        most_changes: Option<u32>,
    ) -> PyResult<(Option<FoundRoute>, bool)> {
        let ends = (self.laid.hub(py, origin)?, self.laid.hub(py, destination)?);
        if !(1..=3).contains(&over.len()) || over.len() != most.len() || most_changes.is_some_and(|n| n > 64)
        {
            let message = "expected one to three criteria, each with a limit, and at most 64 changes";
            return Err(to_python(py, CoreError::Argument(message.to_owned())));
        }
        let over = over.iter().map(|name| criterion(py, name)).collect::<PyResult<Vec<_>>>()?;
        let mut limits = [u64::MAX; 3];
        for (limit, &most) in limits.iter_mut().zip(&most) {
            *limit = u64::try_from(most).unwrap_or(u64::MAX);
        }
        let via = via.iter().map(|(kind, value)| via::read(py, &self.laid.network, kind, value));
        let via = via.collect::<PyResult<Vec<_>>>()?;
        let (graph, metric) = (&self.laid.graph, &self.priced);
        let found = parallel(py, 0, |cancel| {
            let via: Vec<_> = via.iter().map(|via| via.steps(&self.laid.network, graph)).collect();
            if via.is_empty() && most_changes.is_none() {
                return best_within(&self.space(&over), graph, metric, ends, limits, cancel);
            }
            let space = Space::layered(graph, metric, &over, Layers { most_changes, via });
            best_within(&space, graph, metric, ends, limits, cancel)
        })?;
        Ok(match found.map_err(|error| to_python(py, error))? {
            Within::Found(steps) => (Some(FoundRoute::of(&self.laid, metric, &steps)), false),
            Within::Beyond => (None, true),
            Within::NoRoute => (None, false),
        })
    }

    /// The hierarchy of an ordered network, customised for a criterion.
    #[pyo3(signature = (minimise, *, threads=0))]
    fn prepared(&self, py: Python<'_>, minimise: &str, threads: usize) -> PyResult<Prepared> {
        Prepared::of(py, &self.laid, &self.priced, criterion(py, minimise)?, threads)
    }

    /// The minimised quantity from one hub to every hub, in integer units; -1 where there is no route.
    fn one_to_all<'py>(
        &self,
        py: Python<'py>,
        minimise: &str,
        origin: u32,
    ) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let origin = self.laid.hub(py, origin)?;
        let criterion = criterion(py, minimise)?;
        let (graph, metric) = (&self.laid.graph, &self.priced);
        let values = interruptible(py, |cancel| {
            let tree = dijkstra::one_to_all(graph, metric, criterion, origin, cancel)?;
            let hubs = (0..self.laid.network.hub_count() as u32).map(HubId);
            let value = |hub| tree.value_at(graph, metric, criterion, hub).map_or(-1, u64::cast_signed);
            Ok(hubs.map(|hub| if hub == origin { 0 } else { value(hub) }).collect::<Vec<i64>>())
        })?;
        Ok(values.map_err(|error: xroute_core::search::SearchError| to_python(py, error))?.into_pyarray(py))
    }

    /// Arrays by name (`money`, `time_s`, `co2e_g_t`, `distance_m`, `generalised`), row by row; -1 for no route.
    #[pyo3(signature = (minimise, origins, destinations, *, threads=0))]
    #[allow(clippy::needless_pass_by_value)] // pyo3 hands over the borrow of an array by value
    fn matrix<'py>(
        &self,
        py: Python<'py>,
        minimise: &str,
        origins: PyReadonlyArray1<'py, u32>,
        destinations: PyReadonlyArray1<'py, u32>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (origins, destinations) = (self.laid.hubs(py, &origins)?, self.laid.hubs(py, &destinations)?);
        let criterion = criterion(py, minimise)?;
        let found = parallel(py, threads, |cancel| {
            if origins.len() >= ORIGINS_WORTH_AN_ORDER {
                self.laid.order_if_it_can_be(cancel)?;
            }
            if let Some(ground) = self.ground(criterion)
                && let is_wanted = self.is_asked_often(ground, origins.len() as u64)
                && let Some(tables) =
                    self.laid.kept.tables(ground, (self.number, &self.priced), is_wanted, cancel)?
            {
                return tables.totals(ground, (&origins, &destinations), cancel);
            }
            matrix::totals(&self.laid.graph, &self.priced, criterion, &origins, &destinations, cancel)
        })?;
        let cells = found.map_err(|error| to_python(py, error))?;
        let out = PyDict::new(py);
        let column = |value: fn(&Totals) -> u64| -> Vec<i64> {
            cells.iter().map(|cell| cell.as_ref().map_or(-1, |totals| value(totals).cast_signed())).collect()
        };
        out.set_item("money", column(|totals| totals.money).into_pyarray(py))?;
        out.set_item("time_s", column(|totals| totals.time_s).into_pyarray(py))?;
        out.set_item("co2e_g_t", column(|totals| totals.co2e_g_t).into_pyarray(py))?;
        out.set_item("distance_m", column(|totals| totals.distance_m).into_pyarray(py))?;
        out.set_item("generalised", column(|totals| totals.generalised).into_pyarray(py))?;
        Ok(out)
    }

    /// The best routes of pairs as flat columns; pairs of one origin should stand together.
    ///
    /// Of equal routes one of the fastest, as [`Self::route`] finds; an origin is climbed from, or searched, once.
    #[pyo3(signature = (minimise, origins, destinations, *, threads=0))]
    #[allow(clippy::needless_pass_by_value)] // pyo3 hands over the borrow of an array by value
    fn routes<'py>(
        &self,
        py: Python<'py>,
        minimise: &str,
        origins: PyReadonlyArray1<'py, u32>,
        destinations: PyReadonlyArray1<'py, u32>,
        threads: usize,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (origins, destinations) = (self.laid.hubs(py, &origins)?, self.laid.hubs(py, &destinations)?);
        if origins.len() != destinations.len() {
            let message = "expected as many destinations as origins";
            return Err(to_python(py, CoreError::Argument(message.to_owned())));
        }
        let criterion = criterion(py, minimise)?;
        let pairs: Vec<(HubId, HubId)> = origins.into_iter().zip(destinations).collect();
        let (laid, metric) = (&self.laid, &*self.priced);
        let asked = Stream { network: &laid.network, graph: &laid.graph, metric, criterion, pairs: &pairs };
        let found = parallel(py, threads, |cancel| {
            let Some(ground) = self.ground(criterion) else { return asked.routes(None, cancel) };
            let is_wanted = self.is_asked_often(ground, origins_in(&pairs) as u64);
            let hierarchy = laid.kept.pairs(ground, (self.number, &self.priced), is_wanted, cancel)?;
            if let Some(hierarchy) = &hierarchy
                && hierarchy.is_preparing_due(ground, pairs.len())
            {
                hierarchy.prepare(ground, cancel)?;
            }
            asked.routes(hierarchy.as_deref().map(|hierarchy| (ground, hierarchy)), cancel)
        })?;
        columns_out(py, found.map_err(|error| to_python(py, error))?)
    }

    /// The Pareto set: a list of routes, what stopped the search early, and the labels created.
    #[pyo3(signature = (
        origin, destination, over, resolution, *, epsilon_parts=0, most_labels, time_limit_s=None
    ))]
    #[allow(clippy::needless_pass_by_value)] // pyo3 extracts a list into a vector of its own
    #[allow(clippy::too_many_arguments)] // they are keywords in Python
    fn pareto(
        &self,
        py: Python<'_>,
        origin: u32,
        destination: u32,
        over: Vec<String>,
        resolution: Vec<u64>,
        epsilon_parts: u64,
        most_labels: usize,
        time_limit_s: Option<f64>,
    ) -> PyResult<FoundSet> {
        let is_usable = (1..=3).contains(&over.len())
            && over.len() == resolution.len()
            && epsilon_parts <= PARTS
            && time_limit_s.is_none_or(|seconds| (0.0..1e9).contains(&seconds));
        if !is_usable {
            let message = "expected one to three criteria, each with a resolution, an epsilon of at most 1 \
                           and a time limit in seconds";
            return Err(to_python(py, CoreError::Argument(message.to_owned())));
        }
        let over = over.iter().map(|name| criterion(py, name)).collect::<PyResult<Vec<_>>>()?;
        let query = ParetoQuery {
            ends: (self.laid.hub(py, origin)?, self.laid.hub(py, destination)?),
            resolution,
            epsilon_parts,
            most_labels,
            time_limit: time_limit_s.map(Duration::from_secs_f64),
        };
        let found = parallel(py, 0, |cancel| {
            pareto(&self.space(&over), &self.laid.graph, &self.priced, &query, cancel)
        })?;
        let set = found.map_err(|error| to_python(py, error))?;
        let routes = set.paths.iter().map(|steps| FoundRoute::of(&self.laid, &self.priced, steps));
        let stopped_by = set.stopped_by.map(|budget| match budget {
            Budget::Labels => "labels",
            Budget::Time => "time",
        });
        Ok((routes.collect(), stopped_by, set.labels))
    }
}
