"""Files written whole or not at all, and where the package keeps its data."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from xroute.errors import InputError

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\0")
_MARK = ".written-by-xroute"


def package_data(*parts: str) -> Path:
    """A file or folder of the data inside the package.

    >>> package_data("curated").name
    'curated'
    """
    return Path(str(resources.files("xroute"))).joinpath("data", *parts)


def csv_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> csv_cell("=1+1"), csv_cell("Leipzig")
    ("'=1+1", 'Leipzig')
    """
    return f"'{text}" if text.startswith(_LIVE) else text


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A draft beside `path` that takes its place when the block ends well; else the old file stays.

    Raises `InputError` for a path that cannot be a file: no folder to hold it, a folder, an unusable name.
    """
    target = Path(path)
    if _is_folder(target):
        raise InputError(f"{target} is a folder where a file is to be written")
    with _named(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=target.suffix, dir=_parent(target))
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.chmod(0o644)
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def write_whole(path: str | Path, content: bytes) -> None:
    """Writes bytes so that a reader sees the old file or the new one. Raises as `replacing`."""
    with replacing(path) as draft:
        draft.write_bytes(content)


@contextmanager
def writing_folder(path: str | Path) -> Iterator[Path]:
    """A draft folder that takes the place of `path` when the block ends well; else the old one stays.

    What stood there is replaced whole, so it must be empty or an earlier output of this function:
    anything else raises `InputError` before the block begins.
    """
    target = Path(path).absolute()
    with _named(target):
        check_replaceable(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        yield draft
        (draft / _MARK).write_text("Replaced whole when xroute writes here again.\n", encoding="utf-8")
        draft.chmod(0o755)
        _swap(draft, target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def check_replaceable(target: Path) -> None:
    """Raises `InputError` where `writing_folder` would refuse to replace what stands there."""
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{target} is a file where a folder is to be written")
    if any(target.iterdir()) and not (target / _MARK).is_file():
        raise InputError(f"{target} holds files that xroute did not write; name a new or an empty folder")


def _swap(draft: Path, target: Path) -> None:
    if not target.exists():
        draft.replace(target)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
    try:
        target.replace(aside / "old")
        try:
            draft.replace(target)
        except OSError:
            (aside / "old").replace(target)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """A name that no file system takes, or a place where nothing may be written, is an `InputError`."""
    try:
        yield
    except InputError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot write '{target}': {reason}") from error


def _is_folder(target: Path) -> bool:
    with _named(target):
        return target.is_dir()


def _parent(target: Path) -> Path:
    parent = target.parent
    if not parent.is_dir():
        raise InputError(f"there is no folder {parent} to write {target.name} in")
    return parent
