"""Referral rate: referrals made in the period, for each customer at its end.

Definition
    Referrals made in the period over the customers when it closes.
Formula
    referrals / closing_accounts
Edge cases
    No customer at the end: unknown. Whoever refers three times counts three times, so that it may exceed 100 % and has no
    interval. A review is no referral.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": 20 referrals, 100 customers, 20 %.
"""

from tenure.measure import closing, flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Referral rate",
    measure=flow("referred", "count(*)", where="kind = 'referral'", name="referrals")
    / closing("customers", "sum(accounts)", name="closing_accounts"),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("subscription_periods", "referrals"),
    examples=(
        Example(
            "20 referrals, 100 customers",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    {1..100} s#,a#,2024-01-10,10
                """,
                "referrals": """
                    referral_id,account_id,happened_at,kind,referred_account_id
                    {1..20} r#,a#,2024-03-05T10:00:00Z,referral,z#
                    r21,a50,2024-03-06T10:00:00Z,review,
                """,
            },
            expect=0.2,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
    ),
)
