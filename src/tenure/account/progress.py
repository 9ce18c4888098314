"""How far a customer has come: onboarding, its goals, and those whom it brought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.account.happening import Happening

if TYPE_CHECKING:
    from tenure.account.reader import Reader, Section

_MARKS = """
SELECT min(sale_closed_at) FILTER (WHERE sale_closed_at < $now) AS sold_at,
    min(first_value_at) FILTER (WHERE first_value_at < $now) AS first_value_at,
    min(launched_at) FILTER (WHERE launched_at < $now) AS launched_at
FROM {accounts} WHERE account_id IN (SELECT unnest($members))
"""
_STEPS = """
SELECT s.step, s.person_id, s.is_required, s.happened_at AS shown_at, CASE WHEN s.started_at < $now THEN s.started_at END AS started_at,
    CASE WHEN s.completed_at < $now THEN s.completed_at END AS completed_at,
    CASE WHEN s.skipped_at < $now THEN s.skipped_at END AS skipped_at
FROM {steps} AS s LEFT JOIN (
    SELECT step, min(position) AS place FROM {onboarding_steps} WHERE account_id IN (SELECT unnest($members)) GROUP BY step
) AS o ON o.step = s.step
WHERE s.account_id = $account AND s.happened_at < $now ORDER BY o.place NULLS LAST, s.happened_at, s.step, s.person_id
"""
# A goal is met by the end of its day; one without a day, whenever it is reached.
_GOALS = """
SELECT g.goal_id, g.name, g.target, g.actual, g.unit, g.due_on, CASE WHEN g.achieved_at < $now THEN g.achieved_at END AS achieved_at,
    CASE WHEN a.is_met = 1 AND coalesce(g.achieved_at < $now, TRUE) THEN 'met'
        WHEN g.achieved_at < $now THEN CASE WHEN g.due_on IS NULL THEN 'met' ELSE 'late' END
        WHEN g.achieved_at IS NULL AND g.due_on IS NULL AND g.actual >= g.target THEN 'met'
        WHEN g.due_on < $today THEN 'missed' ELSE 'open' END AS standing
FROM {goals} AS g LEFT JOIN {aims} AS a ON a.goal_id = g.goal_id
WHERE g.account_id IN (SELECT unnest($members)) ORDER BY g.due_on DESC NULLS LAST, g.goal_id
"""
_REFERRALS = """
SELECT r.referral_id, r.happened_at, r.kind, r.referred_account_id, a.name AS referred_name, r.person_id,
    CASE WHEN r.converted_at < $now THEN r.converted_at END AS converted_at, e.reward,
    CASE WHEN e.reward IS NOT NULL THEN e.currency END AS currency
FROM {referred} AS r JOIN {referrals} AS e ON e.referral_id = r.referral_id
LEFT JOIN {accounts} AS a ON a.account_id = r.referred_account_id
WHERE r.account_id = $account AND r.happened_at < $now ORDER BY r.happened_at DESC, r.referral_id
"""
_BROUGHT = """
SELECT r.account_id, a.name FROM {referred} AS r LEFT JOIN {accounts} AS a ON a.account_id = r.account_id
WHERE r.referred_account_id IN (SELECT unnest($members)) AND r.happened_at < $now ORDER BY r.happened_at LIMIT 1
"""
_KINDS = {"referral": "referred somebody", "case_study": "gave a case study"}


def onboarding(reader: Reader) -> tuple[Section, list[Happening]]:
    """When it was sold, saw the first value and launched, and the steps, in their order; `open` is neither done nor skipped."""
    marks = reader.row(_MARKS)
    steps = None
    told = [
        Happening(marks[name], kind, what)
        for name, kind, what in (
            ("sold_at", "sale", "the sale closed"),
            ("first_value_at", "value", "saw the first value"),
            ("launched_at", "launch", "launched"),
        )
        if marks[name]
    ]
    if "onboarding_steps" in reader.loaded:
        rows = [row | {"person": reader.person(row.pop("person_id"))} for row in reader.rows(_STEPS)]
        steps = {
            "shown": len(rows),
            "completed": sum(row["completed_at"] is not None for row in rows),
            "open": [row["step"] for row in rows if row["completed_at"] is None and row["skipped_at"] is None],
            "all": rows,
        }
        told += [_step(row) for row in rows if row["completed_at"] or row["skipped_at"]]
    return {**marks, "steps": steps}, told


def _step(row: dict[str, Any]) -> Happening:
    done = row["completed_at"] is not None
    at = row["completed_at"] if done else row["skipped_at"]
    return Happening(
        at, "step", f"{'completed' if done else 'skipped'} {row['step'].replace('_', ' ')}", None, row["person"]
    )


def goals(reader: Reader) -> tuple[Section, list[Happening]]:
    """Every goal: met (in time), late, missed or open."""
    rows = reader.rows(_GOALS)
    told = [
        Happening(row["achieved_at"], "goal", f"reached its goal: {row['name'] or row['goal_id']}", row["goal_id"])
        for row in rows
        if row["achieved_at"]
    ]
    return {"count": len(rows), "met": sum(row["standing"] == "met" for row in rows), "all": rows}, told


def referrals(reader: Reader) -> tuple[Section, list[Happening]]:
    """Whom it referred and how else it spoke for us, and who brought it."""
    rows = [row | {"person": reader.person(row.pop("person_id"))} for row in reader.rows(_REFERRALS)]
    brought = reader.rows(_BROUGHT)
    told = []
    for row in rows:
        whom = row["referred_name"] or row["referred_account_id"]
        what = _KINDS.get(row["kind"], f"gave a {row['kind']}")
        what = f"referred {whom}" if whom and row["kind"] == "referral" else what
        told.append(Happening(row["happened_at"], "referral", what, row["referral_id"], row["person"]))
        if row["converted_at"]:
            told.append(
                Happening(row["converted_at"], "referral", f"{whom or 'who was referred'} bought", row["referral_id"])
            )
    section = {
        "count": len(rows),
        "converted": sum(row["converted_at"] is not None for row in rows),
        "referred_by": brought[0] if brought else None,
        "all": rows,
    }
    return section, told
