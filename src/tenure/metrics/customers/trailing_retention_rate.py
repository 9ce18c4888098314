"""Trailing retention rate: the mean of the last periods' customer retention.

Definition
    The mean of customer retention over the last periods, this one among them, of those that have a value. How many is
    the setting `trailing_periods`, 6.
Formula
    mean of (opening_accounts + net_change - acquired) / opening_accounts
Edge cases
    Each period counts alike, however many customers it had. Without customers at the start of any of them: unknown.
    The parts are those of the period itself, so that it can be set beside its mean.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics", on watching retention against its trend; numbers ours: 90 % in
    February, 7 of 9 in March.
"""

from tenure.measure import flow, opening, trailing
from tenure.metric import Better, Example, Metric, Unit

opening_accounts = opening("customers", "sum(accounts)", name="opening_accounts")
# The customers at the end are written as those at the start and what came and went, not as a closing level: by plan, who
# changed it within the period then stays with the plan of the opening, on both sides of the division.
net_change = flow("customers", "sum(accounts)", name="net_change")
acquired = flow("customers", "sum(accounts)", where="kind = 'new'", name="acquired")
retention = (opening_accounts + net_change - acquired) / opening_accounts

METRIC = Metric(
    title="Trailing retention",
    measure=trailing(retention, name="mean_retention"),
    unit=Unit.SHARE,
    better=Better.UP,
    aliases=("mean_retention_rate",),
    examples=(
        Example(
            "One of ten lost in February, two of nine in March",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-02-10,10
                    {2..3} s#,a#,2024-01-01,2024-03-10,10
                    {4..10} s#,a#,2024-01-01,,10
                """
            },
            expect=0.8389,
            grain="month",
        ),
    ),
)
