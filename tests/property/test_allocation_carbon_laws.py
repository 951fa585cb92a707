"""With the open set fixed, the dual of a carbon cap is the carbon price that gives the same plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import xroute as xr
from small_case import arguments
from xroute.allocation import Allocation
from xroute.plan_case import Case, read_case

GAP = 1e-7
CASE = Path(__file__).parents[2] / "data" / "cases" / "china-to-consumers" / "scenario.toml"


def shipped_case() -> dict[str, Any]:
    """The tables of the case of `make plan`."""
    case: Case = read_case(CASE)
    return {name: getattr(case, name) for name in ("origins", "warehouses", "demand", "products")}


def answered(
    net: xr.Network, given: dict[str, Any], held: Allocation | None, *, eur_t: float = 0.0, **limits: Any
) -> Allocation:
    """The best plan at a carbon price, with the open set of another where one is given."""
    if held is not None:
        ids = [str(each) for each in held.tables.warehouses["warehouse_id"]]
        shut = tuple(each for each in ids if each not in held.open_warehouses)
        limits |= {"open_warehouses": held.open_warehouses, "closed_warehouses": shut}
    chosen = xr.Limits(lcl_below_share=0.0, gap=GAP, **limits)
    return xr.allocate(net, **given, limits=chosen, scenario=xr.Scenario(carbon_price_eur_t=eur_t))


@pytest.mark.parametrize(
    ("given", "share"),
    [(arguments(), 0.3), (arguments(), 0.7), (shipped_case(), 0.5)],
    ids=["small, a little", "small, much", "plan"],
)
def test_the_dual_of_a_cap_is_the_price_that_gives_the_same_plan(
    net: xr.Network, given: dict[str, Any], share: float
) -> None:
    free = answered(net, given, None)
    clean = answered(net, given, free, eur_t=1e5)
    cap = share * clean.wtw_co2e_kg + (1.0 - share) * free.wtw_co2e_kg
    assert clean.wtw_co2e_kg < cap < free.wtw_co2e_kg, "the cap binds and can be met"
    capped = answered(net, given, free, max_co2e_kg=cap)
    eur_t = capped.prices().co2e_eur_per_t
    assert eur_t > 0.0
    assert capped.wtw_co2e_kg == pytest.approx(cap, rel=1e-6)
    priced = answered(net, given, free, eur_t=eur_t)
    ours = capped.cost_eur + eur_t * capped.wtw_co2e_kg / 1000.0
    assert priced.termination.objective == pytest.approx(ours, rel=10 * GAP)
    dearer, cheaper = (answered(net, given, free, eur_t=eur_t * by).wtw_co2e_kg for by in (1.01, 0.99))
    assert dearer <= cap * (1.0 + 1e-6)
    assert cheaper >= cap * (1.0 - 1e-6)


@pytest.mark.parametrize("given", [shipped_case()], ids=["plan"])
def test_a_closed_port_of_the_case_carries_nothing(net: xr.Network, given: dict[str, Any]) -> None:
    plain = xr.allocate(net, **given)
    used = {hub for leg in plain.legs if leg.route_id in set(plain.first_legs()["route_id"])
            for hub in (each.destination for each in leg.route.legs[:-1])}  # fmt: skip
    port = sorted(used)[0]
    found = xr.allocate(net, **given, scenario=xr.Scenario(closed_hubs=(port,)))
    routes = set(found.first_legs()["route_id"])
    over = {each.destination for leg in found.legs if leg.route_id in routes for each in leg.route.legs[:-1]}
    assert port not in over
    assert found.cost_eur >= plain.cost_eur * (1.0 - xr.Limits().gap)
