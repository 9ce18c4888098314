"""Value of renewals due: what the contracts are worth that come up for renewal.

Definition
    The value of the contracts whose term ends in the period, which may lie ahead.
Formula
    due_value
Edge cases
    Foreign values at the rate of the day on which the term ends; ahead at the last known one. The variant `open` takes
    those that nobody has decided yet.
Sources
    Own: 100, 200 and 300 end in March, the 300 are open.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit, Variant

THREE = {
    "contracts": """
        contract_id,account_id,starts_on,ends_on,value,outcome
        c1,a1,2023-03-01,2024-03-01,100,renewed
        c2,a2,2023-03-10,2024-03-10,200,lost
        c3,a3,2023-03-31,2024-03-31,300,open
        c4,a4,2023-04-01,2024-04-01,400,open
    """
}

METRIC = Metric(
    title="Value of renewals due",
    measure=flow("terms", "sum(due_amount)", name="due_value"),
    unit=Unit.MONEY,
    better=Better.NEITHER,
    needs=("contracts",),
    ahead=True,
    variants={
        "open": Variant(
            "Value of renewals still open",
            flow("terms", "sum(due_amount)", where="outcome = 'open' OR decided_at > {now}", name="open_value"),
        )
    },
    examples=(
        Example("100, 200 and 300 end in March", THREE, expect=600),
        Example("The 300 are open", THREE, expect=300, variant="open"),
    ),
)
