"""Churned customers: how many accounts stopped being customers.

Definition
    Accounts that come to pay nothing in the period, and are not paused and kept.
Formula
    churned
Edge cases
    Who left, returned and left again within the period is counted twice here, and once in `customer_churn_rate`. The
    last of several subscriptions decides. A gap shorter than `reactivation_gap_days` is none.
Sources
    Stripe, "Calculating churn rate in Billing": two subscriptions cancelled are one customer lost.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Churned customers",
    measure=flow("customers", "sum(-accounts)", where="kind = 'churn'", name="churned"),
    unit=Unit.COUNT,
    better=Better.DOWN,
    aliases=("lost_customers",),
    examples=(
        Example(
            "Both subscriptions cancelled",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,40
                    s2,a1,2024-01-01,2024-03-20,60
                """
            },
            expect=1,
            source="https://support.stripe.com/questions/calculating-churn-rate-in-billing",
        ),
        Example(
            "A pause",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,state,unit_amount
                    s1,a1,2024-01-01,2024-03-10,active,100
                    s1,a1,2024-03-10,,paused,100
                    s2,a2,2024-01-01,,active,50
                """
            },
            expect=0,
        ),
        Example(
            "A pause that is churn",
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
