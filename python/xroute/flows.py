"""What a plan moves, ready to be drawn: lanes with their tonnes, deliveries, places, and indicative prices.

Maps, charts, report and workbook read a plan through here, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from xroute.lines import great_circle, parts_of_wkt, split_antimeridian
from xroute.palette import MODE_COLOURS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xroute.table import Table

_HEAVIEST_FIRST = ("air", "sea", "rail", "inland_waterway", "ferry", "road")


class PlanFacts(Protocol):
    """What pictures need of a plan: its tables and what they rest on. Arguments are only read."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """Tables by name."""
        ...

    @property
    def kpis(self) -> Mapping[str, float | str]:
        """Figures by name; the name ends in the unit."""
        ...

    @property
    def front(self) -> Table:
        """Plans that trade cost against carbon."""
        ...

    @property
    def audit(self) -> Mapping[str, Any]:
        """What the plan was computed from."""
        ...

    @property
    def assumptions(self) -> list[str]:
        """What a reader should check."""
        ...

    @property
    def attribution(self) -> list[str]:
        """Credits of the data."""
        ...

    @property
    def title(self) -> str:
        """What the plan is called."""
        ...

    @property
    def scenario_name(self) -> str:
        """Which scenario it answers."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A line on a map: one leg of a used route, or the deliveries from a warehouse to a zone.

    `amount` is what moves on it: tonnes on a leg, units of goods on a delivery.
    """

    mode: str
    origin: str
    destination: str
    route_ids: str
    amount: float
    distance_km: float
    wtw_co2e_kg: float
    parts: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An origin of goods, where its first leg starts."""

    name: str
    lon: float
    lat: float


def column(table: Table | None, name: str, missing: Any = 0.0) -> NDArray[Any]:
    """A column of a table, or as many missing values as the table has rows."""
    if table is None:
        return np.array([])
    if name in table.columns:
        return np.asarray(table[name])
    return np.full(len(table), missing, dtype=object if isinstance(missing, str) else None)


def main_mode(mode_chain: str) -> str:
    """The mode that gives a chain its character: `road+sea+road` is sea.

    >>> main_mode("road+sea+road"), main_mode("road")
    ('sea', 'road')
    """
    modes = mode_chain.split("+")
    return next((mode for mode in _HEAVIEST_FIRST if mode in modes), modes[0])


def route_tonnes(plan: PlanFacts) -> dict[str, float]:
    """Tonnes moved by each route, from the table of first legs."""
    first = plan.tables.get("first_legs")
    tonnes: dict[str, float] = {}
    for route_id, mass_t in zip(column(first, "route_id", ""), column(first, "mass_t"), strict=True):
        tonnes[str(route_id)] = tonnes.get(str(route_id), 0.0) + float(np.nan_to_num(mass_t))
    return tonnes


def lanes(plan: PlanFacts) -> list[Lane]:
    """Legs that carry something, equal ones added up, the lightest first so that none hides."""
    legs = plan.tables.get("legs")
    if legs is None:
        return []
    tonnes = route_tonnes(plan)
    gathered: dict[tuple[str, str], list[int]] = {}
    modes, shapes, routes = column(legs, "mode", ""), column(legs, "wkt", ""), column(legs, "route_id", "")
    for row, (mode, shape, route_id) in enumerate(zip(modes, shapes, routes, strict=True)):
        if shape and tonnes.get(str(route_id), 0.0) > 0.0:
            gathered.setdefault((str(mode), str(shape)), []).append(row)
    found = [_lane(legs, rows, tonnes) for rows in gathered.values()]
    return sorted(found, key=lambda lane: (lane.amount, lane.mode, lane.origin, lane.destination))


def _lane(legs: Table, rows: list[int], tonnes: Mapping[str, float]) -> Lane:
    first = rows[0]
    ids = sorted({str(column(legs, "route_id", "")[row]) for row in rows})
    return Lane(
        mode=str(legs["mode"][first]),
        origin=_first_text(legs, first, "origin_name", "origin_id"),
        destination=_first_text(legs, first, "destination_name", "destination_id"),
        route_ids=", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else ""),
        amount=sum(tonnes[route_id] for route_id in ids),
        distance_km=float(column(legs, "distance_km", np.nan)[first]),
        wtw_co2e_kg=float(np.nansum(column(legs, "wtw_co2e_kg", 0.0)[rows].astype(float))),
        parts=parts_of_wkt(str(legs["wkt"][first])),
    )


