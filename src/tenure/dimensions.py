"""The dimensions of a question: what a number can be broken down by, or filtered on, and where that stands.

A dimension is an expression over a ledger's row `r` and what is joined to it. The kinds behave differently:

- `account`: an attribute of the account; the same for all its rows.
- `row`: what the account is sold (plan, product, currency). A row that carries it takes its own; counts of accounts and
  retention take the account's *home*: its main plan when the period opens, or at the movement of one that joined then;
  what has no plan of its own, a ticket or an answer, takes the account's main plan at its instant; as a level, open
  tickets say, the one when it is read (`tenure.transfers.following`).
- `event`: what only a movement has (kind, reason, end_kind). A level has none: it stands whole beside every segment.
- `tenure`: how long the account has paid, which changes as time goes by: its level moves by rows of kind transfer.
- `history`: an attribute whose past is known (account_attributes): a row takes the value of its own instant, an account the
  one at its home, and a level moves by transfer rows where the value changes.
- `own`: what only some ledgers have, in a column of that name. What has no such column stands whole beside every segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tenure.algebra import Constant, Leaf, Operation
from tenure.errors import UnknownNameError
from tenure.facts.fact import swayed
from tenure.sources.relation import pointer
from tenure.store.layout import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenure.algebra import Measure

Kind = Literal["account", "row", "event", "tenure", "history", "own"]

NONE = "(none)"
TENURES = ((0, "under 30 d"), (30, "30-90 d"), (90, "90-365 d"), (365, "over 1 y"))
"""The days after the first payment at which a tenure begins, and its name."""

_ACCOUNT = "LEFT JOIN {accounts} AS a ON a.account_id = r.account_id"
_PLAN = "LEFT JOIN {{plans}} AS p ON p.plan = r.{plan}"
_SUBSCRIPTION = "LEFT JOIN {subscriptions} AS s ON s.subscription_id = r.subscription_id"
_JOINED = (
    "LEFT JOIN (SELECT account_id, min(happened_at) AS joined_at FROM {customers} WHERE kind = 'new' GROUP BY account_id) AS j"
    " ON j.account_id = r.account_id"
)


@dataclass(frozen=True)
class Dimension:
    """One dimension: its name, its kind, its expression and the joins that this needs.

    `home` and `home_join` are used instead where an account's home is meant; `{...}` are ledgers, and each join a line.
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


_OWN = (
    "topic",
    "feature",
    "priority",
    "ticket_channel",
    "help_channel",
    "touchpoint",
    "survey",
    "survey_id",
    "theme",
    "origin",
    "bucket",
)
_CLOCK = "\x01"  # stands for the row's clock; no name of an attribute holds it
_ROLE = "LEFT JOIN {person_roots} AS u ON u.person_id = r.person_id"
_LOST = "CASE WHEN r.kind IN ('churn', 'contraction') THEN coalesce(s.{}, '" + NONE + "') ELSE '" + NONE + "' END"

BUILT_IN: Mapping[str, Dimension] = {
    d.name: d
    for d in (
        Dimension("account", "account", f"coalesce(nullif(r.account_id, ''), '{NONE}')"),
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
        Dimension("role", "own", f"coalesce(u.role, '{NONE}')", _ROLE),
        *(Dimension(name, "own", f"coalesce(CAST(r.{name} AS VARCHAR), '{NONE}')") for name in _OWN),
    )
}

_HOME = (
    "ASOF LEFT JOIN (SELECT account_id, happened_at, any_value(plan) AS plan, any_value(currency) AS currency FROM {{customers}}"
    " WHERE kind <> 'transfer' GROUP BY ALL) AS h ON h.account_id = r.account_id AND {clock} >= h.happened_at"
)
_AT_HOME = {
    "plan": ("coalesce(h.plan, '" + NONE + "')", ""),
    "product": ("coalesce(p.product, '" + NONE + "')", "\nLEFT JOIN {plans} AS p ON p.plan = h.plan"),
    "currency": ("coalesce(h.currency, '" + NONE + "')", ""),
}
VALUED = frozenset({"revenue", "customers", "pending_revenue"})
"""The ledgers whose rows carry a plan, and a worth in a currency at whose rates a level is read."""


