"""Feature adoption rate: the share of active accounts that used a feature.

Definition
    Accounts that used a feature in the thirty local days that end with the period's last one, as a share of the accounts
    active in them. Ask by `feature` for each; without that, any feature will do.
Formula
    adopters / active_accounts
Edge cases
    Nobody active: unknown. By feature, every feature is held against all active accounts, so the shares do not add up.
    A feature counts on days on which its account was active. The variant `period` takes the whole period for the thirty days.
Sources
    Pendo and Gainsight, feature adoption, by account.
"""

from tenure.measure import active, flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

adopters = active("adoption", 30, per="account_id", name="adopters")
active_accounts = active("account_activity", 30, name="active_accounts")

# Five active accounts, of which a1 and a2 export in March; a3 did in January.
USES = {
    "events": """
        event_id,account_id,person_id,happened_at,name,feature
        {1..5} v#,a#,p#,2024-03-04T09:00:00Z,login,
        {1..2} x#,a#,p#,2024-03-05T09:00:00Z,used,exports
        {1..2} y#,a#,p#,2024-03-06T09:00:00Z,used,exports
        z3,a3,p3,2024-01-05T09:00:00Z,used,exports
    """
}

METRIC = Metric(
    title="Feature adoption",
    measure=adopters / active_accounts,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("events",),
    interval=Interval.WILSON,
    variants={
        "period": Variant(
            "Adoption in the period",
            flow("adoption", "count(distinct account_id)", name="adopters")
            / flow("account_activity", "count(distinct account_id)", name="active_accounts"),
            Interval.WILSON,
        )
    },
    examples=(
        Example("Two of five accounts export", USES, expect=0.4),
        Example("With January there are three", USES, expect=0.6, since="2024-01-01", variant="period"),
    ),
)
