"""Rows go to a Postgres server and come back as they were; each fault of it is one sentence, and nothing stays behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from engines.postgres_server import PASSWORD
from surfaces.shell import refused
from tenure.conformance import Company, conform
from tenure.engines import connect
from tenure.engines.types import arrow_schema
from tenure.errors import WarehouseError
from tenure.sources import demo, nasty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engines.postgres_server import Server
    from tenure.engines.engine import Engine


ENVIRON = {"TENURE_WAREHOUSE_PASSWORD": PASSWORD}
COLUMNS = {
    "words": "VARCHAR",
    "props": "JSON",
    "whole": "BIGINT",
    "small": "INTEGER",
    "share": "DOUBLE",
    "is_so": "BOOLEAN",
    "day": "DATE",
    "happened_at": "TIMESTAMP",
    "native": "DECIMAL(18,4)",
    "worth": "DECIMAL(38,14)",
}
ROWS: list[Sequence[object]] = [
    ["", "{}", 0, 0, 0.0, False, date(1900, 1, 2), datetime(1900, 1, 2), Decimal("0.0001"), Decimal("-0.00000000000001")],  # noqa: DTZ001
    ["\\.", '{"a": "\\n"}', 2**63 - 1, -(2**31), 0.1, True, date(2024, 2, 29), datetime(2024, 2, 29, 23, 59, 59, 999999),  # noqa: DTZ001
     Decimal("99999999999999.9999"), Decimal("123456789012345678901234.12345678901234")],
    ["two\n\\.\nlines", None, -(2**63), 2**31 - 1, 1e300, None, date(2199, 12, 31), datetime(2199, 12, 31, 1, 2, 3, 4),  # noqa: DTZ001
     Decimal("-1.5000"), Decimal(0)],
    ['the "best", Ωmega \N{FOX FACE}\ta\\b', '"\\""', 1, 1, -0.5, True, date(2024, 3, 31), datetime(2024, 3, 31, 2, 30),  # noqa: DTZ001
     Decimal("0.0000"), Decimal("1.10000000000000")],
    [None] * 10,
]  # fmt: skip


@pytest.fixture(scope="module")
def engine(postgres: Server) -> Iterator[Engine]:
    opened = connect(postgres.url(), ENVIRON)
    opened.schema("tried")
    yield opened
    opened.drop_schema("tried")
    opened.close()


def table(rows: Sequence[Sequence[object]]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(COLUMNS, row, strict=True)) for row in rows], schema=arrow_schema(COLUMNS))


def test_rows_come_back_as_they_went(engine: Engine) -> None:
    engine.create("tried.rows", COLUMNS)
    engine.insert("tried.rows", table(ROWS))
    back = pa.Table.from_batches(engine.fetch("SELECT * FROM tried.rows", COLUMNS), schema=arrow_schema(COLUMNS))
    assert back.equals(table(ROWS))
    assert engine.columns("tried.rows") == {**COLUMNS, "props": "VARCHAR"}


def test_nothing_comes_back_as_nothing(engine: Engine) -> None:
    engine.create("tried.empty", COLUMNS)
    engine.insert("tried.empty", table(()))
    assert list(engine.fetch("SELECT * FROM tried.empty", COLUMNS)) == []
    (batch,) = engine.fetch("SELECT NULL AS words", {"words": "VARCHAR"})  # an empty line, and a row all the same
    assert batch.to_pylist() == [{"words": None}]


def test_a_large_result_comes_in_pieces(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenure.engines.postgres._BATCH_BYTES", 1_000)
    batches = list(engine.fetch("SELECT n FROM generate_series(1, 1000) AS n", {"n": "BIGINT"}))
    assert len(batches) == 4
    assert pa.Table.from_batches(batches)["n"].to_pylist() == list(range(1, 1001))


def test_texts_are_ordered_by_their_bytes(engine: Engine) -> None:
    """The server's own order would have 'a' before 'B', and the greatest of them another: a ledger of literals too."""
    engine.make("tried.literals", "SELECT 'a' AS words UNION ALL SELECT 'B' UNION ALL SELECT '_' UNION ALL SELECT 'é'")
    cast = engine.cast("CAST(words AS VARCHAR(9))", "VARCHAR")
    for select in (
        "SELECT words FROM tried.literals ORDER BY words",
        f"SELECT {cast} AS words FROM tried.literals ORDER BY 1",
    ):
        (batch,) = engine.fetch(select, {"words": "VARCHAR"})
        assert batch.column("words").to_pylist() == ["B", "_", "a", "é"]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("SELECT * FROM tried.nothing", 'has no such table: relation "tried.nothing" does not exist.'),
        ("CREATE TABLE nowhere.x (a TEXT)", 'has no such schema: schema "nowhere" does not exist.'),
        ("SELECT wrods FROM tried.rows", 'has no such column: column "wrods" does not exist.'),
        (
            "SELECT words + whole FROM tried.rows",
            "has a value of another type: operator does not exist: text + bigint.",
        ),
        ("SELECT CAST('x' AS DATE)", 'has a value that does not fit: invalid input syntax for type date: "x".'),
    ],
)
def test_a_fault_is_one_sentence(engine: Engine, postgres: Server, statement: str, told: str) -> None:
    engine.create("tried.rows", COLUMNS)
    with pytest.raises(WarehouseError) as fault:
        engine.run(statement)
    assert str(fault.value) == f"Postgres at {postgres.url()} {told}".replace("tenure@", "tenure:***@")


