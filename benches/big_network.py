"""A network of a million hubs: build, save, load, order, ask; bytes by hub and link; broken files refused.

python -m benches.big_network [hubs]

CPU seconds of one process, one thread. Loads are the median of five; what a load takes in memory is what a
fresh process grows by.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import xroute as xr
from benches.synthetic import multimodal

LOADS, FLIPS, PAIRS = 5, 200, 100
HEADER = 24
GOODS = xr.Shipment(mass_kg=1200.0, volume_m3=6.4, load="LCL")
GROWTH = """
import sys
import xroute
pages = lambda: int(open("/proc/self/statm").read().split()[1])
before = pages()
net = xroute.Network.load(sys.argv[1])
print((pages() - before) * 4096)
"""


def clock(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of a call, and what it gave."""
    begin = time.process_time()
    found = call()
    return time.process_time() - begin, found


def load_s(path: Path) -> float:
    """CPU seconds of a load, the median of several."""
    return statistics.median(clock(lambda: xr.Network.load(path))[0] for _ in range(LOADS))


def growth(path: Path) -> float:
    """Bytes by which a process grows that loads the file."""
    command = [sys.executable, "-c", GROWTH, str(path)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def refused(path: Path) -> int:
    """How many broken files are refused: one bit changed in each byte of the header, and in drawn ones."""
    whole, rng = path.read_bytes(), np.random.default_rng(7)
    broken = path.with_name("broken.xnet")
    count = 0
    for at in [*range(HEADER), *rng.integers(HEADER, len(whole), FLIPS - HEADER).tolist()]:
        changed = bytearray(whole)
        changed[at] ^= 1 << int(rng.integers(0, 8))
        broken.write_bytes(changed)
        try:
            xr.Network.load(broken)
        except xr.NetworkFileError:
            count += 1
    return count


def asked_s(net: xr.Network) -> float:
    """CPU seconds of a cheapest path between two drawn cities, prepared before; the median of many pairs."""
    prepared = net.prepare(minimise="cost", shipment=GOODS, threads=1)
    cities = [row for row, kind in enumerate(net.places.kind) if kind == "city"]
    pairs = np.random.default_rng(1).choice(cities, (PAIRS, 2)).tolist()
    return statistics.median(clock(lambda pair=pair: prepared.path(*pair))[0] for pair in pairs)


def say(what: str, seconds: float, note: str = "") -> None:
    """One line."""
    print(f"{what:34}{seconds:10.3f} s   {note}".rstrip(), flush=True)


def main() -> None:
    """Prints a line a step."""
    tables = multimodal(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    built, net = clock(tables.network)
    hubs, links = len(net.places), net.core.link_count
    rows = hubs + links
    print(f"{hubs:,} hubs, {links:,} links, {net.core.edge_count:,} edges of the search")
    say("build from tables", built)
    with tempfile.TemporaryDirectory() as folder:
        plain, whole = Path(folder) / "plain.xnet", Path(folder) / "ordered.xnet"
        say("save", clock(lambda: net.save(plain))[0], on_disk(plain, rows))
        loaded = load_s(plain)
        say("load", loaded, f"{built / loaded:.1f} times faster than building; {in_memory(plain, rows)}")
        ordered = clock(lambda: net.core.order(threads=1))[0]
        say("order and contract", ordered, f"{net.core.arc_count:,} arcs")
        say("save with the order", clock(lambda: net.save(whole))[0], on_disk(whole, rows))
        again, both = load_s(whole), built + ordered
        note = (
            f"{both / again:.1f} times faster than building and ordering, {built / again:.1f} than building"
        )
        say("load with the order", again, f"{note}; {in_memory(whole, rows)}")
        say("a path between two cities", asked_s(xr.Network.load(whole)), "prepared")
        print(f"one bit changed in {FLIPS} bytes, one after another: {refused(whole)} files refused")


def on_disk(path: Path, rows: int) -> str:
    """Bytes of a file by hub and link."""
    return f"{path.stat().st_size / rows:.1f} bytes a hub or link on disk"


def in_memory(path: Path, rows: int) -> str:
    """Bytes of a loaded file by hub and link."""
    return f"{growth(path) / rows:.0f} bytes a hub or link in memory"


if __name__ == "__main__":
    main()
