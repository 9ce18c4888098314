"""Reviewable edits: what is left out, and who is one with whom, as a file that people read and version control keeps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.edits.check import Check, check
from tenure.edits.lines import COLUMNS, Line, read
from tenure.edits.propose import Proposal, propose
from tenure.edits.stored import Patch, Stored, apply, stored
from tenure.query import Asked

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.store.record import Load

__all__ = ["COLUMNS", "Check", "Edits", "Line", "Patch", "Proposal", "Stored"]


@dataclass(frozen=True)
class Edits:
    """The edits of one store; `lock` lets one thread work at a time."""

    con: DuckDBPyConnection
    settings: Settings
    lock: AbstractContextManager[object]

    def standing(self) -> list[Stored]:
        """Those that hold now, and where each came from."""
        with self.lock:
            return stored(self.con)

    def check(self, file: str | Path, *, now: str | None = None) -> Check:
        """What a file of edits would change; the store stays as it is.

        Raises:
            InputError: the file cannot be used; the sentence names its line.
        """
        with self.lock:
            return check(self.con, self.settings, read(Path(file)), Asked(now=now))

    def apply(self, file: str | Path) -> tuple[Patch, Load | None]:
        """Brings a file of edits in; those that it lacks are withdrawn. No load where nothing changes.

        Raises:
            InputError: the file cannot be used; the sentence names its line.
        """
        with self.lock:
            return apply(self.con, self.settings, read(Path(file)))

    def propose(self) -> list[Proposal]:
        """Customers that are likely one, with the reasons; nothing is applied."""
        with self.lock:
            return propose(self.con, self.settings)
