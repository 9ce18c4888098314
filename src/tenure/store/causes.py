"""What a load did to the rows that were there, row by row and told apart by why a number of the past then moves.

    rates      an exchange rate that was not known, or another one
    merged     an account or a person is another one (`account_links`, `person_links`)
    excluded   a row is to be left out, or no longer
    withdrawn  a row that a full export of its source no longer has
    corrected  a row that takes the place of another one of the same key
    backdated  something that was known begins earlier than was said: a row takes the place of one with a later clock, or a new row of
               an item begins before all that was known of it (and what is then withdrawn of that item)
    late       every other new row

They are applied in that order: each is a step from the rows before the load to those after it, so that what they do to a number
adds up to what the load does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.affected import by_load, changed_tables
from tenure.store.layout import quoted
from tenure.tables import TABLES
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.tables.schema import Table

CAUSES = ("rates", "merged", "excluded", "withdrawn", "corrected", "backdated", "late")
_OF_TABLE = {"fx_rates": "rates", "account_links": "merged", "person_links": "merged", "exclusions": "excluded"}
_CLOCKS = ("happened_at", "starts_at", "valid_from", "created_at", "starts_on", "from_date", "day", "answered_at", "sent_at",
           "due_on", "shown_at", "started_at", "completed_at")  # fmt: skip


def clock(table: Table, row: str) -> str:
    """SQL: when a raw row of the table begins or happened; null where it does not say."""
    names = {column.name for column in table.columns}
    found = [f"CAST({row}.{quoted(name)} AS TIMESTAMP)" for name in _CLOCKS if name in names]
    return f"coalesce({', '.join(found)})" if len(found) > 1 else (found or ["CAST(NULL AS TIMESTAMP)"])[0]


def is_by_day(table: Table) -> bool:
    """Whether a raw row of the table begins on a day, and not at an instant."""
    first = next((name for name in _CLOCKS if any(column.name == name for column in table.columns)), None)
    return first is not None and table.column(first).type is Type.DAY


def classify(con: DuckDBPyConnection, load_id: int, schema: str) -> dict[str, frozenset[str]]:
    """Writes `SCHEMA.changed_NAME(side, cause, …the row)` for each table that the load changed; says their causes.

    `side` is new for a row that the load wrote, old for one that it retired.
    """
    found = {}
    for name in sorted(changed_tables(con, load_id)):
        into = f"{schema}.changed_{name}"
        con.execute(f"CREATE OR REPLACE TABLE {into} AS {_rows(con, TABLES[name], load_id)}")
        causes = con.execute(f"SELECT DISTINCT cause FROM {into}").fetchall()
        found[name] = frozenset(str(cause) for (cause,) in causes)
    return found


def _rows(con: DuckDBPyConnection, table: Table, load_id: int) -> str:
    by = by_load(con, load_id)
    side = f"CASE WHEN e.load_id = {int(load_id)} THEN 'new' ELSE 'old' END"
    rows = f"SELECT {side} AS side, e.* FROM rows.{table.name} AS e WHERE {by}"
    if table.name in _OF_TABLE:
        return f"SELECT side, '{_OF_TABLE[table.name]}' AS cause, * EXCLUDE (side) FROM ({rows})"
    key = ", ".join(f"e.{quoted(column)}" for column in table.key)
    begins = clock(table, "e")
    both = (
        f"SELECT e.*, count(*) OVER (PARTITION BY {key}) > 1 AS is_replaced,"
        f" min({begins}) FILTER (side = 'new') OVER (PARTITION BY {key}) <"
        f" min({begins}) FILTER (side = 'old') OVER (PARTITION BY {key}) AS is_earlier FROM ({rows}) AS e"
    )
    thing = [column for column in table.key if f"e.{quoted(column)}" not in begins]
    before = "false"
    if len(thing) < len(table.key):
        same = " AND ".join(f"k.{quoted(column)} = e.{quoted(column)}" for column in thing)
        known = (
            f"SELECT {', '.join(f'k.{quoted(c)}' for c in thing)}, min({clock(table, 'k')}) AS since FROM rows.{table.name} AS k"
            f" WHERE k.load_id < {int(load_id)} AND (k.replaced_at IS NULL OR k.replaced_at >= (SELECT loaded_at FROM meta.loads"
            f" WHERE load_id = {int(load_id)})) GROUP BY ALL"
        )
        first = ", ".join(f"e.{quoted(c)}" for c in thing)
        both = (
            f"SELECT e.*, coalesce(min({begins}) FILTER (side = 'new') OVER (PARTITION BY {first}) < k.since, false) AS moved,"
            f" coalesce({begins} < k.since, false) AS is_before FROM ({both}) AS e LEFT JOIN ({known}) AS k ON {same}"
        )
        before = "CASE WHEN side = 'new' THEN is_before ELSE moved END"
    verdict = (
        f"CASE WHEN is_replaced AND is_earlier THEN 'backdated' WHEN is_replaced THEN 'corrected' WHEN {before} THEN 'backdated'"
        " WHEN side = 'old' THEN 'withdrawn' ELSE 'late' END"
    )
    made = ["side", "is_replaced", "is_earlier", *(["moved", "is_before"] if before != "false" else [])]
    return f"SELECT side, {verdict} AS cause, * EXCLUDE ({', '.join(made)}) FROM ({both})"
