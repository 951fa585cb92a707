"""Inventory: pipeline and cycle stock by the unit, safety stock with risk pooling by warehouse and product.

Sets: warehouses w, zones c, products k, first legs f, deliveries d. Data: h EUR to hold one EUR of goods,
days_f of a first leg, cover_k weeks of stock, sigma_ck units of deviation in a period, lead_wk periods.
Variable: s_wk >= 0 units of safety stock.

    pipeline   h value_k days_f on each unit of a first leg
    cycle      h value_k cover_k on each unit that leaves a warehouse
    s_wk     = z sqrt(lead_wk) sqrt(sum_c (sigma_ck sum of x over d of (w, c, k) / demand_ck)^2)
    capacity   volume_k s_wk counts as stock of w, beside the mean of cover

A zone that two warehouses share brings each its share of the deviation; zones vary independently. The
right side is convex in x, so it is held from below by tangents, added where an answer underestimates it; the
answer's own s_wk and cost are exact, and the termination's gap holds what the tangents leave open (at most
the gap asked for, or 1e-6).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xroute.allocation_model import Problem
from xroute.allocation_more import Norms, joined_more, more
from xroute.allocation_rules import Floats, Group, LimitRows, joined

SAFETY = "safety stock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """`sigma` units (zones, products); `factor` z sqrt(lead) and `eur` of one unit (warehouses, products);
    `m3` of one unit by product."""

    sigma: Floats
    factor: Floats
    eur: Floats
    m3: Floats


def with_safety(problem: Problem, safety: Safety) -> Problem:
    """The problem with safety stock at every warehouse and product that some zone's deviation reaches."""
    p, d = problem, problem.delivery
    weight = safety.factor[d.warehouse, d.product] * safety.sigma[d.zone, d.product]
    used = np.flatnonzero((weight > 0.0) & (p.asked > 0.0))
    pair = d.warehouse[used] * p.products + d.product[used]
    pairs, norm = np.unique(pair, return_inverse=True)
    site, product = np.divmod(pairs, p.products)
    component_key = norm * len(p.demand) + d.zone[used]
    keys, component = np.unique(component_key, return_inverse=True)
    norm_of = keys // max(len(p.demand), 1)
    first_of = np.zeros(len(keys), dtype=np.int64)
    first_of[component] = used
    full = weight[first_of]
    most = np.sqrt(np.bincount(norm_of, full**2, minlength=len(pairs)))
    stock = more(
        SAFETY, len(pairs), most=most * (1.0 + 1e-9), site=site, product=product,
        eur=safety.eur[site, product], m3=safety.m3[product],
    )  # fmt: skip
    norms = Norms(
        governs=len(p.more) + np.arange(len(pairs)), norm_of=norm_of, component=component,
        flow=len(p.first) + used, value=weight[used] / p.asked[used],
    )  # fmt: skip
    found = replace(p, more=joined_more([p.more, stock]), norms=norms)
    return replace(found, links=joined([found.links, _full_tangents(found, most, full)]))


def _full_tangents(p: Problem, most: Floats, full: Floats) -> LimitRows:
    """The tangent of each norm where one warehouse serves all zones that it can."""
    norms = p.norms
    over = p.flows - len(p.more) + norms.governs
    slope = full[norms.component] / most[norms.norm_of[norms.component]]
    count = len(norms)
    return LimitRows(
        groups=(Group(name="safety stock"),) * count, least=np.full(count, -np.inf), most=np.zeros(count),
        row=np.concatenate([norms.norm_of[norms.component], np.arange(count)]),
        flow=np.concatenate([norms.flow, over]),
        value=np.concatenate([slope * norms.value, -np.ones(count)]),
    )  # fmt: skip
