//! `xroute._core.Network`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use xroute_core::cancel::{CancelFlag, Cancelled};
use xroute_core::graph::Graph;
use xroute_core::ids::HubId;
use xroute_core::network as core;
use xroute_core::search::SearchError;
use xroute_core::search::hierarchy::{OrderError, Skeleton};
use xroute_core::tables::{
    GeometryColumn, HubTable, LinkTable, NetworkTables, NoticeTable, PassageTable, ServiceTable,
    TransferTable,
};

use crate::columns::{flags, integers, numbers, set_flags, set_integers, set_numbers, texts};
use crate::door::{interruptible, parallel};
use crate::errors::{CoreError, to_python};
use crate::hierarchy::Kept;

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
        let hubs = hub_table(hubs)?;
        py.check_signals()?; // a million rows of text take a tenth of a second to read
        let links = link_table(links)?;
        py.check_signals()?;
        let tables = NetworkTables {
            hubs,
            links,
            services: service_table(services)?,
            transfers: transfer_table(transfers)?,
            passages: PassageTable {
                passage_id: texts(passages, "passage_id")?,
                name: texts(passages, "name")?,
                default_closed: flags(passages, "default_closed")?,
                draft_limit_m: numbers(passages, "draft_limit_m")?,
                beam_limit_m: numbers(passages, "beam_limit_m")?,
            },
            notices: NoticeTable { title: texts(notices, "title")?, text: texts(notices, "text")? },
        };
        let built = interruptible(py, |cancel| {
            core::Network::build(tables, cancel).map(|network| {
                let graph = Graph::of(&network);
                Self::lay(network, graph, None)
            })
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

    /// The columns of one table: hubs, links, services, transfers, passages or notices.
    fn table<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyDict>> {
        let tables = self.laid.network.tables();
        let out = PyDict::new(py);
        match name {
            "hubs" => hubs_out(&out, &tables.hubs)?,
            "links" => links_out(&out, &tables.links)?,
            "services" => services_out(&out, &tables.services)?,
            "transfers" => transfers_out(&out, &tables.transfers)?,
            "passages" => {
                out.set_item("passage_id", &tables.passages.passage_id)?;
                out.set_item("name", &tables.passages.name)?;
                set_flags(&out, "default_closed", &tables.passages.default_closed)?;
                set_numbers(&out, "draft_limit_m", &tables.passages.draft_limit_m)?;
                set_numbers(&out, "beam_limit_m", &tables.passages.beam_limit_m)?;
            }
            _ => {
                out.set_item("title", &tables.notices.title)?;
                out.set_item("text", &tables.notices.text)?;
            }
        }
        Ok(out)
    }
}

fn hub_table(table: &Bound<'_, PyDict>) -> PyResult<HubTable> {
    Ok(HubTable {
        hub_id: texts(table, "hub_id")?,
        lat: numbers(table, "lat")?,
        lon: numbers(table, "lon")?,
        kind: texts(table, "kind")?,
        name: texts(table, "name")?,
        locode: texts(table, "locode")?,
        country: texts(table, "country")?,
        timezone: texts(table, "timezone")?,
        population: numbers(table, "population")?,
        main_port: flags(table, "main_port")?,
        sea_area: texts(table, "sea_area")?,
        max_draft_m: numbers(table, "max_draft_m")?,
        carbon_scheme: texts(table, "carbon_scheme")?,
    })
}

fn hubs_out(out: &Bound<'_, PyDict>, hubs: &HubTable) -> PyResult<()> {
    out.set_item("hub_id", &hubs.hub_id)?;
    set_numbers(out, "lat", &hubs.lat)?;
    set_numbers(out, "lon", &hubs.lon)?;
    out.set_item("kind", &hubs.kind)?;
    out.set_item("name", &hubs.name)?;
    out.set_item("locode", &hubs.locode)?;
    out.set_item("country", &hubs.country)?;
    out.set_item("timezone", &hubs.timezone)?;
    set_numbers(out, "population", &hubs.population)?;
    set_flags(out, "main_port", &hubs.main_port)?;
    out.set_item("sea_area", &hubs.sea_area)?;
    set_numbers(out, "max_draft_m", &hubs.max_draft_m)?;
    out.set_item("carbon_scheme", &hubs.carbon_scheme)
}

fn link_table(table: &Bound<'_, PyDict>) -> PyResult<LinkTable> {
    let offsets = integers(table, "geometry_offsets")?;
    Ok(LinkTable {
        origin: texts(table, "origin")?,
        destination: texts(table, "destination")?,
        mode: texts(table, "mode")?,
        distance_km: numbers(table, "distance_km")?,
        link_id: texts(table, "link_id")?,
        oneway: flags(table, "oneway")?,
        passages: texts(table, "passages")?,
        countries: texts(table, "countries")?,
        gauge_mm: numbers(table, "gauge_mm")?,
        eca_km: numbers(table, "eca_km")?,
        speed_km_h: numbers(table, "speed_km_h")?,
        line_km: numbers(table, "line_km")?,
        vehicle_class: texts(table, "vehicle_class")?,
        customs_borders: numbers(table, "customs_borders")?,
        geometry: GeometryColumn {
            offsets: offsets.into_iter().map(|offset| offset as u32).collect(),
            lon_e6: integers(table, "geometry_lon_e6")?,
            lat_e6: integers(table, "geometry_lat_e6")?,
        },
    })
}

fn links_out(out: &Bound<'_, PyDict>, links: &LinkTable) -> PyResult<()> {
    out.set_item("origin", &links.origin)?;
    out.set_item("destination", &links.destination)?;
    out.set_item("mode", &links.mode)?;
    set_numbers(out, "distance_km", &links.distance_km)?;
    out.set_item("link_id", &links.link_id)?;
    set_flags(out, "oneway", &links.oneway)?;
    out.set_item("passages", &links.passages)?;
    out.set_item("countries", &links.countries)?;
    set_numbers(out, "gauge_mm", &links.gauge_mm)?;
    set_numbers(out, "eca_km", &links.eca_km)?;
    set_numbers(out, "speed_km_h", &links.speed_km_h)?;
    set_numbers(out, "line_km", &links.line_km)?;
    out.set_item("vehicle_class", &links.vehicle_class)?;
    set_numbers(out, "customs_borders", &links.customs_borders)?;
    let offsets: Vec<i32> = links.geometry.offsets.iter().map(|&offset| offset.cast_signed()).collect();
    set_integers(out, "geometry_offsets", &offsets)?;
    set_integers(out, "geometry_lon_e6", &links.geometry.lon_e6)?;
    set_integers(out, "geometry_lat_e6", &links.geometry.lat_e6)
}

fn service_table(table: &Bound<'_, PyDict>) -> PyResult<ServiceTable> {
    Ok(ServiceTable {
        origin: texts(table, "origin")?,
        destination: texts(table, "destination")?,
        mode: texts(table, "mode")?,
        service_id: texts(table, "service_id")?,
        distance_km: numbers(table, "distance_km")?,
        duration_h: numbers(table, "duration_h")?,
        departures_per_week: numbers(table, "departures_per_week")?,
        cutoff_h: numbers(table, "cutoff_h")?,
        rate_id: texts(table, "rate_id")?,
        vehicle_class: texts(table, "vehicle_class")?,
        carrier: texts(table, "carrier")?,
    })
}

fn services_out(out: &Bound<'_, PyDict>, services: &ServiceTable) -> PyResult<()> {
    out.set_item("origin", &services.origin)?;
    out.set_item("destination", &services.destination)?;
    out.set_item("mode", &services.mode)?;
    out.set_item("service_id", &services.service_id)?;
    set_numbers(out, "distance_km", &services.distance_km)?;
    set_numbers(out, "duration_h", &services.duration_h)?;
    set_numbers(out, "departures_per_week", &services.departures_per_week)?;
    set_numbers(out, "cutoff_h", &services.cutoff_h)?;
    out.set_item("rate_id", &services.rate_id)?;
    out.set_item("vehicle_class", &services.vehicle_class)?;
    out.set_item("carrier", &services.carrier)
}

fn transfer_table(table: &Bound<'_, PyDict>) -> PyResult<TransferTable> {
    Ok(TransferTable {
        hub_id: texts(table, "hub_id")?,
        from_mode: texts(table, "from_mode")?,
        to_mode: texts(table, "to_mode")?,
        duration_h: numbers(table, "duration_h")?,
        cost_eur_per_t: numbers(table, "cost_eur_per_t")?,
        fixed_cost_eur: numbers(table, "fixed_cost_eur")?,
        co2e_kg_per_t: numbers(table, "co2e_kg_per_t")?,
    })
}

fn transfers_out(out: &Bound<'_, PyDict>, transfers: &TransferTable) -> PyResult<()> {
    out.set_item("hub_id", &transfers.hub_id)?;
    out.set_item("from_mode", &transfers.from_mode)?;
    out.set_item("to_mode", &transfers.to_mode)?;
    set_numbers(out, "duration_h", &transfers.duration_h)?;
    set_numbers(out, "cost_eur_per_t", &transfers.cost_eur_per_t)?;
    set_numbers(out, "fixed_cost_eur", &transfers.fixed_cost_eur)?;
    set_numbers(out, "co2e_kg_per_t", &transfers.co2e_kg_per_t)
}
