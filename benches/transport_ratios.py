"""The transportation problem on other cost structures, and the memory of the largest: ratios to cost scaling.

`python -m benches.transport_ratios [small]`. CPU seconds in one process, one thread, from arrays to answer;
answers are compared as whole numbers first. Memory is what a process of its own needs beyond its arrays.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benches.test_bench_transport import (
    CONTENDERS,
    LARGE,
    TIGHT,
    WIDE,
    Case,
    arcs,
    case,
    core,
    cost_scaling,
    framed,
    scaled,
)

MOST = {WIDE: 0.35, TIGHT: 0.5, LARGE: 0.3}
MOST_MEMORY = 0.5
MOST_FRAMES = 1.5
PEER = "OR-Tools SimpleMinCostFlow"
KINDS = ("great circle", "Euclidean", "clustered", "uniform random", "few whole costs")


def like(shape: tuple[int, int, float], kind: str) -> Case:
    """A case of the same amounts with costs of another structure."""
    shipped = case(shape)
    if kind == "great circle":
        return shipped
    houses, zones = shipped.cost.shape
    rng = np.random.default_rng([20_261_123, KINDS.index(kind)])
    if kind == "uniform random":
        cost = rng.integers(1, 100_000, (houses, zones))
    elif kind == "few whole costs":
        cost = rng.integers(1, 21, (houses, zones))
    else:
        a, b = rng.uniform(0, 1000, (houses, 2)), rng.uniform(0, 1000, (zones, 2))
        if kind == "clustered":
            b = a[rng.integers(0, max(1, houses // 5), zones)] + rng.normal(0, 20, (zones, 2))
        cost = np.rint(100 * np.hypot(*(a[:, None] - b[None]).transpose(2, 0, 1))) + 1
    return Case(cost.astype(np.int64), shipped.supply, shipped.demand)


def cpu_s(work: Callable[[Case], int], each: Case) -> tuple[float, int]:
    """CPU seconds of the faster of two runs, and the optimum."""
    found = []
    for _ in range(2):
        begin = time.process_time()
        optimum = work(each)
        found.append((time.process_time() - begin, optimum))
    return min(found)


def memory_mb(folder: Path, name: str) -> float:
    """What a process needs beyond the arrays of the case in a folder, MB."""
    words = [sys.executable, "-m", "benches.transport_ratios", "memory", str(folder), name]
    return float(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def told_memory(folder: Path, name: str) -> None:
    """Prints by how much the peak of this process rises while it solves, MB.

    The arrays that the contender takes, arcs too, are laid out before, and what that needed is forgotten.
    """
    each = Case(*(np.load(folder / f"{part}.npy") for part in ("cost", "supply", "demand")))
    given = arcs(each) if name == PEER else None
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = resident_mb("VmHWM")
    if given is None:
        CONTENDERS[name](each)
    else:
        scaled(given)
    print(resident_mb("VmHWM") - before)


def resident_mb(field: str) -> float:
    """Resident memory of this process as the kernel tells it, MB; `VmHWM` is its peak."""
    found = re.search(rf"{field}:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))
    assert found is not None
    return int(found[1]) / 1024.0


def told_memory_ratio() -> None:
    """Prints the memory of the core and of the public call over that of cost scaling, largest case."""
    each = case(LARGE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("cost", "supply", "demand"):
            np.save(folder / f"{part}.npy", getattr(each, part))
        theirs = memory_mb(folder, PEER)
        for ours in ("xroute core", "xr.transportation"):
            found = memory_mb(folder, ours)
            print(f"memory beyond the arrays, 200 x 50,000, {ours}: {found / theirs:.2f} of "
                  f"SimpleMinCostFlow ({found:.0f} of {theirs:.0f} MB; at most {MOST_MEMORY:g})")  # fmt: skip


def ratios(shapes: tuple[tuple[int, int, float], ...], kinds: tuple[str, ...]) -> None:
    """Prints one line for each shape and structure."""
    for shape in shapes:
        for kind in kinds:
            each = like(shape, kind)
            (ours, one), (theirs, two) = cpu_s(core, each), cpu_s(cost_scaling, each)
            assert one == two, (shape, kind)
            size = f"{shape[0]} x {shape[1]:,}, supply {shape[2]} x demand"
            print(f"transportation, {size}, {kind}: {ours / theirs:.2f} of SimpleMinCostFlow "
                  f"(at most {MOST[shape]:g})", flush=True)  # fmt: skip


def told_frames(repeats: int = 15) -> None:
    """Prints the call from frame to frame over the kernel alone, a million pairs: medians in turn."""
    each = case(WIDE)
    frames = framed(each)
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for found, work in zip(seconds, (frames, lambda: core(each)), strict=True):
            begin = time.process_time()
            work()
            found.append(time.process_time() - begin)
    ours, kernel = (float(np.median(found)) for found in seconds)
    print(f"transportation, frame to frame, 100 x 10,000: {ours / kernel:.2f} of the kernel "
          f"(at most {MOST_FRAMES:g})")  # fmt: skip


def main(words: list[str]) -> None:
    """Prints the ratios; `small` leaves out the other structures of the largest case."""
    if words[:1] == ["memory"]:
        told_memory(Path(words[1]), words[2])
        return
    is_small = words[:1] == ["small"]
    ratios((WIDE, TIGHT), KINDS)
    ratios((LARGE,), KINDS[:1] if is_small else KINDS)
    told_frames()
    told_memory_ratio()


if __name__ == "__main__":
    main(sys.argv[1:])
