"""One load: files and dataframes in, typed rows and set-aside rows out, all in one transaction with its own record."""

from __future__ import annotations

from dataclasses import replace as replaced
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.errors import InputError
from tenure.sources import files
from tenure.store import facts
from tenure.store.connection import importing, transaction
from tenure.store.intake import look
from tenure.store.layout import literal
from tenure.store.mapping import Plan, known_table, plans, untold
from tenure.store.merge import Stamp, merge, retire
from tenure.store.progress import watched
from tenure.store.quarantine import kept, quarantine, set_aside
from tenure.store.record import FilePlan, Load, Progress, TableLoad
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import duckdb

    from tenure.config import Settings

DEFAULT_SOURCE = "files"
WAREHOUSE = "warehouse"
"""The source of what `tenure sync` brings."""
_SHOWN = 10
_LOOKING = 0.25  # the share of the time that the first look at a file takes


def load(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    inputs: object,
    *,
    table: str | None = None,
    source: str | None = None,
    replace: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Load:
    """Loads files, folders and dataframes, all of them or none, and says what became of every row.

    `inputs`: a path, a dataframe with an Arrow stream, or a list of such. `table` names the table of all of them, else
    their names or the mapping tell. `replace` also retires the rows of `source` that a table's files no longer have.
    `dry_run` finds out what would happen and keeps nothing.

    Raises:
        InputError: a file or dataframe cannot be used as a whole.
        UnknownNameError: there is no such table.
        SettingsError: a mapping does not fit its file.
        StorageError: the disk is full; nothing was kept.
    """
    if table is not None:
        known_table(table)
    with importing(con), transaction(con, keep=not dry_run):
        found, brought, notes = files.gathered(inputs)
        planned = _planned(con, settings, found, brought, table, notes)
        stamp = _stamp(con, source or DEFAULT_SOURCE)
        gone = frozenset(TABLES) if replace else frozenset[str]()
        return _run(con, settings, planned, stamp, notes, replace=gone, dry_run=dry_run, progress=progress)


def bring(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    frames: Mapping[str, object],
    whole: frozenset[str] = frozenset(),
) -> Load:
    """Loads a dataframe for each of some tables, within the transaction that is open; of `whole` ones it retires the rest.

    Raises:
        InputError, SettingsError: as of `load`.
    """
    notes: list[str] = []
    planned = [p for name, frame in frames.items() for p in _planned(con, settings, [frame], set(), name, notes)]
    return _run(con, settings, planned, _stamp(con, WAREHOUSE), notes, replace=whole)


def retry(con: duckdb.DuckDBPyConnection, settings: Settings, table: str | None = None) -> Load:
    """Reads what is set aside again, by today's rules, settings and mapping, as a load of its own for each source.

    Where nothing is set aside there is no load: its number is 0, and it has no tables.

    Raises:
        InputError, SettingsError: today's mapping does not fit the rows; they stay where they are.
        UnknownNameError: there is no such table.
    """
    loads = []
    with importing(con), transaction(con):
        for source, relations in kept(con, table).items():
            planned = [plan for name, relation in relations for plan in plans(relation, settings, name)]
            loads.append(_run(con, settings, planned, _stamp(con, source), []))
        con.execute("DROP TABLE IF EXISTS temp.kept")
    if not loads:
        return Load(0, ())
    return replaced(loads[-1], tables=tuple(t for one in loads for t in one.tables))


def _planned(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    found: list[Path | object],
    brought: set[Path],
    table: str | None,
    notes: list[str],
) -> list[Plan]:
    planned: list[Plan] = []
    for one in found:
        relation = files.relation(con, one)
        told = plans(relation, settings, table)
        if not told and not (isinstance(one, Path) and one in brought):
            raise untold(relation)
        if not told:
            notes.append(f"'{relation.name}' was left aside: {untold(relation)}")
        planned += told
    if not planned:
        raise InputError(f"None of the files could be told to be a table. {' '.join(notes)}")
    return planned


def _stamp(con: duckdb.DuckDBPyConnection, source: str) -> Stamp:
    """The next load's number and instant; two loads never share one, even where a clock stands still or goes back."""
    row = con.execute("SELECT coalesce(max(load_id), 0), max(loaded_at) FROM meta.loads").fetchone()
    number, last = row or (0, None)
    now = datetime.now(UTC).replace(tzinfo=None)
    return Stamp(source, number + 1, max(now, last + timedelta(microseconds=1)) if last else now)


def _run(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    planned: list[Plan],
    stamp: Stamp,
    notes: list[str],
    *,
    replace: frozenset[str] = frozenset(),
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Load:
    total = sum(plan.relation.size or 1 for plan in planned)
    done = 0
    loads = []
    for name in sorted({plan.table.name for plan in planned}):
        mine = [plan for plan in planned if plan.table.name == name]
        size = sum(plan.relation.size or 1 for plan in mine)
        tell = partial(_tell, progress, name, done, size, total) if progress else None
        if tell:
            tell(0.0, 0.0, 0.0)
        loads.append(_table(con, mine, stamp, notes, replace=name in replace, tell=tell))
        done += size
    _record(con, planned, loads, stamp)
    shown = tuple(quarantine(con, load_id=stamp.load_id, limit=_SHOWN))
    if not dry_run:
        if progress:
            progress("facts", done, total)
        facts.refresh(con, stamp.load_id, settings)
    if progress:
        progress("done", total, total)
    _tidy(con)
    read = tuple(FilePlan(p.relation.name, p.table.name, p.origins) for p in planned)
    return Load(stamp.load_id, tuple(loads), read, shown, tuple(notes), dry_run)


def _tidy(con: duckdb.DuckDBPyConnection) -> None:
    """Lets go of what the load laid aside: a process that stays up would otherwise keep the last of it in memory."""
    aside = "('arriving', 'conflicts', 'repeated', 'contenders', 'verdicts', 'present', 'faults')"
    for (name,) in con.execute(
        f"SELECT table_name FROM duckdb_tables() WHERE temporary AND (table_name IN {aside} OR table_name LIKE 'frame_%')"
    ).fetchall():
        con.execute(f"DROP TABLE temp.{name}")


def _tell(
    progress: Progress, name: str, done: int, size: int, total: int, begin: float, end: float, share: float
) -> None:
    """Says how far a table has come: `share` of the way from `begin` to `end`, all of them from 0 to 1."""
    progress(name, done + size * (begin + (end - begin) * share), total)


def _table(
    con: duckdb.DuckDBPyConnection,
    planned: list[Plan],
    stamp: Stamp,
    notes: list[str],
    *,
    replace: bool,
    tell: Callable[[float, float, float], None] | None,
) -> TableLoad:
    table = planned[0].table
    with watched(con, partial(tell, 0.0, _LOOKING) if tell else None):
        looked = [look(con, plan) for plan in planned]
    with watched(con, partial(tell, _LOOKING, 1.0) if tell else None):
        merged = merge(con, table, looked, stamp)
    for seen in looked:
        set_aside(con, seen, stamp, merged.conflicting)
    retired: int | None = 0
    if replace:
        retired = None if any(seen.rejects for seen in looked) else retire(con, table, planned, stamp)
        if retired is None:
            notes.append(f"No row of {table.name} was retired: the keys of some rows cannot be read. Mend them first.")
    _label(con, planned)
    rows_in = sum(seen.read + seen.rejected for seen in looked)
    quarantined = sum(seen.bad + seen.rejected for seen in looked) + merged.conflicting
    duplicate = rows_in - quarantined - merged.accepted
    return TableLoad(table.name, rows_in, merged.accepted, duplicate, merged.replaced, quarantined, retired or 0)


def _label(con: duckdb.DuckDBPyConnection, planned: list[Plan]) -> None:
    """Keeps how the headers of attributes were written, to show them by."""
    labels = {name: h.name for plan in planned if plan.table.extras == "attributes" for name, h in plan.extras}
    for name, label in labels.items():
        # written out: binding words costs the client the import of every dataframe library that is installed
        con.execute(f"DELETE FROM meta.labels WHERE name = {literal(name)}")
        con.execute(f"INSERT INTO meta.labels VALUES ({literal(name)}, {literal(label)})")


def _record(con: duckdb.DuckDBPyConnection, planned: list[Plan], loads: list[TableLoad], stamp: Stamp) -> None:
    named = ", ".join(literal(name) for name in dict.fromkeys(plan.relation.name for plan in planned))
    con.execute(
        f"INSERT INTO meta.loads VALUES ({stamp.load_id}, {stamp.instant}, {literal(stamp.source)},"
        f" CAST([{named}] AS VARCHAR[]))"
    )
    for one in loads:
        counts = (one.rows_in, one.accepted, one.duplicate, one.replaced, one.quarantined, one.retired)
        con.execute(
            f"INSERT INTO meta.load_tables VALUES ({stamp.load_id}, '{one.table}', {', '.join(map(str, counts))})"
        )
