"""Every fact is the same rows, and every metric the same digits, on each engine: what `tenure conformance` shows a user.

The everyday run compares a company of awkward values, and a believable one under switches that no preset sets. The soak
run compares the demo under every preset, companies that are drawn, and a large one; on Spark `test_spark.py` does.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engines.companies import OTHER, POLICIES, awkward, believable, differing, large
from engines.postgres_server import PASSWORD
from surfaces.shell import refused, tenure
from tenure.catalog import shipped
from tenure.conformance import Company, conform
from tenure.engines import connect
from tenure.facts.fact import facts
from tenure.policy import Policy
from tenure.sources import demo, nasty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.engines.engine import Engine

ENGINES = ("postgres", "chdb")


@pytest.fixture(scope="module", params=ENGINES)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the engine is; its password is in the environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENURE_WAREHOUSE_PASSWORD", PASSWORD)
        yield "chdb://" if request.param == "chdb" else request.getfixturevalue(request.param).url()


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    opened = connect(url)
    yield opened
    opened.close()


@pytest.mark.parametrize("url", ["postgres", pytest.param("chdb", marks=pytest.mark.soak)], indirect=True)
def test_awkward_values_give_the_same_digits(url: str) -> None:
    """By the command that a user runs, on the company that it brings."""
    said = tenure("conformance", "--engine", url, "--company", "nasty", "--format", "json")
    assert said.code == 0, said
    (report,) = said.json["reports"]
    assert (report["company"], report["policy"], said.json["equal"], report["equal"]) == ("nasty", "tenure", True, True)
    assert [fact["name"] for fact in report["facts"]] == list(facts())
    assert all(fact["rows"] for fact in report["facts"]), "a fact without rows shows nothing"
    assert {metric["name"].partition(":")[0] for metric in report["metrics"]} == set(shipped())
    assert all(one["equal"] and one["difference"] is None for one in (*report["facts"], *report["metrics"]))
    assert PASSWORD not in said.out


@pytest.mark.parametrize("url", ["chdb"], indirect=True)
def test_a_believable_company_gives_the_same_rows(engine: Engine) -> None:
    assert differing(conform(engine, believable(30, 8), policies=[Policy("tenure", OTHER)], metrics=False)) == []


@pytest.mark.soak
def test_the_demo_gives_the_same_rows_in_every_reading(engine: Engine) -> None:
    assert differing(conform(engine, believable(demo.ACCOUNTS, demo.MONTHS), policies=POLICIES, metrics=False)) == []


@pytest.mark.soak
def test_the_demo_gives_the_same_digits(engine: Engine) -> None:
    assert differing(conform(engine, believable(demo.ACCOUNTS, demo.MONTHS))) == []


@pytest.mark.soak
def test_size_makes_no_difference(engine: Engine) -> None:
    assert differing(conform(engine, large())) == []


@pytest.mark.soak
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(2), extreme=st.booleans(), policy=st.sampled_from(POLICIES))
def test_no_coincidence_makes_a_difference(engine: Engine, seed: int, extreme: bool, policy: Policy) -> None:  # noqa: FBT001
    """Some companies are so thin that a fact has no rows: nothing differs all the same."""
    assert differing(conform(engine, awkward(seed, extreme=extreme), policies=[policy])) == []


def test_a_difference_is_shown_and_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that rounds: one more in one row of one ledger, and every number that has it in it."""
    from tenure.engines import clickhouse

    make = clickhouse.ClickHouse.make
    few = {name: rows for name, rows in nasty.company().items() if name in {"accounts", "transactions"}}

    def off_by_one(self: clickhouse.ClickHouse, place: str, select: str) -> None:
        if ".payments_" in place:
            first = "ROW_NUMBER() OVER (ORDER BY amount DESC NULLS LAST, transaction_id) = 1"
            select = f"SELECT * REPLACE (if({first}, amount + 1, amount) AS amount) FROM ({select})"
        make(self, place, select)

    monkeypatch.setattr(clickhouse.ClickHouse, "make", off_by_one)
    few_rows = Company("few", partial(demo.write, tables=few), nasty.settings())
    monkeypatch.setattr("tenure.conformance.company", lambda _name: few_rows)
    said = tenure("conformance", "--engine", "chdb://", "--company", "nasty")
    assert said.code == 1
    (at,) = (n for n, line in enumerate(said.lines) if line.startswith("  DIFFERS payments "))
    here, there = re.findall(r"account_id = ([^,]+), amount = ([\d.]+)", said.lines[at + 1])
    assert (here[0], Decimal(here[1]) + 1) == (there[0], Decimal(there[1]))
    odd = [line for line in said.lines if line.startswith("  DIFFERS ")]
    assert len(odd) > 2, "payments, purchases and what is asked of them"
    assert said.err == f"{len(odd)} differ on ClickHouse.\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("oracle://db/shop",), "'oracle' is not a scheme of an engine"),
        (("postgrse://db/shop",), "Did you mean 'postgres'?"),
        (("snowflake://db/shop",), "Facts are compiled for Snowflake and not run there yet."),
        (("db.example.com",), "'db.example.com' is not an address: write it like postgres://user@host:5432/database."),
        (("postgres://u:secret@db:port/shop",), "'postgres://u:***@db:port/shop' is not an address"),
        (
            ("clickhouse://u:secret@127.0.0.1:1/shop",),
            "clickhouse://u:***@127.0.0.1:1/shop cannot be reached: Connection refused.",
        ),
        (("clickhouse://host.invalid",), "clickhouse://host.invalid cannot be reached: "),
        (("chdb://", "--company", "nsaty"), "Did you mean 'nasty'?"),
        (("chdb://", "--policy", "stirpe"), "Did you mean 'stripe'?"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(words: tuple[str, ...], told: str) -> None:
    assert told in refused("conformance", "--engine", *words)


def test_an_engine_that_is_not_installed_says_how_it_becomes_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "tenure.engines.postgres", raising=False)
    told = refused("conformance", "--engine", "postgres://db/shop")
    assert told == "Postgres needs psycopg, which is not installed: pip install 'tenure[postgres]'."
