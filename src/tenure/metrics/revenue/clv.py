"""Customer lifetime value: what a customer brings in over its life.

Definition
    Average purchase value, times purchases per buyer and month, times the months that subscriptions lasted: the mean over
    all that had ended when the period closes.
Formula
    ((purchase_value / purchases) * ((purchases / buyers) / months)) * (((life_days / ended_subscriptions) * 12) /
    365)
Edge cases
    No purchase in the period, or no subscription that ever ended: unknown. A month of a life is 365 / 12 days. A life is the
    time in which a subscription was paid for or paused, so without its trial; the company's young days make it look
    short, since only those who left are known. Revenue, not profit: `clv_by_churn` takes the margin.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 100 a month for 24 months: 2 400.
"""

from tenure.measure import closing, flow, span
from tenure.metric import Better, Example, Metric, Unit

purchase_value = flow("purchases", "sum(amount)", name="purchase_value")
purchases = flow("purchases", "count(*)", name="purchases")
buyers = flow("purchases", "count(distinct account_id)", name="buyers")
months = span("months", name="months")
life_days = closing(
    "lifespans",
    "sum(CAST(date_diff('second', started_at, ended_at) / 86400 AS DECIMAL(18, 9)))",
    name="life_days",
)
ended_subscriptions = closing("lifespans", "count(*)", name="ended_subscriptions")
lifespan = life_days / ended_subscriptions * 12 / 365

METRIC = Metric(
    title="Customer lifetime value",
    measure=(purchase_value / purchases) * (purchases / buyers / months) * lifespan,
    unit=Unit.MONEY,
    better=Better.UP,
    needs=("transactions", "subscription_periods or subscriptions"),
    aliases=("ltv", "customer_lifetime_value", "lifetime_value"),
    examples=(
        Example(
            "100 a month for 24 months",
            {
                "subscriptions": """
                    subscription_id,account_id,created_at,ends_at
                    s1,a1,2022-01-01,2024-01-01
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2022-01-01,2024-01-01,100
                """,
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {01..12} x#,a1,2022-#-01T12:00:00Z,charge,100
                    {01..12} y#,a1,2023-#-01T12:00:00Z,charge,100
                """,
            },
            expect=2400,
            since="2022-01-01",
            until="2024-01-01",
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "Two a month at 25, for 365 and for 730 days; who still pays does not count yet",
            {
                "subscriptions": """
                    subscription_id,account_id,created_at,trial_ends_at,ends_at
                    s1,a1,2022-01-01,,2023-01-01
                    s2,a2,2022-01-01,2022-01-15,2024-01-15
                    s3,a3,2022-01-01,,
                """,
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    t1,a3,2024-03-01T12:00:00Z,charge,20
                    t2,a3,2024-03-15T12:00:00Z,charge,30
                """,
            },
            expect=900,
        ),
        Example(
            "Nobody has left yet",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,,100
                    s2,a2,2024-01-01,2024-04-02,100
                """,
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    t1,a1,2024-03-01T12:00:00Z,charge,20
                """,
            },
            expect=None,
        ),
    ),
)
