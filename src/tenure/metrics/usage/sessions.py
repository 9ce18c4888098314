"""Sessions: how many visits began.

Definition
    Different sessions of the period, by `session_id`; one counts when its first event happened, with the person and the feature
    of that event.
Formula
    sessions
Edge cases
    A session that goes on over midnight counts once, on the day on which it began. Events without a session are in none.
    The same `session_id` in two accounts is two sessions. Who is left out is as in `events`.
Sources
    PostHog, "Sessions": a session is counted at its start.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Sessions",
    measure=flow("usage", "sum(sessions)", name="sessions"),
    unit=Unit.COUNT,
    better=Better.NEITHER,
    needs=("events",),
    examples=(
        Example(
            "One over midnight before March, one in it, the same id elsewhere, and events without one",
            {
                "events": """
                    event_id,account_id,person_id,happened_at,name,session_id
                    e1,a1,p1,2024-02-29T23:50:00Z,login,s1
                    e2,a1,p1,2024-03-01T00:10:00Z,view,s1
                    e3,a1,p1,2024-03-02T09:00:00Z,login,s2
                    e4,a1,p1,2024-03-02T09:20:00Z,view,s2
                    e5,a2,p2,2024-03-02T09:00:00Z,login,s2
                    {6..9} e#,a1,,2024-03-03T09:00:00Z,sync,
                """
            },
            expect=2,
        ),
    ),
)
