"""Law: asked as of an instant, a company is what it was then: what happens later might as well not be there."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from laws.stores import load
from laws.tickets import BASES, company

if TYPE_CHECKING:
    from laws.tickets import Row, Tables

METRICS = (
    "tickets", "ticket_backlog", "reopen_rate", "sla_attainment", "first_response_time", "first_response_on_time_share",
    "resolution_time", "resolution_time:p90", "resolution_time:first_solved", "resolution_on_time_share",
    "first_contact_resolution_rate", "first_contact_resolution_rate:zendesk", "first_contact_resolution_rate:freshservice",
    "first_contact_resolution_rate:reported", "self_service_rate", "self_service_rate:users",
    "onboarding_completion_rate", "onboarding_completion_rate:everyone", "onboarding_completion_rate:within_30_days",
    "onboarding_engagement_rate",
)  # fmt: skip


def step(chance: Random, n: int) -> Row:
    base = chance.choice(BASES)
    days = sorted(chance.randrange(40) for _ in range(4))
    times = [chance.choice((None, base + timedelta(days=day))) for day in days]
    return {
        "account_id": f"a{n % 9}", "person_id": f"p{n % 4}", "step": f"s{n}", "is_required": chance.choice((True, False)),
        **dict(zip(("shown_at", "started_at", "completed_at", "skipped_at"), times, strict=True)),
    }  # fmt: skip


def before(at: datetime, told: Tables) -> Tables:
    """The rows as somebody would have written them down at that instant."""
    known: dict[str, list[dict[str, Any]]] = {name: [dict(row) for row in rows] for name, rows in told.items()}
    known["ticket_events"] = [row for row in known["ticket_events"] if row["happened_at"] <= at]
    turned = {e["ticket_id"] for e in told["ticket_events"] if e["happened_at"] > at and e["kind"] == "status"}
    known["tickets"] = [row for row in known["tickets"] if row["created_at"] <= at]
    for row in known["tickets"]:
        solved_later = any(row[name] and row[name] > at for name in ("first_solved_at", "solved_at", "closed_at"))
        if solved_later or row["ticket_id"] in turned:
            row["status"] = None
        if solved_later:
            row["first_contact_resolved"] = None
        if row["first_reply_at"] and row["first_reply_at"] > at:
            row["agent_replies"] = 0
        for name in ("first_reply_at", "first_solved_at", "solved_at", "closed_at"):
            row[name] = row[name] if row[name] and row[name] <= at else None
    known["help_sessions"] = [row for row in known["help_sessions"] if row["happened_at"] <= at]
    steps = []
    for row in known["onboarding_steps"]:
        times = [row[name] for name in ("shown_at", "started_at", "completed_at", "skipped_at") if row[name]]
        if not times or min(times) <= at:
            for name in ("shown_at", "started_at", "completed_at", "skipped_at"):
                row[name] = row[name] if row[name] and row[name] <= at else None
            steps.append(row)
    known["onboarding_steps"] = steps
    return known


@pytest.mark.parametrize("seed", [3, pytest.param(11, marks=pytest.mark.soak)])
def test_what_happens_later_might_as_well_not_be_there(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - a made-up company, not a secret
    made = company(seed)
    told = made.tables | {"onboarding_steps": [step(chance, n) for n in range(30)]}
    later = sorted(event["happened_at"] for event in told["ticket_events"])
    with tenure.open(":memory:", settings=made.settings) as store:
        load(store, told)
        for at in (later[len(later) // 3], later[2 * len(later) // 3] + timedelta(microseconds=1)):
            words = {"since": "2024-01-01", "until": "2025-06-01", "now": f"{at.isoformat()}Z", "hours": "business"}
            with tenure.open(":memory:", settings=made.settings) as then:
                load(then, before(at, told))
                for metric in METRICS:
                    asked, known = (
                        [(row.start, row.value, row.parts) for row in one.ask(metric, **words).rows]
                        for one in (store, then)
                    )
                    assert asked == known, (metric, at)
