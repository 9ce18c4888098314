"""The ledgers are the same rows on Spark, a master with two workers, as on DuckDB; each fault of it is one sentence."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

import tenure
from engines import spark_cluster
from engines.companies import POLICIES, awkward, believable, differing, large
from tenure.config import load_settings
from tenure.conformance import conform
from tenure.engines import connect
from tenure.errors import WarehouseError
from tenure.facts.fact import INPUTS, facts, fingerprints, parameters, statement
from tenure.sources import demo
from tenure.store import rates
from tenure.store.facts import ensure, with_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engines.spark_cluster import Cluster
    from tenure.engines.engine import Engine
    from tenure.policy import Policy

DAILY = ("customer_movements", "ticket_statuses", "activity")
"""With what they read: joins, windows, decimals and calendar days. The soak run makes all ledgers, and asks every metric."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with spark_cluster.cluster(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture(scope="module")
def spark(cluster: Cluster) -> Iterator[Engine]:
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    engine = connect(cluster.url())
    engine.schema("compared")
    yield engine
    engine.drop_schema("compared")
    engine.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tenure.Store]:
    folder = tmp_path_factory.mktemp("company")
    (folder / "tenure.toml").write_text(demo.settings(), encoding="utf-8")
    demo.write(folder, demo.company(accounts=25, months=9, until=date(2026, 7, 1)))
    with tenure.open(":memory:", settings=load_settings(folder)) as made:
        made.load(sorted(folder.glob("*.csv")))
        ensure(made._con, made.settings, None, DAILY)  # and with them every input
        made._con.execute("CREATE SCHEMA compared")
        yield made


def columns(store: tenure.Store, place: str) -> dict[str, str]:
    return {name: told for name, told, *_ in store._con.execute(f"DESCRIBE {place}").fetchall()}


def carry(store: tenure.Store, spark: Engine, names: set[str]) -> None:
    """Puts canonical tables and inputs where the ledgers are made."""
    for name in sorted(names):
        place = f"facts.{name}" if name in INPUTS else name
        told = columns(store, place)
        plain = ", ".join(f'CAST("{c}" AS VARCHAR) AS "{c}"' if t == "JSON" else f'"{c}"' for c, t in told.items())
        spark.create(f"compared.{name}", told)
        spark.insert(f"compared.{name}", store._con.sql(f"SELECT {plain} FROM {place}").to_arrow_table())
        assert list(spark.columns(f"compared.{name}")) == list(told)


def compare(store: tenure.Store, spark: Engine, names: list[str]) -> None:
    """Makes ledgers on both, each from its own, and holds them against each other row for row."""
    first, last = rates.bounds(store._con)
    values = parameters(store.settings.policy, store.settings) | {"first_day": str(first), "last_day": str(last)}
    made = {name: f"compared.{name}_{mark}" for name, mark in fingerprints(values).items()}
    here = made | {name: f"facts.{name}" for name in INPUTS}
    there = made | {n: f"compared.{n}" for fact in facts().values() for n in fact.reads if n not in facts()}
    for name in names:
        store._con.execute(f"CREATE TABLE {made[name]} AS {statement(facts()[name], values, tables=here)}")
        told = columns(store, made[name])
        spark.make(made[name], statement(facts()[name], values, tables=there, dialect=spark.dialect))
        theirs = pa.Table.from_batches(spark.fetch(f"SELECT * FROM {made[name]}", told))
        ours = store._con.sql(f"FROM {made[name]}").to_arrow_table()
        assert ours.num_rows, name
        assert theirs.schema.types == ours.schema.types, name
        store._con.register("theirs", theirs)
        odd = f"(FROM {made[name]} EXCEPT ALL FROM theirs) UNION ALL (FROM theirs EXCEPT ALL FROM {made[name]})"
        assert not store._con.execute(odd).fetchall(), name


def test_the_same_rows(store: tenure.Store, spark: Engine) -> None:
    names = with_below(DAILY)
    carry(store, spark, set().union(*(facts()[name].sources for name in names)))
    compare(store, spark, names)


