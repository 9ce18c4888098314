"""Renewal rate: the share of contracts that were renewed when they were due.

Definition
    Of the contracts whose term ends in the period, those that were renewed.
Formula
    renewed_contracts / due_contracts
Edge cases
    Nothing due: unknown. A contract counts when its term ends, whenever it was decided. One that is still open after that
    is due and not renewed; one that ends today, or in the future, is not due yet, renewed or not. What is decided after `now` is
    not yet known.
Sources
    Klipfolio, "MRR renewal rate": ten due, seven renewed: 70 %.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

due_contracts = flow("terms", "count(*)", where="over_at <= {now}", name="due_contracts")
renewed_contracts = flow(
    "terms",
    "count(*)",
    where="outcome = 'renewed' AND over_at <= {now} AND coalesce(decided_at, happened_at) <= {now}",
    name="renewed_contracts",
)

METRIC = Metric(
    title="Renewal rate",
    measure=renewed_contracts / due_contracts,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("contracts",),
    interval=Interval.WILSON,
    aliases=("contract_renewal_rate", "logo_renewal_rate"),
    examples=(
        Example(
            "Ten due, seven renewed",
            {
                "contracts": """
                    contract_id,account_id,starts_on,ends_on,value,outcome,decided_at,renewed_value
                    {1..7} c#,a#,2023-03-10,2024-03-10,2000,renewed,2024-03-08,2000
                    {8..10} c#,a#,2023-03-10,2024-03-10,2000,lost,2024-03-08,0
                """
            },
            expect=0.7,
            source="https://www.klipfolio.com/metrics/saas/mrr-renewal-rate",
        ),
        Example(
            "An open one is not renewed; one of April is not due",
            {
                "contracts": """
                    contract_id,account_id,starts_on,ends_on,value,outcome
                    c1,a1,2023-03-31,2024-03-31,100,renewed
                    c2,a2,2023-03-10,2024-03-10,100,open
                    c3,a3,2023-04-01,2024-04-01,100,renewed
                """
            },
            expect=0.5,
        ),
    ),
)
