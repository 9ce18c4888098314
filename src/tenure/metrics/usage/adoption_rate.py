"""Adoption rate: how much of the product's core its active accounts use.

Definition
    Of the core features, the share that an account used in the thirty local days that end with the period's last one,
    averaged over the accounts active in them. Core features are those of the setting `core_features`; without it,
    every feature that was ever seen.
Formula
    features_used / (active_accounts * features_seen)
Edge cases
    Nobody active, or no feature known: unknown. A feature counts on days on which its account was active. Apart: `reach`, the
    share of active accounts that used any core feature; `breadth`, the share of the core features that those used;
    `depth`, the share of the accounts' active days on which one was used. Adoption is reach times breadth.
Sources
    Gainsight and Pendo, breadth and depth of adoption; the formulas are ours.
"""

from tenure.measure import active, setting, whole
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

IS_CORE = "is_core = 1"
features_used = active("adoption", 30, per="account_id, feature", where=IS_CORE, name="features_used")
adopters = active("adoption", 30, per="account_id", where=IS_CORE, name="adopters")
core_days = active("adoption", 30, per="account_id, day", where=IS_CORE, name="core_days")
active_days = active("account_activity", 30, per="account_id, day", name="active_days")
active_accounts = active("account_activity", 30, name="active_accounts")
core_features = setting(
    "core_features",
    otherwise=whole(
        "adoption", "count(distinct feature)", where="is_core = 1 AND happened_at < {now}", name="features_seen"
    ),
    name="core_features",
)

# Four features are known; a1 uses three of them and a2 one, a3 logs in only.
USES = {
    "events": """
        event_id,account_id,person_id,happened_at,name,feature
        e1,a1,p1,2024-03-05T09:00:00Z,used,boards
        e2,a1,p1,2024-03-05T10:00:00Z,used,exports
        e3,a1,p2,2024-03-06T09:00:00Z,used,reports
        e4,a1,p2,2024-03-06T09:30:00Z,used,reports
        e5,a2,p3,2024-03-07T09:00:00Z,used,boards
        e6,a2,p3,2024-03-08T09:00:00Z,login,
        e7,a3,p4,2024-03-09T09:00:00Z,login,
        e8,a2,p3,2024-01-09T09:00:00Z,used,imports
    """
}

METRIC = Metric(
    title="Adoption",
    measure=features_used / (active_accounts * core_features),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("events",),
    variants={
        "reach": Variant("Reach of adoption", adopters / active_accounts, Interval.WILSON),
        "breadth": Variant("Breadth of adoption", features_used / (adopters * core_features)),
        "depth": Variant("Depth of adoption", core_days / active_days),
    },
    examples=(
        Example("Three of four, one of four, none of four", USES, expect=1 / 3),
        Example("Two of three accounts", USES, expect=2 / 3, variant="reach"),
        Example("Three and one of four", USES, expect=1 / 2, variant="breadth"),
        Example("Three of five days on which an account was active", USES, expect=3 / 5, variant="depth"),
    ),
)
