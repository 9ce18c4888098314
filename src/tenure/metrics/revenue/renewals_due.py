"""Renewals due: how many contracts come up for renewal.

Definition
    Contracts whose term ends in the period, which may lie ahead.
Formula
    due_contracts
Edge cases
    A contract counts on its `ends_on`, whatever has become of it; the variant `open` counts those that nobody has
    decided yet.
Sources
    Own: three end in March, one of them is open.
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
    title="Renewals due",
    measure=flow("terms", "count(*)", name="due_contracts"),
    unit=Unit.COUNT,
    better=Better.NEITHER,
    needs=("contracts",),
    ahead=True,
    variants={
        "open": Variant(
            "Renewals still open",
            flow("terms", "count(*)", where="outcome = 'open' OR decided_at > {now}", name="open_contracts"),
        )
    },
    examples=(
        Example("Three end in March", THREE, expect=3),
        Example("One of them is open", THREE, expect=1, variant="open"),
    ),
)
