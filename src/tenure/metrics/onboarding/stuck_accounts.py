"""Stuck accounts: sold, and later to launch than three of four others were.

Definition
    Accounts that were sold before the period's end and had not launched by then, though more time had gone by than the
    75th percentile of the times to launch of all accounts that had launched by then.
Formula
    stuck
Edge cases
    Before anybody has launched nobody is stuck. The percentile is interpolated between neighbours, over the accounts that the
    question is about, whatever their segment. Who was closed, or has churned and not come back, is lost and not stuck.
Sources
    Own; a limit that the company's own launches set.
"""

from tenure.measure import standing
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Stuck accounts",
    measure=standing(
        "launches",
        "count(*)",
        where="coalesce(launched_at >= closes, TRUE) AND coalesce(left_at >= closes, TRUE) AND epoch(closes) - epoch(happened_at) > slow",
        name="stuck",
        beside={
            "slow": "quantile_cont(epoch(greatest(launched_at, happened_at)) - epoch(happened_at), 0.75)"
            " FILTER (WHERE launched_at < closes)"
        },
    ),
    unit=Unit.COUNT,
    better=Better.DOWN,
    needs=("accounts",),
    examples=(
        Example(
            "Launches took 10, 20, 30 and 40 days; of those who wait, one has for 50 days, one for 32, one left",
            {
                "accounts": """
                    account_id,sale_closed_at,launched_at,closed_at
                    a1,2024-01-01,2024-01-11,
                    a2,2024-01-01,2024-01-21,
                    a3,2024-01-01,2024-01-31,
                    a4,2024-01-01,2024-02-10,
                    a5,2024-02-11,,
                    a6,2024-02-29,,
                    a7,2024-02-01,,2024-03-10
                """
            },
            expect=1,
        ),
    ),
)
