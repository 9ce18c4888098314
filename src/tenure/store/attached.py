"""What stands in memory beside the store: databases that are attached to it, and the ledgers that are made there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store import persons, rates, roots
from tenure.store.layout import quoted

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings


def database(con: DuckDBPyConnection) -> str:
    """The store's own database as SQL names it: a view of an attached one must say which it reads."""
    return quoted(str(con.execute("SELECT current_database()").fetchall()[0][0]))


def standing(con: DuckDBPyConnection, name: str) -> set[str]:
    """The tables and views of the attached database `name`, as `name.schema.table`."""
    found = con.execute(
        f"SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE database_name = '{name}' UNION ALL"
        f" SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = '{name}'"
    )
    return {f"{name}.{place}" for (place,) in found.fetchall()}


def resolve(con: DuckDBPyConnection, settings: Settings, schema: str) -> None:
    """Makes in a schema, from the canonical tables there, what every ledger reads beside them."""
    rates.rebuild(con, settings.currency, schema, schema)
    roots.rebuild(con, schema, schema)
    persons.rebuild(con, schema, schema)
