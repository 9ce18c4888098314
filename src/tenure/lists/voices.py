"""What customers said in a window, and what they were asked and did not answer: surveys, comments, words on leaving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.errors import UsageError
from tenure.lists.chosen import NAMES, chosen
from tenure.lists.reading import rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.query import Asked


@dataclass(frozen=True)
class _Part:
    """One source of voices: the ledger by which it is filtered, and its rows."""

    ledger: str
    sql: str


# `{source}` is the ledger as `r`; every part has the same columns. The stance of an answer is its class in the metric of its survey.
_PARTS = (
    _Part(
        "answers",
        """
        SELECT CASE WHEN r.answered_at < $now THEN 'answer' ELSE 'unanswered' END AS kind, r.response_id AS id,
            CASE WHEN r.answered_at < $now THEN r.happened_at ELSE r.sent_at END AS happened_at, r.account_id, r.person_id, r.survey,
            nullif(r.touchpoint, '(none)') AS touchpoint, NULL AS origin, CASE WHEN r.answered_at < $now THEN r.score END AS score,
            r.scale_min, r.scale_max, CASE WHEN NOT coalesce(r.answered_at < $now, FALSE) OR r.score IS NULL THEN NULL
                WHEN r.is_promoter = 1 THEN 'promoter' WHEN r.is_passive = 1 THEN 'passive' WHEN r.is_detractor = 1 THEN 'detractor'
                WHEN r.survey = 'csat' THEN CASE WHEN r.is_satisfied = 1 THEN 'satisfied' ELSE 'not satisfied' END
                WHEN r.survey = 'ces' THEN CASE WHEN r.is_easy = 1 THEN 'easy' ELSE 'not easy' END END AS stance,
            CASE WHEN r.answered_at < $now THEN nullif(x.comment, '') END AS words, NULL AS reason, {segment} AS segment
        FROM {source} JOIN responses AS x ON x.response_id = r.response_id
        WHERE CASE WHEN r.answered_at < $now THEN r.happened_at ELSE r.sent_at END >= $since
            AND CASE WHEN r.answered_at < $now THEN r.happened_at ELSE r.sent_at END < $until{conditions}
        """,
    ),
    _Part(
        "comments",
        """
        SELECT 'comment' AS kind, r.comment_id AS id, r.happened_at, r.account_id, r.person_id, NULL AS survey, NULL AS touchpoint,
            nullif(r.origin, '(none)') AS origin, NULL AS score, NULL AS scale_min, NULL AS scale_max, NULL AS stance,
            r.comment AS words, NULL AS reason, {segment} AS segment
        FROM {source} WHERE r.survey = '(none)' AND r.origin <> 'survey' AND r.happened_at >= $since AND r.happened_at < $until{conditions}
        """,
    ),
    _Part(
        "revenue",
        """
        SELECT 'churn' AS kind, x.subscription_id AS id, min(r.happened_at) AS happened_at, min(r.account_id) AS account_id,
            NULL AS person_id, NULL AS survey, NULL AS touchpoint, 'churn' AS origin, NULL AS score, NULL AS scale_min,
            NULL AS scale_max, NULL AS stance,
            min(x.end_comment) AS words, min(x.end_reason) AS reason, min({segment}) AS segment
        FROM {source} JOIN subscriptions AS x ON x.subscription_id = r.subscription_id
        WHERE r.kind = 'churn' AND x.end_comment <> '' AND r.happened_at >= $since AND r.happened_at < $until{conditions}
        GROUP BY x.subscription_id
        """,
    ),
)
_VOICES = """
WITH named AS ({names}), said AS ({parts})
SELECT s.kind, s.id, s.happened_at, nullif(s.account_id, '') AS account_id, n.name, p.name AS person, s.survey, s.touchpoint, s.origin,
    s.score, s.scale_min, s.scale_max, s.stance, s.words, s.reason, s.segment
FROM said AS s LEFT JOIN named AS n ON n.account_id = s.account_id LEFT JOIN people AS p ON p.person_id = s.person_id
ORDER BY s.happened_at DESC, s.kind, s.id
"""


LEDGERS = tuple(part.ledger for part in _PARTS)


def voices(
    con: DuckDBPyConnection, settings: Settings, asked: Asked, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """What was said in `[since, until)` (naive UTC), newest first, and the surveys that were sent in it and not answered by now.

    Each has kind (`answer`, `unanswered`, `comment` outside of surveys, `churn`: said where a subscription of somebody who
    left ended), id, happened_at (answered, else sent), account_id, name, person, survey, touchpoint, origin, score,
    scale_min, scale_max, stance (promoter, passive, detractor; satisfied or not; easy or not: the classes of the metrics), words,
    reason and segment (of `by`). A filter leaves out the kinds of which it says nothing.

    Raises:
        UnknownNameError: a dimension or a policy that there is not.
        UsageError: a dimension that says nothing of any of them.
    """
    parts: list[str] = []
    fault: UsageError | None = None
    given: Mapping[str, Any] = {}
    for part in _PARTS:
        try:
            few = chosen(con, settings, part.ledger, asked)
        except UsageError as refused:
            fault = refused
            continue
        given = {"names": NAMES.format(**few.tables), "now": few.now}
        segment = few.selection.segment if asked.by else "NULL"
        parts.append(part.sql.format(source=few.selection.source, conditions=few.conditions, segment=segment))
    if fault is not None and not parts:
        raise fault
    sql = _VOICES.format(names=given["names"], parts=" UNION ALL BY NAME ".join(parts))
    return rows(con, sql, {"now": given["now"], "since": since, "until": until})
