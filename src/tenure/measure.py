"""The algebra of formulas: leaves over ledgers, and + - * / between them.

A leaf reduces the rows of one ledger to one number for a period and a segment. A measure is a leaf, or an operation on
measures; it is written into one SQL statement by `tenure.statement`, and can be redone in Python from its parts.
A ratio over nothing is unknown, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

When = Literal["flow", "opening", "closing", "each"]
Number = float | int | None


class Measure:
    """Something that has a value for a period and a segment."""

    def __add__(self, other: Measure | float) -> Operation:
        return Operation("+", self, measure(other))

    def __sub__(self, other: Measure | float) -> Operation:
        return Operation("-", self, measure(other))

    def __rsub__(self, other: float) -> Operation:
        return Operation("-", measure(other), self)

    def __mul__(self, other: Measure | float) -> Operation:
        return Operation("*", self, measure(other))

    def __rmul__(self, other: float) -> Operation:
        return Operation("*", measure(other), self)

    def __truediv__(self, other: Measure | float) -> Operation:
        return Operation("/", self, measure(other))

    def children(self) -> tuple[Measure, ...]:
        """What it is made of."""
        return ()

    def walk(self) -> Iterator[Measure]:
        """Itself and everything below it, each once per place."""
        yield self
        for child in self.children():
            yield from child.walk()

    def resolve(self, policy: Callable[[str], str]) -> Measure:
        """Itself without choices: `policy` gives the value of a switch."""
        return self

    def sql(self) -> str:
        """The value, over columns named as the leaves."""
        raise NotImplementedError

    def text(self) -> str:
        """The formula as a person writes it."""
        raise NotImplementedError

    def value(self, parts: Mapping[str, Number]) -> Number:
        """The value, redone from the values of the leaves."""
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Measure):
    """A number."""

    number: float

    def sql(self) -> str:
        return repr(self.number)

    def text(self) -> str:
        return f"{self.number:g}"

    def value(self, parts: Mapping[str, Number]) -> Number:
        return self.number


@dataclass(frozen=True)
class Operation(Measure):
    """Two measures and what is done with them."""

    sign: Literal["+", "-", "*", "/"]
    left: Measure
    right: Measure

    def children(self) -> tuple[Measure, ...]:
        return (self.left, self.right)

    def resolve(self, policy: Callable[[str], str]) -> Measure:
        return Operation(self.sign, self.left.resolve(policy), self.right.resolve(policy))

    def sql(self) -> str:
        left, right = self.left.sql(), self.right.sql()
        return f"CAST({left} AS DOUBLE) / NULLIF({right}, 0)" if self.sign == "/" else f"({left} {self.sign} {right})"

    def text(self) -> str:
        left, right = (self._within(side) for side in (self.left, self.right))
        return f"{left} {self.sign} {right}"

    def _within(self, side: Measure) -> str:
        looser = isinstance(side, Operation) and (self.sign in "*/" or (self.sign == "-" and side is self.right))
        return f"({side.text()})" if looser or isinstance(side, Choice) else side.text()

    def value(self, parts: Mapping[str, Number]) -> Number:
        left, right = self.left.value(parts), self.right.value(parts)
        if left is None or right is None:
            return None
        match self.sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right if right else None


@dataclass(frozen=True)
class Named(Measure):
    """A measure with a name of its own among the parts."""

    name: str

    def sql(self) -> str:
        return self.name

    def text(self) -> str:
        return self.name

    def value(self, parts: Mapping[str, Number]) -> Number:
        return parts[self.name]


@dataclass(frozen=True)
class Leaf(Named):
    """One reduction of one ledger.

    `flow` reduces the rows inside the period; `opening` and `closing` are running sums just before it opens and closes,
    foreign money revalued there; `each` reduces accounts: one row per account that changed in the period, with
    `change_at_opening_rate`, `paid_before`, `paid_after`, `kept_before` and `kept_after`.
    """

    when: When
    ledger: str
    total: str
    where: str = ""

    @property
    def is_money(self) -> bool:
        """Whether it is an amount in the company's currency."""
        return any(word in self.total for word in ("amount", "worth", "change_at_opening_rate"))

    @property
    def empty(self) -> str:
        """What it is where there is no row: 0 for a sum or a count, unknown for all else."""
        return "0" if self.total.startswith(("sum(", "count(")) else "NULL"


@dataclass(frozen=True)
class Before(Named):
    """A measure as it was some periods earlier."""

    inner: Measure
    periods: int

    def children(self) -> tuple[Measure, ...]:
        return (self.inner,)

    def resolve(self, policy: Callable[[str], str]) -> Measure:
        return Before(self.name, self.inner.resolve(policy), self.periods)


@dataclass(frozen=True)
class Trailing(Named):
    """The mean of a measure over the last periods that have a value, this one among them.

    How many is a setting (`trailing_periods`).
    """

    inner: Measure

    def children(self) -> tuple[Measure, ...]:
        return (self.inner,)

    def resolve(self, policy: Callable[[str], str]) -> Measure:
        return Trailing(self.name, self.inner.resolve(policy))


@dataclass(frozen=True)
class Choice(Measure):
    """One measure per value of a policy switch that is decided when the question is asked."""

    switch: str
    readings: tuple[tuple[str, Measure], ...]

    def resolve(self, policy: Callable[[str], str]) -> Measure:
        return dict(self.readings)[policy(self.switch)].resolve(policy)

    def children(self) -> tuple[Measure, ...]:
        return tuple(reading for _, reading in self.readings)

    def text(self) -> str:
        return "; ".join(f"{self.switch} = {value}: {reading.text()}" for value, reading in self.readings)


def measure(value: Measure | float) -> Measure:
    """A number as a measure; a measure as it is."""
    return value if isinstance(value, Measure) else Constant(value)


def flow(ledger: str, total: str, *, where: str = "", name: str) -> Leaf:
    """`total` over the rows of `ledger` inside the period that satisfy `where` (both SQL over the ledger's columns)."""
    return Leaf(name, "flow", ledger, total, where)


def opening(ledger: str, total: str, *, where: str = "", name: str) -> Leaf:
    """The running sum of `ledger` just before the period opens; `worth` is read at that instant's rates."""
    return Leaf(name, "opening", ledger, total, where)


def closing(ledger: str, total: str, *, where: str = "", name: str) -> Leaf:
    """The running sum of `ledger` just before the period closes; `worth` is read at that instant's rates."""
    return Leaf(name, "closing", ledger, total, where)


def each(ledger: str, total: str, *, where: str = "", name: str) -> Leaf:
    """`total` over the accounts that changed in the period. Law: it gives 0 for an account that did not change."""
    return Leaf(name, "each", ledger, total, where)


def before(inner: Measure, periods: int, *, name: str) -> Before:
    """`inner` that many periods earlier; for a partial period the same elapsed part of the earlier one."""
    return Before(name, inner, periods)


def trailing(inner: Measure, *, name: str) -> Trailing:
    """The mean of `inner` over the last `trailing_periods` periods, this one among them, of those that have a value."""
    return Trailing(name, inner)


def by_policy(switch: str, **readings: Measure) -> Choice:
    """The reading that the policy asks for."""
    return Choice(switch, tuple(readings.items()))
