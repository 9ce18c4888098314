"""Monthly active users: how many people were active in the thirty days that end with the period.

Definition
    Different people with an active event in the thirty local days that end with the period's last one. What is active is
    the company's setting (`active_events`, `active_count`); without one, any event is.
Formula
    active_people
Edge cases
    Thirty days, whatever the length of the month: of January, the first day does not count. The variant `calendar` counts since
    the month of the last day began. Who is left out is as in `daily_active_users`.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics"; trailing windows as PostHog and Amplitude count them.
"""

from tenure.measure import active
from tenure.metric import Better, Example, Metric, Unit, Variant

VISITS = {
    "events": """
        event_id,account_id,person_id,happened_at,name
        e1,a1,p1,2024-03-01T12:00:00Z,login
        e2,a1,p2,2024-03-02T00:00:00Z,login
        e3,a1,p2,2024-03-20T09:00:00Z,login
        e4,a2,p3,2024-03-31T23:00:00Z,login
    """
}

METRIC = Metric(
    title="Monthly active users",
    measure=active("activity", 30, name="active_people"),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("events",),
    aliases=("mau",),
    variants={
        "calendar": Variant("Active in the month so far", active("activity", 30, since="month", name="active_people"))
    },
    examples=(
        Example("The first of March is thirty days before the thirty-first", VISITS, expect=2),
        Example("All who were active in March", VISITS, expect=3, variant="calendar"),
    ),
)
