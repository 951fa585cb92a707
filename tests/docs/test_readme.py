"""README: its Python runs, its commands run, and the output it shows is real.

`make readme` writes the output anew.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
TEXT = README.read_text("utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
QUIET = ("-W", "ignore:prices rest on indicative:UserWarning")  # said once a call, and meant for a reader
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("xroute ")
]
SHOWN = re.compile(
    r"```sh\n(?P<command>xroute [^\n]*)\n```\n\n"
    r"<!-- output -->\n```text\n(?P<output>.*?)```\n<!-- /output -->",
    re.DOTALL,
)


def answer(command: str) -> str:
    """What a command of the README prints."""
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=ROOT,
        env=os.environ | {"COLUMNS": "110", "NO_COLOR": "1"},
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


@pytest.mark.parametrize("code", PYTHON, ids=range(len(PYTHON)))
def test_a_python_example_runs(code: str) -> None:
    done = subprocess.run([sys.executable, *QUIET, "-c", code], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_example_runs(command: str) -> None:
    assert answer(command).strip()


def test_the_shown_output_is_what_the_command_prints() -> None:
    shown = list(SHOWN.finditer(TEXT))
    assert shown, "README shows no output"
    for block in shown:
        assert block["output"] == answer(block["command"]), "`make readme` writes it anew"


def test_links_to_files_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", TEXT)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"^make (\w+)", TEXT, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def refreshed(block: re.Match[str]) -> str:
    """The block with the output of today."""
    start, end = block.start("output") - block.start(), block.end("output") - block.start()
    return block[0][:start] + answer(block["command"]) + block[0][end:]


if __name__ == "__main__":
    README.write_text(SHOWN.sub(refreshed, TEXT), "utf-8")
