"""The raw rows of a load that moved a number: those of one cause that speak of the accounts whose part in it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.restate.shape import Changed
from tenure.store.causes import clock
from tenure.store.layout import key_text, literal, quoted
from tenure.store.stages import COMPONENTS, STAGE
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.tables.schema import Table

_CHANGE = {(True, True): "corrected", (True, False): "new", (False, True): "withdrawn"}


@dataclass(frozen=True)
class Found:
    """How many rows there are, and the first of them."""

    count: int
    first: tuple[Changed, ...]


class Rows:
    """The rows that a load changed for one cause; they stand where `tenure.store.causes` has told them apart."""

    def __init__(
        self, con: DuckDBPyConnection, load_id: int, changes: Mapping[str, frozenset[str]], cause: str, limit: int
    ) -> None:
        self._con, self._load_id, self._cause, self._limit = con, load_id, cause, limit
        self._tables = [name for name in sorted(changes) if cause in changes[name]]
        self._seen: dict[tuple[frozenset[str], frozenset[str]], Found] = {}

    def of(self, accounts: frozenset[str], sources: frozenset[str]) -> Found:
        """Those of the tables `sources` that speak of `accounts`, or that name no account."""
        if (accounts, sources) not in self._seen:
            self._seen[accounts, sources] = self._find(accounts, sources)
        return self._seen[accounts, sources]

    def _find(self, accounts: frozenset[str], sources: frozenset[str]) -> Found:
        count, first = 0, list[Changed]()
        for name in self._tables:
            if name in sources:
                keys = self._keys(TABLES[name], accounts)
                count += len(keys)
                first += [self._row(TABLES[name], *key) for key in keys[: self._limit - len(first)]]
        return Found(count, tuple(first))

    def _keys(self, table: Table, accounts: Iterable[str]) -> list[tuple[str, str]]:
        """The keys of the rows, latest first, with a condition that finds them again."""
        names = {column.name for column in table.columns}
        told = "true"
        if "account_id" in names and accounts:
            listed = ", ".join(literal(account) for account in sorted(accounts))
            wholes = f"SELECT whole FROM {COMPONENTS} WHERE account_id IN ({listed})"
            alike = f"SELECT account_id FROM {COMPONENTS} WHERE whole IN ({wholes})"
            told = f"(e.account_id IS NULL OR e.account_id IN ({listed}) OR e.account_id IN ({alike}))"
        found = self._con.execute(
            f"SELECT {key_text(table, 'e')} AS key, max({clock(table, 'e')}) AS begins FROM {STAGE}.changed_{table.name} AS e"
            f" WHERE cause = {literal(self._cause)} AND {told} GROUP BY key ORDER BY begins DESC NULLS LAST, key"
        ).fetchall()
        return [(str(key), f"{key_text(table, 'e')} = {literal(str(key))}") for key, _ in found]

    def _row(self, table: Table, key: str, holds: str) -> Changed:
        columns = [column.name for column in table.stored if column.name not in table.key]
        shown = ", ".join(f"CAST(e.{quoted(name)} AS VARCHAR)" for name in columns)
        owner = "e.account_id" if any(c.name == "account_id" for c in table.columns) else "NULL"
        found = self._con.execute(
            f"SELECT side, {owner}, {clock(table, 'e')}, {shown or 'NULL'} FROM {STAGE}.changed_{table.name} AS e"
            f" WHERE {holds} AND cause = {literal(self._cause)}"
        ).fetchall()
        sides = {side: row for side, *row in found}
        account_id, begins_at, *_ = sides.get("new") or sides["old"]
        differing = {}
        if len(sides) > 1:
            pairs = zip(columns, sides["old"][2:], sides["new"][2:], strict=True)
            differing = {name: (was, becomes) for name, was, becomes in pairs if was != becomes}
        return Changed(table.name, key, account_id, begins_at, _CHANGE["new" in sides, "old" in sides], differing)
