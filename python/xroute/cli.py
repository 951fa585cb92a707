"""The command line: `xroute route | compare | matrix | footprint | factors | plan | network | doctor`.

Exit codes: 0 ok, 2 usage, 3 bad data, 4 no route or infeasible.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, ParamSpec

from xroute.errors import (
    AllocationError,
    AmbiguousPlaceError,
    IndicativeRateWarning,
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
network_app = typer.Typer(help="Look at a network, check it, build your own.", no_args_is_help=True)
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
Packs = Annotated[str, typer.Option("--packs", help="Factor packs to lay side by side, by commas, or: all.")]
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
    via: Annotated[str, typer.Option(help="What to pass, in order: hubs, passages, modes ...")] = "",
    max_hours: Annotated[float | None, typer.Option(help="Longest from door to door.")] = None,
    max_kg: Annotated[float | None, typer.Option(help="Most CO2e of the shipment.")] = None,
    max_eur: Annotated[float | None, typer.Option(help="Most transport money.")] = None,
    max_transhipments: Annotated[int | None, typer.Option(help="Most changes of vehicle.")] = None,
    load: Load = "",
    packs: Packs = "",
    scenario: ScenarioFile = None,
    network: NetworkFile = None,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """The best route between two places within the limits given, explained line by line."""
    from xroute import cli_output
    from xroute.network import Network
    from xroute.shipment import Shipment

    goods = Shipment(mass_kg=mass_kg, volume_m3=volume_m3, value_eur=value_eur, load=load or None)
    found = Network.load(network).route(
        origin, destination, shipment=goods, minimise=minimise, scenario=cli_output.scenario_from(scenario),
        modes=names(modes) or None, avoid=names(avoid), via=names(via), max_duration_h=max_hours,
        max_co2e_kg=max_kg, max_cost_eur=max_eur, max_transhipments=max_transhipments,
    )  # fmt: skip
    if packs:
        from xroute import cli_footprint

        cli_footprint.show_packs(found.footprint, names(packs), output, as_json=as_json)
        return
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
    chain: Annotated[
        Path, typer.Argument(help="A table of transport chain elements; or `validate` and an iLEAP record.")
    ],
    record: Annotated[Path | None, typer.Argument(help="The JSON file to validate.")] = None,
    factors: Annotated[str, typer.Option(help="Factor pack by name or folder.")] = "desnz-2025",
    packs: Packs = "",
    report: Annotated[Path | None, typer.Option(help="Write the report: .md, .html or .xlsx.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Tell the arithmetic of every element.")] = False,
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """The footprint of a transport chain, one row an element (kind, mode, vehicle_class, mass_kg, ...).

    `xroute footprint validate FILE` recomputes somebody else's iLEAP record and lists every finding with the
    expected value; it exits with 3 where something is wrong.
    """
    from xroute import cli_output

    if record is not None:
        from xroute import cli_footprint

        if str(chain) != "validate":
            raise typer.BadParameter(f"'{chain}': with a second file only `validate` is known")
        raise typer.Exit(cli_footprint.check_record(record, output, as_json=as_json))
    found = cli_output.chain_footprint(chain, factors)
    if report is not None:
        found.report(title=f"Greenhouse gas report of {chain.stem}").save(report)
    if packs:
        from xroute import cli_footprint

        cli_footprint.show_packs(found, names(packs), output, as_json=as_json)
    elif explain:
        cli_output.print_text(found.explain())
    else:
        cli_output.show_footprint(found, output, as_json=as_json)


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
    """Counts by kind and mode, passages, vintage, sources and licences of a network."""
    from xroute import cli_network, cli_output
    from xroute.network import Network

    facts = cli_network.facts(Network.load(network), network)
    if as_json:
        typer.echo(cli_output.to_json(facts))
    else:
        cli_network.print_info(facts)


Land = Annotated[
    Path | None, typer.Option("--land", help="Land polygons finer than the shipped map, any map file.")
]
Allow = Annotated[
    Path | None, typer.Option("--allow", help="A table of known findings: check, subject, reason.")
]


@network_app.command("lint")
@answers
def network_lint(
    network: NetworkFile = None,
    land: Land = None,
    allow: Allow = None,
    as_json: AsJson = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Write all findings: .csv, .parquet, .xlsx or .html."),
    ] = None,
) -> None:
    """Land crossings, gaps, detours, hubs without access; exit code 3 while a finding has no reason."""
    from xroute import cli_network, cli_output
    from xroute.network import Network

    report = Network.load(network).lint(land=land, allow=allow)
    if output:
        cli_network.write_lint(report, output)
    if as_json:
        typer.echo(cli_output.to_json(cli_network.lint_facts(report)))
    else:
        cli_network.print_lint(report, is_shipped=network is None)
    if not report.is_clean:
        raise typer.Exit(BAD_DATA)


@network_app.command("build")
@answers
def network_build(
    output: Annotated[Path, typer.Option("-o", "--output", help="The .xnet file to write.")],
    hubs: Annotated[Path | None, typer.Option(help="Hubs: hub_id, lat, lon, kind, ...")] = None,
    links: Annotated[
        Path | None, typer.Option(help="Links: origin, destination, mode, distance_km, ...")
    ] = None,
    services: Annotated[Path | None, typer.Option(help="Services: origin, destination, mode, ...")] = None,
    transfers: Annotated[Path | None, typer.Option(help="Transfers: hub_id, from_mode, to_mode, ...")] = None,
    passages: Annotated[
        Path | None,
        typer.Option(help="Passages: passage_id, name, default_closed, line ('lon lat;lon lat')."),
    ] = None,
    polygons: Annotated[
        Path | None, typer.Option(help="Zones to close, GeoJSON: zone_id, and perhaps name, closed, modes.")
    ] = None,
    base: Annotated[str, typer.Option(help="What to add to: shipped, none, or an .xnet file.")] = "shipped",
    land: Land = None,
    allow: Allow = None,
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing while a finding is open.")] = False,
    as_json: AsJson = False,
) -> None:
    """Your own hubs, links, services, transfers, passages and zones added to a network, and checked."""
    from xroute import cli_network, cli_output

    cli_network.check_target(output)
    files = {"hubs": hubs, "links": links, "services": services, "transfers": transfers,
             "passages": passages, "polygons": polygons}  # fmt: skip
    made = cli_network.built(base, files, land=land, allow=allow)
    is_written = made.lint.is_clean or not strict
    if is_written:
        made.network.save(output)
    if as_json:
        typer.echo(cli_output.to_json(cli_network.build_facts(made, output, is_written=is_written)))
    else:
        cli_network.print_build(made, output, is_written=is_written)
    if not is_written:
        raise typer.Exit(BAD_DATA)


@factors_app.command("list")
@answers
def factors_list(as_json: AsJson = False) -> None:
    """The shipped factor packs, and the user's in the folders of XROUTE_FACTOR_PACKS."""
    from xroute import cli_factors

    cli_factors.show_packs(as_json=as_json)


PackName = Annotated[str, typer.Argument(help="A pack by name, or the path of its folder.")]


@factors_app.command("show")
@answers
def factors_show(
    pack: PackName,
    mode: Annotated[str, typer.Option("--mode", help="Only this mode, or hub.")] = "",
    as_json: AsJson = False,
    output: Output = None,
) -> None:
    """What a pack answers for each vehicle class and hub process, and whose figures they are."""
    from xroute import cli_factors

    cli_factors.show_pack(pack, mode, output, as_json=as_json)


@factors_app.command("check")
@answers
def factors_check(pack: PackName, as_json: AsJson = False) -> None:
    """Whether a pack is sound (exit code 3 where it is not), and what a reader should know."""
    from xroute import cli_factors

    cli_factors.check_pack(pack, as_json=as_json)


@factors_app.command("diff")
@answers
def factors_diff(before: PackName, after: PackName, as_json: AsJson = False, output: Output = None) -> None:
    """Where two packs answer differently, the largest change first."""
    from xroute import cli_factors

    cli_factors.show_difference(before, after, output, as_json=as_json)


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
    """The entry point of the `xroute` command; what rests on an indicative rate is marked in its output."""
    warnings.simplefilter("ignore", IndicativeRateWarning)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
