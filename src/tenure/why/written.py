"""Exact numbers as JSON has them, written so that lines add up as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from fractions import Fraction

    from tenure.why.split import Exact

DIGITS = 20
"""The decimals of what is written as text: any sum of money to its last digit, and a third as far."""
_PLACES = 12  # digits


def rounded(number: Fraction, places: int) -> Decimal:
    """A number to so many decimals, half to even."""
    return Decimal(round(number * 10**places)).scaleb(-places)


def steps(begins: Fraction, effects: Iterable[Fraction], places: int) -> Iterator[Decimal]:
    """Effects that follow one another, written so that they add up: each is what the rounded level changes by."""
    level, written = begins, rounded(begins, places)
    for effect in effects:
        level += effect
        then, written = written, rounded(level, places)
        yield written - then


@dataclass(frozen=True)
class Hand:
    """How the numbers of one change are written: amounts to the last decimal of their currency, all else to twelve digits.

    A float has fifteen digits or more; `largest` leaves three of them to effects that are larger than the number itself.
    """

    decimals: int | None = None
    largest: Fraction | None = None

    @property
    def places(self) -> int:
        """The decimals of a plain number."""
        if self.decimals is not None:
            return self.decimals
        whole = int(self.largest or 0)
        return max(_PLACES - (len(str(whole)) if whole else 0), 0)

    def number(self, value: Exact) -> float | None:
        """A number; a whole one without decimals."""
        return None if value is None else plain(rounded(value, self.places))

    def numbers(self, begins: Fraction, effects: Iterable[Fraction]) -> list[Decimal]:
        """Effects as plain numbers that add up."""
        return list(steps(begins, effects, self.places))

    def digits(self, begins: Fraction, effects: Iterable[Fraction]) -> list[str]:
        """Effects as text with all their digits, that add up."""
        return [text(step) for step in steps(begins, effects, DIGITS)]


def plain(number: Decimal) -> float:
    """As JSON writes it."""
    return int(number) if number == number.to_integral_value() else float(number)


def text(number: Decimal) -> str:
    """All digits, without the zeros behind them."""
    written = format(number, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
