"""Routes of the core as flat arrays: what each passes, in a form that many shipments are quoted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xroute._core import HUB_KINDS, MODES
from xroute.processes import SIDES
from xroute.terms import Terms

if TYPE_CHECKING:
    from xroute.network import Network

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
_AT_HUB = {name: at for at, name in enumerate(SIDES)}
_FERRY = MODES.index("ferry")
_JUNCTION = HUB_KINDS.index("junction")


Own = dict[tuple[int, str, str], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What prices need of a network: links by class, km and customs borders; the rate of each service.

    `own` has the EUR fixed and by tonne of changes of vehicle where the transfers table has some.
    """

    link_class: Integers
    link_km: Numbers
    link_borders: Numbers
    service_rate: Integers
    own: Own


def facts_of(net: Network) -> Facts:
    """Reads the tables of a network; kilometres are those of whole metres, as searches add them."""
    links, rates = net.core.table("links"), {name: at for at, name in enumerate(net.core.rate_ids)}
    number = {pair: at for at, pair in enumerate(net.core.classes)}
    classes = [number[pair] for pair in zip(links["mode"], links["vehicle_class"], strict=True)]
    metres = np.floor(np.asarray(links["distance_km"]) * 1000.0 + 0.5)
    service_rate = [rates.get(name, -1) for name in net.core.table("services")["rate_id"]]
    return Facts(
        link_class=np.array(classes, dtype=np.int64),
        link_km=metres / 1000.0,
        link_borders=np.nan_to_num(np.asarray(links["customs_borders"], dtype=np.float64)),
        service_rate=np.array(service_rate, dtype=np.int64),
        own=_own_terms(net),
    )


def _own_terms(net: Network) -> Own:
    table = net.core.table("transfers")
    found: Own = {}
    for row, hub in enumerate(table["hub_id"]):
        fixed, per_t = float(table["fixed_cost_eur"][row]), float(table["cost_eur_per_t"][row])
        if not (np.isnan(fixed) and np.isnan(per_t)):
            key = net.places.row(hub), table["from_mode"][row], table["to_mode"][row]
            found[key] = float(np.nan_to_num(fixed)), float(np.nan_to_num(per_t))
    return found


@dataclass(frozen=True, slots=True)
class Runs:
    """Items of many paths on end: those of path `n` are `first[n]` to `first[n + 1]`."""

    first: Integers

    def of(self, paths: Integers) -> tuple[Integers, Integers]:
        """For paths (n,), the items of each in order: which of the n, and which item."""
        counts = self.first[paths + 1] - self.first[paths]
        owner = np.repeat(np.arange(len(paths)), counts)
        start = np.cumsum(counts) - counts
        return owner, np.arange(len(owner)) - start[owner] + self.first[paths][owner]


@dataclass(frozen=True, slots=True)
class Paths:
    """Routes between pairs under one metric; `time_s` is -1 where there is none.

    Links by row; services by class, rate (-1 for that of the class) and km; stops by kind of hub and sides,
    with the mode whose fixed charge is paid there (-1 for none), whether a lorry boards a ferry, and the
    EUR fixed and by tonne where the hub has terms of its own. `wtt_kg_t`, `ttw_kg_t`: kg CO2e a tonne.
    """

    money_key: Integers
    time_s: Integers
    distance_m: Integers
    wtt_kg_t: Numbers
    ttw_kg_t: Numbers
    chain: NDArray[np.object_]
    links: Runs
    link: Integers
    services: Runs
    service: Numbers  # class, rate, km
    stops: Runs
    stop: Integers  # kind, from side, to side, mode that is loaded, whether a lorry boards
    own: Numbers  # EUR fixed, EUR a tonne; NaN for the rate of the process


def paths_of(
    kinds: Sequence[str],
    facts: Facts,
    terms: Terms,
    minimise: str,
    raws: Sequence[Mapping[str, Any] | None],
) -> Paths:
    """Lays out what the core returned for pairs; `kinds` are those of the hubs by row."""
    found = _Laying(kinds, facts, terms)
    for raw in raws:
        found.add(raw, minimise)
    return found.paths()


