"""The whole scorecard: every metric over one window, each as `tenure.query.ask` answers it, and those without a number with why.

A report holds answers and no words of its own about them; how it looks is the business of a surface.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tenure.answer import instant
from tenure.calendar import parse_instant, periods
from tenure.errors import TenureError, UnknownNameError, UsageError
from tenure.lists.loads import holdings
from tenure.query import now_of, policy_of
from tenure.unmatched import unmatched
from tenure.window import Window
from tenure.words import unloaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from tenure.answer import Answer
    from tenure.calendar import Period
    from tenure.catalog import Broken
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.query import Asked

    Span = tuple[datetime | None, datetime | None]

_LEVEL = "mrr"  # what is known of a company is what is known of its revenue, as on the dashboard
_INSTANT = timedelta(microseconds=1)
_MOST = 1_000  # periods: more are no scorecard


@dataclass(frozen=True)
class Entry:
    """One metric: its answer, or the sentence with which the question was refused."""

    definition: Metric
    answer: Answer | None
    refused: str = ""

    @property
    def is_known(self) -> bool:
        """Whether its tables were loaded; what is known then may still be unknown in a period."""
        answer = self.answer
        return answer is not None and not (answer.missing and all(row.value is None for row in answer.rows))


@dataclass(frozen=True)
class Report:
    """Every metric over one window, in the catalogue's order.

    `since`, `until`, `now` and `coverage` are naive UTC, intervals half-open. `periods` are those of every answer, and
    `focus` is the number of the one that is told: the last that is over and of which something is known.
    """

    company: str
    since: datetime
    until: datetime
    grain: str
    compare: str
    timezone: str
    currency: str
    locale: str
    hours: str
    policy: Policy
    where: Mapping[str, tuple[str, ...]]
    as_of: str | None
    now: datetime
    coverage: Span
    periods: tuple[Period, ...]
    focus: int
    entries: tuple[Entry, ...]
    notes: tuple[str, ...]

    @property
    def known(self) -> list[tuple[Metric, Answer]]:
        """The metrics that have something to tell."""
        return [(one.definition, one.answer) for one in self.entries if one.answer is not None and one.is_known]

    @property
    def unknown(self) -> list[tuple[Metric, tuple[str, ...]]]:
        """The metrics without data, and what each wants: tables (`a or b`: either will do), or currencies without a rate."""
        return [(one.definition, one.answer.missing) for one in self.entries if one.answer and not one.is_known]

    @property
    def refused(self) -> list[tuple[Metric, str]]:
        """The metrics that this question cannot be asked of, and why."""
        return [(one.definition, one.refused) for one in self.entries if one.answer is None]

    def to_dict(self) -> dict[str, Any]:
        """The report in the one shape that every surface gives; each of `metrics` is what `ask` gives, and its `family`."""
        shown, (first, last) = self.periods[self.focus], self.coverage
        return {
            "company": self.company,
            "from": instant(self.since),
            "to": instant(self.until),
            "grain": self.grain,
            "period": {"start": instant(shown.opens), "end": instant(shown.closes), "partial": shown.partial},
            "compare": self.compare,
            "timezone": self.timezone,
            "currency": self.currency,
            "hours": self.hours,
            "policy": self.policy.preset,
            "switches": dict(self.policy.overrides),
            "where": {name: list(values) for name, values in self.where.items()},
            "as_of": self.as_of,
            "now": instant(self.now),
            "coverage": {"from": instant(first) if first else None, "to": instant(last) if last else None},
            "notes": list(self.notes),
            "metrics": [{"family": metric.family, **answer.to_dict()} for metric, answer in self.known],
            "unknown": [
                {"family": metric.family, "metric": metric.name, "title": metric.title, "missing": list(missing)}
                for metric, missing in self.unknown
            ],
            "refused": [
                {"family": metric.family, "metric": metric.name, "title": metric.title, "why": why}
                for metric, why in self.refused
            ],
        }


def report(
    con: DuckDBPyConnection,
    settings: Settings,
    metrics: Mapping[str, Metric],
    asked: Asked,
    answer: Callable[[str, Asked], Answer],
    broken: Sequence[Broken] = (),
) -> Report:
    """The report of a question that names no metric; without a comparison it is with the period before.

    Args:
        con: The store.
        settings: The company's.
        metrics: The catalogue.
        asked: The question; its `by` must be None.
        answer: Answers one metric.
        broken: The company's own metrics that cannot be used.

    Raises:
        UnknownNameError: a name that is not known.
        UsageError: words that do not go together, that say nothing of any metric, or that mean too many periods.
    """
    if asked.by is not None:
        message = (
            f"A report has no segments: ask for one metric by '{asked.by}', or filter the report by a value of it."
        )
        raise UsageError(message)
    now = now_of(settings, asked)
    # One instant for all of them, however long they take.
    asked = replace(asked, now=instant(now), compare=asked.compare or "previous")
    coverage, window = _frame(con, asked, now, answer)
    shown = periods(window.since, window.until, window.grain, settings.zone, settings.week_start, now)
    if len(shown) > _MOST:
        message = (
            f"A report has room for {_MOST:,} periods, and this window has {len(shown):,} of grain '{window.grain}': "
            "choose a coarser grain or a shorter window."
        )
        raise UsageError(message)
    asked = replace(asked, since=instant(window.since), until=instant(window.until))
    entries = _entries(metrics.values(), asked, answer)
    return Report(
        company=settings.company,
        since=window.since,
        until=window.until,
        grain=asked.grain,
        compare=asked.compare or "",
        timezone=settings.timezone,
        currency=settings.currency,
        locale=settings.locale,
        hours=asked.hours,
        policy=policy_of(settings, asked),
        where={name: tuple(values) for name, values in asked.where.items()},
        as_of=asked.as_of,
        now=now,
        coverage=coverage,
        periods=tuple(shown),
        focus=_focus(shown, coverage[0]),
        entries=entries,
        notes=tuple(_notes(con, settings, metrics, asked, entries, broken)),
    )


def _frame(
    con: DuckDBPyConnection, asked: Asked, now: datetime, answer: Callable[[str, Asked], Answer]
) -> tuple[Span, Window]:
    """From when to when something is known, and the window: those of revenue, so that all metrics have the same.

    Where no revenue was loaded, it is what is known of everything else.
    """
    whole = replace(asked, where={}, compare=None)
    level = answer(_LEVEL, whole)
    coverage = level.coverage
    if coverage[0] is None:
        told = [row for row in holdings(con)["tables"] if row["first"] and row["last"] and row["dated"]]
        spans = [(_naive(row["first"]), _naive(row["last"])) for row in told]
        if spans:
            first, last = min(first for first, _ in spans), max(last for _, last in spans)
            coverage = first, last
            begins = asked.since or (instant(first) if asked.grain == "total" and first < now else None)
            level = answer(
                _LEVEL, replace(whole, since=begins, until=asked.until or instant(min(last + _INSTANT, now)))
            )
    until = level.rows[-1].end
    if asked.until is not None:  # what looks ahead is told up to there
        until = max(until, parse_instant(asked.until, ZoneInfo(level.timezone)))
    return coverage, Window(level.rows[0].start, until, asked.grain)


def _naive(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _focus(shown: Sequence[Period], first: datetime | None) -> int:
    full = [n for n, one in enumerate(shown) if not one.partial and (first is None or one.closes > first)]
    return full[-1] if full else len(shown) - 1


def _entries(metrics: Iterable[Metric], asked: Asked, answer: Callable[[str, Asked], Answer]) -> tuple[Entry, ...]:
    """The answers; where not one metric can be asked this, the words are at fault and not the metrics."""
    entries, faults = [], []
    for metric in metrics:
        try:
            entries.append(Entry(metric, answer(metric.name, asked)))
        except UnknownNameError:
            raise
        except TenureError as fault:
            faults.append(fault)
            entries.append(Entry(metric, None, str(fault)))
    if len(faults) == len(entries):
        raise faults[0]
    return tuple(entries)


def _notes(
    con: DuckDBPyConnection,
    settings: Settings,
    metrics: Mapping[str, Metric],
    asked: Asked,
    entries: Iterable[Entry],
    broken: Iterable[Broken],
) -> list[str]:
    notes = [early] if (early := unloaded(con, settings, asked)) else []
    if asked.where and not notes:
        said = [unmatched(con, settings, metrics, one.definition.name, asked) for one in entries if one.is_known]
        # A value is amiss if no metric has it; which others there are is told of the first.
        amiss = [{text.partition("'.")[0] for text in sentences} for sentences in said]
        notes += [
            text for text in (said[0] if said else ()) if all(text.partition("'.")[0] in found for found in amiss)
        ]
    notes += [f"{one.path.name}, line {one.line}, is left out: {one.reason}." for one in broken]
    return notes
