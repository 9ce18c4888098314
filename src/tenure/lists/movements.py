"""Who came, grew, shrank, left and returned in a window, by how much, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.lists.chosen import NAMES, chosen
from tenure.lists.reading import rows
from tenure.query import policy_of

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.query import Asked

_MOVEMENTS = """
WITH chosen AS (
    SELECT r.*, {is_meant} AS is_meant FROM {source} WHERE r.happened_at >= $since AND r.happened_at < $until
), moved AS (
    SELECT account_id, unit_id, movement, happened_at, max(kind) FILTER (WHERE kind <> 'transfer' AND is_meant) AS kind,
        CASE WHEN count(*) FILTER (WHERE is_meant) = count(amount) FILTER (WHERE is_meant)
            THEN sum(amount) FILTER (WHERE kind <> 'transfer' AND is_meant) END AS amount,
        coalesce(list_sort(list_distinct(list(plan) FILTER (WHERE worth < 0))), []) AS plans_before,
        coalesce(list_sort(list_distinct(list(plan) FILTER (WHERE worth > 0))), []) AS plans_after,
        list(DISTINCT subscription_id) FILTER (WHERE worth < 0) AS ended
    FROM chosen GROUP BY account_id, unit_id, movement, happened_at HAVING kind IS NOT NULL
), named AS ({names}), ends AS (  -- what was said where a subscription ended; one that was only reduced says nothing
    SELECT m.account_id, m.unit_id, m.movement, string_agg(DISTINCT s.end_reason, ', ' ORDER BY s.end_reason) AS end_reason,
        max(s.end_kind) AS end_kind, max(s.end_comment) AS end_comment
    FROM moved AS m JOIN subscriptions AS s ON list_contains(m.ended, s.subscription_id)
    WHERE m.kind = 'churn' OR s.ends_at <= m.happened_at GROUP BY m.account_id, m.unit_id, m.movement
), said AS (  -- what was said of a price that began with the movement, or within the time in which changes settle
    SELECT m.account_id, m.unit_id, m.movement, string_agg(DISTINCT p.change_reason, ', ' ORDER BY p.change_reason) AS change_reason
    FROM moved AS m
    JOIN (
        SELECT coalesce(r.root_id, p.account_id) AS account_id, p.starts_at, p.change_reason
        FROM subscription_periods AS p LEFT JOIN {account_roots} AS r ON r.account_id = p.account_id WHERE p.change_reason IS NOT NULL
    ) AS p ON p.account_id = m.account_id AND p.starts_at <= m.happened_at
        AND p.starts_at >= m.happened_at - to_minutes(CAST($settle AS BIGINT))
    WHERE m.kind <> 'churn' GROUP BY m.account_id, m.unit_id, m.movement
)
SELECT m.happened_at, m.kind, m.account_id, n.name, m.amount, m.plans_before, m.plans_after,
    coalesce(e.end_reason, p.change_reason) AS reason, e.end_kind, e.end_comment AS comment
FROM moved AS m LEFT JOIN named AS n ON n.account_id = m.account_id
LEFT JOIN ends AS e ON e.account_id = m.account_id AND e.unit_id = m.unit_id AND e.movement = m.movement
LEFT JOIN said AS p ON p.account_id = m.account_id AND p.unit_id = m.unit_id AND p.movement = m.movement
ORDER BY m.happened_at DESC, m.account_id, m.unit_id
"""


def movements(
    con: DuckDBPyConnection, settings: Settings, asked: Asked, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """The movements of recurring revenue in `[since, until)` (naive UTC) of whom the filters leave, newest first.

    Each has happened_at, kind (new, expansion, contraction, churn, reactivation), account_id, name, amount (the change of
    a month's revenue in the company's currency, at the rate of its instant; None where that is not known), plans_before,
    plans_after, reason, end_kind and comment. The amounts of a kind add up to its metric of the same window and filters:
    of a movement between a plan that is meant and one that is not, `amount` is the part of the one that is.

    Raises:
        UnknownNameError: a dimension or a policy that there is not.
        UsageError: a dimension that says nothing of movements.
    """
    few = chosen(con, settings, "revenue", asked)
    given = {"since": since, "until": until, "settle": int(policy_of(settings, asked)["settle_minutes"])}
    sql = _MOVEMENTS.format(
        **few.tables,
        names=NAMES.format(**few.tables),
        source=few.selection.source,
        is_meant=f"(TRUE{few.conditions})",
    )
    return rows(con, sql, given)
