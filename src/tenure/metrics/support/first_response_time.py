"""First response time: how long customers wait for the first answer of a person.

Definition
    From the creation of a ticket to the first public reply of a human agent, of the tickets created in the period: the
    median, in seconds.
Formula
    median_response
Edge cases
    No ticket answered: unknown. A ticket that is not answered yet has no time: it is in no median, but counted beside it
    (`unanswered`). Bots, private notes and the opening of a ticket that an agent created (its first message, within 15 seconds of
    the creation, whatever a help desk stamps it with) are no answers. With `--hours business` only the company's business hours count.
    Variants: `mean`, and `p90`, which nine of ten are within.
Sources
    Intercom, "Median first response time": 5, 7, 9, 11 and 600 minutes have the median 9, and the mean 126.4.
"""

from tenure.measure import by_hours, flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

_ANSWERED = "first_reply_at <= {now}"
_TICKETS = """
    ticket_id,account_id,created_at,status,first_reply_at
    t1,a1,2024-03-04T09:00:00Z,open,2024-03-04T09:05:00Z
    t2,a2,2024-03-04T09:00:00Z,open,2024-03-04T09:07:00Z
    t3,a3,2024-03-04T09:00:00Z,open,2024-03-04T09:09:00Z
    t4,a4,2024-03-04T09:00:00Z,open,2024-03-04T09:11:00Z
    t5,a5,2024-03-04T09:00:00Z,open,2024-03-04T19:00:00Z
    t6,a6,2024-03-04T09:00:00Z,open,
"""

unanswered = flow("cases", "count(*)", where="first_reply_at IS NULL OR first_reply_at > {now}", name="unanswered")
median_response = by_hours(
    calendar=flow("cases", "median(first_reply_s)", where=_ANSWERED, name="median_response", aside=unanswered),
    business=flow("cases", "median(first_reply_business_s)", where=_ANSWERED, name="median_response", aside=unanswered),
)
mean_response = by_hours(
    calendar=flow("cases", "avg(first_reply_s)", where=_ANSWERED, name="mean_response", aside=unanswered),
    business=flow("cases", "avg(first_reply_business_s)", where=_ANSWERED, name="mean_response", aside=unanswered),
)
p90_response = by_hours(
    calendar=flow("cases", "quantile_cont(first_reply_s, 0.9)", where=_ANSWERED, name="p90_response", aside=unanswered),
    business=flow(
        "cases", "quantile_cont(first_reply_business_s, 0.9)", where=_ANSWERED, name="p90_response", aside=unanswered
    ),
)

METRIC = Metric(
    title="First response time",
    measure=median_response,
    unit=Unit.DURATION,
    better=Better.DOWN,
    needs=("tickets",),
    interval=Interval.ORDER,
    aliases=("frt", "first_reply_time"),
    variants={
        "mean": Variant("First response time, mean", mean_response),
        "p90": Variant("First response time, nine of ten", p90_response),
    },
    examples=(
        Example(
            "5, 7, 9, 11 and 600 minutes, and one without an answer",
            {"tickets": _TICKETS},
            expect=540,
            source="https://www.intercom.com/help/en/articles/3653556",
        ),
        Example("The mean is pulled up by the one that waited", {"tickets": _TICKETS}, expect=7584, variant="mean"),
        Example("Nine of ten are within", {"tickets": _TICKETS}, expect=21864, variant="p90"),
        Example(
            "A bot after a second, a note after a minute, a person after half an hour; an agent's own ticket",
            {
                "tickets": """
                    ticket_id,account_id,created_at,status,first_reply_at
                    t1,a1,2024-03-04T09:00:00Z,open,2024-03-04T09:00:01Z
                    t2,a1,2024-03-04T09:00:00Z,open,2024-03-04T09:00:00Z
                """,
                "ticket_events": """
                    ticket_id,seq,happened_at,kind,actor,is_public
                    t1,1,2024-03-04T09:00:01Z,reply,bot,true
                    t1,2,2024-03-04T09:01:00Z,note,agent,false
                    t1,3,2024-03-04T09:30:00Z,reply,agent,true
                    t2,1,2024-03-04T09:00:00Z,reply,agent,true
                    t2,2,2024-03-04T10:00:00Z,reply,customer,true
                    t2,3,2024-03-04T11:00:00Z,reply,agent,true
                """,
            },
            expect=4500,
        ),
    ),
)
