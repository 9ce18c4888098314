"""Referrals: how many times a customer referred somebody.

Definition
    Referrals made in the period. Reviews, testimonials, case studies and references are none: they make `advocates`.
Formula
    referrals
Edge cases
    A referral counts when it was made, whether it led to a sale or not.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics".
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Referrals",
    measure=flow("referred", "count(*)", where="kind = 'referral'", name="referrals"),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("referrals",),
    examples=(
        Example(
            "Twenty, and a review",
            {
                "referrals": """
                    referral_id,account_id,happened_at,kind,referred_account_id
                    {1..20} r#,a1,2024-03-05T10:00:00Z,referral,z#
                    r21,a1,2024-03-06T10:00:00Z,review,
                    r22,a1,2024-04-01T00:00:00Z,referral,z22
                """
            },
            expect=20,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
    ),
)
