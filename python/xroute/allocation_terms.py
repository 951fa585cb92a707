"""The limits of a planner as rows of the model: caps, service, lanes, shares, fixings, who keeps what.

Each limit is one row with a name and the price at which a repair reckons its relief (team estimates, low
confidence: they rank repairs and are in no plan's cost).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute.allocation_channels import share_rows
from xroute.allocation_rules import Bools, Floats, Group, Ints, LimitRows, joined, limit
from xroute.errors import InputError

if TYPE_CHECKING:
    from xroute.allocation import Limits
    from xroute.allocation_candidates import Candidates
    from xroute.allocation_inputs import FirstLeg, Tables
    from xroute.allocation_model import Problem

EUR_PER_KG_CO2E = 0.3
EUR_PER_LATE_UNIT = 5.0
EUR_PER_BARRED_UNIT = 10.0
EUR_PER_LANE_M3 = 50.0
EUR_PER_STOCK_KG = 0.1
EUR_PER_SHARED_UNIT = 1.0


def rows(tables: Tables, legs: list[FirstLeg], found: Candidates, limits: Limits) -> LimitRows:
    """All limits of the tables and of `Limits` that are sums; raises `InputError` for unknown names."""
    parts = [
        *_caps(tables, found.problem, limits),
        *_service(tables, found, limits),
        *_lanes(tables, legs, found, limits),
        *_shares(tables, found.problem, limits),
        *_spread(tables, legs, found, limits),
        *_fixed(tables, found.problem, limits),
        *_kept(tables, found.problem),
    ]
    return joined(parts)


def _flows(p: Problem, *kept: Bools) -> Ints:
    """Rows of flows from what is kept of first legs, deliveries, and perhaps moves and further amounts."""
    starts = np.cumsum([0, len(p.first), len(p.delivery), len(p.moves)])
    return np.concatenate([at + np.flatnonzero(each) for at, each in zip(starts, kept, strict=False)])


def _one(
    group: Group,
    p: Problem,
    kept: tuple[Bools, ...],
    of_unit: Floats,
    *,
    least: float = -np.inf,
    most: float = np.inf,
) -> LimitRows:
    flow = _flows(p, *kept)
    return limit(group, flows=(flow, of_unit[flow]), least=least, most=most)


def _known(name: str, known: Any, column: str) -> None:
    if name not in set(known):
        listed = ", ".join(sorted({str(each) for each in known})) or "none"
        raise InputError(f"'{name}' is not known; known: {listed}", table="limits", column=column)


def _caps(tables: Tables, p: Problem, limits: Limits) -> Iterator[LimitRows]:
    """kg CO2e a month: of the warehouses of a region with all that comes and goes, and of a product."""
    region = tables.warehouses["region"]
    for name, most in limits.max_co2e_kg_by_region.items():
        _known(name, region, "max_co2e_kg_by_region")
        here = region == name
        group = Group(name=f"max_co2e_kg of {name}", unit="kg", price_eur=EUR_PER_KG_CO2E, is_cap=True)
        places = (p.first.warehouse, p.delivery.warehouse, p.moves.out_of, p.more.site)
        yield _one(group, p, tuple(here[each] for each in places), p.unit_kg, most=most)
    goods = tables.products["product_id"]
    for name, most in limits.max_co2e_kg_by_product.items():
        _known(name, goods, "max_co2e_kg_by_product")
        this = goods == name
        group = Group(name=f"max_co2e_kg of {name}", unit="kg", price_eur=EUR_PER_KG_CO2E, is_cap=True)
        items = (p.first.product, p.delivery.product, p.moves.product, p.more.product)
        yield _one(group, p, tuple(this[each] for each in items), p.unit_kg, most=most)


def _service(tables: Tables, found: Candidates, limits: Limits) -> Iterator[LimitRows]:
    """At least a share of the units of a region (or of all) within so many days from warehouse to door."""
    p = found.problem
    region = inputs.zone_regions(tables)
    nothing = np.zeros(len(p.first), dtype=bool)
    for each in limits.service:
        asked = _service_level(each)
        name = asked.get("region", "")
        if name:
            _known(name, region, "service")
        here = region == name if name else np.ones(len(region), dtype=bool)
        need = asked["share"] * float(p.demand[here].sum())
        fast = here[p.delivery.zone] & (found.delivery_days <= asked["days"])
        where = f" in {name}" if name else ""
        words = f"the units within {asked['days']:g} days{where} (service {100 * asked['share']:g} %)"
        group = Group(name=words, price_eur=EUR_PER_LATE_UNIT)
        yield _one(group, p, (nothing, fast), np.ones(p.flows), least=need)


def _service_level(each: Mapping[str, Any]) -> dict[str, Any]:
    wrong = set(each) ^ {"days", "share", "region"}
    if wrong - {"region"} or not 0.0 <= float(each["share"]) <= 1.0 or not float(each["days"]) >= 0.0:
        raise InputError(
            f"expected days, share from 0 to 1 and perhaps region, got {dict(each)}",
            table="limits", column="service",
        )  # fmt: skip
    return dict(each)


def _lanes(tables: Tables, legs: list[FirstLeg], found: Candidates, limits: Limits) -> Iterator[LimitRows]:
    """m3 a month over a passage or a hub, of all first legs that use it together."""
    p = found.problem
    volume = _of_flow(tables.products["volume_m3"], p)
    passed = [passes(leg) for leg in legs]
    for name, most in limits.lane_capacity_m3.items():
        uses = np.array([name in each for each in passed], dtype=bool)
        if not uses.any():
            known = ", ".join(sorted({lane for each in passed for lane in each})[:20])
            message = f"no first leg uses '{name}'; used: {known}"
            raise InputError(message, table="limits", column="lane_capacity_m3")
        group = Group(name=f"lane capacity of {name}", unit="m3", price_eur=EUR_PER_LANE_M3, is_physical=True)
        nothing = np.zeros(len(p.delivery), dtype=bool)
        yield _one(group, p, (uses[found.leg_route], nothing), volume, most=most)


def passes(leg: FirstLeg) -> frozenset[str]:
    """Passages and hubs between origin and warehouse."""
    hubs = {each.destination for each in leg.route.legs[:-1]}
    return frozenset(hubs) | frozenset(leg.route.passages)


def _of_flow(of_product: Any, p: Problem) -> Floats:
    """A figure of each product at every flow; 0 at amounts of no product."""
    values = np.append(np.asarray(of_product, dtype=np.float64), 0.0)
    product = np.concatenate([p.first.product, p.delivery.product, p.moves.product, p.more.product])
    return np.asarray(values[product], dtype=np.float64)


def _shares(tables: Tables, p: Problem, limits: Limits) -> Iterator[LimitRows]:
    """No warehouse delivers more than a share of a product's units."""
    if limits.max_share is None:
        return
    nothing, ones = np.zeros(len(p.first), dtype=bool), np.ones(p.flows)
    for store, name in enumerate(tables.warehouses["warehouse_id"]):
        for product, item in enumerate(tables.products["product_id"]):
            here = (p.delivery.warehouse == store) & (p.delivery.product == product)
            if here.any():
                group = Group(name=f"the share of {name} in {item}", price_eur=EUR_PER_SHARED_UNIT)
                most = limits.max_share * float(p.demand[:, product].sum())
                yield _one(group, p, (nothing, here), ones, most=most)


