"""Daily active users: how many people were active on the last day of the period.

Definition
    Different people with an active event on the period's last local day. What is active is the company's setting
    (`active_events`, `active_count`); without one, any event is.
Formula
    active_people
Edge cases
    Internal people and test accounts are left out, events without a person too. Two ids that are linked are one person. A
    person counts once: with their own account, wherever they acted; where none is known, with the one they acted in. Over a
    month this is its last day: ask by day for each, and `stickiness` for the mean. A running period ends today.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics"; the definitions of PostHog and Amplitude.
"""

from tenure.measure import active
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Daily active users",
    measure=active("activity", 1, name="active_people"),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("events",),
    aliases=("dau",),
    examples=(
        Example(
            "Two people on the last day, one of them twice; one the day before; one of us",
            {
                "people": """
                    person_id,account_id,is_internal
                    p4,a1,true
                """,
                "events": """
                    event_id,account_id,person_id,happened_at,name
                    e1,a1,p1,2024-03-31T09:00:00Z,login
                    e2,a1,p1,2024-03-31T10:00:00Z,login
                    e3,a1,p2,2024-03-31T23:59:59Z,login
                    e4,a1,p3,2024-03-30T10:00:00Z,login
                    e5,a1,p4,2024-03-31T10:00:00Z,login
                    e6,a1,,2024-03-31T10:00:00Z,sync
                """,
            },
            expect=2,
        ),
    ),
)
