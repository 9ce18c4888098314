"""Whose ledger rows a load may have changed, from the raw rows alone; rather some too many than one too few.

`tenure.store.touched` keeps the same while a load is done, and forgets it when the ledgers have been brought up to it.
Here it is found for any load of the past: who was ever linked to somebody is taken for one with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.layout import excluded_id, key_text, literal
from tenure.store.roots import roots
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from duckdb import DuckDBPyConnection

    from tenure.tables.schema import Table

_ACCOUNT, _PERSON = "account_id", "person_id"
# What says who an account or a person is, and whether they count.
_OF_ACCOUNTS, _OF_PEOPLE = ("accounts", "account_links"), ("people", "person_links")


def by_load(con: DuckDBPyConnection, load_id: int, row: str = "e") -> str:
    """SQL: what a load wrote or retired, a condition on a raw row."""
    found = con.execute(f"SELECT loaded_at FROM meta.loads WHERE load_id = {int(load_id)}").fetchone()
    retired = f" OR {row}.replaced_at = TIMESTAMP '{found[0]}'" if found else ""
    return f"({row}.load_id = {int(load_id)}{retired})"


def changed_tables(con: DuckDBPyConnection, load_id: int) -> frozenset[str]:
    """The tables of which the load wrote or retired a row."""
    told = con.execute(
        f"SELECT DISTINCT table_name FROM meta.load_tables WHERE load_id = {int(load_id)} AND (accepted > 0 OR retired > 0)"
    ).fetchall()
    return frozenset(name for (name,) in told)


def components(con: DuckDBPyConnection, into: str) -> None:
    """Writes `INTO(account_id, whole)`: which accounts were ever linked to each other; `whole` names them together."""
    _write(con, into, _ACCOUNT, _linked(con, "account_links", _ACCOUNT))


def fill(con: DuckDBPyConnection, load_id: int, into: str) -> None:
    """Writes the table `into` with the accounts, under all their names, whose ledger rows the load may have changed."""
    by, changed = by_load(con, load_id), changed_tables(con, load_id)
    accounts: list[str] = []
    people: list[str] = []
    for name in sorted(changed):
        accounts += _accounts(name, by)
        people += _people(name, by)
    if "exclusions" in changed:
        for table in TABLES.values():
            excluded = _excluded(table, by_load(con, load_id, "x"))
            accounts += _accounts(table.name, excluded)
            people += _people(table.name, excluded)
        named = f"SELECT e.id FROM rows.exclusions AS e WHERE {by} AND e.table_name ="
        accounts.append(f"{named} 'accounts'")
        people.append(f"{named} 'people'")
    identified = changed & {*_OF_ACCOUNTS, *_OF_PEOPLE, "exclusions"}
    involved = f"{into}_people"
    _gather(con, involved, people)
    _gather(con, into, accounts)
    if identified:
        con.execute(
            f"INSERT INTO {involved} SELECT person_id FROM rows.people WHERE account_id IN (FROM {into})"
            " AND person_id IS NOT NULL"
        )
    _close(con, involved, _linked(con, "person_links", _PERSON))
    con.execute(
        f"INSERT INTO {into} SELECT account_id FROM rows.people WHERE person_id IN (FROM {involved}) AND account_id IS NOT NULL"
    )
    if identified:
        for name in set(_owned(_PERSON)) & set(_owned(_ACCOUNT)):
            con.execute(
                f"INSERT INTO {into} SELECT coalesce(account_id, '') FROM rows.{name} WHERE person_id IN (FROM {involved})"
            )
        con.execute(f"INSERT INTO {into} VALUES ('')")
    _close(con, into, _linked(con, "account_links", _ACCOUNT))
    con.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT DISTINCT id AS account_id FROM {into}")
    con.execute(f"DROP TABLE {involved}")


def _accounts(name: str, condition: str) -> Iterator[str]:
    """The queries that give the accounts of which some rows speak."""
    if name in _owned(_ACCOUNT):
        yield f"SELECT coalesce(e.account_id, '') FROM rows.{name} AS e WHERE {condition}"
    told = f"FROM rows.{name} AS e WHERE {condition}"
    match name:
        case "account_links":
            yield f"SELECT e.same_as {told}"
        case "subscriptions":
            yield f"SELECT account_id FROM rows.subscription_periods WHERE subscription_id IN (SELECT e.subscription_id {told})"
        case "plans":
            yield f"SELECT account_id FROM rows.subscription_periods WHERE plan IN (SELECT e.plan {told})"
        case "ticket_events":
            yield f"SELECT coalesce(account_id, '') FROM rows.tickets WHERE ticket_id IN (SELECT e.ticket_id {told})"
        case "fx_rates":
            for owned in _owned(_ACCOUNT):
                if owned != "accounts" and any(c.name == "currency" for c in TABLES[owned].columns):
                    yield f"SELECT coalesce(account_id, '') FROM rows.{owned} WHERE currency IN (SELECT e.currency {told})"


def _people(name: str, condition: str) -> Iterator[str]:
    if any(column.name == _PERSON for column in TABLES[name].columns):
        yield f"SELECT e.person_id FROM rows.{name} AS e WHERE e.person_id IS NOT NULL AND {condition}"
    if name == "person_links":
        yield f"SELECT e.same_as FROM rows.{name} AS e WHERE {condition}"
    if name == "ticket_events":
        tickets = f"SELECT e.ticket_id FROM rows.ticket_events AS e WHERE {condition}"
        yield f"SELECT person_id FROM rows.tickets WHERE person_id IS NOT NULL AND ticket_id IN ({tickets})"


def _owned(column: str) -> list[str]:
    """The tables whose rows name an account, or a person."""
    return [table.name for table in TABLES.values() if any(c.name == column for c in table.columns)]


def _excluded(table: Table, by: str) -> str:
    """Whether the load said, or took back, that a row `e` is to be left out."""
    said = f"SELECT {excluded_id(table)} AS id FROM rows.exclusions AS x WHERE x.table_name = '{table.name}' AND {by}"
    return f"{key_text(table, 'e')} IN (SELECT id FROM ({said}))"


def _gather(con: DuckDBPyConnection, into: str, queries: Iterable[str]) -> None:
    found = " UNION ".join(queries)
    con.execute(f"CREATE OR REPLACE TABLE {into} (id VARCHAR)")
    if found:
        con.execute(f"INSERT INTO {into} {found}")


def _linked(con: DuckDBPyConnection, table: str, column: str) -> dict[str, str]:
    """By what was ever linked the one of those that are linked to each other that names them all."""
    return roots(con.execute(f"SELECT DISTINCT {column}, same_as FROM rows.{table}").fetchall())


def _close(con: DuckDBPyConnection, into: str, linked: dict[str, str]) -> None:
    """Adds to the ids in `into` all that were ever linked to them."""
    if linked:
        both = f"{into}_linked"
        _write(con, both, "id", linked)
        wholes = f"SELECT whole FROM {both} WHERE id IN (FROM {into})"
        con.execute(f"INSERT INTO {into} SELECT id FROM {both} WHERE whole IN ({wholes})")
        con.execute(f"DROP TABLE {both}")


def _write(con: DuckDBPyConnection, into: str, column: str, linked: dict[str, str]) -> None:
    con.execute(f"CREATE OR REPLACE TABLE {into} ({column} VARCHAR, whole VARCHAR)")
    if linked:
        rows = ", ".join(f"({literal(one)}, {literal(whole)})" for one, whole in linked.items())
        con.execute(f"INSERT INTO {into} VALUES {rows}")
