"""What is installed, how old the data is, and what is missing."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from typing import Any

from xroute import _core
from xroute.storage import package_data

EXTRAS = {
    "plan": ("ortools", "pydantic"),
    "maps": ("geopandas", "matplotlib", "bokeh", "jinja2"),
    "tables": ("pyarrow", "python-calamine", "xlsxwriter"),
    "cli": ("typer", "rich"),
}


def findings() -> dict[str, Any]:
    """Facts by name; `problems` lists what will not work and what would mend it."""
    problems: list[str] = []
    if _core.IS_DEBUG_BUILD:
        problems.append(
            "the core is a debug build and many times slower: build it with `maturin develop --release`"
        )
    facts: dict[str, Any] = {
        "xroute": _core.__version__,
        "python": platform.python_version(),
        "numpy": _version("numpy"),
        "network format": _core.FORMAT_VERSION,
    }
    for extra, packages in EXTRAS.items():
        versions = {name: _version(name) for name in packages}
        facts[f"extra {extra}"] = ", ".join(
            f"{name} {version or 'missing'}" for name, version in versions.items()
        )
        missing = [name for name, version in versions.items() if not version]
        if missing:
            problems.append(f"{', '.join(missing)} missing: pip install 'xroute[{extra}]'")
    facts["network sha256"] = _sha256("global.xnet", problems)
    facts["problems"] = problems
    return facts


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _sha256(name: str, problems: list[str]) -> str:
    try:
        return hashlib.sha256(package_data(name).read_bytes()).hexdigest()
    except OSError:
        problems.append(f"the shipped network {name} is missing: reinstall xroute")
        return "missing"
