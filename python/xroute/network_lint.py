"""What a planner would check first in a network: every finding open, or listed with its reason."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute import lint_components, lint_detour, lint_hubs, lint_land, lint_links, schema
from xroute.errors import InputError
from xroute.lint_view import Finding, LintView, Scope
from xroute.storage import package_data
from xroute.table import Table
from xroute.tables import read_table

if TYPE_CHECKING:
    from xroute.network import Network

CHECKS = (
    "land_crossing", "components", "detour", "no_access", "shorter_than_geodesic", "asymmetric",
    "zero_length", "duplicate", "unknown_timezone", "unknown_country",
)  # fmt: skip
_LONGEST_CELL = 30_000
OPEN, LISTED = "open", "listed"
_BY_VIEW: tuple[Callable[[LintView], Iterator[Finding]], ...] = (
    lint_links.ratios, lint_detour.longer_than_way_round, lint_hubs.no_access,
    lint_links.shorter_than_geodesic, lint_links.asymmetric, lint_links.zero_length, lint_links.doubled_links,
    lint_hubs.doubled_hubs, lint_hubs.unknown_timezone, lint_hubs.unknown_country,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """Findings of all checks.

    `findings` has one row a finding: check, subject, hubs, mode, value, limit, unit, message, lat and lon (of
    land crossings), status (open or listed), reason. `components` has one row a mode: components with a hub,
    hubs, largest_hubs, outside_hubs. `unused_reasons` are findings of the caller's table that are there no
    more.
    """

    findings: Table
    components: Table
    unused_reasons: Table

    @property
    def open_count(self) -> int:
        """How many findings have no reason yet."""
        return sum(status == OPEN for status in self.findings["status"])

    @property
    def is_clean(self) -> bool:
        """Whether every finding is listed with its reason."""
        return self.open_count == 0

    def summary(self) -> Table:
        """One row a check: how many findings are open, how many listed."""
        counts = Counter(zip(self.findings["check"].tolist(), self.findings["status"].tolist(), strict=True))
        return Table(
            {
                "check": list(CHECKS),
                OPEN: [counts[check, OPEN] for check in CHECKS],
                LISTED: [counts[check, LISTED] for check in CHECKS],
            }
        )

    def first_open(self, check: str, *, most: int = 10) -> list[dict[str, Any]]:
        """The first open findings of a check."""
        rows = (row for row in self.findings.rows() if row["check"] == check and row["status"] == OPEN)
        return [row for row, _ in zip(rows, range(most), strict=False)]


def lint(
    network: Network, *, land: str | Path | None = None, allow: Any = None, scope: Scope | None = None
) -> LintReport:
    """Checks a network: `CHECKS` names them all.

    `land` is a file of land polygons finer than the shipped map (anything that geopandas reads). `allow` is a
    table of known findings with their reason, added to the shipped one: check, subject, reason. `*` in a
    subject stands for anything; an area "west south east north" in degrees bounds land crossings. `scope`
    limits the judged rows, for tables that were added to a network.
    Raises `InputError` for a table or a file that cannot be used, `MissingExtraError` without shapely.
    """
    listed = [] if allow is None else list(_read_reasons(allow))
    view = LintView(network, scope)
    parts = lint_components.every_mode(view)
    found = [*lint_land.land_crossing(view, land), *lint_components.components(view, parts)]
    for check in _BY_VIEW:
        found += check(view)
    order = {check: at for at, check in enumerate(CHECKS)}
    found.sort(key=lambda finding: order[finding.check])  # stable: rows stay in the order of the tables
    return _report(found, listed, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reason:
    check: str
    subject: str
    reason: str
    area: tuple[float, float, float, float] | None

    @property
    def is_exact(self) -> bool:
        """Whether it names one subject, wherever that is."""
        return "*" not in self.subject and self.area is None

    def fits(self, finding: Finding) -> bool:
        """Whether the reason is about this subject, in this place."""
        if self.area is not None:
            west, south, east, north = self.area
            if not (west <= finding.lon <= east and south <= finding.lat <= north):
                return False
        pattern = ".*".join(map(re.escape, self.subject.split("*")))
        return re.fullmatch(pattern, finding.subject, re.DOTALL) is not None


def _shipped_reasons() -> list[_Reason]:
    return list(_read_reasons(package_data("curated", "lint_reasons.csv")))


def _read_reasons(source: Any) -> Iterator[_Reason]:
    table = schema.check("lint_reasons", read_table(source, table="lint_reasons"))
    areas = table.get("area", [""] * len(table["check"]))
    columns = (table["check"], table["subject"], table["reason"], areas)
    for row, (check, subject, reason, area) in enumerate(zip(*columns, strict=True), 1):
        if check not in CHECKS:
            message = f"'{check}' is none of: {', '.join(CHECKS)}"
            raise InputError(message, table="lint_reasons", row=row, column="check")
        yield _Reason(check=check, subject=subject, reason=reason, area=_area(area, row))


def _area(text: str, row: int) -> tuple[float, float, float, float] | None:
    if not text.strip():
        return None
    try:
        west, south, east, north = map(float, text.split())
    except ValueError:
        message = f"expected 'west south east north' in degrees, got '{text}'"
        raise InputError(message, table="lint_reasons", row=row, column="area") from None
    return west, south, east, north


def _report(
    found: Sequence[Finding], listed: Sequence[_Reason], parts: Sequence[lint_components.ModeParts]
) -> LintReport:
    exact, patterns = {}, defaultdict(list)
    for reason in [*_shipped_reasons(), *listed]:
        if reason.is_exact:
            exact[reason.check, reason.subject] = reason
        else:
            patterns[reason.check].append(reason)
    fitting = [
        exact.get((finding.check, finding.subject))
        or next((each for each in patterns[finding.check] if each.fits(finding)), None)
        for finding in found
    ]
    used = set(fitting)
    texts = [reason.reason if reason else "" for reason in fitting]
    unused = [reason for reason in listed if reason not in used]
    return LintReport(
        findings=_findings_table(found, texts), components=_components_table(parts),
        unused_reasons=Table({name: [getattr(each, name) for each in unused]
                              for name in ("check", "subject", "reason")}),
    )  # fmt: skip


def _findings_table(found: Sequence[Finding], reasons: Sequence[str]) -> Table:
    return Table(
        {
            "check": [each.check for each in found],
            "subject": [each.subject for each in found],
            "hubs": [_listed(each.hubs) for each in found],
            "mode": [each.mode for each in found],
            "value": [round(each.value, 3) for each in found],
            "limit": [round(each.limit, 3) for each in found],
            "unit": [each.unit for each in found],
            "message": [each.message for each in found],
            "lat": [round(each.lat, 3) for each in found],
            "lon": [round(each.lon, 3) for each in found],
            "status": [LISTED if reason else OPEN for reason in reasons],
            "reason": list(reasons),
        }
    )


def _listed(ids: Sequence[str]) -> str:
    """Ids with `;`, cut where a spreadsheet cell would end."""
    text = ";".join(ids)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL].rpartition(';')[0]};..."


def _components_table(parts: Sequence[lint_components.ModeParts]) -> Table:
    return Table(
        {
            "mode": [each.mode for each in parts],
            "components": [len(each.parts) for each in parts],
            "hubs": [each.hubs for each in parts],
            "largest_hubs": [each.largest for each in parts],
            "outside_hubs": [each.hubs - each.largest for each in parts],
        }
    )
