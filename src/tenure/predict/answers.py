"""The answers of metrics that are predicted: their formula as of any metric, and in it what a fitted model says.

A model is fitted to what was known when the last month before a period's end was over, for each segment on its own. Where
the data cannot carry it the value is unknown, and the row has a note that says why.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import exp
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from tenure import catalog
from tenure.algebra import Predicted
from tenure.errors import ExtraMissingError, ThinDataError
from tenure.intervals import Z
from tenure.predict import contracts, purchases, spending
from tenure.predict.likelihood import need_libraries, refuse_wide
from tenure.predict.statistics import Bought, Months, Stays, bought, buyers_statement, stays
from tenure.query import Completed
from tenure.query import ask as query
from tenure.transfers import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.answer import Answer
    from tenure.certainty import Number
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.query import Asked
    from tenure.selection import Question

# What each model is fitted to, and cannot be without.
NEEDS = {"contracts": "subscription_periods", "residual": "subscription_periods", "purchases": "transactions"}
# Which ledger says in which segment a customer began.
_PLACES = {"contracts": ("customers", "level"), "residual": ("customers", "level"), "purchases": ("purchases", "flow")}
_DAYS, _MONTHS = 365, 12
_NOBODY = "Nobody began in this segment before the month was over, so there is nothing to fit."
_TOO_EARLY = "No month is over since the first customer began, so there is nothing to fit."
_NO_RATE = "Some purchases are in a currency that has no rate, so what customers spend is unknown."


@dataclass(frozen=True)
class Prediction:
    """What a model says: parts of the formula by name, its parameters, how many customers it was fitted to.

    Of the part `unsure` the interval goes from `below` times to `above` times what it says.
    """

    parts: Mapping[str, float]
    parameters: Mapping[str, float | None]
    n: int
    unsure: str
    below: float
    above: float


def ask(con: DuckDBPyConnection, settings: Settings, metrics: Mapping[str, Metric], name: str, asked: Asked) -> Answer:
    """The answer to a question about a metric with a model; arguments and errors as of `tenure.query.ask`.

    Where no variant is named and there are no contracts, but purchases, it is the variant of these; where that does not know
    either, contracts are missing.
    """
    metric, variant = catalog.find(name, metrics)
    standing_in = variant is None and "purchases" in metric.variants and _only_purchases(con)
    variant = "purchases" if standing_in else variant
    model = (metric.variants[variant].measure if variant else metric.measure).model
    reading = replace(metric, needs=(NEEDS[model],)) if model else metric
    spoken = f"{metric.name}:{variant}" if variant else metric.name
    answer = query(con, settings, {metric.name: reading}, spoken, asked, lambda asks: Teller(con, settings, asks))
    if standing_in and all(row.value is None for row in answer.rows):
        return replace(answer, definition=metric, missing=(*metric.needs, *answer.missing))
    return replace(answer, definition=metric)


def _only_purchases(con: DuckDBPyConnection) -> bool:
    tables = set(NEEDS.values())
    loaded = {table for table in tables if con.execute(f"SELECT 1 FROM rows.{table} LIMIT 1").fetchone()}
    return loaded == {NEEDS["purchases"]}


_seen: WeakKeyDictionary[DuckDBPyConnection, dict[tuple[object, ...], Mapping[str, Prediction | str]]] = (
    WeakKeyDictionary()
)


class Teller:
    """What the models say within one question: read and fitted once for each month's end, and kept until the next load."""

    def __init__(self, con: DuckDBPyConnection, settings: Settings, asks: Question) -> None:
        self._con = con
        self._yearly = settings.discount_rate
        self._node = next(node for node in asks.measure.walk() if isinstance(node, Predicted))
        self._asks = asks
        last = max(slot.period.closes for slot in asks.slots.slots)
        first = asks.coverage[0]
        self._months = Months.of(first, last, settings.zone) if first else Months(())
        self._said: dict[tuple[int, str], Prediction | str] = {}
        self._stays: Mapping[int, Mapping[str, Stays]] | None = None

    def __call__(self, closes: datetime, segment: str, parts: Mapping[str, Number]) -> Completed:
        """The row of a period and a segment, complete."""
        over = self._months.over(closes)
        if (over, segment) not in self._said:
            self._said[over, segment] = self._prediction(over, segment)
        told = self._said[over, segment]
        if isinstance(told, str):
            names = {node.name: None for node in self._asks.measure.walk() if isinstance(node, Predicted)}
            return Completed(None, {**parts, **names}, (None, None, None), told)
        known_parts = {**parts, **told.parts}
        measure = self._asks.measure
        value = measure.value(known_parts, float)
        whole = {**known_parts, **told.parameters, "discount_rate": self._yearly}
        sides = [
            measure.value({**known_parts, told.unsure: told.parts[told.unsure] * by}, float)
            for by in (told.below, told.above)
        ]
        low, high = sorted(float(side) for side in sides if side is not None) or (None, None)
        return Completed(value, whole, (told.n, low, high), None)

    def _prediction(self, over: int, segment: str) -> Prediction | str:
        """What the model says, or the sentence why it says nothing."""
        if not over:
            return _TOO_EARLY
        model = self._node.fitted
        # What a dimension says nothing of stands whole beside each of its segments.
        place = segment if self._asks.segments(*_PLACES[model]) else ALL
        if model == "purchases":
            return self._buyers(over).get(place, _NOBODY)
        if self._stays is None:
            overs = {self._months.over(slot.period.closes) for slot in self._asks.slots.slots} - {0}
            self._stays = stays(self._con, self._asks, self._months, sorted(overs))
        found = self._stays.get(over, {}).get(place)
        return said(found, model, self._yearly) if found else _NOBODY

    def _buyers(self, over: int) -> Mapping[str, Prediction | str]:
        """By segment; what many buyers did takes long to read, and only a load changes it."""
        row = self._con.execute("SELECT max(load_id) FROM meta.loads").fetchone()
        sql = buyers_statement(self._asks, self._months, over)
        key = (row and row[0], self._yearly, sql)
        kept = _seen.setdefault(self._con, {})
        if key not in kept:
            for old in [old for old in kept if old[0] != key[0]]:
                del kept[old]
            discount = (1 + self._yearly) ** (-1 / _DAYS)
            kept[key] = {
                segment: _NO_RATE if one.unrated else _or_refusal(partial(_of_purchases, one, discount))
                for segment, one in bought(self._con, sql).items()
            }
        return kept[key]