def test_a_row_that_does_not_fit_is_refused(engine: Engine) -> None:
    engine.create("tried.numbers", {"n": "BIGINT"})
    with pytest.raises(
        WarehouseError, match='has a value that does not fit: invalid input syntax for type bigint: "y"'
    ):
        engine.insert("tried.numbers", pa.table({"n": ["y"]}))
    with pytest.raises(WarehouseError, match="has a value that does not fit: invalid input syntax for type bigint"):
        list(engine.fetch("SELECT 'x' AS n", {"n": "BIGINT"}))
    engine.run("SELECT 1")  # the connection is as good as before


def test_what_does_not_let_us_in(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """No password is ever told, not even a wrong one."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("TENURE_WAREHOUSE_PASSWORD", "a guess")
    asked = postgres.url()
    told = refused("conformance", "--engine", asked)
    assert told.startswith(
        f'{asked.replace("@", ":***@")} does not let us in: password authentication failed for user "tenure".'
    )
    monkeypatch.setenv("TENURE_WAREHOUSE_PASSWORD", PASSWORD)
    assert 'database "nowhere" does not exist' in refused(
        "conformance", "--engine", asked.replace("/postgres", "/nowhere")
    )
    gone = refused("conformance", "--engine", "postgres://tenure:secret@127.0.0.1:1/shop")
    assert gone == (
        "postgres://tenure:***@127.0.0.1:1/shop cannot be reached: Connection refused."
        " Is the server running there, and may this machine reach it?"
    )
    assert "cannot be reached: failed to resolve host" in refused(
        "conformance", "--engine", "postgres://host.invalid/shop"
    )
    assert 'is not understood: invalid connection option "colour"' in refused(
        "conformance", "--engine", f"{asked}?colour=red"
    )


def test_who_may_not_make_a_schema_is_told_so(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    postgres.sql(f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    told = refused("conformance", "--engine", postgres.url("reader"), "--company", "nasty")
    assert told.endswith("does not permit it: permission denied for database postgres.")
    postgres.sql("DROP ROLE reader")


TABLES = {name: rows for name, rows in nasty.company().items() if name in {"accounts", "subscription_periods"}}
# What becomes of it does not depend on more.
COMPANY = Company("two tables", partial(demo.write, tables=TABLES), nasty.settings())


def schemas(postgres: Server) -> list[str]:
    told = postgres.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenure_conformance%'")
    return [str(name) for (name,) in told]


def test_the_schema_is_gone_after_a_fault_too(postgres: Server) -> None:
    """A statement that the server cuts off is a fault in the middle."""
    engine, seen = connect(postgres.url(), ENVIRON), []

    def cut(name: str, _done: float, _total: float) -> None:
        if name == "item_changes":
            seen.extend(schemas(postgres))
            engine.run("SET statement_timeout = 1")

    with pytest.raises(WarehouseError, match="canceling statement due to statement timeout"):
        conform(engine, COMPANY, step=cut)
    engine.close()
    assert len(seen) == 1
    assert schemas(postgres) == []


def test_the_schema_is_gone_after_the_process_was_ended_too(postgres: Server, tmp_path: Path) -> None:
    """As after Ctrl-C, and it says so."""
    words = ["conformance", "--engine", postgres.url(), "--company", "nasty"]
    running = subprocess.Popen(
        [sys.executable, "-m", "tenure", *words], env={**os.environ, **ENVIRON}, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not schemas(postgres):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < until
        time.sleep(0.05)
    running.terminate()
    said, errors = running.communicate(timeout=60)
    assert (running.returncode, said, errors) == (130, "", "Interrupted: nothing was changed.\n")
    assert schemas(postgres) == []


def test_a_connection_that_breaks_off_says_what_it_leaves(postgres: Server) -> None:
    engine = connect(f"{postgres.url()}?application_name=doomed", ENVIRON)

    def kill(name: str, _done: float, _total: float) -> None:
        if name == "item_changes":
            postgres.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'")

    with pytest.raises(WarehouseError, match="broke off") as fault:
        conform(engine, COMPANY, step=kill)
    engine.close()
    (left,) = schemas(postgres)
    assert str(fault.value).endswith(f"The schema {left} may still be there: drop it by hand.")
    postgres.sql(f"DROP SCHEMA {left} CASCADE")
