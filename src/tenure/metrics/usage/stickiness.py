"""Stickiness: on how many of its days a month's user is there, on average.

Definition
    The mean number of daily active users of the period, over the people active in the thirty days that end with it.
Formula
    (active_days / local_days) / active_people
Edge cases
    Every day of the period counts, those without anybody too; of a running period, those until now; of an hour, its day.
    Nobody active: unknown.
    Over more than thirty days the mean may rest on people who are gone by the end, and pass 1.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": daily over monthly active users.
"""

from tenure.measure import active, daily, span
from tenure.metric import Better, Example, Metric, Unit

active_days = daily("activity", name="active_days")
active_people = active("activity", 30, name="active_people")

METRIC = Metric(
    title="Stickiness",
    measure=active_days / span("days", name="local_days") / active_people,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("events",),
    aliases=("dau_to_mau",),
    examples=(
        Example(
            "Fifty people, each on six of April's thirty days",
            {
                "events": """
                    event_id,account_id,person_id,happened_at,name
                    {1..50} a#,a1,u#,2024-04-02T10:00:00Z,login
                    {1..50} b#,a1,u#,2024-04-08T10:00:00Z,login
                    {1..50} c#,a1,u#,2024-04-11T10:00:00Z,login
                    {1..50} d#,a1,u#,2024-04-18T10:00:00Z,login
                    {1..50} e#,a1,u#,2024-04-18T15:00:00Z,login
                    {1..50} f#,a1,u#,2024-04-23T10:00:00Z,login
                    {1..50} g#,a1,u#,2024-04-29T10:00:00Z,login
                """
            },
            since="2024-04-01",
            until="2024-05-01",
            expect=0.2,
        ),
    ),
)
