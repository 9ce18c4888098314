"""Trial MRR: what the trials that are running would pay a month.

Definition
    The sum of the monthly price, after discount, of every subscription item on trial just before the period closes.
Formula
    closing_trial_mrr
Edge cases
    Not part of `mrr`. A trial without a price counts with 0. All trials count in full, however few of them become
    customers.
Sources
    Own: three trials at 20 a month.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Trial MRR",
    measure=closing("pending_revenue", "sum(worth)", where="kind = 'trial'", name="closing_trial_mrr"),
    unit=Unit.MONEY,
    better=Better.UP,
    examples=(
        Example(
            "Three trials at 20, beside one who pays",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,state,unit_amount
                    {1..3} s#,a#,2024-03-20,trial,20
                    s4,a4,2024-01-01,active,50
                """
            },
            expect=60,
        ),
    ),
)
