"""Voluntary churn share: how many of the lost customers are ones who decided to leave.

Definition
    Customers lost in the period whose subscription ended voluntarily (subscriptions.end_kind), as a share of those of
    whom it is known.
Formula
    voluntary / (voluntary + involuntary)
Edge cases
    Nobody left, or of nobody is it known how: unknown. Of several subscriptions the one that ended last decides. Churn
    by reason: `tenure ask churned_customers --by reason`.
Sources
    Own: of five lost, three by their own decision, one by a failed card, one unknown.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

voluntary = flow("customers", "sum(-accounts)", where="kind = 'churn' AND end_kind = 'voluntary'", name="voluntary")
involuntary = flow(
    "customers", "sum(-accounts)", where="kind = 'churn' AND end_kind = 'involuntary'", name="involuntary"
)

METRIC = Metric(
    title="Voluntary churn",
    measure=voluntary / (voluntary + involuntary),
    unit=Unit.SHARE,
    better=Better.NEITHER,
    needs=("subscription_periods", "subscriptions"),
    interval=Interval.WILSON,
    aliases=("voluntary_churn",),
    examples=(
        Example(
            "Three voluntary, one not, one unknown",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,unit_amount
                    {1..5} s#,a#,2024-01-01,2024-03-10,10
                    s6,a6,2024-01-01,,10
                """,
                "subscriptions": """
                    subscription_id,account_id,end_kind
                    {1..3} s#,a#,voluntary
                    s4,a4,involuntary
                    s5,a5,
                    s6,a6,
                """,
            },
            expect=0.75,
        ),
    ),
)
