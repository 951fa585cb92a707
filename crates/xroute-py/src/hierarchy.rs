//! Customised hierarchies: which are kept, and `xroute._core.Prepared`.

use std::sync::{Arc, Mutex, PoisonError};

use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use xroute_core::cancel::CancelFlag;
use xroute_core::metric as core;
use xroute_core::metric::Criterion;
use xroute_core::search::SearchError;
use xroute_core::search::hierarchy::{Customised, Ground, Pairs, Skeleton, Tables, Weight};

use crate::door::{brief, interruptible, parallel};
use crate::errors::{CoreError, to_python};
use crate::metric::{Metric, criterion};
use crate::network::Laid;

/// What customised hierarchies of one network may take, in bytes, about.
const KEPT_BYTES: usize = 768 << 20;
/// Bytes of a customised arc, sums included, about.
const BYTES_OF_ARC: usize = 64;
/// From so many of the latest metrics it is tried to go on, before all is customised anew.
const NEAR_AT_MOST: usize = 2;

/// What is kept of one metric and criterion, with the metric: the next may differ little from it.
struct Row<T> {
    number: u64,
    criterion: Criterion,
    metric: Arc<core::Metric>,
    made: Arc<T>,
}

/// The latest customised hierarchies of a network, the newest last.
#[derive(Default)]
pub struct Kept {
    pairs: Mutex<Vec<Row<Pairs>>>,
    tables: Mutex<Vec<Row<Tables>>>,
}

impl Kept {
    /// The hierarchy for pairs; made when `is_wanted`, else only if it is there.
    pub fn pairs(
        &self,
        ground: Ground<'_>,
        metric: (u64, &Arc<core::Metric>),
        is_wanted: bool,
        cancel: &CancelFlag,
    ) -> Result<Option<Arc<Pairs>>, SearchError> {
        kept_or_made(&self.pairs, ground, metric, is_wanted, cancel)
    }

    /// Lets go of what was made for a metric that nobody can ask again; its memory serves the next one.
    pub fn forget(&self, number: u64, skeleton: Option<&Skeleton>) {
        forget(&self.pairs, number, skeleton);
        forget(&self.tables, number, skeleton);
    }

    /// The hierarchy for tables; made when `is_wanted`, else only if it is there.
    pub fn tables(
        &self,
        ground: Ground<'_>,
        metric: (u64, &Arc<core::Metric>),
        is_wanted: bool,
        cancel: &CancelFlag,
    ) -> Result<Option<Arc<Tables>>, SearchError> {
        kept_or_made(&self.tables, ground, metric, is_wanted, cancel)
    }
}

fn forget<W: Weight>(kept: &Mutex<Vec<Row<Customised<W>>>>, number: u64, skeleton: Option<&Skeleton>) {
    let mut rows = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let gone: Vec<_> = rows.extract_if(.., |row| row.number == number).collect();
    drop(rows);
    for row in gone {
        if let (Some(mut made), Some(skeleton)) = (Arc::into_inner(row.made), skeleton) {
            made.give_back(skeleton);
        }
    }
}

