"""Transfers: goods that one warehouse passes on to another, by a table or over the network.

Variables: v_wuk units a period from warehouse w to u of product k (`Moves`). They leave the balance and the
mean stock of w, need w open, and enter the balance of u. Cost: the way between them, and at w what goods that
arrive and are kept there pay (inbound, storage by the unit, cycle stock); u charges for them when they leave.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from xroute import allocation_inputs as inputs
from xroute import schema
from xroute.allocation_inputs import Floats, Tables
from xroute.allocation_lanes import WAYS
from xroute.allocation_model import Moves
from xroute.errors import InputError
from xroute.scenario import Scenario
from xroute.tables import read_table


def read_transfers(tables: Tables, source: Any, scenario: Scenario) -> Moves:
    """The transfers of a table; none for `None`, all pairs of one region by road for `True`.

    Columns: `origin` and `destination` (warehouse ids), perhaps `product_id`, `cost_eur` and `co2e_kg` for
    one unit; where the money is missing, both are those of a full box by road. Raises `InputError` with row
    and column for unknown ids, and for a pair that neither table nor road joins.
    """
    if source is None or source is False:
        return Moves()
    pairs = _every_pair(tables) if source is True else _pairs(tables, source)
    pairs = [row for row in pairs if row[0] != row[1]]
    if not pairs:
        return Moves()
    out_of, into, product = (np.array([row[at] for row in pairs], dtype=np.int64) for at in range(3))
    eur, kg = (np.array([row[at] for row in pairs], dtype=np.float64) for at in (3, 4))
    if np.isnan(eur).any():
        road_eur, road_kg = _by_road(tables, scenario)
        is_open = np.isnan(eur)
        eur = np.where(is_open, road_eur[out_of, into, product], eur)
        kg = np.where(is_open, road_kg[out_of, into, product], kg)
    joined = np.isfinite(eur)
    if source is not True and not joined.all():
        row = int(np.argmin(joined))
        names = tables.warehouses["warehouse_id"]
        message = f"no road joins {names[out_of[row]]} and {names[into[row]]}: give cost_eur"
        raise InputError(message, table="transfers", column="cost_eur")
    return Moves(
        out_of=out_of[joined], into=into[joined], product=product[joined], eur=eur[joined],
        co2e_kg=np.nan_to_num(kg[joined]),
    )  # fmt: skip


def _every_pair(tables: Tables) -> list[tuple[int, int, int, float, float]]:
    region = tables.warehouses["region"]
    count = len(region)
    return [
        (a, b, k, np.nan, np.nan)
        for a in range(count)
        for b in range(count)
        for k in range(len(tables.products["product_id"]))
        if region[a] == region[b]
    ]


def _pairs(tables: Tables, source: Any) -> list[tuple[int, int, int, float, float]]:
    columns = schema.check("transfers_between", read_table(source, table="transfers"))
    stores = tables.warehouses["warehouse_id"].tolist()
    goods = tables.products["product_id"].tolist()
    rows = len(columns["origin"])
    nothing = np.full(rows, np.nan)
    eur, kg = columns.get("cost_eur", nothing), columns.get("co2e_kg", nothing)
    item = columns.get("product_id", np.full(rows, "", dtype=object))
    found: dict[tuple[int, int, int], tuple[int, int, int, float, float]] = {}
    for row in range(rows):
        ends = [_at(columns[name][row], stores, name, row) for name in ("origin", "destination")]
        every = range(len(goods)) if not item[row] else [_at(item[row], goods, "product_id", row)]
        for k in every:
            found[ends[0], ends[1], k] = (ends[0], ends[1], k, float(eur[row]), float(kg[row]))
    return [found[key] for key in sorted(found)]


def _at(name: Any, known: list[str], column: str, row: int) -> int:
    if name not in known:
        raise InputError(f"'{name}' is not known", table="transfers", row=row + 1, column=column)
    return known.index(name)


def _by_road(tables: Tables, scenario: Scenario) -> tuple[Floats, Floats]:
    """EUR and kg CO2e of one unit in a full box by road, (from, to, product); NaN where there is none."""
    way, hubs, goods = WAYS[0], tables.warehouse_hubs, tables.products
    road = tables.net.matrix(hubs, hubs, shipment=way.goods, modes=way.modes, scenario=scenario)
    mass = np.asarray(goods["mass_kg"], dtype=np.float64)
    units = [inputs.units_in_load("FCL", m, float(v)) for m, v in zip(mass, goods["volume_m3"], strict=True)]
    eur = np.asarray(road.cost_eur)[:, :, None] / np.array(units)
    kg = np.asarray(road.wtw_co2e_kg)[:, :, None] / way.goods.mass_kg * mass
    return eur, kg
