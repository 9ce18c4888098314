"""Expansion MRR: what customers who already paid pay more.

Definition
    The sum of the movements of the period by which a paying account comes to pay more: upgrades, seats, add-ons,
    higher prices, the end of a discount, further subscriptions.
Formula
    expansion_mrr
Edge cases
    Ups and downs of one account that follow one another within `settle_minutes` are one movement; further apart they
    count on both sides. A switch of plan counts with its difference, under the new plan. After a pause the return is
    expansion, unless `paused = churn`.
Sources
    ChartMogul, "MRR movements": a second subscription of 2 seats at 30 is 60 of expansion.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Expansion MRR",
    measure=flow("revenue", "sum(amount)", where="kind = 'expansion'", name="expansion_mrr"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("upgrade_mrr",),
    examples=(
        Example(
            "A second subscription of 60",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,quantity,unit_amount,interval
                    s1,a1,2023-01-10,2024-01-10,4,500,year
                    s2,a1,2023-03-05,2023-06-05,2,30,month
                    s3,a1,2024-04-02,,3,50,month
                """
            },
            expect=60,
            since="2023-03-01",
            until="2023-04-01",
            source="https://help.chartmogul.com/hc/en-us/articles/201244842",
        ),
        Example(
            "From 50 to 90 in the month of joining",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-03-02,2024-03-20,50
                    s1,a1,2024-03-20,,90
                    s2,a2,2024-03-03,2024-03-25,20
                """
            },
            expect=40,
            source="ondraz/tidemill test_mrr_waterfall.py",
        ),
        Example(
            "By subscription a second one is no expansion",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    s1,a1,2024-01-01,100
                    s2,a1,2024-03-10,40
                """
            },
            expect=0,
            policy={"movement_level": "subscription"},
        ),
    ),
)
