"""Expansion share: how much of the new money comes from existing customers.

Definition
    Expansion MRR as a share of expansion MRR and new MRR together.
Formula
    expansion_mrr / (expansion_mrr + new_mrr)
Edge cases
    Neither expansion nor new: unknown. Reactivation is in neither part.
Sources
    Paddle, on expansion revenue: 50 up beside 75 new, 40 %.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

expansion_mrr = flow("revenue", "sum(amount)", where="kind = 'expansion'", name="expansion_mrr")
new_mrr = flow("revenue", "sum(amount)", where="kind = 'new'", name="new_mrr")

METRIC = Metric(
    title="Expansion share",
    measure=expansion_mrr / (expansion_mrr + new_mrr),
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("expansion_revenue_share",),
    examples=(
        Example(
            "50 up beside 75 new",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-02-10,960
                    s1,a1,2024-02-10,2024-03-10,1000
                    s1,a1,2024-03-10,,1050
                    s2,a2,2024-03-12,,75
                """
            },
            expect=0.4,
            source="Paddle, on expansion revenue",
        ),
    ),
)
