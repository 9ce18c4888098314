"""Time to launch: how long a customer takes from the sale to being live.

Definition
    Of the accounts whose sale closed in the period, the time by which half have launched, that is, completed onboarding. Who
    has not launched counts with the time gone by up to now (Kaplan and Meier).
Formula
    median_time
Edge cases
    More than half have not launched: unknown; the variant `naive` is the median of those who did. Launched
    before the sale closed: no time. Who left before launching waits on. In seconds, as every duration; shown in days.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": time to value, up to the launch. E. L. Kaplan and P. Meier,
    "Nonparametric estimation from incomplete observations", Journal of the American Statistical Association 53, 1958.
"""

from tenure.measure import flow, survival
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

FIVE = {
    "accounts": """
        account_id,sale_closed_at,launched_at
        a1,2024-03-01,2024-03-05
        a2,2024-03-02,2024-03-16
        a3,2024-03-03,2024-04-02
        {4..5} a#,2024-03-04,
    """
}

METRIC = Metric(
    title="Time to launch",
    measure=survival(
        "launches",
        "epoch(greatest(happened_at, least(coalesce(launched_at, {now}), {now}))) - epoch(happened_at)",
        "coalesce(launched_at <= {now}, FALSE)",
        name="median_time",
    ),
    unit=Unit.DURATION,
    better=Better.DOWN,
    needs=("accounts",),
    interval=Interval.KAPLAN_MEIER,
    aliases=("time_to_launch",),
    variants={
        "naive": Variant(
            "Of those who launched",
            flow(
                "launches",
                "median(epoch(greatest(happened_at, launched_at)) - epoch(happened_at))",
                where="launched_at <= {now}",
                name="median_time",
            ),
            Interval.ORDER,
        ),
    },
    examples=(
        Example("After 4, 14 and 30 days; two have not launched", FIVE, expect=30 * 86_400),
        Example("After 4, 14 and 30 days; two left out", FIVE, expect=14 * 86_400, variant="naive"),
    ),
)
