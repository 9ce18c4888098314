"""Advocates: how many accounts speak for us at the end of the period.

Definition
    Accounts that wrote a review or a testimonial, or stood for a case study or a reference, before the period closes, and have
    not left since.
Formula
    closing_advocates
Edge cases
    An account counts once, whatever it did. One that was a customer and left is none while it is away; one that never was a
    customer counts. A referral alone makes no advocate.
Sources
    Own: of two accounts with three kind words, and one that only referred.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

WORDS = """
    referral_id,account_id,happened_at,kind
    r21,a50,2024-03-06T10:00:00Z,review
    r22,a50,2024-03-07T10:00:00Z,case_study
    r23,a51,2024-03-07T10:00:00Z,testimonial
    r24,a52,2024-03-07T10:00:00Z,referral
"""

METRIC = Metric(
    title="Advocates",
    measure=closing("advocates", "sum(accounts)", name="closing_advocates"),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("referrals",),
    examples=(
        Example("Three kind words of two", {"referrals": WORDS}, expect=2),
        Example(
            "One of two has left",
            {
                "referrals": WORDS,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s50,a50,2024-01-10,,10
                    s51,a51,2024-01-10,2024-03-20,10
                """,
            },
            expect=1,
        ),
    ),
)
