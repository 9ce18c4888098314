"""Resolutions on time: how many tickets are solved within the time that the company has set itself.

Definition
    Of the tickets solved in the period (by their last solution), the share that took no more than `resolution_hours` (24)
    from their creation.
Formula
    on_time / solved
Edge cases
    Nothing solved: unknown. What is open is in neither part, however old: see `ticket_backlog`, and `sla_attainment` for
    what was promised ticket by ticket. With `--hours business` only the company's business hours count.
Sources
    Zendesk, "Full resolution time" as an SLA metric. Numbers ours.
"""

from tenure.measure import by_hours, flow
from tenure.metric import Better, Example, Interval, Metric, Unit

on_time = by_hours(
    calendar=flow(
        "cases", "count(*)", where="resolution_s <= 3600 * {resolution_hours}", clock="solved_at", name="on_time"
    ),
    business=flow(
        "cases",
        "count(*)",
        where="resolution_business_s <= 3600 * {resolution_hours}",
        clock="solved_at",
        name="on_time",
    ),
)
solved = flow("cases", "count(*)", clock="solved_at", name="solved")

METRIC = Metric(
    title="Resolutions on time",
    measure=on_time / solved,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("tickets",),
    interval=Interval.WILSON,
    aliases=("resolution_within_target",),
    examples=(
        Example(
            "A day to the second, a second more, one open",
            {
                "tickets": """
                    ticket_id,account_id,created_at,status,solved_at
                    {1..2} t#,a1,2024-03-04T09:00:00Z,solved,2024-03-05T09:00:00Z
                    t3,a1,2024-03-04T09:00:00Z,solved,2024-03-05T09:00:01Z
                    t4,a1,2024-03-04T09:00:00Z,open,
                """
            },
            expect=0.6667,
        ),
    ),
)
