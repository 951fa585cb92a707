"""Which warehouses open, by which routes they are filled, and which zones they serve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation_check import co2e_kg, cost_eur
from xroute.allocation_engine import Decision, decide
from xroute.allocation_inputs import FirstLeg, Lanes, Tables
from xroute.allocation_limits import Names, explain, unreached
from xroute.allocation_model import Arcs, Problem
from xroute.allocation_solver import Effort, Termination
from xroute.errors import AllocationError, InputError
from xroute.factors import load_pack
from xroute.scenario import Scenario

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.table import Table

__all__ = ["Allocation", "Limits", "Termination", "allocate"]

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an allocation must keep to.

    `max_co2e_kg` caps the month's emissions (first legs, warehouses, linehaul and vans). `max_days` is the
    most days from warehouse to door, `max_first_leg_days` from origin to warehouse; a demand row's own
    `max_days` is kept too. `lcl_below_share` is the share of a box a month that a product must fill on a
    first leg to be priced by the box; below it goes as groupage. `gap` is the relative gap that counts as
    optimal.
    """

    max_co2e_kg: float | None = None
    max_days: float | None = None
    max_first_leg_days: float | None = None
    lcl_below_share: float = 0.25
    gap: float = 1e-4

    def __post_init__(self) -> None:
        for name in ("max_co2e_kg", "max_days", "max_first_leg_days", "lcl_below_share", "gap"):
            value = getattr(self, name)
            if value is not None and not 0 <= value < float("inf"):
                raise InputError(f"expected a finite number of at least 0, got {value!r}", table="limits",
                                 column=name)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """A checked answer: units by first leg and delivery, open warehouses, totals a month."""

    tables: Tables
    scenario: Scenario
    limits: Limits
    legs: tuple[FirstLeg, ...]
    lanes: Lanes
    candidates: Candidates
    decision: Decision

    @property
    def problem(self) -> Problem:
        """The arrays that were solved."""
        return self.candidates.problem

    @property
    def termination(self) -> Termination:
        """How the solver ended, with bound and gap."""
        return self.decision.termination

    @property
    def cost_eur(self) -> float:
        """Money a month without the carbon price, EUR."""
        found = self.decision
        return cost_eur(self.problem, found.first_units, found.delivery_units, found.is_open)

    @property
    def wtw_co2e_kg(self) -> float:
        """Emissions a month, kg CO2e well to wheel."""
        return co2e_kg(self.problem, self.decision.first_units, self.decision.delivery_units)

    @property
    def open_warehouses(self) -> tuple[str, ...]:
        """Ids of the open warehouses."""
        ids = self.tables.warehouses["warehouse_id"]
        return tuple(str(each) for each, is_open in zip(ids, self.decision.is_open, strict=True) if is_open)

    def front(self, *, points: int = 8) -> Table:
        """Cost against CO2e from the cheapest plan to the cleanest; see `allocation_front.front`."""
        from xroute.allocation_front import front

        return front(self, points=points)

    def first_legs(self) -> Table:
        """One row for each first leg and product that is used."""
        from xroute.allocation_tables import first_legs

        return first_legs(self)

    def deliveries(self) -> Table:
        """One row for each warehouse, zone and product that is used."""
        from xroute.allocation_tables import deliveries

        return deliveries(self)

    def warehouses(self) -> Table:
        """One row for each warehouse, open or not."""
        from xroute.allocation_tables import warehouses

        return warehouses(self)

    def __repr__(self) -> str:
        return (
            f"<Allocation {self.termination.status}: {len(self.open_warehouses)} warehouses open, "
            f"{self.cost_eur:,.0f} EUR and {self.wtw_co2e_kg / 1000:,.1f} t CO2e a month>"
        )


