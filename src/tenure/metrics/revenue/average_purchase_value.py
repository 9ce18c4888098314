"""Average purchase value: what one purchase comes to.

Definition
    What was charged in the period per purchase. A purchase is an order with all its charges, or a charge that belongs to
    no order.
Formula
    purchase_value / purchases
Edge cases
    No purchase: unknown. An order stands at its first charge, with all of its charges. Refunds and credits are not
    subtracted: they are in `revenue`.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 100 a month.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

purchase_value = flow("purchases", "sum(amount)", name="purchase_value")
purchases = flow("purchases", "count(*)", name="purchases")

METRIC = Metric(
    title="Average purchase value",
    measure=purchase_value / purchases,
    unit=Unit.MONEY,
    better=Better.UP,
    needs=("transactions",),
    aliases=("average_order_value", "aov"),
    examples=(
        Example(
            "100 a month for two years",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {01..12} x#,a1,2022-#-01T12:00:00Z,charge,100
                    {01..12} y#,a1,2023-#-01T12:00:00Z,charge,100
                """
            },
            expect=100,
            since="2022-01-01",
            until="2024-01-01",
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "An order of two charges and a single charge; a refund is no purchase",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount,order_id
                    t1,a1,2024-03-02T10:00:00Z,charge,60,o1
                    t2,a1,2024-04-02T10:00:00Z,charge,40,o1
                    t3,a2,2024-03-12T10:00:00Z,charge,20,
                    t4,a2,2024-03-13T10:00:00Z,refund,20,
                """
            },
            expect=60,
        ),
    ),
)
