"""ask(): from a metric's name and a window to an answer. The only place that decides periods, comparison and segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure import catalog, dimensions
from tenure.answer import Answer, Row
from tenure.calendar import parse_instant
from tenure.errors import UnknownNameError, UsageError
from tenure.intervals import wilson
from tenure.algebra import Before, Leaf, Operation, Trailing
from tenure.metric import Target, Unit
from tenure.policy import Policy
from tenure.selection import Question
from tenure.statement import statement
from tenure.store import facts
from tenure.store.known import known
from tenure.window import Slots, Window, default_window, slots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from duckdb import DuckDBPyConnection

    from tenure.answer import Number
    from tenure.config import Settings
    from tenure.algebra import Measure
    from tenure.metric import Metric

HOURS = ("calendar", "business")


@dataclass(frozen=True)
class Asked:
    """The words of a question, as a user gives them; None is the default."""

    since: str | date | None = None
    until: str | date | None = None
    grain: str = "month"
    by: str | None = None
    where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    compare: str | None = None
    policy: str | None = None
    switches: Mapping[str, str] = field(default_factory=dict)
    hours: str = "calendar"
    as_of: str | None = None
    now: str | date | None = None


def ask(con: DuckDBPyConnection, settings: Settings, metrics: Mapping[str, Metric], name: str, asked: Asked) -> Answer:
    """The answer to one question.

    Args:
        con: The store; only read, but for ledgers of a policy that is asked for the first time.
        settings: The company's.
        metrics: The catalogue.
        name: A metric, an alias, or `metric:variant`.
        asked: Everything else.

    Raises:
        UnknownNameError: a metric, variant, dimension, preset, switch or grain that there is not.
        UsageError: an instant that cannot be read, an empty window, or words that do not go together.
    """
    metric, variant = catalog.find(name, metrics)
    policy = policy_of(settings, asked)
    measure = (metric.variants[variant].measure if variant else metric.measure).resolve(policy.__getitem__)
    now = parse_instant(asked.now, settings.zone) if asked.now else datetime.now(UTC).replace(tzinfo=None)
    asks = question(con, settings, measure, policy, asked, now)
    sql = statement(asks)
    missing = _missing(con, metric)
    interval = metric.variants[variant].interval if variant else metric.interval
    rows = _blank(asks.slots) if missing else _rows(con, sql, asks, metric, has_interval=interval is not None)
    if any(row.value is None and None in row.parts.values() for row in rows):
        missing = (*missing, *asks.unrated)
    return Answer(
        definition=metric,
        variant=variant,
        grain=asked.grain,
        compare=asked.compare,
        timezone=settings.timezone,
        currency=settings.currency if metric.unit is Unit.MONEY else None,
        hours=asked.hours,
        policy=policy,
        by=asked.by,
        where={name: tuple(values) for name, values in asked.where.items()},
        target=_target(settings, metric),
        missing=missing,
        coverage=asks.coverage,
        now=now,
        rows=tuple(rows),
        sql=sql,
    )


def question(
    con: DuckDBPyConnection, settings: Settings, measure: Measure, policy: Policy, asked: Asked, now: datetime
) -> Question:
    """Everything that the statement depends on: periods, segments, filters, and where the policy's ledgers are.

    Raises:
        UnknownNameError: a dimension or a grain that there is not.
        UsageError: an instant that cannot be read, a window that is empty or all in the future.
    """
    _check(asked)
    places = facts.ensure(con, settings, policy)
    by, filters = _dimensions(con, asked, measure)
    standing = known(con, places, settings.currency)
    coverage = standing.coverage({node.ledger for node in measure.walk() if isinstance(node, Leaf)})
    planned = slots(
        _window(settings, asked, coverage, now), settings.zone, settings.week_start, now, _depth(measure, settings)
    )
    if not any(slot.shown for slot in planned.slots):
        message = f"The window begins after now ({now.isoformat()}Z): nothing of it has happened yet."
        raise UsageError(message)
    return Question(
        measure=measure,
        slots=planned,
        tables=places,
        currency=settings.currency,
        zone=settings.timezone,
        coverage=coverage,
        rate_days=standing.rate_days,
        by=by,
        filters=filters,
        trailing=settings.trailing_periods,
        unrated=standing.unrated,
    )


def policy_of(settings: Settings, asked: Asked) -> Policy:
    """The policy that a question is read under: its own preset, else the company's; single switches win over either."""
    if asked.policy is not None:
        return Policy(asked.policy, dict(asked.switches))
    return Policy(settings.policy.preset, {**settings.policy.overrides, **asked.switches})


def _check(asked: Asked) -> None:
    if asked.hours not in HOURS:
        raise UnknownNameError("kind of hours", asked.hours, HOURS, f"There are {' and '.join(HOURS)}.")
    if asked.as_of is not None:
        message = "Numbers as of an earlier load are not answered yet: ask without --as-of."
        raise UsageError(message)


