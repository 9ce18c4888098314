"""What a customer asks and says: tickets, surveys, words of its own, and how it felt when it was last touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.account.happening import Happening
from tenure.account.reader import SHOWN
from tenure.show import spoken

if TYPE_CHECKING:
    from tenure.account.reader import Reader, Section

# A reply or a solution that comes after now is not known yet. What the backlog leaves out, since nobody knows when it was
# solved, is not open.
_TICKETS = """
WITH open AS (
    SELECT ticket_id FROM {backlog} WHERE account_id = $account AND happened_at < $now GROUP BY ticket_id HAVING sum(open) > 0
)
SELECT c.ticket_id, c.happened_at AS created_at, t.subject, c.topic, c.feature, c.priority, c.ticket_channel AS channel, c.person_id,
    o.ticket_id IS NOT NULL AS is_open, CASE WHEN c.first_reply_at < $now THEN c.first_reply_at END AS first_reply_at,
    CASE WHEN c.first_reply_at < $now THEN c.<reply> END AS first_response_s,
    CASE WHEN o.ticket_id IS NULL AND c.solved_at < $now THEN c.solved_at END AS solved_at,
    CASE WHEN o.ticket_id IS NULL AND c.solved_at < $now THEN c.<resolution> END AS resolution_s,
    c.reopens, c.sla_due_at, CASE WHEN c.solved_at < $now OR c.sla_due_at < $now THEN coalesce(c.sla_met, FALSE) END AS sla_met
FROM {cases} AS c LEFT JOIN {tickets} AS t ON t.ticket_id = c.ticket_id LEFT JOIN open AS o ON o.ticket_id = c.ticket_id
WHERE c.account_id = $account AND c.happened_at < $now ORDER BY c.happened_at DESC, c.ticket_id DESC
"""
_ANSWERS = """
SELECT a.response_id, a.survey, a.survey_id, a.touchpoint, a.person_id, a.sent_at,
    CASE WHEN a.answered_at < $now THEN a.answered_at END AS answered_at,
    a.score, a.scale_min, a.scale_max, CASE WHEN a.is_promoter = 1 THEN 'promoter' WHEN a.is_passive = 1 THEN 'passive'
        WHEN a.is_detractor = 1 THEN 'detractor' END AS stance, nullif(r.comment, '') AS comment
FROM {answers} AS a JOIN {responses} AS r ON r.response_id = a.response_id
WHERE a.account_id = $account AND a.sent_at < $now ORDER BY coalesce(a.answered_at, a.sent_at) DESC, a.response_id DESC
"""
_COMMENTS = """
SELECT comment_id AS feedback_id, happened_at, origin, comment AS text, person_id FROM {comments}
WHERE account_id = $account AND survey = '(none)' AND origin <> 'survey' AND happened_at < $now ORDER BY happened_at DESC, comment_id DESC
"""
_TOUCHES = """
SELECT c.touch_id, c.happened_at, c.kind, c.direction, c.affinity, c.person_id, t.note
FROM {contacts} AS c JOIN {touches} AS t ON t.touch_id = c.touch_id
WHERE c.account_id = $account AND c.happened_at < $now ORDER BY c.happened_at DESC, c.touch_id DESC
"""
_RECENTLY = """
SELECT count(*) AS touches FROM {contacts} WHERE account_id = $account AND happened_at < $now AND happened_at >= $now - INTERVAL 90 DAY
"""


def tickets(reader: Reader) -> tuple[Section, list[Happening]]:
    """How many there were and are open, and the last ones; durations in seconds, of business hours where asked so."""
    side = "_business" if reader.hours == "business" else ""
    sql = _TICKETS.replace("<reply>", f"first_reply{side}_s").replace("<resolution>", f"resolution{side}_s")
    rows = [_named(reader, row) for row in reader.rows(sql)]
    section = {
        "hours": reader.hours,
        "count": len(rows),
        "open": sum(row["is_open"] for row in rows),
        "last": rows[:SHOWN],
    }
    told = []
    for row in rows:
        said = row["subject"] or row["topic"]
        about = f": {said}" if said else ""
        told.append(Happening(row["created_at"], "ticket", f"opened a ticket{about}", row["ticket_id"], row["person"]))
        if row["solved_at"]:
            told.append(Happening(row["solved_at"], "solution", f"ticket solved{about}", row["ticket_id"]))
    return section, told


def surveys(reader: Reader) -> tuple[Section, list[Happening]]:
    """How many were sent and answered, the last answers, and the last one of each survey."""
    rows = [_named(reader, row) for row in reader.rows(_ANSWERS)]
    answered = [row for row in rows if row["answered_at"]]
    latest: dict[str, dict[str, Any]] = {}
    for row in answered:
        if row["score"] is not None:
            latest.setdefault(row["survey"], row)
    section = {"sent": len(rows), "answered": len(answered), "latest": latest, "last": answered[:SHOWN]}
    told = [
        Happening(row["answered_at"], "answer", _answer(row), row["response_id"], row["person"]) for row in answered
    ]
    return section, told


def feedback(reader: Reader) -> tuple[Section, list[Happening]]:
    """What was said outside surveys, the last first."""
    rows = [_named(reader, row) for row in reader.rows(_COMMENTS)]
    told = [
        Happening(
            row["happened_at"],
            "feedback",
            f"said{_quoted(row['text'], row['origin'])}",
            row["feedback_id"],
            row["person"],
        )
        for row in rows
    ]
    return {"count": len(rows), "last": rows[:SHOWN]}, told


def touches(reader: Reader) -> tuple[Section, list[Happening]]:
    """How often in 90 days, the last touches, and the last one that shows how the customer felt."""
    rows = [_named(reader, row) for row in reader.rows(_TOUCHES)]
    felt = [row for row in rows if row["affinity"]]
    section = {
        "count": len(rows),
        "count_90_days": reader.row(_RECENTLY)["touches"],
        "affinity": felt[0] if felt else None,
        "last": rows[:SHOWN],
    }
    told = []
    for row in rows:
        kind = "touch" if row["kind"] == "(none)" else row["kind"]
        mood = f", {row['affinity']}" if row["affinity"] else ""
        what = f"{kind}{mood}{_quoted(row['note'])}"
        told.append(Happening(row["happened_at"], "touch", what, row["touch_id"], row["person"]))
    return section, told


def _named(reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"person": reader.person(row["person_id"]), "person_id": row["person_id"] or None}


def _answer(row: dict[str, Any]) -> str:
    score = "" if row["score"] is None else f" {float(row['score']):g}"
    scale = f" of {float(row['scale_max']):g}" if score and row["scale_max"] is not None else ""
    return f"answered {spoken(row['survey'])}{score}{scale}{_quoted(row['comment'])}"


def _quoted(text: str | None, origin: str = "(none)") -> str:
    where = "" if origin == "(none)" else f" ({origin})"
    return f"{where}: {' '.join(text.split())}" if text else where
