"""The demo company as the tests look at it: its last day, its bad rows, and how its rows are read."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

Rows = list[dict[str, str]]
Tables = dict[str, Rows]

UNTIL = date(2026, 7, 1)
BAD = {
    "subscription_periods": 5, "fx_rates": 1, "people": 1, "tickets": 2, "responses": 1,
    "transactions": 1, "costs": 1,
}  # fmt: skip


def instant(text: str) -> datetime:
    """An instant of a row."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def by(column: str, rows: Rows) -> dict[str, Rows]:
    """The rows by the value of a column."""
    grouped = defaultdict(list)
    for row in rows:
        grouped[row[column]].append(row)
    return grouped
