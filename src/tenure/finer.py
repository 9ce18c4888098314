"""Which questions need a ledger row by row that came home from a warehouse added up by day (`tenure.sync.coarse`).

How often something was done adds up, and who was active in a trailing window is told by the days of activity with the next ones.
Whatever tells people or accounts apart, reads hours, or is broken down by what was not kept, needs the rows.
"""

from __future__ import annotations

import re
from datetime import time
from typing import TYPE_CHECKING

from tenure.calendar import local
from tenure.dimensions import placed
from tenure.errors import WarehouseError
from tenure.store import warehouse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Leaf
    from tenure.config import Settings
    from tenure.dimensions import Dimension
    from tenure.store.known import Known
    from tenure.window import Slots

WEIGHT = "weight"
"""The column by which a ledger is known to be added up: how many rows a row is."""


def check(
    con: DuckDBPyConnection,
    settings: Settings,
    leaves: Sequence[Leaf],
    chosen: Sequence[Dimension],
    standing: Known,
    planned: Slots,
) -> None:
    """Whether what came home can answer: of the people, and of the ledgers that are added up by day.

    Raises:
        WarehouseError: one cannot; the sentence says why, and what brings it.
    """
    held = warehouse.held(con)
    if held and held.rows.get("people") and "people" not in held.home and any(one.name == "role" for one in chosen):
        message = "'role' needs the people, who were too many to come home: `tenure sync --whole people` brings them."
        raise WarehouseError(message)
    added = [leaf for leaf in leaves if WEIGHT in standing.columns[leaf.ledger]]
    if not added or held is None:
        return
    kept = held.dimensions
    bounds = {at for slot in planned.slots for at in (slot.period.opens, slot.period.closes)}
    for leaf in added:
        if not _adds_up(leaf):
            raise WarehouseError(warehouse.finer(held, leaf.ledger, f"'{leaf.name}'"))
        for dimension in chosen:
            when = "level" if leaf.when in ("opening", "closing") else leaf.when
            stands = placed(dimension, leaf.ledger, when, standing.columns[leaf.ledger], leaf.clock) is not None
            is_kept = dimension.kind == "account" and dimension.name.removesuffix("@now") in kept
            if stands and not is_kept and not (leaf.ledger == "usage" and dimension.name == "feature"):
                raise WarehouseError(warehouse.finer(held, leaf.ledger, f"'{leaf.name}' by {dimension.name}"))
        if leaf.when == "flow" and any(_parts_a_day(at, settings, standing) for at in bounds):
            raise WarehouseError(warehouse.finer(held, leaf.ledger, f"'{leaf.name}' within a day"))


def _parts_a_day(at: datetime, settings: Settings, standing: Known) -> bool:
    """Whether something may have happened before an instant, and something after it, on the same day."""
    first, last = standing.coverage
    is_within = first is not None and last is not None and first < at <= last
    return is_within and local(at, settings.zone).time() != time()


def _adds_up(leaf: Leaf) -> bool:
    if leaf.when == "flow":
        return re.fullmatch(r"sum\(\w+\)", leaf.total) is not None and not leaf.where and not leaf.beside
    return leaf.when == "daily" or (leaf.when == "active" and not leaf.per)
