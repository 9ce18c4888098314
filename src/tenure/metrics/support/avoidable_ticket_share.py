"""Avoidable ticket share: how many tickets would not have been needed.

Definition
    Tickets of the period that are marked as avoidable, as a share of all tickets of the period.
Formula
    (avoidable * (told_ever / told_ever)) / tickets
Edge cases
    No tickets: unknown. So is all of it where no ticket was ever marked, as avoidable or as not (`told_ever`). Else a ticket
    without a mark is not known to be avoidable: it stays in the denominator, and is counted beside it (`unmarked`).
Sources
    2Checkout, "5 Customer Success KPIs That Actually Make a Difference": questions that the product or the help pages
    could have answered; numbers ours: 38 how-to and 22 billing questions of 100.
"""

from tenure.measure import flow, whole
from tenure.metric import Better, Example, Interval, Metric, Unit

avoidable = flow("cases", "count(*)", where="is_avoidable", name="avoidable")
unmarked = flow("cases", "count(*)", where="is_avoidable IS NULL", name="unmarked")
tickets = flow("cases", "count(*)", name="tickets", aside=unmarked)
told = whole("cases", "count(is_avoidable)", where="happened_at < {now}", name="told_ever")

METRIC = Metric(
    title="Avoidable tickets",
    measure=avoidable * (told / told) / tickets,
    unit=Unit.SHARE,
    better=Better.DOWN,
    needs=("tickets",),
    interval=Interval.WILSON,
    aliases=("avoidable_tickets",),
    examples=(
        Example(
            "38 how-to, 22 billing questions, 30 bugs, 10 not judged",
            {
                "tickets": """
                    ticket_id,account_id,created_at,topic,is_avoidable
                    {1..38} t#,a1,2024-03-05T10:00:00Z,how_to,true
                    {39..60} t#,a1,2024-03-05T10:00:00Z,billing_information,true
                    {61..90} t#,a1,2024-03-05T10:00:00Z,bug,false
                    {91..100} t#,a1,2024-03-05T10:00:00Z,outage,
                """
            },
            expect=0.6,
            source='"5 Customer Success KPIs That Actually Make a Difference" (2Checkout)',
        ),
    ),
)
