"""Checks of hubs: access, doubles, time zone and country."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

import numpy as np

from xroute.lines import MEAN_RADIUS_KM
from xroute.link_lines import Floats, Rows, unit_vectors
from xroute.lint_view import Finding, LintView
from xroute.schema import MODES

OWN_MODES = {
    "port": ("sea",), "airport": ("air",), "rail_terminal": ("rail",), "river_port": ("inland_waterway",),
    "border": ("rail", "road"),
}  # fmt: skip
ROAD_WITHIN_KM = 50.0
DOUBLE_WITHIN_KM = 0.5
_BLOCK = 256

# ISO 3166-1 alpha-2, and XK for Kosovo, which trade uses.
_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV
BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES
ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE
IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY
MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU
NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM
SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE
VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_CODES.split())


def no_access(view: LintView) -> Iterator[Finding]:
    """Hubs that nothing of their own mode reaches, and hubs without a road where others have one."""
    yield from _without_own_mode(view)
    yield from _without_road(view)


def _without_own_mode(view: LintView) -> Iterator[Finding]:
    by_any = view.reached_by(*MODES)
    reached = {kind: view.reached_by(*modes) for kind, modes in OWN_MODES.items()}
    for row in np.flatnonzero(view.judged_hubs & view.is_hub):
        kind = view.kind[row]
        if not reached.get(kind, by_any)[row]:
            wanted = " or ".join(OWN_MODES.get(kind, ("any mode",)))
            message = f"no link or service of {wanted} reaches {view.name(int(row))}, a hub of kind {kind}"
            mode = "" if kind not in OWN_MODES else OWN_MODES[kind][0]
            yield Finding(check="no_access", subject=view.ids[row], hubs=(view.ids[row],), mode=mode,
                          message=message, value=0, limit=1, unit="links")  # fmt: skip


def _without_road(view: LintView) -> Iterator[Finding]:
    by_road = view.reached_by("road")
    with_road = np.flatnonzero(view.is_hub & by_road)
    without = np.flatnonzero(view.is_hub & ~by_road & view.judged_hubs)
    for row, near, km in _nearest(view, without, with_road):
        if km <= ROAD_WITHIN_KM:
            message = f"no road, while {view.name(near)}, {km:,.1f} km away, has one"
            yield Finding(check="no_access", subject=f"road {view.ids[row]}", mode="road",
                          hubs=(view.ids[row], view.ids[near]), message=message, value=km,
                          limit=ROAD_WITHIN_KM, unit="km")  # fmt: skip


def _nearest(view: LintView, rows: Rows, others: Rows) -> Iterator[tuple[int, int, float]]:
    """The nearest of the others to each row, and the great circle in km."""
    if not len(others):
        return
    places = unit_vectors(view.hubs["lon"], view.hubs["lat"])
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        at = np.argmax(places[block] @ places[others].T, axis=1)
        km = _chord_km(np.linalg.norm(places[block] - places[others[at]], axis=1))
        yield from zip(block.tolist(), others[at].tolist(), km.tolist(), strict=True)


def _chord_km(chord: Floats) -> Floats:
    km: Floats = 2.0 * MEAN_RADIUS_KM * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0))
    return km


def doubled_hubs(view: LintView) -> Iterator[Finding]:
    """Two hubs of one kind at one place."""
    places = unit_vectors(view.hubs["lon"], view.hubs["lat"])
    lat = np.asarray(view.hubs["lat"])
    width = DOUBLE_WITHIN_KM / 110.0
    for kind in sorted(set(view.kind[view.is_hub].tolist())):
        rows = np.flatnonzero(view.kind == kind)
        rows = rows[np.argsort(lat[rows], kind="stable")]
        ends = np.searchsorted(lat[rows], lat[rows] + width, side="right")
        for at, end in enumerate(ends):
            others = rows[at + 1 : end]
            km = _chord_km(np.linalg.norm(places[others] - places[rows[at]], axis=1))
            for other, apart in zip(others[km <= DOUBLE_WITHIN_KM], km[km <= DOUBLE_WITHIN_KM], strict=True):
                if view.judged_hubs[other] or view.judged_hubs[rows[at]]:
                    yield _double(view, kind, (int(rows[at]), int(other)), float(apart))


def _double(view: LintView, kind: str, rows: tuple[int, int], km: float) -> Finding:
    first, second = sorted(rows)
    names = view.ids[first], view.ids[second]
    return Finding(
        check="duplicate", subject=" = ".join(names), hubs=names, value=km, limit=DOUBLE_WITHIN_KM, unit="km",
        message=f"two hubs of kind {kind}, {km:,.2f} km apart",
    )  # fmt: skip


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def unknown_timezone(view: LintView) -> Iterator[Finding]:
    """Hubs whose time zone is missing or not in the IANA database."""
    known = _timezones()
    for row in np.flatnonzero(view.judged_hubs):
        zone = view.hubs["timezone"][row]
        if zone not in known if zone and known else view.is_hub[row] and not zone:
            message = f"'{zone}' is no IANA time zone" if zone else "no time zone"
            yield Finding(
                check="unknown_timezone", subject=view.ids[row], hubs=(view.ids[row],), message=message
            )


def unknown_country(view: LintView) -> Iterator[Finding]:
    """Hubs without a country, and hubs and links with a code that ISO 3166 does not know."""
    for row in np.flatnonzero(view.judged_hubs):
        code = view.hubs["country"][row]
        if code not in COUNTRIES if code else view.is_hub[row]:
            message = f"'{code}' is no ISO 3166 code" if code else "no country"
            yield Finding(
                check="unknown_country", subject=view.ids[row], hubs=(view.ids[row],), message=message
            )
    for row in np.flatnonzero(view.judged_links):
        codes = [code.strip() for code in view.links["countries"][row].split(";") if code.strip()]
        if unknown := [code for code in codes if code not in COUNTRIES]:
            message = f"'{';'.join(unknown)}' is no ISO 3166 code"
            nan = float("nan")
            yield view.about_link("unknown_country", int(row), message, nan, nan, "")
