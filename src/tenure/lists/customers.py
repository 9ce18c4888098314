"""Every customer there is or was, one row each: what it pays, since when, on which plan, and what is known of it else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tenure.calendar import local
from tenure.errors import UsageError
from tenure.lists.chosen import NAMES, chosen
from tenure.lists.reading import loaded, rows
from tenure.query import histories
from tenure.store import warehouse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.query import Asked

_INSTANT = timedelta(microseconds=1)

# A level in a currency is read at the rate of the day of its last instant, as every level is.
_CUSTOMERS = """
WITH bounds AS (
    SELECT least(greatest(CAST($last AS DATE), min(day)), max(day)) AS rate_day FROM {rates}
), held AS (
    SELECT account_id, valued_in, CASE WHEN count(*) = count(worth) THEN sum(worth) END AS worth, count(*) = count(worth) AS is_known
    FROM {revenue} WHERE happened_at < $now GROUP BY account_id, valued_in
), paid AS (
    SELECT h.account_id,
        CASE WHEN bool_and(h.is_known AND (h.worth = 0 OR f.rate IS NOT NULL))
            THEN coalesce(sum(CASE WHEN h.valued_in = $currency THEN h.worth ELSE CAST(h.worth AS DECIMAL(22, 4)) * f.rate END), 0)
            END AS monthly
    FROM held AS h CROSS JOIN bounds AS b LEFT JOIN {rates} AS f ON f.currency = h.valued_in AND f.day = b.rate_day
    GROUP BY h.account_id
), stood AS (
    SELECT r.account_id, min(r.happened_at) FILTER (WHERE r.kind = 'new') AS since, sum(r.accounts) AS is_customer,
        sum(r.paying) AS is_paying, max(r.happened_at) FILTER (WHERE r.kind = 'churn') AS left_at,
        arg_max(r.plan, (r.happened_at, r.movement, -abs(r.entry))) AS plan,
        arg_max({segment}, (r.happened_at, r.movement, -abs(r.entry))) AS segment,
        arg_max({is_meant}, (r.happened_at, r.movement, -abs(r.entry))) AS is_meant
    FROM {source} WHERE r.happened_at < $now GROUP BY r.account_id
), named AS ({names})
SELECT s.account_id, n.name, CASE WHEN s.is_paying > 0 THEN 'paying' WHEN s.is_customer > 0 THEN 'paused' ELSE 'left' END AS state,
    p.monthly, s.since, CASE WHEN s.is_customer > 0 THEN NULL ELSE s.left_at END AS left_at, s.plan{columns}, s.segment
FROM stood AS s LEFT JOIN paid AS p ON p.account_id = s.account_id LEFT JOIN named AS n ON n.account_id = s.account_id
{joins}
WHERE s.is_meant
ORDER BY p.monthly DESC NULLS LAST, s.account_id
"""

# What each further table tells: the ledgers that it takes, the columns, and the join.
_TOLD: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "responses": (
        ("answers",),
        "v.survey AS answer_survey, v.score AS answer_score, v.scale_max AS answer_of, v.answered_at",
        """LEFT JOIN (
            SELECT account_id, arg_max(survey, (answered_at, response_id)) AS survey, arg_max(score, (answered_at, response_id)) AS score,
                arg_max(scale_max, (answered_at, response_id)) AS scale_max, max(answered_at) AS answered_at
            FROM {answers} WHERE answered_at < $now AND score IS NOT NULL GROUP BY account_id
        ) AS v ON v.account_id = s.account_id""",
    ),
    "tickets": (
        ("backlog",),
        "coalesce(b.open_tickets, 0) AS open_tickets",
        """LEFT JOIN (
            SELECT account_id, CAST(sum(open) AS BIGINT) AS open_tickets FROM {backlog} WHERE happened_at < $now GROUP BY account_id
        ) AS b ON b.account_id = s.account_id""",
    ),
    "contracts": (
        ("terms",),
        "t.renews_on",
        """LEFT JOIN (
            SELECT t.account_id, min(c.ends_on) AS renews_on FROM {terms} AS t JOIN contracts AS c ON c.contract_id = t.contract_id
            WHERE t.outcome = 'open' OR c.decided_at >= $now GROUP BY t.account_id
        ) AS t ON t.account_id = s.account_id""",
    ),
    "events": (
        ("account_activity",),
        "coalesce(u.active_days, 0) AS active_days, coalesce(u.active_days_before, 0) AS active_days_before",
        """LEFT JOIN (
            SELECT account_id, count(*) FILTER (WHERE day > CAST($today AS DATE) - 30) AS active_days,
                count(*) FILTER (WHERE day <= CAST($today AS DATE) - 30) AS active_days_before
            FROM {account_activity} WHERE day > CAST($today AS DATE) - 60 AND day <= $today GROUP BY account_id
        ) AS u ON u.account_id = s.account_id""",
    ),
}


def customers(con: DuckDBPyConnection, settings: Settings, asked: Asked) -> list[dict[str, Any]]:
    """Everybody who was a customer before now and whom the filters leave, who pays most first.

    Each has account_id, name, state (paying, paused, left), monthly (recurring revenue of a month in the company's
    currency, None where a rate is not known), since, left_at, plan (the main one); and of what was loaded: the last
    answer with a score (answer_survey, answer_score, answer_of, answered_at), open_tickets, renews_on (of the open
    contract that ends first), active_days of the last 30 and active_days_before of the 30 before; segment (of `by`). Of
    one that has left, a filter and a segment are about what it was sold last.

    Raises:
        UnknownNameError: a dimension or a policy that there is not.
        UsageError: a dimension that says nothing of customers, or changes by itself as time goes by.
    """
    if "tenure" in {asked.by, *asked.where}:
        message = "A list of customers says since when each is one: it is sorted by that, not filtered by 'tenure'."
        raise UsageError(message)
    asked = _now(con, asked)
    told = {t: one for t, one in _TOLD.items() if loaded(con, t) or warehouse.brought(con, t, one[0])}
    ledgers = {"customers", "revenue", *(ledger for one in told.values() for ledger in one[0])}
    few = chosen(con, settings, "customers", asked, ledgers, when="level")
    places, now = few.tables, few.now
    columns = "".join(f", {one[1]}" for one in told.values())
    joins = "\n".join(one[2] for one in told.values()).format(**places)
    last = now - _INSTANT
    given = {"now": now, "last": last, "currency": settings.currency}
    if "events" in told:
        given["today"] = local(last, settings.zone).date()
    sql = _CUSTOMERS.format(
        **places,
        columns=columns,
        joins=joins,
        names=NAMES.format(**places),
        source=few.selection.source,
        segment=few.selection.segment if asked.by else "NULL",
        is_meant=f"(TRUE{few.conditions})",
    )
    return rows(con, sql, given)


def _now(con: DuckDBPyConnection, asked: Asked) -> Asked:
    """The question with each attribute whose past is known meant as it is now: the list says how things stand."""
    told = set(histories(con))

    def name(dimension: str) -> str:
        return f"{dimension}@now" if dimension in told else dimension

    where = {name(dimension): values for dimension, values in asked.where.items()}
    return replace(asked, by=name(asked.by) if asked.by else None, where=where)
