"""Puts what an installed xroute needs into python/xroute/data: `python data/build/package.py`.

Compiles data/networks/global to an .xnet file and copies curated tables, factor packs and maps. Needs the
built extension, but none of the packages of requirements.txt.
"""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

from xroute.network import Network
from xroute.storage import package_data

ROOT = Path(__file__).resolve().parents[2]
GLOBAL = ROOT / "data" / "networks" / "global"
LINKS = ("links_sea", "links_rail", "links_ferry", "links_waterway", "links_road")
CURATED = (
    "modes",
    "hub_processes",
    "rates",
    "clearance",
    "customs_territories",
    "last_mile",
    "vessel_classes",
    "uncertainty",
    "load_models",
    "lint_reasons",
    "passages",
    "carbon_schemes",
    "policy_ets",
    "policy_exemptions",
    "policy_fueleu",
    "policy_prices",
)


def main() -> None:
    """Writes every file of the package data."""
    target = package_data()
    target.mkdir(exist_ok=True)
    compiled().save(target / "global.xnet")
    shutil.copyfile(GLOBAL / "maps" / "countries.geojson", target / "countries.geojson")
    _copy(ROOT / "data" / "curated", target / "curated", [f"{name}.csv" for name in CURATED])
    for pack in sorted((ROOT / "data" / "factors").iterdir()):
        if (pack / "pack.toml").is_file():
            _copy(pack, target / "factors" / pack.name, sorted(file.name for file in pack.iterdir()))


def compiled() -> Network:
    """The shipped network, built from its tables and ordered for searches."""
    network = Network.from_tables(
        hubs=_joined("hubs.csv", "junctions.csv"),
        links=_joined(*(f"{name}.csv" for name in LINKS)),
        services=GLOBAL / "services_air.csv",
        passages=GLOBAL / "passages.csv",
        notices=_notices(),
    )
    network.core.order()
    return network


def _joined(*names: str) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {}
    for name in names:
        with next(GLOBAL.rglob(name)).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for column, value in row.items():
                    columns.setdefault(column, []).append(value)
    return columns


def _notices() -> dict[str, str]:
    manifest = json.loads((GLOBAL / "manifest.json").read_text("utf-8"))
    sources = manifest["sources"].values()
    return {
        "vintage": manifest["vintage"],
        "licence": (ROOT / "data" / "networks" / "LICENSE-DATA.md")
        .read_text("utf-8")
        .splitlines()[0]
        .lstrip("# "),
        "credits": "; ".join(dict.fromkeys(source["credit"] for source in sources)),
        "sources": "; ".join(
            f"{source['title']} ({source['licence']}{', ' + source['version'] if source['version'] else ''})"
            for source in sources
        ),
        "files": "; ".join(f"{name} {facts['sha256']}" for name, facts in manifest["files"].items()),
    }


def _copy(source: Path, target: Path, names: list[str]) -> None:
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in names:
        shutil.copyfile(source / name, target / name)


if __name__ == "__main__":
    main()
