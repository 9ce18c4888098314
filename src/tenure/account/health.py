"""How a customer fares, with the reasons: each measure of the ledger `signals`, its weight and what it rests on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tenure.account.happening import Happening
from tenure.calendar import local
from tenure.show import spoken

if TYPE_CHECKING:
    from tenure.account.reader import Reader, Section

_SIGNALS = """
SELECT signal, weight, CAST(sum(points) AS BIGINT) AS points FROM {signals}
WHERE account_id = $account AND happened_at < $now GROUP BY signal, weight HAVING sum(known) > 0
"""
_SCORE = """
SELECT coalesce(sum(accounts), 0) AS is_customer, coalesce(sum(scored), 0) AS is_scored, CAST(coalesce(sum(points), 0) AS BIGINT) AS points,
    coalesce(sum(at_risk), 0) AS is_at_risk
FROM {health} WHERE account_id = $account AND happened_at < $cut
"""
_TURNS = """
SELECT happened_at, sum(at_risk) AS turn, sum(scored) AS told FROM {health} WHERE account_id = $account AND happened_at < $now
GROUP BY happened_at HAVING sum(at_risk) <> 0 AND sum(accounts) = 0
"""
_OWED = """
SELECT happened_at FROM {signals} WHERE account_id = $account AND signal = 'payment' AND known = 1 AND happened_at < $now
ORDER BY happened_at DESC
"""
# By whether it is at risk now, and whether it had a score before and after.
_WORDS = {
    (True, True): "health fell below 50",
    (True, False): "health is known, and below 50",
    (False, True): "health is 50 or more again",
    (False, False): "nothing says any more how it fares",
}
_USED = """
SELECT count(*) FILTER (WHERE day >= $monday - 28) AS later, count(*) FILTER (WHERE day < $monday - 28) AS sooner
FROM {account_activity} WHERE account_id = $account AND day >= $monday - 56 AND day < $monday
"""
_ANSWER = """
SELECT survey, score, scale_max, answered_at FROM {answers} WHERE account_id = $account AND answered_at < $now
    AND rating IS NOT NULL AND scale_min < scale_max ORDER BY answered_at DESC, response_id DESC LIMIT 1
"""
_OPEN = "SELECT CAST(sum(open) AS BIGINT) AS tickets FROM {backlog} WHERE account_id = $account AND happened_at < $now"


def health(reader: Reader) -> tuple[Section, list[Happening]]:
    """The score from 0 to 100 (None where there is none, `why` says so), and its signals, the heaviest loss first.

    `share` is a signal's part of all weights that speak, `lost` the points that it costs the score: weight x (100 - points) /
    weights; the score is 100 less all that is lost, rounded half up.
    """
    now, before = (reader.row(_SCORE, cut=cut) for cut in (reader.now, reader.now - timedelta(days=30)))
    found = reader.rows(_SIGNALS)
    whole = sum(row["weight"] for row in found)
    signals = [
        {
            "signal": row["signal"],
            "points": row["points"],
            "weight": row["weight"],
            "share": row["weight"] / whole,
            "lost": row["weight"] * (100 - row["points"]) / whole,
            "reason": _reason(reader, row),
        }
        for row in found
    ]
    section = {
        "score": now["points"] if now["is_scored"] else None,
        "score_30_days_before": before["points"] if before["is_scored"] else None,
        "is_at_risk": bool(now["is_at_risk"]),
        "why": _why(now),
        "signals": sorted(signals, key=lambda one: (-one["lost"], -one["weight"])),
    }
    told = [
        Happening(row["happened_at"], "health", _WORDS[row["turn"] > 0, row["told"] == 0])
        for row in reader.rows(_TURNS)
    ]
    owed = [Happening(row["happened_at"], "past_due", "a payment is past due") for row in reader.rows(_OWED)]
    return section, [*told, *owed]


def _why(score: dict[str, Any]) -> str | None:
    """Why there is no score."""
    if not score["is_customer"]:
        return "only who is a customer has a score"
    return None if score["is_scored"] else "neither usage nor an answer says anything of it"


def _reason(reader: Reader, row: dict[str, Any]) -> str:
    """What a signal rests on, in words."""
    match row["signal"]:
        case "usage":
            monday = reader.today - timedelta(days=reader.today.weekday())
            used = reader.row(_USED, monday=monday)
            days = "day" if used["later"] == 1 else "days"
            return f"{used['later']} active {days} in the last four full weeks, {used['sooner']} in the four before"
        case "answer":
            (last,) = reader.rows(_ANSWER)
            return f"the last answer: {spoken(last['survey'])} {float(last['score']):g} of {float(last['scale_max']):g}"
        case "tickets":
            count = reader.row(_OPEN)["tickets"]
            return "1 ticket is open" if count == 1 else f"{count} tickets are open"
        case "payment":
            since = local(reader.rows(_OWED)[0]["happened_at"], reader.settings.zone).date()
            return f"a payment is past due since {since}"
    return (
        "sold more than 90 days ago, not launched" if row["points"] == 0 else "sold more than 30 days ago, not launched"
    )