def _spread(tables: Tables, legs: list[FirstLeg], found: Candidates, limits: Limits) -> Iterator[LimitRows]:
    """No origin, route, lane or warehouse has more than a share of a product's units."""
    p = found.problem
    goods = [str(each) for each in tables.products["product_id"]]
    passed = [passes(leg) for leg in legs]
    for kind, share in limits.max_share_by.items():
        if kind == "warehouse":
            names = {str(each): len(p.first) + np.flatnonzero(p.delivery.warehouse == at)
                     for at, each in enumerate(tables.warehouses["warehouse_id"])}  # fmt: skip
        elif kind in ("origin", "route", "lane"):
            of_leg = {
                "origin": [{inputs.label(tables, tables.origins[leg.origin])} for leg in legs],
                "route": [{leg.route_id} for leg in legs],
                "lane": [set(each) for each in passed],
            }[kind]
            every = sorted({name for each in of_leg for name in each})
            uses = {name: np.array([name in each for each in of_leg], dtype=bool) for name in every}
            names = {name: np.flatnonzero(use[found.leg_route]) for name, use in uses.items()}
        else:
            message = f"expected warehouse, origin, route or lane, got {kind!r}"
            raise InputError(message, table="limits", column="max_share_by")
        product = np.concatenate([p.first.product, p.delivery.product])
        shares = [(name, share, flow, product[flow]) for name, flow in names.items()]
        yield from share_rows(p, shares, goods)


