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
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, old: str, new: str, column: str) -> None:
    with pytest.raises(InputError) as caught:
        read_case(written(tmp_path, GOOD.replace(old, new)))
    assert caught.value.column == column


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"scenario\.toml is no TOML"):
        read_case(written(tmp_path, "title = ["))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_case(tmp_path / "nothing.toml")
