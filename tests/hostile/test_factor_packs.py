"""Broken factor packs: each is one clear error, none answers."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from xroute.errors import FactorError, InputError, XrouteError
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


BROKEN_VALUES: list[tuple[str, str, str, int | None, str]] = [
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
    ("pack.toml", 'vintage="2026"', 'vintage="soon"', None, "vintage"),
    ("pack.toml", 'gwp_set="AR6"', 'gwp_set="AR9"', None, "gwp_set"),
    ("pack.toml", 'id="mine"', 'id=["mine"]', None, "id"),
    ("pack.toml", 'licence="own"', 'licence="  "', None, "licence"),
    ("pack.toml", 'id="mine"', 'id="mine"\ntables="../../other"', None, "tables"),
    ("intensities.csv", "20,70", "-inf,70", 1, "wtt_g_tkm"),
    ("intensities.csv", "20,70", "1e308,70", 1, "wtt_g_tkm"),
    ("intensities.csv", "20,70", "1_000,70", 1, "wtt_g_tkm"),
    ("intensities.csv", "20,70", "\u0662\u0660,70", 1, "wtt_g_tkm"),
    ("intensities.csv", "20,70", '"20,5",70', 1, "wtt_g_tkm"),
    ("intensities.csv", "20,70", "20 g,70", 1, "wtt_g_tkm"),
    ("intensities.csv", "20,70", "20000,70000", 1, "wtt_g_tkm"),
    ("intensities.csv", "t1,road", " t1,road", 1, "factor_id"),
    ("intensities.csv", "t1,road", "t\u202e1,road", 1, "factor_id"),
    ("intensities.csv", "t1,road", "t1,Road", 1, "mode"),
    ("intensities.csv", "20,70,sfd", "20,70,", 1, "distance_basis"),
    ("intensities.csv", "20,70,sfd", "20,70,sfd;actual", 1, "distance_basis"),
    ("hubs.csv", "h1,warehouse", "h1, ", 1, "process"),
    ("hubs.csv", "3000,0", "3000000,0", 1, "wtt_g_t"),
    (
        "hubs.csv",
        "source\nh1,warehouse,3000,0,modelled,meter",
        "source,country\nh1,warehouse,3000,0,modelled,meter,Germany",
        1,
        "country",
    ),
    ("classes.csv", "sea,container_ship,s1", "sea,container_ship,t1", 2, "factor_id"),
]
"""File, what is changed to what, and the row and column that the error must name."""
BROKEN_ADDITIONS = [
    ("intensities.csv", "wtw_low_g_tkm", "95", "", "", "wtw_low_g_tkm"),
    ("intensities.csv", "wtw_high_g_tkm", "85", "", "", "wtw_low_g_tkm"),
    ("intensities.csv", "radiative_forcing_g_tkm", "-1", "", "", "radiative_forcing_g_tkm"),
    ("intensities.csv", "gwp_set", "AR7", "", "", "gwp_set"),
    ("intensities.csv", "temperature", "lukewarm", "", "", "temperature"),
    ("intensities.csv", "energy_carrier", "electricity", "", "", "ttw_g_tkm"),
    ("intensities.csv", "energy_carrier", "electricity", "20,70,sfd,primary", "0,0,sfd,default", "wtt_g_tkm"),
    ("intensities.csv", "energy_carrier", "diesel", "20,70", "0,70", "wtt_g_tkm"),
    ("intensities.csv", "energy_carrier", "diesel", "20,70", "0.02,70", "wtt_g_tkm"),
    ("intensities.csv", "energy_carrier", "diesel", "20,70", "20,0.07", "ttw_g_tkm"),
    ("classes.csv", "temperature", "refrigerated", "", "", "temperature"),
    ("classes.csv", "temperature", "tepid", "", "", "temperature"),
]
"""File, a column that is added, its first cell, what is changed to what, the column named."""


@pytest.mark.parametrize(("name", "old", "new", "row", "column"), BROKEN_VALUES)
def test_a_broken_value_names_its_place(
    folder: Folder, name: str, old: str, new: str, row: int | None, column: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_pack(folder(name, old, new))
    assert (caught.value.row, caught.value.column) == (row, column)


@pytest.mark.parametrize(("name", "column", "cell", "old", "new", "named"), BROKEN_ADDITIONS)
def test_a_broken_cell_of_an_added_column_names_its_place(
    folder: Folder, name: str, column: str, cell: str, old: str, new: str, named: str
) -> None:
    path = folder(name, old, new) if old else folder()
    head, first, *rest = (path / name).read_text("utf-8").splitlines()
    lines = [f"{head},{column}", f"{first},{cell}", *(f"{line}," for line in rest)]
    (path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_pack(path)
    assert (caught.value.table, caught.value.row, caught.value.column) == (Path(name).stem, 1, named)


BROKEN_FILES: list[tuple[str, bytes]] = [
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
    ("pack.toml", b"\xef\xbb\xbf" + TOML.encode()),
    ("pack.toml", TOML.encode("utf-16")),
    ("pack.toml", b""),
    ("pack.toml", b"note=" + b"[" * 20_000),
    ("pack.toml", b"version=" + b"9" * 10_000),
    ("pack.toml", TOML.encode() + b'note="' + b"x" * 1_100_000 + b'"\n'),
    ("pack.toml", TOML.encode() + b'id="mine"\n'),
    ("intensities.csv", INTENSITIES.encode("utf-16")),
    ("intensities.csv", INTENSITIES.encode() + b"t9,road,20,70,sfd,primary,\x00\n"),
    ("intensities.csv", INTENSITIES.encode() + b"t9,road,20,70,sfd,primary," + b"x" * 200_000 + b"\n"),
    ("intensities.csv", INTENSITIES.replace(",", ";").encode()),
    ("intensities.csv", b"PK\x03\x04 a workbook by another name"),
    ("hubs.csv", b'{"factor_id": "h1"}'),
    ("fuels.csv", b"factor_id,fuel\nf1,diesel\n"),
    ("grids.csv", b"factor_id,country,generation_g_kwh,loss,source\ng1,DE,400,1.5,x\n"),
    ("grids.csv", b"factor_id,country,generation_g_kwh,loss,source\ng1,DEU,400,0.05,x\n"),
    ("grids.csv", b"factor_id,country,generation_g_kwh,loss,source\ng1,DE,400000,0.05,x\n"),
    ("grids.csv", b"factor_id,country,generation_g_kwh,loss,source\ng1,DE,4,0,x\ng2,DE,5,0,x\n"),
    ("uplifts.csv", b"mode,vehicle_class,temperature,multiplier,source\nroad,*,refrigerated,0.8,x\n"),
    ("uplifts.csv", b"mode,vehicle_class,temperature,multiplier,source\nroad,*,refrigerated,112,x\n"),
    ("fallbacks.csv", b"mode,vehicle_class,falls_back_to,reason\nroad,a,b,x\nroad,b,a,x\n"),
    ("fallbacks.csv", b"mode,vehicle_class,falls_back_to,reason\nroad,a,b,\n"),
]
"""File and its whole content."""


@pytest.mark.parametrize(("name", "content"), BROKEN_FILES, ids=range(len(BROKEN_FILES)))
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


@pytest.mark.parametrize("name", ["../../etc", "/etc", "mine/../mine", "a\x00b"])
def test_a_fallback_that_is_a_path_leads_nowhere(folder: Folder, name: str) -> None:
    with pytest.raises(XrouteError):
        load_pack(folder("pack.toml", 'id="mine"', f"id=\"mine\"\nfallback='{name}'"))


def test_a_table_that_is_no_ordinary_file_is_refused(folder: Folder, tmp_path: Path) -> None:
    path = folder()
    for make in (Path.mkdir, os.mkfifo, lambda each: each.symlink_to("/dev/zero")):
        (path / "hubs.csv").unlink()
        make(path / "hubs.csv")
        with pytest.raises(InputError, match=r"ordinary file|link"):
            load_pack(path)
        (path / "hubs.csv").rmdir() if (path / "hubs.csv").is_dir() else (path / "hubs.csv").unlink()
        (path / "hubs.csv").write_text(HUBS, encoding="utf-8")


def test_a_link_that_leads_out_of_the_pack_is_refused(folder: Folder, tmp_path: Path) -> None:
    path = folder()
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (path / "hubs.csv").rename(outside / "hubs.csv")
    (path / "hubs.csv").symlink_to(outside / "hubs.csv")
    with pytest.raises(InputError, match="out of the pack"):
        load_pack(path)
    (outside / "hubs.csv").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        load_pack(path)


def test_a_table_of_a_hundred_megabytes_is_refused_before_it_is_read(folder: Folder) -> None:
    path = folder()
    os.truncate(path / "intensities.csv", 100_000_000)
    with pytest.raises(InputError, match="at most"):
        load_pack(path)


def test_forty_kinds_of_broken_packs_are_tried() -> None:
    assert len(BROKEN_VALUES) + len(BROKEN_ADDITIONS) + len(BROKEN_FILES) >= 80
