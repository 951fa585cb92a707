"""A plan: an allocation with its routes, legs, cost and emission lines, figures and an audit record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xroute.price_warnings import tells_indicative
from xroute.storage import writing_folder
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.allocation import Allocation
    from xroute.network import Network
    from xroute.plan_case import Case

Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Which warehouses open, how they are filled and whom they serve, with what it costs and emits a month.

    `tables` are first_legs, deliveries, warehouses, routes, legs, zones, cost_lines and footprint_lines;
    `front` is cost against CO2e. Totals in `kpis` are the sums of the lines.
    """

    title: str
    scenario_name: str
    tables: dict[str, Table]
    front: Table
    kpis: dict[str, float | str]
    assumptions: list[str]
    attribution: list[str]
    audit: dict[str, Any]
    allocation: Allocation

    @classmethod
    @tells_indicative
    def run(
        cls, source: str | Path | Case, *, net: Network | None = None, progress: Progress | None = None
    ) -> Plan:
        """Makes the plan of a scenario.toml, or of a `Case`.

        Raises `InputError` for what cannot be read and `AllocationError` where no plan keeps the limits.
        """
        from xroute.plan_case import Case, read_case
        from xroute.plan_run import made

        case = source if isinstance(source, Case) else read_case(source)
        return made(case, net, progress or (lambda _: None))

    def save(self, folder: str | Path, *, progress: Progress | None = None) -> Path:
        """Writes tables (Parquet and CSV), plan.xlsx, map.png, plan.html and audit.json, whole or not at all.

        Raises `MissingExtraError` that names the extra to install.
        """
        import json

        from xroute import maps, report, workbook

        tell = progress or (lambda _: None)
        with writing_folder(folder) as draft:
            tell("tables")
            for name, table in {**self.tables, "front": self.front}.items():
                table.to_csv(draft / f"{name}.csv")
                table.to_parquet(draft / f"{name}.parquet")
            workbook.write(self, draft / "plan.xlsx")
            tell("map")
            maps.plan_map(self, draft / "map.png")
            tell("report")
            (draft / "plan.html").write_text(report.render(self), encoding="utf-8")
            record = json.dumps(self.audit, indent=2, ensure_ascii=False, allow_nan=False)
            (draft / "audit.json").write_text(record + "\n", encoding="utf-8")
        return Path(folder)

    def __repr__(self) -> str:
        cost, tonnes = float(self.kpis["total_cost_eur"]), float(self.kpis["emissions_co2e_t"])
        return f"<Plan {self.title!r}: {cost:,.0f} EUR and {tonnes:,.1f} t CO2e a month>"
