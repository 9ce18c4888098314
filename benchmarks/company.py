"""A made-up company in the canonical tables, as Parquet files: `python -m benchmarks.company DIR ACCOUNTS`.

The same rows for the same number of accounts: four years of subscriptions with trials, upgrades, seats up and down,
discounts, pauses, dunning, churn and four currencies; two years of events. DIR/day holds one more day, DIR/more what the
scorecard reads beside that.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

STORY = Path(__file__).with_name("company.sql")
STEPS = ("lived", "lived_further")  # views that are no files


def write(folder: Path, accounts: int) -> None:
    """Makes the company's files in `folder`."""
    for room in ("day", "more"):
        (folder / room).mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute("SET VARIABLE accounts = CAST($accounts AS BIGINT)", {"accounts": accounts})
        con.execute(STORY.read_text(encoding="utf-8"))
        views = con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name").fetchall()
        for (name,) in views:
            if name not in STEPS:
                con.execute(f"COPY (FROM \"{name}\") TO '{folder / name}.parquet' (FORMAT parquet, COMPRESSION zstd)")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
