"""Footprints of millions of elements at once: a table in, the same rows with emissions out.

Each mix of mode, class, temperature and basis is looked up once; the arithmetic of the rows runs in the core,
block by block, so that little more than the table and its four new columns stands in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xroute import _core
from xroute.errors import InputError
from xroute.extras import need
from xroute.factors import Factor, FactorPack, load_pack, one_of
from xroute.schema import TEMPERATURES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[Any]

BLOCK_ROWS = 1 << 18
MOST_FIGURES = 1 << 16
PROBES_KM = (1_000.0, 3_000.0)
KEYS = ("mode", "vehicle_class", "distance_basis", "temperature")
AMOUNTS = ("mass_kg", "distance_km")
ADDED = ("wtt_co2e_kg", "ttw_co2e_kg", "wtw_co2e_kg", "adjustment")
_DEFAULTS = {"vehicle_class": "", "temperature": "ambient"}


@dataclass(frozen=True, slots=True)
class _Figures:
    """The figure of each mix of names: intensities and the codes that the core takes."""

    wtt_g_tkm: Floats
    ttw_g_tkm: Floats
    activity_basis: NDArray[np.uint8]
    factor_basis: NDArray[np.uint8]
    mode: NDArray[np.uint8]

    def adjustments(self, seen: Codes) -> Floats | None:
        """The adjustment by mix, where it is the same at every distance; None where one is not."""
        near, far = (self._adjusted(seen, km) for km in PROBES_KM)
        if not np.array_equal(near, far):
            return None
        found = np.ones(len(self.wtt_g_tkm))
        found[seen] = near
        return found

    def _adjusted(self, seen: Codes, km: float) -> Floats:
        """The adjustment of some mixes at a distance; the core checks the intensities on the way."""
        ones = np.ones(len(seen))
        found = _core.emissions(
            ones, ones * km, self.activity_basis[seen], self.factor_basis[seen], self.mode[seen],
            self.wtt_g_tkm[seen], self.ttw_g_tkm[seen],
        )  # fmt: skip
        return found[2]


def footprint_table(elements: Any, *, factors: str | Path | FactorPack = "desnz-2025") -> Any:
    """The emissions of a table of transport elements, as an Arrow table.

    `elements` is an Arrow table or anything that speaks the Arrow stream protocol (pandas, polars, duckdb),
    with `mode`, `distance_basis`, `mass_kg`, `distance_km`, and `vehicle_class` and `temperature` where they
    are not the default. Added are `wtt_co2e_kg`, `ttw_co2e_kg`, `wtw_co2e_kg` (kg CO2e) and `adjustment`; the
    rows keep their order and other columns. Dictionary-encoded names are fastest. Raises `InputError` with
    the row for a value that is no quantity or a missing column, `FactorError` for a class without a factor.
    """
    arrow = need("pyarrow", "tables")
    table = elements if isinstance(elements, arrow.Table) else arrow.table(elements)
    pack = factors if isinstance(factors, FactorPack) else load_pack(factors)
    missing = [name for name in ("mode", "distance_basis", *AMOUNTS) if name not in table.column_names]
    if missing:
        raise InputError(f"the table has no {', '.join(missing)}", table="elements", column=missing[0])
    mix, seen, figures = _figures(arrow, table, pack)
    mass, distance = (_numbers(arrow, table, name) for name in AMOUNTS)
    added = [np.empty(len(table)) for _ in ADDED]
    steady = figures.adjustments(seen) if len(figures.wtt_g_tkm) <= MOST_FIGURES else None
    if steady is not None:
        columns = steady, figures.wtt_g_tkm, figures.ttw_g_tkm
        _core.emissions_by_figure(mass, distance, mix.astype(np.uint16, copy=False), columns, *added)
    else:
        for start in range(0, len(table), BLOCK_ROWS):
            rows = slice(start, start + BLOCK_ROWS)
            _fill([column[rows] for column in added], mix[rows], figures, mass[rows], distance[rows], start)
    for name, column in zip(ADDED, added, strict=True):
        if name in table.column_names:
            table = table.drop_columns([name])
        table = table.append_column(name, arrow.array(column))
    return table


def _fill(
    added: list[Floats], mix: Codes, figures: _Figures, mass: Floats, distance: Floats, start: int
) -> None:
    try:
        wtt, ttw, adjustment = _core.emissions(
            mass, distance, figures.activity_basis[mix], figures.factor_basis[mix], figures.mode[mix],
            figures.wtt_g_tkm[mix], figures.ttw_g_tkm[mix],
        )  # fmt: skip
    except InputError as error:
        row = None if error.row is None else error.row + start
        raise InputError(error.message, table="elements", row=row, column=error.column) from None
    added[0][:], added[1][:], added[3][:] = wtt, ttw, adjustment
    np.add(wtt, ttw, out=added[2])


def _figures(arrow: Any, table: Any, pack: FactorPack) -> tuple[Codes, Codes, _Figures]:
    """The mix of each row by number, those that occur, and the figure of each of them."""
    names, codes = zip(*(_encoded(arrow, table, key) for key in KEYS), strict=True)
    size = int(np.prod([max(len(values), 1) for values in names]))
    kind: Any = np.uint16 if size <= MOST_FIGURES else np.int64
    mix = np.zeros(len(table), dtype=kind)
    for values, code in zip(names, codes, strict=True):
        if len(values) > 1:
            mix *= kind(len(values))
            mix += code.astype(kind)
    seen = _occurring(mix, size)
    places = np.unravel_index(seen, [max(len(values), 1) for values in names])
    found = np.zeros(size), np.zeros(size)
    bases = np.zeros(size, dtype=np.uint8), np.zeros(size, dtype=np.uint8), np.zeros(size, dtype=np.uint8)
    for at, *parts in zip(seen.tolist(), *(place.tolist() for place in places), strict=True):
        mode, vehicle_class, basis, temperature = (
            values[part] for values, part in zip(names, parts, strict=True)
        )
        factor = _factor(pack, mode, vehicle_class, basis, temperature)
        found[0][at], found[1][at] = factor.wtt_g_tkm, factor.ttw_g_tkm
        bases[0][at] = _core.DISTANCE_BASES.index(basis)
        bases[1][at] = _core.DISTANCE_BASES.index(factor.distance_basis)
        bases[2][at] = _core.MODES.index(factor.mode)
    return mix, seen, _Figures(*found, *bases)


def _occurring(mix: Codes, size: int) -> Codes:
    """The numbers that occur."""
    flags = np.zeros(size, dtype=bool)
    flags[mix] = True
    return np.flatnonzero(flags)


def _factor(pack: FactorPack, mode: str, vehicle_class: str, basis: str, temperature: str) -> Factor:
    one_of(mode, _core.MODES, "mode")
    one_of(basis, _core.DISTANCE_BASES, "distance_basis")
    one_of(temperature, TEMPERATURES, "temperature")
    return pack.for_class(mode, vehicle_class, temperature=temperature)


def _encoded(arrow: Any, table: Any, name: str) -> tuple[list[str], Any]:
    """The names of a column and the number of each row's; one name for a column that is not there."""
    if name not in table.column_names:
        return [_DEFAULTS[name]], 0
    column = table.column(name).unify_dictionaries()
    if not arrow.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if column.null_count:
        if name not in _DEFAULTS:
            raise InputError("an empty cell", table="elements", column=name)
        column = column.cast(arrow.string()).fill_null(_DEFAULTS[name]).dictionary_encode()
    if not column.num_chunks:
        return [], np.zeros(0, dtype=np.int64)
    names = [str(each) or _DEFAULTS.get(name, "") for each in column.chunk(0).dictionary.to_pylist()]
    codes = [chunk.indices.to_numpy(zero_copy_only=False) for chunk in column.chunks]
    return names, codes[0] if len(codes) == 1 else np.concatenate(codes)


def _numbers(arrow: Any, table: Any, name: str) -> Floats:
    column = table.column(name)
    try:
        numeric = column.cast(arrow.float64())
        whole = numeric.chunk(0) if numeric.num_chunks == 1 else numeric.combine_chunks()
        numbers: Floats = whole.to_numpy(zero_copy_only=False)
    except (arrow.ArrowInvalid, arrow.ArrowNotImplementedError) as error:
        raise InputError(f"expected numbers: {error}", table="elements", column=name) from None
    return np.ascontiguousarray(numbers)
