"""What each account does to the change from one reading to the next."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tenure.algebra import Constant, Either, Fixed, Leaf, Named, Operation, Span, exact
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Measure
    from tenure.reconcile.exact import Accounts, Reading

Effects = dict[str, Fraction]


def effects(before: Reading, after: Reading) -> Effects | None:
    """What each account does to the change; the effects that are not 0, and they add up to it exactly.

    A sum is split as it stands. Of a ratio N / D that becomes N' / D', an account whose parts change by n and d has
    (n - N / D * d) / D': these add up to the change, as N = (N / D) * D. None where no single account makes the number,
    as of a median, or where one of the readings is unknown.
    """
    found = _Split(before, after).of(before.measure, after.measure)
    return None if found is None else {account: effect for account, effect in found.items() if effect}


class _Split:
    """Two readings, and those accounts that may make a difference between them."""

    def __init__(self, before: Reading, after: Reading) -> None:
        self.before, self.after = before, after
        self.old, self.new = _beside(before, after)

    def of(self, was: Measure, becomes: Measure) -> Effects | None:
        """The effects on one node of the formula."""
        old, new = exact(was, self.before.parts), exact(becomes, self.after.parts)
        if old is None or new is None:
            return None
        ours, theirs = _each(was, self.old), _each(becomes, self.new)
        if ours is not None and theirs is not None:
            found = _sum((Fraction(-1), ours), (Fraction(1), theirs))
            return found if sum(found.values()) == new - old else None
        if isinstance(was, Either) or isinstance(becomes, Either):
            return self.of(_chosen(was, self.before), _chosen(becomes, self.after))
        if isinstance(was, Operation) and isinstance(becomes, Operation) and was.sign == becomes.sign:
            left, right = self.of(was.left, becomes.left), self.of(was.right, becomes.right)
            if left is None or right is None:
                return None
            return _sum(*zip(self._slopes(was, becomes), (left, right), strict=True))
        return {} if old == new else None

    def _slopes(self, was: Operation, becomes: Operation) -> tuple[Fraction, Fraction]:
        """By how much the result changes for each unit by which its left and its right side do, exactly."""
        if becomes.sign in "+-":
            return Fraction(1), Fraction(1 if becomes.sign == "+" else -1)
        old, left = exact(was, self.before.parts), exact(was.left, self.before.parts)
        right = exact(becomes.right, self.after.parts)
        if old is None or left is None or right is None:
            message = "the sides of what is known are known"
            raise AssertionError(message)
        return (right, left) if becomes.sign == "*" else (1 / right, -old / right)


def _beside(before: Reading, after: Reading) -> tuple[Accounts, Accounts]:
    """The parts of the accounts that may differ, in either reading; all others are the same in both."""
    if before.measure != after.measure or not (before.is_narrow and after.is_narrow):
        return before.every, after.every
    # What one of them does not read otherwise stands in it as the other one found it in the store's own ledgers.
    return _seen(before, after.before), _seen(after, before.before)


def _seen(reading: Reading, own: Accounts) -> Accounts:
    return {account: parts for account, parts in own.items() if account not in reading.before} | reading.after


def _each(measure: Measure, accounts: Accounts) -> Effects | None:
    """The value of each account, where these add up to the whole; None where they do not."""
    if isinstance(measure, Named):
        if isinstance(measure, Fixed | Span) or not isinstance(measure, Leaf) or measure.empty != "0":
            return None
        return {account: value for account, parts in accounts.items() if (value := parts.get(measure.name))}
    if not isinstance(measure, Operation):
        return None
    left, right = _each(measure.left, accounts), _each(measure.right, accounts)
    if measure.sign in "+-" and left is not None and right is not None:
        return _sum((Fraction(1), left), (Fraction(1 if measure.sign == "+" else -1), right))
    if measure.sign == "*" and isinstance(measure.left, Constant) and right is not None:
        return _sum((Fraction(repr(measure.left.number)), right))
    return None


def _chosen(measure: Measure, reading: Reading) -> Measure:
    if not isinstance(measure, Either):
        return measure
    known = (choice for choice in measure.choices if exact(choice, reading.parts) is not None)
    return _chosen(next(known), reading)


def _sum(*terms: tuple[Fraction, Mapping[str, Fraction]]) -> Effects:
    total: Effects = {}
    for slope, values in terms:
        for account, value in values.items():
            total[account] = total.get(account, Fraction(0)) + slope * value
    return total


def names(con: DuckDBPyConnection, accounts: Iterable[str]) -> dict[str, str]:
    """What the accounts are called, of those that have a name."""
    wanted = ", ".join(literal(account) for account in accounts)
    if not wanted:
        return {}
    sql = f"SELECT account_id, any_value(name) FROM accounts WHERE name IS NOT NULL AND account_id IN ({wanted}) GROUP BY ALL"
    return {str(account): str(name) for account, name in con.execute(sql).fetchall()}
