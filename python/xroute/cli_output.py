"""How answers look on a terminal: rich tables, JSON, files."""

from __future__ import annotations

import json
import math
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table as Screen

from xroute.errors import InputError
from xroute.factors import basis_of
from xroute.scenario import Scenario
from xroute.table import Table

if TYPE_CHECKING:
    from xroute.compare import Comparison, Option
    from xroute.footprint import Footprint
    from xroute.matrix import Matrix
    from xroute.plan import Plan
    from xroute.route import Route

MOST_ROWS_SHOWN = 40


def scenario_from(path: Path | None) -> Scenario:
    """The `[scenario]` table of a TOML file, or the everyday scenario."""
    if path is None:
        return Scenario()
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}", table="scenario") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} is no TOML: {error}", table="scenario") from error
    facts = content.get("scenario", content)
    known = set(Scenario.__dataclass_fields__)
    if unknown := sorted(set(facts) - known):
        message = f"unknown key; known: {', '.join(sorted(known))}"
        raise InputError(message, table="scenario", column=unknown[0])
    given: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()
    }
    return Scenario(**given)


def to_json(facts: Any) -> str:
    """JSON without NaN: missing numbers are null."""
    return json.dumps(_clean(facts), indent=2, ensure_ascii=False, allow_nan=False)


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [_clean(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_table(table: Table, path: Path) -> None:
    """Writes a table by the ending of the path."""
    writers = {".csv": "to_csv", ".parquet": "to_parquet", ".xlsx": "to_excel"}
    if path.suffix not in writers:
        raise InputError(f"'{path.suffix}' is none of: {', '.join(writers)}", column="output")
    path.parent.mkdir(parents=True, exist_ok=True)
    getattr(table, writers[path.suffix])(path)


def show_table(table: Table, output: Path | None, *, as_json: bool) -> None:
    """Prints a table, or writes it where a path was given."""
    if output:
        write_table(table, output)
    if as_json:
        rows = [{name: table[name][row] for name in table.columns} for row in range(len(table))]
        print_text(to_json(rows))
    elif not output:
        screen = Screen()
        for name in table.columns:
            screen.add_column(name, overflow="fold")
        for row in range(min(len(table), MOST_ROWS_SHOWN)):
            screen.add_row(*(_cell(table[name][row]) for name in table.columns))
        Console().print(screen)
        if len(table) > MOST_ROWS_SHOWN:
            print_text(f"... and {len(table) - MOST_ROWS_SHOWN} more rows; -o writes them all")


def print_text(text: str) -> None:
    """Plain text on standard output, whatever brackets it holds."""
    Console(soft_wrap=True).print(text, markup=False, highlight=False)


def _cell(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return "-" if not math.isfinite(value) else f"{value:,.2f}"
    return str(value)


def route_facts(route: Route) -> dict[str, Any]:
    """A route as plain values for JSON."""
    return {
        "origin": route.origin,
        "destination": route.destination,
        "mode_chain": route.mode_chain,
        "load": route.load,
        "cost_eur": route.cost_eur,
        "indicative": route.is_indicative,
        "carbon_charge_eur": route.carbon_charge_eur,
        "time_value_eur": route.time_value_eur,
        "generalised_eur": route.generalised_eur,
        "duration_h": route.duration_h,
        "duration_low_h": route.duration_low_h,
        "duration_high_h": route.duration_high_h,
        "distance_km": route.distance_km,
        "line_km": route.line_km,
        "passages": route.passages,
        "wtt_co2e_kg": route.footprint.wtt_co2e_kg,
        "ttw_co2e_kg": route.footprint.ttw_co2e_kg,
        "wtw_co2e_kg": route.footprint.wtw_co2e_kg,
        "chargeable": {mode: list(each) for mode, each in route.chargeable.items()},
        "legs": [
            {
                "mode": leg.mode,
                "origin": leg.origin,
                "destination": leg.destination,
                "distance_km": leg.distance_km,
                "duration_h": leg.duration_h,
                "cost_eur": leg.cost_eur,
                "wtw_co2e_kg": leg.wtw_co2e_kg,
                "passages": leg.passages,
            }
            for leg in route.legs
        ],
        "cost_lines": [
            [line.what, line.entity, round(line.amount_eur, 4), line.is_indicative]
            for line in route.cost_lines
        ],
    }


def comparison_facts(found: Comparison) -> dict[str, Any]:
    """A comparison as plain values for JSON."""
    return {
        "origin": found.origin,
        "destination": found.destination,
        "options": [
            route_facts(option.route)
            | {"modes": option.route.main_modes, "eur_per_saved_day": option.eur_per_saved_day,
               "eur_per_saved_kg": option.eur_per_saved_kg,
                "status": "late" if option.is_late else "ok", "alternatives": option.alternatives}
            for option in found.options
        ],
        "front_size": found.front_size,
        "dominated": len(found.dominated),
        "is_complete": found.is_complete,
        "assumptions": found.assumptions,
    }  # fmt: skip


def print_comparison(found: Comparison) -> None:
    """The comparison on one screen."""
    console = Console(width=max(Console().width, 112))
    goods = found.shipment
    console.print(
        f"{found.origin} to {found.destination}: {goods.mass_kg:,.0f} kg"
        + (f", {goods.volume_m3:,.1f} m3" if goods.volume_m3 else "")
        + (f", {goods.value_eur:,.0f} EUR" if goods.value_eur else ""), markup=False, highlight=False,
    )  # fmt: skip
    screen = Screen(box=None, pad_edge=False, header_style="bold")
    screen.add_column("way")
    for title in (
        "transport EUR",
        "days low-likely-high",
        "kg CO2e",
        "WTT + TTW",
        "EUR/saved day",
        "EUR/saved kg",
    ):
        screen.add_column(title, justify="right")
    for option in found.options:
        screen.add_row(*_option_cells(option))
    console.print(screen)
    for option in found.options:
        for line in _details(option.route):
            console.print(line, markup=False, highlight=False)
    more = f"{found.front_size} routes on the front, {len(found.dominated)} dominated options not shown"
    console.print(more, markup=False, highlight=False)
    for note in found.assumptions:
        console.print(f"- {note}", markup=False, highlight=False)


def _option_cells(option: Option) -> list[str]:
    route = option.route
    total = route.footprint
    hours = (route.duration_low_h, route.duration_h, route.duration_high_h)
    days = " - ".join(f"{each / 24:.1f}" for each in hours)
    days += " late" if option.is_late else ""
    more = f" (+{option.alternatives - 1})" if option.alternatives > 1 else ""
    return [
        f"{route.main_modes} {route.load}{more}",
        f"{route.cost_eur:,.0f}{'*' if route.is_indicative else ''}",
        days,
        f"{total.wtw_co2e_kg:,.0f}",
        f"{total.wtt_co2e_kg:,.0f} + {total.ttw_co2e_kg:,.0f}",
        "-" if option.eur_per_saved_day is None else f"{option.eur_per_saved_day:,.0f}*",
        "-" if option.eur_per_saved_kg is None else f"{option.eur_per_saved_kg:,.2f}*",
    ]


def _details(route: Route) -> list[str]:
    """Way, charged weight, first and last mile, customs and factor of one option, in three lines."""
    if not route.legs:
        return [f"{route.origin_name}: origin and destination are one place"]
    hubs = [stop.name for stop in route.stops]
    main = route.main_haul
    km = route.distance_by_mode[main]
    charged = route.chargeable.get(main)
    unit = {"w_m": "W/M (t or m3)", "kg_chargeable": "kg", "t_chargeable": "t"}
    weight = (
        f"charged on {charged.quantity:,.6g} {unit.get(charged.unit, charged.unit)}, {charged.won} won; "
        if charged else ""
    )  # fmt: skip
    ends = [leg for leg in (route.legs[0], route.legs[-1]) if leg.mode == "road" and main != "road"]
    miles = " and ".join(f"{leg.distance_km:,.0f}" for leg in ends)
    lines = [line for line in route.footprint.lines if line.distance_km and line.mode == main]
    factor = max(lines, key=lambda line: line.distance_km)
    through = f" through {', '.join(route.passages)}" if route.passages else ""
    adjusted = f" x {factor.adjustment:g} to {basis_of(factor.factor)}" if factor.adjustment != 1 else ""
    return [
        f"{route.main_modes}: {' > '.join(hubs)}{through}",
        f"    {main} {km:,.0f} km, {weight}"
        + (f"first and last mile {miles} km by road; " if miles else "")
        + f"customs {route.clearance.hours:.0f} h",
        f"    emission factor {factor.factor.factor_id} ({factor.factor.pack_id}), "
        f"{factor.distance_basis} km{adjusted}",
        f"    {_carbon_facts(route)}",
    ]


def _carbon_facts(route: Route) -> str:
    """Range, data quality and emissions trading of a route in one line."""
    found = route.footprint.range()
    quality = ", ".join(
        f"{share:.0%} {name}" for name, share in route.footprint.data_quality.items() if share
    )
    bill = route.policy()
    star = "*" if bill.is_indicative else ""
    return (
        f"{found.low_kg:,.0f} - {found.central_kg:,.0f} - {found.high_kg:,.0f} kg CO2e, {quality} figures; "
        f"emissions trading {bill.ets_eur:,.2f}{star} EUR"
    )


def print_plan(plan: Plan, folder: Path) -> None:
    """The key figures of a plan and where its files are."""
    print_facts(plan.title, dict(plan.kpis))
    print_text(f"written to {folder}: plan.html, plan.xlsx, map.png, audit.json and the tables")


def print_facts(title: str, facts: dict[str, Any]) -> None:
    """Names and values in two columns."""
    screen = Screen(title=title, box=None, show_header=False, title_justify="left", title_style="bold")
    screen.add_column(style="dim")
    screen.add_column(overflow="fold")
    for name, value in facts.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else _cell(value)
        screen.add_row(str(name).replace("_", " "), shown or "none")
    Console().print(screen)


def matrix_table(found: Matrix) -> Table:
    """One row a pair."""
    origins = np.repeat(found.origins, len(found.destinations))
    destinations = np.tile(found.destinations, len(found.origins))
    return Table(
        {
            "origin": origins,
            "destination": destinations,
            "status": np.where(np.isnan(found.cost_eur.ravel()), "no_route", "ok"),
            "load": found.load.ravel(),
            "cost_eur": found.cost_eur.ravel(),
            "duration_h": found.duration_h.ravel(),
            "distance_km": found.distance_km.ravel(),
            "wtw_co2e_kg": found.wtw_co2e_kg.ravel(),
        }
    )


def chain_footprint(path: Path, factors: str) -> Footprint:
    """The footprint of a chain in a table."""
    from xroute.chain import TransportChain

    return TransportChain.from_table(path).footprint(factors=factors)


def show_footprint(found: Footprint, output: Path | None, *, as_json: bool) -> None:
    """The lines and the total; files and JSON get every column, the terminal the ones that fit."""
    if as_json or output:
        show_table(found.table(), output, as_json=as_json)
        return
    screen = Screen(box=None, pad_edge=False, header_style="bold")
    screen.add_column("element", overflow="fold")
    for title in ("kg", "km", "WTT kg CO2e", "TTW kg CO2e", "WTW kg CO2e"):
        screen.add_column(title, justify="right")
    screen.add_column("factor", overflow="fold")
    for line in found.lines:
        km = f"{line.distance_km:,.0f} {line.distance_basis}" if line.distance_km else "-"
        amounts = (line.wtt_co2e_kg, line.ttw_co2e_kg, line.wtt_co2e_kg + line.ttw_co2e_kg)
        name = f"{line.factor.factor_id} ({line.factor.category})"
        screen.add_row(line.element, f"{line.mass_kg:,.0f}", km, *(f"{each:,.3f}" for each in amounts), name)
    total = (found.wtt_co2e_kg, found.ttw_co2e_kg, found.wtw_co2e_kg)
    screen.add_row("total", "", "", *(f"{each:,.3f}" for each in total), "", style="bold")
    Console(width=max(Console().width, 112)).print(screen)
