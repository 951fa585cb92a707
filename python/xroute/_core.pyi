"""The Rust core of xroute."""

from collections.abc import Sequence
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

MODES: list[str]
HUB_KINDS: list[str]
DISTANCE_BASES: list[str]
IS_DEBUG_BUILD: bool
FORMAT_VERSION: int
__version__: str

def geodesic_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float: ...
def emission(
    mass_kg: float,
    distance_km: float,
    activity_basis: str,
    factor_basis: str,
    mode: str,
    wtt_g_tkm: float,
    ttw_g_tkm: float,
) -> tuple[float, float, float]: ...
def emissions(
    mass_kg: NDArray[np.float64],
    distance_km: NDArray[np.float64],
    activity_basis: NDArray[np.uint8] | Sequence[str],
    factor_basis: NDArray[np.uint8] | Sequence[str],
    mode: NDArray[np.uint8] | Sequence[str],
    wtt_g_tkm: NDArray[np.float64],
    ttw_g_tkm: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def emissions_by_figure(
    mass_kg: NDArray[np.float64],
    distance_km: NDArray[np.float64],
    figure: NDArray[np.uint16],
    figures: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    wtt_kg: NDArray[np.float64],
    ttw_kg: NDArray[np.float64],
    wtw_kg: NDArray[np.float64],
    adjustment: NDArray[np.float64],
) -> None: ...
def hub_emissions(
    mass_kg: NDArray[np.float64], wtt_g_t: NDArray[np.float64], ttw_g_t: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def transport(
    cost: NDArray[np.int32] | NDArray[np.int64] | NDArray[np.float64],
    supply: NDArray[np.int64],
    demand: NDArray[np.int64],
    *,
    steps_per_unit: float = 1.0,
    prices: NDArray[np.int64] | None = None,
    threads: int = 0,
) -> dict[str, Any]: ...
def transport_check(
    cost: NDArray[np.int32] | NDArray[np.int64] | NDArray[np.float64],
    supply: NDArray[np.int64],
    demand: NDArray[np.int64],
    *,
    warehouse: NDArray[np.uint32],
    zone: NDArray[np.uint32],
    units: NDArray[np.int64],
    supply_price: NDArray[np.int64],
    demand_price: NDArray[np.int64],
    steps_per_unit: float = 1.0,
    threads: int = 0,
) -> tuple[int, int, int, int]: ...
def cost_steps(cost: NDArray[np.float64], steps_per_unit: float) -> tuple[float, float, bool, int | None]: ...
def facility_search(
    cost: NDArray[np.float64],
    capacity: NDArray[np.int64],
    fixed_cost: NDArray[np.float64],
    demand: NDArray[np.int64],
    *,
    is_single: bool,
    steps: int,
    whole_steps: int,
    work: int,
    gap: float,
) -> dict[str, Any]: ...
def transport_most_cost(warehouses: int, zones: int, has_forbidden: bool) -> int: ...

@final
class Network:
    @staticmethod
    def build(
        *,
        hubs: dict[str, Any],
        links: dict[str, Any],
        services: dict[str, Any],
        transfers: dict[str, Any],
        passages: dict[str, Any],
        notices: dict[str, Any],
    ) -> Network: ...
    @staticmethod
    def load(file: bytes) -> Network: ...
    def save(self, *, with_order: bool = True) -> bytes: ...
    def order(self, *, threads: int = 0) -> None: ...
    def table(self, name: str) -> dict[str, Any]: ...
    def hub_column(self, name: str) -> Any: ...
    def find_hub(self, hub_id: str) -> int | None: ...
    @property
    def hub_count(self) -> int: ...
    @property
    def link_count(self) -> int: ...
    @property
    def classes(self) -> list[tuple[str, str]]: ...
    @property
    def rate_ids(self) -> list[str]: ...
    @property
    def passage_ids(self) -> list[str]: ...
    @property
    def countries(self) -> list[str]: ...
    @property
    def default_closed(self) -> int: ...
    @property
    def node_count(self) -> int: ...
    @property
    def edge_count(self) -> int: ...
    @property
    def arc_count(self) -> int | None: ...

@final
class Prepared:
    @staticmethod
    def of_each(
        metrics: Sequence[Metric], minimise: Sequence[str], *, threads: int = 0
    ) -> list[Prepared]: ...
    def path(self, origin: int, destination: int) -> tuple[int, NDArray[np.uint32]] | None: ...
    def value(self, origin: int, destination: int) -> int | None: ...
    def values(
        self,
        origins: NDArray[np.uint32],
        destinations: NDArray[np.uint32],
        *,
        unit: float = 1.0,
        threads: int = 0,
    ) -> NDArray[np.float64]: ...
    def one_to_all(self, origin: int, *, unit: float = 1.0) -> NDArray[np.float64]: ...

@final
class FoundRoute:
    """Integer totals (`money`, `time_s`, `co2e_g_t`, `distance_m`, `generalised`), `stops` and `legs`."""

    def __getitem__(self, key: str, /) -> Any: ...

@final
class Metric:
    @staticmethod
    def build(
        network: Network,
        terms: dict[str, Any],
        *,
        closed_passages: int,
        closed_hubs: Sequence[int],
        closed_countries: Sequence[int],
        modes: int,
        sea_passages: int = 0,
        sea_hubs: Sequence[int] | None = None,
        closed_services: Sequence[int] | None = None,
    ) -> Metric: ...
    @property
    def money_unit_eur(self) -> float: ...
    def route(self, minimise: str, origin: int, destination: int) -> FoundRoute | None: ...
    def route_within(
        self,
        origin: int,
        destination: int,
        over: Sequence[str],
        most: Sequence[int],
        *,
        via: Sequence[tuple[str, Any]],
        most_changes: int | None = None,
    ) -> tuple[FoundRoute | None, bool]: ...
    def prepared(self, minimise: str, *, threads: int = 0) -> Prepared: ...
    def one_to_all(self, minimise: str, origin: int) -> NDArray[np.int64]: ...
    def matrix(
        self,
        minimise: str,
        origins: NDArray[np.uint32],
        destinations: NDArray[np.uint32],
        *,
        threads: int = 0,
    ) -> dict[str, NDArray[np.int64]]: ...
    def routes(
        self,
        minimise: str,
        origins: NDArray[np.uint32],
        destinations: NDArray[np.uint32],
        *,
        threads: int = 0,
    ) -> dict[str, Any]: ...
    def pareto(
        self,
        origin: int,
        destination: int,
        over: Sequence[str],
        resolution: Sequence[int],
        *,
        epsilon_parts: int = 0,
        most_labels: int,
        time_limit_s: float | None = None,
    ) -> tuple[list[FoundRoute], str | None, int]: ...
