"""What is laid over the plain model: transfers, fees, stock, returns, channels, periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute import schema
from xroute.allocation_channels import Route, read_channels, with_channels
from xroute.allocation_fees import TieredFee
from xroute.allocation_inventory import Safety, with_safety
from xroute.allocation_model import Arcs, Moves, Problem
from xroute.allocation_options import DAYS_A_MONTH, DAYS_A_YEAR, Inventory, Periods, Returns
from xroute.allocation_periods import Chain
from xroute.allocation_returns import WaysBack, with_returns
from xroute.allocation_rules import Floats, Ints
from xroute.allocation_terms import passes
from xroute.allocation_tiers import Fee, of_unit, tiered
from xroute.errors import InputError
from xroute.tables import read_table

if TYPE_CHECKING:
    from xroute.allocation import Limits
    from xroute.allocation_candidates import Candidates, UnitCosts
    from xroute.allocation_inputs import FirstLeg, Tables

DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Read options of an allocation: fees, transfers, stock, returns, periods."""

    fees: tuple[Fee, ...] = ()
    moves: Moves = field(default_factory=Moves)
    inventory: Inventory | None = None
    returns: Returns | None = None
    periods: Periods = field(default_factory=Periods)

    @property
    def months(self) -> float:
        """The length of a period in months."""
        return self.periods.days / DAYS_A_MONTH

    def pipeline_eur(self, goods: inputs.Columns, product: Ints, days: Floats) -> Floats:
        """EUR that holding one unit on each first leg costs."""
        if self.inventory is None:
            return np.zeros(len(product))
        held = self.inventory.holding_rate * np.asarray(goods["value_eur"], dtype=np.float64)
        return np.asarray(held[product] * days / DAYS_A_YEAR, dtype=np.float64)

    def cycle_eur(self, goods: inputs.Columns) -> Floats:
        """EUR that holding one unit over its weeks of cover costs, by product."""
        if self.inventory is None:
            return np.zeros(len(goods["product_id"]))
        years = inputs.cover_weeks(goods) * DAYS_A_WEEK / DAYS_A_YEAR
        return np.asarray(self.inventory.holding_rate * goods["value_eur"] * years, dtype=np.float64)

    def kept_eur(self, tables: Tables) -> Floats:
        """EUR of keeping one unit for one whole period, (w, k): storage, and holding where it is reckoned."""
        stores, goods = tables.warehouses, tables.products
        weeks = self.periods.days / DAYS_A_WEEK
        floor = stores["storage_eur_per_m3_week"][:, None] * weeks * goods["volume_m3"][None, :]
        rate = 0.0 if self.inventory is None else self.inventory.holding_rate
        held = rate * goods["value_eur"] * self.periods.days / DAYS_A_YEAR
        return np.asarray(floor + held[None, :], dtype=np.float64)


def moves_at(tables: Tables, options: Options, parts: UnitCosts) -> Moves:
    """Transfers with what the warehouse at their start charges and emits."""
    found = options.moves
    if not len(found):
        return found
    fee, goods = inputs.fees(tables), tables.products
    aged = tuple(each for each in options.fees if each.basis == "age_days")
    at = found.out_of, found.product
    charged = (fee.inbound + fee.storage + of_unit(aged, goods, len(tables.warehouse_hubs)))[at]
    eur = found.eur + charged + options.cycle_eur(goods)[found.product]
    return replace(found, eur=eur, co2e_kg=found.co2e_kg + parts.warehouse_kg[at])


def laid_over(
    base: Problem, tables: Tables, legs: list[FirstLeg], found: Candidates, asked: tuple[Options, Limits, int]
) -> tuple[Problem, list[tuple[str, str]]]:
    """A period's problem with fees, returns, safety stock and channels, and the names of its channels."""
    options, limits, period = asked
    names = [str(each) for each in tables.warehouses["warehouse_id"]]
    problem = replace(base, fees=tiered(base, options.fees, tables.products, names))
    if options.returns is not None:
        ways = _ways_back(tables, found.parts, options.returns, problem)
        problem = with_returns(problem, ways, names)
    if options.inventory is not None:
        problem = with_safety(problem, _safety(tables, found, (options, options.inventory), period))
    channels = read_channels(limits.channels)
    if channels is None:
        return problem, []
    routes = _routes(tables, legs, found, channels.disjoint_in)
    return with_channels(problem, channels, routes, _groups(tables, channels.per))


