"""Reopen rate: how many solved tickets came back.

Definition
    Of the tickets solved for the first time in the period, the share that was opened again since.
Formula
    reopened / solved
Edge cases
    Nothing solved: unknown. A ticket counts once, however often it was opened again, and whether it is open now or not. Of
    tickets without a history (`ticket_events`) their own count of reopenings is taken; where that is empty, a first
    solution before the last one, or one of a ticket that is open now, is a reopening.
Sources
    Zendesk, "Reopened tickets"; numbers ours.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

reopened = flow(
    "cases", "count(*)", where="reopens > 0 AND (reopened_at IS NULL OR reopened_at <= {now})", clock="first_solved_at",
    name="reopened",
)  # fmt: skip
solved = flow("cases", "count(*)", clock="first_solved_at", name="solved")

METRIC = Metric(
    title="Reopened tickets",
    measure=reopened / solved,
    unit=Unit.SHARE,
    better=Better.DOWN,
    needs=("tickets",),
    interval=Interval.WILSON,
    aliases=("ticket_reopen_rate",),
    examples=(
        Example(
            "Five solved, one twice opened again, one open again",
            {
                "tickets": """
                    ticket_id,account_id,created_at,status,first_solved_at,solved_at,reopens
                    {1..3} t#,a1,2024-03-04T09:00:00Z,closed,2024-03-05T09:00:00Z,2024-03-05T09:00:00Z,0
                    t4,a1,2024-03-04T09:00:00Z,closed,2024-03-05T09:00:00Z,2024-03-09T09:00:00Z,2
                    t5,a1,2024-03-04T09:00:00Z,open,2024-03-05T09:00:00Z,,1
                """
            },
            expect=0.4,
        ),
    ),
)
