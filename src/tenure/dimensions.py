"""The dimensions of a question: what a number can be broken down by, or filtered on, and where that stands.

A dimension is an expression over a ledger's row `r` and what is joined to it. Three kinds behave differently:

- `account`: an attribute of the account; the same for all its rows.
- `row`: what the row itself carries (plan, product, currency). Money takes the row's own. Counts of accounts and
  retention take the account's *home*: its main plan when the period opens, or at the movement of one that joined then.
- `event`: what only a movement has (kind, reason, end_kind). A level has none: it stands whole beside every segment.
- `tenure`: how long the account has paid, which changes as time goes by: its level moves by rows of kind transfer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["account", "row", "event", "tenure"]

NONE = "(none)"
TENURES = ((0, "under 30 d"), (30, "30-90 d"), (90, "90-365 d"), (365, "over 1 y"))
"""The days after the first payment at which a tenure begins, and its name."""

_ACCOUNT = "LEFT JOIN accounts AS a ON a.account_id = r.account_id"
_PLAN = "LEFT JOIN plans AS p ON p.plan = r.{plan}"
_SUBSCRIPTION = "LEFT JOIN subscriptions AS s ON s.subscription_id = r.subscription_id"
_JOINED = (
    "LEFT JOIN (SELECT account_id, min(happened_at) AS joined_at FROM {customers} WHERE kind = 'new' GROUP BY account_id) AS j"
    " ON j.account_id = r.account_id"
)


@dataclass(frozen=True)
class Dimension:
    """One dimension: its name, its kind, its expression and the joins that this needs.

    `home` and `home_join` are used instead where an account's home is meant; `{...}` are ledgers.
    """

    name: str
    kind: Kind
    expression: str
    join: str = ""
    home: str = ""
    home_join: str = ""


def _bucket(age: str) -> str:
    cases = " ".join(f"WHEN {age} >= INTERVAL {days} DAY THEN '{name}'" for days, name in reversed(TENURES[1:]))
    return f"CASE WHEN j.joined_at IS NULL THEN '{NONE}' {cases} ELSE '{TENURES[0][1]}' END"


_LOST = "CASE WHEN r.kind IN ('churn', 'contraction') THEN coalesce(s.{}, '" + NONE + "') ELSE '" + NONE + "' END"

BUILT_IN: Mapping[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("account", "account", "r.account_id"),
        Dimension("channel", "account", f"coalesce(a.channel, '{NONE}')", _ACCOUNT),
        Dimension("plan", "row", "r.plan", home="r.home_plan"),
        Dimension(
            "product",
            "row",
            f"coalesce(p.product, '{NONE}')",
            _PLAN.format(plan="plan"),
            home=f"coalesce(p.product, '{NONE}')",
            home_join=_PLAN.format(plan="home_plan"),
        ),
        Dimension("currency", "row", "r.currency", home="r.home_currency"),
        Dimension(
            "tenure",
            "tenure",
            _bucket("r.happened_at - j.joined_at"),
            _JOINED,
            home=_bucket("greatest(d.opens, j.joined_at) - j.joined_at"),
            home_join=_JOINED,
        ),
        Dimension(
            "cohort",
            "account",
            f"coalesce(strftime(j.joined_at AT TIME ZONE 'UTC' AT TIME ZONE '{{zone}}', '%Y-%m'), '{NONE}')",
            _JOINED,
        ),
        Dimension("kind", "event", "r.kind"),
        Dimension("reason", "event", _LOST.format("end_reason"), _SUBSCRIPTION),
        Dimension("end_kind", "event", _LOST.format("end_kind"), _SUBSCRIPTION),
    )
}

SUBSCRIPTION_COLUMNS = {"end_kind": "s.end_kind", "reason": "s.end_reason"}
"""Columns that the filter of a leaf may use beside those of its ledger."""
SUBSCRIPTION_JOIN = _SUBSCRIPTION


def named(attributes: Iterable[str]) -> list[str]:
    """What attributes are asked for as: one that is called like a built-in dimension is asked for as `NAME@now`."""
    return [f"{name}@now" if name in BUILT_IN else name for name in attributes]


def find(name: str, attributes: Iterable[str]) -> Dimension:
    """The dimension of that name: built in, or an attribute of accounts.

    Raises:
        UnknownNameError: there is none; the sentence names those that exist.
    """
    bare = name.removesuffix("@now")
    known = sorted({*BUILT_IN, *named(attributes)})
    if name in BUILT_IN:
        return BUILT_IN[name]
    if bare not in set(attributes):
        raise UnknownNameError("dimension", name, known, f"The dimensions are {', '.join(known)}.")
    value = f"json_extract_string(a.attributes, '$.\"{bare}\"')"
    return Dimension(name, "account", f"coalesce({value}, '{NONE}')", _ACCOUNT)
