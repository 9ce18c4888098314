"""The algebra of formulas: what a measure is made of, and + - * / between measures.

A leaf reduces the rows of one ledger to one number for a period and a segment. A measure is a leaf, or an operation on
measures; it is written into one SQL statement by `tenure.statement`, and can be redone in Python from its parts.
A ratio over nothing is unknown, never 0.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

When = Literal["flow", "opening", "closing", "each", "active", "recent", "daily", "survival", "standing", "whole"]
N = TypeVar("N", float, Fraction)


class Measure:
    """Something that has a value for a period and a segment."""

    def __add__(self, other: Measure | float) -> Operation:
        return Operation("+", self, as_measure(other))

    def __sub__(self, other: Measure | float) -> Operation:
        return Operation("-", self, as_measure(other))

    def __rsub__(self, other: float) -> Operation:
        return Operation("-", as_measure(other), self)

    def __mul__(self, other: Measure | float) -> Operation:
        return Operation("*", self, as_measure(other))

    def __rmul__(self, other: float) -> Operation:
        return Operation("*", as_measure(other), self)

    def __truediv__(self, other: Measure | float) -> Operation:
        return Operation("/", self, as_measure(other))

    def children(self) -> tuple[Measure, ...]:
        """What it is made of."""
        return ()

    def walk(self) -> Iterator[Measure]:
        """Itself and everything below it, each once per place."""
        yield self
        for child in self.children():
            yield from child.walk()

    @property
    def model(self) -> str | None:
        """The model that a part of it comes from, if one does (`Predicted`)."""
        return next((node.fitted for node in self.walk() if isinstance(node, Predicted)), None)

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        """Itself without choices: `given` has the value of a policy switch, of a setting, of `hours` and of `now`."""
        return self

    def sql(self) -> str:
        """The value, over columns named as the leaves."""
        raise NotImplementedError

    def text(self) -> str:
        """The formula as a person writes it."""
        raise NotImplementedError

    def value(self, parts: Mapping[str, N | None], of: Callable[[float], N]) -> N | None:
        """The value, redone from the values of the leaves; `of` makes a constant a number of their kind."""
        raise NotImplementedError


@dataclass(frozen=True)
class Constant(Measure):
    """A number."""

    number: float

    def sql(self) -> str:
        return repr(self.number)

    def text(self) -> str:
        return f"{self.number:g}"

    def value(self, parts: Mapping[str, N | None], of: Callable[[float], N]) -> N | None:
        return of(self.number)


@dataclass(frozen=True)
class Operation(Measure):
    """Two measures and what is done with them."""

    sign: Literal["+", "-", "*", "/"]
    left: Measure
    right: Measure

    def children(self) -> tuple[Measure, ...]:
        return (self.left, self.right)

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return Operation(self.sign, self.left.resolve(given), self.right.resolve(given))

    def sql(self) -> str:
        left, right = self.left.sql(), self.right.sql()
        return f"CAST({left} AS DOUBLE) / NULLIF({right}, 0)" if self.sign == "/" else f"({left} {self.sign} {right})"

    def text(self) -> str:
        left, right = (self._within(side) for side in (self.left, self.right))
        return f"{left} {self.sign} {right}"

    def _within(self, side: Measure) -> str:
        looser = isinstance(side, Operation) and (self.sign in "*/" or (self.sign == "-" and side is self.right))
        return f"({side.text()})" if looser or isinstance(side, Choice) else side.text()

    def value(self, parts: Mapping[str, N | None], of: Callable[[float], N]) -> N | None:
        left, right = self.left.value(parts, of), self.right.value(parts, of)
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

    def value(self, parts: Mapping[str, N | None], of: Callable[[float], N]) -> N | None:
        return parts.get(self.name)


@dataclass(frozen=True)
class Leaf(Named):
    """One reduction of one ledger; what the kinds of `when` are stands at the functions that make them.

    `total` and `where` are SQL over the ledger's columns, in which `{now}` and `{name of a setting}` are filled in when
    a question is asked. `clock` is the column that says when a row counts, `beside` are columns made beside its rows.
    `aside` are leaves that are parts of the answer without a place in the formula.
    """

    when: When
    ledger: str
    total: str
    where: str = ""
    clock: str = "happened_at"
    beside: tuple[tuple[str, str], ...] = ()
    days: int | str = 0
    since: str | None = None
    per: str = ""
    having: str = ""
    aside: tuple[Leaf, ...] = ()

    def children(self) -> tuple[Measure, ...]:
        return self.aside

    @property
    def is_money(self) -> bool:
        """Whether it is an amount in the company's currency."""
        return bool(self.monies) or "worth" in self.total

    @property
    def monies(self) -> tuple[str, ...]:
        """The columns that it reduces which are unknown where a currency has no rate."""
        return tuple(dict.fromkeys(re.findall(r"\b(?:\w*amount|change_at_opening_rate)\b", self.total)))

    @property
    def owners(self) -> str:
        """SQL: the columns of a row `r` by which those that a `recent` counts are told apart."""
        return ", ".join(f"r.{column.strip()}" for column in self.per.split(","))

    @property
    def empty(self) -> str:
        """What it is where there is no row: 0 for a sum or a count, unknown for all else."""
        counts = self.total.startswith(("sum(", "count(")) and self.when != "whole"
        return "0" if counts or self.when in ("active", "recent", "daily") else "NULL"

    def resolve(self, given: Callable[[str], str | float | None]) -> Leaf:
        def filled(text: str) -> str:
            return re.sub(r"\{(\w+)\}", lambda token: str(given(token[1])), text)

        return replace(
            self,
            total=filled(self.total),
            where=filled(self.where),
            having=filled(self.having),
            beside=tuple((name, filled(made)) for name, made in self.beside),
            days=int(given(self.days) or 0) if isinstance(self.days, str) else self.days,
            aside=tuple(leaf.resolve(given) for leaf in self.aside),
        )


