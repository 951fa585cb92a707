"""Broken network files: every one is refused with `NetworkFileError`, none is half believed."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

import xroute as xr
from toy_network import toy
from xroute.storage import package_data

HEADER = 24  # magic, format version, checksum of the body, length of the body


@pytest.fixture(scope="module")
def whole() -> bytes:
    return toy().core.save()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "net.xnet"


def refused(file: Path, content: bytes, message: str | None = None) -> None:
    file.write_bytes(content)
    with pytest.raises(xr.NetworkFileError, match=message):
        xr.Network.load(file)


def with_checksum(packed: bytes, whole: bytes) -> bytes:
    return whole[:12] + struct.pack("<IQ", zlib.crc32(packed), len(packed)) + packed


def packed_again(body: bytes, whole: bytes) -> bytes:
    return with_checksum(zlib.compress(body), whole)


def test_the_whole_file_is_loaded(file: Path, whole: bytes) -> None:
    file.write_bytes(whole)
    assert len(xr.Network.load(file).hubs) == 10


def test_every_cut_is_refused(file: Path, whole: bytes) -> None:
    for length in [*range(0, 64), *range(64, len(whole), 97), len(whole) - 1]:
        refused(file, whole[:length])


def test_a_tail_is_refused(file: Path, whole: bytes) -> None:
    refused(file, whole + b"\0", "cut or has a tail")


def test_flipped_bits_are_refused(file: Path, whole: bytes) -> None:
    rng = np.random.default_rng(7)
    for at in [*range(HEADER), *rng.integers(HEADER, len(whole), 200).tolist()]:
        broken = bytearray(whole)
        broken[at] ^= 1 << int(rng.integers(0, 8))
        refused(file, bytes(broken))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 a zip",
        b"hub_id,lat,lon\nA,1,2\n",
        b"\0" * 4096,
        b"\xff" * 4096,
        b"XROUTE\n\n" + b"\0" * 99,
    ],
    ids=["empty", "zip", "csv", "zeros", "ones", "nearly"],
)
def test_a_foreign_file_is_refused_as_such(file: Path, content: bytes) -> None:
    refused(file, content, "not an xroute network file")


@pytest.mark.parametrize("version", [0, 1, 9, 2**32 - 1])
def test_another_version_is_refused_with_what_to_do(file: Path, whole: bytes, version: int) -> None:
    refused(
        file,
        whole[:8] + struct.pack("<I", version) + whole[12:],
        f"network format {version}.*build the file again",
    )


def test_a_body_of_noise_under_a_right_checksum_is_refused(file: Path, whole: bytes) -> None:
    rng = np.random.default_rng(11)
    for _ in range(100):
        refused(file, with_checksum(rng.bytes(int(rng.integers(0, 400))), whole))


def test_a_huge_count_under_a_right_checksum_is_refused(file: Path, whole: bytes) -> None:
    for count in (2**32 - 1, 2**31, 10**8):
        refused(file, packed_again(b"HUBS" + struct.pack("<I", count), whole))


@pytest.mark.parametrize("is_packed", [True, False])
def test_changed_bytes_under_a_right_checksum_load_or_are_refused(
    file: Path, whole: bytes, is_packed: bool
) -> None:
    rng = np.random.default_rng(13)
    content = whole[HEADER:] if is_packed else zlib.decompress(whole[HEADER:])
    for at in rng.integers(0, len(content), 200).tolist():
        body = bytearray(content)
        body[at] = int(rng.integers(0, 256))
        file.write_bytes((with_checksum if is_packed else packed_again)(bytes(body), whole))
        try:
            xr.Network.load(file)
        except xr.NetworkFileError:
            continue


def test_a_body_that_unpacks_beyond_its_tables_is_refused(file: Path, whole: bytes) -> None:
    body = zlib.decompress(whole[HEADER:])
    refused(file, packed_again(body + b"\0" * 50_000_000, whole), "after the last section")
    refused(file, with_checksum(whole[HEADER:] + b"tail", whole), "after the packed body")


def test_the_shipped_network_cut_anywhere_is_refused(file: Path) -> None:
    shipped = package_data("global.xnet").read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999999):
        refused(file, shipped[: int(len(shipped) * share)], "cut or has a tail")


def test_the_shipped_network_with_a_flipped_bit_is_refused(file: Path) -> None:
    broken = bytearray(package_data("global.xnet").read_bytes())
    broken[len(broken) // 2] ^= 16
    refused(file, bytes(broken), "checksum differs")


@pytest.mark.parametrize("name", ["missing.xnet", ""])
def test_no_file_and_a_folder_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(xr.NetworkFileError):
        xr.Network.load(tmp_path / name)


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(xr.InputError):
        toy().save(tmp_path / "no folder" / "net.xnet")
    assert not list(tmp_path.iterdir())
