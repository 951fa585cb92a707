"""A multimodal network of any size, made anew from its seed: what the shipped one is like, in more detail.

Countries are cells of ten degrees that grow together to continents. Each has cities of uneven size with
streets about them, villages between, and highways; roads cross a border once a pair of neighbours. Railways
join the larger cities of a continent, a mesh of sea lanes lies round the land, ports join both, and airports
fly to the hub of their continent, hubs to each other. Half of the roads' nodes only continue a road.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree  # type: ignore[import-untyped]

import xroute as xr

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Places = NDArray[np.float64]  # (n, 2): latitude, longitude

SEED = 20_261_123
SOUTH, NORTH, CELL = -50.0, 60.0, 10.0
ROWS, COLUMNS = 11, 36
CONTINENTS = 4
SEA_SHARE, CORE_SHARE, CITY_SHARE = 0.08, 0.72, 0.8
EARTH_KM = 6371.0
DETOUR = {"road": 1.2, "rail": 1.1, "sea": 1.0}
HIGHWAY_PIECE_KM, RAIL_PIECE_KM = 25.0, 20.0


@dataclass
class _Draft:
    """Hubs and links as they are laid, in pieces."""

    at: list[Places] = field(default_factory=list)
    kind: list[tuple[str, int]] = field(default_factory=list)
    ends: list[Integers] = field(default_factory=list)
    mode: list[tuple[str, int]] = field(default_factory=list)
    km: list[Floats] = field(default_factory=list)
    count: int = 0

    def hubs(self, places: Places, kind: str) -> Integers:
        """Rows of new hubs."""
        self.at.append(places)
        self.kind.append((kind, len(places)))
        self.count += len(places)
        return np.arange(self.count - len(places), self.count)

    def links(self, ends: Integers, km: Floats, mode: str) -> None:
        """New links between rows, (n, 2)."""
        self.ends.append(ends)
        self.km.append(km)
        self.mode.append((mode, len(ends)))

    def chains(self, ends: Integers, mode: str, pieces: Integers) -> None:
        """Links in so many pieces each, with junctions between them."""
        places = np.concatenate(self.at)
        a, b = places[ends[:, 0]], places[ends[:, 1]]
        km = _km(a, b) * DETOUR[mode]
        link = np.repeat(np.arange(len(ends)), pieces)
        first = np.cumsum(pieces) - pieces
        nth = np.arange(len(link)) - first[link]
        is_last = nth == pieces[link] - 1
        share = ((nth + 1) / pieces[link])[~is_last, None]
        inner = link[~is_last]
        rows = self.hubs(a[inner] * (1 - share) + b[inner] * share, "junction")
        to = np.where(is_last, ends[link, 1], 0)
        to[~is_last] = rows
        start = np.where(nth == 0, ends[link, 0], np.roll(to, 1))
        self.links(np.column_stack([start, to]), (km / pieces)[link], mode)


@dataclass(frozen=True)
class Synthetic:
    """Tables for `from_tables`."""

    hubs: dict[str, Any]
    links: dict[str, Any]
    services: dict[str, Any]

    def network(self) -> xr.Network:
        """The network of the tables."""
        return xr.Network.from_tables(hubs=self.hubs, links=self.links, services=self.services)


@cache
def multimodal(node_count: int) -> Synthetic:
    """Tables of about so many hubs; equal for equal counts."""
    rng = np.random.default_rng([SEED, node_count])
    country_count = int(np.clip(node_count**0.5 / 15, 8, 64))
    continent = _continents(rng, country_count)
    draft = _Draft()
    cities, of_country = _countries(rng, draft, continent, round(node_count * (0.97 - SEA_SHARE)))
    of_continent = continent[continent >= 0][of_country]
    _borders(draft, continent, cities, of_country)
    _railways(draft, cities, of_country, of_continent)
    _sea_and_ports(rng, draft, continent < 0, cities, of_country, round(node_count * SEA_SHARE))
    services = _flights(draft, cities, of_country, of_continent)
    return _tables(draft, services)


def _continents(rng: np.random.Generator, country_count: int) -> Integers:
    """The continent of each cell of the world, -1 for the sea; grown from seeds, rows are latitudes."""
    found = np.full((ROWS, COLUMNS), -1)
    for at in range(CONTINENTS):
        found[rng.integers(2, ROWS - 2), at * COLUMNS // CONTINENTS + 4] = at
    while np.count_nonzero(found >= 0) < country_count:
        row, column = rng.integers(0, ROWS), rng.integers(0, COLUMNS)
        sides = [(row - 1, column), (row + 1, column), (row, column - 1), (row, (column + 1) % COLUMNS)]
        near = [found[each] for each in sides if 0 <= each[0] < ROWS and found[each] >= 0]
        if found[row, column] < 0 and near:
            found[row, column] = near[0]
    return found


def _countries(
    rng: np.random.Generator, draft: _Draft, continent: Integers, road_count: int
) -> tuple[Integers, Integers]:
    """Roads of every country; rows of the cities, largest first in each country, and their country."""
    cells = np.argwhere(continent >= 0)
    sizes = rng.dirichlet(np.full(len(cells), 3.0)) * 0.7 + 0.3 / len(cells)
    cities, of_country = [], []
    for country, (cell, size) in enumerate(zip(cells, sizes, strict=True)):
        corner = np.array([SOUTH + CELL * cell[0], -180.0 + CELL * cell[1]])
        rows = _roads(rng, draft, corner, round(size * road_count))
        cities.append(rows)
        of_country.append(np.full(len(rows), country))
    return np.concatenate(cities), np.concatenate(of_country)


def _roads(rng: np.random.Generator, draft: _Draft, corner: Floats, count: int) -> Integers:
    """Streets, villages and highways of one country; rows of its cities."""
    city_count = max(3, count // 600)
    centres = corner + rng.uniform(0.8, CELL - 0.8, (city_count, 2))
    weight = 1.0 / np.arange(1, city_count + 1)
    core = round(count * CORE_SHARE) - city_count
    urban = round(core * CITY_SHARE)
    of_city = rng.choice(city_count, urban, p=weight / weight.sum())
    spread = 0.08 * weight[of_city] ** 0.4
    streets = centres[of_city] + rng.normal(0.0, 1.0, (urban, 2)) * spread[:, None]
    villages = corner + rng.uniform(0.0, CELL, (core - urban, 2))
    rows = draft.hubs(centres, "city")
    crossings = draft.hubs(np.concatenate([streets, villages]), "junction")
    every = np.concatenate([rows, crossings])
    places = np.concatenate([centres, streets, villages])
    ends = every[_sparse_edges(places)]
    extra = max(0, count - len(every))
    length = _km(*(np.concatenate(draft.at)[ends[:, at]] for at in (0, 1)))
    more = np.bincount(rng.choice(len(ends), extra, p=length / length.sum()), minlength=len(ends))
    draft.chains(ends, "road", 1 + more)
    if city_count > 3:
        _stretches(draft, rows[_sparse_edges(centres)], "road", HIGHWAY_PIECE_KM)
    return rows


def _sparse_edges(places: Places) -> Integers:
    """Edges of the Delaunay triangles that are no triangle's longest: connected, about 2.8 a node."""
    triangles = Delaunay(places).simplices
    sides = triangles[:, [[0, 1], [1, 2], [2, 0]]]
    gap = places[sides[..., 0]] - places[sides[..., 1]]
    longest = (gap**2).sum(axis=-1).argmax(axis=1)
    key = np.sort(sides, axis=-1) @ np.array([len(places), 1])
    dropped = key[np.arange(len(key)), longest]
    kept = np.setdiff1d(key.ravel(), dropped)
    return np.column_stack(np.divmod(kept, len(places)))