@dataclass(frozen=True)
class Fixed(Named):
    """A number that the company has set."""

    number: float

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return self


@dataclass(frozen=True)
class Setting(Named):
    """A setting of the company's where it has set it, or else a measure."""

    setting: str
    otherwise: Measure

    def children(self) -> tuple[Measure, ...]:
        return (self.otherwise,)

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        value = given(self.setting)
        if isinstance(value, tuple):
            value = len(value) or None
        return self.otherwise.resolve(given) if value is None else Fixed(self.name, float(value))

    def text(self) -> str:
        return f"({self.setting} as set, else {self.otherwise.text()})"


@dataclass(frozen=True)
class Span(Named):
    """How long the period is, up to now: in local days, or in months."""

    unit: Literal["days", "months"]


@dataclass(frozen=True)
class Predicted(Named):
    """What a model says that is fitted to the ledgers; no statement knows it, so it is filled in beside one."""

    fitted: str

    def sql(self) -> str:
        return "CAST(NULL AS DOUBLE)"


@dataclass(frozen=True)
class Either(Measure):
    """The first of several measures that is known."""

    choices: tuple[Measure, ...]

    def children(self) -> tuple[Measure, ...]:
        return self.choices

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return Either(tuple(choice.resolve(given) for choice in self.choices))

    def sql(self) -> str:
        return f"coalesce({', '.join(choice.sql() for choice in self.choices)})"

    def text(self) -> str:
        return f"({' or else '.join(choice.text() for choice in self.choices)})"

    def value(self, parts: Mapping[str, N | None], of: Callable[[float], N]) -> N | None:
        values = (choice.value(parts, of) for choice in self.choices)
        return next((value for value in values if value is not None), None)


@dataclass(frozen=True)
class Before(Named):
    """A measure as it was some periods earlier."""

    inner: Measure
    periods: int

    def children(self) -> tuple[Measure, ...]:
        return (self.inner,)

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return Before(self.name, self.inner.resolve(given), self.periods)


@dataclass(frozen=True)
class Trailing(Named):
    """The mean of a measure over the last periods that have a value, this one among them.

    How many is a setting (`trailing_periods`).
    """

    inner: Measure

    def children(self) -> tuple[Measure, ...]:
        return (self.inner,)

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return Trailing(self.name, self.inner.resolve(given))


@dataclass(frozen=True)
class MonthlyMean(Named):
    """The mean of a measure over the months just before the period, of those that have a value."""

    inner: Measure
    months: int

    def children(self) -> tuple[Measure, ...]:
        return (self.inner,)

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return MonthlyMean(self.name, self.inner.resolve(given), self.months)


@dataclass(frozen=True)
class Choice(Measure):
    """One measure per value of a policy switch that is decided when the question is asked."""

    switch: str
    readings: tuple[tuple[str, Measure], ...]

    def resolve(self, given: Callable[[str], str | float | None]) -> Measure:
        return dict(self.readings)[str(given(self.switch))].resolve(given)

    def children(self) -> tuple[Measure, ...]:
        return tuple(reading for _, reading in self.readings)

    def text(self) -> str:
        return "; ".join(f"{self.switch} = {value}: {reading.text()}" for value, reading in self.readings)


def as_measure(value: Measure | float) -> Measure:
    """A number as a measure; a measure as it is."""
    return value if isinstance(value, Measure) else Constant(value)


def exact(measure: Measure, parts: Mapping[str, Fraction | None]) -> Fraction | None:
    """The value of a formula over exact parts; unknown where a part is, or where there is nothing to divide by."""
    return measure.value(parts, lambda number: Fraction(repr(number)))
