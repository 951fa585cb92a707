from __future__ import annotations

from pathlib import Path

import pytest

from xroute.errors import InputError
from xroute.plan_case import read_case

GOOD = """
title = "A case"
origins = ["Shenzhen, CN", [30.3, 120.1]]
warehouses = "warehouses.csv"
demand = "demand.csv"
products = "products.csv"

[scenario]
closed_passages = ["suez"]
carbon_price_eur_t = 80.0

[limits]
max_days = 12.0

[front]
points = 4
"""


def written(folder: Path, text: str = GOOD) -> Path:
    for name in ("warehouses", "demand", "products"):
        (folder / f"{name}.csv").write_text("id\n1\n", encoding="utf-8")
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_case_holds_its_settings_and_its_files(tmp_path: Path) -> None:
    case = read_case(written(tmp_path))
    assert case.origins == ("Shenzhen, CN", (30.3, 120.1))
    assert case.scenario.closed_passages == ("suez",)
    assert (case.limits.max_days, case.front_points) == (12.0, 4)
    assert [path.name for path in case.files] == [
        "scenario.toml",
        "warehouses.csv",
        "demand.csv",
        "products.csv",
    ]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ('title = "A case"', "", "title"),
        ('title = "A case"', "title = 7", "title"),
        ('origins = ["Shenzhen, CN", [30.3, 120.1]]', "origins = []", "origins"),
        ("[front]", "colour = 3\n[front]", "limits.colour"),
        ("points = 4", "points = 1", "front.points"),
        ("points = 4", 'points = "many"', "front.points"),
        ("points = 4", "pints = 4", "front.pints"),
        ("carbon_price_eur_t = 80.0", "carbon_price = 80.0", "scenario.carbon_price"),
        ("carbon_price_eur_t = 80.0", 'carbon_price_eur_t = "high"', "carbon_price_eur_t"),
        ("carbon_price_eur_t = 80.0", "carbon_price_eur_t = nan", "carbon_price_eur_t"),
        ("max_days = 12.0", "max_days = -1.0", "max_days"),
        ('demand = "demand.csv"', 'demand = "missing.csv"', "demand"),
        ("max_days = 12.0", 'max_days = "many"', "limits.max_days"),
        ("[front]", '[inventory]\ndemand_cv = "high"\n[front]', "inventory.demand_cv"),
        ("[front]", "[inventory]\nservise = 0.9\n[front]", "inventory.servise"),
        ("[front]", "[inventory]\nservice = 1.5\n[front]", "service"),
        ("[front]", "[disruption]\nn_minus_2 = true\n[front]", "disruption.n_minus_2"),
        ("[front]", "[disruption]\nmax_unserved = 2.0\n[front]", "max_unserved"),
        ('demand = "demand.csv"', 'demand = "demand.csv"\nfees = "missing.csv"', "fees"),
        ("[front]", "[periods]\ndays = 7.0\n[front]", "periods"),
        ("[front]", "[returns]\ninspection_eur = 1.0\n[front]", "returns"),
        ('demand = "demand.csv"', 'demand = "demand.csv"\ntransfers = true', "transfers"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, old: str, new: str, column: str) -> None:
    with pytest.raises(InputError) as caught:
        read_case(written(tmp_path, GOOD.replace(old, new)))
    assert caught.value.column == column


OPTIONS = """
[inventory]
service = 0.98
lead = "slowest"

[disruption]
max_unserved = 0.5
scenarios = [{ name = "strike", lost = ["WAW"], probability = 0.1 }]

[[limits.service]]
days = 3.0
share = 0.9
"""


def test_options_of_the_allocation_are_read_from_their_sections(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("[scenario]", 'fees = "fees.csv"\n\n[scenario]'))
    (tmp_path / "fees.csv").write_text("fee\n", encoding="utf-8")
    path.write_text(path.read_text("utf-8") + OPTIONS, encoding="utf-8")
    case = read_case(path)
    assert case.inventory is not None
    assert (case.inventory.service, case.inventory.lead) == (0.98, "slowest")
    assert case.disruption is not None
    assert case.disruption.scenarios[0]["lost"] == ["WAW"]
    assert case.limits.service == ({"days": 3.0, "share": 0.9},)
    assert case.fees == tmp_path / "fees.csv"
    assert case.fees in case.files


def test_a_case_without_options_has_none(tmp_path: Path) -> None:
    case = read_case(written(tmp_path))
    assert (case.fees, case.inventory, case.disruption) == (None, None, None)


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"scenario\.toml is no TOML"):
        read_case(written(tmp_path, "title = ["))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_case(tmp_path / "nothing.toml")
