"""Every example of every metric holds: the company's files are loaded, the metric is asked, the number is the one printed."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

import tenure
from metrics.company import load
from tenure.catalog import shipped
from worked.cases import TOLERANCE, near

if TYPE_CHECKING:
    from tenure.metric import Metric


@pytest.mark.parametrize("metric", shipped().values(), ids=lambda m: m.name)
def test_the_examples_hold(metric: Metric) -> None:
    with ExitStack() as held:
        stores: dict[tuple[str, ...], tenure.Store] = {}
        for example in metric.examples:
            company = tuple(example.tables.values())
            if company not in stores:  # examples of one company under several policies share its store
                stores[company] = held.enter_context(tenure.open())
                load(stores[company], example.tables)
            answer = stores[company].ask(
                f"{metric.name}:{example.variant}" if example.variant else metric.name,
                since=example.since, until=example.until, grain=example.grain, switches=example.policy,
            )  # fmt: skip
            assert not answer.missing
            found = [row.value for row in answer.rows]
            assert len(found) == 1, example.title
            assert near(found[0], example.expect, TOLERANCE), f"{example.title}: {found[0]}, not {example.expect}"
