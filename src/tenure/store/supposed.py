"""The ledgers as they would be if some rows were there and others not: made beside the store, in memory, and let go again."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenure.facts.fact import facts, statement
from tenure.store import attached
from tenure.store.facts import values_of, with_below
from tenure.store.layout import known_rows, literal, quoted
from tenure.store.turns import writing
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy
    from tenure.tables.schema import Table

    Rows = Sequence[Mapping[str, str]]

_PLACE = "supposed"


@contextmanager
def supposed(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    ledgers: Iterable[str],
    instead: Mapping[str, Rows],
    source: str,
) -> Iterator[dict[str, str]]:
    """Where tables, inputs and ledgers stand if `instead` were all that `source` has brought of these tables.

    Args:
        con: The store, which stays as it is.
        settings: The company's.
        policy: Whose ledgers.
        ledgers: Which; they read no calendar.
        instead: By table, rows as text by column; of the other sources all stays.
        source: Whose rows are others.
    """
    with writing(con):  # every connection sees what is attached: two suppositions would be one
        con.execute(f"ATTACH ':memory:' AS {_PLACE}")
        try:
            yield _made(con, settings, policy, ledgers, instead, source)
        finally:
            con.execute(f"DETACH {_PLACE}")


def _made(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    ledgers: Iterable[str],
    instead: Mapping[str, Rows],
    source: str,
) -> dict[str, str]:
    schema, raw = f"{_PLACE}.main", f"{_PLACE}.rows"
    store = f"{attached.database(con)}.rows"
    con.execute(f"CREATE SCHEMA {raw}")
    for table in TABLES.values():
        con.execute(f"CREATE VIEW {raw}.{table.name} AS {_rows(table, store, instead.get(table.name), source)}")
    for table in TABLES.values():
        con.execute(f"CREATE VIEW {schema}.{table.name} AS {known_rows(table, 'true', raw)}")
    attached.resolve(con, settings, schema)
    values = values_of(con, policy, settings, f"{schema}.rates")
    places = {name: f"{schema}.{name}" for name in (*TABLES, "account_roots", "person_roots", "rates")}
    for name in with_below(ledgers):
        con.execute(f"CREATE TABLE {schema}.{name} AS {statement(facts()[name], values, tables=places)}")
        places[name] = f"{schema}.{name}"
    return places


def _rows(table: Table, store: str, instead: Rows | None, source: str) -> str:
    """SQL: the rows that hold, with those of one source exchanged."""
    names = ", ".join(quoted(column.name) for column in table.stored)
    kept = f"SELECT {names} FROM {store}.{table.name} WHERE replaced_at IS NULL"
    if instead is None:
        return kept
    kept += f" AND source <> {literal(source)}"
    selects = [
        "SELECT "
        + ", ".join(
            f"CAST({literal(row[column.name]) if row.get(column.name) else 'NULL'} AS {column.type.sql}) AS {quoted(column.name)}"
            for column in table.stored
        )
        for row in instead
    ]
    return " UNION ALL ".join([kept, *selects])
