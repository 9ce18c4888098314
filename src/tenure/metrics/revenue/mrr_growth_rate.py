"""MRR growth rate: by what share MRR grew in the period.

Definition
    The change of MRR in the period, as a share of MRR at its start.
Formula
    (closing_mrr - opening_mrr) / opening_mrr
Edge cases
    No MRR at the start: unknown. Changes of exchange rates are in it; `fx = latest` leaves them out. Below 0 where MRR
    shrinks.
Sources
    Own, on ChartMogul's example of a level: five payers of 5, joined by two of 30, from 25 to 85, are growth of 240 %.
"""

from tenure.measure import closing, opening
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
opening_mrr = opening("revenue", "sum(worth)", name="opening_mrr")

METRIC = Metric(
    title="MRR growth",
    measure=(closing_mrr - opening_mrr) / opening_mrr,
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("mrr_growth",),
    examples=(
        Example(
            "From 25 to 85",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    {1..5} s#,a#,2024-01-10,5
                    {6..7} s#,a#,2024-03-10,30
                """
            },
            expect=2.4,
            source="https://help.chartmogul.com/hc/en-us/articles/203299812",
        ),
    ),
)
