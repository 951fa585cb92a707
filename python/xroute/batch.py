"""Many shipments or many pairs at once: one row in, one row out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from xroute.batch_loads import may_win
from xroute.batch_paths import Facts, Integers, Numbers, facts_of, paths_of
from xroute.batch_prices import Prices, prices_of
from xroute.batch_profiles import Profile, profiles
from xroute.batch_quotes import Quotes, better, quote
from xroute.batch_rows import Rows, pieces, read_rows
from xroute.clearance import between
from xroute.errors import NoRouteError
from xroute.route import HOUR_S, Route
from xroute.scenario import Scenario
from xroute.shipment import LOADS, Shipment

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.pricings import Priced
    from xroute.table import Table
    from xroute.terms import Terms

USED = frozenset(
    (
        *("shipment_id", "origin", "destination", "mass_kg", "volume_m3", "temperature"),
        *("ready", "due", "minimise"),
    )
)
"""Columns that decide an answer; `value_eur` and `dangerous_goods` are read and do not change a route yet."""
_QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m"}
_ROWS_AT_ONCE = 20_000
Cells = dict[str, Any]
Known = dict[int, tuple[float, float]]
"""Customs fee in EUR and likely hours by pair of countries."""


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
    ends = np.stack(np.meshgrid(rows, columns, indexing="ij"), axis=-1).reshape(-1, 2).astype(np.int64)
    cleared = clearances(net.places.country, ends, scenario)
    fee, hours = (each.reshape(len(rows), len(columns)) for each in cleared)
    return {
        "cost_eur": best["money"] + fee,
        "duration_h": best["time_s"] + hours,
        "distance_km": best["distance_m"],
        "wtw_co2e_kg": best["co2e_g_t"],
        "load": best["load"],
        "is_indicative": best["is_indicative"],
    }


def clearances(
    countries: Sequence[str], ends: Integers, scenario: Scenario, known: Known | None = None
) -> tuple[Numbers, Numbers]:
    """Customs fees in EUR and likely hours between hub rows (n, 2), each pair of countries looked up once.

    `known` keeps what was found, for further rows under the same scenario.
    """
    code, names = _numbered(tuple(countries))
    known = {} if known is None else known
    pairs, at = np.unique(code[ends[:, 0]] * len(names) + code[ends[:, 1]], return_inverse=True)
    for pair in pairs.tolist():
        if pair not in known:
            cleared = between(names[pair // len(names)], names[pair % len(names)], scenario)
            known[pair] = cleared.fee_eur, cleared.hours
    found = np.array([known[pair] for pair in pairs.tolist()], dtype=np.float64).reshape(-1, 2)[at]
    return found[:, 0], found[:, 1]


@lru_cache(maxsize=4)
def _numbered(countries: tuple[str, ...]) -> tuple[Integers, tuple[str, ...]]:
    """A number for the country of each hub, and the countries by number."""
    number: dict[str, int] = {}
    code = np.array([number.setdefault(name, len(number)) for name in countries], dtype=np.int64)
    return code, tuple(number) or ("",)


def route_table(
    net: Network, shipments: Any, *, minimise: str, scenario: Scenario, refused: str | Path | None = None
) -> Table:
    """The best route of each shipment, in the order of the rows; refused rows have a status too.

    Status: `ok`, `late` (ready + likely duration is after due), `no_route`, `unknown_place`,
    `ambiguous_place`, `bad_row`; `reason` says why. Rows without a route go to the CSV file `refused` as
    well, each with its row number and reason.

    Rows are searched by profile, and each pair of places once in a profile. Routes by time, distance and
    CO2e, and by generalised cost, are those of `Network.route`. Routes by cost are found for the upper edges
    of a band of mass and volume (column `band`; edges 19 % apart), then quoted for the row itself: money is
    exact for the row on its route, and equal to `Network.route` wherever the best route of the edge is the
    best of the row. Memory grows with rows in and out alone.
    """
    from xroute import schema
    from xroute.table import Table
    from xroute.tables import read_table

    columns = read_table(shipments, table="shipments")
    schema.require("shipments", columns)
    schema.warn_unused("shipments", columns, USED)
    unused = sorted(set(columns) - USED - {"value_eur", "dangerous_goods"})
    answers = answered(net, columns, minimise, scenario, facts_of(net))
    if refused is not None:
        _write_refused(refused, columns, answers)
    return Table({**{name: columns[name] for name in ("shipment_id", *unused)}, **answers})


def answered(net: Network, columns: Cells, minimise: str, scenario: Scenario, facts: Facts) -> Cells:
    """Columns of answers, one row a shipment, for the columns of a shipments table."""
    rows = read_rows(net.places, columns, minimise)
    answers = _empty(len(rows.kind))
    batch = _Batch(net, scenario, rows, answers, facts)
    for profile, members in profiles(rows):
        with net.passing_pricings():
            for piece in pieces(len(members), _ROWS_AT_ONCE):
                batch.answer(profile, members[piece], is_whole=len(members) <= _ROWS_AT_ONCE)
    for row, (status, reason) in rows.refused.items():
        answers["status"][row], answers["reason"][row] = status, reason
    return answers


def route_batches(
    net: Network, batches: Iterable[Any], *, minimise: str = "cost", scenario: Scenario | None = None
) -> Iterator[Any]:
    """The answers of `route_table` as a stream: Arrow batches of shipments in, Arrow record batches out.

    Rows keep their order and stay in their batch; each answer is that of `route_table`. Only one batch is
    held at a time, so memory does not grow with the stream; batches of 100,000 rows share searches well.
    Ids are unique in a batch. Raises as `route_table`, and `ImportError` without pyarrow.
    """
    from xroute import schema
    from xroute.table import Table
    from xroute.tables import read_table

    facts, scenario = facts_of(net), scenario or Scenario()
    for batch in batches:
        columns = read_table(batch, table="shipments")
        schema.require("shipments", columns)
        answers = answered(net, columns, minimise, scenario, facts)
        yield from (
            Table({"shipment_id": columns["shipment_id"], **answers}).to_arrow().combine_chunks().to_batches()
        )


class _Batch:
    """A table that is being answered."""

    def __init__(self, net: Network, scenario: Scenario, rows: Rows, answers: Cells, facts: Facts) -> None:
        self.net, self.scenario, self.rows, self.answers, self.facts = net, scenario, rows, answers, facts
        self.reasons: dict[tuple[int, int], str] = {}
        self.cleared: Known = {}
        self.ids = np.array(net.places.ids, dtype=object)

    def answer(self, profile: Profile, members: Integers, *, is_whole: bool) -> None:
        """Fills the answers of rows of one profile; `is_whole` if no other rows will ask its pricings."""
        best: Quotes | None = None
        first: tuple[Terms, Prices] | None = None
        loads, indicative = np.full(len(members), "", dtype=object), np.zeros(len(members), dtype=bool)
        for load in LOADS:
            with self.net.passing_pricings() if is_whole else nullcontext():
                priced = self.net.priced(profile.stand_in, load, self.scenario)
                terms = priced.terms, self._prices(priced, members)
                if best is None or first is None:
                    best, first = self._quotes(profile, priced, terms[1], members), terms
                    loads[best.is_found], indicative[best.is_found] = load, priced.terms.is_indicative
                    continue
                asked = np.arange(len(members))
                if profile.minimise == "cost":
                    asked = np.flatnonzero(~best.is_found | may_win(first, terms))
                if not len(asked):
                    continue
                found = self._quotes(profile, priced, terms[1].of(asked), members[asked])
                wins = better(best.of(asked), found)
                best = best.replaced(asked[wins], found.of(np.flatnonzero(wins)))
                loads[asked[wins]], indicative[asked[wins]] = load, priced.terms.is_indicative
        assert best is not None
        self._write(members, best, loads, indicative, profile.band)
        self._refuse(profile, members[~best.is_found])

    def _prices(self, priced: Priced, members: Integers) -> Prices:
        mass_t, volume_m3 = self.rows.mass_kg[members] / 1000.0, self.rows.volume_m3[members]
        return prices_of(priced.terms, mass_t, volume_m3, self.scenario.exchange_rates)

    def _quotes(self, profile: Profile, priced: Priced, prices: Prices, members: Integers) -> Quotes:
        wanted = profile.minimise
        ends = self.rows.ends[members]  # in order, as `profiles` gives the rows: equal ones stand together
        is_other = np.ones(len(ends), dtype=bool)
        is_other[1:] = (ends[1:] != ends[:-1]).any(axis=1)
        paths = paths_of(self.facts, priced.metric, priced.terms, wanted, ends[is_other])
        unit_eur = priced.metric.money_unit_eur
        at = np.cumsum(is_other) - 1
        return quote(self.facts, paths, at, prices, unit_eur=unit_eur, by_cost=wanted == "cost")

    def _write(self, members: Integers, best: Quotes, loads: Any, indicative: Any, band: str) -> None:
        ok = best.is_found
        rows, ends, answers = members[ok], self.rows.ends[members[ok]], self.answers
        fee, hours = clearances(self.net.places.country, ends, self.scenario, self.cleared)
        duration_h = best.time_s[ok] / HOUR_S + hours
        answers["status"][rows] = "ok"
        answers["origin"][rows], answers["destination"][rows] = self.ids[ends[:, 0]], self.ids[ends[:, 1]]
        answers["mode_chain"][rows], answers["load"][rows] = best.chain[ok], loads[ok]
        answers["band"][rows], answers["indicative"][rows] = band, indicative[ok]
        answers["cost_eur"][rows], answers["duration_h"][rows] = best.cost_eur[ok] + fee, duration_h
        answers["distance_km"][rows] = best.distance_m[ok] / 1000.0
        answers["wtt_co2e_kg"][rows], answers["ttw_co2e_kg"][rows] = (
            best.wtt_co2e_kg[ok],
            best.ttw_co2e_kg[ok],
        )
        answers["wtw_co2e_kg"][rows] = best.wtt_co2e_kg[ok] + best.ttw_co2e_kg[ok]
        timed = np.flatnonzero(self.rows.ready.is_given(rows) & self.rows.due.is_given(rows))
        for at, row in zip(timed.tolist(), rows[timed].tolist(), strict=True):
            moments = self.rows.ready.at(row), self.rows.due.at(row)
            if _misses_due(self.net, ends[at].tolist(), float(duration_h[at]), *moments):
                answers["status"][row] = "late"

    def _refuse(self, profile: Profile, rows: Integers) -> None:
        for row in rows.tolist():
            key = int(self.rows.ends[row, 0]), int(self.rows.ends[row, 1])
            if key not in self.reasons:
                self.reasons[key] = self._reason(key, profile)
            self.answers["status"][row], self.answers["reason"][row] = "no_route", self.reasons[key]

    def _reason(self, ends: tuple[int, int], profile: Profile) -> str:
        try:
            self.net.route(
                *(self.net.places.ids[hub] for hub in ends), shipment=profile.stand_in,
                minimise=profile.minimise, scenario=self.scenario,
            )  # fmt: skip
        except NoRouteError as error:
            return str(error)
        return "no route"


def _write_refused(path: str | Path, columns: dict[str, Any], answers: dict[str, Any]) -> None:
    """The rows that got no route, as they came, with row number, status and reason."""
    from xroute.table import Table

    at = np.flatnonzero(~np.isin(answers["status"], ("ok", "late")))
    kept = {"row": at + 1, "status": answers["status"][at], "reason": answers["reason"][at]}
    Table(kept | {name: values[at] for name, values in columns.items()}).to_csv(path)


_TEXTS = ("status", "reason", "origin", "destination", "mode_chain", "load", "band")
_NUMBERS = ("cost_eur", "duration_h", "distance_km", "wtt_co2e_kg", "ttw_co2e_kg", "wtw_co2e_kg")


def _empty(count: int) -> Cells:
    texts = {name: np.full(count, "", dtype=object) for name in _TEXTS}
    return texts | {name: np.full(count, np.nan) for name in _NUMBERS} | {"indicative": np.zeros(count, bool)}


def is_late(net: Network, route: Route, shipment: Shipment) -> bool:
    """Whether ready plus the likely duration is after due; naive times are local at their place."""
    ends = [net.places.row(route.origin), net.places.row(route.destination)]
    return _misses_due(net, ends, route.duration_h, shipment.ready, shipment.due)


def _misses_due(
    net: Network, ends: list[int], duration_h: float, ready: datetime | None, due: datetime | None
) -> bool:
    if ready is None or due is None:
        return False
    return _instant(net, ready, ends[0]) + timedelta(hours=duration_h) > _instant(net, due, ends[1])


def _instant(net: Network, moment: datetime, hub: int) -> datetime:
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    name = net.timezones[hub]
    try:
        zone = ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        zone = UTC
    return moment.replace(tzinfo=zone).astimezone(UTC)
