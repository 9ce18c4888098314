"""Payback of acquisition cost: how long a new customer takes to win back what it cost.

Definition
    Acquisition costs of the period per new customer, divided by the margin on a month's MRR per paying account when the
    period closes, as a duration.
Formula
    ((((acquisition_costs / new_customers) / ((closing_mrr / paying_accounts) * (1 - (goods / net_revenue) or else 0 *
    (goods + net_revenue) + 1))) * 365) / 12) * 86400
Edge cases
    Nobody won, nobody paying, or no margin: unknown; below zero where goods cost more than is paid: it is never won back.
    A month is 365 / 12 days, 2 628 000 seconds. The margin is the setting `gross_margin`, else 1 - goods / revenue of the
    period, else 1; in a segment goods that name no account are nobody's. That customers leave meanwhile is not counted.
Sources
    D. Skok, "SaaS Metrics 2.0": less than 12 months. Numbers ours: 500 to win, 50 a month: ten months.
"""

from tenure.measure import closing, either, flow, setting
from tenure.metric import Better, Example, Metric, Target, Unit

MONTH_S = 365 * 86_400 // 12

acquisition_costs = flow("spending", "sum(amount)", where="bucket = 'acquisition'", name="acquisition_costs")
new_customers = flow("customers", "sum(accounts)", where="kind = 'new'", name="new_customers")
closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")
net_revenue = flow("payments", "sum(amount)", name="net_revenue")
goods = flow("spending", "sum(amount)", where="bucket = 'goods'", name="goods")
# Where money has no rate the margin must not be taken for 1: the last choice is then as unknown as the first.
margin = setting(
    "gross_margin", otherwise=either(1 - goods / net_revenue, 0 * (goods + net_revenue) + 1), name="margin"
)

METRIC = Metric(
    title="Payback of CAC",
    measure=acquisition_costs / new_customers / (closing_mrr / paying_accounts * margin) * 365 / 12 * 86_400,
    unit=Unit.DURATION,
    better=Better.DOWN,
    needs=("costs", "subscription_periods"),
    target=Target(12 * MONTH_S, per=None, source='D. Skok, "SaaS Metrics 2.0"'),
    aliases=("cac_payback_time",),
    examples=(
        Example(
            "500 to win, 50 a month: ten months",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,acquisition,1000
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-05,,50
                    {2..3} s#,a#,2024-03-05,,50
                """,
            },
            expect=10 * MONTH_S,
        ),
        Example(
            "The same, at a margin of one half: twenty months",
            {
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-01,2024-03-31,acquisition,1000
                    k2,2024-03-01,2024-03-31,goods,75
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-05,,50
                    {2..3} s#,a#,2024-03-05,,50
                """,
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {1..3} t#,a#,2024-03-05T12:00:00Z,charge,50
                """,
            },
            expect=20 * MONTH_S,
        ),
    ),
)
