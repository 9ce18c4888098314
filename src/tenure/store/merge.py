"""How arriving rows meet the rows that stand: one current row per key, and the newer state wins.

A key is unique among the current rows of its table. No index says so; a load looks. A table without rows takes its
first load as it comes and looks afterwards whether a key came twice, which spares a copy of every large first import.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.errors import InputError
from tenure.store.intake import Seen, noting
from tenure.store.layout import literal, quoted
from tenure.store.typed import good, rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import duckdb

    from tenure.store.mapping import Plan
    from tenure.tables.schema import Table

ARRIVING, CONFLICTS = "temp.arriving", "temp.conflicts"


@dataclass(frozen=True)
class Stamp:
    """What every row of a load carries."""

    source: str
    load_id: int
    loaded_at: datetime

    @property
    def instant(self) -> str:
        """`loaded_at` as SQL."""
        return f"TIMESTAMP '{self.loaded_at}'"

    @property
    def columns(self) -> str:
        """The four stamps as SQL, of a row that is current."""
        return f"{literal(self.source)}, {self.load_id}, {self.instant}, CAST(NULL AS TIMESTAMP)"


@dataclass(frozen=True)
class Merged:
    """How many rows were read as good, stored, took another's place, and contradicted each other."""

    arrived: int
    accepted: int
    replaced: int
    conflicting: int


def merge(con: duckdb.DuckDBPyConnection, table: Table, looked: Sequence[Seen], stamp: Stamp) -> Merged:
    """Stores the good rows of sources that all feed `table`; the keys in conflict are then in `CONFLICTS`.

    Raises:
        InputError: a file does not hold the rows any more that it held a moment ago.
    """
    _drop(con, "arriving", "conflicts", "repeated", "contenders", "verdicts")
    stored = f"rows.{table.name}"
    if not _one(con, f"SELECT EXISTS (SELECT 1 FROM {stored} WHERE replaced_at IS NULL)"):
        arrived = sum(_arrive(con, seen, stored, f", {stamp.columns}") for seen in looked)
        mine = f"(SELECT * FROM {stored} WHERE load_id = {stamp.load_id})"
        if _one(con, f"SELECT count(DISTINCT hash({_keys(table)})) FROM {mine}") == arrived:
            return Merged(arrived, arrived, 0, 0)
        con.execute(f"CREATE TEMP TABLE arriving AS SELECT {_columns(table)} FROM {mine}")
        con.execute(f"DELETE FROM {stored} WHERE load_id = {stamp.load_id}")
    else:
        con.execute(f"CREATE TEMP TABLE arriving AS SELECT {_columns(table)} FROM {stored} LIMIT 0")
        arrived = sum(_arrive(con, seen, ARRIVING) for seen in looked)
    conflicting = _settle_repeats(con, table)
    replaced = _judge(con, table, stamp)
    accepted = _written(
        con,
        f"INSERT INTO {stored} SELECT {_columns(table)}, {stamp.columns} FROM {ARRIVING} AS a"
        " WHERE NOT EXISTS (SELECT 1 FROM temp.verdicts AS v WHERE v.arriving = a.rowid AND NOT v.wins)",
    )
    return Merged(arrived, accepted, replaced, conflicting)


def retire(con: duckdb.DuckDBPyConnection, table: Table, plans: Sequence[Plan], stamp: Stamp) -> int | None:
    """Retires the current rows of the stamp's source that `plans` lack, and counts them.

    `None`, and nothing is retired, where the key of a row cannot be read: it could be any of them. A row that is set
    aside for another reason is there all the same.
    """
    _drop(con, "present")
    every = " UNION ALL ".join(f"SELECT {_keys(table)} FROM ({rows(plan)})" for plan in plans)
    con.execute(f"CREATE TEMP TABLE present AS {every}")
    unknown = " OR ".join(f"{quoted(k)} IS NULL" for k in table.key)
    if _one(con, f"SELECT EXISTS (SELECT 1 FROM temp.present WHERE {unknown})"):
        return None
    return _written(
        con,
        f"UPDATE rows.{table.name} AS s SET replaced_at = {stamp.instant} WHERE s.replaced_at IS NULL"
        f" AND s.source = {literal(stamp.source)} AND s.load_id <> {stamp.load_id}"
        f" AND NOT EXISTS (SELECT 1 FROM temp.present AS p WHERE {_same_key(table, 'p', 's')})",
    )


def in_conflict(table: Table, row: str) -> str:
    """SQL: whether the key of `row` is one of which the load brings two states without an order."""
    return f"EXISTS (SELECT 1 FROM {CONFLICTS} AS x WHERE {_same_key(table, 'x', row)})"


