"""Routes of many pairs as columns against routes asked for one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.random_networks import random_case

import xroute as xr

pytestmark = pytest.mark.oracle
SEED = 20_261_124
CRITERIA = ("cost", "time", "co2e", "distance", "generalised")
TOTALS = ("money", "time_s", "co2e_g_t", "distance_m", "generalised")
SCENARIO = xr.Scenario(carbon_price_eur_t=80.0, value_of_time_eur_h=3.0)


def runs(columns: dict[str, Any], name: str, row: int) -> list[Any]:
    ends = columns[f"first_{name}"]
    found: list[Any] = columns[name][ends[row] : ends[row + 1]].tolist()
    return found


def as_read(columns: dict[str, Any], row: int) -> tuple[Any, ...] | None:
    """A row of the columns: totals, modes, links, services, hub sides of stops."""
    if columns["time_s"][row] < 0:
        return None
    modes = columns["chains"][columns["chain"][row]]
    stops = [(stop[1], stop[2]) for stop in runs(columns, "stop", row)]
    totals = tuple(int(columns[name][row]) for name in TOTALS)
    return totals, modes, runs(columns, "link", row), runs(columns, "service", row), stops


def as_routed(raw: dict[str, Any] | None) -> tuple[Any, ...] | None:
    """The same of a route that was asked for by itself."""
    from xroute.processes import SIDES

    if raw is None:
        return None
    legs = raw["legs"]
    stops = [(SIDES.index(stop["from_mode"]), SIDES.index(stop["to_mode"])) for stop in raw["stops"]]
    links = [int(link) for leg in legs for link in leg["links"]]
    services = [leg["service"] for leg in legs if leg["service"] is not None]
    return tuple(raw[name] for name in TOTALS), "+".join(leg["mode"] for leg in legs), links, services, stops


def drawn(count: int, hubs: int) -> Any:
    """Pairs of hub rows, ordered by origin, few origins with many destinations each."""
    rng = np.random.default_rng(SEED)
    ends = rng.integers(0, hubs, (count, 2))
    ends[:, 0] = rng.choice(rng.integers(0, hubs, max(count // 20, 1)), count)
    return np.unique(ends, axis=0).astype(np.uint32)


@pytest.mark.parametrize("minimise", CRITERIA)
def test_columns_equal_single_routes_on_the_shipped_network(
    net: xr.Network, oracle_cases: Callable[[int], int], minimise: str
) -> None:
    goods = xr.Shipment(mass_kg=1500.0, volume_m3=4.0)
    metric = net.priced(goods, "LCL", SCENARIO).metric
    pairs = drawn(oracle_cases(1000), len(net.places))
    columns = metric.routes(minimise, pairs[:, 0].copy(), pairs[:, 1].copy())
    singly = [metric.route(minimise, *pair) for pair in pairs.tolist()]
    key = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m"}.get(
        minimise, minimise
    )
    searched = [(-1, -1) if raw is None else (raw[key], raw["time_s"]) for raw in singly]
    assert list(zip(columns[key].tolist(), columns["time_s"].tolist(), strict=True)) == searched


@pytest.mark.parametrize("minimise", CRITERIA)
def test_columns_are_those_of_the_same_routes(net: xr.Network, minimise: str) -> None:
    goods = xr.Shipment(mass_kg=900.0, temperature="refrigerated")
    metric = net.priced(goods, "FCL", SCENARIO).metric
    pairs = drawn(200, len(net.places))
    many = np.resize(pairs[:, 0], 6_000), np.resize(pairs[:, 1], 6_000)
    metric.routes(minimise, *many)  # often enough for the hierarchy
    columns = metric.routes(minimise, pairs[:, 0].copy(), pairs[:, 1].copy())
    singly = [as_routed(metric.route(minimise, *pair)) for pair in pairs.tolist()]
    assert [as_read(columns, row) for row in range(len(pairs))] == singly


@pytest.mark.parametrize("minimise", CRITERIA)
def test_columns_do_not_depend_on_the_number_of_threads(net: xr.Network, minimise: str) -> None:
    metric = net.priced(xr.Shipment(mass_kg=1500.0), "LCL", SCENARIO).metric
    pairs = drawn(300, len(net.places))
    one, two = (
        metric.routes(minimise, pairs[:, 0].copy(), pairs[:, 1].copy(), threads=count) for count in (1, 2)
    )
    assert all(np.array_equal(one[name], two[name], equal_nan=True) for name in one if name != "chains")


@pytest.mark.parametrize("minimise", CRITERIA)
def test_columns_equal_single_routes_on_random_networks(
    oracle_cases: Callable[[int], int], minimise: str
) -> None:
    for seed in range(oracle_cases(300)):
        case = random_case(seed, most_hubs=20)
        every = np.stack(np.meshgrid(*[np.arange(case.size, dtype=np.uint32)] * 2, indexing="ij"), axis=-1)
        pairs = every.reshape(-1, 2)
        columns = case.metric.routes(minimise, pairs[:, 0].copy(), pairs[:, 1].copy())
        for row, pair in enumerate(pairs.tolist()):
            raw, mine = as_routed(case.metric.route(minimise, *pair)), as_read(columns, row)
            assert (raw is None) == (mine is None)
            key = TOTALS.index({"cost": "money", "time": "time_s", "co2e": "co2e_g_t",
                                "distance": "distance_m"}.get(minimise, minimise))  # fmt: skip
            if raw is not None and mine is not None:
                assert (raw[0][key], raw[0][1]) == (mine[0][key], mine[0][1])
