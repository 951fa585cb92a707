"""Who may import whom (STYLE: where things live); imports run downward only."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python" / "xroute"
CRATES = ROOT / "crates"
MODULES = {path.stem: ast.parse(path.read_text("utf-8")) for path in PACKAGE.glob("*.py")}

FOUNDATION = {"errors", "extras", "storage", "schema", "table", "tables"}
FACES = {"cli", "cli_factors", "cli_footprint", "cli_network", "cli_output", "__main__"}
OUTPUTS = {"plan", "report", "workbook"}
HEAVY = ("geopandas", "matplotlib", "networkx", "ortools", "pandas", "polars", "pyarrow", "pydantic", "typer")


def names(tree: ast.AST, *, only_at_import: bool = False) -> set[str]:
    """Every module that the tree imports at run time, by `import`, `from` or `need(...)`."""
    return {name for node in run_time(tree, only_at_import) for name in imported(node)}


def run_time(tree: ast.AST, only_at_import: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        is_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        is_deferred = only_at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        if not is_for_types and not is_deferred:
            yield node
            yield from run_time(node, only_at_import)


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module == "xroute":
        return [f"xroute.{alias.name}" for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    loads = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    if loads and node.func.id in ("need", "import_module") and isinstance(node.args[0], ast.Constant):
        return [str(node.args[0].value)]
    return []


def own(tree: ast.AST, *, only_at_import: bool = False) -> set[str]:
    parts = (name.split(".") for name in names(tree, only_at_import=only_at_import))
    return {part[1] for part in parts if part[0] == "xroute" and len(part) > 1 and part[1] in MODULES}


def importers(package: str) -> set[str]:
    return {
        module
        for module, tree in MODULES.items()
        if any(name.split(".")[0] == package for name in names(tree))
    }


def test_only_allocation_modules_import_ortools() -> None:
    assert {module for module in importers("ortools") if not module.startswith("allocation")} == set()


def test_only_maps_imports_geopandas() -> None:
    assert importers("geopandas") <= {"maps"}


def test_nothing_imports_highspy_which_cannot_share_a_process_with_ortools() -> None:
    assert importers("highspy") == set()


def test_the_foundation_stands_on_itself() -> None:
    upward = {module: own(MODULES[module]) - FOUNDATION for module in FOUNDATION}
    assert {module: found for module, found in upward.items() if found} == {}


def test_only_the_command_line_imports_the_command_line() -> None:
    assert {module for module, tree in MODULES.items() if own(tree) & FACES} <= FACES


def test_what_answers_does_not_load_what_draws() -> None:
    below = {module for module in MODULES if module not in OUTPUTS | FACES and not is_drawing(module)}
    upward = {module: own(MODULES[module], only_at_import=True) & OUTPUTS for module in below}
    assert {module: found for module, found in upward.items() if found} == {}


def is_drawing(module: str) -> bool:
    return module.startswith(("report", "workbook", "plan", "chart", "map"))


def test_modules_load_without_circles() -> None:
    graph = {module: own(tree, only_at_import=True) - {"__init__"} for module, tree in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(circle.args[1]))


def test_import_xroute_loads_numpy_and_the_core_only() -> None:
    code = "import sys, xroute; print([name for name in sys.argv[1:] if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def rust(crate: str) -> Iterator[tuple[str, str]]:
    for path in sorted((CRATES / crate).rglob("*.rs")):
        code = re.sub(r"//[^\n]*", "", path.read_text("utf-8"))
        yield path.relative_to(ROOT).as_posix(), code


def places(crate: str, pattern: str) -> list[str]:
    found = [path for path, code in rust(crate) if re.search(pattern, code)]
    manifest = re.sub(r"#[^\n]*", "", (CRATES / crate / "Cargo.toml").read_text("utf-8"))
    return found + ([f"crates/{crate}/Cargo.toml"] if re.search(pattern, manifest) else [])


@pytest.mark.parametrize("crate", ["xroute-core", "xroute-io"])
def test_only_the_border_crate_names_pyo3(crate: str) -> None:
    assert places(crate, r"\bpyo3\b|\bnumpy\b") == []


def test_the_core_touches_no_file_and_prints_nothing() -> None:
    assert places("xroute-core", r"std::(fs|io|net|process)\b|\b(e?print(ln)?|dbg)!") == []


def test_the_core_knows_no_file_format() -> None:
    assert places("xroute-core", r"\bxroute[_-]io\b") == []


@pytest.mark.parametrize("crate", ["xroute-core", "xroute-io", "xroute-py"])
def test_own_code_holds_no_unsafe_block(crate: str) -> None:
    assert [path for path, code in rust(crate) if re.search(r"\bunsafe\s*(\{|fn\b|impl\b)", code)] == []
