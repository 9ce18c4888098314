"""ask(): from a metric's name and a window to an answer. The only place that decides periods, comparison and segments."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tenure import catalog, dimensions, finer, segments
from tenure.algebra import Before, Leaf, MonthlyMean, Trailing
from tenure.answer import Answer, Row
from tenure.calendar import day_start, local, parse_instant
from tenure.certainty import beyond_noise, certainty, change, is_certain
from tenure.errors import UnknownNameError, UsageError
from tenure.groups import CERTAINTY
from tenure.metric import Target, Unit
from tenure.policy import Policy
from tenure.selection import Question
from tenure.statement import moment, statement
from tenure.store import facts, later
from tenure.store.exact import exact
from tenure.store.known import known
from tenure.tables import TABLES
from tenure.unowned import note
from tenure.window import Slots, Window, default_window, slots, window_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Measure
    from tenure.certainty import Bounds, Number
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.window import Slot

    # From when a period closes, a segment, and the parts that the statement gave.
    Completion = Callable[[datetime, str, Mapping[str, Number]], "Completed"]

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


@dataclass(frozen=True)
class Completed:
    """One row with what no statement knows: its value and parts, `n`, `low` and `high`, and a note on it."""

    value: Number
    parts: dict[str, Number]
    bounds: Bounds
    note: str | None = None


def ask(
    con: DuckDBPyConnection,
    settings: Settings,
    metrics: Mapping[str, Metric],
    name: str,
    asked: Asked,
    complete: Callable[[Question], Completion] | None = None,
) -> Answer:
    """The answer to one question.

    Args:
        con: The store; only read, but for ledgers of a policy that is asked for the first time.
        settings: The company's.
        metrics: The catalogue.
        name: A metric, an alias, or `metric:variant`.
        asked: Everything else.
        complete: Fills in, for this question, what a model says (`tenure.predict`).

    Raises:
        UnknownNameError: a metric, variant, dimension, preset, switch or grain that there is not.
        UsageError: an instant that cannot be read, an empty window, or words that do not go together.
    """
    metric, variant = catalog.find(name, metrics)
    policy = policy_of(settings, asked)
    now = now_of(settings, asked)
    reading = metric.reading(variant, given(settings, policy, asked.hours, now))
    asks = question(con, settings, reading, policy, asked, now)
    sql = statement(asks)
    missing = asks.missing
    rows = _blank(asks.slots) if missing else _rows(con, sql, asks, reading, complete(asks) if complete else None)
    if any(row.value is None and row.note is None and None in row.parts.values() for row in rows):
        missing = (*missing, *asks.unrated)
    return Answer(
        definition=metric,
        variant=variant,
        grain=asked.grain,
        compare=asked.compare,
        timezone=settings.timezone,
        currency=settings.currency if reading.unit is Unit.MONEY else None,
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


def given(settings: Settings, policy: Policy, hours: str, now: datetime) -> Callable[[str], str | float | None]:
    """What a formula leaves open: the policy's switches, the company's settings, `hours`, and `now` as SQL writes it."""
    words: dict[str, str] = {"hours": hours, "now": moment(now), **policy.switches}
    return lambda name: words[name] if name in words else getattr(settings, name)


def question(
    con: DuckDBPyConnection, settings: Settings, metric: Metric, policy: Policy, asked: Asked, now: datetime
) -> Question:
    """Everything that the statement depends on: periods, segments, filters, and where the policy's ledgers are.

    `metric` is a reading (`Metric.reading`).

    Raises:
        UnknownNameError: a dimension or a grain that there is not.
        UsageError: an instant that cannot be read, a window that is empty or all in the future.
    """
    _check(asked)
    measure = metric.measure
    by, filters = _dimensions(con, settings, asked)
    chosen = [*([by] if by else []), *(dimension for dimension, _ in filters)]
    leaves = [node for node in measure.walk() if isinstance(node, Leaf)]
    ledgers = {leaf.ledger for leaf in leaves}
    needed = ledgers | {ledger for dimension in chosen for ledger in dimensions.needed(dimension)}
    places = _places(con, settings, policy, needed, asked)
    if asked.as_of is None:
        places |= later.without(con, settings, policy, ledgers, places, now)
    tables = [table for need in metric.needs for table in need.split(" or ")]
    standing = known(con, places, ledgers, settings.currency, tables)
    _check_dimensions(con, chosen, measure, standing.columns)
    planned = _slots(settings, metric, asked, standing.coverage, now)
    finer.check(con, settings, leaves, chosen, standing, planned)
    if not any(slot.shown for slot in planned.slots):
        message = f"The window begins after now ({now.isoformat()}Z): nothing of it has happened yet."
        raise UsageError(message)
    return Question(
        measure=measure,
        slots=planned,
        tables=places,
        currency=settings.currency,
        zone=settings.timezone,
        coverage=standing.coverage,
        rate_days=standing.rate_days,
        by=by,
        filters=filters,
        trailing=settings.trailing_periods,
        unrated=standing.unrated,
        missing=tuple(need for need in metric.needs if standing.empty.issuperset(need.split(" or "))),
        columns=standing.columns,
        week_start=settings.week_start,
        is_certain=is_certain(metric),
    )


def now_of(settings: Settings, asked: Asked) -> datetime:
    """What counts as now: what was said, else the instant as of which is asked, else the clock's; naive UTC."""
    said = asked.now or asked.as_of
    return parse_instant(said, settings.zone) if said else datetime.now(UTC).replace(tzinfo=None)


