"""Every metric says what it is, in words that agree with its formula and collide with nobody else's."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields

import duckdb
import pytest

from metrics.formulas import DEFAULT, readings, written
from tenure.algebra import Leaf, Named
from tenure.answer import Row
from tenure.catalog import shipped
from tenure.metric import Interval, Metric, Unit, Variant

METRICS = list(shipped().values())
SECTIONS = ["Definition", "Formula", "Edge cases", "Sources"]
each_metric = pytest.mark.parametrize("metric", METRICS, ids=lambda m: m.name)


@each_metric
def test_the_docstring_has_all_its_sections(metric: Metric) -> None:
    assert re.fullmatch(r"[A-Z][^:]+: .+\.", metric.summary)
    assert [line for line in metric.doc.splitlines()[1:] if line and not line.startswith(" ")] == SECTIONS
    assert all(metric.section(name) for name in SECTIONS)


@each_metric
def test_the_formula_in_words_is_the_one_that_is_computed(metric: Metric) -> None:
    assert metric.section("Formula") == written(metric.measure.resolve(DEFAULT))


@each_metric
def test_it_has_worked_examples_each_with_a_title_of_its_own(metric: Metric) -> None:
    assert metric.examples
    assert len({example.title for example in metric.examples}) == len(metric.examples)
    assert {example.variant for example in metric.examples} >= set(metric.variants)


@each_metric
def test_its_title_fits_on_a_tile(metric: Metric) -> None:
    assert len(metric.title) <= 24
    assert metric.title[0].isupper()


@pytest.mark.parametrize("metric", [one for one in METRICS if one.basis], ids=lambda m: m.name)
def test_what_it_rests_on_is_said_of_its_own_parts(metric: Metric) -> None:
    said = set(re.findall(r"\{(\w+)\}", metric.basis))
    assert said
    assert said <= {node.name for node in metric.measure.resolve(DEFAULT).walk() if isinstance(node, Named)}


@each_metric
def test_a_target_is_a_number_of_a_period_and_somebody_says_so(metric: Metric) -> None:
    if metric.target:
        assert metric.target.source
        assert metric.target.per in {None, "day", "week", "month", "quarter", "year"}


@each_metric
def test_an_interval_is_of_a_number_that_has_one(metric: Metric) -> None:
    units = {Interval.WILSON: Unit.SHARE, Interval.NPS: Unit.POINTS}
    readings: list[Metric | Variant] = [metric, *metric.variants.values()]
    for reading in readings:
        if reading.interval in units:
            assert (reading.unit or metric.unit) is units[reading.interval]
        elif reading.interval is not None:
            assert isinstance(reading.measure.resolve(DEFAULT), Leaf)


def test_no_two_metrics_answer_to_one_word() -> None:
    words = Counter(word for metric in METRICS for word in (metric.name, *metric.aliases))
    assert not [word for word, times in words.items() if times > 1]
    assert not [word for word in words if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", word)]
    titles = Counter(metric.title.lower() for metric in METRICS)
    assert not [title for title, times in titles.items() if times > 1]


@each_metric
def test_a_part_has_one_meaning_and_a_name_that_sql_takes(metric: Metric) -> None:
    with duckdb.connect() as con:
        found = con.execute("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category = 'reserved'").fetchall()
    reserved = {name for (name,) in found}
    taken = {field.name for field in fields(Row)} | {"n", "segment", "opens", "closes", "shown", "compared"}
    for measure in readings(metric):
        nodes = {node for node in measure.walk() if isinstance(node, Named)}
        names = Counter(node.name for node in nodes)
        assert not [name for name, times in names.items() if times > 1]
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
        assert not {*names} & (reserved | taken)
