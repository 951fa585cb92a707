"""Ctrl-C in every long call: `KeyboardInterrupt`, and the network answers afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from long_calls import CALLS

CHILD = Path(__file__).parents[1] / "long_calls.py"
TWICE = 2


@pytest.mark.parametrize("name", CALLS)
def test_ctrl_c_ends_a_long_call_and_leaves_all_usable(name: str) -> None:
    command = [sys.executable, str(CHILD), name, str(TWICE)]
    heard: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        for line in child.stdout:
            heard.append(line.split()[0])
            if heard[-1] == "inside":
                child.send_signal(signal.SIGINT)
        errors = child.stderr.read()
    assert heard == ["inside", "interrupted", "usable"] * TWICE, errors
