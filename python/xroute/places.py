"""From what people write to a hub of the network."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from functools import cached_property
from typing import Any

import numpy as np

from xroute import _core
from xroute.errors import AmbiguousPlaceError, InputError, UnknownPlaceError

_APOSTROPHES = {ord(mark): "'" for mark in "\u2018\u2019\u02bc\u0060\u00b4"}
_KIND_WORDS = {"port": "port", "rail_terminal": "rail"}
LOCODE_ORDER = ("port", "river_port", "rail_terminal", "border", "airport", "warehouse", "city")


def plain(text: str) -> str:
    """Lower case without accents: how names are compared.

    >>> plain("Göteborg ")
    'goteborg'
    """
    straight = text.strip().casefold().translate(_APOSTROPHES)
    decomposed = unicodedata.normalize("NFKD", straight)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


class Places:
    """The hubs of a network by id, LOCODE and name; columns are read when first asked for."""

    def __init__(self, core: _core.Network) -> None:
        self._core = core
        self._labels: dict[int, str] = {}

    @cached_property
    def ids(self) -> list[str]:
        """Ids by row."""
        return self._texts("hub_id")

    @cached_property
    def names(self) -> list[str]:
        """Names for people by row; empty where there is none."""
        return self._texts("name")

    @cached_property
    def kind(self) -> list[str]:
        """Kinds by row."""
        return self._texts("kind")

    @cached_property
    def country(self) -> list[str]:
        """Country codes by row; empty where unknown."""
        return self._texts("country")

    @cached_property
    def locode(self) -> list[str]:
        """UN/LOCODEs by row; empty where there is none."""
        return self._texts("locode")

    @cached_property
    def carbon_scheme(self) -> list[str]:
        """Carbon markets of ports by row; empty where unknown."""
        return self._texts("carbon_scheme")

    @cached_property
    def lat(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Latitudes by row, degrees."""
        degrees: np.ndarray[Any, np.dtype[np.float64]] = self._core.hub_column("lat")
        return degrees

    @cached_property
    def lon(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Longitudes by row, degrees."""
        degrees: np.ndarray[Any, np.dtype[np.float64]] = self._core.hub_column("lon")
        return degrees

    def _texts(self, column: str) -> list[str]:
        texts: list[str] = self._core.hub_column(column)
        return texts

    @cached_property
    def _by_locode(self) -> dict[str, list[int]]:
        rows = defaultdict(list)
        for row, (locode, kind) in enumerate(zip(self.locode, self.kind, strict=True)):
            if locode and kind != "junction":
                rows[locode].append(row)
        return dict(rows)

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        rows = defaultdict(list)
        for row, (name, kind) in enumerate(zip(self.names, self.kind, strict=True)):
            if name and kind != "junction":
                rows[plain(name)].append(row)
        return dict(rows)

    def __len__(self) -> int:
        return self._core.hub_count

    def label(self, row: int) -> str:
        """The name for people: `Leipzig, DE`, `Koper port, SI`, or the id where there is no name."""
        if row not in self._labels:
            self._labels[row] = self._label(row)
        return self._labels[row]

    def _label(self, row: int) -> str:
        name, country = self.names[row], self.country[row]
        what = _KIND_WORDS.get(self.kind[row], "")
        if what and what not in name.lower():
            name = f"{name} {what}" if name else ""
        return f"{name}, {country}" if name and country else name or self.ids[row]

    def place_name(self, row: int) -> str:
        """A name that finds the hub again: `Name, CC`, or its id."""
        name, country = self.names[row], self.country[row]
        return f"{name}, {country}" if name and country else name or self.ids[row]

    def row(self, place: object) -> int:
        """The row of a hub, by id, bare LOCODE or `"Name, CC"`.

        Raises `UnknownPlaceError` with close suggestions, `AmbiguousPlaceError` with the candidates, and
        `InputError` for what is no place at all.
        """
        if isinstance(place, str) and (row := self._core.find_hub(place)) is not None:
            return row
        if not isinstance(place, str) or not place.strip():
            raise InputError(f"expected a hub id, a LOCODE, 'Name, CC' or (lat, lon), got {place!r}")
        text = place.strip()
        for hub in (text, text.upper()):
            if (row := self._core.find_hub(hub)) is not None:
                return row
        if found := self._by_locode.get(text.upper().replace(" ", "")):
            return self._first_of_kind(place, found)
        return self._by_words(text)

    def _first_of_kind(self, place: str, rows: list[int]) -> int:
        for kind in LOCODE_ORDER:
            of_kind = [row for row in rows if self.kind[row] == kind]
            if len(of_kind) == 1:
                return of_kind[0]
            if of_kind:
                raise AmbiguousPlaceError(place, self._candidates(of_kind))
        return rows[0]

    def _by_words(self, text: str) -> int:
        name, comma, country = text.rpartition(",")
        wanted = country.strip().upper() if comma else ""
        found = self._by_name.get(plain(name if comma else text), [])
        if wanted:
            found = [row for row in found if self.country[row] == wanted]
        cities = [row for row in found if self.kind[row] == "city"] or found
        if len(cities) == 1:
            return cities[0]
        if cities:
            raise AmbiguousPlaceError(text, self._candidates(cities))
        raise UnknownPlaceError(text, self._suggestions(name if comma else text, wanted))

    def _candidates(self, rows: list[int]) -> tuple[str, ...]:
        return tuple(
            f"{self.ids[row]} ({self.label(row)}, {self.kind[row]} at "
            f"{self.lat[row]:.2f}, {self.lon[row]:.2f})"
            for row in rows
        )

    def _suggestions(self, name: str, country: str) -> tuple[str, ...]:
        names = [
            key
            for key, rows in self._by_name.items()
            if not country or any(self.country[row] == country for row in rows)
        ]
        close = difflib.get_close_matches(plain(name), names or list(self._by_name), n=4, cutoff=0.6)
        starts = [key for key in names if key.startswith(plain(name))][:3] if len(name.strip()) > 2 else []
        rows = [self._by_name[key][0] for key in dict.fromkeys([*close, *starts])]
        ids = difflib.get_close_matches(name.strip().upper(), list(self._by_locode), n=2, cutoff=0.75)
        return tuple(dict.fromkeys([self.place_name(row) for row in rows] + ids))
