"""Trial conversion: the share of the trials that ended in the period which are paid.

Definition
    Trials that ended in the period and whose subscription is paid at their end or later, as a share of those that ended.
    A trial also counts as paid where its account pays when it ends, under whatever subscription, and did not when it began.
Formula
    converted / trials
Edge cases
    A trial that still runs is in neither part; one that is paid before its time ends there. What is tried beside what is paid
    already, an add-on, is no trial of the subscription. Periods of state trial come first; where there are none, the subscription's
    own trial_started_at and trial_ends_at, cut at ends_at. A trial that ended lately may still be paid. None ended: unknown.
Sources
    ChartMogul, "Metric: Trial-to-paid conversion rate".
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

METRIC = Metric(
    title="Trial conversion",
    measure=flow("trials", "count(*)", where="converted_at <= {now}", name="converted")
    / flow("trials", "count(*)", name="trials"),
    unit=Unit.SHARE,
    better=Better.UP,
    interval=Interval.WILSON,
    aliases=("trial_to_paid_conversion_rate",),
    examples=(
        Example(
            "Ten trials ended, five pay, two still running",
            {
                "subscriptions": """
                    subscription_id,account_id,trial_started_at,trial_ends_at,ends_at
                    {1..5} s#,a#,2024-03-01,2024-03-15,
                    {6..10} s#,a#,2024-03-01,2024-03-15,2024-03-15
                    {11..12} s#,a#,2024-03-20,2024-04-03,
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,state,unit_amount
                    {1..5} s#,a#,2024-03-01,2024-03-15,trial,20
                    {1..5} s#,a#,2024-03-15,,active,20
                    {6..10} s#,a#,2024-03-01,2024-03-15,trial,20
                    {11..12} s#,a#,2024-03-20,2024-04-03,trial,20
                """,
            },
            expect=0.5,
            source="https://help.chartmogul.com/hc/en-us/articles/115000865205",
        ),
        Example(
            "Another subscription is bought; of one who pays already, none",
            {
                "subscriptions": """
                    subscription_id,account_id,trial_started_at,trial_ends_at,ends_at
                    t1,a1,2024-03-01,2024-03-15,
                    t2,a2,2024-03-01,2024-03-15,2024-03-15
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-03-15,,20
                    s2,a2,2024-01-01,,20
                """,
            },
            expect=0.5,
        ),
    ),
)
