"""Active accounts: how many accounts were active in the thirty days that end with the period.

Definition
    Different accounts with an active event in the thirty local days that end with the period's last one, of whichever of
    their people. What is active is the company's setting (`active_events`, `active_count`); without one, any event is.
Formula
    active_accounts
Edge cases
    Events without a person count too; those without an account count if their person has one. Test accounts and what
    internal people did are left out. Linked accounts are one.
Sources
    As `monthly_active_users`, by account.
"""

from tenure.measure import active
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Active accounts",
    measure=active("account_activity", 30, name="active_accounts"),
    unit=Unit.COUNT,
    better=Better.UP,
    needs=("events",),
    examples=(
        Example(
            "One by two people, one by nobody, one too early, one that is a test",
            {
                "accounts": """
                    account_id,is_test
                    a4,true
                """,
                "events": """
                    event_id,account_id,person_id,happened_at,name
                    e1,a1,p1,2024-03-05T09:00:00Z,login
                    e2,a1,p2,2024-03-06T09:00:00Z,login
                    e3,a2,,2024-03-07T09:00:00Z,sync
                    e4,a3,p3,2024-02-27T09:00:00Z,login
                    e5,a4,p4,2024-03-07T09:00:00Z,login
                """,
            },
            expect=2,
        ),
    ),
)
