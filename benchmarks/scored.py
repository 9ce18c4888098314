"""The scorecard in a process of its own, every metric over 13 months beside those of a year before: prints JSON.

`python -m benchmarks.scored asked STORE TIMES` asks the library, and runs each answer's own statement right after it;
`by_hand` runs the statements of a person (`benchmarks.byhand`) over the same ledgers.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import duckdb

from benchmarks.byhand import SHARED, statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

DATABASE = "company.duckdb"
WINDOW = {"since": "2025-06-01", "until": "2026-07-01", "now": "2026-07-01", "grain": "month", "compare": "year"}
WARM_UP = 2

Scores = dict[str, dict[str, Any]]


def asked(store: str, times: str) -> Scores:
    """By metric the seconds of a question, those beyond its own statement (the best of each), and its values by month.

    A metric of which the store has no data is left out: it is answered without a statement. So is what a model is fitted for.
    """
    import tenure

    found: Scores = {}
    with tenure.open(store) as company:
        con = company._con  # noqa: SLF001 - the statement alone, on the connection that answered
        for name, metric in company.metrics.items():
            answer = company.ask(name, **WINDOW)
            if metric.model or answer.missing:
                continue
            whole, own = [], []
            for _ in range(WARM_UP + int(times)):
                whole.append(_seconds(partial(company.ask, name, **WINDOW)))
                own.append(_seconds(partial(_run, con, answer.sql)))
            values = {}
            for row in answer.rows:
                values[_month(row.start)] = row.value
                values[_month(row.start.replace(year=row.start.year - 1))] = row.previous
            found[name] = {"seconds": median(whole[WARM_UP:]), "beyond": min(whole) - min(own), "values": values}
    return found


def by_hand(store: str, times: str) -> Scores:
    """By metric the seconds of the statement of a person, and its values by month."""
    found: Scores = {}
    with duckdb.connect(str(Path(store) / DATABASE)) as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(SHARED)
        for name, statement in statements().items():
            rows = _run(con, statement)
            taken = [_seconds(partial(_run, con, statement)) for _ in range(WARM_UP + int(times))]
            values = {_month(month): None if value is None else float(value) for month, value in rows}
            found[name] = {"seconds": median(taken[WARM_UP:]), "values": values}
    return found


def _run(con: duckdb.DuckDBPyConnection, statement: str) -> list[Any]:
    return con.execute(statement).fetchall()


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _month(opens: datetime) -> str:
    return opens.strftime("%Y-%m")


if __name__ == "__main__":
    parts: dict[str, Callable[[str, str], Scores]] = {"asked": asked, "by_hand": by_hand}
    print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