def _ways_back(tables: Tables, parts: UnitCosts, asked: Returns, p: Problem) -> WaysBack:
    ids = tables.warehouses["warehouse_id"].tolist()
    goods = tables.products
    if "return_rate" not in goods:
        message = "returns need the column: the share of delivered units that comes back"
        raise InputError(message, table="products", column="return_rate")
    for name in (*asked.to, *asked.capacity_units):
        if name not in ids:
            message = f"'{name}' is not in the warehouses table"
            raise InputError(message, table="returns", column="to")
    takes = np.array([not asked.to or name in asked.to for name in ids], dtype=bool)
    money = np.where(np.isfinite(parts.linehaul_eur), parts.linehaul_eur, np.inf)
    way = np.argmin(money, axis=0)[None]
    haul = np.take_along_axis(money, way, axis=0)[0]
    kg = np.take_along_axis(parts.linehaul_kg, way, axis=0)[0]
    warehouse, zone, product = np.nonzero(np.isfinite(haul) & takes[:, None, None])
    at = warehouse, zone, product
    capacity = np.array([asked.capacity_units.get(name, np.inf) for name in ids])
    return WaysBack(
        zone=zone, warehouse=warehouse, product=product,
        eur=haul[at] + parts.parcel_eur[zone, product] + asked.inspection_eur,
        co2e_kg=kg[at] + parts.van_kg[product] + parts.warehouse_kg[warehouse, product],
        rate=np.nan_to_num(np.asarray(goods["return_rate"], dtype=np.float64)),
        share=asked.refurbished_share, refurbish_eur=asked.refurbish_eur, disposal_eur=asked.disposal_eur,
        capacity=capacity, is_same=asked.same_warehouse,
    )  # fmt: skip


def lead_days(tables: Tables, found: Candidates, asked: Inventory) -> Floats:
    """The days of the first leg that safety stock covers, (w, k); 0 where nothing comes."""
    first = found.one_period.first
    shape = len(tables.warehouse_hubs), len(tables.products["product_id"])
    if not isinstance(asked.lead, str):
        return np.full(shape, float(asked.lead))
    days, best = np.zeros(shape), np.full(shape, np.inf)
    for at in range(len(first)):
        here = first.warehouse[at], first.product[at]
        rank = first.eur[at] if asked.lead == "cheapest" else -found.leg_days[at]
        if rank < best[here]:
            best[here], days[here] = rank, found.leg_days[at]
    return days


def _safety(tables: Tables, found: Candidates, asked: tuple[Options, Inventory], period: int) -> Safety:
    (options, stock), rows = asked, tables.in_period(period)
    sigma = np.zeros((len(tables.zones), len(tables.products["product_id"])))
    spread = stock.demand_cv * tables.demand["units"]
    own = tables.demand.get("sigma_units", np.full(len(spread), np.nan))
    spread = np.where(np.isnan(own), spread, own)[rows]
    np.add.at(sigma, (tables.zone_of[rows], tables.product_of[rows]), spread)
    lead = lead_days(tables, found, stock)
    return Safety(
        sigma=sigma, factor=stock.z * np.sqrt((lead + stock.review_days) / options.periods.days),
        eur=options.kept_eur(tables), m3=np.asarray(tables.products["volume_m3"], dtype=np.float64),
    )  # fmt: skip