def _arrive(con: duckdb.DuckDBPyConnection, seen: Seen, into: str, stamps: str = "") -> int:
    with noting(con, seen.plan.relation) as noted:
        written = _written(con, f"INSERT INTO {into} SELECT *{stamps} FROM ({good(seen.plan, noted)})")
    if written != seen.read - seen.bad:
        raise InputError(f"'{seen.plan.relation.name}' changed while it was read: import it again when it is whole.")
    return written


def _settle_repeats(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """Leaves one arriving row per key: the newest, or none where no order is told; counts the rows of the latter."""
    keys = _keys(table)
    con.execute(f"CREATE TEMP TABLE repeated AS SELECT {keys} FROM {ARRIVING} GROUP BY {keys} HAVING count(*) > 1")
    con.execute(f"CREATE TEMP TABLE conflicts AS SELECT {keys} FROM {ARRIVING} LIMIT 0")
    if not _one(con, "SELECT count(*) FROM temp.repeated"):
        return 0
    repeated = f"EXISTS (SELECT 1 FROM temp.repeated AS r WHERE {_same_key(table, 'r', 'a')})"
    con.execute(f"CREATE TEMP TABLE contenders AS SELECT DISTINCT * FROM {ARRIVING} AS a WHERE {repeated}")
    newest = f"max(updated_at) OVER (PARTITION BY {keys})"
    con.execute(
        f"INSERT INTO {CONFLICTS} SELECT {keys} FROM (SELECT {keys}, updated_at, {newest} AS newest FROM temp.contenders)"
        f" GROUP BY {keys} HAVING count(*) > 1 AND (count(updated_at) < count(*)"
        " OR count(*) FILTER (updated_at = newest) > 1)"
    )
    conflicting = _one(con, f"SELECT count(*) FROM {ARRIVING} AS a WHERE {in_conflict(table, 'a')}")
    con.execute(f"DELETE FROM {ARRIVING} AS a WHERE {repeated}")
    con.execute(
        f"INSERT INTO {ARRIVING} SELECT * FROM temp.contenders AS a WHERE NOT {in_conflict(table, 'a')}"
        f" QUALIFY updated_at IS NOT DISTINCT FROM {newest}"
    )
    return conflicting


def _judge(con: duckdb.DuckDBPyConnection, table: Table, stamp: Stamp) -> int:
    """Retires the rows that an arriving one wins over, and counts them; the verdicts are then in `temp.verdicts`."""
    stored = f"rows.{table.name}"
    # the keys alone first: comparing the rest then touches only the rows that meet
    con.execute(
        f"CREATE TEMP TABLE meeting AS SELECT a.rowid AS arriving, s.rowid AS standing FROM {ARRIVING} AS a"
        f" JOIN {stored} AS s ON {_same_key(table, 'a', 's')} WHERE s.replaced_at IS NULL"
    )
    if not _one(con, "SELECT count(*) FROM temp.meeting"):  # most of a day's rows are new: nothing is to be compared
        con.execute("CREATE TEMP TABLE verdicts AS SELECT arriving, standing, true AS wins FROM temp.meeting")
        con.execute("DROP TABLE temp.meeting")
        return 0
    same = " AND ".join(
        f"a.{quoted(c.name)} IS NOT DISTINCT FROM s.{quoted(c.name)}" for c in table.stored if c.name not in table.key
    )
    con.execute(
        f"CREATE TEMP TABLE verdicts AS SELECT m.arriving, m.standing,"
        f" NOT ({same or 'true'}) AND NOT coalesce(a.updated_at < s.updated_at, false) AS wins FROM temp.meeting AS m"
        f" JOIN {ARRIVING} AS a ON a.rowid = m.arriving JOIN {stored} AS s ON s.rowid = m.standing"
    )
    con.execute("DROP TABLE temp.meeting")
    return _written(
        con,
        f"UPDATE {stored} SET replaced_at = {stamp.instant}"
        " WHERE rowid IN (SELECT standing FROM temp.verdicts WHERE wins)",
    )


def _keys(table: Table) -> str:
    return ", ".join(quoted(k) for k in table.key)


def _columns(table: Table) -> str:
    return ", ".join(quoted(c.name) for c in table.stored)


def _same_key(table: Table, one: str, other: str) -> str:
    return " AND ".join(f"{one}.{quoted(k)} = {other}.{quoted(k)}" for k in table.key)


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _written(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Runs a statement that writes, and counts the rows."""
    return _one(con, sql)


def _drop(con: duckdb.DuckDBPyConnection, *names: str) -> None:
    for name in names:
        con.execute(f"DROP TABLE IF EXISTS temp.{name}")