def _stretches(draft: _Draft, ends: Integers, mode: str, piece_km: float) -> None:
    places = np.concatenate(draft.at)
    km = _km(places[ends[:, 0]], places[ends[:, 1]])
    draft.chains(ends, mode, np.maximum(1, np.ceil(km / piece_km)).astype(np.int64))


def _borders(draft: _Draft, continent: Integers, cities: Integers, of_country: Integers) -> None:
    """One road between the two nearest cities of neighbouring countries."""
    number = np.cumsum(continent.ravel() >= 0).reshape(continent.shape) - 1
    east = np.argwhere((continent >= 0) & (np.roll(continent, -1, axis=1) >= 0))
    north = np.argwhere((continent[:-1] >= 0) & (continent[1:] >= 0))
    pairs = [(number[r, c], number[r, (c + 1) % COLUMNS]) for r, c in east]
    pairs += [(number[r, c], number[r + 1, c]) for r, c in north]
    places = np.concatenate(draft.at)
    ends = []
    for one, other in pairs:
        a, b = cities[of_country == one], cities[of_country == other]
        gap, at = cKDTree(_vectors(places[b])).query(_vectors(places[a]))
        ends.append((a[gap.argmin()], b[at[gap.argmin()]]))
    _stretches(draft, np.array(ends, dtype=np.int64).reshape(-1, 2), "road", HIGHWAY_PIECE_KM)


def _largest(cities: Integers, of_country: Integers, share: float) -> NDArray[np.bool_]:
    """The largest cities of each country by share, two at least."""
    found = np.zeros(len(cities), dtype=bool)
    for country in np.unique(of_country):
        rows = np.flatnonzero(of_country == country)
        found[rows[: max(2, round(share * len(rows)))]] = True
    return found


def _railways(draft: _Draft, cities: Integers, of_country: Integers, of_continent: Integers) -> None:
    is_served = _largest(cities, of_country, 0.25)
    for land in np.unique(of_continent):
        served = cities[is_served & (of_continent == land)]
        places = np.concatenate(draft.at)[served] + np.array([0.02, 0.02])
        terminals = draft.hubs(places, "rail_terminal")
        draft.links(np.column_stack([served, terminals]), np.full(len(served), 4.0), "road")
        if len(terminals) > 3:
            _stretches(draft, terminals[_sparse_edges(places)], "rail", RAIL_PIECE_KM)


