"""What was loaded when, how far each table reaches, and how many rows were set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.lists.reading import rows
from tenure.tables import TABLES
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.tables.schema import Table

_LOADS = """
SELECT l.load_id, l.loaded_at, l.source, l.inputs, CAST(coalesce(sum(t.rows_in), 0) AS BIGINT) AS rows_in,
    CAST(coalesce(sum(t.accepted), 0) AS BIGINT) AS accepted, CAST(coalesce(sum(t.duplicate), 0) AS BIGINT) AS duplicate,
    CAST(coalesce(sum(t.replaced), 0) AS BIGINT) AS replaced, CAST(coalesce(sum(t.quarantined), 0) AS BIGINT) AS quarantined,
    CAST(coalesce(sum(t.retired), 0) AS BIGINT) AS retired
FROM meta.loads AS l LEFT JOIN meta.load_tables AS t ON t.load_id = l.load_id
GROUP BY ALL ORDER BY l.load_id DESC
"""
_ASIDE = "SELECT table_name, count(*) AS quarantined FROM meta.quarantine GROUP BY table_name"


def holdings(con: DuckDBPyConnection) -> dict[str, list[dict[str, Any]]]:
    """`loads`, newest first (load_id, loaded_at, source, inputs and the counts of rows), and every canonical table.

    Each of `tables` has table, meaning, rows (current ones), clock (the column that dates its rows, None if it has none),
    whether it is `dated` (that column is required, so that it says when something happened), first and last of that,
    loaded_at (the last time that something was accepted) and quarantined.
    """
    aside = {row["table_name"]: row["quarantined"] for row in rows(con, _ASIDE)}
    return {
        "loads": rows(con, _LOADS),
        "tables": [
            {
                "table": table.name,
                "meaning": table.meaning,
                **_held(con, table),
                "quarantined": aside.get(table.name, 0),
            }
            for table in TABLES.values()
        ],
    }


def _held(con: DuckDBPyConnection, table: Table) -> dict[str, Any]:
    clock = _clock(table)
    is_dated = clock is not None and table.column(clock).required and table.column(clock).type is Type.INSTANT
    span = f"min({clock}) AS first, max({clock}) AS last" if clock else "NULL AS first, NULL AS last"
    (held,) = rows(con, f"SELECT count(*) AS rows, {span}, max(loaded_at) AS loaded_at FROM {table.name}")
    return {"clock": clock, "dated": is_dated} | held


def _clock(table: Table) -> str | None:
    """The column that dates a table's rows: the first required one that is an instant or a day, else the first at all."""
    dated = [c for c in table.columns if c.type in {Type.INSTANT, Type.DAY} and c.name != "updated_at"]
    return next((c.name for c in dated if c.required), dated[0].name if dated else None)
