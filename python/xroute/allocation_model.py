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

Deliveries are held as shares of the demand and first legs in units of the product's largest demand, so that
a solver's absolute tolerance means the same for small and large cases.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]


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
class Problem:
    """Demand (zones, products) in units a month, warehouses, first legs and deliveries, and the limits.

    `stock_m3` is the average stock that one unit a month keeps in a warehouse; `capacity_m3` may be inf;
    `max_co2e_kg` is a month's cap, inf for none.
    """

    demand: Floats
    stock_m3: Floats
    fixed_eur: Floats
    capacity_m3: Floats
    first: Arcs
    delivery: Arcs
    carbon_price_eur_kg: float = 0.0
    max_co2e_kg: float = np.inf

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

    def relaxed(self) -> Problem:
        """The same without carbon cap and least volumes."""
        first = replace(self.first, least=np.zeros(len(self.first)))
        return replace(self, first=first, max_co2e_kg=np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of a sparse matrix with their bounds: entries by row, column and value."""

    row: Ints
    column: Ints
    value: Floats
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearModel:
    """min cost x with bounds, whole variables and rows; columns are first legs, deliveries, y, b."""

    cost: Floats
    lower: Floats
    upper: Floats
    is_whole: Bools
    rows: Rows


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
    def is_open(self) -> Ints:
        """Columns of the warehouses."""
        return len(self.problem.first) + len(self.problem.delivery) + np.arange(self.problem.warehouses)

    @property
    def is_used(self) -> Ints:
        """Columns of the switches of first legs."""
        return self.count - len(self.switched) + np.arange(len(self.switched))

    @property
    def count(self) -> int:
        """All columns."""
        p = self.problem
        return len(p.first) + len(p.delivery) + p.warehouses + len(self.switched)

    def combined(self, of_first: Floats, of_delivery: Floats, of_open: Floats | None = None) -> Floats:
        """A coefficient for each column, from figures for one unit and for one open warehouse."""
        p = self.problem
        values = np.zeros(self.count)
        values[self.first] = of_first * p.unit_of[p.first.product]
        values[self.delivery] = of_delivery * p.asked
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
        cost = columns.combined(p.first.co2e_kg, p.delivery.co2e_kg)
    else:
        price = p.carbon_price_eur_kg
        first, delivery = p.first.eur + price * p.first.co2e_kg, p.delivery.eur + price * p.delivery.co2e_kg
        cost = columns.combined(first, delivery, p.fixed_eur)
    lower, upper = np.zeros(columns.count), np.ones(columns.count)
    upper[columns.first] = _most(p) / p.unit_of[p.first.product]
    upper[columns.delivery] = p.asked > 0.0
    lower[columns.is_open] = 1.0 if all_open else 0.0
    is_whole = np.zeros(columns.count, dtype=bool)
    is_whole[columns.is_open] = not all_open
    is_whole[columns.is_used] = True
    blocks = [_demand_rows(columns), _balance_rows(columns), _capacity_rows(columns), _switch_rows(columns)]
    if not all_open:
        blocks.append(_open_rows(columns))
    if np.isfinite(p.max_co2e_kg):
        blocks.append(_carbon_row(columns))
    return LinearModel(cost=cost, lower=lower, upper=upper, is_whole=is_whole, rows=_stacked(blocks))


def _most(problem: Problem) -> Floats:
    """Units of its product that each first leg could carry: all that its warehouse can deliver."""
    p, d = problem, problem.delivery
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
    p, f, d = columns.problem, columns.problem.first, columns.problem.delivery
    size = p.warehouses * p.products
    inward, outward = f.warehouse * p.products + f.product, d.warehouse * p.products + d.product
    return Rows(
        row=np.concatenate([inward, outward]),
        column=np.concatenate([columns.first, columns.delivery]),
        value=np.concatenate([np.ones(len(f)), -p.asked / p.unit_of[d.product]]),
        lower=np.zeros(size),
        upper=np.zeros(size),
    )


def _capacity_rows(columns: Columns) -> Rows:
    p, d = columns.problem, columns.problem.delivery
    limited = np.flatnonzero(np.isfinite(p.capacity_m3))
    row_of = np.full(p.warehouses, -1)
    row_of[limited] = np.arange(len(limited))
    kept = np.flatnonzero(row_of[d.warehouse] >= 0)
    scale = np.maximum(p.capacity_m3[limited], 1e-9)
    row = row_of[d.warehouse[kept]]
    volume = p.asked[kept] * p.stock_m3[d.product[kept]] / scale[row]
    return Rows(
        row=np.concatenate([row, np.arange(len(limited))]),
        column=np.concatenate([columns.delivery[kept], columns.is_open[limited]]),
        value=np.concatenate([volume, -p.capacity_m3[limited] / scale]),
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
    kg = columns.combined(p.first.co2e_kg, p.delivery.co2e_kg)
    scale = max(p.max_co2e_kg, 1e-9)
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
    most, least = _most(p)[switched] / unit, p.first.least[switched] / unit
    rows, none = np.arange(count), np.full(count, np.inf)
    return Rows(
        row=np.concatenate([rows, rows, count + rows, count + rows]),
        column=np.concatenate([switched, columns.is_used, switched, columns.is_used]),
        value=np.concatenate([np.ones(count), -most, np.ones(count), -least]),
        lower=np.concatenate([-none, np.zeros(count)]),
        upper=np.concatenate([np.zeros(count), none]),
    )


def _stacked(blocks: list[Rows]) -> Rows:
    heights = np.cumsum([0] + [len(block.lower) for block in blocks])
    row = np.concatenate([block.row + at for block, at in zip(blocks, heights, strict=False)])
    column = np.concatenate([block.column for block in blocks])
    value = np.concatenate([block.value for block in blocks])
    order = np.lexsort((column, row))
    order = order[value[order] != 0.0]
    return Rows(
        row=row[order],
        column=column[order],
        value=value[order],
        lower=np.concatenate([block.lower for block in blocks]),
        upper=np.concatenate([block.upper for block in blocks]),
    )
