"""Net lifetime value: what a customer pays over its life, less what it cost to win it.

Definition
    MRR per paying account when the period closes, times the months that subscriptions lasted (the mean over all that
    had ended by then), less the period's acquisition costs per new customer.
Formula
    (closing_mrr / paying_accounts) * (((life_days / ended_subscriptions) * 12) / 365) - (acquisition_costs /
    new_customers)
Edge cases
    Nobody pays, no subscription ever ended, or nobody was won in the period: unknown. A month of a life is 365 / 12 days.
    Below zero where a customer costs more than it brings.
Sources
    Own: 100 a month for 24 months, 500 to win a customer: 1 900.
"""

from tenure.measure import closing, flow
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")
life_days = closing(
    "lifespans",
    "sum(CAST(date_diff('second', started_at, ended_at) / 86400 AS DECIMAL(18, 9)))",
    name="life_days",
)
ended_subscriptions = closing("lifespans", "count(*)", name="ended_subscriptions")
lifespan = life_days / ended_subscriptions * 12 / 365
acquisition_costs = flow("spending", "sum(amount)", where="bucket = 'acquisition'", name="acquisition_costs")
new_customers = flow("customers", "sum(accounts)", where="kind = 'new'", name="new_customers")

METRIC = Metric(
    title="Net lifetime value",
    measure=closing_mrr / paying_accounts * lifespan - acquisition_costs / new_customers,
    unit=Unit.MONEY,
    better=Better.UP,
    needs=("subscription_periods", "costs"),
    aliases=("net_ltv",),
    examples=(
        Example(
            "100 a month for 24 months, 500 to win a customer",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2022-01-01,2024-01-01,100
                    {2..3} s#,a#,2024-03-05,,100
                """,
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,acquisition,1000
                """,
            },
            expect=1900,
        ),
        Example(
            "Nobody was won",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2022-01-01,2024-01-01,100
                    s2,a2,2024-02-05,,100
                """,
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,acquisition,1000
                """,
            },
            expect=None,
        ),
    ),
)