def _places(
    con: DuckDBPyConnection, settings: Settings, policy: Policy, ledgers: set[str], asked: Asked
) -> dict[str, str]:
    """Where the canonical tables and the ledgers stand: as they are, or as they were known at an instant."""
    if asked.as_of is None:
        return {name: name for name in TABLES} | facts.ensure(con, settings, policy, ledgers, coarse=True)
    from tenure.store import past  # few ask for it

    return past.ensure(con, settings, policy, ledgers, parse_instant(asked.as_of, settings.zone))


def policy_of(settings: Settings, asked: Asked) -> Policy:
    """The policy that a question is read under: its own preset, else the company's; single switches win over either."""
    if asked.policy is not None:
        return Policy(asked.policy, dict(asked.switches))
    return Policy(settings.policy.preset, {**settings.policy.overrides, **asked.switches})


def _check(asked: Asked) -> None:
    if asked.hours not in HOURS:
        raise UnknownNameError("kind of hours", asked.hours, HOURS, f"There are {' and '.join(HOURS)}.")


def _dimensions(
    con: DuckDBPyConnection, settings: Settings, asked: Asked
) -> tuple[dimensions.Dimension | None, tuple[tuple[dimensions.Dimension, tuple[str, ...]], ...]]:
    if asked.by is None and not asked.where:
        return None, ()
    names, told = attributes(con), histories(con)

    def find(name: str) -> dimensions.Dimension:
        if name in settings.segments and name not in names and name not in dimensions.BUILT_IN:
            return segments.segment(name, settings.segments, names)
        return dimensions.find(name, names, told, settings.segments)

    by = find(asked.by) if asked.by is not None else None
    filters = tuple(
        (
            segments.member(values, settings.segments, names)
            if name == "segment" and name not in names
            else find(name),
            tuple(values),
        )
        for name, values in asked.where.items()
    )
    moving = {d.name for d in (*([by] if by else []), *(d for d, _ in filters)) if d.kind in ("tenure", "history")}
    if len(moving) > 1:
        message = (
            f"{' and '.join(sorted(moving))} change as time goes by: ask for one of them at a time, or for NAME@now."
        )
        raise UsageError(message)
    return by, filters


def _check_dimensions(
    con: DuckDBPyConnection,
    chosen: Sequence[dimensions.Dimension],
    measure: Measure,
    columns: Mapping[str, frozenset[str]],
) -> None:
    """A dimension must say something of the measure.

    Raises:
        UsageError: it does not; the sentence names those that do.
    """
    for dimension in chosen:
        if not dimensions.fits(dimension, measure, columns):
            fitting = ", ".join(sorted(_fitting(con, measure, columns)))
            message = f"'{dimension.name}' says nothing of this metric: break it down by one of {fitting}."
            raise UsageError(message)


def fitting(con: DuckDBPyConnection, settings: Settings, metric: Metric) -> list[str]:
    """The names of the dimensions that say something of a metric: built in, then the attributes of accounts."""
    now = datetime.now(UTC).replace(tzinfo=None)
    reading = metric.reading(None, given(settings, settings.policy, "calendar", now))
    leaves = [node for node in reading.measure.walk() if isinstance(node, Leaf)]
    ledgers = {leaf.ledger for leaf in leaves}
    places = facts.ensure(con, settings, settings.policy, ledgers, coarse=True)
    return _fitting(con, reading.measure, known(con, places, ledgers, settings.currency).columns)


def _fitting(con: DuckDBPyConnection, measure: Measure, columns: Mapping[str, frozenset[str]]) -> list[str]:
    names, told = attributes(con), histories(con)
    every = [*dimensions.BUILT_IN.values(), *(dimensions.find(name, names, told) for name in dimensions.named(names))]
    return [dimension.name for dimension in every if dimensions.fits(dimension, measure, columns)]


def attributes(con: DuckDBPyConnection) -> tuple[str, ...]:
    """The names of the attributes of accounts that were loaded."""
    told = con.execute("SELECT name FROM meta.labels UNION SELECT name FROM account_attributes ORDER BY name")
    return tuple(row[0] for row in told.fetchall())


