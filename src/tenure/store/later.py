"""The ledgers without what happens later than an instant, beside the store, in memory.

Most rows say when what they tell of happened. But a row of some ledgers tells the whole story of a thing, a ticket with its last
solution, of which the end was not known then. Where something of these stories is later than now, their ledgers, and those that
read them, are made from what was known then. That is the same until the next of the later instants, so that it is made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tenure.facts.fact import INPUTS, facts, statement
from tenure.store import attached
from tenure.store.facts import marks, values_of, with_below
from tenure.store.turns import writing
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy

_LATER = "later"
_INSTANTS = {
    "tickets": ("first_reply_at", "first_solved_at", "solved_at", "closed_at"),
    "ticket_events": ("happened_at",),
    "onboarding_steps": ("shown_at", "started_at", "completed_at", "skipped_at"),
}
"""The tables of stories, and when what they tell of happened."""
_SOLVED = "coalesce(greatest(r.first_solved_at, r.solved_at, r.closed_at) >= {at}, FALSE)"
# A ticket whose status changes later has not its last one yet; without a status it is solved where it says when.
_TOLD = {
    "agent_replies": "CASE WHEN r.first_reply_at >= {at} THEN 0 ELSE r.agent_replies END",
    "first_contact_resolved": f"CASE WHEN NOT {_SOLVED} THEN r.first_contact_resolved END",
    "status": f"CASE WHEN NOT {_SOLVED} AND e.ticket_id IS NULL THEN r.status END",
}
_seen: WeakKeyDictionary[DuckDBPyConnection, dict[tuple[object, ...], datetime | None]] = WeakKeyDictionary()


def without(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    ledgers: Iterable[str],
    places: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    """Where those of `ledgers` stand that tell of what happens after `now` (naive UTC), made without it; by name.

    Args:
        con: The store.
        settings: The company's.
        policy: The one that is asked for.
        ledgers: Which are wanted.
        places: Where the ledgers and what they read stand as they are.
        now: Up to when, that instant included.
    """
    names = [name for name in with_below(ledgers) if facts()[name].sources & _INSTANTS.keys()]
    if not names:
        return {}
    load_id = con.execute("SELECT coalesce(max(load_id), 0) FROM meta.loads").fetchall()[0][0]
    tables = sorted({source for name in names for source in facts()[name].sources} & _INSTANTS.keys())
    if not _is_later(con, load_id, tables, now):
        return {}
    at = _next(con, tables, now)
    schema = f"{_LATER}.load_{load_id}_{at:%Y%m%d%H%M%S%f}"
    made = {table: f"{schema}.{table}" for table in tables}
    wanted = marks(settings, policy)
    made |= {name: f"{schema}.{name}_{wanted[name]}" for name in names}
    if not set(made.values()) <= attached.standing(con, _LATER):
        with writing(con):  # every connection sees what was made
            _make(con, settings, policy, schema, made, places, at)
    return {name: place for name, place in made.items() if name not in TABLES}


def _make(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    schema: str,
    made: Mapping[str, str],
    places: Mapping[str, str],
    at: datetime,
) -> None:
    con.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {_LATER}")
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    store = attached.database(con)
    values = values_of(con, policy, settings)
    read = {n: f"facts.{n}" for n in INPUTS} | dict(places)
    for name, place in made.items():
        if name in TABLES:
            con.execute(f"CREATE VIEW IF NOT EXISTS {place} AS {_cut(name, at, store)}")
        else:
            con.execute(f"CREATE TABLE IF NOT EXISTS {place} AS {statement(facts()[name], values, tables=read)}")
        read[name] = place


def _is_later(con: DuckDBPyConnection, load_id: int, tables: Iterable[str], now: datetime) -> bool:
    """Whether any row is; the last instant of each table is looked up once for a load."""
    seen = _seen.setdefault(con, {})
    for table in tables:
        key = (load_id, table)
        if key not in seen:
            latest = ", ".join(f"max({column})" for column in _INSTANTS[table])
            seen[key] = con.execute(f"SELECT greatest({latest}) FROM main.{table}").fetchall()[0][0]
        last = seen[key]
        if last is not None and last > now:
            return True
    return False


def _next(con: DuckDBPyConnection, tables: Iterable[str], now: datetime) -> datetime:
    """The first instant after now in any row: what is not before it is later."""
    sides = " UNION ALL ".join(
        f"SELECT min({column}) FILTER (WHERE {column} > TIMESTAMP '{now}') AS next_at FROM main.{table}"
        for table in tables
        for column in _INSTANTS[table]
    )
    found: datetime = con.execute(f"SELECT min(next_at) FROM ({sides})").fetchall()[0][0]
    return found


def _cut(table: str, cut: datetime, store: str) -> str:
    """SQL: the rows of a table of the database `store`, as they told their story just before an instant."""
    at, rows = f"TIMESTAMP '{cut}'", f"{store}.main.{table} AS r"
    columns = ", ".join(f"r.{column}" for column in _INSTANTS[table])
    told = {column: f"CASE WHEN r.{column} < {at} THEN r.{column} END" for column in _INSTANTS[table]}
    if table == "tickets":
        told |= {column: sql.format(at=at) for column, sql in _TOLD.items()}
        rows += (
            f" LEFT JOIN (SELECT DISTINCT ticket_id FROM {store}.main.ticket_events"
            f" WHERE kind = 'status' AND happened_at >= {at}) AS e ON e.ticket_id = r.ticket_id"
        )
    else:  # of what only later instants are told, nothing was there
        rows += f" WHERE coalesce(least({columns}) < {at}, TRUE)"
    return f"SELECT r.* REPLACE ({', '.join(f'{sql} AS {column}' for column, sql in told.items())}) FROM {rows}"
