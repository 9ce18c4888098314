"""Net renewal rate: the value renewed and added, of the value due.

Definition
    What was renewed of the contracts whose term ends in the period, and what was signed on top, as a share of their
    value.
Formula
    (renewed_value + expansion_value) / due_value
Edge cases
    Nothing due: unknown. Above 1 where more was added than lost. What was signed on top counts only with a contract that was
    renewed. Open ones of the past are due and not renewed, none of today or of the future is due yet.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 1 000 due, 500 renewed, 200 added: 70 %; above 100 % is the aim.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Target, Unit

known = "over_at <= {now} AND coalesce(decided_at, happened_at) <= {now}"
due_value = flow("terms", "sum(due_amount)", where="over_at <= {now}", name="due_value")
renewed_value = flow("terms", "sum(renewed_amount)", where=known, name="renewed_value")
expansion_value = flow("terms", "sum(expansion_amount)", where=known, name="expansion_value")

METRIC = Metric(
    title="Net renewal rate",
    measure=(renewed_value + expansion_value) / due_value,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("contracts",),
    target=Target(1, per=None, source='Parative, "Top 15 SaaS Customer Success Metrics"'),
    aliases=("net_dollar_renewal_rate",),
    examples=(
        Example(
            "1 000 due, 500 renewed, 200 added",
            {
                "contracts": """
                    contract_id,account_id,starts_on,ends_on,value,outcome,decided_at,renewed_value,expansion_value
                    c1,a1,2023-03-10,2024-03-10,500,renewed,2024-03-08,500,200
                    c2,a2,2023-03-15,2024-03-15,500,lost,2024-03-12,,
                """
            },
            expect=0.7,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "Renewed at 130 of 100, with 20 on top; one still open",
            {
                "contracts": """
                    contract_id,account_id,starts_on,ends_on,value,outcome,renewed_value,expansion_value
                    c1,a1,2023-03-10,2024-03-10,100,renewed,130,20
                    c2,a2,2023-03-10,2024-03-10,100,open,,
                """
            },
            expect=0.75,
        ),
    ),
)
