"""A network made ready for one profile and one criterion: many bare answers, without legs and footprints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xroute import _core
from xroute.errors import InputError

if TYPE_CHECKING:
    from xroute.network import Network
    from xroute.pricings import Priced
    from xroute.scenario import Scenario
    from xroute.shipment import Shipment

UNITS = {"cost": "EUR", "time": "h", "co2e": "kg", "distance": "km", "generalised": "EUR"}


@dataclass(frozen=True, slots=True)
class Path:
    """A best way: `value` in the unit of the criterion, `hubs` as rows of `Network.hubs`, ends included."""

    value: float
    hubs: NDArray[np.uint32]


class Prepared:
    """A network with its contraction hierarchy, customised for one profile and one criterion.

    Places are those of `Network.route`, or rows of `Network.hubs` as integers, which skips the look-up.
    Values are in EUR, h, kg CO2e or km (`unit`); they equal those of `Network.matrix`, without customs.
    """

    def __init__(self, net: Network, minimise: str, parts: Sequence[tuple[_core.Prepared, float]]) -> None:
        self._net = net
        self.minimise = minimise
        self.unit = UNITS[minimise]
        self._parts = parts

    def value(self, origin: Any, destination: Any) -> float:
        """The minimised quantity; NaN where there is no route."""
        ends = self._row(origin), self._row(destination)
        found = ((part.value(*ends), scale) for part, scale in self._parts)
        values = [value * scale for value, scale in found if value is not None]
        return min(values) if values else float("nan")

    def path(self, origin: Any, destination: Any) -> Path | None:
        """A best way, any of those that are equal; `None` where there is no route."""
        ends = self._row(origin), self._row(destination)
        best: Path | None = None
        for part, scale in self._parts:
            found = part.path(*ends)
            if found is not None and (best is None or found[0] * scale < best.value):
                best = Path(found[0] * scale, found[1])
        return best

    def values(
        self, origins: Iterable[Any], destinations: Iterable[Any], *, threads: int = 0
    ) -> NDArray[np.float64]:
        """The minimised quantity of every pair, (origins, destinations); NaN where there is no route.

        The same for any number of threads (0: all cores).
        """
        rows, columns = self._rows(origins), self._rows(destinations)
        shape = len(rows), len(columns)
        found = [
            part.values(rows, columns, unit=scale, threads=threads).reshape(shape)
            for part, scale in self._parts
        ]
        return found[0] if len(found) == 1 else np.fmin.reduce(found)

    def one_to_all(self, origin: Any) -> NDArray[np.float64]:
        """The minimised quantity to every row of `Network.hubs`; NaN where there is no route."""
        row = self._row(origin)
        found = [part.one_to_all(row, unit=scale) for part, scale in self._parts]
        return found[0] if len(found) == 1 else np.fmin.reduce(found)

    def _row(self, place: Any) -> int:
        if not isinstance(place, int | np.integer) or isinstance(place, bool):
            return self._net.places.row(place)
        row = int(place)
        if not 0 <= row < len(self._net.places):
            raise InputError(f"expected rows of hubs below {len(self._net.places)}, got {row}")
        return row

    def _rows(self, places: Iterable[Any]) -> NDArray[np.uint32]:
        if not isinstance(places, np.ndarray) or places.dtype.kind not in "iu":
            return np.array([self._row(place) for place in places], dtype=np.uint32)
        if places.ndim != 1:
            raise InputError(f"expected one row of places, got shape {places.shape}")
        if places.size:
            self._row(places.min())
            self._row(places.max())
        return np.ascontiguousarray(places, dtype=np.uint32)

    def __repr__(self) -> str:
        return f"<Prepared {self._net!r} by {self.minimise}, {self._net.core.arc_count:,} arcs>"


def _scale(priced: Priced, minimise: str) -> float:
    metric: _core.Metric = priced.metric
    by_name = {
        "time": 1 / 3600,
        "co2e": priced.terms.mass_t / 1000,
        "distance": 1e-3,
    }
    return by_name.get(minimise, metric.money_unit_eur)


def prepared(
    net: Network,
    shipment: Shipment | None,
    minimise: str,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
    threads: int,
) -> Prepared:
    """Orders the network where that was not done yet, and customises it for each load of the shipment."""
    net.core.order(threads=threads)
    pricings = _pricings(net, shipment, minimise, scenario, modes, avoid)
    parts = [(each.metric.prepared(minimise, threads=threads), _scale(each, minimise)) for each in pricings]
    return Prepared(net, minimise, parts)


def prepared_for_each(net: Network, profiles: Iterable[Mapping[str, Any]], threads: int) -> list[Prepared]:
    """The same for several profiles, with eight pricings customised in one pass."""
    wanted = [_profile(number, profile) for number, profile in enumerate(profiles)]
    net.core.order(threads=threads)
    pricings = [(each["minimise"], _pricings(net, **each)) for each in wanted]
    flat = [(priced.metric, minimise) for minimise, some in pricings for priced in some]
    cores = iter(_core.Prepared.of_each([m for m, _ in flat], [name for _, name in flat], threads=threads))
    return [
        Prepared(net, minimise, [(next(cores), _scale(priced, minimise)) for priced in some])
        for minimise, some in pricings
    ]


_OF_A_PROFILE: dict[str, Any] = {"shipment": None, "scenario": None, "modes": None, "avoid": ()}


def _profile(number: int, stated: Mapping[str, Any]) -> dict[str, Any]:
    from xroute.scenario import Scenario

    known = {"minimise", *_OF_A_PROFILE}
    unknown = sorted(set(stated) - known)
    if unknown or stated.get("minimise") not in UNITS:
        said = f"{unknown} among" if unknown else f"minimise={stated.get('minimise')!r} in"
        raise InputError(
            f"profile {number}: expected minimise (one of {', '.join(UNITS)}) and any of "
            f"{', '.join(_OF_A_PROFILE)}, got {said} its keys",
            table="profiles", row=number + 1, column=unknown[0] if unknown else "minimise",
        )  # fmt: skip
    profile = _OF_A_PROFILE | dict(stated)
    return profile | {"scenario": profile["scenario"] or Scenario()}


def _pricings(
    net: Network,
    shipment: Shipment | None,
    minimise: str,
    scenario: Scenario,
    modes: Sequence[str] | None,
    avoid: Sequence[str],
) -> list[Priced]:
    from xroute.shipment import LOADS, Shipment

    if shipment is None:
        if minimise not in ("distance", "time"):
            raise InputError(f"expected a shipment: {minimise} depends on it", column="shipment")
        shipment = Shipment(mass_kg=1000.0, load="LCL")
    loads = LOADS if shipment.load is None else (shipment.load,)
    return [net.priced(shipment, load, scenario, modes, avoid) for load in loads]
