"""Currency MRR: what MRR changed by only because exchange rates did.

Definition
    The change of the level, revalued at the rates of either end of the period, less all movements at the rate of their
    day.
Formula
    closing_mrr - opening_mrr - movements
Edge cases
    Signed. Without foreign money, and under `fx = latest` or `fx = purchase`, it is 0. It is what remains, so that
    movements and currency always make the change of MRR, to the cent.
Sources
    Own: 100 EUR a month, the rate from 1.00 to 1.10. ProfitWell keeps the rate of the purchase (`fx = purchase`) and
    knows no such movement.
"""

from tenure.measure import closing, flow, opening
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
opening_mrr = opening("revenue", "sum(worth)", name="opening_mrr")
movements = flow("revenue", "sum(amount)", name="movements")

METRIC = Metric(
    title="Currency MRR",
    measure=closing_mrr - opening_mrr - movements,
    unit=Unit.MONEY,
    better=Better.NEITHER,
    aliases=("currency_mrr",),
    examples=(
        Example(
            "100 EUR, the rate from 1.00 to 1.10",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,currency
                    s1,a1,2024-01-01,100,EUR
                """,
                "fx_rates": """
                    day,currency,rate
                    2024-01-01,EUR,1.00
                    2024-03-15,EUR,1.10
                """,
            },
            expect=10,
        ),
        Example(
            "At the rate of the purchase",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount,currency
                    s1,a1,2024-01-01,100,EUR
                """,
                "fx_rates": """
                    day,currency,rate
                    2024-01-01,EUR,1.00
                    2024-03-15,EUR,1.10
                """,
            },
            expect=0,
            policy={"fx": "purchase"},
        ),
    ),
)
