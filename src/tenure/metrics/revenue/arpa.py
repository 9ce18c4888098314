"""Average revenue per account: the MRR of a paying account.

Definition
    MRR per account that pays, just before the period closes.
Formula
    closing_mrr / paying_accounts
Edge cases
    Nobody pays: unknown. The paused do not pay and are not counted. By plan, the money of all items on a plan meets
    the accounts of which it is the main plan: an add-on has money and no accounts, and is unknown.
Sources
    ChartMogul, "Average revenue per account": five customers, one of them with two subscriptions, pay 15.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")

METRIC = Metric(
    title="ARPA",
    measure=closing_mrr / paying_accounts,
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("average_revenue_per_account",),
    basis="{closing_mrr} from {paying_accounts} customers",
    examples=(
        Example(
            "One of five has two subscriptions",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    s1,a1,2024-01-01,1
                    s2,a2,2024-01-01,1
                    s3,a3,2024-01-01,3
                    s4,a4,2024-01-01,5
                    s5,a5,2024-01-01,2
                    s6,a5,2024-01-01,3
                """
            },
            expect=3,
            source="https://help.chartmogul.com/hc/en-us/articles/203359301",
        ),
        Example(
            "The paused are not counted",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,state,unit_amount
                    s1,a1,2024-01-01,2024-03-10,active,100
                    s1,a1,2024-03-10,,paused,100
                    s2,a2,2024-01-01,,active,50
                """
            },
            expect=50,
        ),
    ),
)
