"""Customers: how many accounts are customers at the end of the period.

Definition
    Accounts that pay just before the period closes, or are paused and kept. An account with several subscriptions is
    one customer.
Formula
    closing_accounts
Edge cases
    Trials, free plans and what is 100 % off make no customer. A paused account is one that paid just before; under
    `paused = churn` it is none. Accounts linked as the same are one.
Sources
    Stripe, "Subscriptions analytics": 100 monthly and 50 annual make 150; Parative, "Top 15 SaaS Customer Success
    Metrics".
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Customers",
    measure=closing("customers", "sum(accounts)", name="closing_accounts"),
    unit=Unit.COUNT,
    better=Better.UP,
    aliases=("customer_count",),
    examples=(
        Example(
            "100 by the month, 50 by the year",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,interval
                    {1..100} m#,am#,2024-01-01,100,month
                    {1..50} y#,ay#,2024-01-01,600,year
                """
            },
            expect=150,
            source="https://docs.stripe.com/billing/subscriptions/analytics/glossary",
        ),
        Example(
            "One of two is paused",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,state,unit_amount
                    s1,a1,2024-01-01,2024-03-10,active,100
                    s1,a1,2024-03-10,,paused,100
                    s2,a2,2024-01-01,,active,50
                """
            },
            expect=2,
        ),
        Example(
            "One of two is paused, and lost",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,state,unit_amount
                    s1,a1,2024-01-01,2024-03-10,active,100
                    s1,a1,2024-03-10,,paused,100
                    s2,a2,2024-01-01,,active,50
                """
            },
            expect=1,
            policy={"paused": "churn"},
        ),
    ),
)
