"""What the checks of a network look at: its tables as arrays, and the rows to judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import _core
from xroute.link_lines import Floats, Rows, hub_rows

if TYPE_CHECKING:
    from xroute.network import Network

Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend or to explain: what (`subject`), where (`hubs`), and by how much.

    `value` and `limit` are in `unit`; NaN where the check has no number. `lat` and `lon` in degrees, where a
    finding is about one place.
    """

    check: str
    subject: str
    message: str
    mode: str = ""
    hubs: tuple[str, ...] = ()
    value: float = float("nan")
    limit: float = float("nan")
    unit: str = ""
    lat: float = float("nan")
    lon: float = float("nan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The first hub, link and service to judge; those before are looked at but not judged."""

    hub: int = 0
    link: int = 0
    service: int = 0


class LintView:
    """Hubs, links and services of a network by row, and which rows are judged."""

    def __init__(self, network: Network, scope: Scope | None = None) -> None:
        scope = scope or Scope()
        table = network.core.table
        self.hubs: Mapping[str, Any] = table("hubs")
        self.links: Mapping[str, Any] = table("links")
        self.services: Mapping[str, Any] = table("services")
        self.service_ids = network.service_ids
        self.name = network.places.place_name
        self.ids: list[str] = self.hubs["hub_id"]
        self.kind = np.array(self.hubs["kind"], dtype=object)
        self.is_hub: Flags = self.kind != "junction"
        self.link_mode = np.array(self.links["mode"], dtype=object)
        self.service_mode = np.array(self.services["mode"], dtype=object)
        self.origin, self.destination = _ends(self.hubs, self.links)
        self.service_origin, self.service_destination = _ends(self.hubs, self.services)
        self.distance_km: Floats = self.links["distance_km"]
        self.judged_hubs: Flags = np.arange(len(self.ids)) >= scope.hub
        self.judged_links: Flags = np.arange(len(self.origin)) >= scope.link
        self.judged_services: Flags = np.arange(len(self.service_origin)) >= scope.service

    @cached_property
    def geodesic_km(self) -> Floats:
        """The geodesic between the ends of each link."""
        return self._geodesics(self.origin, self.destination)

    @cached_property
    def service_geodesic_km(self) -> Floats:
        """The geodesic between the ends of each service."""
        return self._geodesics(self.service_origin, self.service_destination)

    def _geodesics(self, starts: Rows, ends: Rows) -> Floats:
        lat, lon = self.hubs["lat"], self.hubs["lon"]
        places = zip(lat[starts], lon[starts], lat[ends], lon[ends], strict=True)
        return np.fromiter((_core.geodesic_km(*each) for each in places), dtype=float, count=len(starts))

    def reached_by(self, *modes: str) -> Flags:
        """Hubs that a link or a service of these modes touches."""
        found = np.zeros(len(self.ids), dtype=bool)
        links, services = np.isin(self.link_mode, modes), np.isin(self.service_mode, modes)
        for rows in (self.origin[links], self.destination[links], self.service_origin[services],
                     self.service_destination[services]):  # fmt: skip
            found[rows] = True
        return found

    def pair(self, row: int) -> tuple[str, str]:
        """The hub ids at the ends of a link."""
        return self.links["origin"][row], self.links["destination"][row]

    def link_subject(self, row: int) -> str:
        """How a finding names a link: its id, or mode and ends.

        Parallel links without ids share a name.
        """
        name: str = self.links["link_id"][row]
        start, end = self.pair(row)
        return name or f"{self.link_mode[row]} {start} - {end}"

    def about_link(
        self, check: str, row: int, message: str, value: float, limit: float, unit: str
    ) -> Finding:
        """A finding about one link."""
        return Finding(
            check=check, subject=self.link_subject(row), message=message, mode=str(self.link_mode[row]),
            hubs=self.pair(row), value=float(value), limit=float(limit), unit=unit,
        )  # fmt: skip


def _ends(hubs: Mapping[str, Any], table: Mapping[str, Any]) -> tuple[Rows, Rows]:
    return hub_rows(hubs, table["origin"]), hub_rows(hubs, table["destination"])
