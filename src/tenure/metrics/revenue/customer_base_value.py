"""Customer base value: what the customers of today are worth over their lives.

Definition
    The customers when the period closes, times the average revenue per customer over its life: MRR per paying account,
    times the months that subscriptions lasted (the mean over all that had ended by then).
Formula
    (customers_at_end * (closing_mrr / paying_accounts)) * (((life_days / ended_subscriptions) * 12) / 365)
Edge cases
    Nobody pays, or no subscription ever ended: unknown. Whole lives are counted, not what is left of them. The variant
    `by_purchases` takes what customers buy instead of what they pay a month: customers times `clv`.
Sources
    Own: ten customers at 100 a month, lives of 24 months: 24 000.
"""

from tenure.measure import closing, flow, span
from tenure.metric import Better, Example, Metric, Unit, Variant

customers_at_end = closing("customers", "sum(accounts)", name="customers_at_end")
closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
paying_accounts = closing("customers", "sum(paying)", name="paying_accounts")
life_days = closing(
    "lifespans",
    "sum(CAST(date_diff('second', started_at, ended_at) / 86400 AS DECIMAL(18, 9)))",
    name="life_days",
)
ended_subscriptions = closing("lifespans", "count(*)", name="ended_subscriptions")
lifespan = life_days / ended_subscriptions * 12 / 365
purchase_value = flow("purchases", "sum(amount)", name="purchase_value")
purchases = flow("purchases", "count(*)", name="purchases")
buyers = flow("purchases", "count(distinct account_id)", name="buyers")
months = span("months", name="months")
clv = (purchase_value / purchases) * (purchases / buyers / months) * lifespan

PERIODS = """
    subscription_id,account_id,starts_at,ends_at,unit_amount
    s0,a0,2022-01-01,2024-01-01,100
    {1..10} s#,a#,2023-06-01,,100
"""

METRIC = Metric(
    title="Customer base value",
    measure=customers_at_end * (closing_mrr / paying_accounts) * lifespan,
    unit=Unit.MONEY,
    better=Better.UP,
    variants={
        "by_purchases": Variant(
            "Customer base value by purchases", customers_at_end * clv, needs=("subscription_periods", "transactions")
        )
    },
    examples=(
        Example(
            "Ten customers at 100 a month, lives of 24 months",
            {"subscription_periods": PERIODS},
            expect=24_000,
        ),
        Example(
            "The same customers, who buy for 60 a month",
            {
                "subscription_periods": PERIODS,
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    {1..10} x#,a#,2024-03-02T12:00:00Z,charge,40
                    {1..10} y#,a#,2024-03-20T12:00:00Z,charge,20
                """,
            },
            expect=14_400,
            variant="by_purchases",
        ),
    ),
)
