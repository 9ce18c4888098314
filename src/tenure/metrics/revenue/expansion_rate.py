"""Expansion rate: by what share the existing customers' MRR was expanded.

Definition
    What existing customers pay more, as a share of MRR when the period opened.
Formula
    expansion_mrr / opening_mrr
Edge cases
    No MRR at the start: unknown. Expansion of customers who joined within the period counts. Two others go by the same
    name: `expansion_share` and `expansion_mrr_growth_rate`.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 10 000 upsold on 100 000, 10 %.
"""

from tenure.measure import flow, opening
from tenure.metric import Better, Example, Metric, Unit

expansion_mrr = flow("revenue", "sum(amount)", where="kind = 'expansion'", name="expansion_mrr")
opening_mrr = opening("revenue", "sum(worth)", name="opening_mrr")

METRIC = Metric(
    title="Expansion rate",
    measure=expansion_mrr / opening_mrr,
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("upsell_rate",),
    examples=(
        Example(
            "10 000 upsold on 100 000",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,60000
                    s1,a1,2024-03-10,,70000
                    s2,a2,2024-01-01,,40000
                """
            },
            expect=0.1,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "1 000 opens, 50 up",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-02-10,960
                    s1,a1,2024-02-10,2024-03-10,1000
                    s1,a1,2024-03-10,,1050
                    s2,a2,2024-03-12,,75
                """
            },
            expect=0.05,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
    ),
)
