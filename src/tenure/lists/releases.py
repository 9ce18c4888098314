"""What we changed ourselves: the annotations of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.lists.reading import rows

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection


def releases(con: DuckDBPyConnection, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The releases that happened in `[since, until)` (naive UTC), oldest first: release_id, happened_at, name, kind, feature."""
    return rows(
        con,
        "SELECT release_id, happened_at, name, kind, feature FROM releases"
        " WHERE happened_at >= $since AND happened_at < $until ORDER BY happened_at, release_id",
        {"since": since, "until": until},
    )
