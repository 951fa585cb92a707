"""The network that searches run on: shipped, from a file, or from tables."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import _core
from xroute.access import is_point
from xroute.clearance import between
from xroute.constraints import Constraints, best_within
from xroute.errors import InputError, NetworkFileError, NoRouteError
from xroute.front import Front
from xroute.matrix import Matrix
from xroute.places import Places
from xroute.price_warnings import tells_indicative
from xroute.pricings import Priced, Pricings
from xroute.route import Route, read_route
from xroute.scenario import Scenario
from xroute.shipment import LOADS, Shipment
from xroute.storage import package_data, write_whole
from xroute.vessel import notes, vessel_of

if TYPE_CHECKING:
    import networkx

    from xroute.alternatives import Alternatives
    from xroute.link_columns import LinkColumns
    from xroute.network_lint import LintReport
    from xroute.prepared import Prepared
    from xroute.table import Table

MINIMISE = ("cost", "time", "co2e", "distance", "generalised")
MOST_LABELS = 4_000_000
_AS_IT_IS = Scenario()
_KEPT_EXTENSIONS = 8


class Network:
    """Hubs, links and services, checked once and immutable.

    >>> net = Network.load()  # doctest: +SKIP
    >>> net.route("CNYTN", "DEHAM", shipment=Shipment(mass_kg=1000), modes=("sea",))  # doctest: +SKIP
    """

    def __init__(self, core: _core.Network) -> None:
        self.core = core
        self.places = Places(core)
        self._pricings = Pricings()
        self._with_points: OrderedDict[frozenset[str], Network] = OrderedDict()

    # --- from where -----------------------------------------------------------------------------------

    @classmethod
    def load(cls, path: str | Path | None = None) -> Network:
        """The shipped network, or the one in an `.xnet` file.

        Raises `NetworkFileError` for a file that is foreign, cut, damaged or of another version.
        """
        source = package_data("global.xnet") if path is None else Path(path)
        try:
            content = source.read_bytes()
        except OSError as error:
            raise NetworkFileError(f"{source.name}: {error.strerror or error}") from error
        try:
            return cls(_core.Network.load(content))
        except NetworkFileError as error:
            raise NetworkFileError(f"{source.name}: {error}") from error

    @classmethod
    def from_tables(
        cls,
        *,
        hubs: Any,
        links: Any = None,
        services: Any = None,
        transfers: Any = None,
        passages: Any = None,
        notices: Mapping[str, str] | None = None,
        polygons: Any = None,
    ) -> Network:
        """Builds from tables: paths, Arrow objects or dicts of columns (DESIGN: Tables).

        `passages` and `polygons` as in `extended`. Raises `InputError` with table, row and column.
        """
        from xroute.network_extend import network_of

        return cls(network_of(hubs, links, services, transfers, passages, notices, polygons))

    @classmethod
    def from_networkx(cls, graph: networkx.Graph) -> Network:
        """Builds from a networkx graph whose node and edge attributes are columns of hubs and links."""
        from xroute.network_graph import from_networkx

        return from_networkx(graph)

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Hubs as nodes, links and services as directed edges, columns as attributes."""
        from xroute.network_graph import to_networkx

        return to_networkx(self)

    def extended(
        self,
        *,
        hubs: Any = None,
        links: Any = None,
        services: Any = None,
        transfers: Any = None,
        passages: Any = None,
        polygons: Any = None,
    ) -> Network:
        """A new network with the user's own hubs, links, services, transfers, passages and zones added.

        Every link, old or new, that crosses the `line` of a passage (`"lon lat;lon lat"`, shore to shore) or
        a polygon of a GeoJSON file (property `zone_id`) carries its tag: closing it closes the link.
        Raises `InputError` with table, row and column.
        """
        from xroute.network_extend import extended_by

        return Network(
            extended_by(
                self.core, hubs=hubs, links=links, services=services, transfers=transfers,
                passages=passages, polygons=polygons,
            )
        )  # fmt: skip

    def lint(self, *, land: str | Path | None = None, allow: Any = None) -> LintReport:
        """What a planner should look at: land crossings, detours, gaps (see `xroute.network_lint.lint`)."""
        from xroute.network_lint import lint

        return lint(self, land=land, allow=allow)

    def save(self, path: str | Path) -> None:
        """Writes an `.xnet` file, whole or not at all, with the contraction order where it was made."""
        write_whole(Path(path), self.core.save())

    # --- what is in it --------------------------------------------------------------------------------

    @cached_property
    def hubs(self) -> Table:
        """The hubs table, junctions included."""
        return self._table("hubs")

    @cached_property
    def links(self) -> Table:
        """The links table."""
        return self._table("links")

    @cached_property
    def services(self) -> Table:
        """The services table."""
        return self._table("services")

    @cached_property
    def transfers(self) -> Table:
        """The transfers that differ from the defaults of their kind."""
        return self._table("transfers")

    @cached_property
    def passages(self) -> Table:
        """What can be closed, and what is closed by default."""
        return self._table("passages")

    @cached_property
    def service_ids(self) -> list[str]:
        """Service ids by row; a service without one is named by its row."""
        ids = self.core.table("services")["service_id"]
        return [each or f"service {row + 1}" for row, each in enumerate(ids)]

    @cached_property
    def _carriers(self) -> dict[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, name in enumerate(self.core.table("services")["carrier"]):
            rows.setdefault(name, []).append(row)
        rows.pop("", None)
        return rows

    def services_of(self, carrier: str) -> list[int]:
        """Rows of the services of a carrier; none where no service names it."""
        return self._carriers.get(carrier, [])

    @cached_property
    def timezones(self) -> list[str]:
        """IANA time zones by hub row; empty where unknown."""
        zones: list[str] = self.core.hub_column("timezone")
        return zones

    @cached_property
    def max_draft_m(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Deepest draft that a hub takes, by hub row; NaN where unknown."""
        drafts: np.ndarray[Any, np.dtype[np.float64]] = self.core.hub_column("max_draft_m")
        return drafts

    @cached_property
    def passage_limits(self) -> tuple[tuple[float, float], ...]:
        """Draft and beam in metres that pass, by row of the passages table; NaN for no limit known."""
        table = self.core.table("passages")
        return tuple(zip(table["draft_limit_m"].tolist(), table["beam_limit_m"].tolist(), strict=True))

    def _table(self, name: str) -> Table:
        from xroute.table import Table

        columns = {key: value for key, value in self.core.table(name).items() if "geometry" not in key}
        return Table(columns)

    def find(self, place: str) -> str:
        """The id of a hub, from an id, a bare LOCODE or `"Name, CC"`."""
        return self.places.ids[self.places.row(place)]

    @cached_property
    def lines(self) -> LinkColumns:
        """What legs read along links: passages, kilometres in emission control areas, geometry."""
        from xroute.link_columns import LinkColumns

        return LinkColumns(self)

    @cached_property
    def countries(self) -> list[str]:
        """Country codes by the number that links and hubs have in the core."""
        return self.core.countries

    @cached_property
    def classes(self) -> list[tuple[str, str]]:
        """Mode and vehicle class by the number that links and services have in the core."""
        return self.core.classes

    def passages_of(self, bits: int) -> tuple[str, ...]:
        """Passage ids of a bit set, in the order of the passages table."""
        return tuple(name for bit, name in enumerate(self.core.passage_ids) if bits >> bit & 1)

    def __repr__(self) -> str:
        links, services = self.core.link_count, len(self.service_ids)
        return f"<Network {len(self.places):,} hubs, {links:,} links, {services:,} services>"

    # --- searches -------------------------------------------------------------------------------------

    @tells_indicative
    def route(
        self,
        origin: Any,
        destination: Any,
        *,
        shipment: Shipment,
        minimise: str = "cost",
        scenario: Scenario | None = None,
        modes: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        via: Sequence[str] = (),
        max_duration_h: float | None = None,
        max_co2e_kg: float | None = None,
        max_cost_eur: float | None = None,
        max_transhipments: int | None = None,
    ) -> Route:
        """The best route by cost, time, co2e, distance or generalised cost, within the limits that are given.

        Among routes that are equal in it, the faster one. `avoid` and `via` name hubs, passages, countries,
        modes and carriers; those of `via` are passed in their order. Raises `BeyondLimitsError` where no
        route keeps the limits, else `NoRouteError`, both naming what binds; `UnknownPlaceError`,
        `AmbiguousPlaceError` and `InputError`.
        """
        _check_minimise(minimise)
        limits = Constraints.of(via, max_duration_h, max_co2e_kg, max_cost_eur, max_transhipments)
        scenario = scenario or _AS_IT_IS
        net, start, end = self, origin, destination
        if not (isinstance(origin, str) and isinstance(destination, str)):
            net, (start, end) = self.located((origin, destination))
        if net is not self:
            return net.route(start, end, shipment=shipment, minimise=minimise, scenario=scenario, modes=modes,
                             avoid=avoid, via=via, max_duration_h=max_duration_h, max_co2e_kg=max_co2e_kg,
                             max_cost_eur=max_cost_eur, max_transhipments=max_transhipments)  # fmt: skip
        ends = self._row(start), self._row(end)
        if limits is not None:
            return best_within(self, ends, shipment, minimise, scenario, modes, avoid, limits)
        found = self.best(ends, shipment, minimise, scenario, modes, avoid)
        if found is None:
            raise self._no_route(ends, shipment, scenario, modes, avoid)
        return self.read(found[1], found[2], ends, scenario)

    def best(
        self,
        ends: tuple[int, int],
        shipment: Shipment,
        minimise: str,
        scenario: Scenario,
        modes: Sequence[str] | None,
        avoid: Sequence[str],
    ) -> tuple[tuple[float, int], _core.FoundRoute, Priced] | None:
        """Key, core route and pricing of the best load between two hub rows; `None` for no route."""
        best: tuple[tuple[float, int], _core.FoundRoute, Priced] | None = None
        first: Priced | None = None
        for load in _loads(shipment):
            priced = self.priced(shipment, load, scenario, modes, avoid)
            if first is not None and first.is_never_beaten_by(
                priced, minimise, shipment, scenario.exchange_rates
            ):
                break
            first = first or priced
            raw = priced.metric.route(minimise, *ends)
            if raw is not None:
                key = (_weight(raw, minimise, priced.metric.money_unit_eur), raw["time_s"])
                if best is None or key < best[0]:
                    best = (key, raw, priced)
        return best

    @tells_indicative
    def alternatives(
        self,
        origin: Any,
        destination: Any,
        *,
        shipment: Shipment,
        k: int = 5,
        minimise: str = "cost",
        max_overlap: float = 0.5,
        scenario: Scenario | None = None,
        modes: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
    ) -> Alternatives:
        """At most `k` routes that differ in modes, passages, carriers or transit countries, best first.

        No alternative has more than the share `max_overlap` of its kilometres in common with one before it;
        each says what it avoids of them, and what a saved day and a saved kilogram cost. Raises as `route`.
        """
        from xroute.alternatives import alternatives

        _check_minimise(minimise)
        scenario = scenario or _AS_IT_IS
        net, (start, end) = self.located((origin, destination))
        ends = net._row(start), net._row(end)
        found = alternatives(net, ends, shipment, k, minimise, max_overlap, scenario, modes, avoid)
        if found is None:
            raise net._no_route(ends, shipment, scenario, modes, avoid)
        return found

    @tells_indicative
    def pareto(
        self,
        origin: Any,
        destination: Any,
        *,
        shipment: Shipment,
        over: Sequence[str] = ("cost", "time", "co2e"),
        scenario: Scenario | None = None,
        modes: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        resolution: Mapping[str, float] | None = None,
        epsilon: float | None = None,
        max_routes: int | None = None,
        time_limit_s: float | None = None,
        most_labels: int = MOST_LABELS,
    ) -> Front:
        """Routes that stand for all those of which none is beaten in each of one to three criteria.

        For every route a member is worse in no criterion by a whole cell of `resolution` (EUR, h, kg CO2e of
        the shipment, km) or by more than the share `epsilon`; by default 1 of each, and 3 %. A `resolution`
        alone is kept to as it is; the finest cells make the set exact. `max_routes` makes it coarser until it
        is small enough. `time_limit_s` and `most_labels` end the search with what it knows (`stopped_by`).
        Raises as `route`.
        """
        from xroute.front_search import FrontTask, front

        task = FrontTask.of(over, resolution, epsilon, max_routes, time_limit_s, most_labels)
        scenario = scenario or _AS_IT_IS
        net, (start, end) = self.located((origin, destination))
        ends = net._row(start), net._row(end)
        found = front(net, ends, shipment, scenario, modes, avoid, task)
        if found is None:
            raise net._no_route(ends, shipment, scenario, modes, avoid)
        return found

    @tells_indicative
    def matrix(
        self,
        origins: Iterable[Any],
        destinations: Iterable[Any],
        *,
        shipment: Shipment,
        minimise: str = "cost",
        scenario: Scenario | None = None,
        modes: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        threads: int = 0,
    ) -> Matrix:
        """Quantities of a best route for each pair; NaN where there is none.

        Equal to `route` in the minimised quantity for every pair and any number of threads (0: all cores).
        """
        _check_minimise(minimise)
        scenario = scenario or _AS_IT_IS
        froms, tos = list(origins), list(destinations)
        net, found = self.located([*froms, *tos])
        if net is not self:
            return net.matrix(found[: len(froms)], found[len(froms) :], shipment=shipment, minimise=minimise,
                              scenario=scenario, modes=modes, avoid=avoid, threads=threads)  # fmt: skip
        rows, columns = [self._row(place) for place in froms], [self._row(place) for place in tos]
        from xroute.batch import best_cells, with_clearance

        cells = [
            self._cells(rows, columns, priced, minimise, threads)
            for priced in (self.priced(shipment, load, scenario, modes, avoid) for load in _loads(shipment))
        ]
        best = with_clearance(best_cells(cells, minimise), self, rows, columns, scenario)
        return Matrix(
            origins=tuple(self.places.ids[row] for row in rows),
            destinations=tuple(self.places.ids[row] for row in columns),
            minimise=minimise,
            **best,
        )

    def _cells(
        self, rows: list[int], columns: list[int], priced: Priced, minimise: str, threads: int
    ) -> dict[str, Any]:
        shape = len(rows), len(columns)
        raw = priced.metric.matrix(
            minimise, np.array(rows, dtype=np.uint32), np.array(columns, dtype=np.uint32), threads=threads
        )
        money, mass_t = priced.metric.money_unit_eur, priced.terms.mass_t
        scale = {"money": money, "generalised": money, "time_s": 1 / 3600, "distance_m": 1e-3,
                 "co2e_g_t": mass_t / 1000}  # fmt: skip
        cells = {
            name: np.where(values < 0, np.nan, values * scale[name]).reshape(shape)
            for name, values in raw.items()
        }
        return cells | {"load": priced.terms.load, "is_indicative": priced.terms.is_indicative}

    def prepare(
        self,
        *,
        minimise: str,
        shipment: Shipment | None = None,
        scenario: Scenario | None = None,
        modes: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
        threads: int = 0,
    ) -> Prepared:
        """Bare values and paths for one profile, by a contraction hierarchy.

        The order and its arcs are made once for a network and saved with it; `route` and `matrix` use them as
        well. Without a shipment (by distance or time) a tonne of general cargo in LCL. Values leave out
        customs, whose fee and hours `route` and `matrix` add.
        """
        from xroute.prepared import prepared

        _check_minimise(minimise)
        return prepared(self, shipment, minimise, scenario or _AS_IT_IS, modes, avoid, threads)

    def prepare_all(self, profiles: Iterable[Mapping[str, Any]], *, threads: int = 0) -> list[Prepared]:
        """`prepare` for several profiles, each a mapping of its keywords; eight take the time of two to four.

        Values and tables are answered from what is customised together; the first path of a profile
        customises that one alone. Raises `InputError` with the number of the profile at fault.
        """
        from xroute.prepared import prepared_for_each

        return prepared_for_each(self, profiles, threads)

    @tells_indicative
    def route_table(
        self,
        shipments: Any,
        *,
        minimise: str = "cost",
        scenario: Scenario | None = None,
        refused: str | Path | None = None,
    ) -> Table:
        """One row in, one row out: the best route of each shipment, with a status and a reason.

        Rows without a route go to the CSV file `refused` as well.
        """
        from xroute.batch import route_table

        return route_table(
            self, shipments, minimise=minimise, scenario=scenario or _AS_IT_IS, refused=refused
        )

    def read(self, raw: _core.FoundRoute, priced: Priced, ends: tuple[int, int], scenario: Scenario) -> Route:
        """Names what the core returned for two hub rows."""
        countries = self.places.country[ends[0]], self.places.country[ends[1]]
        said = notes(self, vessel_of(scenario), raw)
        unit = priced.metric.money_unit_eur
        return read_route(self, raw, priced.terms, unit, ends, between(*countries, scenario), said)

    def located(self, places: Sequence[Any]) -> tuple[Network, list[Any]]:
        """A network that has a hub at every (lat, lon) among the places, and the places as it knows them.

        The network itself where no place is a point; else it is made once and kept.
        """
        points = [place for place in places if is_point(place)]
        if not points:
            return self, list(places)
        from xroute.access import point_id, with_points

        names = [point_id(place) if is_point(place) else place for place in places]
        key = frozenset(name for name, place in zip(names, places, strict=True) if is_point(place))
        if key not in self._with_points:
            self._with_points[key] = with_points(self, points)
            if len(self._with_points) > _KEPT_EXTENSIONS:
                self._with_points.popitem(last=False)
        return self._with_points[key], names

    def _row(self, place: Any) -> int:
        return self.places.row(place)

    # --- pricing --------------------------------------------------------------------------------------

    def priced(
        self,
        shipment: Shipment,
        load: str,
        scenario: Scenario,
        modes: Sequence[str] | None = None,
        avoid: Sequence[str] = (),
    ) -> Priced:
        """The network priced for one profile; the latest profiles are kept."""
        return self._pricings.of(self, shipment, load, scenario, modes, avoid)

    def passing_pricings(self) -> AbstractContextManager[None]:
        """Lets go of the pricings that are made inside."""
        return self._pricings.passing()

    def _no_route(
        self,
        ends: tuple[int, int],
        shipment: Shipment,
        scenario: Scenario,
        modes: Sequence[str] | None,
        avoid: Sequence[str],
    ) -> NoRouteError:
        from xroute.profile import what_binds

        binding, reason = what_binds(self, ends, shipment, scenario, modes, avoid)
        lane = f"{self.places.label(ends[0])} to {self.places.label(ends[1])}"
        return NoRouteError(f"no route from {lane}: {reason}", binding)


def _loads(shipment: Shipment) -> tuple[str, ...]:
    return LOADS if shipment.load is None else (shipment.load,)


def _check_minimise(minimise: str) -> None:
    if minimise not in MINIMISE:
        raise InputError(f"'{minimise}' is none of: {', '.join(MINIMISE)}", column="minimise")


def _weight(raw: _core.FoundRoute, minimise: str, money_unit_eur: float) -> float:
    name = {"cost": "money", "time": "time_s", "co2e": "co2e_g_t", "distance": "distance_m"}.get(
        minimise, "generalised"
    )
    return float(raw[name]) * (money_unit_eur if name in ("money", "generalised") else 1.0)
