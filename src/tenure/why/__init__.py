"""Why a number moved between a period and the one before: exact parts, by segment, by movement, by customer."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tenure import catalog
from tenure.algebra import Leaf, Operation, exact
from tenure.answer import instant
from tenure.calendar import parse_instant, periods
from tenure.errors import UsageError
from tenure.query import Asked, ask, fitting, given, histories, now_of, policy_of
from tenure.why.breakdown import SHOWN, Breakdown, Customers, breakdown, customers, measured
from tenure.why.movements import movements
from tenure.why.sides import Compared
from tenure.why.split import UnknownPartError
from tenure.why.told import Why

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Measure
    from tenure.answer import Answer, Row
    from tenure.config import Settings
    from tenure.metric import Metric

__all__ = ["LIMIT", "Breakdown", "Customers", "Why", "why"]

LIMIT = 5
# What is told elsewhere: customer by customer, and movement by movement.
_LEFT_OUT = frozenset({"account", "cohort", "kind", "reason", "end_kind"})
_GRAINS = ("month", "quarter", "year", "week", "day")
_MEAN = re.compile(r"avg\((\w+)\)")
_NO_SUM = ("median", "quantile")


def why(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    name: str,
    asked: Asked,
    limit: int = LIMIT,
) -> Why:
    """Why a number moved: by default between the last month that is over and the one before.

    Args:
        con: The store; only read, but for ledgers that are asked for the first time.
        settings: The company's.
        known: The catalogue.
        name: A metric, an alias, or `metric:variant`.
        asked: The question. Without a grain its window is one period; with one, the last of it that is over. `by` says by what it
            is split; without, every dimension is tried that says something of the metric.
        limit: How many customers are told one by one.

    Raises:
        UnknownNameError: a name that is not known.
        UsageError: words that do not go together, or a number that is not made of parts.
    """
    metric, variant = catalog.find(name, known)
    policy, now = policy_of(settings, asked), now_of(settings, asked)
    reading = metric.reading(variant, given(settings, policy, asked.hours, now))
    reading = replace(reading, measure=_without_means(reading.measure))
    _check(reading)
    answer, row, one = _period(con, settings, known, name, asked)
    compared = Compared(con, settings, reading, policy, one, now)
    measure, whole = reading.measure, compared.whole
    # An answer may be unknown for more reasons than its parts are: nothing was ever loaded of what it needs.
    before = None if row.previous is None else exact(measure, whole.before)
    current = None if row.value is None else exact(measure, whole.now)
    plain = Why(answer, row, measure, compared.periods[0], whole, before, current)
    if before is None or current is None:
        return plain
    try:
        found = breakdown(compared, "account")
    except (UsageError, UnknownPartError):
        found = None
    tried = tuple(measured(_tried(compared, metric, variant, asked.by), found))
    told = customers(compared, found, limit) if found and found.is_told else None
    if not told and not any(one.is_told for one in tried) and before != current:
        message = f"'{metric.name}' is not made of what single customers or segments do: `tenure explain {name}` shows what it is."
        raise UsageError(message)
    return replace(plain, tried=tried, shown=tried[:SHOWN], customers=told, moved=movements(compared))


def _without_means(measure: Measure) -> Measure:
    """The formula with every mean of rows as what it is, a sum over a count."""
    match measure:
        case Operation():
            return Operation(measure.sign, _without_means(measure.left), _without_means(measure.right))
        case Leaf() if mean := _MEAN.fullmatch(measure.total):
            above = replace(measure, name=f"{measure.name}_sum", total=f"sum({mean[1]})")
            return above / replace(measure, name=f"{measure.name}_count", total=f"count({mean[1]})", aside=())
    return measure


def _check(reading: Metric) -> None:
    if reading.measure.model is not None:
        message = f"'{reading.name}' is predicted from the ledgers, not added up: ask why what it is made of moved, such as mrr."
        raise UsageError(message)
    leaves = [node for node in reading.measure.walk() if isinstance(node, Leaf)]
    if any(leaf.when == "survival" or leaf.total.startswith(_NO_SUM) for leaf in leaves):
        means = "median" if any(leaf.when == "survival" or "median" in leaf.total for leaf in leaves) else "quantile"
        message = f"'{reading.name}' is a {means}, which has no parts that add up: `tenure explain {reading.name}` shows its rows."
        raise UsageError(message)


def _period(
    con: DuckDBPyConnection, settings: Settings, known: Mapping[str, Metric], name: str, asked: Asked
) -> tuple[Answer, Row, Asked]:
    """The answer whose last period is meant, that period's row, and the question about it alone."""
    grain = asked.grain or _grain(settings, asked)
    words = replace(asked, grain=grain, by=None, compare=asked.compare or "previous")
    answer = ask(con, settings, known, name, words)
    over = [row for row in answer.rows if not row.partial and row.end <= answer.now]
    begun = [row for row in answer.rows if row.start < answer.now] or answer.rows
    row = (over or begun)[-1]
    if grain == "total":
        return answer, row, words
    until = asked.until if row.partial else instant(row.end)
    return answer, row, replace(words, since=instant(row.start), until=until)


def _grain(settings: Settings, asked: Asked) -> str:
    """What one period of the question is: a month where no window is given, else the window, by its own name if it has one."""
    if not asked.since and not asked.until:
        return "month"
    if asked.since and asked.until:
        since, until = (parse_instant(said, settings.zone) for said in (asked.since, asked.until))
        for grain in _GRAINS if since < until else ():
            first = periods(since, until, grain, settings.zone, settings.week_start, until)
            if len(first) == 1 and not first[0].partial:
                return grain
    return "total"


def _tried(compared: Compared, metric: Metric, variant: str | None, by: str | None) -> list[Breakdown]:
    """Every breakdown that tells something, or the one that is asked for."""
    if by is not None:
        return [breakdown(compared, by)]
    asked_as = replace(metric, measure=metric.variants[variant].measure) if variant else metric
    leaves = [node for node in compared.reading.measure.walk() if isinstance(node, Leaf)]
    # Everybody grows older: what stands in a tenure at the end of a month says nothing of what happened in it.
    is_level = all(leaf.when == "closing" for leaf in leaves)
    moving = {"tenure", *histories(compared.con)}  # of these a question takes one at a time
    left_out = {*_LEFT_OUT, *compared.asked.where, *(moving if moving & compared.asked.where.keys() else ())}
    found = []
    for name in fitting(compared.con, compared.settings, asked_as):
        if name in left_out:
            continue
        one = breakdown(compared, name)
        if one.is_told and len(one.split.effects) > 1 and not (name == "tenure" and is_level and not one.split.has_mix):
            found.append(one)
    return found
