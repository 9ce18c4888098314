"""Touches per customer: how often we were in touch, for each customer.

Definition
    Touches in the period (mails, calls, meetings, trainings, webinars) over the average number of customers: the mean of those at the
    start and at the end.
Formula
    touches / ((opening_accounts + closing_accounts) / 2)
Edge cases
    No customer at either end: unknown. Touches with accounts that are no customers yet, or no more, count too, as the work that
    they are.
Sources
    Own: six touches, one customer at the start and two at the end.
"""

from tenure.measure import closing, flow, opening
from tenure.metric import Better, Example, Metric, Unit

opening_accounts = opening("customers", "sum(accounts)", name="opening_accounts")
closing_accounts = closing("customers", "sum(accounts)", name="closing_accounts")

METRIC = Metric(
    title="Touches per customer",
    measure=flow("contacts", "count(*)", name="touches") / ((opening_accounts + closing_accounts) / 2),
    unit=Unit.RATIO,
    better=Better.NEITHER,
    needs=("subscription_periods", "touches"),
    examples=(
        Example(
            "Six touches, one and a half customers",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    s1,a1,2024-01-10,10
                    s2,a2,2024-03-10,10
                """,
                "touches": """
                    touch_id,account_id,happened_at,kind
                    {1..5} t#,a1,2024-03-05T10:00:00Z,email
                    t6,a2,2024-03-05T10:00:00Z,call
                    t7,a2,2024-04-05T10:00:00Z,call
                """,
            },
            expect=4,
        ),
    ),
)
