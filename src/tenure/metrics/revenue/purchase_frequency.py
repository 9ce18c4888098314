"""Purchase frequency: how many times a month a buyer buys.

Definition
    Purchases of the period per account that bought in it, and per month of the period.
Formula
    (purchases / buyers) / months
Edge cases
    Nobody bought: unknown. Whole calendar months count as such; of other periods a month is 365 / 12 days, and of a
    running one as much as has gone by. Who did not buy in the period does not lower it.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": once a month.
"""

from tenure.measure import flow, span
from tenure.metric import Better, Example, Metric, Unit

purchases = flow("purchases", "count(*)", name="purchases")
buyers = flow("purchases", "count(distinct account_id)", name="buyers")
months = span("months", name="months")

METRIC = Metric(
    title="Purchase frequency",
    measure=purchases / buyers / months,
    unit=Unit.RATIO,
    better=Better.UP,
    needs=("transactions",),
    examples=(
        Example(
            "24 purchases in 24 months",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {01..12} x#,a1,2022-#-01T12:00:00Z,charge,100
                    {01..12} y#,a1,2023-#-01T12:00:00Z,charge,100
                """
            },
            expect=1,
            since="2022-01-01",
            until="2024-01-01",
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "One bought three times in a month, one once",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {1..3} x#,a1,2024-03-0#T12:00:00Z,charge,10
                    y1,a2,2024-03-31T12:00:00Z,charge,10
                    y2,a3,2024-02-29T12:00:00Z,charge,10
                """
            },
            expect=2,
        ),
    ),
)
