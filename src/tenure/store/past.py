"""The ledgers as they were known at an instant: made from the rows that were there then, beside the store, in memory.

What was known does not change any more, so they are made once for a load and stand until the store is closed. They may
grow larger than memory: the engine then spills them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.facts.fact import INPUTS, facts, statement
from tenure.store import attached, days, warehouse
from tenure.store.connection import transaction
from tenure.store.facts import marks, values_of, with_below
from tenure.store.layout import known_rows, literal
from tenure.store.turns import writing
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy

_PAST = "past"


def ensure(
    con: DuckDBPyConnection, settings: Settings, policy: Policy, ledgers: Iterable[str], at: datetime
) -> dict[str, str]:
    """Where the canonical tables, the inputs and the ledgers stand as they were known at `at` (naive UTC), by name."""
    warehouse.refuse_past(con, "What was known at an earlier instant")
    load_id, loaded_at = _load(con, at)
    schema = f"{_PAST}.load_{load_id}"
    wanted = marks(settings, policy)
    places = {name: f"{schema}.{name}" for name in (*TABLES, *INPUTS)} | {
        name: f"{schema}.{name}_{mark}" for name, mark in wanted.items()
    }
    places |= {"calendar": "facts.calendar", "calendar_days": "facts.calendar_days"}
    names = with_below(ledgers)
    timed = bool({read for name in names for read in facts()[name].sources} & {"calendar", "calendar_days"})
    stands = schema in _schemas(con) and {places[name] for name in names} <= attached.standing(con, _PAST)
    if not stands or (timed and not days.stands(con, settings)):
        with writing(con):  # every connection sees what was made of the past
            _make(con, settings, policy, schema, loaded_at, {name: places[name] for name in names}, places, timed=timed)
    return places


def _make(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    schema: str,
    loaded_at: datetime | None,
    wanted: dict[str, str],
    places: dict[str, str],
    *,
    timed: bool,
) -> None:
    if schema not in _schemas(con):
        con.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {_PAST}")
        with transaction(con, derived=True):
            _lay_out(con, settings, schema, loaded_at)
    if timed:
        days.ensure(con, settings)
    standing = attached.standing(con, _PAST)
    values = values_of(con, policy, settings, places["rates"])
    for name, place in wanted.items():
        if place not in standing:
            con.execute(f"CREATE TABLE {place} AS {statement(facts()[name], values, tables=_read(places))}")


def _lay_out(con: DuckDBPyConnection, settings: Settings, schema: str, loaded_at: datetime | None) -> None:
    """The rows that were known when a load was done, and what all ledgers read."""
    con.execute(f"CREATE SCHEMA {schema}")
    store = f"{attached.database(con)}.rows"
    known = "false"
    if loaded_at is not None:
        instant = f"TIMESTAMP '{loaded_at}'"
        known = f"{{row}}.loaded_at <= {instant} AND ({{row}}.replaced_at IS NULL OR {{row}}.replaced_at > {instant})"
    for table in TABLES.values():
        con.execute(f"CREATE VIEW {schema}.{table.name} AS {known_rows(table, known, store)}")
    attached.resolve(con, settings, schema)


def _read(places: dict[str, str]) -> dict[str, str]:
    return {name: place for name, place in places.items() if place.startswith(_PAST) or name in INPUTS}


def _load(con: DuckDBPyConnection, at: datetime) -> tuple[int, datetime | None]:
    """The last load that was done by then, and when; 0 where there was none."""
    found = con.execute(
        f"SELECT load_id, loaded_at FROM meta.loads WHERE loaded_at <= TIMESTAMP {literal(str(at))} ORDER BY load_id DESC LIMIT 1"
    ).fetchone()
    return (int(found[0]), found[1]) if found else (0, None)


def _schemas(con: DuckDBPyConnection) -> set[str]:
    found = con.execute(f"SELECT schema_name FROM duckdb_schemas() WHERE database_name = '{_PAST}'").fetchall()
    return {f"{_PAST}.{name}" for (name,) in found}
