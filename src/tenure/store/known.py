"""What is known of a set of ledgers between two loads: when each begins and ends, its columns, which rates there are.

Every question needs it, and only a load or another policy changes it; so it is looked up once for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tenure.store import rates, warehouse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from duckdb import DuckDBPyConnection

_seen: WeakKeyDictionary[DuckDBPyConnection, dict[tuple[object, ...], Known]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Known:
    """What a question must know of its ledgers beside their rows.

    `coverage` is the first and the last change in any of them, `columns` their columns by ledger, `rate_days` the days
    that have a rate, `unrated` the currencies that they hold and that have none at all, `empty` those of the canonical
    tables asked about of which nothing was ever loaded.
    """

    coverage: tuple[datetime | None, datetime | None]
    columns: Mapping[str, frozenset[str]]
    rate_days: tuple[date, date]
    unrated: tuple[str, ...]
    empty: frozenset[str]


def known(
    con: DuckDBPyConnection,
    places: Mapping[str, str],
    ledgers: Iterable[str],
    currency: str,
    tables: Iterable[str] = (),
) -> Known:
    """What is known of `ledgers`, made for the company's `currency`, and canonical `tables`; both stand in `places`."""
    row = con.execute("SELECT max(load_id) FROM meta.loads").fetchone()
    names, raw = sorted(set(ledgers)), sorted(set(tables))
    load = row and row[0]
    key = (load, currency, *(places[name] for name in (*names, *raw)))
    seen = _seen.setdefault(con, {})
    if key not in seen:
        for old in [old for old in seen if old[0] != load]:
            del seen[old]  # what a load has changed is not asked for again
        seen[key] = look(con, places, names, raw)
    return seen[key]


def look(con: DuckDBPyConnection, places: Mapping[str, str], names: list[str], tables: Iterable[str] = ()) -> Known:
    """What is known of the ledgers `names`, and of canonical `tables`, as they stand in `places` right now."""
    columns = {name: _columns(con, places[name]) for name in names}
    # What lapses by itself was known before it happens; the data do not reach as far as that.
    lasts_at = {name: "known_at" if "known_at" in columns[name] else "happened_at" for name in names}
    sides = " UNION ALL ".join(f"SELECT min(happened_at), max({lasts_at[name]}) FROM {places[name]}" for name in names)
    spans = con.execute(sides).fetchall() if names else []
    firsts, lasts = ([at for at in side if at is not None] for side in zip(*spans, (None, None), strict=True))
    # What an account pays in stands in its items; the other ledgers of money carry their currency themselves.
    paid = {places["item_changes"] if "valued_in" in columns[name] else places[name]
            for name in names if columns[name] & {"valued_in", "currency"}}  # fmt: skip
    held = {row[0] for place in paid for row in con.execute(f"SELECT DISTINCT currency FROM {place}").fetchall()}
    rated = {row[0] for row in con.execute(f"SELECT DISTINCT currency FROM {places['rates']}").fetchall()}
    return Known(
        (min(firsts, default=None), max(lasts, default=None)),
        columns,
        rates.bounds(con, places["rates"]),
        tuple(sorted(held - rated)),
        frozenset(table for table in tables if _is_empty(con, table, places[table])),
    )


def _is_empty(con: DuckDBPyConnection, table: str, place: str) -> bool:
    if (brought := warehouse.held(con)) and brought.rows.get(table):
        return False
    rows = f"rows.{table}" if place == table else place  # what a later load has replaced was loaded
    return con.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchone() is None


def _columns(con: DuckDBPyConnection, place: str) -> frozenset[str]:
    # The engine's own list of columns binds every view first, which takes longer than a question.
    described = con.execute(f"FROM {place} LIMIT 0").description
    return frozenset(column[0] for column in described)
