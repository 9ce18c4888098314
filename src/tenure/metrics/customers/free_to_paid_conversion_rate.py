"""Free to paid: the share of all accounts that become payers in the period.

Definition
    Accounts that pay for the first time in the period and were known before, as a share of all accounts that exist when it
    closes. Known: signed up, on trial, on a free plan.
Formula
    converted / (signups - closed)
Edge cases
    Who pays at once, within `settle_minutes` of the signup, is not converted. Accounts that were closed do not exist. The
    variants `within_7_days`, `within_14_days`, `within_30_days` and `within_90_days` follow those who signed up in the period
    without paying at once: how many paid within so many days, of the accounts that have had these days; the younger ones are
    the part `pending`. No accounts: unknown.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": users converted over all users, 60 of 100.
"""

from tenure.measure import closing, flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

HUNDRED = {
    "accounts": """
        account_id,created_at
        {1..100} a#,2024-01-05
    """,
    "subscription_periods": """
        subscription_id,account_id,starts_at,ends_at,state,unit_amount
        {1..60} s#,a#,2024-01-05,2024-03-10,free,0
        {1..60} s#,a#,2024-03-10,,active,20
        {61..100} s#,a#,2024-01-05,,free,0
    """,
}
MARCH = {
    "accounts": """
        account_id,created_at
        {1..10} a#,2024-03-01
    """,
    "subscription_periods": """
        subscription_id,account_id,starts_at,ends_at,state,unit_amount
        {1..2} s#,a#,2024-03-01,,active,20
        s3,a3,2024-03-04,,active,20
        s4,a4,2024-03-01,2024-03-15,trial,20
        s4,a4,2024-03-15,,active,20
        s5,a5,2024-03-25,,active,20
        s6,a6,2024-05-20,,active,20
    """,
}


converted = flow(
    "signups",
    "count(*)",
    where="is_free AND is_there",
    name="converted",
    clock="converted_at",
    beside={"is_there": "coalesce(closed_at >= closes, TRUE)"},
)
signups = closing("signups", "count(*)", name="signups")
free_signups = flow("signups", "count(*)", where="is_free", name="free_signups")
closed = closing("signups", "count(*)", name="closed", clock="closed_at")

METRIC = Metric(
    title="Free to paid",
    measure=converted / (signups - closed),
    unit=Unit.SHARE,
    better=Better.UP,
    interval=Interval.WILSON,
    aliases=("free_to_paid",),
    variants={
        f"within_{days}_days": Variant(
            f"Within {days} days",
            flow(
                "signups",
                "count(*)",
                where=f"is_free AND converted_at <= happened_at + INTERVAL {days} DAY AND happened_at <= {{now}} - INTERVAL {days} DAY",
                name="converted",
            )
            / (
                free_signups
                - flow(
                    "signups",
                    "count(*)",
                    where=f"is_free AND happened_at > {{now}} - INTERVAL {days} DAY",
                    name="pending",
                )
            ),
            Interval.WILSON,
        )
        for days in (7, 14, 30, 90)
    },
    examples=(
        Example(
            "100 users, 60 become payers",
            HUNDRED,
            expect=0.6,
            source='"Top 15 SaaS Customer Success Metrics" (Parative)',
        ),
        Example("Two pay at once, three convert", MARCH, expect=0.3),
        Example("Three days later", MARCH, expect=0.125, variant="within_7_days"),
        Example("The trial ends with the fourteenth day", MARCH, expect=0.25, variant="within_14_days"),
        Example("Before the month is over", MARCH, expect=0.375, variant="within_30_days"),
        Example("In May too", MARCH, expect=0.5, variant="within_90_days"),
    ),
)
