"""Reactivation MRR: the recurring revenue of customers who came back.

Definition
    The sum of the movements of the period by which an account that paid before, and had left, comes to pay again.
Formula
    reactivation_mrr
Edge cases
    However long ago it left, and whatever it buys, a returning account is never new. A gap shorter than
    `reactivation_gap_days` is bridged: neither churn nor reactivation, but a change of price.
Sources
    ChartMogul, "MRR movements": back in April at 3 x 50, after a last payment in January.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Reactivation MRR",
    measure=flow("revenue", "sum(amount)", where="kind = 'reactivation'", name="reactivation_mrr"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("win_back_mrr",),
    examples=(
        Example(
            "Back after three months, at 150",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,quantity,unit_amount,interval
                    s1,a1,2023-01-10,2024-01-10,4,500,year
                    s2,a1,2023-03-05,2023-06-05,2,30,month
                    s3,a1,2024-04-02,,3,50,month
                """
            },
            expect=150,
            since="2024-04-01",
            until="2024-05-01",
            source="https://help.chartmogul.com/hc/en-us/articles/201244842",
        ),
        Example(
            "Gone for 55 days",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2023-06-01,2024-01-10,40
                    s2,a1,2024-03-05,,50
                """
            },
            expect=50,
        ),
        Example(
            "A gap of up to 60 days is none",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2023-06-01,2024-01-10,40
                    s2,a1,2024-03-05,,50
                """
            },
            expect=0,
            policy={"reactivation_gap_days": "60"},
        ),
    ),
)
