"""The ledgers as they were after one load and the next, and in between: with what the next one did applied cause by cause.

What no load since the first of them touched is read where it stands; only the rows of those accounts that one did are made again,
beside the store, in memory. So a step costs what the load touched and not what the store holds. One step stands at a time, always
in the same place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.facts.fact import INPUTS, facts, parameters, statement
from tenure.store import affected, causes, days, persons, rates, roots, warehouse
from tenure.store.facts import ensure, with_below
from tenure.store.layout import known_rows
from tenure.store.touched import INPUTS as MADE_OF
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy

_BASIS = "past"
STAGE, _ROWS, _KEPT, SOME = (f"{_BASIS}.{name}" for name in ("stage", "stage_rows", "stage_kept", "stage_some"))
COMPONENTS = f"{STAGE}.components"
_EVERY, _TOUCHED = f"{_KEPT}.every", f"{_KEPT}.touched"


class Stages:
    """One policy's ledgers on their way through some loads.

    `places` says where the canonical tables, the inputs and the ledgers of the step stand, `some` the same with only the rows of
    those accounts that the load at hand may have changed.
    """

    def __init__(
        self, con: DuckDBPyConnection, settings: Settings, policy: Policy, ledgers: Iterable[str], loads: Sequence[int]
    ) -> None:
        warehouse.refuse_past(con, "What a load changed")
        self._con, self._settings, self._policy = con, settings, policy
        self._names = with_below(ledgers)
        row = con.execute("SELECT current_database()").fetchone()
        self._store = f'"{row[0]}"' if row else "memory"
        self._present = ensure(con, settings, policy, self._names)
        sources = {read for name in self._names for read in facts()[name].sources}
        # Whatever is read is valued, and people belong to accounts; of the people themselves few ledgers speak.
        self._inputs = {"account_roots", "rates"} | (sources & {"person_roots"})
        if sources & {"calendar", "calendar_days"}:
            days.ensure(con, settings)
        con.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {_BASIS}")
        self.close()
        for schema in (STAGE, _ROWS, _KEPT, SOME):
            con.execute(f"CREATE SCHEMA {schema}")
        self.places = {name: f"{STAGE}.{name}" for name in (*TABLES, *INPUTS, *self._names)}
        self.places |= {"calendar": "facts.calendar", "calendar_days": "facts.calendar_days"}
        self.some = self.places | {name: f"{SOME}.{name}" for name in self._names}
        affected.components(con, COMPONENTS)
        con.execute(f"CREATE TABLE {_EVERY} (account_id VARCHAR)")
        for load_id in loads:
            affected.fill(con, load_id, _TOUCHED)
            con.execute(f"INSERT INTO {_EVERY} FROM {_TOUCHED} WHERE account_id NOT IN (FROM {_EVERY})")

    def close(self) -> None:
        """Lets go of all that was made."""
        for schema in (SOME, STAGE, _ROWS, _KEPT):
            self._con.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

    def begin(self, load_id: int) -> None:
        """Goes to what was known after that load, 0 for before the first."""
        self._con.execute(f"CREATE OR REPLACE TABLE {_TOUCHED} AS FROM {_EVERY}")
        self._lay_out(load_id, {}, ())
        self._make(set(self._names), first=True)
        self.settle()

    def changes(self, load_id: int) -> dict[str, frozenset[str]]:
        """The causes by which the next load changed rows, by table; needed before it is applied."""
        affected.fill(self._con, load_id, _TOUCHED)
        for name in self._names:
            self._con.execute(f"CREATE OR REPLACE VIEW {SOME}.{name} AS {_still(name)}")
        return causes.classify(self._con, load_id, STAGE)

    def apply(self, load_id: int, changes: dict[str, frozenset[str]], applied: Collection[str]) -> None:
        """Goes to what was known before the load with those of its changes that have one of the causes."""
        self._lay_out(load_id, changes, applied)
        changed = {*changes, *_inputs_of(changes)}
        self._make({name for name in self._names if facts()[name].sources & changed}, first=False)

    def settle(self) -> None:
        """Takes the step that stands as the one to go on from."""
        for name in self._names:
            self._con.execute(
                f"CREATE OR REPLACE TABLE {_KEPT}.{name} AS FROM {STAGE}.{name} WHERE account_id IN (FROM {_EVERY})"
            )

    def _lay_out(self, load_id: int, changes: dict[str, frozenset[str]], applied: Collection[str]) -> None:
        """The canonical tables and the inputs of the step."""
        found = self._con.execute(f"SELECT loaded_at FROM meta.loads WHERE load_id = {int(load_id)}").fetchone()
        at = found[0] if found else None
        for table in TABLES.values():
            self._con.execute(
                f"CREATE OR REPLACE VIEW {_ROWS}.{table.name} AS {self._raw(table.name, load_id, at, changes, applied)}"
            )
        for table in TABLES.values():
            self._con.execute(f"CREATE OR REPLACE VIEW {STAGE}.{table.name} AS {known_rows(table, 'true', _ROWS)}")
        for name in _inputs_of(changes) if changes else MADE_OF:
            if name in self._inputs:
                self._input(name)

    def _raw(
        self, name: str, load_id: int, at: datetime | None, changes: dict[str, frozenset[str]], applied: Collection[str]
    ) -> str:
        """SQL: the rows of a table that stand at the step."""
        stored = f"{self._store}.rows.{name}"
        if at is None:
            return f"FROM {stored} WHERE false"
        instant = f"TIMESTAMP '{at}'"
        if name not in changes:
            return f"FROM {stored} WHERE loaded_at <= {instant} AND (replaced_at IS NULL OR replaced_at > {instant})"
        chosen = ", ".join(f"'{cause}'" for cause in applied) or "''"
        return (
            f"FROM {stored} WHERE load_id < {int(load_id)} AND (replaced_at IS NULL OR replaced_at > {instant})"
            f" UNION ALL SELECT * EXCLUDE (side, cause) FROM {STAGE}.changed_{name} WHERE (side = 'new') = (cause IN ({chosen}))"
        )

    def _input(self, name: str) -> None:
        if name == "rates":
            rates.rebuild(self._con, self._settings.currency, STAGE, STAGE)
        else:
            {"account_roots": roots, "person_roots": persons}[name].rebuild(self._con, STAGE, STAGE)

    def _make(self, names: set[str], *, first: bool) -> None:
        """The ledgers: those of `names` have the rows of the touched accounts made anew."""
        first_day, last_day = rates.bounds(self._con, self.places["rates"])
        values = parameters(self._policy, self._settings) | {"first_day": str(first_day), "last_day": str(last_day)}
        for name in self._names:
            here, present = self.places[name], f"{self._store}.{self._present[name]}"
            parts, some = [f"FROM {present} WHERE account_id NOT IN (FROM {_EVERY})"], _still(name)
            if name in names:
                anew = statement(facts()[name], values, tables=self.places, touched=_TOUCHED)
                self._con.execute(f"CREATE OR REPLACE TABLE {STAGE}.made_{name} AS {anew}")
                some = f"FROM {STAGE}.made_{name}"
                parts.append(some)
            if not first:
                untouched = f" WHERE account_id NOT IN (FROM {_TOUCHED})" if name in names else ""
                parts.append(f"FROM {_KEPT}.{name}{untouched}")
            self._con.execute(f"CREATE OR REPLACE VIEW {here} AS {' UNION ALL '.join(f'({part})' for part in parts)}")
            if not first:
                self._con.execute(f"CREATE OR REPLACE VIEW {SOME}.{name} AS {some}")


def _still(name: str) -> str:
    """SQL: the rows of a ledger, of the touched accounts, as they were before the load at hand."""
    return f"FROM {_KEPT}.{name} WHERE account_id IN (FROM {_TOUCHED})"


def _inputs_of(changes: Collection[str]) -> list[str]:
    """The inputs that are made, through each other too, of one of the tables."""
    stale: list[str] = []
    for name, reads in MADE_OF.items():
        if reads & {*changes, *stale}:
            stale.append(name)
    return stale
