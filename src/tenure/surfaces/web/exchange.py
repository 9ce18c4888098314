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
from tenure.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from decimal import Decimal

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.surfaces.web.memory import Memory
    from tenure.surfaces.web.view import View

    Answered = Mapping[str, Any]

_INSTANT = timedelta(microseconds=1)
_OF_MONEY = ("value", "low", "high", "previous")


@dataclass(frozen=True)
class Exchange:
    """What one unit of the currency `to` is worth in `own`, by UTC day without gaps; `latest`: the last one holds for all."""

    own: str
    to: str
    days: dict[date, Decimal]
    latest: bool

    def rate(self, end: str) -> float:
        """What one unit of the company's currency is worth in the shown one for a row that ends (exclusive) at `end`."""
        first, last = next(iter(self.days)), next(reversed(self.days))
        day = (datetime.fromisoformat(end) - _INSTANT).date()
        return float(1 / self.days[last if self.latest else min(max(day, first), last)])

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

    def told(self, end: str, settings: Settings) -> str:
        """By which rate, in words, for the shown period."""
        rate = f"1 {self.own} = {show.value(self.rate(end), 'rate', None, settings.locale)} {self.to}"
        if self.latest:
            return f"at the last known rate: {rate}"
        day = show.day((datetime.fromisoformat(end) - _INSTANT).date(), "UTC", settings.locale)
        return f"at the rate of each period's last day ({day}: {rate})"


def _times(number: float | None, rate: float) -> float | None:
    return None if number is None else number * rate


def exchange(memory: Memory, view: View) -> Exchange | None:
    """The exchange that a view asks for; None where money stays in the company's currency.

    Raises:
        UnknownNameError: no rate of the currency is known.
    """
    store, policy = memory.store, Policy(view.policy) if view.policy else memory.store.settings.policy
    if view.currency in ("", store.settings.currency):
        return None
    asks = {"currency": view.currency, "policy": view.policy}
    days = memory.of("rates", asks, lambda: store.rates(view.currency, policy=view.policy or None), lasts=True)
    return Exchange(store.settings.currency, view.currency, days, policy.switches["fx"] == "latest")
