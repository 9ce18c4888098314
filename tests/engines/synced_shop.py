"""The demo company in a warehouse, with rows that come a day later; and its embedded twin, the oracle of a store that is synced."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

import tenure
from tenure.config import Settings, Warehouse, load_settings
from tenure.facts.fact import facts
from tenure.sources.demo import company, settings, write
from tenure.store.facts import ensure
from tenure.store.load import bring
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tenure.engines.engine import Engine

FIRST, THEN = datetime(2026, 8, 1), datetime(2026, 8, 2)  # noqa: DTZ001 - naive UTC, as a watermark is
NOW = "2027-06-01"
SHARE = 0.97
EMPTY = {
    "tickets": ("person_id", "topic"),
    "responses": ("account_id", "person_id"),
    "events": ("account_id", "feature"),
}
"""Where this warehouse writes an empty text for nothing."""


@dataclass
class Shop:
    """A company in a warehouse: the rows that are there, and those that come a day later."""

    engine: Engine
    url: str
    settings: Settings
    rows: Mapping[str, pa.Table]
    columns: Mapping[str, Mapping[str, str]]
    late: Mapping[str, list[int]]
    twins: list[tenure.Store] = field(default_factory=list)
    days: int = 0

    def synced(self, schema: str, **how: object) -> Settings:
        """The settings of a store that is synced from it."""
        tables = {name: f"shop.{name}" for name in self.rows}
        return replace(self.settings, warehouse=Warehouse(url=self.url, schema=schema, tables=tables, **how))  # type: ignore[arg-type]

    def put(self, name: str, places: list[int], at: datetime) -> None:
        """Writes some rows, as written at an instant."""
        rows = self.rows[name].take(places)
        self.engine.insert(
            f"shop.{name}", rows.append_column("loaded_at", pa.array([at] * len(places), pa.timestamp("us")))
        )

    def day(self) -> None:
        """A day goes by: the late rows come, some tickets belong to another account, some people have gone elsewhere."""
        at = THEN + timedelta(days=self.days)
        for name, places in self.late.items():
            if places and not self.days:
                self.put(name, places, at)
        self.twins.clear()
        accounts = sorted(self.rows["accounts"]["account_id"].to_pylist())
        other = accounts[-1 - self.days % len(accounts)]
        for table, key in (("tickets", "ticket_id"), ("people", "person_id")):
            moved = ", ".join(f"'{one}'" for one in self.rows[table][key].to_pylist()[self.days % 9 :: 9][:5])
            self.engine.run(
                f"UPDATE shop.{table} SET account_id = '{other}', loaded_at = TIMESTAMP '{at}' WHERE {key} IN ({moved})"
            )
        self.days += 1

    def twin(self) -> tenure.Store:
        """A store that has the rows that are there now; the same one until they change."""
        if self.twins:
            return self.twins[0]
        made = tenure.open(":memory:", settings=self.settings)
        frames = {}
        for name, columns in self.columns.items():
            listed = ", ".join(f'"{column}"' for column in columns)
            rows = pa.Table.from_batches(list(self.engine.fetch(f"SELECT {listed} FROM shop.{name}", columns)))
            instants = [
                pa.field(f.name, pa.timestamp("us", "UTC") if pa.types.is_timestamp(f.type) else f.type)
                for f in rows.schema
            ]
            frames[name] = rows.cast(pa.schema(instants))
        made._con.begin()
        bring(made._con, made.settings, frames)
        made._con.commit()
        self.twins.append(made)
        return made


def shop(engine: Engine, url: str, folder: Path) -> Shop:
    """The demo company in a warehouse, but for some rows of each table, which are late."""
    (folder / "tenure.toml").write_text(settings(), encoding="utf-8")
    write(folder, company(accounts=24, months=6, until=date(2026, 7, 1)))
    chance = random.Random(7)  # noqa: S311 - which rows are late
    made = Shop(engine, url, load_settings(folder), {}, {}, {})
    rows, columns, late = {}, {}, {}
    engine.schema("shop")
    with tenure.open(":memory:", settings=made.settings) as store:
        store.load(sorted(folder.glob("*.csv")))
        labels = [name for (name,) in store._con.execute("SELECT name FROM meta.labels").fetchall()]
        for name, table in TABLES.items():
            kinds = {column.name: column.type.sql for column in table.columns}
            more = labels if name == "accounts" else []
            beside = "".join(f", json_extract_string(attributes, '/{label}') AS \"{label}\"" for label in more)
            found = store._con.execute(f"SELECT {', '.join(kinds)}{beside} FROM rows.{name}").to_arrow_table()
            for nobody in EMPTY.get(name, ()):
                found = found.set_column(found.column_names.index(nobody), nobody, pc.fill_null(found[nobody], ""))
            if name == "account_attributes":  # as people write headers
                found = found.set_column(1, "name", pc.replace_substring(pc.utf8_title(found["name"]), "_", " "))
            if found.num_rows:
                rows[name], columns[name] = found, kinds | dict.fromkeys(more, "VARCHAR")
                late[name] = [i for i in range(found.num_rows) if chance.random() > SHARE]
    made = replace(made, rows=rows, columns=columns, late=late)
    for name, declared in columns.items():
        engine.create(f"shop.{name}", {**declared, "loaded_at": "TIMESTAMP"})
        made.put(name, [i for i in range(rows[name].num_rows) if i not in set(late[name])], FIRST)
    return made


def same_ledgers(ours: tenure.Store, theirs: tenure.Store) -> None:
    here, home = ensure(ours._con, ours.settings), ensure(theirs._con, theirs.settings)
    for name in facts():
        wanted, found = (
            sorted(map(repr, store._con.execute(f"FROM {places[name]}").fetchall()))
            for store, places in ((ours, here), (theirs, home))
        )
        assert found == wanted, name


def same_answers(ours: tenure.Store, theirs: tenure.Store, names: Iterable[str]) -> None:
    for name in names:
        if ours.metrics[name].model is None:
            assert theirs.ask(name, now=NOW).rows == ours.ask(name, now=NOW).rows, name
