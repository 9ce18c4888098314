"""Annual recurring revenue: what all customers pay for a year, at the end of the period.

Definition
    Twelve times the monthly recurring revenue just before the period closes: what a year would bring if nothing
    changed.
Formula
    12 * closing_mrr
Edge cases
    It is a level read forward, not the revenue of any year: a customer who pays by the month is in it for twelve
    months. As `mrr` in all else.
Sources
    Stripe, "Billing analytics": 1 200 a year is 100 a month.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="ARR",
    measure=12 * closing("revenue", "sum(worth)", name="closing_mrr"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("annual_recurring_revenue", "annual_run_rate"),
    examples=(
        Example(
            "1 200 a year is 1 200 again",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,interval
                    s1,a1,2024-01-01,1200,year
                """
            },
            expect=1200,
            source="https://support.stripe.com/questions/billing-analytics",
        ),
    ),
)
