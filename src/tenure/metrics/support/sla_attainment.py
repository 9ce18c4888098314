"""SLA attainment: how many tickets were solved in the time that was promised.

Definition
    Tickets whose promised time of solution (`sla_due_at`) lies in the period, and how many of them were solved by then,
    by their last solution.
Formula
    met / due
Edge cases
    Nothing due: unknown. A ticket that is still open when it is due is missed, one that was solved in time and is open
    again too. What is due later than now is not due yet.
Sources
    Zendesk, "SLA achievement"; numbers ours.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

met = flow("cases", "count(*)", where="sla_met", clock="sla_due_at", name="met")
due = flow("cases", "count(*)", clock="sla_due_at", name="due")

METRIC = Metric(
    title="SLA attainment",
    measure=met / due,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("tickets",),
    interval=Interval.WILSON,
    aliases=("sla_achievement", "sla_attainment_rate"),
    examples=(
        Example(
            "Two in time, one late, one open, one due in April, one without a promise",
            {
                "tickets": """
                    ticket_id,account_id,created_at,status,solved_at,sla_due_at
                    {1..2} t#,a1,2024-03-04T09:00:00Z,solved,2024-03-05T09:00:00Z,2024-03-05T09:00:00Z
                    t3,a1,2024-03-04T09:00:00Z,solved,2024-03-05T09:00:01Z,2024-03-05T09:00:00Z
                    t4,a1,2024-03-04T09:00:00Z,open,,2024-03-05T09:00:00Z
                    t5,a1,2024-03-30T09:00:00Z,open,,2024-04-02T09:00:00Z
                    t6,a1,2024-03-04T09:00:00Z,solved,2024-03-05T09:00:00Z,
                """
            },
            expect=0.5,
        ),
    ),
)
