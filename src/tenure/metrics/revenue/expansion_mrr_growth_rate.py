"""Expansion growth rate: by what share expansion itself grew.

Definition
    Expansion MRR of the period less that of the period before, as a share of the latter.
Formula
    (expansion_mrr - previous_expansion_mrr) / previous_expansion_mrr
Edge cases
    No expansion in the period before: unknown. A period that is running is compared with the same elapsed part of the
    one before; a whole window (`--grain total`) with the window before it.
Sources
    2Checkout, "5 Customer Success KPIs That Actually Make a Difference": 50 after 40, 25 %.
"""

from tenure.measure import before, flow
from tenure.metric import Better, Example, Metric, Unit

expansion_mrr = flow("revenue", "sum(amount)", where="kind = 'expansion'", name="expansion_mrr")
previous = before(expansion_mrr, 1, name="previous_expansion_mrr")

METRIC = Metric(
    title="Expansion growth",
    measure=(expansion_mrr - previous) / previous,
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("expansion_growth_rate",),
    examples=(
        Example(
            "50 after 40 the month before",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-02-10,960
                    s1,a1,2024-02-10,2024-03-10,1000
                    s1,a1,2024-03-10,,1050
                    s2,a2,2024-03-12,,75
                """
            },
            expect=0.25,
            grain="month",
            source='2Checkout, "5 Customer Success KPIs That Actually Make a Difference"',
        ),
    ),
)
