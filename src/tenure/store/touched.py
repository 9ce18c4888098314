"""Whose ledger rows a load changes: kept beside the loads, until the ledgers that stand have been brought up to it.

`meta.touched(load_id, source, account_id)` has a row for each account of which a load changed something that a ledger is
made from: a row of a canonical table, its root, its person, or the exchange rate of what it pays in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.facts.fact import facts
from tenure.store.layout import excluded_id, key_text, literal
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.tables.schema import Table

INPUTS = {
    "account_roots": frozenset({"accounts", "account_links", "exclusions"}),
    "person_roots": frozenset({"people", "person_links", "exclusions", "account_roots"}),
    "rates": frozenset({"fx_rates", "exclusions"}),
}
"""What each input is made of, in the order in which one needs the other."""


def changed_tables(con: DuckDBPyConnection, load_id: int) -> frozenset[str]:
    """The tables of which the load wrote or retired a row."""
    changed, counts = _by(con, load_id), "accepted > 0 OR retired > 0"
    told = con.execute(
        f"SELECT DISTINCT table_name FROM meta.load_tables WHERE load_id = {int(load_id)} AND ({counts})"
    )
    return frozenset(
        name
        for (name,) in told.fetchall()
        if con.execute(f"SELECT 1 FROM rows.{name} WHERE {changed} LIMIT 1").fetchone()
    )


def differs(con: DuckDBPyConnection, name: str) -> bool:
    """Whether an input is not what it was."""
    return con.execute(f"SELECT 1 FROM {_difference(name)} LIMIT 1").fetchone() is not None


def latest(con: DuckDBPyConnection) -> dict[str, int]:
    """The last load that touched something, by source."""
    return dict(con.execute("SELECT source, max(load_id) FROM meta.touched GROUP BY source").fetchall())


def forget(con: DuckDBPyConnection, standing: Mapping[str, int]) -> None:
    """Lets go of what every ledger that stands (by name: the load that it was brought up to) has taken in."""
    known: dict[str, int] = {}
    for name, load_id in standing.items():
        for source in facts()[name].sources:
            known[source] = min(load_id, known.get(source, load_id))
    told = latest(con)
    taken = [f"(source = '{source}' AND load_id <= {known.get(source, last)})" for source, last in told.items()]
    if taken:
        con.execute(f"DELETE FROM meta.touched WHERE {' OR '.join(taken)}")


def record(con: DuckDBPyConnection, load_id: int, changed: Iterable[str], sources: frozenset[str]) -> None:
    """Keeps whose rows the load touched, of those tables and inputs that ledgers are made from.

    Args:
        con: The store.
        load_id: The load.
        changed: The tables that it changed, and the inputs that were made anew for it; of these the temporary tables
            `NAME_before` hold what they were.
        sources: What the ledgers that stand are made from.
    """
    by_load = _by(con, load_id)
    for source in sorted(set(changed) & sources):
        found = " UNION ".join(_accounts(source, by_load))
        if found:
            con.execute(f"INSERT INTO meta.touched SELECT {int(load_id)}, '{source}', account_id FROM ({found})")
    if "exclusions" in set(changed):
        for name in sorted((set(_owned()) | {"ticket_events"}) & sources):
            rows = " UNION ".join(_accounts(name, _excluded(TABLES[name], by_load)))
            con.execute(f"INSERT INTO meta.touched SELECT {int(load_id)}, '{name}', account_id FROM ({rows})")


def pending(con: DuckDBPyConnection, since: int, sources: frozenset[str]) -> int:
    """Fills the temporary table `touched` with the accounts that later loads than `since` touched; says how many.

    Every account stands there under all the names that it has: what belongs together is made anew together.
    """
    names = ", ".join(literal(source) for source in sorted(sources))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE touched AS
        WITH told AS (
            SELECT DISTINCT account_id FROM meta.touched WHERE load_id > {int(since)} AND source IN ({names})
        ), whole AS (
            SELECT account_id FROM told UNION SELECT root_id FROM facts.account_roots WHERE account_id IN (FROM told)
        )
        SELECT account_id FROM whole
        UNION SELECT account_id FROM facts.account_roots WHERE root_id IN (FROM whole)
    """)
    row = con.execute("SELECT count(*) FROM touched").fetchone()
    return int(row[0]) if row else 0


def _owned() -> Iterator[str]:
    """The tables whose rows have an owner."""
    for table in TABLES.values():
        if any(column.name == "account_id" for column in table.columns):
            yield table.name


def _owner(table: Table) -> str:
    """SQL: whose a raw row `e` is, with the join that this needs."""
    columns = {column.name: column for column in table.columns}
    if columns["account_id"].required:
        return f"SELECT e.account_id FROM rows.{table.name} AS e"
    if "person_id" not in columns:
        return f"SELECT coalesce(e.account_id, '') AS account_id FROM rows.{table.name} AS e"
    return (
        f"SELECT coalesce(e.account_id, u.account_id, '') AS account_id FROM rows.{table.name} AS e"
        " LEFT JOIN facts.person_roots AS u ON u.person_id = e.person_id"
    )


