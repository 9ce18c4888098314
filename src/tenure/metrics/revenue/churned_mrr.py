"""Churned MRR: the recurring revenue of customers who left.

Definition
    The sum of the movements of the period by which a paying account comes to pay nothing; as a positive amount lost.
Formula
    churned_mrr
Edge cases
    It counts when the paid time ends, or when the cancellation was requested under `churn_at = request`. What was
    reduced before the end is contraction. A pause is no churn, unless `paused = churn`.
Sources
    Stripe, "Calculating churn rate in Billing": of two subscriptions, the one that ends last is churn.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Churned MRR",
    measure=flow("revenue", "sum(-amount)", where="kind = 'churn'", name="churned_mrr"),
    unit=Unit.MONEY,
    better=Better.DOWN,
    aliases=("churn_mrr", "lost_mrr"),
    examples=(
        Example(
            "The last of two subscriptions cancelled",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,40
                    s2,a1,2024-01-01,2024-03-20,60
                """
            },
            expect=60,
            source="https://support.stripe.com/questions/calculating-churn-rate-in-billing",
        ),
        Example(
            "Joined and left",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-03-02,2024-03-20,50
                    s1,a1,2024-03-20,,90
                    s2,a2,2024-03-03,2024-03-25,20
                """
            },
            expect=20,
            source="ondraz/tidemill test_mrr_waterfall.py",
        ),
        Example(
            "By subscription both are churn",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,40
                    s2,a1,2024-01-01,2024-03-20,60
                """
            },
            expect=100,
            policy={"movement_level": "subscription"},
        ),
        Example(
            "Requested in March, paid until April",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-04-10,30
                """,
                "subscriptions": """
                    subscription_id,account_id,cancel_requested_at
                    s1,a1,2024-03-10
                """,
            },
            expect=30,
            policy={"churn_at": "request"},
        ),
    ),
)
