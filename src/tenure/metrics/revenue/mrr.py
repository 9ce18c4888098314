"""Monthly recurring revenue: what all customers pay for a month, at the end of the period.

Definition
    The sum of the monthly price of every paying subscription item, after discount, just before the period closes.
    Never in it: tax, one-off fees, trials, free plans, refunds, proration.
Formula
    closing_mrr
Edge cases
    Foreign money is read at the rate of the day that ends the period. A price for another interval is divided into
    months, and rounded once per item, half up, to four places.
Sources
    Stripe, "Billing analytics"; ChartMogul, "Monthly recurring revenue". 1 200 a year is 100 a month.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="MRR",
    measure=closing("revenue", "sum(worth)", name="closing_mrr"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("monthly_recurring_revenue",),
    examples=(
        Example(
            "1 200 a year is 100 a month",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,interval
                    s1,a1,2024-01-01,1200,year
                """
            },
            expect=100,
            source="https://support.stripe.com/questions/billing-analytics",
        ),
    ),
)
