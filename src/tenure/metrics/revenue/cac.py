"""Customer acquisition cost: what it costs to win a customer.

Definition
    Acquisition costs of the period per account that became a customer for the first time in it.
Formula
    acquisition_costs / new_customers
Edge cases
    Nobody was won: unknown. Costs are spread evenly over their days; a running month has those up to now. Who returns is
    not acquired. By channel, a cost stands in its own channel, else in that of its account, and a customer in the
    channel that its account came by.
Sources
    D. Skok, "SaaS Metrics 2.0": sales and marketing costs over customers won. Numbers ours: 5 000 for ten.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

acquisition_costs = flow("spending", "sum(amount)", where="bucket = 'acquisition'", name="acquisition_costs")
new_customers = flow("customers", "sum(accounts)", where="kind = 'new'", name="new_customers")

METRIC = Metric(
    title="Acquisition cost",
    measure=acquisition_costs / new_customers,
    unit=Unit.MONEY,
    better=Better.DOWN,
    needs=("costs", "subscription_periods"),
    aliases=("customer_acquisition_cost",),
    examples=(
        Example(
            "Ten won for 5 000, one returned",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,acquisition,5000
                    k2,2024-03-01,2024-03-31,support,900
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..10} s#,a#,2024-03-05,,10
                    s11,a11,2023-01-01,2023-06-01,10
                    t11,a11,2024-03-05,,10
                """,
            },
            expect=500,
        ),
        Example(
            "A quarter's costs, by day",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-01-01,2024-03-31,acquisition,910
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-03-05,,10
                """,
            },
            expect=310,
        ),
    ),
)
