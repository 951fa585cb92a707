"""Files are written whole or not at all; text of data is never a formula."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from xroute.errors import InputError
from xroute.storage import csv_cell, package_data, replacing, write_whole, writing_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def stopped_half_way(writing: AbstractContextManager[Path], reason: BaseException) -> None:
    with writing as draft:
        (draft / "a.csv" if draft.is_dir() else draft).write_text("half")
        raise reason


def test_write_whole_replaces_the_old_bytes(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    write_whole(target, b"old")
    write_whole(str(target), b"new")
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["plan.json"]


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    write_whole(target, b"old")
    with pytest.raises(RuntimeError):
        stopped_half_way(replacing(target), RuntimeError())
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["plan.json"]


def test_ctrl_c_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    write_whole(target, b"old")
    with pytest.raises(KeyboardInterrupt):
        stopped_half_way(replacing(target), KeyboardInterrupt())
    assert (target.read_bytes(), names(tmp_path)) == (b"old", ["plan.json"])


def test_a_draft_has_the_suffix_of_its_file(tmp_path: Path) -> None:
    with replacing(tmp_path / "table.parquet") as draft:
        assert draft.suffix == ".parquet"
        assert draft.parent == tmp_path


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    for name in ("old.csv", "new.csv"):
        with writing_folder(target) as draft:
            (draft / name).write_text("x")
    assert [name for name in names(target) if not name.startswith(".")] == ["new.csv"]
    assert names(tmp_path) == ["plan"]


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    with writing_folder(tmp_path / "out" / "plan") as draft:
        (draft / "a.csv").write_text("x")
    assert (tmp_path / "out" / "plan" / "a.csv").read_text() == "x"


def test_a_failure_leaves_the_old_folder_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    with writing_folder(target) as draft:
        (draft / "a.csv").write_text("old")
    with pytest.raises(RuntimeError):
        stopped_half_way(writing_folder(target), RuntimeError())
    assert (target / "a.csv").read_text() == "old"
    assert names(tmp_path) == ["plan"]


def test_a_folder_of_the_users_own_files_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InputError, match="did not write"), writing_folder(tmp_path):
        pytest.fail("the block must not begin")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_an_empty_folder_may_be_written(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    target.mkdir()
    with writing_folder(target) as draft:
        (draft / "a.csv").write_text("x")
    assert (target / "a.csv").exists()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan").write_text("a file")
    with pytest.raises(InputError, match="is a file"), writing_folder(tmp_path / "plan"):
        pytest.fail("the block must not begin")


def test_written_files_can_be_read_by_others(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.csv", b"x")
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\0=1"])
def test_live_text_is_escaped(text: str) -> None:
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Leipzig", "a=b", "1.5", "北京", "'quoted"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text


def test_package_data_lies_inside_the_package() -> None:
    assert package_data("curated", "modes.csv").is_file()
