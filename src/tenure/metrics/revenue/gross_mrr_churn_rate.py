"""Gross MRR churn rate: the share of opening MRR that was lost.

Definition
    What customers who left or reduced paid less in the period, as a share of MRR at its start. Nothing is set against
    it.
Formula
    (churned_mrr + contraction_mrr) / opening_mrr
Edge cases
    No MRR at the start: unknown. Losses of customers who joined within the period count too, so it may exceed 1;
    `gross_revenue_retention` looks at the opening customers alone.
Sources
    ChartMogul, "Gross MRR churn rate": 10 lost and 10 down of 100. Target: gross dollar churn of the best in class, at
    most 1 % a month.
"""

from tenure.measure import flow, opening
from tenure.metric import Better, Example, Metric, Target, Unit

churned_mrr = flow("revenue", "sum(-amount)", where="kind = 'churn'", name="churned_mrr")
contraction_mrr = flow("revenue", "sum(-amount)", where="kind = 'contraction'", name="contraction_mrr")
opening_mrr = opening("revenue", "sum(worth)", name="opening_mrr")

METRIC = Metric(
    title="Gross MRR churn",
    measure=(churned_mrr + contraction_mrr) / opening_mrr,
    unit=Unit.SHARE,
    better=Better.DOWN,
    target=Target(0.01, per="month", source="best in class"),
    aliases=("gross_dollar_churn", "gross_revenue_churn_rate"),
    basis="{churned_mrr} lost, {contraction_mrr} reduced of {opening_mrr}",
    examples=(
        Example(
            "10 lost and 10 down of 100",
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
            expect=0.2,
            source="https://help.chartmogul.com/hc/en-us/articles/203359341",
        ),
    ),
)