def test_a_large_result_comes_in_pieces(spark: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenure.engines.spark._PIECE", 100)
    select = "SELECT id % 500 AS n, IF(id % 7 = 0, NULL, CAST(id AS DECIMAL(18, 4))) AS amount FROM range(1000)"
    batches = list(spark.fetch(select, {"n": "BIGINT", "amount": "DECIMAL(18,4)"}))
    rows = pa.Table.from_batches(batches)
    assert len(batches) > 5
    assert sorted(rows["n"].to_pylist()) == sorted(n % 500 for n in range(1000))
    assert rows["amount"].null_count == 143


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (
            "SELECT * FROM compared.acounts",
            r"has no such table: The table or view `compared`\.`acounts` cannot be found\.",
        ),
        ("SELECT * FROM nowhere.accounts", r"has no such table: .*`nowhere`\.`accounts`"),
        ("SELECT nam FROM (SELECT 1 AS name)", r"has no such column: .*`nam` cannot be resolved\."),
        ("SELECT CAST('twelve' AS BIGINT) AS name", "does not fit: The value 'twelve' .* cannot be cast to \"BIGINT\""),
        ("SELECT 1 FRO name", "refused a statement: Syntax error at or near 'name'"),
    ],
)
def test_a_fault_is_one_sentence(spark: Engine, sql: str, sentence: str) -> None:
    with pytest.raises(WarehouseError, match=sentence) as told:
        list(spark.fetch(sql, {"name": "VARCHAR"}))
    assert str(told.value).count("\n") == 0


def test_a_folder_that_a_killed_session_left_is_written_over(spark: Engine, cluster: Cluster) -> None:
    left = cluster.folder / "warehouse" / "compared.db" / "left"
    left.mkdir(parents=True)
    (left / "part-0.parquet").write_bytes(b"half a fi")
    spark.make("compared.left", "SELECT 1 AS one")
    assert next(spark.fetch("SELECT * FROM compared.left", {"one": "BIGINT"})).to_pylist() == [{"one": 1}]


def test_another_master_while_one_is_at_work(spark: Engine, cluster: Cluster) -> None:
    spark.make("compared.shared", "SELECT 1 AS one")
    other = connect(cluster.url())
    other.close()  # the session is shared, and goes on
    assert spark.columns("compared.shared") == {"one": "INTEGER"}
    with pytest.raises(WarehouseError, match=f"has a session with spark://127.0.0.1:{cluster.port} already"):
        connect(f"spark://localhost:{cluster.port}")


def test_nobody_listens() -> None:
    spark_cluster.home()
    with pytest.raises(WarehouseError, match=r"^spark://127\.0\.0\.1:9 cannot be reached \(Connection refused\)"):
        connect("spark://127.0.0.1:9")


@pytest.mark.soak
def test_the_demo_gives_the_same_rows_in_every_reading(spark: Engine) -> None:
    assert differing(conform(spark, believable(demo.ACCOUNTS, demo.MONTHS), policies=POLICIES, metrics=False)) == []


@pytest.mark.soak
def test_the_demo_gives_the_same_digits(spark: Engine) -> None:
    assert differing(conform(spark, believable(demo.ACCOUNTS, demo.MONTHS))) == []


@pytest.mark.soak
def test_size_makes_no_difference(spark: Engine) -> None:
    for name, value in spark_cluster.LARGE.items():
        spark.run(f"SET {name} = {value}")
    assert differing(conform(spark, large())) == []
    for name in spark_cluster.LARGE:
        spark.run(f"RESET {name}")


@pytest.mark.soak
@tried(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(2), extreme=st.booleans(), policy=st.sampled_from(POLICIES))
def test_no_coincidence_makes_a_difference(spark: Engine, seed: int, extreme: bool, policy: Policy) -> None:  # noqa: FBT001
    assert differing(conform(spark, awkward(seed, extreme=extreme), policies=[policy])) == []