def placed(dimension: Dimension, ledger: str, when: str, columns: frozenset[str], clock: str) -> tuple[str, str] | None:
    """The expression and the join by which a dimension stands at the rows of a ledger; None where it does not.

    Args:
        dimension: The dimension.
        ledger: The ledger's name.
        when: What a leaf does with it; `level` for a running sum.
        columns: The ledger's columns.
        clock: The column that says when a row counts.
    """
    place = f"r.{'placed_at' if 'placed_at' in columns else clock}"
    changing = when == "level" and ledger not in VALUED and "placed_at" not in columns
    own = (f"coalesce(CAST(r.{dimension.name} AS VARCHAR), '{NONE}')", "")
    match dimension.kind:
        case "account":
            return (
                own if dimension.name == "channel" and "channel" in columns else (dimension.expression, dimension.join)
            )
        case "own":
            needs = "person_id" if dimension.name == "role" else dimension.name
            return (dimension.expression, dimension.join) if needs in columns else None
        case "event" if ledger not in VALUED:
            return own if dimension.name in columns else None
        case "event":
            return None if when == "level" else (dimension.expression, dimension.join)
        case "row" if ledger not in VALUED and dimension.name in columns:
            return own
        case "row" if ledger not in VALUED:
            expression, beside = _AT_HOME[dimension.name]
            return None if changing else (expression, _HOME.format(clock=place) + beside)
        case "tenure" if ledger not in VALUED:
            return None if changing else (_bucket(f"{place} - j.joined_at"), dimension.join)
        case "history":
            return None if changing else (dimension.expression, dimension.join.replace(_CLOCK, place))
    return dimension.expression, dimension.join


def fits(dimension: Dimension, measure: Measure, columns: Mapping[str, frozenset[str]]) -> bool:
    """Whether the dimension says something of the measure; `columns` are those of each ledger.

    It must of one leaf. What is added or subtracted must all have it or all lack it: a difference of a segment and a
    whole is neither's number.
    """
    match measure:
        case Operation(sign="+" | "-", left=left, right=right):
            sides = [side for side in (left, right) if any(isinstance(node, Leaf) for node in side.walk())]
            return bool(sides) and all(fits(dimension, side, columns) for side in sides)
        case Operation(sign="*" | "/", left=left, right=Constant()) | Operation(sign="*", left=Constant(), right=left):
            return fits(dimension, left, columns)
        case Operation(sign="/", left=left) if any(isinstance(node, Leaf) for node in left.walk()):
            return fits(dimension, left, columns)  # the whole over a part of it is no number of the part
    leaves = [node for node in measure.walk() if isinstance(node, Leaf) and node.when != "whole"]
    return any(stands(dimension, leaf, columns[leaf.ledger]) for leaf in leaves)


def stands(dimension: Dimension, leaf: Leaf, columns: frozenset[str]) -> bool:
    """Whether a leaf can be broken down by the dimension; `columns` are those of its ledger."""
    # Of those that are counted by more than their last day, each may have been in several segments of what moves.
    several = (leaf.when in ("active", "recent") and leaf.per) or leaf.when == "daily"
    if several and dimension.kind in ("row", "tenure", "history") and dimension.name not in columns:
        return False
    when = "level" if leaf.when in ("opening", "closing") else leaf.when
    return placed(dimension, leaf.ledger, when, columns, leaf.clock) is not None


def needed(dimension: Dimension) -> tuple[str, ...]:
    """The ledgers that the dimension's joins read."""
    if dimension.kind == "history":
        return ("segment_moves", "revenue_moves", "customer_moves")
    if "{attribute_values}" in dimension.join + dimension.expression:
        return ("attribute_values",)
    return ("customers",) if dimension.kind in ("row", "tenure") or dimension.name == "cohort" else ()


