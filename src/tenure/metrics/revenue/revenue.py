"""Revenue: what customers paid, less what they were paid back.

Definition
    The charges of the period less its refunds and credits, without tax, in the company's currency at the rate of each
    one's day.
Formula
    net_revenue
Edge cases
    A refund counts when it is paid back, not when its charge was: a month may be below zero. Without transactions: unknown.
    This is cash; what is contracted a month is `mrr`.
Sources
    Own: 60 and 40 charged, 15 refunded, 5 credited.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Revenue",
    measure=flow("payments", "sum(amount)", name="net_revenue"),
    unit=Unit.MONEY,
    better=Better.UP,
    needs=("transactions",),
    aliases=("net_revenue", "turnover"),
    examples=(
        Example(
            "60 and 40 charged, 15 refunded, 5 credited; a refund in April is April's",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    t1,a1,2024-03-02T10:00:00Z,charge,60
                    t2,a2,2024-03-12T10:00:00Z,charge,40
                    t3,a1,2024-03-20T10:00:00Z,refund,15
                    t4,a2,2024-03-31T23:59:59Z,credit,5
                    t5,a2,2024-04-01T00:00:00Z,refund,35
                """
            },
            expect=80,
        ),
        Example(
            "Euros at the rate of their day",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount,currency
                    t1,a1,2024-03-02T10:00:00Z,charge,100,EUR
                    t2,a1,2024-03-20T10:00:00Z,refund,50,EUR
                    t3,a2,2024-03-20T10:00:00Z,charge,10,USD
                """,
                "fx_rates": """
                    day,currency,rate
                    2024-03-01,EUR,1.10
                    2024-03-15,EUR,1.20
                """,
            },
            expect=60,
        ),
    ),
)
