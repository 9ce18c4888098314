"""Tickets: how many requests for help were made in the period.

Definition
    Tickets created in the period, whoever created them and however they came.
Formula
    tickets
Edge cases
    A ticket that was opened again is the same ticket. Tickets of test accounts and of the company's own people do not
    count. Per product area: `tenure ask tickets --by feature`, or `--by topic`, or `--by tenure`.
Sources
    2Checkout, "5 Customer Success KPIs That Actually Make a Difference": tickets by topic; numbers ours.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Tickets",
    measure=flow("cases", "count(*)", name="tickets"),
    unit=Unit.COUNT,
    better=Better.DOWN,
    needs=("tickets",),
    aliases=("ticket_volume", "support_tickets"),
    examples=(
        Example(
            "Three in March, one of them opened again in April",
            {
                "tickets": """
                    ticket_id,account_id,created_at,status,reopens
                    t0,a1,2024-02-29T23:59:59Z,closed,0
                    t1,a1,2024-03-01T00:00:00Z,closed,1
                    {2..3} t#,a2,2024-03-20T10:00:00Z,open,
                """
            },
            expect=3,
        ),
    ),
)