def is_swayed(name: str) -> bool:
    """Whether a switch of the policy bears on what a dimension says: by the ledgers that it reads."""
    return name in BUILT_IN and not swayed().isdisjoint(needed(BUILT_IN[name]))


SUBSCRIPTION_COLUMNS = {"end_kind": "s.end_kind", "reason": "s.end_reason"}
"""Columns that the filter of a leaf may use beside those of its ledger."""
SUBSCRIPTION_JOIN = _SUBSCRIPTION


def verbatim(text: str) -> str:
    """A text as a literal; what a dimension is written of is formatted later, and this is not."""
    return literal(text).replace("{", "{{").replace("}", "}}")


def attribute(name: str) -> str:
    """SQL, to be formatted: an attribute of the account `a` as it is; its name may hold any sign."""
    return f"json_extract_string(a.attributes, {verbatim(pointer(name))})"


def _valued(name: str) -> tuple[str, str]:
    """An attribute of a row's account, and the join that brings it: read once an account, not once a row."""
    beside = quoted(f"{name} of accounts").replace("{", "{{").replace("}", "}}")
    values = f"SELECT a.account_id, {attribute(name)} AS attribute FROM {{accounts}} AS a"
    return f"{beside}.attribute", f"LEFT JOIN ({values}) AS {beside} ON {beside}.account_id = r.account_id"


def account_join() -> str:
    """The join by which a row `r` has its account `a` beside it."""
    return _ACCOUNT


def named(attributes: Iterable[str]) -> list[str]:
    """What attributes are asked for as: one that is called like a built-in dimension is asked for as `NAME@now`."""
    return [f"{name}@now" if name in BUILT_IN else name for name in attributes]


def find(
    name: str, attributes: Iterable[str], histories: Iterable[str] = (), segments: Iterable[str] = ()
) -> Dimension:
    """The dimension of that name: built in, or an attribute of accounts.

    Args:
        name: What was asked for.
        attributes: The names of all attributes.
        histories: Those of them whose past is known.
        segments: What else can be asked for: the named segments of the settings.

    Raises:
        UnknownNameError: there is none; the sentence names those that exist.
    """
    attributes = set(attributes)
    bare = name if name in attributes else name.removesuffix("@now")
    known = sorted({*BUILT_IN, *named(attributes), *(f"{one}@now" for one in histories), *segments})
    if name in BUILT_IN:
        return BUILT_IN[name]
    if bare not in attributes:
        raise UnknownNameError("dimension", name, known, f"The dimensions are {', '.join(known)}.")
    told = verbatim(bare)
    value, account = _valued(bare)
    if bare not in set(histories):
        return Dimension(name, "account", f"coalesce({value}, '{NONE}')", account)
    if name != bare:
        last = (
            "SELECT account_id, arg_max(attribute_value, happened_at) AS attribute_value"
            f" FROM {{attribute_values}} WHERE attribute = {told} GROUP BY account_id"
        )
        join = f"{account}\nLEFT JOIN ({last}) AS v ON v.account_id = r.account_id"
        return Dimension(name, "account", f"coalesce(v.attribute_value, {value}, '{NONE}')", join)
    values = f"SELECT account_id, happened_at, attribute_value FROM {{attribute_values}} WHERE attribute = {told}"
    then = (
        f"(SELECT arg_max(v.attribute_value, v.happened_at) FROM ({values}) AS v"
        " WHERE v.account_id = r.account_id AND v.happened_at <= greatest(d.opens, j.joined_at))"
    )
    return Dimension(
        name,
        "history",
        f"coalesce(v.attribute_value, {value}, '{NONE}')",
        f"{account}\nASOF LEFT JOIN ({values}) AS v ON v.account_id = r.account_id AND {_CLOCK} >= v.happened_at",
        home=f"coalesce({then}, {value}, '{NONE}')",
        home_join=f"{account}\n{_JOINED}",
    )
