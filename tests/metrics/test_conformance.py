"""What every metric owes, whatever it measures: asked of nothing, of quiet times, at every grain, by every segment."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

import tenure
from metrics.company import COMPANY, NOW, load
from metrics.formulas import DEFAULT, adds_up, divides, leaves
from tenure.calendar import GRAINS
from tenure.catalog import shipped
from tenure.config import Settings
from tenure.errors import UsageError
from tenure.metric import Interval
from tenure.query import given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from tenure.answer import Answer
    from tenure.metric import Metric

each_metric = pytest.mark.parametrize("metric", shipped().values(), ids=lambda m: m.name)
BOUNDS = {Interval.WILSON: (0, 1), Interval.NPS: (-100, 100)}
BEFORE_ALL = {"since": "2022-05-01", "until": "2022-06-01"}
QUIET = {"since": "2024-07-01", "until": "2024-08-01"}
WINDOWS = {
    "hour": ("2024-03-09T22:00:00Z", "2024-03-10T03:00:00Z", 5),
    "day": ("2024-03-08", "2024-03-16", 8),
    "week": ("2024-03-04", "2024-04-01", 4),
    "month": ("2024-01-01", "2024-05-01", 4),
    "quarter": ("2024-01-01", "2024-07-01", 2),
    "year": ("2024-01-01", "2025-01-01", 1),
    "total": ("2024-01-15", "2024-04-20", 1),
}


@pytest.fixture(scope="module")
def company() -> Iterator[tenure.Store]:
    with tenure.open() as store:
        load(store, COMPANY)
        yield store


@pytest.fixture(scope="module")
def empty() -> Iterator[tenure.Store]:
    with tenure.open() as store:
        yield store


def redone(answer: Answer) -> list[float | None]:
    """The value of every row, from its parts alone."""
    measure = answer.definition.measure.resolve(given(Settings(), answer.policy, answer.hours, answer.now))
    return [measure.value(row.parts, float) for row in answer.rows]


def near(values: list[float | None]) -> list[object]:
    return [None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9) for value in values]


@each_metric
def test_of_an_empty_store_it_is_unknown_and_says_what_is_missing(empty: tenure.Store, metric: Metric) -> None:
    answer = empty.ask(metric.name, now=NOW, **QUIET)
    assert [row.value for row in answer.rows] == [None]
    assert answer.missing == metric.needs


@pytest.fixture(scope="module")
def without() -> Iterator[Callable[[str], tenure.Store]]:
    """The company without a table, or without either of two; made once."""
    with ExitStack() as stack:
        made: dict[str, tenure.Store] = {}

        def store(tables: str) -> tenure.Store:
            if tables not in made:
                made[tables] = stack.enter_context(tenure.open())
                load(made[tables], {name: text for name, text in COMPANY.items() if name not in tables.split(" or ")})
            return made[tables]

        yield store


@each_metric
def test_each_table_it_needs_is_missed(metric: Metric, without: Callable[[str], tenure.Store]) -> None:
    for table in metric.needs:
        answer = without(table).ask(metric.name, now=NOW, **QUIET)
        assert ([row.value for row in answer.rows], answer.missing) == ([None], (table,))


@each_metric
def test_before_anything_happened_it_is_nothing_or_unknown(company: tenure.Store, metric: Metric) -> None:
    (row,) = company.ask(metric.name, now=NOW, **BEFORE_ALL).rows
    parts = [leaf for leaf in leaves(metric.measure.resolve(DEFAULT)) if leaf.when != "whole"]
    known = not divides(metric.measure) and all(leaf.empty == "0" for leaf in parts)
    assert row.value == (0 if known else None)
    assert all(row.parts[leaf.name] == (0 if leaf.empty == "0" else None) for leaf in parts)


@each_metric
def test_in_a_quiet_month_flows_are_nothing(company: tenure.Store, metric: Metric) -> None:
    answer = company.ask(metric.name, now=NOW, **QUIET)
    (row,) = answer.rows
    moving = [one for one in leaves(metric.measure.resolve(DEFAULT)) if one.when in {"flow", "each"}]
    assert all(row.parts[leaf.name] == (0 if leaf.empty == "0" else None) for leaf in moving)
    assert not answer.missing
    assert [row.value] == near(redone(answer))


@each_metric
@pytest.mark.parametrize("grain", GRAINS)
def test_at_every_grain_its_parts_redo_it(company: tenure.Store, metric: Metric, grain: str) -> None:
    since, until, count = WINDOWS[grain]
    for variant in (None, *metric.variants):
        asked = f"{metric.name}:{variant}" if variant else metric.name
        answer = company.ask(asked, since=since, until=until, grain=grain, compare="previous", now=NOW)
        measure = (metric.variants[variant].measure if variant else metric.measure).resolve(DEFAULT)
        assert len(answer.rows) == count
        assert [row.value for row in answer.rows] == near([measure.value(row.parts, float) for row in answer.rows])
        assert not answer.missing


@each_metric
def test_it_happens_in_the_company(company: tenure.Store, metric: Metric) -> None:
    """So that what is told above is told of numbers, not of zeros; a company this small can only be told why not to predict."""
    answer = company.ask(metric.name, since="2024-01-01", until="2024-05-01", now=NOW)
    assert any(row.value or row.note for row in answer.rows), [dict(row.parts) for row in answer.rows]


@each_metric
def test_its_segments_add_up(company: tenure.Store, metric: Metric) -> None:
    measure = metric.measure.resolve(DEFAULT)
    window = {"since": "2024-01-01", "until": "2024-06-01", "now": NOW}
    whole = {row.start: row.value for row in company.ask(metric.name, **window).rows}
    for by in company.dimensions():
        try:
            rows = company.ask(metric.name, by=by, **window).rows
        except UsageError:  # it says nothing of this metric
            continue
        parts: dict[datetime, float] = dict.fromkeys(whole, 0.0)
        for row in rows:
            assert row.segment is not None
            parts[row.start] += row.value or 0
        if adds_up(measure):
            assert parts == {start: pytest.approx(value, abs=1e-9) for start, value in whole.items()}, by


@each_metric
def test_every_segment_redoes_its_value(company: tenure.Store, metric: Metric) -> None:
    for by in [name for name in ("plan", "region", "tenure") if name in company.dimensions(metric.name)]:
        answer = company.ask(metric.name, since="2024-01-01", until="2024-05-01", by=by, now=NOW)
        assert [row.value for row in answer.rows] == near(redone(answer))


@each_metric
def test_an_interval_holds_its_share(company: tenure.Store, metric: Metric) -> None:
    for row in company.ask(metric.name, since="2024-01-01", until="2024-05-01", now=NOW).rows:
        if metric.interval in BOUNDS and row.value is not None and row.value <= (bounds := BOUNDS[metric.interval])[1]:
            assert row.low is not None
            assert row.high is not None
            assert bounds[0] <= row.low <= row.value <= row.high <= bounds[1]
            assert row.n
        if metric.interval is None:
            assert (row.low, row.high) == (None, None)
