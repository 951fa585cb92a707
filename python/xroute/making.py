"""Instances of frozen classes, made at once: their constructors take a call for every field."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


def made(kind: type[T], values: dict[str, Any]) -> T:
    """An instance of a frozen data class without slots that has these values, and takes the dict as its own.

    Every field without a default must be there, and nothing is checked: for many small rows of our own.
    """
    instance = object.__new__(kind)
    object.__setattr__(instance, "__dict__", values)
    return instance
