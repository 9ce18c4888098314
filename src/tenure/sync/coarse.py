"""Ledgers of what people do in the product, added up: by day and by those attributes that the settings name.

An account stands there for all that have the same attributes, the first of them by its id, so that a dimension finds what it
looks for; `weight` is how many rows of the ledger a row is. Who is active in a trailing window is still told exactly: the next active
day of a row is kept (see `tenure.reductions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.dimensions import attribute

if TYPE_CHECKING:
    from collections.abc import Mapping
KEYS: Mapping[str, tuple[str, ...]] = {
    "usage": ("account_id", "feature", "day"),
    "activity": ("account_id", "day", "next_day"),
    "account_activity": ("account_id", "day", "next_day"),
}
"""The ledgers that can be added up, and what a row is then told apart by."""

_SUMS = ("events", "active_events", "key_events", "errors", "seconds", "sessions")


def select(name: str, place: str, cells: str, columns: Mapping[str, str], only: str = "") -> str:
    """The SELECT in DuckDB's dialect of a ledger added up; a row stands at the last instant of those that it is made of.

    Args:
        name: The ledger.
        place: Where it stands row by row.
        cells: Where `cells(account_id, cell_id)` stands: the account that an account is added up under.
        columns: The ledger's, with their types.
        only: A WHERE, if only some rows `l` are wanted.
    """
    made = {
        "account_id": "COALESCE(c.cell_id, '')",
        "happened_at": "MAX(l.happened_at)",
        "person_id": "CAST(NULL AS VARCHAR)",
    }
    made |= {column: f"CAST(SUM(l.{column}) AS {columns[column]})" for column in _SUMS if column in columns}
    found = ", ".join(f"{made.get(column, f'l.{column}')} AS {column}" for column in columns)
    grouped = ", ".join(made.get(column, f"l.{column}") for column in KEYS[name])
    return (
        f"SELECT {found}, CAST(COUNT(*) AS BIGINT) AS weight FROM {place} AS l"
        f" LEFT JOIN {cells} AS c ON c.account_id = l.account_id{only} GROUP BY {grouped}"
    )


def cells(dimensions: tuple[str, ...]) -> str:
    """SQL over the small tables: the account that each account is added up under."""
    told = [
        "a.channel" if name == "channel" else attribute(name).replace("{{", "{").replace("}}", "}")
        for name in dimensions
    ]
    by = "".join(f", coalesce(CAST({one} AS VARCHAR), '')" for one in told)
    return (
        f"SELECT a.account_id, min(a.account_id) OVER (PARTITION BY coalesce(r.is_left_out, false){by}) AS cell_id"
        " FROM accounts AS a LEFT JOIN facts.account_roots AS r ON r.account_id = a.account_id"
    )


def described(columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of a ledger added up, with their types."""
    return {**columns, "weight": "BIGINT"}