fn kept_or_made<W: Weight>(
    kept: &Mutex<Vec<Row<Customised<W>>>>,
    ground: Ground<'_>,
    (number, metric): (u64, &Arc<core::Metric>),
    is_wanted: bool,
    cancel: &CancelFlag,
) -> Result<Option<Arc<Customised<W>>>, SearchError> {
    let rows = || kept.lock().unwrap_or_else(PoisonError::into_inner);
    let near: Vec<_> = {
        let mut rows = rows();
        if let Some(at) =
            rows.iter().position(|row| (row.number, row.criterion) == (number, ground.criterion))
        {
            let row = rows.remove(at);
            let found = Arc::clone(&row.made);
            rows.push(row);
            return Ok(Some(found));
        }
        let same = rows.iter().rev().filter(|row| row.criterion == ground.criterion).take(NEAR_AT_MOST);
        same.map(|row| (Arc::clone(&row.metric), Arc::clone(&row.made))).collect()
    };
    if !is_wanted {
        return Ok(None);
    }
    let mut made = None;
    for (metric, old) in &near {
        made = old.after_change(Ground { metric, ..ground }, ground, cancel)?;
        if made.is_some() {
            break;
        }
    }
    let made = match made {
        Some(made) => made,
        None => Customised::of(ground, cancel)?,
    };
    let fresh = Arc::new(made);
    let most = (KEPT_BYTES / BYTES_OF_ARC / ground.skeleton.arc_count().max(1)).clamp(2, 64);
    let mut rows = rows();
    while rows.len() >= most {
        rows.remove(0);
    }
    let criterion = ground.criterion;
    rows.push(Row { number, criterion, metric: Arc::clone(metric), made: Arc::clone(&fresh) });
    Ok(Some(fresh))
}

/// One metric and criterion on a hierarchy, ready for many questions.
#[pyclass(frozen, module = "xroute._core")]
pub struct Prepared {
    laid: Arc<Laid>,
    priced: Arc<core::Metric>,
    criterion: Criterion,
    tables: Tables,
}

impl Prepared {
    /// Customises the hierarchy of a network, which must have been ordered.
    pub fn of(
        py: Python<'_>,
        laid: &Arc<Laid>,
        priced: &Arc<core::Metric>,
        criterion: Criterion,
        threads: usize,
    ) -> PyResult<Self> {
        let Some(skeleton) = laid.skeleton.get() else {
            return Err(to_python(py, CoreError::Argument("the network has no order yet".to_owned())));
        };
        let ground = Ground { skeleton, graph: &laid.graph, metric: priced, criterion };
        let made = parallel(py, threads, |cancel| Tables::of(ground, cancel))?;
        let tables = made.map_err(|stopped| to_python(py, SearchError::from(stopped)))?;
        Ok(Self { laid: Arc::clone(laid), priced: Arc::clone(priced), criterion, tables })
    }

    fn ground(&self, py: Python<'_>) -> PyResult<Ground<'_>> {
        let Some(skeleton) = self.laid.skeleton.get() else {
            return Err(to_python(py, CoreError::Argument("the network has no order yet".to_owned())));
        };
        Ok(Ground { skeleton, graph: &self.laid.graph, metric: &self.priced, criterion: self.criterion })
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Some(skeleton) = self.laid.skeleton.get() {
            self.tables.give_back(skeleton);
        }
    }
}

/// Prepares a hierarchy for further pairs, once so much was asked that it pays.
pub fn make_ready<W: Weight>(py: Python<'_>, made: &Customised<W>, ground: Ground<'_>) -> PyResult<()> {
    if made.is_preparing_due(ground, 1) {
        let prepared = parallel(py, 0, |cancel| made.prepare(ground, cancel))?;
        prepared.map_err(|stopped| to_python(py, SearchError::from(stopped)))?;
    }
    Ok(())
}

/// The minimised quantity and the hub rows that are passed.
type Path<'py> = (u64, Bound<'py, PyArray1<u32>>);

