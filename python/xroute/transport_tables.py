"""Lanes as a table or a labelled matrix, read into a plain matrix and named again on the way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xroute.errors import InputError
from xroute.extras import need
from xroute.tables import read_table

HOUSE, ZONE, COST = "warehouse_id", "zone_id", "cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Ids of rows and columns; `None` where positions are all there is."""

    warehouses: Sequence[Any] | None = None
    zones: Sequence[Any] | None = None

    def named(self, warehouses: NDArray[Any], zones: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The ids at these positions."""
        return _named(self.warehouses, warehouses), _named(self.zones, zones)


def _named(labels: Sequence[Any] | None, positions: NDArray[Any]) -> NDArray[Any]:
    if labels is None:
        return positions.astype(np.int64)
    array = np.empty(len(labels), dtype=object)
    array[:] = list(labels)
    return np.asarray(array[positions])


def matrix_of(
    cost: Any, supply: Any, demand: Any, *, supply_table: str = "supply"
) -> tuple[Any, Any, Any, Labels]:
    """The cost matrix, supplies and demands in its order, and the ids of both sides.

    Raises `InputError` for lanes that stand twice and ids that one table has and another lacks.
    """
    if isinstance(cost, np.ndarray | list | tuple):
        return cost, supply, demand, Labels()
    if hasattr(cost, "index") and hasattr(cost, "to_numpy") and HOUSE not in cost.columns:
        labels = Labels(warehouses=list(cost.index), zones=list(cost.columns))
        values = cost.to_numpy()
    else:
        values, labels = _from_lanes(cost)
    houses, zones = list(labels.warehouses or ()), list(labels.zones or ())
    held, _ = _by_id(supply, houses, table=supply_table, key=HOUSE)
    needed, unreached = _by_id(demand, zones, table="demand", key=ZONE)
    if unreached:
        filler = np.full((len(houses), len(unreached)), _no_lane(values.dtype), dtype=values.dtype)
        values, zones = np.hstack([values, filler]), zones + unreached
        needed, _ = _by_id(demand, zones, table="demand", key=ZONE)
    return values, held, needed, Labels(warehouses=houses, zones=zones)


def amounts_by_id(values: Any, ids: Sequence[Any] | None, *, table: str) -> NDArray[Any]:
    """A column of warehouses in the order of `ids`; as it comes where there are none."""
    return np.asarray(values) if ids is None else _by_id(values, ids, table=table, key=HOUSE)[0]


def _no_lane(kind: Any) -> Any:
    return np.inf if kind.kind == "f" else np.iinfo(kind).max


def _by_id(values: Any, ids: Sequence[Any], *, table: str, key: str) -> tuple[NDArray[Any], list[Any]]:
    """The amounts in the order of `ids`, and the ids above zero that are not among them."""
    if isinstance(values, np.ndarray | list | tuple):
        return np.asarray(values), []
    keys, amounts = _keyed(values, table, key)
    if keys == list(ids) and len(set(keys)) == len(keys):
        return np.asarray(amounts), []
    position = {each: at for at, each in enumerate(keys)}
    if len(position) < len(keys):
        row = next(at for at, each in enumerate(keys) if each in keys[:at])
        raise InputError(f"{keys[row]!r} stands twice", table=table, row=row + 1, column=key)
    missing = [each for each in ids if each not in position]
    if missing:
        raise InputError(f"there is no row for {missing[0]!r}, which has lanes", table=table, column=key)
    known = set(ids)
    others = [each for each, amount in zip(keys, amounts, strict=True) if each not in known and amount > 0]
    return np.asarray(amounts[[position[each] for each in ids]]), others


def _keyed(values: Any, table: str, key: str) -> tuple[list[Any], NDArray[Any]]:
    if hasattr(values, "index") and not hasattr(values, "columns"):
        return values.index.to_numpy(dtype=object).tolist(), np.asarray(values.to_numpy())
    if isinstance(values, Mapping) and key not in values:
        return list(values), np.asarray(list(values.values()))
    columns = read_table(values, table=table)
    for name in (key, table):
        if name not in columns:
            raise InputError("the column is missing", table=table, column=name)
    return columns[key].tolist(), np.asarray(columns[table])


def _from_lanes(cost: Any) -> tuple[NDArray[Any], Labels]:
    arrow = need("pyarrow", "tables")
    if hasattr(cost, "iloc") and hasattr(cost, "dtypes"):
        lanes = _of_pandas(cost)
    else:
        is_arrow = hasattr(cost, "__arrow_c_stream__")
        lanes = arrow.table(cost if is_arrow else read_table(cost, table="cost"))
    for name in (HOUSE, ZONE, COST):
        if name not in lanes.column_names:
            raise InputError("the column is missing", table="cost", column=name)
    values = _numbers(lanes[COST])
    houses, zones = (_whole(lanes[name]) for name in (HOUSE, ZONE))
    found = _in_product_order(houses, zones)
    if found is None:
        return _scattered(houses, zones, values)
    rows, columns = found
    return values.reshape(len(rows), len(columns)), Labels(warehouses=rows, zones=columns)


def _of_pandas(frame: Any) -> Any:
    """The columns of lanes as an Arrow table; coded ids keep their codes, which are not copied."""
    arrow = need("pyarrow", "tables")
    if not frame.columns.is_unique:
        raise InputError("two columns of one name", table="cost")
    names = [name for name in (HOUSE, ZONE, COST) if name in frame.columns]
    return arrow.table({name: _of_series(frame[name].array) for name in names})


def _of_series(values: Any) -> Any:
    arrow = need("pyarrow", "tables")
    codes = getattr(values, "codes", None)
    if codes is None or codes.min(initial=0) < 0:  # no codes, or an id is missing
        return arrow.array(values, from_pandas=True)
    ids = arrow.array(values.categories, from_pandas=True)
    return arrow.DictionaryArray.from_arrays(arrow.array(codes), ids)


def _whole(column: Any) -> Any:
    """A column in one piece; one chunk is not copied."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _numbers(column: Any) -> NDArray[Any]:
    values = _whole(column).to_numpy(zero_copy_only=False)
    if values.dtype.kind not in "iuf":
        if not len(values):
            raise InputError(f"expected numbers, got a column of {column.type} without rows", table="cost")
        row = _first_unreadable(values)
        raise InputError(f"expected a number, got {values[row]!r}", table="cost", row=row + 1, column=COST)
    if column.null_count:
        row = int(np.argmax(np.isnan(values.astype(np.float64))))
        raise InputError("the cost is missing", table="cost", row=row + 1, column=COST)
    return np.asarray(values)


def _first_unreadable(values: NDArray[Any]) -> int:
    """The row of the first value that is no number, nor the text of one; 0 if all are such texts."""

    def is_unreadable(value: Any) -> bool:
        try:
            float(value)
        except (TypeError, ValueError):
            return True
        return False

    return next((row for row, value in enumerate(values) if is_unreadable(value)), 0)


def _in_product_order(houses: Any, zones: Any) -> tuple[list[Any], list[Any]] | None:
    """The ids of a table that holds every pair once, warehouse by warehouse with zones in one order.

    Told from the bytes of the columns, without looking at a million ids one by one; `None` if it is
    otherwise.
    """
    rows = len(houses)
    house_codes, zone_codes = _codes_of(houses), _codes_of(zones)
    width = _period(house_codes)
    if width is None or rows % width or houses.null_count or zones.null_count:
        return None
    row_ids = _plain(houses.take(_every(rows, width)))
    column_ids = _plain(zones.slice(0, width))
    is_distinct = len(set(row_ids)) == len(row_ids) and len(set(column_ids)) == len(column_ids)
    if not is_distinct or not _repeats(zone_codes, width):
        return None
    return (row_ids, column_ids) if _stretches(house_codes, rows // width, width) else None


def _plain(column: Any) -> list[Any]:
    """The values of a column, decoded in one go."""
    decoded = column.dictionary_decode() if hasattr(column, "indices") else column
    return list(decoded.to_pylist())


def _codes_of(column: Any) -> Any:
    """The numbers of a column that holds each id once beside them; the column itself otherwise."""
    return column.indices if hasattr(column, "indices") else column


def _every(rows: int, width: int) -> Any:
    return need("pyarrow", "tables").array(np.arange(0, rows, width))


def _period(houses: Any) -> int | None:
    """How many rows the first id fills, found by doubling and halving."""
    rows = len(houses)
    if not rows:
        return None
    first = houses[0].as_py()
    high = 1
    while high < rows and houses[high].as_py() == first:
        high *= 2
    low, high = high // 2, min(high, rows)
    while low < high - 1:
        middle = (low + high) // 2
        low, high = (middle, high) if houses[middle].as_py() == first else (low, middle)
    return high


def _repeats(zones: Any, width: int) -> bool:
    """Whether a column is its first `width` rows again and again."""
    return bool(zones.slice(width).equals(zones.slice(0, len(zones) - width)))


def _stretches(houses: Any, count: int, width: int) -> bool:
    """Whether each stretch of `width` rows holds one id: a shift by one row changes nothing inside it."""
    return all(
        houses.slice(at * width + 1, width - 1).equals(houses.slice(at * width, width - 1))
        for at in range(count)
    )


def _scattered(houses: Any, zones: Any, values: NDArray[Any]) -> tuple[NDArray[Any], Labels]:
    """Lanes in any order; pairs without a row have no lane."""
    row, row_ids = _codes(houses, HOUSE)
    column, column_ids = _codes(zones, ZONE)
    at = row.astype(np.int64) * len(column_ids) + column
    count = np.bincount(at, minlength=len(row_ids) * len(column_ids))
    if count.max(initial=0) > 1:
        second = int(np.flatnonzero(count[at] > 1)[1])
        raise InputError("the lane stands twice", table="cost", row=second + 1)
    is_full = bool(count.min(initial=1))
    kind = np.dtype(np.float64 if values.dtype.kind == "f" else np.int64)
    filler = 0 if is_full else _no_lane(kind)
    matrix = np.full(len(count), filler, dtype=kind)
    matrix[at] = values
    return matrix.reshape(len(row_ids), len(column_ids)), Labels(warehouses=row_ids, zones=column_ids)


def _codes(column: Any, name: str) -> tuple[NDArray[np.int32], list[Any]]:
    if column.null_count:
        row = int(np.argmax(column.is_null().to_numpy(zero_copy_only=False)))
        raise InputError("the id is missing", table="cost", row=row + 1, column=name)
    is_coded = hasattr(column, "indices")
    coded = column if is_coded else column.dictionary_encode()
    ids = coded.dictionary.to_pylist()
    codes = coded.indices.to_numpy(zero_copy_only=False)
    used = np.flatnonzero(np.bincount(codes, minlength=len(ids)))
    renumbered = np.cumsum(np.bincount(used, minlength=len(ids))) - 1
    return renumbered[codes].astype(np.int32), [ids[at] for at in used]
