//! `xroute._core.Network`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::graph::Graph;
use xroute_core::ids::HubId;
use xroute_core::network as core;
use xroute_core::network::Unbuilt;
use xroute_core::search::SearchError;
use xroute_core::search::hierarchy::{OrderError, Skeleton};
use xroute_core::tables::{NetworkTables, NoticeTable};

use crate::columns::{number_array, set_texts, text_list, texts};
use crate::door::{interruptible, parallel};
use crate::errors::{CoreError, to_python};
use crate::hierarchy::Kept;
use crate::tables::{
    hub_table, hubs_out, link_table, links_out, passage_table, passages_out, service_table, services_out,
    transfer_table, transfers_out,
};

/// A network and its search graph, shared by every metric made for it.
pub struct Laid {
    pub network: core::Network,
    pub graph: Graph,
    /// The contraction order, once it was made or read.
    pub skeleton: OnceLock<Skeleton>,
    /// Whether an order was looked for and the graph is too dense for one.
    is_too_dense: AtomicBool,
    /// The latest customised hierarchies.
    pub kept: Kept,
}

/// A checked, immutable network.
#[pyclass(frozen, module = "xroute._core")]
pub struct Network {
    pub laid: Arc<Laid>,
}

impl Laid {
    /// Makes the contraction order where there is none yet.
    ///
    /// # Errors
    /// [`OrderError`] once the flag is raised, and for a graph that is too dense.
    pub fn order(&self, cancel: &CancelFlag) -> Result<(), OrderError> {
        if self.skeleton.get().is_none() {
            let made = Skeleton::of(&self.network, &self.graph, cancel)?;
            let _ = self.skeleton.set(made); // another thread may have been first: it made the same
        }
        Ok(())
    }

