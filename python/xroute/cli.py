"""The command line: `xroute route | compare | matrix | footprint | factors | plan | network | doctor`.

Exit codes: 0 ok, 2 usage, 3 bad data, 4 no route or infeasible.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

from xroute.errors import (
    AllocationError,
    AmbiguousPlaceError,
    MissingExtraError,
    NoRouteError,
    UnknownPlaceError,
    XrouteError,
)

try:
    import typer
except ImportError as error:  # pragma: no cover - the extra is missing
    raise SystemExit("xroute: the command line needs typer and rich: pip install 'xroute[cli]'") from error

OK, USAGE, BAD_DATA, INFEASIBLE = 0, 2, 3, 4
P = ParamSpec("P")

app = typer.Typer(
    name="xroute", help="Freight routes with money, time and carbon. Offline.", no_args_is_help=True,
    add_completion=False, pretty_exceptions_enable=False,
    rich_markup_mode=None,
)  # fmt: skip
network_app = typer.Typer(help="Look at a network.", no_args_is_help=True)
factors_app = typer.Typer(help="Look at emission factor packs.", no_args_is_help=True)
app.add_typer(network_app, name="network")
app.add_typer(factors_app, name="factors")

Mass = Annotated[float, typer.Option("--mass-kg", help="Mass with packaging, kg.")]
Volume = Annotated[float, typer.Option("--volume-m3", help="Outer volume, m3.")]
Value = Annotated[float, typer.Option("--value-eur", help="Value of the goods, EUR.")]
Modes = Annotated[str, typer.Option("--modes", help="Allowed modes, separated by commas.")]
Avoid = Annotated[
    str, typer.Option("--avoid", help="Passages, hubs, countries or modes to avoid, by commas.")
]
ScenarioFile = Annotated[Path | None, typer.Option("--scenario", help="A TOML file with a [scenario] table.")]
NetworkFile = Annotated[
    Path | None, typer.Option("--network", help="An .xnet file instead of the shipped network.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write a table: .csv, .parquet or .xlsx.")
]
Ready = Annotated[datetime | None, typer.Option("--ready", help="Ready, local time at the origin.")]
Due = Annotated[datetime | None, typer.Option("--due", help="Due, local time at the destination.")]
Load = Annotated[str, typer.Option("--load", help="LCL, FCL, or nothing for the better one.")]


def answers(command: Callable[P, None]) -> Callable[P, None]:
    """Turns errors into one line on stderr and an exit code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (NoRouteError, AllocationError) as error:
            _stop(error, INFEASIBLE)
        except (UnknownPlaceError, AmbiguousPlaceError, MissingExtraError) as error:
            _stop(error, USAGE)
        except XrouteError as error:
            _stop(error, BAD_DATA)

    return run


def _stop(error: Exception, code: int) -> None:
    typer.echo(f"xroute: {error}", err=True)
    raise typer.Exit(code)


