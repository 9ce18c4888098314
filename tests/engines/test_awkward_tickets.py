"""Tickets with histories that contradict themselves are the same rows on ClickHouse, to the second of business time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

import tenure
from laws.stores import load
from laws.tickets import company
from tenure.engines import connect
from tenure.engines.types import arrow_schema
from tenure.facts.fact import facts, parameters, statement
from tenure.policy import Policy
from tenure.store.facts import ensure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.engines.engine import Engine

LEDGERS = ("ticket_statuses", "cases", "backlog", "help")
READ = frozenset().union(*(facts()[name].sources for name in LEDGERS))


@pytest.fixture
def clickhouse() -> Iterator[Engine]:
    """ClickHouse in this process, with a database of its own."""
    engine = connect("chdb://")
    engine.schema("awkward")
    yield engine
    engine.drop_schema("awkward")
    engine.close()


@pytest.mark.parametrize("seed", range(4))
def test_the_same_rows(clickhouse: Engine, seed: int) -> None:
    made = company(seed)
    places = {name: f"awkward.{name}" for name in (*READ, *LEDGERS)}
    with tenure.open(":memory:", settings=made.settings) as store:
        load(store, made.tables)
        ours = ensure(store._con, store.settings, None, LEDGERS)
        for name in READ:
            rows = store._con.execute(f"FROM {ours.get(name, name)}")
            columns = {column[0]: str(column[1]) for column in rows.description}
            clickhouse.create(places[name], columns)
            clickhouse.insert(places[name], rows.to_arrow_table())
        for name in LEDGERS:
            theirs = statement(facts()[name], parameters(Policy(), store.settings), tables=places, dialect="clickhouse")
            clickhouse.make(places[name], theirs)
            rows = store._con.execute(f"FROM {ours[name]}")
            columns = {column[0]: str(column[1]) for column in rows.description}
            here = sorted(map(repr, rows.to_arrow_table().to_pylist()))
            brought = clickhouse.fetch(f"SELECT * FROM {places[name]}", columns)
            there = sorted(map(repr, pa.Table.from_batches(brought, schema=arrow_schema(columns)).to_pylist()))
            assert here, name
            assert here == there, name
