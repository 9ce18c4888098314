"""Which person another one really is, whose they are, and whether they count: `people` and `person_links` resolved.

`facts.person_roots(person_id, root_id, account_id, role, is_left_out)` has a row for every person that is known: one of
`people`, or one that is linked. `account_id` is the root of their account, null where none is known. Those of the
company's own house, those that an exclusion names and those of an account that is left out do not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.roots import link

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def rebuild(con: DuckDBPyConnection, raw: str = "main", into: str = "facts") -> None:
    """Writes `person_roots` anew, in the schema `into`, from `people`, `person_links` and `exclusions` of the schema `raw`."""
    link(con, f"{raw}.person_links", "person_id")
    con.execute(f"""
        CREATE OR REPLACE TABLE {into}.person_roots AS
        WITH out AS (
            SELECT id AS person_id FROM {raw}.exclusions WHERE table_name = 'people'
        ), known AS (
            SELECT person_id FROM {raw}.people UNION SELECT person_id FROM linked UNION SELECT person_id FROM out
        ), each AS (
            SELECT k.person_id, coalesce(l.root_id, k.person_id) AS root_id, coalesce(r.root_id, p.account_id) AS account_id, p.role,
                coalesce(p.is_internal, false) OR coalesce(r.is_left_out, false) OR k.person_id IN (FROM out) AS is_left_out
            FROM known AS k LEFT JOIN linked AS l ON l.person_id = k.person_id LEFT JOIN {raw}.people AS p ON p.person_id = k.person_id
            LEFT JOIN {into}.account_roots AS r ON r.account_id = p.account_id
        ), whole AS (
            SELECT root_id, any_value(account_id) FILTER (WHERE person_id = root_id) AS account_id, min(account_id) AS some_account,
                any_value(role) FILTER (WHERE person_id = root_id) AS role, min(role) AS some_role, bool_or(is_left_out) AS is_left_out
            FROM each GROUP BY root_id
        )
        SELECT e.person_id, e.root_id, coalesce(w.account_id, w.some_account) AS account_id, coalesce(w.role, w.some_role) AS role,
            w.is_left_out
        FROM each AS e JOIN whole AS w ON w.root_id = e.root_id
    """)
    con.execute("DROP TABLE linked")
