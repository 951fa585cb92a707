"""The doctor: versions, checksums and what is missing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from xroute import __version__, _core, doctor
from xroute.storage import package_data


def test_a_whole_installation_has_no_problems() -> None:
    assert doctor.findings()["problems"] == []


def test_the_version_of_the_core_is_that_of_the_package() -> None:
    assert doctor.findings()["xroute"] == __version__


def test_the_checksum_is_that_of_the_shipped_network() -> None:
    shipped = package_data("global.xnet").read_bytes()
    assert doctor.findings()["network sha256"] == hashlib.sha256(shipped).hexdigest()


def test_a_missing_package_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(doctor.EXTRAS, "plan", ("no-such-package",))
    assert doctor.findings()["problems"] == ["no-such-package missing: pip install 'xroute[plan]'"]


def test_a_missing_network_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "package_data", lambda *parts: tmp_path.joinpath(*parts))
    assert doctor.findings()["problems"] == ["the shipped network global.xnet is missing: reinstall xroute"]


def test_a_debug_build_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_core, "IS_DEBUG_BUILD", True)
    assert any("debug build" in problem for problem in doctor.findings()["problems"])