def _accounts(source: str, changed: str) -> Iterator[str]:
    """The queries that give the accounts which a source's changed rows speak of; `changed` is a condition on a row `e`."""
    if source in INPUTS:
        yield from _of_input(source)
        return
    if source in set(_owned()):
        yield f"{_owner(TABLES[source])} WHERE {changed}"
        if source != "people" and "person_id" in {column.name for column in TABLES[source].columns}:
            # What a person did in another's account may be kept at their own.
            yield (
                f"SELECT u.account_id FROM rows.{source} AS e JOIN facts.person_roots AS u ON u.person_id = e.person_id"
                f" WHERE u.account_id IS NOT NULL AND ({changed})"
            )
    if source == "events":
        # One of whom nothing is known is the same person in every account.
        unknown = (
            f"SELECT e.person_id FROM rows.{source} AS e LEFT JOIN facts.person_roots AS u ON u.person_id = e.person_id"
            f" WHERE u.account_id IS NULL AND e.person_id IS NOT NULL AND ({changed})"
        )
        same = (
            "SELECT s.person_id FROM facts.person_roots AS s JOIN facts.person_roots AS t ON t.root_id = s.root_id"
            f" WHERE t.account_id IS NULL AND t.person_id IN ({unknown})"
        )
        yield f"{_owner(TABLES[source])} WHERE e.person_id IN ({unknown} UNION {same})"
    if source == "subscriptions":
        yield (
            "SELECT account_id FROM rows.subscription_periods WHERE subscription_id IN"
            f" (SELECT subscription_id FROM rows.subscriptions AS e WHERE {changed})"
        )
    if source == "plans":
        yield (
            "SELECT account_id FROM rows.subscription_periods WHERE plan IN"
            f" (SELECT plan FROM rows.plans AS e WHERE {changed})"
        )
    if source == "ticket_events":
        tickets = f"SELECT ticket_id FROM rows.ticket_events AS e WHERE {changed}"
        yield f"{_owner(TABLES['tickets'])} WHERE e.ticket_id IN ({tickets})"


def _of_input(source: str) -> Iterator[str]:
    different = _difference(source)
    if source == "account_roots":
        moved = f"SELECT unnest([account_id, root_id]) AS account_id FROM {different}"
        yield moved
        # What somebody did in one of them may be kept elsewhere: at their own account, or, of one of whom nothing is known,
        # at any in which they acted.
        people = f"SELECT DISTINCT person_id FROM rows.events WHERE account_id IN ({moved}) AND person_id IS NOT NULL"
        yield f"SELECT account_id FROM facts.person_roots WHERE person_id IN ({people}) AND account_id IS NOT NULL"
        yield f"{_owner(TABLES['events'])} WHERE e.person_id IN ({people})"
    elif source == "person_roots":
        yield f"SELECT coalesce(account_id, '') AS account_id FROM {different}"
        yield "SELECT ''"  # where the rows were of those of whom nothing was known
        for name in _owned():
            if "person_id" in {column.name for column in TABLES[name].columns} and name != "people":
                yield f"{_owner(TABLES[name])} WHERE e.person_id IN (SELECT person_id FROM {different})"
    else:
        # A level is read at a rate when it is asked for; a movement keeps the rate of its day, and days beyond the known
        # ones take the nearest. Which of a currency's rates an account's rows took depends on the policy.
        for name in _owned():
            if "currency" in {column.name for column in TABLES[name].columns} and name != "accounts":
                yield f"{_owner(TABLES[name])} WHERE e.currency IN (SELECT currency FROM {different} WHERE rate <> 1)"


def _difference(source: str) -> str:
    before, after = f"temp.{source}_before", f"facts.{source}"
    return f"((FROM {before} EXCEPT FROM {after}) UNION (FROM {after} EXCEPT FROM {before}))"


def _excluded(table: Table, by_load: str) -> str:
    """Whether the load said, or took back, that a row `e` is to be left out."""
    return (
        f"EXISTS (SELECT 1 FROM (SELECT * FROM rows.exclusions AS e WHERE {by_load}) AS x"
        f" WHERE x.table_name = '{table.name}' AND {excluded_id(table)} = {key_text(table, 'e')})"
    )


def _by(con: DuckDBPyConnection, load_id: int) -> str:
    """SQL: what a load wrote or retired."""
    row = con.execute(f"SELECT loaded_at FROM meta.loads WHERE load_id = {int(load_id)}").fetchone()
    retired = f" OR replaced_at = TIMESTAMP '{row[0]}'" if row else ""
    return f"(load_id = {int(load_id)}{retired})"
