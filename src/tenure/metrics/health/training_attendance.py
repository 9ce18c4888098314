"""Training attendance: how many of the customers took part in a training or a webinar.

Definition
    Customers when the period closes with a touch of kind training or webinar in the period, as a share of all customers when it
    closes.
Formula
    attended / closing_accounts
Edge cases
    No customer at the end: unknown. An account counts once, however many took part. One that was trained and became a customer
    later in the period counts; one that was trained and left is in neither part.
Sources
    Own: of four customers one was at a training, one at two webinars.
"""

from tenure.measure import closing, flow
from tenure.metric import Better, Example, Interval, Metric, Unit

attended = flow(
    "attendances",
    "count(DISTINCT account_id)",
    where="is_customer",
    name="attended",
    beside={"is_customer": "stays_from < closes AND (stays_until IS NULL OR stays_until >= closes)"},
)

METRIC = Metric(
    title="Training attendance",
    measure=attended / closing("customers", "sum(accounts)", name="closing_accounts"),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("subscription_periods", "touches"),
    interval=Interval.WILSON,
    examples=(
        Example(
            "Two of four; a fifth one has left",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..3} s#,a#,2024-01-10,,10
                    s4,a4,2024-03-25,,10
                    s5,a5,2024-01-10,2024-03-20,10
                """,
                "touches": """
                    touch_id,account_id,happened_at,kind
                    t1,a1,2024-03-05T10:00:00Z,call
                    t2,a2,2024-03-05T10:00:00Z,training
                    {3..4} t#,a4,2024-03-0#T10:00:00Z,webinar
                    t5,a5,2024-03-05T10:00:00Z,training
                    t6,a3,2024-02-05T10:00:00Z,training
                """,
            },
            expect=0.5,
        ),
    ),
)
