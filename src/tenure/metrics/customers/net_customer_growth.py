"""Net customer growth: by how many the customers changed.

Definition
    New and reactivated customers less churned ones: customers at the end less customers at the start.
Formula
    net_change
Edge cases
    Signed. By plan, an account stands with the main plan that it had at the opening: a change of plan is no growth of
    either.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 100 at the start, 110 at the end.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Net customer growth",
    measure=flow("customers", "sum(accounts)", name="net_change"),
    unit=Unit.COUNT,
    better=Better.UP,
    aliases=("net_new_customers",),
    examples=(
        Example(
            "10 lost, 20 acquired",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..10} s#,a#,2024-01-01,2024-03-10,10
                    {11..100} s#,a#,2024-01-01,,10
                    {101..120} s#,a#,2024-03-15,,10
                """
            },
            expect=10,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "Both of one account's subscriptions cancelled",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,40
                    s2,a1,2024-01-01,2024-03-20,60
                """
            },
            expect=-1,
        ),
    ),
)
