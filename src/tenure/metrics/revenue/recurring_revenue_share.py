"""Recurring revenue share: how much of the revenue comes from subscriptions.

Definition
    Payments that belong to a subscription, less what was paid back of them, as a share of all revenue of the period.
Formula
    recurring_revenue / net_revenue
Edge cases
    No revenue: unknown. A row that does not say whether it recurs does so if it names a subscription. One-off refunds
    beyond the one-off charges take the share above 1.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": at least half of the revenue should recur; numbers ours, 60 of 100.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Target, Unit

recurring_revenue = flow("payments", "sum(amount)", where="is_recurring", name="recurring_revenue")
net_revenue = flow("payments", "sum(amount)", name="net_revenue")

METRIC = Metric(
    title="Recurring revenue share",
    measure=recurring_revenue / net_revenue,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("transactions",),
    target=Target(0.5, per=None, source='Parative, "Top 15 SaaS Customer Success Metrics"'),
    examples=(
        Example(
            "60 recurring of 100",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount,is_recurring
                    t1,a1,2024-03-02T10:00:00Z,charge,60,true
                    t2,a2,2024-03-12T10:00:00Z,charge,40,false
                """
            },
            expect=0.6,
            source='Parative, "Top 15 SaaS Customer Success Metrics"; numbers ours',
        ),
        Example(
            "Refunds are subtracted on both sides; a subscription's id says as much as a flag",
            {
                "transactions": """
                    transaction_id,account_id,happened_at,kind,amount,is_recurring,subscription_id
                    t1,a1,2024-03-02T10:00:00Z,charge,60,,s1
                    t2,a1,2024-03-04T10:00:00Z,refund,20,,s1
                    t3,a2,2024-03-12T10:00:00Z,charge,120,,
                """
            },
            expect=0.25,
        ),
    ),
)
