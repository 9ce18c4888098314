"""The answers of metrics that are predicted: their formula as of any metric, and in it what a fitted model says.

A model is fitted to what was known when the last month before a period's end was over, for each segment on its own. Where
the data cannot carry it the value is unknown, and the row has a note that says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING

from tenure import catalog
from tenure.algebra import Predicted
from tenure.errors import ExtraMissingError, ThinDataError
from tenure.intervals import Z
from tenure.predict import contracts, purchases, spending
from tenure.predict.likelihood import need_libraries, refuse_wide
from tenure.predict.statistics import Bought, Months, Stays, bought, stays
from tenure.query import Completed, policy_of
from tenure.query import ask as query
from tenure.selection import ALL
from tenure.store import facts
from tenure.store.known import known

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Number
    from tenure.answer import Answer
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.query import Asked
    from tenure.selection import Question

# What each model is fitted to, and cannot be without.
NEEDS = {"contracts": "subscription_periods", "residual": "subscription_periods", "purchases": "transactions"}
_DAYS, _MONTHS = 365, 12
_NOBODY = "Nobody began in this segment before the month was over, so there is nothing to fit."
_TOO_EARLY = "No month is over since the first customer began, so there is nothing to fit."
_NO_RATE = "Some purchases are in a currency that has no rate, so what customers spend is unknown."


@dataclass(frozen=True)
class Prediction:
    """What a model says: the parts of the formula by name, its parameters, how many customers it was fitted to, and how far
    below and above the value its interval reaches, as factors.
    """  # noqa: D205 - one sentence

    parts: Mapping[str, float]
    parameters: Mapping[str, float | None]
    n: int
    below: float
    above: float


def ask(con: DuckDBPyConnection, settings: Settings, metrics: Mapping[str, Metric], name: str, asked: Asked) -> Answer:
    """The answer to a question about a metric with a model; arguments and errors as of `tenure.query.ask`.

    Where no variant is named and there are no contracts, but purchases, it is the variant of these.
    """
    metric, variant = catalog.find(name, metrics)
    if variant is None and "purchases" in metric.variants:
        loaded = {
            table for table in set(NEEDS.values()) if con.execute(f"SELECT 1 FROM rows.{table} LIMIT 1").fetchone()
        }
        variant = "purchases" if loaded == {NEEDS["purchases"]} else None
    model = (metric.variants[variant].measure if variant else metric.measure).model
    reading = replace(metric, needs=(NEEDS[model],)) if model else metric
    spoken = f"{metric.name}:{variant}" if variant else metric.name
    answer = query(
        con, settings, {metric.name: reading}, spoken, asked, lambda asks: Teller(con, settings, asks, asked)
    )
    return replace(answer, definition=metric)


class Teller:
    """What the models say within one question: fitted once for each month's end and segment."""

    def __init__(self, con: DuckDBPyConnection, settings: Settings, asks: Question, asked: Asked) -> None:
        self._con = con
        self._yearly = settings.discount_rate
        self._node = next(node for node in asks.measure.walk() if isinstance(node, Predicted))
        if self._node.model == "purchases":
            places = facts.ensure(con, settings, policy_of(settings, asked), {"purchases"})
            columns = known(con, places, {"purchases"}, settings.currency).columns
            asks = replace(asks, tables={**asks.tables, **places}, columns={**asks.columns, **columns})
        self._asks = asks
        last = max(slot.period.closes for slot in asks.slots.slots)
        first = asks.coverage[0]
        self._months = Months.of(first, last, settings.zone) if first else Months(())
        self._said: dict[tuple[int, str], Prediction | str] = {}
        self._read: dict[int, Mapping[str, Stays] | Mapping[str, Bought]] = {}

    def __call__(self, closes: datetime, segment: str, parts: Mapping[str, Number]) -> Completed:
        """The row of a period and a segment, complete."""
        over = self._months.over(closes)
        if (over, segment) not in self._said:
            self._said[over, segment] = self._prediction(over, segment)
        said = self._said[over, segment]
        if isinstance(said, str):
            names = {node.name: None for node in self._asks.measure.walk() if isinstance(node, Predicted)}
            return Completed(None, {**parts, **names}, (None, None, None), said)
        known_parts = {**parts, **said.parts}
        value = self._asks.measure.value(known_parts)
        whole = {**known_parts, **said.parameters, "discount_rate": self._yearly}
        if value is None:
            return Completed(None, whole, (said.n, None, None), None)
        low, high = sorted((value * said.below, value * said.above))
        return Completed(value, whole, (said.n, low, high), None)

    def _prediction(self, over: int, segment: str) -> Prediction | str:
        """What the model says, or the sentence why it says nothing."""
        if not over:
            return _TOO_EARLY
        if over not in self._read:
            read = bought if self._node.model == "purchases" else stays
            self._read[over] = read(self._con, self._asks, self._months, over)
        # What a dimension says nothing of stands whole beside each of its segments.
        stands = (
            self._asks.segments("purchases", "flow")
            if self._node.model == "purchases"
            else self._asks.segments("customers", "level")
        )
        found = self._read[over].get(segment if stands else ALL)
        if found is None:
            return _NOBODY
        try:
            need_libraries()
            if isinstance(found, Bought):
                return _NO_RATE if found.unrated else _of_purchases(found, (1 + self._yearly) ** (-1 / _DAYS))
            return _of_contracts(found, (1 + self._yearly) ** (-1 / _MONTHS), residual=self._node.model == "residual")
        except (ThinDataError, ExtraMissingError) as refusal:
            return str(refusal)


@lru_cache(maxsize=512)
def _contracts(renewals: contracts.Renewals) -> contracts.Contracts:
    """The same months are asked about again and again, by tiles and comparisons."""
    return contracts.fit(renewals)


def _of_contracts(found: Stays, discount: float, *, residual: bool) -> Prediction:
    model = _contracts(found.renewals)
    if residual and not found.ages:
        message = "No customer is left, so there is nobody to bring anything yet."
        raise ThinDataError(message)
    if residual:
        name, value = "discounted_months_left", model.residual_lifetime(found.ages, discount)
        low, high = model.residual_interval(found.ages, discount)
    else:
        name, value = "discounted_months", model.lifetime(discount)
        low, high = model.lifetime_interval(discount)
    n = found.renewals.kept[0] + found.renewals.lost[0]
    return Prediction({name: value}, {"alpha": model.alpha, "beta": model.beta}, n, low / value, high / value)


def _of_purchases(found: Bought, discount: float) -> Prediction:
    """A first purchase and those that follow it, at what an average customer spends on each."""
    often = purchases.fit(found.buyers)
    much = spending.fit(found.spenders)
    later = often.lifetime(discount)
    # The models are fitted apart, as what is spent does not depend on how often: so their variances add up.
    error = (often.log_variance(discount, 1.0) + much.log_variance) ** 0.5
    refuse_wide(error, "what customers are yet to bring")
    return Prediction(
        {"later_purchases": later, "purchase_value": much.mean},
        {"r": often.r, "alpha": often.alpha, "a": often.a, "b": often.b, "p": much.p, "q": much.q, "v": much.v},
        sum(buyer.count for buyer in found.buyers),
        exp(-Z * error),
        exp(Z * error),
    )
