"""Law: asked as of an instant, a company is what it was then: what happens later might as well not be there."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

import tenure
from laws.stores import load
from laws.tickets import BASES, company
from oracle.known import known

if TYPE_CHECKING:
    from laws.tickets import Row

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
                load(then, known(at, told))
                for metric in METRICS:
                    asked, wanted = (
                        [(row.start, row.value, row.parts) for row in one.ask(metric, **words).rows]
                        for one in (store, then)
                    )
                    assert asked == wanted, (metric, at)
