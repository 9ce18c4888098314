"""Ledgers made in the warehouse: anew, or of the accounts that were touched, and what of them is other than at home."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol
from zlib import crc32

from tenure.facts.fact import INPUTS, facts, statement
from tenure.store.layout import literal
from tenure.sync import coarse, near
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

    `changed` are the tables and inputs with something new, `anew` those of them of which nobody knows what; `tables` say where
    the rows of touched accounts stand alone, by canonical table.
    """

    def __init__(
        self, there: There, kept: set[str], changed: set[str], anew: set[str], tables: Mapping[str, str], once: Once
    ) -> None:
        self._there, self._kept, self._changed, self._anew, self._once = there, kept, changed, anew, once
        self._tables = tables

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

    def touched(self, ledger: str) -> str:
        """The table of the accounts that a ledger's sources touch; of ledgers with the same sources it is the same."""
        return f"{TOUCHED}_{crc32(repr(sorted(self._told(ledger))).encode()):08x}"

    def touched_of(self, name: str) -> str | None:
        """The same of a table that is kept; None where all of its rows were made."""
        return None if is_whole(self._once, name) else self.touched(name.rpartition("_")[0])

    def _told(self, ledger: str) -> frozenset[str]:
        return facts()[ledger].sources & self._changed

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
            only = None if self._once.is_done(f"all_{name}") else self.touched(ledger)
            if only:
                told = ", ".join(map(literal, sorted(self._told(ledger))))
                select = f"SELECT DISTINCT account_id FROM {self._there.place(TOUCHED)} WHERE source IN ({told})"
                self._once(only, partial(self._there.make, only, select))
            self._once(f"new_{name}", lambda: self._make(reading, ledger, f"new_{name}", only))
            self._there.view(f"now_{name}", self._there.sql(self._now(name, only)))

    def now(self, reading: Reading, ledger: str) -> str:
        """Where a ledger stands as it will be."""
        name = reading.name(ledger)
        return self._there.place(f"now_{name}" if self.is_kept(name) and self.is_changed(ledger) else name)

    def coarse(self, reading: Reading, ledger: str, *, cells: bool) -> bool:
        """Makes a ledger added up; says whether it is another one than at home. `cells`: whether what it is added up by is."""
        fine, there = reading.name(ledger), self._there
        name = f"coarse_{fine}"
        columns = reading.columns(ledger)
        select = partial(coarse.select, ledger, self.now(reading, ledger), there.place("cells"), columns)
        if not self.is_kept(name):
            self._once(name, lambda: there.make(name, select()))
            return True
        if not cells and not self.is_changed(ledger):
            return False
        if cells or is_whole(self._once, fine):
            self._once(f"new_{name}", lambda: there.make(f"new_{name}", select()))
        else:
            others = self._others(fine, columns, self.touched(ledger))
            self._once(f"new_{name}", lambda: self._coarse_days(name, columns, others, select))
        return True

    def _coarse_days(self, name: str, columns: Mapping[str, str], others: str, select: Callable[[str], str]) -> None:
        """A ledger added up as it will be: made anew are the days on which there are other rows than before."""
        there = self._there
        there.make(f"days_{name}", f"SELECT DISTINCT day FROM ({others}) AS t")
        days = f"IN (SELECT day FROM {there.place(f'days_{name}')})"
        there.make(
            f"new_{name}",
            f"SELECT {', '.join(coarse.described(columns))} FROM {there.place(name)} WHERE NOT day {days}"
            f" UNION ALL {select(f' WHERE l.day {days}')}",
        )
        there.drop(f"days_{name}")

    def differences(self, name: str, columns: Mapping[str, str]) -> None:
        """Makes `come_NAME` and `gone_NAME`: the rows to add to what is at home of a ledger, and those to take away."""
        there, others = self._there, self._others(name, columns, self.touched_of(name))
        self._once(f"other_{name}", lambda: there.make(f"other_{name}", others))
        for side, is_new in (("come", 1), ("gone", 0)):
            select = f"SELECT {', '.join(columns)} FROM {there.place(f'other_{name}')} WHERE is_new = {is_new}"
            self._once(f"{side}_{name}", partial(there.make, f"{side}_{name}", select))

    def _others(self, name: str, columns: Mapping[str, str], touched: str | None) -> str:
        """The rows of a kept table that are at home and will not be, and those that will be and are not (`is_new`)."""
        there, listed = self._there, ", ".join(columns)
        only = f" WHERE account_id {self._among(touched)}" if touched else ""
        return (
            f"SELECT {listed}, MAX(is_new) AS is_new FROM (SELECT {listed}, 0 AS is_new FROM {there.place(name)}{only}"
            f" UNION ALL SELECT {listed}, 1 AS is_new FROM {there.place(f'new_{name}')}) AS t"
            f" GROUP BY {listed} HAVING COUNT(*) = 1"
        )

    def _among(self, touched: str) -> str:
        return f"IN (SELECT account_id FROM {self._there.place(touched)})"

    def _near(self, reading: Reading, ledger: str, touched: str) -> dict[str, str]:
        """Where the rows of touched accounts stand apart from others, of all that a ledger reads and joins by their accounts, or people."""
        places = dict[str, str]()
        for read in facts()[ledger].reads:
            by = near.joined(facts()[ledger], read)
            if read in self._tables and by <= {"account_id"}:
                places[read] = self._tables[read]
            elif read in facts() and by <= {"account_id", "person_id"} and self.is_kept(reading.name(read)):
                name, own = reading.name(read), self.now(reading, read)
                if self._told(read) == self._told(ledger) and not is_whole(self._once, name):
                    own = self._there.place(f"new_{name}")
                if "person_id" in by:
                    beside = f"near_{name}_{touched.rpartition('_')[2]}"
                    self._once(beside, partial(self._there.make, beside, self._of_people(name, own, touched)))
                    own = self._there.place(beside)
                places[read] = own
        return places

    def _of_people(self, name: str, own: str, touched: str) -> str:
        """The rows of touched accounts, and what their people did elsewhere."""
        among, roots, kept = self._among(touched), self._there.place("person_roots"), self._there.place(name)
        mine = f"FROM {own} WHERE account_id {among}"
        people = f"SELECT person_id FROM {roots} WHERE account_id {among} UNION SELECT person_id {mine}"
        return (
            f"SELECT * {mine} UNION ALL SELECT * FROM {kept} WHERE NOT account_id {among} AND person_id IN ({people})"
        )

    def _make(self, reading: Reading, ledger: str, into: str, touched: str | None) -> None:
        places = {name: self._there.place(name) for name in (*INPUTS, *TABLES)}
        places |= {read: self.now(reading, read) for read in facts()[ledger].reads if read in facts()}
        places |= self._near(reading, ledger, touched) if touched else {}
        self._there.engine.run(f"DROP VIEW IF EXISTS {self._there.place('now_' + into.removeprefix('new_'))}")
        only, dialect = self._there.place(touched) if touched else None, self._there.engine.dialect
        made = statement(facts()[ledger], reading.values, tables=places, touched=only, dialect=dialect)
        self._there.engine.make(self._there.place(into), made)

    def _now(self, name: str, touched: str | None) -> str:
        new = f"SELECT * FROM {self._there.place(f'new_{name}')}"
        if touched is None:
            return new
        old = f"SELECT * FROM {self._there.place(name)} WHERE NOT account_id {self._among(touched)}"
        return f"{old} UNION ALL {new}"


