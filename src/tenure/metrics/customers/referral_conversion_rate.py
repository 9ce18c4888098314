"""Referral conversion rate: how many of the referrals made in the period led to a sale.

Definition
    Of the referrals made in the period, those of which the referred account has bought by now (referrals.converted_at).
Formula
    converted / referrals
Edge cases
    No referral: unknown. A referral counts in the period when it was made, whenever it converts, so that a recent period
    may still rise.
Sources
    Own: of twenty referrals five converted.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

METRIC = Metric(
    title="Referral conversion",
    measure=flow("referred", "count(*)", where="kind = 'referral' AND converted_at < {now}", name="converted")
    / flow("referred", "count(*)", where="kind = 'referral'", name="referrals"),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("referrals",),
    interval=Interval.WILSON,
    examples=(
        Example(
            "Five of twenty, one of them in April",
            {
                "referrals": """
                    referral_id,account_id,happened_at,kind,referred_account_id,converted_at
                    {1..4} r#,a#,2024-03-05T10:00:00Z,referral,z#,2024-03-20T10:00:00Z
                    r5,a5,2024-03-05T10:00:00Z,referral,z5,2024-04-20T10:00:00Z
                    {6..20} r#,a#,2024-03-05T10:00:00Z,referral,z#,
                    r21,a50,2024-03-06T10:00:00Z,review,,
                    r22,a50,2024-02-06T10:00:00Z,referral,z22,2024-03-20T10:00:00Z
                """
            },
            expect=0.25,
        ),
    ),
)
