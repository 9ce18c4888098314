"""Net MRR churn rate: the share of opening MRR lost, less what the others pay more.

Definition
    What customers who left or reduced paid less in the period, less what the others pay more, as a share of MRR at its
    start.
Formula
    (churned_mrr + contraction_mrr - expansion_mrr) / opening_mrr
Edge cases
    No MRR at the start: unknown. Below 0, and well so, where expansion exceeds the losses. Customers who came back are
    subtracted too under `net_churn_reactivation = yes`.
Sources
    ChartMogul, "Net MRR churn rate", which subtracts reactivation: 10 lost, 10 down, 10 up of 100. Target: 2Checkout,
    below 0.
"""

from tenure.measure import by_policy, flow, opening
from tenure.metric import Better, Example, Metric, Target, Unit

churned_mrr = flow("revenue", "sum(-amount)", where="kind = 'churn'", name="churned_mrr")
contraction_mrr = flow("revenue", "sum(-amount)", where="kind = 'contraction'", name="contraction_mrr")
expansion_mrr = flow("revenue", "sum(amount)", where="kind = 'expansion'", name="expansion_mrr")
reactivation_mrr = flow("revenue", "sum(amount)", where="kind = 'reactivation'", name="reactivation_mrr")
opening_mrr = opening("revenue", "sum(worth)", name="opening_mrr")
lost = churned_mrr + contraction_mrr - expansion_mrr

METRIC = Metric(
    title="Net MRR churn",
    measure=by_policy("net_churn_reactivation", no=lost, yes=lost - reactivation_mrr) / opening_mrr,
    unit=Unit.SHARE,
    better=Better.DOWN,
    target=Target(0.0, per=None, source="2Checkout"),
    aliases=("net_dollar_churn", "net_revenue_churn_rate"),
    examples=(
        Example(
            "10 lost, 10 down, 10 up of 100",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,10
                    s2,a2,2024-01-01,2024-03-10,20
                    s2,a2,2024-03-10,,10
                    s3,a3,2024-01-01,2024-03-10,20
                    s3,a3,2024-03-10,,30
                    s4,a4,2024-01-01,,50
                """
            },
            expect=0.1,
            source="https://help.chartmogul.com/hc/en-us/articles/203359341",
        ),
        Example(
            "30 lost and 50 up of 1 000",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,30
                    s2,a2,2024-01-01,2024-03-10,470
                    s2,a2,2024-03-10,,520
                    s3,a3,2024-01-01,,500
                """
            },
            expect=-0.02,
            source='2Checkout, "5 Customer Success KPIs That Actually Make a Difference"',
        ),
        Example(
            "One came back at 5",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,10
                    s2,a2,2024-01-01,2024-03-10,20
                    s2,a2,2024-03-10,,10
                    s3,a3,2024-01-01,2024-03-10,20
                    s3,a3,2024-03-10,,30
                    s4,a4,2024-01-01,,50
                    s5,a5,2023-01-01,2023-06-01,5
                    s6,a5,2024-03-20,,5
                """
            },
            expect=0.1,
        ),
        Example(
            "One came back at 5, and is subtracted",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,10
                    s2,a2,2024-01-01,2024-03-10,20
                    s2,a2,2024-03-10,,10
                    s3,a3,2024-01-01,2024-03-10,20
                    s3,a3,2024-03-10,,30
                    s4,a4,2024-01-01,,50
                    s5,a5,2023-01-01,2023-06-01,5
                    s6,a5,2024-03-20,,5
                """
            },
            expect=0.05,
            policy={"net_churn_reactivation": "yes"},
            source="https://help.chartmogul.com/hc/en-us/articles/203359341",
        ),
    ),
)
