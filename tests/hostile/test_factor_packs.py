"""Broken factor packs: each is one clear error, none answers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xroute.errors import FactorError, InputError
from xroute.factors import load_pack

TOML = 'id="mine"\npublisher="me"\nversion="1"\nvintage="2026"\nlicence="own"\ngwp_set="AR6"\n'
INTENSITIES = (
    "factor_id,mode,wtt_g_tkm,ttw_g_tkm,distance_basis,category,source\n"
    "t1,road,20,70,sfd,primary,fleet\ns1,sea,4,16,actual,default,table\n"
)
HUBS = "factor_id,process,wtt_g_t,ttw_g_t,category,source\nh1,warehouse,3000,0,modelled,meter\n"
CLASSES = "mode,vehicle_class,factor_id\nroad,artic_truck,t1\nsea,container_ship,s1\n"
FILES = {
    "pack.toml": TOML,
    "intensities.csv": INTENSITIES,
    "hubs.csv": HUBS,
    "classes.csv": CLASSES,
}

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    def written(name: str = "", old: str = "", new: str = "") -> Path:
        for each, text in FILES.items():
            changed = text.replace(old, new) if each == name else text
            (tmp_path / each).write_text(changed, encoding="utf-8")
        return tmp_path

    return written


def test_the_pack_is_whole_before_it_is_broken(folder: Folder) -> None:
    assert load_pack(folder()).for_process("warehouse", "DE").wtt_g_t == 3000.0


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column"),
    [
        ("pack.toml", 'licence="own"\n', "", None, "licence"),
        ("pack.toml", '"1"', "1", None, "version"),
        ("pack.toml", 'id="mine"', 'id="mine"\nfallback="mine"', None, "fallback"),
        ("pack.toml", 'id="mine"', 'id="mine"\nscope="wide"', None, "scope"),
        ("intensities.csv", ",source", ",origin", None, "source"),
        ("intensities.csv", "factor_id,mode", "mode,mode", None, "factor_id"),
        ("intensities.csv", "20,70", "nan,70", 1, "wtt_g_tkm"),
        ("intensities.csv", "20,70", "20,-70", 1, "ttw_g_tkm"),
        ("intensities.csv", "20,70", "20,inf", 1, "ttw_g_tkm"),
        ("intensities.csv", "20,70", "20,much", 1, "ttw_g_tkm"),
        ("intensities.csv", "20,70", ",70", 1, "wtt_g_tkm"),
        ("intensities.csv", "20,70", "0.020,0.070", 1, "wtt_g_tkm"),
        ("intensities.csv", "4,16", "4000,16000", 2, "wtt_g_tkm"),
        ("intensities.csv", "4,16", "20,94.5", 2, "wtt_g_tkm"),
        ("intensities.csv", "s1,sea", "s1,ocean", 2, "mode"),
        ("intensities.csv", "actual", "nautical", 2, "distance_basis"),
        ("intensities.csv", "primary", "measured", 1, "category"),
        ("intensities.csv", "s1,sea", "t1,sea", 2, "factor_id"),
        ("intensities.csv", "t1,road", ",road", 1, "factor_id"),
        ("hubs.csv", "3000,0", "3000,", 1, "ttw_g_t"),
        ("hubs.csv", "3000,0", "3,0", 1, "wtt_g_t"),
        (
            "hubs.csv",
            "meter\n",
            "meter\nh2,warehouse,2000,0,modelled,meter\n",
            2,
            "process",
        ),
        ("classes.csv", "truck,t1", "truck,t9", 1, "factor_id"),
        ("classes.csv", "sea,container_ship", "road,artic_truck", 2, "vehicle_class"),
        ("classes.csv", "sea,container_ship", "see,container_ship", 2, "mode"),
    ],
)
def test_a_broken_value_names_its_place(
    folder: Folder, name: str, old: str, new: str, row: int | None, column: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_pack(folder(name, old, new))
    assert (caught.value.row, caught.value.column) == (row, column)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pack.toml", b"id = "),
        ("pack.toml", b'id = "\xff"'),
        ("intensities.csv", b"\xff\xfe"),
        ("intensities.csv", b""),
        ("intensities.csv", INTENSITIES.encode() + b"short,row\n"),
        (
            "intensities.csv",
            INTENSITIES.encode() + b"a,road,20,70,sfd,primary,x,too,long\n",
        ),
        ("classes.csv", b'mode,vehicle_class,factor_id\n"open'),
    ],
)
def test_a_file_that_is_no_table_is_refused(folder: Folder, name: str, content: bytes) -> None:
    path = folder()
    (path / name).write_bytes(content)
    with pytest.raises(InputError):
        load_pack(path)


@pytest.mark.parametrize("name", ["intensities.csv", "classes.csv"])
def test_a_missing_table_is_refused(folder: Folder, name: str) -> None:
    path = folder()
    (path / name).unlink()
    with pytest.raises(InputError):
        load_pack(path)


def test_a_fallback_that_is_not_there_is_refused(folder: Folder) -> None:
    with pytest.raises(FactorError, match="nowhere"):
        load_pack(folder("pack.toml", 'id="mine"', 'id="mine"\nfallback="nowhere"'))


def test_energy_provision_in_a_pack_of_operation_is_refused(folder: Folder) -> None:
    with pytest.raises(InputError, match="scope 'ttw'"):
        load_pack(folder("pack.toml", 'id="mine"', 'id="mine"\nscope="ttw"'))