    /// Makes the contraction order where there is none yet and the graph can have one.
    ///
    /// # Errors
    /// [`Cancelled`] once the flag is raised.
    pub fn order_if_it_can_be(&self, cancel: &CancelFlag) -> Result<(), Cancelled> {
        if self.is_too_dense.load(Ordering::Relaxed) {
            return Ok(());
        }
        match self.order(cancel) {
            Err(OrderError::Cancelled(stopped)) => Err(stopped),
            Err(OrderError::TooManyArcs(_)) => {
                self.is_too_dense.store(true, Ordering::Relaxed);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// The hub of a row that Python gives.
    pub fn hub(&self, py: Python<'_>, row: u32) -> PyResult<HubId> {
        if (row as usize) < self.network.hub_count() {
            return Ok(HubId(row));
        }
        Err(to_python(py, CoreError::Argument(format!("hub row {row} is not of this network"))))
    }

    /// The hubs of an array of rows.
    pub fn hubs(&self, py: Python<'_>, rows: &PyReadonlyArray1<'_, u32>) -> PyResult<Vec<HubId>> {
        rows.as_array().iter().map(|&row| self.hub(py, row)).collect()
    }
}

impl Network {
    fn lay(network: core::Network, graph: Graph, skeleton: Option<Skeleton>) -> Self {
        let skeleton = skeleton.map_or_else(OnceLock::new, OnceLock::from);
        Self {
            laid: Arc::new(Laid {
                network,
                graph,
                skeleton,
                is_too_dense: AtomicBool::new(false),
                kept: Kept::default(),
            }),
        }
    }
}

#[pymethods]
impl Network {
    /// Builds from dicts of columns: texts as lists, numbers as float64 and bool arrays.
    #[staticmethod]
    #[pyo3(signature = (*, hubs, links, services, transfers, passages, notices))]
    fn build(
        py: Python<'_>,
        hubs: &Bound<'_, PyDict>,
        links: &Bound<'_, PyDict>,
        services: &Bound<'_, PyDict>,
        transfers: &Bound<'_, PyDict>,
        passages: &Bound<'_, PyDict>,
        notices: &Bound<'_, PyDict>,
    ) -> PyResult<Self> {
        let tables = NetworkTables {
            hubs: hub_table(hubs)?,
            links: link_table(links)?,
            services: service_table(services)?,
            transfers: transfer_table(transfers)?,
            passages: passage_table(passages)?,
            notices: NoticeTable { title: texts(notices, "title")?, text: texts(notices, "text")? },
        };
        let built = interruptible(py, |cancel| {
            let network = core::Network::build(tables, cancel)?;
            let graph = Graph::of_unless(&network, cancel)?;
            Ok::<_, Unbuilt>(Self::lay(network, graph, None))
        })?;
        built.map_err(|error| to_python(py, error))
    }

    /// Reads the bytes of an `.xnet` file.
    #[staticmethod]
    fn load(py: Python<'_>, file: &[u8]) -> PyResult<Self> {
        let loaded = interruptible(py, |cancel| {
            xroute_io::load(file, cancel).map(|found| Self::lay(found.network, found.graph, found.skeleton))
        })?;
        loaded.map_err(|error| to_python(py, error))
    }

    /// The bytes of an `.xnet` file, with the contraction order where there is one and it is wanted.
    #[pyo3(signature = (*, with_order=true))]
    fn save<'py>(&self, py: Python<'py>, with_order: bool) -> PyResult<Bound<'py, PyBytes>> {
        let order = self.laid.skeleton.get().filter(|_| with_order);
        let bytes = interruptible(py, |cancel| xroute_io::save(&self.laid.network, order, cancel))?;
        let bytes = bytes.map_err(|stopped| to_python(py, SearchError::from(stopped)))?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Orders and contracts the search graph, once; `threads` as in a matrix.
    #[pyo3(signature = (*, threads=0))]
    fn order(&self, py: Python<'_>, threads: usize) -> PyResult<()> {
        if self.laid.skeleton.get().is_some() {
            return Ok(());
        }
        let made = parallel(py, threads, |cancel| self.laid.order(cancel))?;
        made.map_err(|error| match error {
            OrderError::Cancelled(stopped) => to_python(py, SearchError::from(stopped)),
            OrderError::TooManyArcs(_) => to_python(py, CoreError::Limit(error.to_string())),
        })
    }

    /// How many arcs the contraction order has; `None` where there is no order yet.
    #[getter]
    fn arc_count(&self) -> Option<usize> {
        self.laid.skeleton.get().map(Skeleton::arc_count)
    }

    #[getter]
    fn classes(&self) -> Vec<(&'static str, String)> {
        self.laid.network.classes().iter().map(|(mode, name)| (mode.name(), name.clone())).collect()
    }

    #[getter]
    fn rate_ids(&self) -> Vec<String> {
        self.laid.network.rates().to_vec()
    }

    #[getter]
    fn passage_ids(&self) -> Vec<String> {
        self.laid.network.passages().to_vec()
    }

    #[getter]
    fn countries(&self) -> Vec<String> {
        self.laid.network.countries().to_vec()
    }

    #[getter]
    fn default_closed(&self) -> u64 {
        self.laid.network.default_closed()
    }

    #[getter]
    fn node_count(&self) -> usize {
        self.laid.graph.node_count()
    }

    #[getter]
    fn edge_count(&self) -> usize {
        self.laid.graph.edge_count()
    }

    /// The row of the hub of that id; `None` where there is none.
    fn find_hub(&self, hub_id: &Bound<'_, PyString>) -> Option<u32> {
        self.laid.network.find_hub(hub_id.to_str().ok()?).map(|hub| hub.0)
    }

    #[getter]
    fn hub_count(&self) -> usize {
        self.laid.network.hub_count()
    }

    #[getter]
    fn link_count(&self) -> usize {
        self.laid.network.link_count()
    }

    /// One column of texts or numbers of the hubs table.
    fn hub_column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        let hubs = &self.laid.network.tables().hubs;
        let texts = match name {
            "hub_id" => &hubs.hub_id,
            "name" => &hubs.name,
            "kind" => &hubs.kind,
            "country" => &hubs.country,
            "locode" => &hubs.locode,
            "timezone" => &hubs.timezone,
            "carbon_scheme" => &hubs.carbon_scheme,
            "lat" => return Ok(number_array(py, &hubs.lat).into_any()),
            "lon" => return Ok(number_array(py, &hubs.lon).into_any()),
            "max_draft_m" => return Ok(number_array(py, &hubs.max_draft_m).into_any()),
            _ => {
                let message = format!("'{name}' is no column of hubs that is read alone");
                return Err(to_python(py, CoreError::Argument(message)));
            }
        };
        Ok(text_list(py, texts)?.into_any())
    }

    /// The columns of one table: hubs, links, services, transfers, passages or notices.
    fn table<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyDict>> {
        let tables = self.laid.network.tables();
        let out = PyDict::new(py);
        match name {
            "hubs" => hubs_out(&out, &tables.hubs)?,
            "links" => links_out(&out, &tables.links)?,
            "services" => services_out(&out, &tables.services)?,
            "transfers" => transfers_out(&out, &tables.transfers)?,
            "passages" => passages_out(&out, &tables.passages)?,
            _ => {
                set_texts(&out, "title", &tables.notices.title)?;
                set_texts(&out, "text", &tables.notices.text)?;
            }
        }
        Ok(out)
    }
}
