"""The ledgers are the same rows on ClickHouse as on DuckDB, under every preset and under switches that none of them sets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import clickhouse_connect
import pytest

import tenure
from tenure.config import Settings, load_settings
from tenure.facts.fact import INPUTS, facts, fingerprints, parameters, statement
from tenure.policy import PRESETS, Policy
from tenure.sources.demo import company, settings, write
from tenure.store import rates
from tenure.store.facts import ensure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from clickhouse_connect.driver.client import Client

READ = tuple(sorted({read for fact in facts().values() for read in fact.sources}))
TYPES = {
    "VARCHAR": "String",
    "TIMESTAMP": "DateTime64(6)",
    "BOOLEAN": "Bool",
    "BIGINT": "Int64",
    "DATE": "Date32",
    "JSON": "String",
}
POLICIES = {name: Policy(name) for name in PRESETS} | {
    "other": Policy(
        "tenure",
        {
            "churn_at": "request",
            "reactivation_gap_days": "40",
            "settle_minutes": "0",
            "fx": "latest",
            "week_factor": "4.33",
        },
    )
}


COMPARED: set[str] = set()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tenure.Store]:
    """A small company: trials, pauses, dunning, discounts, links, four currencies."""
    folder: Path = tmp_path_factory.mktemp("company")
    (folder / "tenure.toml").write_text(settings(), encoding="utf-8")
    write(folder, company(accounts=150, months=18, until=date(2026, 7, 1)))
    with tenure.open(":memory:", settings=load_settings(folder)) as made:
        made.load(sorted(folder.glob("*.csv")))
        ensure(made._con, made.settings)
        yield made


@pytest.fixture(scope="module")
def clickhouse(store: tenure.Store) -> Client:
    """ClickHouse in this process, holding the rows that the ledgers are made from."""
    client = clickhouse_connect.get_client(interface="chdb")
    client.command("SET join_use_nulls = 1")
    for name in READ:
        place = f"facts.{name}" if name in INPUTS else name
        described = store._con.execute(f"DESCRIBE {place}").fetchall()
        columns = ", ".join(
            f"{c[0]} Nullable({TYPES.get(c[1], c[1].replace('DECIMAL', 'Decimal'))})" for c in described
        )
        client.command(f"CREATE TABLE {name} ({columns}) ENGINE = Memory")
        client.insert(name, store._con.execute(f"FROM {place}").fetchall(), column_names=[c[0] for c in described])
    return client


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_the_same_rows(store: tenure.Store, clickhouse: Client, policy: Policy) -> None:
    """Ledger by ledger, each engine reading its own ledgers."""
    first, last = rates.bounds(store._con)
    values = parameters(policy, Settings(currency="EUR")) | {"first_day": str(first), "last_day": str(last)}
    store._con.execute("CREATE SCHEMA IF NOT EXISTS compared")
    made = {name: f"{name}_{mark}" for name, mark in fingerprints(values).items()}
    here = {name: f"compared.{table}" for name, table in made.items()} | {name: f"facts.{name}" for name in INPUTS}
    for name, fact in facts().items():
        if made[name] in COMPARED:  # another policy has made the very same rows
            continue
        COMPARED.add(made[name])
        store._con.execute(f"CREATE TABLE {here[name]} AS {statement(fact, values, tables=here)}")
        there = statement(fact, values, tables=made, dialect="clickhouse")
        clickhouse.command(f"CREATE TABLE {made[name]} ENGINE = Memory AS {there}")
        ours = sorted(map(repr, store._con.execute(f"FROM {here[name]}").fetchall()))
        theirs = sorted(map(repr, clickhouse.query(f"SELECT * FROM {made[name]}").result_rows))
        assert ours, name
        assert ours == theirs, name
