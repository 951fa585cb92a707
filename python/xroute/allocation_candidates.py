"""The arrays of an allocation from its tables, first legs and linehaul: what each unit costs and emits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation_extras import Options, chain, laid_over, least_charges, moves_at
from xroute.allocation_inputs import Floats
from xroute.allocation_lanes import WAYS
from xroute.allocation_model import Arcs, Ints, Problem
from xroute.allocation_periods import over_periods
from xroute.allocation_rules import joined
from xroute.allocation_terms import rows
from xroute.allocation_tiers import of_unit
from xroute.factors import load_pack

if TYPE_CHECKING:
    from xroute.allocation import Limits
    from xroute.allocation_inputs import FirstLeg, Tables
    from xroute.allocation_lanes import Lanes
    from xroute.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The arrays of the model, route and days of each first leg, way and days of each delivery.

    With several periods site t x W + w of the model is warehouse w in period t, and zone t x C + c is zone c.
    `one_period` is the problem of the first period alone; `channels` are the region or zone and the name of
    each channel of a period, in the order of the model.
    """

    problem: Problem
    parts: UnitCosts
    leg_route: Ints
    leg_days: Floats
    delivery_way: Ints
    delivery_days: Floats
    one_period: Problem
    options: Options
    channels: tuple[tuple[str, str], ...] = ()

    @property
    def delivery_at(self) -> tuple[Ints, Ints, Ints, Ints]:
        """Way, warehouse, zone and product of each delivery: where it stands in the arrays of `UnitCosts`."""
        found, one = self.problem.delivery, self.one_period
        zone = found.zone % max(len(one.demand), 1)
        return self.delivery_way, found.warehouse % one.warehouses, zone, found.product


def build(
    tables: Tables,
    legs: list[FirstLeg],
    lanes: Lanes,
    scenario: Scenario,
    limits: Limits,
    options: Options | None = None,
) -> Candidates:
    """The arrays of the model."""
    options = options or Options()
    first, leg_route, leg_days = _leg_arrays(tables, legs, limits, options)
    parts = unit_costs(tables, lanes, scenario)
    added = of_unit(options.fees, tables.products, len(tables.warehouse_hubs))
    added = added + options.cycle_eur(tables.products)
    delivery, way, delivery_days = _delivery_arrays(parts, _most_days(tables, limits), added)
    problem = Problem(
        demand=_demand(tables, 0),
        stock_m3=inputs.stock_m3(tables.products) / options.months,
        fixed_eur=np.asarray(tables.warehouses["fixed_eur_per_month"], dtype=np.float64) * options.months,
        capacity_m3=np.asarray(tables.warehouses["capacity_m3"], dtype=np.float64),
        first=first,
        delivery=delivery,
        carbon_price_eur_kg=scenario.carbon_price_eur_t / 1000.0,
        max_co2e_kg=np.inf if limits.max_co2e_kg is None else limits.max_co2e_kg,
        single_source=limits.single_source,
        moves=moves_at(tables, options, parts),
        least_charges=least_charges(first, legs, leg_route, tables.products),
    )
    found = Candidates(
        problem=problem,
        parts=parts,
        leg_route=leg_route,
        leg_days=leg_days,
        delivery_way=way,
        delivery_days=delivery_days,
        one_period=problem,
        options=options,
    )
    return _in_periods(tables, legs, found, limits)


def _in_periods(tables: Tables, legs: list[FirstLeg], found: Candidates, limits: Limits) -> Candidates:
    """The candidates with all that is asked laid over, period by period, and the periods tied together."""
    options, count = found.options, len(tables.periods)
    problems = []
    labels: list[tuple[str, str]] = []
    for period in range(count):
        base = replace(found.one_period, demand=_demand(tables, period))
        problem, labels = laid_over(base, tables, legs, found, (options, limits, period))
        own = replace(found, problem=problem)
        limits_of = joined([problem.limits, rows(tables, legs, own, limits)])
        problems.append(replace(problem, limits=limits_of))
    found = replace(found, one_period=problems[0], channels=tuple(labels))
    if count == 1:
        return replace(found, problem=problems[0])
    whole, in_time = over_periods(problems, chain(tables, found, options))
    return replace(
        found,
        problem=whole,
        leg_route=np.tile(found.leg_route, count)[in_time],
        leg_days=np.tile(found.leg_days, count)[in_time],
        delivery_way=np.tile(found.delivery_way, count),
        delivery_days=np.tile(found.delivery_days, count),
    )


def _demand(tables: Tables, period: int) -> Floats:
    demand = np.zeros((len(tables.zones), len(tables.products["product_id"])))
    kept = tables.in_period(period)
    np.add.at(demand, (tables.zone_of[kept], tables.product_of[kept]), tables.demand["units"][kept])
    return demand