def _sea_and_ports(
    rng: np.random.Generator,
    draft: _Draft,
    is_sea: NDArray[np.bool_],
    cities: Integers,
    of_country: Integers,
    count: int,
) -> None:
    places, ends = _lattice(rng, is_sea, count)
    rows = draft.hubs(places, "junction")
    draft.links(rows[ends], _km(places[ends[:, 0]], places[ends[:, 1]]), "sea")
    part = _largest_part(len(places), ends)
    tree, towns = cKDTree(_vectors(places[part])), np.concatenate(draft.at)[cities]
    gap, near = tree.query(_vectors(towns), k=2)
    chosen = []
    for country in np.unique(of_country):
        mine = np.flatnonzero(of_country == country)
        coastal = mine[gap[mine, 0] < np.radians(CELL / 2)]
        chosen.append(coastal[np.argsort(gap[coastal, 0])][: max(2, len(mine) // 12)])
    at = np.concatenate(chosen)
    ports = draft.hubs(towns[at] + 0.03, "port")
    draft.links(np.column_stack([cities[at], ports]), np.full(len(at), 6.0), "road")
    for nth in (0, 1):
        lanes = np.column_stack([ports, rows[part[near[at, nth]]]])
        draft.links(lanes, gap[at, nth] * EARTH_KM, "sea")


def _lattice(rng: np.random.Generator, is_sea: NDArray[np.bool_], count: int) -> tuple[Places, Integers]:
    """A jittered grid over the sea, joined to the east (across the antimeridian too) and to the north."""
    step = ((NORTH - SOUTH) * 360.0 * is_sea.mean() / count) ** 0.5
    rows, columns = int((NORTH - SOUTH) / step), int(360.0 / step)
    row, column = (each.ravel() for each in np.mgrid[:rows, :columns])
    lat = SOUTH + (row + 0.5) * step + rng.uniform(-0.2, 0.2, row.size) * step
    lon = -180.0 + (column + 0.5) * 360.0 / columns + rng.uniform(-0.2, 0.2, row.size) * step
    cell = np.floor((lat - SOUTH) / CELL).astype(int).clip(0, ROWS - 1)
    kept = is_sea[cell, np.floor((lon + 180.0) / CELL).astype(int).clip(0, COLUMNS - 1)]
    number = np.cumsum(kept) - 1
    here = np.arange(row.size)
    east = np.column_stack([here, row * columns + (column + 1) % columns])
    north = np.column_stack([here, here + columns])[row < rows - 1]
    ends = np.concatenate([east, north])
    ends = ends[kept[ends].all(axis=1)]
    return np.column_stack([lat, lon])[kept], number[ends]


def _largest_part(count: int, ends: Integers) -> Integers:
    joined = csr_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    label = connected_components(joined, directed=False)[1]
    return np.flatnonzero(label == np.bincount(label).argmax())


def _flights(draft: _Draft, cities: Integers, of_country: Integers, of_continent: Integers) -> Integers:
    """Airports at the two largest cities of a country; rows of both ends of each flight."""
    at = np.flatnonzero(_largest(cities, of_country, 0.0))
    airports = draft.hubs(np.concatenate(draft.at)[cities[at]] - 0.05, "airport")
    draft.links(np.column_stack([cities[at], airports]), np.full(len(at), 12.0), "road")
    hubs = np.array([airports[of_continent[at] == land][0] for land in np.unique(of_continent)])
    own = hubs[np.unique(of_continent, return_inverse=True)[1][at]]
    spokes = np.column_stack([airports, own])[airports != own]
    trunks = np.array([(a, b) for a in hubs for b in hubs if a < b], dtype=np.int64).reshape(-1, 2)
    there = np.concatenate([spokes, trunks])
    return np.concatenate([there, there[:, ::-1]])


def _tables(draft: _Draft, services: Integers) -> Synthetic:
    places, ends = np.concatenate(draft.at), np.concatenate(draft.ends)
    names = np.array([f"h{row}" for row in range(draft.count)], dtype=object)
    hubs = {"hub_id": names, "lat": places[:, 0].clip(-90, 90), "lon": (places[:, 1] + 180) % 360 - 180}
    hubs["kind"] = _repeated(draft.kind)
    links = {"origin": names[ends[:, 0]], "destination": names[ends[:, 1]], "mode": _repeated(draft.mode)}
    links["distance_km"] = np.concatenate(draft.km).round(3)
    flights = {"origin": names[services[:, 0]], "destination": names[services[:, 1]]}
    flights["mode"] = np.full(len(services), "air", dtype=object)
    flights["distance_km"] = _km(places[services[:, 0]], places[services[:, 1]]).round(3)
    return Synthetic(hubs, links, flights)


def _repeated(runs: list[tuple[str, int]]) -> NDArray[np.object_]:
    names, counts = zip(*runs, strict=True)
    return np.repeat(np.array(names, dtype=object), counts)


def _vectors(places: Places) -> Floats:
    lat, lon = np.radians(places).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _km(a: Places, b: Places) -> Floats:
    chord = np.linalg.norm(_vectors(a) - _vectors(b), axis=-1)
    return np.asarray(2.0 * EARTH_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0)))
