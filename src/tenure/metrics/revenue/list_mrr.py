"""List MRR: what MRR would be without any discount.

Definition
    The sum of the monthly price before discount of every paying subscription item just before the period closes.
Formula
    closing_list_mrr
Edge cases
    An item that is 100 % off counts with its list price, though it does not pay; a trial or a free plan has none.
    Where only the net month's value is given, the discount's amount is added to it.
Sources
    Stripe, "Billing analytics": 100 at 50 % off for ever.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="List MRR",
    measure=closing("revenue", "sum(list_worth)", name="closing_list_mrr"),
    unit=Unit.MONEY,
    better=Better.NEITHER,
    aliases=("gross_mrr",),
    examples=(
        Example(
            "100 at 50 % off for ever",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,discount_percent,discount_duration
                    s1,a1,2024-01-01,100,50,forever
                """
            },
            expect=100,
            source="https://support.stripe.com/questions/billing-analytics",
        ),
    ),
)
