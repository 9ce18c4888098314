"""Engaged users: how many people did what matters, often enough, in the last days of the period.

Definition
    People with at least `engaged_count` key events (2) in the `engaged_days` local days (7) that end with the period's
    last one. What a key event is says `key_events`; without it, whatever makes a person active.
Formula
    engaged_people
Edge cases
    Events are counted, not days: two on one day are enough. Who is left out is as in `daily_active_users`.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": two meetings in seven days.
"""

from tenure.measure import recent
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Engaged users",
    measure=recent(
        "key_days",
        per="person_id",
        having="sum(key_events) >= {engaged_count}",
        days="engaged_days",
        name="engaged_people",
    ),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("events",),
    examples=(
        Example(
            "Two on one day; one; one inside and one before; one on the first and one on the last day",
            {
                "events": """
                    event_id,account_id,person_id,happened_at,name
                    e1,x,a,2024-03-14T10:00:00Z,meeting
                    e2,x,a,2024-03-14T15:00:00Z,meeting
                    e3,x,b,2024-03-12T10:00:00Z,meeting
                    e4,x,c,2024-03-07T10:00:00Z,meeting
                    e5,x,c,2024-03-15T10:00:00Z,meeting
                    e6,x,d,2024-03-09T10:00:00Z,meeting
                    e7,x,d,2024-03-15T10:00:00Z,meeting
                """
            },
            since="2024-03-15",
            until="2024-03-16",
            expect=2,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
    ),
)
