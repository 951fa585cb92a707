"""The allocation as arrays, and as a linear model with open or close decisions; no network, no solver.

Sets: warehouses w, zones c, products k; first legs f (an origin, a route and a way of loading, for one
warehouse and product) and deliveries d (a way from one warehouse to one zone for one product). Variables:
z_f and x_d units a month, y_w open or closed, b_f whether a first leg with a least volume is used.

    min  sum fixed_w y_w + sum (eur_f + p kg_f) z_f + sum (eur_d + p kg_d) x_d
    sum of x over d of (c, k)           = demand_ck        each zone gets what it asks
    sum of z over f of (w, k)           = sum of x over d of (w, k)
    sum stock_k x over d of w          <= capacity_w y_w   average stock, m3
    sum of x over d of (w, c, k)       <= demand_ck y_w    strong: nothing from a closed warehouse
    sum kg_f z_f + sum kg_d x_d        <= max_co2e_kg
    least_f b_f <= z_f <= most_f b_f                       only where a solution needs it

    least <= sum value x units + sum value y <= most       every named limit (`LimitRows`)
    sum of x over d of (w, c, k)       <= a_wck <= y_w     single source, a whole and adding up to 1
    moves m of k from w to v: out of the balance of w, into that of v; stock and y_w at the start
    least <= sum value x units + sum value y <= most       links: rows that make a formulation, no limit
    v_r = sqrt(sum of squares of sums of x)                norms of `More`, held by tangents

Further amounts v (`More`: returns, refurbished goods, safety stock, openings, channels) enter the balance
and the stock of their warehouse as they say, and links tie them to the flows.

Deliveries are held as shares of the demand and first legs in units of the product's largest demand, so that
a solver's absolute tolerance means the same for small and large cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from xroute.allocation_extra_rows import (
    band_lines,
    band_rows,
    band_units,
    limit_rows,
    move_rows,
    source_rows,
    tied_rows,
)
from xroute.allocation_fees import TieredFee
from xroute.allocation_more import More, Norms
from xroute.allocation_rules import LimitRows, Rows, no_floats, no_ints, stacked

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


LEAST_SCALE = 1.0
"""What the rows of capacity and of the carbon cap are divided by at least, m3 and kg."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Ways that units can go: first legs, or deliveries; money in EUR and emissions in kg CO2e for one unit.

    `zone` is -1 for a first leg; `least` is the fewest units a month that a used way carries (0 for none).
    """

    warehouse: Ints
    zone: Ints
    product: Ints
    eur: Floats
    co2e_kg: Floats
    least: Floats

    def __len__(self) -> int:
        return len(self.warehouse)

    def subset(self, keep: Bools | Ints) -> Arcs:
        """The arcs that a mask or an index keeps."""
        return Arcs(
            warehouse=self.warehouse[keep],
            zone=self.zone[keep],
            product=self.product[keep],
            eur=self.eur[keep],
            co2e_kg=self.co2e_kg[keep],
            least=self.least[keep],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """Transfers between warehouses: units of a product from one to another, EUR and kg CO2e for one unit."""

    out_of: Ints = field(default_factory=no_ints)
    into: Ints = field(default_factory=no_ints)
    product: Ints = field(default_factory=no_ints)
    eur: Floats = field(default_factory=no_floats)
    co2e_kg: Floats = field(default_factory=no_floats)
    m3: Floats = field(default_factory=no_floats)
    """Stock at the start for one unit, m3; empty for the product's average stock."""

    def __len__(self) -> int:
        return len(self.out_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Demand (zones, products) in units a month, warehouses, first legs and deliveries, and the limits.

    `stock_m3` is the average stock that one unit a month keeps in a warehouse; `capacity_m3` may be inf;
    `max_co2e_kg` is a month's cap, inf for none. `limits` are all other limits, `fees` those with tiers.
    `single_source` lets one warehouse alone serve a zone, or a zone's product. `more` are further amounts,
    `links` the rows that tie them to the flows, `norms` those held at a root of squares. `least_charges` are
    fees of flows that are small where they are used; they join `fees` where an answer needs it.
    """

    demand: Floats
    stock_m3: Floats
    fixed_eur: Floats
    capacity_m3: Floats
    first: Arcs
    delivery: Arcs
    carbon_price_eur_kg: float = 0.0
    max_co2e_kg: float = np.inf
    limits: LimitRows = field(default_factory=LimitRows)
    fees: tuple[TieredFee, ...] = ()
    single_source: Literal["", "zone", "product"] = ""
    moves: Moves = field(default_factory=Moves)
    more: More = field(default_factory=More)
    links: LimitRows = field(default_factory=LimitRows)
    norms: Norms = field(default_factory=Norms)
    least_charges: tuple[TieredFee, ...] = ()

    @property
    def moved_m3(self) -> Floats:
        """Stock that one unit of each move keeps at its start, m3."""
        return self.moves.m3 if len(self.moves.m3) else self.stock_m3[self.moves.product]

    @property
    def warehouses(self) -> int:
        """How many warehouses there are."""
        return len(self.fixed_eur)

    @property
    def products(self) -> int:
        """How many products there are."""
        return len(self.stock_m3)

    @property
    def asked(self) -> Floats:
        """Units a month that the zone of each delivery asks of its product."""
        return np.asarray(self.demand[self.delivery.zone, self.delivery.product], dtype=np.float64)

    @property
    def unit_of(self) -> Floats:
        """The unit in which a product's first legs are counted: its largest demand, at least 1."""
        largest: Floats = np.maximum(self.demand.max(axis=0, initial=0.0), 1.0)
        return largest

    @property
    def flows(self) -> int:
        """How many flows there are: first legs, deliveries, moves, and further amounts."""
        return len(self.first) + len(self.delivery) + len(self.moves) + len(self.more)

    @property
    def unit_eur(self) -> Floats:
        """EUR of one unit of each flow."""
        return np.concatenate([self.first.eur, self.delivery.eur, self.moves.eur, self.more.eur])

    @property
    def unit_kg(self) -> Floats:
        """Kilograms of CO2e of one unit of each flow."""
        return np.concatenate([each.co2e_kg for each in (self.first, self.delivery, self.moves, self.more)])

    def relaxed(self) -> Problem:
        """The same without carbon cap, least volumes, named limits, tiers and single source."""
        first = replace(self.first, least=np.zeros(len(self.first)))
        return replace(
            self, first=first, max_co2e_kg=np.inf, limits=LimitRows(), fees=(), single_source="",
            least_charges=(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """min cost x with bounds, whole variables and rows; columns stand as `Columns` says."""

    cost: Floats
    lower: Floats
    upper: Floats
    is_whole: Bools
    rows: Rows
    row_at: dict[str, int] = field(default_factory=dict)
    """The first row of each block, by name."""

    def with_fixed(self, columns: Ints, values: Floats) -> LinearModel:
        """The same with columns held at whole values; a linear program once all whole columns are held."""
        lower, upper, is_whole = self.lower.copy(), self.upper.copy(), self.is_whole.copy()
        lower[columns] = upper[columns] = np.rint(values)
        is_whole[columns] = False
        return replace(self, lower=lower, upper=upper, is_whole=is_whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each kind of variable stands among the columns of a model."""

    problem: Problem
    switched: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Rows of the first legs whose least volume is enforced."""

    @property
    def first(self) -> Ints:
        """Columns of the first legs."""
        return np.arange(len(self.problem.first))

    @property
    def delivery(self) -> Ints:
        """Columns of the deliveries."""
        return len(self.problem.first) + np.arange(len(self.problem.delivery))

    @property
    def moves(self) -> Ints:
        """Columns of the moves."""
        p = self.problem
        return len(p.first) + len(p.delivery) + np.arange(len(p.moves))

    @property
    def more(self) -> Ints:
        """Columns of the further amounts."""
        p = self.problem
        return p.flows - len(p.more) + np.arange(len(p.more))

    @property
    def is_open(self) -> Ints:
        """Columns of the warehouses."""
        return self.problem.flows + np.arange(self.problem.warehouses)

    @property
    def is_source(self) -> Ints:
        """Columns of who alone serves whom, in the order of `sources`."""
        return self.problem.flows + self.problem.warehouses + np.arange(len(self.sources))

    @property
    def sources(self) -> Ints:
        """The pairs that a single source chooses among: (warehouse x zones + zone) x products + product."""
        return np.unique(self.source_of)

    @property
    def source_of(self) -> Ints:
        """The pair of each delivery, with product 0 where one warehouse serves a zone as a whole."""
        p, d = self.problem, self.problem.delivery
        if not p.single_source:
            return no_ints()
        product = d.product if p.single_source == "product" else 0
        return np.asarray((d.warehouse * len(p.demand) + d.zone) * p.products + product, dtype=np.int64)

    @property
    def bands(self) -> int:
        """How many bands all tiered fees have together."""
        return sum(len(fee.start) for fee in self.problem.fees)

    @property
    def amount(self) -> Ints:
        """Columns of the amounts in the bands of tiered fees."""
        return self.count - len(self.switched) - 2 * self.bands + np.arange(self.bands)

    @property
    def in_band(self) -> Ints:
        """Columns of which band holds."""
        return self.count - len(self.switched) - self.bands + np.arange(self.bands)

    @property
    def is_used(self) -> Ints:
        """Columns of the switches of first legs."""
        return self.count - len(self.switched) + np.arange(len(self.switched))

    @property
    def whole(self) -> Ints:
        """Columns of all decisions that are whole."""
        counted = self.more[self.problem.more.is_whole]
        return np.concatenate([self.is_open, self.is_source, self.in_band, self.is_used, counted])

    @property
    def count(self) -> int:
        """All columns."""
        p = self.problem
        return p.flows + p.warehouses + len(self.sources) + 2 * self.bands + len(self.switched)

    @property
    def units_in_one(self) -> Floats:
        """Units that 1 of each flow's column stands for."""
        p = self.problem
        most = np.where(p.more.is_whole | (p.more.most <= 0.0), 1.0, p.more.most)
        return np.concatenate([p.unit_of[p.first.product], p.asked, p.unit_of[p.moves.product], most])

    def combined(self, of_flow: Floats, of_open: Floats | None = None) -> Floats:
        """A coefficient for each column, from figures for one unit of a flow and for one open warehouse."""
        values = np.zeros(self.count)
        values[: self.problem.flows] = of_flow * self.units_in_one
        if of_open is not None:
            values[self.is_open] = of_open
        return values


def linear_model(
    problem: Problem, switched: Ints, *, only_co2e: bool = False, all_open: bool = False
) -> LinearModel:
    """The model; `only_co2e` minimises kg CO2e instead of money, `all_open` opens every warehouse."""
    columns = Columns(problem=problem, switched=switched)
    p = problem
    if only_co2e:
        cost = columns.combined(p.unit_kg)
    else:
        cost = columns.combined(p.unit_eur + p.carbon_price_eur_kg * p.unit_kg, p.fixed_eur)
        band_eur, price_eur = band_lines(p)
        cost[columns.amount], cost[columns.in_band] = price_eur * band_units(columns), band_eur
    lower, upper = np.zeros(columns.count), np.ones(columns.count)
    upper[columns.first] = most_units(p) / p.unit_of[p.first.product]
    upper[columns.delivery] = p.asked > 0.0
    upper[columns.moves] = p.demand.sum(axis=0)[p.moves.product] / p.unit_of[p.moves.product]
    upper[columns.more] = np.where(p.more.is_whole, p.more.most, p.more.most > 0.0)
    lower[columns.is_open] = 1.0 if all_open else 0.0
    is_whole = np.zeros(columns.count, dtype=bool)
    is_whole[columns.whole] = True
    is_whole[columns.is_open] = not all_open
    blocks = _blocks(columns, all_open=all_open)
    heights = np.cumsum([0] + [len(block.lower) for block in blocks.values()])
    row_at = {name: int(at) for name, at in zip(blocks, heights, strict=False)}
    return LinearModel(
        cost=cost, lower=lower, upper=upper, is_whole=is_whole, rows=stacked(list(blocks.values())),
        row_at=row_at,
    )  # fmt: skip


def _blocks(columns: Columns, *, all_open: bool) -> dict[str, Rows]:
    p = columns.problem
    blocks = {
        "demand": _demand_rows(columns),
        "balance": _balance_rows(columns),
        "capacity": _capacity_rows(columns),
        "switch": _switch_rows(columns),
    }
    if not all_open:
        blocks |= {"open": _open_rows(columns), "moves": move_rows(columns), "tied": tied_rows(columns)}
    if np.isfinite(p.max_co2e_kg):
        blocks["cap"] = _carbon_row(columns)
    if len(p.limits):
        blocks["limits"] = limit_rows(columns, p.limits)
    if len(p.links):
        blocks["links"] = limit_rows(columns, p.links)
    if p.single_source:
        blocks["source"] = source_rows(columns)
    return blocks | {f"fee {at}": band_rows(columns, at) for at in range(len(p.fees))}


def most_units(problem: Problem) -> Floats:
    """Units of its product that each first leg could carry: all that its warehouse can deliver or pass on."""
    p, d = problem, problem.delivery
    if len(p.moves):
        return np.asarray(p.demand.sum(axis=0)[p.first.product], dtype=np.float64)
    pairs = np.unique(np.stack([d.warehouse, d.zone, d.product]), axis=1)
    reach = np.zeros((p.warehouses, p.products))
    np.add.at(reach, (pairs[0], pairs[2]), p.demand[pairs[1], pairs[2]])
    return np.asarray(reach[p.first.warehouse, p.first.product], dtype=np.float64)


def _demand_rows(columns: Columns) -> Rows:
    """A row for each demand, also for one that nothing can serve: it makes the model infeasible."""
    p, d = columns.problem, columns.problem.delivery
    asked = np.flatnonzero(p.demand.ravel() > 0.0)
    row_of = np.full(p.demand.size, -1)
    row_of[asked] = np.arange(len(asked))
    row = row_of[d.zone * p.products + d.product]
    kept, ones = np.flatnonzero(row >= 0), np.ones(len(asked))
    return Rows(
        row=row[kept], column=columns.delivery[kept], value=np.ones(len(kept)), lower=ones, upper=ones
    )


def _balance_rows(columns: Columns) -> Rows:
    p, f, d, m = columns.problem, columns.problem.first, columns.problem.delivery, columns.problem.moves
    size, ones = p.warehouses * p.products, np.ones(len(m))
    given = np.flatnonzero(p.more.gives)
    kept = p.more.product[given]
    at = [
        f.warehouse * p.products + f.product,
        d.warehouse * p.products + d.product,
        m.into * p.products + m.product,
        m.out_of * p.products + m.product,
        p.more.site[given] * p.products + kept,
    ]
    into = p.more.gives[given] * columns.units_in_one[columns.more[given]] / p.unit_of[kept]
    return Rows(
        row=np.concatenate(at),
        column=np.concatenate(
            [columns.first, columns.delivery, columns.moves, columns.moves, columns.more[given]]
        ),
        value=np.concatenate([np.ones(len(f)), -p.asked / p.unit_of[d.product], ones, -ones, into]),
        lower=np.zeros(size),
        upper=np.zeros(size),
    )


def _capacity_rows(columns: Columns) -> Rows:
    p, d, m = columns.problem, columns.problem.delivery, columns.problem.moves
    limited = np.flatnonzero(np.isfinite(p.capacity_m3))
    row_of = np.full(p.warehouses, -1)
    row_of[limited] = np.arange(len(limited))
    filling = np.flatnonzero(p.more.m3)
    at = np.concatenate([d.warehouse, m.out_of, p.more.site[filling]])
    m3 = np.concatenate([p.stock_m3[d.product], p.moved_m3, p.more.m3[filling]])
    column = np.concatenate([columns.delivery, columns.moves, columns.more[filling]])
    stock = m3 * columns.units_in_one[column]
    kept = np.flatnonzero(row_of[at] >= 0)
    scale = np.maximum(p.capacity_m3[limited], LEAST_SCALE)
    row = row_of[at[kept]]
    return Rows(
        row=np.concatenate([row, np.arange(len(limited))]),
        column=np.concatenate([column[kept], columns.is_open[limited]]),
        value=np.concatenate([stock[kept] / scale[row], -p.capacity_m3[limited] / scale]),
        lower=np.full(len(limited), -np.inf),
        upper=np.zeros(len(limited)),
    )


def _open_rows(columns: Columns) -> Rows:
    p, d = columns.problem, columns.problem.delivery
    key = (d.warehouse * len(p.demand) + d.zone) * p.products + d.product
    names, row = np.unique(key, return_inverse=True)
    warehouse = names // (len(p.demand) * p.products)
    return Rows(
        row=np.concatenate([row, np.arange(len(names))]),
        column=np.concatenate([columns.delivery, columns.is_open[warehouse]]),
        value=np.concatenate([np.ones(len(d)), -np.ones(len(names))]),
        lower=np.full(len(names), -np.inf),
        upper=np.zeros(len(names)),
    )


def _carbon_row(columns: Columns) -> Rows:
    p = columns.problem
    kg = columns.combined(p.unit_kg)
    scale = max(p.max_co2e_kg, LEAST_SCALE)
    used = np.flatnonzero(kg)
    return Rows(
        row=np.zeros(len(used), dtype=np.int64),
        column=used,
        value=kg[used] / scale,
        lower=np.array([-np.inf]),
        upper=np.array([p.max_co2e_kg / scale]),
    )


def _switch_rows(columns: Columns) -> Rows:
    p, switched = columns.problem, columns.switched
    count, unit = len(switched), p.unit_of[p.first.product[switched]]
    most, least = most_units(p)[switched] / unit, p.first.least[switched] / unit
    rows, none = np.arange(count), np.full(count, np.inf)
    return Rows(
        row=np.concatenate([rows, rows, count + rows, count + rows]),
        column=np.concatenate([switched, columns.is_used, switched, columns.is_used]),
        value=np.concatenate([np.ones(count), -most, np.ones(count), -least]),
        lower=np.concatenate([-none, np.zeros(count)]),
        upper=np.concatenate([np.zeros(count), none]),
    )
