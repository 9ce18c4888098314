"""Tables and ledgers as files, for whoever works with the rows elsewhere, and to be imported again.

The canonical tables as they are now: every row that holds, those too that an exclusion leaves out, for the exclusions are a
table like the others. A store that imports them into an empty one gives the same numbers. The attributes of accounts and the
further columns of other tables stand in columns of their own, as they came. Ledgers are those of the company's own policy.
Instants say that they are UTC.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from tenure.errors import StorageError, UnknownNameError, UsageError
from tenure.facts.fact import facts as every_ledger
from tenure.sources.relation import pointer
from tenure.store import facts
from tenure.store.connection import damaged
from tenure.store.layout import literal, quoted
from tenure.store.names import snake
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.tables.schema import Table

KINDS = ("parquet", "csv")
_COPIED = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER true"}
_FORMULA = "^[=+\\-@\\t\\r]"
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV injection")."""
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Exported:
    """One file: of a table or a ledger, where it is, and how many rows it has."""

    kind: str
    name: str
    file: Path
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"kind": self.kind, "name": self.name, "file": str(self.file), "rows": self.rows}


@dataclass(frozen=True)
class Wanted:
    """What is to be written: the kind of file, whether it is for a spreadsheet, and whether files may be overwritten."""

    kind: str = "parquet"
    spreadsheet: bool = False
    force: bool = False


def export(
    con: DuckDBPyConnection, settings: Settings, out: Path, names: Sequence[str] = (), wanted: Wanted | None = None
) -> list[Exported]:
    """Writes tables to `out/tables` and ledgers to `out/ledgers`, a file each.

    Args:
        con: The store; only read, but for ledgers that are not there yet.
        settings: The company's.
        out: The folder; made where there is none.
        names: Tables and ledgers; by default all that have rows.
        wanted: How.

    Raises:
        UnknownNameError: there is no such table or ledger, or no such kind of file.
        UsageError: a file is there already, or an apostrophe is asked for where no spreadsheet opens it.
        StorageError: the folder cannot be written.
    """
    how = wanted or Wanted()
    if how.kind not in KINDS:
        raise UnknownNameError("kind of file", how.kind, KINDS, f"There are {' and '.join(KINDS)}.")
    if how.spreadsheet and how.kind != "csv":
        message = "Only CSV is opened by a spreadsheet as text: add --as csv, or leave --spreadsheet out."
        raise UsageError(message)
    ledgers = every_ledger()
    for name in names:
        if name not in TABLES and name not in ledgers:
            mend = "`tenure tables` lists the tables; an export of everything shows the ledgers."
            raise UnknownNameError("table or ledger", name, [*TABLES, *ledgers], mend)
    chosen = list(dict.fromkeys(names)) or [*_tables(con), *facts.loaded(con)]
    files = {name: out / ("tables" if name in TABLES else "ledgers") / f"{name}.{how.kind}" for name in chosen}
    there = [file for file in files.values() if file.exists()]
    if there and not how.force:
        more = f" and {len(there) - 1} more are" if len(there) > 1 else " is"
        message = f"'{there[0]}'{more} there already: choose another folder with --out, or overwrite with --force."
        raise UsageError(message)
    places = facts.ensure(con, settings, None, [name for name in chosen if name not in TABLES])
    written = []
    for name, file in files.items():
        is_table = name in TABLES
        select = _table(con, TABLES[name]) if is_table else f"SELECT * FROM {places[name]} ORDER BY ALL"
        rows = _copied(con, _readable(con, select, how), file, how.kind)
        written.append(Exported("table" if is_table else "ledger", name, file, rows))
    return written


def _tables(con: DuckDBPyConnection) -> list[str]:
    """The tables that have a current row."""
    held = (name for name in TABLES)
    return [n for n in held if con.execute(f"SELECT 1 FROM rows.{n} WHERE replaced_at IS NULL LIMIT 1").fetchone()]


def _table(con: DuckDBPyConnection, table: Table) -> str:
    """The current rows of a table, in the order of its key, with its extras as columns."""
    stored = f"rows.{table.name} WHERE replaced_at IS NULL"
    columns = [quoted(column.name) for column in table.columns]
    if table.extras not in {column.name for column in table.columns}:
        columns += _extras(con, table, stored)
    return f"SELECT {', '.join(columns)} FROM {stored} ORDER BY {', '.join(map(quoted, table.key))}"


def _extras(con: DuckDBPyConnection, table: Table, stored: str) -> Iterator[str]:
    """The columns of a file that are none of the table's, under the headers that they came with."""
    labels: dict[str, str] = {}
    if table.extras == "attributes":
        labels = dict(con.execute("SELECT name, label FROM meta.labels").fetchall())
    found = con.execute(f"SELECT DISTINCT unnest(json_keys({quoted(table.extras)})) AS k FROM {stored} ORDER BY k")
    taken = {column.name for column in table.columns}
    for (key,) in found.fetchall():
        label = labels.get(key, key)
        header = label if snake(label) == key and label not in taken else key
        yield f"json_extract_string({quoted(table.extras)}, {literal(pointer(key))}) AS {quoted(header)}"


def _readable(con: DuckDBPyConnection, select: str, how: Wanted) -> str:
    """The rows as the file is to have them: instants with their zone, and no formulas in cells of text, if so asked."""
    columns = []
    for name, kind, *_ in con.execute(f"DESCRIBE {select}").fetchall():
        column = quoted(name)
        if kind == "TIMESTAMP":
            instant = f"strftime({column}, '{_INSTANT}')" if how.kind == "csv" else f"{column} AT TIME ZONE 'UTC'"
            columns.append(f"{instant} AS {column}")
        elif how.spreadsheet and kind in ("VARCHAR", "JSON"):
            text = f"CAST({column} AS VARCHAR)"
            safe = f"CASE WHEN regexp_matches({text}, {literal(_FORMULA)}) THEN '''' || {text} ELSE {text} END"
            columns.append(f"{safe} AS {column}")
        else:
            columns.append(column)
    return f"SELECT {', '.join(columns)} FROM ({select})"


def _copied(con: DuckDBPyConnection, select: str, file: Path, kind: str) -> int:
    """Writes the file whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        row = con.execute(f"COPY ({select}) TO {literal(str(part))} ({_COPIED[kind]})").fetchone()
        part.replace(file)
    except (OSError, duckdb.IOException) as fault:
        if told := damaged(fault):
            raise told from fault
        said = re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", str(fault).splitlines()[0]).rstrip(".")
        message = f"'{file}' could not be written: {said}. Choose a folder that can be written with --out."
        raise StorageError(message) from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return int(row[0]) if row else 0
