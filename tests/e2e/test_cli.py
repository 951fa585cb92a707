"""The command line: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner, Result

from toy_network import toy
from xroute.cli import app

OK, USAGE, BAD_DATA, INFEASIBLE = 0, 2, 3, 4
GOODS = ("--mass-kg", "1200", "--volume-m3", "6.4", "--value-eur", "48000")
LEIPZIG = ("compare", "Shenzhen, CN", "Leipzig, DE", *GOODS)
ISLAND = ("Auckland, NZ", "Leipzig, DE", *GOODS, "--modes", "rail")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def facts(*words: str) -> Any:
    answer = run(*words, "--json")
    assert answer.exit_code == OK, answer.stderr
    return json.loads(answer.stdout)


@pytest.fixture(scope="module")
def toy_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("toy") / "toy.xnet"
    toy().save(path)
    return str(path)


@pytest.fixture(scope="module")
def options() -> dict[str, dict[str, Any]]:
    """The options from Shenzhen to Leipzig by main haul."""
    return {each["modes"].split("+")[0]: each for each in facts(*LEIPZIG)["options"]}


@pytest.fixture(scope="module")
def screen() -> str:
    """What the comparison from Shenzhen to Leipzig prints, in one line."""
    answer = run(*LEIPZIG)
    assert answer.exit_code == OK, answer.stderr
    return " ".join(answer.stdout.split())


# --- compare ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("modes", ["sea+road", "rail+road", "air+road"])
def test_sea_rail_and_air_with_road_are_on_the_front(options: dict[str, dict[str, Any]], modes: str) -> None:
    assert options[modes.split("+")[0]]["modes"] == modes


def test_air_emits_at_least_ten_times_as_much_as_sea(options: dict[str, dict[str, Any]]) -> None:
    assert options["air"]["wtw_co2e_kg"] >= 10 * options["sea"]["wtw_co2e_kg"]


def test_rail_lies_between_sea_and_air_in_days(options: dict[str, dict[str, Any]]) -> None:
    air, rail, sea = (options[mode]["duration_h"] for mode in ("air", "rail", "sea"))
    assert air < rail < sea


def test_rail_lies_between_sea_and_air_in_carbon(options: dict[str, dict[str, Any]]) -> None:
    sea, rail, air = (options[mode]["wtw_co2e_kg"] for mode in ("sea", "rail", "air"))
    assert sea < rail < air


def test_options_add_up(options: dict[str, dict[str, Any]]) -> None:
    for option in options.values():
        assert sum(line[2] for line in option["cost_lines"]) == pytest.approx(option["cost_eur"], rel=1e-9)
        emitted = option["wtt_co2e_kg"] + option["ttw_co2e_kg"]
        assert emitted == pytest.approx(option["wtw_co2e_kg"], rel=1e-9)


@pytest.mark.parametrize(
    "text",
    [
        "sea+road",
        "rail+road",
        "air+road",
        "EUR/saved day",
        "EUR/saved kg",
        "WTT + TTW",
        "volume won",
        "mass won",
        "first and last mile",
        "customs 36 h",
        "container-ship",
        "sfd km x 1.15",
        "gcd km",
        "dominated options",
        "indicative",
        "duty, VAT and landed cost are not in it",
    ],
)
def test_one_screen_says_what_a_planner_asks(screen: str, text: str) -> None:
    assert text in screen


def test_without_the_red_sea_hamburg_is_thousands_of_km_further() -> None:
    sea = ("route", "CNYTN", "DEHAM", *GOODS, "--modes", "sea")
    base, avoiding = facts(*sea), facts(*sea, "--avoid", "suez,bab_el_mandeb")
    assert 4_000 <= avoiding["distance_km"] - base["distance_km"] <= 7_500
    assert "suez" in base["passages"]
    assert "cape_good_hope" in avoiding["passages"]


@pytest.mark.parametrize("command", ["compare", "route"])
def test_rail_alone_from_an_island_is_infeasible_and_says_why(command: str) -> None:
    answer = run(command, *ISLAND)
    assert answer.exit_code == INFEASIBLE
    assert answer.stdout == ""
    assert "modes limited to rail" in answer.stderr


def test_a_place_compared_with_itself_is_one_place_and_no_fault(toy_file: str) -> None:
    answer = run("compare", "C1", "C1", *GOODS, "--network", toy_file)
    assert answer.exit_code == OK
    assert "origin and destination are one place" in answer.stdout


def test_all_sets_of_modes_are_listed_on_request(toy_file: str) -> None:
    found = facts("compare", "C1", "C2", *GOODS, "--network", toy_file, "--all")
    assert [option["modes"] for option in found["options"]] == ["sea+road", "rail+road", "air+road"]


# --- route --------------------------------------------------------------------------------------------


def test_a_route_is_explained_line_by_line(toy_file: str) -> None:
    answer = run("route", "C1", "C2", *GOODS, "--network", toy_file)
    assert "sea freight, Alpha port, CN - Beta port, DE (indicative)" in answer.stdout


@pytest.mark.parametrize(("minimise", "main"), [("cost", "sea"), ("time", "air"), ("co2e", "rail")])
def test_a_route_minimises_what_it_is_told(toy_file: str, minimise: str, main: str) -> None:
    found = facts("route", "C1", "C2", *GOODS, "--network", toy_file, "--minimise", minimise)
    assert main in found["mode_chain"]


def test_the_load_may_be_named(toy_file: str) -> None:
    assert facts("route", "C1", "C2", *GOODS, "--network", toy_file, "--load", "FCL")["load"] == "FCL"


def test_a_scenario_file_closes_passages(toy_file: str, tmp_path: Path) -> None:
    scenario = tmp_path / "red-sea.toml"
    scenario.write_text('[scenario]\nname = "Red Sea closed"\nclosed_passages = ["suez"]\n', encoding="utf-8")
    found = facts("route", "CNAAA", "DEBBB", *GOODS, "--network", toy_file, "--modes", "sea",
                  "--scenario", str(scenario))  # fmt: skip
    assert found["passages"] == ["cape"]


# --- files --------------------------------------------------------------------------------------------


def test_a_comparison_is_written_as_csv(toy_file: str, tmp_path: Path) -> None:
    path = tmp_path / "ways.csv"
    assert run("compare", "C1", "C2", *GOODS, "--network", toy_file, "-o", str(path)).exit_code == OK
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["modes"] for row in csv.DictReader(file)] == ["sea+road", "rail+road", "air+road"]


def test_a_route_is_written_as_parquet(toy_file: str, tmp_path: Path) -> None:
    path = tmp_path / "legs.parquet"
    assert run("route", "C1", "C2", *GOODS, "--network", toy_file, "-o", str(path)).exit_code == OK
    assert pq.read_table(path)["mode"].to_pylist() == ["road", "sea", "road"]


def test_a_matrix_is_written_as_a_workbook(toy_file: str, tmp_path: Path) -> None:
    path = tmp_path / "matrix.xlsx"
    assert (
        run("matrix", "C1;CNAAA", "C2;C3", *GOODS[:4], "--network", toy_file, "-o", str(path)).exit_code == OK
    )
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert [row[:3] for row in sheet[1:]] == [
        ["C1", "C2", "ok"],
        ["C1", "C3", "no_route"],
        ["CNAAA", "C2", "ok"],
        ["CNAAA", "C3", "no_route"],
    ]


def test_a_refused_answer_writes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "ways.csv"
    assert run("compare", *ISLAND, "-o", str(path)).exit_code == INFEASIBLE
    assert not path.exists()


@pytest.mark.parametrize("name", ["ways.docx", "ways"])
def test_a_file_of_an_unknown_kind_is_bad_data(toy_file: str, tmp_path: Path, name: str) -> None:
    answer = run("compare", "C1", "C2", *GOODS, "--network", toy_file, "-o", str(tmp_path / name))
    assert answer.exit_code == BAD_DATA
    assert not (tmp_path / name).exists()


# --- matrix, network, doctor, footprint ---------------------------------------------------------------


def test_a_matrix_has_one_row_a_pair(toy_file: str) -> None:
    pairs = facts("matrix", "C1; CNAAA", "C2; C3", *GOODS[:4], "--network", toy_file)
    assert [(row["origin"], row["destination"], row["status"]) for row in pairs] == [
        ("C1", "C2", "ok"),
        ("C1", "C3", "no_route"),
        ("CNAAA", "C2", "ok"),
        ("CNAAA", "C3", "no_route"),
    ]


def test_a_pair_without_a_route_has_null_numbers(toy_file: str) -> None:
    assert facts("matrix", "C1", "C3", *GOODS[:4], "--network", toy_file)[0]["cost_eur"] is None


def test_the_network_counts_what_is_in_it(toy_file: str) -> None:
    found = facts("network", "info", "--network", toy_file)
    assert (found["hubs"], found["links"], found["services"]) == (10, 10, 2)


def test_the_shipped_network_names_its_licence() -> None:
    assert "ODbL-1.0" in facts("network", "info")["licence"]


def test_the_doctor_finds_nothing_wrong() -> None:
    assert facts("doctor")["problems"] == []


def test_the_factor_packs_are_listed() -> None:
    assert "desnz-2025" in [pack["id"] for pack in facts("factors", "list")]


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    path = tmp_path / "chain.csv"
    path.write_text(
        "kind,mass_kg,mode,vehicle_class,distance_km,distance_basis,process\n"
        "transport,1200,road,artic_truck,394,sfd,\n"
        "hub,1200,,,,,port_to_land\n"
        "transport,1200,sea,container_ship,18678,sfd,\n",
        encoding="utf-8",
    )
    return path


def test_a_chain_has_one_line_an_element(chain: Path) -> None:
    assert len(facts("footprint", str(chain))) == 3


def test_the_total_of_a_chain_is_the_sum_of_its_lines(chain: Path) -> None:
    lines = facts("footprint", str(chain))
    total = sum(line["wtt_co2e_kg"] + line["ttw_co2e_kg"] for line in lines)
    shown = run("footprint", str(chain)).stdout.split("total")[1]
    assert f"{total:,.3f}" in shown


def test_a_footprint_is_written_as_csv(chain: Path, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    assert run("footprint", str(chain), "-o", str(path)).exit_code == OK
    with path.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 3


# --- exit codes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("fly",),
        ("route", "C1"),
        ("route", "C1", "C2"),
        ("route", "C1", "C2", "--mass-kg", "heavy"),
        ("route", "C1", "C2", "--mass-kg", "1", "--no-such-option"),
        ("route", "Leipzg, DE", "DEHAM", "--mass-kg", "1"),
        ("route", "Springfield, US", "DEHAM", "--mass-kg", "1"),
    ],
)
def test_what_cannot_be_understood_is_usage(words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == USAGE


@pytest.mark.parametrize(
    "words",
    [
        ("--mass-kg", "-1"),
        ("--mass-kg", "nan"),
        ("--mass-kg", "inf"),
        ("--mass-kg", "1", "--volume-m3", "-1"),
        ("--mass-kg", "1", "--modes", "hovercraft"),
        ("--mass-kg", "1", "--avoid", "no-such-passage"),
        ("--mass-kg", "1", "--minimise", "money"),
        ("--mass-kg", "1", "--load", "PTL"),
    ],
)
def test_a_value_that_means_nothing_is_bad_data(toy_file: str, words: tuple[str, ...]) -> None:
    answer = run("route", "C1", "C2", *words, "--network", toy_file)
    assert answer.exit_code == BAD_DATA
    assert answer.stderr.startswith("xroute: ")


@pytest.mark.parametrize(
    "text",
    [
        "closed_passages = [",
        "closed_passage = ['suez']",
        "closed_passages = ['no-such-passage']",
        "closed_passages = 5",
        "delays_h = 3",
        "carbon_price_eur_t = 'high'",
        "carbon_price_eur_t = nan",
        "factor_pack = 'no-such-pack'",
        "speeds = {hovercraft = 2}",
    ],
)
def test_a_scenario_that_means_nothing_is_bad_data(toy_file: str, tmp_path: Path, text: str) -> None:
    scenario = tmp_path / "scenario.toml"
    scenario.write_text(f"{text}\n", encoding="utf-8")
    answer = run("route", "C1", "C2", *GOODS, "--network", toy_file, "--scenario", str(scenario))
    assert answer.exit_code == BAD_DATA, answer.exception


@pytest.mark.parametrize("content", [b"", b"not a network", None], ids=["empty", "foreign", "missing"])
def test_a_broken_network_is_bad_data(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "net.xnet"
    if content is not None:
        path.write_bytes(content)
    assert run("network", "info", "--network", str(path)).exit_code == BAD_DATA


def test_a_chain_that_is_no_table_is_bad_data(tmp_path: Path) -> None:
    assert run("footprint", str(tmp_path / "missing.csv")).exit_code == BAD_DATA


def test_an_unknown_place_suggests_others() -> None:
    answer = run("route", "Leipzg, DE", "DEHAM", "--mass-kg", "1")
    assert "did you mean Leipzig, DE" in answer.stderr


def test_the_module_runs_as_a_program() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "xroute", "factors", "list", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == OK
    assert json.loads(answer.stdout)