def _first_text(table: Table, row: int, *names: str) -> str:
    texts = [str(column(table, name, "")[row]) for name in names]
    return next((text for text in texts if text), "")


def deliveries(plan: PlanFacts) -> list[Lane]:
    """Great circles from warehouse to zone, one for each pair and main mode, the lightest first."""
    table, seats, zones = (plan.tables.get(name) for name in ("deliveries", "warehouses", "zones"))
    if table is None or seats is None or zones is None:
        return []
    starts, ends = _positions(seats, "warehouse_id"), _positions(zones, "zone_id")
    totals: dict[tuple[str, str, str], list[float]] = {}
    names = ("warehouse_id", "zone_id", "mode_chain")
    keys = zip(*(column(table, name, "").astype(str) for name in names), strict=True)
    amounts = np.column_stack(
        [column(table, name).astype(float) for name in ("units", "distance_km", "wtw_co2e_kg")]
    )
    for (seat, zone, chain), (units, km, co2e_kg) in zip(keys, amounts, strict=True):
        total = totals.setdefault((seat, zone, main_mode(chain)), [0.0, km, 0.0])
        total[0] += units
        total[2] += co2e_kg
    found = []
    for (seat, zone, mode), (units, km, co2e_kg) in totals.items():
        if seat in starts and zone in ends and units > 0:
            (seat_name, start), (zone_name, end) = starts[seat], ends[zone]
            found.append(
                Lane(
                    mode=mode,
                    origin=seat_name,
                    destination=zone_name,
                    route_ids="",
                    amount=units,
                    distance_km=km,
                    wtw_co2e_kg=co2e_kg,
                    parts=tuple(split_antimeridian(great_circle(start, end))),
                )
            )
    return sorted(found, key=lambda lane: (lane.amount, lane.origin, lane.destination))


def _positions(table: Table, key: str) -> dict[str, tuple[str, tuple[float, float]]]:
    ids, names = column(table, key, "").astype(str), column(table, "name", "").astype(str)
    lons, lats = column(table, "lon", np.nan).astype(float), column(table, "lat", np.nan).astype(float)
    rows = zip(ids, names, lons, lats, strict=True)
    return {
        each: (name or each, (float(lon), float(lat)))
        for each, name, lon, lat in rows
        if np.isfinite(lon) and np.isfinite(lat)
    }


def origins(plan: PlanFacts) -> list[Place]:
    """Where the first legs of used routes start."""
    legs, tonnes = plan.tables.get("legs"), route_tonnes(plan)
    if legs is None:
        return []
    places: dict[str, Place] = {}
    for row, (number, route_id) in enumerate(zip(legs["leg"], legs["route_id"], strict=True)):
        if int(number) != 1 or tonnes.get(str(route_id), 0.0) <= 0.0:
            continue
        parts = parts_of_wkt(str(column(legs, "wkt", "")[row]))
        if parts:
            name = _first_text(legs, row, "origin_name", "origin_id")
            places.setdefault(name, Place(name=name, lon=float(parts[0][0, 0]), lat=float(parts[0][0, 1])))
    return [places[name] for name in sorted(places)]


def sums_by(table: Table | None, key: str, amount: str) -> list[tuple[str, float]]:
    """Sums of one column by another, largest first."""
    totals: dict[str, float] = {}
    for name, value in zip(column(table, key, ""), column(table, amount), strict=True):
        totals[str(name)] = totals.get(str(name), 0.0) + float(np.nan_to_num(value))
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))


def ordered_modes(found: list[Lane]) -> list[str]:
    """The modes of some lanes, in the order of legends, unknown ones last."""
    modes = {lane.mode for lane in found}
    return [mode for mode in MODE_COLOURS if mode in modes] + sorted(modes - set(MODE_COLOURS))


def audit_lines(record: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The audit record as (path, value) lines.

    >>> list(audit_lines({"solver": {"gap": 0.0}, "seeds": [1, 2]}))
    [('solver › gap', '0'), ('seeds', '1, 2')]
    """
    if isinstance(record, Mapping):
        for key, each in record.items():
            yield from audit_lines(each, f"{path} › {key}" if path else str(key))
    elif isinstance(record, (list, tuple)):
        yield path, ", ".join(str(each) for each in record[:12]) + (" …" if len(record) > 12 else "")
    else:
        yield path, f"{record:,.6g}" if isinstance(record, float) else str(record)
