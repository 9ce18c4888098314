"""A made-up company in a store, through the front door: a folder of files, or a dataframe of text."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import csv

import tenure
from tenure.config import Settings
from tenure.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from oracle.company import Company
    from tenure.answer import Answer, Row
    from tenure.store.record import Load

NOW = "2026-01-01T00:00:00Z"
WINDOW = {"since": "2024-01-01", "until": "2024-07-01", "now": NOW}
CLOSE = Fraction(1, 10**6)


def text(value: object) -> str | None:
    """A cell as a file would have it."""
    if value is None:
        return None
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def frame(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of text."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    return pa.table({c: pa.array([text(row.get(c)) for row in rows], pa.string()) for c in columns})


def load(store: tenure.Store, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Load:
    """Loads every table that has rows, as a folder of CSV files, in one load."""
    with TemporaryDirectory() as folder:
        for name, rows in tables.items():
            if rows:
                csv.write_csv(frame(rows), Path(folder) / f"{name}.csv")
        return store.load(folder)


@contextmanager
def store_of(company: Company, timezone: str = "UTC", policy: Policy | None = None) -> Iterator[tenure.Store]:
    """A store in memory with the company's rows, and its own policy."""
    settings = Settings(currency=company.currency, timezone=timezone, policy=policy or Policy())
    with tenure.open(":memory:", settings=settings) as store:
        load(store, company.tables)
        yield store


def ask(store: tenure.Store, metric: str, policy: Policy | None = None, **asked: object) -> Answer:
    """One answer over the half year in which everything happens, under a policy."""
    words: dict[str, object] = {**WINDOW, **asked}
    if policy is not None:
        words |= {"policy": policy.preset, "switches": dict(policy.overrides)}
    return store.ask(metric, **words)


def same(found: float | None, wanted: float | Fraction | None) -> bool:
    """Equal to a millionth, for numbers that JSON carries; unknown is only equal to unknown."""
    if found is None or wanted is None:
        return found is None and wanted is None
    difference = abs(Fraction(found) - Fraction(wanted))
    return difference <= CLOSE * max(Fraction(1), abs(Fraction(wanted)))


def added(rows: Iterable[Row]) -> Fraction:
    """The sum of the values; all of them must be known."""
    return sum((Fraction(row.value) for row in rows if row.value is not None), Fraction(0))
