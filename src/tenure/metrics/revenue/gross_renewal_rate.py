"""Gross renewal rate: the share of the value due that was renewed.

Definition
    Of the value of the contracts whose term ends in the period, what was renewed, before anything signed on top of it.
Formula
    renewed_value / due_value
Edge cases
    Nothing due: unknown. Never above 1: what a contract was renewed at beyond its value is expansion. A renewed contract
    that does not say at what was renewed in full. Open ones of the past are due and not renewed, none of
    today or of the future is due yet.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 1 000 due, 500 renewed: 50 %.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

due_value = flow("terms", "sum(due_amount)", where="over_at <= {now}", name="due_value")
renewed_value = flow(
    "terms",
    "sum(renewed_amount)",
    where="over_at <= {now} AND coalesce(decided_at, happened_at) <= {now}",
    name="renewed_value",
)

METRIC = Metric(
    title="Gross renewal rate",
    measure=renewed_value / due_value,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("contracts",),
    aliases=("gross_dollar_renewal_rate",),
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
            expect=0.5,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "Renewed at 80 of 100, at more than its value, without a word, and not yet",
            {
                "contracts": """
                    contract_id,account_id,starts_on,ends_on,value,outcome,renewed_value
                    c1,a1,2023-03-10,2024-03-10,100,renewed,80
                    c2,a2,2023-03-10,2024-03-10,100,renewed,130
                    c3,a3,2023-03-10,2024-03-10,100,renewed,
                    c4,a4,2023-03-10,2024-03-10,100,open,
                """
            },
            expect=0.7,
        ),
    ),
)