class _Laying:
    def __init__(self, kinds: Sequence[str], facts: Facts, terms: Terms) -> None:
        self.kinds, self.facts, self.terms = kinds, facts, terms
        self.totals: list[tuple[int, int, int]] = []
        self.carbon: list[tuple[float, float]] = []
        self.chain: list[str] = []
        self.link: list[int] = []
        self.service: list[tuple[float, float, float]] = []
        self.stop: list[tuple[int, int, int, int, int]] = []
        self.own: list[tuple[float, float]] = []
        self.first = [[0], [0], [0]]
        self.grams = np.column_stack([terms.wtt_g_tkm, terms.ttw_g_tkm]).tolist()

    def add(self, raw: Mapping[str, Any] | None, minimise: str) -> None:
        if raw is None:
            self.totals.append((-1, -1, -1))
            self.carbon.append((0.0, 0.0))
            self.chain.append("")
        else:
            self.totals.append((int(raw[QUANTITY[minimise]]), int(raw["time_s"]), int(raw["distance_m"])))
            self.carbon.append(self._carbon(raw))
            self.chain.append("+".join(leg["mode"] for leg in raw["legs"]) or "none")
            self._legs(raw["legs"])
            self._stops(raw["stops"], raw["legs"])
        for first, count in zip(self.first, (len(self.link), len(self.service), len(self.stop)), strict=True):
            first.append(count)

    def _legs(self, legs: Sequence[Mapping[str, Any]]) -> None:
        for leg in legs:
            if leg["service"] is None:
                self.link += leg["links"].tolist()
            else:
                rate = self.facts.service_rate[leg["service"]]
                self.service.append((leg["segments"][0][0], rate, leg["distance_m"] / 1000.0))

    def _stops(self, stops: Sequence[Mapping[str, Any]], legs: Sequence[Mapping[str, Any]]) -> None:
        for at, stop in enumerate(stops):
            kind = HUB_KINDS.index(self.kinds[stop["hub"]])
            source, target = _AT_HUB[stop["from_mode"]], _AT_HUB[stop["to_mode"]]
            before = legs[at - 1] if at else None
            after = legs[at] if at < len(legs) else None
            loaded = -1 if kind == _JUNCTION else _loaded(before, after)
            boards = loaded == _FERRY and stop["from_mode"] in ("sea", "air", "inland_waterway")
            self.stop.append((kind, source, target, loaded, int(boards)))
            key = stop["hub"], stop["from_mode"], stop["to_mode"]
            self.own.append(self.facts.own.get(key, (np.nan, np.nan)))

    def _carbon(self, raw: Mapping[str, Any]) -> tuple[float, float]:
        wtt = ttw = 0.0
        for leg in raw["legs"]:
            for number, metres in leg["segments"]:
                grams = self.grams[number]
                wtt += grams[0] * metres / 1000.0
                ttw += grams[1] * metres / 1000.0
        for stop in raw["stops"]:
            sides = self.kinds[stop["hub"]], stop["from_mode"], stop["to_mode"]
            if self.terms.process_at(*sides)[1] is not None:
                wtt += stop["wtt_g_t"]
                ttw += stop["ttw_g_t"]
        return wtt / 1000.0, ttw / 1000.0

    def paths(self) -> Paths:
        totals = np.array(self.totals, dtype=np.int64).reshape(-1, 3)
        carbon = np.array(self.carbon, dtype=np.float64).reshape(-1, 2)
        links, services, stops = (Runs(np.array(first, dtype=np.int64)) for first in self.first)
        return Paths(
            *(totals[:, 0], totals[:, 1], totals[:, 2], carbon[:, 0], carbon[:, 1]),
            chain=np.array(self.chain, dtype=object),
            links=links,
            link=np.array(self.link, dtype=np.int64),
            services=services,
            service=np.array(self.service, dtype=np.float64).reshape(-1, 3),
            stops=stops,
            stop=np.array(self.stop, dtype=np.int64).reshape(-1, 5),
            own=np.array(self.own, dtype=np.float64).reshape(-1, 2),
        )


QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m",
            "generalised": "generalised"}  # fmt: skip


def _loaded(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> int:
    """The mode whose run of links starts after a stop; -1 where none does."""
    if after is None or after["service"] is not None:
        return -1
    mode = MODES.index(after["mode"])
    if before is None:
        return mode
    stays_aboard = before["mode"] == "ferry" and after["mode"] in ("road", "rail")
    on_links = before["service"] is None and before["mode"] == after["mode"]
    same_run = on_links and after["mode"] != "sea"  # from the deep sea to a feeder is a new run
    return -1 if stays_aboard or same_run else mode
