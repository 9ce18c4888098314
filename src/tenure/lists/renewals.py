"""Every contract on the day on which it is up for renewal: those to come, those overdue, and what became of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.calendar import local
from tenure.lists.chosen import NAMES, chosen
from tenure.lists.reading import rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.query import Asked

# What is decided at or after now is open still, as everywhere. A notice is what is cancelled and paid for a while yet.
_RENEWALS = """
WITH named AS ({names}), stood AS (
    SELECT account_id, sum(scored) AS is_scored, CAST(sum(points) AS BIGINT) AS score, sum(at_risk) AS is_at_risk
    FROM {health} WHERE happened_at < $now GROUP BY account_id
), leaving AS (
    SELECT account_id FROM {pending_revenue} WHERE kind = 'notice' AND happened_at < $now GROUP BY account_id HAVING sum(worth) > 0
), known AS (
    SELECT r.contract_id, r.account_id, c.starts_on, c.ends_on, r.happened_at AS due_at, r.native AS value, r.currency,
        r.due_amount AS amount,
        CASE WHEN r.outcome <> 'open' AND coalesce(r.decided_at < $now, TRUE) THEN r.outcome
            WHEN c.ends_on < $today THEN 'overdue' ELSE 'ahead' END AS standing,
        r.decided_at, r.renewed_amount, r.expansion_amount, {segment} AS segment
    FROM {source} JOIN contracts AS c ON c.contract_id = r.contract_id WHERE TRUE{conditions}
)
SELECT k.contract_id, k.account_id, n.name, k.starts_on, k.ends_on, k.due_at, k.ends_on - $today AS days_left, k.standing,
    k.value, k.currency, k.amount, CASE WHEN k.standing IN ('renewed', 'lost') THEN k.decided_at END AS decided_at,
    CASE WHEN k.standing = 'renewed' THEN k.renewed_amount END AS renewed_amount,
    CASE WHEN k.standing = 'renewed' THEN k.expansion_amount END AS expansion_amount,
    CASE WHEN h.is_scored > 0 THEN h.score END AS health, coalesce(h.is_at_risk > 0, FALSE) AS is_at_risk,
    l.account_id IS NOT NULL AS is_leaving, k.segment
FROM known AS k LEFT JOIN named AS n ON n.account_id = k.account_id LEFT JOIN stood AS h ON h.account_id = k.account_id
LEFT JOIN leaving AS l ON l.account_id = k.account_id
ORDER BY k.ends_on, k.contract_id
"""


def renewals(con: DuckDBPyConnection, settings: Settings, asked: Asked) -> list[dict[str, Any]]:
    """Every contract of everybody who counts, the one that is due first first.

    Each has contract_id, account_id, name, starts_on, ends_on, due_at (when that day begins), days_left (less than 0: ago),
    standing (`ahead`; `overdue`: nobody has decided it and its day is over; `renewed`; `lost`), value in its currency,
    amount in the company's (at the rate of its day, the last known one ahead; None where there is none), decided_at,
    renewed_amount and expansion_amount (of a renewed one, in the company's currency), health (0 to 100, None where nothing
    says it), is_at_risk (health below 50), is_leaving (something was cancelled and is paid for yet) and segment (of `by`).

    Raises:
        UnknownNameError: a dimension or a policy that there is not.
        UsageError: a dimension that says nothing of contracts.
    """
    few = chosen(con, settings, "terms", asked, ("health", "pending_revenue"))
    sql = _RENEWALS.format(
        **few.tables,
        names=NAMES.format(**few.tables),
        source=few.selection.source,
        conditions=few.conditions,
        segment=few.selection.segment if asked.by else "NULL",
    )
    return rows(con, sql, {"now": few.now, "today": local(few.now, settings.zone).date()})
