"""New customers: how many accounts became customers for the first time.

Definition
    Accounts that pay for the first time in the period.
Formula
    acquired
Edge cases
    Who left and returned is reactivated, not acquired. Who joined and left within the period is counted. A start at
    the very instant of opening is new in the period.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 20 acquired.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="New customers",
    measure=flow("customers", "sum(accounts)", where="kind = 'new'", name="acquired"),
    unit=Unit.COUNT,
    better=Better.UP,
    aliases=("acquired_customers",),
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
            expect=20,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "One came back",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2023-06-01,2024-01-10,40
                    s2,a1,2024-03-05,,50
                """
            },
            expect=0,
        ),
    ),
)