def allocate(
    net: Network,
    *,
    origins: Sequence[Any],
    warehouses: Any,
    demand: Any,
    products: Any,
    scenario: Scenario | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Allocation:
    """Decides warehouses, first legs and zones for a month of demand, at least cost.

    Raises `AllocationError` with a `termination` when nothing meets the limits (the message names the
    limit), and `InputError` for tables that cannot be read.
    """
    scenario, limits, tell = scenario or Scenario(), limits or Limits(), progress or (lambda _: None)
    tables = inputs.read(net, origins, warehouses, demand, products)
    tell(f"first legs: {len(tables.origins)} origins x {len(tables.warehouse_hubs)} warehouses")
    legs = inputs.first_legs(tables, scenario)
    tell(f"deliveries: {len(tables.warehouse_hubs)} warehouses x {len(tables.zones)} zones")
    lanes = inputs.lanes(tables, scenario)
    candidates = build(tables, legs, lanes, scenario, limits)
    problem = candidates.problem
    tell(f"model: {len(problem.first)} first legs, {len(problem.delivery)} deliveries")
    effort = Effort(relative_gap=limits.gap)
    if missing := unreached(problem, names_of(tables)):
        raise AllocationError(f"no plan keeps the limits: {missing}", nothing_reached(missing, effort))
    decision = decide(problem, effort, name_limit=lambda p, e: explain(p, e, names_of(tables)))
    return Allocation(
        tables=tables, scenario=scenario, limits=limits, legs=tuple(legs), lanes=lanes, candidates=candidates,
        decision=decision,
    )  # fmt: skip


def nothing_reached(reason: str, effort: Effort) -> Termination:
    """The termination of a problem that is infeasible before a solver sees it."""
    none = float("nan")
    return Termination(
        status="infeasible", reason=reason, objective=none, bound=none, gap=none, solver="structure check",
        solver_version="", seed=effort.seed, cpu_s=0.0, wall_s=0.0,
    )  # fmt: skip


def names_of(tables: Tables) -> Names:
    """What planners call the rows of the model."""
    return Names(
        warehouses=[str(each) for each in tables.warehouses["warehouse_id"]],
        zones=list(tables.zones),
        products=[str(each) for each in tables.products["product_id"]],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The arrays of the model, and the route and days of each first leg and the days of each delivery."""

    problem: Problem
    leg_route: np.ndarray[Any, np.dtype[np.int64]]
    leg_days: inputs.Floats
    delivery_days: inputs.Floats


def build(
    tables: Tables, legs: list[FirstLeg], lanes: Lanes, scenario: Scenario, limits: Limits
) -> Candidates:
    """The arrays of the model."""
    first, leg_route, leg_days = _leg_arrays(tables, legs, limits)
    delivery, delivery_days = _delivery_arrays(tables, lanes, scenario, limits)
    demand = np.zeros((len(tables.zones), len(tables.products["product_id"])))
    np.add.at(demand, (tables.zone_of, tables.product_of), tables.demand["units"])
    problem = Problem(
        demand=demand,
        stock_m3=inputs.stock_m3(tables.products),
        fixed_eur=np.asarray(tables.warehouses["fixed_eur_per_month"], dtype=np.float64),
        capacity_m3=np.asarray(tables.warehouses["capacity_m3"], dtype=np.float64),
        first=first,
        delivery=delivery,
        carbon_price_eur_kg=scenario.carbon_price_eur_t / 1000.0,
        max_co2e_kg=np.inf if limits.max_co2e_kg is None else limits.max_co2e_kg,
    )
    return Candidates(problem=problem, leg_route=leg_route, leg_days=leg_days, delivery_days=delivery_days)


def _leg_arrays(
    tables: Tables, legs: list[FirstLeg], limits: Limits
) -> tuple[Arcs, np.ndarray[Any, np.dtype[np.int64]], inputs.Floats]:
    goods = tables.products
    rows: list[tuple[int, int, int, float, float, float, float]] = []
    for number, leg in enumerate(legs):
        if limits.max_first_leg_days is not None and leg.days > limits.max_first_leg_days:
            continue
        for product in range(len(goods["product_id"])):
            if leg.load == "AIR" and not inputs.flies(goods, product):
                continue
            if leg.days > inputs.most_first_leg_days(goods, product):
                continue
            mass, volume = float(goods["mass_kg"][product]), float(goods["volume_m3"][product])
            units = inputs.units_in_load(leg.load, mass, volume)
            least = limits.lcl_below_share * units if leg.load == "FCL" else 0.0
            kg = leg.co2e_kg_per_t * mass / 1000
            rows.append((leg.warehouse, product, number, leg.cost_eur / units, kg, least, leg.days))
    columns = list(zip(*rows, strict=True)) or [()] * 7
    warehouse, product_of, route = (np.array(column, dtype=np.int64) for column in columns[:3])
    eur, co2e, least_units, days = (np.array(column, dtype=np.float64) for column in columns[3:])
    arcs = Arcs(
        warehouse=warehouse, zone=np.full(len(rows), -1, dtype=np.int64), product=product_of, eur=eur,
        co2e_kg=co2e, least=least_units,
    )  # fmt: skip
    return arcs, route, days


def unit_costs(tables: Tables, lanes: Lanes, scenario: Scenario) -> UnitCosts:
    """EUR, kg CO2e and days of one unit for every warehouse, zone and product: (w, z, k) arrays."""
    goods, fee = tables.products, inputs.fees(tables)
    pack = load_pack(scenario.factor_pack)
    loads = [
        inputs.units_in_load("FCL", float(mass), float(volume))
        for mass, volume in zip(goods["mass_kg"], goods["volume_m3"], strict=True)
    ]
    mass_t = np.asarray(goods["mass_kg"], dtype=np.float64) / 1000
    countries = inputs.zone_countries(tables)
    parcels = [[inputs.parcel(code, float(mass)) for mass in goods["mass_kg"]] for code in countries]
    van = pack.for_class("road", "van").wtw_g_tkm / 1000 * inputs.ROUND_KM  # kg a tonne
    homes = [
        pack.for_process("warehouse", code).wtw_g_t / 1000 for code in inputs.warehouse_countries(tables)
    ]
    last = np.array([[each.cost_eur for each in row] for row in parcels])
    return UnitCosts(
        linehaul_eur=lanes.cost_eur[:, :, None] / np.array(loads)[None, None, :],
        parcel_eur=last,
        handling_eur=fee.inbound + fee.storage + fee.outbound,
        linehaul_kg=lanes.co2e_kg_per_t[:, :, None] * mass_t[None, None, :],
        van_kg=van * mass_t,
        warehouse_kg=np.array(homes)[:, None] * mass_t[None, :],
        days=lanes.days[:, :, None] + np.array([[each.days for each in row] for row in parcels])[None, :, :],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """Parts of one unit's delivery: EUR and kg CO2e by warehouse (w), zone (z) and product (k).

    `linehaul_eur`, `linehaul_kg` and `days` are (w, z, k); `parcel_eur` is (z, k); `handling_eur` and
    `warehouse_kg` are (w, k); `van_kg` is (k,).
    """

    linehaul_eur: inputs.Floats
    parcel_eur: inputs.Floats
    handling_eur: inputs.Floats
    linehaul_kg: inputs.Floats
    van_kg: inputs.Floats
    warehouse_kg: inputs.Floats
    days: inputs.Floats


def _delivery_arrays(
    tables: Tables, lanes: Lanes, scenario: Scenario, limits: Limits
) -> tuple[Arcs, inputs.Floats]:
    parts = unit_costs(tables, lanes, scenario)
    cost = parts.linehaul_eur + parts.parcel_eur[None] + parts.handling_eur[:, None, :]
    co2e = parts.linehaul_kg + parts.van_kg[None, None] + parts.warehouse_kg[:, None, :]
    most = _most_days(tables, limits)
    usable = np.isfinite(parts.days) & (parts.days <= most[None])
    warehouse, zone, product = (each.astype(np.int64) for each in np.nonzero(usable))
    at = (warehouse, zone, product)
    arcs = Arcs(
        warehouse=warehouse, zone=zone, product=product, eur=cost[at], co2e_kg=co2e[at],
        least=np.zeros(len(warehouse)),
    )  # fmt: skip
    return arcs, parts.days[at]


def _most_days(tables: Tables, limits: Limits) -> inputs.Floats:
    """The most days from warehouse to door by zone and product; -inf where nothing is asked."""
    own = tables.demand.get("max_days", np.full(len(tables.zone_of), np.nan))
    general = np.inf if limits.max_days is None else limits.max_days
    most = np.full((len(tables.zones), len(tables.products["product_id"])), np.inf)
    np.minimum.at(most, (tables.zone_of, tables.product_of), np.where(np.isnan(own), np.inf, own))
    asked = np.zeros(most.shape, dtype=bool)
    asked[tables.zone_of, tables.product_of] = True
    kept: inputs.Floats = np.where(asked, np.minimum(most, general), -np.inf)
    return kept
