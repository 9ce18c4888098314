"""MRR at risk: recurring revenue of customers who do not fare well, or have already cancelled.

Definition
    At the period's end, the monthly recurring revenue of the accounts whose health score is below 50, and of the others
    what is cancelled for later already. Nothing is counted twice.
Formula
    below_the_band + cancelled
Edge cases
    This is no forecast of a loss in the next 30, 60 or 90 days: that takes a prediction that has been proven on one's own past,
    and none is claimed here. It says what would be lost if they all left, and they may well stay. `--by kind` tells the two
    apart. Accounts without a score are in it only with what they have cancelled.
Sources
    Own.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

below_the_band = closing("risks", "sum(worth)", where="kind = 'health'", name="below_the_band")
cancelled = closing("risks", "sum(worth)", where="kind = 'notice'", name="cancelled")

METRIC = Metric(
    title="MRR at risk",
    measure=below_the_band + cancelled,
    unit=Unit.MONEY,
    better=Better.DOWN,
    basis="{below_the_band} of low health, {cancelled} cancelled",
    examples=(
        Example(
            "100 of an unhappy customer who has cancelled too, 40 of a happy one who has cancelled an add-on, 70 of a happy one",
            {
                "subscriptions": """
                    subscription_id,account_id,cancel_requested_at
                    s1,a1,2024-03-10
                    s2,a2,
                    x2,a2,2024-03-15
                    s3,a3,
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-06-01,100
                    s2,a2,2024-01-01,,60
                    x2,a2,2024-01-01,2024-05-01,40
                    s3,a3,2024-01-01,,70
                """,
                "responses": """
                    response_id,survey,account_id,answered_at,score
                    r1,nps,a1,2024-03-01,3
                    r2,nps,a2,2024-03-01,10
                    r3,nps,a3,2024-03-01,9
                """,
            },
            expect=140,
        ),
    ),
)
