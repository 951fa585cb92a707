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


def with_checksum(body: bytes, whole: bytes) -> bytes:
    return whole[:12] + struct.pack("<IQ", zlib.crc32(body), len(body)) + body


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


ONE_WORD = b"\1" + b"\2\0\0\1" + b"\1\0h"  # a column of the word h: how many, their lengths, their bytes
ROWS = {"same": b"\0\0", "in order": b"\1", "many": b"\3"}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_a_huge_count_under_a_right_checksum_is_refused(file: Path, whole: bytes, rows: bytes) -> None:
    for size in range(4, 10):
        huge = b"\xff" * size + b"\1"
        refused(file, with_checksum(b"HUBS" + huge, whole))
        refused(file, with_checksum(b"HUBS" + ONE_WORD + rows + huge, whole))


def test_changed_bytes_under_a_right_checksum_load_or_are_refused(file: Path, whole: bytes) -> None:
    rng = np.random.default_rng(13)
    content = whole[HEADER:]
    for at in rng.integers(0, len(content), 400).tolist():
        body = bytearray(content)
        body[at] = int(rng.integers(0, 256))
        file.write_bytes(with_checksum(bytes(body), whole))
        try:
            xr.Network.load(file)
        except xr.NetworkFileError:
            continue


def test_bytes_after_the_last_section_are_refused(file: Path, whole: bytes) -> None:
    refused(file, with_checksum(whole[HEADER:] + b"tail", whole), "after the last section")


def test_a_block_that_unpacks_to_more_than_it_says_is_refused(file: Path, whole: bytes) -> None:
    zeros = b"\x1f\0\1\0" + b"\xff" * 200 + b"\0" + b"\x50" + b"\0" * 5
    packed = b"HUBS\x01" + b"\x80\x08\x01" + bytes([0x80 | len(zeros) & 0x7F, len(zeros) >> 7]) + zeros
    refused(file, with_checksum(packed, whole), "does not unpack")


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
