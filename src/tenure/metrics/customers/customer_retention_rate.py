"""Customer retention rate: the share of opening customers who are there at the end.

Definition
    Customers when the period closes, without those acquired in it, as a share of the customers when it opened.
Formula
    (opening_accounts + net_change - acquired) / opening_accounts
Edge cases
    Nobody was a customer when it opened: unknown. Who left before and returned within the period counts as kept, so it
    may exceed 1; who joined and left within it is taken off. By plan, an account stands with the main plan of the
    opening.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": (110 - 20) / 100; its parentheses are lost in print, and read
    literally it gives 109.8.
"""

from tenure.measure import flow, opening
from tenure.metric import Better, Example, Interval, Metric, Unit

opening_accounts = opening("customers", "sum(accounts)", name="opening_accounts")
# The customers at the end are written as those at the start and what came and went, not as a closing level: by plan, who
# changed it within the period then stays with the plan of the opening, on both sides of the division.
net_change = flow("customers", "sum(accounts)", name="net_change")
acquired = flow("customers", "sum(accounts)", where="kind = 'new'", name="acquired")

METRIC = Metric(
    title="Customer retention",
    measure=(opening_accounts + net_change - acquired) / opening_accounts,
    unit=Unit.SHARE,
    better=Better.UP,
    interval=Interval.WILSON,
    aliases=("retention_rate", "logo_retention_rate"),
    examples=(
        Example(
            "100 at the start, 20 acquired, 110 at the end",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..10} s#,a#,2024-01-01,2024-03-10,10
                    {11..100} s#,a#,2024-01-01,,10
                    {101..120} s#,a#,2024-03-15,,10
                """
            },
            expect=0.9,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
    ),
)
