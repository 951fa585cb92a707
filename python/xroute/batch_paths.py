"""Routes of the core as flat arrays: what each passes, in a form that many shipments are quoted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xroute.processes import shipped
from xroute.terms import Terms

if TYPE_CHECKING:
    from xroute import _core
    from xroute.network import Network

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Facts:
    """What prices need of a network: links by class, km and customs borders; services by class and rate."""

    link_class: Integers
    link_km: Numbers
    link_borders: Numbers
    service_class: Integers
    service_rate: Integers


def facts_of(net: Network) -> Facts:
    """Reads the tables of a network; kilometres are those of whole metres, as searches add them."""
    links, rates = net.core.table("links"), {name: at for at, name in enumerate(net.core.rate_ids)}
    number = {pair: at for at, pair in enumerate(net.core.classes)}
    classes = [number[pair] for pair in zip(links["mode"], links["vehicle_class"], strict=True)]
    metres = np.floor(np.asarray(links["distance_km"]) * 1000.0 + 0.5)
    services = net.core.table("services")
    service_rate = [rates.get(name, -1) for name in services["rate_id"]]
    of_service = [number[pair] for pair in zip(services["mode"], services["vehicle_class"], strict=True)]
    return Facts(
        link_class=np.array(classes, dtype=np.int64),
        link_km=metres / 1000.0,
        link_borders=np.nan_to_num(np.asarray(links["customs_borders"], dtype=np.float64)),
        service_class=np.array(of_service, dtype=np.int64),
        service_rate=np.array(service_rate, dtype=np.int64),
    )


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


def paths_of(facts: Facts, metric: _core.Metric, terms: Terms, minimise: str, pairs: Integers) -> Paths:
    """The best routes between pairs of hub rows (n, 2); pairs of one origin should stand together."""
    ends = np.ascontiguousarray(pairs.T, dtype=np.uint32)
    raw = metric.routes(minimise, ends[0], ends[1])
    wtt_g_t, ttw_g_t = _carbon(raw, terms)
    links, services, stops = (Runs(raw[name]) for name in ("first_link", "first_service", "first_stop"))
    service = raw["service"].astype(np.int64)
    columns = facts.service_class[service], facts.service_rate[service], raw["service_m"] / 1000.0
    return Paths(
        money_key=raw[QUANTITY[minimise]],
        time_s=raw["time_s"],
        distance_m=raw["distance_m"],
        wtt_kg_t=wtt_g_t / 1000.0,
        ttw_kg_t=ttw_g_t / 1000.0,
        chain=_chains(raw),
        links=links,
        link=raw["link"].astype(np.int64),
        services=services,
        service=np.column_stack(columns).astype(np.float64),
        stops=stops,
        stop=raw["stop"].astype(np.int64),
        own=np.column_stack([raw["own_fixed_eur"], raw["own_eur_t"]]),
    )


def _chains(raw: dict[str, Any]) -> NDArray[np.object_]:
    """Modes of legs by path: `none` where origin and destination are one, empty where there is no route."""
    names = np.array([name or "none" for name in raw["chains"]] or [""], dtype=object)
    found: NDArray[np.object_] = np.where(raw["time_s"] >= 0, names[raw["chain"]], "")
    return found


def _carbon(raw: dict[str, Any], terms: Terms) -> tuple[Numbers, Numbers]:
    """Grams of CO2e by tonne and path, well to tank and tank to wheel; stops count where a process does."""
    stop, first, count = raw["stop"], raw["first_stop"], len(raw["time_s"])
    counts = [terms.process_factor.get(name) is not None for name in shipped().names]
    is_counted = np.array(counts, dtype=bool)[shipped().name_at[stop[:, 0], stop[:, 1], stop[:, 2]]]
    owner = np.repeat(np.arange(count), np.diff(first))
    wtt, ttw = (
        raw[f"legs_{part}_g_t"]
        + np.bincount(owner, weights=np.where(is_counted, raw[f"stop_{part}_g_t"], 0.0), minlength=count)
        for part in ("wtt", "ttw")
    )
    return wtt, ttw


QUANTITY = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m",
            "generalised": "generalised"}  # fmt: skip
