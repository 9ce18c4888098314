"""Which account another one really is: `account_links` resolved, for all time.

`facts.account_roots(account_id, root_id, is_left_out)` has a row for every account that is not simply itself: one that
is linked, a test account, or one that an exclusion leaves out. Both ends of a link that leaves out an account do so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection


def roots(links: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The surviving account of every linked one. Chains are followed; of a circle the smallest id survives."""
    onward: dict[str, str] = {}
    for account, same in sorted(links):
        first, second = _end(onward, account), _end(onward, same)
        if first != second:
            onward[first] = second
    return {account: _end(onward, account) for link in links for account in link}


def _end(onward: dict[str, str], account: str) -> str:
    while account in onward:
        account = onward[account]
    return account


def link(con: DuckDBPyConnection, links: str, column: str) -> None:
    """Writes the temporary table `linked` (`column`, root_id) from a table of links; who reads it drops it."""
    found = roots(con.execute(f"SELECT {column}, same_as FROM {links}").fetchall())
    con.execute(f"CREATE OR REPLACE TEMP TABLE linked ({column} VARCHAR, root_id VARCHAR)")
    if found:
        rows = ", ".join(f"({literal(one)}, {literal(root)})" for one, root in found.items())
        con.execute(f"INSERT INTO linked VALUES {rows}")


def rebuild(con: DuckDBPyConnection, raw: str = "main", into: str = "facts") -> None:
    """Writes `account_roots` anew, in the schema `into`, from `account_links`, `accounts` and `exclusions` of the schema `raw`."""
    link(con, f"{raw}.account_links", "account_id")
    con.execute(f"""
        CREATE OR REPLACE TABLE {into}.account_roots AS
        WITH out AS (
            SELECT account_id FROM {raw}.accounts WHERE is_test
            UNION SELECT id FROM {raw}.exclusions WHERE table_name = 'accounts'
        ), known AS (
            SELECT account_id, root_id FROM linked
            UNION SELECT account_id, account_id FROM out WHERE account_id NOT IN (SELECT account_id FROM linked)
        )
        SELECT account_id, root_id, account_id IN (FROM out) OR root_id IN (FROM out) AS is_left_out
        FROM known
    """)
    con.execute("DROP TABLE linked")
