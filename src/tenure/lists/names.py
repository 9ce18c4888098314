"""What accounts are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.lists.chosen import NAMES
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings

_CALLED = """
WITH named AS ({names})
SELECT i.account_id, coalesce(n.name, a.name) AS name FROM (SELECT unnest($ids) AS account_id) AS i
LEFT JOIN accounts AS a ON a.account_id = i.account_id
LEFT JOIN {account_roots} AS r ON r.account_id = i.account_id
LEFT JOIN named AS n ON n.account_id = coalesce(r.root_id, i.account_id)
WHERE coalesce(n.name, a.name) IS NOT NULL
"""


def names(con: DuckDBPyConnection, settings: Settings, ids: Iterable[str]) -> dict[str, str]:
    """The names of those of `ids` that have one; of an id that was merged into another, that of the account that goes on."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    places = facts.ensure(con, settings, settings.policy, {"customers"})
    sql = _CALLED.format(**places, names=NAMES.format(**places))
    return dict(con.execute(sql, {"ids": wanted}).fetchall())
