"""What all tests share: one hypothesis profile, the shipped network, and how many cases an oracle takes."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

import xroute as xr

IS_FULL = os.environ.get("XROUTE_ORACLE") == "full"
SAMPLE = 20

settings.register_profile(
    "xroute",
    derandomize=True,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("xroute")


@pytest.fixture(scope="session")
def net() -> xr.Network:
    """The network inside the package."""
    return xr.Network.load()


@pytest.fixture(scope="session")
def oracle_cases() -> Callable[[int], int]:
    """How many cases an oracle looks at: all of them for `make oracle`, one in 20 for `make test`."""
    return lambda full: full if IS_FULL else max(1, full // SAMPLE)