def _routes(
    tables: Tables, legs: list[FirstLeg], found: Candidates, disjoint_in: tuple[str, ...]
) -> list[Route]:
    """The channels that there are: warehouses alone, or routes of first legs where more must differ."""
    ids = [str(each) for each in tables.warehouses["warehouse_id"]]
    nothing = np.zeros(0, dtype=np.int64)
    if disjoint_in == ("warehouse",):
        return [Route(name=name, warehouse=at, first=nothing, elements=frozenset([f"warehouse {name}"]))
                for at, name in enumerate(ids)]  # fmt: skip
    routes = []
    for number in np.unique(found.leg_route).tolist():
        leg = legs[number]
        elements = {
            "warehouse": {f"warehouse {ids[leg.warehouse]}"},
            "origin": {f"origin {tables.origins[leg.origin]}"},
            "lane": {f"lane {each}" for each in passes(leg)},
        }
        kept = frozenset().union(*(elements[kind] for kind in disjoint_in))
        first = np.flatnonzero(found.leg_route == number)
        routes.append(Route(name=f"{leg.route_id} to {ids[leg.warehouse]}", warehouse=leg.warehouse,
                            first=first, elements=kept))  # fmt: skip
    return routes


def _groups(tables: Tables, per: str) -> Mapping[str, Ints]:
    if per == "zone":
        return {str(zone): np.array([at]) for at, zone in enumerate(tables.zones)}
    region = inputs.zone_regions(tables)
    return {str(name): np.flatnonzero(region == name) for name in sorted(set(region.tolist()))}


def chain(tables: Tables, found: Candidates, options: Options) -> Chain:
    """What ties the periods of a plan."""
    asked, stores = options.periods, tables.warehouses
    shape = len(tables.warehouse_hubs), len(tables.products["product_id"])
    none = np.zeros(shape[0], dtype=bool)
    opening = np.nan_to_num(np.asarray(stores.get("opening_eur", np.zeros(shape[0])), dtype=np.float64))
    return Chain(
        lead=np.rint(found.leg_days / asked.days).astype(np.int64), ordered_ahead=asked.ordered_ahead,
        keep_eur=options.kept_eur(tables),
        keep_m3=np.asarray(tables.products["volume_m3"], dtype=np.float64),
        on_hand=_on_hand(tables, asked.on_hand),
        opening_eur=opening if asked.open_for == "period" else None,
        is_open_before=np.asarray(stores.get("is_open_before", none), dtype=bool),
    )  # fmt: skip


def _on_hand(tables: Tables, source: Any) -> Floats:
    stores = tables.warehouses["warehouse_id"].tolist()
    goods = tables.products["product_id"].tolist()
    units = np.zeros((len(stores), len(goods)))
    if source is None:
        return units
    columns = schema.check("on_hand", read_table(source, table="on_hand"))
    rows = zip(columns["warehouse_id"], columns["product_id"], columns["units"], strict=True)
    for row, (store, item, amount) in enumerate(rows, 1):
        for name, known, column in ((store, stores, "warehouse_id"), (item, goods, "product_id")):
            if name not in known:
                raise InputError(f"'{name}' is not known", table="on_hand", row=row, column=column)
        units[stores.index(store), goods.index(item)] += float(amount)
    return units


def least_charges(
    first: Arcs, legs: list[FirstLeg], leg_route: Ints, goods: inputs.Columns
) -> tuple[TieredFee, ...]:
    """What groupage and air freight of less than the carrier's least quantity pay on top, by route.

    One shipment a period of all products together: its money is at least that of the least quantity, at the
    route's price a unit without clearance, and clearance once.
    """
    found = []
    mass_t = np.asarray(goods["mass_kg"], dtype=np.float64) / 1000.0
    for number in np.unique(leg_route).tolist():
        leg = legs[number]
        if leg.load == "FCL" or leg.least_eur <= 0.0:
            continue
        flow = np.flatnonzero(leg_route == number)
        product = first.product[flow]
        use = np.array([
            1.0 / inputs.units_in_load(leg.load, float(mass_t[k] * 1000.0), float(goods["volume_m3"][k]))
            for k in product.tolist()
        ])  # fmt: skip
        found.append(
            TieredFee(
                name=f"least charge of {leg.route_id}", flow=flow, use=use, kind="all_unit",
                start=np.array([0.0, leg.least_eur / leg.cost_eur]),
                price_eur=np.array([-leg.cost_eur, 0.0]), fixed_eur=np.array([leg.least_eur, 0.0]),
            )
        )  # fmt: skip
    return tuple(found)
