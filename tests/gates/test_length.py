"""Files and functions stay short enough to be read at once (STYLE: size)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("python", "crates", "data/build", "tests", "benches")
LONGEST_FILE = 600
LONGEST_FUNCTION = 60

FN = re.compile(r"\bfn\s+(\w+)")
# Strings, characters and comments may hold braces that open nothing; a lifetime is no character.
QUIET = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(\#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?'(?:\\(?:x..|u\{[^}]*\}|.)|[^'\\\n])'""",
    re.DOTALL,
)


def sources(*suffixes: str) -> list[Path]:
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    return sorted(path for path in found if "target" not in path.parts)


def python_functions(text: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def rust_functions(text: str) -> Iterator[tuple[str, int]]:
    code = QUIET.sub(lambda quiet: "\n" * quiet[0].count("\n"), text)
    for found in FN.finditer(code):
        body = re.compile(r"[{;]").search(code, found.end())
        if body and body[0] == "{":
            end = closing_brace(code, body.start())
            yield found[1], code.count("\n", found.start(), end) + 1


def closing_brace(code: str, start: int) -> int:
    depth = 0
    for brace in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(code)


def test_the_gate_counts_lines_of_python_and_rust_functions() -> None:
    assert dict(python_functions("def a():\n    x = 1\n    return x\n")) == {"a": 3}
    rust = "fn a<'x>(s: &'x str) -> char {\n    // }\n    let _ = \"}\";\n    '}'\n}\nfn b();\n"
    assert dict(rust_functions(rust)) == {"a": 5}


@pytest.mark.parametrize("suffix", [".py", ".pyi", ".rs"])
def test_no_file_is_longer_than_600_lines(suffix: str) -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in sources(suffix)
    }
    assert lengths, "the gate found no file to measure"
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


@pytest.mark.parametrize(("suffix", "functions"), [(".py", python_functions), (".rs", rust_functions)])
def test_no_function_is_longer_than_60_lines(suffix: str, functions: object) -> None:
    assert callable(functions)
    found = [
        (f"{path.relative_to(ROOT).as_posix()}: {name}", lines)
        for path in sources(suffix)
        for name, lines in functions(path.read_text("utf-8"))
    ]
    assert found, "the gate found no function to measure"
    assert [(where, lines) for where, lines in found if lines > LONGEST_FUNCTION] == []
