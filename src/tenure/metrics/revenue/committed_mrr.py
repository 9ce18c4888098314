"""Committed MRR: the MRR that nobody has asked to end.

Definition
    MRR just before the period closes, less what pays then although its cancellation was requested by then.
Formula
    closing_mrr - closing_notice_mrr
Edge cases
    A request that was withdrawn counts no more. Where no cancellation is known (subscriptions.cancel_requested_at), it
    is all of MRR. Under `churn_at = request` it is MRR too.
Sources
    Own: 100 a month, of which 60 is cancelled for later. Others add contracts that are signed and not yet live; these
    are not in it.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

closing_mrr = closing("revenue", "sum(worth)", name="closing_mrr")
closing_notice_mrr = closing("pending_revenue", "sum(worth)", where="kind = 'notice'", name="closing_notice_mrr")

METRIC = Metric(
    title="Committed MRR",
    measure=closing_mrr - closing_notice_mrr,
    unit=Unit.MONEY,
    better=Better.UP,
    aliases=("cmrr",),
    examples=(
        Example(
            "Of 100, 60 is cancelled for later",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    s1,a1,2024-01-01,2024-06-01,60
                    s2,a2,2024-01-01,,40
                """,
                "subscriptions": """
                    subscription_id,account_id,cancel_requested_at
                    s1,a1,2024-03-10
                    s2,a2,
                """,
            },
            expect=40,
        ),
    ),
)
