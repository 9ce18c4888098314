"""Repeat purchase ratio: the share of buyers who ever came back for more.

Definition
    Of the accounts that have bought by the end of the period, those that have bought twice or more.
Formula
    repeat_buyers / buyers
Edge cases
    Nobody has bought: unknown. All that was bought counts, however long ago; a purchase that was refunded too. The charges
    of one order are one purchase.
Sources
    Own: one of four bought twice.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Interval, Metric, Unit

# An account's second purchase makes it a repeat buyer and its first a buyer: both stand as levels from then on.
repeat_buyers = closing("purchases", "count(*)", where="nth = 2", name="repeat_buyers")
buyers = closing("purchases", "count(*)", where="nth = 1", name="buyers")

METRIC = Metric(
    title="Repeat purchase ratio",
    measure=repeat_buyers / buyers,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("transactions",),
    interval=Interval.WILSON,
    aliases=("repeat_purchase_rate",),
    examples=(
        Example(
            "One of four bought twice; two charges of one order are one purchase",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount,order_id
                    t1,a1,2023-03-02T10:00:00Z,charge,60,
                    t2,a1,2024-03-02T10:00:00Z,charge,40,
                    t3,a2,2024-01-12T10:00:00Z,charge,20,o1
                    t4,a2,2024-01-12T10:00:05Z,charge,20,o1
                    t5,a3,2024-03-12T10:00:00Z,charge,20,
                    t6,a3,2024-04-01T00:00:00Z,charge,20,
                    t7,a4,2024-03-12T10:00:00Z,charge,20,
                    t8,a4,2024-03-13T10:00:00Z,refund,20,
                """
            },
            expect=0.25,
        ),
    ),
)
