"""What is measured in a process of its own: `python -m benchmarks.inside WHAT …` prints JSON.

`native FILE PARQUET…` is DuckDB's own load; `facts FILE STORE` adds a store's ledgers to it; `movements STORE TIMES`
asks in a warm process and answers the same by hand, `actives STORE TIMES` counts active people; `cold STORE SQL` runs one statement once.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DATABASE = "company.duckdb"
SINCE, UNTIL = "2022-07-01", "2026-07-01"
WARM_UP = 3
CENT = 0.01

FLOW = f"""
SELECT date_trunc('month', happened_at) AS month, sum(amount) AS value
FROM facts.revenue
WHERE kind = 'expansion' AND happened_at >= TIMESTAMP '{SINCE}' AND happened_at < TIMESTAMP '{UNTIL}'
GROUP BY month ORDER BY month
"""

# What moved in all, exchange rates included: the level at each cut, at the rate of the day before, less the one before.
NET = f"""
WITH cuts AS (
  SELECT unnest(generate_series(TIMESTAMP '{SINCE}', TIMESTAMP '{UNTIL}', INTERVAL 1 MONTH)) AS cut
), moved AS (
  SELECT date_trunc('month', happened_at) AS month, valued_in, sum(worth) AS worth
  FROM facts.revenue WHERE happened_at < TIMESTAMP '{UNTIL}' GROUP BY ALL
), worths AS (
  SELECT cut, valued_in, sum(worth) AS worth FROM cuts JOIN moved ON month < cut GROUP BY ALL
), bounds AS (
  SELECT min(day) AS first_day, max(day) AS last_day FROM facts.rates
), levels AS (
  SELECT cut, sum(worth * rate) AS level
  FROM worths CROSS JOIN bounds
  JOIN facts.rates AS r ON r.currency = valued_in
    AND r.day = least(greatest(CAST(cut - INTERVAL 1 MICROSECOND AS DATE), first_day), last_day)
  GROUP BY cut
), changes AS (
  SELECT lag(cut) OVER (ORDER BY cut) AS month, level - lag(level, 1, 0) OVER (ORDER BY cut) AS value
  FROM (SELECT cut, coalesce(level, 0) AS level FROM cuts LEFT JOIN levels USING (cut))
)
SELECT month, value FROM changes WHERE month IS NOT NULL ORDER BY month
"""
QUESTIONS = {"expansion_mrr": FLOW, "net_new_mrr": NET}

USED_SINCE = "2024-07-01"
PEOPLE = f"""
SELECT CAST(happened_at AS DATE) AS day, count(DISTINCT person_id) AS value
FROM rows.events
WHERE replaced_at IS NULL AND happened_at >= TIMESTAMP '{USED_SINCE}' AND happened_at < TIMESTAMP '{UNTIL}'
  AND person_id NOT IN (SELECT person_id FROM rows.people WHERE is_internal)
  AND account_id NOT IN (SELECT account_id FROM rows.accounts WHERE is_test)
GROUP BY day ORDER BY day
"""


def native(file: str, *parquet: str) -> dict[str, int]:
    """The tables of some files, as DuckDB itself makes them; the bytes of the database."""
    with duckdb.connect(file) as con:
        for path in parquet:
            con.execute(f"CREATE TABLE {Path(path).stem} AS FROM '{path}'")
    return {"bytes": Path(file).stat().st_size}


def facts(file: str, store: str) -> dict[str, int]:
    """The bytes of a database with a store's ledgers added; both hold the same number of rows."""
    with duckdb.connect(file) as con:
        con.execute(f"ATTACH '{Path(store) / DATABASE}' AS store (READ_ONLY)")
        for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name <> 'store'").fetchall():
            counts = con.execute(f"SELECT (SELECT count(*) FROM {name}), (SELECT count(*) FROM store.rows.{name})")
            own, loaded = counts.fetchall()[0]
            assert own == loaded, f"{name}: {own} rows in the files, {loaded} in the store"
        made = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'store' AND schema_name = 'facts'"
        )
        con.execute("CREATE SCHEMA facts")
        for (name,) in made.fetchall():
            con.execute(f"CREATE TABLE facts.{name} AS FROM store.facts.{name}")
    return {"bytes": Path(file).stat().st_size}


def movements(store: str, times: str) -> dict[str, dict[str, float]]:
    """Seconds of each question, asked of the library and by hand, both warm.

    The library is measured first and closed: a database file has one owner.
    """
    import tenure

    asked, found = {}, {}
    with tenure.open(store) as company:
        for metric in QUESTIONS:

            def ask(metric: str = metric) -> list[float]:
                answer = company.ask(metric, since=SINCE, until=UNTIL, grain="month")
                return [math.nan if row.value is None else float(row.value) for row in answer.rows]

            asked[metric], found[metric] = _timed(ask, int(times))
    by_hand = {}
    with duckdb.connect(str(Path(store) / DATABASE)) as con:
        for metric, statement in QUESTIONS.items():

            def query(statement: str = statement) -> list[float]:
                return [float(value) for _, value in con.execute(statement).fetchall()]

            by_hand[metric], expected = _timed(query, int(times))
            _agree(metric, found[metric], expected)
    return {metric: {"asked": asked[metric], "by_hand": by_hand[metric]} for metric in QUESTIONS}


def actives(store: str, times: str) -> dict[str, float]:
    """Seconds of the active people of each day: asked of the library; its statement alone; counted over the raw events."""
    import tenure

    with tenure.open(store) as company:

        def ask() -> list[float]:
            answer = company.ask("daily_active_users", since=USED_SINCE, until=UNTIL, grain="day")
            return [math.nan if row.value is None else float(row.value) for row in answer.rows]

        asked, found = _timed(ask, int(times))
        statement = company.ask("daily_active_users", since=USED_SINCE, until=UNTIL, grain="day").sql
    with duckdb.connect(str(Path(store) / DATABASE)) as con:
        own, _ = _timed(lambda: [float(row[2]) for row in con.execute(statement).fetchall()], int(times))
        counted, expected = _timed(lambda: [float(row[1]) for row in con.execute(PEOPLE).fetchall()], int(times))
    _agree("daily_active_users", found, expected)
    return {"asked": asked, "statement": own, "counted": counted}


def cold(store: str, statement: str) -> dict[str, float]:
    """Seconds of one statement in a database that was just opened."""
    with duckdb.connect(str(Path(store) / DATABASE)) as con:
        begun = time.perf_counter()
        con.execute(statement).fetchall()
        return {"seconds": time.perf_counter() - begun}


def _timed(work: Callable[[], list[float]], times: int) -> tuple[float, list[float]]:
    """The median of some runs, after a few that are not counted; and what the work gave."""
    taken, found = [], []
    for _ in range(WARM_UP + times):
        begun = time.perf_counter()
        found = work()
        taken.append(time.perf_counter() - begun)
    return median(taken[WARM_UP:]), found


def _agree(metric: str, found: Sequence[float], expected: Sequence[float]) -> None:
    """Two ways of which one is wrong are not worth timing."""
    same = len(found) == len(expected) and all(abs(x - y) < CENT for x, y in zip(found, expected, strict=True))
    assert same, f"{metric}: asked {list(found)}, by hand {list(expected)}"


if __name__ == "__main__":
    parts: dict[str, Callable[..., object]] = {
        "native": native,
        "facts": facts,
        "movements": movements,
        "actives": actives,
        "cold": cold,
    }
    print(json.dumps(parts[sys.argv[1]](*sys.argv[2:])))
