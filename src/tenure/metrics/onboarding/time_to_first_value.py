"""Time to first value: how long a customer waits from the sale to the first value.

Definition
    Of the accounts whose sale closed in the period, the time by which half have got their first value from the product. Who
    still waits counts with the time waited up to now (Kaplan and Meier): leaving them out would show only the quick ones.
Formula
    median_time
Edge cases
    More than half still wait: unknown, and never the median of the others; that is the variant `naive`. Value before the
    sale, in a trial, took no time. Who left without any value waits on. Later answers may move the number of a young period.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics". E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete
    observations", Journal of the American Statistical Association 53, 1958; interval on the log-log scale after R. Brookmeyer
    and J. Crowley, "A confidence interval for the median survival time", Biometrics 38, 1982.
"""

from tenure.measure import flow, survival
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

FIVE = {
    "accounts": """
        account_id,sale_closed_at,first_value_at
        a1,2024-03-01,2024-03-11
        a2,2024-03-01,2024-03-21
        a3,2024-03-01,2024-03-31
        {4..5} a#,2024-03-01,
    """
}

METRIC = Metric(
    title="Time to first value",
    measure=survival(
        "launches",
        "epoch(greatest(happened_at, least(coalesce(first_value_at, {now}), {now}))) - epoch(happened_at)",
        "coalesce(first_value_at <= {now}, FALSE)",
        name="median_time",
    ),
    unit=Unit.DURATION,
    better=Better.DOWN,
    needs=("accounts",),
    interval=Interval.KAPLAN_MEIER,
    aliases=("ttfv", "time_to_value"),
    variants={
        "naive": Variant(
            "Of those who got it",
            flow(
                "launches",
                "median(epoch(greatest(happened_at, first_value_at)) - epoch(happened_at))",
                where="first_value_at <= {now}",
                name="median_time",
            ),
            Interval.ORDER,
        ),
    },
    examples=(
        Example(
            "Sold on 10 January, value on 1 February",
            {
                "accounts": """
                    account_id,sale_closed_at,first_value_at
                    a1,2024-01-10,2024-02-01
                """
            },
            since="2024-01-01",
            until="2025-01-01",
            expect=1_900_800,
            source='"Top 15 SaaS Customer Success Metrics" (Parative)',
        ),
        Example("After 10, 20 and 30 days; two still wait", FIVE, expect=30 * 86_400),
        Example("After 10, 20 and 30 days; two left out", FIVE, expect=20 * 86_400, variant="naive"),
        Example(
            "Two of three still wait",
            {
                "accounts": """
                    account_id,sale_closed_at,first_value_at
                    a1,2024-03-01,2024-03-11
                    {2..3} a#,2024-03-01,
                """
            },
            expect=None,
        ),
    ),
)
