"""Money in another currency than the company's, as it is shown: each row of an answer times one rate; pure.

The question is asked in the company's currency, as everywhere; nothing of it is asked anew. A row takes the rate of the
UTC day of its last instant, as a level does, or under `fx = "latest"` the last one known. Since a row has one rate, its
parts still add up, its ratios and its relative changes are those of the company's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from decimal import Decimal

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy

    Answered = Mapping[str, Any]

_INSTANT = timedelta(microseconds=1)
PERIODS = "at the rate of each period's last day"
_OF_MONEY = ("value", "low", "high", "previous")


@dataclass(frozen=True)
class Exchange:
    """What one unit of the currency `to` is worth in `own`, by UTC day without gaps; `latest`: the last one holds for all.

    `of` says the same of another currency, and nothing of one that no rate is known of.
    """

    own: str
    to: str
    days: dict[date, Decimal]
    latest: bool
    of: Callable[[str], dict[date, Decimal]]

    def on(self, day: date) -> float:
        """What one unit of the company's currency is worth in the shown one on a UTC day."""
        return float(1 / self.days[self._known(day)])

    def rate(self, end: str) -> float:
        """The same for a row that ends (exclusive) at `end`."""
        return self.on(day_before(end))

    def between(self, currency: str | None, day: date) -> float | None:
        """What one unit of any currency is worth in the shown one on a UTC day; None where that is not known."""
        if currency == self.to:
            return 1.0
        if currency in (None, self.own):
            return self.on(day)
        known = self._known(day)
        worth = self.of(str(currency)).get(known)
        return None if worth is None else float(worth / self.days[known])

    def _known(self, day: date) -> date:
        """The day of whose rate a day is."""
        first, last = next(iter(self.days)), next(reversed(self.days))
        return last if self.latest else min(max(day, first), last)

    def converted(self, answer: Answered, metric: Metric) -> dict[str, Any]:
        """The answer with its money in the other currency, each row with its `rate`; the rest of it as it was."""
        money = answer["unit"] == "money"
        rows = [self._row(row, metric, money=money) for row in answer["rows"]]
        found = {**answer, "rows": rows, "converted_from": self.own}
        if not money:
            return found
        if answer["target"] and rows:  # one rule cannot follow the rates: it stands at the last one
            found["target"] = {**answer["target"], "value": answer["target"]["value"] * rows[-1]["rate"]}
        return found | {"currency": self.to}

    def _row(self, row: Answered, metric: Metric, *, money: bool) -> dict[str, Any]:
        rate = self.rate(row["end"])
        amounts = {name for name in row["parts"] if name in metric.money_parts}
        found = dict(row)
        if money:
            fields = [*_OF_MONEY, *(["change"] if row.get("change_kind") == "difference" else [])]
            found |= {name: _times(row[name], rate) for name in fields if name in row}
        if any(row["n"] == row["parts"][name] for name in amounts):  # what is divided by is an amount
            found["n"] = _times(row["n"], rate)
        found["parts"] = {name: _times(v, rate) if name in amounts else v for name, v in row["parts"].items()}
        return found | {"rate": rate}

    def told(self, day: date, settings: Settings, how: str = PERIODS) -> str:
        """By which rate, in words: `how` it is chosen, and the one of a day."""
        rate = f"1 {self.own} = {show.value(self.on(day), 'rate', None, settings.locale)} {self.to}"
        if self.latest:
            return f"at the last known rate: {rate}"
        return f"{how} ({show.day(self._known(day), 'UTC', settings.locale)}: {rate})"


def exchange(rates: Callable[[str], dict[date, Decimal]], own: str, to: str, policy: Policy) -> Exchange | None:
    """The exchange from the company's `own` currency; None where money stays in it.

    `rates` gives what one unit of a currency is worth in `own`, by UTC day without gaps.

    Raises:
        UnknownNameError: no rate of the currency `to` is known.
    """
    if to == own:
        return None

    def known(currency: str) -> dict[date, Decimal]:
        try:
            return rates(currency)
        except UnknownNameError:
            return {}

    return Exchange(own, to, rates(to), policy.switches["fx"] == "latest", known)


def day_before(end: str) -> date:
    """The UTC day of the last instant of what ends (exclusive) at `end`."""
    return (datetime.fromisoformat(end) - _INSTANT).date()


def _times(number: float | None, rate: float) -> float | None:
    return None if number is None else number * rate
