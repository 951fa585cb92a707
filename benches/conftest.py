"""The shipped network and the work on it, made once for all benches."""

from __future__ import annotations

import pytest

import xroute as xr
from benches.work import Work, sea_work, whole_work

PAIRS = 40


@pytest.fixture(scope="session")
def net() -> xr.Network:
    return xr.Network.load()


@pytest.fixture(scope="session")
def sea(net: xr.Network) -> Work:
    return sea_work(net, PAIRS)


@pytest.fixture(scope="session")
def whole(net: xr.Network) -> Work:
    return whole_work(net, PAIRS)