def _leg_arrays(
    tables: Tables, legs: list[FirstLeg], limits: Limits, options: Options
) -> tuple[Arcs, Ints, Floats]:
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
            least = limits.lcl_below_share * units * options.months if leg.load == "FCL" else 0.0
            kg = leg.co2e_kg_per_t * mass / 1000
            rows.append((leg.warehouse, product, number, leg.cost_eur / units, kg, least, leg.days))
    columns = list(zip(*rows, strict=True)) or [()] * 7
    warehouse, product_of, route = (np.array(column, dtype=np.int64) for column in columns[:3])
    eur, co2e, least_units, days = (np.array(column, dtype=np.float64) for column in columns[3:])
    eur = eur + options.pipeline_eur(goods, product_of, days)
    arcs = Arcs(
        warehouse=warehouse, zone=np.full(len(rows), -1, dtype=np.int64), product=product_of, eur=eur,
        co2e_kg=co2e, least=least_units,
    )  # fmt: skip
    return arcs, route, days


def unit_costs(tables: Tables, lanes: Lanes, scenario: Scenario) -> UnitCosts:
    """EUR, kg CO2e and days of one unit by way, warehouse, zone and product; NaN where there is none."""
    goods, fee, pack = tables.products, inputs.fees(tables), load_pack(scenario.factor_pack)
    mass_t = np.asarray(goods["mass_kg"], dtype=np.float64) / 1000
    parcels = [
        [inputs.parcel(country, float(mass)) for mass in goods["mass_kg"]]
        for country in inputs.zone_countries(tables)
    ]
    van_kg_per_t = pack.for_class("road", "van").wtw_g_tkm / 1000 * inputs.ROUND_KM
    handling_kg_per_t = [
        pack.for_process("warehouse", country).wtw_g_t / 1000
        for country in inputs.warehouse_countries(tables)
    ]
    units = _units_in_loads(goods)
    parcel_days = np.array([[each.days for each in row] for row in parcels])
    return UnitCosts(
        linehaul_eur=lanes.cost_eur[..., None] / units[:, None, None, :],
        parcel_eur=np.array([[each.cost_eur for each in row] for row in parcels]),
        handling_eur=fee.inbound + fee.storage + fee.outbound,
        linehaul_kg=lanes.co2e_kg_per_t[..., None] * mass_t,
        van_kg=van_kg_per_t * mass_t,
        warehouse_kg=np.array(handling_kg_per_t)[:, None] * mass_t[None, :],
        days=lanes.days[..., None] + parcel_days,
    )


def _units_in_loads(goods: inputs.Columns) -> Floats:
    """Units of each product in the load of each way of linehaul, (way, k); NaN where it may not fly."""
    units = np.full((len(WAYS), len(goods["product_id"])), np.nan)
    for at, way in enumerate(WAYS):
        for product, (mass, volume) in enumerate(zip(goods["mass_kg"], goods["volume_m3"], strict=True)):
            if way.load != "AIR" or inputs.flies(goods, product):
                units[at, product] = inputs.units_in_load(way.load, float(mass), float(volume))
    return units


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCosts:
    """Parts of one unit's delivery: EUR and kg CO2e by way, warehouse (w), zone (z) and product (k).

    `linehaul_eur`, `linehaul_kg` and `days` are (way, w, z, k); `parcel_eur` is (z, k); `handling_eur` and
    `warehouse_kg` are (w, k); `van_kg` is (k,).
    """

    linehaul_eur: Floats
    parcel_eur: Floats
    handling_eur: Floats
    linehaul_kg: Floats
    van_kg: Floats
    warehouse_kg: Floats
    days: Floats


def _delivery_arrays(parts: UnitCosts, most_days: Floats, added: Floats) -> tuple[Arcs, Ints, Floats]:
    cost = parts.linehaul_eur + parts.parcel_eur + (parts.handling_eur + added)[:, None, :]
    co2e = parts.linehaul_kg + parts.van_kg + parts.warehouse_kg[:, None, :]
    usable = np.isfinite(cost) & (parts.days <= most_days)
    at = np.nonzero(usable)
    way, warehouse, zone, product = (each.astype(np.int64) for each in at)
    arcs = Arcs(
        warehouse=warehouse,
        zone=zone,
        product=product,
        eur=cost[at],
        co2e_kg=co2e[at],
        least=np.zeros(len(warehouse)),
    )
    return arcs, way, parts.days[at]


def _most_days(tables: Tables, limits: Limits) -> Floats:
    """The most days from warehouse to door by zone and product; -inf where nothing is asked."""
    own = tables.demand.get("max_days", np.full(len(tables.zone_of), np.nan))
    general = np.inf if limits.max_days is None else limits.max_days
    most = np.full((len(tables.zones), len(tables.products["product_id"])), np.inf)
    np.minimum.at(most, (tables.zone_of, tables.product_of), np.where(np.isnan(own), np.inf, own))
    asked = np.zeros(most.shape, dtype=bool)
    asked[tables.zone_of, tables.product_of] = True
    kept: Floats = np.where(asked, np.minimum(most, general), -np.inf)
    return kept
