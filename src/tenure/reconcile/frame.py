"""What is reconciled: which metric, over which window, and how its numbers are written."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from tenure import catalog, show
from tenure.algebra import Leaf
from tenure.answer import instant
from tenure.calendar import local, parse_instant, period_start
from tenure.errors import UsageError
from tenure.query import ask
from tenure.reconcile.exact import Readings, window
from tenure.tables import TABLES
from tenure.words import unloaded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from duckdb import DuckDBPyConnection

    from tenure.answer import Answer
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.query import Asked
    from tenure.reconcile.exact import Exact

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Frame:
    """One metric over one window: its readings, and the answer under the company's own policy that heads them all."""

    readings: Readings
    answer: Answer

    @property
    def places(self) -> int | None:
        """The decimals of the currency, where the metric is an amount of it."""
        return None if self.answer.currency is None else show.decimals(self.answer.currency)

    @property
    def opens(self) -> datetime:
        """Where the window begins, naive UTC."""
        return self.answer.rows[0].start

    @property
    def closes(self) -> datetime:
        """Where the window ends, naive UTC."""
        return self.answer.rows[0].end

    @property
    def is_level(self) -> bool:
        """Whether the number depends on the end of the window alone."""
        return is_level(self.answer.definition, self.answer.variant)

    def to_dict(self) -> dict[str, Any]:
        """What every one of these answers says of its metric and window."""
        answer = self.answer
        return {
            "metric": answer.metric,
            "title": answer.title,
            "unit": answer.unit,
            "currency": answer.currency,
            "variant": answer.variant,
            "start": instant(self.opens),
            "end": instant(self.closes),
            "is_level": self.is_level,
            "timezone": answer.timezone,
            "where": {name: list(values) for name, values in answer.where.items()},
            "missing": list(answer.missing),
        }

    def written(self, value: Exact) -> float | None:
        """A number as JSON has it: an amount to the last decimal of its currency, all else as exact as a float can be."""
        if value is None:
            return None
        if self.places is None:
            return int(value) if value.denominator == 1 else float(value)
        return float(self.rounded(value))

    def rounded(self, value: Fraction) -> Decimal:
        """An amount, half to even, to the last decimal of its currency."""
        quantum = Decimal(1).scaleb(-(self.places or 0))
        return decimal(value).quantize(quantum, ROUND_HALF_EVEN)

    def steps(self, begins: Fraction, effects: Iterable[Fraction]) -> Iterator[float]:
        """Effects that follow one another, written so that they add up: each is what the rounded level changes by."""
        level = begins
        for effect in effects:
            if self.places is None:
                yield float(effect)
            else:
                yield float(self.rounded(level + effect) - self.rounded(level))
            level += effect


def decimal(value: Fraction) -> Decimal:
    """An exact number as a decimal; what no decimal can say, a third, to 20 places."""
    places = next((n for n in range(21) if 10**n % value.denominator == 0), 20)
    return Decimal(round(value * 10**places)).scaleb(-places)


def digits(value: Exact) -> str | None:
    """All digits of a number, as text."""
    return None if value is None else format(decimal(value), "f")


def described(policy: Policy) -> dict[str, Any]:
    """A policy as JSON says it."""
    return {"policy": policy.preset, "switches": dict(policy.overrides)}


def is_level(metric: Metric, variant: str | None) -> bool:
    """Whether every leaf of a metric is read at the end of the window."""
    measure = metric.variants[variant].measure if variant else metric.measure
    leaves = [node for node in measure.walk() if isinstance(node, Leaf)]
    return all(leaf.when in ("closing", "standing") for leaf in leaves)


def frame(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    name: str,
    asked: Asked,
    day: str | None = None,
) -> Frame:
    """The metric over the window that is asked for: by default the last month that is over.

    Args:
        con: The store.
        settings: The company's.
        known: The catalogue.
        name: A metric, an alias, or `metric:variant`.
        asked: The question; its policy heads the answer.
        day: The level at the end of that local day, or at that instant, instead of a window.

    Raises:
        UnknownNameError: a name that is not known.
        UsageError: words that do not go together, or a metric that no policy makes.
    """
    metric, variant = catalog.find(name, known)
    if metric.model is not None:
        message = (
            f"'{metric.name}' is predicted from the ledgers, not added up: reconcile what it is made of, such as mrr."
        )
        raise UsageError(message)
    if asked.by is not None:
        message = "One number is reconciled at a time: filter with --where instead of --by."
        raise UsageError(message)
    whole = _windowed(con, settings, known, metric, variant, asked, day)
    answer = ask(con, settings, known, name, whole)
    absent = [need for need in answer.missing if need.partition(" or ")[0] in TABLES]
    if absent:
        early = unloaded(con, settings, asked)
        message = early or f"'{metric.name}' needs {' and '.join(absent)}. Load it with `tenure import`."
        raise UsageError(f"There is nothing to reconcile. {message}")
    return Frame(Readings(con, settings, metric, variant, whole), answer)


def _windowed(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    metric: Metric,
    variant: str | None,
    asked: Asked,
    day: str | None,
) -> Asked:
    zone, week_start = settings.zone, settings.week_start
    if day is not None:
        if asked.since is not None or asked.until is not None:
            message = "--at is an instant, --from and --to are a window: give one or the other."
            raise UsageError(message)
        if not is_level(metric, variant):
            message = (
                f"'{metric.name}' is counted over a window, not at an instant: give --from and --to instead of --at."
            )
            raise UsageError(message)
        closes = end_of(day, settings)
        return window(asked, period_start(closes - _INSTANT, "day", zone, week_start), closes)
    if asked.since is not None:
        return replace(asked, grain="total")
    if asked.until is not None:
        closes = parse_instant(asked.until, zone)
    else:
        answer = ask(con, settings, known, "mrr", replace(asked, grain="month"))
        last = min(answer.now, answer.coverage[1] + _INSTANT) if answer.coverage[1] else answer.now
        closes = period_start(last, "month", zone, week_start)
    return window(asked, period_start(closes - _INSTANT, "month", zone, week_start), closes)


def end_of(day: str, settings: Settings) -> datetime:
    """The end of a local day, or the instant that is written out; naive UTC."""
    at = parse_instant(day, settings.zone)
    if len(day.strip()) > len("2024-03-01"):
        return at
    return parse_instant(local(at, settings.zone).date() + timedelta(days=1), settings.zone)
