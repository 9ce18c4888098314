"""Retention cost per customer: what is spent on keeping one.

Definition
    The costs of support, success, e-mail, self-service and tickets that fall into the period, per customer: the mean of
    those when it opens and when it closes.
Formula
    retention_costs / ((opening_customers + closing_customers) / 2)
Edge cases
    No customers at either end: unknown. The paused who are kept are customers. A longer period costs more: compare periods
    of one length.
Sources
    "Customer Success Metrics: Key KPIs to Measure and Track": retention costs over customers; numbers ours, 400 for ten.
"""

from tenure.measure import closing, flow, opening
from tenure.metric import Better, Example, Metric, Unit

retention_costs = flow(
    "spending",
    "sum(amount)",
    where="bucket IN ('support', 'success', 'email', 'self_service', 'tickets')",
    name="retention_costs",
)
opening_customers = opening("customers", "sum(accounts)", name="opening_customers")
closing_customers = closing("customers", "sum(accounts)", name="closing_customers")

METRIC = Metric(
    title="Retention cost each",
    measure=retention_costs / ((opening_customers + closing_customers) / 2),
    unit=Unit.MONEY,
    better=Better.DOWN,
    needs=("costs", "subscription_periods"),
    examples=(
        Example(
            "400 for ten customers",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,support,300
                    k2,2024-03-01,2024-03-31,tickets,100
                    k3,2024-03-01,2024-03-31,acquisition,5000
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    {1..10} s#,a#,2024-01-10,10
                """,
            },
            expect=40,
            source='"Customer Success Metrics: Key KPIs to Measure and Track"; numbers ours',
        ),
        Example(
            "Eight at the start, twelve at the end",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,support,400
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    {1..8} s#,a#,2024-01-10,10
                    {9..12} s#,a#,2024-03-10,10
                """,
            },
            expect=40,
        ),
    ),
)
