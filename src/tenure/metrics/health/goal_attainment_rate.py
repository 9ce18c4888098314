"""Goal attainment rate: how many of the customers' goals that were due are met.

Definition
    Of the goals due on a day of the period, those that were achieved by the end of that day; where it is not said when, those
    whose actual value is at least the target.
Formula
    met / due
Edge cases
    No goal was due: unknown. One that was met late is not met. A goal without a day is never due. The day is a local one, and what is
    due today is not due until the day is over, met already or not.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": what success means to each customer, and whether it is reached.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

OVER = "over_at <= {now}"

METRIC = Metric(
    title="Goals met",
    measure=flow("aims", "sum(is_met)", where=OVER, name="met") / flow("aims", "count(*)", where=OVER, name="due"),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("goals",),
    interval=Interval.WILSON,
    aliases=("goals_met",),
    examples=(
        Example(
            "In time, late, never, by the numbers, not due yet",
            {
                "goals": """
                    goal_id,account_id,name,target,actual,unit,due_on,achieved_at
                    g1,a1,leads,100,120,leads,2024-03-15,2024-03-15T23:00:00Z
                    g2,a2,leads,100,110,leads,2024-03-15,2024-03-16T00:00:00Z
                    g3,a3,leads,100,40,leads,2024-03-31,
                    g4,a4,leads,100,100,leads,2024-03-01,
                    g5,a5,leads,100,90,leads,2024-05-15,
                    g6,a6,leads,100,190,leads,,
                """
            },
            expect=0.5,
        ),
    ),
)
