"""The transportation problem: matrices and a table of lanes, beside cost scaling and other network simplexes.

Answers are compared as whole numbers before they are timed. All run on one thread; arrays that a peer
takes are made before, its own graph is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

import xroute as xr
from benches.work import measure
from xroute import _core

Ints = NDArray[np.int64]
SMALL, WIDE, TIGHT, LARGE = (50, 1_000, 1.25), (100, 10_000, 1.25), (100, 10_000, 1.02), (200, 50_000, 1.25)
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Case:
    """Great-circle costs in cents, lognormal demand, supply so many times the demand."""

    cost: Ints
    supply: Ints
    demand: Ints

    @property
    def frame(self) -> pd.DataFrame:
        """One row a lane, ids as text."""
        houses, zones = (np.array([f"{kind}{at:05d}" for at in range(count)], dtype=object)
                         for kind, count in zip("wz", self.cost.shape, strict=True))  # fmt: skip
        return pd.DataFrame(
            {
                "warehouse_id": pd.Categorical(np.repeat(houses, len(zones))),
                "zone_id": pd.Categorical(np.tile(zones, len(houses))),
                "cost": self.cost.ravel(),
            }
        )


@cache
def case(shape: tuple[int, int, float]) -> Case:
    houses, zones, slack = shape
    rng = np.random.default_rng(20_261_123)
    a, b = (np.radians(rng.uniform((-40, -120), (60, 150), (count, 2))) for count in (houses, zones))
    lift = np.sin((b[None, :, 0] - a[:, None, 0]) / 2) ** 2
    turn = np.sin((b[None, :, 1] - a[:, None, 1]) / 2) ** 2
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(lift + np.cos(a[:, None, 0]) * np.cos(b[None, :, 0]) * turn))
    cost = np.rint(8 * km * rng.uniform(0.8, 1.2, (houses, 1)) + 300).astype(np.int64)
    demand = np.maximum(1, np.rint(np.exp(rng.normal(4, 1.2, zones)))).astype(np.int64)
    share = rng.uniform(0.5, 1.5, houses)
    supply = np.floor(share / share.sum() * demand.sum() * slack).astype(np.int64) + 1
    return Case(cost, supply, demand)


@cache
def optimum(shape: tuple[int, int, float]) -> int:
    """By the core; its own checker proves it, and every peer that is timed has to agree."""
    each = case(shape)
    found = xr.transportation(each.cost, each.supply, each.demand)
    assert found.check().is_optimal
    return int(found.objective)


def core(each: Case) -> int:
    return int(_core.transport(each.cost, each.supply, each.demand, threads=1)["objective"])


def public(each: Case) -> int:
    return int(xr.transportation(each.cost, each.supply, each.demand, threads=1).objective)


@dataclass(frozen=True)
class Arcs:
    """What cost scaling takes: heads and tails by number, capacities, costs and the supply of every node."""

    tail: Ints
    head: Ints
    most: Ints
    cost: Ints
    supply: Ints


def arcs(each: Case) -> Arcs:
    """Every lane and, from every warehouse, an arc of cost zero for what it keeps."""
    houses, zones = each.cost.shape
    heads, sink = np.arange(houses), houses + zones
    rest = each.supply.sum() - each.demand.sum()
    lane_most = np.minimum(np.repeat(each.supply, zones), np.tile(each.demand, houses))
    return Arcs(
        tail=np.concatenate([np.repeat(heads, zones), heads]),
        head=np.concatenate([np.tile(np.arange(houses, sink), houses), np.full(houses, sink)]),
        most=np.concatenate([lane_most, each.supply]),
        cost=np.concatenate([each.cost.ravel(), np.zeros(houses, np.int64)]),
        supply=np.concatenate([each.supply, -each.demand, [-rest]]),
    )


def scaled(given: Arcs) -> int:
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(given.tail, given.head, given.most, given.cost)
    flow.set_nodes_supplies(np.arange(len(given.supply)), given.supply)
    assert flow.solve() == flow.OPTIMAL
    return int(flow.optimal_cost())


def cost_scaling(each: Case) -> int:
    return scaled(arcs(each))


def optimal_transport(each: Case) -> int:
    ot = pytest.importorskip("ot")
    rest = float(each.supply.sum() - each.demand.sum())
    cost = np.hstack([each.cost, np.zeros((len(each.supply), 1))])
    plan = ot.emd(
        each.supply.astype(float), np.append(each.demand, rest), cost, numItermax=10**8, numThreads=1
    )
    return int(np.rint((plan * cost).sum()))


def by_networkx(each: Case) -> int:
    houses, zones = each.cost.shape
    graph = nx.DiGraph()
    graph.add_nodes_from((house, {"demand": -int(units)}) for house, units in enumerate(each.supply))
    graph.add_nodes_from((houses + zone, {"demand": int(units)}) for zone, units in enumerate(each.demand))
    graph.add_node("rest", demand=int(each.supply.sum() - each.demand.sum()))
    costs = each.cost.tolist()
    lanes = ((w, houses + z, costs[w][z]) for w in range(houses) for z in range(zones))
    graph.add_weighted_edges_from(lanes)
    graph.add_weighted_edges_from((w, "rest", 0) for w in range(houses))
    return int(nx.network_simplex(graph)[0])


CONTENDERS: dict[str, Callable[[Case], int]] = {
    "xroute core": core,
    "xr.transportation": public,
    "OR-Tools SimpleMinCostFlow": cost_scaling,
    "POT ot.emd": optimal_transport,
    "networkx": by_networkx,
}
SLOW = {(LARGE, "networkx"), (WIDE, "networkx"), (TIGHT, "networkx")}  # minutes and more
PAIRS = [
    pytest.param(shape, name, id=f"{shape}-{name}")
    for shape in (SMALL, WIDE, TIGHT, LARGE)
    for name in CONTENDERS
    if (shape, name) not in SLOW
]


def group(shape: tuple[int, int, float]) -> str:
    return f"transportation, {shape[0]} x {shape[1]:,}, supply {shape[2]} x demand"


@pytest.mark.parametrize(("shape", "name"), PAIRS)
def test_matrix(shape: tuple[int, int, float], name: str, benchmark: Any) -> None:
    benchmark.group = group(shape)
    each, expected = case(shape), optimum(shape)
    measure(benchmark, name, lambda: CONTENDERS[name](each), queries=1, expected=expected)


def framed(each: Case) -> Callable[[], pd.DataFrame]:
    """The call from a frame of lanes to a frame of shipments."""
    lanes, houses, zones = each.frame, *(pd.unique(each.frame[name]) for name in ("warehouse_id", "zone_id"))
    supply = pd.Series(each.supply, index=list(houses))
    demand = pd.Series(each.demand, index=list(zones))

    def frames() -> pd.DataFrame:
        table = xr.transportation(lanes, supply, demand, threads=1).shipments
        return pd.DataFrame({name: table[name] for name in ("warehouse_id", "zone_id", "units", "cost")})

    return frames


def test_frame_to_frame_at_a_million_pairs(benchmark: Any) -> None:
    benchmark.group = group(WIDE)
    measure(
        benchmark, "xr.transportation, frame to frame", framed(case(WIDE)), queries=1,
        expected=optimum(WIDE), as_compared=lambda found: found["cost"].sum(),
    )  # fmt: skip
