"""The rows that are shown behind a number add up to it: each part is redone from the rows of its own evidence."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from metrics.company import COMPANY, NOW, load
from metrics.formulas import leaves
from tenure.calendar import parse_instant
from tenure.catalog import shipped
from tenure.errors import UsageError
from tenure.evidence import leaf_rows
from tenure.query import Asked, given, policy_of, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.algebra import Leaf
    from tenure.metric import Metric

ASKED = Asked(since="2024-02-01", until="2024-05-01", grain="total", now=NOW)
# A filter between whose segments accounts move, another clock, and another policy.
OTHERWISE = replace(ASKED, where={"tenure": ("90-365 d",)}, policy="recurly", hours="business")


@pytest.fixture(scope="module")
def company() -> Iterator[tenure.Store]:
    with tenure.open() as store:
        load(store, COMPANY)
        yield store


def redone(store: tenure.Store, sql: str, leaf: Leaf) -> Any:  # noqa: ANN401 - whatever the total is
    """The leaf's own reduction, over nothing but the rows of its evidence."""
    if leaf.when in ("opening", "closing"):
        value = "standing * coalesce(rate, 1)" if "worth" in leaf.total else "standing"
        total = f"coalesce(sum({value}), 0)"
    else:
        total = "count(*)" if leaf.when in ("active", "recent") else leaf.total
    row = store._con.execute(f"SELECT {total} FROM ({sql})").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize("metric", shipped().values(), ids=lambda m: m.name)
def test_the_rows_redo_the_part(company: tenure.Store, metric: Metric) -> None:
    for variant in (None, *metric.variants):
        hold(company, metric, variant, ASKED)
    with suppress(UsageError):  # whether somebody opens a page has no tenure
        hold(company, metric, None, OTHERWISE)


def hold(store: tenure.Store, metric: Metric, variant: str | None, asked: Asked) -> None:
    policy, now = policy_of(store.settings, asked), parse_instant(NOW, store.settings.zone)
    (row,) = store.ask(f"{metric.name}:{variant}" if variant else metric.name, **vars(asked)).rows
    reading = metric.reading(variant, given(store.settings, policy, asked.hours, now))
    planned = question(store._con, store.settings, reading, policy, asked, now)
    for leaf in leaves(reading.measure):
        if leaf.when == "survival":  # a curve is no sum of its rows: how many there are is what can be told
            continue
        found, part = redone(store, leaf_rows(planned, leaf), leaf), row.parts[leaf.name]
        if found is None and leaf.empty == "0":
            found = 0
        if part is None and asked.where:  # what names no account is unknown in a segment, and has no rows there
            assert found in (None, 0), leaf.name
        else:
            assert part == (None if found is None else pytest.approx(float(found), rel=1e-9, abs=1e-9)), leaf.name
