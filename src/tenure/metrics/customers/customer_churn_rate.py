"""Customer churn rate: the share of opening customers lost in the period.

Definition
    Customers who left in the period, as a share of those who were customers when it opened. A customer pays, or is
    paused and was kept (the policy's `paused`).
Formula
    churned / opening_accounts
Edge cases
    Nobody was a customer when it opened: unknown. Who joined and left within the period counts too, and so does who left
    and returned; `same_period = net` leaves both out. The interval takes all who left for opening customers, and is
    left out where they are more.
Sources
    "Customer Success Metrics: Key KPIs to Measure and Track": 100 customers, 5 lost, 5 %. Target: 2Checkout, below 5 % a
    month.
"""

from tenure.measure import by_policy, each, flow, opening
from tenure.metric import Better, Example, Interval, Metric, Target, Unit

opening_accounts = opening("customers", "sum(accounts)", name="opening_accounts")
churned = by_policy(
    "same_period",
    count=flow("customers", "count(distinct account_id)", where="kind = 'churn'", name="churned"),
    net=each("customers", "count(*)", where="kept_before = 1 AND kept_after = 0", name="churned"),
)

METRIC = Metric(
    title="Customer churn",
    measure=churned / opening_accounts,
    unit=Unit.SHARE,
    better=Better.DOWN,
    target=Target(0.05, per="month", source="2Checkout"),
    interval=Interval.WILSON,
    aliases=("churn_rate", "logo_churn_rate"),
    basis="{churned} of {opening_accounts} customers",
    examples=(
        Example(
            "100 customers, 5 lost",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..5} s#,a#,2024-01-01,2024-03-10,10
                    {6..100} s#,a#,2024-01-01,,10
                """
            },
            expect=0.05,
            source='"Customer Success Metrics: Key KPIs to Measure and Track"',
        ),
    ),
)