def is_whole(once: Once, name: str) -> bool:
    """Whether all rows of a kept table were made anew, and not those of some accounts."""
    return name.startswith("coarse_") or once.is_done(f"all_{name}")


def settle(there: There, name: str, touched: str | None) -> None:
    """Brings what is kept there of a table up to what is at home; doing it twice is doing it once.

    `touched` is the table of the accounts whose rows were made; None where all were.
    """
    kept, new = there.place(name), there.place(f"new_{name}")
    there.engine.run(f"DROP VIEW IF EXISTS {there.place(f'now_{name}')}")
    if touched is None:
        there.engine.make(kept, f"SELECT * FROM {new}")
        return
    among = f"IN (SELECT account_id FROM {there.place(touched)})"
    if there.engine.dialect in {"postgres", "clickhouse"}:
        there.engine.run(f"DELETE FROM {kept} WHERE account_id {among}")
        there.engine.run(f"INSERT INTO {kept} SELECT * FROM {new}")
    else:  # an engine whose tables are files writes them anew
        untouched = f"SELECT * FROM {kept} WHERE account_id NOT {among}"
        there.engine.make(there.place(f"next_{name}"), f"{untouched} UNION ALL SELECT * FROM {new}")
        there.engine.make(kept, f"SELECT * FROM {there.place(f'next_{name}')}")
        there.drop(f"next_{name}")
