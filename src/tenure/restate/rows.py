"""The raw rows of a load that moved a number: those of one cause that speak of the accounts whose part in it changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from tenure.restate.shape import Changed
from tenure.store.causes import clock, is_by_day
from tenure.store.layout import key_text, literal, quoted
from tenure.store.stages import COMPONENTS, STAGE
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.tables.schema import Table

T = TypeVar("T")
_CHANGE = {(True, True): "corrected", (True, False): "new", (False, True): "withdrawn"}


@dataclass(frozen=True)
class Found:
    """How many rows there are, and the first of them."""

    count: int
    first: tuple[Changed, ...]


class Rows:
    """The rows that a load changed for one cause; they stand where `tenure.store.causes` has told them apart."""

    def __init__(self, con: DuckDBPyConnection, changes: Mapping[str, frozenset[str]], cause: str, limit: int) -> None:
        self._con, self._cause, self._limit = con, cause, limit
        self._keys = {name: self._by_account(TABLES[name]) for name in sorted(changes) if cause in changes[name]}
        self._whole = dict(con.execute(f"FROM {COMPONENTS}").fetchall()) if self._keys else {}

    def of(self, wanted: Mapping[T, tuple[frozenset[str], frozenset[str]]]) -> dict[T, Found]:
        """Each time those of some tables that speak of some accounts, or that name none: the latest first.

        Args:
            wanted: The accounts and the tables, by whatever asks for them.
        """
        found = {one: self._told(*asked) for one, asked in wanted.items()}
        shown = {
            name: {key for _, keys in found.values() for table, key in keys if table == name} for name in self._keys
        }
        rows = {name: self._shown(TABLES[name], keys) for name, keys in shown.items() if keys}
        return {one: Found(count, tuple(rows[t][key] for t, key in keys)) for one, (count, keys) in found.items()}

    def _by_account(self, table: Table) -> dict[str | None, dict[str, str]]:
        """By account, None for rows that name none, the keys of the rows and how they are sorted."""
        owner = "e.account_id" if any(c.name == "account_id" for c in table.columns) else "NULL"
        found = self._con.execute(
            f"SELECT {owner}, {key_text(table, 'e')}, coalesce(CAST({clock(table, 'e')} AS VARCHAR), '')"
            f" FROM {STAGE}.changed_{table.name} AS e WHERE cause = {literal(self._cause)}"
        ).fetchall()
        keys: dict[str | None, dict[str, str]] = defaultdict(dict)
        for account, key, begins in found:
            keys[account][key] = max(begins, keys[account].get(key, ""))
        return keys

    def _told(self, accounts: frozenset[str], tables: frozenset[str]) -> tuple[int, list[tuple[str, str]]]:
        """How many rows there are, and the table and key of those that are shown."""
        wholes = {self._whole.get(account, account) for account in accounts}
        alike = {one for one, whole in self._whole.items() if whole in wholes} | accounts
        count, first = 0, list[tuple[str, str]]()
        for name, by_account in self._keys.items():
            if name in tables:
                told = [key for one in (None, *alike) for key in by_account.get(one, {}).items()]
                count += len(dict(told))
                latest = sorted(sorted(dict(told).items()), key=itemgetter(1), reverse=True)
                first += [(name, key) for key, _ in latest[: self._limit - len(first)]]
        return count, first

    def _shown(self, table: Table, keys: Iterable[str]) -> dict[str, Changed]:
        columns = [column.name for column in table.stored if column.name not in table.key]
        shown = ", ".join(f"CAST(e.{quoted(name)} AS VARCHAR)" for name in columns)
        owner = "e.account_id" if any(c.name == "account_id" for c in table.columns) else "NULL"
        found = self._con.execute(
            f"SELECT {key_text(table, 'e')}, side, {owner}, {clock(table, 'e')}, {shown or 'NULL'}"
            f" FROM {STAGE}.changed_{table.name} AS e WHERE cause = {literal(self._cause)}"
            f" AND {key_text(table, 'e')} IN ({', '.join(map(literal, sorted(keys)))})"
        ).fetchall()
        sides: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        for key, side, *row in found:
            sides[key][side] = row
        return {key: _changed(table.name, key, both, columns) for key, both in sides.items()}


def _changed(table: str, key: str, sides: Mapping[str, list[Any]], columns: list[str]) -> Changed:
    account_id, begins, *_ = sides.get("new") or sides["old"]
    begins_at = begins.date() if begins and is_by_day(TABLES[table]) else begins
    differing = {}
    if len(sides) > 1:
        pairs = zip(columns, sides["old"][2:], sides["new"][2:], strict=True)
        differing = {name: (was, becomes) for name, was, becomes in pairs if was != becomes}
    return Changed(table, key, account_id, begins_at, _CHANGE["new" in sides, "old" in sides], differing)
