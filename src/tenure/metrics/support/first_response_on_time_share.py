"""First responses on time: how many tickets are answered within the time that the company has set itself.

Definition
    Of the tickets created in the period, the share whose first public reply of a human agent came within
    `first_response_minutes` (60). What waits longer without a reply is late.
Formula
    on_time / (tickets - pending)
Edge cases
    No tickets, or all of them still in time without an answer: unknown. What has no answer and is younger than that is
    pending: counted beside, and in neither part. With `--hours business` an answer is measured in the company's business
    hours; what has no answer is late once that time has passed by the clock.
Sources
    Zendesk, "First reply time" as an SLA metric. Numbers ours.
"""

from tenure.measure import by_hours, flow
from tenure.metric import Better, Example, Interval, Metric, Unit

_ANSWERED = "first_reply_at <= {now}"
_PENDING = "(first_reply_at IS NULL OR first_reply_at > {now}) AND happened_at + INTERVAL ({first_response_minutes}) MINUTE > {now}"

on_time = by_hours(
    calendar=flow(
        "cases", "count(*)", where=f"{_ANSWERED} AND first_reply_s <= 60 * {{first_response_minutes}}", name="on_time"
    ),
    business=flow(
        "cases",
        "count(*)",
        where=f"{_ANSWERED} AND first_reply_business_s <= 60 * {{first_response_minutes}}",
        name="on_time",
    ),
)
tickets = flow("cases", "count(*)", name="tickets")
pending = flow("cases", "count(*)", where=_PENDING, name="pending")

METRIC = Metric(
    title="First responses on time",
    measure=on_time / (tickets - pending),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("tickets",),
    interval=Interval.WILSON,
    aliases=("first_response_within_target",),
    examples=(
        Example(
            "An hour to the second, a second more, none",
            {
                "tickets": """
                    ticket_id,account_id,created_at,first_reply_at
                    {1..2} t#,a1,2024-03-04T09:00:00Z,2024-03-04T10:00:00Z
                    t3,a1,2024-03-04T09:00:00Z,2024-03-04T10:00:01Z
                    t4,a1,2024-03-04T09:00:00Z,
                """
            },
            expect=0.5,
        ),
    ),
)
