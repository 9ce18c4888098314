"""`state.sqlite` beside the data: what people set by hand while they work with a store, and would miss if it were gone.

It stands apart from the company's database, which can be made anew from the files that were loaded; this cannot. SQLite,
since it is written a row at a time by whoever clicks, keeps a row once it has said so (WAL, synchronous FULL), and may be
read while another process owns the company's database.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenure.errors import StorageError, StoreVersionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "state.sqlite"
_PATIENCE_S = 5.0
# One statement for each version: a file of an earlier one takes those that it lacks.
_LAYOUT = (
    (
        "CREATE TABLE views (view_id INTEGER PRIMARY KEY, name TEXT NOT NULL, known_as TEXT NOT NULL UNIQUE,"
        " address TEXT NOT NULL, made_at TEXT NOT NULL)"
    ),
)
VERSION = len(_LAYOUT)


def connect(folder: Path | None) -> sqlite3.Connection:
    """The state of the store in `folder`, laid out and ready; None is a store in memory. Usable from any one thread at a time.

    Raises:
        StorageError: the file cannot be written, or is none of ours.
        StoreVersionError: a newer version of Tenure laid it out.
    """
    place = ":memory:" if folder is None else str(folder / FILE)
    with faults():
        con = sqlite3.connect(place, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            con.execute("PRAGMA journal_mode = WAL")
            con.execute("PRAGMA synchronous = FULL")
            _lay_out(con)
        except BaseException:
            con.close()
            raise
    return con


def _lay_out(con: sqlite3.Connection) -> None:
    con.execute("BEGIN IMMEDIATE")
    (version,) = con.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        con.execute("ROLLBACK")
        message = f"{FILE} was laid out by a newer version of Tenure: `pip install --upgrade tenure`."
        raise StoreVersionError(message)
    for statement in _LAYOUT[version:]:
        con.execute(statement)
    con.execute(f"PRAGMA user_version = {VERSION}")
    con.execute("COMMIT")


@contextmanager
def faults() -> Iterator[None]:
    """What SQLite cannot do, as a sentence."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as fault:
        message = f"{FILE} of the store cannot be used ({fault}): look at its rights and at the room on its disk."
        raise StorageError(message) from fault
