"""Quick ratio: how many times over the losses were won again.

Definition
    New, expansion and reactivation MRR per churned and contraction MRR of the period.
Formula
    (new_mrr + expansion_mrr + reactivation_mrr) / (churned_mrr + contraction_mrr)
Edge cases
    Nothing lost: unknown. The variant `without_reactivation` leaves out who came back. Changes of exchange rates are
    on neither side.
Sources
    Pitchkit: 200 new, 80 up, 50 lost, 30 down: 3.5. Mamoon Hamid, who named it, leaves reactivation out.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit, Variant

new_mrr = flow("revenue", "sum(amount)", where="kind = 'new'", name="new_mrr")
expansion_mrr = flow("revenue", "sum(amount)", where="kind = 'expansion'", name="expansion_mrr")
reactivation_mrr = flow("revenue", "sum(amount)", where="kind = 'reactivation'", name="reactivation_mrr")
churned_mrr = flow("revenue", "sum(-amount)", where="kind = 'churn'", name="churned_mrr")
contraction_mrr = flow("revenue", "sum(-amount)", where="kind = 'contraction'", name="contraction_mrr")
lost = churned_mrr + contraction_mrr

METRIC = Metric(
    title="Quick ratio",
    measure=(new_mrr + expansion_mrr + reactivation_mrr) / lost,
    unit=Unit.RATIO,
    better=Better.UP,
    aliases=("saas_quick_ratio",),
    variants={"without_reactivation": Variant("Quick ratio without reactivation", (new_mrr + expansion_mrr) / lost)},
    basis="{new_mrr} + {expansion_mrr} + {reactivation_mrr} won, {churned_mrr} + {contraction_mrr} lost",
    examples=(
        Example(
            "200 new, 80 up, 50 lost, 30 down",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,50
                    s2,a2,2024-01-01,2024-03-10,100
                    s2,a2,2024-03-10,,70
                    s3,a3,2024-01-01,2024-03-10,100
                    s3,a3,2024-03-10,,180
                    s6,a6,2024-03-20,,200
                """
            },
            expect=3.5,
            source="https://pitchkit.net/resources/glossary/quick-ratio",
        ),
        Example(
            "40 came back",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,50
                    s2,a2,2024-01-01,2024-03-10,100
                    s2,a2,2024-03-10,,70
                    s3,a3,2024-01-01,2024-03-10,100
                    s3,a3,2024-03-10,,180
                    s6,a6,2024-03-20,,200
                    s7,a7,2023-01-01,2023-06-01,40
                    s8,a7,2024-03-20,,40
                """
            },
            expect=4,
        ),
        Example(
            "40 came back, and are left out",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,50
                    s2,a2,2024-01-01,2024-03-10,100
                    s2,a2,2024-03-10,,70
                    s3,a3,2024-01-01,2024-03-10,100
                    s3,a3,2024-03-10,,180
                    s6,a6,2024-03-20,,200
                    s7,a7,2023-01-01,2023-06-01,40
                    s8,a7,2024-03-20,,40
                """
            },
            expect=3.5,
            variant="without_reactivation",
        ),
    ),
)
