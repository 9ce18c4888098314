"""Weekly active users: how many people were active in the seven days that end with the period.

Definition
    Different people with an active event in the seven local days that end with the period's last one. What is active is
    the company's setting (`active_events`, `active_count`); without one, any event is.
Formula
    active_people
Edge cases
    A trailing week, whatever the grain. The variant `calendar` counts since the week of the last day began (`week_start`), so a
    week that is not over counts fewer days. Who is left out is as in `daily_active_users`.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics"; trailing windows as PostHog and Amplitude count them.
"""

from tenure.measure import active
from tenure.metric import Better, Example, Metric, Unit, Variant

VISITS = {
    "events": """
        event_id,account_id,person_id,happened_at,name
        e1,a1,p1,2024-03-25T00:00:00Z,login
        e2,a1,p1,2024-03-30T09:00:00Z,login
        e3,a1,p2,2024-03-27T09:00:00Z,login
        e4,a1,p3,2024-03-24T23:59:59Z,login
    """
}

METRIC = Metric(
    title="Weekly active users",
    measure=active("activity", 7, name="active_people"),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("events",),
    aliases=("wau",),
    variants={
        "calendar": Variant("Active in the week so far", active("activity", 7, since="week", name="active_people"))
    },
    examples=(
        Example("Two people in the last seven days, one the day before them", VISITS, expect=2),
        Example("Of the week of Wednesday, the 27th", VISITS, expect=2, until="2024-03-28", variant="calendar"),
        Example("The same Wednesday's last seven days", VISITS, expect=3, until="2024-03-28"),
    ),
)