def names(text: str) -> tuple[str, ...]:
    """Parts of a list with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


@app.command()
@answers
def route(
    origin: str,
    destination: str,
    mass_kg: Mass,
    volume_m3: Volume = 0.0,
    value_eur: Value = 0.0,
    minimise: Annotated[str, typer.Option(help="cost, time, co2e, distance or generalised.")] = "cost",
    modes: Modes = "",
    avoid: Avoid = "",
    load: Load = "",
    scenario: ScenarioFile = None,
    network: NetworkFile = None,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """The best route between two places, explained line by line."""
    from xroute import cli_output
    from xroute.network import Network
    from xroute.shipment import Shipment

    goods = Shipment(mass_kg=mass_kg, volume_m3=volume_m3, value_eur=value_eur, load=load or None)
    found = Network.load(network).route(
        origin, destination, shipment=goods, minimise=minimise, scenario=cli_output.scenario_from(scenario),
        modes=names(modes) or None, avoid=names(avoid),
    )  # fmt: skip
    if output:
        cli_output.write_table(found.table(), output)
    typer.echo(cli_output.to_json(cli_output.route_facts(found)) if as_json else found.explain())


@app.command()
@answers
def compare(
    origin: str,
    destination: str,
    mass_kg: Mass,
    volume_m3: Volume = 0.0,
    value_eur: Value = 0.0,
    modes: Modes = "",
    avoid: Avoid = "",
    load: Load = "",
    ready: Ready = None,
    due: Due = None,
    detail: Annotated[bool, typer.Option("--all", help="Every set of modes on the front.")] = False,
    scenario: ScenarioFile = None,
    network: NetworkFile = None,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """The ways between two places on one screen: cost, days, kg CO2e, and what a saved day costs."""
    from xroute import cli_output
    from xroute.compare import compare as compare_ways
    from xroute.network import Network
    from xroute.shipment import Shipment

    goods = Shipment(
        mass_kg=mass_kg, volume_m3=volume_m3, value_eur=value_eur, load=load or None, ready=ready, due=due
    )
    found = compare_ways(
        Network.load(network), origin, destination, shipment=goods,
        scenario=cli_output.scenario_from(scenario), modes=names(modes) or None, avoid=names(avoid),
        detail=detail,
    )  # fmt: skip
    if output:
        cli_output.write_table(found.table(), output)
    if as_json:
        typer.echo(cli_output.to_json(cli_output.comparison_facts(found)))
    else:
        cli_output.print_comparison(found)


@app.command()
@answers
def matrix(
    origins: Annotated[str, typer.Argument(help="Places, separated by ';'.")],
    destinations: Annotated[str, typer.Argument(help="Places, separated by ';'.")],
    mass_kg: Mass,
    volume_m3: Volume = 0.0,
    minimise: Annotated[str, typer.Option(help="cost, time, co2e, distance or generalised.")] = "cost",
    modes: Modes = "",
    avoid: Avoid = "",
    scenario: ScenarioFile = None,
    network: NetworkFile = None,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """A best route for every pair, as a table of one row a pair."""
    from xroute import cli_output
    from xroute.network import Network
    from xroute.shipment import Shipment

    found = Network.load(network).matrix(
        _places(origins), _places(destinations), shipment=Shipment(mass_kg=mass_kg, volume_m3=volume_m3),
        minimise=minimise, scenario=cli_output.scenario_from(scenario), modes=names(modes) or None,
        avoid=names(avoid),
    )  # fmt: skip
    cli_output.show_table(cli_output.matrix_table(found), output, as_json=as_json)


def _places(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


@app.command()
@answers
def footprint(
    chain: Annotated[Path, typer.Argument(help="A CSV, Parquet or XLSX table of transport chain elements.")],
    factors: Annotated[str, typer.Option(help="Factor pack by name or folder.")] = "desnz-2025",
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """The footprint of a transport chain, one row an element (kind, mode, vehicle_class, mass_kg, ...)."""
    from xroute import cli_output

    cli_output.show_footprint(cli_output.chain_footprint(chain, factors), output, as_json=as_json)


@app.command()
@answers
def plan(
    scenario: Annotated[Path, typer.Argument(help="The scenario.toml of a case.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for the plan.")] = Path("out/plan"),
    as_json: AsJson = False,
) -> None:
    """Decides warehouses, first legs and zones, and writes tables, map, report and audit record."""
    from xroute import cli_output
    from xroute.plan import Plan
    from xroute.storage import check_replaceable

    check_replaceable(output)  # before the work, not after it
    made = Plan.run(scenario, progress=lambda step: typer.echo(f"xroute: {step}", err=True))
    made.save(output)
    if as_json:
        typer.echo(cli_output.to_json(dict(made.kpis)))
    else:
        cli_output.print_plan(made, output)


@network_app.command("info")
@answers
def network_info(network: NetworkFile = None, as_json: AsJson = False) -> None:
    """Counts, passages, vintage and licences of a network."""
    from xroute import cli_output
    from xroute.network import Network

    facts = cli_output.network_facts(Network.load(network))
    if as_json:
        typer.echo(cli_output.to_json(facts))
    else:
        cli_output.print_facts("Network", facts)


@factors_app.command("list")
@answers
def factors_list(as_json: AsJson = False) -> None:
    """The shipped factor packs with publisher, vintage and licence."""
    from xroute import cli_output

    cli_output.show_table(cli_output.packs_table(), None, as_json=as_json)


@app.command()
@answers
def doctor(as_json: AsJson = False) -> None:
    """Versions, data vintage, checksums and what is missing."""
    from xroute import cli_output
    from xroute.doctor import findings

    facts = findings()
    if as_json:
        typer.echo(cli_output.to_json(facts))
    else:
        cli_output.print_facts("xroute doctor", facts)
    if facts["problems"]:
        raise typer.Exit(BAD_DATA)


def main() -> None:
    """The entry point of the `xroute` command."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
