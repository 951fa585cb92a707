"""A network with a user's own rows: what was added, what it joined, and what to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from xroute.errors import InputError
from xroute.lint_components import ModeParts, every_mode
from xroute.lint_view import LintView, Scope
from xroute.network import Network
from xroute.network_lint import LintReport, lint
from xroute.table import Table

TABLES = ("hubs", "links", "services", "transfers", "passages", "polygons")
COUNTED = ("hubs", "links", "services", "transfers", "passages")


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A network with rows added.

    `added` counts rows by table; `modes` has one row a mode: components and hubs in the largest before and
    after, added hubs in the largest and outside it; `passages` has one row an added passage or zone with the
    links that carry it; `lint` judges the added rows alone.
    """

    network: Network
    added: Mapping[str, int]
    modes: Table
    passages: Table
    lint: LintReport


def build(base: Network | None, tables: Mapping[str, Any], *, land: Any = None, allow: Any = None) -> Build:
    """Adds tables to a network, or makes one of the tables alone, and lints what was added.

    `tables` holds sources by name of `TABLES`. Raises `InputError` with table, row and column.
    """
    given = {name: source for name, source in tables.items() if source is not None}
    if unknown := sorted(set(given) - set(TABLES)):
        raise InputError(f"'{unknown[0]}' is none of: {', '.join(TABLES)}")
    if not given:
        raise InputError(f"nothing to add; expected one of: {', '.join(TABLES)}")
    if base is None and "hubs" not in given:
        raise InputError("a network of your own tables alone needs hubs", table="hubs")
    network = Network.from_tables(**given) if base is None else base.extended(**given)
    before, after = _rows(base), _rows(network)
    scope = Scope(hub=before["hubs"], link=before["links"], service=before["services"])
    return Build(
        network=network,
        added={name: after[name] - before[name] for name in COUNTED},
        modes=_modes(base, network, scope),
        passages=_passages(network, before["passages"]),
        lint=lint(network, land=land, allow=allow, scope=scope),
    )


def _rows(network: Network | None) -> dict[str, int]:
    if network is None:
        return dict.fromkeys(COUNTED, 0)
    return {name: len(next(iter(network.core.table(name).values()))) for name in COUNTED}


def _modes(base: Network | None, network: Network, scope: Scope) -> Table:
    old = {each.mode: each for each in every_mode(LintView(base))} if base is not None else {}
    rows = [_mode(old.get(each.mode), each, scope.hub) for each in every_mode(LintView(network))]
    return Table({name: [row[name] for row in rows] for name in rows[0]} if rows else {})


def _mode(before: ModeParts | None, after: ModeParts, first_hub: int) -> dict[str, Any]:
    is_added = [np.count_nonzero(part >= first_hub) for part in after.parts]
    return {
        "mode": after.mode,
        "components_before": len(before.parts) if before else 0,
        "components": len(after.parts),
        "largest_before": before.largest if before else 0,
        "largest": after.largest,
        "added_in_largest": int(is_added[0]),
        "added_outside": int(sum(is_added[1:])),
    }


def _passages(network: Network, first: int) -> Table:
    table, links = network.core.table("passages"), links_by_passage(network)
    names = table["passage_id"][first:]
    return Table(
        {
            "passage_id": names,
            "name": table["name"][first:],
            "default_closed": table["default_closed"][first:],
            "links": np.array([links[name] for name in names], dtype=np.int64),
        }
    )


def links_by_passage(network: Network) -> Counter[str]:
    """How many links carry the tag of each passage."""
    texts = network.core.table("links")["passages"]
    return Counter(tag for text in texts if text for tag in {part.strip() for part in text.split(";")})