def _dimensions(
    con: DuckDBPyConnection, asked: Asked, measure: Measure
) -> tuple[dimensions.Dimension | None, tuple[tuple[dimensions.Dimension, tuple[str, ...]], ...]]:
    if asked.by is None and not asked.where:
        return None, ()
    names = attributes(con)
    by = dimensions.find(asked.by, names) if asked.by is not None else None
    filters = tuple((dimensions.find(name, names), tuple(values)) for name, values in asked.where.items())
    moves = any(isinstance(node, Leaf) and node.when == "flow" for node in measure.walk())
    for dimension in [*([by] if by else []), *(d for d, _ in filters)]:
        if dimension.kind == "event" and not moves:
            others = sorted(
                {*(n for n, d in dimensions.BUILT_IN.items() if d.kind != "event"), *dimensions.named(names)}
            )
            message = (
                f"'{dimension.name}' is something of a movement, and this metric is a level or a retention: "
                f"break it down by one of {', '.join(others)}."
            )
            raise UsageError(message)
    return by, filters


def attributes(con: DuckDBPyConnection) -> tuple[str, ...]:
    """The names of the attributes of accounts that were loaded."""
    return tuple(row[0] for row in con.execute("SELECT name FROM meta.labels ORDER BY name").fetchall())


def _window(
    settings: Settings, asked: Asked, coverage: tuple[datetime | None, datetime | None], now: datetime
) -> Window:
    until = parse_instant(asked.until, settings.zone) if asked.until else None
    last = until or coverage[1]
    begins, ends = default_window(coverage[0], last, until or now, asked.grain, settings.zone, settings.week_start)
    since = parse_instant(asked.since, settings.zone) if asked.since else begins
    if since >= now:
        message = f"The window begins after now ({now.isoformat(timespec='seconds')}Z): nothing of it has happened yet."
        raise UsageError(message)
    # A beginning after the last loaded change is asked about up to now.
    return Window(since, until or (ends if ends > since else now), asked.grain, asked.compare)


def _depth(measure: Measure, settings: Settings) -> int:
    """How many periods before each one the measure looks at."""
    depths = [0]
    for node in measure.walk():
        if isinstance(node, Before):
            depths.append(node.periods)
        elif isinstance(node, Trailing):
            depths.append(settings.trailing_periods - 1)
    return max(depths)


def _missing(con: DuckDBPyConnection, metric: Metric) -> tuple[str, ...]:
    """Of the tables without which the metric cannot be computed, those of which nothing was ever loaded."""
    return tuple(t for t in metric.needs if not con.execute(f"SELECT 1 FROM rows.{t} LIMIT 1").fetchone())


def _target(settings: Settings, metric: Metric) -> Target | None:
    own = settings.targets.get(metric.name)
    return Target(own.value, own.per, "tenure.toml") if own else metric.target


def _blank(planned: Slots) -> list[Row]:
    return [
        Row(slot.period.opens, slot.period.closes, slot.period.partial, None, None, {})
        for slot in sorted(planned.slots, key=lambda s: s.period.opens)
        if slot.shown
    ]


def _rows(con: DuckDBPyConnection, sql: str, asks: Question, metric: Metric, *, has_interval: bool) -> list[Row]:
    found = con.execute(sql)
    names = [column[0] for column in found.description]
    periods = {slot.n: slot.period for slot in asks.slots.slots}
    rows = []
    for values in found.fetchall():
        got = dict(zip(names, (_number(v) for v in values), strict=True))
        n, segment, value, previous = (got.pop(key) for key in ("n", "segment", "value", "previous"))
        period = periods[n]
        below, low, high = _certainty(asks.measure, metric, got, has_interval=has_interval)
        change, kind = _change(metric.unit, value, previous)
        shown = segment if asks.by else None
        rows.append(
            Row(
                period.opens, period.closes, period.partial, shown, value, got, below, low, high, previous, change, kind
            )
        )
    return rows


def _number(value: Any) -> Any:  # noqa: ANN401 - whatever the database gives
    return float(value) if isinstance(value, Decimal) else value


def _certainty(
    measure: Measure, metric: Metric, parts: Mapping[str, Number], *, has_interval: bool
) -> tuple[Number, float | None, float | None]:
    """The denominator of a share, and how sure the share is."""
    if metric.unit is not Unit.SHARE or not isinstance(measure, Operation) or measure.sign != "/":
        return None, None, None
    top, bottom = measure.left.value(parts), measure.right.value(parts)
    if not has_interval or top is None or bottom is None:
        return bottom, None, None
    low, high = wilson(top, bottom) or (None, None)
    return bottom, low, high


def _change(unit: Unit, value: Number, previous: Number) -> tuple[float | None, str | None]:
    """Relative where both are above 0 in money, counts, ratios or durations; else the difference."""
    if value is None or previous is None:
        return None, None
    if unit in {Unit.MONEY, Unit.COUNT, Unit.RATIO, Unit.DURATION} and value > 0 and previous > 0:
        return value / previous - 1, "relative"
    return value - previous, "difference"
