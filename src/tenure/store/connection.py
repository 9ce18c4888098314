"""The one way to a store's database: who owns it, how much memory it takes, what is said when it cannot be opened."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from shlex import quote
from typing import TYPE_CHECKING

import duckdb

from tenure.errors import StorageError, StoreBusyError, StoreMissingError, StoreVersionError
from tenure.store import layout, turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "company.duckdb"
PATIENCE_S = 5.0
IMPORT_MEMORY = "700MB"
_GIGABYTE = 1024**3
_DAMAGED = re.compile(r"corrupt|checksum|not read enough", re.IGNORECASE)
_MEND_DAMAGED = "is damaged: put a copy of it back, or import your files into a new one."


def connect(path: Path | None, *, create: bool, patience_s: float | None = None) -> duckdb.DuckDBPyConnection:
    """The database of the store in the folder `path`, laid out and ready; `None` is a store in memory.

    Raises:
        StoreMissingError: there is none in that folder, and `create` is false.
        StoreBusyError: another process still owns it after `patience_s` (five seconds).
        StoreVersionError: a newer version of Tenure, or of DuckDB, wrote it.
        StorageError: the folder cannot be written, or the file is no database.
    """
    if path is None:
        con = duckdb.connect(":memory:")
    else:
        file = path / FILE
        if not file.exists() and not create:
            message = f"There is no store in '{path}'. `tenure --store {quote(str(path))} init` makes one."
            raise StoreMissingError(message)
        con = _patiently(path, file, PATIENCE_S if patience_s is None else patience_s)
    try:
        _settle(con, path)
        with faults():
            layout.lay_out(con)
    except BaseException:
        con.close()
        raise
    return con


def beside(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Another connection to an open store, which works at the same time."""
    other = turns.beside(con)
    _agree(other)
    return other


