"""Lifetime value to acquisition cost: how many times over a customer wins back what it cost.

Definition
    `clv` per acquisition cost of a new customer.
Formula
    (((purchase_value / purchases) * ((purchases / buyers) / months)) * (((life_days / ended_subscriptions) * 12) /
    365)) / (acquisition_costs / new_customers)
Edge cases
    Unknown where either is: no purchase, no subscription that ever ended, nobody won; and where winning them cost nothing.
    The variant `by_churn` takes `clv_by_churn` instead, which has the margin in it.
Sources
    D. Skok, "SaaS Metrics 2.0": more than 3. Numbers ours: 2 400 to 800.
"""

from tenure.measure import by_policy, closing, each, either, flow, monthly_mean, opening, setting, span
from tenure.metric import Better, Example, Metric, Target, Unit, Variant

acquisition_costs = flow("spending", "sum(amount)", where="bucket = 'acquisition'", name="acquisition_costs")
new_customers = flow("customers", "sum(accounts)", where="kind = 'new'", name="new_customers")
cac = acquisition_costs / new_customers

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
clv = (purchase_value / purchases) * (purchases / buyers / months) * (life_days / ended_subscriptions * 12 / 365)

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
clv_by_churn = closing_mrr / paying_accounts * margin / monthly_mean(churned / opening_accounts, name="mean_churn")

COMPANY = {
    "subscription_periods": """
        subscription_id,account_id,starts_at,ends_at,unit_amount
        s1,a1,2022-01-01,2024-01-01,50
        {2..10} s#,a#,2023-01-01,,50
        s11,a11,2024-03-05,,50
    """,
    "transactions": """
        transaction_id,account_id,happened_at,kind,amount
        {2..11} t#,a#,2024-03-05T12:00:00Z,charge,100
    """,
    "costs": """
        cost_id,from_date,to_date,bucket,amount
        k1,2024-03-01,2024-03-31,acquisition,800
    """,
}

METRIC = Metric(
    title="CLV to CAC",
    measure=clv / cac,
    unit=Unit.RATIO,
    better=Better.UP,
    needs=("transactions", "costs", "subscription_periods"),
    target=Target(3, per=None, source='D. Skok, "SaaS Metrics 2.0"'),
    aliases=("ltv_to_cac", "ltv_cac_ratio"),
    variants={
        "by_churn": Variant("CLV by churn to CAC", clv_by_churn / cac, needs=("subscription_periods", "costs")),
    },
    examples=(
        Example("2 400 to 800", COMPANY, expect=3),
        Example(
            "50 a month, one of ten left in one of six months: 3 000 to 800", COMPANY, expect=3.75, variant="by_churn"
        ),
    ),
)
