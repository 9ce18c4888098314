"""New MRR: the recurring revenue of customers who pay for the first time.

Definition
    The sum of the movements of the period by which an account comes from nothing to something for the first time.
Formula
    new_mrr
Edge cases
    A customer who left and returns is reactivation, a second subscription is expansion; under `movement_level =
    subscription` each subscription's first payment is new. Who joins and leaves within the period is new and churned.
    A start at the very instant of opening is new in the period.
Sources
    ChartMogul, "MRR movements": 4 seats at 500 a year are 166.67 new MRR; recurly and others count by subscription.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="New MRR",
    measure=flow("revenue", "sum(amount)", where="kind = 'new'", name="new_mrr"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("new_business_mrr",),
    examples=(
        Example(
            "Four seats at 500 a year",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,quantity,unit_amount,interval
                    s1,a1,2023-01-10,2024-01-10,4,500,year
                    s2,a1,2023-03-05,2023-06-05,2,30,month
                    s3,a1,2024-04-02,,3,50,month
                """
            },
            expect=166.6667,
            since="2023-01-01",
            until="2023-02-01",
            source="https://help.chartmogul.com/hc/en-us/articles/201244842",
        ),
        Example(
            "One who joined and left is new too",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-03-02,2024-03-20,50
                    s1,a1,2024-03-20,,90
                    s2,a2,2024-03-03,2024-03-25,20
                """
            },
            expect=70,
            source="ondraz/tidemill test_mrr_waterfall.py",
        ),
        Example(
            "A second subscription is no new customer",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    s1,a1,2024-01-01,100
                    s2,a1,2024-03-10,40
                """
            },
            expect=0,
            source="https://help.chartmogul.com/hc/en-us/articles/201244842",
        ),
        Example(
            "By subscription it is new",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    s1,a1,2024-01-01,100
                    s2,a1,2024-03-10,40
                """
            },
            expect=40,
            policy={"movement_level": "subscription"},
        ),
    ),
)
