"""Checks of single links and pairs of them: lengths, ratios, opposite directions, doubles."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from xroute.link_lines import Floats
from xroute.lint_view import Finding, Flags, LintView

SHORTEST_RATIO = 0.999
SLACK_KM = 0.05
MOST_ASYMMETRY = 1.10
MOST_RATIO = {"sea": 1.5, "rail": 2.0, "road": 2.5, "inland_waterway": 3.0, "ferry": 1.5}
"""Longest plausible link over great circle by mode; team estimate, medium confidence."""
RATIO_SLACK_KM = 10.0


def shorter_than_geodesic(view: LintView) -> Iterator[Finding]:
    """Links and services shorter than the geodesic between their ends; links of 0 km have their own check."""
    for km, least, row in _short(
        view.distance_km, view.geodesic_km, view.judged_links & (view.distance_km > 0)
    ):
        message = f"{km:,.2f} km where the geodesic is {least:,.2f} km"
        yield view.about_link("shorter_than_geodesic", row, message, km, least * SHORTEST_RATIO, "km")
    services = view.services
    for km, least, row in _short(services["distance_km"], view.service_geodesic_km, view.judged_services):
        yield Finding(
            check="shorter_than_geodesic", subject=view.service_ids[row], mode=services["mode"][row],
            hubs=(services["origin"][row], services["destination"][row]),
            value=km, limit=least * SHORTEST_RATIO, unit="km",
            message=f"{km:,.2f} km where the geodesic is {least:,.2f} km",
        )  # fmt: skip


def _short(km: Floats, least_km: Floats, judged: Flags) -> Iterator[tuple[float, float, int]]:
    with np.errstate(invalid="ignore"):
        found = judged & (km < least_km * SHORTEST_RATIO) & (km < least_km - SLACK_KM)
    for row in np.flatnonzero(found):
        yield float(km[row]), float(least_km[row]), int(row)


def zero_length(view: LintView) -> Iterator[Finding]:
    """Links of 0 km between distinct hubs."""
    found = view.judged_links & (view.distance_km <= 0.0) & (view.origin != view.destination)
    for row in np.flatnonzero(found):
        message = f"0 km between hubs that are {view.geodesic_km[row]:,.2f} km apart"
        yield view.about_link("zero_length", int(row), message, 0.0, view.geodesic_km[row], "km")


def ratios(view: LintView) -> Iterator[Finding]:
    """Links much longer than the great circle between their ends."""
    most = np.array([MOST_RATIO.get(mode, np.inf) for mode in view.link_mode])
    km, least = view.distance_km, view.geodesic_km
    with np.errstate(invalid="ignore"):
        found = view.judged_links & (km > most * least + RATIO_SLACK_KM)
    for row in np.flatnonzero(found):
        ratio = km[row] / max(least[row], 1e-3)
        message = f"{km[row]:,.1f} km, {ratio:,.2f} times the great circle of {least[row]:,.1f} km"
        yield view.about_link("detour", int(row), message, ratio, most[row], "ratio")


def asymmetric(view: LintView) -> Iterator[Finding]:
    """One-way links there and back whose distances differ."""
    oneway = np.asarray(view.links["oneway"], dtype=bool)
    by_pair: dict[tuple[str, int, int], list[int]] = defaultdict(list)
    for row in np.flatnonzero(oneway & (view.origin != view.destination)):
        by_pair[view.link_mode[row], int(view.origin[row]), int(view.destination[row])].append(int(row))
    for (mode, start, end), rows in by_pair.items():
        back = by_pair.get((mode, end, start), [])
        if start > end or not back:
            continue
        there, again = (min(each, key=lambda row: view.distance_km[row]) for each in (rows, back))
        low, high = sorted(float(view.distance_km[row]) for row in (there, again))
        is_judged = view.judged_links[there] or view.judged_links[again]
        if is_judged and high > low * MOST_ASYMMETRY:
            longer = there if view.distance_km[there] == high else again
            message = f"{high:,.1f} km one way and {low:,.1f} km the other"
            yield view.about_link(
                "asymmetric", longer, message, high / max(low, 1e-3), MOST_ASYMMETRY, "ratio"
            )


def doubled_links(view: LintView) -> Iterator[Finding]:
    """Links of one mode, gauge and vehicle class between the same hubs with the same distance."""
    oneway, gauge = view.links["oneway"], np.nan_to_num(view.links["gauge_mm"])
    metres = np.round(view.distance_km * 1000.0)
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row, (start, end) in enumerate(zip(view.origin.tolist(), view.destination.tolist(), strict=True)):
        kind = view.link_mode[row], gauge[row], view.links["vehicle_class"][row], metres[row]
        groups[start, end, *kind].append(row)
        if not oneway[row] and start != end:
            groups[end, start, *kind].append(row)
    seen: set[tuple[int, ...]] = set()
    for rows in groups.values():
        key = tuple(rows)
        if len(rows) < 2 or key in seen or not view.judged_links[rows].any():
            continue
        seen.add(key)
        message = f"{len(rows)} links of {view.distance_km[rows[0]]:,.1f} km between the same hubs"
        yield view.about_link("duplicate", rows[-1], message, len(rows), 1, "links")