def _fixed(tables: Tables, p: Problem, limits: Limits) -> Iterator[LimitRows]:
    """Warehouses that must be open or closed, and how many are."""
    ids = tables.warehouses["warehouse_id"]
    price = float(p.fixed_eur.max(initial=1.0))
    for column, must in (("open_warehouses", 1.0), ("closed_warehouses", 0.0)):
        for name in getattr(limits, column):
            _known(name, ids, column)
            verb = "open" if must else "closed"
            group = Group(name=f"{name} held {verb}", unit="openings", price_eur=price)
            site = (np.flatnonzero(ids == name), np.ones(1))
            yield limit(group, sites=site, least=must, most=np.inf if must else 0.0)
    every = (np.arange(p.warehouses), np.ones(p.warehouses))
    if limits.min_open is not None:
        group = Group(name="min_open", unit="warehouses", price_eur=price)
        yield limit(group, sites=every, least=float(limits.min_open))
    if limits.max_open is not None:
        group = Group(name="max_open", unit="warehouses", price_eur=price)
        yield limit(group, sites=every, most=float(limits.max_open))


def _kept(tables: Tables, p: Problem) -> Iterator[LimitRows]:
    """Mass of stock, cold and dangerous goods only where they may be kept, placement in core hubs."""
    stores, goods = tables.warehouses, tables.products
    nothing, ones = np.zeros(len(p.first), dtype=bool), np.ones(p.flows)
    if "capacity_kg" in stores:
        yield from _mass(tables, p)
    for words, picky, able in _eligibility(stores, goods):
        barred = picky[p.delivery.product] & ~able[p.delivery.warehouse]
        moved = picky[p.moves.product] & ~(able[p.moves.out_of] & able[p.moves.into])
        if barred.any() or moved.any():
            group = Group(name=words, price_eur=EUR_PER_BARRED_UNIT, is_physical=True)
            yield _one(group, p, (nothing, barred, moved), ones, most=0.0)


def _eligibility(stores: inputs.Columns, goods: inputs.Columns) -> Iterator[tuple[str, Bools, Bools]]:
    """Which products are picky and which warehouses may keep them, by rule; none without its columns."""
    if "is_cold" in stores and "temperature" in goods:
        cold = ~np.isin(goods["temperature"], ("", "ambient"))
        yield "units of cold goods outside cold stores", cold, np.asarray(stores["is_cold"], dtype=bool)
    if "takes_dangerous_goods" in stores and "dangerous_goods" in goods:
        able = np.asarray(stores["takes_dangerous_goods"], dtype=bool)
        dangerous = np.asarray(goods["dangerous_goods"], dtype=bool)
        yield "units of dangerous goods where none may be kept", dangerous, able
    if "placement" in goods and "kind" in stores:
        core = goods["placement"] == "core"
        yield "units placed in core warehouses only", core, stores["kind"] == "core"


def _mass(tables: Tables, p: Problem) -> Iterator[LimitRows]:
    stores, goods = tables.warehouses, tables.products
    stock_kg = inputs.stock_m3(goods) / goods["volume_m3"] * goods["mass_kg"]
    of_unit = _of_flow(stock_kg, p)
    nothing = np.zeros(len(p.first), dtype=bool)
    for store, name in enumerate(stores["warehouse_id"]):
        most = float(stores["capacity_kg"][store])
        if not np.isnan(most):
            group = Group(
                name=f"capacity_kg of {name}", unit="kg", price_eur=EUR_PER_STOCK_KG, is_physical=True
            )
            kept = (nothing, p.delivery.warehouse == store, p.moves.out_of == store)
            yield _one(group, p, kept, of_unit, most=most)
