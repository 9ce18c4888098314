"""Retention cost: what is spent on keeping customers.

Definition
    The costs of support, success, e-mail, self-service and tickets that fall into the period.
Formula
    retention_costs
Edge cases
    Acquisition and goods do not keep anybody and are left out. Costs are spread evenly over their days; a running period
    has those up to now. Without any costs loaded: unknown.
Sources
    "Customer Success Metrics: Key KPIs to Measure and Track": the sum of the five; numbers ours, 400.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Retention cost",
    measure=flow(
        "spending",
        "sum(amount)",
        where="bucket IN ('support', 'success', 'email', 'self_service', 'tickets')",
        name="retention_costs",
    ),
    unit=Unit.MONEY,
    better=Better.DOWN,
    needs=("costs",),
    aliases=("crc", "customer_retention_cost"),
    examples=(
        Example(
            "Five buckets, and neither acquisition nor goods",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,support,200
                    k2,2024-03-01,2024-03-31,success,100
                    k3,2024-03-01,2024-03-31,email,60
                    k4,2024-03-01,2024-03-31,self_service,30
                    k5,2024-03-01,2024-03-31,tickets,10
                    k6,2024-03-01,2024-03-31,acquisition,5000
                    k7,2024-03-01,2024-03-31,goods,900
                """
            },
            expect=400,
            source='"Customer Success Metrics: Key KPIs to Measure and Track"; numbers ours',
        ),
        Example(
            "One of three days falls into March",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-31,2024-04-02,support,100
                """
            },
            expect=33.3333,
        ),
    ),
)
