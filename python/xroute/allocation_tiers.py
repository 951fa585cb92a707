"""The fees table: tiers on a month's volume, and prices that follow age or weight and need no variable.

A fee of a warehouse has one row for each band: `warehouse_id` ("*" for all), `fee` (its name), `basis`,
`starts_at`, `price_eur`, and perhaps `fixed_eur`, `kind` (incremental, all_unit) and `product_id`. Fees add
to the columns of the warehouses table. By basis:

    units, volume_m3, mass_kg   of what leaves the warehouse in a period: bands of `TieredFee`
    stock_m3                    its mean stock: bands of `TieredFee`
    age_days                    price_eur a m3 and week of the days that a unit's cover spends in the band
    unit_kg                     price_eur a unit of the band that a unit's mass falls in

A first `starts_at` above 0 of a volume basis is the least volume that an open warehouse must have; below
it the plan is refused. The last two are fixed for a unit: they are summed before solving.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute import schema
from xroute.allocation_fees import TieredFee
from xroute.allocation_inputs import Columns, Floats, Tables
from xroute.allocation_model import Problem
from xroute.errors import InputError
from xroute.tables import read_table

VOLUMES = ("units", "volume_m3", "mass_kg", "stock_m3")
BY_UNIT = ("age_days", "unit_kg")
DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """One fee of one warehouse: bands in order; `products` says which it counts."""

    warehouse: int
    name: str
    basis: str
    kind: str
    products: np.ndarray[Any, np.dtype[np.bool_]]
    start: Floats
    price_eur: Floats
    fixed_eur: Floats


def read_fees(tables: Tables, source: Any) -> tuple[Fee, ...]:
    """The fees of a table; none for `None`. Raises `InputError` with row and column."""
    if source is None:
        return ()
    columns = schema.check("fees", read_table(source, table="fees"))
    rows = len(columns["fee"])
    kinds = columns.get("kind", np.full(rows, "", dtype=object))
    goods = columns.get("product_id", np.full(rows, "", dtype=object))
    groups: dict[tuple[int, str, str, str], list[int]] = {}
    for row in range(rows):
        _check_row(columns, row, tables, str(goods[row]))
        for warehouse in _warehouses(columns, row, tables):
            key = (warehouse, str(columns["fee"][row]), str(columns["basis"][row]), str(goods[row]))
            groups.setdefault(key, []).append(row)
    return tuple(_fee(columns, key, each, (tables, kinds)) for key, each in sorted(groups.items()))


def _warehouses(columns: Columns, row: int, tables: Tables) -> list[int]:
    known = tables.warehouses["warehouse_id"].tolist()
    name = str(columns["warehouse_id"][row])
    if name == "*":
        return list(range(len(known)))
    if name not in known:
        raise InputError(f"'{name}' is not in the warehouses table", table="fees", row=row + 1,
                         column="warehouse_id")  # fmt: skip
    return [known.index(name)]


def _check_row(columns: Columns, row: int, tables: Tables, product: str) -> None:
    if product and product not in tables.products["product_id"]:
        message = f"product '{product}' is not in the products table"
        raise InputError(message, table="fees", row=row + 1, column="product_id")
    fixed = columns.get("fixed_eur", np.zeros(len(columns["fee"])))[row]
    if columns["basis"][row] in BY_UNIT and fixed > 0.0:
        message = f"a fee by {columns['basis'][row]} is for each unit and has no fixed sum"
        raise InputError(message, table="fees", row=row + 1, column="fixed_eur")


def _fee(columns: Columns, key: tuple[int, str, str, str], rows: list[int], rest: tuple[Tables, Any]) -> Fee:
    (warehouse, name, basis, product), (tables, kinds) = key, rest
    order = sorted(rows, key=lambda row: float(columns["starts_at"][row]))
    start = np.array([float(columns["starts_at"][row]) for row in order])
    if (np.diff(start) <= 0.0).any():
        message = f"fee '{name}' has two bands from {start[int(np.argmin(np.diff(start)))]:g}"
        raise InputError(message, table="fees", row=order[1] + 1, column="starts_at")
    kind = {str(kinds[row]) or "incremental" for row in order}
    if len(kind) > 1:
        message = f"fee '{name}' is incremental in one band and all_unit in another"
        raise InputError(message, table="fees", row=order[0] + 1, column="kind")
    fixed = columns.get("fixed_eur", np.full(len(columns["fee"]), math.nan))[order]
    goods = tables.products["product_id"]
    return Fee(
        warehouse=warehouse, name=name, basis=basis, kind=kind.pop(),
        products=np.asarray(goods == product) if product else np.ones(len(goods), dtype=bool),
        start=start, price_eur=np.asarray(columns["price_eur"][order], dtype=np.float64),
        fixed_eur=np.nan_to_num(np.asarray(fixed, dtype=np.float64)),
    )  # fmt: skip


def of_unit(fees: tuple[Fee, ...], products: Columns, warehouses: int) -> Floats:
    """EUR of one unit by warehouse and product of all fees by age and by weight."""
    found = np.zeros((warehouses, len(products["product_id"])))
    for fee in fees:
        if fee.basis in BY_UNIT:
            found[fee.warehouse] += unit_eur(fee, products)
    return found


def unit_eur(fee: Fee, products: Columns) -> Floats:
    """EUR of one unit of each product by a fee of age or of weight; 0 where it does not count."""
    if fee.basis == "unit_kg":
        mass = np.asarray(products["mass_kg"], dtype=np.float64)
        band = np.maximum(np.searchsorted(fee.start, mass * (1.0 - 1e-12)) - 1, 0)
        return np.where(fee.products, fee.price_eur[band], 0.0)
    days = inputs.cover_weeks(products)[:, None] * DAYS_A_WEEK
    ends = np.append(fee.start[1:], np.inf)
    weeks = np.clip(np.minimum(days, ends) - fee.start, 0.0, None) / DAYS_A_WEEK
    eur: Floats = weeks @ fee.price_eur * np.asarray(products["volume_m3"], dtype=np.float64)
    return np.asarray(np.where(fee.products, eur, 0.0), dtype=np.float64)


def tiered(p: Problem, fees: tuple[Fee, ...], products: Columns, names: list[str]) -> tuple[TieredFee, ...]:
    """The fees by volume as bands over the deliveries and moves that leave each warehouse."""
    return tuple(_tiers(p, fees, products, names))


def _tiers(p: Problem, fees: tuple[Fee, ...], products: Columns, names: list[str]) -> Iterator[TieredFee]:
    for fee in fees:
        if fee.basis in BY_UNIT:
            continue
        out = (p.delivery.warehouse == fee.warehouse) & fee.products[p.delivery.product]
        passed = (p.moves.out_of == fee.warehouse) & fee.products[p.moves.product]
        flow = len(p.first) + np.concatenate([np.flatnonzero(out), len(p.delivery) + np.flatnonzero(passed)])
        use = np.concatenate([_amount(fee, p, products, p.delivery.product)[out],
                              _amount(fee, p, products, p.moves.product)[passed]])  # fmt: skip
        yield TieredFee(
            name=f"{fee.name} of {names[fee.warehouse]}", flow=flow, use=use, start=fee.start,
            price_eur=fee.price_eur, fixed_eur=fee.fixed_eur, site=fee.warehouse,
            kind="all_unit" if fee.kind == "all_unit" else "incremental",
        )  # fmt: skip


def _amount(fee: Fee, p: Problem, products: Columns, product: Any) -> Floats:
    """What one unit of each flow counts for."""
    of_product = {
        "units": np.ones(p.products), "stock_m3": p.stock_m3, "volume_m3": products["volume_m3"],
        "mass_kg": products["mass_kg"],
    }[fee.basis]  # fmt: skip
    found: Floats = np.asarray(of_product, dtype=np.float64)[product]
    return found
