"""Customers by a part of their name or id: what somebody types who knows whom they want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.lists.reading import rows
from tenure.store import facts
from tenure.store.layout import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings

# An id that was merged into another leads to the account that goes on; an account may be known by its rows of revenue alone.
_FOUND = """
WITH said AS (
    SELECT coalesce(r.root_id, a.account_id) AS account_id, a.account_id AS own_id, a.name
    FROM accounts AS a LEFT JOIN {account_roots} AS r ON r.account_id = a.account_id
    UNION ALL SELECT DISTINCT account_id, account_id, NULL FROM {customers}
), found AS (
    SELECT account_id, arg_min(name, own_id <> account_id) FILTER (WHERE name IS NOT NULL) AS name,
        bool_or(contains(lower(own_id), {text}) OR contains(lower(coalesce(name, '')), {text})) AS is_meant,
        bool_or(starts_with(lower(own_id), {text}) OR starts_with(lower(coalesce(name, '')), {text})) AS is_near
    FROM said GROUP BY account_id
)
SELECT account_id, name FROM found WHERE is_meant ORDER BY is_near DESC, lower(coalesce(name, account_id)), account_id LIMIT {limit}
"""


def search(con: DuckDBPyConnection, settings: Settings, text: str, limit: int) -> list[dict[str, Any]]:
    """At most `limit` accounts (account_id, name) of whose name or id `text` is a part; those that begin with it first."""
    said = text.strip().lower()
    if not said:
        return []
    places = facts.ensure(con, settings, settings.policy, {"customers"})
    return rows(con, _FOUND.format(**places, text=literal(said), limit=limit))
