"""Whose ledger rows may have changed since the last sync: found in the warehouse, from the rows written since.

Rather some too many than one too few, as `tenure.store.touched` does for a load; what is gone from a table is not seen, and
neither is a row whose watermark was not moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.facts.fact import facts
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tenure.sync.there import There


def fill(there: There, changed: Iterable[str], moved: str | None, kept: Mapping[str, str], into: str) -> None:
    """Makes the table `into(source, account_id)`: every account under all its names, and by which table it is touched.

    Args:
        there: The warehouse; of each changed table the view `fresh_NAME` has the rows written since.
        changed: The canonical tables of which some were.
        moved: A table of the people who are not who they were, or belong elsewhere; None where nobody is.
        kept: Where the ledgers stand as they are at home, by name.
        into: The table's name.
    """
    told = [
        f"SELECT '{name}' AS source, account_id FROM ({query}) AS q"
        for name in changed
        for query in _of(there, name, kept)
    ]
    if moved:
        told += [
            f"SELECT 'person_roots' AS source, account_id FROM ({query}) AS q" for query in _of_people(there, moved)
        ]
    account_roots = there.place("account_roots")
    there.make(
        into,
        f"""
        WITH told AS (SELECT DISTINCT source, COALESCE(account_id, '') AS account_id FROM ({" UNION ALL ".join(told) or _NOBODY}) AS t),
        whole AS (
            SELECT source, account_id FROM told
            UNION SELECT t.source AS source, r.root_id AS account_id FROM told AS t JOIN {account_roots} AS r ON r.account_id = t.account_id
        )
        SELECT source, account_id FROM whole
        UNION SELECT w.source AS source, r.account_id AS account_id FROM whole AS w JOIN {account_roots} AS r ON r.root_id = w.account_id
        """,
    )


_NOBODY = "SELECT '' AS source, '' AS account_id WHERE 1 = 0"


def _of(there: There, name: str, kept: Mapping[str, str]) -> Iterator[str]:
    """The queries that give the accounts of which a table's fresh rows speak."""
    fresh, people = there.place(f"fresh_{name}"), there.place("person_roots")
    columns = {column.name for column in TABLES[name].columns}
    if "account_id" in columns:
        yield f"SELECT e.account_id AS account_id FROM {fresh} AS e"
    if "person_id" in columns:
        yield f"SELECT u.account_id AS account_id FROM {fresh} AS e JOIN {people} AS u ON u.person_id = e.person_id"
    key = TABLES[name].key[0]
    for ledger, place in kept.items():  # where a row stood before it was changed
        is_told = name in facts()[ledger].sources and key.endswith("_id") and key not in {"account_id", "person_id"}
        if is_told and key in there.engine.columns(place):
            yield _meeting(place, fresh, key)
    match name:
        case "subscriptions" | "plans":
            column = {"subscriptions": "subscription_id", "plans": "plan"}[name]
            yield _meeting(there.place("subscription_periods"), fresh, column)
        case "ticket_events":
            yield _meeting(there.place("tickets"), fresh, "ticket_id")
            yield (
                f"SELECT u.account_id AS account_id FROM {there.place('tickets')} AS t JOIN {people} AS u ON u.person_id = t.person_id"
                f" JOIN (SELECT DISTINCT ticket_id FROM {fresh}) AS e ON e.ticket_id = t.ticket_id"
            )
        case "events":
            # One of whom nothing is known is the same person in every account.
            unknown = (
                f"SELECT DISTINCT e.person_id FROM {fresh} AS e LEFT JOIN {people} AS u ON u.person_id = e.person_id"
                " WHERE u.account_id IS NULL AND e.person_id IS NOT NULL"
            )
            if "usage" in kept:
                yield f"SELECT k.account_id AS account_id FROM {kept['usage']} AS k JOIN ({unknown}) AS e ON e.person_id = k.person_id"


def _of_people(there: There, moved: str) -> Iterator[str]:
    """The accounts of people who are not who they were, and those in which they did something."""
    yield f"SELECT account_id FROM {there.place(moved)}"
    yield "SELECT '' AS account_id"
    for table in TABLES.values():
        columns = {column.name for column in table.columns}
        if {"account_id", "person_id"} <= columns and table.name != "people":
            yield (
                f"SELECT e.account_id AS account_id FROM {there.place(table.name)} AS e"
                f" JOIN (SELECT DISTINCT person_id FROM {there.place(moved)}) AS m ON m.person_id = e.person_id"
            )


def _meeting(place: str, fresh: str, column: str) -> str:
    """The accounts of those rows of a table that a fresh row speaks of."""
    return (
        f"SELECT k.account_id AS account_id FROM {place} AS k"
        f" JOIN (SELECT DISTINCT {column} FROM {fresh}) AS e ON e.{column} = k.{column}"
    )
