"""Ledgers made in the warehouse: anew, or of the accounts that were touched, and what of them is other than at home."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tenure.facts.fact import INPUTS, facts, statement
from tenure.sync import coarse
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenure.facts.fact import Value
    from tenure.sync.there import There

TOUCHED = "touched"


class Once(Protocol):
    """Does what has not been done in this sync."""

    def __call__(self, name: str, do: Callable[[], None]) -> None:
        """Does it, and notes it under the name."""

    def is_done(self, name: str) -> bool:
        """Whether it was noted."""


@dataclass(frozen=True)
class Reading:
    """The ledgers under one policy: their fingerprints, the parameters of the statements, the columns of a ledger."""

    marks: Mapping[str, str]
    values: Mapping[str, Value]
    columns: Callable[[str], Mapping[str, str]]

    def name(self, ledger: str) -> str:
        """What a ledger is called there: the same rows have one name, whatever policy they are for."""
        return f"{ledger}_{self.marks[ledger]}"


class Maker:
    """Makes each ledger once in a sync; `kept` are those that stand there as they are at home.

    `changed` are the tables and inputs with something new, `anew` those of them of which nobody knows what.
    """

    def __init__(self, there: There, kept: set[str], changed: set[str], anew: set[str], once: Once) -> None:
        self._there, self._kept, self._changed, self._anew, self._once = there, kept, changed, anew, once

    def forget(self, name: str) -> None:
        """A table that stands there is made as if it did not."""
        self._kept.discard(name)

    def is_kept(self, name: str) -> bool:
        """Whether a table stands there as it is at home."""
        return name in self._kept

    def is_changed(self, ledger: str) -> bool:
        """Whether its rows may be others than at home."""
        return bool(facts()[ledger].sources & self._changed)

    def is_anew(self, ledger: str) -> bool:
        """Whether all of its rows must be made."""
        return bool(facts()[ledger].sources & self._anew)

    def ledger(self, reading: Reading, ledger: str) -> None:
        """Makes a ledger and all that it reads: as a table of its name, or beside the one that is kept, `new_NAME`."""
        for read in facts()[ledger].reads:
            if read in facts():
                self.ledger(reading, read)
        name = reading.name(ledger)
        if not self.is_kept(name):
            self._once(name, lambda: self._make(reading, ledger, name, None))
        elif self.is_changed(ledger):
            if self.is_anew(ledger):
                self._once(f"all_{name}", lambda: None)
            only = None if self._once.is_done(f"all_{name}") else self._there.place(TOUCHED)
            self._once(f"new_{name}", lambda: self._make(reading, ledger, f"new_{name}", only))
            self._there.view(f"now_{name}", self._there.sql(self._now(name, only)))

    def now(self, reading: Reading, ledger: str) -> str:
        """Where a ledger stands as it will be."""
        name = reading.name(ledger)
        return self._there.place(f"now_{name}" if self.is_kept(name) and self.is_changed(ledger) else name)

    def coarse(self, reading: Reading, ledger: str, *, cells: bool) -> bool:
        """Makes a ledger added up; says whether it is another one than at home. `cells`: whether what it is added up by is."""
        name, there = f"coarse_{reading.name(ledger)}", self._there
        select = coarse.select(ledger, self.now(reading, ledger), there.place("cells"), reading.columns(ledger))
        if not self.is_kept(name):
            self._once(name, lambda: there.make(name, select))
            return True
        if self.is_changed(ledger) or cells:
            self._once(f"new_{name}", lambda: there.make(f"new_{name}", select))
            return True
        return False

    def differences(self, name: str, columns: Mapping[str, str]) -> None:
        """Makes `come_NAME` and `gone_NAME`: the rows to add to what is at home, and those to take away."""
        there, listed = self._there, ", ".join(columns)
        only = (
            ""
            if is_whole(self._once, name)
            else f" WHERE account_id IN (SELECT account_id FROM {there.place(TOUCHED)})"
        )
        old = f"SELECT {listed} FROM {there.place(name)}{only}"
        new = f"SELECT {listed} FROM {there.place(f'new_{name}')}"
        self._once(f"come_{name}", lambda: there.make(f"come_{name}", f"{new} EXCEPT {old}"))
        self._once(f"gone_{name}", lambda: there.make(f"gone_{name}", f"{old} EXCEPT {new}"))

    def _make(self, reading: Reading, ledger: str, into: str, touched: str | None) -> None:
        places = {name: self._there.place(name) for name in (*INPUTS, *TABLES)}
        places |= {read: self.now(reading, read) for read in facts()[ledger].reads if read in facts()}
        self._there.engine.run(f"DROP VIEW IF EXISTS {self._there.place('now_' + into.removeprefix('new_'))}")
        made = statement(
            facts()[ledger], reading.values, tables=places, touched=touched, dialect=self._there.engine.dialect
        )
        self._there.engine.make(self._there.place(into), made)

    def _now(self, name: str, touched: str | None) -> str:
        new = f"SELECT * FROM {self._there.place(f'new_{name}')}"
        if touched is None:
            return new
        old = f"SELECT * FROM {self._there.place(name)} WHERE account_id NOT IN (SELECT account_id FROM {touched})"
        return f"{old} UNION ALL {new}"


def is_whole(once: Once, name: str) -> bool:
    """Whether all rows of a kept table were made anew, and not those of some accounts."""
    return name.startswith("coarse_") or once.is_done(f"all_{name}")


def settle(there: There, name: str, *, whole: bool) -> None:
    """Brings what is kept there of a table up to what is at home; doing it twice is doing it once."""
    kept, new = there.place(name), there.place(f"new_{name}")
    there.engine.run(f"DROP VIEW IF EXISTS {there.place(f'now_{name}')}")
    if whole:
        there.engine.make(kept, f"SELECT * FROM {new}")
    elif there.engine.dialect in {"postgres", "clickhouse"}:
        there.engine.run(f"DELETE FROM {kept} WHERE account_id IN (SELECT account_id FROM {there.place(TOUCHED)})")
        there.engine.run(f"INSERT INTO {kept} SELECT * FROM {new}")
    else:  # an engine whose tables are files writes them anew
        untouched = f"SELECT * FROM {kept} WHERE account_id NOT IN (SELECT account_id FROM {there.place(TOUCHED)})"
        there.engine.make(there.place(f"next_{name}"), f"{untouched} UNION ALL SELECT * FROM {new}")
        there.engine.make(kept, f"SELECT * FROM {there.place(f'next_{name}')}")
        there.drop(f"next_{name}")