@lru_cache(maxsize=1024)
def said(found: Stays, model: str, yearly: float) -> Prediction | str:
    """What `contracts` or `residual` says, or why it refuses; the same months are asked about again and again.

    Args:
        found: What the model is fitted to.
        model: Which of the two.
        yearly: The discount rate of a year.
    """
    discount = (1 + yearly) ** (-1 / _MONTHS)
    return _or_refusal(partial(_of_contracts, found, discount, residual=model == "residual"))


def _or_refusal(predict: Callable[[], Prediction]) -> Prediction | str:
    try:
        need_libraries()
        return predict()
    except (ThinDataError, ExtraMissingError) as refusal:
        return str(refusal)


def _of_contracts(found: Stays, discount: float, *, residual: bool) -> Prediction:
    model, ages = contracts.fit(found.renewals), dict(found.ages)
    if residual and not ages:
        message = "No customer is left, so there is nobody to bring anything yet."
        raise ThinDataError(message)
    if residual:
        name, value = "discounted_months_left", model.residual_lifetime(ages, discount)
        low, high = model.residual_interval(ages, discount)
    else:
        name, value = "discounted_months", model.lifetime(discount)
        low, high = model.lifetime_interval(discount)
    n = found.renewals.kept[0] + found.renewals.lost[0]
    return Prediction({name: value}, {"alpha": model.alpha, "beta": model.beta}, n, name, low / value, high / value)


def _of_purchases(found: Bought, discount: float) -> Prediction:
    """The purchases that follow a first one, and what an average customer spends on each."""
    often = purchases.fit(found.buyers)
    much = spending.fit(found.spenders)
    later = often.lifetime(discount)
    # The models are fitted apart, as what is spent does not depend on how often: so their variances add up.
    error = (often.log_variance(discount) + much.log_variance) ** 0.5
    refuse_wide(2 * Z * error, "what customers are yet to bring")
    return Prediction(
        {"later_purchases": later, "purchase_value": much.mean},
        {"r": often.r, "alpha": often.alpha, "a": often.a, "b": often.b, "p": much.p, "q": much.q, "v": much.v},
        sum(buyer.count for buyer in found.buyers),
        "later_purchases",
        exp(-Z * error),
        exp(Z * error),
    )
