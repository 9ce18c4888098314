"""Net revenue retention: what the opening customers pay at the end, of what they paid.

Definition
    What the accounts that paid when the period opened pay when it closes, as a share of what they paid: with all that
    they expanded, reduced and ended, and without those who joined.
Formula
    (opening_mrr + net_change) / opening_mrr
Edge cases
    Nobody paid at the start: unknown. Above 1 where they pay more. Foreign money is read at the rates of the opening
    throughout. Left and back within the period: its last price counts. By plan, an account stands with the main plan
    that it had at the opening.
Sources
    Calcsimpler: 50 000 opens, 2 000 up, 4 000 down, 6 000 lost: 84 %.
"""

from tenure.measure import each, opening
from tenure.metric import Better, Example, Metric, Unit

opening_mrr = opening("customers", "sum(worth)", name="opening_mrr")
net_change = each("customers", "sum(change_at_opening_rate)", where="paid_before = 1", name="net_change")

METRIC = Metric(
    title="Net revenue retention",
    measure=(opening_mrr + net_change) / opening_mrr,
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("nrr", "ndr", "net_dollar_retention"),
    basis="{net_change} on {opening_mrr} at the start",
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
            expect=0.84,
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
            expect=1.3,
        ),
        Example(
            "Paid at 0.90, lost at 1.10: all of it, and no more",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount,currency
                    s1,a1,2024-01-01,2024-03-20,100,EUR
                """,
                "fx_rates": """
                    day,currency,rate
                    2024-01-01,EUR,0.90
                    2024-03-15,EUR,1.10
                """,
            },
            expect=0,
        ),
    ),
)
