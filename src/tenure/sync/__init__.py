"""Makes the ledgers where the raw rows live and brings them home: `tenure sync`. See docs/decisions/0012-sync.md.

    sync(con, settings)  # what it would read, what it made there, what came home

It looks at the tables first, makes the ledgers there (`made`), lets them arrive chunk by chunk (`stage`), and writes them
in one transaction (`home`). Whatever ends it before that leaves the store as it was; the next one goes on from there.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tenure.errors import SettingsError, UnknownNameError
from tenure.facts.fact import facts
from tenure.policy import Policy
from tenure.store import warehouse
from tenure.sync import left
from tenure.sync.look import look
from tenure.sync.making import PEOPLE, Order, World
from tenure.sync.report import Synced, estimate
from tenure.sync.run import origin, run
from tenure.sync.stage import Stage
from tenure.sync.there import There
from tenure.sync.views import sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.store.record import Progress

__all__ = ["Synced", "sync"]


def sync(
    con: DuckDBPyConnection,
    settings: Settings,
    *,
    policies: Iterable[str] = (),
    whole: Iterable[str] = (),
    full: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    environ: Mapping[str, str] | None = None,
) -> Synced:
    """Brings the store up to its warehouse.

    Args:
        con: The store.
        settings: The company's; `[warehouse]` says where the rows are.
        policies: Presets whose ledgers are wanted beside those of the company's policy, from now on.
        whole: Ledgers, or `people`, that are wanted row by row however large they are, from now on.
        full: Everything is made anew, as if nothing had been brought before.
        dry_run: Only looks, and says what would be read.
        progress: Is told how far it is.
        environ: Where the password is looked for; None is the environment of this process.

    Raises:
        SettingsError: `[warehouse]` is not there, or says what means nothing.
        WarehouseError: the warehouse cannot be reached, or lacks a table, a column, a type or a right.
        UnknownNameError: there is no such policy or ledger.
    """
    from tenure.engines import connect  # its libraries are extras

    if not settings.warehouse.url:
        message = '[warehouse] has no url: write url = "postgres://user@host/database" under it in tenure.toml.'
        raise SettingsError(message)
    kept: dict[str, Any] | None = warehouse.told(con, "kept")
    began = time.monotonic()
    order = Order(
        tuple(dict.fromkeys([*((kept or {}).get("policies", ())), *(Policy(name).preset for name in policies)])),
        tuple(dict.fromkeys([*((kept or {}).get("whole", ())), *map(_ledger, whole)])),
    )
    engine = connect(settings.warehouse.url, environ)
    try:
        engine.schema(settings.warehouse.schema)
        there = There(engine, settings.warehouse.schema)
        found = sources(there, settings.warehouse)
        kept = _still(con, there, kept, settings)
        kept = None if full else kept
        looked = look(there, found, kept["tables"] if kept else {})
        told = estimate(settings, found, looked, kept)
        if dry_run:
            return told
        return run(World(con, settings, there, order, found, looked, kept or {}), Stage(con), told, progress, began)
    finally:
        engine.close()


def _ledger(name: str) -> str:
    if name not in facts() and name != PEOPLE:
        raise UnknownNameError(
            "ledger", name, [*facts(), PEOPLE], f"The ledgers are {', '.join(facts())}; and '{PEOPLE}'."
        )
    return name


def _still(
    con: DuckDBPyConnection, there: There, kept: dict[str, Any] | None, settings: Settings
) -> dict[str, Any] | None:  # fmt: skip
    """What was kept, if it is of this warehouse and still there as it was left; else everything is made anew."""
    run = warehouse.told(con, "run")
    if not left.is_sound(there, kept, run):
        warehouse.tell(con, "run", None)
        return None
    if kept is None or kept["of"] != origin(settings) or (run and run["is_full"]):
        return None
    return kept
