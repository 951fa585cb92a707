"""What legs read along links: passages, kilometres in emission control areas, geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from xroute.network import Network


class LinkColumns:
    """Columns of the links table, looked up by link row; each is read when it is first asked for."""

    def __init__(self, net: Network) -> None:
        self._net = net

    @cached_property
    def _link_passages(self) -> list[str]:
        texts: list[str] = self._net.core.table("links")["passages"]
        return texts

    def passages_along(self, crossings: Sequence[int]) -> tuple[str, ...]:
        """Passage ids in the order in which links cross them; `crossings` are the rows of links that do."""
        crossed = (name for link in crossings for name in self._link_passages[link].split(";"))
        return tuple(dict.fromkeys(name.strip() for name in crossed if name.strip()))

    @cached_property
    def _geometry(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        links = self._net.core.table("links")
        points = np.column_stack([links["geometry_lon_e6"], links["geometry_lat_e6"]]) / 1e6
        return links["geometry_offsets"], points

    def leg_coordinates(self, raw: Mapping[str, Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Longitudes and latitudes along a leg, (n, 2) in degrees."""
        hubs = np.asarray(raw["hubs"], dtype=np.int64)
        corners = np.column_stack([self._net.places.lon[hubs], self._net.places.lat[hubs]])
        offsets, points = self._geometry
        if not len(offsets) or not len(raw["links"]):
            return corners
        parts = [corners[:1]]
        for at, (link, is_reversed) in enumerate(zip(raw["links"], raw["is_reversed"], strict=True)):
            inner = points[offsets[link] : offsets[link + 1]]
            parts.append((inner[::-1] if is_reversed else inner)[1:-1])
            parts.append(corners[at + 1 : at + 2])
        return np.concatenate(parts)
