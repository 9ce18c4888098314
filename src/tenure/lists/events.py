"""The names of what people did, as it was loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def event_names(con: DuckDBPyConnection) -> list[str]:
    """The name of every event that ever happened, the most frequent first."""
    found = con.execute("SELECT name FROM events GROUP BY name ORDER BY count(*) DESC, name").fetchall()
    return [row[0] for row in found]
