"""Packages that are loaded when first used, with one clear line when they are missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from xroute.errors import MissingExtraError


def need(module: str, extra: str) -> Any:
    """The module, or `MissingExtraError` that names the extra to install.

    >>> need("json", "all").__name__
    'json'
    """
    try:
        return import_module(module)
    except ImportError as error:
        name = module.partition(".")[0]
        raise MissingExtraError(f"this needs {name}: pip install 'xroute[{extra}]'") from error
