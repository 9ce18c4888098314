"""How a page writes days, amounts and durations: in the company's zone and locale, empty where nothing is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenure import show
from tenure.surfaces.web.view import View

if TYPE_CHECKING:
    from tenure.config import Settings


@dataclass(frozen=True)
class Writing:
    """The hand of one company; `view` is what it leads to other pages from."""

    settings: Settings
    view: View = field(default_factory=View)

    def day(self, when: str | None) -> str:
        """A day, `12 Jul 2024`."""
        return _whole(show.day(when, self.settings.timezone, self.settings.locale)) if when else ""

    def money(self, amount: float | None, currency: str | None, *, signed: bool = False, compact: bool = False) -> str:
        """An amount, a dash where it is unknown; with its sign where it is a change, shortened where it is `compact`."""
        written = show.value(amount, "money", currency, self.settings.locale, compact=compact)
        return f"+{written}" if signed and amount and amount > 0 else written

    def lasted(self, seconds: float | None) -> str:
        """A duration."""
        return "" if seconds is None else _whole(show.brief(seconds, self.settings.locale))

    def count(self, number: float | None) -> str:
        """A number as it is."""
        return "" if number is None else show.value(number, "", None, self.settings.locale)

    def several(self, number: int, name: str) -> str:
        """How many of something, `2 contracts`."""
        return f"{self.count(number)} {name if number == 1 else name + 's'}"

    def share(self, number: float | None) -> str:
        """A share as a whole percentage."""
        return "" if number is None else show.percent(number, self.settings.locale)


def _whole(text: str) -> str:
    """What a line is not broken in."""
    return text.replace(" ", "\u00a0")
