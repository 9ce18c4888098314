"""Customer profit: revenue less all costs.

Definition
    What customers paid in the period, less what they were paid back, less the costs of all kinds that fall into it.
Formula
    net_revenue - costs
Edge cases
    Signed: below zero is a loss. By account, each has the costs that name it; costs for everybody stand with nobody. By
    channel, a cost stands in its own channel, else in that of its account.
Sources
    Own: 500 paid, 120 and 30 spent: 350.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

net_revenue = flow("payments", "sum(amount)", name="net_revenue")
costs = flow("spending", "sum(amount)", name="costs")

METRIC = Metric(
    title="Customer profit",
    measure=net_revenue - costs,
    unit=Unit.MONEY,
    better=Better.UP,
    needs=("transactions", "costs"),
    aliases=("profit", "customer_profitability"),
    examples=(
        Example(
            "500 paid, 120 and 30 spent",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    t1,a1,2024-03-02T10:00:00Z,charge,520
                    t2,a1,2024-03-03T10:00:00Z,refund,20
                """,
                "costs": """
                    cost_id,from_date,to_date,bucket,amount,account_id
                    k1,2024-03-01,2024-03-31,support,120,a1
                    k2,2024-03-01,2024-03-31,goods,30,
                """,
            },
            expect=350,
        ),
        Example(
            "Spent and not earned",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    t1,a1,2024-02-02T10:00:00Z,charge,520
                """,
                "costs": """
                    cost_id,from_date,to_date,bucket,amount
                    k1,2024-03-10,2024-03-10,acquisition,75.50
                """,
            },
            expect=-75.5,
        ),
    ),
)
