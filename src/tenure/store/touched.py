"""Whose ledger rows a load changes: the accounts whose raw rows, links, plans or exchange rates it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# A place to be filled in, not a value to be bound: for a bound one the engine looks for pandas, most of a second long.
_CHANGED = "$changed"

# The raw rows of a load and those that it replaced, by the account that they speak of. An account that signs up later
# than thought, or a subscription asked to end, changes its ledgers without a period of its own.
_SOURCES = {
    "subscription_periods": f"SELECT account_id FROM rows.subscription_periods WHERE {_CHANGED}",
    "accounts": f"SELECT account_id FROM rows.accounts WHERE {_CHANGED}",
    "subscriptions": f"""SELECT account_id FROM rows.subscription_periods
        WHERE subscription_id IN (SELECT subscription_id FROM rows.subscriptions WHERE {_CHANGED})""",
    "plans": f"SELECT account_id FROM rows.subscription_periods WHERE plan IN (SELECT plan FROM rows.plans WHERE {_CHANGED})",
    "exclusions": f"""WITH ids AS (SELECT table_name, id FROM rows.exclusions WHERE {_CHANGED})
        SELECT account_id FROM rows.subscription_periods AS p WHERE EXISTS (SELECT 1 FROM ids
            WHERE table_name = 'subscription_periods'
                AND id LIKE replace(replace(p.subscription_id, '%', '\\%'), '_', '\\_') || '/%' ESCAPE '\\')
        UNION SELECT account_id FROM rows.subscription_periods
            WHERE subscription_id IN (SELECT id FROM ids WHERE table_name = 'subscriptions')
        UNION SELECT account_id FROM rows.subscription_periods
            WHERE plan IN (SELECT id FROM ids WHERE table_name = 'plans')
        UNION SELECT id FROM ids WHERE table_name = 'accounts'""",
}

RATED = {"fx_rates", "exclusions"}
"""The tables whose rows may change a rate."""

TABLES = (*_SOURCES, "account_links", "fx_rates")
"""The tables whose rows reach the ledgers."""


def changed_tables(con: DuckDBPyConnection, load_id: int) -> set[str]:
    """Of `TABLES`, those of which the load wrote or retired a row."""
    found, changed = set(), _by(con, load_id)
    for table in TABLES:
        sql = f"SELECT 1 FROM rows.{table} WHERE {changed} LIMIT 1"  # our own names
        if con.execute(sql).fetchone():
            found.add(table)
    return found


def collect(con: DuckDBPyConnection, load_id: int, changed: set[str], *, roots_before: str, rates_before: str) -> int:
    """Fills the temporary table `touched(account_id)` and says how many there are.

    Args:
        con: The store.
        load_id: The load.
        changed: `changed_tables` of it.
        roots_before: A copy of `facts.account_roots` as it was before the load.
        rates_before: A copy of `facts.rates` as it was before the load.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE touched (account_id VARCHAR)")
    by_load = _by(con, load_id)
    for table in sorted(changed & set(_SOURCES)):
        con.execute(f"INSERT INTO touched {_SOURCES[table].replace(_CHANGED, by_load)}")  # our own statements
    con.execute(f"""
        INSERT INTO touched SELECT unnest([account_id, root_id]) FROM (
            (FROM {roots_before} EXCEPT FROM facts.account_roots) UNION (FROM facts.account_roots EXCEPT FROM {roots_before}))
    """)  # our own names
    if changed & RATED:
        # A level is read at a rate when it is asked for; a movement keeps the rate of its day, and days beyond the
        # known ones take the nearest. Which of a currency's rates an account's rows took depends on the policy.
        con.execute(f"""
            INSERT INTO touched SELECT account_id FROM rows.subscription_periods
            WHERE currency IN (SELECT currency FROM (
                (FROM {rates_before} EXCEPT FROM facts.rates) UNION (FROM facts.rates EXCEPT FROM {rates_before})))
        """)  # our own names
    con.execute("""
        CREATE OR REPLACE TEMP TABLE touched AS
        WITH whole AS (
            SELECT account_id FROM touched
            UNION SELECT root_id FROM facts.account_roots WHERE account_id IN (FROM touched)
        )
        SELECT account_id FROM whole
        UNION SELECT account_id FROM facts.account_roots WHERE root_id IN (FROM whole)
    """)
    row = con.execute("SELECT count(*) FROM touched").fetchone()
    return int(row[0]) if row else 0


def _by(con: DuckDBPyConnection, load_id: int) -> str:
    """SQL: what a load wrote or retired."""
    row = con.execute(f"SELECT loaded_at FROM meta.loads WHERE load_id = {int(load_id)}").fetchone()
    retired = f" OR replaced_at = TIMESTAMP '{row[0]}'" if row else ""
    return f"(load_id = {int(load_id)}{retired})"
