"""Several periods: one problem for each, tied by stock that is kept, lead times and openings.

Sets: periods t = 0..T-1, warehouses w, products k, first legs f. Variables: those of each period's problem,
and

    s_wkt      units kept from period t to t + 1 at w (`Moves` from site (w, t) to (w, t + 1))
    o_wt       1 where w opens in t, 0 else (only where it may open by period)

    arrivals(w, k, t) + s_wk,t-1 = deliveries(w, k, t) + transfers + s_wkt     balance of stock
    z_f leaves in t - lead_f, at least -ordered_ahead                          lead time
    volume_k s_wkt             counts in the capacity of w in t, which must be open
    y_wt = y_w,t+1             open_for="horizon"
    o_wt >= y_wt - y_w,t-1     open_for="period", opening_eur o_wt in the cost
    stock on hand h_wk0 <= on_hand_wk enters the balance of the first period

Every limit of `Limits` holds in each period; caps of CO2e (over all, by region, by product) over all periods.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xroute.allocation_model import Moves, Problem
from xroute.allocation_more import joined_more, more
from xroute.allocation_rules import Bools, Floats, Group, Ints, LimitRows, joined, limit
from xroute.allocation_stacking import stacked_problems, with_moves, without_first

ON_HAND = "on hand"
OPENING = "opening"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What ties the periods: `lead` periods of each first leg, EUR (w, k) and m3 (k) of a unit kept.

    `on_hand` units (w, k) at the start; `opening_eur` by warehouse, `None` where it is open in all periods
    or none; `is_open_before` by warehouse.
    """

    lead: Ints
    ordered_ahead: int
    keep_eur: Floats
    keep_m3: Floats
    on_hand: Floats
    opening_eur: Floats | None
    is_open_before: Bools


def over_periods(problems: Sequence[Problem], chain: Chain) -> tuple[Problem, Bools]:
    """The problems of all periods in one, and which first legs of all periods (in order) leave in time."""
    stack = stacked_problems(problems)
    base, count = problems[0], len(problems)
    p = replace(stack.problem, limits=_summed_caps([each.limits for each in problems], stack.problem.limits))
    period = np.repeat(np.arange(count), len(base.first))
    in_time = period - np.tile(chain.lead, count) >= -chain.ordered_ahead
    p = with_moves(without_first(p, in_time), _kept(base, count, chain))
    return _opened(_with_on_hand(p, base, chain), base, count, chain), in_time


def _kept(base: Problem, count: int, chain: Chain) -> Moves:
    site, product = (each.ravel() for each in np.indices((base.warehouses, base.products)))
    start = np.concatenate([t * base.warehouses + site for t in range(count - 1)] or [site[:0]])
    goods, store = np.tile(product, count - 1), np.tile(site, count - 1)
    return Moves(
        out_of=start, into=start + base.warehouses, product=goods, eur=chain.keep_eur[store, goods],
        co2e_kg=np.zeros(len(start)), m3=chain.keep_m3[goods],
    )  # fmt: skip


def _with_on_hand(p: Problem, base: Problem, chain: Chain) -> Problem:
    site, product = np.nonzero(chain.on_hand > 0.0)
    stock = more(
        ON_HAND, len(site), most=chain.on_hand[site, product], site=site, product=product, gives=1.0,
    )  # fmt: skip
    return replace(p, more=joined_more([p.more, stock]))


def _opened(p: Problem, base: Problem, count: int, chain: Chain) -> Problem:
    """Warehouses open over all periods, or by period with openings paid."""
    sites, ones = base.warehouses, np.ones(1)
    links = [p.links]
    if chain.opening_eur is None:
        for t in range(count - 1):
            for w in range(sites):
                both = np.array([t * sites + w, (t + 1) * sites + w])
                links.append(limit(Group(name="open over all periods"), least=0.0, most=0.0,
                                   sites=(both, np.array([1.0, -1.0]))))  # fmt: skip
        return replace(p, links=joined(links))
    every = np.arange(count * sites)
    openings = more(OPENING, count * sites, most=1.0, site=every, eur=np.tile(chain.opening_eur, count))
    first = p.flows
    for at in every:
        before = np.array([at, at - sites]) if at >= sites else np.array([at])
        value = np.array([1.0, -1.0])[: len(before)]
        most = float(chain.is_open_before[at]) if at < sites else 0.0
        links.append(limit(Group(name="an opening is paid"), most=most, sites=(before, value),
                           flows=(np.array([first + at]), -ones)))  # fmt: skip
    return replace(p, more=joined_more([p.more, openings]), links=joined(links))


def _summed_caps(parts: list[LimitRows], whole: LimitRows) -> LimitRows:
    """The limits with each cap of CO2e as one row over all periods."""
    size = len(parts[0])
    row = np.arange(len(whole))
    is_cap = np.array([group.is_cap for group in whole.groups], dtype=bool)
    into = np.where(is_cap, row % max(size, 1), row)
    kept, place = np.unique(into, return_inverse=True)
    groups = tuple(
        whole.groups[at] if whole.groups[at].is_cap or len(parts) == 1 else
        replace(whole.groups[at], name=f"{whole.groups[at].name} in period {at // max(size, 1) + 1}")
        for at in kept.tolist()
    )  # fmt: skip
    return replace(
        whole, groups=groups, least=whole.least[kept], most=whole.most[kept], row=place[whole.row],
        site_row=place[whole.site_row],
    )  # fmt: skip
