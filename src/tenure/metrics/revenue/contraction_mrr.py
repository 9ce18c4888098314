"""Contraction MRR: what customers who stay pay less.

Definition
    The sum of the movements of the period by which a paying account comes to pay less, but not nothing; as a positive
    amount lost.
Formula
    contraction_mrr
Edge cases
    One of two subscriptions cancelled is contraction; only the last one is churn. A pause is contraction of all that
    was paid, as the customer is kept; under `paused = churn` it is churn.
Sources
    Chargebee, "MRR": from 100 to 70 is a downgrade of 30; Stripe, "Calculating churn rate in Billing".
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Contraction MRR",
    measure=flow("revenue", "sum(-amount)", where="kind = 'contraction'", name="contraction_mrr"),
    unit=Unit.MONEY,
    better=Better.DOWN,
    aliases=("downgrade_mrr",),
    examples=(
        Example(
            "From 100 to 70",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-12,100
                    s1,a1,2024-03-12,,70
                """
            },
            expect=30,
            source="https://support.chargebee.com/support/solutions/articles/264186",
        ),
        Example(
            "The first of two subscriptions cancelled",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,40
                    s2,a1,2024-01-01,2024-03-20,60
                """
            },
            expect=40,
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
            expect=100,
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
            expect=0,
            policy={"paused": "churn"},
        ),
    ),
)
