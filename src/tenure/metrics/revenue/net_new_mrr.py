"""Net new MRR: by how much MRR changed in the period.

Definition
    MRR at the end less MRR at the start: the sum of all movements, new, expansion, reactivation, contraction, churn
    and currency.
Formula
    closing_mrr - opening_mrr
Edge cases
    Signed. Equal to the sum of the movements to the cent, at every grain; in a segment, what moved to it or from it
    without being new or lost (a switch of plan) is in it too.
Sources
    tidemill, MRR waterfall: 70 new, 40 up and 20 lost make 90.
"""

from tenure.measure import closing, opening
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
opening_mrr = opening("revenue", "sum(worth)", name="opening_mrr")

METRIC = Metric(
    title="Net new MRR",
    measure=closing_mrr - opening_mrr,
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("net_mrr_movement",),
    examples=(
        Example(
            "70 new, 40 up, 20 lost",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-03-02,2024-03-20,50
                    s1,a1,2024-03-20,,90
                    s2,a2,2024-03-03,2024-03-25,20
                """
            },
            expect=90,
            source="ondraz/tidemill test_mrr_waterfall.py",
        ),
        Example(
            "Two subscriptions of 100 cancelled",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-03-10,40
                    s2,a1,2024-01-01,2024-03-20,60
                """
            },
            expect=-100,
            source="https://support.stripe.com/questions/calculating-churn-rate-in-billing",
        ),
    ),
)
