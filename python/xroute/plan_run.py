"""From a case to a plan: allocation, tables, front, figures, what to check, credits and the audit record."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib import metadata
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute import plan_tables
from xroute.allocation import Allocation, allocate
from xroute.errors import InputError, InternalError
from xroute.factors import available_packs, load_pack
from xroute.network import Network
from xroute.plan import Plan
from xroute.plan_case import Case
from xroute.rates import CONTAINER_M3, CONTAINER_T
from xroute.storage import package_data
from xroute.table import Table

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGES = ("xroute", "numpy", "ortools", "pyarrow", "geopandas", "bokeh")
_EXACT = 1e-9


def made(case: Case, net: Network | None, tell: Callable[[str], None]) -> Plan:
    """The plan of a case. Raises as `Plan.run`."""
    tell("network")
    source = net or Network.load()
    allocation = allocate(
        source,
        origins=case.origins,
        warehouses=case.warehouses,
        demand=case.demand,
        products=case.products,
        scenario=case.scenario,
        limits=case.limits,
        fees=case.fees,
        inventory=case.inventory,
        disruption=case.disruption,
        progress=tell,
    )
    if len(allocation.tables.periods) > 1:
        raise InputError("a plan is for one period: call xr.allocate for several", table="demand",
                         column="period")  # fmt: skip
    tell(f"front of {case.front_points} points")
    front = allocation.front(points=case.front_points)
    tell("routes, legs, cost and emission lines")
    tables = tables_of(allocation)
    return Plan(
        title=case.title,
        scenario_name=case.scenario.name,
        tables=tables,
        front=front,
        kpis=figures(allocation, tables),
        assumptions=list(assumptions(case, allocation, tables)),
        attribution=credit(source, case),
        audit=audit(case, allocation, front, source),
        allocation=allocation,
    )


def tables_of(allocation: Allocation) -> dict[str, Table]:
    """Every table of the plan; totals of lines are checked against totals of flows.

    Raises `InternalError` where they differ by more than 1e-9.
    """
    used = plan_tables.Used(allocation)
    first, deliveries = allocation.first_legs(), allocation.deliveries()
    stores = allocation.warehouses()
    tables = {
        "first_legs": first,
        "deliveries": deliveries,
        "warehouses": stores,
        "routes": plan_tables.routes(allocation, used),
        "legs": plan_tables.legs(used),
        "zones": plan_tables.zones(allocation, first, deliveries),
        "cost_lines": plan_tables.cost_lines(allocation, used, stores),
        "footprint_lines": plan_tables.footprint_lines(allocation, used),
    }
    for name, column, total in (
        ("cost_lines", "amount_eur", allocation.cost_eur),
        ("footprint_lines", "wtw_co2e_kg", allocation.wtw_co2e_kg),
    ):
        lines = float(np.sum(tables[name][column]))
        if abs(lines - total) > _EXACT * max(abs(total), 1.0):
            raise InternalError(f"{name} add up to {lines:.12g}, the flows to {total:.12g}")
    return tables


def figures(allocation: Allocation, tables: dict[str, Table]) -> dict[str, float | str]:
    """The key figures of a month; shares are of tonnes on first legs by main haul."""
    cost = float(np.sum(tables["cost_lines"]["amount_eur"]))
    co2e_kg = float(np.sum(tables["footprint_lines"]["wtw_co2e_kg"]))
    zones, first, deliveries = tables["zones"], tables["first_legs"], tables["deliveries"]
    orders = float(np.sum(zones["orders"]))
    found: dict[str, float | str] = {
        "total_cost_eur": cost,
        "eur_per_order": cost / orders,
        "emissions_co2e_t": co2e_kg / 1000.0,
        "kg_co2e_per_order": co2e_kg / orders,
        **_carbon_figures(allocation, tables["footprint_lines"]),
        "orders": orders,
        "open_warehouses": float(len(allocation.open_warehouses)),
        "mean_delivery_days": _mean(deliveries, "days", "units"),
        "mean_first_leg_days": _mean(first, "days", "units"),
        **{f"{mode}_share": share for mode, share in _shares(allocation).items()},
    }
    if allocation.scenario.carbon_price_eur_t:
        found["carbon_price_charge_eur"] = allocation.scenario.carbon_price_eur_t * co2e_kg / 1000.0
    return found | {"termination": str(allocation.termination)}


def _carbon_figures(allocation: Allocation, lines: Table) -> dict[str, float | str]:
    """Provision and operation, the share of each kind of data, emissions trading, and whose factors."""
    total = float(np.sum(lines["wtw_co2e_kg"]))
    by_category = {
        f"{name}_data_share": float(np.sum(lines["wtw_co2e_kg"][lines["category"] == name])) / total
        for name in ("primary", "modelled", "default")
    }
    return {
        "provision_wtt_co2e_t": float(np.sum(lines["wtt_co2e_kg"])) / 1000.0,
        "operation_ttw_co2e_t": float(np.sum(lines["ttw_co2e_kg"])) / 1000.0,
        **{name: share for name, share in by_category.items() if share},
        "emissions_trading_eur": plan_tables.emissions_trading_eur(allocation, plan_tables.Used(allocation)),
        "factor_packs": ", ".join(sorted(set(lines["pack"].tolist()))),
    }


def _mean(table: Table, column: str, weight: str) -> float:
    return float(np.average(table[column], weights=table[weight]))


def _shares(allocation: Allocation) -> dict[str, float]:
    """Shares of the tonnes on first legs by main haul, for sea, rail, air and road."""
    used = plan_tables.Used(allocation)
    sums = dict.fromkeys(("sea", "rail", "air", "road"), 0.0)
    for at, leg in used.legs:
        sums[leg.route.main_haul] = sums.get(leg.route.main_haul, 0.0) + float(used.tonnes[at])
    total = sum(sums.values())
    return {mode: tonnes / total for mode, tonnes in sums.items()}


def assumptions(case: Case, allocation: Allocation, tables: dict[str, Table]) -> Iterator[str]:
    """What a reader should check before a decision."""
    held = "stock financing and returns" if case.inventory is None else "returns"
    yield f"Cost is transport and warehousing; duty, VAT, {held} are not in it."
    if case.is_synthetic:
        yield "Demand, products, capacities and warehouse fees of this case are synthetic (team estimates)."
    if any(tables["cost_lines"]["indicative"]):
        yield "Freight and parcel prices are indicative rates; put your own rate card in [scenario] rates."
    yield (
        "Road and rail distances follow OpenStreetMap between hubs and cities; the last stretch to a place "
        "that is neither is a great circle times a circuity factor."
    )
    yield (
        f"A first leg is priced as one full 40 ft high cube of one product ({CONTAINER_M3:g} m3, "
        f"{CONTAINER_T:g} t), by air as 1 t chargeable, divided by the units in it; a flow under "
        f"{100 * case.limits.lcl_below_share:g} % of a box a month goes as groupage."
    )
    yield (
        "Linehaul from a warehouse is a full truck shared by its goods; the last "
        f"{inputs.ROUND_KM:g} km to the door are a van, by mass (team estimate)."
    )
    yield (
        "Main east-west sea trades use the factor of container ships of 8,000 TEU and more (team estimate), "
        "other lanes the average ship; trains the published average, as traction by line is not known."
    )
    yield "Stock is the mean of the weeks of cover of each product; capacity is held against that mean."
    yield "Emissions of hubs, warehouses and barges are modelled (team estimate, confidence low)."
    if allocation.termination.status != "optimal":
        yield f"The search ended before proof: {allocation.termination}, {allocation.termination.reason}."


def credit(net: Network, case: Case) -> list[str]:
    """The credits that the data asks for."""
    notices = net.core.table("notices")
    texts = dict(zip(notices["title"], notices["text"], strict=True))
    lines = [each.strip() for each in str(texts.get("credits", "")).split(";")]
    pack = load_pack(case.scenario.factor_pack)
    packs = [f"Factors: {each.attribution}" for each in (pack, *pack.fallbacks) if each.attribution]
    return [each for each in dict.fromkeys([*lines, texts.get("licence", ""), *packs]) if each]


def audit(case: Case, allocation: Allocation, front: Table, net: Network) -> dict[str, Any]:
    """What the plan was made from and how: enough to make it again and to see whether it is the same."""
    termination, pack = allocation.termination, load_pack(case.scenario.factor_pack)
    problem = allocation.problem
    scenario = {name: _plain(value) for name, value in asdict(replace(case.scenario, rates=None)).items()}
    return {
        "termination": {
            name: _plain(value)
            for name, value in asdict(termination).items()
            if name not in ("cpu_s", "wall_s")  # the same case gives the same record on any machine
        },
        "solver": termination.solver,
        "seed": termination.seed,
        "gap": _plain(termination.gap),
        "gap_allowed": case.limits.gap,
        "factor_pack": f"{pack.id} {pack.version}",
        "factor_fallbacks": [f"{each.id} {each.version}" for each in pack.fallbacks],
        "rates": "shipped indicative card" if case.scenario.rates is None else str(case.scenario.rates),
        "scenario": scenario,
        "limits": {name: _plain(value) for name, value in asdict(case.limits).items()},
        **{
            section: {name: _plain(value) for name, value in asdict(each).items()}
            for section, each in (("inventory", case.inventory), ("disruption", case.disruption))
            if each is not None
        },
        "inputs": {path.name: _sha256(path) for path in case.files}
        | {"network": hashlib.sha256(net.core.save(with_order=False)).hexdigest()}
        | {f"curated/{path.name}": _sha256(path) for path in sorted(package_data("curated").glob("*.csv"))}
        | {
            f"factors/{each.id}": _of_pack(each.id)
            for each in (pack, *pack.fallbacks)
            if each.id in available_packs()
        },
        "model": {
            "first_legs": len(problem.first),
            "deliveries": len(problem.delivery),
            "warehouses": problem.warehouses,
            "zones": len(problem.demand),
            "products": problem.products,
        },
        "front": [str(each) for each in front["termination"]],
        "versions": {"python": platform.python_version(), "platform": sys.platform} | _versions(),
    }


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _of_pack(name: str) -> str:
    """One hash of the names and hashes of all files of a factor pack."""
    files = sorted(path for path in package_data("factors", name).glob("*") if path.is_file())
    return hashlib.sha256("".join(f"{path.name} {_sha256(path)}\n" for path in files).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A value that JSON can hold: no NaN, no infinity, no tuple."""
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return list(value) if isinstance(value, tuple) else value
