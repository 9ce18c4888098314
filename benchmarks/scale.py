"""What a sync costs as a company grows: `python -m benchmarks.scale postgres://user@host/database ACCOUNTS…`.

For each number of accounts the made-up company (`benchmarks.company`, a hundred events an account) is put into a schema of
its own, brought home by `tenure sync`, one more day is added, and what is new is brought home. It prints a line of
docs/explanation/cost-of-scale.md; the schemas are dropped again.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import tenure
from benchmarks import company
from tenure.config import load_settings
from tenure.engines import connect
from tenure.tables import TABLES

if TYPE_CHECKING:
    from tenure.engines.engine import Engine
    from tenure.sync import Synced

RAW, MADE = "scale_raw", "scale_made"


DAYS = ("2026-07-01", "2026-07-02")
"""When the company's rows were written, and those of one more day."""


def put(engine: Engine, folder: Path, day: str) -> list[str]:
    """Adds the files of a folder to the tables there, as written on a day; their names."""
    names = []
    for file in sorted(folder.glob("*.parquet")):
        table, place = TABLES[file.stem], f"{RAW}.{file.stem}"
        known = {alias: column for column in table.columns for alias in (column.name, *column.aliases)}
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            given = [name for name, *_ in con.execute(f"DESCRIBE FROM '{file}'").fetchall()]
            types = {known[n].name if n in known else n: known[n].type.sql if n in known else "VARCHAR" for n in given}
            cast = ", ".join(f'CAST("{n}" AS {t}) AS "{c}"' for n, (c, t) in zip(given, types.items(), strict=True))
            plain = {name: told.replace("JSON", "VARCHAR") for name, told in types.items()} | {"loaded_at": "TIMESTAMP"}
            rows = con.sql(f"SELECT {cast}, TIMESTAMP '{day}' AS loaded_at FROM '{file}'").to_arrow_table()
        if day == DAYS[0]:
            engine.create(place, plain)
        engine.insert(place, rows)
        if day == DAYS[0] and engine.dialect == "postgres":  # as docs/how-to/warehouse.md advises
            for column in ("loaded_at", "account_id"):
                if column in plain:
                    engine.run(f"CREATE INDEX ON {place} ({column})")
        names.append(file.stem)
    return names


def line(events: int, first: Synced, second: Synced) -> str:
    """The row of the table: what was read, what came home, and what a day of new rows costs beside that."""
    scanned, home = sum(table.scanned for table in first.tables), sum(one.rows for one in first.ledgers)
    sent = "" if first.line_bytes is None else f" {first.line_bytes / 1e6:,.0f} MB"
    told = (
        f"| {events:,} | {first.raw_bytes / 1e6:,.1f} MB | {scanned:,} | {home:,} | {first.moved_bytes / 1e6:,.2f} MB"
        f" | {first.moved_bytes / first.raw_bytes:.1%} |{sent} | {first.seconds:,.0f} s | {second.moved_bytes / 1e6:,.2f} MB"
        f" | {second.seconds:,.0f} s |"
    )
    return told.replace(",", " ")


def measured(url: str, accounts: int) -> str:
    """One company there, brought home twice."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        company.write(folder, accounts)
        engine = connect(url)
        try:
            engine.schema(RAW)
            names = put(engine, folder, DAYS[0])
            told = "".join(f'{name} = "{RAW}.{name}"\n' for name in names)
            head = f'currency = "EUR"\n[warehouse]\nurl = "{url}"\nschema = "{MADE}"\n[warehouse.tables]\n'
            (folder / "tenure.toml").write_text(head + told, encoding="utf-8")
            with tenure.open(folder / "store", settings=load_settings(folder)) as store:
                first = store.sync()
                put(engine, folder / "day", DAYS[1])
                second = store.sync()
        finally:
            engine.drop_schema(RAW)
            engine.drop_schema(MADE)
            engine.close()
    events = next(table.rows for table in first.tables if table.table == "events")
    return line(events, first, second)


if __name__ == "__main__":
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    for count in sys.argv[2:]:
        print(measured(sys.argv[1], int(count)), flush=True)
