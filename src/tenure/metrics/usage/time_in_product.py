"""Time in product: how long people spent in it.

Definition
    The sum of the durations (`duration_s`) of the period's events.
Formula
    seconds
Edge cases
    Only what says how long it took adds time: where no event does, this is 0. Durations are not guessed from the gaps
    between events. Apart: `per_session` over the sessions that began in the period, `per_user` over the people with
    an event in it; unknown where there are none. Who is left out is as in `events`.
Sources
    PostHog, "Session duration"; here as reported.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit, Variant

seconds = flow("usage", "sum(seconds)", name="seconds")
sessions = flow("usage", "sum(sessions)", name="sessions")
people = flow("usage", "count(distinct person_id)", where="person_id <> ''", name="people")

VISITS = {
    "events": """
        event_id,account_id,person_id,happened_at,name,session_id,duration_s
        e1,a1,p1,2024-03-02T09:00:00Z,view,s1,60
        e2,a1,p1,2024-03-02T09:05:00Z,view,s1,240.5
        e3,a1,p1,2024-03-09T09:05:00Z,login,s2,
        e4,a1,p2,2024-03-09T09:05:00Z,view,s3,299.5
        e5,a1,p2,2024-04-01T09:05:00Z,view,s4,100
    """
}

METRIC = Metric(
    title="Time in product",
    measure=seconds,
    unit=Unit.DURATION,
    better=Better.NEITHER,
    needs=("events",),
    variants={
        "per_session": Variant("Time per session", seconds / sessions),
        "per_user": Variant("Time per person", seconds / people),
    },
    examples=(
        Example("A minute, four and a half, and five", VISITS, expect=600),
        Example("In three sessions", VISITS, expect=200, variant="per_session"),
        Example("Of two people", VISITS, expect=300, variant="per_user"),
    ),
)
