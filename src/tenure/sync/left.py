"""What earlier syncs left in the warehouse, and whether it still stands there as they left it.

Each sync writes a mark beside its tables before it changes any, and keeps it here too. A server that crashed has emptied what it does
not log, and the mark with it; who drops the schema drops it; another store that is synced into the same schema, or an
older copy of this one, has another. What is made there is then made anew: a difference to anything else would be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.errors import WarehouseError
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenure.sync.there import There

MARK = "sync_mark"


def write(there: There, mark: str) -> None:
    """Writes the mark of a sync, if it does not stand there."""
    if _read(there) != mark:
        there.make(MARK, f"SELECT CAST({literal(mark)} AS VARCHAR) AS mark")


def is_sound(there: There, kept: Mapping[str, Any] | None, run: Mapping[str, Any] | None) -> bool:
    """Whether all of it is there: of the last sync that was complete (`kept`), and of one that was begun since (`run`)."""
    told = kept or {}
    if run is None:
        wanted, names = {told.get("mark")}, set(_of_kept(told))
    else:
        has_begun = run["done"] or run.get("inputs")
        wanted = {run.get("mark")} | (set() if has_begun else {told.get("mark")})
        names = {name for name in run["done"] if not name.startswith("all_")}
        names |= set() if run["is_full"] else set(_of_kept(told))
    at = _read(there)
    return at is not None and at in wanted and all(_stands(there, name) for name in names)


def _of_kept(kept: Mapping[str, Any]) -> Iterator[str]:
    """The tables that the next sync stands on."""
    if not kept:
        return
    yield from ("person_roots", *kept["ledgers"], *kept["inputs"])
    for one in kept["unsettled"]:
        yield from (name for name in (f"new_{one['name']}", one["touched"]) if name)


def _read(there: There) -> str | None:
    if not _stands(there, MARK):
        return None
    told = there.one(f"SELECT mark FROM {there.place(MARK)}", {"mark": "VARCHAR"})["mark"]
    return None if told is None else str(told)


def _stands(there: There, name: str) -> bool:
    try:
        return bool(there.engine.columns(there.place(name)))
    except WarehouseError:
        return False
