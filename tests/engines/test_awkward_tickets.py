"""Tickets with histories that contradict themselves are the same rows on ClickHouse, to the second of business time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import clickhouse_connect
import pytest

import tenure
from engines.test_clickhouse import TYPES
from laws.stores import load
from laws.tickets import company
from tenure.facts.fact import INPUTS, facts, parameters, statement
from tenure.policy import Policy
from tenure.store.facts import ensure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clickhouse_connect.driver.client import Client

LEDGERS = ("ticket_statuses", "cases", "backlog", "help")
READ = frozenset().union(*(facts()[name].sources for name in LEDGERS))


@pytest.fixture
def clickhouse() -> Iterator[Client]:
    """ClickHouse in this process, with a database of its own."""
    client = clickhouse_connect.get_client(interface="chdb")
    client.command("SET join_use_nulls = 1")
    client.command("CREATE DATABASE awkward")
    yield client
    client.command("DROP DATABASE awkward")


@pytest.mark.parametrize("seed", range(4))
def test_the_same_rows(clickhouse: Client, seed: int) -> None:
    made = company(seed)
    places = {name: f"awkward.{name}" for name in (*READ, *LEDGERS)}
    with tenure.open(":memory:", settings=made.settings) as store:
        load(store, made.tables)
        ours = ensure(store._con, store.settings, None, LEDGERS)
        for name in READ:
            place = ours[name] if name in INPUTS else name
            columns = store._con.execute(f"DESCRIBE {place}").fetchall()
            declared = ", ".join(f"{c[0]} Nullable({TYPES.get(c[1], c[1])})" for c in columns)
            clickhouse.command(f"CREATE TABLE awkward.{name} ({declared}) ENGINE = Memory")
            rows = store._con.execute(f"FROM {place}").fetchall()
            if rows:
                clickhouse.insert(f"awkward.{name}", rows, column_names=[c[0] for c in columns])
        for name in LEDGERS:
            theirs = statement(facts()[name], parameters(Policy(), store.settings), tables=places, dialect="clickhouse")
            clickhouse.command(f"CREATE TABLE awkward.{name} ENGINE = Memory AS {theirs}")
            here = sorted(map(repr, store._con.execute(f"FROM {ours[name]}").fetchall()))
            there = sorted(map(repr, clickhouse.query(f"SELECT * FROM awkward.{name}").result_rows))
            assert here, name
            assert here == there, name
