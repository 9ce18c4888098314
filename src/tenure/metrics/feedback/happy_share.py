"""Happy share: of the accounts that were lately seen to feel something about us, how many are happy.

Definition
    Accounts whose last touch with an affinity was a happy one, as a share of those that had one in the 90 local days that
    end with the period's last one.
Formula
    happy_accounts / felt_accounts
Edge cases
    No affinity within 90 days: unknown. A touch without one changes nothing. Of several at one instant the last id counts.
Sources
    Own: one account happy, one that was and is sad now, one whose last word is half a year old.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Interval, Metric, Unit

METRIC = Metric(
    title="Happy share",
    measure=closing("affinities", "sum(happy)", name="happy_accounts")
    / closing("affinities", "sum(accounts)", name="felt_accounts"),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("touches",),
    interval=Interval.WILSON,
    examples=(
        Example(
            "One of two; a third one long ago",
            {
                "touches": """
                    touch_id,account_id,happened_at,kind,affinity
                    t1,a1,2024-03-05T08:00:00Z,call,sad
                    t2,a1,2024-03-06T08:00:00Z,call,happy
                    t3,a1,2024-03-07T08:00:00Z,email,
                    t4,a2,2024-03-06T08:00:00Z,call,happy
                    t5,a2,2024-03-20T08:00:00Z,meeting,sad
                    t6,a3,2023-10-01T08:00:00Z,meeting,happy
                    t7,a2,2024-04-02T08:00:00Z,meeting,happy
                """
            },
            expect=0.5,
        ),
    ),
)
