"""Rebuy rate: the share of the period's buyers who had bought before it.

Definition
    Of the accounts that bought in the period, those that had already bought before it opened.
Formula
    returning_buyers / buyers
Edge cases
    Nobody bought: unknown. Twice within the period, and never before it, is not bought again: that is in
    `repeat_purchase_ratio`.
Sources
    Own: one of two had bought before.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

returning_buyers = flow(
    "purchases",
    "count(distinct account_id)",
    where="had_bought",
    name="returning_buyers",
    beside={"had_bought": "first_at < opens"},
)
buyers = flow("purchases", "count(distinct account_id)", name="buyers")

METRIC = Metric(
    title="Rebuy rate",
    measure=returning_buyers / buyers,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("transactions",),
    interval=Interval.WILSON,
    examples=(
        Example(
            "One had bought before, one bought twice in March",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount
                    t1,a1,2023-03-02T10:00:00Z,charge,60
                    t2,a1,2024-03-02T10:00:00Z,charge,40
                    t3,a2,2024-03-12T10:00:00Z,charge,20
                    t4,a2,2024-03-13T10:00:00Z,charge,20
                    t5,a3,2024-02-12T10:00:00Z,charge,20
                """
            },
            expect=0.5,
        ),
    ),
)