#[pymethods]
impl Prepared {
    /// One for each metric and criterion, all of one ordered network: eight are customised in one pass.
    #[staticmethod]
    #[pyo3(signature = (metrics, minimise, *, threads=0))]
    #[allow(clippy::needless_pass_by_value)] // pyo3 extracts
    fn of_each(
        py: Python<'_>,
        metrics: Vec<PyRef<'_, Metric>>,
        minimise: Vec<String>,
        threads: usize,
    ) -> PyResult<Vec<Self>> {
        let Some(laid) = metrics.first().map(|metric| Arc::clone(&metric.laid)) else {
            return Ok(Vec::new());
        };
        let refused = |message: &str| Err(to_python(py, CoreError::Argument(message.to_owned())));
        if metrics.len() != minimise.len() || metrics.iter().any(|metric| !Arc::ptr_eq(&metric.laid, &laid)) {
            return refused("expected metrics of one network, each with its criterion");
        }
        let Some(skeleton) = laid.skeleton.get() else {
            return refused("the network has no order yet");
        };
        let priced: Vec<_> = metrics.iter().map(|metric| Arc::clone(&metric.priced)).collect();
        let criteria = minimise.iter().map(|name| criterion(py, name)).collect::<PyResult<Vec<_>>>()?;
        let grounds: Vec<_> = priced
            .iter()
            .zip(&criteria)
            .map(|(metric, &criterion)| Ground { skeleton, graph: &laid.graph, metric, criterion })
            .collect();
        let made = parallel(py, threads, |cancel| Tables::of_each(&grounds, cancel))?;
        let made = made.map_err(|stopped| to_python(py, SearchError::from(stopped)))?;
        let each = made.into_iter().zip(&priced).zip(&criteria);
        Ok(each
            .map(|((tables, priced), &criterion)| Self {
                laid: Arc::clone(&laid),
                priced: Arc::clone(priced),
                criterion,
                tables,
            })
            .collect())
    }

    /// The minimised quantity in integer units and the hub rows passed; `None` when there is no route.
    fn path<'py>(&self, py: Python<'py>, origin: u32, destination: u32) -> PyResult<Option<Path<'py>>> {
        let (ground, ends) =
            (self.ground(py)?, (self.laid.hub(py, origin)?, self.laid.hub(py, destination)?));
        make_ready(py, &self.tables, ground)?;
        let found = brief(py, |cancel| self.tables.path(ground, &self.laid.network, ends, cancel))?;
        let found = found.map_err(|error| to_python(py, error))?;
        Ok(found.map(|(value, hubs)| (value, hubs.into_pyarray(py))))
    }

    /// The minimised quantity in integer units; `None` when there is no route.
    fn value(&self, py: Python<'_>, origin: u32, destination: u32) -> PyResult<Option<u64>> {
        let (ground, ends) =
            (self.ground(py)?, (self.laid.hub(py, origin)?, self.laid.hub(py, destination)?));
        make_ready(py, &self.tables, ground)?;
        let found = brief(py, |cancel| self.tables.value(ground, ends, cancel))?;
        found.map_err(|error| to_python(py, error))
    }

    /// The minimised quantity for every pair times `unit`, row by row; NaN for no route.
    #[pyo3(signature = (origins, destinations, *, unit=1.0, threads=0))]
    #[allow(clippy::needless_pass_by_value)] // pyo3 hands over the borrow of an array by value
    fn values<'py>(
        &self,
        py: Python<'py>,
        origins: PyReadonlyArray1<'py, u32>,
        destinations: PyReadonlyArray1<'py, u32>,
        unit: f64,
        threads: usize,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let (origins, destinations) = (self.laid.hubs(py, &origins)?, self.laid.hubs(py, &destinations)?);
        let ground = self.ground(py)?;
        let found = parallel(py, threads, |cancel| {
            self.tables.values(ground, (&origins, &destinations), unit, cancel)
        })?;
        Ok(found.map_err(|error| to_python(py, error))?.into_pyarray(py))
    }

    /// The minimised quantity from one hub to every hub times `unit`; NaN for no route.
    #[pyo3(signature = (origin, *, unit=1.0))]
    fn one_to_all<'py>(
        &self,
        py: Python<'py>,
        origin: u32,
        unit: f64,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let (ground, origin) = (self.ground(py)?, self.laid.hub(py, origin)?);
        let count = self.laid.network.hub_count();
        let found = interruptible(py, |cancel| self.tables.one_to_all(ground, origin, count, unit, cancel))?;
        Ok(found.map_err(|error| to_python(py, error))?.into_pyarray(py))
    }
}
