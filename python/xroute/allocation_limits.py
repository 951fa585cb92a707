"""Why no plan keeps the limits: which one binds, in words, with what is asked and what can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xroute.allocation_model import Bools, Columns, Floats, Ints, LinearModel, Problem, linear_model
from xroute.allocation_rules import Rows
from xroute.allocation_solver import Effort, solve

_NO_SWITCH = np.zeros(0, dtype=np.int64)
_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What planners call warehouses, zones and products."""

    warehouses: Sequence[str]
    zones: Sequence[str]
    products: Sequence[str]

    @classmethod
    def numbered(cls, problem: Problem) -> Names:
        """Names by row, where nobody gave better ones."""
        return cls(
            warehouses=[f"warehouse {at + 1}" for at in range(problem.warehouses)],
            zones=[f"zone {at + 1}" for at in range(len(problem.demand))],
            products=[f"product {at + 1}" for at in range(problem.products)],
        )


def explain(problem: Problem, effort: Effort, names: Names | None = None) -> str:
    """The limit that no plan keeps, in one sentence: reach, then capacity, then carbon, then full loads."""
    known = names or Names.numbered(problem)
    found = unreached(problem, known) or short_of_capacity(problem, effort, known)
    if found:
        return found
    least = least_co2e_kg(problem, effort)
    if np.isfinite(problem.max_co2e_kg) and least > problem.max_co2e_kg * (1.0 - 1e-9):
        return (
            f"max_co2e_kg is {problem.max_co2e_kg:,.0f} kg a month; the lowest that any plan reaches is "
            f"{least:,.0f} kg, {_above(least, problem.max_co2e_kg)}"
        )
    return (
        "each limit can be kept by itself, but not all with full loads: a first leg in full load units needs "
        "its least volume (lcl_share); allow more first legs, a lower share or a higher max_co2e_kg"
    )


def _above(value: float, limit: float) -> str:
    more = 100.0 * (value - limit) / limit if limit > 0.0 else float("inf")
    return f"{more:.3g} % above it" if more < 1000.0 else "far above it"


def unreached(problem: Problem, names: Names) -> str:
    """The demands that no warehouse with a first leg can serve; empty where there is none."""
    zones, products = np.nonzero((problem.demand > 0.0) & ~served_pairs(problem))
    if not len(zones):
        return ""
    pairs = [
        f"{names.products[k]} to {names.zones[c]}"
        for c, k in zip(zones.tolist(), products.tolist(), strict=True)
    ]
    more = f" and {len(pairs) - _SHOWN} more" if len(pairs) > _SHOWN else ""
    listed = ", ".join(pairs[:_SHOWN])
    return f"no warehouse can be supplied with and deliver, within the days allowed, {listed}{more}"


def served_pairs(problem: Problem) -> Bools:
    """Whether any warehouse can be supplied with a product and deliver it to a zone, (zone, product)."""
    p = problem
    fed = np.zeros((p.warehouses, p.products), dtype=bool)
    fed[p.first.warehouse, p.first.product] = True
    given = (p.more.gives > 0.0) & (p.more.most > 0.0)
    fed[p.more.site[given], p.more.product[given]] = True
    for _ in range(p.warehouses if len(p.moves) else 0):
        passed = fed[p.moves.out_of, p.moves.product]
        fed[p.moves.into[passed], p.moves.product[passed]] = True
    served = np.zeros(p.demand.shape, dtype=bool)
    usable = fed[p.delivery.warehouse, p.delivery.product]
    served[p.delivery.zone[usable], p.delivery.product[usable]] = True
    return served


def short_of_capacity(problem: Problem, effort: Effort, names: Names) -> str:
    """The stock that fits nowhere, and in which warehouses; empty where capacity suffices."""
    model, columns = _elastic(problem)
    solved = solve(model, effort)
    if solved.values is None:
        return ""
    missing = solved.values[columns.count :]
    short_m3 = float(missing @ _volumes(problem))
    need_m3 = float((problem.demand @ problem.stock_m3).sum())
    if short_m3 <= 1e-7 * max(need_m3, 1e-9):
        return ""
    within = _cut(problem, missing, solved.values[columns.delivery])
    room = float(problem.capacity_m3[within].sum())
    listed = ", ".join(names.warehouses[at] for at in within[:_SHOWN])
    more = f" and {len(within) - _SHOWN} more" if len(within) > _SHOWN else ""
    return (
        f"capacity_m3 is {short_m3:,.1f} m3 of average stock short ({100 * short_m3 / need_m3:.2g} % of all "
        f"stock): {listed}{more} hold {room:,.1f} m3 together, and nothing else reaches the zones concerned"
    )


def _volumes(problem: Problem) -> Floats:
    asked = np.argwhere(problem.demand > 0.0)
    volume = problem.demand[asked[:, 0], asked[:, 1]] * problem.stock_m3[asked[:, 1]]
    return np.asarray(volume, dtype=np.float64)


def _elastic(problem: Problem) -> tuple[LinearModel, Columns]:
    """The model with every warehouse open and a share of each demand left out, least stock left out."""
    relaxed = problem.relaxed()
    model, columns = linear_model(relaxed, _NO_SWITCH, all_open=True), Columns(problem=relaxed)
    count, rows = len(_volumes(problem)), model.rows
    fresh = np.arange(count)
    order = np.lexsort(
        (np.concatenate([rows.column, columns.count + fresh]), np.concatenate([rows.row, fresh]))
    )
    elastic = Rows(
        row=np.concatenate([rows.row, fresh])[order],
        column=np.concatenate([rows.column, columns.count + fresh])[order],
        value=np.concatenate([rows.value, np.ones(count)])[order],
        lower=rows.lower,
        upper=rows.upper,
    )
    return LinearModel(
        cost=np.concatenate([np.zeros(columns.count), _volumes(problem)]),
        lower=np.concatenate([model.lower, np.zeros(count)]),
        upper=np.concatenate([model.upper, np.ones(count)]),
        is_whole=np.zeros(columns.count + count, dtype=bool),
        rows=elastic,
    ), columns


def _cut(problem: Problem, missing: Floats, shares: Floats) -> Ints:
    """The full warehouses behind a shortage: those that reach what is left out, or could make room for it."""
    p, d = problem, problem.delivery
    pair = d.zone * p.products + d.product
    asked = np.flatnonzero(p.demand.ravel() > 0.0)
    concerned = np.zeros(p.demand.size, dtype=bool)
    concerned[asked[missing > 1e-7]] = True
    reached = np.zeros(p.warehouses, dtype=bool)
    while True:
        found = np.zeros(p.warehouses, dtype=bool)
        found[d.warehouse[concerned[pair]]] = True
        if (found == reached).all():
            return np.flatnonzero(found)
        reached = found
        concerned[pair[(shares > 1e-7) & found[d.warehouse]]] = True


def least_co2e_kg(problem: Problem, effort: Effort) -> float:
    """The least kg CO2e a month that any plan reaches, with all warehouses open and any load."""
    solved = solve(linear_model(problem.relaxed(), _NO_SWITCH, only_co2e=True, all_open=True), effort)
    return solved.termination.objective
