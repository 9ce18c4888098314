"""The words of formulas: leaves over ledgers, and what is put together from them. A metric file needs no others.

Measures are added, subtracted, multiplied and divided as numbers are; `tenure.algebra` has what they are made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from tenure.algebra import (
    Before,
    Choice,
    Either,
    Leaf,
    Measure,
    MonthlyMean,
    Predicted,
    Setting,
    Span,
    Trailing,
    as_measure,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Measure", "active", "before", "by_hours", "by_policy", "closing", "daily", "each", "either", "flow", "monthly_mean",
    "opening", "predicted", "recent", "setting", "span", "standing", "survival", "trailing", "whole",
]  # fmt: skip


def flow(
    ledger: str,
    total: str,
    *,
    where: str = "",
    name: str,
    clock: str = "happened_at",
    beside: Mapping[str, str] | None = None,
    aside: Leaf | None = None,
) -> Leaf:
    """`total` over the rows of `ledger` whose `clock` is inside the period and that satisfy `where`.

    Args:
        ledger: The ledger.
        total: An aggregate, SQL over the ledger's columns.
        where: A condition, likewise.
        name: The part's name.
        clock: The column of naive UTC instants that says when a row counts.
        beside: Columns made of all rows of the period before `where` and `total` read them, windows allowed; the
            period's `n`, `opens` and `closes` and the row's `segment` are at hand.
        aside: What is told beside it, a part of the answer without a place in the formula: how many have no value, say.
    """
    made = tuple((beside or {}).items())
    return Leaf(name, "flow", ledger, total, where, clock, made, aside=(aside,) if aside else ())


def opening(ledger: str, total: str, *, where: str = "", name: str, clock: str = "happened_at") -> Leaf:
    """The running sum of `ledger` just before the period opens; `worth` is read at that instant's rates."""
    return Leaf(name, "opening", ledger, total, where, clock)


def closing(ledger: str, total: str, *, where: str = "", name: str, clock: str = "happened_at") -> Leaf:
    """The running sum of `ledger` just before the period closes; `worth` is read at that instant's rates."""
    return Leaf(name, "closing", ledger, total, where, clock)


def each(ledger: str, total: str, *, where: str = "", name: str) -> Leaf:
    """`total` over the accounts that changed in the period: a row each, with `change_at_opening_rate`, `paid_before`,
    `paid_after`, `kept_before` and `kept_after`. Law: it gives 0 for an account that did not change.
    """  # noqa: D205 - one sentence
    return Leaf(name, "each", ledger, total, where)


def active(
    ledger: str,
    days: int,
    *,
    name: str,
    since: Literal["week", "month"] | None = None,
    per: str = "",
    where: str = "",
) -> Leaf:
    """How many owners were active in the last `days` local days that end with the period's last day.

    Args:
        ledger: One with a row per owner and active `day`, and the owner's `next_day`; with `per`, one with a `day`.
        days: The length of the trailing window.
        name: The part's name.
        since: Since the calendar week or month of that last day began, instead.
        per: The columns, behind commas, by which owners are told apart, where they are not those of the ledger.
        where: Which of its rows count, with `per`.
    """
    return Leaf(name, "active", ledger, "count(*)", where, days=days, since=since, per=per)


def recent(ledger: str, *, per: str, having: str, days: int | str, name: str) -> Leaf:
    """How many `per` satisfy the aggregate `having` over the last `days` local days that end with the period's last day.

    `per` are columns, behind commas where they are several; `days` may be the name of a setting. The ledger has a `day`.
    """
    return Leaf(name, "recent", ledger, "count(*)", days=days, per=per, having=having)


def daily(ledger: str, *, name: str) -> Leaf:
    """How many rows of a ledger of days there are on the local days that the period touches, whatever its hours."""
    return Leaf(name, "daily", ledger, "count(*)")


def survival(ledger: str, duration: str, ended: str, *, where: str = "", name: str, clock: str = "happened_at") -> Leaf:
    """The Kaplan-Meier median of `duration` over the rows whose `clock` is inside the period.

    E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", 1958: the first duration at which
    the share that still waits is a half or less.

    Args:
        ledger: The ledger.
        duration: SQL: how long the row took, or has waited so far; seconds.
        ended: SQL: whether it is over; what is not is censored, never left out.
        where: A condition.
        name: The part's name.
        clock: As of `flow`.
    """
    return Leaf(name, "survival", ledger, duration, where, clock, having=ended)


def standing(ledger: str, total: str, *, where: str = "", name: str, beside: Mapping[str, str] | None = None) -> Leaf:
    """`total` over all rows of `ledger` that happened before the period closes; `opens` and `closes` are at hand.

    For what no running sum can say, and for ledgers of a row per account: every row meets every later period. `beside` are
    aggregates over all these rows, whatever their segment, that `total` and `where` may read.
    """
    return Leaf(name, "standing", ledger, total, where, beside=tuple((beside or {}).items()))


def whole(ledger: str, total: str, *, where: str = "", name: str) -> Leaf:
    """`total` over the whole ledger, whatever the period and the segment."""
    return Leaf(name, "whole", ledger, total, where)


def span(unit: Literal["days", "months"], *, name: str) -> Span:
    """How long the period is up to now: local days, or months (whole ones, or else days * 12 / 365)."""
    return Span(name, unit)


def setting(setting: str, *, otherwise: Measure | float, name: str) -> Setting:
    """The company's setting, as a part, or `otherwise`."""
    return Setting(name, setting, as_measure(otherwise))


def predicted(model: str, *, name: str) -> Predicted:
    """What `model` (one of `tenure.predict`) says as of the last month that is over when the period closes."""
    return Predicted(name, model)


def either(*choices: Measure | float) -> Either:
    """The first that is known."""
    return Either(tuple(as_measure(choice) for choice in choices))


def before(inner: Measure, periods: int, *, name: str) -> Before:
    """`inner` that many periods earlier; for a partial period the same elapsed part of the earlier one."""
    return Before(name, inner, periods)


def trailing(inner: Measure, *, name: str) -> Trailing:
    """The mean of `inner` over the last `trailing_periods` periods, this one among them, of those that have a value."""
    return Trailing(name, inner)


def monthly_mean(inner: Measure, *, months: int = 6, name: str) -> MonthlyMean:
    """The mean of `inner` over the `months` months before the period opens, of those that have a value."""
    return MonthlyMean(name, inner, months)


def by_policy(switch: str, **readings: Measure) -> Choice:
    """The reading that the policy asks for."""
    return Choice(switch, tuple(readings.items()))


def by_hours(*, calendar: Measure, business: Measure) -> Choice:
    """The reading that the question asks for: by the clock, or by the company's business hours."""
    return Choice("hours", (("calendar", calendar), ("business", business)))
