"""Reactivated customers: how many accounts came back.

Definition
    Accounts that paid before, had left, and come to pay again in the period.
Formula
    reactivated
Edge cases
    However long ago it left, a returning account is never new. A gap shorter than `reactivation_gap_days` is bridged.
    After a pause nobody is reactivated, unless `paused = churn`.
Sources
    ChartMogul, "MRR movements": back in April after a last payment in January.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Reactivated customers",
    measure=flow("customers", "sum(accounts)", where="kind = 'reactivation'", name="reactivated"),
    unit=Unit.COUNT,
    better=Better.UP,
    aliases=("returning_customers",),
    examples=(
        Example(
            "Back in April after January",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,quantity,unit_amount,interval
                    s1,a1,2023-01-10,2024-01-10,4,500,year
                    s2,a1,2023-03-05,2023-06-05,2,30,month
                    s3,a1,2024-04-02,,3,50,month
                """
            },
            expect=1,
            since="2024-04-01",
            until="2024-05-01",
            source="https://help.chartmogul.com/hc/en-us/articles/201244842",
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
