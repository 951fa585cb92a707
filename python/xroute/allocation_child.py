"""A linear model solved in a process of its own: arrays in by a pipe, arrays and a record out.

`python -m xroute.allocation_child` reads a model from standard input and writes what was found.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import asdict
from typing import Any

import numpy as np

from xroute.allocation_model import LinearModel
from xroute.allocation_rules import Rows
from xroute.allocation_solver import Effort, Solved, Termination, solve_to_the_end
from xroute.errors import InternalError

_ROWS = ("row", "column", "value", "lower", "upper")
_COLUMNS = ("cost", "lower", "upper", "is_whole")


def solved_in_child(model: LinearModel, effort: Effort) -> Solved:
    """Solves the model in another process; its time is not counted in this one's CPU.

    Raises `InternalError` where the child fails.
    """
    arrays = {name: getattr(model, name) for name in _COLUMNS}
    arrays |= {f"rows_{name}": getattr(model.rows, name) for name in _ROWS}
    ended = subprocess.run(
        [sys.executable, "-m", "xroute.allocation_child"],
        input=_packed(arrays, asdict(effort)), capture_output=True, check=False,
    )  # fmt: skip
    if ended.returncode != 0:
        last = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise InternalError(f"the solver in its own process failed: {' '.join(last)}")
    found, record = _unpacked(ended.stdout)
    return Solved(values=found.get("values"), duals=found.get("duals"), termination=Termination(**record))


def main() -> None:
    """Reads a model from standard input, solves it, writes the answer to standard output."""
    arrays, effort = _unpacked(sys.stdin.buffer.read())
    model = LinearModel(
        **{name: arrays[name] for name in _COLUMNS},
        rows=Rows(**{name: arrays[f"rows_{name}"] for name in _ROWS}),
    )
    solved = solve_to_the_end(model, Effort(**effort))
    found = {name: each for name in ("values", "duals") if (each := getattr(solved, name)) is not None}
    sys.stdout.buffer.write(_packed(found, asdict(solved.termination)))


def _packed(arrays: dict[str, Any], record: object) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, record=np.array(json.dumps(record)), **arrays)
    return buffer.getvalue()


def _unpacked(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files if name != "record"}
        return arrays, json.loads(str(file["record"]))


if __name__ == "__main__":
    main()
