"""Relaxing any limit never raises cost; what is closed carries nothing: on tables through `allocate`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xroute as xr
from allocation_enumerated import FORMULATIONS, case
from allocation_options_enumerated import EXACT, base, safety_of, ways_back
from small_case import PRODUCTS, WAREHOUSES, arguments
from xroute.allocation import Allocation
from xroute.allocation_engine import decide
from xroute.allocation_inventory import with_safety
from xroute.allocation_model import Problem
from xroute.allocation_returns import with_returns
from xroute.errors import AllocationError

LIMITED = [each for each in FORMULATIONS if each not in ("plain", "transfers")]


def cost(problem: Problem) -> float:
    """The least objective; inf where infeasible."""
    try:
        return decide(problem, EXACT, name_limit=lambda *_: "").termination.objective
    except AllocationError as error:
        if error.termination.status != "infeasible":
            raise
        return np.inf


def not_above(after: float, before: float) -> bool:
    return after <= before or bool(np.isclose(after, before, rtol=2e-6))


def relaxed(problem: Problem, share: float) -> Problem:
    """Every limit of a formulation some way further: bounds, sources, least volumes."""
    rows = problem.limits
    loose = replace(
        rows, most=rows.most + share * np.abs(rows.most), least=rows.least - share * np.abs(rows.least)
    )
    fees = tuple(
        replace(fee, start=np.concatenate([fee.start[:1] * (1 - share), fee.start[1:]]))
        if fee.kind == "all_unit" else fee
        for fee in problem.fees
    )  # fmt: skip
    return replace(problem, limits=loose, fees=fees, single_source="")


@settings(max_examples=30)
@given(st.integers(0, 5_000), st.sampled_from(LIMITED), st.floats(0.05, 0.6))
def test_relaxing_the_limits_of_any_formulation_never_raises_cost(
    seed: int, formulation: str, share: float
) -> None:
    problem = case(formulation, seed)
    assert not_above(cost(relaxed(problem, share)), cost(problem))


@settings(max_examples=15)
@given(st.integers(0, 5_000))
def test_less_safety_stock_and_more_that_is_made_good_never_raise_cost(seed: int) -> None:
    p, rng = base(seed, warehouses=2, zones=3)
    safety, ways = safety_of(rng, p), ways_back(rng, p)
    before = cost(with_safety(with_returns(p, ways), safety))
    calm = replace(safety, factor=safety.factor * 0.7)
    free = replace(ways, share=1.0, capacity=np.full(p.warehouses, np.inf))
    assert not_above(cost(with_safety(with_returns(p, ways), calm)), before)
    assert not_above(cost(with_safety(with_returns(p, free), safety)), before)


TIGHT_AND_LOOSE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "max_share": ({"max_share": 0.5}, {"max_share": 0.6}),
    "max_open": ({"max_open": 2}, {"max_open": 3}),
    "min_open": ({"min_open": 3}, {"min_open": 2}),
    "held open": ({"open_warehouses": ("FRA",)}, {}),
    "held closed": ({"closed_warehouses": ("WAW",)}, {}),
    "single source": ({"single_source": "zone"}, {"single_source": "product"}),
    "lane capacity": ({"lane_capacity_m3": {"suez": 100.0}}, {"lane_capacity_m3": {"suez": 200.0}}),
    "share of a route": ({"max_share_by": {"route": 0.4}}, {"max_share_by": {"route": 0.6}}),
    "first-leg days": ({"max_first_leg_days": 40.0}, {"max_first_leg_days": 60.0}),
    "full loads": ({"lcl_below_share": 0.5}, {"lcl_below_share": 0.25}),
}


@pytest.mark.parametrize("name", TIGHT_AND_LOOSE)
def test_relaxing_a_limit_of_allocate_never_raises_cost_beyond_the_gap(net: xr.Network, name: str) -> None:
    tight, loose = (
        xr.allocate(net, **arguments(limits=xr.Limits(**each))).termination.objective
        for each in TIGHT_AND_LOOSE[name]
    )
    assert loose <= tight * (1 + xr.Limits().gap)


def used_lanes(found: Allocation) -> set[str]:
    routes = set(found.first_legs()["route_id"])
    legs = [leg.route for leg in found.legs if leg.route_id in routes]
    return {
        each for route in legs for each in (*route.passages, *(leg.destination for leg in route.legs[:-1]))
    }


CLOSERS: dict[str, Callable[[], xr.Scenario]] = {
    "a passage": lambda: xr.Scenario(name="x", closed_passages=("suez",)),
    "a port": lambda: xr.Scenario(name="x", closed_hubs=("CNSHK",)),
    "two ports": lambda: xr.Scenario(name="x", closed_hubs=("CNSHK", "PLGDN")),
}


@pytest.mark.parametrize("what", CLOSERS)
def test_what_is_closed_carries_nothing_and_never_makes_a_plan_cheaper(net: xr.Network, what: str) -> None:
    scenario = CLOSERS[what]()
    closed = {*scenario.closed_passages, *scenario.closed_hubs}
    plain, found = xr.allocate(net, **arguments()), xr.allocate(net, **arguments(scenario=scenario))
    assert closed & used_lanes(plain), "the plan uses what is closed"
    assert not closed & used_lanes(found)
    assert found.cost_eur >= plain.cost_eur * (1 - xr.Limits().gap)


def test_a_closed_warehouse_carries_nothing_with_every_option(net: xr.Network) -> None:
    found = xr.allocate(
        net, **arguments(products=PRODUCTS | {"return_rate": [0.2, 0.1, 0.1]}, warehouses=WAREHOUSES),
        transfers=True, inventory=xr.Inventory(), returns=xr.Returns(refurbished_share=0.5),
        limits=xr.Limits(closed_warehouses=("WAW",)),
    )  # fmt: skip
    for table in (found.first_legs(), found.deliveries(), found.returns(), found.stock()):
        assert "WAW" not in set(table["warehouse_id"])
    moves = found.transfers()
    assert "WAW" not in {*moves["from_warehouse_id"], *moves["to_warehouse_id"]}
