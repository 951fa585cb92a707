"""Many shipments or many pairs at once: one row in, one row out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from xroute.clearance import between
from xroute.errors import (
    AmbiguousPlaceError,
    InputError,
    NoRouteError,
    UnknownPlaceError,
)
from xroute.route import Route
from xroute.scenario import Scenario
from xroute.shipment import Shipment

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.table import Table

USED = frozenset(
    (
        *("shipment_id", "origin", "destination", "mass_kg", "volume_m3", "temperature"),
        *("ready", "due", "minimise"),
    )
)
"""Columns that decide an answer; `value_eur` and `dangerous_goods` are read and do not change a route yet."""
_QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m"}
Cells = dict[str, Any]


def best_cells(cells: list[Cells], minimise: str) -> Cells:
    """The better of the loads for each pair, by the minimised quantity and then by time."""
    names = [name for name, value in cells[0].items() if isinstance(value, np.ndarray)]
    best: Cells = {name: cells[0][name] for name in names}
    best["load"] = np.where(np.isnan(best["money"]), "", cells[0]["load"]).astype("<U3")
    quantity = _QUANTITY.get(minimise, "generalised")
    for other in cells[1:]:
        mine, theirs = best[quantity], other[quantity]
        is_faster = (theirs == mine) & (other["time_s"] < best["time_s"])
        takes = ~np.isnan(theirs) & (np.isnan(mine) | (theirs < mine) | is_faster)
        for name in names:
            best[name] = np.where(takes, other[name], best[name])
        best["load"] = np.where(takes, other["load"], best["load"])
    best["is_indicative"] = any(each["is_indicative"] for each in cells)
    return best


def with_clearance(
    best: Cells, net: Network, rows: list[int], columns: list[int], scenario: Scenario
) -> Cells:
    """Cells with customs hours and fees added, under the names of `Matrix`."""
    countries = net.places.country
    fee, hours = np.zeros((len(rows), len(columns))), np.zeros((len(rows), len(columns)))
    for at, row in enumerate(rows):
        for to, column in enumerate(columns):
            clearance = between(countries[row], countries[column], scenario)
            fee[at, to], hours[at, to] = clearance.fee_eur, clearance.hours
    return {
        "cost_eur": best["money"] + fee,
        "duration_h": best["time_s"] + hours,
        "distance_km": best["distance_m"],
        "wtw_co2e_kg": best["co2e_g_t"],
        "load": best["load"],
        "is_indicative": best["is_indicative"],
    }


def route_table(
    net: Network, shipments: Any, *, minimise: str, scenario: Scenario, refused: str | Path | None = None
) -> Table:
    """The best route of each shipment, in the order of the rows; refused rows have a status too.

    Status: `ok`, `late` (ready + likely duration is after due), `no_route`, `unknown_place`,
    `ambiguous_place`, `bad_row`; `reason` says why. Equal profiles are priced once. Rows without a route
    go to the CSV file `refused` as well, each with its row number and reason.
    """
    from xroute import schema
    from xroute.table import Table
    from xroute.tables import read_table

    columns = read_table(shipments, table="shipments")
    schema.require("shipments", columns)
    schema.warn_unused("shipments", columns, USED)
    unused = sorted(set(columns) - USED - {"value_eur", "dangerous_goods"})
    rows = [
        _answer(net, {name: values[row] for name, values in columns.items()}, row, minimise, scenario)
        for row in range(len(columns["shipment_id"]))
    ]
    answers = {name: np.array([row[name] for row in rows]) for name in _EMPTY}
    if refused is not None:
        _write_refused(refused, columns, answers)
    return Table({**{name: columns[name] for name in ("shipment_id", *unused)}, **answers})


def _write_refused(path: str | Path, columns: dict[str, Any], answers: dict[str, Any]) -> None:
    """The rows that got no route, as they came, with row number, status and reason."""
    from xroute.table import Table

    at = np.flatnonzero(~np.isin(answers["status"], ("ok", "late")))
    kept = {"row": at + 1, "status": answers["status"][at], "reason": answers["reason"][at]}
    Table(kept | {name: values[at] for name, values in columns.items()}).to_csv(path)


_EMPTY: dict[str, Any] = {
    "status": "", "reason": "", "origin": "", "destination": "", "mode_chain": "", "load": "",
    "cost_eur": np.nan, "duration_h": np.nan, "distance_km": np.nan, "wtt_co2e_kg": np.nan,
    "ttw_co2e_kg": np.nan, "wtw_co2e_kg": np.nan, "indicative": False,
}  # fmt: skip


def _answer(net: Network, row: dict[str, Any], at: int, minimise: str, scenario: Scenario) -> dict[str, Any]:
    from xroute.table_rows import shipment_of

    try:
        shipment = shipment_of(row, at)
        wanted = str(row.get("minimise") or minimise)
        route = net.route(
            row["origin"], row["destination"], shipment=shipment, minimise=wanted, scenario=scenario
        )
    except UnknownPlaceError as error:
        return _refused("unknown_place", error)
    except AmbiguousPlaceError as error:
        return _refused("ambiguous_place", error)
    except NoRouteError as error:
        return _refused("no_route", error)
    except InputError as error:
        return _refused("bad_row", error)
    status = "late" if is_late(net, route, shipment) else "ok"
    return _EMPTY | {
        "status": status,
        "origin": route.origin,
        "destination": route.destination,
        "mode_chain": route.mode_chain,
        "load": route.load,
        "cost_eur": route.cost_eur,
        "duration_h": route.duration_h,
        "distance_km": route.distance_km,
        "wtt_co2e_kg": route.footprint.wtt_co2e_kg,
        "ttw_co2e_kg": route.footprint.ttw_co2e_kg,
        "wtw_co2e_kg": route.footprint.wtw_co2e_kg,
        "indicative": route.is_indicative,
    }


def _refused(status: str, error: Exception) -> dict[str, Any]:
    return _EMPTY | {"status": status, "reason": str(error)}


def is_late(net: Network, route: Route, shipment: Shipment) -> bool:
    """Whether ready plus the likely duration is after due; naive times are local at their place."""
    if shipment.ready is None or shipment.due is None:
        return False
    ready = _instant(net, shipment.ready, route.origin)
    due = _instant(net, shipment.due, route.destination)
    return ready + timedelta(hours=route.duration_h) > due


def _instant(net: Network, moment: datetime, hub: str) -> datetime:
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    name = net.timezones[net.places.row(hub)]
    try:
        zone = ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return moment.replace(tzinfo=zone).astimezone(UTC)
