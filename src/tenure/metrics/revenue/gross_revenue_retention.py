"""Gross revenue retention: how much of what the opening customers paid was kept.

Definition
    What the accounts that paid when the period opened still pay of it when it closes: as net retention, but each
    account counts with no more than it paid at the opening.
Formula
    (opening_mrr - lost_mrr) / opening_mrr
Edge cases
    Nobody paid at the start: unknown. Never above 1, never above net retention. The cap is by account: its plan's rise
    and its add-on's fall are set against each other. Foreign money is read at the rates of the opening throughout.
Sources
    Calcsimpler: 50 000 opens, 2 000 up, 4 000 down, 6 000 lost: 80 %.
"""

from tenure.measure import each, opening
from tenure.metric import Better, Example, Metric, Unit

opening_mrr = opening("customers", "sum(worth)", name="opening_mrr")
lost_mrr = each("customers", "sum(-least(change_at_opening_rate, 0))", where="paid_before = 1", name="lost_mrr")

METRIC = Metric(
    title="Gross revenue retention",
    measure=(opening_mrr - lost_mrr) / opening_mrr,
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("grr", "gdr", "gross_dollar_retention"),
    examples=(
        Example(
            "50 000 opens; 2 000 up, 4 000 down, 6 000 lost, 9 000 new",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,20000
                    s1,a1,2024-03-10,,22000
                    s2,a2,2024-01-01,2024-03-11,24000
                    s2,a2,2024-03-11,,20000
                    s3,a3,2024-01-01,2024-03-12,6000
                    s4,a4,2024-03-20,,9000
                """
            },
            expect=0.8,
            source="https://www.calcsimpler.com/calculators/net-dollar-retention",
        ),
        Example(
            "Left and back at a higher price",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,60
                    s1,a1,2024-03-25,,90
                    s2,a2,2024-01-01,,40
                """
            },
            expect=1,
        ),
    ),
)