def memory_limit(machine: int) -> int:
    """The bytes that a store may take on a machine of so many: a quarter, between 1 and 4 GB."""
    return min(max(machine // 4, _GIGABYTE), 4 * _GIGABYTE)


@contextmanager
def importing(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Inside, the database keeps to what an import may take; it spills to the store's folder beyond that."""
    with turns.writing(con):
        con.execute(f"SET memory_limit = '{IMPORT_MEMORY}'")
        # in order, each thread leaves blocks half full, and the next checkpoint writes the whole table once more
        con.execute("SET preserve_insertion_order = false")
        try:
            yield
        finally:
            con.execute("SET preserve_insertion_order = true")
            con.execute(f"SET memory_limit = '{memory_limit(_machine_memory())}B'")


@contextmanager
def in_order(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Inside an import, rows come in the order of their file: only then have they ordinals."""
    con.execute("SET preserve_insertion_order = true")
    yield
    con.execute("SET preserve_insertion_order = false")


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection, *, keep: bool = True, derived: bool = False) -> Iterator[None]:
    """All that happens inside is written, or nothing; with `keep` false, nothing in any case. One at a time.

    What is `derived` follows from what the store holds, and is no news to those who read it.

    Raises:
        StorageError: the disk is full or cannot be written; nothing of it was kept.
        KeyboardInterrupt: the user stopped it; nothing of it was kept.
    """
    with turns.writing(con), faults():
        con.execute("BEGIN TRANSACTION")
        try:
            yield
            con.execute("COMMIT" if keep else "ROLLBACK")
        except BaseException:
            _roll_back(con)
            raise
        if keep and not derived:
            turns.keeping(con)


@contextmanager
def faults() -> Iterator[None]:
    """Turns what the database says about the disk, and about an interrupted statement, into the house's words."""
    try:
        yield
    except duckdb.InterruptException as fault:
        raise KeyboardInterrupt from fault
    except duckdb.Error as fault:
        if told := meant(fault):
            raise told from fault
        raise
    except RuntimeError as fault:
        # the client raises this, not its own InterruptException, where a signal arrives while it waits for a result
        if "interrupted" in str(fault).lower():
            raise KeyboardInterrupt from fault
        raise


def meant(fault: Exception) -> StorageError | None:
    """What the database says about its file, its disk or its memory, in the house's words; None where it speaks of something else."""
    said = str(fault)
    if told := damaged(fault):
        return told
    is_full_disk = "offload" in said  # what does not fit into memory is taken there
    if isinstance(fault, duckdb.OutOfMemoryException) and not is_full_disk:
        return StorageError(
            f"This takes more memory than a store may have here: {_first_line(fault)} Nothing of it was kept; "
            "ask for a shorter time, or load fewer columns."
        )
    if isinstance(fault, duckdb.IOException | duckdb.OutOfMemoryException | duckdb.FatalException) or (
        isinstance(fault, duckdb.TransactionException) and "Could not write" in said
    ):
        return StorageError(
            f"The store could not be written: {_first_line(fault)} Nothing of this was kept; "
            "free some space on the disk (`df -h` shows it), then run the command again."
        )
    return None


def damaged(fault: Exception) -> StorageError | None:
    """What is said where the database finds its own file broken while it reads."""
    is_damage = isinstance(fault, duckdb.Error) and _DAMAGED.search(str(fault))
    return StorageError(f"The store {_MEND_DAMAGED}") if is_damage else None


def _roll_back(con: duckdb.DuckDBPyConnection) -> None:
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        # a database that a full disk invalidated has no transaction any more: its file holds the last commit
        return


def _patiently(path: Path, file: Path, patience_s: float) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            path.mkdir(parents=True, exist_ok=True)
            return duckdb.connect(str(file))
        except (duckdb.Error, OSError) as fault:
            if "lock on file" not in str(fault):
                raise _unusable(file, fault) from fault
            if time.monotonic() > deadline:
                owner = re.search(r"PID (\d+)", str(fault))
                who = f"the process {owner[1]}" if owner else "another process"
                message = f"The store '{path}' is in use by {who}. Wait until it has finished, or stop it."
                raise StoreBusyError(message) from fault
            time.sleep(0.1)


def _unusable(file: Path, fault: Exception) -> StorageError | StoreVersionError:
    said = str(fault)
    if re.search(r"version number|newer version|storage version", said, re.IGNORECASE):
        return StoreVersionError(f"The store '{file}' was written by a newer version: `pip install --upgrade tenure`.")
    if "not a valid DuckDB" in said:
        return StorageError(f"'{file}' is not a store of Tenure. Move it away, or name another folder with --store.")
    if _DAMAGED.search(said):
        return StorageError(f"The store '{file}' {_MEND_DAMAGED}")
    return StorageError(f"The store '{file}' cannot be opened: {_first_line(fault)} Look at the folder's permissions.")


def _settle(con: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    con.execute(f"SET memory_limit = '{memory_limit(_machine_memory())}B'")
    _agree(con)
    # joining half-full row groups rewrites a whole table of events after a day's few rows
    con.execute("SET max_vacuum_tasks = 0")
    con.execute(f"SET temp_directory = {layout.literal(_spill(path))}")


def _agree(con: duckdb.DuckDBPyConnection) -> None:
    """What each connection of a store has for itself."""
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")


def _spill(path: Path | None) -> str:
    """The folder for what memory does not hold; it goes with the connection.

    A store in memory has one that no other has: the database's own choice is one of the current folder, and two that spill
    there at the same time read each other's rows.
    """
    if path is not None:
        return str(path / "spill")
    from secrets import token_hex  # a store on disk needs none
    from tempfile import gettempdir

    return f"{gettempdir()}/tenure-spill-{token_hex(8)}"


def _machine_memory() -> int:
    import os

    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 * _GIGABYTE


def _first_line(fault: Exception) -> str:
    line = str(fault).split("\n", 1)[0].strip()
    return line if line.endswith(".") else f"{line}."
