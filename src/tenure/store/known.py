"""What is known of a set of ledgers between two loads: when each begins and ends, which rates there are.

Every question needs it, and only a load or another policy changes it; so it is looked up once for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tenure.store import rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from duckdb import DuckDBPyConnection

_DATED = ("revenue", "customers", "pending_revenue", "states")
_seen: WeakKeyDictionary[DuckDBPyConnection, dict[tuple[object, ...], Known]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Known:
    """What a question must know of the ledgers beside their rows.

    `spans` are the first and the last change by ledger, `rate_days` the days that have a rate, `unrated` the currencies
    that are paid in and have none at all.
    """

    spans: Mapping[str, tuple[datetime | None, datetime | None]]
    rate_days: tuple[date, date]
    unrated: tuple[str, ...]

    def coverage(self, ledgers: Iterable[str]) -> tuple[datetime | None, datetime | None]:
        """The first and the last change in any of the ledgers."""
        spans = [self.spans[ledger] for ledger in ledgers]
        firsts, lasts = ([at for at in side if at is not None] for side in zip(*spans, strict=True))
        return min(firsts, default=None), max(lasts, default=None)


def known(con: DuckDBPyConnection, places: Mapping[str, str], currency: str) -> Known:
    """What is known of the ledgers that stand in `places`, made for the company's `currency`."""
    row = con.execute("SELECT max(load_id) FROM meta.loads").fetchone()
    key = (row and row[0], currency, *places.values())
    seen = _seen.setdefault(con, {})
    if key not in seen:
        seen.clear()  # what a load or a setting has changed is not asked for again
        seen[key] = _look(con, places)
    return seen[key]


def _look(con: DuckDBPyConnection, places: Mapping[str, str]) -> Known:
    sides = " UNION ALL ".join(
        f"SELECT '{name}', min(happened_at), max(happened_at) FROM {places[name]}" for name in _DATED
    )
    spans = {name: (first, last) for name, first, last in con.execute(sides).fetchall()}
    paid = {row[0] for row in con.execute(f"SELECT DISTINCT currency FROM {places['item_changes']}").fetchall()}
    rated = {row[0] for row in con.execute(f"SELECT DISTINCT currency FROM {places['rates']}").fetchall()}
    return Known(spans, rates.bounds(con), tuple(sorted(paid - rated)))
