"""Saved views: pages of the dashboard with their controls, under names that people gave them."""

from __future__ import annotations

import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING

from tenure.errors import UsageError
from tenure.store import state

if TYPE_CHECKING:
    from pathlib import Path

_LONGEST, _FARTHEST, _MOST = 80, 2_000, 500
_GREATEST = 2**63 - 1  # of a number that SQLite knows


@dataclass(frozen=True)
class SavedView:
    """One saved view: `address` is a path of the dashboard with its query."""

    view_id: int
    name: str
    address: str


class Views:
    """The saved views of the store in `folder` (None: in memory). The file is made when the first one is saved."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = Lock()
        self._opened: sqlite3.Connection | None = None

    def all(self) -> list[SavedView]:
        """Every one, in the order of their names."""
        if self._opened is None and (self._folder is None or not (self._folder / state.FILE).exists()):
            return []
        with self._lock, state.faults():
            found = self._con.execute("SELECT view_id, name, address FROM views ORDER BY known_as").fetchall()
        return [SavedView(*row) for row in found]

    def save(self, name: str, address: str) -> SavedView:
        """Keeps an address under a name.

        Raises:
            UsageError: the name is empty, too long or taken, the address is none of a page, or there are too many.
            StorageError: it cannot be written.
        """
        named, made = cleaned(name), datetime.now(UTC).isoformat(timespec="seconds")
        if not address.startswith("/") or address[1:2] in ("/", "\\") or not 0 < len(address) <= _FARTHEST:
            message = f"'{address[:80]}' is not the address of a page of this dashboard."
            raise UsageError(message)
        with self._lock, state.faults():
            (count,) = self._con.execute("SELECT count(*) FROM views").fetchone()
            if count >= _MOST:
                message = f"There are {count} saved views, which is as many as are kept: delete some first."
                raise UsageError(message)
            try:
                found = self._con.execute(
                    "INSERT INTO views (name, known_as, address, made_at) VALUES (?, ?, ?, ?)",
                    (named, named.casefold(), address, made),
                )
            except sqlite3.IntegrityError as fault:
                raise _taken(named) from fault
        return SavedView(int(found.lastrowid or 0), named, address)

    def rename(self, view_id: int, name: str) -> None:
        """Calls a view something else.

        Raises:
            UsageError: the name is empty, too long or taken, or the view is gone.
            StorageError: it cannot be written.
        """
        named = cleaned(name)
        if view_id > _GREATEST:
            raise _gone()
        with self._lock, state.faults():
            try:
                done = self._con.execute(
                    "UPDATE views SET name = ?, known_as = ? WHERE view_id = ?", (named, named.casefold(), view_id)
                )
            except sqlite3.IntegrityError as fault:
                raise _taken(named) from fault
        if done.rowcount == 0:
            raise _gone()

    def delete(self, view_id: int) -> None:
        """Lets go of a view.

        Raises:
            UsageError: it is gone already.
            StorageError: it cannot be written.
        """
        if view_id > _GREATEST:
            raise _gone()
        with self._lock, state.faults():
            done = self._con.execute("DELETE FROM views WHERE view_id = ?", (view_id,))
        if done.rowcount == 0:
            raise _gone()

    def close(self) -> None:
        """Lets go of the file."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    @property
    def _con(self) -> sqlite3.Connection:
        if self._opened is None:
            self._opened = state.connect(self._folder)
        return self._opened


def cleaned(name: str) -> str:
    """A name as it is kept: composed, on one line, without signs that nobody sees.

    Raises:
        UsageError: nothing is left of it, or too much.
    """
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in unicodedata.normalize("NFC", name))
    kept = " ".join(seen.split())
    if not kept:
        raise UsageError("A saved view needs a name that can be read.")
    if len(kept) > _LONGEST:
        message = f"'{kept[:30]}…' has {len(kept)} letters, and the name of a view has room for {_LONGEST}."
        raise UsageError(message)
    return kept


def _taken(name: str) -> UsageError:
    return UsageError(f"There is a saved view '{name}' already: choose another name, or delete that one first.")


def _gone() -> UsageError:
    return UsageError("That saved view is gone: somebody has deleted it.")