def histories(con: DuckDBPyConnection) -> tuple[str, ...]:
    """The names of those attributes whose past is known."""
    return tuple(row[0] for row in con.execute("SELECT DISTINCT name FROM account_attributes ORDER BY name").fetchall())


def _slots(
    settings: Settings, metric: Metric, asked: Asked, coverage: tuple[datetime | None, datetime | None], now: datetime
) -> Slots:
    """The periods of the question; one that looks ahead is not cut at now."""
    window = _window(settings, metric, asked, coverage, now)
    depth, months = _depth(metric.measure, settings)
    until = max(now, window.until) if metric.ahead else now
    return slots(window, settings.zone, settings.week_start, until, depth, months)


def _window(
    settings: Settings, metric: Metric, asked: Asked, coverage: tuple[datetime | None, datetime | None], now: datetime
) -> Window:
    until = parse_instant(asked.until, settings.zone) if asked.until else None
    if metric.ahead:
        begins, ends = window_ahead(now, asked.grain, settings.zone, settings.week_start)
    else:
        last = until or coverage[1]
        begins, ends = default_window(coverage[0], last, until or now, asked.grain, settings.zone, settings.week_start)
    since = parse_instant(asked.since, settings.zone) if asked.since else begins
    if since >= now and not metric.ahead:
        message = f"The window begins after now ({now.isoformat(timespec='seconds')}Z): nothing of it has happened yet."
        raise UsageError(message)
    # A beginning after the last loaded change is asked about up to now.
    return Window(since, until or (ends if ends > since else now), asked.grain, asked.compare)


def _depth(measure: Measure, settings: Settings) -> tuple[int, int]:
    """How many periods, and how many months, before each one the measure looks at."""
    depths, months = [0], [0]
    for node in measure.walk():
        if isinstance(node, Before):
            depths.append(node.periods)
        elif isinstance(node, Trailing):
            depths.append(settings.trailing_periods - 1)
        elif isinstance(node, MonthlyMean):
            months.append(node.months)
    return max(depths), max(months)


def _target(settings: Settings, metric: Metric) -> Target | None:
    own = settings.targets.get(metric.name)
    return Target(own.value, own.per, "tenure.toml") if own else metric.target


def _blank(planned: Slots) -> list[Row]:
    return [
        Row(slot.period.opens, slot.period.closes, slot.period.partial, None, None, {})
        for slot in sorted(planned.slots, key=lambda s: s.period.opens)
        if slot.shown
    ]


def _rows(
    con: DuckDBPyConnection, sql: str, asks: Question, reading: Metric, completion: Completion | None
) -> list[Row]:
    """The shown rows, each beside its counterpart of the period that it is compared with."""
    with exact():
        found = con.execute(sql)
    names = [column[0] for column in found.description]
    slots_by_n = {slot.n: slot for slot in asks.slots.slots}
    got: dict[tuple[int, str], Completed] = {}
    for values in found.fetchall():
        parts = dict(zip(names, (_number(v) for v in values), strict=True))
        n, segment, value = (parts.pop(key) for key in ("n", "segment", "value"))
        beside = {key: parts.pop(key, None) for key in CERTAINTY}
        if completion:
            got[n, segment] = completion(slots_by_n[n].period.closes, segment, parts)
        else:
            got[n, segment] = Completed(value, parts, certainty(reading, parts, beside), note(asks, parts))
    rows = []
    for (n, segment), one in got.items():
        slot = slots_by_n[n]
        if not slot.shown:
            continue
        then = _UNKNOWN if _in_the_day(asks, slot) else got.get((slot.compared or 0, segment), _UNKNOWN)
        row = Row(
            slot.period.opens, slot.period.closes, slot.period.partial, segment if asks.by else None, one.value, one.parts,
            *one.bounds, then.value, *change(reading.unit, one.value, then.value),
            beyond_noise(one.value, one.bounds, then.value, then.bounds), one.note,
        )  # fmt: skip
        rows.append(row)
    return rows


def _in_the_day(asks: Question, slot: Slot) -> bool:
    """Whether a part of a day would be compared with whole ones: who was active is known by the day alone."""
    by_day = any(isinstance(node, Leaf) and node.when in ("active", "recent", "daily") for node in asks.measure.walk())
    zone, closes = ZoneInfo(asks.zone), slot.period.closes
    short = slot.period.closes - slot.period.opens <= timedelta(days=1)
    return by_day and slot.period.partial and short and day_start(local(closes, zone).date(), zone) != closes


_UNKNOWN = Completed(None, {}, (None, None, None))


def _number(value: Any) -> Any:  # noqa: ANN401 - whatever the database gives
    return float(value) if isinstance(value, Decimal) else value
