"""Returns: which warehouse takes back what, what is made good there and sent out again.

Sets: zones c, products k, warehouses w. Variables, units a period: q_cwk sent back from c to w; r_wk made
good at w and delivered again. Data: rate_k, the share of delivered units that comes back.

    sum_w q_cwk            = rate_k demand_ck         everything that comes back goes somewhere
    q_cwk                 <= rate_k demand_ck y_w     nothing to a closed warehouse
    q_cwk                  = rate_k x_cwk             only with `same_warehouse`
    r_wk                  <= share sum_c q_cwk        what can be made good
    sum_k r_wk            <= capacity_w
    r_wk                   enters the balance of (w, k) beside the first legs

Cost: q (way back + inspection + disposal) + r (refurbishing - disposal), EUR; q emits as on the way out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xroute.allocation_model import Problem
from xroute.allocation_more import joined_more, more
from xroute.allocation_rules import Bools, Floats, Group, Ints, LimitRows, joined, limit

RETURNED = "returned"
REFURBISHED = "refurbished"
PRICE_EUR = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysBack:
    """Where units may be sent back: zone, warehouse, product, EUR and kg CO2e a unit, inspection included.

    `rate` is by product; `capacity` of refurbishing by warehouse, units a period, may be inf.
    """

    zone: Ints
    warehouse: Ints
    product: Ints
    eur: Floats
    co2e_kg: Floats
    rate: Floats
    share: float
    refurbish_eur: float
    disposal_eur: float
    capacity: Floats
    is_same: bool = False


def with_returns(problem: Problem, ways: WaysBack, names: list[str] | None = None) -> Problem:
    """The problem with returns; `names` are those of warehouses, for limits of refurbishing capacity."""
    p = problem
    asked = ways.rate[ways.product] * p.demand[ways.zone, ways.product]
    kept = np.flatnonzero(asked > 0.0)
    sent = more(
        RETURNED, len(kept), most=asked[kept], site=ways.warehouse[kept], zone=ways.zone[kept],
        product=ways.product[kept], eur=ways.eur[kept] + ways.disposal_eur, co2e_kg=ways.co2e_kg[kept],
        is_tied=True,
    )  # fmt: skip
    pairs, at = np.unique(sent.site * p.products + sent.product, return_inverse=True)
    most = ways.share * np.bincount(at, sent.most, minlength=len(pairs))
    site, product = np.divmod(pairs, p.products)
    good = more(
        REFURBISHED, len(pairs) if ways.share > 0.0 else 0,
        **({"most": most, "site": site, "product": product} if ways.share > 0.0 else {"most": 0.0}),
        eur=ways.refurbish_eur - ways.disposal_eur, gives=1.0, is_tied=True,
    )  # fmt: skip
    first_sent = p.flows
    first_good = first_sent + len(sent)
    links = [p.links, _all_back(p, ways.rate, sent.zone, sent.product, first_sent)]
    if ways.is_same:
        links.append(_same(p, ways.rate, (sent.site, sent.zone, sent.product), first_sent))
    limits = [p.limits]
    if len(good):
        links.append(_made_good(at, len(pairs), ways.share, (first_sent, first_good)))
        limits += _capacity(good.site, ways.capacity, first_good, names)
    return replace(p, more=joined_more([p.more, sent, good]), links=joined(links), limits=joined(limits))


def _all_back(p: Problem, rate: Floats, zone: Ints, product: Ints, first: int) -> LimitRows:
    """Everything that comes back goes somewhere; a demand without a way back makes it infeasible."""
    due = rate[None, :] * p.demand
    asked = np.flatnonzero(due.ravel() > 0.0)
    row = np.searchsorted(asked, zone * p.products + product)
    ones = np.ones(len(zone))
    return _links("units sent back", row, first + np.arange(len(zone)), ones, due.ravel()[asked])


def _same(p: Problem, rate: Floats, at: tuple[Ints, Ints, Ints], first: int) -> LimitRows:
    """What comes back goes to the warehouse that sent it: one row for each warehouse, zone and product."""
    size = len(p.demand)

    def key(warehouse: Ints, zone: Ints, product: Ints) -> Ints:
        return np.asarray((warehouse * size + zone) * p.products + product, dtype=np.int64)

    back, out = key(*at), key(p.delivery.warehouse, p.delivery.zone, p.delivery.product)
    returned: Bools = rate[p.delivery.product] * p.asked > 0.0
    keys, row = np.unique(np.concatenate([back, out[returned]]), return_inverse=True)
    flow = np.concatenate([first + np.arange(len(back)), len(p.first) + np.flatnonzero(returned)])
    value = np.concatenate([np.ones(len(back)), -rate[p.delivery.product[returned]]])
    return _links("returns to the warehouse that sent them", row, flow, value, np.zeros(len(keys)))


def _made_good(at: Ints, pairs: int, share: float, first: tuple[int, int]) -> LimitRows:
    flow = np.concatenate([first[0] + np.arange(len(at)), first[1] + np.arange(pairs)])
    row = np.concatenate([at, np.arange(pairs)])
    value = np.concatenate([np.full(len(at), -share), np.ones(pairs)])
    rows = _links("units made good", row, flow, value, np.zeros(pairs))
    return replace(rows, least=np.full(pairs, -np.inf))


def _capacity(site: Ints, capacity: Floats, first: int, names: list[str] | None) -> list[LimitRows]:
    found = []
    for w in np.flatnonzero(np.isfinite(capacity)):
        here = first + np.flatnonzero(site == w)
        name = names[w] if names else f"warehouse {w + 1}"
        group = Group(name=f"refurbishing capacity of {name}", price_eur=PRICE_EUR)
        found.append(limit(group, most=float(capacity[w]), flows=(here, np.ones(len(here)))))
    return found


def _links(name: str, row: Ints, flow: Ints, value: Floats, equal: Floats) -> LimitRows:
    """Rows that equal something, of one name."""
    return LimitRows(
        groups=(Group(name=name),) * len(equal), least=equal, most=equal.copy(),
        row=np.asarray(row, dtype=np.int64), flow=np.asarray(flow, dtype=np.int64), value=value,
    )  # fmt: skip
