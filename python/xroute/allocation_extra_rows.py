"""Rows of the model beyond the two echelons: named limits, single source, moves and bands of tiered fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xroute.allocation_rules import Floats, LimitRows, Rows

if TYPE_CHECKING:
    from xroute.allocation_model import Columns, Problem


def limit_rows(columns: Columns, rows: LimitRows) -> Rows:
    """Limits or links, each row divided by its bound so that tolerances mean the same for all."""
    p, scale = columns.problem, limit_scale(columns, rows)
    value = rows.value * columns.units_in_one[rows.flow]
    return Rows(
        row=np.concatenate([rows.row, rows.site_row]),
        column=np.concatenate([rows.flow, p.flows + rows.site]),
        value=np.concatenate([value / scale[rows.row], rows.site_value / scale[rows.site_row]]),
        lower=rows.least / scale,
        upper=rows.most / scale,
    )


def limit_scale(columns: Columns, rows: LimitRows) -> Floats:
    """What each row is divided by: its bound, or its largest coefficient where the bound is 0."""
    size = np.maximum(
        np.where(np.isfinite(rows.least), np.abs(rows.least), 0.0),
        np.where(np.isfinite(rows.most), np.abs(rows.most), 0.0),
    )
    largest = np.zeros(len(rows))
    np.maximum.at(largest, rows.row, np.abs(rows.value * columns.units_in_one[rows.flow]))
    np.maximum.at(largest, rows.site_row, np.abs(rows.site_value))
    return np.where(size > 0.0, size, np.where(largest > 0.0, largest, 1.0))


def move_rows(columns: Columns) -> Rows:
    """Nothing moves out of a closed warehouse."""
    p, m = columns.problem, columns.problem.moves
    rows, ones = np.arange(len(m)), np.ones(len(m))
    most = p.demand.sum(axis=0)[m.product] / p.unit_of[m.product]
    return Rows(
        row=np.concatenate([rows, rows]),
        column=np.concatenate([columns.moves, columns.is_open[m.out_of]]),
        value=np.concatenate([ones, -most]),
        lower=-np.inf * ones,
        upper=0.0 * ones,
    )


def tied_rows(columns: Columns) -> Rows:
    """Amounts that a closed warehouse cannot have."""
    p = columns.problem
    tied = np.flatnonzero(p.more.is_tied)
    rows, ones = np.arange(len(tied)), np.ones(len(tied))
    most = p.more.most[tied] / columns.units_in_one[columns.more[tied]]
    return Rows(
        row=np.concatenate([rows, rows]),
        column=np.concatenate([columns.more[tied], columns.is_open[p.more.site[tied]]]),
        value=np.concatenate([ones, -most]),
        lower=-np.inf * ones,
        upper=0.0 * ones,
    )


def source_rows(columns: Columns) -> Rows:
    """Shares of a pair within its source decision, that within its warehouse, and one source for each.

    A single source for a zone takes all its products from one warehouse.
    """
    p, sources, of = columns.problem, columns.sources, columns.source_of
    warehouse, target = np.divmod(sources, len(p.demand) * p.products)
    d = p.delivery
    pair_key, pair = np.unique(of * p.products + d.product, return_inverse=True)
    at = np.searchsorted(sources, pair_key // p.products)
    pairs, count = len(pair_key), len(sources)
    wanted = np.asarray(p.demand > 0.0)
    is_asked = wanted.any(axis=1, keepdims=True) if p.single_source == "zone" else wanted
    targets, one = np.unique(target, return_inverse=True)
    due = np.broadcast_to(is_asked, p.demand.shape).ravel()[targets]
    base, within, is_source = pairs + count, pairs + np.arange(count), columns.is_source
    return Rows(
        row=np.concatenate([pair, np.arange(pairs), within, within, base + one]),
        column=np.concatenate(
            [columns.delivery, is_source[at], is_source, columns.is_open[warehouse], is_source]
        ),
        value=np.concatenate(
            [np.ones(len(d)), -np.ones(pairs), np.ones(count), -np.ones(count), np.ones(count)]
        ),
        lower=np.concatenate([np.full(base, -np.inf), np.where(due, 1.0, 0.0)]),
        upper=np.concatenate([np.zeros(base), np.ones(len(targets))]),
    )  # fmt: skip


def band_lines(problem: Problem) -> tuple[Floats, Floats]:
    """EUR at 0 and EUR a unit of every band of every fee, in order."""
    lines = [fee.lines() for fee in problem.fees]
    if not lines:
        return np.zeros(0), np.zeros(0)
    return np.concatenate([line[0] for line in lines]), np.concatenate([line[1] for line in lines])


def _largest(columns: Columns, number: int) -> float:
    """More than the amount of a tiered fee can come to."""
    p, fee = columns.problem, columns.problem.fees[number]
    every = p.demand.sum(axis=0)
    most = np.concatenate([every[p.first.product], p.asked, every[p.moves.product], p.more.most])
    return float(max((fee.use * most[fee.flow]).sum(), 1.0, fee.start[-1]))


def band_units(columns: Columns) -> Floats:
    """What 1 of each band's amount column stands for: the most that its fee's amount can come to."""
    fees = columns.problem.fees
    if not fees:
        return np.zeros(0)
    return np.concatenate([np.full(len(fee.start), _largest(columns, at)) for at, fee in enumerate(fees)])


def band_rows(columns: Columns, number: int) -> Rows:
    """One fee: its amounts add up to its flows, each within its band, and one band where the site is open."""
    p, fee = columns.problem, columns.problem.fees[number]
    before = sum(len(each.start) for each in p.fees[:number])
    count, size = len(fee.start), _largest(columns, number)
    at = before + np.arange(count)
    amount, in_band = columns.amount[at], columns.in_band[at]
    start, end = fee.start / size, np.append(fee.start[1:], size) / size
    bands = np.arange(count)
    site = np.array([fee.site] if fee.site >= 0 else [], dtype=np.int64)
    rows = [
        np.zeros(len(fee.flow), dtype=np.int64), np.zeros(count, dtype=np.int64),
        1 + bands, 1 + bands, 1 + count + bands, 1 + count + bands,
        np.full(count, 1 + 2 * count), np.full(len(site), 1 + 2 * count),
    ]  # fmt: skip
    ones, less = np.ones(count), np.full(count, -np.inf)
    return Rows(
        row=np.concatenate(rows),
        column=np.concatenate(
            [fee.flow, amount, amount, in_band, amount, in_band, in_band, columns.is_open[site]]
        ),
        value=np.concatenate(
            [fee.use * columns.units_in_one[fee.flow] / size, -ones, ones, -start, ones, -end, ones,
             -np.ones(len(site))]
        ),
        lower=np.concatenate([[0.0], np.zeros(count), less, [0.0]]),
        upper=np.concatenate([[0.0], -less, np.zeros(count), [0.0 if len(site) else 1.0]]),
    )  # fmt: skip
