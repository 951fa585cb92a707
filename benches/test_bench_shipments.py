"""Mixed shipments through `Network.route_table`, beside a loop over scgraph with a formula."""

from __future__ import annotations

from typing import Any

import numpy as np

import xroute as xr
from benches.shipments import LOOPED, loop, table
from benches.work import measure, measure_once

ROWS, KINDS = 1_000, 10
GROUP = "table of mixed shipments"


def test_route_table(net: xr.Network, benchmark: Any) -> None:
    """Few rows of few kinds: `python -m benches.shipments` answers a million."""
    benchmark.group = GROUP
    shipments = table(net, ROWS, KINDS)
    found = measure_once(benchmark, "xroute", lambda: net.route_table(shipments), queries=ROWS)
    assert np.all(found["status"] == "ok")


def test_scgraph_loop(net: xr.Network, benchmark: Any) -> None:
    benchmark.group = GROUP
    measure(benchmark, "scgraph default call and a formula (sea)", loop(net), queries=LOOPED)
