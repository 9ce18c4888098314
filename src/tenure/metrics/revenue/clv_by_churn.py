"""Lifetime value by churn: the margin on a customer's month, for as many months as churn lets it stay.

Definition
    MRR per paying account when the period closes, times the gross margin, divided by the mean monthly customer churn of the
    six months before the period, of those that had customers.
Formula
    ((closing_mrr / paying_accounts) * (1 - (goods / net_revenue) or else 0 * (goods + net_revenue) + 1)) / mean_churn
Edge cases
    Nobody pays, or nobody left in these months: unknown, and never endless. The margin is the setting `gross_margin`, else
    1 - goods / revenue of the period, else 1. Costs or payments in a currency without a rate leave it unknown. In a
    segment goods that name no account are nobody's, and its margin is too high: set `gross_margin` to break it down.
Sources
    D. Skok, "SaaS Metrics 2.0": ARPA times gross margin, divided by the churn rate. Numbers ours.
"""

from tenure.measure import by_policy, closing, each, either, flow, monthly_mean, opening, setting
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")
net_revenue = flow("payments", "sum(amount)", name="net_revenue")
goods = flow("spending", "sum(amount)", where="bucket = 'goods'", name="goods")
# Where money has no rate the margin must not be taken for 1: the last choice is then as unknown as the first.
margin = setting(
    "gross_margin", otherwise=either(1 - goods / net_revenue, 0 * (goods + net_revenue) + 1), name="margin"
)
opening_accounts = opening("customers", "sum(accounts)", name="opening_accounts")
churned = by_policy(
    "same_period",
    count=flow("customers", "count(distinct account_id)", where="kind = 'churn'", name="churned"),
    net=each("customers", "count(*)", where="kept_before = 1 AND kept_after = 0", name="churned"),
)

TEN = """
    subscription_id,account_id,starts_at,ends_at,unit_amount
    s1,a1,2023-01-01,2023-11-15,50
    {2..11} s#,a#,2023-01-01,,50
"""

METRIC = Metric(
    title="Lifetime value by churn",
    measure=closing_mrr / paying_accounts * margin / monthly_mean(churned / opening_accounts, name="mean_churn"),
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("ltv_by_churn",),
    examples=(
        Example(
            "50 a month; one of 11 left in one of six months",
            {"subscription_periods": TEN},
            expect=3300,
        ),
        Example(
            "The same, where a quarter of the revenue goes into goods",
            {
                "subscription_periods": TEN,
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {2..11} t#,a#,2024-03-01T12:00:00Z,charge,50
                """,
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,goods,125
                    k2,2024-03-01,2024-03-31,support,100
                """,
            },
            expect=2475,
        ),
        Example(
            "Nobody left: unknown",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..10} s#,a#,2023-01-01,,50
                """
            },
            expect=None,
        ),
    ),
)
