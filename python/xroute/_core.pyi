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
def emissions(
    mass_kg: NDArray[np.float64],
    distance_km: NDArray[np.float64],
    activity_basis: NDArray[np.uint8] | Sequence[str],
    factor_basis: NDArray[np.uint8] | Sequence[str],
    mode: NDArray[np.uint8] | Sequence[str],
    wtt_g_tkm: NDArray[np.float64],
    ttw_g_tkm: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def hub_emissions(
    mass_kg: NDArray[np.float64], wtt_g_t: NDArray[np.float64], ttw_g_t: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...

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
    def save(self) -> bytes: ...
    def table(self, name: str) -> dict[str, Any]: ...
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
    def route(self, minimise: str, origin: int, destination: int) -> dict[str, Any] | None: ...
    def route_within(
        self,
        origin: int,
        destination: int,
        over: Sequence[str],
        most: Sequence[int],
        *,
        via: Sequence[tuple[str, Any]],
        most_changes: int | None = None,
    ) -> tuple[dict[str, Any] | None, bool]: ...
    def one_to_all(self, minimise: str, origin: int) -> NDArray[np.int64]: ...
    def matrix(
        self,
        minimise: str,
        origins: NDArray[np.uint32],
        destinations: NDArray[np.uint32],
        *,
        threads: int = 0,
    ) -> dict[str, NDArray[np.int64]]: ...
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
    ) -> tuple[list[dict[str, Any]], str | None, int]: ...
