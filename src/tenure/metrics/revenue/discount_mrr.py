"""Discount MRR: what discounts take from MRR.

Definition
    List MRR less MRR, just before the period closes.
Formula
    closing_list_mrr - closing_mrr
Edge cases
    A discount that the policy does not subtract (`discounts`) is not in it. What is 100 % off is in it whole.
Sources
    Stripe, "Billing analytics": 100 at 50 % off for ever.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

closing_list_mrr = closing("revenue", "sum(list_worth)", name="closing_list_mrr")
closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")

METRIC = Metric(
    title="Discounts",
    measure=closing_list_mrr - closing_mrr,
    unit=Unit.MONEY,
    better=Better.NEITHER,
    aliases=("discounts_mrr",),
    examples=(
        Example(
            "100 at 50 % off for ever",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,discount_percent,discount_duration
                    s1,a1,2024-01-01,100,50,forever
                """
            },
            expect=50,
            source="https://support.stripe.com/questions/billing-analytics",
        ),
        Example(
            "A discount that runs out is not subtracted by some",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,discount_percent,discount_duration
                    s1,a1,2024-01-01,100,50,once
                """
            },
            expect=0,
            policy={"discounts": "forever"},
        ),
        Example(
            "No discount is subtracted by others",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,discount_percent,discount_duration
                    s1,a1,2024-01-01,100,50,forever
                """
            },
            expect=0,
            policy={"discounts": "none"},
        ),
    ),
)
